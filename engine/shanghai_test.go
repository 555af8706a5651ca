package engine

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// shanghaiPack is the property method of the Shanghai assessment with the
// assumptions A1 to A8 of the worked example.
func shanghaiPack(t testing.TB) *Pack {
	m := newPack(t)
	for _, s := range []string{
		"投诉件数 件", "车险投诉件数 件", "非车险投诉件数 件", "转办保险公司处理的投诉件数 件", "按时处理并反馈的投诉件数 件",
		"转办前投诉人撤回投诉件数 件", "保费收入 元", "车险保费收入 元", "非车险保费收入 元", "非车险保单件数 张",
		"调解成功的数量 件", "需调解的数量 件",
	} {
		name, u, _ := strings.Cut(s, " ")
		m.reported(name, u)
	}
	m.p.Benchmarks = []Benchmark{
		{ID: "p20", Name: "同业第20百分位", Take: "percentile", Percentile: num("0.2")},
		{ID: "p70", Name: "同业第70百分位", Take: "percentile", Percentile: num("0.7")},
		{ID: "pooled", Name: "同业调解成功率", Unit: m.unit("%"), Formula: m.expr("合计(调解成功的数量) / 合计(需调解的数量)")},
	}
	m.metric("车险亿元保费投诉量", "件/亿元", "车险投诉件数 / 车险保费收入")
	m.metric("非车险亿元保费投诉量", "件/亿元", "非车险投诉件数 / 非车险保费收入")
	m.metric("非车险万张保单投诉量", "件/万张", "非车险投诉件数 / 非车险保单件数")
	m.metric("亿元保费投诉量", "件/亿元", "投诉件数 / 保费收入")
	m.metric("变化率", "%", "(亿元保费投诉量 - 上期(亿元保费投诉量)) / 上期(亿元保费投诉量)")
	m.metric("及时率", "%", "按时处理并反馈的投诉件数 / 转办保险公司处理的投诉件数")
	m.metric("撤诉率", "%", "转办前投诉人撤回投诉件数 / 投诉件数")
	m.metric("调解成功率", "%", "调解成功的数量 / 需调解的数量")
	mediation := indicator("调解成功率", "5", "1", "0")
	mediation.Scale.CompareWith = "pooled"
	m.section(&Item{ID: "qualitative", Name: "定性指标", FullPoints: num("30"), Children: []*Item{
		shanghaiChecklist("policies", "制度建设"), shanghaiChecklist("mechanisms", "机制建立"),
		shanghaiDeduction(m, "execution", "制度执行", "30", "迟报 2", "日报迟报 1", "未追责 3"),
	}})
	m.section(&Item{ID: "quantitative", Name: "定量指标", FullPoints: num("70"), Children: []*Item{
		{Kind: GroupItem, ID: "volume", Name: "投诉相对量", FullPoints: num("30"), Children: []*Item{
			against("车险亿元保费投诉量", "20", "p20", "p70"),
			against("非车险亿元保费投诉量", "5", "p20", "p70"),
			against("非车险万张保单投诉量", "5", "p20", "p70"),
		}},
		indicator("变化率", "10", "-10%", "30%"),
		indicator("及时率", "10", "100%", "80%"),
		indicator("撤诉率", "15", "50%", "0%"),
		mediation,
		shanghaiDeduction(m, "improper", "处置不当", "10", "一般 1", "较重 2"),
		shanghaiDeduction(m, "violations", "违法违规", "20", "监管谈话 2"),
		shanghaiDeduction(m, "press", "负面舆情", "30", "一般 3"),
	}})
	m.p.Total = &Total{FullPoints: num("100"), NotBelow: numPtr("0"), DeductionsFromTotal: true}
	return m.p
}

func shanghaiChecklist(id, name string) *Item {
	it := &Item{Kind: IndicatorItem, ID: id, Name: name, FullPoints: num("15"), Checklist: &Checklist{}}
	for i, points := range strings.Fields("2 2 2 2 2 2 1 1 1") {
		it.Checklist.Lines = append(it.Checklist.Lines, ChecklistLine{name + string(rune('A'+i)), num(points)})
	}
	return it
}

func shanghaiDeduction(m *packMaker, id, name, most string, lines ...string) *Item {
	m.register(id, Field{ID: "class", Name: "类型", Kind: formula.Text})
	c := &CaseTable{Register: id, ClassifiedBy: "class"}
	for _, l := range lines {
		class, points, _ := strings.Cut(l, " ")
		c.Lines = append(c.Lines, CaseLine{Class: class, Points: num(points)})
	}
	return &Item{Kind: DeductionItem, ID: id, Name: name, AtMost: numPtr(most), Cases: c}
}

// shanghaiDeductions are the cases behind 扣分合计.
var shanghaiDeductions = map[string][]string{
	"PB02": {"execution 迟报", "improper 一般"},
	"PC03": {"execution 日报迟报"},
	"PD04": {"execution 未追责", "violations 监管谈话"},
	"PF06": {"execution 迟报", "execution 迟报", "improper 较重", "press 一般"},
}

func readCSV(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, heading := range rows[0] {
			m[heading] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func shanghaiFacts(t testing.TB) *Facts {
	m := newFacts("2025H1")
	before := period("2024H1")
	for _, row := range readCSV(t, "shanghai-2025H1-statistics.csv") {
		code := row["机构编码"]
		m.subject(code, "property").Name = row["机构名称"]
		for statistic, heading := range map[string]string{
			"车险投诉件数": "车险投诉件数", "车险保费收入": "车险保费收入", "非车险投诉件数": "非车险投诉件数",
			"非车险保费收入": "非车险保费收入", "非车险保单件数": "非车险保单件数", "转办保险公司处理的投诉件数": "转办投诉件数",
			"按时处理并反馈的投诉件数": "按时处理并反馈件数", "转办前投诉人撤回投诉件数": "转办前撤回件数",
			"需调解的数量": "需调解数量", "调解成功的数量": "调解成功数量",
		} {
			m.figure(code, statistic, row[heading])
		}
		m.figure(code, "投诉件数", num(row["车险投诉件数"]).Add(num(row["非车险投诉件数"])).String())
		m.figure(code, "保费收入", num(row["车险保费收入"]).Add(num(row["非车险保费收入"])).String())
		m.figureIn(before, code, "投诉件数", row["上期投诉件数"])
		m.figureIn(before, code, "保费收入", row["上期保费收入"])
		m.judge(code, shanghaiChecklist("policies", "制度建设"), row["制度建设得分"])
		m.judge(code, shanghaiChecklist("mechanisms", "机制建立"), row["机制建立得分"])
		for i, c := range shanghaiDeductions[code] {
			register, class, _ := strings.Cut(c, " ")
			m.record(register, code, code+"-"+string(rune('1'+i)), "2025-03-02", "class", class)
		}
	}
	for _, register := range strings.Fields("execution improper violations press") {
		m.cover(register)
	}
	return m.f
}

// judge answers a checklist so that it comes to the points: no where 14, 13, 12
// or 11 of 15 points were given.
func (m *factsMaker) judge(code string, it *Item, points string) {
	missing := map[string][]int{"15": {}, "14": {8}, "13": {0}, "12": {0, 8}, "11": {0, 1}}[points]
	for i, line := range it.Checklist.Lines {
		answer := Yes
		for _, no := range missing {
			if i == no {
				answer = No
			}
		}
		m.f.Judgements = append(m.f.Judgements, Judgement{
			Subject: code, Period: m.at, Indicator: it.ID, Line: line.Name, Answer: answer, Scorer: "甲", Reviewer: "乙",
		})
	}
}

func TestShanghaiPropertyMethodReproducesTheWorkedExampleToTheCent(t *testing.T) {
	e := evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t))
	if n := len(e.Result().Scorecards); n != 8 {
		t.Fatalf("%d scorecards, want 8", n)
	}
	for i, want := range readCSV(t, "shanghai-2025H1-expected.csv") {
		card := e.Result().Scorecards[i]
		if card.Subject != want["机构编码"] || exact.Int(int64(card.Rank)).String() != want["名次"] {
			t.Errorf("place %d is %s with rank %d, want %s with rank %s", i+1, card.Subject, card.Rank, want["机构编码"], want["名次"])
		}
		checkShanghaiCard(t, e, want)
	}
}

func checkShanghaiCard(t *testing.T, e *Evaluation, want map[string]string) {
	t.Helper()
	code := want["机构编码"]
	for column, item := range map[string]string{
		"车险亿元保费投诉量": "车险亿元保费投诉量", "非车险亿元保费投诉量": "非车险亿元保费投诉量", "非车险万张保单投诉量": "非车险万张保单投诉量",
		"变化率": "变化率", "及时率": "及时率", "撤诉率": "撤诉率", "调解成功率": "调解成功率",
	} {
		if got := metricText6(lineOf(t, e, code, item), e); got != want[column] {
			t.Errorf("%s %s is %s, want %s", code, column, got, want[column])
		}
	}
	for column, item := range map[string]string{
		"得分_车险亿元": "车险亿元保费投诉量", "得分_非车险亿元": "非车险亿元保费投诉量", "得分_非车险万张": "非车险万张保单投诉量",
		"得分_投诉相对量": "volume", "得分_变化率": "变化率", "得分_及时率": "及时率", "得分_撤诉率": "撤诉率", "得分_调解": "调解成功率",
		"定性": "qualitative", "定量": "quantitative", "总分": "total",
	} {
		l := lineOf(t, e, code, item)
		if want[column] == "" {
			if l.Status != LeftOut {
				t.Errorf("%s %s is %s, want left out", code, column, l.Status)
			}
			continue
		}
		if l.Points == nil || !l.Points.Equal(num(want[column])) {
			t.Errorf("%s %s is %s, want %s (%s)", code, column, pointsText(l), want[column], l.Reason.EN)
		}
	}
	var off exact.Num
	for _, item := range strings.Fields("execution improper violations press") {
		off = off.Sub(*lineOf(t, e, code, item).Points)
	}
	if !off.Equal(num(want["扣分"])) {
		t.Errorf("%s has %s points off, want %s", code, off, want["扣分"])
	}
}

// metricText6 writes a metric as expected.csv does: six decimals in the metric's
// unit, ratios and not percentages.
func metricText6(l *Line, e *Evaluation) string {
	if l.Metric == nil {
		return ""
	}
	n := *l.Metric
	if u := e.table.unitOf(l.Item); u.Dim() != "" {
		n = u.To(n)
	}
	return n.Decimal(6, exact.HalfUp)
}
