package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kaoping/engine/calendar"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// oracleCase is a record as the oracles see it: plain values, times as time.Time.
type oracleCase struct {
	subject, key, account, holder string
	times                         int
	checked                       bool
	received, closed              time.Time // closed zero: open
}

// The holidays of the oracles' calendar: 1 to 8 October 2025 with two worked
// weekend days.
var (
	oracleOff    = []string{"2025-10-01", "2025-10-02", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08"}
	oracleWorked = []string{"2025-09-28", "2025-10-11"}
)

func oracleWorks(d time.Time) bool {
	s := d.Format(time.DateOnly)
	switch {
	case slices.Contains(oracleOff, s):
		return false
	case slices.Contains(oracleWorked, s):
		return true
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// oracleEnd walks to the first moment that is too late, minute by minute for
// hours and day by day for days.
func oracleEnd(from time.Time, s Span) time.Time {
	midnight := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	switch s.Unit {
	case SameDay:
		return midnight.AddDate(0, 0, 1)
	case CalendarDays:
		return midnight.AddDate(0, 0, int(s.N)+1)
	case WorkingDays:
		day := midnight
		for n := int64(0); n < s.N; {
			day = day.AddDate(0, 0, 1)
			if oracleWorks(day) {
				n++
			}
		}
		return day.AddDate(0, 0, 1)
	case OfficeHours:
		at := from
		for left := s.N * 60; left > 0; at = at.Add(time.Minute) {
			if minute := at.Hour()*60 + at.Minute(); oracleWorks(at) && (minute >= 540 && minute < 720 || minute >= 840 && minute < 1080) {
				left--
			}
		}
		return at.Add(time.Minute)
	case ClockMinutes:
		return from.Add(time.Duration(s.N+1) * time.Minute)
	}
	return from.Add(time.Duration(s.N)*time.Hour + time.Minute)
}

// oracleLimit is the state of a case under a limit, the period ending with 2025.
func oracleLimit(c oracleCase, within Span, target *Span) FindingState {
	periodEnd := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	tooLate := oracleEnd(c.received, within)
	open := c.closed.IsZero()
	switch {
	case !open && c.closed.Before(c.received):
		return Unknown
	case open && periodEnd.After(tooLate):
		return Overdue
	case !open && !c.closed.Before(tooLate):
		return Late
	case target != nil && !open && !c.closed.Before(oracleEnd(c.received, *target)):
		return TargetMissed
	case target != nil && open && periodEnd.After(oracleEnd(c.received, *target)):
		return TargetMissed
	}
	return ""
}

func oracleCalendar(t *testing.T) *calendar.Calendar {
	t.Helper()
	numbers := func(days []string) (out []int64) {
		for _, d := range days {
			out = append(out, day(d).DayNumber())
		}
		return out
	}
	c, err := calendar.New([]calendar.Year{{Year: 2025, Holidays: numbers(oracleOff), Workdays: numbers(oracleWorked)}}, []calendar.Span{{From: 540, To: 720}, {From: 840, To: 1080}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func drawSpan(rt *rapid.T) Span {
	unit := rapid.SampledFrom([]SpanUnit{SameDay, CalendarDays, WorkingDays, ClockHours, OfficeHours, ClockMinutes}).Draw(rt, "unit")
	if unit == SameDay {
		return Span{0, unit}
	}
	return Span{rapid.Int64Range(1, 30).Draw(rt, "n"), unit}
}

func drawCases(rt *rapid.T) []oracleCase {
	from := time.Date(2025, 9, 22, 0, 0, 0, 0, time.UTC)
	moment := func(days int) time.Time {
		t := from.AddDate(0, 0, rapid.IntRange(0, days).Draw(rt, "day"))
		return t.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 539, 540, 719, 720, 721, 840, 1080, 1439}).Draw(rt, "minute")) * time.Minute)
	}
	var cases []oracleCase
	for i := range rapid.IntRange(0, 12).Draw(rt, "cases") {
		c := oracleCase{
			subject: rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "subject"), key: fmt.Sprintf("K%02d", i),
			account: rapid.SampledFrom([]string{"", "1", "2", "3"}).Draw(rt, "account"), holder: rapid.SampledFrom([]string{"", "x", "y"}).Draw(rt, "holder"),
			times: rapid.IntRange(1, 2).Draw(rt, "times"), checked: rapid.Bool().Draw(rt, "checked"), received: moment(20),
		}
		if rapid.IntRange(0, 3).Draw(rt, "open") > 0 {
			c.closed = moment(30)
		}
		cases = append(cases, c)
	}
	return cases
}

func recordsPack(t *testing.T) (*packMaker, []formula.Symbol) {
	m := newPack(t)
	m.p.Ranking, m.p.Calendar = Ranking{}, oracleCalendar(t)
	fields := m.register("cases",
		Field{ID: "received", Name: "received", Kind: formula.Date, Clock: true}, Field{ID: "closed", Name: "closed", Kind: formula.Date, Clock: true, Nullable: true},
		Field{ID: "account", Name: "account", Kind: formula.Text, Nullable: true}, Field{ID: "holder", Name: "holder", Kind: formula.Text, Nullable: true},
		Field{ID: "checked", Name: "checked", Kind: formula.Bool})
	return m, fields
}

func caseFacts(cases []oracleCase) *Facts {
	facts := newFacts("2025")
	facts.subject("A", "property")
	facts.subject("B", "property")
	facts.cover("cases")
	value := func(t time.Time) formula.Value { return formula.Value{Num: exact.Frac(t.Unix(), 86400)} }
	text := func(s string) formula.Value { return formula.Value{Text: s, Null: s == ""} }
	for _, c := range cases {
		r := facts.record("cases", c.subject, c.key, c.received.Format(time.DateOnly))
		r.Times = c.times
		r.Fields["received"], r.Fields["account"], r.Fields["holder"] = value(c.received), text(c.account), text(c.holder)
		r.Fields["checked"] = formula.Value{Bool: c.checked}
		if !c.closed.IsZero() {
			r.Fields["closed"] = value(c.closed)
		}
	}
	return facts.f
}

func TestTimeLimitsAgreeWithWalking(t *testing.T) {
	m, _ := recordsPack(t)
	rapid.Check(t, func(rt *rapid.T) {
		within, target := drawSpan(rt), drawSpan(rt)
		limit := TimeLimit{ID: "limit", Name: "limit", Register: "cases", From: "received", To: "closed", Within: within}
		if rapid.Bool().Draw(rt, "with a target") {
			limit.Target = &target
		}
		m.p.Records = RecordRules{TimeLimits: []TimeLimit{limit}}
		cases := drawCases(rt)
		var want, got []string
		for _, c := range cases {
			if state := oracleLimit(c, within, limit.Target); state != "" {
				want = append(want, c.key+" "+string(state))
			}
		}
		for _, f := range evaluateIn(t, m.p, "2025", caseFacts(cases)).Result().Findings {
			got = append(got, strings.Join(f.Records, ",")+" "+string(f.State))
		}
		compareSorted(rt, fmt.Sprintf("within %v, target %v", within, limit.Target), got, want)
	})
}

// oracleBundles groups the keys of cases by subject and a value that is not empty.
func oracleBundles(cases []oracleCase, by func(oracleCase) string, apart bool) map[string][]oracleCase {
	out := map[string][]oracleCase{}
	for _, c := range cases {
		if v := by(c); v != "" {
			if apart {
				v = c.subject + "/" + v
			}
			out[v] = append(out[v], c)
		}
	}
	return out
}

func keysText(cases []oracleCase) string {
	var keys []string
	for _, c := range cases {
		keys = append(keys, c.key)
	}
	slices.Sort(keys)
	return strings.Join(keys, ",")
}

func TestFlagsAndSamplesAgreeWithCounting(t *testing.T) {
	m, fields := recordsPack(t)
	checked := m.exprOver("checked == 是", append(fields, m.symbols...))
	account := func(c oracleCase) string { return c.account }
	rapid.Check(t, func(rt *rapid.T) {
		least, percent, all := rapid.Int64Range(2, 3).Draw(rt, "least"), rapid.Int64Range(1, 100).Draw(rt, "percent"), rapid.Bool().Draw(rt, "all subjects")
		reached, bound := rapid.Bool().Draw(rt, "reached"), exact.Frac(percent, 100)
		m.p.Records = RecordRules{
			RedFlags: []RedFlag{
				{ID: "same", Name: "same", Register: "cases", Same: []string{"account"}, AtLeast: least, All: all},
				{ID: "different", Name: "different", Register: "cases", Same: []string{"account"}, Different: "holder", AtLeast: 2, All: all},
				{ID: "share", Name: "share", Register: "cases", Share: checked, Bound: bound, Reached: reached, Per: []string{"account"}, All: all},
			},
			Samples: []Sample{
				{ID: "some", Name: "some", Register: "cases", Checked: checked, Count: least, Per: []string{"account"}},
				{ID: "part", Name: "part", Register: "cases", Checked: checked, Share: &bound},
			},
		}
		cases := drawCases(rt)
		var want, got []string
		for _, b := range oracleBundles(cases, account, !all) {
			n, yes, holders, named, hits := int64(0), int64(0), map[string]bool{}, []oracleCase{}, []oracleCase{}
			for _, c := range b {
				n += int64(c.times)
				if c.checked {
					yes, hits = yes+int64(c.times), append(hits, c)
				}
				if c.holder != "" {
					holders[c.holder], named = true, append(named, c)
				}
			}
			if n >= least {
				want = append(want, "same "+keysText(b))
			}
			if len(holders) >= 2 {
				want = append(want, "different "+keysText(named))
			}
			if yes*100 > percent*n || reached && yes*100 == percent*n {
				want = append(want, "share "+keysText(hits))
			}
		}
		sampled := func(rule string, b []oracleCase, need func(n int) int) {
			var rest []oracleCase
			for _, c := range b {
				if !c.checked {
					rest = append(rest, c)
				}
			}
			if len(b)-len(rest) < need(len(b)) {
				want = append(want, rule+" "+keysText(rest))
			}
		}
		for _, b := range oracleBundles(cases, account, true) {
			sampled("some", b, func(n int) int { return min(n, int(least)) })
		}
		for _, b := range oracleBundles(cases, func(oracleCase) string { return "all" }, true) {
			sampled("part", b, func(n int) int { return (n*int(percent) + 99) / 100 })
		}
		for _, f := range evaluateIn(t, m.p, "2025", caseFacts(cases)).Result().Findings {
			got = append(got, f.Rule+" "+strings.Join(f.Records, ","))
		}
		compareSorted(rt, fmt.Sprintf("%d, %d%%", least, percent), got, want)
	})
}

func compareSorted(t *rapid.T, what string, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("%s: found\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
