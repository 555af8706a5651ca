package engine

import (
	"testing"

	"pgregory.net/rapid"

	"kaoping/engine/formula"
)

func TestDeductionsTakeTheFirstLineThatFits(t *testing.T) {
	m := newPack(t)
	fields := m.register("群体事件",
		Field{ID: "形式", Name: "形式", Kind: formula.Text},
		Field{ID: "人数", Name: "人数", Kind: formula.Number},
		Field{ID: "造成恶劣影响", Name: "造成恶劣影响", Kind: formula.Bool},
	)
	m.section(&Item{ID: "s", Name: "定量", FullPoints: num("0"), Children: []*Item{{
		Kind: DeductionItem, ID: "d", Name: "重大群体性事件", AtMost: numPtr("30"),
		Cases: &CaseTable{Register: "群体事件", Lines: []CaseLine{
			{When: m.exprOver(`形式 == "群体性事件" and 人数 >= 50`, fields), Points: num("15")},
			{When: m.exprOver(`形式 == "群体来访" and 人数 >= 5`, fields), Points: num("10")},
			{When: m.exprOver(`造成恶劣影响`, fields), Points: num("10")},
			{Otherwise: true},
		}},
	}}})
	m.p.Total = &Total{FullPoints: num("100"), NotBelow: numPtr("0")}
	for _, c := range []struct {
		name, form, people string
		bad                bool
		want               string
	}{
		{"50 people and more", "群体性事件", "50", false, "-15"},
		{"49 people are too few", "群体性事件", "49", false, "0"},
		{"49 people with bad effects", "群体性事件", "49", true, "-10"},
		{"a visit of 5", "群体来访", "5", false, "-10"},
		{"a visit of 4", "群体来访", "4", false, "0"},
		{"a number is missing", "群体来访", "", false, "held"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFacts("2025H1")
			f.subject("A", "property")
			f.cover("群体事件")
			r := f.record("群体事件", "A", "1", "2025-02-02", "形式", c.form)
			r.Fields["造成恶劣影响"] = formula.Value{Bool: c.bad}
			if c.people != "" {
				r.Fields["人数"] = formula.Value{Num: num(c.people)}
			}
			l := lineOf(t, evaluateIn(t, m.p, "2025H1", f.f), "A", "d")
			if c.want == "held" {
				if l.Status != Held || l.Reason.ZH != "记录1(2025-02-02)缺少人数" {
					t.Errorf("%s: %s", l.Status, l.Reason.ZH)
				}
				return
			}
			if l.Points == nil || !l.Points.Equal(num(c.want)) || l.Cases != 1 {
				t.Errorf("points %s, %d cases; want %s", pointsText(l), l.Cases, c.want)
			}
		})
	}
}

func TestDeductionsOfAClass(t *testing.T) {
	for _, c := range []struct {
		name, points, status, reason string
		change                       func(m *factsMaker)
	}{
		{"no case takes nothing off", "0.00", "scored", "没有案件,不扣分", func(m *factsMaker) {}},
		{"each case counts as often as it says", "-6.00", "scored", "3件,扣6分", func(m *factsMaker) {
			m.record("execution", "PA01", "x", "2025-01-01", "class", "迟报").Times = 3
		}},
		{"the cap holds and the raw sum is kept", "-30.00", "scored", "11件,按最高扣30分扣分", func(m *factsMaker) {
			m.record("execution", "PA01", "x", "2025-01-01", "class", "未追责").Times = 11
		}},
		{"a class without a line holds it", "held", "held", "记录x(2025-01-01)的类型为\"别的\",扣分表中没有这一类", func(m *factsMaker) {
			m.record("execution", "PA01", "x", "2025-01-01", "class", "别的")
		}},
		{"a register that was not delivered holds it", "held", "held", "execution登记没有报全2025年上半年", func(m *factsMaker) {
			m.f.Covered = nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &factsMaker{f: shanghaiFacts(t), at: period("2025H1")}
			c.change(m)
			e := evaluateIn(t, shanghaiPack(t), "2025H1", m.f)
			l := lineOf(t, e, "PA01", "execution")
			if pointsText(l) != c.points || string(l.Status) != c.status || l.Reason.ZH != c.reason {
				t.Errorf("%s, %s: %s", pointsText(l), l.Status, l.Reason.ZH)
			}
			if capped := l.Uncapped != nil; capped != (c.points == "-30.00") || capped && !l.Uncapped.Equal(num("-33")) {
				t.Errorf("uncapped %v", l.Uncapped)
			}
		})
	}
}

func TestADeductionMoreNeverRaisesTheTotal(t *testing.T) {
	p := shanghaiPack(t)
	classes := map[string][]string{
		"execution": {"迟报", "日报迟报", "未追责"}, "improper": {"一般", "较重"}, "violations": {"监管谈话"}, "press": {"一般"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := &factsMaker{f: shanghaiFacts(t), at: period("2025H1")}
		before := cardOf(t, evaluateIn(t, p, "2025H1", m.f), "PF06").Total
		for range rapid.IntRange(1, 6).Draw(rt, "cases") {
			register := rapid.SampledFrom([]string{"execution", "improper", "violations", "press"}).Draw(rt, "register")
			class := rapid.SampledFrom(classes[register]).Draw(rt, "class")
			m.record(register, "PF06", "", "2025-04-04", "class", class).Times = rapid.IntRange(1, 4).Draw(rt, "times")
			after := cardOf(t, evaluateIn(t, p, "2025H1", m.f), "PF06").Total
			if after.Cmp(*before) > 0 || after.Sign() < 0 {
				rt.Fatalf("total %s after %s, %s before", after, class, before)
			}
			before = after
		}
	})
}
