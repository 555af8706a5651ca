package schedule

import (
	"fmt"
	"time"

	"kaoping/engine"
	"kaoping/engine/calendar"
)

// longestHoliday is how many days a slot may move because of days off.
const longestHoliday = 20

// next returns the first slot after an instant, days off considered; the zero
// time if there is none. It fails if the calendar does not know a year.
func (j *Job) next(after time.Time, days *calendar.Calendar) (time.Time, error) {
	return j.nextUntil(after, time.Time{}, days)
}

// nextUntil is next for those who do not care for slots after an instant; the zero
// time is no such instant. It does not ask the calendar about days beyond it: at
// the end of a year the next one may not be announced yet.
func (j *Job) nextUntil(after, until time.Time, days *calendar.Calendar) (time.Time, error) {
	from := after
	if j.Calendar != "" && j.DayOff == nextWorking {
		from = after.AddDate(0, 0, -longestHoliday)
	}
	for base := j.plan.Next(from); !base.IsZero(); base = j.plan.Next(base) {
		beyond := !until.IsZero() && base.After(until)
		if beyond && (j.Calendar == "" || j.DayOff != lastWorking || base.After(until.AddDate(0, 0, longestHoliday))) {
			return time.Time{}, nil
		}
		slot, err := j.onWorkingDay(base, days)
		if err != nil && beyond {
			return time.Time{}, nil // found once the year is known, and made up for
		}
		if err != nil {
			return time.Time{}, err
		}
		if slot.After(after) && (until.IsZero() || !slot.After(until)) {
			return slot.UTC(), nil
		}
	}
	return time.Time{}, nil
}

// onWorkingDay moves a slot off a day off; the zero time drops it.
func (j *Job) onWorkingDay(slot time.Time, days *calendar.Calendar) (time.Time, error) {
	if j.Calendar == "" {
		return slot, nil
	}
	step := 0
	switch j.DayOff {
	case nextWorking:
		step = 1
	case lastWorking:
		step = -1
	}
	for moved := 0; moved <= longestHoliday; moved++ {
		works, err := days.Works(engine.DateOf(slot.In(j.Location)).DayNumber())
		if err != nil {
			return time.Time{}, err
		}
		switch {
		case works:
			return slot, nil
		case step == 0:
			return time.Time{}, nil
		}
		slot = slot.In(j.Location).AddDate(0, 0, step)
	}
	return time.Time{}, fmt.Errorf("no working day within %d days of %s", longestHoliday, slot.Format(time.DateOnly))
}

// latest returns the last slot after since and not after now; the zero time if
// there is none. It looks at ever longer spans before now, so that a job of every
// minute that rested for a year does not cost half a million steps.
func (j *Job) latest(since, now time.Time, days *calendar.Calendar) (time.Time, error) {
	const day = 24 * time.Hour
	for _, span := range []time.Duration{time.Hour, day, 40 * day, 400 * day, 4000 * day} {
		from := now.Add(-span)
		whole := from.Before(since)
		if whole {
			from = since
		}
		var last time.Time
		for {
			slot, err := j.nextUntil(maxTime(from, last), now, days)
			if err != nil {
				return time.Time{}, err
			}
			if slot.IsZero() {
				break
			}
			last = slot
		}
		if !last.IsZero() || whole {
			return last, nil
		}
	}
	return time.Time{}, nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// mostMissed is how far missed slots are counted.
const mostMissed = 999

// between counts the slots after one instant and before another, up to
// mostMissed.
func (j *Job) between(after, before time.Time, days *calendar.Calendar) (int, error) {
	n := 0
	for n < mostMissed {
		slot, err := j.nextUntil(after, before, days)
		if err != nil || slot.IsZero() || !slot.Before(before) {
			return n, err
		}
		after = slot
		n++
	}
	return n, nil
}

// ended lists the periods the job is about whose last day lies between two days,
// both included, in the order in which they end.
func (j *Job) ended(pack *engine.Pack, from, to engine.Date) []engine.Period {
	var list []engine.Period
	for year := from.Year; year <= to.Year; year++ {
		for month := time.January; month <= time.December; month++ {
			last := engine.DateOf(time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC))
			if last.Compare(from) < 0 || last.Compare(to) > 0 {
				continue
			}
			for _, months := range []int{1, 3, 6, 12} {
				if int(month)%months == 0 {
					p := engine.Period{First: engine.Date{Year: year, Month: month - time.Month(months) + 1, Day: 1}, Last: last}
					if j.isAbout(p, months, pack) {
						list = append(list, p)
					}
				}
			}
		}
	}
	return list
}

func (j *Job) isAbout(p engine.Period, months int, pack *engine.Pack) bool {
	if j.months > 0 {
		return months == j.months
	}
	return pack != nil && kindOf(pack, p) != nil
}

// kindOf finds the kind of a period in a pack; nil if the pack does not assess it.
func kindOf(pack *engine.Pack, p engine.Period) *engine.PeriodKind {
	for i := range pack.Periods {
		if pack.Periods[i].Matches(p) {
			return &pack.Periods[i]
		}
	}
	return nil
}

// cutOff returns the last day on which data for the period count; false if there
// is none.
func (j *Job) cutOff(pack *engine.Pack, p engine.Period) (engine.Date, bool) {
	if !j.CutOff.ReportDue {
		return firstAfter(p.Last, j.CutOff.Days)
	}
	if pack == nil {
		return engine.Date{}, false
	}
	kind := kindOf(pack, p)
	switch {
	case kind == nil:
		return engine.Date{}, false
	case kind.DueDay > 0:
		return engine.DateOf(time.Date(p.Last.Year, p.Last.Month+1, kind.DueDay, 0, 0, 0, 0, time.UTC)), true
	case kind.ReportDue == engine.MonthDay{}:
		return engine.Date{}, false
	}
	day := engine.Date{Year: p.Last.Year, Month: time.Month(kind.ReportDue.Month), Day: kind.ReportDue.Day}
	if kind.DueNextYear {
		day.Year++
	}
	return day, true
}

// firstAfter returns the first of the days of the year that comes after a date.
func firstAfter(after engine.Date, days []engine.MonthDay) (engine.Date, bool) {
	var first engine.Date
	for _, d := range days {
		for _, year := range []int{after.Year, after.Year + 1} {
			day := engine.Date{Year: year, Month: time.Month(d.Month), Day: d.Day}
			if day.Compare(after) > 0 && (first.IsZero() || day.Compare(first) < 0) {
				first = day
			}
		}
	}
	return first, !first.IsZero()
}

// closes returns the first instant after the day of the cut-off in the job's time
// zone.
func (j *Job) closes(day engine.Date) time.Time {
	return time.Date(day.Year, day.Month, day.Day+1, 0, 0, 0, 0, j.Location)
}
