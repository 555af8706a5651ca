package rules_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/rules"
	"kaoping/rules/packs"
)

// A written is a line of a pack by which one of the 27 points is written. The
// tests of the pack are run; "bad" is a pack that must be refused, whose whole
// output is asserted elsewhere.
type written struct{ folder, line string }

// points are the 27 needs of real schemes that the language was made for.
var points = []struct {
	number int
	need   string
	by     []written
}{
	{1, "named statistics with unit and scale", []written{
		{"testdata/points27", "unit: 件/万张"}, {"testdata/points27", "unit: 件/亿元"}, {"packs/cn-shanghai-complaint-handling", "unit: 件/亿元"}, {"packs/us-ny-auto-complaint-ranking", "complaints/USD million"},
	}},
	{2, "stock and flow, windows of years, the latest annual figure", []written{
		{"testdata/points27", "kind: stock, on: the day before the period starts"}, {"testdata/points27", "期初保单 + 新单"},
		{"testdata/points27", "近期平均(保费, 2)"}, {"testdata/points27", "近期合计(投诉, 3)"}, {"testdata/points27", "最近年度(保费)"},
	}},
	{3, "kinds of period, year to date, 同比 and 环比", []written{
		{"testdata/points27", "quarter: every quarter"}, {"testdata/points27", "half_year: {first_day: 01-01, last_day: 06-30}"}, {"testdata/points27", "本年累计(投诉)"},
		{"testdata/points27", "同比(投诉)"}, {"testdata/points27", "环比(投诉)"}, {"testdata/points27", "previous: same period one year earlier"},
	}},
	{4, "the vintage of prior figures", []written{{"testdata/points27", "prior_figures: as published"}}},
	{5, "units merged, rolled up, weighted by size, scored but not rated", []written{
		{"packs/cn-shanghai-complaint-handling", "count_with_branch"}, {"testdata/points27", "下级合计(投诉)"}, {"testdata/points27", "下级加权平均(投诉, 保费)"}, {"testdata/ratings", "only_for: main"},
	}},
	{6, "peer groups and filters of a metric's members", []written{
		{"testdata/parameters", "among: 乙 >= 规模线"}, {"packs/cn-shanghai-complaint-handling", "完整会计年度数 >= 1"}, {"testdata/points27", "peer_groups: {main: 总公司, branch: 分公司}"},
	}},
	{7, "statistics of a group, pooled apart from mean, named percentiles", []written{
		{"testdata/points27", "合计(投诉) / 合计(保费)"}, {"testdata/points27", "平均(亿元投诉量)"}, {"testdata/points27", "百分位就近(投诉, 65%)"}, {"testdata/points27", "百分位(投诉, 65%)"},
		{"testdata/points27", "加权样本方差(投诉, 户数)"}, {"testdata/points27", "家数(投诉 >= 10件)"}, {"testdata/points27", "占比(投诉)"}, {"testdata/parameters", "standard deviation to 2 decimals"},
	}},
	{8, "statistics of statistics in stages, circles refused", []written{
		{"testdata/us-cms-stars", "percentile_nearest_rank(mean_with, 65%)"}, {"testdata/us-cms-stars", "points_variance(overall_with)"}, {"bad", "cycle"},
	}},
	{9, "who enters a statistic is a setting of each", []written{
		{"testdata/points27", "合计(保费, 保费 > 0元)"}, {"testdata/points27", "合计(投诉, 保费 > 0元)"},
	}},
	{10, "bands with stated ends, disjoint and not monotone; gaps and overlaps refused", []written{
		{"testdata/points27", "{above: 30%, to: 60%, points: 5}"}, {"testdata/us-cms-stars", "{above: 0.1 complaints, to: 0.2 complaints, points: 4}"}, {"bad", "bands-gap"}, {"bad", "bands-overlap"},
	}},
	{11, "linear with a clamp, in proportion to a target", []written{
		{"testdata/points27", "限制(满分 × 60% + 斜率 × 计算值 / 1件, 0, 满分)"}, {"testdata/forms", "in_proportion_to: 90%"},
	}},
	{12, "lines between anchors that are group statistics; assumptions marked", []written{
		{"testdata/points27", "{at: 同业中位数, points: 6}, {at: 2 × 同业中位数, points: 0}"}, {"packs/cn-shanghai-complaint-handling", "assumption: A3"},
	}},
	{13, "points by rank and percentile, cut points as data with a guard rail", []written{
		{"testdata/forms", "by_rank:"}, {"testdata/forms", "by_percentile:"}, {"testdata/us-cms-stars", "clamp(clustered_5, last_5 - 5%, last_5 + 5%)"},
	}},
	{14, "award lists, grades, a deadline in working days", []written{
		{"packs/cn-shanghai-complaint-handling", "checklist:"}, {"testdata/judged", "graded: {优秀: 5, 良好: 4, 一般: 3, 较差: 0}"}, {"testdata/points27", "工作日(应报日, 实报日)"}, {"testdata/points27", "{to: 3工作日, points: 10}"},
	}},
	{15, "deductions with caps and floors, thresholds or a manual flag", []written{
		{"packs/cn-shanghai-complaint-handling", "人数 >= 50"}, {"packs/cn-shanghai-complaint-handling", "造成恶劣影响"}, {"packs/cn-shanghai-complaint-handling", "at_most: 30"},
		{"testdata/addends", "caps:"}, {"testdata/points27", "not_below: 0"},
	}},
	{16, "bonus items with a cap, nested weights, sums checked", []written{
		{"testdata/addends", "additions:"}, {"testdata/ratings", "combine: weighted mean"}, {"bad", "points-do-not-add-up"}, {"bad", "weights-do-not-add-up"},
	}},
	{17, "typed outcomes and a policy for each", []written{
		{"testdata/forms", "peer mean"}, {"testdata/forms", "take 9999"}, {"testdata/forms", "no points"}, {"testdata/ratings", "if_missing: leave out"}, {"testdata/points27", "if_denominator_zero: hold"},
	}},
	{18, "0/0 apart from no earlier period", []written{
		{"testdata/forms", "if_denominator_zero: [{when: 甲 == 0, then: full points}, {otherwise: take 10%}]"}, {"testdata/forms", "if_no_previous: 5 points"},
	}},
	{19, "least number scored, weights of single subjects, the better of two years", []written{
		{"testdata/ratings", "at_least_scored: 2"}, {"testdata/us-cms-stars", `region == \"Puerto Rico\" ? 0 : 3`}, {"testdata/us-cms-stars", "previous(points(adherence_measure))"}, {"testdata/ratings", "not_worse_than: the previous scorecard"},
	}},
	{20, "bands of the rating, numbers and sub-levels", []written{
		{"testdata/points27", `{rating: 2A, from: 30, below: 35}`}, {"testdata/ratings", "{rating: A, from: 80}"}, {"testdata/us-cms-stars", "four and a half"},
	}},
	{21, "overrides in declared order, both ratings kept", []written{
		{"testdata/ratings", "at_best: B"}, {"testdata/ratings", "notches: -1"}, {"testdata/ratings", "set: S"}, {"testdata/ratings", "{from_register: 监管调整, rating: 调整后等级, reason: 理由, cite: 九}"},
	}},
	{22, "the best of variants, streaks over years", []written{
		{"testdata/ratings", "better_of: [{with: all}, {without: [丙]}]"}, {"testdata/us-cms-stars", "max(rating_with, rating_without)"}, {"testdata/us-cms-stars", "streak(total < 3, 3)"},
	}},
	{23, "rounding modes at each stage, ranks on unrounded values", []written{
		{"testdata/points27", "half even"}, {"testdata/points27", "1 decimal, down"}, {"testdata/points27", "steps of 0.5, half up"}, {"testdata/points27", "rank: before rounding"}, {"packs/us-ny-auto-complaint-ranking", "rounding"},
	}},
	{24, "ties, chains that break them, lists that grow on a tie", []written{
		{"testdata/points27", "then: [亿元投诉量 ascending]"}, {"testdata/points27", "top: 2"}, {"packs/us-ny-auto-complaint-ranking", "then: [average_premium descending]"}, {"testdata/points27", "ties: share the better rank"},
	}},
	{25, "a scorecard holds all it rests on", []written{{"packs/cn-shanghai-complaint-handling", "edition: 2022-10-01"}, {"packs/cn-shanghai-complaint-handling", "quote:"}, {"testdata/points27", "cite: 十二"}}},
	{26, "one scheme feeds another", []written{{"testdata/ratings", "scorecard: {pack: other-scheme, item: total, period: previous}"}}},
	{27, "published tables as golden tests", []written{{"packs/us-ny-auto-complaint-ranking", "official_results:"}, {"packs/us-ca-justified-ratio", "official_results:"}}},
}

func TestEveryPointOfTheLanguageIsWritten(t *testing.T) {
	run := map[string]bool{}
	for i, p := range points {
		t.Run(fmt.Sprintf("%d %s", p.number, p.need), func(t *testing.T) {
			if p.number != i+1 || len(p.by) == 0 {
				t.Fatalf("point %d stands in place %d and is written by %d lines", p.number, i+1, len(p.by))
			}
			for _, w := range p.by {
				if w.folder == "bad" {
					if _, err := os.Stat(path.Join("testdata/bad", w.line+".txtar")); err != nil {
						t.Error(err)
					}
					continue
				}
				held, editions := folderOf(t, w.folder)
				if !slices.ContainsFunc(editions, func(text string) bool { return strings.Contains(text, w.line) }) {
					t.Errorf("%s does not say %q", w.folder, w.line)
				}
				if !run[w.folder] {
					run[w.folder] = true
					testPacksOf(t, held)
				}
			}
		})
	}
}

// folderOf finds a folder of packs and the texts of its editions.
func folderOf(t *testing.T, folder string) (fs.FS, []string) {
	t.Helper()
	held := os.DirFS(folder)
	if name, ok := strings.CutPrefix(folder, "packs/"); ok {
		sub, err := fs.Sub(packs.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		held = sub
	}
	names, err := fs.Glob(held, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.yaml") {
			continue
		}
		data, err := fs.ReadFile(held, name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	return held, texts
}

// testPacksOf loads a folder and runs the tests of its packs.
func testPacksOf(t *testing.T, held fs.FS) {
	t.Helper()
	lib, diags := rules.Load(held, rules.Options{})
	var b strings.Builder
	if rules.HasErrors(diags) {
		_ = rules.WriteText(&b, diags, engine.English)
		t.Fatal(b.String())
	}
	report := rules.Test(lib, rules.TestOptions{})
	for _, p := range report.Packs {
		if p.Tests == 0 {
			t.Errorf("%s has no tests", p.Pack)
		}
	}
	if report.Failed() > 0 {
		_ = report.Write(&b, engine.English)
		t.Error(b.String())
	}
}

// pointsPack is the pack of the tests that has what no other has.
func pointsPack(t *testing.T, period engine.Period) *engine.Pack {
	t.Helper()
	lib, diags := rules.Load(os.DirFS("testdata/points27"), rules.Options{})
	if rules.HasErrors(diags) {
		t.Fatal(diags)
	}
	p, err := lib.Pack("points27", period)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustPeriod(t *testing.T, s string) engine.Period {
	t.Helper()
	p, err := engine.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Point 4: of two values of a past figure the published one counts, and the
// result says whose it was. Points 24 and 25: the list that is published, and
// what a result keeps.
func TestPointsThatAResultShows(t *testing.T) {
	now, before := mustPeriod(t, "2024"), mustPeriod(t, "2023")
	p := pointsPack(t, now)
	figure := func(subject, statistic string, at engine.Period, n int64) engine.Figure {
		return engine.Figure{Subject: subject, Statistic: statistic, Period: at, Value: exact.Int(n)}
	}
	facts := &engine.Facts{Snapshot: "S-1", AsOf: "2025-01-25T00:00:00Z"}
	then := &engine.Facts{Figures: []engine.Figure{figure("S1", "complaints", before, 7)}}
	for i, code := range []string{"S1", "S2", "S3", "S4"} {
		facts.Subjects = append(facts.Subjects, engine.Subject{Code: code, Name: code, PeerGroup: "main"})
		facts.Figures = append(facts.Figures,
			figure(code, "complaints", now, []int64{5, 9, 9, 20}[i]), figure(code, "premium", now, 100_000_000), figure(code, "complaints", before, 12))
	}
	facts.Published = []engine.Published{{Period: before, Digest: strings.Repeat("a", 64), Facts: then}}
	e, err := engine.Evaluate(p, now, facts)
	if err != nil {
		t.Fatal(err)
	}
	line, err := e.MetricLine("S1", "yoy")
	if err != nil || line.Metric == nil || !line.Metric.Equal(exact.Int(-2)) {
		t.Errorf("5 now and 7 as published are %v, %v", line.Metric, err)
	}
	r := e.Result()
	use := r.Past[len(r.Past)-1]
	if use.Use != engine.UseFigures || use.Missing() && use.Period == before {
		t.Errorf("rests on %+v", r.Past)
	}
	var listed []string
	for i := range r.Scorecards {
		if p.Ranking.Lists(&r.Scorecards[i]) {
			listed = append(listed, fmt.Sprint(r.Scorecards[i].Subject, " ", r.Scorecards[i].Rank))
		}
	}
	if got := strings.Join(listed, ", "); got != "S1 1, S2 2, S3 2" {
		t.Errorf("the first two with all who share the second place: %s", got)
	}
	if r.Pack != "points27" || r.Edition.String() != "2022-01-01" || len(r.Hash) != 64 || r.Snapshot != "S-1" || len(r.Benchmarks) == 0 || r.Scorecards[0].Reason.IsZero() {
		t.Errorf("the result does not say what it rests on: %+v", r)
	}
	for _, l := range r.Scorecards[0].Lines {
		if l.Reason.IsZero() {
			t.Errorf("%s has no reason", l.Name)
		}
	}
}

// Point 27: a pack names the published table that it must reproduce; the tests
// of internal/official compare them row for row.
func TestPublishedTablesAreNamed(t *testing.T) {
	held, _ := folderOf(t, "packs/us-ny-auto-complaint-ranking")
	lib, _ := rules.Load(held, rules.Options{})
	p := lib.Packs()[0]
	if len(p.Official) == 0 {
		t.Fatal("no published table")
	}
	if _, err := fs.Stat(held, path.Join("data", path.Base(p.Official[0].File))); err != nil {
		t.Error(err)
	}
}
