package engine

import (
	"testing"

	"kaoping/engine/exact"
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
