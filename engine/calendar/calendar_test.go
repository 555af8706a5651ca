package calendar

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kaoping/engine/exact"
)

// day reads 2024-10-01 or 2024-10-01 09:30.
func day(tb testing.TB, s string) exact.Num {
	tb.Helper()
	layout := time.DateOnly
	if len(s) > 10 {
		layout = "2006-01-02 15:04"
	}
	t, err := time.Parse(layout, s)
	if err != nil {
		tb.Fatal(err)
	}
	return exact.Frac(t.Unix(), secondsOfDay)
}

func number(tb testing.TB, s string) int64 {
	n, _ := day(tb, s).Int64()
	return n
}

// days lists the days from the first to the last.
func days(tb testing.TB, first, last string) (list []int64) {
	for d := number(tb, first); d <= number(tb, last); d++ {
		list = append(list, d)
	}
	return list
}

var officeHours = []Span{{8*60 + 30, 12 * 60}, {13*60 + 30, 17*60 + 30}}

// china has the National Day holidays of two years as the State Council ordered
// them; other holidays do not matter here.
func china(tb testing.TB) *Calendar {
	tb.Helper()
	c, err := New([]Year{
		{2024, days(tb, "2024-10-01", "2024-10-07"), []int64{number(tb, "2024-09-29"), number(tb, "2024-10-12")}},
		{2025, days(tb, "2025-10-01", "2025-10-08"), []int64{number(tb, "2025-09-28"), number(tb, "2025-10-11")}},
	}, officeHours)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestWorkingDaysAcrossTheOctoberHoliday(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     int64
	}{
		{"2024-09-30", "2024-09-30", 0},
		{"2024-09-30", "2024-10-07", 0},
		{"2024-09-30", "2024-10-08", 1},
		{"2024-09-30", "2024-10-10", 3}, // day 3
		{"2024-09-30", "2024-10-11", 4}, // day 4
		{"2024-10-11", "2024-10-12", 1}, // a Saturday that is worked
		{"2024-10-12", "2024-10-13", 0},
		{"2024-09-27", "2024-09-28", 0}, // an ordinary Saturday
		{"2024-09-27", "2024-09-29", 1}, // a Sunday that is worked
		{"2024-10-03", "2024-10-08", 1}, // received on a day off
		{"2024-10-03", "2024-10-05", 0},
		{"2025-09-30", "2025-10-08", 0},
		{"2025-09-30", "2025-10-11", 3}, // day 3 is the Saturday that is worked
		{"2025-09-30", "2025-10-13", 4},
		{"2025-09-26", "2025-09-29", 2},
		{"2024-12-31", "2025-01-02", 2}, // New Year is not listed here
		{"2024-10-10", "2024-09-30", -3},
		{"2024-09-30 23:59", "2024-10-08 00:01", 1}, // times of day do not matter
		{"2024-10-08 00:01", "2024-10-08 23:59", 0},
		{"2023-12-31", "2024-01-01", 1}, // the day of receipt itself is not counted
	} {
		got, err := china(t).WorkingDays(day(t, test.from), day(t, test.to))
		if err != nil || got != test.want {
			t.Errorf("from %s to %s: %d %v, want %d", test.from, test.to, got, err, test.want)
		}
	}
}

func TestAddingWorkingDays(t *testing.T) {
	for _, test := range []struct {
		from string
		n    int64
		want string
	}{
		{"2024-09-30", 0, "2024-09-30"},
		{"2024-10-03", 0, "2024-10-03"},
		{"2024-09-30", 1, "2024-10-08"},
		{"2024-09-30", 3, "2024-10-10"},
		{"2024-09-30", 4, "2024-10-11"},
		{"2024-09-30", 5, "2024-10-12"},
		{"2024-09-30 16:00", 6, "2024-10-14"},
		{"2025-09-30", 3, "2025-10-11"},
		{"2024-10-08", -1, "2024-09-30"},
		{"2024-10-08", -2, "2024-09-29"},
	} {
		got, err := china(t).AddWorkingDays(day(t, test.from), test.n)
		if err != nil || got != number(t, test.want) {
			t.Errorf("%s and %d: %s %v, want %s", test.from, test.n, dayText(got), err, test.want)
		}
	}
}

func TestWorkingHours(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     exact.Num
	}{
		{"2024-09-30 09:00", "2024-09-30 09:00", exact.Int(0)},
		{"2024-09-30 11:00", "2024-09-30 14:00", exact.Frac(3, 2)}, // over lunch
		{"2024-09-30 12:00", "2024-09-30 13:30", exact.Int(0)},
		{"2024-09-30 12:30", "2024-09-30 13:31", exact.Frac(1, 60)},
		{"2024-09-30 07:00", "2024-09-30 08:31", exact.Frac(1, 60)},
		{"2024-09-30 00:00", "2024-10-01 00:00", exact.Frac(15, 2)},
		{"2024-09-30 17:00", "2024-10-08 09:00", exact.Int(1)}, // over the holiday
		{"2024-10-03 10:00", "2024-10-08 09:30", exact.Int(1)}, // received on a day off
		{"2024-09-30 08:30", "2024-10-09 13:00", exact.Frac(37, 2)},
		{"2024-10-08 09:00", "2024-09-30 17:00", exact.Int(-1)},
		{"2025-12-31 17:00", "2026-01-01 00:00", exact.Frac(1, 2)}, // 2026 is not touched
	} {
		got, err := china(t).WorkingHours(day(t, test.from), day(t, test.to))
		if err != nil || !got.Equal(test.want) {
			t.Errorf("from %s to %s: %s %v, want %s", test.from, test.to, got, err, test.want)
		}
	}
}

func TestAddingWorkingHours(t *testing.T) {
	for _, test := range []struct {
		from  string
		hours exact.Num
		want  string
	}{
		{"2024-09-30 09:00", exact.Int(0), "2024-09-30 09:00"},
		{"2024-09-30 09:00", exact.Int(3), "2024-09-30 12:00"}, // when the morning ends
		{"2024-09-30 09:00", exact.Frac(181, 60), "2024-09-30 13:31"},
		{"2024-09-30 09:00", exact.Int(7), "2024-09-30 17:30"},
		{"2024-09-30 09:00", exact.Int(8), "2024-10-08 09:30"},
		{"2024-09-30 12:45", exact.Int(4), "2024-09-30 17:30"},
		{"2024-10-03 10:00", exact.Int(8), "2024-10-09 09:00"},
		{"2024-09-30 20:00", exact.Int(1), "2024-10-08 09:30"},
		{"2024-09-30 08:30", exact.Int(24), "2024-10-10 10:00"},
	} {
		got, err := china(t).AddWorkingHours(day(t, test.from), test.hours)
		if err != nil || !got.Equal(day(t, test.want)) {
			t.Errorf("%s and %s: %s %v, want %s", test.from, test.hours, got, err, test.want)
		}
	}
}

func TestAYearThatIsNotThereIsNamed(t *testing.T) {
	c := china(t)
	check := func(what string, err error, year int) {
		t.Helper()
		var missing *MissingYear
		if !errors.As(err, &missing) || missing.Year != year {
			t.Errorf("%s: %v, want the year %d", what, err, year)
		}
	}
	_, err := c.WorkingDays(day(t, "2025-12-31"), day(t, "2026-01-01"))
	check("days", err, 2026)
	_, err = c.WorkingDays(day(t, "2023-05-01"), day(t, "2024-01-03"))
	check("days", err, 2023)
	_, err = c.AddWorkingDays(day(t, "2025-12-31"), 1)
	check("add", err, 2026)
	_, err = c.AddWorkingDays(day(t, "2024-01-01"), -1)
	check("add", err, 2023)
	_, err = c.WorkingHours(day(t, "2025-12-31 12:00"), day(t, "2026-01-01 00:01"))
	check("hours", err, 2026)
	_, err = c.AddWorkingHours(day(t, "2025-12-31 12:00"), exact.Int(8))
	check("add hours", err, 2026)
	_, err = (*Calendar)(nil).WorkingDays(day(t, "2024-01-01"), day(t, "2024-01-02"))
	check("no calendar", err, 2024)
	_, err = c.WorkingDays(exact.Int(1<<60), exact.Int(1<<61))
	check("far away", err, 0)
	if n, err := c.WorkingDays(day(t, "2030-01-01"), day(t, "2030-01-01")); n != 0 || err != nil {
		t.Errorf("the same day: %d %v, no year is needed", n, err)
	}
}

func TestHoursNeedOfficeHours(t *testing.T) {
	c, err := New([]Year{{Year: 2024}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var none *NoHours
	for _, c := range []*Calendar{c, nil} {
		if _, err := c.WorkingHours(day(t, "2024-01-02"), day(t, "2024-01-03")); !errors.As(err, &none) {
			t.Error(err)
		}
		if _, err := c.AddWorkingHours(day(t, "2024-01-02"), exact.Int(1)); !errors.As(err, &none) {
			t.Error(err)
		}
	}
}

func TestCalendarsThatCannotBe(t *testing.T) {
	d := func(s string) []int64 { return []int64{number(t, s)} }
	for _, test := range []struct {
		why    string
		years  []Year
		office []Span
	}{
		{"a year twice", []Year{{Year: 2024}, {Year: 2024}}, nil},
		{"year 0", []Year{{Year: 0}}, nil},
		{"a day of another year", []Year{{Year: 2024, Holidays: d("2025-01-01")}}, nil},
		{"off and worked", []Year{{2024, d("2024-10-12"), d("2024-10-12")}}, nil},
		{"off twice", []Year{{Year: 2024, Holidays: append(d("2024-10-01"), d("2024-10-01")...)}}, nil},
		{"a Tuesday worked", []Year{{Year: 2024, Workdays: d("2024-10-08")}}, nil},
		{"overlapping hours", nil, []Span{{480, 720}, {700, 1000}}},
		{"hours backwards", nil, []Span{{480, 480}}},
		{"hours past midnight", nil, []Span{{480, 1441}}},
		{"hours before midnight", nil, []Span{{-1, 60}}},
	} {
		if _, err := New(test.years, test.office); err == nil {
			t.Errorf("%s is accepted", test.why)
		}
	}
}

// walk counts minute by minute and day by day.
func walk(c *Calendar, from, to int64) (workdays, minutes int64) {
	for m := from; m < to; m++ {
		if works, _ := c.Works(m / minutesOfDay); works {
			for _, s := range c.office {
				if at := int(m % minutesOfDay); at >= s.From && at < s.To {
					minutes++
				}
			}
		}
	}
	for d := from/minutesOfDay + 1; d <= to/minutesOfDay; d++ {
		if works, _ := c.Works(d); works {
			workdays++
		}
	}
	return workdays, minutes
}

func TestCountsAgreeWithWalking(t *testing.T) {
	c := china(t)
	rapid.Check(t, func(t *rapid.T) {
		start := DayOf(2024, 9, 20) * minutesOfDay
		from := start + rapid.Int64Range(0, 40*minutesOfDay).Draw(t, "from")
		to := from + rapid.Int64Range(0, 30*minutesOfDay).Draw(t, "length")
		a, b := exact.Frac(from, minutesOfDay), exact.Frac(to, minutesOfDay)
		workdays, minutes := walk(c, from, to)
		n, err := c.WorkingDays(a, b)
		if err != nil || n != workdays {
			t.Fatalf("%d working days, %v, want %d", n, err, workdays)
		}
		h, err := c.WorkingHours(a, b)
		if err != nil || !h.Equal(exact.Frac(minutes, 60)) {
			t.Fatalf("%s hours, %v, want %d minutes", h, err, minutes)
		}
		due, err := c.AddWorkingHours(a, h)
		if err != nil || due.Cmp(b) > 0 {
			t.Fatalf("%s hours end at %s, %v, not after %s", h, due, err, b)
		}
		if back, _ := c.WorkingHours(a, due); !back.Equal(h) {
			t.Fatalf("%s hours until the end of %s", back, h)
		}
		if n > 0 {
			last, err := c.AddWorkingDays(a, n)
			if works, _ := c.Works(last); err != nil || !works || last > to/minutesOfDay {
				t.Fatalf("working day %d is %s, %v", n, dayText(last), err)
			}
			if again, _ := c.WorkingDays(a, exact.Int(last)); again != n {
				t.Fatalf("%d working days until working day %d", again, n)
			}
		}
	})
}

func TestDaysBefore1970(t *testing.T) {
	c, err := New([]Year{{Year: 1969}, {Year: 1970}}, officeHours)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := c.WorkingDays(day(t, "1969-12-31 12:00"), day(t, "1970-01-02")); n != 2 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if h, err := c.WorkingHours(day(t, "1969-12-31 17:00"), day(t, "1970-01-01 09:00")); !h.Equal(exact.Int(1)) || err != nil {
		t.Errorf("%s %v", h, err)
	}
}
