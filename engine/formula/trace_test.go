package formula

import (
	"fmt"
	"testing"

	"kaoping/engine/unit"
)

func TestTraceTellsAFormulaAsItWasWritten(t *testing.T) {
	row := officeRow(t)
	row[Ref{ID: "y"}] = Value{Status: Missing}
	scope := officeScope(t)
	show := func(r Ref, v Value) (string, string) {
		if v.Status != OK {
			return "缺", "missing"
		}
		s, ok := scope.Lookup(r.ID)
		if !ok || s.Kind != Number {
			return v.Text, v.Text
		}
		text := unit.Quantity{Value: v.Num, Unit: s.Unit}.Natural().String()
		return text, text
	}
	for _, c := range []struct{ formula, unit, zh, en string }{
		{"投诉件数 / 保费收入", "件/亿元", "[75件 ÷ 30亿元 = 2.5 件/亿元]", "[75件 ÷ 30亿元 = 2.5 件/亿元]"},
		{"(投诉件数 - 上期(投诉件数)) / 上期(投诉件数)", "%", "[(75件 − 100件) ÷ 100件 = -25%]", "[(75件 − 100件) ÷ 100件 = -25%]"},
		{"投诉件数 >= 50 ? 10分 : 0", "分", "[75件 ≥ 50? 是 10分 = 10分]", "[75件 ≥ 50? yes 10分 = 10分]"},
		{"x > y ? 1 : 2", "", "[12.345 > 缺? 缺数据 无法判断 = 缺数据]", "[12.345 > missing? missing undecided = missing]"},
		{`险种 != "车险" or x < 1`, "", "[车险 ≠ “车险” 或 12.345 < 1 = 否]", "[车险 ≠ “车险” or 12.345 < 1 = no]"},
		{"合计(投诉件数) / 家数(投诉件数)", "件", "[合计 75件 ÷ 家数 1 = 75件]", "[sum 75件 ÷ count 1 = 75件]"},
		{"投诉件数 / (投诉件数 - 75)", "", "[75件 ÷ (75件 − 75) = 分母为零]", "[75件 ÷ (75件 − 75) = zero denominator]"},
	} {
		e := mustCheck(t, c.formula, scope)
		if c.unit != "" {
			if problems := e.Want(mustUnit(t, c.unit)); problems != nil {
				t.Fatalf("%s: %+v", c.formula, problems)
			}
		}
		steps, err := Trace(e, officeInput(t, row), 0, show)
		if err != nil {
			t.Fatal(err)
		}
		var zh, en []string
		for _, s := range steps {
			zh, en = append(zh, s.ZH), append(en, s.EN)
		}
		if fmt.Sprint(zh) != c.zh || fmt.Sprint(en) != c.en {
			t.Errorf("%s:\n%v\n%v, want\n%s\n%s", c.formula, zh, en, c.zh, c.en)
		}
	}
}

// A formula without group functions looks at its own row only, however many there are.
func TestTraceOfOneRowAmongMany(t *testing.T) {
	w := makeWorkload(2000)
	e := mustCheck(t, "complaints / policies", NewScope(Symbol{ID: "complaints"}, Symbol{ID: "policies"}))
	steps, err := Trace(e, w.input(), 1999, func(_ Ref, v Value) (string, string) { return v.Num.String(), v.Num.String() })
	want := fmt.Sprintf("%d ÷ %d = ", w.complaints[1999], w.policies[1999])
	if err != nil || len(steps) != 1 || steps[0].ZH[:len(want)] != want {
		t.Errorf("%v (%v), want %s…", steps, err, want)
	}
}
