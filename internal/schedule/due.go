package schedule

import (
	"time"

	"kaoping/engine"
	"kaoping/engine/calendar"
)

// Item is one piece of work of a job.
type Item struct {
	Key    string    // the period of a job with a cut-off; otherwise the planned time
	Slot   time.Time // when it is planned
	Period engine.Period
	AsOf   time.Time // facts count up to then; zero means up to when it begins
	Missed int       // earlier slots that nobody served
}

// slotKey names an item by its slot. It does not depend on any time zone.
func slotKey(slot time.Time) string { return slot.UTC().Format("2006-01-02T15:04:05Z") }

// surroundings is what slots and periods of a job depend on beside its entry.
type surroundings struct {
	days *calendar.Calendar
	pack *engine.Pack // the newest edition; nil if there is none
}

// longestWait is how many days a cut-off and the first slot after it may lie
// behind the end of a period.
const longestWait = 800

// dueBetween lists the items planned after since and not after now, the earliest
// first, done or not. A job with a cut-off has one for every period whose cut-off
// is over; any other job only the latest: what was missed is made up for once.
func (j *Job) dueBetween(since, now time.Time, s surroundings) ([]Item, error) {
	if !j.CutOff.IsZero() {
		return j.periodsDue(since, now, s)
	}
	slot, err := j.latest(since, now, s.days)
	if err != nil || slot.IsZero() {
		return nil, err
	}
	return []Item{{Key: slotKey(slot), Slot: slot, Period: j.periodAt(slot, s.pack)}}, nil
}

// periodAt is the period that an instant is about: the latest that has ended by
// the day before in the job's time zone. The longest of several that end together.
func (j *Job) periodAt(at time.Time, pack *engine.Pack) engine.Period {
	if j.Period == "" || !j.fixed.IsZero() {
		return j.fixed
	}
	yesterday := engine.DateOf(at.In(j.Location)).AddDays(-1)
	list := j.ended(pack, yesterday.AddDays(-longestWait), yesterday)
	if len(list) == 0 {
		return engine.Period{}
	}
	return list[len(list)-1]
}

// periodsDue lists the periods whose first slot after the cut-off lies between
// the instants.
func (j *Job) periodsDue(since, now time.Time, s surroundings) ([]Item, error) {
	var due []Item
	first, last := engine.DateOf(since.In(j.Location)).AddDays(-longestWait), engine.DateOf(now.In(j.Location))
	for _, p := range j.ended(s.pack, first, last) {
		item, err := j.itemOf(p, now, s)
		if err != nil {
			return nil, err
		}
		if !item.Slot.IsZero() && item.Slot.After(since) && !item.Slot.After(now) {
			due = append(due, item)
		}
	}
	return due, nil
}

// itemOf plans the work for a period: the first slot after the cut-off, with the
// facts up to the last microsecond of its day. The slot is zero if there is none,
// or none up to an instant if one is given.
func (j *Job) itemOf(p engine.Period, until time.Time, s surroundings) (Item, error) {
	day, ok := j.cutOff(s.pack, p)
	if !ok {
		return Item{}, nil
	}
	closes := j.closes(day)
	slot, err := j.nextUntil(closes.Add(-time.Nanosecond), until, s.days)
	return Item{Key: p.String(), Slot: slot, Period: p, AsOf: closes.Add(-time.Microsecond).UTC()}, err
}

// coming lists the next items after an instant, at most so many.
func (j *Job) coming(after time.Time, n int, s surroundings) ([]Item, error) {
	var list []Item
	if j.CutOff.IsZero() {
		for slot := after; len(list) < n; {
			var err error
			if slot, err = j.next(slot, s.days); err != nil || slot.IsZero() {
				return list, err
			}
			list = append(list, Item{Key: slotKey(slot), Slot: slot, Period: j.periodAt(slot, s.pack)})
		}
		return list, nil
	}
	day := engine.DateOf(after.In(j.Location))
	for _, p := range j.ended(s.pack, day.AddDays(-longestWait), day.AddDays(n*400)) {
		item, err := j.itemOf(p, time.Time{}, s)
		if err != nil {
			return list, err
		}
		if item.Slot.After(after) && len(list) < n {
			list = append(list, item)
		}
	}
	return list, nil
}
