package engine

import (
	"slices"
	"sort"

	"kaoping/engine/exact"
)

// straight is a line between two ends in the metric's base unit (or, after
// a comparison, a bare ratio): full points at one, none at the other.
type straight struct {
	full, none  exact.Num
	lowerBetter *bool // decides only where the ends coincide
}

// share returns how much of the full points x earns: 1 at the full end and
// beyond, 0 at the other end and beyond, exact between. Either end may be the
// larger. Where the ends coincide a value there or better earns all, a worse one
// nothing; it reports false if then nobody said which way is better.
//
// The caller has refused ends that are inverted.
func (s straight) share(x exact.Num) (exact.Num, bool) {
	length := s.full.Sub(s.none)
	if length.IsZero() {
		return s.atPoint(x)
	}
	share := x.Sub(s.none).Quo(length)
	return exact.Min(exact.Max(share, exact.Int(0)), exact.Int(1)), true
}

// inverted reports whether the ends lie the other way round than the pack says:
// multiples of a benchmark change places where it is negative.
func (s straight) inverted() bool {
	c := s.full.Cmp(s.none)
	return c != 0 && s.lowerBetter != nil && *s.lowerBetter != (c < 0)
}

func (s straight) atPoint(x exact.Num) (exact.Num, bool) {
	if s.lowerBetter == nil {
		return exact.Num{}, false
	}
	side := x.Cmp(s.full)
	if *s.lowerBetter {
		side = -side
	}
	if side >= 0 {
		return exact.Int(1), true
	}
	return exact.Int(0), true
}

// interval is a Band with its ends worked out.
type interval struct {
	from, to         *exact.Num
	fromOpen, toOpen bool
	points           exact.Num
	otherwise        bool
}

func (v interval) contains(x exact.Num) bool {
	if v.otherwise {
		return true
	}
	if v.from != nil {
		if c := x.Cmp(*v.from); c < 0 || c == 0 && v.fromOpen {
			return false
		}
	}
	if v.to != nil {
		if c := x.Cmp(*v.to); c > 0 || c == 0 && v.toOpen {
			return false
		}
	}
	return true
}

// bandOf returns the first interval that holds x; "otherwise" comes last
// wherever it is written. It returns -1 if none does.
func bandOf(intervals []interval, x exact.Num) int {
	fallback := -1
	for i, v := range intervals {
		switch {
		case v.otherwise:
			if fallback < 0 {
				fallback = i
			}
		case v.contains(x):
			return i
		}
	}
	return fallback
}

// corner is an Anchor with its place worked out.
type corner struct{ at, points exact.Num }

// onCorners returns the points at x on the broken line through the corners. To
// the left of the first and to the right of the last it is level. Where corners
// coincide the best of them holds.
func onCorners(corners []corner, x exact.Num) exact.Num {
	c := inOrder(corners)
	right := sort.Search(len(c), func(i int) bool { return c[i].at.Cmp(x) >= 0 })
	switch {
	case right == len(c):
		return c[len(c)-1].points
	case c[right].at.Equal(x):
		return bestAt(c[right:], x)
	case right == 0:
		return c[0].points
	}
	a, b := c[right-1], c[right]
	way := x.Sub(a.at).Quo(b.at.Sub(a.at))
	return a.points.Add(b.points.Sub(a.points).Mul(way))
}

// inOrder returns the corners from left to right: those that are benchmarks lie
// where the data put them, whatever the order in the pack.
func inOrder(corners []corner) []corner {
	c := slices.Clone(corners)
	slices.SortStableFunc(c, func(a, b corner) int { return a.at.Cmp(b.at) })
	return c
}

func bestAt(c []corner, x exact.Num) exact.Num {
	best := c[0].points
	for _, k := range c[1:] {
		if !k.at.Equal(x) {
			break
		}
		best = exact.Max(best, k.points)
	}
	return best
}

// lowerIsBetter tells from a scale which way is better; known is false if it
// cannot be told (bands, formulas).
func (s *Scale) lowerIsBetter() (lower, known bool) {
	if s.LowerBetter != nil {
		return *s.LowerBetter, true
	}
	switch {
	case s.Form == BetterOf && len(s.Alternatives) > 0:
		return s.Alternatives[0].lowerIsBetter()
	case s.Form == Proportion:
		return false, true
	case s.Form == StraightLine && s.FullAt != nil && s.NoneAt != nil:
		return endsOrder(*s.FullAt, *s.NoneAt)
	case s.Form == Anchors && len(s.Anchors) > 1:
		first, last := s.Anchors[0], s.Anchors[len(s.Anchors)-1]
		if first.Points.Cmp(last.Points) < 0 {
			first, last = last, first
		}
		return endsOrder(first.At, last.At)
	}
	return false, false
}

// endsOrder compares two ends that are numbers, or multiples of one benchmark.
func endsOrder(full, none Bound) (lower, known bool) {
	if full.Benchmark != none.Benchmark {
		return false, false
	}
	c := full.Value.Cmp(none.Value)
	return c < 0, c != 0
}
