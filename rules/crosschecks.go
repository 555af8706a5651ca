package rules

import (
	"kaoping/engine"
	"kaoping/engine/formula"
)

// readCrossChecks reads the conditions that delivered figures must meet.
func (r *packReader) readCrossChecks(n node) {
	r.ruleHeads(n, "check", text("一项数据核对", "a cross-check"), func(h *ruleHead) {
		c := engine.CrossCheck{ID: h.id, Name: h.name, Law: h.law}
		holds, applies := h.m.need("holds", text("应成立的条件", "the condition that must hold")), h.m.get("applies_when")
		c.Refuse = r.choice(h.m.get("if_broken"), "warn", "refuse") == "refuse"
		i, options := len(r.pack.CrossChecks), formula.Options{Shifts: true, Groups: true}
		r.condition(holds, r.deliveredScope, options, func(e *formula.Expr) { r.pack.CrossChecks[i].Holds = e })
		r.condition(applies, r.deliveredScope, options, func(e *formula.Expr) { r.pack.CrossChecks[i].AppliesWhen = e })
		r.pack.CrossChecks = append(r.pack.CrossChecks, c)
	})
}

// deliveredScope is what cross-checks may use: figures and what is computed from
// them, but no points.
func (r *packReader) deliveredScope() formula.Scope {
	return scope{space: r.names, kinds: []string{"statistics", "attributes", "metrics", "benchmarks", "parameters"}}
}

// crossChecks reads the cross-checks back.
func (n *narrator) crossChecks() {
	if len(n.pack.CrossChecks) > 0 {
		n.heading(n.pick("数据核对", "Cross-checks"), engine.Law{})
	}
	for i := range n.pack.CrossChecks {
		c := &n.pack.CrossChecks[i]
		n.item = c.ID
		n.say(n.crossCheck(c), c.Law)
	}
	n.item = ""
}

func (n *narrator) crossCheck(c *engine.CrossCheck) string {
	text := c.Name + ": "
	if c.AppliesWhen != nil {
		text += n.formula(c.AppliesWhen.Source()) + n.pick(" 的, ", ": ")
	}
	text += n.pick("应有 ", "it must hold that ") + n.formula(c.Holds.Source())
	if c.Refuse {
		return text + n.pick("; 不符的数据不予入库", "; data that break it are refused")
	}
	return text + n.pick("; 不符的提示核实", "; data that break it are loaded with a warning")
}
