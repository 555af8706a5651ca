package ingest

import (
	"os"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/engine/exact"
)

var fcaColumns = []string{"Banking and credit cards", "Decumulation & pensions", "Home finance", "Insurance & pure protection", "Investments"}

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
	data, err := os.ReadFile("testdata/firm-level-complaints-data-2024-h1.xlsx")
	must(err)
	f, err := excelize.OpenFile("testdata/firm-level-complaints-data-2024-h1.xlsx", excelize.Options{RawCellValue: true})
	must(err)
	defer f.Close()
	for sheet, unitName := range map[string]string{"Opened": "件", "Closed": "件", "Upheld": "%"} {
		batch, report, err := ReadFeed(fcaPack(unitName), "fca", Source{"fca.xlsx", data}, Options{Sheet: sheet, Period: mustPeriod("2024H1")})
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
