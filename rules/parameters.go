package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// parameters reads numbers that the method lays down under a name.
//
//	parameters:
//	  及时率底线: {value: {2022-10-01: 80%, 2024-01-01: 85%}, cite: 细则 四(二)3}
//	  规模线: {value: 1亿元, by_group: {life: 5000万元}, assumption: A2}
func (r *packReader) parameters(n node) {
	for _, e := range r.entries(n, text("各个参数", "the parameters")) {
		m := r.open(e, text("一个参数", "a parameter"))
		p := engine.Parameter{Name: e.name, ID: r.id(m, e.name)}
		value := m.need("value", text("值", "its value"))
		q, known := r.quantity(r.dated(value))
		p.Value, p.Unit = q.Value, q.Unit
		r.noUnit[p.ID] = !known
		r.byGroup(m.get("by_group"), &p, known)
		p.Law = r.law(m, e.key)
		m.done()
		r.declare(r.names, &entry{symbol: numberSymbol(p.ID, p.Name, p.Unit), under: "parameters", key: e.key}, m.get("id"))
		r.pack.Parameters = append(r.pack.Parameters, p)
	}
}

// byGroup reads the values of peer groups that have their own.
func (r *packReader) byGroup(n node, p *engine.Parameter, known bool) {
	if n.absent() {
		return
	}
	p.ByGroup = map[string]exact.Num{}
	for _, e := range r.entries(n, text("同业: 值", "peer group: value")) {
		if !slices.ContainsFunc(r.pack.PeerGroups, func(g engine.PeerGroup) bool { return g.ID == e.name }) {
			var ids []string
			for _, g := range r.pack.PeerGroups {
				ids = append(ids, g.ID)
			}
			r.unknownReference(e.key, e.name, text("同业", "peer group"), "peer_groups", ids)
			continue
		}
		q, ok := r.quantity(r.dated(e.value))
		if ok && known && !q.Unit.SameDimension(p.Unit) {
			r.unitMismatch(e.value, q.Unit, p.Unit)
		}
		p.ByGroup[e.name] = q.Value
	}
}

// noteChange remembers a value that changes inside the edition, for people.
func (r *packReader) noteChange(n node, m *mapping) {
	c := engine.Change{Of: keyOnLine(n)}
	c.Line, c.File = n.place().line, n.file.name
	for _, p := range m.pairs {
		if d, err := engine.ParseDate(p.name); err == nil {
			c.Values = append(c.Values, engine.DatedValue{From: d, Value: strings.TrimSpace(p.value.value())})
		}
	}
	slices.SortFunc(c.Values, func(a, b engine.DatedValue) int { return a.From.Compare(b.From) })
	if !slices.ContainsFunc(r.pack.Changes, func(o engine.Change) bool { return o.File == c.File && o.Line == c.Line && o.Of == c.Of }) {
		r.pack.Changes = append(r.pack.Changes, c)
	}
}

// keyOnLine returns the words before the value on its line: which key it is.
func keyOnLine(n node) string {
	p := n.place()
	if p.line < 1 || p.line > len(n.file.lines) {
		return ""
	}
	line := []rune(n.file.lines[p.line-1])
	before := strings.TrimSpace(string(line[:min(max(p.column-1, 0), len(line))]))
	before = strings.TrimLeft(strings.TrimRight(before, ":{ "), "- {")
	if before == "" && p.line > 1 {
		return strings.TrimRight(strings.TrimLeft(strings.TrimSpace(n.file.lines[p.line-2]), "- "), ": ")
	}
	return before
}

// parameters reads parameters back, and what changes inside the edition.
func (n *narrator) parameters() {
	if len(n.pack.Parameters) > 0 {
		n.heading(n.pick("参数", "Parameters"), engine.Law{})
	}
	for _, p := range n.pack.Parameters {
		n.item = p.ID
		text := p.Name + " = " + unit.Quantity{Value: p.Value, Unit: p.Unit}.String()
		for _, g := range n.pack.PeerGroups {
			if x, ok := p.ByGroup[g.ID]; ok {
				text += "; " + n.peerGroup(g.ID) + " " + unit.Quantity{Value: x, Unit: p.Unit}.String()
			}
		}
		n.say(text, p.Law)
	}
	n.item = ""
	if len(n.pack.Changes) == 0 {
		return
	}
	n.heading(n.pick("本版本内改变的值", "Values that change inside this edition"), engine.Law{})
	for _, c := range n.pack.Changes {
		var parts []string
		for _, v := range c.Values {
			parts = append(parts, fmt.Sprintf(n.pick("自 %s 起 %s", "from %s %s"), v.From, v.Value))
		}
		n.remark(fmt.Sprintf(n.pick("第 %d 行 %s: ", "line %d, %s: "), c.Line, c.Of) + strings.Join(parts, "; "))
	}
}
