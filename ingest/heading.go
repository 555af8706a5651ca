package ingest

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// need says what it means that a column is not there.
type need uint8

const (
	required need = iota // the file cannot be read without it
	expected             // its figures are then missing; worth a warning
	optional
)

// column is one column the pack has a place for.
type column struct {
	names   []string // headings it may have; the first is the one to print
	need    need
	numeric bool
	unit    unit.Unit // of the figures, if numeric
	base    unit.Unit // of the figures where no heading says otherwise
	at      int       // index in the current table, -1 if it is not there
	placed  []int     // index in each table
	heading string    // as in the current table
	kind    formula.Kind
	clock   bool     // of a Date: with a time of day
	options []string // words it may hold; nil if any
	named   bool     // the heading names the unit
}

// there reports whether the file has the column.
func (c *column) there() bool { return c != nil && c.at >= 0 }

// want adds a column with the headings it may have; empty ones are ignored.
func (l *load) want(n need, names ...string) *column {
	c := &column{need: n, at: -1}
	for _, name := range names {
		if name != "" && !slices.Contains(c.names, name) {
			c.names = append(c.names, name)
		}
	}
	l.columns = append(l.columns, c)
	return c
}

// wantNumber adds a column of figures. A unit in brackets behind its heading
// takes the place of u.
func (l *load) wantNumber(n need, u unit.Unit, names ...string) *column {
	c := l.want(n, names...)
	c.number(u)
	return c
}

// number makes a column one of figures in the unit.
func (c *column) number(u unit.Unit) {
	c.numeric, c.unit, c.base, c.kind = true, u, u, formula.Number
}

// nextTable goes on to the next table whose rows can be read.
func (l *load) nextTable() bool {
	if l.book == nil {
		return len(l.tables) == 0 && !l.refused && l.readHeadings()
	}
	l.findTables()
	for len(l.queue) > 0 {
		if l.openSheet() {
			return true
		}
	}
	return false
}

// openSheet readies the next sheet of the queue.
func (l *load) openSheet() bool {
	f := l.queue[0]
	l.queue = l.queue[1:]
	source, err := l.newSheetSource(f, len(l.tables))
	if err != nil {
		l.refuse(-1, f.sheet.name, *bookFinding(err))
		return false
	}
	l.rows, l.headings = source, f.table.headings
	l.headingLine = source.base + f.row
	l.tables = append(l.tables, f.table)
	l.report.Sheets = append(l.report.Sheets, f.sheet.name)
	defer func() { l.headingLine = 0 }()
	if f.tooWide {
		l.refuse(-1, "", tooManyColumns(maxColumns+1))
	}
	ok := l.arrange()
	l.unitsOfTable(f.units)
	if !ok {
		source.close()
	}
	return ok
}

// readHeadings reads the first row of a text.
func (l *load) readHeadings() bool {
	if !l.rows.next(&l.row) {
		return false
	}
	l.headingLine = l.row.line
	defer func() { l.headingLine = 0 }()
	if l.row.fault != nil {
		l.refuse(l.row.faultAt, l.row.shown, *l.row.fault)
		return false
	}
	l.headings = cutTail(trimAll(l.row.cells))
	l.tables = []table{{headings: l.headings}}
	if n := len(l.headings); n > maxColumns {
		l.refuse(-1, "", tooManyColumns(n))
		return false
	}
	return l.arrange()
}

// arrange finds the columns of the current table. It reports false if its rows
// cannot be read.
func (l *load) arrange() bool {
	before := l.refused
	l.refused = false
	if damaged(strings.Join(l.headings, "")) {
		l.refuse(-1, strings.Join(l.headings, " "), brokenBytes(l.report.Encoding))
	}
	unused := l.place()
	l.checkMap()
	l.reportMissing(unused)
	l.reportUnused(unused)
	ok := !l.refused
	l.refused = l.refused || before
	return ok
}

// place gives each heading to its column and returns the indexes of the others.
func (l *load) place() (unused []int) {
	for _, c := range l.columns {
		c.at, c.heading, c.unit, c.named = -1, "", c.base, false
	}
	t := &l.tables[len(l.tables)-1]
	for i, h := range l.headings {
		c, u := l.match(t, i)
		switch {
		case c == nil:
			unused = append(unused, i)
		case c.there():
			l.refuse(i, h, headingTwice(columnLetter(c.at)))
		default:
			c.at, c.heading = i, h
			l.headingUnit(c, u)
		}
	}
	for _, c := range l.columns {
		c.placed = append(c.placed, c.at)
	}
	return unused
}

// match returns the column a heading names, and the unit in its brackets.
func (l *load) match(t *table, i int) (*column, string) {
	if t.headings[i] == "" {
		return nil, ""
	}
	name := l.renamed(t.headings[i])
	if c := l.columnNamed(name); c != nil {
		return c, ""
	}
	name, u := cutBracket(name)
	if c := l.columnNamed(name); c != nil {
		return c, u
	}
	names, u := levelNames(t, i)
	for _, name := range names {
		if c := l.columnNamed(l.renamed(name)); c != nil {
			return c, u
		}
	}
	return nil, ""
}

// columnNamed returns the first column that goes by the name; nil if there is
// none.
func (l *load) columnNamed(name string) *column {
	if l.byName == nil {
		l.byName = map[string]*column{}
		for _, c := range l.columns {
			for _, name := range c.names {
				if l.byName[fold(name)] == nil {
					l.byName[fold(name)] = c
				}
			}
		}
	}
	return l.byName[fold(name)]
}

// unitsOfTable applies units that stand above a table to the figures whose
// headings name none.
func (l *load) unitsOfTable(units []unit.Unit) {
	for _, c := range l.columns {
		if !c.numeric || !c.there() || c.named {
			continue
		}
		for _, u := range units {
			if u.SameDimension(c.unit) && !u.Scale().Equal(c.unit.Scale()) {
				c.unit = u
				l.warn(c.at, c.heading, unitOfTable(u))
			}
		}
	}
}

// renamed applies --map.
func (l *load) renamed(heading string) string {
	if to, ok := l.opt.Map[heading]; ok {
		return to
	}
	for from, to := range l.opt.Map {
		if fold(from) == fold(heading) {
			return to
		}
	}
	return heading
}

// headingUnit takes the unit that stands in brackets: 保费收入(万元).
func (l *load) headingUnit(c *column, text string) {
	if text == "" || !c.numeric {
		return
	}
	u, err := unit.Parse(text)
	if err != nil {
		l.refuse(c.at, c.heading, badUnit(text, c.unit))
		return
	}
	if !u.SameDimension(c.unit) {
		l.refuse(c.at, c.heading, otherUnit(u, c.unit))
		return
	}
	c.unit, c.named = u, true
}

// checkMap reports entries of --map that name nothing.
func (l *load) checkMap() {
	for _, from := range slices.Sorted(maps.Keys(l.opt.Map)) {
		to := l.opt.Map[from]
		if !slices.ContainsFunc(l.headings, func(h string) bool { return fold(h) == fold(from) }) {
			l.refuse(-1, from, mapFromNothing(from, nearest(from, l.headings)))
		}
		known := slices.ContainsFunc(l.columns, func(c *column) bool {
			return slices.ContainsFunc(c.names, func(n string) bool { return fold(n) == fold(to) })
		})
		if !known {
			l.refuse(-1, to, mapToNothing(to, nearest(to, l.names())))
		}
	}
}

// names lists the first heading of every column.
func (l *load) names() []string {
	var list []string
	for _, c := range l.columns {
		list = append(list, c.names[0])
	}
	return list
}

// reportMissing reports columns that are not there. A heading nobody asked for
// that is almost the missing one is a slip of the pen: then even a column that
// may be missing is an error.
func (l *load) reportMissing(unused []int) {
	var spare []string
	for _, i := range unused {
		spare = append(spare, l.headings[i])
	}
	for _, c := range l.columns {
		if c.there() {
			continue
		}
		close := ""
		for _, name := range c.names {
			if close == "" {
				close = nearest(name, spare)
			}
		}
		switch {
		case c.need == required || c.need == expected && close != "":
			l.refuse(-1, c.names[0], missingColumn(c.names[0], close))
		case c.need == expected:
			l.warn(-1, c.names[0], absentColumn(c.names[0]))
		}
	}
}

// reportUnused says once which columns are not read.
func (l *load) reportUnused(unused []int) {
	var list []string
	first := -1
	for _, i := range unused {
		h := l.headings[i]
		if h == "" || slices.ContainsFunc(l.quiet, func(q string) bool { return fold(q) == fold(h) }) {
			continue
		}
		if first < 0 {
			first = i
		}
		list = append(list, columnLetter(i)+" "+clip(h))
	}
	if list != nil {
		l.warn(first, "", unknownColumns(list))
	}
}

// fold brings headings, names and words to one form for comparing: full-width
// forms, case and blanks do not count.
func fold(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(trim(s))), ""))
}

// brackets brings the forms of brackets to one.
var brackets = strings.NewReplacer("\uFF08", "(", "\uFF09", ")", "[", "(", "]", ")", "\u3010", "(", "\u3011", ")")

// cutBracket splits 保费收入(万元) into its heading and its unit.
func cutBracket(heading string) (name, inside string) {
	h := brackets.Replace(heading)
	i := strings.LastIndexByte(h, '(')
	if i <= 0 || !strings.HasSuffix(h, ")") {
		return heading, ""
	}
	inside = strings.TrimSuffix(h[i+1:], ")")
	return trim(h[:i]), trim(strings.TrimLeft(strings.TrimPrefix(inside, "单位"), ":\uFF1A "))
}

// columnLetter names a column as spreadsheets do: A, B, … Z, AA.
func columnLetter(i int) string {
	if i < 0 {
		return ""
	}
	name := ""
	for n := i + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
