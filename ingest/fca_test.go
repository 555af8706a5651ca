package ingest

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/engine/exact"
)

var fcaColumns = []string{"Banking and credit cards", "Decumulation & pensions", "Home finance", "Insurance & pure protection", "Investments"}

// published is the workbook as it stands with its pack.
const published = "../rules/packs/uk-fca-complaints/data/firm-level-complaints-data-2024-h1.xlsx"

func fcaPack(unitName string) *engine.Pack {
	feed := engine.Feed{ID: "fca", Name: "fca", Subject: "Firm Name", SubjectName: "Firm Name", Law: engine.Law{Line: 1}}
	for _, c := range fcaColumns {
		feed.Columns = append(feed.Columns, engine.FeedColumn{Heading: c, Statistic: c, Unit: mustUnit(unitName)})
	}
	return &engine.Pack{Name: "fca", Feeds: []engine.Feed{feed}}
}

// Every figure of the published workbook arrives as it stands there, and a blank
// cell is no figure.
func TestThePublishedWorkbookIsReadCellByCell(t *testing.T) {
	data, err := os.ReadFile(published)
	must(err)
	f, err := excelize.OpenFile(published, excelize.Options{RawCellValue: true})
	must(err)
	defer f.Close()
	for sheet, unitName := range map[string]string{"Opened": "件", "Closed": "件", "Upheld": "%"} {
		batch, report, err := ReadFeed(fcaPack(unitName), "fca", Source{Name: "fca.xlsx", Data: data}, Options{Sheet: sheet, Period: mustPeriod("2024H1")})
		must(err)
		if batch == nil || batch.Rows < 200 {
			t.Fatalf("%s: %s", sheet, codes(report))
		}
		n := 0
		table, err := f.GetRows(sheet)
		must(err)
		for _, cells := range table[1:] {
			for _, c := range cells[min(4, len(cells)):] {
				if c != "" {
					n++
				}
			}
		}
		if n != len(batch.Figures) {
			t.Errorf("%s: %d figures, %d in the file", sheet, len(batch.Figures), n)
		}
		for _, g := range batch.Figures {
			at := 4
			for fcaColumns[at-4] != g.Statistic {
				at++
			}
			text, _, _ := decimal(table[g.Origin.Row-1][at])
			if want, err := exact.Parse(text); err != nil || !want.Equal(g.Value) || table[g.Origin.Row-1][0] != g.Subject {
				t.Errorf("%s %d %s: %s, want %s", sheet, g.Origin.Row, g.Statistic, g.Value, text)
			}
		}
	}
}

// Nothing but the headings says which sheet is meant: where several have them, the
// one with the feed's name is read, otherwise a person is asked and not guessed for.
func TestASheetOfThePublishedWorkbooksIsChosen(t *testing.T) {
	for _, edition := range []string{"2023-h1", "2023-h2", "2024-h1"} {
		data, err := os.ReadFile("../rules/packs/uk-fca-complaints/data/firm-level-complaints-data-" + edition + ".xlsx")
		must(err)
		pack := fcaPack("件")
		read := func() (*engine.Batch, *Report) {
			batch, report, err := ReadFeed(pack, pack.Feeds[0].ID, Source{Name: "fca.xlsx", Data: data}, Options{Period: mustPeriod("2024H1")})
			must(err)
			return batch, report
		}
		batch, report := read()
		if batch != nil || report.Errors() != 1 || report.Problems[0].Code != "ambiguous-sheet" {
			t.Errorf("%s: %s", edition, codes(report))
		}
		said := report.Problems[0].Message
		for _, name := range []string{"Opened", "Closed", "Closed within 3 days", "Upheld"} {
			if !strings.Contains(said.EN, name) || !strings.Contains(said.ZH, name) {
				t.Errorf("%s: %s is not named in %q", edition, name, said)
			}
		}
		pack.Feeds[0].ID = "opened"
		pack.Feeds[0].ApartBy = "Reporting period"
		if batch, report = read(); batch == nil || batch.Rows < 200 || batch.Figures[0].Origin.Sheet != "Opened" {
			t.Errorf("%s: %s", edition, codes(report))
		}
	}
}

// A column for each product group makes a row a subject in each group of which it
// has a figure.
func TestColumnsSayThePeerGroup(t *testing.T) {
	p := &engine.Pack{Name: "fca", PeerGroups: []engine.PeerGroup{{ID: "a"}, {ID: "b"}}, Feeds: []engine.Feed{{
		ID: "f", Name: "f", Subject: "Firm", SubjectName: "Firm", ApartBy: "Span", Law: engine.Law{Line: 1},
		Columns: []engine.FeedColumn{
			{Heading: "A", Statistic: "n", Unit: mustUnit("件"), PeerGroup: "a"},
			{Heading: "B", Statistic: "n", Unit: mustUnit("件"), PeerGroup: "b"},
		},
	}}}
	data := "Firm,Span,A,B\nOne,x,1,2\nTwo,x,,3\nThree,x,4,\nThree,y,5,6\nFour,x,,\n"
	batch, report, err := ReadFeed(p, "f", Source{Name: "f.csv", Data: []byte(data)}, Options{Period: mustPeriod("2024H1")})
	must(err)
	if batch == nil {
		t.Fatal(codes(report))
	}
	got := map[string]string{}
	for _, f := range batch.Figures {
		got[f.Subject] = f.Value.String()
	}
	want := map[string]string{"a:One": "1", "b:One": "2", "b:Two": "3", "a:Three (x)": "4", "a:Three (y)": "5", "b:Three": "6"}
	if !maps.Equal(got, want) {
		t.Errorf("figures %v, want %v", got, want)
	}
	groups := map[string]string{}
	for _, s := range batch.Subjects {
		groups[s.Code] = s.PeerGroup + " " + s.Name
	}
	if len(groups) != len(want) || groups["b:Two"] != "b Two" || groups["a:Three (y)"] != "a Three (y)" {
		t.Errorf("subjects %v", groups)
	}
}
