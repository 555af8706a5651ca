package reports

import "slices"

// layout puts the sheets of a book on pages. Lengths are in points.
type layout struct {
	*faces
	book   *book
	leaves []leaf
	y      float64 // where the next thing begins on the last page
}

// Sizes of type, and how high a line is in sizes.
const (
	titleSize   = 16.0
	captionSize = 11.0
	headSize    = 8.5
	noteSize    = 7.5
	largestType = 9.0 // in tables
	leastType   = 6.5
	leading     = 1.4
	cellPadding = 3.0
	plainWidth  = 9.0 // of a column that says nothing, in characters
)

func (l *layout) page() *leaf { return &l.leaves[len(l.leaves)-1] }

func (l *layout) newPage(s *sheet) {
	l.leaves = append(l.leaves, leaf{sheet: s})
	l.y = paperMargin
}

func (l *layout) put(m mark) { l.page().marks = append(l.page().marks, m) }

func (l *layout) left() float64 { return printBottom - l.y }

func (l *layout) bookmark(title string) {
	l.page().bookmarks = append(l.page().bookmarks, bookmark{clean(title), l.y})
}

func (l *layout) addSheet(s *sheet) {
	l.newPage(s)
	l.bookmark(s.name)
	l.centred(s.title)
	for _, h := range s.head {
		look := block{size: headSize, colour: blackInk}
		if h.banner {
			look.bold, look.colour, look.fill = true, bannerInk, bannerFill
		}
		l.block(s, h.text, look)
	}
	l.y += 4
	for _, t := range s.tables {
		l.addTable(s, t)
	}
	if s.sign != "" {
		l.y += 16
		l.block(s, s.sign, block{size: 9.5, colour: blackInk})
	}
	l.y += 4
	for _, n := range s.notes {
		l.block(s, n, block{size: noteSize, colour: quietInk})
	}
}

func (l *layout) centred(title string) {
	f, text := l.pick(clean(title), true)
	for _, line := range f.breakLines(text, printWidth/titleSize) {
		l.y += titleSize * 1.2
		l.put(mark{x: paperMargin + (printWidth-f.width(line)*titleSize)/2, y: l.y, text: line, face: f, size: titleSize, colour: blackInk})
	}
	l.y += 8
}

// block is how a paragraph across the page looks.
type block struct {
	size   float64
	bold   bool
	colour string
	fill   string
}

func (l *layout) block(s *sheet, text string, b block) {
	f, text := l.pick(clean(text), b.bold)
	lines := f.breakLines(text, (printWidth-2*cellPadding)/b.size)
	for _, line := range lines {
		if l.left() < b.size*leading {
			l.newPage(s)
		}
		if b.fill != "" {
			l.put(mark{x: paperMargin, y: l.y, w: printWidth, h: b.size*leading + 1, fill: b.fill})
		}
		l.put(mark{x: paperMargin + cellPadding, y: l.y + b.size*1.1, text: line, face: f, size: b.size, colour: b.colour})
		l.y += b.size * leading
	}
	l.y++
}

// grid is a table, or those of its columns that go beside each other on one page.
type grid struct {
	*layout
	sheet   *sheet
	table   *table
	columns []int // of the table
	widths  []float64
	size    float64
}

// addTable begins a long table on a new page if little of this one is left. A table
// that is too wide to read is cut into parts, each with the first columns.
func (l *layout) addTable(s *sheet, t *table) {
	parts := columnParts(s, t)
	for i, columns := range parts {
		g := &grid{layout: l, sheet: s, table: t, columns: columns}
		g.measure()
		caption := t.caption
		if len(parts) > 1 && i > 0 && caption == "" {
			caption = s.name
		}
		if caption != "" {
			l.y += 10
		}
		if l.left() < min(g.height(), (printBottom-paperMargin)/2) {
			l.newPage(s)
		}
		if caption != "" {
			if t.caption != "" && i == 0 {
				l.bookmark(s.name + " · " + t.caption)
			}
			f, text := l.pick(clean(caption), true)
			l.put(mark{x: paperMargin, y: l.y + captionSize, text: f.breakLines(text, printWidth/captionSize)[0], face: f, size: captionSize, colour: blackInk})
			l.y += captionSize * 1.6
		}
		g.print()
	}
}

// columnParts are the columns that go beside each other: all, unless the sheet goes
// across several pages.
func columnParts(s *sheet, t *table) [][]int {
	total := 0.0
	for _, c := range t.columns {
		total += c.width
	}
	var all []int
	for i := range t.columns {
		all = append(all, i)
	}
	if !s.across || total <= onePage || s.freeze >= len(all) {
		return [][]int{all}
	}
	kept, keptWidth := all[:s.freeze:s.freeze], 0.0
	for _, i := range kept {
		keptWidth += t.columns[i].width
	}
	var parts [][]int
	part, width := slices.Clone(kept), keptWidth
	for _, i := range all[s.freeze:] {
		if width+t.columns[i].width > onePage && len(part) > len(kept) {
			parts = append(parts, part)
			part, width = slices.Clone(kept), keptWidth
		}
		part, width = append(part, i), width+t.columns[i].width
	}
	return append(parts, part)
}

// measure chooses the size of type and the widths of the columns: in the proportions
// of the workbook, but no number is broken.
func (g *grid) measure() {
	total := 0.0
	for _, i := range g.columns {
		total += g.columnWidth(i)
	}
	g.size = min(largestType, max(leastType, 2*printWidth/total*0.92))
	g.widths = make([]float64, len(g.columns))
	for k, i := range g.columns {
		g.widths[k] = g.columnWidth(i) / total * printWidth
	}
	least := make([]float64, len(g.columns))
	for k, i := range g.columns {
		least[k] = g.least(i)
	}
	g.widen(least)
}

// columnWidth is the width of a column in characters. A table below the first one of
// its sheet may leave it to the column above.
func (g *grid) columnWidth(i int) float64 {
	above := g.sheet.tables[0].columns
	switch {
	case g.table.columns[i].width > 0:
		return g.table.columns[i].width
	case i < len(above) && above[i].width > 0:
		return above[i].width
	}
	return plainWidth
}

// least is the width of the longest number of a column, and of the longest piece of
// its heading that is not broken.
func (g *grid) least(column int) float64 {
	widest := 0.0
	for _, rows := range [][]row{{{cells: g.table.above}}, g.table.rows, g.table.summary} {
		for _, r := range rows {
			if column < len(r.cells) && r.cells[column].number != "" {
				f, text := g.pick(clean(r.cells[column].text), r.kind != dataRow)
				widest = max(widest, f.width(text))
			}
		}
	}
	f, title := g.pick(clean(g.table.columns[column].title), true)
	for _, piece := range f.breakLines(title, 2.2) {
		widest = max(widest, f.width(piece))
	}
	return widest*g.size + 2*cellPadding + 0.5
}

// widen gives columns what they need at the cost of those that have more.
func (g *grid) widen(least []float64) {
	lacking, spare := 0.0, 0.0
	for k, w := range g.widths {
		lacking += max(0, least[k]-w)
		spare += max(0, w-least[k])
	}
	if spare == 0 {
		return
	}
	part := min(1, lacking/spare)
	for k, w := range g.widths {
		if w > least[k] {
			g.widths[k] = w - (w-least[k])*part
		} else {
			g.widths[k] = w + (least[k]-w)*min(1, spare/max(lacking, 1e-9))
		}
	}
}
