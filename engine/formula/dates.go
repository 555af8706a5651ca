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

func day(x exact.Num) time.Time {
	n, _, _ := x.Small()
	return time.Unix(n*86400, 0).UTC()
}
