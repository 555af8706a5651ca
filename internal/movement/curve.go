package movement

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Corner is a corner of an award curve.
type Corner struct{ At, Points exact.Num }

// Curve is an award curve made of straight lines, its corners from the lowest value
// to the highest. Before the first and after the last it is level.
type Curve []Corner

// CurveOf returns the award curve of an indicator for the members of a peer group,
// as it came out in a result: ends that are benchmarks have their values. full is
// the full points in force, left-out points included. It is nil for a scale that
// is no line, compares first, or has an end that is not known.
func CurveOf(result *engine.Result, it *engine.Item, group string, full exact.Num) Curve {
	if it == nil || it.Scale == nil || it.Scale.CompareWith != "" || it.FullPoints.IsZero() {
		return nil
	}
	var c Curve
	add := func(b *engine.Bound, points exact.Num) bool {
		at, ok := boundOf(result, b, it.Metric, group)
		c = append(c, Corner{at, points.Mul(full).Quo(it.FullPoints)})
		return ok
	}
	switch it.Scale.Form {
	case engine.StraightLine:
		if !add(it.Scale.FullAt, it.FullPoints) || !add(it.Scale.NoneAt, exact.Int(0)) {
			return nil
		}
	case engine.Anchors:
		for i := range it.Scale.Anchors {
			if !add(&it.Scale.Anchors[i].At, it.Scale.Anchors[i].Points) {
				return nil
			}
		}
	default:
		return nil
	}
	slices.SortStableFunc(c, func(a, b Corner) int { return a.At.Cmp(b.At) })
	if len(c) < 2 || c[0].At.Equal(c[len(c)-1].At) {
		return nil
	}
	return c
}

// boundOf is the value of an end of a scale; of benchmarks the one of the peer
// group, or else that over all.
func boundOf(result *engine.Result, b *engine.Bound, metric, group string) (exact.Num, bool) {
	if b == nil {
		return exact.Num{}, false
	}
	if b.Benchmark == "" {
		return b.Value, true
	}
	for _, v := range result.Benchmarks {
		if v.Benchmark == b.Benchmark && (v.Metric == metric || v.Metric == "") && (v.PeerGroup == group || v.PeerGroup == "") && v.Value != nil {
			return v.Value.Mul(b.Value), true
		}
	}
	return exact.Num{}, false
}

// Points reads the points at a value, level beyond the ends.
func (c Curve) Points(at exact.Num) exact.Num {
	if at.Cmp(c[0].At) <= 0 {
		return c[0].Points
	}
	for i := 1; i < len(c); i++ {
		a, b := c[i-1], c[i]
		if at.Cmp(b.At) > 0 {
			continue
		}
		if b.At.Equal(a.At) {
			return b.Points
		}
		share := at.Sub(a.At).Quo(b.At.Sub(a.At))
		return a.Points.Add(share.Mul(b.Points.Sub(a.Points)))
	}
	return c[len(c)-1].Points
}

// Value finds the value nearest to from that earns at least the points. ok is
// false if none does.
func (c Curve) Value(points, from exact.Num) (v exact.Num, ok bool) {
	take := func(x exact.Num) {
		if !ok || x.Sub(from).Abs().Cmp(v.Sub(from).Abs()) < 0 {
			v, ok = x, true
		}
	}
	if c.Points(from).Cmp(points) >= 0 {
		return from, true
	}
	for i := range c {
		if c[i].Points.Cmp(points) >= 0 {
			take(c[i].At)
		}
		if i == 0 {
			continue
		}
		a, b := c[i-1], c[i]
		if a.Points.Cmp(points)*b.Points.Cmp(points) < 0 { // it crosses on the way
			share := points.Sub(a.Points).Quo(b.Points.Sub(a.Points))
			take(a.At.Add(share.Mul(b.At.Sub(a.At))))
		}
	}
	return v, ok
}
