package ingest

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine"
)

var (
	dayForm       = regexp.MustCompile(`^(\d{4})(?:([-/.])(\d{1,2})([-/.])(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)$`)
	compactDay    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	ambiguousForm = regexp.MustCompile(`^\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})$`)
	serialForm    = regexp.MustCompile(`^[1-9]\d{4}$`)
	timeOfDay     = regexp.MustCompile(`[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$`)
)

// parseDay reads 2025-07-20, 2025/7/20, 2025.7.20, 20250720 and 2025年7月20日, in
// full width too, with or without a time of day. Days written with the year last
// are refused: 3/1/2025 is March to some and January to others.
func parseDay(s string) (engine.Date, *finding) {
	if d, ok := plainDay(s); ok {
		return d, nil
	}
	text := timeOfDay.ReplaceAllString(norm.NFKC.String(s), "")
	if m := dayForm.FindStringSubmatch(text); m != nil && m[2] == m[4] {
		return civil(m[1], m[3]+m[6], m[5]+m[7])
	}
	if m := compactDay.FindStringSubmatch(text); m != nil {
		return civil(m[1], m[2], m[3])
	}
	if ambiguousForm.MatchString(text) {
		return engine.Date{}, pointer(ambiguousDate())
	}
	if serialForm.MatchString(text) {
		n, _ := strconv.Atoi(text)
		return engine.Date{}, pointer(serialDate(engine.Date{Year: 1899, Month: 12, Day: 30}.AddDays(n)))
	}
	return engine.Date{}, pointer(notDate())
}

// plainDay reads 2025-07-20, the form that is written most, without a detour.
func plainDay(s string) (engine.Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return engine.Date{}, false
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[5:7])
	day, ok3 := digits(s[8:])
	d := engine.Date{Year: year, Month: time.Month(month), Day: day}
	return d, ok1 && ok2 && ok3 && exists(d)
}

func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// firstYear and lastYear bound what is taken for a date and not for a slip.
const firstYear, lastYear = 1900, 2199

func exists(d engine.Date) bool {
	return d.Year >= firstYear && d.Year <= lastYear && d.Month >= 1 && d.Month <= 12 &&
		d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// civil makes a date of its parts. Where the day does not exist it names the
// nearest one.
func civil(year, month, day string) (engine.Date, *finding) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	n, _ := strconv.Atoi(day)
	d := engine.Date{Year: y, Month: time.Month(m), Day: n}
	if exists(d) {
		return d, nil
	}
	near := engine.Date{}
	if y >= firstYear && y <= lastYear && m >= 1 && m <= 12 {
		near = engine.Date{Year: y, Month: time.Month(m), Day: min(max(n, 1), daysIn(y, time.Month(m)))}
	}
	return engine.Date{}, pointer(noSuchDate(near))
}

var (
	yearForm    = regexp.MustCompile(`^(\d{4})(?:年度?|全年|年全年)?$`)
	halfForm    = regexp.MustCompile(`^(\d{4})(?:年?(上|下)半年|-?h([12]))$`)
	quarterForm = regexp.MustCompile(`^(\d{4})(?:年?第?([一二三四1-4])季度?|-?q([1-4]))$`)
	monthForm   = regexp.MustCompile(`^(\d{4})(?:年(\d{1,2})月|[-/.](\d{1,2}))$`)
)

// parsePeriod reads 2025H1, 2025上半年, 2025年度, 2025Q2, 2025年第二季度 and 2025-06.
func parsePeriod(s string) (engine.Period, bool) {
	text := fold(s)
	key := ""
	if m := yearForm.FindStringSubmatch(text); m != nil {
		key = m[1]
	} else if m := halfForm.FindStringSubmatch(text); m != nil {
		key = m[1] + "H" + strings.NewReplacer("上", "1", "下", "2").Replace(m[2]+m[3])
	} else if m := quarterForm.FindStringSubmatch(text); m != nil {
		key = m[1] + "Q" + strings.NewReplacer("一", "1", "二", "2", "三", "3", "四", "4").Replace(m[2]+m[3])
	} else if m := monthForm.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[2] + m[3])
		key = m[1] + "-" + strconv.Itoa(100 + n)[1:]
	}
	p, err := engine.ParsePeriod(key)
	return p, err == nil && p.First.Year >= firstYear && p.First.Year <= lastYear
}
