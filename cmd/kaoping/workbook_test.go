package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestTheWorkbooksOfTheDemonstration opens the files a person gets again, and
// compares them with the worked example, which another program computed.
func TestTheWorkbooksOfTheDemonstration(t *testing.T) {
	ws, err := demoWorkspace()
	if err != nil {
		t.Fatal(err)
	}
	ranking := openWorkbook(t, filepath.Join(ws, "out", "2025H1_财产保险公司_排名_v1.xlsx"))
	want := expectedTotals(t, filepath.Join(ws, "packs", "cn-shanghai-complaint-handling", "data", "expected_property.csv"))
	found := 0
	for _, row := range ranking["排名"] {
		for code, total := range want {
			if !contains(row, code) {
				continue
			}
			found++
			if !contains(row, total) {
				t.Errorf("%s has %q, want the total %s", code, row, total)
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d subjects in the ranking, want %d", found, len(want))
	}

	card := openWorkbook(t, filepath.Join(ws, "out", "2025H1_财产保险公司_评分卡_PA01_甲财险上海分公司_v1.xlsx"))
	var all []string
	for _, rows := range card {
		for _, row := range rows {
			all = append(all, strings.Join(row, "|"))
		}
	}
	text := strings.Join(all, "\n")
	for _, words := range []string{"甲财险上海分公司", "投诉件处理及时率", "9.48", "90.26", "细则 四(二)3"} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is not in the scorecard", words)
		}
	}
}

// openWorkbook reads every sheet as it is shown.
func openWorkbook(t *testing.T, path string) map[string][][]string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		if sheets[name], err = f.GetRows(name); err != nil {
			t.Fatal(err)
		}
	}
	return sheets
}

// expectedTotals reads the total of each subject.
func expectedTotals(t *testing.T, path string) map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	totals := map[string]string{}
	for _, row := range rows[1:] {
		totals[row[1]] = row[len(row)-1]
	}
	return totals
}

func contains(row []string, cell string) bool {
	for _, c := range row {
		if c == cell {
			return true
		}
	}
	return false
}
