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
		if e.name == "prior_figures" {
			r.pack.PriorFigures = priorFigures[r.choice(e.value, "latest", asPublished, "最新", "公布时")]
			continue
		}
		r.pack.Periods = append(r.pack.Periods, r.periodKind(e))
	}
}

// periodKind reads one kind of period: a span of the year, or one that comes
// again and again.
func (r *packReader) periodKind(e named) engine.PeriodKind {
	k := engine.PeriodKind{ID: e.name}
	if e.value.isScalar() && !e.value.isNull() {
		k.Months = everyMonths[r.choice(e.value, everyMonth, everyQuarter, everyHalfYear, everyYear)]
		return k
	}
	m := r.open(e, text("一种期间", "a kind of period"))
	if every := m.get("every"); !every.absent() {
		k.Months = everyMonths["every "+r.choice(every, "month", "quarter", "half-year", "year")]
		k.DueDay = r.dayOfNextMonth(m.get("report_due"))
	} else {
		k.FirstDay = r.monthDay(m.need("first_day", text("第一天", "the first day")))
		k.LastDay = r.monthDay(m.need("last_day", text("最后一天", "the last day")))
		k.ReportDue, k.DueNextYear = r.dueDay(m.get("report_due"))
	}
	m.done()
	return k
}

// Phrases of periods that come again and again.
const (
	everyMonth    = "every month"
	everyQuarter  = "every quarter"
	everyHalfYear = "every half-year"
	everyYear     = "every year"
)

var everyMonths = map[string]int{everyMonth: 1, everyQuarter: 3, everyHalfYear: 6, everyYear: 12}

var nextMonthForm = regexp.MustCompile(`^day (\d{1,2}) of the next month$`)

// dayOfNextMonth reads "day 5 of the next month".
func (r *packReader) dayOfNextMonth(n node) int {
	w := r.word(n)
	if w == "" {
		return 0
	}
	if m := nextMonthForm.FindStringSubmatch(w); m != nil {
		if day, _ := strconv.Atoi(m[1]); day >= 1 && day <= 28 {
			return day
		}
	}
	r.add(n.report(CodeWrongType,
		text(fmt.Sprintf("“%s”不是期后上报的日子", clip(w)), fmt.Sprintf("“%s” is no day after the period", clip(w))),
		text("写成 day 5 of the next month, 1 至 28 日", "write day 5 of the next month, from 1 to 28")))
	return 0
}

var previousRules = map[string]engine.PreviousRule{
	"period just before": engine.PeriodJustBefore, "上一期间": engine.PeriodJustBefore,
}

// asPublished asks for the figures that an earlier result was computed from.
const asPublished = "as published"

var priorFigures = map[string]engine.PriorFigures{asPublished: engine.FiguresAsPublished, "公布时": engine.FiguresAsPublished}

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
