package rules

import (
	"fmt"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// numberedField reads a field that numbers the records which agree in others:
//
//	投诉次序: {number_in: [客户, 保单号], by: 受理时间}
func (r *packReader) numberedField(m *mapping, n node, f engine.Field, register string, key, id node) {
	f.Kind = formula.Number
	f.Number = &engine.NumberIn{Since: engine.SinceEver}
	f.Number.Same = r.deliveredFields(n, register)
	if by := m.get("by"); !by.absent() {
		f.Number.By = r.momentField(by, register)
	}
	if w := r.choice(m.get("since"), string(engine.SinceEver), string(engine.SinceYear), string(engine.SincePeriod)); w != "" {
		f.Number.Since = engine.Since(w)
	}
	r.declareField(register, f, key, id)
}

// deliveredFields reads names of fields that stand in the file.
func (r *packReader) deliveredFields(n node, register string) []string {
	var ids []string
	for _, c := range listOrOne(r, n) {
		f := r.fieldNamed(c, register)
		if f == nil {
			continue
		}
		if f.Formula != nil || f.Number != nil {
			r.add(c.report(CodeWrongType, text(fmt.Sprintf("“%s”是计算字段, 这里要用登记中的字段", f.Name), fmt.Sprintf("“%s” is computed, a delivered field is needed here", f.Name)), engine.Text{}))
			continue
		}
		ids = append(ids, f.ID)
	}
	return ids
}

// listOrOne reads a list; a single value counts as a list of one.
func listOrOne(r *packReader, n node) []node {
	if n.isScalar() && !n.isNull() {
		return []node{n}
	}
	return r.list(n, text("一个列表", "a list"))
}

// fieldNamed finds a field of a register by name or id; an unknown one is reported.
func (r *packReader) fieldNamed(n node, register string) *engine.Field {
	w := r.word(n)
	if w == "" || register == "" {
		return nil
	}
	e := r.fields[register].findUnder(w, "fields")
	if e == nil {
		if !r.unsure["registers"] {
			name := r.registerByID(register).Name
			r.add(n.report(CodeUnknownName,
				text(fmt.Sprintf("登记“%s”没有字段“%s”", name, clip(w)), fmt.Sprintf("register “%s” has no field “%s”", name, clip(w))),
				r.suggestion(w, r.fields[register].names("fields"), engine.Text{})))
		}
		return nil
	}
	return r.fieldOf(register, e.symbol.ID)
}

// momentField reads the name of a field that holds a day, with or without a time;
// "" after reporting.
func (r *packReader) momentField(n node, register string) string {
	f := r.fieldNamed(n, register)
	if f == nil {
		return ""
	}
	if f.Kind != formula.Date {
		r.add(n.report(CodeWrongType, text(fmt.Sprintf("“%s”不是日期或时间", f.Name), fmt.Sprintf("“%s” is no date or time", f.Name)),
			text("声明为 kind: time 或 kind: date", "declare it as kind: time or kind: date")))
		return ""
	}
	return f.ID
}

// ownScope is what a register says by itself: its fields, without what time limits
// say of them.
func (r *packReader) ownScope(register string) formula.Scope {
	s := r.fields[register]
	if s == nil {
		s = newNamespace()
	}
	return scope{space: s, kinds: []string{"fields"}}
}
