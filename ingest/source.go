package ingest

// rowSource gives the rows of one table, whatever kind of file it stands in, so
// that all checks of cells are shared. The first row is the headings.
type rowSource interface {
	// next reads a row into r; false at the end of the table.
	next(r *record) bool
	// expected is about how many rows are left.
	expected() int
}

// cellKind says what a spreadsheet knows of a cell besides its text.
type cellKind uint8

const (
	textCell     cellKind = iota
	numberCell            // a number; its text is the exact decimal
	dateCell              // a number shown as a day; its text is 2025-07-20
	percentCell           // a number shown as a percentage; its text is 98.5%
	longCell              // an integer of more digits than a spreadsheet keeps
	mergedCell            // covered by a merged cell; its text is that cell's
	errorCell             // #DIV/0! and the like
	emptyFormula          // a formula that was never computed
)

// kind returns the kind of the cell at an index; text where nothing is known.
func (r *record) kind(at int) cellKind {
	if at < 0 || at >= len(r.kinds) {
		return textCell
	}
	return r.kinds[at]
}

// bookKind is what a workbook says a cell is. Elsewhere nothing is taken for a serial
// day: a number of JSON is one.
func (l *load) bookKind(at int) cellKind {
	if l.book == nil {
		return textCell
	}
	return l.row.kind(at)
}

// sheetRows is more than a sheet can have rows. In a workbook a line is
// the number of the table × sheetRows + the row, so that it is unique and in order.
const sheetRows = 1 << 21

// table is one table of the file: the text of a CSV or a sheet of a workbook.
type table struct {
	sheet    string // empty for a CSV
	headings []string
	lower    []string // lower level of two-level headings; nil if there is one level
	upper    []string
}

// tableOf returns the table that holds a line.
func (l *load) tableOf(line int) *table {
	i := 0
	if l.book != nil {
		i = line / sheetRows
	}
	if i >= len(l.tables) {
		return &table{}
	}
	return &l.tables[i]
}

// rowOf returns the row that a person sees.
func (l *load) rowOf(line int) int {
	if l.book == nil {
		return line
	}
	return line % sheetRows
}

// at returns the index of a column in the table that holds a line; -1 if it is
// not there.
func (l *load) at(c *column, line int) int {
	i := 0
	if l.book != nil {
		i = line / sheetRows
	}
	if c == nil || i >= len(c.placed) {
		return -1
	}
	return c.placed[i]
}
