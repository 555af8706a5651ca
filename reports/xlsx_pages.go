package reports

import (
	"fmt"
	"math"
)

// What of a sheet comes onto which printed page. Widths are in characters, heights
// in points; both are estimates, since the printer's font decides.

// onePage is how many characters go beside each other on A4 landscape in letters
// that are easy to read.
const onePage = 165

// The printed area of A4 landscape within margins of 15 mm, in points, and the
// width of a character.
const (
	paperWide = 757.0
	paperHigh = 510.0
	character = 5.6
)

// lay decides over how many pages side by side a sheet is printed: one, except
// for long lists of columns, which are too small to read on one. Titles then stand
// in the columns that are repeated. On one page columns of text give way.
func (p *page) lay() {
	p.pages, p.spanned, p.widths = 1, p.width, nil
	for _, c := range p.sheet.tables[0].columns {
		p.widths = append(p.widths, c.width)
	}
	kept, total := p.widthOf(p.sheet.freeze), p.widthOf(p.width)
	switch {
	case total <= onePage:
	case p.sheet.across:
		p.pages = int(math.Ceil((total - kept) / (onePage - kept)))
		p.spanned = p.sheet.freeze // what stands there is on every page
	default:
		p.narrow(total - onePage)
	}
}

// Columns of text are narrowed to no less than that share of their width, and only
// if they are wide enough to hold more than a word.
const (
	narrowText = 0.7
	wideText   = 14
)

// narrow takes characters off the columns of text, from each in proportion, so
// that their lines wrap earlier and the letters stay large.
func (p *page) narrow(excess float64) {
	text := 0.0
	for _, c := range p.sheet.tables[0].columns {
		if c.wraps() {
			text += c.width
		}
	}
	if text == 0 {
		return
	}
	share := max(1-excess/text, narrowText)
	for i, c := range p.sheet.tables[0].columns {
		if c.wraps() {
			p.widths[i] = math.Round(c.width*share*10) / 10
		}
	}
}

// wraps reports whether a column holds texts that go over several lines.
func (c column) wraps() bool { return c.width >= wideText && !c.right && !c.center }

// widthOf is the width of the first n columns.
func (p *page) widthOf(n int) float64 {
	sum := 0.0
	for i := range n {
		sum += p.columnWidth(i)
	}
	return sum
}

// scale is how much the sheet is made smaller to fit the paper; 1 is full size.
func (p *page) scale() float64 {
	wide := p.widthOf(p.width)
	if p.pages > 1 { // what is frozen stands on every page
		kept := p.widthOf(p.sheet.freeze)
		wide = kept + (wide-kept)/float64(p.pages)
	}
	return min(1, paperWide/(wide*character))
}

// keep begins a table that stands below another one on a new page where that
// keeps it together.
func (p *page) keep(first int, above float64) {
	page := paperHigh / p.scale()
	if !startsNewPage(math.Mod(above, page), p.used-above, page) {
		return
	}
	p.do(p.file.InsertPageBreak(p.sheet.name, fmt.Sprintf("A%d", first)))
	p.used = math.Ceil(above/page)*page + p.used - above
}

// How much of a page may stay empty so that a table is not torn apart, and the
// height in points of a heading with the first rows below it.
const (
	mayStayEmpty = 0.4
	firstRows    = 90
)

// startsNewPage tells whether a table of that height goes to the next page: if it
// would be torn apart without need and not much of the page is lost, or if not even
// its first rows fit. All are in points; already is what is used of the page.
func startsNewPage(already, height, page float64) bool {
	left := page - already
	switch {
	case already == 0 || height <= left:
		return false
	case height <= page:
		return left <= page*mayStayEmpty || left < firstRows
	}
	return left < firstRows
}
