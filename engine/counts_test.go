package engine

import "testing"

func TestCountsAreWhatTheScoresTake(t *testing.T) {
	counts := func(change func(m *factsMaker)) []CountedFigure {
		m := countingFacts()
		change(m)
		list, err := evaluateIn(t, countingPack(t), "2025H1", m.f).Counts()
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	got := counts(func(*factsMaker) {})
	if len(got) != 2 {
		t.Fatalf("%+v", got)
	}
	for i, want := range []struct{ name, value, unit string }{{"车险投诉件数", "2", "件"}, {"赔款", "443/4", "元"}} {
		if c := got[i]; c.Subject != "PA" || c.StatisticName != want.name || c.Value == nil || c.Value.String() != want.value || c.Unit != want.unit || !c.Reason.IsZero() {
			t.Errorf("%+v, want %+v", c, want)
		}
	}
	// A register that was not delivered is no zero.
	for _, c := range counts(func(m *factsMaker) { m.f.Covered = nil }) {
		if c.Value != nil || c.Reason.IsZero() {
			t.Errorf("%+v", c)
		}
	}
}
