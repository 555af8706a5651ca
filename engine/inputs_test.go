package engine

import (
	"testing"
)

func TestNewerBatchComparesNumbers(t *testing.T) {
	for _, c := range [][3]string{{"", "B-000001", "B-000001"}, {"B-000009", "B-000010", "B-000010"}, {"B-999999", "B-1000000", "B-1000000"}, {"B-000002", "B-000001", "B-000002"}} {
		if got := newerBatch(c[0], c[1]); got != c[2] {
			t.Errorf("newerBatch(%s, %s) = %s", c[0], c[1], got)
		}
	}
}

// A gap in the middle of the period is found by its first day, however the loads
// that cover it overlap.
func TestFirstGap(t *testing.T) {
	half := period("2025H1")
	day := func(s string) Date {
		d, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	x := &factIndex{covered: map[string][]Coverage{}}
	x.addCoverage([]Coverage{
		{"cases", "A", day("2025-01-01"), day("2025-02-28")}, {"cases", "", day("2025-02-01"), day("2025-03-31")},
		{"cases", "A", day("2025-05-01"), day("2025-06-30")}, {"cases", "B", day("2025-04-01"), day("2025-06-30")},
	})
	for subject, want := range map[string]string{"A": "2025-04-01", "B": "2025-01-01", "C": "2025-01-01"} {
		if got := x.firstGap("cases", subject, half); got.String() != want {
			t.Errorf("%s: first gap %s, want %s", subject, got, want)
		}
	}
	x.addCoverage([]Coverage{{"cases", "", day("2024-12-01"), day("2025-04-30")}})
	for _, subject := range []string{"A", "B"} {
		if got := x.firstGap("cases", subject, half); !got.IsZero() || !x.covers("cases", subject, half) {
			t.Errorf("%s: %s is said to be a gap", subject, got)
		}
	}
}
