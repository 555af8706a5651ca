package ingest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// book makes a workbook; cells are given as "A1" → value.
func book(t testing.TB, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// rows writes rows from a cell on.
func rows(f *excelize.File, sheet, from string, list ...[]any) {
	col, row, err := excelize.CellNameToCoordinates(from)
	must(err)
	for i := range list {
		cell, err := excelize.CoordinatesToCellName(col, row+i)
		must(err)
		must(f.SetSheetRow(sheet, cell, &list[i]))
	}
}

func style(f *excelize.File, sheet, from, to, format string) {
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	must(err)
	must(f.SetCellStyle(sheet, from, to, id))
}

// figures lists what was read, with its place.
func figures(b *engine.Batch) string {
	if b == nil {
		return "refused"
	}
	var list []string
	for _, f := range b.Figures {
		list = append(list, fmt.Sprintf("%s!%d %s %s=%s", f.Origin.Sheet, f.Origin.Row, f.Subject, f.Statistic, f.Value))
	}
	return strings.Join(list, "; ")
}

type shape struct {
	name    string
	fill    func(f *excelize.File)
	opt     Options
	figures string
	codes   string
}

func TestAFeedIsReadFromAWorkbookAsPeopleMakeIt(t *testing.T) {
	head := []any{"机构编码", "统计期间", "投诉件数", "保费收入"}
	for _, s := range []shape{
		{
			"title rows, a unit above the table, notes below",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", []any{"2025年上半年统计表"}, []any{nil, nil, nil, "单位:万元"})
				must(f.MergeCell("Sheet1", "A1", "D1"))
				rows(f, "Sheet1", "A4", head, []any{"PA01", "2025H1", 168, 421.5}, []any{"PB02", "2025H1", 0, nil}, []any{"注:保费为原保险保费收入"})
				rows(f, "Sheet1", "A9", []any{"填表人:张三", nil, "复核人:李四"})
			},
			Options{}, "Sheet1!5 PA01 complaints=168; Sheet1!5 PA01 premium=4215000; Sheet1!6 PB02 complaints=0", "(4D:unit-of-table)",
		},
		{
			"two levels with merged cells",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A2", []any{"机构编码", "统计期间", "业务", nil}, []any{nil, nil, "投诉件数", "保费收入(亿元)"}, []any{"PA01", "2025H1", 3, 1.1})
				must(f.MergeCell("Sheet1", "A2", "A3"))
				must(f.MergeCell("Sheet1", "B2", "B3"))
				must(f.MergeCell("Sheet1", "C2", "D2"))
			},
			Options{}, "Sheet1!4 PA01 complaints=3; Sheet1!4 PA01 premium=110000000", "",
		},
		{
			"several sheets, in another order of columns; others are named",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", []any{"请填写后面的工作表"})
				for _, name := range []string{"产险", "人身险"} {
					_, err := f.NewSheet(name)
					must(err)
				}
				rows(f, "产险", "A1", head, []any{"PA01", "2025H1", 1, 2})
				rows(f, "人身险", "B2", []any{"保费收入", "投诉件数", "统计期间", "机构编码"}, []any{7, 8, "2025H1", "LA01"})
			},
			Options{}, "产险!2 PA01 complaints=1; 产险!2 PA01 premium=2; 人身险!3 LA01 complaints=8; 人身险!3 LA01 premium=7", "(0:sheets-not-read)",
		},
		{
			"one sheet that was asked for",
			func(f *excelize.File) {
				_, err := f.NewSheet("二")
				must(err)
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 2})
				rows(f, "二", "A1", head, []any{"PA01", "2025H1", 3, 4})
			},
			Options{Sheet: "二"}, "二!2 PA01 complaints=3; 二!2 PA01 premium=4", "",
		},
		{
			"the same subject on two sheets with other figures",
			func(f *excelize.File) {
				_, err := f.NewSheet("二")
				must(err)
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 2}, []any{"PB02", "2025H1", 1, 2}, []any{"PB02", "2024H1", 1, 2})
				rows(f, "二", "A1", head, []any{"PA01", "2025H1", 3, 4}, []any{"LA01", "2025H1", 3, 4}, []any{"LA01", "2024H1", 3, 4})
			},
			Options{}, "refused", "2A:duplicate-key",
		},
		{
			"two sheets with other figures for the same subjects, in another order of columns",
			func(f *excelize.File) {
				_, err := f.NewSheet("二")
				must(err)
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 2}, []any{"PB02", "2025H1", 1, 2})
				rows(f, "二", "A1", []any{"保费收入", "投诉件数", "统计期间", "机构编码"}, []any{4, 3, "2025H1", "PA01"}, []any{2, 1, "2025H1", "PB02"})
			},
			Options{}, "refused", "0:ambiguous-sheet",
		},
		{
			"a copy of the same figures",
			func(f *excelize.File) {
				_, err := f.NewSheet("二")
				must(err)
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 2})
				rows(f, "二", "A1", []any{"保费收入", "投诉件数", "统计期间", "机构编码"}, []any{2, 1, "2025H1", "PA01"})
			},
			Options{}, "Sheet1!2 PA01 complaints=1; Sheet1!2 PA01 premium=2", "(2D:repeated-row)",
		},
		{
			"of several sheets the one that bears the feed's name",
			func(f *excelize.File) {
				_, err := f.NewSheet("Statistics ")
				must(err)
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 2})
				rows(f, "Statistics ", "A1", head, []any{"PA01", "2025H1", 3, 4})
			},
			Options{}, "Statistics !2 PA01 complaints=3; Statistics !2 PA01 premium=4", "(0:sheets-not-read)",
		},
		{
			"two levels, the upper one only over the first column of its group",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", []any{"统计表"}, []any{"机构编码", "统计期间", "业务", nil, nil, "备注"}, []any{nil, nil, "投诉件数", "保费收入(亿元)", "合计"}, []any{"PA01", "2025H1", 3, 1.1, 4})
			},
			Options{}, "Sheet1!4 PA01 complaints=3; Sheet1!4 PA01 premium=110000000", "(3E:unknown-column)",
		},
		{
			"two levels, the upper one repeated",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", []any{"机构", "机构", "业务", "业务"}, []any{"机构编码", "统计期间", "投诉件数", "保费收入(亿元)"}, []any{"PA01", "2025H1", 3, 1.1})
			},
			Options{}, "Sheet1!3 PA01 complaints=3; Sheet1!3 PA01 premium=110000000", "",
		},
		{
			"no such sheet",
			func(f *excelize.File) { rows(f, "Sheet1", "A1", head) },
			Options{Sheet: "Sheet2"}, "refused", "0:unknown-sheet",
		},
		{
			"a heading is missing",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", []any{"标题"}, []any{"机构编码", "统计期间", "投诉数", "保费收入"}, []any{"PA01", "2025H1", 1, 2})
			},
			Options{}, "refused", "2:missing-column (2C:unknown-column)",
		},
		{
			"no table at all", func(f *excelize.File) { rows(f, "Sheet1", "A1", []any{"a", "b"}) },
			Options{}, "refused", "0:no-table",
		},
		{
			"every bad cell at its place; an error value is said once",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", "3.2亿", 1}, []any{"XX", "2025H1", 1, 1}, []any{"PB02", "2025H1", -1, nil})
				must(f.SetCellFormula("Sheet1", "D4", "1/0"))
				rows(f, "Sheet1", "A5", []any{"LA01", 20250601, nil, nil})
			},
			Options{}, "refused", "2C:figure-with-unit 3A:unknown-subject 4C:negative-count 4D:not-computed 5B:not-a-period",
		},
		{
			"a blank row ends the table, but data below it is not lost silently",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 1}, []any{}, []any{"PB02", "2025H1", 1, 1})
			},
			Options{}, "refused", "4:rows-after-end",
		},
		{
			"hidden rows are read and named",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 1}, []any{"PB02", "2025H1", 2, 2})
				must(f.SetRowVisible("Sheet1", 3, false))
			},
			Options{}, "Sheet1!2 PA01 complaints=1; Sheet1!2 PA01 premium=1; Sheet1!3 PB02 complaints=2; Sheet1!3 PB02 premium=2", "(3:hidden-rows)",
		},
		{
			"a merged code is that of all its rows, a merged figure of none",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 1}, []any{nil, "2024H1", 2, nil})
				must(f.MergeCell("Sheet1", "A2", "A3"))
				must(f.MergeCell("Sheet1", "D2", "D3"))
			},
			Options{}, "refused", "3D:merged-figure",
		},
		{
			"numbers as they were typed",
			func(f *excelize.File) {
				rows(f, "Sheet1", "A1", head, []any{"PA01", "2025H1", 1, 4.73}, []any{"PB02", "2025H1", 1, 1e-7}, []any{"LA01", "2025H1", 1, 123456789012.5})
			},
			Options{}, "Sheet1!2 PA01 complaints=1; Sheet1!2 PA01 premium=473/100; Sheet1!3 PB02 complaints=1; Sheet1!3 PB02 premium=1/10000000; Sheet1!4 LA01 complaints=1; Sheet1!4 LA01 premium=246913578025/2", "",
		},
	} {
		batch, report := read(t, "统计数据", "f.xlsx", book(t, s.fill), s.opt)
		if got := figures(batch); got != s.figures {
			t.Errorf("%s: figures\n got %s\nwant %s", s.name, got, s.figures)
		}
		if got := codes(report); got != s.codes {
			t.Errorf("%s: report\n got %s\nwant %s", s.name, got, s.codes)
		}
	}
}

// A lower heading that several groups have needs its upper one, merged or not.
func TestGroupsOfHeadingsThatAreNotMerged(t *testing.T) {
	pack := testPack()
	pack.Feeds[0].Columns = []engine.FeedColumn{
		{Heading: "车险/投诉件数", Statistic: "complaints", Unit: mustUnit("件")},
		{Heading: "非车险/投诉件数", Statistic: "counted", Unit: mustUnit("件")},
		{Heading: "非车险/保费收入", Statistic: "premium", Unit: mustUnit("元")},
	}
	for name, upper := range map[string][]any{
		"first column": {"机构编码", "统计期间", "车险", nil, "非车险", nil},
		"repeated":     {"机构编码", "统计期间", "车险", "车险", "非车险", "非车险"},
	} {
		data := book(t, func(f *excelize.File) {
			rows(f, "Sheet1", "A1", upper, []any{nil, nil, "投诉件数", "保费收入", "投诉件数", "保费收入"}, []any{"PA01", "2025H1", 1, 2, 3, 4})
		})
		batch, report, err := Read(pack, "统计数据", Source{Name: "f.xlsx", Data: []byte(data)}, Options{Subjects: testSubjects})
		must(err)
		if got := figures(batch); got != "Sheet1!3 PA01 complaints=1; Sheet1!3 PA01 counted=3; Sheet1!3 PA01 premium=4" {
			t.Errorf("%s: %s: %s", name, got, codes(report))
		}
	}
}

func TestDaysOfAWorkbook(t *testing.T) {
	for _, since04 := range []bool{false, true} {
		serial := 45858 // 2025-07-20
		if since04 {
			serial -= 1462
		}
		data := book(t, func(f *excelize.File) {
			must(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since04}))
			rows(f, "Sheet1", "A1", []any{"案件编号", "被投诉机构", "收件日期", "险种", "转办日期", "转办前撤回", "预估损失"},
				[]any{1, "PA01", serial, "车险", "2025年7月21日", false, 12.5},
				[]any{2, "PB02", serial, "非车险", nil, "否", nil},
				[]any{"3", "PB02", "3/1/2025", "寿", nil, "否", 1.234})
			style(f, "Sheet1", "C2", "C2", "yyyy/m/d;@")
			style(f, "Sheet1", "A2", "A2", "0000")
		})
		batch, report := read(t, "cases", "c.xlsx", data, Options{Partial: true})
		if got := codes(report); got != "4C:ambiguous-date 4D:not-one-of 4G:too-many-decimals" {
			t.Error(got)
		}
		if batch == nil || len(batch.Records) != 2 {
			t.Fatalf("%+v", batch)
		}
		for i, key := range []string{"0001", "2"} {
			if r := batch.Records[i]; r.Key != key || r.Date.String() != "2025-07-20" {
				t.Errorf("%s %s", r.Key, r.Date)
			}
		}
	}
}

func TestAPercentageIsAShareWhateverTheColumnsScale(t *testing.T) {
	data := book(t, func(f *excelize.File) {
		rows(f, "Sheet1", "A1", []any{"机构编码", "统计期间", "投诉件数", "保费收入", "及时率"}, []any{"PA01", "2025H1", 1, 1, 0.985}, []any{"PB02", "2025H1", 1, 1, 98.5})
		style(f, "Sheet1", "E2", "E2", "0.0%")
	})
	batch, report := read(t, "统计数据", "f.xlsx", data, Options{})
	if batch == nil || !batch.Figures[2].Value.Equal(batch.Figures[5].Value) {
		t.Error(figures(batch), codes(report))
	}
}

func TestDecimalKeepsFifteenDigits(t *testing.T) {
	for _, c := range [][2]string{
		{"4.7300000000000004", "4.73"}, {"20.399999999999999", "20.4"}, {"4.48E-2", "0.0448"}, {"5.8799999999999998E-2", "0.0588"}, {"0", "0"}, {"-0.0", "0"},
		{"1E3", "1000"}, {"-1.5e+2", "-150"}, {"999999999999999.9", "1000000000000000"}, {"0.1", "0.1"}, {".5", "0.5"}, {"12", "12"},
		{"", ""}, {"1e9999", ""}, {"NaN", ""}, {"1.2.3", ""}, {"--1", ""}, {"0x1", ""},
	} {
		if got, _, _ := decimal(c[0]); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
	if _, long, _ := decimal("310105199001011234"); !long {
		t.Error("a number of 18 digits is not said to be long")
	}
}

// archive packs files into a ZIP.
func archive(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		must(err)
		_, err = w.Write([]byte(parts[i+1]))
		must(err)
	}
	must(z.Close())
	return b.String()
}

const (
	bookXML = `<workbook xmlns:r="x"><sheets><sheet name="s" r:id="rId1"/></sheets></workbook>`
	relsXML = `<Relationships><Relationship Id="rId1" Type="a/worksheet" Target="s.xml"/></Relationships>`
)

func sheetBook(t testing.TB, sheet string) string {
	return archive(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/s.xml", sheet)
}

func TestWorkbooksThatAreNone(t *testing.T) {
	many := []string{"xl/workbook.xml", bookXML}
	for i := range maxEntries {
		many = append(many, fmt.Sprint(i), "")
	}
	bomb := []byte(archive(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/s.xml", "<x/>"))
	// The size that the last entry states, in the directory at the end.
	at := bytes.LastIndex(bomb, []byte("PK\x01\x02"))
	copy(bomb[at+24:], "\x00\x00\x00\xf0")
	encrypted := string(oldOffice) + strings.Repeat("\x00", 600) + string(encryptedName)
	for _, c := range []struct{ name, data, code string }{
		{"an archive", archive(t, "a.txt", "a"), "0:not-xlsx"},
		{"an old workbook", string(oldOffice) + strings.Repeat("\x00", 600), "0:not-xlsx"},
		{"an encrypted workbook", encrypted, "0:encrypted-workbook"},
		{"too many entries", archive(t, many...), "0:workbook-too-large"},
		{"a bomb", string(bomb), "0:workbook-too-large"},
		{"a torn sheet", sheetBook(t, "<worksheet><sheetData><row r='1'><c r='A1'><v>1"), "0:damaged-workbook"},
		{"a sheet that is not there", archive(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML), "0:damaged-workbook"},
		{"rows that run backwards", sheetBook(t, "<worksheet><sheetData><row r='2'/><row r='1'/></sheetData></worksheet>"), "0:damaged-workbook"},
		{"cells at the far end", sheetBook(t, "<worksheet><sheetData>"+strings.Repeat("<row><c r='XFD1'><v>1</v></c></row>", 1000)+"</sheetData></worksheet>"), "0:no-table"},
	} {
		batch, report := read(t, "统计数据", "f.xlsx", c.data, Options{})
		if got := codes(report); got != c.code || batch != nil {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add([]byte("<worksheet><sheetData><row><c t='inlineStr'><is><t>机构编码</t></is></c><c><v>1e3</v></c></row></sheetData><mergeCells><mergeCell ref='A1:B2'/></mergeCells></worksheet>"))
	f.Add([]byte("<worksheet><sheetData><row r='1'><c r='B1' t='s'><v>0</v></c><c t='str'><f>1/0</f><v>统计期间_x000D_</v></c></row><row r='9' hidden='1'><c t='e'><v>#N/A</v></c></row></sheetData></worksheet>"))
	f.Fuzz(func(t *testing.T, sheet []byte) {
		data := sheetBook(t, string(sheet))
		for _, target := range []string{"统计数据", "cases", "subjects", "judgements"} {
			batch, report := read(t, target, "f.xlsx", data, Options{Period: mustPeriod("2025H1")})
			if batch == nil && report.Errors() == 0 {
				t.Fatal("refused without a reason")
			}
		}
	})
}
