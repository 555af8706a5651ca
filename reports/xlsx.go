package reports

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// writeXLSX lays a book out as a workbook: A4 landscape, one page wide, header
// rows repeated, everything a value and nothing a formula.
func writeXLSX(w io.Writer, b *book) error {
	f := excelize.NewFile()
	defer f.Close()
	x := &workbook{file: f, book: b, styles: map[look]int{}}
	for i, s := range b.sheets {
		if err := x.add(i, s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.name, err)
		}
	}
	if err := f.SetDocProps(x.properties()); err != nil {
		return err
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}

type workbook struct {
	file   *excelize.File
	book   *book
	styles map[look]int
}

// properties carry no time of their own, so that the same run gives the same
// bytes.
func (x *workbook) properties() *excelize.DocProperties {
	made := "2000-01-01T00:00:00Z"
	for _, layout := range []string{time.RFC3339, time.DateTime} {
		if t, err := time.Parse(layout, x.book.made); err == nil {
			made = t.UTC().Format(time.RFC3339)
		}
	}
	language := "zh-CN"
	if x.book.lang == engine.English {
		language = "en"
	}
	return &excelize.DocProperties{Title: clean(x.book.title), Creator: "kaoping", LastModifiedBy: "kaoping", Created: made, Modified: made, Language: language}
}

func (x *workbook) add(i int, s *sheet) error {
	if i == 0 {
		if err := x.file.SetSheetName("Sheet1", s.name); err != nil {
			return err
		}
	} else if _, err := x.file.NewSheet(s.name); err != nil {
		return err
	}
	p := &page{workbook: x, sheet: s, width: len(s.tables[0].columns)}
	p.lay()
	p.fill()
	p.finish()
	return p.err
}

// page fills one sheet from the top. The first error sticks.
type page struct {
	*workbook
	sheet       *sheet
	width       int // columns of the first table
	widths      []float64
	spanned     int     // columns that titles and notes span: those on every printed page
	pages       int     // side by side
	row         int     // the last row in use
	used        float64 // height of the rows so far, in points
	headerFirst int     // rows that repeat on every printed page
	headerLast  int
	dataLast    int // last row of the first table's data
	err         error
}

func (p *page) do(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *page) fill() {
	for i, width := range p.widths {
		name, _ := excelize.ColumnNumberToName(i + 1)
		p.do(p.file.SetColWidth(p.sheet.name, name, name, width))
	}
	p.span(p.sheet.title, look{part: titlePart}, 30)
	for _, h := range p.sheet.head {
		l := look{part: headPart}
		if h.banner {
			l.part = bannerPart
		}
		p.span(h.text, l, 0)
	}
	for i, t := range p.sheet.tables {
		if i == 0 {
			p.table(t, true)
			continue
		}
		p.row++
		first, above := p.row+1, p.used
		p.span(t.caption, look{part: captionPart}, 0)
		p.table(t, false)
		p.keep(first, above)
	}
	if p.sheet.sign != "" {
		p.row++
		p.span(p.sheet.sign, look{part: signPart}, 36)
	}
	if len(p.sheet.notes) > 0 {
		p.row++
	}
	for _, n := range p.sheet.notes {
		p.span(n, look{part: notePart}, 0)
	}
}

func (p *page) table(t *table, first bool) {
	p.bandRow(t)
	p.groupRow(t)
	header := make([]cell, len(t.columns))
	for i, c := range t.columns {
		header[i] = textCell(c.title)
	}
	p.line(header, t, look{part: headerPart})
	if first {
		p.headerFirst, p.headerLast = p.row, p.row
		if grouped(t) {
			p.headerFirst--
		}
	}
	for _, r := range t.rows {
		p.line(r.cells, t, look{part: partOf(r.kind)})
	}
	if len(t.rows) == 0 {
		p.span(t.empty, look{part: dataPart}, 0)
	}
	if first {
		p.dataLast = p.row
	}
	if len(t.summary) > 0 {
		p.row++
	}
	for _, r := range t.summary {
		p.line(r.cells, t, look{part: partOf(r.kind)})
	}
}

// bandRow writes the row of full points above a header.
func (p *page) bandRow(t *table) {
	if t.above != nil {
		p.line(t.above, t, look{part: bandPart})
	}
}

func grouped(t *table) bool {
	for _, c := range t.columns {
		if c.group != "" {
			return true
		}
	}
	return false
}

// groupRow writes the upper level of a header; only there cells are merged.
func (p *page) groupRow(t *table) {
	if !grouped(t) {
		return
	}
	cells := make([]cell, len(t.columns))
	p.line(cells, t, look{part: headerPart})
	for from := 0; from < len(t.columns); {
		to := from
		for to+1 < len(t.columns) && t.columns[to+1].group == t.columns[from].group {
			to++
		}
		if g := t.columns[from].group; g != "" {
			p.put(from, textCell(g), look{part: headerPart})
			if to > from {
				p.do(p.file.MergeCell(p.sheet.name, p.at(from), p.at(to)))
			}
		}
		from = to + 1
	}
}

// at names a cell of the current row; columns count from 0.
func (p *page) at(column int) string {
	name, err := excelize.CoordinatesToCellName(column+1, p.row)
	p.do(err)
	return name
}

// line writes the next row, high enough for its longest text.
func (p *page) line(cells []cell, t *table, l look) {
	p.row++
	most := 1
	for i, c := range cells {
		own := l
		own.right, own.center = t.columns[i].right && l.part != headerPart, t.columns[i].center
		p.put(i, c, own)
		if c.number == "" {
			most = max(most, lineCount(c.text, p.columnWidth(i)-2*float64(c.indent)-1))
		}
	}
	p.height(most, 15, 18)
}

func (p *page) columnWidth(i int) float64 {
	if i < len(p.widths) {
		return p.widths[i]
	}
	return 9
}

// height makes the current row high enough for lines of text, each so high; one
// line alone has its own height.
func (p *page) height(textLines int, each, one float64) {
	high := one
	if textLines > 1 {
		high = min(float64(textLines)*each+2, 400)
	}
	p.high(high)
}

func (p *page) high(points float64) {
	p.used += points
	p.do(p.file.SetRowHeight(p.sheet.name, p.row, points))
}

// put writes one cell: a number as the digits it has, everything else as text.
func (p *page) put(column int, c cell, l look) {
	l.format, l.indent, l.bad = c.format, c.indent, c.bad
	text := clean(c.text)
	l.quote = c.number == "" && risky(text)
	at := p.at(column)
	if c.number != "" {
		p.do(p.file.SetCellDefault(p.sheet.name, at, c.number))
	} else if text != "" {
		p.do(p.file.SetCellStr(p.sheet.name, at, text))
	}
	style, err := p.style(l)
	p.do(err)
	p.do(p.file.SetCellStyle(p.sheet.name, at, at, style))
}

// span writes a text across the sheet; it wraps as often as it must.
func (p *page) span(text string, l look, height float64) {
	p.row++
	for i := range p.spanned {
		p.put(i, cell{}, l)
	}
	p.put(0, textCell(text), l)
	if p.spanned > 1 {
		p.do(p.file.MergeCell(p.sheet.name, p.at(0), p.at(p.spanned-1)))
	}
	total := 0.0
	for i := range p.spanned {
		total += p.columnWidth(i)
	}
	n := lineCount(text, total*0.95)
	if height > 0 {
		p.high(height * float64(n))
		return
	}
	p.height(n, 14, 16)
}

// finish sets what is around the cells: panes, filter, paper.
func (p *page) finish() {
	s := p.sheet
	last, _ := excelize.ColumnNumberToName(p.width)
	if s.filter && p.dataLast > p.headerLast {
		p.do(p.file.AutoFilter(s.name, fmt.Sprintf("A%d:%s%d", p.headerLast, last, p.dataLast), nil))
	}
	corner, _ := excelize.CoordinatesToCellName(s.freeze+1, p.headerLast+1)
	p.do(p.file.SetPanes(s.name, &excelize.Panes{
		Freeze: true, XSplit: s.freeze, YSplit: p.headerLast, TopLeftCell: corner, ActivePane: "bottomRight",
		Selection: []excelize.Selection{{SQRef: corner, ActiveCell: corner, Pane: "bottomRight"}},
	}))
	quoted := "'" + strings.ReplaceAll(s.name, "'", "''") + "'"
	if len(s.tables) == 1 { // above the rows of a second table the first one's headings would lie
		titles := fmt.Sprintf("%s!$%d:$%d", quoted, p.headerFirst, p.headerLast)
		if p.pages > 1 {
			name, _ := excelize.ColumnNumberToName(s.freeze)
			titles = fmt.Sprintf("%s!$A:$%s,%s", quoted, name, titles)
		}
		p.do(p.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name, RefersTo: titles}))
	}
	p.do(p.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", Scope: s.name, RefersTo: fmt.Sprintf("%s!$A$1:$%s$%d", quoted, last, p.row)}))
	p.paper()
}

// paper is A4 landscape, one page wide unless the sheet goes across several,
// margins of 15 mm, pages numbered.
func (p *page) paper() {
	name, yes := p.sheet.name, true
	landscape, a4, wide, high := "landscape", 9, p.pages, 0
	p.do(p.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}))
	p.do(p.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &high}))
	margin, small := 15/25.4, 8/25.4
	p.do(p.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{
		Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Header: &small, Footer: &small, Horizontally: &yes,
	}))
	p.do(p.file.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: p.footer()}))
}

// footerTitle is how much of the title fits beside the page number.
const footerTitle = 56

// footer is limited to 255 characters by the format; & begins a command in it.
func (p *page) footer() string {
	pages := "第 &P 页 共 &N 页"
	if p.book.lang == engine.English {
		pages = "Page &P of &N"
	}
	title := clean(p.book.title)
	if displayWidth(title) > footerTitle {
		for displayWidth(title) > footerTitle {
			_, size := utf8.DecodeLastRuneInString(title)
			title = title[:len(title)-size]
		}
		title += "…"
	}
	escape := strings.NewReplacer("&", "&&")
	return "&L" + escape.Replace(clean(p.book.footer)) + "&C" + pages + "&R" + escape.Replace(title)
}
