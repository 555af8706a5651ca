package engine

import (
	"fmt"

	"kaoping/engine/formula"
)

// Published is what the stored result of an earlier period was computed from.
type Published struct {
	Period Period
	Digest string // of the result
	Facts  *Facts
}

// vintage is a published set of facts, in order.
type vintage struct {
	*Published
	index *factIndex
}

func (x *factIndex) addVintages(published []Published) error {
	x.vintages = make(map[Period]*vintage, len(published))
	for i := range published {
		p := &published[i]
		index, err := newFactIndex(p.Facts)
		if err != nil {
			return fmt.Errorf("figures of %s as published: %w", p.Period, err)
		}
		x.vintages[p.Period] = &vintage{p, index}
	}
	return nil
}

// indexAt returns the facts that count for a period: those of its published
// result if the pack asks for them, otherwise the newest.
func (t *table) indexAt(period Period) *factIndex {
	if v := t.index.vintages[period]; v != nil && t.pack.PriorFigures == FiguresAsPublished && period != t.period {
		return v.index
	}
	return t.index
}

// PublishedPeriods returns the earlier periods whose figures an evaluation takes
// as they were published: those that it looks at and that the pack assesses,
// latest first. It is empty if the pack takes the newest figures.
func PublishedPeriods(p *Pack, period Period) []Period {
	if p.PriorFigures != FiguresAsPublished {
		return nil
	}
	var out []Period
	for _, at := range PriorPeriods(p, period)[1:] {
		if p.assesses(at) && at.Last.Compare(period.Last) < 0 {
			out = append(out, at)
		}
	}
	return out
}

// assesses reports whether the pack has periods of that kind.
func (p *Pack) assesses(period Period) bool {
	for _, k := range p.Periods {
		if k.Matches(period) {
			return true
		}
	}
	return len(p.Periods) == 0
}

// pastNote says which stored scorecard a figure comes from, or that it is the
// published one and what it was corrected to; mostly it is zero.
func (x *explainer) pastNote(ref formula.Ref, at Period, used formula.Value) Text {
	t := x.table
	s, ok := t.declared[ref.ID].(*Statistic)
	switch {
	case ok && s.Scorecard != nil:
		return t.cameFrom(t.keyOf(s.Scorecard, at))
	case isScored(ref.ID) && at != t.period:
		return t.cameFrom(ResultKey{t.pack.Name, at})
	case !ok || t.indexAt(at) == t.index:
		return Text{}
	}
	newest, err := t.newest().statistic(s, at)
	if err != nil {
		return Text{}
	}
	v := newest.At(x.row)
	if v.Status != formula.OK || used.Status == formula.OK && v.Num.Equal(used.Num) {
		return Text{"公布时的数", "as published"}
	}
	shown := t.show(ref, v)
	return Text{"公布时的数;后更正为 " + shown.ZH, "as published; corrected since to " + shown.EN}
}

// cameFrom names the stored result that a figure was taken from.
func (t *table) cameFrom(key ResultKey) Text {
	past := t.index.past[key]
	if past == nil {
		return reasonNoScorecards(key)
	}
	when := key.Period.Title()
	return Text{
		fmt.Sprintf("%s %s的评分卡(%s)", key.Pack, when.ZH, past.hash[:8]),
		fmt.Sprintf("scorecards of %s for the %s (%s)", key.Pack, when.EN, past.hash[:8]),
	}
}

// newest returns a table over the newest facts only, for comparison.
func (t *table) newest() *table {
	if t.fresh == nil {
		index := *t.index
		index.vintages = nil
		t.fresh = newTable(t.pack, t.period, t.members, &index)
	}
	return t.fresh
}
