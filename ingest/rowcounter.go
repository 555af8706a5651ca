package ingest

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// rowCounter counts the rows of blocks. Each worker has its own.
type rowCounter struct {
	*fileCounter
	row      []formula.Cell
	parts    []int        // where the cells of the line end
	words    []*wordCache // by column; of texts and codes
	months   monthCache
	subjects []subjectCounts
	codes    map[string]int // place in subjects
	first    int64          // days of the records
	last     int64
	records  int
	plain    int // rows that the report does not know of
}

func (c *fileCounter) newRowCounter() *rowCounter {
	w := &rowCounter{
		fileCounter: c, row: make([]formula.Cell, c.width), parts: make([]int, len(c.cells)),
		words: make([]*wordCache, len(c.cells)), codes: map[string]int{},
	}
	for i, r := range c.cells {
		if r.kind == subjectCode || r.kind == anyText || r.kind == oneWord {
			w.words[i] = new(wordCache)
		}
	}
	for _, at := range c.absent {
		w.row[at].Null = true
	}
	return w
}

// subjectCounts are the figures of one subject.
type subjectCounts struct {
	code  string
	any   []bool      // by period
	sums  []int64     // by cell
	whole []exact.Num // what no longer fitted
}

// block counts the rows of a block.
func (w *rowCounter) block(b *block) error { return w.rows(b, w.one) }

// rows hands on the rows of a block with their lines.
func (w *rowCounter) rows(b *block, each func(text []byte, line int) error) error {
	text, line := b.text, b.line
	for len(text) > 0 {
		row := text
		if b.odd {
			row = lineOf(text, true)
		} else if end := bytes.IndexByte(text, '\n'); end >= 0 {
			row = text[:end+1]
		}
		if err := each(row, line); err != nil {
			return err
		}
		line++
		if b.odd {
			line += max(0, bytes.Count(row, []byte{'\n'})-1)
		}
		text = text[len(row):]
	}
	return nil
}

// one counts one row.
func (w *rowCounter) one(text []byte, line int) error {
	row := withoutEnd(text)
	subject, ok := w.read(row)
	if !ok {
		return w.slow(text, line)
	}
	w.plain++
	if w.seen == nil || w.fresh(w.part(row, w.key)) {
		w.count(subject)
	}
	return nil
}

// withoutEnd cuts the line end off.
func withoutEnd(row []byte) []byte {
	if n := len(row); n > 0 && row[n-1] == '\n' {
		row = row[:n-1]
	}
	if n := len(row); n > 0 && row[n-1] == '\r' {
		row = row[:n-1]
	}
	return row
}

// fresh reports whether a key has not come before, as far as its hash tells.
func (w *rowCounter) fresh(key []byte) bool {
	h := maphash.Bytes(w.seed, key)
	if w.seen.Add(h) {
		return true
	}
	w.mu.Lock()
	if w.suspects == nil {
		w.suspects = map[uint64]int{}
	}
	w.suspects[h|1] = 0
	w.mu.Unlock()
	return false
}

// slow reads a row as ReadRegister does.
func (w *rowCounter) slow(text []byte, line int) error {
	w.mu.Lock()
	r, err := w.careful(text, line)
	w.mu.Unlock()
	if err != nil || r.Subject == "" || w.seen != nil && !w.fresh([]byte(r.Key)) {
		return err
	}
	return w.record(&r)
}

// record counts a record that was read with care.
func (w *rowCounter) record(r *engine.Record) error {
	w.row[w.date] = formula.Cell{Num: r.Date.DayNumber()}
	if w.times >= 0 {
		w.row[w.times] = formula.Cell{Num: int64(r.Times)}
	}
	for _, f := range w.load.fields {
		if !f.there() {
			continue
		}
		reader := &w.cells[f.at]
		if !reader.take(&w.row[reader.at], r.Fields[f.ID]) {
			return notStreamed("line %d has a number of more decimals or digits than are counted in machine integers", r.Origin.Row)
		}
	}
	w.count(w.code(r.Subject))
	return nil
}

// split finds where the cells end, eight bytes at a time; false if there are more or
// fewer of them than headings.
func (w *rowCounter) split(row []byte) bool {
	const ones, low = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	pattern := ones * uint64(w.comma)
	n, at := 0, 0
	for ; at+8 <= len(row); at += 8 {
		x := binary.LittleEndian.Uint64(row[at:]) ^ pattern
		for hits := ^(x&low + low | x | low); hits != 0; hits &= hits - 1 {
			if n == len(w.parts)-1 {
				return false
			}
			w.parts[n] = at + bits.TrailingZeros64(hits)>>3
			n++
		}
	}
	for ; at < len(row); at++ {
		if row[at] == w.comma {
			if n == len(w.parts)-1 {
				return false
			}
			w.parts[n] = at
			n++
		}
	}
	w.parts[n] = len(row)
	return n == len(w.parts)-1
}

// part is a cell of the row that was split.
func (w *rowCounter) part(row []byte, i int) []byte {
	if i == 0 {
		return row[:w.parts[0]]
	}
	return row[w.parts[i-1]+1 : w.parts[i]]
}

// read splits a row and reads its cells; false if any is not written in the plain
// way that most are, or is wrong.
func (w *rowCounter) read(row []byte) (subject int, ok bool) {
	if len(row) > maxCell || !w.split(row) {
		return 0, false
	}
	from := 0
	for i := range w.cells {
		r, cell := &w.cells[i], row[from:w.parts[i]]
		from = w.parts[i] + 1
		switch r.kind {
		case unread:
		case plainKey:
			ok = plainText(cell)
		case subjectCode:
			subject, ok = w.subjectOf(w.words[i], cell)
		case anyText, oneWord:
			ok = w.word(r, w.words[i], cell)
		case plainDate:
			to := &w.row[r.at]
			if to.Null = len(cell) == 0; to.Null {
				ok = r.nullable
			} else {
				to.Num, ok = w.months.day(cell)
			}
		default:
			ok = r.read(&w.row[r.at], cell)
		}
		if !ok && r.kind != unread {
			return 0, false
		}
	}
	day := w.row[w.date].Num
	return subject, day >= w.fileCounter.first && day <= w.fileCounter.last
}

// subjectOf finds a subject that is named by its code.
func (w *rowCounter) subjectOf(known *wordCache, code []byte) (int, bool) {
	e, hit := known.find(code)
	if hit {
		return int(e.value), true
	}
	d := w.load.directory
	if !plainText(code) || d.checks() && !d.has(string(code)) {
		return 0, false
	}
	subject := w.code(string(code))
	e.keep(code, int32(subject))
	return subject, true
}

// word reads a text.
func (w *rowCounter) word(r *cellReader, known *wordCache, cell []byte) bool {
	to := &w.row[r.at]
	if len(cell) == 0 {
		to.Null = true
		return r.nullable
	}
	e, hit := known.find(cell)
	if !hit {
		if !r.read(to, cell) {
			return false
		}
		e.keep(cell, 0)
	}
	to.Null, to.Text = false, cell
	return true
}

// code is the place of a subject.
func (w *rowCounter) code(code string) int {
	if i, ok := w.codes[code]; ok {
		return i
	}
	i := len(w.subjects)
	w.codes[code] = i
	w.subjects = append(w.subjects, subjectCounts{code: code, any: make([]bool, len(w.periods)), sums: make([]int64, w.counted)})
	return i
}

// count adds the row that was read.
func (w *rowCounter) count(subject int) {
	row := w.row
	day := row[w.date].Num
	if w.records == 0 {
		w.first, w.last = day, day
	}
	w.first, w.last = min(w.first, day), max(w.last, day)
	w.records++
	times := int64(1)
	if w.times >= 0 && !row[w.times].Null {
		times = row[w.times].Num
	}
	to := &w.subjects[subject]
	for i := range w.periods {
		p := &w.periods[i]
		if day < p.first || day > p.last {
			continue
		}
		to.any[i] = true
		for j := range p.cells {
			cell := &p.cells[j]
			if cell.Holds != nil && !cell.Holds(row) {
				continue
			}
			if cell.Sum < 0 {
				to.sums[p.at+j] += times
			} else {
				to.add(p.at+j, row[cell.Sum].Num, times)
			}
		}
	}
}

// add adds an amount so many times. What no longer fits is put aside, exactly.
func (s *subjectCounts) add(at int, amount, times int64) {
	if high, low := bits.Mul64(uint64(max(amount, -amount)), uint64(times)); high == 0 && low < 1<<61 {
		if sum := s.sums[at] + amount*times; sum < 1<<62 && sum > -1<<62 {
			s.sums[at] = sum
			return
		}
	}
	s.putAside(at, exact.Int(amount).Mul(exact.Int(times)))
}

func (s *subjectCounts) putAside(at int, amount exact.Num) {
	if s.whole == nil {
		s.whole = make([]exact.Num, len(s.sums))
	}
	s.whole[at] = s.whole[at].Add(amount)
}

// merge adds what another worker has counted.
func (s *subjectCounts) merge(o *subjectCounts) {
	for i, there := range o.any {
		s.any[i] = s.any[i] || there
	}
	for i := range o.sums {
		s.add(i, o.sums[i], 1)
		if o.whole != nil {
			s.putAside(i, o.whole[i])
		}
	}
}

// counts are the figures of the periods in which the subject has any record.
func (s *subjectCounts) counts(periods []periodCells) []engine.Count {
	var list []engine.Count
	for k, period := range periods {
		if !s.any[k] {
			continue
		}
		for j, cell := range period.cells {
			sum := exact.Int(s.sums[period.at+j])
			if s.whole != nil {
				sum = sum.Add(s.whole[period.at+j])
			}
			if cell.Sum >= 0 {
				sum = sum.Quo(cell.Scale)
			}
			list = append(list, engine.Count{Statistic: cell.Statistic, Period: period.Period, Subject: s.code, Sum: sum})
		}
	}
	return list
}
