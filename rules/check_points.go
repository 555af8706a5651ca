package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// checkPoints compares the full points of every container with what it holds,
// separately for each peer group, and of every checklist with its lines.
func checkPoints(r *packReader) {
	if r.totalDraft != nil && len(r.sections) > 0 {
		r.totalDraft.children = r.sections
		r.addUp(r.totalDraft)
	}
	r.eachItem(func(d *itemDraft) {
		if d.Kind == engine.SectionItem || d.Kind == engine.GroupItem {
			r.addUp(d)
		}
		if d.Checklist != nil && d.Checklist.Plain() && d.fullOK && !d.vague {
			r.addUpChecklist(d)
		}
	})
}

// sum is what the parts of a container add up to for one peer group.
type sum struct {
	group engine.PeerGroup
	kind  string // of period; empty if items do not differ by it
	total exact.Num
	parts []string
}

// addUp reports the peer groups for which a container does not add up. Groups
// with the same sum share one message.
func (r *packReader) addUp(d *itemDraft) {
	if d.Combine != engine.PlainSum {
		return // weights count, see checkWeights
	}
	if r.unsure["peer_groups"] || d.Kind == engine.TotalItem && r.unsure["sections"] || d.unsureSum() {
		return
	}
	var wrong []sum
	checked := 0
	for _, g := range r.groups() {
		for _, kind := range r.kindsOfPeriod() {
			s, any := d.sumFor(g, kind)
			if !any {
				continue
			}
			checked++
			if !s.total.Equal(d.FullPoints) {
				wrong = append(wrong, s)
			}
		}
	}
	for len(wrong) > 0 {
		same := []sum{wrong[0]}
		var rest []sum
		for _, s := range wrong[1:] {
			if slices.Equal(s.parts, wrong[0].parts) {
				same = append(same, s)
			} else {
				rest = append(rest, s)
			}
		}
		r.reportSum(d, same, len(same) == checked)
		wrong = rest
	}
}

// unsureSum reports whether a part of a container could not be read.
func (d *itemDraft) unsureSum() bool {
	return !d.fullOK || d.vague || slices.ContainsFunc(d.children, func(c *itemDraft) bool {
		return c.Kind != engine.DeductionItem && (!c.fullOK || c.anyone || c.twoItems)
	})
}

// groups returns the peer groups, or one without a name.
func (r *packReader) groups() []engine.PeerGroup {
	if len(r.pack.PeerGroups) == 0 {
		return []engine.PeerGroup{{}}
	}
	return r.pack.PeerGroups
}

// sumFor adds up the parts that apply to a peer group in a kind of period; false
// if none does. Parts that apply under a condition count: who they do not apply
// to has their points spread over the rest.
func (d *itemDraft) sumFor(g engine.PeerGroup, kind string) (sum, bool) {
	s := sum{group: g, kind: kind}
	if !d.appliesTo(g.ID, kind) {
		return s, false
	}
	for _, c := range d.children {
		if c.Kind != engine.DeductionItem && c.appliesTo(g.ID, kind) {
			s.total = s.total.Add(c.FullPoints)
			s.parts = append(s.parts, c.Name+" "+c.FullPoints.Shortest(6))
		}
	}
	return s, len(s.parts) > 0
}

// appliesTo reports whether anything of an item is scored for a peer group.
func (d *itemDraft) appliesTo(group, kind string) bool {
	switch {
	case !d.inKind(kind):
		return false
	case d.OnlyFor != "" && d.OnlyFor != group:
		return false
	case d.Kind == engine.IndicatorItem:
		return true
	case d.Kind == engine.DeductionItem:
		return false
	}
	return slices.ContainsFunc(d.children, func(c *itemDraft) bool { return c.appliesTo(group, kind) })
}

func (r *packReader) reportSum(d *itemDraft, sums []sum, everybody bool) {
	whose := engine.Text{}
	if !everybody {
		var zh, en []string
		for _, s := range sums {
			z, e := s.group.Title.In(engine.Chinese), s.group.ID
			if s.kind != "" {
				z, e = z+"("+s.kind+")", e+" ("+s.kind+")"
			}
			zh, en = append(zh, z), append(en, e)
		}
		whose = text("对"+strings.Join(zh, "、")+", ", "the "+strings.Join(en, " and ")+" ")
	}
	got, want := sums[0].total.Shortest(6), d.FullPoints.Shortest(6)
	parts := partsName(d)
	what := text(fmt.Sprintf("%s%s的%s合计 %s, 应为 %s", whose.ZH, d.title().ZH, parts.ZH, got, want),
		fmt.Sprintf("%s%s of %s add up to %s, not %s", whose.EN, parts.EN, d.title().EN, got, want))
	r.add(d.fullAt.report(CodePoints, what, enumerated(sums[0].parts, " + ")))
}

// partsName names what a container holds.
func partsName(d *itemDraft) engine.Text {
	switch d.Kind {
	case engine.TotalItem:
		return text("各部分", "sections")
	case engine.SectionItem, engine.GroupItem:
		return text("指标", "indicators")
	}
	return text("检查项", "checklist lines")
}

func (r *packReader) addUpChecklist(d *itemDraft) {
	s := sum{}
	for _, l := range d.Checklist.Lines {
		s.total = s.total.Add(l.Points)
		s.parts = append(s.parts, l.Points.Shortest(6))
	}
	if len(s.parts) > 0 && !s.total.Equal(d.FullPoints) {
		r.reportSum(d, []sum{s}, true)
	}
}
