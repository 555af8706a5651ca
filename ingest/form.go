package ingest

import (
	"errors"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// Form is a scoring form (评分表) as it stands in a workbook, before anybody
// decided what it means.
type Form struct {
	Sheet string
	Title string // of the rows above the heading
	Rows  []FormRow
}

// FormRow is one row below the heading. Texts are as written, trimmed.
type FormRow struct {
	Row        int    // in the sheet, from 1
	Section    string // of a column for sections; empty without one
	Name       string
	Points     string
	Definition string // 计算口径
	Source     string // 数据来源
	Scoring    string // 评分办法
	Clause     string // 依据
	OnlyFor    string // 适用
	Indent     int    // of the name's cell
	Numbered   bool   // the column of numbers has one
}

// ErrNoForm says that a workbook holds no scoring form.
var ErrNoForm = errors.New("no sheet has a heading with an item and its points")

// NoFormText says what a scoring form needs.
var NoFormText = engine.Text{
	ZH: "没有找到评分表:表头至少要有“指标”和“分值”两列(可再有 计算口径、数据来源、评分办法、依据)。",
	EN: "no scoring form: a heading needs at least the columns 指标 and 分值 (and may have 计算口径, 数据来源, 评分办法, 依据).",
}

// formColumns are the headings that a column may have; what stands first is looked
// for first.
var formColumns = []struct {
	key   string
	names []string
}{
	{"no", []string{"序号", "no.", "编号"}},
	{"section", []string{"一级指标", "指标类别", "考核类别", "考评类别", "类别", "维度", "部分", "大类"}},
	{"points", []string{"分值", "标准分", "满分", "权重", "分数", "full points", "points"}},
	{"definition", []string{"计算口径", "口径", "计算公式", "公式", "指标说明", "指标解释", "指标定义", "考核内容", "考评内容", "definition"}},
	{"source", []string{"数据来源", "资料来源", "来源", "source"}},
	{"scoring", []string{"评分办法", "评分标准", "评分方法", "评分规则", "计分办法", "计分方法", "计分标准", "考核标准", "扣分标准", "得分标准", "scoring"}},
	{"clause", []string{"依据", "条款", "制度", "clause"}},
	{"for", []string{"适用", "for"}},
	{"name", []string{"指标", "项目", "item"}},
}

// maxHeading is how far down a heading is looked for, in rows.
const maxHeading = 40

// ReadForm finds the scoring form in a workbook: the first sheet with a heading
// that names an item and its points, whatever the order and the wording. It fails
// with ErrNoForm if there is none.
func ReadForm(data []byte) (*Form, error) {
	f, err := buildBook(data)
	if err != nil {
		return nil, errors.Join(ErrNoForm, err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		r := &formReader{file: f, sheet: sheet}
		if r.open() && r.findHeading() {
			return r.read(), nil
		}
	}
	return nil, ErrNoForm
}

type formReader struct {
	file    *excelize.File
	sheet   string
	rows    [][]string
	heading int            // index of the row
	columns map[string]int // by key
}

// open reads the cells; those of a merged range all get its value.
func (r *formReader) open() bool {
	rows, err := r.file.GetRows(r.sheet)
	if err != nil || len(rows) > maxFormRows {
		return false
	}
	r.rows = rows
	merged, err := r.file.GetMergeCells(r.sheet)
	if err != nil {
		return false
	}
	for _, m := range merged {
		left, top, errA := excelize.CellNameToCoordinates(m.GetStartAxis())
		_, bottom, errB := excelize.CellNameToCoordinates(m.GetEndAxis())
		if errA != nil || errB != nil {
			continue
		}
		for row := top; row <= min(bottom, len(rows)); row++ {
			r.set(row-1, left-1, m.GetCellValue())
		}
	}
	return true
}

// maxFormRows is more than any form has.
const maxFormRows = 5000

// set puts a value where a merged range covers it. Ranges over several columns
// count in their first.
func (r *formReader) set(row, column int, value string) {
	for len(r.rows[row]) <= column {
		r.rows[row] = append(r.rows[row], "")
	}
	r.rows[row][column] = value
}

var inBrackets = regexp.MustCompile(`[(（].*?[)）]`)

// findHeading looks for the row that names the columns.
func (r *formReader) findHeading() bool {
	for i := 0; i < min(len(r.rows), maxHeading); i++ {
		columns := map[string]int{}
		for c, cell := range r.rows[i] {
			if key := columnKey(cell); key != "" {
				if _, taken := columns[key]; !taken {
					columns[key] = c
				}
			}
		}
		_, points := columns["points"]
		_, scoring := columns["scoring"]
		if _, name := columns["name"]; name && (points || scoring) {
			r.heading, r.columns = i, columns
			return true
		}
	}
	return false
}

// columnKey says what a heading means; empty if nothing. A heading that is one of
// the names goes before one that only ends with it: 二级指标 is an item.
func columnKey(heading string) string {
	h := strings.ToLower(strings.Join(strings.Fields(inBrackets.ReplaceAllString(heading, "")), " "))
	if h == "" || len([]rune(h)) > 12 {
		return ""
	}
	plain := strings.ReplaceAll(h, " ", "")
	for _, c := range formColumns {
		for _, name := range c.names {
			if h == name || plain == name {
				return c.key
			}
		}
	}
	for _, c := range formColumns {
		for _, name := range c.names {
			if len(name) >= len("指标") && name[0] > 127 && (strings.HasSuffix(plain, name) || strings.HasPrefix(plain, name)) {
				return c.key
			}
		}
	}
	return ""
}

func (r *formReader) read() *Form {
	form := &Form{Sheet: r.sheet}
	for _, row := range r.rows[:r.heading] {
		for _, cell := range row {
			if s := strings.TrimSpace(cell); s != "" && form.Title == "" {
				form.Title = s
			}
		}
	}
	for i := r.heading + 1; i < len(r.rows); i++ {
		row := FormRow{
			Row: i + 1, Section: r.cell(i, "section"), Name: r.cell(i, "name"), Points: r.cell(i, "points"), Definition: r.cell(i, "definition"),
			Source: r.cell(i, "source"), Scoring: r.cell(i, "scoring"), Clause: r.cell(i, "clause"), OnlyFor: r.cell(i, "for"),
			Indent: r.indent(i), Numbered: r.cell(i, "no") != "",
		}
		if row.Name == "" && row.Points == "" && row.Scoring == "" {
			row.Name, row.Numbered = r.loneText(i), false
		}
		if row.Name != "" || row.Points != "" || row.Scoring != "" {
			form.Rows = append(form.Rows, row)
		}
	}
	return form
}

// loneText is the text of a row that has only one: the title of a section that is
// merged over the whole width.
func (r *formReader) loneText(row int) string {
	text := ""
	for _, cell := range r.rows[row] {
		if s := strings.TrimSpace(cell); s != "" {
			if text != "" && text != s {
				return ""
			}
			text = s
		}
	}
	return text
}

func (r *formReader) cell(row int, key string) string {
	c, ok := r.columns[key]
	if !ok || c >= len(r.rows[row]) {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(r.rows[row][c], "\r\n", "\n"))
}

// indent is how far the name of a row is indented.
func (r *formReader) indent(row int) int {
	at, err := excelize.CoordinatesToCellName(r.columns["name"]+1, row+1)
	if err != nil {
		return 0
	}
	id, err := r.file.GetCellStyle(r.sheet, at)
	if err != nil {
		return 0
	}
	style, err := r.file.GetStyle(id)
	if err != nil || style.Alignment == nil {
		return 0
	}
	return style.Alignment.Indent
}
