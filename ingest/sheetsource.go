package ingest

import (
	"slices"
	"strings"
)

// sheetSource gives the rows of a table in a sheet.
type sheetSource struct {
	l       *load
	base    int // of line numbers
	scan    *sheetScanner
	found   *located
	row     sheetRow
	last    int  // row before
	started bool // a row of data has come
	ended   bool // the table is over; what follows are notes
	done    bool
	hidden  []int
	active  []mergedText
	merges  []area // that begin in rows to come
}

// mergedText is the text of cells merged downwards.
type mergedText struct {
	area
	text string
}

func (l *load) newSheetSource(f *located, index int) (*sheetSource, error) {
	scan, err := l.book.scan(f.sheet)
	return &sheetSource{l: l, base: index * sheetRows, scan: scan, found: f, last: f.row, merges: f.merges}, err
}

// expected is at most the rows of the sheet.
func (s *sheetSource) expected() int { return min(s.found.rows, mostExpected) }

// next reads the next row of the table.
func (s *sheetSource) next(r *record) bool {
	for !s.done {
		ok, err := s.scan.next(&s.row)
		if err != nil {
			s.l.refuse(-1, s.found.sheet.name, *bookFinding(err))
		}
		if !ok || err != nil {
			break
		}
		if s.row.number <= s.found.row || !s.prepare() {
			continue
		}
		if s.ended {
			if s.looksLikeData() {
				s.done = true
				*r = record{line: s.base + s.row.number, fault: pointer(rowsAfterEnd()), faultAt: -1}
				s.close()
				return true
			}
			continue
		}
		s.give(r)
		return true
	}
	s.close()
	return false
}

// close ends the reading and says how many hidden rows were read.
func (s *sheetSource) close() {
	s.done = true
	s.scan.closer.Close()
	if len(s.hidden) > 0 {
		s.l.add(s.base+s.hidden[0], -1, "", hiddenRows(s.hidden), true)
		s.hidden = nil
	}
}

// prepare brings a row to the width of the headings and fills merged cells. It
// reports false if the row is none of the table's.
func (s *sheetSource) prepare() bool {
	n := len(s.found.table.headings)
	s.row.cells, s.row.kinds = s.row.cells[:min(n, len(s.row.cells))], s.row.kinds[:min(n, len(s.row.kinds))]
	for len(s.row.cells) < n {
		s.row.cells, s.row.kinds = append(s.row.cells, ""), append(s.row.kinds, textCell)
	}
	empty := blank(s.row.cells)
	if s.started && (empty || s.row.number > s.last+1) {
		s.ended = true
	}
	s.last = s.row.number
	s.merge()
	if empty {
		return false
	}
	if !s.ended && s.isNote() {
		s.ended = true
		return false
	}
	s.started = true
	return true
}

// merge gives the text of a cell merged downwards to the rows it covers.
func (s *sheetSource) merge() {
	n := s.row.number
	s.active = slices.DeleteFunc(s.active, func(m mergedText) bool { return m.bottom < n })
	for len(s.merges) > 0 && s.merges[0].top <= n {
		m := s.merges[0]
		s.merges = s.merges[1:]
		if m.top == n && m.bottom > n && m.left < len(s.row.cells) && s.row.cells[m.left] != "" && len(s.active) < maxColumns {
			s.active = append(s.active, mergedText{m, s.row.cells[m.left]})
		}
	}
	for _, m := range s.active {
		if m.top < n && s.row.cells[m.left] == "" {
			s.row.cells[m.left], s.row.kinds[m.left] = m.text, mergedCell
		}
	}
}

func (s *sheetSource) give(r *record) {
	*r = record{line: s.base + s.row.number, faultAt: -1, cells: s.row.cells, kinds: s.row.kinds}
	if s.row.hidden {
		s.hidden = append(s.hidden, s.row.number)
	}
	for i, c := range r.cells {
		if len(c) > maxCell {
			r.fault, r.faultAt, r.shown = pointer(cellTooLong(len(c))), i, clip(c)
			return
		}
	}
}

// noteWords begin a row below a table that is no row of it.
var noteWords = []string{"注", "备注", "说明", "数据来源", "资料来源", "填表", "填报", "制表", "审核人", "复核人", "联系人", "note", "source", "prepared by"}

// isNote reports whether a row is none of the table's: nothing says of whom it
// speaks and there is only text; or it begins with a word such as 注.
func (s *sheetSource) isNote() bool {
	first := ""
	for i, c := range s.row.cells {
		if trim(c) == "" || s.row.kinds[i] == mergedCell {
			continue
		}
		if s.row.kinds[i] != textCell || plainNumber(trim(c)) {
			return false
		}
		if first == "" {
			first = fold(c)
		}
	}
	if first == "" {
		return false
	}
	keyless := true
	for _, c := range s.l.columns {
		if c.need == required && !c.numeric && c.there() && trim(s.row.cells[c.at]) != "" {
			keyless = false
		}
	}
	return keyless || slices.ContainsFunc(noteWords, func(w string) bool { return strings.HasPrefix(first, fold(w)) })
}

// looksLikeData reports whether a row below the end of the table seems to belong
// to it: it has all that a row must have, and more than half of the rest.
func (s *sheetSource) looksLikeData() bool {
	filled, there := 0, 0
	for _, c := range s.l.columns {
		if !c.there() {
			continue
		}
		there++
		if trim(s.row.cells[c.at]) != "" {
			filled++
		} else if c.need == required && !c.numeric {
			return false
		}
	}
	return 2*filled > there
}
