package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// shareOf reads a share between 0 and 1: 20%.
func (r *packReader) shareOf(n node) exact.Num {
	if n.absent() {
		return exact.Num{}
	}
	x, ok := r.number(n)
	if ok && (x.Sign() < 0 || x.Cmp(exact.Int(1)) > 0) {
		r.add(n.report(CodeWrongType, text("比例应在 0% 到 100% 之间", "a share lies between 0% and 100%"), text("例如 20%", "for example 20%")))
	}
	return x
}

// readPersons reads how a register lists the staff.
func (r *packReader) readPersons(n node) {
	m := r.mapping(n, text("人员名册", "the staff register"))
	at := m.need("register", text("登记的名称", "the name of a register"))
	p := &engine.Persons{Register: r.register(at, r.word(at)), Law: r.law(m, r.keys["persons"])}
	code := m.need("code", text("工号的字段", "the field with the person's code"))
	p.Code = r.textField(code, p.Register)
	p.Name, p.Leader = r.textField(m.get("name"), p.Register), r.textField(m.get("leader"), p.Register)
	p.Unit, p.Role = r.textField(m.get("unit"), p.Register), r.textField(m.get("role"), p.Register)
	p.Deputy = r.textField(m.get("deputy"), p.Register)
	if until := m.get("until"); !until.absent() && p.Register != "" {
		p.Until = r.momentField(until, p.Register)
	}
	p.Roles = r.words(m.get("roles"))
	absent := m.get("absent_when")
	m.done()
	if p.Register != "" {
		r.condition(absent, func() formula.Scope { return r.ownScope(p.Register) }, formula.Options{}, func(e *formula.Expr) { p.Absent = e })
	}
	r.pack.Records.Persons = p
}

// textField reads the name of a field that holds a text.
func (r *packReader) textField(n node, register string) string {
	if n.absent() {
		return ""
	}
	f := r.fieldNamed(n, register)
	if f == nil {
		return ""
	}
	if f.Kind != formula.Text {
		r.add(n.report(CodeWrongType, text(fmt.Sprintf("“%s”不是文字字段", f.Name), fmt.Sprintf("“%s” is no text field", f.Name)), engine.Text{}))
	}
	return f.ID
}

// readPenalties reads what follows for persons.
func (r *packReader) readPenalties(n node) {
	r.ruleHeads(n, "penalty", text("一项处罚规定", "a penalty"), func(h *ruleHead) {
		r.ofRegister(h, h.m)
		p := engine.Penalty{ID: h.id, Name: h.name, Register: h.register, Law: h.law, Several: engine.Highest}
		several := h.m.get("when_several")
		if w := r.choice(several, string(engine.Highest), string(engine.AddUp), string(engine.FirstLine), "取最高", "累加", "只取第一项"); w != "" {
			p.Several = map[string]engine.SeveralRule{"取最高": engine.Highest, "累加": engine.AddUp, "只取第一项": engine.FirstLine}[w]
			if p.Several == "" {
				p.Several = engine.SeveralRule(w)
			}
		}
		cases := h.m.need("cases", text("各种情形", "the cases"))
		lines := r.list(cases, text("各种情形的列表", "the list of cases"))
		if several.absent() && len(lines) > 1 && h.m.node.isMap() {
			h.m.need("when_several", text("几项都符合时怎么办: highest, add up 或 first line", "what happens if several lines fit: highest, add up or first line"))
		}
		i := len(r.pack.Records.Penalties)
		sc := func() formula.Scope { return r.fieldScope(h.register) }
		if h.register == "" {
			sc = nil
		}
		r.condition(h.where, sc, formula.Options{}, func(e *formula.Expr) { r.pack.Records.Penalties[i].Where = e })
		p.Cases = make([]engine.PenaltyCase, len(lines))
		for at, c := range lines {
			r.penaltyCase(c, &p.Cases[at], h.register, sc)
		}
		r.pack.Records.Penalties = append(r.pack.Records.Penalties, p)
	})
}

// penaltyCase reads {when: condition, measures: […]}.
func (r *packReader) penaltyCase(n node, c *engine.PenaltyCase, register string, sc func() formula.Scope) {
	m := r.mapping(n, text("一种情形", "a case of a penalty"))
	when := m.get("when")
	c.Law = r.law(m, n)
	c.WhenText = when.value()
	r.condition(when, sc, formula.Options{}, func(e *formula.Expr) { c.When = e })
	list := r.list(m.need("measures", text("对谁怎样处理", "who gets what")), text("对谁怎样处理的列表", "the list of measures"))
	c.Measures = make([]engine.Measure, len(list))
	for i, one := range list {
		r.measure(one, &c.Measures[i], register, sc)
	}
	m.done()
}

var plainAmount = regexp.MustCompile(`^\s*[0-9][0-9,]*(\.[0-9]+)?\s*$`)

// measure reads {who: 责任人, yuan: 50, measure: 提醒}.
func (r *packReader) measure(n node, x *engine.Measure, register string, sc func() formula.Scope) {
	m := r.mapping(n, text("一项处理", "a measure"))
	who, yuan := m.need("who", text("对谁", "whom")), m.get("yuan")
	x.What = m.word("measure")
	if m.node.isMap() && yuan.absent() && x.What == "" {
		r.add(m.place().report(CodeMissingKey, text("没有写明怎样处理", "nothing says what happens"), text("写 yuan: 50 或 measure: 提醒", "write yuan: 50 or measure: reminder")))
	}
	m.done()
	x.Who = r.relation(who, register)
	if sc == nil || yuan.absent() {
		return
	}
	money, err := unit.Parse("元")
	if err != nil {
		return
	}
	if plainAmount.MatchString(yuan.value()) { // 50 is 50元
		y := *yuan.y
		y.Value = strings.TrimSpace(y.Value) + "元"
		yuan = yuan.child(&y)
	}
	r.quantityFormula(yuan, money, true, sc, formula.Options{}, func(e *formula.Expr) { x.Yuan = e })
}

// relation reads who is meant: a field of the register with a person's code, the
// leader of one, or a role.
func (r *packReader) relation(n node, register string) engine.Relation {
	w := r.word(n)
	out := engine.Relation{Text: w}
	if w == "" || register == "" {
		return out
	}
	p := r.pack.Records.Persons
	if p == nil {
		if !r.unsure["persons"] {
			r.add(n.report(CodeMissingKey, text("要找到人, 需要人员名册", "to find a person there must be a staff register"), text("在顶层写 persons: {register: 人员名册, code: 工号, …}", "write persons: {register: …, code: …} at the top level")))
		}
		return out
	}
	name := w
	for {
		short, zh := strings.CutSuffix(name, "的直接领导")
		rest, en := strings.CutPrefix(short, "leader of ")
		if !zh && !en {
			break
		}
		name = strings.TrimSpace(rest)
		out.Up++
		if zh && en {
			out.Up++
		}
	}
	if out.Up > 0 && p.Leader == "" {
		r.add(n.report(CodeMissingKey, text("人员名册没有写明直接领导在哪个字段", "the staff register does not say which field names the leader"), text("在 persons 里加 leader: 字段", "add leader: field to persons")))
	}
	if slices.Contains(p.Roles, name) && out.Up == 0 {
		out.Role = name
		if p.Role == "" {
			r.add(n.report(CodeMissingKey, text("人员名册没有写明岗位在哪个字段", "the staff register does not say which field holds the role"), text("在 persons 里加 role: 字段", "add role: field to persons")))
		}
		return out
	}
	f := r.fields[register].findUnder(name, "fields")
	if f == nil {
		known := append(r.fields[register].names("fields"), p.Roles...)
		r.add(n.report(CodeUnknownName,
			text(fmt.Sprintf("“%s”既不是登记的字段, 也不是 persons 的 roles 中的岗位", clip(name)), fmt.Sprintf("“%s” is neither a field of the register nor one of the roles of persons", clip(name))),
			r.suggestion(name, known, engine.Text{})))
		return out
	}
	out.Field = f.symbol.ID
	if f.symbol.Kind != formula.Text {
		r.add(n.report(CodeWrongType, text(fmt.Sprintf("“%s”不是文字字段, 不能是工号", name), fmt.Sprintf("“%s” is no text field and holds no person's code", name)), engine.Text{}))
	}
	return out
}
