package engine

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Period is a span of days that is assessed: a year, half-year, quarter or month.
type Period struct {
	First, Last Date
}

var periodForm = regexp.MustCompile(`^(\d{4})(?:H([12])|Q([1-4])|-(0[1-9]|1[0-2]))?$`)

// ParsePeriod reads 2025, 2025H1, 2025Q2 or 2025-06.
func ParsePeriod(s string) (Period, error) {
	m := periodForm.FindStringSubmatch(s)
	if m == nil {
		return Period{}, fmt.Errorf("not a period: %q (write 2025, 2025H1, 2025Q2 or 2025-06)", s)
	}
	year, _ := strconv.Atoi(m[1])
	first, months := 1, 12
	for i, length := range []int{6, 3, 1} {
		if m[i+2] != "" {
			n, _ := strconv.Atoi(m[i+2])
			first, months = (n-1)*length+1, length
		}
	}
	return monthSpan(year, first, months), nil
}

func monthSpan(year, first, months int) Period {
	return Period{
		First: Date{year, time.Month(first), 1},
		Last:  DateOf(time.Date(year, time.Month(first+months), 0, 0, 0, 0, 0, time.UTC)),
	}
}

// months returns how many months p spans.
func (p Period) months() int { return int(p.Last.Month) - int(p.First.Month) + 1 }

// String returns 2025, 2025H1, 2025Q2 or 2025-06. It is the key in the store.
func (p Period) String() string {
	month := int(p.First.Month)
	switch p.months() {
	case 12:
		return fmt.Sprintf("%04d", p.First.Year)
	case 6:
		return fmt.Sprintf("%04dH%d", p.First.Year, (month+5)/6)
	case 3:
		return fmt.Sprintf("%04dQ%d", p.First.Year, (month+2)/3)
	}
	return fmt.Sprintf("%04d-%02d", p.First.Year, month)
}

// Title returns the period in words: 2025年上半年, first half of 2025. The
// English words go behind "the".
func (p Period) Title() Text {
	y, month := p.First.Year, int(p.First.Month)
	switch p.months() {
	case 12:
		return Text{fmt.Sprintf("%d年度", y), fmt.Sprintf("year %d", y)}
	case 6:
		half := (month + 5) / 6
		return Text{fmt.Sprintf("%d年%s半年", y, []string{"上", "下"}[half-1]), fmt.Sprintf("%s half of %d", []string{"first", "second"}[half-1], y)}
	case 3:
		q := (month + 2) / 3
		return Text{fmt.Sprintf("%d年第%s季度", y, []string{"一", "二", "三", "四"}[q-1]), fmt.Sprintf("%s quarter of %d", []string{"first", "second", "third", "fourth"}[q-1], y)}
	}
	return Text{fmt.Sprintf("%d年%d月", y, month), fmt.Sprintf("month of %s %d", p.First.Month, y)}
}

// YearAgo returns the same period one year earlier (同比).
func (p Period) YearAgo() Period { return monthSpan(p.First.Year-1, int(p.First.Month), p.months()) }

// Preceding returns the period of the same length that ends the day before p (环比).
func (p Period) Preceding() Period {
	t := p.First.time().AddDate(0, -p.months(), 0)
	return monthSpan(t.Year(), int(t.Month()), p.months())
}

// Contains reports whether the day falls in p; both ends belong.
func (p Period) Contains(d Date) bool { return d.Compare(p.First) >= 0 && d.Compare(p.Last) <= 0 }

// IsZero reports whether p is no period.
func (p Period) IsZero() bool { return p == Period{} }

// MarshalText writes the key, for example 2025H1.
func (p Period) MarshalText() ([]byte, error) {
	if p.IsZero() {
		return nil, nil
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads the key.
func (p *Period) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*p = Period{}
		return nil
	}
	v, err := ParsePeriod(string(b))
	*p = v
	return err
}
