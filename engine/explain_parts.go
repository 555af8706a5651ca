package engine

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine/exact"
)

// checklist explains a judged line: each answer with what it earned.
func (x *explainer) checklist(o *outcome) {
	c := o.item.Checklist
	x.assume(c.Law)
	var terms []string
	var missing exact.Num
	for _, line := range c.Lines {
		share, state := x.scorer.answer(o.item, line, x.row)
		if state == unanswered {
			missing = missing.Add(line.Points)
		}
		earned := line.Points.Mul(share).Shortest(4)
		terms = append(terms, earned)
		answers := x.scorer.answersTo(o.item, line, x.row)
		for _, j := range answers {
			x.out.Judgements = append(x.out.Judgements, *j)
		}
		if c.Plain() {
			x.out.Filled = append(x.out.Filled, wordAnswer(line, x.scorer.judgement(o.item, line, x.row), state, earned))
		} else {
			x.out.Filled = append(x.out.Filled, wordAnswers(line, answers, state, earned))
		}
	}
	x.out.Scale = wordChecklist(c)
	if o.status != Scored {
		x.out.Policy = o.reason
		return
	}
	sum := strings.Join(terms, " + ") + " = "
	result := x.pack.rounded(o.earned.Mul(o.growth()), o.points)
	if rest := o.item.FullPoints.Sub(missing); !missing.IsZero() { // the raters who answered count for all
		sum = fmt.Sprintf("(%s) × %s ÷ %s = ", strings.Join(terms, " + "), o.full.Shortest(4), rest.Shortest(4))
	} else if !o.growth().Equal(exact.Int(1)) {
		sum = fmt.Sprintf("(%s) × %s ÷ %s = ", strings.Join(terms, " + "), o.full.Shortest(4), o.item.FullPoints.Shortest(4))
	}
	x.out.Points = Text{sum + result.ZH, sum + result.EN}
}

// deduction explains what was taken off: every case with its points.
func (x *explainer) deduction(o *outcome) error {
	table := o.item.Cases
	x.assume(table.Law)
	x.out.Scale = wordTariff(table, o.item.AtMost, o.item.Adds)
	if o.status != Scored {
		x.out.Policy = o.reason
		return nil
	}
	f, err := x.scorer.tariff(o.item)
	if err != nil {
		return err
	}
	cases, _ := f.casesOf(&x.table.members[x.row])
	for _, c := range cases {
		x.out.Cases = append(x.out.Cases, *c.record)
		x.out.CasePoints = append(x.out.CasePoints, c.points)
	}
	var terms []string
	for i, line := range table.Lines {
		if n := timesOn(cases, i); n > 0 {
			off := pointsOn(cases, i)
			terms = append(terms, off.Shortest(4))
			x.out.Filled = append(x.out.Filled, wordCaseLine(line, n, off))
		}
	}
	x.out.Points = x.taken(o, terms)
	return nil
}

// timesOn counts the cases on one line of the table, multiplicities included.
func timesOn(cases []pricedCase, line int) int {
	n := 0
	for _, c := range cases {
		if c.line == line {
			n += c.record.times()
		}
	}
	return n
}

// pointsOn adds up what the cases on one line of the table come to.
func pointsOn(cases []pricedCase, line int) exact.Num {
	var sum exact.Num
	for _, c := range cases {
		if c.line == line {
			sum = sum.Add(c.points)
		}
	}
	return sum
}

// taken writes what the cases come to, with the cap and the rounding.
func (x *explainer) taken(o *outcome, terms []string) Text {
	if len(terms) == 0 {
		return o.reason
	}
	sum := strings.Join(terms, " + ")
	if o.item.Adds || o.uncapped != nil && o.item.AtMost == nil {
		return Text{sum + ":" + o.reason.ZH, sum + ": " + o.reason.EN}
	}
	if o.uncapped != nil {
		if len(terms) > 1 {
			sum += " = " + o.uncapped.Neg().Shortest(4)
		}
		most := o.item.AtMost.Shortest(4)
		return Text{fmt.Sprintf("%s,最高扣%s分,扣%s分", sum, most, most), fmt.Sprintf("%s, at most %s: %s points off", sum, most, most)}
	}
	raw, off := x.pack.rounded(o.earned.Neg(), o.points.Neg()), o.points.Neg().Shortest(4)
	if len(terms) == 1 {
		return Text{fmt.Sprintf("扣%s分", raw.ZH), fmt.Sprintf("%s points off", raw.EN)}
	}
	return Text{fmt.Sprintf("%s = %s,扣%s分", sum, raw.ZH, off), fmt.Sprintf("%s = %s: %s points off", sum, raw.EN, off)}
}

// container explains a section or group as the sum of its parts.
func (x *explainer) container(o *outcome) {
	x.parts(o, x.pack.partsOf(o))
}

// total explains the total and the rank.
func (x *explainer) total(o *outcome) {
	x.parts(o, x.pack.partsOfTotal(o.children))
	x.rating()
	x.out.PeerValues = x.totals()
	x.out.Peers = x.peers(x.out.PeerValues, nil, x.standing(idTotal))
}

// totals lists the totals of those that are ranked together, best first.
func (x *explainer) totals() []PeerValue {
	group := x.groupID(&x.table.members[x.row])
	var out []PeerValue
	for _, c := range x.result.Scorecards {
		if x.pack.Ranking.AllAssessed || c.PeerGroup == group {
			out = append(out, PeerValue{Subject: c.Subject, Name: c.Name, Value: c.Total})
		}
	}
	slices.SortStableFunc(out, func(a, b PeerValue) int {
		switch {
		case standsBefore(a.Value, b.Value, x.pack.Ranking.By.Ascending, true):
			return -1
		case standsBefore(b.Value, a.Value, x.pack.Ranking.By.Ascending, true):
			return 1
		}
		return 0
	})
	return out
}

// parts writes a sum with its parts filled in, and the floor.
func (x *explainer) parts(o *outcome, parts []*outcome) {
	sum, steps := "", []Text(nil)
	raw := exact.Num{}
	for _, c := range parts {
		steps = append(steps, wordPart(c))
		if c.status != Scored {
			continue
		}
		raw = raw.Add(c.points)
		sum = addTerm(sum, c.points)
	}
	if o.item.Combine != PlainSum {
		sum, raw = weighedSum(o.item.Combine, parts), combined(o.item.Combine, parts)
	}
	x.out.Filled = steps
	if o.status != Scored {
		x.out.Policy = o.reason
		return
	}
	if o.past != nil && o.uncapped != nil {
		x.out.Points = o.reason
		return
	}
	if o.uncapped != nil {
		least := o.item.NotBelow.Shortest(4)
		s := minus(raw.Shortest(4))
		if sum != "" {
			s = sum + " = " + s
		}
		x.out.Points = Text{fmt.Sprintf("%s,不低于%s分,计%s分", s, least, least), fmt.Sprintf("%s, not below %s: %s", s, least, least)}
		return
	}
	result := x.pack.roundedSum(o, raw)
	if sum == "" {
		x.out.Points = result
		return
	}
	x.out.Points = Text{sum + " = " + result.ZH, sum + " = " + result.EN}
}

// addTerm appends a number to a sum, with a minus where it is negative.
func addTerm(sum string, n exact.Num) string {
	switch {
	case sum == "":
		return minus(n.Shortest(4))
	case n.Sign() < 0:
		return sum + " − " + n.Neg().Shortest(4)
	}
	return sum + " + " + n.Shortest(4)
}
