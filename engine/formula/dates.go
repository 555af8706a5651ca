package formula

import (
	"time"

	"kaoping/engine/exact"
)

// fullYears counts the calendar years that lie wholly between two days, both of
// which belong: from 1 January 2023 to 31 December 2024 there are two.
func fullYears(from, to exact.Num) int64 {
	first, last := day(from), day(to)
	begin := first.Year()
	if first.YearDay() != 1 {
		begin++
	}
	end := last.Year()
	if last.AddDate(0, 0, 1).Year() != end {
		end++
	}
	return int64(max(end-begin, 0))
}

// day returns the day on which a moment lies.
func day(x exact.Num) time.Time {
	n, _ := floor(x).Int64()
	return time.Unix(n*86400, 0).UTC()
}

// floor returns the largest whole number that is not above x.
func floor(x exact.Num) exact.Num {
	n := x.Round(0, exact.Down)
	if x.Sign() < 0 && !n.Equal(x) {
		n = n.Sub(exact.Int(1))
	}
	return n
}

// moment writes a day, and the time of day if there is one.
func moment(x exact.Num) string {
	midnight := floor(x)
	at := day(x)
	if x.Equal(midnight) {
		return at.Format(time.DateOnly)
	}
	seconds, _ := x.Sub(midnight).Mul(exact.Int(86400)).Round(0, exact.Down).Int64()
	at = at.Add(time.Duration(seconds) * time.Second)
	if seconds%60 == 0 {
		return at.Format("2006-01-02 15:04")
	}
	return at.Format(time.DateTime)
}

// parseMoment reads 2024-06-30 or 2024-06-30 09:30.
func parseMoment(s string) (exact.Num, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return exact.Frac(t.Unix(), 86400), true
		}
	}
	return exact.Num{}, false
}
