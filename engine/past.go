package engine

import (
	"slices"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// ResultKey names a result that was stored before.
type ResultKey struct {
	Pack   string
	Period Period
}

// pastResults finds the scorecards that formulas look back at.
type pastResults map[ResultKey]*pastResult

// pastResult is a stored result by subject.
type pastResult struct {
	cards map[string]*Scorecard
	hash  string
}

func newPastResults(results []*Result) pastResults {
	p := pastResults{}
	for _, r := range results {
		cards := map[string]*Scorecard{}
		for i := range r.Scorecards {
			cards[r.Scorecards[i].Subject] = &r.Scorecards[i]
		}
		p[ResultKey{r.Pack, r.Period}] = &pastResult{cards, r.Digest()}
	}
	return p
}

// pastColumn returns what the stored scorecards of an earlier period say. A
// subject without one, or without that figure, has no value.
func (t *table) pastColumn(id string, period Period) *formula.Column {
	return t.pastOf(t.pack.Name, period, func(c *Scorecard) formula.Value { return c.asked(id) })
}

func (t *table) pastOf(pack string, period Period, value func(*Scorecard) formula.Value) *formula.Column {
	key := ResultKey{pack, period}
	t.index.lookedAt[key] = true
	return t.eachMember(func(m *member) formula.Value {
		if past := t.index.past[key]; past != nil && past.cards[m.Code] != nil {
			return value(past.cards[m.Code])
		}
		return formula.Value{Status: formula.Missing}
	})
}

// asked answers a formula about a stored scorecard.
func (c *Scorecard) asked(id string) formula.Value {
	switch id {
	case idTotal:
		return pointer(c.Total)
	case idRating:
		if c.Rating == "" {
			return formula.Value{Status: formula.Missing}
		}
		return formula.Value{Text: c.Rating}
	}
	kind, item, _ := itemRef(id)
	l, ok := c.Line(item)
	if !ok {
		return formula.Value{Status: formula.Missing}
	}
	switch kind {
	case refPoints:
		return pointer(l.Points)
	case refFull:
		return formula.Value{Num: l.FullPoints}
	case refScored:
		return formula.Value{Num: exact.Int(int64(c.scoredBelow(item)))}
	}
	return formula.Value{Status: formula.Missing}
}

func pointer(n *exact.Num) formula.Value {
	if n == nil {
		return formula.Value{Status: formula.Missing}
	}
	return formula.Value{Num: *n}
}

// scoredBelow counts the scored indicators under an item, itself included.
func (c *Scorecard) scoredBelow(item string) int {
	below := map[string]bool{item: true}
	n := 0
	for _, l := range c.Lines { // containers stand before what they contain
		if below[l.Parent] {
			below[l.Item] = true
		}
		if below[l.Item] && l.Kind == IndicatorItem && l.Status == Scored {
			n++
		}
	}
	return n
}

// fromScorecard returns a figure of another scheme's scorecards.
func (t *table) fromScorecard(s *ScorecardSource, period Period) *formula.Column {
	return t.pastOf(s.Pack, t.keyOf(s, period).Period, func(c *Scorecard) formula.Value {
		switch {
		case s.Take == TakeRating:
			return c.asked(idRating)
		case s.Take == TakeRank && c.Rank > 0:
			return formula.Value{Num: exact.Int(int64(c.Rank))}
		case s.Take == TakeRank:
			return formula.Value{Status: formula.Missing}
		case s.Take == TakeMetric:
			if l, ok := c.Line(s.Item); ok {
				return pointer(l.Metric)
			}
			return formula.Value{Status: formula.Missing}
		case s.Item == "":
			return c.asked(idTotal)
		}
		return c.asked(refPoints + s.Item)
	})
}

// PriorResults returns the stored results that an evaluation of the period may
// look at: this pack's earlier scorecards, and those of packs that feed it, by
// pack and period.
func PriorResults(p *Pack, period Period) []ResultKey {
	seen := map[ResultKey]bool{}
	look := func(e *formula.Expr, from Period) {
		if e == nil {
			return
		}
		for _, ref := range e.Refs() {
			if at := p.shifted(from, ref); isScored(ref.ID) && at != period && !at.IsZero() {
				seen[ResultKey{p.Name, at}] = true
			}
		}
	}
	for _, from := range PriorPeriods(p, period) {
		for _, e := range p.allFormulas() {
			look(e, from)
		}
		for _, s := range p.Statistics {
			if s.Scorecard != nil {
				at := from
				if s.Scorecard.Previous {
					at = p.Previous.Of(from)
				}
				seen[ResultKey{s.Scorecard.Pack, at}] = true
			}
		}
	}
	if p.anyItem(func(it *Item) bool { return it.NotWorse }) {
		seen[ResultKey{p.Name, p.Previous.Of(period)}] = true
	}
	keys := make([]ResultKey, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b ResultKey) int {
		if c := strings.Compare(a.Pack, b.Pack); c != 0 {
			return c
		}
		return b.Period.Last.Compare(a.Period.Last)
	})
	return keys
}

// allFormulas lists every formula of a pack that may look back.
func (p *Pack) allFormulas() []*formula.Expr {
	var out []*formula.Expr
	for _, e := range formulasOf(p) {
		out = append(out, e)
	}
	p.anyItem(func(it *Item) bool {
		out = append(out, it.Weight, it.When)
		if it.Scale != nil {
			out = append(out, it.Scale.Formula)
			for _, a := range it.Scale.Alternatives {
				out = append(out, a.Formula)
			}
		}
		for _, policy := range []Policy{it.IfMissing, it.IfZeroDenominator, it.IfNoPrevious} {
			for _, c := range policy.Cases {
				out = append(out, c.When)
			}
		}
		return false
	})
	for _, c := range p.CrossChecks {
		out = append(out, c.AppliesWhen, c.Holds)
	}
	if p.Ratings != nil {
		for _, s := range p.Ratings.Then {
			out = append(out, s.When)
		}
		for _, u := range p.Ratings.Unless {
			out = append(out, u.When)
		}
	}
	for _, c := range p.Consequences {
		out = append(out, c.When)
	}
	return out
}

// anyItem reports whether an item of the pack answers to a condition.
func (p *Pack) anyItem(is func(*Item) bool) bool {
	var visit func(items []*Item) bool
	visit = func(items []*Item) bool {
		for _, it := range items {
			if is(it) || visit(it.Children) {
				return true
			}
		}
		return false
	}
	return visit(p.Sections)
}
