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

// day turns days since 1970-01-01, with a time of day as their fraction, into a time.
func day(x exact.Num) time.Time {
	seconds, _ := x.Mul(exact.Int(86400)).Round(0, exact.Down).Int64()
	return time.Unix(seconds, 0).UTC()
}
