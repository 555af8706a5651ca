package reports

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

func openBook(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// raw returns a cell as stored; shown as a spreadsheet displays it.
func raw(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func shown(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func format(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	if s.CustomNumFmt == nil {
		return ""
	}
	return *s.CustomNumFmt
}

// find returns the first cell of a sheet with the text.
func find(t *testing.T, f *excelize.File, sheet, text string) (column string, row int) {
	t.Helper()
	at, err := f.SearchSheet(sheet, text)
	if err != nil || len(at) == 0 {
		t.Fatalf("%s has no cell %q (%v)", sheet, text, err)
	}
	c, r, _ := excelize.CellNameToCoordinates(at[0])
	column, _ = excelize.ColumnNumberToName(c)
	return column, r
}

func TestScorecardWorkbook(t *testing.T) {
	f := openBook(t, render(t, scoringDocument(t, engine.Chinese), "PA01", "property", XLSX)["scorecard"])
	if got, want := f.GetSheetList(), []string{"评分卡", "定性明细", "定量明细", "扣分事件", "趋势与同业", "说明"}; !slices.Equal(got, want) {
		t.Fatalf("sheets are %v", got)
	}
	for cell, want := range map[string]string{
		"A1": "消费投诉处理工作考评评分卡",
		"A2": "被考评单位:甲财险上海分公司(PA01) · 类别:财产保险公司 · 统计期间:2025年1月1日至6月30日(2025H1)",
		"A3": "总分 98.44 · 名次 1/4(第1名=得分最高) · 较上期 ▲2 · 同业中位 70.51",
		"A5": "草案:评分办法含待确认的假设(A1),结果仅供内部核对,不得作为正式结果使用",
		"A7": "序号", "B7": "指标", "F7": "指标值", "J7": "得分", "L7": "上期得分",
		"B8": "定性指标", "A9": "1", "B9": "制度建设", "F9": "1/2", "B10": "迟报(扣分项,最高扣5分)",
		"B12": "亿元保费投诉量(件/亿元)", "F12": "3.9995", "G12": "5.0000", "H12": "1", "J12": "40.00", "L12": "15.00",
		"K12": "投诉件数 168件\n保费收入 42.10亿元", "E12": "投诉管理系统\n保险统计信息系统", "D12": "投诉件数 / 保费收入",
		"F13": "98.96%", "B14": "总分", "J14": "98.44", "L10": "-5.00",
	} {
		if got := shown(t, f, "评分卡", cell); got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
	}
	if got := shown(t, f, "评分卡", "A4"); !strings.Contains(got, "校验码 "+CheckCode(scoringDocument(t, engine.Chinese))) || !strings.Contains(got, "运行 R-000007") || !strings.Contains(got, "版本 v2") {
		t.Errorf("trust marks: %q", got)
	}
}

func TestNumbersAreDecimalsWithAFormat(t *testing.T) {
	f := openBook(t, render(t, scoringDocument(t, engine.Chinese), "PA01", "property", XLSX)["scorecard"])
	for _, c := range []struct{ sheet, cell, value, format string }{
		{"评分卡", "F12", "3.9995", "#,##0.0000"},
		{"评分卡", "F13", "0.9896", "0.00%"},
		{"评分卡", "J13", "28.44", "#,##0.00"},
		{"评分卡", "L10", "-5.00", "#,##0.00;[Red]-#,##0.00"},
		{"定性明细", "D6", "20.00", "#,##0.00"},
	} {
		if got := raw(t, f, c.sheet, c.cell); got != c.value {
			t.Errorf("%s!%s holds %q, want %q", c.sheet, c.cell, got, c.value)
		}
		if got := format(t, f, c.sheet, c.cell); got != c.format {
			t.Errorf("%s!%s has the format %q, want %q", c.sheet, c.cell, got, c.format)
		}
		if kind, err := f.GetCellType(c.sheet, c.cell); err != nil || kind != excelize.CellTypeUnset {
			t.Errorf("%s!%s is no number: %v, %v", c.sheet, c.cell, kind, err)
		}
	}
	column, row := find(t, f, "定量明细", "42.10亿元")
	next, _ := excelize.ColumnNumberToName(mustColumn(t, column) + 3)
	if got := raw(t, f, "定量明细", cellName(t, next, row)); got != "4210000000.25" {
		t.Errorf("the premium in yuan is %q", got)
	}
}

func mustColumn(t *testing.T, name string) int {
	t.Helper()
	n, err := excelize.ColumnNameToNumber(name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func cellName(t *testing.T, column string, row int) string {
	t.Helper()
	name, err := excelize.JoinCellName(column, row)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPaperAndPanes(t *testing.T) {
	books := render(t, scoringDocument(t, engine.Chinese), "PA01", "property", XLSX)
	for _, c := range []struct {
		kind, sheet string
		columns     int
		rows        int
		titles      string
		filter      string
	}{
		{"scorecard", "评分卡", 2, 7, "'评分卡'!$6:$7", "'评分卡'!$A$7:$L$14"},
		{"ranking", "排名", 4, 5, "'排名'!$5:$5", "'排名'!$A$5:$L$10"},
		{"ranking", "指标得分", 4, 5, "'指标得分'!$5:$5", "'指标得分'!$A$5:$K$10"},
		{"ranking", "指标值", 4, 5, "'指标值'!$4:$5", "'指标值'!$A$5:$I$10"},
	} {
		f := openBook(t, books[c.kind])
		panes, err := f.GetPanes(c.sheet)
		if err != nil || !panes.Freeze || panes.XSplit != c.columns || panes.YSplit != c.rows {
			t.Errorf("%s: panes %+v, %v", c.sheet, panes, err)
		}
		names := map[string]string{}
		for _, n := range f.GetDefinedName() {
			if n.Scope == c.sheet {
				names[n.Name] = n.RefersTo
			}
		}
		if names["_xlnm.Print_Titles"] != c.titles || !strings.HasPrefix(names["_xlnm.Print_Area"], "'"+c.sheet+"'!$A$1:$") {
			t.Errorf("%s: names %v", c.sheet, names)
		}
		if got := strings.ReplaceAll(names["_xlnm._FilterDatabase"], "'", ""); got != strings.ReplaceAll(c.filter, "'", "") {
			t.Errorf("%s: filter %s, want %s", c.sheet, got, c.filter)
		}
	}
	for kind, b := range books {
		f := openBook(t, b)
		for _, sheet := range f.GetSheetList() {
			checkPaper(t, f, kind+" "+sheet, sheet)
		}
	}
}

func checkPaper(t *testing.T, f *excelize.File, what, sheet string) {
	t.Helper()
	layout, err := f.GetPageLayout(sheet)
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 || *layout.FitToHeight != 0 {
		t.Errorf("%s: layout %+v, %v", what, layout, err)
	}
	if props, err := f.GetSheetProps(sheet); err != nil || props.FitToPage == nil || !*props.FitToPage {
		t.Errorf("%s is not fitted to the page", what)
	}
	footer, err := f.GetHeaderFooter(sheet)
	if err != nil || !strings.Contains(footer.OddFooter, "第 &P 页 共 &N 页") {
		t.Errorf("%s: footer %+v, %v", what, footer, err)
	}
	if got := shown(t, f, sheet, "A1"); got == "" {
		t.Errorf("%s has no title", what)
	}
	merged, err := f.GetMergeCells(sheet)
	if err != nil || len(merged) == 0 || !strings.HasPrefix(merged[0].GetStartAxis(), "A1") {
		t.Errorf("%s: the title is not merged", what)
	}
}

func TestRankingWorkbook(t *testing.T) {
	f := openBook(t, render(t, scoringDocument(t, engine.Chinese), "PA01", "property", XLSX)["ranking"])
	if got, want := f.GetSheetList(), []string{"排名", "指标得分", "指标值", "扣分汇总", "未参评", "说明"}; !slices.Equal(got, want) {
		t.Fatalf("sheets are %v", got)
	}
	for cell, want := range map[string]string{
		"A5": "排名(第1名=得分最高)", "A6": "1", "B6": "▲2", "C6": "PA01", "F6": "98.44", "I6": "0.00", "J6": "27.94",
		"A7": "并列2", "B7": "新", "A8": "并列2", "B8": "▼1", "A9": "4", "A10": "—", "F10": "—", "G10": "—", "I10": "—",
		"D12": "平均", "D13": "中位", "F13": "70.51",
	} {
		if got := strings.TrimPrefix(shown(t, f, "排名", cell), "+"); got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
	}
	if got, how := raw(t, f, "排名", "A7"), format(t, f, "排名", "A7"); got != "2" || how != `"并列"0` {
		t.Errorf("a tied rank holds %q as %q: it must sort as a number", got, how)
	}
	if got := shown(t, f, "排名", "L10"); got != "暂缓:缺少保费收入,暂不计分" {
		t.Errorf("the reason of the held subject is %q", got)
	}
	for cell, want := range map[string]string{"D4": "分值", "E4": "30.00", "G4": "≤5.00", "K4": "100.00", "K6": "98.44", "J9": "不适用"} {
		if got := shown(t, f, "指标得分", cell); got != want {
			t.Errorf("指标得分 %s shows %q, want %q", cell, got, want)
		}
	}
	if got := shown(t, f, "未参评", "E6"); got != "开业不满一个会计年度" {
		t.Errorf("the reason for being left out is %q", got)
	}
}

func TestNamesThatWantToBeFormulas(t *testing.T) {
	d := scoringDocument(t, engine.Chinese)
	books := render(t, d, "PB02", "property", XLSX)
	for kind, b := range books {
		f := openBook(t, b)
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for r, row := range rows {
				for c := range row {
					at, _ := excelize.CoordinatesToCellName(c+1, r+1)
					if formula, _ := f.GetCellFormula(sheet, at); formula != "" {
						t.Errorf("%s %s!%s is a formula: %s", kind, sheet, at, formula)
					}
				}
			}
		}
	}
	f := openBook(t, books["ranking"])
	column, row := find(t, f, "排名", evil)
	if !quotePrefixed(t, f, "排名", cellName(t, column, row)) {
		t.Error("editing the name would make it a formula")
	}
	if column, row = find(t, f, "排名", "丙财险"); quotePrefixed(t, f, "排名", cellName(t, column, row)) {
		t.Error("a harmless name is marked")
	}
	card := openBook(t, books["scorecard"])
	if column, row = find(t, card, "定性明细", "@缺少两份记录"); !quotePrefixed(t, card, "定性明细", cellName(t, column, row)) {
		t.Error("a reason that begins with @ is not marked")
	}
}

func quotePrefixed(t *testing.T, f *excelize.File, sheet, cell string) bool {
	t.Helper()
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	q := f.Styles.CellXfs.Xf[id].QuotePrefix
	return q != nil && *q
}

var formulaElement = regexp.MustCompile(`<f[ >]`)

// The parts of the package are looked at as they are: what excelize wrote wrong
// it might also read wrong.
func TestTheWorkbooksXML(t *testing.T) {
	for kind, b := range render(t, scoringDocument(t, engine.Chinese), "PB02", "property", XLSX) {
		r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range r.File {
			text := readPart(t, part)
			if strings.Contains(part.Name, "worksheets/sheet") && formulaElement.MatchString(text) {
				t.Errorf("%s %s holds a formula", kind, part.Name)
			}
			if strings.ContainsAny(text, "\x00\x1b") {
				t.Errorf("%s %s holds a character that XML does not allow", kind, part.Name)
			}
		}
	}
}

func readPart(t *testing.T, part *zip.File) string {
	t.Helper()
	r, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAPackThatOnlyRanks(t *testing.T) {
	books := render(t, rankingDocument(t, engine.English), "22222", "all", XLSX)
	f := openBook(t, books["ranking"])
	if got, want := f.GetSheetList(), []string{"Ranking", "Metrics", "Not assessed", "About"}; !slices.Equal(got, want) {
		t.Fatalf("sheets are %v", got)
	}
	for cell, want := range map[string]string{
		"A5": "rank (1 = lowest complaint ratio)", "F5": "complaint ratio (complaints/USD million)", "F6": "0.0000", "F7": "0.3333", "A8": "—", "F8": "—",
		"D7": "Beta & Sons <Mutual>", "I8": "not computable: the premium is zero",
	} {
		if got := shown(t, f, "Ranking", cell); got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
	}
	card := openBook(t, books["scorecard"])
	if got, want := card.GetSheetList(), []string{"Scorecard", "Calculations", "Trend and peers", "About"}; !slices.Equal(got, want) {
		t.Fatalf("sheets are %v", got)
	}
	if got := shown(t, card, "Scorecard", "A3"); !strings.HasPrefix(got, "complaint ratio 0.3333 complaints/USD million · rank 2 of 2 (1 = lowest complaint ratio)") {
		t.Errorf("standing: %q", got)
	}
	if got := shown(t, card, "Scorecard", "E8"); got != "0.3333" {
		t.Errorf("value: %q", got)
	}
}
