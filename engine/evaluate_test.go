package engine

import (
	"errors"
	"strings"
	"testing"

	"kaoping/engine/formula"
)

func TestPeriodsThatAreNotAssessedAreRefused(t *testing.T) {
	p := shanghaiPack(t)
	p.Effective.Until = day("2025-09-30")
	for _, c := range []struct{ name, period, zh string }{
		{"before the edition", "2019H1", "test的2020-01-01版自2020-01-01施行至2025-09-30,不适用于2019年上半年"},
		{"the last day decides", "2025", "test的2020-01-01版自2020-01-01施行至2025-09-30,不适用于2025年度"},
		{"another kind of period", "2024Q2", "test不考评2024年第二季度;统计期间只有 half_year (01-01 – 06-30), annual (01-01 – 12-31)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Evaluate(p, period(c.period), &Facts{})
			var refusal *Refusal
			if !errors.As(err, &refusal) || refusal.Text.ZH != c.zh {
				t.Errorf("%v, want %s", err, c.zh)
			}
		})
	}
}

func TestFactsThatContradictEachOtherAreAConflict(t *testing.T) {
	f := shanghaiFacts(t)
	f.Figures = append(f.Figures, f.Figures[0])
	if _, err := Evaluate(shanghaiPack(t), period("2025H1"), f); err != nil {
		t.Errorf("the same figure twice: %v", err)
	}
	f.Figures[len(f.Figures)-1].Value = num("123456")
	if _, err := Evaluate(shanghaiPack(t), period("2025H1"), f); !errors.Is(err, ErrConflict) {
		t.Errorf("two values of one figure: %v", err)
	}
}

// policyPack has one indicator, timely handling, with the given policies.
func policyPack(t *testing.T, missing, zero Policy) *Pack {
	m := newPack(t)
	m.reported("按时", "件")
	m.reported("转办", "件")
	m.reported("别的", "件")
	m.metric("及时率", "%", "按时 / 转办")
	m.metric("其余", "件", "别的")
	it := indicator("及时率", "10", "100%", "80%")
	it.IfMissing, it.IfZeroDenominator = missing, zero
	rest := indicator("其余", "10", "10 件", "0 件")
	m.section(&Item{ID: "s", Name: "定量", FullPoints: num("20"), Children: []*Item{it, rest}})
	m.p.Total = &Total{FullPoints: num("20")}
	return m.p
}

func TestPoliciesForWhatCannotBeComputed(t *testing.T) {
	for _, c := range []struct {
		name        string
		policy      Policy
		status      Status
		points, sum string
		reason      string
	}{
		{"hold", Policy{Action: Hold}, Held, "", "", ",暂不计分"},
		{"leave out, the points go to the rest", Policy{Action: LeaveOutIt}, LeftOut, "", "10", ",不计此项,分值摊入同组其余指标"},
		{"full points", Policy{Action: FullMarks}, Scored, "10", "15", ",按规则得满分"},
		{"no points", Policy{Action: NoMarks}, Scored, "0", "5", ",按规则不得分"},
		{"some points", Policy{Action: GivePoints, Points: num("6.5")}, Scored, "13/2", "23/2", ",按规则得6.5分"},
		{"nothing declared", Policy{}, NotComputable, "", "", ";规则没有规定如何处理,不能计分"},
	} {
		for _, gap := range []struct{ name, handled, transferred, why string }{
			{"missing", "1", "", "缺少2025年上半年的转办"},
			{"zero denominator", "0", "0", "2025年上半年分母 转办 为零"},
		} {
			t.Run(gap.name+": "+c.name, func(t *testing.T) {
				m := newFacts("2025H1")
				m.subject("PA", "property")
				m.figure("PA", "按时", gap.handled)
				m.figure("PA", "别的", "5")
				if gap.transferred != "" {
					m.figure("PA", "转办", gap.transferred)
				}
				e := evaluateIn(t, policyPack(t, c.policy, c.policy), "2025H1", m.f)
				l := lineOf(t, e, "PA", "及时率")
				if l.Status != c.status || l.Reason.ZH != gap.why+c.reason {
					t.Errorf("%s: %s", l.Status, l.Reason.ZH)
				}
				if (l.Points == nil) != (c.points == "") || l.Points != nil && !l.Points.Equal(num(c.points)) {
					t.Errorf("points %v, want %s", l.Points, c.points)
				}
				card := cardOf(t, e, "PA")
				if (card.Total == nil) != (c.sum == "") || card.Total != nil && !card.Total.Equal(num(c.sum)) {
					t.Errorf("total %v, want %s (%s)", card.Total, c.sum, card.Reason.EN)
				}
			})
		}
	}
}

func TestASectionWithNothingLeftMakesTheTotalNotComputable(t *testing.T) {
	leave := Policy{Action: LeaveOutIt}
	p := policyPack(t, leave, leave)
	p.Sections[0].Children[1].IfMissing = leave
	m := newFacts("2025H1")
	m.subject("PA", "property")
	card := cardOf(t, evaluateIn(t, p, "2025H1", m.f), "PA")
	if card.Status != NotComputable || card.Reason.ZH != "定量不能计算" {
		t.Errorf("%s, %s", card.Status, card.Reason.ZH)
	}
}

func TestRequirementOfTheAssessment(t *testing.T) {
	p := shanghaiPack(t)
	m := newPack(t)
	p.Assessed = Assessed{Require: m.expr("完整会计年度数 >= 1"), Law: Law{Cite: "细则 二"}}
	f := newFacts("2025H1")
	for code, opened := range map[string]string{"A": "2023-12-31", "B": "2024-01-01", "C": "2024-01-02"} {
		f.subject(code, "property").Opened = day(opened)
	}
	f.subject("D", "property").Opened = Date{}
	f.subject("E", "property").ValidFrom = day("2025-07-01")
	f.f.Subjects[len(f.f.Subjects)-2].Attributes = map[string]formula.Value{}
	e := evaluateIn(t, p, "2025H1", f.f)
	var got []string
	for _, c := range e.Result().Scorecards {
		got = append(got, c.Subject)
	}
	for _, c := range e.Result().Excluded {
		got = append(got, c.Subject+" "+c.Reason.ZH)
	}
	want := "A\nB\nC 不符合参加考评的条件 完整会计年度数 >= 1:完整会计年度数 = 0(细则 二)\n" +
		"D 不能判断是否符合参加考评的条件 完整会计年度数 >= 1:缺少完整会计年度数(细则 二)\nE 名录自2025-07-01起才列入"
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

func TestTheVersionOfASubjectInForceOnTheLastDayCounts(t *testing.T) {
	f := shanghaiFacts(t)
	moved := f.Subjects[0]
	moved.ValidFrom, moved.Name = day("2025-06-30"), "新名"
	later := moved
	later.ValidFrom, later.Name = day("2025-07-01"), "更新的名"
	f.Subjects = append(f.Subjects, later, moved)
	if got := cardOf(t, evaluateIn(t, shanghaiPack(t), "2025H1", f), moved.Code).Name; got != "新名" {
		t.Errorf("name %s", got)
	}
}

func TestMissingPreviousFiguresAreNamedWithTheirPeriod(t *testing.T) {
	f := shanghaiFacts(t)
	kept := f.Figures[:0]
	for _, x := range f.Figures {
		if !(x.Subject == "PA01" && x.Period == period("2024H1") && x.Statistic == "保费收入") {
			kept = append(kept, x)
		}
	}
	f.Figures = kept
	e := evaluateIn(t, shanghaiPack(t), "2025H1", f)
	l := lineOf(t, e, "PA01", "变化率")
	if l.Status != Held || l.Reason.ZH != "缺少2024年上半年的保费收入,暂不计分" {
		t.Errorf("%s: %s", l.Status, l.Reason.ZH)
	}
	card := cardOf(t, e, "PA01")
	if card.Status != Held || card.Total != nil || card.Rank != 0 || card.Reason.ZH != "定量指标尚不能计分" {
		t.Errorf("%s %v rank %d: %s", card.Status, card.Total, card.Rank, card.Reason.ZH)
	}
	if other := cardOf(t, e, "PE05"); other.Rank != 1 || other.Of != 7 {
		t.Errorf("PE05 ranks %d of %d", other.Rank, other.Of)
	}
}

func TestPriorPeriodsFollowChains(t *testing.T) {
	p := shanghaiPack(t)
	got := PriorPeriods(p, period("2025H1"))
	if len(got) != 2 || got[0] != period("2025H1") || got[1] != period("2024H1") {
		t.Errorf("periods %v", got)
	}
	p.Previous = PeriodJustBefore
	if got := PriorPeriods(p, period("2025H1")); len(got) != 2 || got[1] != period("2024H2") {
		t.Errorf("periods %v", got)
	}
}

func TestAMetricThatLooksAtItsOwnPastIsACircle(t *testing.T) {
	m := newPack(t)
	m.reported("a", "件")
	m.symbol("x", "x", "件")
	m.metric("y", "件", "a + 上期(x)")
	m.p.Metrics = append(m.p.Metrics, Metric{ID: "x", Name: "x", Unit: m.unit("件"), Formula: m.expr("y + a")})
	if n := len(PriorPeriods(m.p, period("2025H1"))); n < 2 || n > 4 {
		t.Errorf("%d periods", n)
	}
	m.section(&Item{ID: "s", FullPoints: num("1"), Children: []*Item{indicator("y", "1", "1 件", "0 件")}})
	m.p.Total = &Total{FullPoints: num("1")}
	f := newFacts("2025H1")
	f.subject("A", "property")
	_, err := Evaluate(m.p, period("2025H1"), f.f)
	if err == nil || !strings.Contains(err.Error(), "y → x → y") {
		t.Errorf("error %v", err)
	}
}
