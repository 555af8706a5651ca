package ingest

import (
	"hash/maphash"
	"slices"
	"strings"

	"kaoping/engine/unit"
)

// chooseSheets decides between several sheets that have the headings and returns
// the names of those that are not read. One that bears the name of what is loaded
// is the one that is meant; one that the pack gives to another feed is not, nor one
// whose headings name units that the figures cannot have. Those
// that remain are parts of one table as long as they speak of different rows; if
// they give other figures for the same rows, a person has to say which is meant.
func (l *load) chooseSheets() (ignored []string) {
	if len(l.queue) < 2 || l.opt.Sheet != "" || len(l.sheets) > 0 {
		return nil
	}
	keep := func(fits func(*located) bool) {
		chosen := slices.DeleteFunc(slices.Clone(l.queue), func(t *located) bool { return !fits(t) })
		if len(chosen) == 0 || len(chosen) == len(l.queue) {
			return
		}
		for _, t := range l.queue {
			if !slices.Contains(chosen, t) {
				ignored = append(ignored, t.sheet.name)
			}
		}
		l.queue = chosen
	}
	keep(func(t *located) bool { return isOneOf(t.sheet.name, l.called) })
	keep(func(t *located) bool { return !isOneOf(t.sheet.name, l.sheetsOfOthers()) })
	keep(l.unitsFit)
	if len(l.queue) > 1 {
		l.refuseRivals()
	}
	return ignored
}

// unitsFit reports whether what stands in brackets behind the headings of figures
// are units that these can have.
func (l *load) unitsFit(t *located) bool {
	for i := range t.table.headings {
		c, text := l.match(&t.table, i)
		if c == nil || !c.numeric || text == "" {
			continue
		}
		if u, err := unit.Parse(text); err != nil || !u.SameDimension(c.base) {
			return false
		}
	}
	return true
}

func isOneOf(name string, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return s != "" && fold(s) == fold(name) })
}

// sheetsOfOthers are the sheets that the pack gives to feeds other than this one.
func (l *load) sheetsOfOthers() []string {
	var list []string
	for _, f := range l.pack.Feeds {
		if !slices.Contains(l.called, f.ID) {
			list = append(list, f.Sheets...)
		}
	}
	return list
}

// refuseRivals refuses the file if two of the sheets give other figures for at
// least half of the rows of the smaller one. Fewer are slips, which the checks of
// rows name one by one.
func (l *load) refuseRivals() {
	if len(l.identity) == 0 {
		return
	}
	seed := maphash.MakeSeed()
	var read []map[uint64]uint64
	for _, f := range l.queue {
		rows, err := l.fingerprints(f, seed)
		if err != nil {
			l.refuse(-1, f.sheet.name, *bookFinding(err))
			return
		}
		read = append(read, rows)
	}
	for i := range read {
		for j := range read[:i] {
			if differing(read[i], read[j])*2 >= max(1, min(len(read[i]), len(read[j]))) {
				l.refuse(-1, "", rivalSheets(l.queue))
				l.queue = nil
				return
			}
		}
	}
}

// fingerprints gives for what identifies each row of a table what else it says.
func (l *load) fingerprints(f *located, seed maphash.Seed) (map[uint64]uint64, error) {
	scan, err := l.book.scan(f.sheet)
	if err != nil {
		return nil, err
	}
	defer scan.closer.Close()
	keys, rest := l.parts(f)
	rows := map[uint64]uint64{}
	var row sheetRow
	for {
		ok, err := scan.next(&row)
		if err != nil || !ok {
			return rows, err
		}
		if row.number > f.row && len(keys) > 0 && cellsOf(row.cells, keys[:1]) != "\x00" {
			rows[maphash.String(seed, cellsOf(row.cells, keys))] = maphash.String(seed, cellsOf(row.cells, rest))
		}
	}
}

// parts splits the columns of a table into those that identify a row and the others.
func (l *load) parts(f *located) (keys, rest []int) {
	for i := range f.table.headings {
		c, _ := l.match(&f.table, i)
		switch {
		case c == nil:
		case slices.Contains(l.identity, c):
			keys = append(keys, i)
		default:
			rest = append(rest, i)
		}
	}
	slices.SortFunc(keys, func(a, b int) int { return l.rank(f, a) - l.rank(f, b) })
	slices.SortFunc(rest, func(a, b int) int { return l.rank(f, a) - l.rank(f, b) })
	return keys, rest
}

// rank is the place of a heading's column among those of the pack, so that tables
// with another order of columns compare.
func (l *load) rank(f *located, i int) int {
	c, _ := l.match(&f.table, i)
	return slices.Index(l.columns, c)
}

func cellsOf(cells []string, at []int) string {
	var b strings.Builder
	for _, i := range at {
		if i < len(cells) {
			b.WriteString(trim(cells[i]))
		}
		b.WriteByte(0)
	}
	return b.String()
}

// differing counts the rows that both tables have and that say something else.
func differing(a, b map[uint64]uint64) int {
	n := 0
	for key, rest := range a {
		if other, both := b[key]; both && other != rest {
			n++
		}
	}
	return n
}

func rivalSheets(list []*located) finding {
	var names []string
	for _, f := range list {
		names = append(names, f.sheet.name)
	}
	return finding{"ambiguous-sheet",
		say("%d 个工作表都有所需的表头,同一机构的数字却不同,看不出读哪一个: %s", "%d sheets have the headings that are needed and give other figures for the same subjects; which is meant? %s",
			len(names), strings.Join(names[:min(len(names), 20)], ", ")),
		say("用 --sheet “%s” 指明,或在规则包的 feeds 里写 sheet", "name it with --sheet %q, or with sheet in the pack's feeds", names[0])}
}
