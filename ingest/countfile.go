package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"math/bits"
	"strings"
	"unicode/utf8"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// ErrNotStreamed means that a file, or what is to be counted in it, cannot be
// counted row by row: it has to be read whole.
var ErrNotStreamed = errors.New("cannot be counted as it is read")

func notStreamed(why string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNotStreamed, fmt.Sprintf(why, args...))
}

// CountOptions say how a file is counted.
type CountOptions struct {
	Options
	Periods []engine.Period // that are counted
	// OneRowPerKey declares that no key comes twice, so that keys need not be
	// remembered: 8 bytes for each otherwise.
	OneRowPerKey bool
}

// FileCount is what was counted in a file.
type FileCount struct {
	Counts  []engine.Count // of each subject that has any record in the period
	Covered []engine.Coverage
	Records int // different ones
}

// CountRegister counts the statistics of a register in a CSV as it is read. Every
// cell is checked as ReadRegister does, columns that the pack has no place for
// excepted, and memory does not grow with the file. The result is nil if the file
// is refused; the report says why. The error wraps ErrNotStreamed if the file has
// to be read whole, and is then found before or while reading.
func CountRegister(p *engine.Pack, register, name string, file io.ReadSeeker, opt CountOptions) (*FileCount, *Report, error) {
	r, err := findRegister(p, register)
	if err != nil {
		return nil, nil, err
	}
	c := &fileCounter{options: opt, file: file, hash: maphash.MakeSeed(), codes: map[string]int{}}
	if err := c.open(p, r, name); err != nil {
		return nil, nil, err
	}
	if !c.load.refused {
		if err := c.plan(p, r); err != nil {
			return nil, nil, err
		}
		if err := c.pass(c.row); err != nil {
			return nil, nil, err
		}
		if err := c.settle(); err != nil {
			return nil, nil, err
		}
	}
	count := c.result(p, r)
	return count, c.load.report, nil
}

// fileCounter counts one file.
type fileCounter struct {
	options CountOptions
	file    io.ReadSeeker
	load    *registerLoad // reads the heading, and the rows that are not written plainly
	start   int64         // of the rows in the file
	line    int           // of the row
	headed  int           // lines up to the rows
	cells   []cellReader  // by column of the file
	row0    []formula.Cell
	parts   [][]byte // cells of the row
	times   int      // place of the multiplicity in row0; -1 if there is none
	date    int
	key     int // column of the key; -1 if there is none
	subject int // column
	codes   map[string]int
	subj    []subjectCounts
	periods []periodCells
	ncells  int

	hash     maphash.Seed
	seen     *keySet
	suspects map[uint64]int // hashes that came twice: how many keys they turned out to be
	first    int64          // days of the records
	last     int64
	records  int
}

type subjectCounts struct {
	code  string
	any   []bool      // by period
	sums  []int64     // by cell
	whole []exact.Num // what no longer fitted
}

type periodCells struct {
	engine.Period
	first, last int64
	cells       []engine.RowCell
	at          int // of its first cell among all
}

// headBytes is how much of a file is looked at to find its headings.
const headBytes = 1 << 20

// open reads the heading and finds the columns.
func (c *fileCounter) open(p *engine.Pack, r *engine.Register, name string) error {
	head := make([]byte, headBytes)
	n, err := io.ReadFull(c.file, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return err
	}
	head = head[:n]
	if isWorkbook(head) || formatOf(Source{Data: head}) != "csv" {
		return notStreamed("it is no text of cells")
	}
	// A character may be cut in two at the end.
	end := bytes.LastIndexByte(head, '\n') + 1
	if end == 0 {
		end = len(head)
	}
	sample := bytes.TrimPrefix(head[:end], byteOrderMark)
	if !utf8.Valid(sample) {
		return notStreamed("it is not UTF-8")
	}
	c.load = &registerLoad{load: open(p, r.ID, Source{Name: name, Data: head[:end]}, c.options.Options), register: r, unkeyed: map[string]int{}}
	c.load.declare()
	c.load.damaged = true // looked for in each cell of a row that is not plain
	if c.load.nextTable() {
		split := c.load.rows.(*splitter) // a text is split
		c.headed = split.line - 1
		c.start = int64(len(head[:end]) - len(sample) + split.pos)
	}
	c.load.seen = map[string]int{}
	return nil
}

// plan decides how each column is read and how the statistics are counted.
func (c *fileCounter) plan(p *engine.Pack, r *engine.Register) error {
	l := c.load
	c.cells = make([]cellReader, len(l.headings))
	c.parts = make([][]byte, 0, len(l.headings)+1)
	c.key, c.times = -1, -1
	if l.key != nil {
		c.key = l.key.at
		c.cells[c.key] = cellReader{kind: plainKey}
		if !c.options.OneRowPerKey {
			c.seen = newKeySet()
		}
	}
	c.subject = l.code.at
	c.cells[c.subject] = cellReader{kind: subjectCode}
	at := 0
	place := func(col *column, reader cellReader) int {
		reader.at = at
		if col.there() {
			c.cells[col.at] = reader
		} else {
			c.row0 = append(c.row0, formula.Cell{Null: true})
			at++
			return at - 1
		}
		c.row0 = append(c.row0, formula.Cell{})
		at++
		return at - 1
	}
	c.date = place(l.date, cellReader{kind: plainDate})
	if l.times.there() {
		c.times = place(l.times, cellReader{kind: plainTimes})
	}
	fields := map[string]formula.RowField{}
	for _, f := range l.fields {
		reader, field, err := readerOf(f)
		if err != nil {
			return err
		}
		field.At = place(f.column, reader)
		fields[f.ID] = field
	}
	known := func(f *engine.Field) formula.RowField { return fields[f.ID] }
	for _, period := range c.options.Periods {
		cells, err := engine.RowCells(p, r, []engine.Period{period}, known)
		if err != nil {
			return notStreamed("%v", err)
		}
		c.periods = append(c.periods, periodCells{period, period.First.DayNumber(), period.Last.DayNumber(), cells, c.ncells})
		c.ncells += len(cells)
	}
	if c.ncells == 0 {
		return notStreamed("no statistic is counted from it")
	}
	return nil
}

// chunkBytes is how much of the file is in memory at a time.
const chunkBytes = 1 << 20

// pass reads the rows from the first to the last.
func (c *fileCounter) pass(each func(line []byte) error) error {
	if _, err := c.file.Seek(c.start, io.SeekStart); err != nil {
		return err
	}
	c.line = c.headed
	buffer := make([]byte, chunkBytes+maxLine)
	kept, total := 0, c.start
	for {
		n, err := c.file.Read(buffer[kept : kept+chunkBytes])
		if total += int64(n); total > maxFile {
			return notStreamed("it is larger than a file may be")
		}
		done, end := 0, kept+n
		for done < end {
			row := lineOf(buffer[done:end], err == io.EOF)
			if row == nil {
				break
			}
			if err := each(row); err != nil {
				return err
			}
			done += len(row)
		}
		kept = copy(buffer, buffer[done:end])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if kept > maxLine {
			return notStreamed("it has a line of more than %d bytes", maxLine)
		}
	}
}

// lineOf returns the next row with its line end, and all lines of a row whose
// cells hold line ends; nil if more of the file is needed for that.
func lineOf(b []byte, last bool) []byte {
	for from := 0; ; {
		end := bytes.IndexByte(b[from:], '\n')
		if end < 0 {
			if last {
				return b
			}
			return nil
		}
		from += end + 1
		if bytes.IndexByte(b[:from], '"') < 0 || bytes.Count(b[:from], []byte{'"'})%2 == 0 {
			return b[:from]
		}
	}
}

// row counts one row.
func (c *fileCounter) row(line []byte) error {
	c.line++
	plain := bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
	if !c.read(plain) {
		return c.slow(line)
	}
	c.load.report.Rows++
	if c.seen != nil && !c.fresh(c.parts[c.key]) {
		return nil
	}
	c.count(c.code(c.parts[c.subject]))
	return nil
}

// fresh reports whether a key has not come before, as far as its hash tells.
func (c *fileCounter) fresh(key []byte) bool {
	h := maphash.Bytes(c.hash, key)
	if c.seen.add(h) {
		return true
	}
	if c.suspects == nil {
		c.suspects = map[uint64]int{}
	}
	c.suspects[h|1] = 0
	return false
}

// read splits a row and reads its cells; false if any is not written in the plain
// way that most are, or is wrong.
func (c *fileCounter) read(line []byte) bool {
	if len(line) > maxCell || bytes.IndexByte(line, '"') >= 0 {
		return false
	}
	c.parts = c.parts[:0]
	delimiter := c.delimiter()
	for i := range c.cells {
		cell := line
		if i < len(c.cells)-1 {
			at := bytes.IndexByte(line, delimiter)
			if at < 0 {
				return false
			}
			cell, line = line[:at], line[at+1:]
		} else if bytes.IndexByte(line, delimiter) >= 0 {
			return false
		}
		c.parts = append(c.parts, cell)
		if !c.cell(&c.cells[i], cell) {
			return false
		}
	}
	day := c.row0[c.date].Num
	first, last := c.load.stated()
	return (first.IsZero() || day >= first.DayNumber()) && (last.IsZero() || day <= last.DayNumber())
}

func (c *fileCounter) delimiter() byte { return c.load.report.Delimiter[0] }

func (c *fileCounter) cell(r *cellReader, cell []byte) bool {
	switch r.kind {
	case unread:
		return true
	case plainKey:
		return plainText(cell)
	case subjectCode:
		_, known := c.codes[string(cell)]
		return known || c.knows(cell)
	}
	return r.read(&c.row0[r.at], cell)
}

// knows reports whether a subject is named by its code, and remembers it.
func (c *fileCounter) knows(code []byte) bool {
	d := c.load.directory
	if !plainText(code) || d.checks() && !d.has(string(code)) {
		return false
	}
	c.code(code)
	return true
}

// code is the place of a subject.
func (c *fileCounter) code(code []byte) int {
	if i, ok := c.codes[string(code)]; ok {
		return i
	}
	i := len(c.subj)
	c.codes[string(code)] = i
	c.subj = append(c.subj, subjectCounts{code: string(code), any: make([]bool, len(c.periods)), sums: make([]int64, c.ncells)})
	return i
}

// count adds the row that was read.
func (c *fileCounter) count(subject int) {
	row := c.row0
	day := row[c.date].Num
	if c.records == 0 || day < c.first {
		c.first = day
	}
	c.last = max(c.last, day)
	c.records++
	times := int64(1)
	if c.times >= 0 && !row[c.times].Null {
		times = row[c.times].Num
	}
	to := &c.subj[subject]
	for i := range c.periods {
		p := &c.periods[i]
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
		amount *= times
		if sum := s.sums[at] + amount; sum < 1<<62 && sum > -1<<62 {
			s.sums[at] = sum
			return
		}
		times = 1
	}
	if s.whole == nil {
		s.whole = make([]exact.Num, len(s.sums))
	}
	s.whole[at] = s.whole[at].Add(exact.Int(s.sums[at])).Add(exact.Int(amount).Mul(exact.Int(times)))
	s.sums[at] = 0
}

// slow reads a row as ReadRegister does: it says what is wrong, or what it means.
func (c *fileCounter) slow(line []byte) error {
	r, err := c.careful(line)
	if err != nil || r == nil {
		return err
	}
	if c.seen != nil && !c.fresh([]byte(r.Key)) {
		return nil
	}
	if err := c.take(r); err != nil {
		return err
	}
	c.count(c.code([]byte(r.Subject)))
	return nil
}

// careful reads one row into a record; nil if it is bad or blank.
func (c *fileCounter) careful(line []byte) (*engine.Record, error) {
	if !utf8.Valid(line) {
		return nil, notStreamed("line %d is not UTF-8", c.line)
	}
	l := c.load
	if len(l.bad) >= maxProblems {
		return nil, notStreamed("more than %d rows are bad", maxProblems)
	}
	l.rows = &splitter{text: string(line), line: c.line, delimiter: c.delimiter()}
	c.line += bytes.Count(line, []byte{'\n'}) - 1
	l.batch.Records, l.seen = l.batch.Records[:0], map[string]int{}
	rows := l.report.Rows
	for l.next() {
		l.take()
	}
	if l.report.Rows > rows+1 {
		return nil, notStreamed("line %d has a quotation mark too few or too many", c.line)
	}
	if len(l.batch.Records) == 0 {
		return nil, nil
	}
	return &l.batch.Records[0], nil
}

// take puts a record into the cells of the row.
func (c *fileCounter) take(r *engine.Record) error {
	c.row0[c.date] = formula.Cell{Num: r.Date.DayNumber()}
	if c.times >= 0 {
		c.row0[c.times] = formula.Cell{Num: int64(r.Times)}
	}
	for _, f := range c.load.fields {
		if !f.there() {
			continue
		}
		reader := &c.cells[f.at]
		if !reader.take(&c.row0[reader.at], r.Fields[f.ID]) {
			return notStreamed("line %d has a number of more decimals or digits than are counted in machine integers", r.Origin.Row)
		}
	}
	return nil
}

// mostSuspects bounds the keys that are looked at once more.
const mostSuspects = 500_000

// settle looks at the rows whose keys came twice, as far as hashes tell: rows of
// one case that say the same are one, rows that say different things are an error,
// and different keys with one hash are counted after all.
func (c *fileCounter) settle() error {
	if len(c.suspects) == 0 {
		return nil
	}
	if len(c.suspects) > mostSuspects {
		return notStreamed("more than %d keys come more than once", mostSuspects)
	}
	l := c.load
	rows, bad := l.report.Rows, len(l.bad)
	c.seen = nil
	kept := map[string]int{}
	var records []engine.Record
	err := c.pass(func(line []byte) error {
		c.line++
		if !c.suspect(line) {
			c.line += max(0, bytes.Count(line, []byte{'\n'})-1)
			return nil
		}
		l.rows = &splitter{text: string(line), line: c.line, delimiter: c.delimiter()}
		c.line += max(0, bytes.Count(line, []byte{'\n'})-1)
		before := len(records)
		l.batch.Records, l.seen = records, kept
		for l.next() {
			if !l.bad[l.row.line] {
				l.take()
			}
		}
		records = l.batch.Records
		if len(records) == before {
			return nil
		}
		r := &records[before]
		h := maphash.String(c.hash, r.Key) | 1
		if c.suspects[h]++; c.suspects[h] > 1 { // another key with the same hash
			if err := c.take(r); err != nil {
				return err
			}
			c.count(c.code([]byte(r.Subject)))
		}
		return nil
	})
	l.report.Rows = rows
	if err == nil && len(l.bad) > bad && l.opt.Partial {
		err = notStreamed("rows of one key differ")
	}
	return err
}

// suspect reports whether a row's key is one that came twice. Rows that are not
// plain are looked at, whatever they are.
func (c *fileCounter) suspect(line []byte) bool {
	plain := bytes.TrimSuffix(bytes.TrimSuffix(line, []byte{'\n'}), []byte{'\r'})
	if !c.read(plain) {
		cells := splitter{text: string(line), line: 1, delimiter: c.delimiter()}
		var r record
		if !cells.next(&r) || r.fault != nil || c.key >= len(r.cells) {
			return false
		}
		_, twice := c.suspects[maphash.String(c.hash, trim(strings.TrimSuffix(r.cells[c.key], "\r")))|1]
		return twice
	}
	_, twice := c.suspects[maphash.Bytes(c.hash, c.parts[c.key])|1]
	return twice
}

// result closes the count.
func (c *fileCounter) result(p *engine.Pack, r *engine.Register) *FileCount {
	l := c.load
	l.report.sort()
	l.report.Bad = len(l.bad)
	if l.refused || len(l.bad) > 0 && (!l.opt.Partial || len(l.bad) == l.report.Rows) {
		return nil
	}
	if c.records > 0 {
		l.first, l.last = dayOf(c.first), dayOf(c.last)
	}
	l.cover()
	out := &FileCount{Covered: l.batch.Covered, Records: c.records}
	for i := range c.subj {
		s := &c.subj[i]
		for k := range c.periods {
			if !s.any[k] {
				continue
			}
			period := &c.periods[k]
			for j, cell := range period.cells {
				sum := exact.Int(s.sums[period.at+j])
				if s.whole != nil {
					sum = sum.Add(s.whole[period.at+j])
				}
				if cell.Sum >= 0 {
					sum = sum.Quo(cell.Scale)
				}
				out.Counts = append(out.Counts, engine.Count{Statistic: cell.Statistic, Period: period.Period, Subject: s.code, Sum: sum})
			}
		}
	}
	return out
}

func dayOf(number int64) engine.Date {
	return engine.Date{Year: 1970, Month: 1, Day: 1}.AddDays(int(number))
}
