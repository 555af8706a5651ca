package reports

import (
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

func num(t testing.TB, s string) exact.Num {
	t.Helper()
	n, err := exact.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ptr(n exact.Num) *exact.Num { return &n }

func mustUnit(t testing.TB, s string) unit.Unit {
	t.Helper()
	u, err := unit.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func day(t testing.TB, s string) engine.Date {
	t.Helper()
	d, err := engine.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func period(t testing.TB, s string) engine.Period {
	t.Helper()
	p, err := engine.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// evil is a name that wants to be a formula and markup at once.
const evil = `=HYPERLINK("http://x","<b>点我</b>")`

// scoringPack is a small method with a checklist, two metrics and a deduction.
func scoringPack(t testing.TB) *engine.Pack {
	atMost := exact.Int(5)
	return &engine.Pack{
		Name: "cn-example", Edition: day(t, "2022-10-01"), Status: "in force", Regulator: "某监管局",
		Title:      engine.Text{ZH: "消费投诉处理工作考评实施细则", EN: "Complaint handling"},
		Hash:       "9c1e0000aaaabbbbccccddddeeeeffff00001111222233334444555566667777",
		PeerGroups: []engine.PeerGroup{{ID: "property", Title: engine.Text{ZH: "财产保险公司", EN: "property"}}, {ID: "life", Title: engine.Text{ZH: "人身保险公司", EN: "life"}}},
		Assessed:   engine.Assessed{Law: engine.Law{Cite: "细则 二"}},
		Sources:    []engine.Source{{ID: "细则", Title: "考评实施细则", LastCompared: "2025-07-01"}},
		Registers: []engine.Register{{ID: "events", Name: "事件登记", Fields: []engine.Field{
			{ID: "what", Name: "事由", Kind: formula.Text}, {ID: "late", Name: "迟报天数", Kind: formula.Number, Unit: mustUnit(t, "天")}, {ID: "found", Name: "属实", Kind: formula.Bool},
		}}},
		Statistics: []engine.Statistic{
			{ID: "complaints", Name: "投诉件数", Unit: mustUnit(t, "件"), From: "投诉管理系统"},
			{ID: "premium", Name: "保费收入", Unit: mustUnit(t, "元"), From: "保险统计信息系统"},
		},
		Metrics: []engine.Metric{
			{ID: "per_premium", Name: "亿元保费投诉量", Unit: mustUnit(t, "件/亿元")},
			{ID: "timely", Name: "及时率", Unit: mustUnit(t, "%")},
		},
		Total: &engine.Total{FullPoints: exact.Int(100)},
		Sections: []*engine.Item{
			{Kind: engine.SectionItem, ID: "qualitative", Name: "定性指标", FullPoints: exact.Int(30), Children: []*engine.Item{
				{Kind: engine.IndicatorItem, ID: "policies", Name: "制度建设", FullPoints: exact.Int(30), Law: engine.Law{Cite: "细则 四(一)1"}, Checklist: &engine.Checklist{
					Partly: ptr(exact.Frac(1, 2)),
					Lines:  []engine.ChecklistLine{{Name: "登记制度", Points: exact.Int(20)}, {Name: "-档案管理制度", Points: exact.Int(10)}},
				}},
				{Kind: engine.DeductionItem, ID: "late_reports", Name: "迟报", AtMost: &atMost, Law: engine.Law{Cite: "细则 四(一)3"}, Cases: &engine.CaseTable{Register: "events", From: "日常工作记录"}},
			}},
			{Kind: engine.SectionItem, ID: "quantitative", Name: "定量指标", FullPoints: exact.Int(70), Children: []*engine.Item{
				{Kind: engine.IndicatorItem, ID: "volume", Name: "亿元保费投诉量", Metric: "per_premium", FullPoints: exact.Int(40)},
				{Kind: engine.IndicatorItem, ID: "timeliness", Name: "投诉件处理及时率", Metric: "timely", FullPoints: exact.Int(30)},
			}},
		},
		Rounding: engine.RoundingRules{RoundPoints: true, Points: engine.Rounding{Decimals: 2}, Metrics: engine.Rounding{Decimals: 4}},
		Ranking:  engine.Ranking{By: engine.RankKey{ID: "total", Name: "总分"}, Ties: engine.ShareBetter},
		Assumptions: []engine.Assumption{
			{ID: "A1", Says: engine.Text{ZH: "清单各项的分值"}, Because: engine.Text{ZH: "附件未找到"}, Ask: "监管局", State: "open"},
			{ID: "A2", Says: engine.Text{ZH: "四舍五入"}, State: "settled"},
		},
		Remarks: []engine.Text{{ZH: "仅供示例"}},
	}
}

// cardOf makes a scorecard of the pack; nil values are gaps.
func cardOf(t testing.TB, code, name string, rank int, tied bool, volume, timely, points1, points2, off string) engine.Scorecard {
	line := func(kind engine.ItemKind, item, title, parent string) engine.Line {
		return engine.Line{Kind: kind, Item: item, Name: title, Parent: parent, Status: engine.Scored}
	}
	set := func(l engine.Line, points, full string) engine.Line {
		l.Points, l.FullPoints = ptr(num(t, points)), num(t, full)
		return l
	}
	q, n := num(t, "30").Add(num(t, off)), num(t, points1).Add(num(t, points2))
	total := q.Add(n)
	first := set(line(engine.IndicatorItem, "volume", "亿元保费投诉量", "quantitative"), points1, "40")
	first.Metric, first.MetricRank = ptr(mustUnit(t, "件/亿元").From(num(t, volume))), rank
	second := set(line(engine.IndicatorItem, "timeliness", "投诉件处理及时率", "quantitative"), points2, "30")
	if timely == "" {
		second.Points, second.Status, second.Reason = nil, engine.LeftOut, engine.Text{ZH: "转办件数为零,不计此项", EN: "nothing was transferred; left out"}
	} else {
		second.Metric = ptr(num(t, timely))
	}
	deduction := set(line(engine.DeductionItem, "late_reports", "迟报", "qualitative"), off, "0")
	deduction.Reason = engine.Text{ZH: "没有案件,不扣分", EN: "no cases"}
	if off != "0" {
		deduction.Cases, deduction.Uncapped = 3, ptr(num(t, "-6"))
		deduction.Reason = engine.Text{ZH: "3件,按最高扣5分扣分", EN: "3 cases; the cap of 5 applies"}
	}
	checklist := set(line(engine.IndicatorItem, "policies", "制度建设", "qualitative"), "30", "30")
	checklist.Reason = engine.Text{ZH: "2项中2项符合", EN: "2 of 2 lines met"}
	return engine.Scorecard{
		Subject: code, Name: name, PeerGroup: "property", Status: engine.Scored, Total: &total, RankBy: &total, Rank: rank, Of: 4, Tied: tied,
		Lines: []engine.Line{
			set(line(engine.SectionItem, "qualitative", "定性指标", ""), q.String(), "30"), checklist, deduction,
			set(line(engine.SectionItem, "quantitative", "定量指标", ""), n.String(), "70"), first, second,
			set(line(engine.TotalItem, "total", "总分", ""), total.String(), "100"),
		},
	}
}

// scoringDocument is a run of the example with a tie, a gap, a held card, one
// that is not assessed, and names that are up to no good.
func scoringDocument(t testing.TB, lang engine.Lang) *Document {
	held := engine.Scorecard{Subject: "PE05", Name: "戊财险", PeerGroup: "property", Status: engine.Held, Reason: engine.Text{ZH: "缺少保费收入,暂不计分", EN: "premium is missing; held"}}
	first := cardOf(t, "PA01", "甲财险上海分公司", 1, false, "7999/2000", "95/96", "40", "28.44", "0")
	first.Merged, first.Notes = []string{"PA01T"}, []engine.Text{{ZH: "含并入的甲电销中心", EN: "includes the call centre"}}
	result := &engine.Result{
		Pack: "cn-example", Edition: day(t, "2022-10-01"), Hash: scoringPack(t).Hash, Status: "in force", Period: period(t, "2025H1"), Snapshot: "S-0123456789ab",
		Scorecards: []engine.Scorecard{
			first,
			cardOf(t, "PB02", evil, 2, true, "5", "0.97", "20", "25.505", "-5"),
			cardOf(t, "PC03", "丙财险", 2, true, "5", "0.97", "20", "25.505", "-5"),
			cardOf(t, "PD04", "丁财险", 4, false, "9", "", "0.1", "0", "0"),
			held,
			{Subject: "LA01", Name: "甲人寿", PeerGroup: "life", Status: engine.Scored, Total: ptr(exact.Int(88)), RankBy: ptr(exact.Int(88)), Rank: 1, Of: 1},
		},
		Excluded: []engine.Scorecard{{Subject: "PX09", Name: "新财险", PeerGroup: "property", Status: engine.NotAssessed, Reason: engine.Text{ZH: "开业不满一个会计年度", EN: "open for less than one accounting year"}}},
		Notes:    []engine.Text{{ZH: "名录中没有的机构编码,其数据未使用:ZZ99", EN: "codes that are not on the roster: ZZ99"}},
	}
	before := &engine.Result{Pack: "cn-example", Period: period(t, "2024H1"), Scorecards: []engine.Scorecard{
		cardOf(t, "PC03", "丙财险", 1, false, "4", "0.99", "35", "29", "0"),
		cardOf(t, "PA01", "甲财险上海分公司", 3, false, "6", "0.9", "15", "10", "-5"),
	}}
	return &Document{
		Pack: scoringPack(t), Result: result, Previous: before, History: []*engine.Result{before}, Explain: explainer(t, result),
		Facts:   &engine.Facts{AsOf: "2025-07-20T23:59:59+08:00"},
		Run:     RunStamp{ID: "R-000007", Revision: 2, MadeAt: "2025-07-21 08:00:00", By: "王五", AsOf: "2025-07-20 23:59:59"},
		Version: "1.0.0", Lang: lang,
	}
}

// explainer unfolds the lines of the example.
func explainer(t testing.TB, r *engine.Result) func(subject, item string) (*engine.Explanation, error) {
	return func(subject, item string) (*engine.Explanation, error) {
		card := findCard(r, subject)
		l, ok := card.Line(item)
		if !ok {
			return nil, engine.ErrNotFound
		}
		e := &engine.Explanation{Subject: subject, SubjectName: card.Name, Line: *l, Law: engine.Law{Cite: "细则 四"}}
		switch item {
		case "volume":
			e.Formula, e.Unit = "投诉件数 / 保费收入", "件/亿元"
			e.Filled = []engine.Text{{ZH: "168件 ÷ 42.10亿元 = 3.9995 件/亿元", EN: "168件 ÷ 42.10亿元 = 3.9995 件/亿元"}}
			e.Scale = engine.Text{ZH: "同业第20百分位得满分,第70百分位得0分,其间直线", EN: "full points at the 20th percentile, none at the 70th"}
			e.Points = engine.Text{ZH: "40 × 100% = 40.00", EN: "40 × 100% = 40.00"}
			e.Peers = engine.Text{ZH: "同业4家,中位数5 件/亿元", EN: "4 peers, median 5"}
			e.Assumptions = []engine.Assumption{{ID: "A1"}}
			e.Figures = []engine.FigureUsed{
				{Name: "投诉件数", Period: r.Period, Value: ptr(exact.Int(168)), Shown: engine.Text{ZH: "168件", EN: "168件"}, Origins: []engine.Origin{{Batch: "B-000003", File: "投诉案件.csv", Row: 2}}, Count: 168},
				{Name: "保费收入", Period: r.Period, Value: ptr(num(t, "4210000000.25")), Shown: engine.Text{ZH: "42.10亿元", EN: "42.10亿元"}, Origins: []engine.Origin{{Batch: "B-000001", File: "统计.csv", Row: 3, Column: "保费收入"}}},
			}
		case "policies":
			e.Judgements = []engine.Judgement{
				{Indicator: "policies", Line: "登记制度", Answer: engine.Yes, Scorer: "张三", Reviewer: "李四"},
				{Indicator: "policies", Line: "-档案管理制度", Answer: engine.Partly, Reason: "@缺少两份\x00\x1b记录", Evidence: "E-12", Scorer: "张三", Reviewer: "李四"},
			}
		case "late_reports":
			if l.Cases > 0 {
				e.Cases = []engine.Record{{Register: "events", Key: "E-1", Date: day(t, "2025-03-02"), Fields: map[string]formula.Value{
					"what": {Text: "+迟报月报"}, "late": {Num: exact.Int(3)}, "found": {Bool: true},
				}, Origin: engine.Origin{Batch: "B-000004", File: "事件.csv", Row: 9}}}
				e.CasePoints = []exact.Num{exact.Int(2)}
			}
		}
		return e, nil
	}
}

// rankingDocument is a run of a pack that only ranks a metric.
func rankingDocument(t testing.TB, lang engine.Lang) *Document {
	million := mustUnit(t, "complaints/USD million")
	pack := &engine.Pack{
		Name: "us-example", Edition: day(t, "2009-01-01"), Status: "in force", Title: engine.Text{ZH: "汽车保险投诉排名", EN: "Auto complaint ranking"}, Hash: "ab12",
		PeerGroups: []engine.PeerGroup{{ID: "all", Title: engine.Text{ZH: "全部公司", EN: "all companies"}}},
		Statistics: []engine.Statistic{{ID: "upheld", Name: "upheld complaints", Unit: mustUnit(t, "complaints")}, {ID: "premium", Name: "premium", Unit: mustUnit(t, "USD")}},
		Metrics:    []engine.Metric{{ID: "ratio", Name: "complaint ratio", Unit: million}},
		Rounding:   engine.RoundingRules{Metrics: engine.Rounding{Decimals: 4}},
		Ranking:    engine.Ranking{By: engine.RankKey{ID: "ratio", Name: "complaint ratio", Ascending: true}, Then: []engine.RankKey{{ID: "premium", Name: "premium"}}, Ties: engine.ShareBetter},
	}
	card := func(code, name string, rank int, ratio string) engine.Scorecard {
		n := million.From(num(t, ratio))
		return engine.Scorecard{Subject: code, Name: name, PeerGroup: "all", Status: engine.Scored, Rank: rank, Of: 2, RankBy: &n, Lines: []engine.Line{
			{Kind: engine.MetricItem, Item: "ratio", Name: "complaint ratio", Status: engine.Scored, Metric: &n, Reason: engine.Text{ZH: "计算值" + ratio, EN: "value " + ratio}},
		}}
	}
	result := &engine.Result{Pack: pack.Name, Edition: pack.Edition, Hash: "ab12", Status: "in force", Period: period(t, "2018"), Snapshot: "S-ff", Scorecards: []engine.Scorecard{
		card("11111", "Alpha Insurance", 1, "0"), card("22222", "Beta & Sons <Mutual>", 2, "1/3"),
		{Subject: "33333", Name: "Gamma", PeerGroup: "all", Status: engine.NotComputable, Reason: engine.Text{ZH: "保费为零", EN: "the premium is zero"}, Lines: []engine.Line{
			{Kind: engine.MetricItem, Item: "ratio", Name: "complaint ratio", Status: engine.NotComputable, Reason: engine.Text{ZH: "保费为零", EN: "the premium is zero"}},
		}},
	}}
	explain := func(subject, item string) (*engine.Explanation, error) {
		l, ok := findCard(result, subject).Line(item)
		if !ok {
			return nil, engine.ErrNotFound
		}
		return &engine.Explanation{Subject: subject, Line: *l, Formula: "upheld / premium", Figures: []engine.FigureUsed{
			{Name: "upheld complaints", Period: result.Period, Value: ptr(exact.Int(1)), Shown: engine.Text{ZH: "1 complaint", EN: "1 complaint"}},
			{Name: "premium", Period: result.Period, Value: ptr(exact.Int(3_000_000)), Shown: engine.Text{ZH: "USD 3,000,000", EN: "USD 3,000,000"}},
		}}, nil
	}
	return &Document{Pack: pack, Result: result, Explain: explain, Run: RunStamp{ID: "R-1", Revision: 1}, Version: "1.0.0", Lang: lang}
}
