package ingest

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// templateRows is how many rows of a template have drop-downs.
const templateRows = 5000

// template is a workbook to fill in.
type template struct {
	book    *excelize.File
	columns []*column
	lang    engine.Lang
	table   string // sheets
	about   string
	lists   string
}

// WriteTemplate writes a workbook to fill in for a target: headings with units,
// drop-downs where a cell takes one of several words, and a second sheet that says
// what each column means. The error wraps engine.ErrNotFound if the pack has no
// such target.
func WriteTemplate(w io.Writer, p *engine.Pack, target string, lang engine.Lang) error {
	columns, err := columnsOf(p, target)
	if err != nil {
		return err
	}
	t := &template{book: excelize.NewFile(), columns: columns, lang: lang}
	defer t.book.Close()
	t.table, t.about, t.lists = t.word("数据", "data"), t.word("说明", "notes"), "lists"
	for _, step := range []func() error{t.addSheets, t.writeTable, t.writeAbout} {
		if err := step(); err != nil {
			return fmt.Errorf("write template of %s: %w", target, err)
		}
	}
	return t.book.Write(w)
}

// columnsOf lists the columns a target has a place for.
func columnsOf(p *engine.Pack, target string) ([]*column, error) {
	l := &load{pack: p}
	id := TargetID(p, target)
	switch id {
	case "":
		return nil, fmt.Errorf("pack %s takes no %q: %w", p.Name, target, engine.ErrNotFound)
	case TargetSubjects:
		(&subjectLoad{load: l}).declare()
		return l.columns, nil
	case TargetJudgements:
		(&judgementLoad{load: l}).declare()
		return l.columns, nil
	}
	if f, err := findFeed(p, id); err == nil {
		(&feedLoad{load: l, feed: f}).declare()
		return l.columns, nil
	}
	r, err := findRegister(p, id)
	if err != nil {
		return nil, err
	}
	(&registerLoad{load: l, register: r}).declare()
	return l.columns, nil
}

func (t *template) word(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(t.lang) }

func (t *template) addSheets() error {
	if err := t.book.SetSheetName("Sheet1", t.table); err != nil {
		return err
	}
	for _, name := range []string{t.about, t.lists} {
		if _, err := t.book.NewSheet(name); err != nil {
			return err
		}
	}
	return t.book.SetSheetVisible(t.lists, false)
}

// heading is what stands above a column: one of the names it goes by, and its unit.
func (t *template) heading(c *column) string {
	name := c.names[0]
	if t.lang == engine.English {
		if i := slices.IndexFunc(c.names, isASCII); i >= 0 {
			name = c.names[i]
		}
	}
	if u, err := unit.Parse(c.unit.String()); c.numeric && err == nil && u == c.unit && !u.IsBare() {
		return name + "(" + c.unit.String() + ")"
	}
	return name
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 }

// writeTable writes the headings and readies the columns below them.
func (t *template) writeTable() error {
	head, err := t.book.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE7F3"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	if err != nil {
		return err
	}
	for i, c := range t.columns {
		letter := columnLetter(i)
		if err := t.format(c, letter); err != nil {
			return err
		}
		if err := t.book.SetCellStr(t.table, letter+"1", t.heading(c)); err != nil {
			return err
		}
		if err := t.book.SetCellStyle(t.table, letter+"1", letter+"1", head); err != nil {
			return err
		}
		if err := t.dropDown(i, c); err != nil {
			return err
		}
	}
	return t.book.SetPanes(t.table, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// format keeps codes and periods as they are typed and days as days.
func (t *template) format(c *column, letter string) error {
	code := "@"
	switch c.kind {
	case formula.Number:
		code = "General"
	case formula.Date:
		code = "yyyy-mm-dd"
		if c.clock {
			code = "yyyy-mm-dd hh:mm"
		}
	}
	id, err := t.book.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		return err
	}
	if err := t.book.SetColStyle(t.table, letter, id); err != nil {
		return err
	}
	return t.book.SetColWidth(t.table, letter, letter, float64(min(max(displayWidth(t.heading(c))+4, 12), 40)))
}

// choices are the words a cell may hold; nil if it is free.
func (t *template) choices(c *column) []string {
	if c.kind == formula.Bool {
		return []string{t.word("是", "yes"), t.word("否", "no")}
	}
	return c.options
}

// dropDown offers the words. They stand on a hidden sheet, since a list in the cell
// itself may have 255 characters only.
func (t *template) dropDown(i int, c *column) error {
	words := t.choices(c)
	if len(words) == 0 {
		return nil
	}
	letter := columnLetter(i)
	if err := t.book.SetSheetCol(t.lists, letter+"1", &words); err != nil {
		return err
	}
	d := excelize.NewDataValidation(true)
	d.Sqref = fmt.Sprintf("%[1]s2:%[1]s%[2]d", letter, templateRows)
	d.SetSqrefDropList(fmt.Sprintf("%[1]s!$%[2]s$1:$%[2]s$%[3]d", t.lists, letter, len(words)))
	d.SetError(excelize.DataValidationErrorStyleStop, t.word("不在可选值之内", "not one of the values"), t.word("请从列表中选择", "pick one of the list"))
	return t.book.AddDataValidation(t.table, d)
}

// writeAbout says what each column means.
func (t *template) writeAbout() error {
	heads := []any{t.word("列", "column"), t.word("必填", "required"), t.word("格式", "format"), t.word("单位", "unit"), t.word("可填", "values")}
	if err := t.book.SetSheetRow(t.about, "A1", &heads); err != nil {
		return err
	}
	for i, c := range t.columns {
		u := ""
		if c.numeric && !c.unit.IsBare() {
			u = c.unit.String()
		}
		// The column's letter keeps this list from being taken for a table.
		row := []any{columnLetter(i) + " " + t.heading(c), t.needed(c), t.kindOf(c), u, strings.Join(t.choices(c), ", ")}
		if err := t.book.SetSheetRow(t.about, fmt.Sprintf("A%d", i+2), &row); err != nil {
			return err
		}
	}
	if err := t.book.SetColWidth(t.about, "A", "A", 36); err != nil {
		return err
	}
	return t.book.SetColWidth(t.about, "B", "E", 24)
}

func (t *template) needed(c *column) string {
	switch {
	case c.need == required && !c.numeric:
		return t.word("必填", "yes")
	case c.need == required:
		return t.word("保留本列;不知道就留空,没有就写 0", "keep the column; empty if not known, 0 if none")
	}
	return t.word("可不填", "no")
}

func (t *template) kindOf(c *column) string {
	switch {
	case c.kind == formula.Number:
		return t.word("数字", "number")
	case c.clock:
		return t.word("日期和时刻,如 2025-07-20 09:30", "date and time, such as 2025-07-20 09:30")
	case c.kind == formula.Date:
		return t.word("日期,如 2025-07-20", "date, such as 2025-07-20")
	case len(t.choices(c)) > 0:
		return t.word("从列表中选择", "one of the list")
	case slices.Contains(c.names, "period"):
		return t.word("期间,如 2025H1", "period, such as 2025H1")
	}
	return t.word("文字", "text")
}
