package formula

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

func mustUnit(tb testing.TB, s string) unit.Unit {
	tb.Helper()
	u, err := unit.Parse(s)
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

// lawScope has the names that the messages below are about.
func lawScope(tb testing.TB) Scope {
	return NewScope(
		Symbol{ID: "motor_complaints", Name: "车险投诉件数", Unit: mustUnit(tb, "件")},
		Symbol{ID: "motor_premium", Name: "车险保费收入", Unit: mustUnit(tb, "元")},
		Symbol{ID: "people", Name: "人数", Unit: mustUnit(tb, "人"), Nullable: true},
		Symbol{ID: "rate", Name: "及时率", Unit: mustUnit(tb, "%")},
		Symbol{ID: "form", Name: "形式", Kind: Text, Options: []string{"群体性事件", "群体来访"}},
		Symbol{ID: "grave", Name: "造成恶劣影响", Kind: Bool},
		Symbol{ID: "due", Name: "应反馈日期", Kind: Date, Nullable: true},
		Symbol{ID: "answered", Name: "反馈日期", Kind: Date, Nullable: true},
	)
}

func TestFormulasThatAreRight(t *testing.T) {
	for _, test := range []struct{ source, dimensionOf string }{
		{"车险投诉件数 / 车险保费收入", "件/亿元"},
		{"motor_complaints ÷ motor_premium", "件/万元"},
		{"车险投诉件数 × 2 − 1", "件"},
		{"（车险投诉件数＋１０）／２", "件"},
		{"车险保费收入 + 10亿元 - 1,234.5万元", "元"},
		{"车险保费收入 > 0 ? 车险投诉件数 : 0", "件"},
		{"较大(车险保费收入, 0)", "元"},
		{"max(1,234)", "1"},
		{"百分位(车险投诉件数, 65%) / 车险投诉件数", "%"},
		{"(车险投诉件数 - 上期(车险投诉件数)) / 上期(车险投诉件数)", "%"},
		{"天数(应反馈日期, 反馈日期)", "天"},
		{"方差(车险保费收入)", "元×元"},
		{"家数(车险投诉件数 > 0 ? 车险投诉件数 : 车险投诉件数)", "1"},
		{"舍入(及时率, 2)", "%"},
	} {
		e, problems := Check(test.source, lawScope(t), Options{Shifts: true, Groups: true})
		if problems != nil {
			t.Errorf("%s: %+v", test.source, problems)
			continue
		}
		if problems := e.Want(mustUnit(t, test.dimensionOf)); problems != nil {
			t.Errorf("%s: %+v", test.source, problems)
		}
		if e.Source() != test.source {
			t.Errorf("Source() = %s, want %s", e.Source(), test.source)
		}
	}
}

func TestConditionsThatAreRight(t *testing.T) {
	for _, source := range []string{
		`形式 == "群体性事件" and 人数 >= 50`,
		`形式 == “群体来访” && 人数 ≥ 5 or 造成恶劣影响`,
		`形式 in ["群体性事件", "群体来访"]`,
		`形式 not in ["群体性事件"]`,
		`反馈日期 != 空 and 反馈日期 <= 应反馈日期`,
		`not 造成恶劣影响`,
		`造成恶劣影响 == 是`,
		`车险保费收入 ≥ 10亿元`,
		`人数 == none`,
	} {
		if _, problems := Check(source, lawScope(t), Options{}); problems != nil {
			t.Errorf("%s: %+v", source, problems)
		}
	}
}

// TestMessages asserts where a mistake is reported and in which words, in both
// languages. marked has the wrong part between ‹ and ›.
func TestMessages(t *testing.T) {
	for _, test := range []struct{ marked, code, zh, en string }{
		{"车险投诉件数 / ‹车险保费›", "unknown-name", "“车险保费”没有定义", "车险保费 is not defined"},
		{"‹合记›(车险投诉件数)", "unknown-name", "没有函数“合记”", "there is no function 合记"},
		{"‹车险投诉件数 + 车险保费收入›", "unit-mismatch", "单位不符", "does not go with"},
		{"‹车险保费收入 > 100›", "unit-mismatch", "单位不符", "does not go with"},
		{`‹形式 > "群体来访"›`, "formula", "只能用 == 或 != 比较", "compared with == or != only"},
		{`形式 == ‹"群体上访"›`, "unknown-name", "不是形式的取值", "is not a value of 形式"},
		{"‹形式› + 1", "formula", "这里要数,不是文字", "a number is wanted here"},
		{"车险投诉件数 / (车险保费收入‹ ›", "formula", "", ""},
		{"车险投诉件数 ‹/›/ 2", "formula", "", ""},
		{"车险投诉件数 ‹=› 2", "formula", "单个“=”没有意义", "a single = has no meaning"},
		{"‹13个月继续率› + 1", "unknown-name", "名称也不能以数字开头", "cannot begin with a digit"},
		{"‹限制›(车险投诉件数, 1)", "formula", "限制(x, low, high)", "clamp("},
		{"上期(‹环比›(车险投诉件数))", "formula", "不能互相套用", "cannot be mixed"},
		{"百分位(车险投诉件数, ‹2›)", "formula", "0% 到 100%", "from 0% to 100%"},
		{"舍入(车险投诉件数, ‹人数›)", "formula", "小数位数", "number of decimals"},
		{"‹造成恶劣影响 ? 1 : \"a\"›", "formula", "同类的值", "of one kind"},
		{"人数 in ‹ ›人数", "formula", "", ""},
		{`形式 == ‹"群体来访›`, "formula", "引号没有闭合", "a quote is not closed"},
		{"‹   ›", "formula", "公式是空的", "the formula is empty"},
		{"人数 ‹%› 3", "formula", "", ""},
	} {
		from := strings.Index(test.marked, "‹")
		offset := len([]rune(test.marked[:from]))
		source := strings.NewReplacer("‹", "", "›", "").Replace(test.marked)
		_, problems := Check(source, lawScope(t), Options{Shifts: true, Groups: true})
		if len(problems) == 0 {
			t.Errorf("%s: no problem", test.marked)
			continue
		}
		p := problems[0]
		if p.Code != test.code || !strings.Contains(p.ZH, test.zh) || !strings.Contains(p.EN, test.en) {
			t.Errorf("%s: %s %s / %s", test.marked, p.Code, p.ZH, p.EN)
		}
		if test.zh == "" { // only that it is refused matters
			continue
		}
		length := len([]rune(test.marked[from:strings.Index(test.marked, "›")])) - 1
		if p.Offset != offset || p.Length != length {
			t.Errorf("%s: at %d+%d, want %d+%d", test.marked, p.Offset, p.Length, offset, length)
		}
	}
}

func TestAllMistakesAreReported(t *testing.T) {
	_, problems := Check("甲 / 乙 + 合记(丙)", lawScope(t), Options{Groups: true})
	if len(problems) != 3 {
		t.Errorf("%d problems, want 3: %+v", len(problems), problems)
	}
}

func TestAFormulaReachesNothingButItsNames(t *testing.T) {
	for _, source := range []string{
		"now()", "env", "$env", `$env["motor_premium"]`, `get(人数, "x")`, "len(形式)", "人数.x", "形式[0]", "形式?.x", "[1,2][0]",
		"{a: 1}", "1..3", "let x = 1; x", "人数 | abs()", "filter([1], # > 0)", "map([1], {#})", "all([1], .x)", "人数 ?? 1", `形式 matches "x"`,
		`形式 contains "x"`, `形式 + "x"`, `"a" + "b"`, "人数 ** 2", "人数 ^ 2", "人数 /* x */ + 1", "人数 // 1", "人数 # 1", "nil", "float(人数)",
		"date('2025-01-01')", "duration('1h')", "__literal0", "人数; 人数", "if 造成恶劣影响 { 1 } else { 2 }", "b'x'", "`x`", "sum([1,2])", "true ? now() : 1",
		"上期(人数)(1)", "人数()", "1e999999999", "0x10", "1_000",
	} {
		if e, problems := Check(source, lawScope(t), Options{Shifts: true, Groups: true}); problems == nil {
			t.Errorf("%s is accepted and yields %d", source, e.Kind())
		}
	}
}

func TestOptionsBoundWhatAFormulaMayDo(t *testing.T) {
	for source, opt := range map[string]Options{"合计(人数)": {Shifts: true}, "上期(人数)": {Groups: true}} {
		if _, problems := Check(source, lawScope(t), opt); problems == nil {
			t.Errorf("%s is accepted", source)
		}
	}
	long := "1" + strings.Repeat(" + 1", maxSource)
	deep := strings.Repeat("(", 3000) + "1" + strings.Repeat(")", 3000)
	nested := strings.Repeat("abs(", 300) + "1" + strings.Repeat(")", 300)
	negated := strings.Repeat("-", 1500) + "1"
	number := strings.Repeat("9", 200)
	for name, source := range map[string]string{"long": long, "nested": nested, "negated": negated, "number": number} {
		if _, problems := Check(source, lawScope(t), Options{}); problems == nil {
			t.Errorf("a formula that is too %s is accepted", name)
		}
	}
	Check(deep, lawScope(t), Options{}) // brackets alone cost nothing; it must only come back
}

func TestLiterals(t *testing.T) {
	for source, want := range map[string]string{
		"80%": "4/5", "10亿元": "1000000000", "1,234.5": "2469/2", "0.30": "3/10", "２０％": "1/5", "100000 元": "100000",
		"0.12345678901234567 * 10": "12345678901234567/10000000000000000", "3 万元": "30000", "5‰": "1/200", "1,234,567": "1234567",
		"2 × 3 ÷ 4": "3/2", "max(1,234)": "234", "(1,234) + max(1,2)": "1236", "1 − 3": "-2", "-5 * -2": "10", "not (1 > 2) ? 7 : 8": "7",
	} {
		e, problems := Check(source, NewScope(), Options{})
		if problems != nil {
			t.Errorf("%s: %+v", source, problems)
			continue
		}
		c, err := Eval(e, Input{Rows: 1})
		if err != nil || c.At(0).Num.String() != want {
			t.Errorf("%s = %v (%v), want %s", source, c.At(0), err, want)
		}
	}
}

// lanes evaluates an expression over columns given as values.
func lanes(tb testing.TB, source string, columns map[string][]Value, group []int32) []Value {
	tb.Helper()
	rows := 0
	for _, c := range columns {
		rows = len(c)
	}
	e, problems := Check(source, lawScope(tb), Options{Shifts: true, Groups: true})
	if problems != nil {
		tb.Fatalf("%s: %+v", source, problems)
	}
	c, err := Eval(e, Input{Rows: rows, Group: group, Column: func(r Ref) (*Column, error) {
		v, ok := columns[r.ID]
		if !ok {
			return nil, fmt.Errorf("no column %s", r.ID)
		}
		return NewColumn(v), nil
	}})
	if err != nil {
		tb.Fatal(err)
	}
	out := make([]Value, rows)
	for i := range out {
		out[i] = c.At(i)
	}
	return out
}

func num(n int64) Value { return Value{Num: exact.Int(n)} }

var missing, null = Value{Status: Missing}, Value{Null: true}

func TestConditionsAreTwoValued(t *testing.T) {
	columns := map[string][]Value{
		"due":      {num(100), num(100), num(100), null, missing},
		"answered": {num(99), num(100), null, null, num(1)},
	}
	for source, want := range map[string]string{
		"反馈日期 <= 应反馈日期":               "yes yes no no missing",
		"反馈日期 != 空 and 反馈日期 <= 应反馈日期": "yes yes no no missing",
		"反馈日期 == 空":                   "no no yes yes no",
		"not (反馈日期 <= 应反馈日期)":         "no no yes yes missing",
		"反馈日期 == 空 or 反馈日期 > 应反馈日期":   "no no yes yes missing",
	} {
		var got []string
		for _, v := range lanes(t, source, columns, nil) {
			switch {
			case v.Status == Missing:
				got = append(got, "missing")
			case v.Bool:
				got = append(got, "yes")
			default:
				got = append(got, "no")
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", source, s, want)
		}
	}
}

func TestOnlyTheBranchTakenCounts(t *testing.T) {
	columns := map[string][]Value{"motor_complaints": {num(3), num(3), missing}, "motor_premium": {num(0), num(2), num(0)}}
	got := lanes(t, "车险保费收入 == 0元 ? 0 : 车险投诉件数 / 车险保费收入", columns, nil)
	if got[0].Status != OK || !got[0].Num.IsZero() || !got[1].Num.Equal(exact.Frac(3, 2)) || got[2].Status != OK {
		t.Errorf("got %+v", got)
	}
	got = lanes(t, "车险投诉件数 / 车险保费收入", columns, nil)
	if got[0].Status != ZeroDenominator || got[2].Status != Missing {
		t.Errorf("missing outweighs a zero denominator: got %+v", got)
	}
}

func TestGroupStatisticsKeepToTheirGroup(t *testing.T) {
	columns := map[string][]Value{"motor_complaints": {num(1), num(5), num(3), missing, num(10), missing}}
	group := []int32{0, 0, 0, 0, 1, 2}
	for source, want := range map[string]string{
		"合计(车险投诉件数)":       "9 9 9 9 10 0!",
		"中位数(车险投诉件数)":      "3 3 3 3 10 -",
		"平均(车险投诉件数)":       "3 3 3 3 10 -",
		"最小值(车险投诉件数)":      "1 1 1 1 10 -",
		"最大值(车险投诉件数)":      "5 5 5 5 10 -",
		"百分位(车险投诉件数, 25%)": "2 2 2 2 10 -",
		"方差(车险投诉件数)":       "8/3 8/3 8/3 8/3 0 -",
		"家数(车险投诉件数)":       "3 3 3 3 1 0",
		"名次(车险投诉件数)":       "1 3 2 - 1 -",
		"名次(-车险投诉件数)":      "3 1 2 - 1 -",
	} {
		var got []string
		for _, v := range lanes(t, source, columns, group) {
			if v.Status != OK {
				got = append(got, "-")
				continue
			}
			got = append(got, v.Num.String())
		}
		want := strings.ReplaceAll(want, "0!", "-") // nobody has a value: not a silent zero
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", source, s, want)
		}
	}
}

func TestFullYears(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     int64
	}{
		{"2023-01-01", "2024-12-31", 2},
		{"2023-01-02", "2024-12-31", 1},
		{"2023-01-01", "2024-12-30", 1},
		{"2023-06-01", "2025-06-30", 1},
		{"2024-01-01", "2024-12-31", 1},
		{"2024-02-01", "2024-12-31", 0},
		{"2025-06-30", "2023-01-01", 0},
	} {
		columns := map[string][]Value{"due": {dayOf(t, test.from)}, "answered": {dayOf(t, test.to)}}
		if got := lanes(t, "完整年度数(应反馈日期, 反馈日期)", columns, nil)[0].Num; !got.Equal(exact.Int(test.want)) {
			t.Errorf("%s to %s: %s, want %d", test.from, test.to, got, test.want)
		}
	}
}

func TestTrace(t *testing.T) {
	e, problems := Check("车险保费收入 == 0 ? 0 : 车险投诉件数 / 车险保费收入", lawScope(t), Options{})
	if problems != nil || e.Want(mustUnit(t, "件/亿元")) != nil {
		t.Fatal(problems)
	}
	columns := map[string]*Column{"motor_complaints": NewColumn([]Value{num(75)}), "motor_premium": NewColumn([]Value{num(3_000_000_000)})}
	in := Input{Rows: 1, Column: func(r Ref) (*Column, error) { return columns[r.ID], nil }}
	steps, err := Trace(e, in, 0, func(r Ref, v Value) (string, string) {
		s := v.Num.String() + map[string]string{"motor_complaints": "件", "motor_premium": "元"}[r.ID]
		return s, s
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Step{
		{"3000000000元 = 0? 否", "3000000000元 = 0? no"},
		{"75件 ÷ 3000000000元 = 2.5 件/亿元", "75件 ÷ 3000000000元 = 2.5 件/亿元"},
	}
	if fmt.Sprint(steps) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", steps, want)
	}
}

// FuzzCheck looks for formulas that make the checker panic, hang, or point
// outside the source.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"车险投诉件数 / 车险保费收入", "百分位(人数, 65%)", `形式 in ["群体来访"]`, "a ? b : c", "10亿元 × 1,234.5", "“", "((", "１，２", "上期(合计(人数))", "// x", "-\x00",
		"近期合计(上期(人数), 12)", "连续(人数 > 1, 3)", "同比(本年累计(人数))", "合计(人数, 造成恶劣影响)", "缺则(人数, 0)", "得分(形式)", "contains(形式, \"a\")", "contains contains", "标准差(人数, 2, true)", "工作日(due, \"2024-10-01 09:30\")", "平方根(方差(人数), 1, \"人\")"} {
		f.Add(seed)
	}
	scope := lawScope(f)
	f.Fuzz(func(t *testing.T, source string) {
		e, problems := Check(source, scope, Options{Shifts: true, Groups: true})
		if (e == nil) == (problems == nil) {
			t.Fatalf("%q: expression %v with problems %v", source, e, problems)
		}
		for _, p := range problems {
			if p.Offset < 0 || p.Length < 1 || p.Offset > len([]rune(source)) || p.ZH == "" || p.EN == "" {
				t.Fatalf("%q: %+v", source, p)
			}
		}
	})
}

func dayOf(tb testing.TB, s string) Value {
	tb.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		tb.Fatal(err)
	}
	return num(at.Unix() / 86400)
}
