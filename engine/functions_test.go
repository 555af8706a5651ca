package engine

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kaoping/engine/calendar"
	"kaoping/engine/formula"
)

func TestReferencesLookAsFarBackAsTheyAsk(t *testing.T) {
	for _, test := range []struct {
		rule     PreviousRule
		at       string
		shift    formula.Shift
		times    uint8
		expected string
	}{
		{PeriodJustBefore, "2025Q1", formula.Previous, 1, "2024Q4"},
		{PeriodJustBefore, "2025Q1", formula.Previous, 3, "2024Q2"},
		{SamePeriodOneYearEarlier, "2025Q1", formula.Previous, 3, "2022Q1"},
		{PeriodJustBefore, "2025-01", formula.Preceding, 12, "2024-01"},
		{PeriodJustBefore, "2025H1", formula.YearAgo, 2, "2023H1"},
		{PeriodJustBefore, "2025Q3", formula.ThisYear, 0, "2025Q3"},
		{PeriodJustBefore, "2025Q3", formula.ThisYear, 2, "2025Q1"},
		{PeriodJustBefore, "2025Q3", formula.ThisYear, 3, ""},
		{PeriodJustBefore, "2025-12", formula.ThisYear, 11, "2025-01"},
		{PeriodJustBefore, "2025", formula.ThisYear, 1, ""},
		{PeriodJustBefore, "2025Q3", formula.LastYear, 2, "2024Q1"},
		{PeriodJustBefore, "2025Q3", formula.LastYear, 3, ""},
		{PeriodJustBefore, "2025Q3", formula.FirstHalf, 1, "2025H1"},
		{PeriodJustBefore, "2025", formula.FirstHalf, 1, "2025H1"},
		{PeriodJustBefore, "2025Q3", formula.LatestYear, 1, "2024"},
		{PeriodJustBefore, "2025Q4", formula.LatestYear, 1, "2025"},
		{PeriodJustBefore, "2025", formula.LatestYear, 1, "2025"},
		{PeriodJustBefore, "2025-11", formula.LatestYear, 1, "2024"},
	} {
		p := &Pack{Previous: test.rule}
		got := p.shifted(period(test.at), formula.Ref{ID: "x", Shift: test.shift, Times: test.times})
		want := Period{}
		if test.expected != "" {
			want = period(test.expected)
		}
		if got != want {
			t.Errorf("%s, shift %d %d times: %s, want %s", test.at, test.shift, test.times, got, test.expected)
		}
	}
}

func TestTheYearSoFarIsAddedUpAndExplained(t *testing.T) {
	m := newPack(t)
	m.p.Periods = []PeriodKind{{ID: "any", FirstDay: MonthDay{7, 1}, LastDay: MonthDay{9, 30}}}
	m.p.Previous = PeriodJustBefore
	m.reported("a", "件")
	m.metric("y", "件", "本年累计(a)")
	m.metric("growth", "%", "本年累计(a) / 同比(本年累计(a)) - 1")
	m.section(&Item{ID: "s", FullPoints: num("20"), Children: []*Item{indicator("y", "10", "0 件", "10 件"), indicator("growth", "10", "0%", "200%")}})
	m.p.Total = &Total{FullPoints: num("20")}
	f := newFacts("2025Q3")
	f.subject("A", "property")
	for at, n := range map[string]string{"2025Q1": "1", "2025Q2": "2", "2025Q3": "4", "2024Q1": "1", "2024Q2": "2", "2024Q3": "2", "2024Q4": "100"} {
		f.figureIn(period(at), "A", "a", n)
	}
	e := evaluateIn(t, m.p, "2025Q3", f.f)
	if got := pointsText(lineOf(t, e, "A", "y")); got != "3.00" {
		t.Errorf("7 complaints so far earn %s", got)
	}
	if got := pointsText(lineOf(t, e, "A", "growth")); got != "8.00" {
		t.Errorf("growth of 40%% earns %s", got)
	}
	want := []Period{period("2025Q3"), period("2025Q2"), period("2025Q1"), period("2024Q3"), period("2024Q2"), period("2024Q1")}
	if got := PriorPeriods(m.p, period("2025Q3")); !slices.Equal(got, want) {
		t.Errorf("periods %v", got)
	}
	explanation, err := e.Explain("A", "y")
	if err != nil {
		t.Fatal(err)
	}
	if len(explanation.Figures) != 3 || !strings.Contains(explanation.Filled[0].EN, "year_to_date(") || strings.Contains(explanation.Filled[0].EN, "none") {
		t.Errorf("%d figures: %v", len(explanation.Figures), explanation.Filled)
	}
	f.f.Figures = slices.DeleteFunc(f.f.Figures, func(x Figure) bool { return x.Period == period("2025Q1") })
	if l := lineOf(t, evaluateIn(t, m.p, "2025Q3", f.f), "A", "y"); l.Status != Held || !strings.Contains(l.Reason.EN, "first quarter of 2025") {
		t.Errorf("%s: %s", l.Status, l.Reason.EN)
	}
}

func TestUnitsBelowAddUpToTheirParent(t *testing.T) {
	m := newPack(t)
	m.reported("a", "件")
	m.metric("below", "件", "缺则(下级合计(a), a)")
	m.section(&Item{ID: "s", FullPoints: num("10"), Children: []*Item{indicator("below", "10", "0 件", "10 件")}})
	m.p.Total = &Total{FullPoints: num("10")}
	f := newFacts("2025H1")
	for _, code := range []string{"T", "P", "Q", "R"} {
		s := f.subject(code, "property")
		if code == "P" || code == "Q" {
			s.Parent = "T"
		}
	}
	f.figure("T", "a", "9")
	f.figure("P", "a", "1")
	f.figure("Q", "a", "4")
	f.figure("R", "a", "2")
	e := evaluateIn(t, m.p, "2025H1", f.f)
	for code, want := range map[string]string{"T": "5.00", "P": "9.00", "Q": "6.00", "R": "8.00"} {
		if got := pointsText(lineOf(t, e, code, "below")); got != want {
			t.Errorf("%s has %s, want %s", code, got, want)
		}
	}
}

func TestAYearWithoutCalendarIsNamed(t *testing.T) {
	m := newPack(t)
	var err error
	if m.p.Calendar, err = calendar.New([]calendar.Year{{Year: 2024}}, nil); err != nil {
		t.Fatal(err)
	}
	fields := m.register("r", Field{ID: "answered", Name: "反馈日期", Kind: formula.Date}, Field{ID: "got", Name: "收件日期", Kind: formula.Date})
	m.counted("late", "件", "r", "", "工作日(got, answered) > 3工作日", fields)
	m.metric("x", "件", "late")
	m.section(&Item{ID: "s", FullPoints: num("10"), Children: []*Item{indicator("x", "10", "0 件", "10 件")}})
	m.p.Total = &Total{FullPoints: num("10")}
	evaluate := func(answered Date) *Line {
		f := newFacts("2024H1")
		f.subject("A", "property")
		f.cover("r")
		r := f.record("r", "A", "K1", "2024-06-27")
		r.Fields["got"], r.Fields["answered"] = dateValue(day("2024-06-27")), dateValue(answered)
		return lineOf(t, evaluateIn(t, m.p, "2024H1", f.f), "A", "x")
	}
	for answered, want := range map[string]string{"2024-07-02": "10.00", "2024-07-03": "9.00"} {
		if got := pointsText(evaluate(day(answered))); got != want {
			t.Errorf("answered on %s: %s, want %s", answered, got, want)
		}
	}
	l := evaluate(DateOf(time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC)))
	if l.Status != Held || !strings.Contains(l.Reason.ZH, "缺2025年工作日历") || !strings.Contains(l.Reason.EN, "no working-day calendar for 2025") {
		t.Errorf("%s: %s %s", l.Status, l.Reason.ZH, l.Reason.EN)
	}
}
