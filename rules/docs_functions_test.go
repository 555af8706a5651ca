package rules

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kaoping/engine/calendar"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// The pages' table of functions has an example each, computed for the first of
// three subjects, to which the other two belong.
func exampleColumns(t *testing.T) map[formula.Ref]*formula.Column {
	numbers := func(list ...int64) *formula.Column {
		var out []exact.Num
		for _, n := range list {
			out = append(out, exact.Int(n))
		}
		return formula.NumberColumn(out)
	}
	same := func(v formula.Value) *formula.Column { return formula.Const(v, 3) }
	at := func(s string) *formula.Column {
		m, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return same(formula.Value{Num: exact.Frac(m.Unix(), 86400)})
	}
	columns := map[formula.Ref]*formula.Column{
		{ID: "x"}: numbers(4, 6, 20), {ID: "w"}: numbers(1, 1, 2),
		{ID: "big"}: formula.NewColumn([]formula.Value{{}, {Bool: true}, {Bool: true}}),
		{ID: "m"}:   same(formula.Value{Status: formula.Missing}),
		{ID: "a"}:   at("2024-09-30 16:00"), {ID: "b"}: at("2024-10-10 10:00"),
		{ID: "t"}:        same(formula.Value{Text: "车险理赔"}),
		{ID: "points i"}: numbers(3, 4, 5), {ID: "full i"}: numbers(5, 5, 5), {ID: "scored s"}: numbers(4, 4, 4),
		{ID: "mean s"}: numbers(3, 3, 3), {ID: "variance s"}: numbers(2, 2, 2),
		{ID: "x", Shift: formula.Previous, Times: 1}:   numbers(5, 6, 10),
		{ID: "x", Shift: formula.Previous, Times: 2}:   numbers(3, 6, 10),
		{ID: "x", Shift: formula.Preceding, Times: 1}:  numbers(7, 6, 10),
		{ID: "x", Shift: formula.YearAgo, Times: 1}:    numbers(8, 6, 10),
		{ID: "x", Shift: formula.FirstHalf, Times: 1}:  numbers(9, 3, 5),
		{ID: "x", Shift: formula.LatestYear, Times: 1}: numbers(22, 6, 10),
		{ID: "x", Shift: formula.ThisYear}:             numbers(4, 6, 20),
		{ID: "x", Shift: formula.ThisYear, Times: 1}:   numbers(7, 6, 10),
	}
	for k := range uint8(formula.MaxTimes) {
		ref := formula.Ref{ID: "x", Shift: formula.ThisYear, Times: k}
		if columns[ref] == nil {
			columns[ref] = same(formula.Value{Null: true}) // before the year began
		}
	}
	return columns
}

func exampleScope(t *testing.T) formula.Scope {
	u := func(s string) unit.Unit {
		u, err := unit.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	list := []formula.Symbol{
		{ID: "x", Unit: u("件")}, {ID: "m", Unit: u("件")}, {ID: "w"}, {ID: "big", Kind: formula.Bool},
		{ID: "a", Kind: formula.Date}, {ID: "b", Kind: formula.Date}, {ID: "t", Kind: formula.Text},
	}
	for id, s := range map[string]struct {
		zh, en string
		unit   unit.Unit
	}{
		"points i": {"得分 制度建设", "points training", u("分")}, "full i": {"满分 制度建设", "full_points training", u("分")},
		"scored s": {"已评项数 定量指标", "scored quantity", unit.Unit{}}, "mean s": {"得分均值 定量指标", "points_mean quantity", u("分")},
		"variance s": {"得分方差 定量指标", "points_variance quantity", u("分").Pow(2)},
	} {
		list = append(list, formula.Symbol{ID: id, Name: s.zh, Unit: s.unit}, formula.Symbol{ID: id, Name: s.en, Unit: s.unit})
	}
	return formula.NewScope(list...)
}

// exampleCalendar has the National Day holiday of 2024.
func exampleCalendar(t *testing.T) *calendar.Calendar {
	var off []int64
	for d := 1; d <= 7; d++ {
		off = append(off, calendar.DayOf(2024, time.October, d))
	}
	worked := []int64{calendar.DayOf(2024, time.September, 29), calendar.DayOf(2024, time.October, 12)}
	c, err := calendar.New([]calendar.Year{{Year: 2024, Holidays: off, Workdays: worked}}, []calendar.Span{{From: 510, To: 720}, {From: 810, To: 1050}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// functionRow is | `合计(x)` `sum(x)` | meaning | `合计(x, big)` is 26件 |.
var functionRow = regexp.MustCompile("(?m)^\\| `([^`(]+)\\(.* \\| `([^`]+)` (?:is|得) (.+) \\|$")

func TestTheExamplesOfTheFunctionsComeOutAsThePagesSay(t *testing.T) {
	columns := exampleColumns(t)
	in := formula.Input{
		Rows: 3, Parent: []int32{-1, 0, 0}, Calendar: exampleCalendar(t),
		Column: func(r formula.Ref) (*formula.Column, error) {
			if columns[r] == nil {
				t.Fatalf("no column %v", r)
			}
			return columns[r], nil
		},
	}
	for _, page := range []string{"language.md", "language.zh-CN.md"} {
		seen := map[string]bool{}
		for _, row := range functionRow.FindAllStringSubmatch(readDoc(t, filepath.Join(docs, page)), -1) {
			seen[row[1]] = true
			e, problems := formula.Check(row[2], exampleScope(t), formula.Options{Shifts: true, Groups: true})
			if len(problems) > 0 {
				t.Errorf("%s: %s: %+v", page, row[2], problems)
				continue
			}
			steps, err := formula.Trace(e, in, 0, func(formula.Ref, formula.Value) (string, string) { return "", "" })
			if err != nil {
				t.Fatal(err)
			}
			last := steps[len(steps)-1]
			got := last.ZH
			if page == "language.md" {
				got = last.EN
			}
			if got = got[strings.LastIndex(got, " = ")+3:]; got != row[3] {
				t.Errorf("%s: `%s` is %s, not %s", page, row[2], got, row[3])
			}
		}
		for _, f := range formula.Functions() {
			if !seen[f.Name] {
				t.Errorf("%s has no example of %s", page, f.Name)
			}
		}
	}
}
