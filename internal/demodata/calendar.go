package demodata

import "time"

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err) // a slip in the tables of this package
	}
	return t
}

// daysOff are public holidays on a Monday to Friday in mainland China, first and
// last day of each, from 2023 to the summer of 2025.
var daysOff = [][2]string{
	{"2023-01-02", "2023-01-02"}, {"2023-01-23", "2023-01-27"}, {"2023-04-05", "2023-04-05"},
	{"2023-05-01", "2023-05-03"}, {"2023-06-22", "2023-06-23"}, {"2023-09-29", "2023-10-06"},
	{"2024-01-01", "2024-01-01"}, {"2024-02-12", "2024-02-16"}, {"2024-04-04", "2024-04-05"},
	{"2024-05-01", "2024-05-03"}, {"2024-06-10", "2024-06-10"}, {"2024-09-16", "2024-09-17"},
	{"2024-10-01", "2024-10-07"}, {"2025-01-01", "2025-01-01"}, {"2025-01-28", "2025-02-04"},
	{"2025-04-04", "2025-04-04"}, {"2025-05-01", "2025-05-05"}, {"2025-06-02", "2025-06-02"},
}

// workedWeekends are Saturdays and Sundays worked in exchange (调休).
var workedWeekends = map[string]bool{
	"2023-01-28": true, "2023-01-29": true, "2023-04-23": true, "2023-05-06": true,
	"2023-06-25": true, "2023-10-07": true, "2023-10-08": true,
	"2024-02-04": true, "2024-02-18": true, "2024-04-07": true, "2024-04-28": true,
	"2024-05-11": true, "2024-09-14": true, "2024-09-29": true, "2024-10-12": true,
	"2025-01-26": true, "2025-02-08": true, "2025-04-27": true,
}

func isWorkday(d time.Time) bool {
	if workedWeekends[d.Format(time.DateOnly)] {
		return true
	}
	if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		return false
	}
	for _, off := range daysOff {
		if !d.Before(day(off[0])) && !d.After(day(off[1])) {
			return false
		}
	}
	return true
}

// workdaysLater returns the nth working day after d.
func workdaysLater(d time.Time, n int) time.Time {
	for n > 0 {
		d = d.AddDate(0, 0, 1)
		if isWorkday(d) {
			n--
		}
	}
	return d
}

// workdayIn returns a random working day from first to last.
func workdayIn(r *random, first, last time.Time) time.Time {
	for {
		if d := dayIn(r, first, last); isWorkday(d) {
			return d
		}
	}
}

// dayIn returns a random day from first to last, both included.
func dayIn(r *random, first, last time.Time) time.Time {
	days := int(last.Sub(first).Hours()) / 24
	return first.AddDate(0, 0, r.between(0, days))
}
