package engine

import (
	"errors"
	"strings"
	"testing"

	"kaoping/engine/formula"
)

func explained(t *testing.T, e *Evaluation, subject, item string) *Explanation {
	t.Helper()
	x, err := e.Explain(subject, item)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestPointsAreShownWithTheNumbersFilledIn(t *testing.T) {
	e := evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t))
	for _, c := range []struct{ name, subject, item, zh, en string }{
		{"a line that rises", "PA01", "及时率",
			"(98.96% − 80%) ÷ (100% − 80%) × 10 = 9.4792 → 9.48(四舍五入,2位)",
			"(98.96% − 80%) ÷ (100% − 80%) × 10 = 9.4792 → 9.48 (half up, 2 decimals)"},
		{"a line that falls, with negative ends", "PA01", "变化率",
			"(30% − (−5.88%)) ÷ (30% − (−10%)) × 10 = 8.9697 → 8.97(四舍五入,2位)",
			"(30% − (−5.88%)) ÷ (30% − (−10%)) × 10 = 8.9697 → 8.97 (half up, 2 decimals)"},
		{"beyond the full end", "PE05", "变化率", "−11.15% ≤ −10%,得满分10分", "−11.15% ≤ −10%: full 10 points"},
		{"compared with the pooled rate", "PD04", "调解成功率",
			"50% ÷ 同业调解成功率 72.22% = 0.6923;(0.6923 − 0) ÷ (1 − 0) × 5 = 3.4615 → 3.46(四舍五入,2位)",
			"50% ÷ 同业调解成功率 72.22% = 0.6923; (0.6923 − 0) ÷ (1 − 0) × 5 = 3.4615 → 3.46 (half up, 2 decimals)"},
		{"with points of a left-out item", "PG07", "非车险亿元保费投诉量",
			"满分含不计指标摊入的分值:5 + 10 = 15;(5.9549 件/亿元 − 5.1724 件/亿元) ÷ (5.9549 件/亿元 − 3.9149 件/亿元) × 15 = 5.7538 → 5.75(四舍五入,2位)", ""},
		{"a checklist", "PD04", "制度建设", "0 + 2 + 2 + 2 + 2 + 2 + 1 + 1 + 1 = 13", "0 + 2 + 2 + 2 + 2 + 2 + 1 + 1 + 1 = 13"},
		{"a deduction", "PF06", "制度执行", "扣4分", "4 points off"},
		{"a section", "PG07", "定量指标", "5.75 + 10 + 10 + 10 + 5 = 40.75", "5.75 + 10 + 10 + 10 + 5 = 40.75"},
		{"the total", "PB02", "total", "29 + 42.61 − 2 − 1 + 0 + 0 = 68.61", "29 + 42.61 − 2 − 1 + 0 + 0 = 68.61"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := explained(t, e, c.subject, c.item).Points
			if got.ZH != c.zh {
				t.Errorf("got  %s\nwant %s", got.ZH, c.zh)
			}
			if c.en != "" && got.EN != c.en {
				t.Errorf("got  %s\nwant %s", got.EN, c.en)
			}
		})
	}
}

func TestAnExplanationNamesPeersScaleAndFigures(t *testing.T) {
	x := explained(t, evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t)), "PA01", "车险亿元保费投诉量")
	if x.Title.ZH != "甲财险上海分公司 · 2025年上半年 · 车险亿元保费投诉量" || x.Unit != "件/亿元" || x.Formula != "车险投诉件数 / 车险保费收入" {
		t.Errorf("title %s, unit %s, formula %s", x.Title.ZH, x.Unit, x.Formula)
	}
	if want := "同业8家中7家有此值;同业第20百分位 5.4956 件/亿元;同业第70百分位 6.6987 件/亿元;本单位第1名(第1名=最优)"; x.Peers.ZH != want {
		t.Errorf("peers %s", x.Peers.ZH)
	}
	if want := "不高于同业第20百分位(5.4956 件/亿元)得满分20分,不低于同业第70百分位(6.6987 件/亿元)得0分,其间按直线计算"; x.Scale.ZH != want {
		t.Errorf("scale %s", x.Scale.ZH)
	}
	if len(x.PeerValues) != 8 || x.PeerValues[0].Subject != "PA01" || x.PeerValues[7].Value != nil {
		t.Errorf("peers %+v", x.PeerValues)
	}
	if x.Line.MetricRank != 1 {
		t.Errorf("metric rank %d", x.Line.MetricRank)
	}
	if len(x.Filled) == 0 || !strings.Contains(x.Filled[0].ZH, "168件") || !strings.Contains(x.Filled[0].ZH, "42.10亿元") {
		t.Errorf("filled %+v", x.Filled)
	}
	if len(x.Figures) != 2 || x.Figures[0].Shown.ZH != "168件" || x.Figures[1].Shown.ZH != "42.10亿元" || x.Figures[0].Origins[0].File != "figures.csv" {
		t.Errorf("figures %+v", x.Figures)
	}
}

func TestAChainOfPeriodsIsTracedStepByStep(t *testing.T) {
	x := explained(t, evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t)), "PA01", "变化率")
	var all []string
	for _, s := range x.Filled {
		all = append(all, s.ZH)
	}
	text := strings.Join(all, "\n")
	for _, part := range []string{"亿元保费投诉量(2024年上半年):", "224件", "55.70亿元", "亿元保费投诉量(2025年上半年):", "229件", "60.50亿元"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
	if len(x.Figures) != 4 || x.Figures[2].Period == x.Figures[0].Period {
		t.Errorf("figures %+v", x.Figures)
	}
}

func TestWhatCannotBeExplainedSaysSo(t *testing.T) {
	f := shanghaiFacts(t)
	f.Subjects = append(f.Subjects, Subject{Code: "X", Name: "某再保", PeerGroup: "reinsurance"})
	e := evaluateIn(t, shanghaiPack(t), "2025H1", f)
	for _, c := range [][2]string{{"nobody", "total"}, {"PA01", "nothing"}} {
		if _, err := e.Explain(c[0], c[1]); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if x := explained(t, e, "X", "total"); x.Line.Status != NotAssessed || x.Policy.ZH != "类别\"reinsurance\"不在规则包中" {
		t.Errorf("%s: %s", x.Line.Status, x.Policy.ZH)
	}
	if x := explained(t, e, "PG07", "车险亿元保费投诉量"); x.Line.Status != LeftOut || x.Policy.ZH != "2025年上半年分母 车险保费收入 为零,不计此项,分值摊入同组其余指标" {
		t.Errorf("%s: %s", x.Line.Status, x.Policy.ZH)
	}
}

func TestCountedFiguresLeadToTheirRecords(t *testing.T) {
	x := explained(t, evaluateIn(t, countingPack(t), "2025H1", countingFacts().f), "PA", "投诉量")
	if f := x.Figures[0]; f.Count != 2 || len(f.Origins) != 2 || f.Origins[0].File != "案件.csv" {
		t.Errorf("figure %+v", f)
	}
}

func TestADeductionListsItsCases(t *testing.T) {
	x := explained(t, evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t)), "PF06", "execution")
	if len(x.Cases) != 2 || len(x.CasePoints) != 2 || !x.CasePoints[0].Equal(num("2")) {
		t.Errorf("cases %+v, points %v", x.Cases, x.CasePoints)
	}
	if x.Scale.ZH != "迟报每件扣2分;日报迟报每件扣1分;未追责每件扣3分;最高扣30分" {
		t.Errorf("scale %s", x.Scale.ZH)
	}
}

func TestTheCapOfADeductionIsExplained(t *testing.T) {
	m := &factsMaker{f: shanghaiFacts(t), at: period("2025H1")}
	m.record("execution", "PF06", "x", "2025-01-01", "class", "未追责")
	x := explained(t, evaluateIn(t, shanghaiPack(t), "2025H1", m.f), "PF06", "execution")
	if x.Points.ZH != "4 + 3 = 7,扣7分" {
		t.Errorf("points %s", x.Points.ZH)
	}
	m.f.Records[len(m.f.Records)-1].Times = 10
	x = explained(t, evaluateIn(t, shanghaiPack(t), "2025H1", m.f), "PF06", "execution")
	if x.Points.ZH != "4 + 30 = 34,最高扣30分,扣30分" {
		t.Errorf("points %s", x.Points.ZH)
	}
}

func TestMetricRanksCountThePeersOnce(t *testing.T) {
	e := evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t))
	for code, want := range map[string]int{"PA01": 1, "PB02": 3, "PF06": 7, "PG07": 0} {
		if got := lineOf(t, e, code, "车险亿元保费投诉量").MetricRank; got != want {
			t.Errorf("%s ranks %d by its metric, want %d", code, got, want)
		}
	}
}

func TestFiguresAreShownInBothLanguages(t *testing.T) {
	m := newPack(t)
	m.reported("a", "件")
	m.p.Attributes = []Attribute{{ID: "new", Name: "新设", Kind: formula.Bool}}
	m.symbols = append(m.symbols, formula.Symbol{ID: "new", Name: "新设", Kind: formula.Bool})
	m.metric("x", "件", "新设 ? 0 : a")
	m.section(&Item{ID: "s", FullPoints: num("1"), Children: []*Item{indicator("x", "1", "0 件", "9 件")}})
	m.p.Total = &Total{FullPoints: num("1")}
	f := newFacts("2025H1")
	f.subject("A", "property").Attributes = map[string]formula.Value{"new": {Bool: true}}
	f.figure("A", "a", "5")
	x := explained(t, evaluateIn(t, m.p, "2025H1", f.f), "A", "x")
	if want := (Text{"是", "yes"}); x.Figures[0].Shown != want {
		t.Errorf("shown as %+v", x.Figures[0].Shown)
	}
}

func TestDecimalsOfAMetric(t *testing.T) {
	m := newPack(t)
	for _, c := range []struct {
		name, unit string
		rules      RoundingRules
		want       int
	}{
		{"four where the pack says nothing", "件", RoundingRules{}, 4},
		{"none where it says so", "件", RoundingRules{MetricsShown: true}, 0},
		{"a percent sign stands for two", "%", RoundingRules{Metrics: Rounding{Decimals: 4}, MetricsShown: true}, 2},
		{"what is scored is what is shown", "%", RoundingRules{Metrics: Rounding{Decimals: 1}, MetricsRounded: true}, 1},
	} {
		p := Pack{Rounding: c.rules}
		if got := p.MetricRounding(m.unit(c.unit)).Decimals; got != c.want {
			t.Errorf("%s: %d decimals, want %d", c.name, got, c.want)
		}
	}
}
