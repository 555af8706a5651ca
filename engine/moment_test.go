package engine

import (
	"testing"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

func TestMomentsAreReadAndWritten(t *testing.T) {
	for in, want := range map[string]string{
		"2024-05-01 09:30":    "2024-05-01 09:30",
		"2024-05-01 09:30:15": "2024-05-01 09:30:15",
		"2024-05-01 00:00":    "2024-05-01",
		"2024-05-01 24:00":    "2024-05-02",
		"1969-12-31 23:59":    "1969-12-31 23:59",
		"2024-05-01 24:01":    "",
		"2024-05-01":          "",
		"2024-02-30 09:30":    "",
	} {
		x, err := ParseMoment(in)
		if got := MomentText(x); (err != nil) != (want == "") || err == nil && got != want {
			t.Errorf("%s: %s, %v", in, got, err)
		}
	}
}

func TestTheCutOffIsToldOnTheLocalClock(t *testing.T) {
	x, ok := momentOf("2024-10-31T17:30:00Z", 8*60)
	if !ok || MomentText(x) != "2024-11-01 01:30" {
		t.Errorf("%s", MomentText(x))
	}
	if _, ok := momentOf("", 0); ok {
		t.Error("nothing is no moment")
	}
}

// The number of records that must be checked is rounded up, and never more than
// there are.
func TestHowManyMustBeChecked(t *testing.T) {
	half, tenth := exact.Frac(1, 2), exact.Frac(1, 10)
	for _, test := range []struct {
		q    Sample
		all  int64
		want int64
	}{
		{Sample{Count: 20}, 19, 19}, {Sample{Count: 20}, 20, 20}, {Sample{Count: 20}, 21, 20},
		{Sample{Share: &half}, 3, 2}, {Sample{Share: &half}, 4, 2}, {Sample{Share: &tenth}, 10, 1}, {Sample{Share: &tenth}, 11, 2}, {Sample{Share: &tenth}, 0, 0},
	} {
		if got := test.q.need(test.all); got != test.want {
			t.Errorf("%s of %d: %d, want %d", test.q.leastText().EN, test.all, got, test.want)
		}
	}
}

func TestMidnightIsAMomentWhereTimesAreTold(t *testing.T) {
	for _, c := range []struct {
		name, received, closed string
		clock                  bool
		want                   FindingState
	}{
		{"closed at midnight before it came in", "2025-03-03 09:30", "2025-03-03 00:00", true, Unknown},
		{"closed on the day it came in", "2025-03-03", "2025-03-03", false, ""},
		{"closed at midnight, a moment after the limit", "2025-03-03 00:00", "2025-03-05 00:00", true, Late},
		{"closed on the day after the limit", "2025-03-03", "2025-03-05", false, Late},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newPack(t)
			m.register("cases", Field{ID: "received", Name: "received", Kind: formula.Date, Clock: c.clock}, Field{ID: "closed", Name: "closed", Kind: formula.Date, Clock: c.clock, Nullable: true})
			m.p.Ranking = Ranking{}
			m.p.Records.TimeLimits = []TimeLimit{{ID: "limit", Name: "limit", Register: "cases", From: "received", To: "closed", Within: Span{1, CalendarDays}}}
			facts := newFacts("2025H1")
			facts.subject("A", "property")
			facts.cover("cases")
			r := facts.record("cases", "A", "K", "2025-03-03")
			r.Fields["received"], r.Fields["closed"] = momentValue(t, c.received), momentValue(t, c.closed)
			found := evaluateIn(t, m.p, "2025H1", facts.f).Result().Findings
			switch {
			case c.want == "" && len(found) > 0:
				t.Errorf("found %s", found[0].Reason.EN)
			case c.want != "" && (len(found) != 1 || found[0].State != c.want):
				t.Errorf("found %+v, want %s", found, c.want)
			case c.want == Late && found[0].Late.IsZero() != c.clock:
				t.Errorf("late by %s days", found[0].Late)
			}
		})
	}
}

func momentValue(t *testing.T, s string) formula.Value {
	t.Helper()
	if len(s) == len("2025-03-03") {
		return dateValue(day(s))
	}
	n, err := ParseMoment(s)
	if err != nil {
		t.Fatal(err)
	}
	return formula.Value{Num: n}
}
