package rules

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// loadExample reads the example of the rule language as it stands there.
func loadExample(t *testing.T) (*Library, []Diagnostic) {
	t.Helper()
	lib, diags := Load(os.DirFS("testdata/example"), Options{})
	if len(lib.Packs()) != 1 {
		t.Fatalf("%d packs, %v", len(lib.Packs()), diags)
	}
	return lib, diags
}

func examplePack(t *testing.T) *engine.Pack {
	t.Helper()
	lib, _ := loadExample(t)
	return lib.Packs()[0]
}

func TestExampleHasNoMistakes(t *testing.T) {
	_, diags := loadExample(t)
	var got []string
	for _, d := range diags {
		got = append(got, d.Code+" "+d.Level)
	}
	// The years 2022 and 2025 straddle its dates, one deduction has no test in it,
	// its twelve assumptions are open, and the text counts its indicators wrongly.
	if s := strings.Join(got, ", "); s != "straddling-period info, straddling-period info, untested-indicator warning, open-assumption info, counts-differ info" {
		t.Error(s)
	}
}

func TestExampleBecomesAPack(t *testing.T) {
	p := examplePack(t)
	equal(t, "name", p.Name, "cn-shanghai-complaint-handling")
	equal(t, "edition", p.Edition.String(), "2022-10-01")
	equal(t, "until", p.Effective.Until.String(), "2025-09-30")
	equal(t, "assumption of applies_when", p.Effective.Assumption, "A11")
	equal(t, "periods", len(p.Periods), 2)
	equal(t, "due", p.Periods[1].ReportDue, engine.MonthDay{Month: 1, Day: 25})
	equal(t, "due next year", p.Periods[1].DueNextYear, true)
	equal(t, "previous", p.Previous, engine.SamePeriodOneYearEarlier)
	equal(t, "who is assessed", p.Assessed.Require.Source(), "完整会计年度数 >= 1")
	equal(t, "left out", len(p.Assessed.LeaveOut), 5)
	equal(t, "statistics", len(p.Statistics), 17)
	equal(t, "stock", p.Statistics[11].Stock, true)
	equal(t, "metrics", len(p.Metrics), 10)
	equal(t, "rounding", p.Rounding.RoundPoints && !p.Rounding.PointsAtTotal && p.Rounding.Points.Decimals == 2 && !p.Rounding.MetricsRounded, true)
	equal(t, "assumption of the rounding", p.Rounding.Assumption, "A10")
	equal(t, "ranking", p.Ranking.By.ID+" "+string(p.Ranking.Ties)+" "+p.Ranking.Assumption, "total share the better rank A12")
	equal(t, "total", p.Total.FullPoints.String()+" "+p.Total.NotBelow.String(), "100 0")
	equal(t, "sections", len(p.Sections), 2)
	equal(t, "lines", len(p.Sections[1].Children), 14)
	equal(t, "assumptions", len(p.Assumptions), 12)
	equal(t, "remarks", len(p.Remarks), 2)
	equal(t, "default feed", p.Feeds[0].ID+" "+p.Feeds[0].Columns[7].Statistic, "statistics premium")
}

func TestExampleItems(t *testing.T) {
	p := examplePack(t)
	motor := p.Sections[1].Children[0]
	equal(t, "metric", motor.Metric, "车险亿元保费投诉量")
	equal(t, "only for", motor.OnlyFor, "property")
	same(t, "policy", motor.IfZeroDenominator, engine.Policy{Action: engine.LeaveOutIt, Assumption: "A6"})
	equal(t, "if missing", motor.IfMissing.Action, engine.Hold)
	equal(t, "scale", motor.Scale.Name+" "+motor.Scale.CompareWith+" "+motor.Scale.FullAt.Value.String(), "同业比较 同业中位数 1/2")
	equal(t, "line", motor.Line, 222)
	change := p.Sections[1].Children[6]
	equal(t, "bound", change.Scale.FullAt.Value.String()+" "+change.Scale.FullAt.Text, "-1/5 -20%")
	equal(t, "refs of the change", len(p.Metrics[6].Formula.Refs()), 2)
	checklist := p.Sections[0].Children[0].Checklist
	equal(t, "checklist", len(checklist.Lines), 9)
	equal(t, "its assumption", checklist.Assumption, "A1")
}

// The registers of deductions need not be declared: their fields are inferred.
func TestExampleRegisters(t *testing.T) {
	p := examplePack(t)
	equal(t, "registers", len(p.Registers), 5)
	execution := p.Registers[0]
	equal(t, "headings", execution.ID+" "+execution.Name+" "+execution.Key+" "+execution.Subject+" "+execution.Date+" "+execution.Times, "execution 制度执行 编号 机构编码 日期 次数")
	equal(t, "classes", strings.Join(execution.Fields[0].Options, ","), "工作情况报告迟报,日常报表迟报,未开展投诉追责,投诉问题未整改,不配合接访,其它制度落实不到位")
	var fields []string
	kinds := map[formula.Kind]string{formula.Text: "text", formula.Number: "number", formula.Bool: "yes or no"}
	for _, f := range p.Registers[3].Fields {
		fields = append(fields, f.Name+" "+kinds[f.Kind])
	}
	equal(t, "inferred fields", strings.Join(fields, ", "), "形式 text, 人数 number, 造成恶劣影响 yes or no")
	lines := p.Sections[1].Children[12].Cases.Lines
	equal(t, "case lines", len(lines), 4)
	equal(t, "first condition", lines[0].When.Source()+" "+lines[0].Points.String(), `形式 == "群体性事件" and 人数 >= 50 15`)
	equal(t, "last line", lines[3].Otherwise, true)
}

// What the example does not show: all of it in one pack.
func TestAdditions(t *testing.T) {
	data, err := os.ReadFile(filepath.FromSlash("testdata/additions/2024-01-01.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lib, diags := Load(fstest.MapFS{"p/2024-01-01.yaml": {Data: data}, "p/data/official.csv": {}}, Options{})
	for _, d := range diags {
		if d.Level != LevelInfo && d.Code != CodeUntested && d.Code != CodeFormulaScale {
			t.Errorf("%d:%d: %s: %s (%s)", d.Line, d.Column, d.Code, d.Message.EN, d.Hint.EN)
		}
	}
	if len(lib.Packs()) == 0 {
		t.FailNow()
	}
	p := lib.Packs()[0]
	t.Run("head", func(t *testing.T) { additionsHead(t, p) })
	t.Run("data", func(t *testing.T) { additionsData(t, p) })
	t.Run("points", func(t *testing.T) { additionsPoints(t, p) })
	t.Run("official results", func(t *testing.T) { additionsOfficial(t, p) })
}

func additionsHead(t *testing.T, p *engine.Pack) {
	equal(t, "title", p.Title, engine.Text{ZH: "补充", EN: "Additions"})
	equal(t, "peer group", p.PeerGroups[0].Title, engine.Text{ZH: "财产保险公司", EN: "property insurers"})
	equal(t, "previous", p.Previous, engine.PeriodJustBefore)
	equal(t, "by the first day", p.Effective.ByFirstDay, true)
	equal(t, "attribute", p.Attributes[0].ID+" "+strings.Join(p.Attributes[0].Options, "/"), "size 大/中/小")
	equal(t, "computed attribute", p.Attributes[1].Formula.Kind(), formula.Bool)
	equal(t, "metrics rounded", p.Rounding.MetricsRounded && p.Rounding.Metrics.Decimals == 3, true)
	equal(t, "points at the total", p.Rounding.PointsAtTotal, true)
	equal(t, "deductions", p.Total.DeductionsFromTotal, true)
	r := p.Ranking
	equal(t, "ranked by", r.By.ID, "rate")
	equal(t, "ascending", r.By.Ascending, true)
	equal(t, "then", r.Then[0].ID+" "+r.Then[1].ID, "premium claims")
	equal(t, "orders", !r.Then[0].Ascending && !r.Then[0].ZeroOnly && r.Then[1].Ascending && r.Then[1].ZeroOnly, true)
	equal(t, "the rest", r.AllAssessed && r.Ties == engine.Dense && r.Top == 50, true)
}

func additionsData(t *testing.T, p *engine.Pack) {
	reg := p.Registers[0]
	equal(t, "register", reg.ID+" "+reg.Key+" "+reg.Times, "cases 案件编号 件次")
	equal(t, "fields", len(reg.Fields), 6)
	equal(t, "decimals", reg.Fields[3].Decimals, 2)
	equal(t, "nullable", reg.Fields[1].Nullable, true)
	equal(t, "derived kinds", reg.Fields[4].Kind == formula.Bool && reg.Fields[5].Kind == formula.Bool, true)
	counted, summed := p.Statistics[0], p.Statistics[1]
	equal(t, "counted", counted.Register+" "+counted.Where.Source(), `cases 险种 == "车险" and not 逾期`)
	equal(t, "summed", summed.Register+" "+summed.Sum, "cases amount")
	f := p.Feeds[0]
	equal(t, "feed", f.ID+" "+f.Subject+" "+f.SubjectName+" "+f.CodePrefix+" "+f.Period+" "+f.PeerGroupFixed, "figures code name line year property")
	equal(t, "unit of a column", f.Columns[0].Statistic+" "+f.Columns[0].Unit.String(), "premium 万元")
	equal(t, "unit of its statistic", f.Columns[1].Statistic+" "+f.Columns[1].Unit.String(), "claims 件")
	equal(t, "percentile", p.Benchmarks[0].Take+" "+p.Benchmarks[0].Percentile.String(), "percentile 1/5")
	equal(t, "over all", p.Benchmarks[1].AllAssessed, true)
}

func additionsPoints(t *testing.T, p *engine.Pack) {
	section := p.Sections[0]
	group := section.Children[0]
	equal(t, "group", string(group.Kind)+" "+group.ID+" "+group.FullPoints.String(), "group volume 40")
	byBenchmark := group.Children[0]
	equal(t, "bounds", byBenchmark.Scale.FullAt.Benchmark+" "+byBenchmark.Scale.NoneAt.Benchmark+" "+byBenchmark.Scale.NoneAt.Value.String(), "p20 p20 5/2")
	equal(t, "direction", *byBenchmark.Scale.LowerBetter, true)
	bands := group.Children[1].Scale.Bands
	equal(t, "bands", len(bands), 3)
	equal(t, "open end", bands[1].FromOpen && !bands[1].ToOpen && bands[2].Otherwise, true)
	equal(t, "default policy", group.Children[1].IfZeroDenominator.Action, engine.FullMarks)
	same(t, "points for a gap", group.Children[1].IfMissing, engine.Policy{Action: engine.GivePoints, Points: group.Children[1].IfMissing.Points})
	equal(t, "as many as", group.Children[1].IfMissing.Points.String(), "5")
	line := section.Children[1].Scale
	equal(t, "corners", line.Anchors[1].At.Benchmark+" "+line.Anchors[1].At.Value.String()+" "+line.Anchors[1].Points.String(), "mean 1 20")
	equal(t, "by formula", section.Children[2].Scale.Formula != nil, true)
	equal(t, "partly", section.Children[3].Checklist.Partly.String(), "1/2")
	named := section.Children[4].Cases
	equal(t, "cases of a register", named.Register+" "+named.ClassifiedBy+" "+named.Where.Source(), "cases 险种 逾期")
}

func additionsOfficial(t *testing.T, p *engine.Pack) {
	o := p.Official[0]
	equal(t, "official", o.Title+" "+o.File+" "+o.Feed+" "+o.Only, "published data/official.csv figures year = study_year - 1")
	equal(t, "columns", o.Compare[0].With+" "+o.Compare[1].With+" "+o.Compare[2].With, "rank rate rate")
	equal(t, "printed", o.Compare[1].Decimals[0], engine.DecimalsFrom{Decimals: 4})
	equal(t, "printed since", o.Compare[2].Decimals[1], engine.DecimalsFrom{Year: 2013, Decimals: 4})
	equal(t, "merged", o.Merge[0].Period+" "+strings.Join(o.Merge[0].Codes, ","), "2024 34460,34479")
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// same compares values that hold lists.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
