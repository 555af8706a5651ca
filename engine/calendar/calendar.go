package calendar

import (
	"fmt"
	"slices"
	"time"

	"kaoping/engine/exact"
)

// Year is what is announced for one year. Days are counted from 1970-01-01, as
// DayOf returns them.
type Year struct {
	Year     int
	Holidays []int64 // days off; a day that is a weekend anyway may be listed
	Workdays []int64 // weekend days that are worked (调休)
}

// Span is a part of a working day in minutes from midnight: From belongs to it,
// To does not. 13:30 to 17:30 is {810, 1050}; the day ends at 1440.
type Span struct{ From, To int }

// Calendar knows the working days of some years and the office hours, which are
// the same on every working day. It never changes; a nil Calendar knows no year.
type Calendar struct {
	years  map[int]*year
	office []Span
}

// year holds a flag for every day and how many working days came before it.
type year struct {
	first   int64 // 1 January
	working []bool
	before  []int64 // one more than days
}

// New makes a calendar in which Saturday and Sunday are days off unless a year
// says otherwise. office may be empty: then hours cannot be counted. It fails if
// a year comes twice or lies outside 1 to 9999, if a day lies outside its year,
// comes twice or is both off and worked, if a plain weekday is listed as worked
// instead, or if office hours are not in order within one day.
func New(years []Year, office []Span) (*Calendar, error) {
	c := &Calendar{years: map[int]*year{}, office: slices.Clone(office)}
	if err := checkOffice(office); err != nil {
		return nil, err
	}
	for _, y := range years {
		if _, twice := c.years[y.Year]; twice {
			return nil, fmt.Errorf("the calendar has the year %d twice", y.Year)
		}
		days, err := y.days()
		if err != nil {
			return nil, err
		}
		c.years[y.Year] = days
	}
	return c, nil
}

func checkOffice(office []Span) error {
	end := 0
	for _, s := range office {
		if s.From < end || s.To <= s.From || s.To > minutesOfDay {
			return fmt.Errorf("office hours %s to %s do not follow in order within one day", clock(s.From), clock(s.To))
		}
		end = s.To
	}
	return nil
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func (y Year) days() (*year, error) {
	if y.Year < 1 || y.Year > 9999 {
		return nil, fmt.Errorf("the calendar has no year %d", y.Year)
	}
	out := &year{first: DayOf(y.Year, time.January, 1)}
	out.working = make([]bool, DayOf(y.Year+1, time.January, 1)-out.first)
	for i := range out.working {
		out.working[i] = !isWeekend(out.first + int64(i))
	}
	listed := map[int64]bool{}
	for _, list := range []struct {
		days    []int64
		working bool
	}{{y.Holidays, false}, {y.Workdays, true}} {
		for _, d := range list.days {
			i := d - out.first
			switch {
			case i < 0 || i >= int64(len(out.working)):
				return nil, fmt.Errorf("%s does not lie in %d", dayText(d), y.Year)
			case listed[d]:
				return nil, fmt.Errorf("%s is listed twice", dayText(d))
			case list.working && !isWeekend(d):
				return nil, fmt.Errorf("%s is no weekend: it need not be listed as worked", dayText(d))
			}
			listed[d], out.working[i] = true, list.working
		}
	}
	out.before = make([]int64, len(out.working)+1)
	for i, w := range out.working {
		out.before[i+1] = out.before[i]
		if w {
			out.before[i+1]++
		}
	}
	return out, nil
}

// DayOf returns the days from 1970-01-01 to a civil day.
func DayOf(year int, month time.Month, day int) int64 {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsOfDay
}

const (
	secondsOfDay = 86400
	minutesOfDay = 1440
)

func timeOf(day int64) time.Time { return time.Unix(day*secondsOfDay, 0).UTC() }

func dayText(day int64) string { return timeOf(day).Format(time.DateOnly) }

func isWeekend(day int64) bool {
	w := timeOf(day).Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Years lists the years the calendar knows, in order.
func (c *Calendar) Years() []int {
	if c == nil {
		return nil
	}
	var list []int
	for y := range c.years {
		list = append(list, y)
	}
	slices.Sort(list)
	return list
}

// Office returns the office hours of a working day, in order.
func (c *Calendar) Office() []Span {
	if c == nil {
		return nil
	}
	return slices.Clone(c.office)
}

// MissingYear says that a count touches a year that is not in the calendar. The
// year is 0 where a moment lies outside the years 1 to 9999.
type MissingYear struct{ Year int }

// Error names the year.
func (e *MissingYear) Error() string { return fmt.Sprintf("the calendar has no year %d", e.Year) }

// NoHours says that hours cannot be counted: the calendar has no office hours.
type NoHours struct{}

// Error says so.
func (*NoHours) Error() string { return "the calendar has no office hours" }

// yearOf returns the year in which a day lies and the index of the day in it.
func (c *Calendar) yearOf(day int64) (*year, int64, error) {
	if day < earliest || day > latest {
		return nil, 0, &MissingYear{0}
	}
	number := timeOf(day).Year()
	if c != nil {
		if y, ok := c.years[number]; ok {
			return y, day - y.first, nil
		}
	}
	return nil, 0, &MissingYear{number}
}

// The first and last day that can be told: 0001-01-01 and 9999-12-31.
var earliest, latest = DayOf(1, time.January, 1), DayOf(9999, time.December, 31)

// Works reports whether the day is a working day. The error is a *MissingYear.
func (c *Calendar) Works(day int64) (bool, error) {
	y, i, err := c.yearOf(day)
	if err != nil {
		return false, err
	}
	return y.working[i], nil
}

// between counts the working days from the day first to the day last, both
// included; none if last lies before first.
func (c *Calendar) between(first, last int64) (int64, error) {
	n := int64(0)
	for first <= last {
		y, i, err := c.yearOf(first)
		if err != nil {
			return 0, err
		}
		end := min(last-y.first+1, int64(len(y.working)))
		n += y.before[end] - y.before[i]
		first = y.first + end
	}
	return n, nil
}

// WorkingDays counts the working days after the day of a, up to and including
// the day of b: received on Monday and closed on Thursday is 3, received on a day
// off and closed on the next working day is 1. Times of day do not matter. If b
// lies before a, the result is minus the count from b to a. A moment is a number
// of days since 1970-01-01. The error is a *MissingYear.
func (c *Calendar) WorkingDays(a, b exact.Num) (int64, error) {
	from, to, err := daysOf(a, b)
	if err != nil {
		return 0, err
	}
	if to < from {
		n, err := c.between(to+1, from)
		return -n, err
	}
	return c.between(from+1, to)
}

// AddWorkingDays returns the day of the n-th working day after the day of a; with
// n negative, of the n-th working day before it; with n 0, the day of a itself, be
// it a working day or not. The error is a *MissingYear.
func (c *Calendar) AddWorkingDays(a exact.Num, n int64) (int64, error) {
	day, err := dayOf(a)
	if err != nil {
		return 0, err
	}
	step := int64(1)
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		day += step
		works, err := c.Works(day)
		if err != nil {
			return 0, err
		}
		if works {
			n--
		}
	}
	return day, nil
}

// dayOf returns the day on which a moment lies.
func dayOf(a exact.Num) (int64, error) {
	floor := a.Round(0, exact.Down)
	if a.Sign() < 0 && !floor.Equal(a) {
		floor = floor.Sub(exact.Int(1))
	}
	day, ok := floor.Int64()
	if !ok || day < earliest || day > latest {
		return 0, &MissingYear{0}
	}
	return day, nil
}

func daysOf(a, b exact.Num) (from, to int64, err error) {
	if from, err = dayOf(a); err == nil {
		to, err = dayOf(b)
	}
	return from, to, err
}
