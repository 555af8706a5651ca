package engine

import (
	"errors"
	"strings"
	"testing"

	"kaoping/engine/formula"
)

// countingPack scores the share of motor complaints, counted from a register.
func countingPack(t testing.TB) *Pack {
	m := newPack(t)
	m.p.Assessed = Assessed{LeaveOut: []string{"再保险公司"}, CountWithParent: []string{"电销中心"}, Law: Law{Cite: "细则 二"}}
	fields := m.register("案件",
		Field{ID: "险种", Name: "险种", Kind: formula.Text, Options: []string{"车险", "非车险"}},
		Field{ID: "金额", Name: "金额", Kind: formula.Number, Unit: m.unit("元"), Nullable: true},
	)
	m.counted("车险投诉件数", "件", "案件", "", `险种 == "车险"`, fields)
	m.counted("赔款", "元", "案件", "金额", "", fields)
	m.reported("保费收入", "元")
	m.metric("投诉量", "件/亿元", "车险投诉件数 / 保费收入")
	m.metric("赔付率", "%", "赔款 / 保费收入")
	line := indicator("投诉量", "60", "0 件/亿元", "10 件/亿元")
	payout := indicator("赔付率", "40", "0%", "100%")
	m.section(&Item{ID: "s", Name: "定量", FullPoints: num("100"), Children: []*Item{line, payout}})
	m.p.Total = &Total{FullPoints: num("100")}
	return m.p
}

func motor(m *factsMaker, code, key, on, kind, amount string) {
	r := m.record("案件", code, key, on, "险种", kind)
	if amount != "" {
		r.Fields["金额"] = formula.Value{Num: num(amount)}
	}
}

func countingFacts() *factsMaker {
	m := newFacts("2025H1")
	m.subject("PA", "property")
	m.figure("PA", "保费收入", "2亿元")
	m.cover("案件")
	motor(m, "PA", "1", "2025-01-01", "车险", "100.50")
	motor(m, "PA", "2", "2025-06-30", "车险", "0.25")
	motor(m, "PA", "3", "2025-03-03", "非车险", "10")
	motor(m, "PA", "4", "2024-12-31", "车险", "999")
	return m
}

func TestCountingFromARegister(t *testing.T) {
	value := func(e *Evaluation, id string) string {
		c, err := e.table.column(id, e.period)
		if err != nil {
			t.Fatal(err)
		}
		if v := c.At(0); v.Status == formula.OK {
			return v.Num.String()
		}
		return "missing"
	}
	for _, c := range []struct {
		name         string
		change       func(m *factsMaker)
		count, total string
	}{
		{"both ends of the period belong, the day before does not", func(*factsMaker) {}, "2", "443/4"},
		{"a case on several rows is one case", func(m *factsMaker) { motor(m, "PA", "1", "2025-01-01", "车险", "100.50") }, "2", "443/4"},
		{"a case may count several times", func(m *factsMaker) { m.f.Records[0].Times = 3 }, "4", "1247/4"},
		{"cases without a key all count", func(m *factsMaker) {
			motor(m, "PA", "", "2025-02-01", "车险", "1")
			motor(m, "PA", "", "2025-02-01", "车险", "1")
		}, "4", "451/4"},
		{"no case in a covered period is zero", func(m *factsMaker) { m.f.Records = nil }, "0", "0"},
		{"a period that is not covered is missing", func(m *factsMaker) { m.f.Covered = nil }, "missing", "missing"},
		{"a period that is covered in part is missing", func(m *factsMaker) { m.f.Covered[0].Last = day("2025-06-29") }, "missing", "missing"},
		{"two spans that meet cover the period", func(m *factsMaker) {
			m.f.Covered = []Coverage{{"案件", "PA", day("2025-04-01"), day("2025-06-30")}, {"案件", "", day("2024-10-01"), day("2025-03-31")}}
		}, "2", "443/4"},
		{"another subject's span covers nothing", func(m *factsMaker) { m.f.Covered[0].Subject = "PB" }, "missing", "missing"},
		{"an empty amount leaves the sum missing, not smaller", func(m *factsMaker) { motor(m, "PA", "9", "2025-02-02", "非车险", "") }, "2", "missing"},
		{"without a register a reported figure stands in", func(m *factsMaker) {
			m.f.Records, m.f.Covered = nil, nil
			m.figure("PA", "车险投诉件数", "7")
		}, "7", "missing"},
		{"where both are there the records count", func(m *factsMaker) { m.figure("PA", "车险投诉件数", "7") }, "2", "443/4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := countingFacts()
			c.change(m)
			e := evaluateIn(t, countingPack(t), "2025H1", m.f)
			if got := value(e, "车险投诉件数"); got != c.count {
				t.Errorf("count %s, want %s", got, c.count)
			}
			if got := value(e, "赔款"); got != c.total {
				t.Errorf("sum %s, want %s", got, c.total)
			}
		})
	}
}

func TestADifferenceBetweenRecordsAndReportedFigureIsNoted(t *testing.T) {
	m := countingFacts()
	m.figure("PA", "车险投诉件数", "905")
	e := evaluateIn(t, countingPack(t), "2025H1", m.f)
	if got := texts(cardOf(t, e, "PA").Notes); got != "车险投诉件数:明细 2件 ≠ 汇总 905件,按明细" {
		t.Errorf("notes %s", got)
	}
}

func texts(notes []Text) string {
	var zh []string
	for _, n := range notes {
		zh = append(zh, n.ZH)
	}
	return strings.Join(zh, "\n")
}

func TestBranchesCountWithTheirParent(t *testing.T) {
	m := countingFacts()
	branch := m.subject("PA-T", "property")
	branch.Type, branch.Parent = "电销中心", "PA"
	m.figure("PA-T", "保费收入", "1亿元")
	motor(m, "PA-T", "7", "2025-05-05", "车险", "1")
	motor(m, "PA-T", "1", "2025-01-01", "车险", "100.50") // the parent's own case again
	reinsurer := m.subject("RE", "property")
	reinsurer.Type = "再保险公司"
	lost := m.subject("PX-T", "property")
	lost.Type, lost.Parent = "电销中心", "PX"
	m.subject("PZ", "marine")
	e := evaluateIn(t, countingPack(t), "2025H1", m.f)
	if l := lineOf(t, e, "PA", "投诉量"); l.Metric == nil || !l.Metric.Equal(quantity("1 件/亿元")) {
		t.Errorf("3 complaints for 3亿元 make %v", l.Metric)
	}
	card := cardOf(t, e, "PA")
	if len(card.Merged) != 1 || card.Merged[0] != "PA-T" || texts(card.Notes) != "含并入的PA-T公司(PA-T)" {
		t.Errorf("merged %v, notes %s", card.Merged, texts(card.Notes))
	}
	var reasons []string
	for _, x := range e.Result().Excluded {
		reasons = append(reasons, x.Subject+": "+x.Reason.ZH)
	}
	want := "PA-T: 电销中心并入PA公司(PA)考评(细则 二)\n" +
		"PX-T: 电销中心应并入上级机构PX考评,但名录中没有该机构(细则 二)\n" +
		"PZ: 类别\"marine\"不在规则包中\nRE: 再保险公司不在考评范围(细则 二)"
	if got := strings.Join(reasons, "\n"); got != want {
		t.Errorf("excluded:\n%s\nwant:\n%s", got, want)
	}
}

func TestABranchWithoutFiguresOfItsOwnIsNoted(t *testing.T) {
	m := countingFacts()
	branch := m.subject("PA-T", "property")
	branch.Type, branch.Parent = "电销中心", "PA"
	e := evaluateIn(t, countingPack(t), "2025H1", m.f)
	if got := texts(cardOf(t, e, "PA").Notes); !strings.Contains(got, "PA-T公司(PA-T)没有单独报送保费收入,未计入") {
		t.Errorf("notes %s", got)
	}
}

func TestFiguresOfUnknownSubjectsAreNamed(t *testing.T) {
	m := countingFacts()
	m.figure("ZZ", "保费收入", "1亿元")
	e := evaluateIn(t, countingPack(t), "2025H1", m.f)
	if got := texts(e.Result().Notes); got != "名录中没有的机构编码,其数据未使用:ZZ" {
		t.Errorf("notes %s", got)
	}
}

func TestAUnitThatDeliveredNothingEarlierIsNotedToo(t *testing.T) {
	p := countingPack(t)
	m := &packMaker{t: t, p: p}
	m.symbol("保费收入", "保费收入", "元")
	m.metric("增长", "%", "保费收入 / 上期(保费收入)")
	f := countingFacts()
	f.unit("PA-T", "PA")
	f.figure("PA-T", "保费收入", "1亿元")
	f.figureIn(period("2024H1"), "PA", "保费收入", "2亿元")
	f.f.Covered = []Coverage{{"案件", "PA", f.at.First, f.at.Last}}
	want := "含并入的PA-T公司(PA-T)\n" +
		"PA-T公司(PA-T)没有报全2025年上半年的案件登记,可能漏计\n" +
		"PA-T公司(PA-T)没有单独报送2024年上半年的保费收入,未计入"
	if got := texts(cardOf(t, evaluateIn(t, p, "2025H1", f.f), "PA").Notes); got != want {
		t.Errorf("notes\n%s\nwant\n%s", got, want)
	}
}

func TestReportedFiguresStandInForAllOfARegisterOrNone(t *testing.T) {
	m := countingFacts()
	m.f.Covered[0].Last = day("2025-04-30")
	m.f.Records = m.f.Records[2:3] // one that is no motor case
	m.figure("PA", "车险投诉件数", "7")
	e := evaluateIn(t, countingPack(t), "2025H1", m.f)
	if l := lineOf(t, e, "PA", "投诉量"); l.Status != Held || l.Reason.ZH != "案件登记没有报全2025年上半年,暂不计分" {
		t.Errorf("%s: %s", l.Status, l.Reason.ZH)
	}
}

func TestTwoVersionsOfARecordAreAConflict(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(r *Record)
		want   bool
	}{
		{"another field", func(r *Record) { r.Fields["险种"] = formula.Value{Text: "非车险"} }, true},
		{"another day", func(r *Record) { r.Date = day("2025-01-02") }, true},
		{"another number of times", func(r *Record) { r.Times = 2 }, true},
		{"once is once, written or not", func(r *Record) { r.Times = 1 }, false},
		{"another file", func(r *Record) { r.Origin = Origin{Batch: "B-000009"} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := countingFacts()
			motor(m, "PA", "1", "2025-01-01", "车险", "100.50")
			c.change(&m.f.Records[len(m.f.Records)-1])
			_, err := Evaluate(countingPack(t), m.at, m.f)
			if errors.Is(err, ErrConflict) != c.want {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestJudgementsOfUnknownSubjectsAreNamed(t *testing.T) {
	m := countingFacts()
	m.f.Judgements = []Judgement{{Subject: "ZZ", Period: m.at, Indicator: "x", Line: "y", Answer: Yes}}
	if got := texts(evaluateIn(t, countingPack(t), "2025H1", m.f).Result().Notes); got != "名录中没有的机构编码,其数据未使用:ZZ" {
		t.Errorf("notes %s", got)
	}
}
