package demodata

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/ingest"
	"kaoping/rules"
)

const packName = "cn-shanghai-complaint-handling"

// shanghai loads the pack and refuses any complaint about it but those about
// open assumptions and the source text, which is not shipped.
func shanghai(t *testing.T, period engine.Period) *engine.Pack {
	t.Helper()
	folder, err := fs.Sub(os.DirFS("../../rules/packs"), packName)
	if err != nil {
		t.Fatal(err)
	}
	library, diagnostics := rules.Load(folder, rules.Options{})
	for _, d := range diagnostics {
		if d.Level != rules.LevelInfo {
			t.Errorf("%s:%d:%d: %s: %s", d.File, d.Line, d.Column, d.Code, d.Message.EN)
		}
	}
	pack, err := library.Pack(packName, period)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// delivered reads every file of the data folder as a person would load it:
// subjects first, without a word about periods or spans.
func delivered(t *testing.T, pack *engine.Pack) *engine.Facts {
	t.Helper()
	facts := &engine.Facts{Snapshot: "test"}
	for _, l := range []struct{ target, file string }{
		{"subjects", "机构.csv"}, {"业务统计", "业务统计.csv"}, {"投诉案件", "投诉案件.csv"}, {"调解案件", "调解案件.csv"},
		{"日常工作记录", "日常工作记录.csv"}, {"舆情监测", "舆情监测.csv"}, {"judgements", "定性评分.csv"},
	} {
		data, err := os.ReadFile(filepath.Join(dataFolder, l.file))
		if err != nil {
			t.Fatal(err)
		}
		batch, report, err := ingest.Read(pack, l.target, ingest.Source{Name: l.file, Data: data}, ingest.Options{Subjects: facts.Subjects})
		if err != nil {
			t.Fatalf("%s: %v", l.file, err)
		}
		for _, p := range report.Problems {
			t.Errorf("%s row %d column %s: %s: %s", l.file, p.Row, p.Column, p.Code, p.Message.EN)
		}
		if batch == nil {
			t.Fatalf("%s was refused", l.file)
		}
		facts.Subjects = append(facts.Subjects, batch.Subjects...)
		facts.Figures = append(facts.Figures, batch.Figures...)
		facts.Records = append(facts.Records, batch.Records...)
		facts.Judgements = append(facts.Judgements, batch.Judgements...)
		facts.Covered = append(facts.Covered, batch.Covered...)
	}
	return facts
}

func assess(t *testing.T, period string) *engine.Result {
	t.Helper()
	p, err := engine.ParsePeriod(period)
	if err != nil {
		t.Fatal(err)
	}
	pack := shanghai(t, p)
	evaluation, err := engine.Evaluate(pack, p, delivered(t, pack))
	if err != nil {
		t.Fatal(err)
	}
	return evaluation.Result()
}

// shownValue says in which unit a column of an expected table stands, and
// whether it holds the metric of a line or its points.
type shownValue struct {
	item   string
	metric bool
	scale  int64 // base units to the unit shown: 亿元 1e8, 万张 1e4
}

var commonColumns = map[string]shownValue{
	"变化率": {"亿元保费投诉量变化率", true, 1}, "及时率": {"投诉件处理及时率", true, 1},
	"撤诉率": {"转办前撤诉率", true, 1}, "调解成功率": {"调解成功率", true, 1},
	"得分_投诉相对量": {"投诉相对量", false, 1}, "得分_变化率": {"亿元保费投诉量变化率", false, 1},
	"得分_及时率": {"投诉件处理及时率", false, 1}, "得分_撤诉率": {"转办前撤诉率", false, 1},
	"得分_调解": {"调解成功率", false, 1}, "定性": {"定性指标", false, 1}, "定量": {"定量指标", false, 1},
}

var ownColumns = map[string]map[string]shownValue{
	"property": {
		"车险亿元保费投诉量": {"车险亿元保费投诉量", true, 1e8}, "得分_车险亿元": {"车险亿元保费投诉量", false, 1},
		"非车险亿元保费投诉量": {"非车险亿元保费投诉量", true, 1e8}, "得分_非车险亿元": {"非车险亿元保费投诉量", false, 1},
		"非车险万张保单投诉量": {"非车险万张保单投诉量", true, 1e4}, "得分_非车险万张": {"非车险万张保单投诉量", false, 1},
	},
	"life": {
		"亿元保费投诉量": {"亿元保费投诉量", true, 1e8}, "得分_亿元": {"亿元保费投诉量", false, 1},
		"万张保单投诉量": {"万张保单投诉量", true, 1e4}, "得分_万张": {"万张保单投诉量", false, 1},
		"万人次投诉量": {"万人次投诉量", true, 1e4}, "得分_万人次": {"万人次投诉量", false, 1},
	},
}

func TestFirstHalfOf2025ComesOutAsTheWorkedExamples(t *testing.T) {
	result := assess(t, "2025H1")
	for _, group := range []string{"property", "life"} {
		expected := sheet(t, filepath.Join(dataFolder, "expected_"+group+".csv"))
		cards := cardsOf(result, group)
		if len(cards) != len(expected) {
			t.Fatalf("%s: %d scorecards, the example has %d", group, len(cards), len(expected))
		}
		for i, want := range expected {
			compareCard(t, cards[i], want, group)
		}
	}
}

func cardsOf(r *engine.Result, group string) []*engine.Scorecard {
	var cards []*engine.Scorecard
	for i := range r.Scorecards {
		if r.Scorecards[i].PeerGroup == group {
			cards = append(cards, &r.Scorecards[i])
		}
	}
	return cards
}

// compareCard compares every column of a row of an expected table.
func compareCard(t *testing.T, card *engine.Scorecard, want map[string]string, group string) {
	t.Helper()
	check := func(column, got string) {
		if want[column] != got {
			t.Errorf("%s %s: got %s, want %s", want["机构编码"], column, got, want[column])
		}
	}
	for column := range want {
		v, ok := commonColumns[column]
		if !ok {
			v, ok = ownColumns[group][column]
		}
		switch {
		case ok:
			check(column, lineValue(t, card, v, len(decimals(want[column]))))
		case column == "名次":
			check(column, exact.Int(int64(card.Rank)).String())
		case column == "机构编码":
			check(column, card.Subject)
		case column == "机构名称":
			check(column, card.Name)
		case column == "扣分":
			check(column, deducted(card))
		case column == "总分":
			check(column, card.Total.Decimal(2, exact.HalfUp))
		default:
			t.Errorf("nothing compares the column %s", column)
		}
	}
}

// decimals returns what stands behind the point.
func decimals(s string) string {
	_, part, _ := strings.Cut(s, ".")
	return part
}

func lineValue(t *testing.T, card *engine.Scorecard, v shownValue, places int) string {
	t.Helper()
	line, ok := card.Line(v.item)
	if !ok {
		t.Fatalf("%s has no line %s", card.Subject, v.item)
	}
	x := line.Points
	if v.metric {
		x = line.Metric
	}
	if x == nil {
		return ""
	}
	return x.Mul(exact.Int(v.scale)).Decimal(places, exact.HalfUp)
}

func deducted(card *engine.Scorecard) string {
	sum := exact.Int(0)
	for _, l := range card.Lines {
		if l.Kind == engine.DeductionItem && l.Points != nil {
			sum = sum.Add(*l.Points)
		}
	}
	return sum.Neg().String()
}

func TestEveryPeriodIsScoredWithoutGaps(t *testing.T) {
	for _, period := range assessedPeriods {
		result := assess(t, period)
		if len(result.Scorecards) != 14 {
			t.Errorf("%s: %d scorecards, want 14", period, len(result.Scorecards))
		}
		for _, card := range result.Scorecards {
			if card.Status != engine.Scored || card.Total == nil || card.Rank == 0 {
				t.Errorf("%s %s: %s, %s", period, card.Subject, card.Status, card.Reason.EN)
			}
			for _, l := range card.Lines {
				if l.Status == engine.Held || l.Status == engine.NotComputable {
					t.Errorf("%s %s %s: %s, %s", period, card.Subject, l.Name, l.Status, l.Reason.EN)
				}
			}
		}
	}
}

func TestUnitsAreCountedInOrTakeNoPart(t *testing.T) {
	result := assess(t, "2025H1")
	excluded := map[string]bool{}
	for _, card := range result.Excluded {
		excluded[card.Subject] = true
		if card.Status != engine.NotAssessed || card.Reason.ZH == "" || card.Reason.EN == "" {
			t.Errorf("%s: %s without a reason in both languages", card.Subject, card.Status)
		}
	}
	for _, code := range []string{"PB02T", "LC03B", "PI09", "RJ01", "SQ01", "HK01"} {
		if !excluded[code] {
			t.Errorf("%s has a scorecard of its own or is nowhere", code)
		}
	}
	for head, unit := range map[string]string{"PB02": "PB02T", "LC03": "LC03B"} {
		for _, card := range result.Scorecards {
			if card.Subject == head && (len(card.Merged) != 1 || card.Merged[0] != unit) {
				t.Errorf("%s counts %v, want %s", head, card.Merged, unit)
			}
		}
	}
}

// The pack's own tests run here too, so that go test tells when one fails.
func TestPackTestsPass(t *testing.T) {
	folder, err := fs.Sub(os.DirFS("../../rules/packs"), packName)
	if err != nil {
		t.Fatal(err)
	}
	library, _ := rules.Load(folder, rules.Options{})
	report := rules.Test(library, rules.TestOptions{})
	if report.Failed() > 0 || len(report.Diagnostics) > 0 {
		var b strings.Builder
		if err := report.Write(&b, engine.English); err != nil {
			t.Fatal(err)
		}
		t.Error(b.String())
	}
}
