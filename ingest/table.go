package ingest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine/unit"
)

// headRows is in how many rows of a sheet the headings are looked for.
const headRows = 50

// located is a table found in a sheet.
type located struct {
	sheet   sheet
	table   table
	row     int // of the headings, the lower one of two
	merges  []area
	rows    int         // of the sheet
	units   []unit.Unit // that stand above the table: 单位:万元
	known   int         // headings the pack has a place for
	missing []string    // required headings that are not there
	tooWide bool
}

// survey reads a sheet once and looks for the table in it.
func (l *load) survey(s sheet) (*located, error) {
	scan, err := l.book.scan(s)
	if err != nil {
		return nil, err
	}
	defer scan.closer.Close()
	scan.spent = &l.book.cells
	var head []sheetRow
	var row sheetRow
	rows := 0
	for {
		ok, err := scan.next(&row)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		rows++
		if len(head) < headRows {
			head = append(head, sheetRow{number: row.number, cells: slices.Clone(row.cells)})
		}
	}
	slices.SortFunc(scan.merges, func(a, b area) int { return a.top - b.top })
	found := l.locate(head, scan.merges)
	found.sheet, found.table.sheet = s, s.name
	found.merges, found.rows, found.tooWide = scan.merges, rows, scan.wide
	return found, nil
}

// locate finds the first row, or pair of rows, that holds the required headings.
// Without one it returns the row that holds the most.
func (l *load) locate(head []sheetRow, merges []area) *located {
	best := &located{missing: l.missingIn(nil)}
	for i := range head {
		single := l.judge(table{headings: trimAll(head[i].cells)}, head[i].number)
		choice := single
		if upper, lower, vertical, ok := twoLevels(head, i, merges); ok {
			choice = l.doubled(single, upper, lower, vertical)
		}
		if choice.known > best.known || choice.complete() {
			best = choice
			best.units = unitsAbove(head[:i])
		}
		if choice.complete() {
			break
		}
	}
	return best
}

// doubled returns the headings of two levels where they say more than those of
// one; an upper heading that is not merged over its group is spread over it.
func (l *load) doubled(single *located, upper, lower []string, vertical bool) *located {
	below := l.judge(table{headings: lower}, single.row+1)
	for _, above := range [][]string{upper, spread(upper, lower)} {
		double := l.judge(joinLevels(above, lower), single.row+1)
		if double.complete() && (double.known > max(single.known, below.known) || vertical && double.known >= single.known) {
			return double
		}
	}
	return single
}

// spread gives an upper heading that stands only over the first column of its
// group to the columns behind it which have a lower heading and no upper one.
func spread(upper, lower []string) []string {
	out, group := make([]string, len(upper)), ""
	for i := range upper {
		switch {
		case lower[i] == "":
			group = ""
		case upper[i] != "":
			group = upper[i]
		}
		out[i] = cmp.Or(upper[i], group)
	}
	return out
}

func (f *located) complete() bool { return len(f.missing) == 0 }

// judge counts the headings the pack has a place for. One alone is no table
// where more are wanted: any list may hold the word.
func (l *load) judge(t table, row int) *located {
	f := &located{table: t, row: row}
	f.table.headings = cutTail(f.table.headings)
	there := map[*column]bool{}
	for i := range f.table.headings {
		if c, _ := l.match(&f.table, i); c != nil {
			there[c] = true
		}
	}
	f.known, f.missing = len(there), l.missingIn(there)
	if f.known < min(2, len(l.columns)) && len(f.missing) == 0 {
		f.missing = []string{l.columns[len(l.columns)-1].names[0]}
	}
	return f
}

func (l *load) missingIn(there map[*column]bool) []string {
	var list []string
	for _, c := range l.columns {
		if c.need == required && !there[c] {
			list = append(list, c.names[0])
		}
	}
	return list
}

func trimAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = trim(c)
	}
	return out
}

// cutTail removes empty headings behind the last one.
func cutTail(headings []string) []string {
	for n := len(headings); n > 0 && headings[n-1] == ""; n-- {
		headings = headings[:n-1]
	}
	return headings
}

// maxHeadMerges bounds the merged cells that are looked at for headings.
const maxHeadMerges = 2000

// twoLevels returns the row and the one below with merged cells filled, if there
// is text in both. vertical is set if a merged heading spans both.
func twoLevels(head []sheetRow, i int, merges []area) (upper, lower []string, vertical, ok bool) {
	if i+1 >= len(head) || head[i+1].number != head[i].number+1 || blank(head[i+1].cells) {
		return nil, nil, false, false
	}
	n := max(len(head[i].cells), len(head[i+1].cells))
	upper, lower = make([]string, n), make([]string, n)
	copy(upper, trimAll(head[i].cells))
	copy(lower, trimAll(head[i+1].cells))
	top, seen := head[i].number, 0
	for _, m := range merges {
		if m.top > top || seen == maxHeadMerges {
			break
		}
		if m.top != top || m.left >= n || upper[m.left] == "" {
			continue
		}
		seen++
		for col := m.left; col <= min(m.right, n-1); col++ {
			upper[col] = upper[m.left]
			if m.bottom > top {
				lower[col] = upper[m.left]
				vertical = true
			}
		}
	}
	return upper, lower, vertical, true
}

// joinLevels makes headings of two levels: 车险/保费收入.
func joinLevels(upper, lower []string) table {
	t := table{headings: make([]string, len(upper)), upper: make([]string, len(upper)), lower: make([]string, len(upper))}
	for i := range upper {
		switch {
		case lower[i] == "" || lower[i] == upper[i]:
			t.headings[i] = upper[i]
		case upper[i] == "":
			t.headings[i] = lower[i]
		case strings.HasPrefix(brackets.Replace(lower[i]), "("):
			t.headings[i] = upper[i] + lower[i] // a unit below its heading
		default:
			t.headings[i] = upper[i] + "/" + lower[i]
			t.upper[i], t.lower[i] = upper[i], lower[i]
		}
	}
	return t
}

// levelNames are the names a heading of two levels goes by, and the unit in its
// brackets: both joined, or the lower one if no other heading has it.
func levelNames(t *table, i int) (names []string, inside string) {
	if i >= len(t.lower) || t.lower[i] == "" {
		return nil, ""
	}
	upper, upperUnit := cutBracket(t.upper[i])
	lower, lowerUnit := cutBracket(t.lower[i])
	if lowerUnit == "" {
		lowerUnit = upperUnit
	}
	names = []string{upper + "/" + lower, upper + lower}
	same := 0
	for j := range t.lower {
		if other, _ := cutBracket(t.lower[j]); fold(other) == fold(lower) {
			same++
		}
	}
	if same == 1 {
		names = append(names, lower)
	}
	return names, lowerUnit
}

var unitAbove = regexp.MustCompile(`(?i)^[(\x{FF08}\[]?(?:金额)?(?:单位|units?)\s*[:\x{FF1A}]\s*([^()\x{FF08}\x{FF09}\[\]]+?)\s*[)\x{FF09}\]]?$`)

// unitsAbove reads what stands above a table: 单位:万元、件.
func unitsAbove(rows []sheetRow) []unit.Unit {
	var list []unit.Unit
	for _, row := range rows {
		for _, cell := range row.cells {
			m := unitAbove.FindStringSubmatch(trim(cell))
			if m == nil {
				continue
			}
			for _, word := range strings.FieldsFunc(m[1], func(r rune) bool { return strings.ContainsRune("、,\uFF0C;\uFF1B", r) }) {
				if u, err := unit.Parse(trim(word)); err == nil {
					list = append(list, u)
				}
			}
		}
	}
	return list
}

// openBook opens a workbook. The sheets are looked through when the columns
// that are wanted are known.
func (l *load) openBook(data []byte) {
	l.report.Encoding, l.batch.Encoding = encodingXLSX, encodingXLSX
	book, problem := openWorkbook(data)
	l.book = book
	if problem != nil {
		l.book = &workbook{}
		l.refuse(-1, "", *problem)
		return
	}
	l.damaged = true // looked for in each cell
}

// findTables decides which sheets are read and says which are not.
func (l *load) findTables() {
	if l.searched || l.book == nil || l.refused {
		return
	}
	l.searched = true
	var best *located
	var ignored []string
	for _, s := range l.book.sheets {
		if !l.wanted(s.name) {
			continue
		}
		if s.hidden && l.opt.Sheet == "" {
			ignored = append(ignored, hiddenSheet(s.name))
			continue
		}
		f, err := l.survey(s)
		if err != nil {
			l.refuse(-1, s.name, *bookFinding(err))
			return
		}
		if f.complete() {
			l.queue = append(l.queue, f)
			continue
		}
		ignored = append(ignored, s.name)
		if f.known > 0 && (best == nil || f.known > best.known) {
			best = f
		}
	}
	l.decideTables(best, ignored)
}

// wanted reports whether a sheet is to be looked at: the one that was asked for,
// otherwise one that the pack names, otherwise any.
func (l *load) wanted(name string) bool {
	if l.opt.Sheet != "" {
		return fold(name) == fold(l.opt.Sheet)
	}
	return len(l.sheets) == 0 || slices.ContainsFunc(l.sheets, func(s string) bool { return fold(s) == fold(name) })
}

// decideTables reads the sheets that have the headings; if none has, the one that
// comes nearest, so that what it lacks is said.
func (l *load) decideTables(best *located, ignored []string) {
	switch {
	case len(l.queue) > 0:
		ignored = append(ignored, l.chooseSheets()...)
		if len(ignored) > 0 {
			l.warn(-1, "", sheetsNotRead(ignored))
		}
	case best != nil:
		l.queue = []*located{best}
	case (l.opt.Sheet != "" || len(l.sheets) > 0) && len(ignored) == 0:
		var names []string
		for _, s := range l.book.sheets {
			names = append(names, s.name)
		}
		asked := cmp.Or(l.opt.Sheet, strings.Join(l.sheets, " / "))
		l.refuse(-1, asked, unknownSheet(names, nearest(asked, names)))
	default:
		l.refuse(-1, "", noTable(l.missingIn(nil)))
	}
}
