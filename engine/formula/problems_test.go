package formula

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kaoping/engine/unit"
)

func TestFormulasYieldNumbersInTheirUnit(t *testing.T) {
	row := officeRow(t)
	for _, c := range []struct{ formula, want, unit string }{
		{"投诉件数 / 保费收入", "1/40000000", "件/元"},
		{"complaints ÷ premium", "1/40000000", "件/元"},
		{"投诉件数 / 保费收入 - 投诉量", "0", "件/元"},
		{"车险保费收入 + 1元", "20001", "万元"},
		{"保费收入 / 保费收入", "1", ""},
		{"保费收入 * 投诉量", "75", "件"},
		{"投诉件数 + 5", "80", "件"},
		{"5 + 投诉件数", "80", "件"},
		{"保单件数 - 5", "0", "万张"}, // 5万张, as it stands beside 万张
		{"保单件数 - 5张", "49995", "万张"},
		{"1 - 及时率", "0.175", "%"},
		{"投诉件数 * 80%", "60", "件"},
		{"(投诉件数 - 上期(投诉件数)) / 上期(投诉件数)", "-1/4", ""},
		{"投诉件数 / 环比(投诉件数)", "15/16", ""},
		{"投诉件数 / year_ago(complaints)", "5/4", ""},
		{"上期(投诉件数 / 保费收入)", "1/40000000", "件/元"},
		{"10亿元 / 投诉件数", "40000000/3", "亿元/件"},
		{"保费收入 / 10万元/件", "30000", "件"},
		{"投诉量 > 2 件/亿元 ? 1 : 2", "1", ""},
		{"绝对值(y)", "2", ""}, {"abs(-3)", "3", ""},
		{"较小(x, y, 3)", "-2", ""}, {"较大(x, y, 3)", "12.345", ""},
		{"限制(x, 0, 10)", "10", ""}, {"限制(y, 0, 10)", "0", ""},
		{"舍入(x, 2)", "12.35", ""}, {"截断(x, 2)", "12.34", ""}, {"round(0 - x, 2)", "-12.35", ""}, {"truncate(-x, 2)", "-12.34", ""},
		{"round(及时率, 0)", "0.83", "%"},
		{"round(得分, 2)", "13.34", "分"},
		{"round(投诉量, 2)", "1/40000000", "件/亿元"},
		{`round(投诉件数 / 保费收入, 1, "件/亿元")`, "1/40000000", "件/亿元"},
		{`round(1 - 及时率, 2, "1")`, "0.18", "1"},
		{"round(1万 - x, 0)", "9988", ""},
		{"天数(收件日期, 反馈日期)", "3", "天"},
		{`days("2024-01-01", 收件日期)`, "57", "天"},
		{`完整年度数("2020-01-01", "2023-12-31")`, "4", ""}, {`full_years("2020-01-02", "2023-12-30")`, "2", ""}, {`full_years("2023-05-01", "2023-06-01")`, "0", ""},
		{"max(1,234)", "234", ""}, {"max((1,234), 5)", "1234", ""}, {"1,234.5 + x", "1246.845", ""}, {"(1,234,567)", "1234567", ""},
		{"not (x > 1) ? 1 : 2", "2", ""},
		{".5 + 1", "1.5", ""}, {"１，２３４．５", "1234.5", ""}, {"２０％", "0.2", "%"}, {"5‰", "0.005", "‰"}, {"80 %", "0.8", "%"},
		{"10亿", "1000000000", ""}, {"3 万张", "30000", "万张"},
		{"x × 2 ÷ 3", "8.23", ""}, {"（x ＋ ２）－ 1", "13.345", ""}, {"x > 0 ？ 1 ： 2", "1", ""},
		{"9223372036854775807 + 1", "9223372036854775808", ""}, {"0.1 + 0.2", "0.3", ""},
	} {
		v, e := evalOne(t, c.formula, row)
		if v.Status != OK || !v.Num.Equal(exactly(t, c.want)) || e.Unit().String() != c.unit && !(c.unit == "1" && e.Unit().IsBare()) {
			t.Errorf("%s = %s %q (status %d), want %s %q", c.formula, v.Num, e.Unit(), v.Status, c.want, c.unit)
		}
	}
}

func TestConditions(t *testing.T) {
	row := officeRow(t)
	for _, c := range []struct {
		formula string
		want    bool
	}{
		{`险种 == "车险"`, true}, {`险种 == “车险”`, true}, {`险种 == “车险"`, true}, {`险种 == ‘车险’`, true}, {`险种 == 「车险」`, true}, {`"非车险" == 险种`, false}, {`险种 != '车险'`, false},
		{`险种 in ["车险", "非车险"]`, true}, {`险种 not in ["车险"]`, false}, {`险种 in 【“车险”、“非车险”】`, true},
		{"撤回", true}, {"not 撤回", false}, {"撤回 == 否", false}, {"撤回 and x > 1", true}, {"! 撤回 || x < 1", false}, {"撤回 && 是", true},
		{"投诉件数 >= 50", true}, {"投诉件数 ≥ ５０", true}, {"50 <= 投诉件数", true}, {"投诉件数 ≠ 75", false}, {"投诉件数 ＝＝ 75", true}, {"投诉件数＞＝75", true},
		{"及时率 >= 80%", true}, {"及时率 > 1", false}, {"保费收入 == 30亿元", true}, {"保费收入 > 0", true}, {"完整会计年度数 >= 1", true}, {"完整会计年度数 > 30个月", true},
		{"0 < 投诉件数 < 100", true}, {"0 <= x <= 12", false}, {"1 < x and x < 3 or true", true},
		{"收件日期 < 反馈日期", true}, {`反馈日期 <= "2024-02-29"`, false}, {"反馈日期 != 空", true}, {"反馈日期 == none", false}, {"空 == 反馈日期", false},
		{"(撤回 ? x > 100 : x > 1)", false},
	} {
		v, e := evalOne(t, c.formula, row)
		if v.Status != OK || v.Bool != c.want || e.Kind() != Bool {
			t.Errorf("%s = %v (status %d, kind %d), want %v", c.formula, v.Bool, v.Status, e.Kind(), c.want)
		}
	}
}

func TestWhatIsNoneFulfilsNothing(t *testing.T) {
	row := officeRow(t)
	row[Ref{ID: "line"}], row[Ref{ID: "answered"}], row[Ref{ID: "withdrawn"}] = Value{Null: true}, Value{Null: true}, Value{Null: true}
	for formula, want := range map[string]bool{
		`险种 == "车险"`: false, `险种 != "车险"`: false, `险种 in ["车险"]`: false, `not (险种 == "车险")`: true, "险种 == 空": true, "险种 != 空": false,
		"反馈日期 <= 收件日期": false, "反馈日期 > 收件日期": false, "反馈日期 == 空": true, "撤回 and x > 1": false, "撤回 or x > 1": true, "not 撤回": true,
	} {
		if v, _ := evalOne(t, formula, row); v.Status != OK || v.Bool != want || v.Null {
			t.Errorf("%s = %+v, want %v", formula, v, want)
		}
	}
	if v, _ := evalOne(t, "天数(收件日期, 反馈日期)", row); v.Status != Missing {
		t.Errorf("the days to no date are %+v", v)
	}
}

func TestStatusesFollowTheBranchTaken(t *testing.T) {
	row := officeRow(t)
	row[Ref{ID: "x"}], row[Ref{ID: "y"}] = Value{Status: Missing}, Value{}
	for formula, want := range map[string]Status{
		"x + 1": Missing, "投诉件数 / (投诉件数 - 75)": ZeroDenominator, "1 / y + x": Missing, "y == 0 ? 1 : 1 / y": OK, "y == 0 ? x : 1": Missing,
		"y == 1 ? x : 1": OK, "x > 0 ? 1 : 2": Missing, "y == 0 or x > 0 ? 1 : 2": OK, "y == 1 and x > 0 ? 1 : 2": OK, "x > 0 or y == 0 ? 1 : 2": Missing,
		"1 / y > 0 ? 1 : 2": ZeroDenominator, "max(1, x)": Missing, "x == 空 ? 1 : 2": Missing, "round(1 / y, 2)": ZeroDenominator, "-x": Missing,
	} {
		if v, _ := evalOne(t, formula, row); v.Status != want {
			t.Errorf("%s has status %d, want %d", formula, v.Status, want)
		}
	}
}

func TestGrowingNumbersBecomeTooLarge(t *testing.T) {
	row := officeRow(t)
	row[Ref{ID: "x"}] = Value{Num: exactly(t, strings.Repeat("9", 600))}
	product := "x" + strings.Repeat(" * x", 9)
	if v, _ := evalOne(t, product, row); v.Status != TooLarge {
		t.Errorf("a product of 20,000 bits has status %d", v.Status)
	}
	if v, _ := evalOne(t, "y == -2 ? 1 : "+product, row); v.Status != OK {
		t.Errorf("a branch that is not taken counts: status %d", v.Status)
	}
}

// TestProblems holds a formula, and for each mistake its place, its code, its
// sentences and hints in both languages.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		formula string
		want    []string // the source under the caret | code | zh | en | hints
	}{
		{"车险保费 / 保费收入", []string{"车险保费|unknown-name|“车险保费”没有定义|车险保费 is not defined|您是否指“车险保费收入”?|did you mean 车险保费收入?"}},
		{"投诉件数 / 保废收入 + 没有", []string{
			"保废收入|unknown-name|“保废收入”没有定义|保废收入 is not defined|您是否指“保费收入”?|did you mean 保费收入?",
			"没有|unknown-name|“没有”没有定义|没有 is not defined||"}},
		{"(投诉件数 / 保废收入", []string{
			"(|formula|这个括号没有右括号|this bracket is not closed||",
			"保废收入|unknown-name|“保废收入”没有定义|保废收入 is not defined|您是否指“保费收入”?|did you mean 保费收入?"}},
		{"投诉件数 + 保费收入", []string{"投诉件数 + 保费收入|unit-mismatch|单位不符:“元”与“件”|“元” does not go with “件”|同类的量才能相加或比较|only like quantities can be added or compared"}},
		{"保费收入 > 100", []string{"保费收入 > 100|unit-mismatch|单位不符:无单位的数与“元”|a bare number does not go with “元”|在数字后写上单位,例如 100元|write the unit after the number, as in 100 元"}},
		{"投诉量 + 1", []string{"投诉量 + 1|unit-mismatch|单位不符:无单位的数与“件/亿元”|a bare number does not go with “件/亿元”|在数字后写上单位,例如 1件/亿元|write the unit after the number, as in 1 件/亿元"}},
		{"投诉件数 == 保单件数", []string{"投诉件数 == 保单件数|unit-mismatch|单位不符:“万张”与“件”|“万张” does not go with “件”|同类的量才能相加或比较|only like quantities can be added or compared"}},
		{"x > 0 ? 投诉件数 : 保费收入", []string{"投诉件数 : 保费收入|unit-mismatch|单位不符:“元”与“件”|“元” does not go with “件”|同类的量才能相加或比较|only like quantities can be added or compared"}},
		{"及时率 >= 80", []string{"80|unit-mismatch|“及时率”以 % 计:这里的 80 是倍数还是百分数?|及时率 counts in %: is 80 a multiple or a percentage?|百分数写作 80%,倍数写作 8000%|write 80%, or 8000% for the multiple"}},
		{"round(投诉件数 / 保费收入, 2)", []string{"round(投诉件数 / 保费收入, 2|unit-mismatch|不清楚按什么单位舍入:“件/元”是算出来的|in which unit to round is not clear: 件/元 was worked out, nobody wrote it|写明单位,例如 舍入(x, 2, \"件/亿元\")|name it, as in round(x, 2, \"complaints/USD million\")"}},
		{`round(x, 2, "斤")`, []string{`"斤"|formula|“斤”不是单位|斤 is no unit||`}},
		{`round(x, 2, "元")`, []string{`"元"|unit-mismatch|单位不符:无单位的数与“元”|a bare number does not go with “元”||`}},
		{"round(x, 2, x)", []string{"x|formula|第三个参数是单位,写在引号里|the third argument is a unit in quotes||"}},
		{"round(x, y)", []string{"y|formula|小数位数要写 0 到 12 的整数|the number of decimals is a whole number from 0 to 12||"}},
		{"percentile(x, 65)", []string{"65|formula|百分位要写 0% 到 100% 之间的数|a percentile is a number from 0% to 100%|例如 百分位(x, 65%)|for example percentile(x, 65%)"}},
		{`险种 == "车先"`, []string{`"车先"|unknown-name|“车先”不是险种的取值|车先 is not a value of 险种|您是否指“车险”?|did you mean 车险?`}},
		{`x == "车险"`, []string{`x == "车险"|formula|不能比较数与文字|cannot compare a number with a text||`}},
		{`险种 < "车险"`, []string{`险种 < "车险"|formula|文字和是否只能用 == 或 != 比较|texts and yes or no are compared with == or != only||`}},
		{"险种 + 1", []string{"险种|formula|这里要数,不是文字|a number is wanted here, not a text||"}},
		{"收件日期 + 1", []string{"收件日期|formula|这里要数,不是日期|a number is wanted here, not a date||"}},
		{"x and 撤回", []string{"x|formula|这里要是或否,不是数|a yes or no is wanted here, not a number||"}},
		{"not x == 1", []string{"not x|formula|not 后面要是或否,不是数|after not stands a yes or no, not a number|否定整个条件要加括号:not (a == b)|to negate a whole condition use brackets: not (a == b)"}},
		{"x ? 1 : 2", []string{"x|formula|这里要是或否,不是数|a yes or no is wanted here, not a number||"}},
		{`撤回 ? 1 : "甲"`, []string{`撤回 ? 1 : "甲"|formula|“?:”两边要是同类的值|both sides of ?: must be of one kind||`}},
		{"空", []string{"空|formula|空只能用 == 或 != 比较|none is compared with == or != only||"}},
		{"反馈日期 > 空", []string{"反馈日期 > 空|formula|与空只能用 == 或 != 比较|none is compared with == or != only||"}},
		{"x + 空", []string{"空|formula|这里要数,不是空|a number is wanted here, not none||"}},
		{"sum(x, y)", []string{"sum|formula|合计要写成 合计(x)|sum is written sum(x)|最后还可以写一个条件|a condition may stand behind it"}},
		{"sun(x)", []string{"sun|unknown-name|没有函数“sun”|there is no function sun|您是否指“sum”?|did you mean sum?"}},
		{"合计", []string{"合计|unknown-name|“合计”没有定义|合计 is not defined|合计 是函数,后面要写括号|合计 is a function: brackets must follow"}},
		{"上期(环比(投诉件数))", []string{"环比|formula|上期、环比、同比等不能互相套用|previous, preceding, year_ago and the like cannot be mixed in one another|同一个可以套用,例如 上期(上期(x));同比(本年累计(x)) 也可以|one of them can be repeated, as in previous(previous(x)); year_ago(year_to_date(x)) works too"}},
		{"x > 1 且 y > 1", []string{
			"且|unknown-name|“且”没有定义|且 is not defined|运算符写作 and|the operator is written and",
			"且|formula|“且”前面缺运算符|an operator is missing before “且”|例如 + - × ÷ and or|such as + - * / and or"}},
		{"1 < (x + y) < 3", []string{"<|formula|连写的比较,中间只能是名称或数|in a chain of comparisons only a name or a number stands in the middle|写成 a < b and b < c|write a < b and b < c"}},
		{"13个月继续率 * 2", []string{"13个月继续率|unknown-name|“13个月继续率”:数字后面不是已知的单位;名称也不能以数字开头|13个月继续率: what follows the number is no unit, and a name cannot begin with a digit|在公式里写它的 id:persistency|write its id in formulas: persistency"}},
		{"人均(在岗) * 2", []string{"人均(在岗)|unknown-name|“人均(在岗)”:公式里的名称只能由字、字母、数字和下划线组成|人均(在岗): a name in a formula is made of letters, digits and _|在公式里写它的 id:staff|write its id in formulas: staff"}},
		{"14个月继续率", []string{"14个月继续率|unknown-name|“14个月继续率”:数字后面不是已知的单位;名称也不能以数字开头|14个月继续率: what follows the number is no unit, and a name cannot begin with a digit|给这个名称一个 id,在公式里写 id|give the name an id and write the id in formulas"}},
		{"x = 1", []string{"=|formula|单个“=”没有意义|a single = has no meaning|比较写 ==|write == to compare"}},
		{"5 6", []string{"6|formula|“6”前面缺运算符|an operator is missing before “6”|例如 + - × ÷ and or|such as + - * / and or"}},
		{"x + 1,23", []string{",|formula|这里不能有逗号|a comma cannot stand here|千位逗号写作 1,234.5:每组三位,没有空格|thousands are written 1,234.5: three digits a group, no blanks"}},
		{"x +", []string{"+|formula|公式不完整:末尾还缺一个数或名称|the formula ends too early: a number or a name is missing||"}},
		{"x ×÷ y", []string{"÷|formula|“÷”不应出现在这里|“÷” cannot stand here||"}},
		{"x)", []string{")|formula|这个括号没有左括号|this bracket was not opened||"}},
		{`险种 == "车险`, []string{`"车险|formula|引号没有闭合|a quote is not closed||`}},
		{"险种 in []", []string{"in [|formula|in 后面要写 [\"甲\", \"乙\"]|after in write [\"a\", \"b\"]||"}},
		{"@x", []string{"@|formula|公式里不能用字符“@”|the character “@” cannot be used in a formula||"}},
	} {
		_, problems := Check(c.formula, officeScope(t), Options{Shifts: true, Groups: true})
		var got []string
		for _, p := range problems {
			under := string([]rune(c.formula)[p.Offset : p.Offset+p.Length])
			got = append(got, strings.Join([]string{under, p.Code, p.ZH, p.EN, p.HintZH, p.HintEN}, "|"))
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", c.formula, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// TestFormulasReachNothingElse: no clock, no environment, no builtin, no
// construct of expr that was not chosen.
func TestFormulasReachNothingElse(t *testing.T) {
	for _, formula := range []string{
		"now()", "env", "$env", `$env["x"]`, `get(x, "y")`, "len(x)", "date(\"2024-01-01\")", "duration(\"1h\")", "type(x)", "int(x)", "float(x)", "string(x)", "toJSON(x)", "fromJSON(\"1\")",
		"print(x)", "split(险种, \"a\")", "keys(x)", "first([x])", "all([x], # > 1)", "none([x], {# > 1})", "any([x], # > 1)", "one([x], true)", "filter([x], # > 1)", "map([x], #)",
		"find([x], true)", "groupBy([x], #)", "sortBy([x], #)", "reduce([x], #acc + #)", "count([x], # > 1)", "sum([x], # * 2)", "::sum(x)", "x | abs()", "x |> abs()",
		"x.y", "x?.y", "x[0]", "险种[0:1]", "{a: x}", "[x, y]", "let a = 1; a", "x; y", "if x > 1 { 1 } else { 2 }", "x > 1 ?: y > 1", "x ?? y", "x // y", "x /* y */", "# x", "x # y",
		"x ** 2", "x ^ 2", "x % y", "1..5", "x in 1..5", `险种 matches "a.*"`, `险种 contains "a"`, `险种 startsWith "a"`, `险种 endsWith "a"`, `险种 + "a"`, "`车险` == 险种", `b"a" == 险种`, "nil", "x == nil",
		"0x10", "1e5", "1_000", "0b1", "__literal0", "__literal0 + 1", "x __literal0", "round", "round()", "round(x)", "previous", "{", "}", "x\x00y", "x\\y", "~x", "x & y", "x => y", "a=>1", "@env",
	} {
		if e, problems := Check(formula, officeScope(t), Options{Shifts: true, Groups: true}); e != nil || len(problems) == 0 {
			t.Errorf("%s is taken for a formula", formula)
		}
	}
}

func TestFunctionsMustBeAllowed(t *testing.T) {
	for _, formula := range []string{"上期(x)", "previous(x)", "合计(x)", "rank(x)", "x + 家数(x)"} {
		if e, problems := Check(formula, officeScope(t), Options{}); e != nil || len(problems) != 1 || problems[0].Code != "formula" {
			t.Errorf("%s: %+v", formula, problems)
		}
	}
}

func TestEveryFunctionIsDescribed(t *testing.T) {
	for _, f := range Functions() {
		if f.Name == "" || f.Alias == "" || f.Args == "" || f.ZH == "" || f.EN == "" || functionNamed(f.Name) == nil || functionNamed(f.Alias) == nil {
			t.Errorf("%+v is described badly", f)
		}
		for _, r := range f.Args + f.EN + f.Alias {
			if r > utf8.RuneSelf && r != '…' && r != '→' {
				t.Errorf("%s: %q is no English", f.Alias, r)
			}
		}
	}
}

func TestFormulasAreBounded(t *testing.T) {
	nested := "x"
	for range 40 {
		nested = "((1 < " + nested + " < 2) ? 1 : 2)"
	}
	for name, formula := range map[string]string{
		"too many characters": strings.Repeat("x", maxSource+1), "empty": "", "blank": " \t ", "too many parts": "x" + strings.Repeat("+x", 1500),
		"too many brackets": strings.Repeat("(", 1500) + "x" + strings.Repeat(")", 1400), "too deep": strings.Repeat("-", 300) + "x",
		"too many digits": strings.Repeat("9", 200), "chains in chains": nested, "open brackets": strings.Repeat("[", 3000), "calls in calls": strings.Repeat("abs(", 500),
	} {
		started := time.Now()
		e, problems := Check(formula, officeScope(t), Options{})
		if e != nil || len(problems) == 0 {
			t.Errorf("%s: accepted", name)
		}
		for _, p := range problems {
			if strings.Contains(p.EN, literalPrefix) || strings.Contains(p.EN, "compilation") || p.ZH == "" {
				t.Errorf("%s: %+v", name, p)
			}
		}
		if took := time.Since(started); took > 5*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

func TestRefs(t *testing.T) {
	e := mustCheck(t, "投诉件数 / 上期(complaints) + 投诉件数 / premium / 上期(投诉件数 / 保费收入)", officeScope(t))
	want := "[{complaints 0 0} {complaints 1 1} {premium 0 0} {premium 1 1}]"
	if got := fmt.Sprint(e.Refs()); got != want {
		t.Errorf("refs are %s, want %s", got, want)
	}
}

func TestWant(t *testing.T) {
	for _, c := range []struct{ formula, unit, problem string }{
		{"投诉件数 / 保费收入", "件/亿元", ""}, {"投诉件数 / 保费收入", "件/万张", "the formula yields “件/元”, but “件/万张” is declared"},
		{"投诉件数 / 投诉件数", "%", ""}, {"0", "亿元", ""}, {"5", "分", ""}, {"5", "元", "the formula yields a bare number, but “元” is declared"},
		{"5", "万张", "the formula yields a bare number, but “万张” is declared"}, {"撤回", "件", "a number is wanted here"},
	} {
		u, err := unit.Parse(c.unit)
		if err != nil {
			t.Fatal(err)
		}
		e, got := mustCheck(t, c.formula, officeScope(t)), ""
		if problems := e.Want(u); problems != nil {
			got = problems[0].EN
		} else if e.Unit().String() != c.unit {
			t.Errorf("%s is shown in %s", c.formula, e.Unit())
		}
		if got != c.problem {
			t.Errorf("%s in %s: %q, want %q", c.formula, c.unit, got, c.problem)
		}
	}
}

func FuzzRows(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, seed%2 == 0, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, groups bool, rows uint8) {
		d := newDraw(seed, groups)
		differ(t, d, d.formulas(3), int(rows)%48)
	})
}
