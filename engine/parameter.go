package engine

import "kaoping/engine/formula"

// of returns the parameter as it holds for a member: the value of its peer group,
// or the one for all.
func (d *Parameter) of(p *Pack, m *member) formula.Value {
	if g := int(m.group); d.ByGroup != nil && g < len(p.PeerGroups) {
		if x, ok := d.ByGroup[p.PeerGroups[g].ID]; ok {
			return formula.Value{Num: x}
		}
	}
	return formula.Value{Num: d.Value}
}
