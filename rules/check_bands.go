package rules

import (
	"fmt"
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// checkBands reports values that lie in two bands, or in none.
func checkBands(r *packReader) {
	done := map[*scaleDraft]bool{}
	visit := func(s *scaleDraft, percent bool) {
		if s != nil && len(s.bands) > 0 && !done[s] {
			done[s] = true
			r.bandsOf(s, percent)
		}
	}
	r.eachItem(func(d *itemDraft) {
		u, _ := r.unitOf(d.Metric)
		visit(d.scale, d.scale != nil && d.scale.CompareWith == "" && u.Dim() == "")
	})
	for _, s := range r.scales {
		visit(s, false)
	}
}

// bandsOf compares neighbours. Bands between different benchmarks cannot be
// compared before there are figures, and are left alone.
func (r *packReader) bandsOf(s *scaleDraft, percent bool) {
	list, otherwise, comparable := s.sortedBands()
	if !comparable || len(list) == 0 {
		return
	}
	for i := range list {
		r.emptyBand(&list[i])
	}
	covered := &list[0]
	for i := 1; i < len(list); i++ {
		r.neighbours(covered, &list[i], otherwise)
		if furtherUp(&list[i], covered) {
			covered = &list[i]
		}
	}
	if !otherwise {
		r.outerEnds(s, &list[0], covered, percent)
	}
}

// sortedBands returns the intervals by their lower ends.
func (s *scaleDraft) sortedBands() (list []bandDraft, otherwise, comparable bool) {
	benchmarks := map[string]bool{}
	for _, b := range s.bands {
		if b.band.Otherwise {
			otherwise = true
			continue
		}
		if !b.ok {
			return nil, otherwise, false
		}
		for _, end := range []*boundDraft{b.from, b.to} {
			if end != nil && !end.Value.IsZero() {
				benchmarks[end.Benchmark] = true
			}
		}
		list = append(list, b)
	}
	slices.SortStableFunc(list, func(a, b bandDraft) int { return compareLow(&a, &b) })
	return list, otherwise, len(benchmarks) <= 1
}

// compareLow orders bands by their lower ends; an open start comes first, and an
// end that belongs before one that does not.
func compareLow(a, b *bandDraft) int {
	switch {
	case a.from == nil && b.from == nil:
		return 0
	case a.from == nil:
		return -1
	case b.from == nil:
		return 1
	}
	if c := a.from.Value.Cmp(b.from.Value); c != 0 {
		return c
	}
	switch {
	case a.band.FromOpen == b.band.FromOpen:
		return 0
	case b.band.FromOpen:
		return -1
	}
	return 1
}

// furtherUp reports whether a ends above b.
func furtherUp(a, b *bandDraft) bool {
	switch {
	case b.to == nil:
		return false
	case a.to == nil:
		return true
	}
	c := a.to.Value.Cmp(b.to.Value)
	return c > 0 || c == 0 && !a.band.ToOpen
}

// emptyBand reports a band that ends before it starts.
func (r *packReader) emptyBand(b *bandDraft) {
	if b.from == nil || b.to == nil {
		return
	}
	c := b.from.Value.Cmp(b.to.Value)
	if c > 0 || c == 0 && (b.band.FromOpen || b.band.ToOpen) {
		r.add(b.at.report(CodeNoLength,
			text(fmt.Sprintf("这一档是空的: 从 %s 到 %s", b.from.Text, b.to.Text), fmt.Sprintf("this band is empty: from %s to %s", b.from.Text, b.to.Text)), engine.Text{}))
	}
}

// neighbours reports a gap or an overlap between a band and the one above it.
func (r *packReader) neighbours(low, high *bandDraft, otherwise bool) {
	c := -1 // how the end of low lies to the start of high
	switch {
	case low.to == nil || high.from == nil:
		c = 1
	default:
		c = low.to.Value.Cmp(high.from.Value)
	}
	switch {
	case c > 0 || c == 0 && !low.band.ToOpen && !high.band.FromOpen:
		line := low.at.place().line
		r.add(high.at.report(CodeBandsOverlap,
			text(fmt.Sprintf("与第 %d 行的一档重叠%s", line, sharedEnd(low, high).ZH), fmt.Sprintf("overlaps the band on line %d%s", line, sharedEnd(low, high).EN)),
			text("from/to 含本数, above/below 不含本数", "from and to include their value, above and below do not")))
	case otherwise:
	case c == 0 && low.band.ToOpen && high.band.FromOpen:
		r.bandsGap(high.at, text(low.to.Text+" 本身不在任何一档", low.to.Text+" itself lies in no band"))
	case c < 0:
		r.bandsGap(high.at, text(fmt.Sprintf("%s 与 %s 之间没有档", low.to.Text, high.from.Text), fmt.Sprintf("values between %s and %s lie in no band", low.to.Text, high.from.Text)))
	}
}

// sharedEnd says that two bands overlap in one value only.
func sharedEnd(low, high *bandDraft) engine.Text {
	if low.to != nil && high.from != nil && low.to.Value.Equal(high.from.Value) {
		return text(": "+low.to.Text+" 在两档里", ": "+low.to.Text+" lies in both")
	}
	return engine.Text{}
}

func (r *packReader) bandsGap(at node, message engine.Text) {
	r.add(at.report(CodeBandsGap, message, text("补上一档, 或加 {otherwise: 分值}", "add a band, or {otherwise: points}")))
}

// outerEnds reports that values below the lowest band or above the highest lie in
// none. Zero is a natural lower end, 100% a natural upper end of a share.
func (r *packReader) outerEnds(s *scaleDraft, low, high *bandDraft, percent bool) {
	if f := low.from; f != nil && (!f.Value.IsZero() || low.band.FromOpen) {
		r.bandsGap(low.at, text("小于 "+f.Text+" 的值没有档", "values below "+f.Text+" lie in no band"))
	}
	if t := high.to; t != nil && !(percent && t.Benchmark == "" && t.Value.Equal(exact.Int(1)) && !high.band.ToOpen) {
		r.bandsGap(high.at, text("大于 "+t.Text+" 的值没有档", "values above "+t.Text+" lie in no band"))
	}
}
