package engine

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine/exact"
)

// weighedSum writes a weighted mean or sum with its figures:
// (90 × 30% + 80 × 50%) ÷ 80%.
func weighedSum(c Combination, parts []*outcome) string {
	var terms []string
	var weights exact.Num
	off := ""
	for _, o := range parts {
		switch {
		case o.status != Scored || o.empty:
		case o.item.Kind == DeductionItem:
			off += " − " + o.points.Neg().Shortest(4)
		default:
			terms = append(terms, term(minus(o.points.Shortest(4)))+" × "+weightText(o.weight))
			weights = weights.Add(o.weight)
		}
	}
	sum := strings.Join(terms, " + ")
	if c == WeightedMean && !weights.Equal(exact.Int(1)) {
		sum = "(" + sum + ") ÷ " + weightText(weights)
	}
	return sum + off
}

// weightText writes a weight below 1 as a share.
func weightText(w exact.Num) string {
	if w.Cmp(exact.Int(1)) >= 0 || w.Sign() <= 0 {
		return w.Shortest(4)
	}
	return w.Mul(exact.Int(100)).Shortest(4) + "%"
}

// roundedSum writes what a container's own rounding makes of a sum.
func (p *Pack) roundedSum(o *outcome, raw exact.Num) Text {
	switch {
	case o.item.Kind == TotalItem && p.Rounding.Total != nil:
		return roundedBy(*p.Rounding.Total, raw, o.points)
	case o.item.Kind == SectionItem && p.Rounding.Sections != nil:
		return roundedBy(*p.Rounding.Sections, raw, o.points)
	}
	return p.rounded(raw, o.points)
}

// roundedBy writes a number and what a rounding makes of it.
func roundedBy(r Rounding, raw, points exact.Num) Text {
	shown := minus(raw.Shortest(4))
	if raw.Equal(points) {
		return Text{shown, shown}
	}
	zh, en := r.Mode.Text()
	if !r.Step.IsZero() {
		s, step := shown+" → "+minus(points.Shortest(4)), r.Step.Shortest(6)
		return Text{fmt.Sprintf("%s(%s,以%s为单位)", s, zh, step), fmt.Sprintf("%s (%s, steps of %s)", s, en, step)}
	}
	s := shown + " → " + minus(points.Decimal(r.Decimals, r.Mode))
	return Text{fmt.Sprintf("%s(%s,%d位)", s, zh, r.Decimals), fmt.Sprintf("%s (%s, %s)", s, en, countOf(r.Decimals, "decimal"))}
}

// rating unfolds how the card's rating came about.
func (x *explainer) rating() {
	i := slices.IndexFunc(x.result.Scorecards, func(c Scorecard) bool { return c.Subject == x.out.Subject })
	if i < 0 {
		return
	}
	x.out.Rating = x.result.Scorecards[i].RatingText()
}

// RatingText says in sentences how the rating came about, each step with its
// clause, and what follows from the result. It is empty if the pack gives none.
func (c *Scorecard) RatingText() []Text {
	var out []Text
	if !c.RatingReason.IsZero() {
		out = append(out, c.RatingReason)
	}
	for _, s := range c.RatingSteps {
		t := Text{s.From + " → " + s.To + ":" + s.Reason.ZH, s.From + " → " + s.To + ": " + s.Reason.EN}
		if s.Cite != "" {
			t.ZH, t.EN = t.ZH+"("+s.Cite+")", t.EN+" ("+s.Cite+")"
		}
		out = append(out, t)
	}
	for _, q := range c.Consequences {
		cite := ""
		if q.Cite != "" {
			cite = " (" + q.Cite + ")"
		}
		out = append(out, Text{q.Name + ":" + q.Measure + cite, q.Name + ": " + q.Measure + cite})
	}
	return out
}
