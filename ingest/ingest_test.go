package ingest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

var update = flag.Bool("update", false, "write the golden files anew")

func mustUnit(s string) unit.Unit {
	u, err := unit.Parse(s)
	if err != nil {
		panic(err)
	}
	return u
}

func mustPeriod(s string) engine.Period {
	p, err := engine.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

// testPack is a small pack with a feed, a register, attributes and a checklist.
func testPack() *engine.Pack {
	partly := exact.Frac(1, 2)
	return &engine.Pack{
		Name: "test",
		Periods: []engine.PeriodKind{
			{ID: "half_year", FirstDay: engine.MonthDay{Month: 1, Day: 1}, LastDay: engine.MonthDay{Month: 6, Day: 30}},
			{ID: "annual", FirstDay: engine.MonthDay{Month: 1, Day: 1}, LastDay: engine.MonthDay{Month: 12, Day: 31}},
		},
		PeerGroups: []engine.PeerGroup{
			{ID: "property", Title: engine.Text{ZH: "财产保险公司", EN: "property insurers"}},
			{ID: "life", Title: engine.Text{ZH: "人身保险公司", EN: "life insurers"}},
		},
		Attributes: []engine.Attribute{
			{ID: "staff", Name: "员工人数", Kind: formula.Number, Unit: mustUnit("人")},
			{ID: "listed", Name: "上市", Kind: formula.Bool},
		},
		Statistics: []engine.Statistic{
			{ID: "complaints", Name: "投诉件数", Unit: mustUnit("件")},
			{ID: "premium", Name: "保费收入", Unit: mustUnit("元")},
			{ID: "rate", Name: "及时率", Unit: mustUnit("%")},
			{ID: "counted", Name: "登记件数", Unit: mustUnit("件"), Register: "cases"},
		},
		Feeds: []engine.Feed{
			{
				ID: "statistics", Name: "统计数据", Subject: "机构编码", Period: "统计期间",
				Columns: []engine.FeedColumn{
					{Heading: "投诉件数", Statistic: "complaints", Unit: mustUnit("件")},
					{Heading: "保费收入", Statistic: "premium", Unit: mustUnit("元")},
				},
				Law: engine.Law{Line: 12},
			},
			{
				ID: "market", Name: "市场", Subject: "code", SubjectName: "company", PeerGroup: "line", CodePrefix: "line", Period: "year",
				Columns: []engine.FeedColumn{{Heading: "n", Statistic: "complaints", Unit: mustUnit("件")}},
				Law:     engine.Law{Line: 20},
			},
		},
		Registers: []engine.Register{{
			ID: "cases", Name: "投诉案件", Key: "案件编号", Subject: "被投诉机构", Date: "收件日期", Times: "次数",
			Fields: []engine.Field{
				{ID: "kind", Name: "险种", Kind: formula.Text, Options: []string{"车险", "非车险", "人身险"}},
				{ID: "passed_on", Name: "转办日期", Kind: formula.Date, Nullable: true},
				{ID: "withdrawn", Name: "转办前撤回", Kind: formula.Bool},
				{ID: "loss", Name: "预估损失", Kind: formula.Number, Unit: mustUnit("元"), Decimals: 2, Nullable: true},
			},
		}},
		Sections: []*engine.Item{{
			Kind: engine.SectionItem, ID: "qualitative", Name: "定性指标",
			Children: []*engine.Item{
				{Kind: engine.IndicatorItem, ID: "policies", Name: "制度建设", Checklist: &engine.Checklist{
					Lines: []engine.ChecklistLine{{Name: "投诉处理工作制度", Points: exact.Int(2)}, {Name: "登记制度", Points: exact.Int(2)}},
				}},
				{Kind: engine.IndicatorItem, ID: "mechanisms", Name: "机制建立", Checklist: &engine.Checklist{
					Lines: []engine.ChecklistLine{{Name: "投诉核查机制", Points: exact.Int(2)}}, Partly: &partly,
				}},
			},
		}},
	}
}

var testSubjects = []engine.Subject{
	{Code: "PA01", Name: "甲财险上海分公司", ShortName: "甲财险", PeerGroup: "property"},
	{Code: "PB02", Name: "乙财险上海分公司", ShortName: "乙财险", PeerGroup: "property"},
	{Code: "LA01", Name: "子人寿上海分公司", ShortName: "子人寿", PeerGroup: "life"},
}

func read(t testing.TB, target, name, content string, opt Options) (*engine.Batch, *Report) {
	t.Helper()
	if opt.Subjects == nil {
		opt.Subjects = testSubjects
	}
	batch, report, err := Read(testPack(), target, Source{Name: name, Data: []byte(content)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return batch, report
}

// codes lists what a report says, as row+column:code; warnings in brackets.
func codes(r *Report) string {
	var list []string
	for _, p := range r.Problems {
		s := fmt.Sprintf("%d%s:%s", p.Row, p.Column, p.Code)
		if p.Warning {
			s = "(" + s + ")"
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

func TestAGoodFeedBecomesFiguresWithTheirOrigin(t *testing.T) {
	batch, report := read(t, "统计数据", "f.csv", "机构编码,统计期间,投诉件数,保费收入(万元)\nPA01,2025上半年,168,421000\n乙财险,2025H1,,1.5\n", Options{})
	if batch == nil {
		t.Fatal(codes(report))
	}
	want := []engine.Figure{
		{Subject: "PA01", Statistic: "complaints", Period: mustPeriod("2025H1"), Value: exact.Int(168), Origin: engine.Origin{File: "f.csv", Row: 2, Column: "投诉件数"}},
		{Subject: "PA01", Statistic: "premium", Period: mustPeriod("2025H1"), Value: exact.Int(4_210_000_000), Origin: engine.Origin{File: "f.csv", Row: 2, Column: "保费收入(万元)"}},
		{Subject: "PB02", Statistic: "premium", Period: mustPeriod("2025H1"), Value: exact.Int(15_000), Origin: engine.Origin{File: "f.csv", Row: 3, Column: "保费收入(万元)"}},
	}
	if fmt.Sprint(batch.Figures) != fmt.Sprint(want) {
		t.Errorf("figures\n got %v\nwant %v", batch.Figures, want)
	}
	if batch.Rows != 2 || batch.Target != "statistics" || batch.Pack != "test" || len(batch.Digest) != 64 {
		t.Errorf("batch %+v", batch)
	}
	if got := codes(report); got != "(3A:matched-by-name)" {
		t.Errorf("report %s", got)
	}
}

func TestFeedProblems(t *testing.T) {
	const head = "机构编码,统计期间,投诉件数,保费收入\n"
	tests := []struct {
		name, content string
		opt           Options
		want          string
	}{
		{"a figure in another unit of the same kind", head + "PA01,2025H1,1,3.2亿\n", Options{}, "2D:figure-with-unit"},
		{"a figure in the column's own unit is fine", head + "PA01,2025H1,1件,1,234\n", Options{}, "2:row-length"},
		{"thousands and full width are fine", head + "PA01,2025H1,12,\"1,234,567.50\"\n", Options{}, ""},
		{"full width digits", head + "PA01,２０２５H1,１２,１２３\n", Options{}, ""},
		{"a word", head + "PA01,2025H1,无,N/A\n", Options{}, "2C:not-a-number 2D:not-a-number"},
		{"commas at the wrong places", head + "PA01,2025H1,1,\"12,34\"\n", Options{}, "2D:not-a-number"},
		{"a negative count, a negative premium", head + "PA01,2025H1,-1,-5\n", Options{}, "2C:negative-count (2D:negative-amount)"},
		{"the accountants' negative", head + "PA01,2025H1,\"(1)\",\"(1,234)\"\n", Options{}, "2C:negative-count (2D:negative-amount)"},
		{"half a complaint", head + "PA01,2025H1,1.5,1\n", Options{}, "(2C:too-many-decimals)"},
		{"beyond what can be stored", head + "PA01,2025H1,1,99999999999999999999\n", Options{}, "2D:out-of-range"},
		{"an unknown subject and a bad period in one row", head + "PX99,2025Q5,x,1\n", Options{}, "2A:unknown-subject 2B:not-a-period 2C:not-a-number"},
		{"a total", head + "PA01,2025H1,1,1\n合计,2025H1,2,2\n", Options{}, "3A:unknown-subject"},
		{"the same twice", head + "PA01,2025H1,1,1\nPA01,2025年上半年,1,1.00\n", Options{}, "(3A:repeated-row)"},
		{"two that differ", head + "PA01,2025H1,1,1\nPA01,2025H1,1,2\n", Options{}, "3A:duplicate-key"},
		{"a period nobody assesses", head + "PA01,2025Q1,1,1\n", Options{}, "(2B:unusual-period)"},
		{"another period than asked for", head + "PA01,2024H1,1,1\n", Options{Period: mustPeriod("2025H1")}, "2B:other-period"},
		{"a missing column with a near one", "机构编码,统计期间,投诉件数,保费收\nPA01,2025H1,1,1\n", Options{}, "1:missing-column (1D:unknown-column)"},
		{"the near one mapped", "机构编码,统计期间,投诉件数,保费收\nPA01,2025H1,1,1\n", Options{Map: map[string]string{"保费收": "保费收入"}}, ""},
		{"a map that names nothing", head + "PA01,2025H1,1,1\n", Options{Map: map[string]string{"x": "y"}}, "1:unknown-map 1:unknown-map"},
		{"no period anywhere", "机构编码,投诉件数,保费收入\nPA01,1,1\n", Options{}, "0:no-period"},
		{"the period from outside", "机构编码,投诉件数,保费收入\nPA01,1,1\n", Options{Period: mustPeriod("2025H1")}, ""},
		{"a unit of another kind in the heading", "机构编码,统计期间,投诉件数(元),保费收入\nPA01,2025H1,1,1\n", Options{}, "1C:unit-mismatch"},
		{"no unit in the brackets", "机构编码,统计期间,投诉件数(累计),保费收入\nPA01,2025H1,1,1\n", Options{}, "1C:unit-mismatch"},
		{"a heading twice", "机构编码,统计期间,投诉件数,保费收入,投诉件数\nPA01,2025H1,1,1,1\n", Options{}, "1E:duplicate-column"},
		{"a statistic no feed declares may stand in any", "机构编码,统计期间,投诉件数,保费收入,及时率\nPA01,2025H1,1,1,98.7％\nPB02,2025H1,1,1,0.98\n", Options{}, ""},
		{"semicolons", "机构编码;统计期间;投诉件数;保费收入\nPA01;2025H1;1;1\n", Options{}, ""},
		{"tabs, sep= and blank rows", "sep=\t\n机构编码\t统计期间\t投诉件数\t保费收入\r\n\r\nPA01\t2025H1\t1\t1\r\n\t\t\t\r\n", Options{}, ""},
		{"a quotation mark never closed", head + "PA01,2025H1,1,\"1\nPB02,2025H1,x,1\n", Options{}, "2D:unclosed-quote 3C:not-a-number"},
		{"text behind a quotation mark", head + "\"PA01\"x,2025H1,1,1\n", Options{}, "2A:unclosed-quote"},
		{"rows too short and too long", head + "PA01,2025H1,1\nPB02,2025H1,1,1,1\nPB02,2025H1,1,1,,\n", Options{}, "2:row-length 3:row-length"},
		{"an endless line", head + strings.Repeat("9", maxLine+1) + "\nPA01,2025H1,x,1\n", Options{}, "2:line-too-long 3C:not-a-number"},
		{"an endless cell", head + "PA01,2025H1,1," + strings.Repeat("9", maxCell+1) + "\n", Options{}, "2D:cell-too-long"},
		{"nothing", "", Options{}, "0:empty-file"},
		{"headings only", head, Options{}, ""},
		{"a torn workbook", "PK\x03\x04...", Options{}, "0:damaged-workbook"},
		{"UTF-16", "\xFF\xFEa\x00", Options{}, "0:not-csv"},
		{"a broken byte in UTF-8", "机构编码,统计期间,投诉件数,保费收入\nPA01,2025H1,1,1\nP\xFFB02,2025H1,1,1\n", Options{}, "3A:broken-bytes"},
		{"too many columns", strings.Repeat("a,", maxColumns+1) + "b\n1,2\n", Options{}, "1:too-many-columns"},
		{"NUL", head + "PA01\x00,2025H1,1,1\n", Options{}, "2A:broken-bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			batch, report := read(t, "statistics", "f.csv", tt.content, tt.opt)
			if got := codes(report); got != tt.want {
				t.Errorf("report\n got %s\nwant %s", got, tt.want)
			}
			if (batch == nil) != (report.Errors() > 0) {
				t.Errorf("batch %v with %d errors", batch, report.Errors())
			}
		})
	}
}

func TestTheDefaultFeedTakesTwinsAndMayLackColumns(t *testing.T) {
	p := testPack()
	p.Feeds = []engine.Feed{{
		ID: "statistics", Subject: "机构编码", SubjectName: "机构名称", Period: "统计期间",
		Columns: []engine.FeedColumn{
			{Heading: "投诉件数", Statistic: "complaints", Unit: mustUnit("件")},
			{Heading: "保费收入", Statistic: "premium", Unit: mustUnit("元")},
		},
	}}
	for content, want := range map[string]string{
		"subject,period,complaints,premium\nPA01,2025H1,1,2\n": "",
		"机构编码,统计期间,投诉件数\nPA01,2025H1,1\n":                      "(1:missing-column)",
		"机构编码,统计期间,投诉件数,保费收人\nPA01,2025H1,1,2\n":               "1:missing-column (1D:unknown-column)",
	} {
		_, report, err := Read(p, "statistics", Source{Name: "f.csv", Data: []byte(content)}, Options{Subjects: testSubjects})
		if err != nil || codes(report) != want {
			t.Errorf("%s: got %q, want %q, %v", content, codes(report), want, err)
		}
	}
}

func TestAFeedWithNamesMakesSubjects(t *testing.T) {
	content := "year,line,code,company,n\n2022,property,1,Alpha,3\n2022,life,1,Alpha,4\n2023,property,1,Alpha Ltd,5\n2023,life,1,Alpha,6\n"
	batch, report := read(t, "market", "m.csv", content, Options{})
	if batch == nil {
		t.Fatal(codes(report))
	}
	var got []string
	for _, s := range batch.Subjects {
		got = append(got, fmt.Sprintf("%s %s %s %s", s.Code, s.Name, s.PeerGroup, s.ValidFrom))
	}
	want := "property:1 Alpha property 2022-01-01, property:1 Alpha Ltd property 2023-01-01, life:1 Alpha life 2022-01-01"
	if strings.Join(got, ", ") != want {
		t.Errorf("subjects %q", got)
	}
	if got := codes(report); got != "(2C:new-subject) (3C:new-subject)" {
		t.Errorf("report %s", got)
	}
	batch, _ = read(t, "market", "m.csv", content, Options{Subjects: batch.Subjects})
	if len(batch.Subjects) != 0 || len(batch.Figures) != 4 {
		t.Errorf("what is on record came again: %v", batch.Subjects)
	}
}

func TestAFeedDoesNotOverruleTheListOfSubjects(t *testing.T) {
	on := engine.Date{Year: 2022, Month: 1, Day: 1}
	known := []engine.Subject{
		{Code: "property:1", Name: "Alpha", PeerGroup: "property", Type: "mutual", Opened: engine.Date{Year: 1990, Month: 5, Day: 1}},
		{Code: "life:1", Name: "Alpha Life", PeerGroup: "life", ValidFrom: on},
	}
	content := "year,line,code,company,n\n2022,property,1,Alpha Inc.,3\n2022,life,1,Alpha,4\n"
	batch, report := read(t, "market", "m.csv", content, Options{Subjects: known})
	if batch == nil || codes(report) != "(3D:other-name)" {
		t.Fatal(codes(report))
	}
	if len(batch.Subjects) != 1 {
		t.Fatalf("subjects %v", batch.Subjects)
	}
	if s := batch.Subjects[0]; s.Name != "Alpha Inc." || s.Type != "mutual" || s.Opened.Year != 1990 || s.ValidFrom != on {
		t.Errorf("a new name lost what is on record: %+v", s)
	}
}

func TestRowsThePackDeclaresToBeOneSubject(t *testing.T) {
	p := testPack()
	p.Official = []engine.OfficialResult{{Feed: "market", Merge: []engine.OfficialMerge{{Period: "2014", Codes: []string{"life:1", "life:2"}, Why: "one insurer"}}}}
	content := "year,line,code,company,n\n2014,life,1,Maid,0\n2014,life,2,Maid,0\n2014,life,1,Maid,7\n2015,life,1,Maid,0\n2015,life,2,Maid,0\n"
	batch, report, err := Read(p, "market", Source{Name: "m.csv", Data: []byte(content)}, Options{})
	if err != nil || batch == nil {
		t.Fatal(codes(report), err)
	}
	if got := codes(report); got != "(2C:merged-row)" {
		t.Errorf("report %s", got)
	}
	if len(report.Merged) != 1 || report.Merged[0] != (Merged{Row: 2, Code: "life:1", Into: "life:2", Period: mustPeriod("2014")}) {
		t.Errorf("merged %v", report.Merged)
	}
	if len(batch.Figures) != 4 {
		t.Errorf("%d figures, want 4", len(batch.Figures))
	}
}

func TestARegisterAndWhatItCovers(t *testing.T) {
	const head = "案件编号,被投诉机构,收件日期,险种,转办日期,转办前撤回,预估损失,次数\n"
	const good = "S1,PA01,2024-08-03,车险,,是,12.5,\nS2,PB02,2025年1月9日,非车险,2025/1/12,否,,2\n"
	batch, report := read(t, "投诉案件", "c.csv", head+good+"S2,PB02,20250109,非车险,2025-01-12 10:30:00,no,,2\n", Options{})
	if batch == nil {
		t.Fatal(codes(report))
	}
	if len(batch.Records) != 2 || batch.Records[1].Times != 2 || batch.Records[0].Times != 1 {
		t.Errorf("records %v", batch.Records)
	}
	if f := batch.Records[0].Fields; !f["withdrawn"].Bool || !f["passed_on"].Null || !f["loss"].Num.Equal(exact.Frac(25, 2)) || f["kind"].Text != "车险" {
		t.Errorf("fields %v", f)
	}
	for _, tt := range []struct {
		opt  Options
		rows string
		want string
	}{
		{Options{}, good, "2024-07-01 2025-06-30"},
		{Options{Period: mustPeriod("2025")}, "S2,PB02,2025-01-09,车险,,否,,\n", "2025-01-01 2025-12-31"},
		{Options{Period: mustPeriod("2025H1")}, "", "2025-01-01 2025-06-30"},
		{Options{First: engine.Date{Year: 2024, Month: 1, Day: 1}}, good, "2024-01-01 2025-06-30"},
	} {
		batch, report := read(t, "cases", "c.csv", head+tt.rows, tt.opt)
		if batch == nil || len(batch.Covered) != 1 {
			t.Fatal(codes(report))
		}
		if c := batch.Covered[0]; c.First.String()+" "+c.Last.String() != tt.want || c.Register != "cases" {
			t.Errorf("covers %v, want %s", c, tt.want)
		}
	}
}

func TestRegisterProblems(t *testing.T) {
	const head = "案件编号,被投诉机构,收件日期,险种,转办日期,转办前撤回,预估损失\n"
	tests := []struct {
		name, rows string
		opt        Options
		want       string
	}{
		{"every bad cell of a row", ",PX,2025-02-30,车,3/1/2025,也许,2万\n", Options{}, "2A:empty-cell 2B:unknown-subject 2C:no-such-date 2D:not-one-of 2E:ambiguous-date 2F:not-yes-or-no 2G:figure-with-unit"},
		{"decimals", "S1,PA01,2025-01-01,车险,,是,1.005\nS2,PA01,2025-01-01,车险,,是,1.500\n", Options{}, "2G:too-many-decimals"},
		{"empty where it must not be", "S1,PA01,,,,,\n", Options{}, "2C:empty-cell 2D:empty-cell 2F:empty-cell"},
		{"one key, two cases", "S1,PA01,2025-01-01,车险,,是,\nS1,PB02,2025-01-01,车险,,是,\n", Options{}, "3A:duplicate-key"},
		{"outside the span", "S1,PA01,2024-12-31,车险,,是,\n", Options{Period: mustPeriod("2025H1")}, "2C:outside-span"},
		{"Excel's day number", "S1,PA01,45717,车险,,是,\n", Options{}, "2C:not-a-date"},
		{"no records and no span", "", Options{}, "(0:nothing-covered)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, report := read(t, "cases", "c.csv", head+tt.rows, tt.opt)
			if got := codes(report); got != tt.want {
				t.Errorf("report\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestPartialLeavesOutBadRowsAndThoseTheyContradict(t *testing.T) {
	content := "机构编码,统计期间,投诉件数,保费收入\nPA01,2025H1,1,1\nPA01,2025H1,1,2\nPB02,2025H1,1,1\nLA01,2025H1,x,1\n"
	batch, report := read(t, "statistics", "f.csv", content, Options{Partial: true})
	if batch == nil {
		t.Fatal(codes(report))
	}
	if len(batch.Figures) != 2 || batch.Figures[0].Subject != "PB02" || batch.Refused != 3 || batch.Rows != 4 || report.Bad != 3 {
		t.Errorf("figures %v, refused %d", batch.Figures, batch.Refused)
	}
	if batch, _ := read(t, "statistics", "f.csv", "机构编码,统计期间,投诉件数,保费收入\nPA01,2025H1,x,1\n", Options{Partial: true}); batch != nil {
		t.Error("a file without a good row made a batch")
	}
	if batch, _ := read(t, "statistics", "f.csv", "机构编码,统计期间,投诉件数\nPA01,2025H1,1\n", Options{Partial: true}); batch != nil {
		t.Error("a file without a required column made a batch")
	}
}

func TestSubjects(t *testing.T) {
	content := "机构编码,机构名称,简称,类别,机构类型,上级机构,开业日期,生效日期,员工人数,上市\n" +
		"PA01T,甲财险电销中心,,property,电销中心,甲财险,,,\"1,200\",否\n" +
		"PA01,甲财险上海分公司,甲财险,财产保险公司,,,2005-04-01,,,\n" +
		"LA01,子人寿上海分公司,,LIFE Insurers,,,,2025-01-01,,是\n"
	batch, report, err := Read(testPack(), "机构", Source{Name: "s.csv", Data: []byte(content)}, Options{})
	if err != nil || batch == nil {
		t.Fatal(codes(report), err)
	}
	s := batch.Subjects
	if s[0].Parent != "PA01" || s[0].Type != "电销中心" || !s[0].Attributes["staff"].Num.Equal(exact.Int(1200)) || s[1].PeerGroup != "property" ||
		s[1].Opened.String() != "2005-04-01" || s[2].ValidFrom.String() != "2025-01-01" || !s[2].Attributes["listed"].Bool {
		t.Errorf("subjects %+v", s)
	}
	bad := "机构编码,机构名称,类别,上级机构\nA,甲,产险,\nB,乙,life,B\nC,丙,life,X9\nD,丁,life,\nD,丁丁,life,\n"
	_, report, _ = Read(testPack(), "subjects", Source{Name: "s.csv", Data: []byte(bad)}, Options{})
	if got, want := codes(report), "2C:unknown-peer-group 3D:own-parent 4D:unknown-subject 6A:duplicate-key"; got != want {
		t.Errorf("report\n got %s\nwant %s", got, want)
	}
}

func TestJudgements(t *testing.T) {
	const head = "机构编码,统计期间,指标,检查项,结论,理由,佐证,评分人,复核人\n"
	batch, report := read(t, "judgements", "j.csv", head+"PA01,2025H1,制度建设,登记制度,是,,,王,李\nPA01,2025H1,mechanisms,投诉核查机制,部分,有制度无记录,附件3,王,李\n", Options{})
	if batch == nil {
		t.Fatal(codes(report))
	}
	if j := batch.Judgements[1]; j.Indicator != "mechanisms" || j.Answer != engine.Partly || j.Reviewer != "李" || j.Evidence != "附件3" {
		t.Errorf("judgement %+v", j)
	}
	rows := "PA01,2025H1,制度建没,登记制度,是,,,王,李\n" +
		"PA01,2025H1,制度建设,登记,也许,,,王,王\n" +
		"PA01,2025H1,制度建设,登记制度,部分,,,,\n" +
		"PB02,2025H1,制度建设,登记制度,是,,,王,李\n" +
		"PB02,2025H1,制度建设,登记制度,否,,,王,李\n"
	_, report = read(t, "judgements", "j.csv", head+rows, Options{})
	want := "2C:unknown-name 3D:unknown-name 3E:not-one-of 3I:same-person 4E:answer-not-allowed 4H:empty-cell 4I:empty-cell 6D:duplicate-key"
	if got := codes(report); got != want {
		t.Errorf("report\n got %s\nwant %s", got, want)
	}
}

func TestGB18030ReadsAsUTF8Does(t *testing.T) {
	content := "机构编码,机构名称,类别\nP1,䶮财险上海分公司,property\nP2,㐀𠀀人寿,life\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(content)
	if err != nil {
		t.Fatal(err)
	}
	for encoding, data := range map[string]string{"UTF-8": content, "UTF-8 BOM": "\uFEFF" + content, "GB18030": gb} {
		batch, report, err := Read(testPack(), "subjects", Source{Name: "s.csv", Data: []byte(data)}, Options{})
		if err != nil || batch == nil {
			t.Fatal(encoding, codes(report), err)
		}
		if batch.Encoding != encoding || batch.Subjects[0].Name != "䶮财险上海分公司" || batch.Subjects[1].Name != "㐀𠀀人寿" {
			t.Errorf("%s: %s %v", encoding, batch.Encoding, batch.Subjects)
		}
	}
	_, report, _ := Read(testPack(), "subjects", Source{Name: "s.csv", Data: []byte(strings.Replace(gb, "P2,", "P\xFF2,", 1))}, Options{})
	if got := codes(report); got != "3A:broken-bytes" {
		t.Errorf("a broken byte in GB18030: %s", got)
	}
}

func TestDays(t *testing.T) {
	for s, want := range map[string]string{
		"2025-07-20": "2025-07-20", "2025/7/20": "2025-07-20", "2025.7.20": "2025-07-20", "20250720": "2025-07-20",
		"2025年7月20日": "2025-07-20", "２０２５年７月２０日": "2025-07-20", "2025-07-20 08:30": "2025-07-20", "2025-07-20T08:30:00": "2025-07-20",
		"2024-02-29": "2024-02-29",
		"2025-02-30": "no-such-date 2025-02-28", "2025/2/29": "no-such-date 2025-02-28", "20251301": "no-such-date", "1025-01-01": "no-such-date",
		"3/1/2025": "ambiguous-date 2025-07-20", "25/7/20": "ambiguous-date 2025-07-20", "45717": "not-a-date 2025-03-01", "昨天": "not-a-date 2025-07-20",
		"2025-7/20": "not-a-date 2025-07-20",
	} {
		d, problem := parseDay(s)
		got := d.String()
		if problem != nil {
			got = problem.code
			if i := strings.Index(problem.hint.EN, "20"); i >= 0 {
				got += " " + problem.hint.EN[i:i+10]
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", s, got, want)
		}
	}
}

func TestPeriods(t *testing.T) {
	for s, want := range map[string]string{
		"2025": "2025", "2025年": "2025", "2025年度": "2025", "2025全年": "2025", "2025H1": "2025H1", "2025h2": "2025H2", "2025上半年": "2025H1", "2025年下半年": "2025H2",
		"2025Q2": "2025Q2", "2025年第二季度": "2025Q2", "2025四季度": "2025Q4", "2025-06": "2025-06", "2025年6月": "2025-06", "２０２５Ｈ１": "2025H1",
		"25H1": "", "2025H3": "", "2025Q5": "", "2025-13": "", "": "", "上半年": "",
	} {
		p, ok := parsePeriod(s)
		if ok != (want != "") || ok && p.String() != want {
			t.Errorf("%s: got %v %t, want %s", s, p, ok, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ s, unit, want string }{
		{"12", "件", "12"}, {"-3.5", "元", "-7/2"}, {"１，２３４．５", "元", "2469/2"}, {"（1,234）", "元", "-1234"}, {"－5", "元", "-5"},
		{"80%", "%", "4/5"}, {"80", "%", "4/5"}, {"80%", "1", "figure-with-unit 0.8"}, {"12元", "元", "12"}, {"12元", "万元", "figure-with-unit 0.0012"},
		{"3.2亿", "元", "figure-with-unit 320000000"}, {"2万", "万元", "figure-with-unit 2"}, {"USD 5", "元", "figure-with-unit"}, {"5件", "元", "figure-with-unit"},
		{"1e5", "元", "not-a-number"}, {"--5", "元", "not-a-number"}, {"-", "元", "not-a-number"}, {".", "元", "not-a-number"}, {"1 234", "元", "not-a-number"}, {"((5))", "元", "not-a-number"},
	} {
		x, problem := number(tt.s, mustUnit(tt.unit))
		got := x.String()
		if problem != nil {
			got = problem.code
			if problem.code == "figure-with-unit" && !problem.hint.IsZero() {
				hint, _, _ := strings.Cut(problem.hint.EN, ",")
				got += strings.TrimPrefix(hint, "write")
			}
		}
		if got != tt.want {
			t.Errorf("%s in %s: got %s, want %s", tt.s, tt.unit, got, tt.want)
		}
	}
}

func TestReportsReadWellInBothLanguages(t *testing.T) {
	content := "案件编号,被投诉机构,收件日期,险种,转办日期,转办前撤回,预估损失,备注\n" +
		"SH25-00391,甲财险,2025-01-03,车险,,是,,\n" +
		"SH25-00392,PB03,2025/2/30,车验,3/1/2025,也许,2万,\n" +
		"SH25-00391,PB02,2025-01-03,车险,,是,,\n" +
		"SH25-00394,PX99,2025-01-03,车险,,是,,\nSH25-00395,PX99,2025-01-03,车险,,是,,\nSH25-00396,PX99,2025-01-03,车险,,是,,\n" +
		"SH25-00397,PX99,2025-01-03,车险,,是,,\nSH25-00398,PX99,2025-01-03,车险,,是,,\nSH25-00399,PX99,2025-01-03,车险,,是,,\n" +
		"SH25-00400,PA01,2025-01-03,车险\n" +
		"SH25-00401,PA01,2025-01-03,\"车险,,是,,\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(content)
	if err != nil {
		t.Fatal(err)
	}
	_, report := read(t, "cases", "投诉明细_2025H1.csv", gb, Options{})
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		var b bytes.Buffer
		if err := report.Write(&b, lang); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join("testdata", "report."+string(lang)+".golden")
		if *update {
			if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s:\n%s", name, b.String())
		}
	}
}

// No text may be said in one language only, or with a broken format.
func TestEveryFindingSpeaksBothLanguages(t *testing.T) {
	u := mustUnit("元")
	day := engine.Date{Year: 2025, Month: 1, Day: 1}
	for _, f := range []finding{
		fileTooLarge(), notCSV("甲", "a"), emptyFile(), brokenBytes("UTF-8"), lineTooLong(5), cellTooLong(5), unclosedQuote(), textAfterQuote(),
		wrongLength(1, 2), headingTwice("A"), badUnit("x", u), otherUnit(u, unit.Unit{}), mapFromNothing("a", "b"), mapToNothing("a", ""),
		missingColumn("a", ""), missingColumn("a", "b"), absentColumn("a"), unknownColumns([]string{"a"}), emptyCell(), notNumber(nil, u), negativeAmount(),
		figureWithUnit(u, ""), figureWithUnit(u, "1"), tooManyDecimals(0), tooManyDecimals(2), negativeCount(), fractionalCount(), outOfRange(),
		notPositive(), noSuchDate(day), notDate(), ambiguousDate(), serialDate(day), notYesNo(), notOneOf([]string{"a"}, "a"), notPeriod(),
		otherPeriod(mustPeriod("2025")), unusualPeriod(mustPeriod("2025"), []string{"a"}), noPeriod(), unknownSubject(""), unknownSubject("a"),
		totalRow(), severalSubjects([]string{"a"}), matchedByName("a"), unknownPeerGroup([]string{"a"}, ""), duplicateKey(say("甲", "a"), "k", say("第 1 行", "line 1"), ""), duplicateKey(say("甲", "a"), "k", say("第 1 行", "line 1"), "x"),
		otherName("a"), newSubject("a", nil), newSubject("a", []string{"b"}), tooManyColumns(5), repeatedRow(say("第 1 行", "line 1")), mergedRow(say("第 1 行", "line 1"), []string{"a"}, "a", "why"), outsideSpan(day, day), nothingCovered(), ownParent(),
		unknownWord(say("甲", "a"), "b"), answerNotAllowed(), samePerson(),
		encryptedWorkbook(), oldWorkbook(), notWorkbook(), damagedWorkbook(), workbookTooLarge(), workbookBomb(), valueTooLong(1), badParquet(errPages), badParquet(errRows), badParquet(errEncoding), badParquet(errFooter), badParquet(errThrift), unknownSheet([]string{"a"}, ""), unknownSheet([]string{"ab"}, "ab"),
		noTable([]string{"a"}), rivalSheets([]*located{{}, {}}), sheetsNotRead([]string{"a"}), hiddenRows([]int{1}), rowsAfterEnd(), unitOfTable(u), cellError(), notComputed(), digitsLost(), mergedFigure(),
	} {
		for _, text := range []engine.Text{f.message, f.hint} {
			if (text.ZH == "") != (text.EN == "") || strings.Contains(text.ZH+text.EN, "%!") {
				t.Errorf("%s: %q / %q", f.code, text.ZH, text.EN)
			}
		}
		if f.code == "" || f.message.IsZero() {
			t.Errorf("a finding without a name or a message: %+v", f)
		}
	}
}

func TestTargets(t *testing.T) {
	p := testPack()
	if got := strings.Join(Targets(p), " "); got != "subjects statistics market cases judgements" {
		t.Errorf("targets %s", got)
	}
	for name, want := range map[string]string{"投诉案件": "cases", "市场": "market", "机构": "subjects", "定性评分": "judgements", "x": ""} {
		if got := TargetID(p, name); got != want || HasTarget(p, name) != (want != "") {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, _, err := Read(p, "x", Source{}, Options{}); err == nil {
		t.Error("an unknown target was read")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("案件编号,被投诉机构,收件日期,险种,转办日期,转办前撤回,预估损失\nS1,PA01,2025-01-01,车险,,是,1.5\n"))
	f.Add([]byte("机构编码;统计期间;投诉件数;保费收入(万元)\nPA01;2025H1;\"1\"\"2\";3.2亿\n"))
	f.Add([]byte("\xEF\xBB\xBF机构编码,机构名称,类别\n\"a\nb\",b,c\n"))
	f.Add([]byte("\xBB\xFA\xB9\xB9,\"\xFE\x9F\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := testPack()
		for _, target := range Targets(p) {
			for _, partial := range []bool{false, true} {
				batch, report, err := Read(p, target, Source{Name: "f.csv", Data: data}, Options{Subjects: testSubjects, Partial: partial})
				if err != nil {
					t.Fatal(err)
				}
				if batch == nil && report.Errors() == 0 {
					t.Fatal("refused without saying why")
				}
				if batch != nil && !partial && report.Errors() > 0 {
					t.Fatal("taken in spite of errors")
				}
				if err := report.Write(&bytes.Buffer{}, engine.Chinese); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkRegister200000Rows(b *testing.B) {
	var s strings.Builder
	s.WriteString("案件编号,被投诉机构,收件日期,险种,转办日期,转办前撤回,预估损失\n")
	for i := range 200_000 {
		fmt.Fprintf(&s, "SH25-%06d,%s,2025-%02d-%02d,车险,2025-06-30,是,%d.5\n", i, testSubjects[i%3].Code, i%6+1, i%28+1, i)
	}
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		batch, report, err := Read(testPack(), "cases", Source{Name: "c.csv", Data: data}, Options{Subjects: testSubjects})
		if err != nil || batch == nil || len(batch.Records) != 200_000 {
			b.Fatal(codes(report), err)
		}
	}
}
