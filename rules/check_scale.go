package rules

import (
	"fmt"

	"kaoping/engine"
	"kaoping/engine/unit"
)

// checkScales looks at every scale by itself, and at every indicator with its
// scale.
func checkScales(r *packReader) {
	seen := map[*scaleDraft]bool{}
	visit := func(s *scaleDraft) {
		if s != nil && !seen[s] {
			seen[s] = true
			r.checkStraight(s)
			r.checkAnchors(s)
		}
	}
	for _, s := range r.scales {
		visit(s)
	}
	r.eachItem(func(d *itemDraft) {
		visit(d.scale)
		if d.scale != nil && d.Metric != "" {
			r.checkScaleUse(d)
		}
	})
}

// checkStraight looks at the two ends of a straight line.
func (r *packReader) checkStraight(s *scaleDraft) {
	full, none := s.fullAt, s.noneAt
	if full == nil || none == nil || !full.ok || !none.ok {
		return
	}
	fromData := full.Benchmark != "" || none.Benchmark != ""
	switch {
	case full.Benchmark == none.Benchmark && full.Value.Equal(none.Value):
		r.add(none.at.report(CodeNoLength,
			text("零分点与满分点相同, 都是 "+full.Text, "no points and full points are at the same value, "+full.Text),
			text("两点要不同, 其间才能按直线计算", "the two must differ for a line to lie between them")))
	case fromData && s.betterAt.absent():
		r.add(full.at.report(CodeMissingKey,
			text("端点取自数据时要写明方向: 缺少 better", "ends that come from the data need a direction: better is missing"),
			text("better: lower (越小越好) 或 higher (越大越好)", "better: lower or better: higher")))
	case !fromData && s.LowerBetter != nil && *s.LowerBetter != (full.Value.Cmp(none.Value) < 0):
		r.add(s.betterAt.report(CodeWrongType,
			text("better 与满分点、零分点的方向相反", "better contradicts the places of full and no points"), engine.Text{}))
	}
}

// checkAnchors reports corners of a line at the same place.
func (r *packReader) checkAnchors(s *scaleDraft) {
	seen := map[[2]string]bool{}
	for _, anchor := range s.anchors {
		if !anchor.ok {
			continue
		}
		a := anchor.bound
		at := [2]string{a.Benchmark, a.Value.String()}
		if seen[at] {
			r.add(a.at.report(CodeNoLength,
				text("两个折点的值相同, 都是 "+a.Text, "two corners are at the same value, "+a.Text), engine.Text{}))
		}
		seen[at] = true
	}
}

// checkScaleUse compares the units of a scale with that of the metric, and its
// points with the full points.
func (r *packReader) checkScaleUse(d *itemDraft) {
	want, known := r.unitOf(d.Metric)
	s := d.scale
	if !known || s.CompareWith == "" && !s.compareAt.absent() {
		return
	}
	if s.CompareWith != "" {
		if b, ok := r.benchmarkUnit(s.CompareWith); ok && !b.SameDimension(want) {
			r.unitMismatch(s.at, b, want)
		}
		want = unit.Unit{}
	}
	for _, b := range s.boundDrafts() {
		if b.Benchmark == "" {
			r.boundUnit(d, b, want)
		} else if u, ok := r.benchmarkUnit(b.Benchmark); ok && !u.SameDimension(want) {
			r.unitMismatch(b.at, u, want)
		}
	}
	r.scalePoints(d)
}

// boundUnit reports a number whose unit is not that of the metric.
func (r *packReader) boundUnit(d *itemDraft, b *boundDraft, want unit.Unit) {
	if b.unit.SameDimension(want) {
		return
	}
	if b.unit.Dim() != "" {
		r.unitMismatch(b.at, b.unit, want)
		return
	}
	r.add(b.at.report(CodeUnit,
		text(fmt.Sprintf("“%s”的计算值以%s计, 这里没有单位", d.Name, want), fmt.Sprintf("%s is measured in %s, there is no unit here", d.Name, want)),
		text(fmt.Sprintf("例如 %s %s", b.Text, want), fmt.Sprintf("for example %s %s", b.Text, want))))
}

// unitOf returns the declared unit of a metric, statistic or benchmark.
func (r *packReader) unitOf(id string) (unit.Unit, bool) {
	e := r.names.find(id)
	if e == nil || r.noUnit[e.symbol.ID] {
		return unit.Unit{}, false
	}
	return e.symbol.Unit, true
}

// benchmarkUnit returns the unit of a benchmark with a formula; the others have
// the unit of the metric being scored.
func (r *packReader) benchmarkUnit(id string) (unit.Unit, bool) {
	e := r.names.find(id)
	if e == nil || e.hidden || r.noUnit[e.symbol.ID] {
		return unit.Unit{}, false
	}
	return e.symbol.Unit, true
}

// scalePoints reports bands and corners that give more than the full points.
func (r *packReader) scalePoints(d *itemDraft) {
	if !d.fullOK {
		return
	}
	for _, b := range d.scale.bands {
		if b.band.Points.Cmp(d.FullPoints) > 0 {
			r.tooManyPoints(d, b.at, b.band.Points.Shortest(6))
		}
	}
	r.placePoints(d, d.scale)
	for i, a := range d.scale.anchors {
		if p := d.Scale.Anchors[i].Points; p.Cmp(d.FullPoints) > 0 && a.bound != nil {
			r.tooManyPoints(d, a.bound.at, p.Shortest(6))
		}
	}
}

func (r *packReader) tooManyPoints(d *itemDraft, at node, points string) {
	full := d.FullPoints.Shortest(6)
	r.add(at.report(CodePoints,
		text(fmt.Sprintf("这里给 %s 分, “%s”的满分是 %s", points, d.Name, full), fmt.Sprintf("this gives %s points, %s has %s", points, d.Name, full)), engine.Text{}))
}

// checkFormulaScales warns about points by formula: nothing can look at them.
func checkFormulaScales(r *packReader) {
	warn := func(s *scaleDraft) {
		if s != nil && !s.formulaAt.absent() {
			r.add(s.formulaAt.report(CodeFormulaScale,
				text("用公式评分时, 满分、零分和方向都无法检查", "with points by formula, nobody can check where full points lie"),
				text("能用 full_points_at, bands 或 line 就不用公式", "prefer full_points_at, bands or line")))
		}
	}
	for _, s := range r.scales {
		warn(s)
	}
	r.eachItem(func(d *itemDraft) {
		if d.scale != nil && d.scale.Name == "" {
			warn(d.scale)
		}
	})
}
