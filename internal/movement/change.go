package movement

import (
	"kaoping/engine"
	"kaoping/engine/exact"
)

// Part is what one line adds to the difference of two totals.
type Part struct {
	Item, Name    string
	Kind          engine.ItemKind
	Section       string     // id of the outermost container; empty for a line of the total
	Before, After *exact.Num // points; nil if the line had none
	Metric        [2]*exact.Num
	Change        exact.Num   // After less Before, what is nil counting as nothing
	Note          engine.Text // why one side has no points; zero if both have
}

// Change is the difference of two totals with what it is made of. The changes of
// the parts and the Rest add up to Total exactly.
type Change struct {
	Before, After, Total exact.Num
	Parts                []Part // in the order of the form
	Rest                 exact.Num
	RestWhy              engine.Text // zero if Rest is zero
}

// Between takes the difference of two scorecards apart: those of one subject in
// two periods, or of two subjects in one. ok is false if one of them has no total.
func Between(pack *engine.Pack, before, after *engine.Scorecard) (c *Change, ok bool) {
	if pack.Total == nil || before == nil || after == nil || before.Total == nil || after.Total == nil {
		return nil, false
	}
	c = &Change{Before: *before.Total, After: *after.Total, Total: after.Total.Sub(*before.Total)}
	sum := exact.Int(0)
	for _, item := range addends(pack, before, after) {
		p := partOf(item, before, after)
		sum = sum.Add(p.Change)
		c.Parts = append(c.Parts, p)
	}
	c.Rest = c.Total.Sub(sum)
	if !c.Rest.IsZero() {
		c.RestWhy = engine.Text{
			ZH: "封顶、下限、加权合成或取整使合计不等于各项之和",
			EN: "caps, floors, weights or rounding make the total differ from the sum of its lines",
		}
	}
	return c, true
}

// addends lists the lines whose points add up: leaves where their containers are
// plain sums, otherwise the container itself.
func addends(pack *engine.Pack, cards ...*engine.Scorecard) []string {
	var list []string
	seen := map[string]bool{}
	for _, c := range []*engine.Scorecard{cards[1], cards[0]} {
		for i := range c.Lines {
			l := &c.Lines[i]
			if l.Kind == engine.TotalItem || seen[l.Item] || inClosed(pack, c, l) {
				continue
			}
			if open(pack, l) && hasParts(c, l) {
				continue // its parts are listed
			}
			seen[l.Item] = true
			list = append(list, l.Item)
		}
	}
	return list
}

// open reports whether a line is a container that plainly adds up its parts.
func open(pack *engine.Pack, l *engine.Line) bool {
	if l.Kind != engine.SectionItem && l.Kind != engine.GroupItem {
		return false
	}
	it := find(pack.Sections, l.Item)
	return it != nil && it.Combine == engine.PlainSum
}

func hasParts(c *engine.Scorecard, l *engine.Line) bool {
	for i := range c.Lines {
		if c.Lines[i].Parent == l.Item {
			return true
		}
	}
	return false
}

// inClosed reports whether a line stands in a container that does not plainly add
// up: then only the container counts. Deductions that come off the total count in
// any case.
func inClosed(pack *engine.Pack, c *engine.Scorecard, l *engine.Line) bool {
	if pack.Total.DeductionsFromTotal && l.Kind.OfCases() {
		return false
	}
	for range 8 {
		if l.Parent == "" {
			return false
		}
		parent, ok := c.Line(l.Parent)
		if !ok {
			return false
		}
		if !open(pack, parent) {
			return true
		}
		l = parent
	}
	return false
}

func partOf(item string, before, after *engine.Scorecard) Part {
	p := Part{Item: item}
	zero := exact.Int(0)
	was, now := zero, zero
	for i, card := range []*engine.Scorecard{before, after} {
		l, ok := card.Line(item)
		if !ok {
			p.Note = engine.Text{ZH: "一方没有这一项", EN: "one side has no such line"}
			continue
		}
		p.Name, p.Kind, p.Metric[i] = l.Name, l.Kind, l.Metric
		p.Section = outermost(card, l)
		if l.Points == nil {
			p.Note = l.Reason
			continue
		}
		if i == 0 {
			p.Before, was = l.Points, *l.Points
		} else {
			p.After, now = l.Points, *l.Points
		}
	}
	p.Change = now.Sub(was)
	return p
}

func outermost(c *engine.Scorecard, l *engine.Line) string {
	for range 8 {
		parent, ok := c.Line(l.Parent)
		if l.Parent == "" || !ok {
			break
		}
		l = parent
	}
	if l.Kind == engine.SectionItem {
		return l.Item
	}
	return ""
}

func find(items []*engine.Item, id string) *engine.Item {
	for _, it := range items {
		if it.ID == id {
			return it
		}
		if found := find(it.Children, id); found != nil {
			return found
		}
	}
	return nil
}
