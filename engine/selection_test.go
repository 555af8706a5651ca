package engine

import (
	"testing"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// What is shown may be rounded: 1.00000001 and 1.00000002 look alike and are two.
func TestValuesThatLookAlikeAreNotTheSame(t *testing.T) {
	m := newPack(t)
	fields := m.register("cases", Field{ID: "amount", Name: "amount", Kind: formula.Number, Unit: m.unit("元")})
	m.counted("different", "个", "cases", "", "", fields)
	m.p.Statistics[0].Distinct = "amount"
	m.metric("how many", "个", "different")
	m.p.Ranking = Ranking{By: RankKey{ID: "how many"}}
	m.p.Records.RedFlags = []RedFlag{{ID: "same", Name: "same", Register: "cases", Same: []string{"amount"}, AtLeast: 2}}
	facts := newFacts("2025H1")
	facts.subject("A", "property")
	facts.cover("cases")
	for i, amount := range []string{"1.00000001", "1.00000002", "2", "2"} {
		facts.record("cases", "A", string(rune('a'+i)), "2025-03-03").Fields["amount"] = formula.Value{Num: num(amount)}
	}
	e := evaluateIn(t, m.p, "2025H1", facts.f)
	if l := lineOf(t, e, "A", "how many"); l.Metric == nil || !l.Metric.Equal(exact.Int(3)) {
		t.Errorf("%v different amounts, want 3", l.Metric)
	}
	if found := e.Result().Findings; len(found) != 1 || len(found[0].Records) != 2 || found[0].Records[0] != "c" {
		t.Errorf("found %+v, want c and d only", found)
	}
}

// A case that two subjects list is one of each.
func TestTheSameCaseOfTwoSubjectsHasAPlaceWithBoth(t *testing.T) {
	m := newPack(t)
	fields := m.register("cases", Field{ID: "nth", Name: "nth", Kind: formula.Number, Number: &NumberIn{Since: SinceEver}})
	m.counted("second", "件", "cases", "", "nth == 2", fields)
	m.metric("seconds", "件", "second")
	m.p.Ranking = Ranking{By: RankKey{ID: "seconds"}}
	facts := newFacts("2025H1")
	facts.cover("cases")
	for _, code := range []string{"A", "B"} {
		facts.subject(code, "property")
		facts.record("cases", code, "shared", "2025-02-03")
		facts.record("cases", code, "own of "+code, "2025-02-04")
	}
	e := evaluateIn(t, m.p, "2025H1", facts.f)
	for _, code := range []string{"A", "B"} {
		if l := lineOf(t, e, code, "seconds"); l.Metric == nil || !l.Metric.Equal(exact.Int(1)) {
			t.Errorf("%s has %v second cases, want 1", code, l.Metric)
		}
	}
}
