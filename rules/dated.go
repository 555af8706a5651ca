package rules

import (
	"kaoping/engine"
	"kaoping/engine/exact"
)

// dated returns the value that holds on the day the pack is read for, where a
// value is written with the days it holds from:
//
//	full_points: {2022-10-01: 20, 2024-01-01: 15}
func (r *packReader) dated(n node) node {
	if !n.isMap() {
		return n
	}
	m := r.mapping(n, text("一个数字", "a number"))
	r.noteChange(n, m)
	day := r.asOf
	if day.IsZero() {
		day = r.firstDay()
	}
	var best, first node
	var bestDay, firstDay engine.Date
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		d, ok := r.date(p.key)
		if !ok {
			continue
		}
		r.days = append(r.days, d)
		if d.Compare(day) <= 0 && (best.absent() || d.Compare(bestDay) > 0) {
			best, bestDay = p.value, d
		}
		if first.absent() || d.Compare(firstDay) < 0 {
			first, firstDay = p.value, d
		}
	}
	if best.absent() && !first.absent() {
		r.add(n.report(CodeEditionDates,
			text("版本第一天没有值: 最早从 "+firstDay.String()+" 起", "there is no value on the edition's first day: the earliest is from "+firstDay.String()), engine.Text{}))
		return first
	}
	return best
}

// firstDay is the first day of the edition.
func (r *packReader) firstDay() engine.Date {
	if from := r.pack.Effective.From; !from.IsZero() {
		return from
	}
	return r.pack.Edition
}

// datedPoints reads points that may change inside the edition.
func (r *packReader) datedPoints(n node) (exact.Num, bool) { return r.points(r.dated(n)) }
