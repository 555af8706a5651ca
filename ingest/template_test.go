package ingest

import (
	"bytes"
	"errors"
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
