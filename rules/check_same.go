package rules

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// checkAlwaysSame warns about indicators that can only give full points, or none,
// and about deductions that never take anything off.
func checkAlwaysSame(r *packReader) {
	r.eachItem(func(d *itemDraft) {
		switch {
		case d.Kind == engine.DeductionItem:
			r.neverTakesOff(d)
		case d.Kind == engine.IndicatorItem && d.fullOK && !d.FullPoints.IsZero():
			r.alwaysSame(d, d.possible(r))
		}
	})
}

func (r *packReader) neverTakesOff(d *itemDraft) {
	lines, costs := d.Cases.Lines, func(l engine.CaseLine) bool { return !l.Points.IsZero() }
	at := d.m.get("points_per_case")
	if len(lines) == 0 || at.absent() || slices.ContainsFunc(lines, costs) || d.vague {
		return
	}
	r.add(d.m.keyNode("points_per_case").report(CodeAlwaysNone,
		text("每一行都扣 0 分, 这个扣分项从不扣分", "every line takes off 0 points, so nothing is ever taken off"),
		text("写上每件扣几分", "say what each case costs")))
}

func (r *packReader) alwaysSame(d *itemDraft, points []exact.Num) {
	all := func(want exact.Num) bool {
		return len(points) > 0 && !slices.ContainsFunc(points, func(x exact.Num) bool { return !x.Equal(want) })
	}
	at := d.scoreAt
	if at.absent() {
		at = d.key
	}
	switch {
	case all(d.FullPoints):
		r.add(at.report(CodeAlwaysFull,
			text("无论计算值是多少都得满分", "every value gets full points"), text("检查各档的分值和两端", "look at the points of the bands and at the ends")))
	case all(exact.Num{}):
		r.add(at.report(CodeAlwaysNone,
			text("无论计算值是多少都得 0 分", "every value gets 0 points"), text("检查各档的分值和两端", "look at the points of the bands and at the ends")))
	}
}

// possible lists points that between them say all the scale can give; nothing
// where that is not known.
func (d *itemDraft) possible(r *packReader) []exact.Num {
	s := d.scale
	if c := d.Checklist; c != nil {
		return gradesOf(c)
	}
	if s == nil {
		return nil
	}
	if x, ok := d.constantMetric(r); ok && s.Form == engine.StraightLine {
		return s.atConstant(x, d.FullPoints)
	}
	var out []exact.Num
	switch s.Form {
	case engine.Bands:
		for _, b := range s.bands {
			if !b.ok && !b.band.Otherwise {
				return nil
			}
			out = append(out, b.band.Points)
		}
	case engine.Anchors:
		for i, a := range s.anchors {
			if !a.ok {
				return nil
			}
			out = append(out, s.Scale.Anchors[i].Points)
		}
	}
	return out
}

func gradesOf(c *engine.Checklist) []exact.Num {
	var out []exact.Num
	for _, g := range c.Grades {
		out = append(out, g.Points)
	}
	return out
}

// constantMetric returns the value of a metric whose formula uses no data.
func (d *itemDraft) constantMetric(r *packReader) (exact.Num, bool) {
	e := r.formulaOf(d.Metric)
	if e == nil || len(e.Refs()) > 0 || e.UsesCalendar() {
		return exact.Num{}, false
	}
	c, err := formula.Eval(e, formula.Input{Rows: 1})
	if err != nil || c.At(0).Status != formula.OK {
		return exact.Num{}, false
	}
	return c.At(0).Num, true
}

// atConstant returns what a straight line between two numbers gives at x, as far
// as that is all or nothing.
func (s *scaleDraft) atConstant(x, full exact.Num) []exact.Num {
	if s.fullAt == nil || s.noneAt == nil || s.CompareWith != "" || s.fullAt.Benchmark != "" || s.noneAt.Benchmark != "" {
		return nil
	}
	up := s.fullAt.Value.Cmp(s.noneAt.Value) // where full points lie
	switch {
	case up == 0:
		return nil
	case x.Cmp(s.fullAt.Value)*up >= 0:
		return []exact.Num{full}
	case x.Cmp(s.noneAt.Value)*up <= 0:
		return []exact.Num{{}}
	}
	return nil
}
