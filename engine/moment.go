package engine

import (
	"fmt"
	"regexp"
	"time"

	"kaoping/engine/exact"
)

// minutesOfDay is how many minutes a day has: moments are civil times, in which
// every day is as long as any other.
const minutesOfDay = 24 * 60

var momentForm = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$`)

// ParseMoment reads a day with a time of day, 2024-05-01 09:30 or 2024-05-01
// 09:30:15, as days since 1970-01-01 with the time as their fraction. The time is
// the one on the clock; there are no time zones. 24:00 is the end of the day.
func ParseMoment(s string) (exact.Num, error) {
	m := momentForm.FindStringSubmatch(s)
	if m == nil {
		return exact.Num{}, fmt.Errorf("not a day with a time of day: %q", s)
	}
	d, err := ParseDate(m[1])
	if err != nil {
		return exact.Num{}, err
	}
	number := func(s string) (n int64) {
		for _, c := range s {
			n = n*10 + int64(c-'0')
		}
		return n
	}
	hour, minute, second := number(m[2]), number(m[3]), number(m[4])
	if hour > 24 || minute > 59 || second > 59 || hour == 24 && minute+second > 0 {
		return exact.Num{}, fmt.Errorf("not a time of day: %q", s)
	}
	return exact.Int(d.DayNumber()).Add(exact.Frac(hour*3600+minute*60+second, 86400)), nil
}

// MomentText writes a moment: 2024-05-01 if it is the beginning of a day,
// otherwise 2024-05-01 09:30, with seconds where there are any. Parts of a second
// are cut off.
func MomentText(n exact.Num) string {
	day := startOfDay(n)
	text := dayOf(day).String()
	seconds, _ := n.Sub(day).Mul(exact.Int(86400)).Round(0, exact.Down).Int64()
	switch {
	case seconds == 0:
		return text
	case seconds%60 == 0:
		return fmt.Sprintf("%s %02d:%02d", text, seconds/3600, seconds/60%60)
	}
	return fmt.Sprintf("%s %02d:%02d:%02d", text, seconds/3600, seconds/60%60, seconds%60)
}

// endText writes the end of a span of time that belongs to it: the end of a day
// is 2024-05-01 24:00, not the beginning of the next.
func endText(n exact.Num) string {
	if n.IsInt() {
		return dayOf(n.Sub(exact.Int(1))).String() + " 24:00"
	}
	return MomentText(n)
}

// startOfDay cuts the time of day off a moment.
func startOfDay(n exact.Num) exact.Num {
	day := n.Round(0, exact.Down)
	if day.Cmp(n) > 0 { // before 1970 cutting off goes up
		day = day.Sub(exact.Int(1))
	}
	return day
}

// momentOf reads the instant up to which facts were taken, RFC 3339, as the time
// on a clock that many minutes ahead of UTC.
func momentOf(asOf string, ahead int) (exact.Num, bool) {
	t, err := time.Parse(time.RFC3339Nano, asOf)
	if err != nil {
		return exact.Num{}, false
	}
	seconds := t.Unix() + int64(ahead)*60
	return exact.Frac(seconds, 86400), true
}

// lengthText writes a length of time in days, hours and minutes: 2 天 3 小时.
func lengthText(days exact.Num) Text {
	minutes, _ := days.Mul(exact.Int(minutesOfDay)).Round(0, exact.Down).Int64()
	var out Text
	for _, part := range []struct {
		n      int64
		zh, en string
	}{{minutes / minutesOfDay, "天", "d"}, {minutes / 60 % 24, "小时", "h"}, {minutes % 60, "分钟", "min"}} {
		if part.n > 0 {
			out.ZH += fmt.Sprintf("%d%s", part.n, part.zh)
			out.EN += fmt.Sprintf(" %d %s", part.n, part.en)
		}
	}
	if out.IsZero() {
		return Text{"不到1分钟", "less than a minute"}
	}
	return Text{out.ZH, out.EN[1:]}
}
