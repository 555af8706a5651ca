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
// in the columns that are repeated.
func (p *page) lay() {
	p.pages, p.spanned = 1, p.width
	if !p.sheet.across {
		return
	}
	kept, total := p.widthOf(p.sheet.freeze), p.widthOf(p.width)
	if total <= onePage {
		return
	}
	p.pages = int(math.Ceil((total - kept) / (onePage - kept)))
	p.spanned = p.sheet.freeze // what stands there is on every page
}

// widthOf is the width of the first n columns.
func (p *page) widthOf(n int) float64 {
	sum := 0.0
	for i := range n {
		sum += p.columnWidth(i)
	}
	return sum
}

// keep begins a table that stands below another one on a new page if it would
// not fit on the rest of the page, but would on a page of its own or is long.
func (p *page) keep(first int, above float64) {
	scale := min(1, paperWide/(p.widthOf(p.width)*character))
	page := paperHigh / scale
	already := math.Mod(above, page)
	if already == 0 || already+p.used-above <= page {
		return
	}
	p.do(p.file.InsertPageBreak(p.sheet.name, fmt.Sprintf("A%d", first)))
	p.used = math.Ceil(above/page)*page + p.used - above
}
