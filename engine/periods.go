package engine

import (
	"sort"

	"kaoping/engine/formula"
)

// shifted returns the period that a reference looks at, seen from period. It is
// no period for a part of a year-to-date sum that lies outside of the year.
func (p *Pack) shifted(period Period, r formula.Ref) Period {
	switch r.Shift {
	case formula.ThisYear:
		return earlierInYear(period, int(r.Times))
	case formula.LastYear:
		return earlierInYear(period.YearAgo(), int(r.Times))
	case formula.FirstHalf:
		return monthSpan(period.Last.Year, 1, 6)
	case formula.LatestYear:
		return latestYear(period)
	case formula.Now:
		return period
	}
	for range max(r.Times, 1) {
		switch r.Shift {
		case formula.Previous:
			period = p.Previous.Of(period)
		case formula.Preceding:
			period = period.Preceding()
		case formula.YearAgo:
			period = period.YearAgo()
		}
	}
	return period
}

// earlierInYear returns the period n before, if it lies in the same year.
func earlierInYear(period Period, n int) Period {
	year := period.First.Year
	for range n {
		period = period.Preceding()
	}
	if period.First.Year != year {
		return Period{}
	}
	return period
}

// latestYear returns the last calendar year that is over on the last day of the
// period.
func latestYear(period Period) Period {
	year := period.Last.Year
	if period.Last.Month != 12 || period.Last.Day != 31 {
		year--
	}
	return monthSpan(year, 1, 12)
}

// PriorPeriods returns every period whose facts an evaluation of period may
// need: the period itself first, then the others, latest first. Chains count:
// a metric seen from the previous period may itself look back.
func PriorPeriods(p *Pack, period Period) []Period {
	w := lookback{pack: p, formulas: formulasOf(p), seen: map[Period]bool{}, done: map[columnKey]bool{}}
	w.seen[period] = true
	for id := range w.formulas {
		w.visit(id, period)
	}
	w.walk(p.Assessed.Require, period)
	w.items(p.Sections, period)
	for _, e := range p.allFormulas() {
		w.walk(e, period)
	}
	delete(w.seen, period)
	prior := make([]Period, 0, len(w.seen))
	for q := range w.seen {
		prior = append(prior, q)
	}
	sort.Slice(prior, func(i, j int) bool {
		if c := prior[i].Last.Compare(prior[j].Last); c != 0 {
			return c > 0
		}
		return prior[i].First.Compare(prior[j].First) > 0
	})
	return append([]Period{period}, prior...)
}

// lookback collects the periods that formulas reach.
type lookback struct {
	pack     *Pack
	formulas map[string]*formula.Expr
	seen     map[Period]bool
	done     map[columnKey]bool
	active   map[string]bool
}

func (w *lookback) items(items []*Item, period Period) {
	for _, it := range items {
		if it.Scale != nil {
			w.walk(it.Scale.Formula, period)
			for _, a := range it.Scale.Alternatives {
				w.walk(a.Formula, period)
			}
		}
		w.items(it.Children, period)
	}
}

func (w *lookback) visit(id string, period Period) {
	key := columnKey{id, period}
	// A circle would look back for ever; Evaluate reports it.
	if w.active[id] || w.done[key] {
		return
	}
	if w.active == nil {
		w.active = map[string]bool{}
	}
	w.active[id] = true
	w.walk(w.formulas[id], period)
	delete(w.active, id)
	w.done[key] = true
}

func (w *lookback) walk(e *formula.Expr, period Period) {
	if e == nil {
		return
	}
	for _, ref := range e.Refs() {
		at := w.pack.shifted(period, ref)
		if at.IsZero() {
			continue
		}
		w.seen[at] = true
		w.visit(ref.ID, at)
	}
}
