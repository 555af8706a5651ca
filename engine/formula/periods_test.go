package formula

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kaoping/engine/calendar"
)

func wideScope(tb testing.TB) Scope {
	return NewScope(
		Symbol{ID: "x", Name: "甲", Unit: mustUnit(tb, "件")}, Symbol{ID: "y", Unit: mustUnit(tb, "元")}, Symbol{ID: "rate", Unit: mustUnit(tb, "%")},
		Symbol{ID: "good", Kind: Bool}, Symbol{ID: "a", Kind: Date}, Symbol{ID: "b", Kind: Date, Nullable: true},
		Symbol{ID: "t", Kind: Text}, Symbol{ID: "n"},
		Symbol{ID: "points training", Name: "得分 制度建设", Unit: mustUnit(tb, "分")}, Symbol{ID: "points 1a", Name: "得分 一、制度", Unit: mustUnit(tb, "分")},
		Symbol{ID: "total", Name: "总分", Unit: mustUnit(tb, "分")},
	)
}

func TestWhatLooksBackHowFar(t *testing.T) {
	for formula, want := range map[string]string{
		"上期(上期(x))":               "[{x 1 2}]",
		"同比(同比(x)) + 同比(x)":       "[{x 3 2} {x 3 1}]",
		"近期合计(x, 3)":              "[{x 0 0} {x 1 1} {x 1 2}]",
		"上期(近期平均(x, 2))":          "[{x 1 1} {x 1 2}]",
		"近期合计(x - 上期(x), 2)":      "[{x 0 0} {x 1 1} {x 1 2}]",
		"连续(good, 2)":             "[{good 0 0} {good 1 1}]",
		"最近年度(x / y)":             "[{x 6 1} {y 6 1}]",
		"得分(制度建设) + 上期(得分(制度建设))": "[{points training 0 0} {points training 1 1}]",
		"得分(“一、制度”)":              "[{points 1a 0 0}]",
		"points(training)":        "[{points training 0 0}]",
		"总分 + total":              "[{total 0 0}]",
	} {
		e := mustCheck(t, formula, wideScope(t))
		if got := fmt.Sprint(e.Refs()); got != want {
			t.Errorf("%s: %s, want %s", formula, got, want)
		}
	}
	if got := len(mustCheck(t, "同比(本年累计(x))", wideScope(t)).Refs()); got != MaxTimes {
		t.Errorf("%d parts of a year", got)
	}
	far := strings.Repeat("上期(", MaxTimes) + "x" + strings.Repeat(")", MaxTimes)
	mustCheck(t, far, wideScope(t))
}

func TestMistakesInTheFurtherFunctions(t *testing.T) {
	far := strings.Repeat("上期(", MaxTimes+1) + "x" + strings.Repeat(")", MaxTimes+1)
	for _, test := range []struct{ formula, want string }{
		{far, "looks back 12 periods at most"},
		{"近期合计(上期(x), 13)", "from 1 to 12"},
		{"近期合计(上期(x), 12)", ""},
		{"上期(近期合计(上期(x), 12))", "12 periods at most"},
		{"近期合计(x, 0)", "from 1 to 12"},
		{"近期合计(x, 1.5)", "from 1 to 12"},
		{"近期合计(近期合计(x, 2), 2)", "cannot be nested"},
		{"近期合计(环比(x), 2)", "cannot be mixed"},
		{"近期合计(good, 2)", "a number is wanted here"},
		{"连续(x, 2)", "yes or no is wanted here"},
		{"本年累计(x / y)", "takes a name"},
		{"上期(本年累计(x))", "cannot be mixed"},
		{"本年累计(good)", "a number is wanted here"},
		{"得分(制度建没)", "no item “制度建没”"},
		{"满分(制度建设)", "no item"},
		{"得分(3)", "takes the name of an item"},
		{"缺则(x, y)", "does not go with"},
		{"缺则(x, good)", "a number is wanted here"},
		{"缺则(x, 空)", "does not take none"},
		{"标准差(x / y, 2)", "in which unit to round"},
		{"标准差(x, 13)", "from 0 to 12"},
		{"平方根(x, 2)", "has no square root"},
		{"平方根(x * y, 2)", "has no square root"},
		{"百分位不含端点(x, 100%)", "neither 0% nor 100%"},
		{"百分位就近(x, 101%)", "from 0% to 100%"},
		{"合计(x, x)", "sum is written sum(x)"},
		{"加权平均(x)", "weighted_mean is written"},
		{"加工作日(a, 2.5)", "is a whole number"},
		{"加工作日(a, x)", "a number of working days"},
		{"加工作日(a, 3天)", "a number of working days"},
		{"工作日(a, x)", "a date is wanted here"},
		{"工作日(a, b) + x", "does not go with"},
		{"包含(x, \"a\")", "a text is wanted here"},
		{"t contains \"a\"", "no contains"},
		{"t contains (\"a\")", "no contains"},
		{"包含(t, \"a\") > 1", "cannot compare"},
	} {
		_, problems := Check(test.formula, wideScope(t), Options{Shifts: true, Groups: true})
		var all []string
		for _, p := range problems {
			all = append(all, p.EN)
			if p.ZH == "" || p.Offset < 0 || p.Length < 1 || p.Offset+p.Length > len([]rune(test.formula)) {
				t.Errorf("%s: %+v", test.formula, p)
			}
		}
		if got := strings.Join(all, "; "); !strings.Contains(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s: %q, want %q", test.formula, got, test.want)
		}
	}
	for _, formula := range []string{"近期合计(x, 2)", "连续(good, 2)", "本年累计(x)", "最近年度(x)"} {
		if _, problems := Check(formula, wideScope(t), Options{Groups: true}); len(problems) == 0 {
			t.Errorf("%s is allowed where nothing may look back", formula)
		}
	}
	if _, problems := Check("下级合计(x)", wideScope(t), Options{Shifts: true}); len(problems) == 0 {
		t.Error("下级合计 is allowed where there are no groups")
	}
}

func TestStreaksWithAnUnknownPast(t *testing.T) {
	yes, no, unknown := Value{Bool: true}, Value{}, Value{Status: Missing}
	for _, test := range []struct {
		periods [3]Value
		want    Value
	}{
		{[3]Value{yes, yes, yes}, yes},
		{[3]Value{yes, yes, no}, no},
		{[3]Value{yes, yes, unknown}, no},
		{[3]Value{yes, unknown, yes}, no},
		{[3]Value{unknown, yes, yes}, unknown},
		{[3]Value{unknown, no, yes}, no}, // broken, whatever this period brings
		{[3]Value{yes, {Status: ZeroDenominator}, yes}, no},
	} {
		in := Input{Rows: 1, Column: func(r Ref) (*Column, error) { return Const(test.periods[r.Times], 1), nil }}
		c, err := Eval(mustCheck(t, "streak(good, 3)", wideScope(t)), in)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.At(0); got.Status != test.want.Status || got.Bool != test.want.Bool {
			t.Errorf("%v: %v, want %v", test.periods, got, test.want)
		}
	}
}

func at(tb testing.TB, s string) Value {
	tb.Helper()
	x, ok := parseMoment(s)
	if !ok {
		tb.Fatal(s)
	}
	return Value{Num: x}
}

func octoberCalendar(tb testing.TB) *calendar.Calendar {
	var off []int64
	for d := range 7 {
		off = append(off, calendar.DayOf(2024, time.October, d+1))
	}
	c, err := calendar.New([]calendar.Year{{Year: 2024, Holidays: off, Workdays: []int64{calendar.DayOf(2024, time.October, 12)}}},
		[]calendar.Span{{From: 510, To: 720}, {From: 810, To: 1050}})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestDatesAndTexts(t *testing.T) {
	for _, test := range []struct{ a, b, formula, want string }{
		{"2024-09-30", "2024-10-10", "工作日(a, b) <= 3", "yes"},
		{"2024-09-30", "2024-10-11", "工作日(a, b) <= 3", "no"},
		{"2024-09-30", "2024-10-11", "工作日(a, b)", "4工作日"},
		{"2024-10-03 09:00", "2024-10-08 08:00", "工作日(a, b)", "1工作日"},
		{"2024-09-30 09:00", "2024-09-30 21:00", "小时(a, b) <= 12", "yes"},
		{"2024-09-30 09:00", "2024-09-30 21:01", "小时(a, b) <= 12小时", "no"},
		{"2024-09-30 09:00", "2024-10-01 09:00", "hours(a, b) <= 24小时", "yes"},
		{"2024-09-30 09:00", "2024-10-01 09:01", "hours(a, b) <= 24小时", "no"},
		{"2024-09-30 11:30", "2024-09-30 14:00", "working_hours(a, b)", "1小时"},
		{"2024-09-30 11:30", "2024-09-30 14:00", "minutes(a, b) == 150分钟", "yes"},
		{"2024-09-30 23:59", "2024-10-01 00:01", "days(a, b)", "1天"},
		{"2024-09-30 00:01", "2024-09-30 23:59", "days(a, b)", "0天"},
		{"2024-09-30 00:01", "2024-09-30 23:59", "same_day(a, b)", "yes"},
		{"2024-09-30 23:59", "2024-10-01 00:00", "same_day(a, b)", "no"},
		{"2024-09-30 10:00", "2024-10-01", "add_working_days(a, 3)", "2024-10-10"},
		{"2024-09-30 10:00", "2024-10-01", "add_working_days(a, 3工作日) == \"2024-10-10\"", "yes"},
		{"2024-12-31 10:00", "2025-01-02", "add_working_days(a, 0)", "2024-12-31"},
		{"2024-12-31", "2025-01-02", "working_days(a, b)", "missing"},
		{"2024-12-31", "2024-12-31", "month(a) + year(b)", "2,036"},
		{"2024-09-30", "2024-10-01", "a < \"2024-09-30 00:01\"", "yes"},
		{"2024-09-30", "2024-10-01", `包含(t, "理赔")`, "yes"},
		{"2024-09-30", "2024-10-01", `contains (t, "车险理赔案")`, "no"},
		{"2024-09-30", "2024-10-01", `not contains(t, "理赔") or starts_with(t, "车险")`, "yes"},
		{"2024-09-30", "2024-10-01", `开头(t, "理赔")`, "no"},
	} {
		row := map[string]Value{"a": at(t, test.a), "b": at(t, test.b), "t": {Text: "车险理赔"}}
		in := Input{Rows: 1, Calendar: octoberCalendar(t), Column: func(r Ref) (*Column, error) { return Const(row[r.ID], 1), nil }}
		e := mustCheck(t, test.formula, wideScope(t))
		steps, err := Trace(e, in, 0, func(_ Ref, v Value) (string, string) { return moment(v.Num), moment(v.Num) })
		if err != nil {
			t.Fatal(err)
		}
		got := steps[len(steps)-1].EN
		if got = got[strings.LastIndex(got, " = ")+3:]; got != test.want {
			t.Errorf("%s, %s: %s is %s, want %s", test.a, test.b, test.formula, got, test.want)
		}
	}
}

func TestWhatIsLacking(t *testing.T) {
	row := map[string]Value{"a": at(t, "2024-12-31"), "b": at(t, "2025-01-02"), "x": {Status: Missing}, "y": num(0), "n": num(2), "good": {}}
	in := Input{Rows: 1, Calendar: octoberCalendar(t), Column: func(r Ref) (*Column, error) { return Const(row[r.ID], 1), nil }}
	for formula, want := range map[string]string{
		"working_days(a, b)":                       "[] [there is no working-day calendar for 2025]",
		"working_days(a, b) > 3工作日 and x > 1":      "[x] [there is no working-day calendar for 2025]",
		"or_else(x, 1) / n + x":                    "[x] []",
		"or_else(x, 1) / n":                        "[] []",
		"good ? x / 1件 : n":                        "[] []",
		"good ? n : x / 1件":                        "[x] []",
		"sqrt(n - 3, 2)":                           "[] [a negative number has no square root]",
		"add_working_days(a, n / 4) == a":          "[] [the number of working days is not whole]",
		"add_working_days(\"2024-10-01\", n) == a": "[] []",
	} {
		refs, words, err := Lacking(mustCheck(t, formula, wideScope(t)), in, 0)
		if err != nil {
			t.Fatal(err)
		}
		var ids, said []string
		for _, r := range refs {
			ids = append(ids, r.ID)
		}
		for _, w := range words {
			said = append(said, w.EN)
		}
		if got := fmt.Sprint(ids) + " " + fmt.Sprint(said); got != want {
			t.Errorf("%s: %s, want %s", formula, got, want)
		}
	}
	in.Calendar = nil
	_, words, err := Lacking(mustCheck(t, "working_days(a, b)", wideScope(t)), in, 0)
	if err != nil || len(words) != 1 || !strings.Contains(words[0].EN, "no working-day calendar") {
		t.Errorf("%v %v", words, err)
	}
}
