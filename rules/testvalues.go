package rules

import (
	"fmt"
	"strconv"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// period reads 2023H1, 2023, or a year with the name of a kind of period: 2023
// annual. Without one it takes the first that the edition scores.
func (r *testReader) period(n node) engine.Period {
	if n.absent() {
		return firstPeriod(r.pack)
	}
	w := r.word(n)
	p, ok := r.periodNamed(w)
	switch {
	case w == "":
	case !ok:
		r.add(n.report(CodeWrongType, text("“"+clip(w)+"”不是统计期间", "“"+clip(w)+"” is not a period"),
			text("写成 2023, 2023H1, 2023Q2, 2023-06 或 2023 "+kindIDs(r.pack), "write 2023, 2023H1, 2023Q2, 2023-06 or 2023 "+kindIDs(r.pack))))
	case !r.pack.Effective.Covers(p):
		e := r.pack.Effective
		r.add(n.report(CodePeriod, text(fmt.Sprintf("%s 不在本版本的有效期内", p), fmt.Sprintf("this edition does not score %s", p)),
			text(fmt.Sprintf("有效期 %s 至 %s", e.From, e.Until), fmt.Sprintf("it is in force from %s to %s", e.From, e.Until))))
	}
	return p
}

func (r *testReader) periodNamed(w string) (engine.Period, bool) {
	if p, err := engine.ParsePeriod(w); err == nil {
		return p, true
	}
	year, kind, _ := strings.Cut(w, " ")
	for _, k := range r.pack.Periods {
		if k.ID == strings.TrimSpace(kind) {
			return periodOfKind(year, k)
		}
	}
	return engine.Period{}, false
}

func kindIDs(p *engine.Pack) string {
	var ids []string
	for _, k := range p.Periods {
		ids = append(ids, k.ID)
	}
	return strings.Join(ids, " | ")
}

// firstPeriod is the first period that the edition scores.
func firstPeriod(p *engine.Pack) engine.Period {
	year := max(p.Effective.From.Year, p.Edition.Year)
	for y := year; y <= year+2; y++ {
		for _, k := range p.Periods {
			if q, ok := periodOfKind(strconv.Itoa(y), k); ok && p.Effective.Covers(q) {
				return q
			}
		}
	}
	return engine.Period{First: p.Effective.From, Last: p.Effective.From}
}

// measured reads a number with its unit and returns it in base units. A bare
// number has the unit that is expected.
func (r *testReader) measured(n node, want unit.Unit) (exact.Num, bool) {
	q, ok := r.quantity(n)
	switch {
	case !ok:
		return exact.Num{}, false
	case q.Unit.SameDimension(want):
		return q.Value, true
	case q.Unit.IsBare():
		return want.From(q.Value), true
	}
	r.wrongUnit(n, q.Unit, want)
	return exact.Num{}, false
}

func (r *testReader) wrongUnit(n node, got, want unit.Unit) {
	r.add(n.report(CodeUnit,
		text(fmt.Sprintf("单位不符: 写的是 %s, 应为 %s", got, unitName(want).ZH), fmt.Sprintf("the unit is %s, expected %s", got, unitName(want).EN)),
		engine.Text{}))
}

func unitName(u unit.Unit) engine.Text {
	if u.String() == "" {
		return text("没有单位的数", "a plain number")
	}
	return text(u.String(), u.String())
}

// value reads a value of a declared kind.
func (r *testReader) value(n node, k formula.Kind, u unit.Unit, options []string) (formula.Value, bool) {
	switch k {
	case formula.Number:
		x, ok := r.measured(n, u)
		return formula.Value{Num: x}, ok
	case formula.Bool:
		return r.yesOrNo(n)
	case formula.Date:
		d, ok := r.date(n)
		return formula.Value{Num: exact.Int(d.DayNumber())}, ok
	}
	w := r.word(n)
	if w == "" {
		return formula.Value{}, false
	}
	if len(options) > 0 {
		w = r.choice(n, options...)
	}
	return formula.Value{Text: w}, w != ""
}

func (r *testReader) yesOrNo(n node) (formula.Value, bool) {
	switch w := r.choice(n, "yes", "no", "是", "否", "true", "false"); w {
	case "":
		return formula.Value{}, false
	default:
		return formula.Value{Bool: w == "yes" || w == "是" || w == "true"}, true
	}
}

// isNothing reports whether a cell says that there is no value.
func isNothing(n node) bool {
	switch n.value() {
	case "空", "none", "missing":
		return true
	}
	return n.isNull() || n.isScalar() && n.value() == ""
}

// cutBrackets parts 保费收入(万元) into its name and what stands in brackets.
func cutBrackets(s string) (name, inner string, ok bool) {
	s = strings.NewReplacer("（", "(", "）", ")").Replace(s)
	name, inner, ok = strings.Cut(strings.TrimSpace(s), "(")
	inner, closed := strings.CutSuffix(inner, ")")
	return strings.TrimSpace(name), inner, ok && closed
}

// writtenDecimals counts the decimals of a number as written: 4 in -9.0909%.
func writtenDecimals(s string) int {
	s = strings.ReplaceAll(s, "．", ".")
	_, part, ok := strings.Cut(s, ".")
	if !ok {
		return 0
	}
	n := 0
	for n < len(part) && part[n] >= '0' && part[n] <= '9' {
		n++
	}
	return n
}
