package engine

import (
	"slices"

	"kaoping/engine/exact"
)

// round rounds points where the pack rounds each indicator before adding up.
func (p *Pack) roundPoints(n exact.Num) exact.Num {
	if p.Rounding.RoundPoints && !p.Rounding.PointsAtTotal {
		return p.Rounding.Points.Of(n)
	}
	return n
}

// roundTotal rounds a total where the pack rounds it.
func (p *Pack) roundTotal(n exact.Num) exact.Num {
	switch {
	case p.Rounding.Total != nil:
		return p.Rounding.Total.Of(n)
	case p.Rounding.RoundPoints && p.Rounding.PointsAtTotal:
		return p.Rounding.Points.Of(n)
	}
	return n
}

// roundSection rounds the sum of a section where the pack does.
func (p *Pack) roundSection(o *outcome) {
	if r := p.Rounding.Sections; r != nil && o.item.Kind == SectionItem {
		o.points = r.Of(o.points)
	}
}

// settle works out the final points of an item whose full points are in force:
// spread, rounded, added up, not below the floor.
func (p *Pack) settle(o *outcome) {
	for _, c := range o.children {
		p.settle(c)
	}
	o.together()
	switch o.item.Kind {
	case SectionItem, GroupItem:
		p.settleContainer(o)
	case DeductionItem:
		if o.status == Scored {
			o.points = p.roundPoints(o.earned)
			o.cap()
			o.reason = reasonCases(o)
		}
	default:
		if o.status == Scored {
			o.points = p.roundPoints(o.earned.Mul(o.growth()))
			if o.granted && !o.points.Equal(o.earned) {
				o.reason = reasonGrown(o.reason, o.points)
			}
			o.notWorse()
		}
	}
}

func (p *Pack) settleContainer(o *outcome) {
	if o.status == LeftOut && o.item.Kind == SectionItem && !o.excused {
		o.status, o.reason, o.full = NotComputable, reasonSectionEmpty(o.item.Name), o.item.FullPoints
	}
	if o.status != Scored {
		return
	}
	parts := p.partsOf(o)
	if o.status, o.reason = worstOf(parts); o.status != Scored {
		return
	}
	o.points = combined(o.item.Combine, parts)
	o.floor(o.item.NotBelow)
	p.roundSection(o)
	o.reason = o.sumReason(parts)
	o.notWorse()
}

// partsOf returns what a section or group is the sum of. Deductions that come
// off the total are listed in their section but do not count there; those of a
// group that is left out count in what holds the group.
func (p *Pack) partsOf(o *outcome) []*outcome {
	var parts []*outcome
	for _, c := range o.children {
		switch {
		case c.item.Kind != DeductionItem:
			parts = append(parts, c)
			if c.status == LeftOut && !p.deductsFromTotal() {
				parts = append(parts, deductionsIn(c.children)...)
			}
		case !p.deductsFromTotal():
			parts = append(parts, c)
		}
	}
	return parts
}

// sumReason says of how many parts a sum is, and whether the floor lifted it.
func (o *outcome) sumReason(parts []*outcome) Text {
	n := 0
	for _, c := range parts {
		if c.status == Scored {
			n++
		}
	}
	return reasonSum(n, o.uncapped != nil, o.item.NotBelow)
}

func sumOf(parts []*outcome) exact.Num {
	var sum exact.Num
	for _, c := range parts {
		if c.status == Scored {
			sum = sum.Add(c.points)
		}
	}
	return sum
}

func (p *Pack) deductsFromTotal() bool { return p.Total != nil && p.Total.DeductionsFromTotal }

// cap keeps a deduction within the most that may be taken off, also where
// rounding would go beyond it, and keeps the raw sum.
func (o *outcome) cap() {
	if most := o.item.AtMost; o.item.Adds && most != nil && o.points.Cmp(*most) > 0 {
		raw := o.earned
		o.uncapped, o.points = &raw, *most
		return
	}
	if o.item.Adds {
		return
	}
	if most := o.item.AtMost; most != nil && o.points.Neg().Cmp(*most) > 0 {
		raw := o.earned
		o.uncapped, o.points = &raw, most.Neg()
	}
}

// floor lifts the points to the least that the pack allows and keeps the raw sum.
func (o *outcome) floor(least *exact.Num) {
	if least != nil && o.points.Cmp(*least) < 0 {
		raw := o.points
		o.uncapped, o.points = &raw, *least
	}
}

// worstOf returns Scored if every part is scored or left out. Otherwise it says
// which parts are not: one that can never be computed weighs more than one that
// waits for a figure.
func worstOf(parts []*outcome) (Status, Text) {
	status := Scored
	var names []string
	for _, c := range parts {
		switch {
		case c.status == NotComputable && status != NotComputable:
			status, names = NotComputable, []string{c.item.Name}
		case c.status == Held && status == Scored, c.status == status && status != Scored:
			status, names = c.status, append(names, c.item.Name)
		}
	}
	if status == Scored {
		return Scored, Text{}
	}
	return status, reasonParts(status, names)
}

// total adds the sections up. Its children are the sections.
func (p *Pack) total(sections []*outcome) *outcome {
	t := p.Total
	sections = exempted(t.Combine, sections)
	o := &outcome{
		item:     &Item{Kind: TotalItem, ID: idTotal, Name: p.totalName(), FullPoints: t.FullPoints, NotBelow: t.NotBelow, Combine: t.Combine, Law: t.Law},
		status:   Scored,
		full:     t.FullPoints,
		children: sections,
	}
	parts := p.partsOfTotal(sections)
	if o.status, o.reason = worstOf(parts); o.status != Scored {
		return o
	}
	if o.enough(t.AtLeastScored); o.status != Scored {
		return o
	}
	if t.Combine != PlainSum && len(o.weighed()) == 0 || t.Combine == PlainSum && allLeftOut(sections) {
		o.status, o.reason = NotComputable, reasonSectionEmpty(o.item.Name)
		return o
	}
	o.points = combined(t.Combine, parts)
	o.floor(t.NotBelow)
	unrounded := o.points
	o.exactly = &unrounded
	o.points = p.roundTotal(o.points)
	o.reason = o.sumReason(parts)
	return o
}

// allLeftOut reports whether no section is left to be added up.
func allLeftOut(sections []*outcome) bool {
	return !slices.ContainsFunc(sections, func(o *outcome) bool { return o.status != LeftOut })
}

// partsOfTotal returns what the total stands or falls with.
func (p *Pack) partsOfTotal(sections []*outcome) []*outcome {
	if !p.deductsFromTotal() {
		return sections
	}
	return append(append([]*outcome{}, sections...), deductionsIn(sections)...)
}

func deductionsIn(items []*outcome) []*outcome {
	var out []*outcome
	for _, o := range items {
		if o.item.Kind == DeductionItem {
			out = append(out, o)
		}
		out = append(out, deductionsIn(o.children)...)
	}
	return out
}

func (p *Pack) totalName() string {
	if p.Title.ZH == "" {
		return "Total"
	}
	return "总分"
}

// together applies the caps that several deductions, or additions, share: the
// last of them give way.
func (o *outcome) together() {
	for _, c := range o.item.Caps {
		left := c.AtMost
		for _, d := range deductionsIn(o.children) {
			if !slices.Contains(c.Of, d.item.ID) || d.status != Scored {
				continue
			}
			if d.points.Abs().Cmp(left) > 0 {
				raw := d.points
				d.uncapped, d.points = &raw, left
				if !d.item.Adds {
					d.points = left.Neg()
				}
				d.reason = reasonTogether(c, d)
			}
			left = left.Sub(d.points.Abs())
		}
	}
}
