package ingest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"kaoping/engine"
	"kaoping/engine/unit"
)

// Report is what is to be said about a file that was read.
type Report struct {
	File      string
	Encoding  string   // "UTF-8", "UTF-8 BOM", "GB18030", "XLSX"
	Delimiter string   // , ; or tab; empty for a workbook
	Sheets    []string // sheets of a workbook that were read
	Rows      int      // data rows
	Bad       int      // data rows with errors
	Problems  []CellProblem
	More      int      // problems beyond those kept
	Merged    []Merged // rows that the pack declares to be one subject with another
}

// Merged says that a row repeats another under a second code.
type Merged struct {
	Row    int    // 1-based line of the row that was left out
	Code   string // its code
	Into   string // code under which the other stands
	Period engine.Period
}

// CellProblem is one thing wrong with one cell, row or heading.
type CellProblem struct {
	Sheet   string // of a workbook; empty if it concerns the whole file
	Row     int    // 1-based line of the file, row of the sheet; 0 if it concerns the whole file
	Column  string // A, B, …; empty if it concerns the row
	Heading string
	Value   string // as written, shortened
	Code    string // stable name of the rule, for example no-such-date
	Message engine.Text
	Hint    engine.Text
	Warning bool // says something worth knowing; the row is good

	at   int // index of the column, for sorting
	line int // place in the whole file, for sorting
}

// finding is a problem before it has a place.
type finding struct {
	code          string
	message, hint engine.Text
}

func pointer(f finding) *finding { return &f }

// Errors returns how many problems keep rows or the file from being loaded.
func (r *Report) Errors() int {
	n := r.More
	for i := range r.Problems {
		if !r.Problems[i].Warning {
			n++
		}
	}
	return n
}

// fault reports an error in the current row; at is the cell's index or -1.
func (l *load) fault(at int, value string, f finding) {
	l.bad[l.row.line] = true
	if l.said(at, f) {
		return
	}
	l.add(l.row.line, at, value, f, false)
}

// refuse reports an error that concerns the whole file.
func (l *load) refuse(at int, value string, f finding) {
	l.refused = true
	l.add(l.headingLine, at, value, f, false)
}

// warn reports something about the headings or the file that is no error.
func (l *load) warn(at int, value string, f finding) {
	l.add(l.headingLine, at, value, f, true)
}

func (l *load) add(row, at int, value string, f finding, warning bool) {
	if len(l.report.Problems) >= maxProblems {
		l.report.More++
		return
	}
	t, heading, sheet := l.tableOf(row), "", ""
	if at >= 0 && at < len(t.headings) {
		heading = t.headings[at]
	}
	if row > 0 {
		sheet = t.sheet
	}
	l.report.Problems = append(l.report.Problems, CellProblem{
		Sheet: sheet, Row: l.rowOf(row), line: row, Column: columnLetter(at), Heading: heading, Value: clip(value),
		Code: f.code, Message: f.message, Hint: f.hint, Warning: warning, at: at,
	})
}

// said reports whether it has been said already that the cell cannot be used.
func (l *load) said(at int, f finding) bool {
	switch l.row.kind(at) {
	case errorCell:
		return f.code != "cell-error"
	case emptyFormula:
		return f.code != "not-computed"
	}
	return false
}

// lineText names another row of the file.
func (l *load) lineText(line int) engine.Text {
	if l.book == nil {
		return say("第 %d 行", "line %d", line)
	}
	return say("工作表“%[1]s”第 %[2]d 行", "row %[2]d of sheet %[1]q", l.tableOf(line).sheet, l.rowOf(line))
}

// note says something worth knowing about a cell of the current row, which is
// good.
func (l *load) note(at int, value string, f finding) {
	if l.again {
		return
	}
	l.add(l.row.line, at, value, f, true)
}

// sort puts problems in the order of the file.
func (r *Report) sort() {
	slices.SortStableFunc(r.Problems, func(a, b CellProblem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.at, b.at))
	})
}

// shownRows is how many rows of like problems are listed by number.
const shownRows = 5

// like is a set of problems that differ only in their row.
type like struct {
	CellProblem
	rows []int
}

// grouped joins like problems under the place of the first.
func (r *Report) grouped() []*like {
	var out []*like
	byKey := map[string]*like{}
	for _, p := range r.Problems {
		key := p.Sheet + "\x00" + p.Column + "\x00" + p.Value + "\x00" + p.Code + "\x00" + p.Message.EN
		g := byKey[key]
		if g == nil {
			g = &like{CellProblem: p}
			byKey[key] = g
			out = append(out, g)
		}
		g.rows = append(g.rows, p.Row)
	}
	return out
}

// place writes the rows and the column: 17 C 收件日期.
func (g *like) place() string {
	if g.Sheet != "" {
		return g.sheetPlace()
	}
	var parts []string
	if g.Row > 0 {
		var rows []string
		for _, row := range g.rows[:min(len(g.rows), shownRows)] {
			rows = append(rows, fmt.Sprint(row))
		}
		list := strings.Join(rows, ",")
		if len(g.rows) > shownRows {
			list += "…"
		}
		parts = append(parts, list)
	}
	return strings.Join(append(parts, strings.TrimSpace(g.Column+" "+clip(g.Heading))), " ")
}

// sheetPlace writes the cells as spreadsheets name them: 产险!C17,C19 收件日期.
func (g *like) sheetPlace() string {
	var cells []string
	for _, row := range g.rows[:min(len(g.rows), shownRows)] {
		cells = append(cells, fmt.Sprintf("%s%d", g.Column, row))
	}
	list := g.Sheet + "!" + strings.Join(cells, ",")
	if len(g.rows) > shownRows {
		list += "…"
	}
	return strings.TrimSpace(list + " " + clip(g.Heading))
}

// say writes what is wrong, with the rule's name and the hint.
func (g *like) say(lang engine.Lang) string {
	word, hint, times := "错误", "提示: ", "(共 %d 行)"
	if g.Warning {
		word = "注意"
	}
	if lang == engine.English {
		word, hint, times = "error", "hint: ", "(%d rows)"
		if g.Warning {
			word = "note"
		}
	}
	s := word + " " + g.Code + "  " + g.Message.In(lang)
	if len(g.rows) > shownRows {
		s += " " + fmt.Sprintf(times, len(g.rows))
	}
	if !g.Hint.IsZero() {
		s += "  " + hint + g.Hint.In(lang)
	}
	return s
}

// Write prints the report as a table.
func (r *Report) Write(w io.Writer, lang engine.Lang) error {
	var b strings.Builder
	b.WriteString(r.summary(lang) + "\n")
	groups := r.grouped()
	if len(groups) > 0 {
		r.writeTable(&b, groups, lang)
	}
	if r.More > 0 {
		fmt.Fprintf(&b, engine.Text{ZH: "还有 %d 处未列出\n", EN: "%d more are not listed\n"}.In(lang), r.More)
	}
	if n := r.Errors(); n > 0 {
		fmt.Fprintf(&b, engine.Text{ZH: "%s 行无误,%s 行有误\n", EN: "%s good rows, %s bad rows\n"}.In(lang), group(r.Rows-r.Bad), group(r.Bad))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// summary says what kind of file it is.
func (r *Report) summary(lang engine.Lang) string {
	parts := []string{r.File}
	if r.Encoding == encodingXLSX {
		parts = append(parts, "XLSX")
		if len(r.Sheets) > 0 {
			parts = append(parts, engine.Text{ZH: "工作表 ", EN: "sheets "}.In(lang)+strings.Join(r.Sheets, ", "),
				group(r.Rows)+engine.Text{ZH: " 行", EN: " rows"}.In(lang))
		}
	} else if r.Encoding != "" {
		delimiter := r.Delimiter
		if delimiter == "\t" {
			delimiter = engine.Text{ZH: "制表符", EN: "tab"}.In(lang)
		}
		parts = append(parts,
			engine.Text{ZH: "编码 ", EN: "encoding "}.In(lang)+r.Encoding,
			engine.Text{ZH: "分隔符 ", EN: "delimiter "}.In(lang)+delimiter,
			group(r.Rows)+engine.Text{ZH: " 行", EN: " rows"}.In(lang))
	}
	return strings.Join(parts, engine.Text{ZH: ";", EN: "; "}.In(lang))
}

func (r *Report) writeTable(b *strings.Builder, groups []*like, lang engine.Lang) {
	rows := [][3]string{{
		engine.Text{ZH: "行 列", EN: "row column"}.In(lang),
		engine.Text{ZH: "值", EN: "value"}.In(lang),
		engine.Text{ZH: "问题", EN: "problem"}.In(lang),
	}}
	for _, g := range groups {
		rows = append(rows, [3]string{printable(g.place()), printable(g.Value), printable(g.say(lang))})
	}
	var widths [2]int
	for _, row := range rows {
		for i := range widths {
			widths[i] = min(max(widths[i], displayWidth(row[i])), 40)
		}
	}
	for _, row := range rows {
		for i, width := range widths {
			b.WriteString(row[i] + strings.Repeat(" ", max(width-displayWidth(row[i]), 0)+2))
		}
		b.WriteString(row[2] + "\n")
	}
}

// group writes a count with commas between the thousands.
func group(n int) string { return unit.Group(fmt.Sprint(n)) }

// printable keeps a cell from breaking the table or steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 {
			return ' '
		}
		return r
	}, s)
}

// displayWidth is how many columns of a terminal s takes.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n++
		}
		n++
	}
	return n
}
