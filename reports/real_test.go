package reports_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/reports"
	"kaoping/rules"
)

const shanghai = "cn-shanghai-complaint-handling"

// shanghaiDocument evaluates the invented companies of the Shanghai pack from
// their case registers, as the program would.
func shanghaiDocument(t testing.TB, lang engine.Lang) *reports.Document {
	t.Helper()
	library, diags := rules.Load(os.DirFS("../rules/packs"), rules.Options{})
	if rules.HasErrors(diags) {
		t.Fatalf("%v", diags)
	}
	period, err := engine.ParsePeriod("2025H1")
	if err != nil {
		t.Fatal(err)
	}
	pack, err := library.Pack(shanghai, period)
	if err != nil {
		t.Fatal(err)
	}
	facts := shanghaiFacts(t, pack)
	now, before := evaluate(t, pack, period, facts), evaluate(t, pack, pack.Previous.Of(period), facts)
	return &reports.Document{
		Pack: pack, Result: now.Result(), Previous: before.Result(), History: []*engine.Result{before.Result()}, Explain: now.Explain, Facts: facts,
		Run: reports.RunStamp{ID: "R-000003", Revision: 1, MadeAt: "2025-07-21 08:00:00", By: "test", AsOf: "2025-07-20 23:59:59"}, Version: "test", Lang: lang,
	}
}

func evaluate(t testing.TB, p *engine.Pack, period engine.Period, f *engine.Facts) *engine.Evaluation {
	t.Helper()
	e, err := engine.Evaluate(p, period, f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func shanghaiFacts(t testing.TB, p *engine.Pack) *engine.Facts {
	t.Helper()
	facts := &engine.Facts{Snapshot: "S-test", AsOf: "2025-07-20T23:59:59+08:00"}
	folder := filepath.Join("../rules/packs", shanghai, "data")
	for _, target := range ingest.Targets(p) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if ingest.TargetID(p, strings.TrimSuffix(e.Name(), ".csv")) == target {
				load(t, p, target, filepath.Join(folder, e.Name()), facts)
			}
		}
	}
	return facts
}

func load(t testing.TB, p *engine.Pack, target, path string, facts *engine.Facts) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	batch, report, err := ingest.Read(p, target, ingest.Source{Name: filepath.Base(path), Data: data}, ingest.Options{Subjects: facts.Subjects})
	if err != nil || report.Errors() > 0 {
		t.Fatalf("%s: %v %+v", path, err, report)
	}
	facts.Subjects = append(facts.Subjects, batch.Subjects...)
	facts.Figures = append(facts.Figures, batch.Figures...)
	facts.Records = append(facts.Records, batch.Records...)
	facts.Judgements = append(facts.Judgements, batch.Judgements...)
	facts.Covered = append(facts.Covered, batch.Covered...)
}

// The totals and ranks in the workbook must be those of the worked example,
// which was computed by another program.
func TestTheShanghaiRankingAsAWorkbook(t *testing.T) {
	d := shanghaiDocument(t, engine.Chinese)
	for group, file := range map[string]string{"property": "expected_property.csv", "life": "expected_life.csv"} {
		var b bytes.Buffer
		if err := reports.WriteRanking(&b, d, group, reports.XLSX); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for i, want := range expected(t, file) {
			for column, heading := range map[string]string{"A": "名次", "C": "机构编码", "D": "机构名称", "F": "总分"} {
				at, _ := excelize.JoinCellName(column, 6+i)
				got, err := f.GetCellValue("排名", at, excelize.Options{RawCellValue: true})
				if err != nil || got != want[heading] {
					t.Errorf("%s row %d: %s is %q, want %q (%v)", file, i+1, heading, got, want[heading], err)
				}
			}
		}
	}
}

// New York ranks and gives no points. The published table is its own input.
func TestTheNewYorkRanking(t *testing.T) {
	library, diags := rules.Load(os.DirFS("../rules/packs"), rules.Options{})
	if rules.HasErrors(diags) {
		t.Fatalf("%v", diags)
	}
	period, err := engine.ParsePeriod("2018")
	if err != nil {
		t.Fatal(err)
	}
	pack, err := library.Pack("us-ny-auto-complaint-ranking", period)
	if err != nil {
		t.Fatal(err)
	}
	facts := &engine.Facts{Snapshot: "S-test"}
	load(t, pack, pack.Official[0].Feed, filepath.Join("../rules/packs", pack.Name, pack.Official[0].File), facts)
	now, before := evaluate(t, pack, period, facts), evaluate(t, pack, period.YearAgo(), facts)
	d := &reports.Document{Pack: pack, Result: now.Result(), Previous: before.Result(), Explain: now.Explain, Facts: facts, Lang: engine.English}
	var b bytes.Buffer
	if err := reports.WriteRanking(&b, d, "auto", reports.CSV); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b.Bytes(), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 160 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got, want := strings.Join(rows[1][:11], "|"), "2018|1||▲104|12583|Adirondack Insurance Exchange|automobile insurers|scored|0.0000|0|99110000"; got != want {
		t.Errorf("first row %q, want %q", got, want)
	}
	for _, format := range []string{reports.XLSX, reports.HTML, reports.JSON} {
		if err := reports.WriteRanking(&b, d, "auto", format); err != nil {
			t.Error(err)
		}
		if err := reports.WriteScorecard(&b, d, "12583", format); err != nil {
			t.Error(err)
		}
	}
}

// expected reads a table of the worked example.
func expected(t *testing.T, file string) []map[string]string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../rules/packs", shanghai, "data", file))
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, heading := range all[0] {
			m[heading] = r[i]
		}
		rows = append(rows, m)
	}
	return rows
}

func TestEveryShanghaiScorecardInEveryFormat(t *testing.T) {
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		d := shanghaiDocument(t, lang)
		for _, card := range d.Result.Scorecards {
			for _, format := range []string{reports.XLSX, reports.CSV, reports.JSON, reports.HTML} {
				var b bytes.Buffer
				if err := reports.WriteScorecard(&b, d, card.Subject, format); err != nil {
					t.Errorf("%s as %s: %v", card.Subject, format, err)
				}
				if format == reports.HTML && bytes.Contains(b.Bytes(), []byte("ZgotmplZ")) {
					t.Errorf("%s: the page holds something html/template did not trust", card.Subject)
				}
			}
		}
	}
}

func TestUnknownSubjectsAndGroups(t *testing.T) {
	d := shanghaiDocument(t, engine.Chinese)
	if err := reports.WriteScorecard(&bytes.Buffer{}, d, "NOBODY", reports.CSV); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("an unknown subject gives %v", err)
	}
	if err := reports.WriteRanking(&bytes.Buffer{}, d, "nothing", reports.CSV); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("an unknown peer group gives %v", err)
	}
	if err := reports.WriteRanking(&bytes.Buffer{}, d, "property", "docx"); err == nil {
		t.Error("docx is no format")
	}
}
