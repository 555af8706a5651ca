package engine

import (
	"strings"
	"testing"
)

// sidePack has an indicator under test (10 points) beside one of 5 points that
// is left out, so that 5 points are spread to the first.
func sidePack(t *testing.T, s *Scale, zero Policy) *Pack {
	p := onePack(t, s)
	m := &packMaker{t: t, p: p}
	m.reported("缺", "件")
	m.metric("缺的", "件", "缺")
	beside := indicator("缺的", "5", "1 件", "0 件")
	beside.IfMissing = Policy{Action: LeaveOutIt}
	section := p.Sections[0]
	section.FullPoints = num("15")
	section.Children[0].IfZeroDenominator = zero
	section.Children = append(section.Children, beside)
	return p
}

func TestSpreadPointsAreExplainedInEveryForm(t *testing.T) {
	full := Policy{Action: FullMarks}
	for _, c := range []struct {
		name, value, points, zh string
		scale                   *Scale
		zero                    Policy
	}{
		{"bands", "25%", "12.00", "满分含不计指标摊入的分值:10 + 5 = 15;25%属于“不低于20%”,得8 × 15 ÷ 10 = 12分",
			&Scale{Form: Bands, Bands: []Band{{From: bound("20%"), Points: num("8")}}}, full},
		{"corners", "5%", "12.00", "满分含不计指标摊入的分值:10 + 5 = 15;6 + (10 − 6) × (5% − 0%) ÷ (10% − 0%) = 8;8 × 15 ÷ 10 = 12",
			&Scale{Form: Anchors, Anchors: []Anchor{{*bound("0%"), num("6")}, {*bound("10%"), num("10")}}}, full},
		{"corners that the data put in another order", "15%", "7.50",
			"满分含不计指标摊入的分值:10 + 5 = 15;4 + (6 − 4) × (15% − 10%) ÷ (20% − 10%) = 5;5 × 15 ÷ 10 = 7.5",
			&Scale{Form: Anchors, Anchors: []Anchor{{*bound("40%"), num("8")}, {Bound{Value: num("1"), Benchmark: "low"}, num("4")}, {*bound("20%"), num("6")}}}, full},
		{"points by a policy", "0%", "2.25", "得1.5 × 15 ÷ 10 = 2.25分",
			&Scale{Form: StraightLine, CompareWith: "low", FullAt: bound("1"), NoneAt: bound("0")}, Policy{Action: GivePoints, Points: num("1.5")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := evaluateIn(t, sidePack(t, c.scale, c.zero), "2025H1", oneFacts(c.value))
			if got := pointsText(lineOf(t, e, "X", "增长率")); got != c.points {
				t.Errorf("points %s, want %s", got, c.points)
			}
			if got := explained(t, e, "X", "增长率").Points.ZH; got != c.zh {
				t.Errorf("explained as\n%s\nwant\n%s", got, c.zh)
			}
		})
	}
}

func TestPointsByAPolicyThatGrewSaySo(t *testing.T) {
	scale := &Scale{Form: StraightLine, CompareWith: "low", FullAt: bound("1"), NoneAt: bound("0")}
	e := evaluateIn(t, sidePack(t, scale, Policy{Action: GivePoints, Points: num("1.5")}), "2025H1", oneFacts("0%"))
	want := "最低为零,不能相比,按规则得1.5分,计2.25分"
	if l := lineOf(t, e, "X", "增长率"); l.Reason.ZH != want {
		t.Errorf("reason %s", l.Reason.ZH)
	}
	if x := explained(t, e, "X", "增长率"); x.Policy.ZH != want {
		t.Errorf("policy %s", x.Policy.ZH)
	}
}

func TestFullPointsThatAreRoundedAreExplained(t *testing.T) {
	p := sidePack(t, &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")}, Policy{})
	p.Sections[0].Children[0].FullPoints = num("7")
	p.Sections[0].Children = append(p.Sections[0].Children, indicator("增长率", "3", "10%", "0%"))
	p.Sections[0].Children[2].ID = "other"
	x := explained(t, evaluateIn(t, p, "2025H1", oneFacts("10%")), "X", "other")
	if want := "满分含不计指标摊入的分值:3 + 1.5 = 4.5;10% = 10%,得满分4.5分"; x.Points.ZH != want {
		t.Errorf("points %s", x.Points.ZH)
	}
	p.Sections[0].Children[1].FullPoints = num("1")
	x = explained(t, evaluateIn(t, p, "2025H1", oneFacts("10%")), "X", "other")
	if want := "满分含不计指标摊入的分值:3 + 0.3 = 3.3;10% = 10%,得满分3.3分"; x.Points.ZH != want {
		t.Errorf("points %s", x.Points.ZH)
	}
	p.Sections[0].Children[0].FullPoints = num("6")
	x = explained(t, evaluateIn(t, p, "2025H1", oneFacts("10%")), "X", "other")
	if want := "3 + 0.3333 = 3.3333;10% = 10%,得满分3.3333 → 3.33(四舍五入,2位)分"; !strings.HasSuffix(x.Points.ZH, want) {
		t.Errorf("points %s", x.Points.ZH)
	}
}

// deductionIn adds one case of a deduction to a container.
func deductionIn(t *testing.T, p *Pack, f *Facts, container *Item, points string) {
	m, facts := &packMaker{t: t, p: p}, &factsMaker{f: f, at: period("2025H1")}
	container.Children = append(container.Children, shanghaiDeduction(m, "d", "扣分", "20", "一般 "+points))
	facts.cover("d")
	facts.record("d", "X", "1", "2025-02-02", "class", "一般")
}

func TestDeductionsOfAGroupThatIsLeftOutStillCount(t *testing.T) {
	p := sidePack(t, &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")}, Policy{})
	section := p.Sections[0]
	group := &Item{Kind: GroupItem, ID: "g", Name: "组", FullPoints: num("5"), Children: []*Item{section.Children[1]}}
	section.Children[1] = group
	f := oneFacts("10%")
	deductionIn(t, p, f, group, "4")
	e := evaluateIn(t, p, "2025H1", f)
	if total := cardOf(t, e, "X").Total; total == nil || !total.Equal(num("11")) {
		t.Errorf("total %v, want 15 − 4", total)
	}
	if x := explained(t, e, "X", "s"); x.Points.ZH != "15 − 4 = 11" {
		t.Errorf("points %s", x.Points.ZH)
	}
}

func TestTheReasonOfASumNamesItsFloor(t *testing.T) {
	p := sidePack(t, &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")}, Policy{})
	p.Sections[0].NotBelow = numPtr("0")
	f := oneFacts("0%")
	deductionIn(t, p, f, p.Sections[0], "4")
	l := lineOf(t, evaluateIn(t, p, "2025H1", f), "X", "s")
	if !l.Points.IsZero() || l.Reason.ZH != "2部分之和,不低于0分" || l.Reason.EN != "sum of 2 parts, not below 0" {
		t.Errorf("%s: %s", l.Points, l.Reason.ZH)
	}
}

func TestASectionWithNothingForThePeerGroup(t *testing.T) {
	scale := &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")}
	p := onePack(t, scale)
	only := indicator("增长率", "90", "10%", "0%")
	only.ID, only.OnlyFor = "only", "life"
	p.Sections = append(p.Sections, &Item{Kind: SectionItem, ID: "s2", Name: "寿险", FullPoints: num("90"), Children: []*Item{only}})
	f := oneFacts("10%")
	e := evaluateIn(t, p, "2025H1", f)
	if _, ok := cardOf(t, e, "X").Line("s2"); ok {
		t.Error("a section that holds nothing for the subject is on its card")
	}
	deductionIn(t, p, f, p.Sections[1], "4")
	e = evaluateIn(t, p, "2025H1", f)
	if l := lineOf(t, e, "X", "s2"); !l.FullPoints.IsZero() || !l.Points.Equal(num("-4")) {
		t.Errorf("%s of %s points, want −4 of 0", l.Points, l.FullPoints)
	}
}

func TestACapHoldsAfterRounding(t *testing.T) {
	p := onePack(t, &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")})
	f := oneFacts("10%")
	deductionIn(t, p, f, p.Sections[0], "2.9")
	p.Sections[0].Children[1].AtMost = numPtr("2.95")
	p.Rounding.Points.Decimals = 0
	if l := lineOf(t, evaluateIn(t, p, "2025H1", f), "X", "d"); !l.Points.Equal(num("-2.95")) || !l.Uncapped.Equal(num("-2.9")) {
		t.Errorf("points %s, uncapped %s", l.Points, l.Uncapped)
	}
}

func TestASectionOfDeductionsThatComeOffTheTotalIsNoSum(t *testing.T) {
	p := onePack(t, &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")})
	p.Sections = append(p.Sections, &Item{Kind: SectionItem, ID: "s2", Name: "扣分"})
	p.Total.DeductionsFromTotal = true
	f := oneFacts("10%")
	deductionIn(t, p, f, p.Sections[1], "4")
	e := evaluateIn(t, p, "2025H1", f)
	if l, x := lineOf(t, e, "X", "s2"), explained(t, e, "X", "s2"); !l.Points.IsZero() || l.Reason.ZH != "没有计分的部分" || x.Points.ZH != "0" {
		t.Errorf("%s: %s, %s", l.Points, l.Reason.ZH, x.Points.ZH)
	}
	if total := cardOf(t, e, "X").Total; !total.Equal(num("6")) {
		t.Errorf("total %s", total)
	}
}

func TestASectionLeftOutKeepsItsDeclaredPoints(t *testing.T) {
	leave := Policy{Action: LeaveOutIt}
	p := policyPack(t, leave, leave)
	p.Sections[0].Children[1].IfMissing = leave
	m := newFacts("2025H1")
	m.subject("PA", "property")
	if l := lineOf(t, evaluateIn(t, p, "2025H1", m.f), "PA", "s"); l.Status != NotComputable || !l.FullPoints.Equal(num("20")) {
		t.Errorf("%s, %s points", l.Status, l.FullPoints)
	}
}
