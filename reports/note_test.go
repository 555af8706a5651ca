package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// exampleNote is a note with words that want to be formulas and markup.
func exampleNote(t testing.TB, lang engine.Lang) *Note {
	p := scoringPack(t)
	late := p.Sections[0].Children[1]
	n := &Note{Pack: p, Lang: lang, Version: "1.2.3"}
	for _, s := range p.Sections {
		n.Lines = append(n.Lines, NoteLine{Item: s})
		for _, c := range s.Children {
			n.Lines = append(n.Lines, NoteLine{
				Item: c, Depth: 1, OnlyFor: "财产保险公司", Definition: []string{evil, "a | b"}, Sources: []string{"@来源"},
				Scoring: []string{"第一句", "第二句"}, Assumption: []string{"A1, 待监管局确认"},
			})
		}
	}
	n.Cases = []NoteCase{{Item: late, When: "迟报天数 ≥ 5", Points: exact.Frac(5, 2)}}
	n.Parts = []NotePart{{Heading: true, Text: "统计期间"}, {Text: "+annual: *1月1日*", Cite: "细则 三", Quote: "每年"}}
	return n
}

func writeNote(t *testing.T, n *Note, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteNote(&b, n, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNoteGolden(t *testing.T) {
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		for _, format := range []string{HTML, Markdown} {
			golden(t, "testdata/note-"+string(lang)+"."+format, writeNote(t, exampleNote(t, lang), format))
		}
	}
}

func TestNoteWorkbook(t *testing.T) {
	b := writeNote(t, exampleNote(t, engine.Chinese), XLSX)
	f := openBook(t, b)
	if got := strings.Join(f.GetSheetList(), " "); got != "评分表 口径说明 扣分标准 假设" {
		t.Errorf("sheets: %s", got)
	}
	for _, sheet := range f.GetSheetList() {
		checkPaper(t, f, "note", sheet)
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := f.GetCellFormula(sheet, at); formula != "" {
					t.Errorf("%s!%s is a formula: %s", sheet, at, formula)
				}
			}
		}
	}
	column, row := find(t, f, "评分表", "@来源")
	if !quotePrefixed(t, f, "评分表", cellName(t, column, row)) {
		t.Error("editing the source would make it a formula")
	}
	_, row = find(t, f, "评分表", "迟报(扣分项)")
	for cell, want := range map[string]string{"C": "财产保险公司", "D": "—", "G": "最高扣5分\n第一句\n第二句", "H": "细则 四(一)3"} {
		if got := raw(t, f, "评分表", cellName(t, cell, row)); got != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
	if _, row = find(t, f, "扣分标准", "迟报天数 ≥ 5"); raw(t, f, "扣分标准", cellName(t, "D", row)) != "2.5" {
		t.Error("the points of a case are no number")
	}
	if !bytes.Equal(b, writeNote(t, exampleNote(t, engine.Chinese), XLSX)) {
		t.Error("a second time it has other bytes")
	}
}
