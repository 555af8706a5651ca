package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// weigh works out what an outcome counts for in its container. It says what is
// missing if the weight cannot be computed.
func (s *scorer) weigh(o *outcome, row int) (Text, error) {
	o.weight = exact.Int(1)
	if o.item.Weight == nil {
		return Text{}, nil
	}
	column, ok := s.weights[o.item]
	if !ok {
		var err error
		if column, err = s.table.eval(o.item.Weight, s.table.period); err != nil {
			return Text{}, err
		}
		s.weights[o.item] = column
	}
	v := column.At(row)
	if v.Status != formula.OK || v.Null {
		return reasonNoWeight(o.item.Name), nil
	}
	if v.Num.Sign() < 0 {
		return reasonNegativeWeight(o.item.Name), nil
	}
	o.weight = v.Num
	return Text{}, nil
}

// exempt leaves out what waits for a figure and weighs nothing for the subject: a
// figure that does not count cannot hold the rest. What can never be computed still
// stops the rest, as where too few parts were scored.
func (o *outcome) exempt(c Combination) {
	if c == PlainSum || o.item.Weight == nil || !o.weight.IsZero() || o.item.Kind == DeductionItem {
		return
	}
	if o.status == Held {
		o.status, o.reason = LeftOut, reasonExempt()
	}
}

// exempted returns the sections of a total with those that weigh nothing left out.
// The sections themselves stay as they are: formulas may have asked for them.
func exempted(c Combination, sections []*outcome) []*outcome {
	out := make([]*outcome, len(sections))
	for i, o := range sections {
		section := *o
		section.exempt(c)
		out[i] = &section
	}
	return out
}

func (s *scorer) weighAll(parts []*outcome, row int) (Text, error) {
	for _, o := range parts {
		if gap, err := s.weigh(o, row); err != nil || !gap.IsZero() {
			return gap, err
		}
	}
	return Text{}, nil
}

// combined adds up the parts of a container, or weighs them. In a weighted mean
// the weights of what is left out go to the rest; deductions come off in full.
func combined(c Combination, parts []*outcome) exact.Num {
	if c == PlainSum {
		return sumOf(parts)
	}
	var sum, weights, off exact.Num
	for _, o := range parts {
		switch {
		case o.status != Scored || o.empty:
		case o.item.Kind == DeductionItem:
			off = off.Add(o.points)
		default:
			sum, weights = sum.Add(o.weight.Mul(o.points)), weights.Add(o.weight)
		}
	}
	if c == WeightedMean && !weights.IsZero() {
		sum = sum.Quo(weights)
	}
	return sum.Add(off)
}

// weighed returns the parts of a container that have points and are no
// deductions.
func (o *outcome) weighed() []*outcome {
	var out []*outcome
	for _, c := range o.children {
		if c.status == Scored && c.item.Kind != DeductionItem && !c.empty && !c.weight.IsZero() {
			out = append(out, c)
		}
	}
	return out
}

// spreadOfPoints returns the weighted mean of the points of a container's parts
// and their weighted variance with the factor n/(n−1), n being the number of
// parts that count. It reports false if there are none.
func (o *outcome) spreadOfPoints() (mean, variance exact.Num, ok bool) {
	parts := o.weighed()
	var weights exact.Num
	for _, c := range parts {
		mean, weights = mean.Add(c.weight.Mul(c.points)), weights.Add(c.weight)
	}
	if weights.IsZero() {
		return exact.Num{}, exact.Num{}, false
	}
	mean = mean.Quo(weights)
	for _, c := range parts {
		d := c.points.Sub(mean)
		variance = variance.Add(c.weight.Mul(d).Mul(d))
	}
	variance = variance.Quo(weights)
	if n := int64(len(parts)); n > 1 {
		variance = variance.Mul(exact.Frac(n, n-1))
	}
	return mean, variance, true
}

// scoredIndicators counts the indicators below that have points and weight.
func (o *outcome) scoredIndicators() int {
	return o.countIndicators(func(c *outcome) bool { return c.status == Scored })
}

func (o *outcome) countIndicators(counts func(*outcome) bool) int {
	if o.item.Kind == IndicatorItem {
		if counts(o) && (o.item.Weight == nil || !o.weight.IsZero()) {
			return 1
		}
		return 0
	}
	n := 0
	for _, c := range o.children {
		n += c.countIndicators(counts)
	}
	return n
}

// enough refuses points to a container with too few scored indicators. Those
// that are held may still come: then the container is held, not refused.
func (o *outcome) enough(least int) {
	if least == 0 || o.status != Scored {
		return
	}
	n := o.countIndicators(func(c *outcome) bool { return c.status == Scored || c.status == Held })
	if n < least {
		o.status, o.reason = NotComputable, reasonTooFew(o.scoredIndicators(), least)
	}
}

// before returns the item's points on the previous scorecard; nil if it had
// none.
func (s *scorer) before(it *Item, row int) (*exact.Num, error) {
	column, err := s.table.column(refPoints+it.ID, s.table.pack.Previous.Of(s.table.period))
	if err != nil {
		return nil, err
	}
	if v := column.At(row); v.Status == formula.OK {
		return &v.Num, nil
	}
	return nil, nil
}

// notWorse lifts the points to those of the previous scorecard.
func (o *outcome) notWorse() {
	if o.past != nil && o.points.Cmp(*o.past) < 0 {
		raw := o.points
		o.uncapped, o.points = &raw, *o.past
		o.reason = reasonNotWorse(raw, o.points)
	}
}
