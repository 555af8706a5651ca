package ingest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// secondsOfDay is how many seconds a day has.
const secondsOfDay = 24 * 60 * 60

var (
	clockForm  = regexp.MustCompile(`^(.*?)[ T]*(上午|下午|晚上|凌晨|中午|早上)?\s*(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.0+)?)?|[时点](?:(\d{1,2})分?(?:(\d{1,2})秒)?|(半)|整)?)$`)
	zoneForm   = regexp.MustCompile(`(Z|[+-]\d{2}:?\d{2})$`)
	serialTime = regexp.MustCompile(`^[1-9]\d{4}\.\d+$`)
)

// parseMoment reads a day with a time of day: 2024-05-01 09:30, with seconds or
// without, 2024年5月1日9时30分, 2024/5/1 下午3点半. A day alone is refused: nobody
// knows when on it, and midnight would be a guess. So is a time with a zone.
func parseMoment(s string) (exact.Num, *finding) {
	text := strings.TrimSpace(norm.NFKC.String(s))
	if zoned(text) {
		return exact.Num{}, pointer(timeZone())
	}
	m := clockForm.FindStringSubmatch(text)
	if m == nil || strings.TrimSpace(m[1]) == "" {
		if _, problem := parseDay(s); problem == nil {
			return exact.Num{}, pointer(noTimeOfDay())
		}
		return exact.Num{}, pointer(notMoment())
	}
	d, problem := parseDay(m[1])
	if problem != nil {
		return exact.Num{}, problem
	}
	hour, minute, second := atoi(m[3]), atoi(m[4]+m[6]), atoi(m[5]+m[7])
	if m[8] != "" {
		minute = 30
	}
	hour, ok := hourOf(m[2], hour)
	if !ok || hour > 24 || minute > 59 || second > 59 || hour == 24 && minute+second > 0 {
		return exact.Num{}, pointer(noSuchTime())
	}
	return exact.Int(d.DayNumber()).Add(exact.Frac(int64(hour*3600+minute*60+second), secondsOfDay)), nil
}

// zoned reports whether a time of day is followed by a zone: 09:30Z, 09:30+08:00.
func zoned(text string) bool {
	at := zoneForm.FindStringIndex(text)
	return at != nil && strings.Contains(text[:at[0]], ":")
}

// hourOf makes an hour of the half of the day it is said to lie in.
func hourOf(half string, hour int) (int, bool) {
	switch half {
	case "":
		return hour, true
	case "下午", "晚上":
		if hour < 12 {
			hour += 12
		}
		return hour, hour >= 12
	case "中午":
		if hour < 3 {
			hour += 12
		}
		return hour, hour >= 11 && hour < 15
	}
	return hour, hour <= 12
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // only digits get here, or nothing
	return n
}

// moment reads a day with a time of day; there is none if the cell is empty or bad.
func (l *load) moment(c *column) (exact.Num, bool) {
	s := l.text(c)
	if s == "" {
		return exact.Num{}, false
	}
	if l.bookKind(c.at) == dateCell && !timeOfDay.MatchString(s) {
		s += " 00:00" // a spreadsheet keeps midnight as a whole number
	}
	x, problem := parseMoment(s)
	if problem != nil && l.bookKind(c.at) == numberCell && serialTime.MatchString(s) {
		if d, ok := serialDay(s, l.book.since04); ok {
			s = d.String() + timeText(s)
			x, problem = parseMoment(s)
		}
	}
	if problem != nil {
		l.fault(c.at, s, *problem)
		return exact.Num{}, false
	}
	return x, true
}

// timeText writes the time of day behind the point of a spreadsheet's number, to
// the nearest second: the number cannot hold most times exactly. Nothing is written
// for midnight.
func timeText(serial string) string {
	_, fraction, _ := strings.Cut(serial, ".")
	x, err := exact.Parse("0." + fraction + "0")
	if err != nil {
		return ""
	}
	n, _ := x.Mul(exact.Int(secondsOfDay)).Round(0, exact.HalfUp).Int64()
	switch {
	case n <= 0:
		return ""
	case n%60 == 0:
		return fmt.Sprintf(" %02d:%02d", n/3600, n/60%60)
	}
	return fmt.Sprintf(" %02d:%02d:%02d", n/3600, n/60%60, n%60)
}

func notMoment() finding {
	return finding{"not-a-time", say("不是日期和时刻", "not a date with a time"), say("写成 2025-07-20 09:30", "write 2025-07-20 09:30")}
}

func noTimeOfDay() finding {
	return finding{"no-time-of-day", say("缺少时刻", "the time of day is missing"), say("写成 2025-07-20 09:30", "write 2025-07-20 09:30")}
}

func noSuchTime() finding {
	return finding{"no-such-time", say("时刻不存在", "there is no such time of day"), engine.Text{}}
}

func timeZone() finding {
	return finding{"time-zone", say("时刻带有时区", "the time has a zone"), say("写当地钟面上的时刻,不带时区", "write the time on the local clock, without a zone")}
}
