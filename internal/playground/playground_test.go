package playground

import (
	"strings"
	"testing"

	"kaoping/engine"
)

func answer(t *testing.T, q Question) *Answer {
	t.Helper()
	a, err := Try(q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestFormulasAreEvaluatedExactly(t *testing.T) {
	for _, c := range []struct{ name, formula, unit, inputs, want string }{
		{"a rate with its unit", "车险投诉件数 / 车险保费收入", "件/亿元", "车险投诉件数 = 5 件\n车险保费收入 = 12500 万元", "4"},
		{"a unit that follows", "按时 ÷ 转办", "", "按时 = 95 件\n转办 = 96 件", "0.9896"},
		{"the period before", "(投诉 - 上期(投诉)) / 上期(投诉)", "%", "投诉 = 12 件\n上期(投诉) = 10 件", "20"},
		{"peers", "投诉 / 平均(投诉)", "", "投诉 = 5; 7; 9 件", "0.7143"},
		{"tenths are tenths", "甲 + 乙", "", "甲 = 0.1\n乙 = 0.2", "0.3"},
	} {
		a := answer(t, Question{Formula: c.formula, Unit: c.unit, Inputs: c.inputs})
		if len(a.Problems) > 0 || a.Explanation == nil {
			t.Errorf("%s: %+v", c.name, a.Problems)
			continue
		}
		var filled []string
		for _, s := range a.Explanation.Filled {
			filled = append(filled, s.ZH)
		}
		if m := a.Explanation.Line.Metric; m == nil || !strings.Contains(strings.Join(filled, "\n"), c.want) {
			t.Errorf("%s: %v, want %s; %s", c.name, m, c.want, filled)
		}
	}
}

func TestASmallRuleGivesPoints(t *testing.T) {
	a := answer(t, Question{Formula: "按时 / 转办", Unit: "%", Inputs: "按时 = 95 件\n转办 = 96 件", Full: "10", FullAt: "100%", NoneAt: "80%"})
	if len(a.Problems) > 0 || a.Explanation.Line.Points == nil || a.Explanation.Line.Points.Shortest(2) != "9.48" {
		t.Fatalf("%+v", a)
	}
	low := answer(t, Question{Formula: "投诉 / 保费", Unit: "件/亿元", Inputs: "投诉 = 2; 4; 6 件\n保费 = 1 亿元", Full: "20", FullAt: "0 件/亿元", NoneAt: "2 × 同业均值"})
	if len(low.Problems) > 0 || low.Explanation.Line.Points.Shortest(2) != "15" || len(low.Cards) != 3 {
		t.Errorf("%+v", low)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for _, c := range []struct {
		name, field, code string
		q                 Question
	}{
		{"an unknown name", "formula", "unknown-name", Question{Formula: "甲 / 丙", Inputs: "甲 = 1\n乙 = 2"}},
		{"no formula", "formula", "formula", Question{}},
		{"a condition", "formula", "", Question{Formula: "甲 > 1", Inputs: "甲 = 1"}},
		{"another unit", "formula", "unit-mismatch", Question{Formula: "甲", Unit: "元", Inputs: "甲 = 1 件"}},
		{"an unknown unit", "unit", "", Question{Formula: "甲", Unit: "什么", Inputs: "甲 = 1 件"}},
		{"no number", "inputs", "", Question{Formula: "甲", Inputs: "甲 = 一些"}},
		{"no name", "inputs", "", Question{Formula: "甲", Inputs: "= 1"}},
		{"a name twice", "inputs", "", Question{Formula: "甲", Inputs: "甲 = 1\n甲 = 2"}},
		{"half a scale", "points", "", Question{Formula: "甲", Inputs: "甲 = 1", Full: "10"}},
		{"a scale in another unit", "points", "unit-mismatch", Question{Formula: "甲", Unit: "件", Inputs: "甲 = 1 件", Full: "10", FullAt: "1元", NoneAt: "2元"}},
		{"a long formula", "formula", "", Question{Formula: strings.Repeat("1+", 2000) + "1"}},
		{"many inputs", "inputs", "", Question{Formula: "1", Inputs: manyInputs()}},
		{"a key in a name", "inputs", "", Question{Formula: "1", Inputs: "a: {b = 1"}},
	} {
		a := answer(t, c.q)
		if len(a.Problems) == 0 || a.Problems[0].Field != c.field || c.code != "" && a.Problems[0].Code != c.code || a.Explanation != nil {
			t.Errorf("%s: %+v", c.name, a.Problems)
		}
		for _, p := range a.Problems {
			if p.Message == (engine.Text{}) || p.Message.ZH == "" || p.Message.EN == "" {
				t.Errorf("%s: not in both languages: %+v", c.name, p)
			}
		}
	}
}

func manyInputs() string {
	var b strings.Builder
	for i := range maxInputs + 1 {
		b.WriteString("x" + strings.Repeat("y", i) + " = 1\n")
	}
	return b.String()
}

func TestADivisionByZeroIsNoNumber(t *testing.T) {
	a := answer(t, Question{Formula: "甲 / 乙", Inputs: "甲 = 1\n乙 = 0"})
	if len(a.Problems) > 0 || a.Explanation == nil || a.Explanation.Line.Metric != nil {
		t.Errorf("%+v", a)
	}
	large := answer(t, Question{Formula: strings.Repeat("(", 6) + "9999999999" + strings.Repeat("*9999999999)", 6), Inputs: ""})
	if large == nil {
		t.Error("no answer")
	}
}

func FuzzTry(f *testing.F) {
	f.Add("甲 / 乙", "件/亿元", "甲 = 5; 6 件\n上期(乙) = 1 亿元", "10", "0.5 × 同业均值", "100%")
	f.Fuzz(func(t *testing.T, formula, unit, inputs, full, fullAt, noneAt string) {
		if _, err := Try(Question{formula, unit, inputs, full, fullAt, noneAt}); err != nil {
			t.Fatal(err)
		}
	})
}
