package engine

import (
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"kaoping/engine/exact"
)

// The oracle below scores weighted packs a second time, from their description
// in docs/language.md and with plain fractions, and knows nothing of the engine's
// outcomes, spreading or columns.

// oraclePart is an indicator: full points between 0 and 100 of its own figure.
type oraclePart struct {
	figure, weight string // ids of figures; weight "" is 1
	full           int64
	missing        PolicyAction
}

type oracleSection struct {
	combine Combination
	weight  string
	full    int64
	least   int
	parts   []oraclePart
}

// oracleScore is a state and, if scored, points.
type oracleScore struct {
	state  Status
	points *big.Rat
	weight *big.Rat
	scored int // indicators
	may    int // indicators that are scored or may still be
}

type oracleFigures map[string]int64

func (f oracleFigures) rat(id string) *big.Rat {
	if id == "" {
		return big.NewRat(1, 1)
	}
	if n, ok := f[id]; ok {
		return big.NewRat(n, 1)
	}
	return nil
}

// part returns the share of the points that an indicator earns.
func (f oracleFigures) part(p oraclePart) oracleScore {
	x := f.rat(p.figure)
	if x == nil {
		switch p.missing {
		case FullMarks:
			return oracleScore{state: Scored, points: big.NewRat(1, 1)}
		case NoMarks:
			return oracleScore{state: Scored, points: new(big.Rat)}
		case LeaveOutIt:
			return oracleScore{state: LeftOut}
		}
		return oracleScore{state: Held}
	}
	share := new(big.Rat).Quo(x, big.NewRat(100, 1))
	if one := big.NewRat(1, 1); share.Cmp(one) > 0 {
		share = one
	}
	return oracleScore{state: Scored, points: share}
}

func (f oracleFigures) section(s oracleSection) oracleScore {
	var parts []oracleScore
	rest, held, noWeight := new(big.Rat), false, false
	sum, weights := new(big.Rat), new(big.Rat)
	out := oracleScore{state: Scored}
	for _, p := range s.parts {
		got := f.part(p)
		got.weight = f.rat(p.weight)
		if got.weight == nil {
			noWeight = true
			continue
		}
		counts := got.weight.Sign() > 0
		if !counts && got.state == Held {
			got.state = LeftOut
		}
		held = held || got.state == Held
		if counts && got.state == Scored {
			out.scored++
		}
		if counts && got.state != LeftOut {
			out.may++
		}
		if got.state != LeftOut && (s.combine == PlainSum || counts) {
			rest.Add(rest, big.NewRat(p.full, 1))
		}
		parts = append(parts, got)
	}
	switch {
	case noWeight:
		return oracleScore{state: Held}
	case rest.Sign() == 0:
		return oracleScore{state: NotComputable} // nothing left of the section
	case out.may < s.least:
		return oracleScore{state: NotComputable}
	case held:
		return oracleScore{state: Held, scored: out.scored, may: out.may}
	}
	for i, got := range parts {
		if got.state != Scored {
			continue
		}
		worth := new(big.Rat).Mul(got.points, big.NewRat(s.parts[i].full, 1))
		if s.combine == PlainSum { // what was left out goes to the rest
			worth.Mul(worth, big.NewRat(s.full, 1)).Quo(worth, rest)
		}
		sum.Add(sum, worth.Mul(worth, got.weight))
		weights.Add(weights, got.weight)
	}
	if s.combine == WeightedMean {
		sum.Quo(sum, weights)
	}
	out.points = sum
	return out
}

func (f oracleFigures) total(sections []oracleSection, combine Combination, without string) oracleScore {
	sum, weights := new(big.Rat), new(big.Rat)
	held, impossible := false, false
	for _, s := range sections {
		if f.rat(s.weight) == nil {
			return oracleScore{state: Held}
		}
	}
	for _, s := range sections {
		var kept []oraclePart
		for _, p := range s.parts {
			if p.figure == without {
				p.missing, p.figure = LeaveOutIt, "nowhere"
			}
			kept = append(kept, p)
		}
		s.parts = kept
		got, weight := f.section(s), f.rat(s.weight)
		exempt := combine != PlainSum && weight.Sign() == 0
		held, impossible = held || got.state == Held && !exempt, impossible || got.state == NotComputable
		if got.state == Scored {
			sum.Add(sum, new(big.Rat).Mul(got.points, weight))
			weights.Add(weights, weight)
		}
	}
	switch {
	case impossible:
		return oracleScore{state: NotComputable}
	case held:
		return oracleScore{state: Held}
	case combine != PlainSum && weights.Sign() == 0:
		return oracleScore{state: NotComputable}
	case combine == WeightedMean:
		sum.Quo(sum, weights)
	}
	return oracleScore{state: Scored, points: sum}
}

// drawStaged draws a weighted pack as a description and builds the pack from it.
func drawStaged(t *testing.T, rt *rapid.T) ([]oracleSection, Combination, []string, *Pack) {
	m := newPack(t)
	m.p.Rounding = RoundingRules{}
	combine := rapid.SampledFrom([]Combination{PlainSum, WeightedMean, WeightedSum}).Draw(rt, "total")
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(rt, "one") }
	for _, id := range []string{"w1", "w2", "w3"} {
		m.reported(id, "1")
	}
	var sections []oracleSection
	var figures []string
	for range rapid.IntRange(1, 3).Draw(rt, "sections") {
		s := oracleSection{combine: rapid.SampledFrom([]Combination{PlainSum, WeightedMean, WeightedSum}).Draw(rt, "combine"), least: rapid.IntRange(0, 2).Draw(rt, "least")}
		if combine != PlainSum {
			s.weight = pick("", "w1", "w2")
		}
		for range rapid.IntRange(1, 3).Draw(rt, "parts") {
			p := oraclePart{figure: fmt.Sprintf("f%d", len(figures)), full: 100, missing: PolicyAction(pick("hold", "leave out", "full points", "no points"))}
			if s.combine == PlainSum {
				p.full = rapid.Int64Range(1, 40).Draw(rt, "full")
				s.full += p.full
			} else {
				p.weight, s.full = pick("", "w2", "w3"), 100
			}
			figures = append(figures, p.figure)
			s.parts = append(s.parts, p)
			m.reported(p.figure, "件")
		}
		sections = append(sections, s)
	}
	weigh := func(it *Item, id string) {
		if id != "" {
			it.Weight = m.expr(id)
		}
	}
	for i, s := range sections {
		it := &Item{ID: fmt.Sprintf("s%d", i), Name: fmt.Sprintf("s%d", i), FullPoints: exact.Int(s.full), Combine: s.combine, AtLeastScored: s.least}
		weigh(it, s.weight)
		for _, p := range s.parts {
			part := indicator(p.figure, fmt.Sprint(p.full), "100 件", "0 件")
			part.IfMissing = Policy{Action: p.missing}
			weigh(part, p.weight)
			it.Children = append(it.Children, part)
		}
		m.section(it)
	}
	m.p.Total = &Total{FullPoints: num("100"), Combine: combine}
	return sections, combine, figures, m.p
}

func TestWeightedPacksAgreeWithASecondComputation(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		sections, combine, ids, p := drawStaged(t, rt)
		facts := newFacts("2025H1")
		without := ""
		if rapid.Bool().Draw(rt, "better of two") {
			without = rapid.SampledFrom(ids).Draw(rt, "without")
			p.Total.BetterOf = []Variant{{}, {Without: []string{without}}}
		}
		all := map[string]oracleFigures{}
		for i := range 3 {
			code := fmt.Sprintf("S%d", i)
			facts.subject(code, "property")
			all[code] = oracleFigures{}
			for _, id := range append([]string{"w1", "w2", "w3"}, ids...) {
				top := int64(120)
				if id[0] == 'w' {
					top = 3
				}
				if rapid.IntRange(0, 5).Draw(rt, "there") > 0 {
					n := rapid.Int64Range(0, top).Draw(rt, id)
					all[code][id] = n
					facts.figure(code, id, fmt.Sprint(n))
				}
			}
		}
		e := evaluateIn(t, p, "2025H1", facts.f)
		for code, figures := range all {
			for i, s := range sections {
				if without == "" { // the card shows the computation that counts
					want, l := figures.section(s), lineOf(t, e, code, fmt.Sprintf("s%d", i))
					if exempt := combine != PlainSum && !lacksWeight(figures, sections) && figures.rat(s.weight).Sign() == 0; exempt && want.state == Held {
						want.state = LeftOut
					}
					agree(rt, code+" "+l.Item, l.Status, l.Points, want)
				}
			}
			want := figures.total(sections, combine, "")
			if without != "" && !lacksWeight(figures, sections) {
				other := figures.total(sections, combine, without)
				if other.state == Scored && (want.state != Scored || other.points.Cmp(want.points) > 0) {
					want = other
				}
			}
			l := lineOf(t, e, code, idTotal)
			agree(rt, code+" total", l.Status, l.Points, want)
		}
	})
}

func lacksWeight(f oracleFigures, sections []oracleSection) bool {
	for _, s := range sections {
		if f.rat(s.weight) == nil {
			return true
		}
	}
	return false
}

func agree(t *rapid.T, what string, state Status, points *exact.Num, want oracleScore) {
	t.Helper()
	if state != want.state {
		t.Fatalf("%s is %s, want %s", what, state, want.state)
	}
	if state == Scored && points.String() != want.points.RatString() {
		t.Fatalf("%s has %s points, want %s", what, points, want.points.RatString())
	}
}
