package schedule

import (
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/calendar"
)

// job reads one entry.
func job(t *testing.T, text string) *Job {
	t.Helper()
	var e Config
	if err := yaml.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	jobs, problems := Compile([]Config{e})
	if problems != nil {
		t.Fatal(problems)
	}
	return jobs[0]
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	when, err := time.Parse("2006-01-02 15:04 -0700", s)
	if err != nil {
		t.Fatal(err)
	}
	return when.UTC()
}

// october is the National Day holiday of 2025: 1 to 8 October off, 28 September
// and 11 October worked.
func october(t *testing.T) *calendar.Calendar {
	t.Helper()
	y := calendar.Year{Year: 2025, Workdays: []int64{calendar.DayOf(2025, 9, 28), calendar.DayOf(2025, 10, 11)}}
	for d := 1; d <= 8; d++ {
		y.Holidays = append(y.Holidays, calendar.DayOf(2025, 10, d))
	}
	c, err := calendar.New([]calendar.Year{y}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSlotsAndDaysOff(t *testing.T) {
	for _, test := range []struct{ name, job, after, want string }{
		{"Shanghai unless it says otherwise", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 * * *}", "2025-09-30 08:30 +0800", "2025-10-01 08:30 +0800"},
		{"another time zone", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 * * *, time_zone: Asia/Tokyo}", "2025-09-30 08:30 +0900", "2025-10-01 08:30 +0900"},
		{"days off are skipped", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 * * *, calendar: cn}", "2025-09-30 08:30 +0800", "2025-10-09 08:30 +0800"},
		{"a Sunday that is worked counts", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 * * *, calendar: cn}", "2025-09-27 08:30 +0800", "2025-09-28 08:30 +0800"},
		{"moved to the next working day", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 5 * *, calendar: cn, day_off: next working day}", "2025-09-30 08:30 +0800", "2025-10-09 08:30 +0800"},
		{"what was moved is found from within the holiday", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 5 * *, calendar: cn, day_off: next working day}", "2025-10-07 08:30 +0800", "2025-10-09 08:30 +0800"},
		{"moved to the working day before", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 5 * *, calendar: cn, day_off: previous working day}", "2025-09-30 08:29 +0800", "2025-09-30 08:30 +0800"},
		{"what was moved to the day before comes once", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 5 * *, calendar: cn, day_off: previous working day}", "2025-09-30 08:30 +0800", "2025-11-05 08:30 +0800"},
		{"a week of moved slots is one", "{job: a, kind: ingest, file: f, target: t, cron: 30 8 * * *, calendar: cn, day_off: next working day}", "2025-10-09 08:30 +0800", "2025-10-10 08:30 +0800"},
	} {
		got, err := job(t, test.job).next(at(t, test.after), october(t))
		if err != nil || !got.Equal(at(t, test.want)) {
			t.Errorf("%s: %v, %v; want %s", test.name, got, err, test.want)
		}
	}
}

func TestAYearThatTheCalendarLacksIsAnError(t *testing.T) {
	j := job(t, "{job: a, kind: ingest, file: f, target: t, cron: 0 8 * * *, calendar: cn}")
	_, err := j.next(at(t, "2025-12-31 08:00 +0800"), october(t))
	if text := textOf(missingYear(j, err)); !strings.Contains(text.EN, "no year 2026") {
		t.Errorf("%v", text)
	}
}

// shanghai assesses the first half of a year and the whole year.
var shanghai = &engine.Pack{Name: "sh", Periods: []engine.PeriodKind{
	{ID: "half_year", FirstDay: engine.MonthDay{Month: 1, Day: 1}, LastDay: engine.MonthDay{Month: 6, Day: 30}, ReportDue: engine.MonthDay{Month: 7, Day: 20}},
	{ID: "annual", FirstDay: engine.MonthDay{Month: 1, Day: 1}, LastDay: engine.MonthDay{Month: 12, Day: 31}, ReportDue: engine.MonthDay{Month: 1, Day: 25}, DueNextYear: true},
}}

func TestTheCutOffDayBelongsToIt(t *testing.T) {
	for _, cut := range []string{"report due", "[07-20, 01-25]"} {
		j := job(t, "{job: a, kind: run, pack: sh, cron: 0 1 * * *, period: period that ended, cut_off: "+cut+"}")
		around := surroundings{pack: shanghai}
		since := at(t, "2025-01-01 00:00 +0800")
		items, err := j.dueBetween(since, at(t, "2025-07-21 00:59 +0800"), around)
		if err != nil || len(items) != 1 || items[0].Key != "2024" {
			t.Fatalf("before the first slot: %+v, %v", items, err)
		}
		items, err = j.dueBetween(since, at(t, "2026-01-26 01:00 +0800"), around)
		if err != nil || len(items) != 3 {
			t.Fatalf("%+v, %v", items, err)
		}
		for i, want := range []struct{ key, slot, asOf string }{
			{"2024", "2025-01-26 01:00 +0800", "2025-01-25T15:59:59.999999Z"},
			{"2025H1", "2025-07-21 01:00 +0800", "2025-07-20T15:59:59.999999Z"},
			{"2025", "2026-01-26 01:00 +0800", "2026-01-25T15:59:59.999999Z"},
		} {
			if asOf := items[i].AsOf.Format("2006-01-02T15:04:05.000000Z"); items[i].Key != want.key || !items[i].Slot.Equal(at(t, want.slot)) || asOf != want.asOf {
				t.Errorf("%d: %+v", i, items[i])
			}
		}
	}
}

func TestTheHalfYearThatEnded(t *testing.T) {
	j := job(t, "{job: a, kind: run, pack: sh, cron: 0 1 * * *, period: half-year that ended}")
	for day, want := range map[string]string{
		"2025-06-30 23:59 +0800": "2024H2", "2025-07-01 00:00 +0800": "2025H1", "2026-01-01 00:00 +0800": "2025H2",
		"2025-06-30 17:00 +0000": "2025H1",
	} {
		if p := j.periodAt(at(t, day), nil); p.String() != want {
			t.Errorf("%s: %s", day, p)
		}
	}
	fixed := job(t, "{job: a, kind: run, pack: sh, cron: 0 1 * * *, period: 2023H2}")
	if p := fixed.periodAt(at(t, "2025-06-30 23:59 +0800"), nil); p.String() != "2023H2" {
		t.Error(p)
	}
}

func TestOnlyTheLatestOfMissedSlotsIsDue(t *testing.T) {
	j := job(t, "{job: a, kind: ingest, file: f, target: t, cron: 0 8 * * *}")
	for _, test := range []struct{ since, now, want string }{
		{"2025-07-01 08:00 +0800", "2025-07-02 07:59 +0800", ""},
		{"2025-07-01 08:00 +0800", "2025-07-02 08:00 +0800", "2025-07-02T00:00:00Z"},
		{"2025-07-01 08:00 +0800", "2025-09-30 12:00 +0800", "2025-09-30T00:00:00Z"},
		{"2015-07-01 08:00 +0800", "2025-09-30 07:00 +0800", "2025-09-29T00:00:00Z"},
		{"2025-09-30 08:00 +0800", "2025-09-01 08:00 +0800", ""}, // the clock was set back
	} {
		items, err := j.dueBetween(at(t, test.since), at(t, test.now), surroundings{})
		switch {
		case err != nil:
			t.Error(err)
		case test.want == "" && len(items) != 0, test.want != "" && (len(items) != 1 || items[0].Key != test.want):
			t.Errorf("%s to %s: %+v", test.since, test.now, items)
		}
	}
	for _, off := range []string{"skip", "next working day", "previous working day"} {
		last := job(t, "{job: a, kind: ingest, file: f, target: t, cron: 0 8 * * *, calendar: cn, day_off: "+off+"}")
		items, err := last.dueBetween(at(t, "2025-12-29 09:00 +0800"), at(t, "2025-12-31 12:00 +0800"), surroundings{days: october(t)})
		if err != nil || len(items) != 1 || items[0].Key != "2025-12-31T00:00:00Z" {
			t.Errorf("the last day of a year whose successor is not known, %s: %+v, %v", off, items, err)
		}
	}
	rare := job(t, "{job: a, kind: ingest, file: f, target: t, cron: 0 8 29 2 *}")
	if items, err := rare.dueBetween(at(t, "2023-01-01 00:00 +0800"), at(t, "2025-12-01 00:00 +0800"), surroundings{}); err != nil || len(items) != 1 || items[0].Key != "2024-02-29T00:00:00Z" {
		t.Errorf("%+v, %v", items, err)
	}
}

// A job keeps its slots when the machine's own time zone changes, and its items
// are named without one.
func TestTheTimeZoneOfTheMachineDoesNotMatter(t *testing.T) {
	before := time.Local
	defer func() { time.Local = before }()
	var first []Item
	for _, zone := range []string{"UTC", "America/Los_Angeles", "Pacific/Kiritimati"} {
		location, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = location
		j := job(t, "{job: a, kind: run, pack: sh, cron: 0 1 * * *, period: period that ended, cut_off: report due}")
		items, err := j.dueBetween(at(t, "2025-01-01 00:00 +0800").Local(), at(t, "2026-01-26 01:00 +0800").Local(), surroundings{pack: shanghai})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = items
		}
		if len(items) != 3 || items[1] != first[1] {
			t.Errorf("%s: %+v", zone, items)
		}
	}
}

func TestWrongEntries(t *testing.T) {
	for entry, want := range map[string]string{
		"{job: a, kind: run, pack: p, period: 2025H1, cron: '0 0 30 2 *'}":                    "there is no such day",
		"{job: a, kind: run, pack: p, period: 2025H1, cron: '@every 5m'}":                     "@every",
		"{job: a, kind: run, pack: p, period: 2025H1, cron: 'CRON_TZ=UTC 0 0 * * *'}":         "time_zone",
		"{job: a, kind: run, pack: p, period: 2025H1, cron: '0 0 * *'}":                       "cron",
		"{job: a, kind: run, pack: p, period: 2025H1, cron: '0 25 * * *'}":                    "cron",
		"{job: a, kind: run, pack: p, cron: '0 0 * * *'}":                                     "period: ?",
		"{job: a, kind: run, period: 2025H1, cron: '0 0 * * *'}":                              "pack: ?",
		"{job: a, kind: run, pack: p, period: 2025H1, cut_off: 07-20, cron: '0 0 * * *'}":     "cut_off: needs period",
		"{job: a, kind: runs, cron: '0 0 * * *'}":                                             "kind:",
		"{job: '', kind: ingest, source: s, cron: '0 0 * * *'}":                               "job:",
		"{job: a, kind: ingest, cron: '0 0 * * *'}":                                           "source: ?",
		"{job: a, kind: ingest, source: s, day_off: skip, cron: '0 0 * * *'}":                 "day_off: needs calendar",
		"{job: a, kind: ingest, source: s, calendar: cn, day_off: never, cron: '0 0 * * *'}":  "day_off:",
		"{job: a, kind: ingest, source: s, time_zone: Mars, cron: '0 0 * * *'}":               "time_zone:",
		"{job: a, kind: ingest, source: s, to: [webhook], cron: '0 0 * * *'}":                 "to: only for",
		"{job: a, kind: notify, cron: '0 0 * * *'}":                                           "to: ?",
		"{job: a, kind: notify, to: [somebody], cron: '0 0 * * *'}":                           "to:",
		"{job: a, kind: report, pack: p, period: 2025H1, formats: [docx], cron: '0 0 * * *'}": "formats:",
		"{job: a, kind: ingest, source: s, after: [b], cron: '0 0 * * *'}":                    "after:",
		"{job: a, kind: ingest, source: s, period: yesterday, cron: '0 0 * * *'}":             "period:",
	} {
		var e Config
		if err := yaml.Unmarshal([]byte(entry), &e); err != nil {
			t.Fatalf("%s: %v", entry, err)
		}
		if _, problems := Compile([]Config{e}); !strings.Contains(strings.Join(problems, "; "), want) {
			t.Errorf("%s: %v", entry, problems)
		}
	}
	for _, cut := range []string{"7-20", "02-29", "13-01", "[07-20, report due]"} {
		var e Config
		if err := yaml.Unmarshal([]byte("{cut_off: "+cut+"}"), &e); err == nil {
			t.Errorf("cut_off %s is accepted", cut)
		}
	}
	same := Config{Job: "a", Kind: Ingest, Source: "s", Cron: "0 0 * * *"}
	if _, problems := Compile([]Config{same, same}); len(problems) != 1 || !strings.Contains(problems[0], "twice") {
		t.Errorf("%v", problems)
	}
}
