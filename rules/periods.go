package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kaoping/engine"
)

// periods reads the spans a scheme assesses, and what 上期 means.
func (r *packReader) periods(n node) {
	for _, e := range r.entries(n, text("各种期间", "the kinds of period")) {
		if e.name == "previous" {
			r.pack.Previous = previousRules[r.choice(e.value, "same period one year earlier", "period just before", "上年同期", "上一期间")]
			continue
		}
		m := r.open(e, text("一种期间", "a kind of period"))
		k := engine.PeriodKind{ID: e.name}
		k.FirstDay = r.monthDay(m.need("first_day", text("第一天", "the first day")))
		k.LastDay = r.monthDay(m.need("last_day", text("最后一天", "the last day")))
		k.ReportDue, k.DueNextYear = r.dueDay(m.get("report_due"))
		m.done()
		r.pack.Periods = append(r.pack.Periods, k)
	}
}

var previousRules = map[string]engine.PreviousRule{
	"period just before": engine.PeriodJustBefore, "上一期间": engine.PeriodJustBefore,
}

var monthDayForm = regexp.MustCompile(`^(\d{1,2})-(\d{1,2})$`)

// monthDay reads a day of any year: 06-30.
func (r *packReader) monthDay(n node) engine.MonthDay {
	w := r.word(n)
	if w == "" {
		return engine.MonthDay{}
	}
	if m := monthDayForm.FindStringSubmatch(w); m != nil {
		month, _ := strconv.Atoi(m[1])
		day, _ := strconv.Atoi(m[2])
		if _, err := engine.ParseDate(fmt.Sprintf("2024-%02d-%02d", month, day)); err == nil {
			return engine.MonthDay{Month: month, Day: day}
		}
	}
	r.add(n.report(CodeWrongType,
		text(fmt.Sprintf("“%s”不是一年中的一天", clip(w)), fmt.Sprintf("“%s” is no day of the year", clip(w))),
		text("写成 月-日, 例如 06-30", "write month-day, for example 06-30")))
	return engine.MonthDay{}
}

// dueDay reads 07-20 or 01-25 next year.
func (r *packReader) dueDay(n node) (engine.MonthDay, bool) {
	if !n.isScalar() || n.isNull() {
		return r.monthDay(n), false
	}
	w := n.value()
	for _, next := range []string{"next year", "次年"} {
		if strings.Contains(w, next) {
			plain := *n.y
			plain.Value = strings.TrimSpace(strings.ReplaceAll(w, next, ""))
			return r.monthDay(n.child(&plain)), true
		}
	}
	return r.monthDay(n), false
}

// periodOfKind returns the period of a kind in a year.
func periodOfKind(year string, k engine.PeriodKind) (engine.Period, bool) {
	for _, s := range []string{"", "H1", "H2", "Q1", "Q2", "Q3", "Q4"} {
		if p, err := engine.ParsePeriod(year + s); err == nil && k.Matches(p) {
			return p, true
		}
	}
	for month := 1; month <= 12; month++ {
		if p, err := engine.ParsePeriod(fmt.Sprintf("%s-%02d", year, month)); err == nil && k.Matches(p) {
			return p, true
		}
	}
	return engine.Period{}, false
}
