package engine

import (
	"fmt"

	"kaoping/engine/exact"
)

// Contribution is what one line of a scorecard adds to the total.
type Contribution struct {
	Item string   // id
	Name string   // as in the pack
	Kind ItemKind // of an adjustment that of the container
	// Points of the total, after the weights of all containers above; negative for
	// what takes points off.
	Points exact.Num
	// Adjusts: not the points of a line, but what a container, or the total, came
	// to beyond the sum of its parts: its floor, its rounding, the points it had
	// last time.
	Adjusts bool
}

// Contributions takes a subject's total apart: what every indicator, deduction
// and addition brought, and what floors and roundings of sums did. They add up to
// the total exactly. There are none if the subject has no total. It returns an
// error that wraps ErrNotFound if there is no such subject.
func (e *Evaluation) Contributions(subject string) ([]Contribution, error) {
	row := e.rowOf(subject)
	if row < 0 {
		return nil, fmt.Errorf("%w: no subject %s in the %s", ErrNotFound, subject, e.period.Title().EN)
	}
	if e.pack.Total == nil {
		return nil, nil
	}
	total := e.trees[row][len(e.trees[row])-1]
	if total.status != Scored {
		return nil, nil
	}
	return e.contributed(nil, total, e.pack.partsOfTotal(total.children), exact.Int(1)), nil
}

// contributed appends what the parts of a container bring, each point of it being
// worth factor points of the total.
func (e *Evaluation) contributed(list []Contribution, o *outcome, parts []*outcome, factor exact.Num) []Contribution {
	all := weightOf(o.item.Combine, parts)
	for _, c := range parts {
		if c.status != Scored {
			continue
		}
		worth := factor.Mul(c.share(o.item.Combine, all))
		if len(c.children) > 0 {
			list = e.contributed(list, c, e.pack.partsOf(c), worth)
			continue
		}
		x := Contribution{Item: c.item.ID, Name: c.item.Name, Kind: c.item.Kind, Points: worth.Mul(c.points)}
		if c.item.Adds {
			x.Kind = AdditionItem
		}
		list = append(list, x)
	}
	if rest := o.points.Sub(combined(o.item.Combine, parts)); !rest.IsZero() {
		list = append(list, Contribution{Item: o.item.ID, Name: o.item.Name, Kind: o.item.Kind, Points: factor.Mul(rest), Adjusts: true})
	}
	return list
}

// weightOf adds up the weights of the parts that share a weighted mean.
func weightOf(c Combination, parts []*outcome) exact.Num {
	var all exact.Num
	if c != WeightedMean {
		return all
	}
	for _, o := range parts {
		if o.status == Scored && !o.empty && o.item.Kind != DeductionItem {
			all = all.Add(o.weight)
		}
	}
	return all
}

// share is how much of an outcome's points counts in its container.
func (o *outcome) share(c Combination, all exact.Num) exact.Num {
	switch {
	case c == PlainSum || o.item.Kind == DeductionItem:
		return exact.Int(1)
	case o.empty:
		return exact.Num{}
	case c == WeightedMean && !all.IsZero():
		return o.weight.Quo(all)
	}
	return o.weight
}
