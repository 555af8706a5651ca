package engine

import (
	"slices"
	"sort"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Spot is one place of a pack where an evaluation may go one way or another: an
// end of a scale, a band, a line of a case table, a policy, a cap.
type Spot struct {
	Item string // id of the line of the scorecard; idTotal for the total
	Kind SpotKind
	At   int // which band, corner, line; 0 where there is only one
}

// SpotKind says what a Spot is.
type SpotKind string

// The kinds of spot.
const (
	SpotScored    SpotKind = "scored"              // the indicator has points that are not those of a policy
	SpotFull      SpotKind = "full points"         // at or beyond the full end of a straight line
	SpotNone      SpotKind = "no points"           // at or beyond its other end
	SpotBetween   SpotKind = "between"             // strictly between its ends
	SpotBand      SpotKind = "band"                // At is its place in Scale.Bands
	SpotSegment   SpotKind = "segment"             // of a broken line: At 0 is before the first corner, len(Anchors) behind the last
	SpotPlace     SpotKind = "place"               // At is its place in Scale.Places
	SpotCell      SpotKind = "cell"                // of a table, row by row
	SpotGrade     SpotKind = "grade"               // At is the grade that was given
	SpotRater     SpotKind = "rater"               // At is the group of raters that answered
	SpotMet       SpotKind = "met"                 // At is the line of the checklist
	SpotNotMet    SpotKind = "not met"             // likewise
	SpotCaseLine  SpotKind = "case line"           // At is the line of the case table
	SpotCap       SpotKind = "at_most"             // a deduction that was cut
	SpotFloor     SpotKind = "not_below"           // a container or total that was raised
	SpotIfMissing SpotKind = "if_missing"          // the policy was applied
	SpotIfZero    SpotKind = "if_denominator_zero" // the policy was applied
	SpotRating    SpotKind = "rating"              // At is the band of the computed rating
)

// Spots lists all spots of a pack in its order.
func (p *Pack) Spots() []Spot {
	var out []Spot
	for _, s := range p.Sections {
		out = append(out, s.spots()...)
	}
	if t := p.Total; t != nil && t.NotBelow != nil {
		out = append(out, Spot{Item: idTotal, Kind: SpotFloor})
	}
	if p.Ratings != nil {
		for i := range p.Ratings.Bands {
			out = append(out, Spot{idTotal, SpotRating, i})
		}
	}
	return append(out, p.ruleSpots()...)
}

// spots lists those of an item and of what it contains.
func (it *Item) spots() []Spot {
	var out []Spot
	add := func(kind SpotKind, n int) {
		for i := range n {
			out = append(out, Spot{it.ID, kind, i})
		}
	}
	switch {
	case it.Cases != nil:
		add(SpotCaseLine, len(it.Cases.Lines))
		if it.AtMost != nil {
			add(SpotCap, 1)
		}
	case it.Checklist != nil:
		it.judgedSpots(add)
	case it.Kind == IndicatorItem:
		it.scaleSpots(add)
		add(SpotIfMissing, 1)
		if it.IfZeroDenominator.Action != Undeclared {
			add(SpotIfZero, 1)
		}
	default:
		for _, c := range it.Children {
			out = append(out, c.spots()...)
		}
		if it.NotBelow != nil {
			add(SpotFloor, 1)
		}
	}
	return out
}

func (it *Item) scaleSpots(add func(SpotKind, int)) {
	if it.Scale == nil {
		add(SpotScored, 1)
		return
	}
	switch it.Scale.Form {
	case StraightLine:
		add(SpotFull, 1)
		add(SpotBetween, 1)
		add(SpotNone, 1)
	case Bands:
		add(SpotBand, len(it.Scale.Bands))
	case Anchors:
		add(SpotSegment, len(it.Scale.Anchors)+1)
	case ByRank, ByPercentile:
		add(SpotPlace, len(it.Scale.Places))
	case ByTable:
		add(SpotCell, len(it.Scale.Table.Points)*len(it.Scale.Table.Points[0]))
	default:
		add(SpotScored, 1)
	}
}

// Reached lists the spots that the evaluation came to, of one line of a subject's
// scorecard and of all that is below it; idTotal stands for the whole scorecard.
// It is worked out from the finished evaluation, so that scoring itself knows
// nothing of it. It fails only where scoring would.
func (e *Evaluation) Reached(subject, item string) ([]Spot, error) {
	row := slices.IndexFunc(e.table.members, func(m member) bool { return m.Code == subject })
	if row < 0 {
		return nil, nil
	}
	var out []Spot
	for _, tree := range e.trees[row] {
		o := tree.find(item)
		if o == nil {
			continue
		}
		spots, err := e.reachedBelow(o, row)
		if err != nil {
			return nil, err
		}
		out = append(out, spots...)
	}
	if item == idTotal {
		out = append(out, e.ratingReached(subject)...)
		out = append(out, e.stepsReached(row)...)
	}
	return out, nil
}

// find returns the outcome of an item in a tree; nil if it is not there.
func (o *outcome) find(item string) *outcome {
	if o.item.ID == item {
		return o
	}
	for _, c := range o.children {
		if found := c.find(item); found != nil {
			return found
		}
	}
	return nil
}

func (e *Evaluation) reachedBelow(o *outcome, row int) ([]Spot, error) {
	out, err := e.reachedBy(o, row)
	for _, c := range o.children {
		if err != nil {
			return nil, err
		}
		var below []Spot
		below, err = e.reachedBelow(c, row)
		out = append(out, below...)
	}
	return out, err
}

// reachedBy lists the spots of one line.
func (e *Evaluation) reachedBy(o *outcome, row int) ([]Spot, error) {
	it := o.item
	switch {
	case it.Cases != nil:
		return e.casesReached(o, row)
	case it.Checklist != nil:
		return e.answersReached(it, row), nil
	case it.Kind == IndicatorItem:
		return e.scaleReached(it, row)
	}
	if it.NotBelow != nil && o.status == Scored && o.uncapped != nil && o.points.Equal(*it.NotBelow) {
		return []Spot{{it.ID, SpotFloor, 0}}, nil
	}
	return nil, nil
}

func (e *Evaluation) casesReached(o *outcome, row int) ([]Spot, error) {
	it := o.item
	f, err := e.scorer.tariff(it)
	if err != nil || o.status != Scored {
		return nil, err
	}
	cases, _ := f.casesOf(&e.table.members[row])
	var out []Spot
	for _, c := range cases {
		if c.line >= 0 {
			out = append(out, Spot{it.ID, SpotCaseLine, c.line})
		}
	}
	if it.AtMost != nil && o.uncapped != nil {
		out = append(out, Spot{it.ID, SpotCap, 0})
	}
	return out, nil
}

// scaleReached tells where on its scale an indicator came to lie, or which
// policy answered for it.
func (e *Evaluation) scaleReached(it *Item, row int) ([]Spot, error) {
	if it.Scale != nil && it.Scale.Form == ByTable {
		return e.tableReached(it, row)
	}
	column, err := e.table.scored(it.Metric)
	if err != nil {
		return nil, err
	}
	v := column.At(row)
	switch {
	case v.Status == formula.Missing:
		return []Spot{{it.ID, SpotIfMissing, 0}}, nil
	case v.Status == formula.ZeroDenominator:
		return []Spot{{it.ID, SpotIfZero, 0}}, nil
	case v.Status != formula.OK:
		return nil, nil
	case it.Scale == nil:
		return []Spot{{it.ID, SpotScored, 0}}, nil
	case it.Scale.Form == ByRank || it.Scale.Form == ByPercentile:
		return e.placeReached(it, row, v.Num)
	}
	p, err := e.scorer.place(it, row, v.Num)
	switch {
	case err != nil:
		return nil, err
	case p.stop != nil && p.stop.granted:
		return []Spot{{it.ID, SpotIfZero, 0}}, nil
	case p.stop != nil:
		return nil, nil
	}
	return p.spots(it), nil
}

// spots tells where the value lies.
func (p *placement) spots(it *Item) []Spot {
	switch it.Scale.Form {
	case StraightLine:
		share, ok := p.straight.share(p.x)
		switch {
		case !ok || p.straight.inverted():
			return nil
		case share.Equal(exact.Int(1)):
			return []Spot{{it.ID, SpotFull, 0}}
		case share.IsZero():
			return []Spot{{it.ID, SpotNone, 0}}
		}
		return []Spot{{it.ID, SpotBetween, 0}}
	case Bands:
		if p.hit < 0 {
			return nil
		}
		return []Spot{{it.ID, SpotBand, p.hit}}
	case Anchors:
		return p.segments(it)
	}
	return []Spot{{it.ID, SpotScored, 0}}
}

// segments returns the piece of a broken line that the value lies on. A corner
// belongs to the level pieces outside, and otherwise to the piece on its left.
func (p *placement) segments(it *Item) []Spot {
	c := inOrder(p.corners)
	n := len(c)
	right := sort.Search(n, func(i int) bool { return c[i].at.Cmp(p.x) >= 0 })
	if right == n-1 && c[right].at.Equal(p.x) {
		right = n
	}
	return []Spot{{it.ID, SpotSegment, right}}
}

// ratingReached returns the band of the computed rating.
func (e *Evaluation) ratingReached(subject string) []Spot {
	if e.pack.Ratings == nil {
		return nil
	}
	for _, card := range e.result.Scorecards {
		if card.Subject != subject || card.ComputedRating == "" {
			continue
		}
		at := slices.IndexFunc(e.pack.Ratings.Bands, func(b RatingBand) bool { return b.Rating == card.ComputedRating })
		if at >= 0 {
			return []Spot{{idTotal, SpotRating, at}}
		}
	}
	return nil
}
