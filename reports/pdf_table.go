package reports

// printed is one row in lines of type.
type printed struct {
	part  part
	cells []printedCell
	lines int
}

type printedCell struct {
	cell
	lines []string
	face  *face
	span  int // columns
}

// print puts the grid on as many pages as it takes, its headings on each.
func (g *grid) print() {
	if g.table.above != nil {
		g.row(g.broken(g.table.above, bandPart), nil)
	}
	header := g.header()
	for _, r := range header {
		g.row(r, nil)
	}
	for _, r := range g.table.rows {
		g.row(g.broken(r.cells, partOf(r.kind)), header)
	}
	if len(g.table.rows) == 0 {
		g.row(g.across(g.table.empty), header)
	}
	if len(g.table.summary) > 0 {
		g.y += 4
	}
	for _, r := range g.table.summary {
		g.row(g.broken(r.cells, partOf(r.kind)), header)
	}
}

// height is what the whole grid takes on a page without end.
func (g *grid) height() float64 {
	sum := 0.0
	for _, r := range g.header() {
		sum += g.high(r.lines)
	}
	for _, r := range g.table.rows {
		sum += g.high(g.broken(r.cells, dataPart).lines)
	}
	return sum + float64(len(g.table.summary)+1)*g.high(1)
}

func (g *grid) high(lines int) float64 { return float64(lines)*g.size*leading + cellPadding }

// header is the row of headings, below that of their groups if there are any.
func (g *grid) header() []printed {
	titles, groups := make([]cell, len(g.table.columns)), make([]cell, len(g.table.columns))
	for i, c := range g.table.columns {
		titles[i], groups[i] = textCell(c.title), textCell(c.group)
	}
	row := g.broken(titles, headerPart)
	if !grouped(g.table) {
		return []printed{row}
	}
	upper := printed{part: headerPart, lines: 1}
	for k := 0; k < len(g.columns); {
		group, span, width := groups[g.columns[k]], 1, g.widths[k]
		for k+span < len(g.columns) && groups[g.columns[k+span]] == group {
			width += g.widths[k+span]
			span++
		}
		c := g.lines(group, width, true)
		c.span = span
		upper.cells, upper.lines = append(upper.cells, c), max(upper.lines, len(c.lines))
		k += span
	}
	return []printed{upper, row}
}

// across is a row of one text.
func (g *grid) across(text string) printed {
	total := 0.0
	for _, w := range g.widths {
		total += w
	}
	c := g.lines(textCell(text), total, false)
	c.span = len(g.widths)
	return printed{part: dataPart, cells: []printedCell{c}, lines: len(c.lines)}
}

// broken cuts the texts of a row into lines.
func (g *grid) broken(cells []cell, p part) printed {
	out := printed{part: p, lines: 1}
	for k, i := range g.columns {
		var c cell
		if i < len(cells) {
			c = cells[i]
		}
		one := g.lines(c, g.widths[k], p != dataPart)
		out.cells, out.lines = append(out.cells, one), max(out.lines, len(one.lines))
	}
	return out
}

func (g *grid) lines(c cell, width float64, bold bool) printedCell {
	f, text := g.pick(clean(c.text), bold)
	room := (width-2*cellPadding)/g.size - float64(c.indent)
	return printedCell{cell: c, lines: f.breakLines(text, max(room, 1)), face: f, span: 1}
}

// row prints a row where it fits, else on a new page below the headings. One that is
// higher than a page goes on on the next.
func (g *grid) row(r printed, header []printed) {
	const slack = 0.01
	if g.high(r.lines) > g.left()+slack {
		fits := int((g.left() - cellPadding) / (g.size * leading))
		if header != nil && g.high(r.lines) <= g.body(header) {
			fits = 0
		}
		if fits > 0 {
			var rest printed
			r, rest = r.cut(fits)
			defer g.row(rest, header)
		} else {
			g.newPage(g.sheet)
			for _, h := range header {
				g.row(h, nil)
			}
			g.row(r, header)
			return
		}
	}
	x, k := paperMargin, 0
	high := g.high(r.lines)
	for _, c := range r.cells {
		width := 0.0
		for range c.span {
			width += g.widths[k]
			k++
		}
		g.cell(c, r.part, g.table.columns[g.columns[k-1]], x, width, high)
		x += width
	}
	g.y += high
}

// body is what a new page has room for below the headings.
func (g *grid) body(header []printed) float64 {
	room := printBottom - paperMargin
	for _, h := range header {
		room -= g.high(h.lines)
	}
	return room
}

// cut divides a row behind so many lines.
func (r printed) cut(at int) (first, rest printed) {
	first, rest = printed{part: r.part, lines: at}, printed{part: r.part, lines: r.lines - at}
	for _, c := range r.cells {
		a, b := c, c
		n := min(at, len(c.lines))
		a.lines, b.lines = c.lines[:n], c.lines[n:]
		first.cells, rest.cells = append(first.cells, a), append(rest.cells, b)
	}
	return first, rest
}

// partFill is the ground of what stands out.
var partFill = map[part]string{headerPart: headerFill, sectionPart: sectionFill, bandPart: sectionFill, totalPart: totalFill}

func (g *grid) cell(c printedCell, p part, of column, x, width, high float64) {
	g.put(mark{x: x, y: g.y, w: width, h: high, fill: partFill[p], line: true})
	colour := blackInk
	if c.bad {
		colour = badInk
	}
	top := g.y + (high-float64(len(c.lines))*g.size*leading)/2
	for i, line := range c.lines {
		if line == "" {
			continue
		}
		at := x + cellPadding + float64(c.indent)*g.size
		switch free := width - 2*cellPadding - c.face.width(line)*g.size; {
		case p == headerPart || of.center:
			at = x + cellPadding + max(0, free/2)
		case of.right:
			at = x + cellPadding + max(0, free)
		}
		g.put(mark{x: at, y: top + (float64(i)*leading+1.08)*g.size, text: line, face: c.face, size: g.size, colour: colour})
	}
}
