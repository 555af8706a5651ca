package movement

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Gain is what one line could still earn.
type Gain struct {
	Item, Name string
	Kind       engine.ItemKind
	Now        exact.Num // points
	Most       exact.Num // full points in force; of a deduction nothing taken off
	Points     exact.Num // Most less Now, above zero
	Metric     *exact.Num
	// Enough says that this line alone can gain a rank. Target is then the value of
	// its metric that does, if its scale is a line and the benchmarks stay as they
	// are; nil otherwise.
	Enough bool
	Target *exact.Num
}

// Raise is what would raise a total.
type Raise struct {
	Gains []Gain // the most first
	Sum   exact.Num
	// Next is the nearest subject with a better rank; nil for the first. Need is how
	// many points draw level with it, which gains its rank; more passes it.
	Next *engine.Scorecard
	Need exact.Num
}

// RaiseOf says what would raise the total of a subject among its peers. ok is
// false if the pack gives no points, the subject has no total, or the pack does not
// rank by the total with the highest first.
func RaiseOf(pack *engine.Pack, result *engine.Result, card *engine.Scorecard) (r *Raise, ok bool) {
	if pack.Total == nil || card.Total == nil {
		return nil, false
	}
	r = &Raise{}
	if card.Rank > 0 && card.RankBy != nil && pack.Ranking.By.ID == "total" && !pack.Ranking.By.Ascending {
		r.next(pack, result, card)
	}
	for i := range card.Lines {
		if g, ok := gainOf(pack, card, &card.Lines[i]); ok {
			r.Sum = r.Sum.Add(g.Points)
			r.Gains = append(r.Gains, g)
		}
	}
	slices.SortStableFunc(r.Gains, func(a, b Gain) int { return b.Points.Cmp(a.Points) })
	if r.Next == nil {
		return r, true
	}
	for i := range r.Gains {
		g := &r.Gains[i]
		if g.Points.Cmp(r.Need) < 0 {
			continue
		}
		g.Enough = true
		l, _ := card.Line(g.Item)
		if curve := CurveOf(result, find(pack.Sections, g.Item), card.PeerGroup, l.FullPoints); curve != nil && g.Metric != nil {
			if v, ok := curve.Value(g.Now.Add(r.Need), *g.Metric); ok {
				g.Target = &v
			}
		}
	}
	return r, true
}

// next finds the nearest better card of those ranked together.
func (r *Raise) next(pack *engine.Pack, result *engine.Result, card *engine.Scorecard) {
	for i := range result.Scorecards {
		c := &result.Scorecards[i]
		if c.Rank == 0 || c.Rank >= card.Rank || c.RankBy == nil || !pack.Ranking.AllAssessed && c.PeerGroup != card.PeerGroup {
			continue
		}
		if r.Next == nil || c.Rank > r.Next.Rank {
			r.Next, r.Need = c, c.RankBy.Sub(*card.RankBy)
		}
	}
}

// gainOf is what a line could still earn; false for sums, for lines that do not
// count, and where nothing is lost.
func gainOf(pack *engine.Pack, card *engine.Scorecard, l *engine.Line) (Gain, bool) {
	if l.Points == nil || l.Status != engine.Scored || inClosed(pack, card, l) {
		return Gain{}, false
	}
	g := Gain{Item: l.Item, Name: l.Name, Kind: l.Kind, Now: *l.Points, Metric: l.Metric}
	switch l.Kind {
	case engine.IndicatorItem:
		g.Most = l.FullPoints
	case engine.DeductionItem:
	default:
		return Gain{}, false
	}
	g.Points = g.Most.Sub(g.Now)
	return g, g.Points.Sign() > 0
}
