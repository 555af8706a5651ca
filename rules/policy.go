package rules

import (
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// policyList reads a policy that depends on the subject: the first line whose
// condition holds.
//
//	if_denominator_zero: [{when: 投诉件数 == 0, then: full points}, {otherwise: no points}]
func (r *packReader) policyList(n node) (engine.Policy, bool) {
	p := engine.Policy{Action: engine.ByCase, Assumption: r.assumed(n.place(), remarked(n))}
	list := r.list(n, text("各种情形", "the cases"))
	p.Cases = make([]engine.PolicyCase, len(list))
	covered := false
	for i, c := range list {
		m := r.mapping(c, text("{when: 条件, then: 办法}", "{when: condition, then: policy}"))
		k := &p.Cases[i]
		if o := m.get("otherwise"); !o.absent() {
			covered = true
			k.Then, _ = r.policy(o)
		} else {
			when := m.need("when", text("条件", "a condition"))
			k.WhenText = strings.TrimSpace(when.value())
			r.condition(when, r.packScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { k.When = e })
			k.Then, _ = r.policy(m.need("then", text("怎么办", "what happens then")))
		}
		if k.Then.Action == engine.ByCase {
			r.add(c.report(CodeWrongType, text("情形里不能再分情形", "cases cannot be nested"), engine.Text{}))
		}
		m.done()
	}
	if !covered && len(list) > 0 {
		r.add(n.report(CodeMissingKey, text("不符合任何条件的没有规定", "nothing is said where no condition holds"), text("最后加一行 - {otherwise: hold}", "add a last line - {otherwise: hold}")))
	}
	return p, true
}

// takeValue reads "take 9999" or "take 2 件/亿元": a value that goes on the scale.
func (r *packReader) takeValue(n node, w string) (engine.Policy, bool) {
	written, ok := strings.CutPrefix(w, "take ")
	if !ok {
		return engine.Policy{}, false
	}
	plain := *n.y
	plain.Value = strings.TrimSpace(written)
	q, ok := r.quantity(n.child(&plain))
	return engine.Policy{Action: engine.TakeValue, Value: q.Value, Assumption: r.assumed(n.place(), remarked(n))}, ok
}
