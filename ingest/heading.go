package ingest

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

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
	at      int       // index in the file, -1 if it is not there
	heading string    // as in the file
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
	c.numeric, c.unit = true, u
	return c
}

// header reads the headings and finds the columns. It reports false if the rows
// cannot be read.
func (l *load) header() bool {
	if l.refused || !l.split.next(&l.row) {
		return false
	}
	l.headingLine = l.row.line
	defer func() { l.headingLine = 0 }()
	if l.row.fault != nil {
		l.refuse(l.row.faultAt, l.row.shown, *l.row.fault)
		return false
	}
	for _, cell := range l.row.cells {
		l.headings = append(l.headings, trim(cell))
	}
	for n := len(l.headings); n > 0 && l.headings[n-1] == ""; n-- {
		l.headings = l.headings[:n-1]
	}
	if n := len(l.headings); n > maxColumns {
		l.refuse(-1, "", tooManyColumns(n))
		return false
	}
	if damaged(strings.Join(l.headings, "")) {
		l.refuse(-1, strings.Join(l.headings, " "), brokenBytes(l.report.Encoding))
	}
	unused := l.place()
	l.checkMap()
	l.reportMissing(unused)
	l.reportUnused(unused)
	return !l.refused
}

// place gives each heading to its column and returns the indexes of the others.
func (l *load) place() (unused []int) {
	byName := map[string]*column{}
	for _, c := range l.columns {
		for _, name := range c.names {
			if byName[fold(name)] == nil {
				byName[fold(name)] = c
			}
		}
	}
	for i, h := range l.headings {
		name := l.renamed(h)
		c, u := byName[fold(name)], ""
		if c == nil {
			name, u = cutBracket(name)
			c = byName[fold(name)]
		}
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
	return unused
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
		l.refuse(c.at, c.heading, badUnit(text))
		return
	}
	if !u.SameDimension(c.unit) {
		l.refuse(c.at, c.heading, otherUnit(u, c.unit))
		return
	}
	c.unit = u
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
