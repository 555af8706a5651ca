package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// What is filled in is read again, in both languages, for every target.
func TestATemplateThatIsFilledInIsReadAgain(t *testing.T) {
	filled := map[string][]any{
		"statistics": {"PA01", "2025H1", 3, 4.5, 98},
		"market":     {"N1", "甲公司", "财产保险公司", 2025, 3, 98},
		"cases":      {"K1", "PA01", 45858, 1, "车险", nil, "否", 12.5},
		"subjects":   {"PA09", "新公司", nil, "财产保险公司"},
		"judgements": {"PA01", "2025H1", "制度建设", "登记制度", "是", nil, nil, "张三", "李四"},
	}
	for target, cells := range filled {
		for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
			var b bytes.Buffer
			must(WriteTemplate(&b, testPack(), target, lang))
			f, err := excelize.OpenReader(&b)
			must(err)
			if d, err := f.GetDataValidations(f.GetSheetName(0)); err != nil || target != "statistics" && len(d) == 0 {
				t.Errorf("%s: no drop-downs", target)
			}
			must(f.SetSheetRow(f.GetSheetName(0), "A2", &cells))
			var out bytes.Buffer
			must(f.Write(&out))
			batch, report := read(t, target, "t.xlsx", out.String(), Options{})
			if batch == nil || batch.Rows != 1 {
				t.Errorf("%s %s: %s", target, lang, codes(report))
			}
		}
	}
	if err := WriteTemplate(&bytes.Buffer{}, testPack(), "nothing", engine.Chinese); !errors.Is(err, engine.ErrNotFound) {
		t.Error(err)
	}
}

func TestABadFileComesBackWithItsMistakesMarked(t *testing.T) {
	csv := "机构编码,统计期间,投诉件数,保费收入\nPA01,2025H1,\"1\n2\",3.2亿\nPB02,2025H1,x,1\n"
	xlsx := book(t, func(f *excelize.File) {
		rows(f, "Sheet1", "A1", []any{"机构编码", "统计期间", "投诉件数", "保费收入"}, []any{"PA01", "2025H1", "1\n2", "3.2亿"}, []any{"PB02", "2025H1", "x", 1})
	})
	for _, data := range []string{csv, xlsx} {
		_, report := read(t, "统计数据", "f", data, Options{})
		var b bytes.Buffer
		must(WriteErrors(&b, Source{Name: "f", Data: []byte(data)}, report, engine.Chinese))
		f, err := excelize.OpenReader(&b)
		must(err)
		comments, err := f.GetComments("Sheet1")
		must(err)
		said := map[string]string{}
		for _, c := range comments {
			for _, run := range c.Paragraph {
				said[c.Cell] += run.Text
			}
			id, err := f.GetCellStyle("Sheet1", c.Cell)
			must(err)
			if s, err := f.GetStyle(id); err != nil || len(s.Fill.Color) == 0 || !strings.HasSuffix(s.Fill.Color[0], "FF9999") {
				t.Errorf("%s is not red", c.Cell)
			}
		}
		if len(said) != 3 || !strings.Contains(said["D2"], "figure-with-unit") || !strings.Contains(said["C3"], "not-a-number") {
			t.Errorf("%v", said)
		}
	}
	if err := WriteErrors(&bytes.Buffer{}, Source{Name: "f", Data: []byte("PK\x03\x04")}, &Report{}, engine.Chinese); !errors.Is(err, ErrCannotReturn) {
		t.Error(err)
	}
}

// What a template offers is what its column takes: every list is looked up in the
// file itself.
func TestTheDropDownsOfATemplate(t *testing.T) {
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		var b bytes.Buffer
		must(WriteTemplate(&b, testPack(), "cases", lang))
		f, err := excelize.OpenReader(&b)
		must(err)
		sheet := f.GetSheetName(0)
		validations, err := f.GetDataValidations(sheet)
		must(err)
		offered := map[string]string{}
		for _, d := range validations {
			list, area, ok := strings.Cut(strings.Trim(d.Formula1, "'"), "!")
			from, to, both := strings.Cut(strings.ReplaceAll(area, "$", ""), ":")
			if !ok || !both || d.Type != "list" || !d.ShowErrorMessage || *d.ErrorStyle != "stop" {
				t.Fatalf("%+v", d)
			}
			if visible, err := f.GetSheetVisible(list); err != nil || visible {
				t.Errorf("the sheet %q can be seen, %v", list, err)
			}
			column, first, err := excelize.SplitCellName(from)
			must(err)
			_, last, err := excelize.SplitCellName(to)
			must(err)
			var words []string
			for n := first; n <= last; n++ {
				word, err := f.GetCellValue(list, fmt.Sprint(column, n))
				must(err)
				words = append(words, word)
			}
			if next, err := f.GetCellValue(list, fmt.Sprint(column, last+1)); next != "" || err != nil {
				t.Errorf("%q stands below the list, %v", next, err)
			}
			heading, err := f.GetCellValue(sheet, strings.TrimRight(strings.Split(d.Sqref, ":")[0], "0123456789")+"1")
			must(err)
			if !strings.HasPrefix(strings.Split(d.Sqref, ":")[0], column) || !strings.HasSuffix(strings.Split(d.Sqref, ":")[0], "2") {
				t.Errorf("%s offers the list of column %s", d.Sqref, column)
			}
			offered[heading] = strings.Join(words, " ")
		}
		yes := map[engine.Lang]string{engine.Chinese: "是 否", engine.English: "yes no"}[lang]
		want := map[string]string{"险种": "车险 非车险 人身险", "转办前撤回": yes}
		if lang == engine.English {
			want = map[string]string{"kind": "车险 非车险 人身险", "withdrawn": yes}
		}
		if !maps.Equal(offered, want) {
			t.Errorf("%s: %v, want %v", lang, offered, want)
		}
	}
}

// A hint lists the units that the column may have, and no others.
func TestHintsListFittingUnits(t *testing.T) {
	_, report := read(t, "统计数据", "f.csv", "机构编码,统计期间,投诉件数(斤),保费收入\nPA01,2025H1,1,3.2斤\n", Options{})
	if hint := report.Problems[0].Hint; !strings.Contains(hint.ZH, "万件") || strings.Contains(hint.ZH, "元") || !strings.Contains(hint.EN, "--map") {
		t.Errorf("heading: %+v", report.Problems[0])
	}
	_, report = read(t, "统计数据", "f.csv", "机构编码,统计期间,投诉件数,保费收入(万元)\nPA01,2025H1,1,3.2斤\n", Options{})
	if hint := report.Problems[0].Hint; !strings.Contains(hint.ZH, "元 千元 万元") && !strings.Contains(hint.ZH, "元, 千元, 万元") || strings.Contains(hint.ZH, "件") {
		t.Errorf("cell: %+v", report.Problems[0])
	}
	if len(report.Problems) != 1 || report.Problems[0].Code != "not-a-number" {
		t.Errorf("%s", codes(report))
	}
}
