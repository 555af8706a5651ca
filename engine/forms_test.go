package engine

import (
	"strings"
	"testing"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// onePack scores one indicator of 10 points, 增长率, given as a figure, by the
// scale; the four property companies have 10%, 20%, 30% and the value under test.
func onePack(t *testing.T, s *Scale) *Pack {
	m := newPack(t)
	m.reported("增长", "%")
	m.metric("增长率", "%", "增长")
	m.p.Benchmarks = []Benchmark{{ID: "median", Name: "同业中位数", Take: "median"}, {ID: "low", Name: "最低", Take: "minimum"}}
	if s.Form == ByFormula {
		symbols := append(m.symbols,
			formula.Symbol{ID: idScaleMetric, Name: "计算值", Unit: m.unit("%")},
			formula.Symbol{ID: idScaleFullPoints, Name: "满分", Unit: m.unit("1")})
		s.Formula = m.exprOver(s.Name, symbols)
	}
	it := indicator("增长率", "10", "0", "0")
	it.Scale = s
	m.section(&Item{ID: "s", Name: "定量", FullPoints: num("10"), Children: []*Item{it}})
	m.p.Total = &Total{FullPoints: num("10")}
	return m.p
}

func oneFacts(value string) *Facts {
	m := newFacts("2025H1")
	for code, v := range map[string]string{"A": "10%", "B": "20%", "C": "30%", "X": value} {
		m.subject(code, "property")
		if v != "" {
			m.figure(code, "增长", v)
		}
	}
	return m.f
}

func multiple(factor string) *Bound { return &Bound{Value: num(factor), Benchmark: "median"} }

func TestFormsOfScaleWithTheirExplanations(t *testing.T) {
	lower := true
	bands := &Scale{Form: Bands, Bands: []Band{
		{From: bound("-10%"), To: bound("60%"), Points: num("10")},
		{From: bound("-30%"), To: bound("-10%"), ToOpen: true, Points: num("5")},
		{From: bound("60%"), FromOpen: true, Points: num("5")},
		{Otherwise: true, Points: num("0")},
	}}
	line := &Scale{Form: Anchors, Anchors: []Anchor{
		{*bound("0%"), num("10")}, {*multiple("1"), num("6")}, {*multiple("2"), num("0")},
	}}
	peers := &Scale{Form: StraightLine, LowerBetter: &lower, FullAt: multiple("0.5"), NoneAt: multiple("2")}
	ratio := &Scale{Form: StraightLine, CompareWith: "median", FullAt: bound("1"), NoneAt: bound("0")}
	for _, c := range []struct {
		name          string
		scale         *Scale
		value, points string
		words, sum    string
	}{
		{"a band with an end that belongs", bands, "60%", "10.00",
			"不低于−10%且不高于60%得10分;不低于−30%且低于−10%得5分;高于60%得5分;其他得0分", "60%属于“不低于−10%且不高于60%”,得10分"},
		{"otherwise", bands, "-31%", "0.00", "不低于−10%且不高于60%得10分;不低于−30%且低于−10%得5分;高于60%得5分;其他得0分", "−31%属于“其他”,得0分"},
		{"a corner that is a benchmark", line, "25%", "5.33",
			"0%得10分;同业中位数(22.5%)得6分;2 × 同业中位数(45%)得0分;其间按直线计算",
			"6 + (0 − 6) × (25% − 22.5%) ÷ (45% − 22.5%) = 5.3333 → 5.33(四舍五入,2位)"},
		{"beyond the last corner", line, "99%", "0.00", "", "99% → 0"},
		{"multiples of a benchmark", peers, "25%", "5.93",
			"不高于0.5 × 同业中位数(11.25%)得满分10分,不低于2 × 同业中位数(45%)得0分,其间按直线计算",
			"(45% − 25%) ÷ (45% − 11.25%) × 10 = 5.9259 → 5.93(四舍五入,2位)"},
		{"a ratio to a benchmark", ratio, "15%", "8.57", "与同业中位数之比:不低于1得满分10分,不高于0得0分,其间按直线计算",
			"15% ÷ 同业中位数 17.5% = 0.8571;(0.8571 − 0) ÷ (1 − 0) × 10 = 8.5714 → 8.57(四舍五入,2位)"},
		{"a formula is held below the full points", &Scale{Form: ByFormula, Name: "满分 * 计算值 * 4"}, "80%", "10.00",
			"按公式计分:满分 * 计算值 * 4", "10 × 80% × 4 = 32;在0分与满分10分之间,得10分"},
		{"a formula", &Scale{Form: ByFormula, Name: "满分 * 计算值"}, "12.345%", "1.23", "", ""},
		{"a formula that compares with the peers", &Scale{Form: ByFormula, Name: "满分 * 名次(计算值) / 家数(计算值)"}, "25%", "7.50", "",
			"10 × 名次 3 ÷ 家数 4 = 7.5;在0分与满分10分之间,得7.5分"},
		{"a formula of the ratio to a benchmark", &Scale{Form: ByFormula, CompareWith: "median", Name: "满分 * 计算值 / 最大值(计算值)"}, "15%", "5.00", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := evaluateIn(t, onePack(t, c.scale), "2025H1", oneFacts(c.value))
			l := lineOf(t, e, "X", "增长率")
			x := explained(t, e, "X", "增长率")
			if got := pointsText(l); got != c.points {
				t.Errorf("points %s, want %s (%s)", got, c.points, l.Reason.EN)
			}
			if c.words != "" && x.Scale.ZH != c.words {
				t.Errorf("scale %s\nwant  %s", x.Scale.ZH, c.words)
			}
			if c.sum != "" && x.Points.ZH != c.sum {
				t.Errorf("points %s\nwant   %s", x.Points.ZH, c.sum)
			}
			if x.Scale.EN == "" || x.Points.EN == "" || strings.ContainsAny(x.Points.EN, "得") {
				t.Errorf("in English: %s | %s", x.Scale.EN, x.Points.EN)
			}
		})
	}
}

func TestScalesThatGiveNoPoints(t *testing.T) {
	ratio := &Scale{Form: StraightLine, CompareWith: "low", FullAt: bound("1"), NoneAt: bound("0")}
	zero := &Scale{Form: StraightLine, CompareWith: "low", FullAt: bound("1"), NoneAt: bound("0")}
	lower := true
	for _, c := range []struct {
		name   string
		scale  *Scale
		value  string
		status Status
		reason string
	}{
		{"no band holds the value", &Scale{Form: Bands, Bands: []Band{{From: bound("50%"), Points: num("1")}}}, "10%", NotComputable, "增长率的数值不在任何一档"},
		{"the ends coincide and nobody says which way", &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("10%")}, "10%",
			NotComputable, "增长率的满分线与零分线重合,规则没有写明高低哪个为好"},
		{"ends that have changed places", &Scale{Form: StraightLine, LowerBetter: &lower, FullAt: multiple("-0.5"), NoneAt: multiple("-2")}, "10%",
			NotComputable, "增长率的满分线与零分线次序颠倒,与规则写明的高低好坏相反"},
		{"a benchmark of zero", zero, "0%", Scored, "最低为零,不能相比,按规则得满分"},
		{"a metric that is missing", ratio, "", Held, "缺少2025年上半年的增长,暂不计分"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := evaluateIn(t, onePack(t, c.scale), "2025H1", oneFacts(c.value))
			if l := lineOf(t, e, "X", "增长率"); l.Status != c.status || l.Reason.ZH != c.reason {
				t.Errorf("%s: %s", l.Status, l.Reason.ZH)
			}
			if x := explained(t, e, "X", "增长率"); x.Policy.ZH != c.reason && c.status != Scored {
				t.Errorf("policy %s", x.Policy.ZH)
			}
		})
	}
}

func TestABenchmarkThatATestGivesWins(t *testing.T) {
	f := oneFacts("25%")
	f.Given = []GivenBenchmark{{Benchmark: "median", Metric: "增长率", Value: num("0.5")}}
	s := &Scale{Form: StraightLine, CompareWith: "median", FullAt: bound("1"), NoneAt: bound("0")}
	e := evaluateIn(t, onePack(t, s), "2025H1", f)
	if l := lineOf(t, e, "X", "增长率"); pointsText(l) != "5.00" {
		t.Errorf("points %s", pointsText(l))
	}
	b := e.Result().Benchmarks
	if len(b) != 1 || b[0].Count != 4 || b[0].PeerGroup != "property" || !b[0].Value.Equal(num("1/2")) {
		t.Errorf("benchmarks %+v", b)
	}
}

func TestABenchmarkOfTheSubjectItselfIsNotThatOfAnother(t *testing.T) {
	m := newPack(t)
	m.reported("a", "件")
	m.reported("own", "件")
	m.metric("x", "件", "a")
	m.p.Benchmarks = []Benchmark{{ID: "half", Name: "一半", Unit: m.unit("件"), Formula: m.expr("own / 2")}}
	it := indicator("x", "10", "0", "0")
	it.Scale = &Scale{Form: StraightLine, CompareWith: "half", FullAt: bound("1"), NoneAt: bound("0")}
	m.section(&Item{ID: "s", FullPoints: num("10"), Children: []*Item{it}})
	m.p.Total = &Total{FullPoints: num("10")}
	f := newFacts("2025H1")
	for code, own := range map[string]string{"A": "20", "B": "100"} {
		f.subject(code, "property")
		f.figure(code, "a", "5")
		f.figure(code, "own", own)
	}
	e := evaluateIn(t, m.p, "2025H1", f.f)
	for code, want := range map[string]string{"A": "5.00", "B": "1.00"} {
		if got := pointsText(lineOf(t, e, code, "x")); got != want {
			t.Errorf("%s has %s points, want %s", code, got, want)
		}
		explained(t, e, code, "x")
	}
	for _, b := range e.Result().Benchmarks {
		if b.Value != nil {
			t.Errorf("the group has no such figure: %s", b.Value)
		}
	}
}

func TestMetricsMayBeRoundedBeforeScoring(t *testing.T) {
	s := &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")}
	p := onePack(t, s)
	p.Rounding.Metrics, p.Rounding.MetricsRounded = Rounding{Mode: exact.HalfUp}, true
	if l := lineOf(t, evaluateIn(t, p, "2025H1", oneFacts("4.5%")), "X", "增长率"); pointsText(l) != "5.00" || !l.Metric.Equal(num("0.05")) {
		t.Errorf("%s points for %s", pointsText(l), l.Metric)
	}
}

func TestWherePointsAreRounded(t *testing.T) {
	for _, c := range []struct {
		name        string
		rules       RoundingRules
		line, total string
	}{
		{"each indicator before adding up", RoundingRules{Points: Rounding{Decimals: 1, Mode: exact.HalfUp}, RoundPoints: true}, "33/10", "33/10"},
		{"only the total", RoundingRules{Points: Rounding{Decimals: 1, Mode: exact.HalfUp}, RoundPoints: true, PointsAtTotal: true}, "10/3", "33/10"},
		{"never", RoundingRules{}, "10/3", "10/3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := onePack(t, &Scale{Form: StraightLine, FullAt: bound("30%"), NoneAt: bound("0%")})
			p.Rounding = c.rules
			e := evaluateIn(t, p, "2025H1", oneFacts("10%"))
			if l := lineOf(t, e, "X", "增长率"); !l.Points.Equal(num(c.line)) {
				t.Errorf("line %s, want %s", l.Points, c.line)
			}
			if total := cardOf(t, e, "X").Total; !total.Equal(num(c.total)) {
				t.Errorf("total %s, want %s", total, c.total)
			}
		})
	}
}

func TestAnswersToAChecklist(t *testing.T) {
	for _, c := range []struct {
		name, points, reason string
		partly               *exact.Num
		change               func(f *Facts)
	}{
		{"partly earns the declared share", "14.00", "9项中8项符合", numPtr("1/2"), func(f *Facts) { f.Judgements[0].Answer = Partly }},
		{"partly is held where the pack has no share", "held", "规则不接受这样的评定:制度建设A", nil, func(f *Facts) { f.Judgements[0].Answer = Partly }},
		{"not applicable counts as yes", "15.00", "9项中9项符合", nil, func(f *Facts) { f.Judgements[0].Answer = NotApplicable }},
		{"silence holds it", "held", "9项中有2项未评定:制度建设A、制度建设B", nil, func(f *Facts) { f.Judgements = f.Judgements[2:] }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newFacts("2025H1")
			m.subject("PA01", "property")
			p := shanghaiPack(t)
			p.Sections = p.Sections[:1]
			checklist := p.Sections[0].Children[0].Checklist
			checklist.Partly = c.partly
			m.judge("PA01", p.Sections[0].Children[0], "15")
			c.change(m.f)
			e := evaluateIn(t, p, "2025H1", m.f)
			if l := lineOf(t, e, "PA01", "policies"); pointsText(l) != c.points || l.Reason.ZH != c.reason {
				t.Errorf("%s: %s", pointsText(l), l.Reason.ZH)
			}
			if x := explained(t, e, "PA01", "policies"); len(x.Filled) != 9 {
				t.Errorf("steps %+v", x.Filled)
			}
		})
	}
}

func TestDeductionsThatComeOffTheirSectionStopAtItsFloor(t *testing.T) {
	p := shanghaiPack(t)
	p.Total.DeductionsFromTotal = false
	p.Sections[0].NotBelow = numPtr("0")
	m := &factsMaker{f: shanghaiFacts(t), at: period("2025H1")}
	for i := range m.f.Judgements {
		if m.f.Judgements[i].Subject == "PF06" {
			m.f.Judgements[i].Answer = No
		}
	}
	e := evaluateIn(t, p, "2025H1", m.f)
	l := lineOf(t, e, "PF06", "qualitative")
	if pointsText(l) != "0.00" || l.Uncapped == nil || !l.Uncapped.Equal(num("-4")) {
		t.Errorf("%s points, raw %v", pointsText(l), l.Uncapped)
	}
	if x := explained(t, e, "PF06", "qualitative"); x.Points.ZH != "0 + 0 − 4 = −4,不低于0分,计0分" {
		t.Errorf("points %s", x.Points.ZH)
	}
	if total := cardOf(t, e, "PF06").Total; !total.Equal(num("4.86")) {
		t.Errorf("total %s, want 9.86 − 2 − 3", total)
	}
}

func TestAPackThatOnlyRanksExplainsItsMetric(t *testing.T) {
	m := newFacts("2025")
	for _, s := range []struct{ code, complaints, premium string }{{"A", "1", "2亿元"}, {"B", "1", "4亿元"}, {"C", "1", "0元"}} {
		m.subject(s.code, "")
		m.figure(s.code, "complaints", s.complaints)
		m.figure(s.code, "premium", s.premium)
	}
	p := rankingPack(t)
	p.Title = Text{EN: "complaint ranking"}
	p.Assumptions = []Assumption{{ID: "A1"}}
	p.Metrics[0].Assumption = "A1"
	e := evaluateIn(t, p, "2025", m.f)
	x := explained(t, e, "A", "ratio")
	if x.Peers.EN != "2 of 3 peers have the value; ranks 2 of 2" || x.PeerValues[0].Subject != "B" || x.PeerValues[2].Value != nil {
		t.Errorf("peers %s, %+v", x.Peers.EN, x.PeerValues)
	}
	if x.Line.Reason.EN != "value 0.5 件/亿元" || len(x.Assumptions) != 1 || x.Filled[0].EN != "1件 ÷ 2亿元 = 0.5 件/亿元" {
		t.Errorf("reason %s, assumptions %v, steps %+v", x.Line.Reason.EN, x.Assumptions, x.Filled)
	}
	if x := explained(t, e, "C", "ratio"); x.Policy.EN != "the denominator premium is zero in the year 2025" {
		t.Errorf("policy %s", x.Policy.EN)
	}
}

func TestConditionsSeeDatesThatMayBeEmptyAndDerivedFields(t *testing.T) {
	m := newPack(t)
	fields := []Field{
		{ID: "due", Name: "应反馈日期", Kind: formula.Date, Nullable: true},
		{ID: "done", Name: "反馈日期", Kind: formula.Date, Nullable: true},
	}
	symbols := []formula.Symbol{
		{ID: "due", Name: "应反馈日期", Kind: formula.Date, Nullable: true},
		{ID: "done", Name: "反馈日期", Kind: formula.Date, Nullable: true},
	}
	late := m.exprOver("反馈日期 == 空 or 反馈日期 > 应反馈日期", symbols)
	fields = append(fields, Field{ID: "late", Name: "超期", Kind: formula.Bool, Formula: late})
	all := append(m.register("案件", fields...), formula.Symbol{ID: "late", Name: "超期", Kind: formula.Bool})
	m.counted("按时件数", "件", "案件", "", "not 超期", all)
	m.metric("按时", "件", "按时件数")
	m.section(&Item{ID: "s", Name: "定量", FullPoints: num("1"), Children: []*Item{indicator("按时", "1", "1 件", "0 件")}})
	m.p.Total = &Total{FullPoints: num("1")}
	f := newFacts("2025H1")
	f.subject("A", "property")
	f.cover("案件")
	for key, done := range map[string]string{"1": "2025-03-01", "2": "2025-03-03", "3": ""} {
		r := f.record("案件", "A", key, "2025-02-02")
		r.Fields["due"] = dateValue(day("2025-03-01"))
		if done != "" {
			r.Fields["done"] = dateValue(day(done))
		}
	}
	if l := lineOf(t, evaluateIn(t, m.p, "2025H1", f.f), "A", "按时"); l.Metric == nil || !l.Metric.Equal(num("1")) {
		t.Errorf("in time: %v (%s)", l.Metric, l.Reason.EN)
	}
}
