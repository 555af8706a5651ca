package rules

import (
	"fmt"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// problem reports a mistake in a formula at its place in the file.
func (r *packReader) problem(n node, p formula.Problem, s formula.Scope) {
	if p.Code == CodeUnknownName && r.namesUnsure() {
		return
	}
	d := n.part(p.Offset, p.Length).report(p.Code, text(p.ZH, p.EN), text(p.HintZH, p.HintEN))
	if p.Code == CodeUnknownName {
		if hint := r.nameHint(cut(n.y.Value, p.Offset, p.Length), s); !hint.IsZero() {
			d.Hint = hint
		}
	}
	r.add(d)
}

// namesUnsure reports whether names that formulas use may have been declared where
// they could not be read.
func (r *packReader) namesUnsure() bool {
	for _, key := range []string{"statistics", "metrics", "benchmarks", "parameters", "attributes", "registers"} {
		if r.unsure[key] {
			return true
		}
	}
	return false
}

// cut returns length characters from offset on.
func cut(s string, offset, length int) string {
	r := []rune(s)
	from := min(max(offset, 0), len(r))
	return string(r[from:min(from+max(length, 0), len(r))])
}

// nameHint suggests what an unknown name may have meant, with its place, or says
// why a name that exists cannot be used here.
func (r *packReader) nameHint(name string, s formula.Scope) engine.Text {
	if e := r.names.find(name); e != nil && e.hidden {
		return text("这个基准随被评分的指标而变, 只能写在评分办法里", "this benchmark depends on the metric being scored: it can be used in scales only")
	}
	if _, ok := s.Lookup(name); ok {
		return text("公式里不能写以数字开头的名称: 给它一个 id, 在公式里写 id", "a formula cannot read a name that begins with a digit: give it an id and write that")
	}
	if r.spent() {
		return engine.Text{}
	}
	if near := r.nearest(name, s.Names()); near != "" {
		where := ""
		if e := r.entryOf(s, near); e != nil && !e.key.absent() {
			w := whereIs(e)
			return text(fmt.Sprintf("是否为 %s (%s)?", near, w.ZH), fmt.Sprintf("did you mean %s (%s)?", near, w.EN))
		}
		return text("是否为 "+near+" ?"+where, "did you mean "+near+"?"+where)
	}
	if e := r.names.find(name); e != nil {
		w := whereIs(e)
		return text("这里不能用 "+name+" ("+w.ZH+")", name+" ("+w.EN+") cannot be used here")
	}
	return engine.Text{}
}

// entryOf finds the declaration behind a name of a scope.
func (r *packReader) entryOf(s formula.Scope, name string) *entry {
	switch s := s.(type) {
	case scope:
		return s.space.find(name)
	case bothScopes:
		if e := r.entryOf(s[0], name); e != nil {
			return e
		}
		return r.entryOf(s[1], name)
	}
	return nil
}

// condition asks for a formula that is true or false. Without a scope, because the
// register is not known, nothing is checked.
func (r *packReader) condition(n node, sc func() formula.Scope, opt formula.Options, use func(*formula.Expr)) {
	if sc == nil {
		return
	}
	r.formulaAt(n, sc, opt, func(e *formula.Expr) {
		if e.Kind() != formula.Bool {
			r.add(n.report(CodeFormula,
				text("这里要的是条件 (是或否), 公式得出的是"+kindText(e.Kind()).ZH, "a condition is needed here, the formula gives "+kindText(e.Kind()).EN),
				text("例如 人数 >= 50", "for example persons >= 50")))
			return
		}
		r.conditions = append(r.conditions, readCondition{n, e, sc()})
		use(e)
	})
}

// kindText names a kind of value.
func kindText(k formula.Kind) engine.Text {
	switch k {
	case formula.Text:
		return text("文字", "a text")
	case formula.Bool:
		return text("是或否", "yes or no")
	case formula.Date:
		return text("日期", "a date")
	}
	return text("数字", "a number")
}

// quantityFormula asks for a formula that gives a number in a unit of the same
// dimension.
func (r *packReader) quantityFormula(n node, u unit.Unit, known bool, sc func() formula.Scope, opt formula.Options, use func(*formula.Expr)) {
	r.formulaAt(n, sc, opt, func(e *formula.Expr) {
		if e.Kind() != formula.Number {
			r.add(n.report(CodeFormula,
				text("公式应得出数字, 实际得出"+kindText(e.Kind()).ZH, "the formula should give a number, it gives "+kindText(e.Kind()).EN), engine.Text{}))
			return
		}
		if known {
			for _, p := range e.Want(u) {
				r.problem(n, p, sc())
				return
			}
		}
		use(e)
	})
}

// packScope is what formulas about a subject may use.
func (r *packReader) packScope() formula.Scope {
	return bothScopes{scope{space: r.names}, scoredScope{r: r}}
}

// subjectScope is what conditions on taking part may use.
func (r *packReader) subjectScope() formula.Scope {
	return scope{space: r.names, kinds: []string{"statistics", "attributes"}}
}

// fieldScope is what conditions on the records of a register may use.
func (r *packReader) fieldScope(register string) formula.Scope {
	s := r.fields[register]
	if s == nil {
		s = newNamespace()
	}
	return scope{space: s}
}
