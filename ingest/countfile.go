package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"hash"
	"hash/maphash"
	"io"
	"math"
	"runtime"
	"slices"
	"sync"
	"unicode/utf8"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/hashset"
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
	c := &fileCounter{options: opt, file: file, seed: maphash.MakeSeed()}
	if err := c.open(p, r, name); err != nil {
		return nil, nil, err
	}
	if !c.load.refused {
		if err := c.plan(p, r); err != nil {
			return nil, nil, err
		}
		if err := c.count(); err != nil {
			return nil, nil, err
		}
		if err := c.settle(); err != nil {
			return nil, nil, err
		}
	}
	return c.result(), c.load.report, nil
}

// fileCounter counts one file.
type fileCounter struct {
	options CountOptions
	file    io.ReadSeeker
	load    *registerLoad // reads the heading, and the rows that are not written plainly
	start   int64         // of the rows in the file
	headed  int           // lines up to the rows
	comma   byte          // what parts cells

	cells   []cellReader // by column of the file
	width   int          // cells of a row that are kept
	absent  []int        // those of columns that the file does not have
	times   int          // place of the multiplicity in a row; -1 if there is none
	date    int
	key     int // column of the key; -1 if there is none
	subject int // column
	periods []periodCells
	counted int // cells that are counted
	first   int64
	last    int64 // days that the file was said to hold

	seed maphash.Seed
	seen *hashset.Set

	checking bool      // nothing is counted, rows are only looked at
	digest   hash.Hash // of the file, if it is wanted

	mu       sync.Mutex     // of what follows and of load
	suspects map[uint64]int // hashes that came twice: how many keys they turned out to be
	done     []*rowCounter
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
		c.headed, c.comma = split.line-1, split.delimiter
		c.start = int64(len(head[:end]) - len(sample) + split.pos)
	}
	c.load.seen = map[string]int{}
	return nil
}

// plan decides how each column is read and how the statistics are counted.
func (c *fileCounter) plan(p *engine.Pack, r *engine.Register) error {
	l := c.load
	c.cells = make([]cellReader, len(l.headings))
	c.key, c.times = -1, -1
	if l.key != nil {
		c.key = l.key.at
		c.cells[c.key] = cellReader{kind: plainKey}
		if !c.options.OneRowPerKey {
			c.seen = new(hashset.Set)
		}
	}
	c.subject = l.code.at
	c.cells[c.subject] = cellReader{kind: subjectCode}
	c.date = c.place(l.date, cellReader{kind: plainDate})
	if l.times.there() {
		c.times = c.place(l.times, cellReader{kind: plainTimes})
	}
	fields := map[string]formula.RowField{}
	for _, f := range l.fields {
		reader, field, err := readerOf(f)
		if err != nil {
			return err
		}
		field.At = c.place(f.column, reader)
		fields[f.ID] = field
	}
	c.first, c.last = math.MinInt64, math.MaxInt64
	if first, last := l.stated(); !first.IsZero() || !last.IsZero() {
		if c.first = first.DayNumber(); first.IsZero() {
			c.first = math.MinInt64
		}
		if c.last = last.DayNumber(); last.IsZero() {
			c.last = math.MaxInt64
		}
	}
	return c.planPeriods(p, r, func(f *engine.Field) formula.RowField { return fields[f.ID] })
}

// place gives a column its place among the cells of a row.
func (c *fileCounter) place(col *column, reader cellReader) int {
	reader.at = c.width
	c.width++
	if col.there() {
		c.cells[col.at] = reader
	} else {
		c.absent = append(c.absent, reader.at)
	}
	return reader.at
}

func (c *fileCounter) planPeriods(p *engine.Pack, r *engine.Register, known func(f *engine.Field) formula.RowField) error {
	for _, period := range c.options.Periods {
		cells, err := engine.RowCells(p, r, []engine.Period{period}, known)
		if err != nil {
			return notStreamed("%v", err)
		}
		c.periods = append(c.periods, periodCells{period, period.First.DayNumber(), period.Last.DayNumber(), cells, c.counted})
		c.counted += len(cells)
	}
	if c.counted == 0 && !c.checking {
		return notStreamed("no statistic is counted from it")
	}
	return nil
}

// count reads the file once, a block at a time, on as many cores as there are.
func (c *fileCounter) count() error {
	var workers []func(b *block) error
	for range min(runtime.GOMAXPROCS(0), mostWorkers) {
		w := c.newRowCounter()
		c.done = append(c.done, w)
		workers = append(workers, w.block)
	}
	return c.handOut(workers)
}

// handOut reads the file from the first row on and gives each block to one of the
// workers, which work at the same time. A worker that fails is given no more.
func (c *fileCounter) handOut(workers []func(b *block) error) error {
	blocks, failed := make(chan *block), make(chan error, len(workers))
	spare := make(chan *block, len(workers)+1) // one is being filled
	for range cap(spare) {
		spare <- new(block)
	}
	for _, work := range workers {
		go func() {
			var err error
			for b := range blocks {
				if err == nil {
					err = work(b)
				}
				spare <- b
			}
			failed <- err
		}()
	}
	err := c.cut(spare, blocks)
	close(blocks)
	for range workers {
		err = errors.Join(err, <-failed)
	}
	return err
}

// mostWorkers bounds what is read at a time.
const mostWorkers = 4

// block is a part of the file that holds whole rows.
type block struct {
	text []byte
	line int  // of the first row
	odd  bool // there are quotation marks in it
}

// blockBytes is how much of the file is read at a time.
const blockBytes = 512 << 10

// cut reads the file from the first row on and cuts it behind line ends that are not
// inside a cell.
func (c *fileCounter) cut(spare <-chan *block, blocks chan<- *block) error {
	if err := c.rewind(); err != nil {
		return err
	}
	var rest []byte // of a row that was cut
	line, total := c.headed+1, c.start
	for {
		b := <-spare
		b.text = append(b.text[:0], rest...)
		b.text = slices.Grow(b.text, blockBytes)
		n, err := io.ReadFull(c.file, b.text[len(b.text):len(b.text)+blockBytes])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return err
		}
		if total += int64(n); total > maxFile {
			return notStreamed("it is larger than a file may be")
		}
		if c.digest != nil {
			c.digest.Write(b.text[len(b.text) : len(b.text)+n])
		}
		b.text, b.line = b.text[:len(b.text)+n], line
		b.odd = bytes.IndexByte(b.text, '"') >= 0
		end := len(b.text)
		if !last {
			end = wholeRows(b.text, b.odd)
		}
		if rest = append(rest[:0], b.text[end:]...); len(rest) > maxLine {
			return notStreamed("it has a row of more than %d bytes", maxLine)
		}
		b.text = b.text[:end]
		line += bytes.Count(b.text, []byte{'\n'})
		blocks <- b
		if last {
			return nil
		}
	}
}

// rewind goes to the first row; what stands before it is in the digest too.
func (c *fileCounter) rewind() error {
	if c.digest == nil {
		_, err := c.file.Seek(c.start, io.SeekStart)
		return err
	}
	c.digest.Reset()
	if _, err := c.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err := io.CopyN(c.digest, c.file, c.start)
	return err
}

// wholeRows returns where the last whole row ends; 0 if there is none.
func wholeRows(b []byte, odd bool) int {
	if !odd {
		return bytes.LastIndexByte(b, '\n') + 1
	}
	end := 0
	for {
		row := lineOf(b[end:], false)
		if row == nil {
			return end
		}
		end += len(row)
	}
}

// lineOf returns the next row with its line end, and all lines of a row whose
// cells hold line ends; nil if more of the file is needed for that.
func lineOf(b []byte, last bool) []byte {
	for from, quotes := 0, 0; ; {
		n := bytes.IndexByte(b[from:], '\n')
		if n < 0 {
			if last && len(b) > 0 {
				return b
			}
			return nil
		}
		quotes += bytes.Count(b[from:from+n], []byte{'"'})
		if from += n + 1; quotes%2 == 0 {
			return b[:from]
		}
	}
}

// careful reads one row into a record, as ReadRegister does: it says what is wrong,
// or what it means. A record without a subject is none: the row is bad or blank.
// Whoever calls holds the lock.
func (c *fileCounter) careful(text []byte, line int) (engine.Record, error) {
	l := c.load
	switch {
	case !utf8.Valid(text):
		return engine.Record{}, notStreamed("line %d is not UTF-8", line)
	case len(l.bad) >= maxProblems:
		return engine.Record{}, notStreamed("more than %d rows are bad", maxProblems)
	}
	l.rows = &splitter{text: string(text), line: line, delimiter: c.comma}
	l.batch.Records, l.seen = l.batch.Records[:0], map[string]int{}
	rows := l.report.Rows
	for l.next() {
		l.take()
	}
	if l.report.Rows > rows+1 {
		return engine.Record{}, notStreamed("line %d has a quotation mark too few or too many", line)
	}
	if len(l.batch.Records) == 0 {
		return engine.Record{}, nil
	}
	return l.batch.Records[0], nil
}

// mostSuspects bounds the keys that are looked at once more.
const mostSuspects = 500_000

// settle looks at the rows whose keys came twice, as far as hashes tell: rows of
// one case that say the same are one, rows that say different things are an error,
// and different keys with one hash are counted after all.
func (c *fileCounter) settle() error {
	switch {
	case len(c.suspects) == 0:
		return nil
	case len(c.suspects) > mostSuspects:
		return notStreamed("more than %d keys come more than once", mostSuspects)
	}
	s := settling{fileCounter: c, counter: c.newRowCounter(), kept: map[string]int{}}
	c.done = append(c.done, s.counter)
	l := c.load
	rows, bad := l.report.Rows, len(l.bad)
	err := c.handOut([]func(b *block) error{func(b *block) error { return s.counter.rows(b, s.row) }})
	l.report.Rows = rows
	if err == nil && len(l.bad) > bad && l.opt.Partial {
		err = notStreamed("rows of one key differ")
	}
	return err
}

// settling is the second look.
type settling struct {
	*fileCounter
	counter *rowCounter
	records []engine.Record
	kept    map[string]int // place in records by key
}

func (s *settling) row(text []byte, line int) error {
	if !s.suspect(text) {
		return nil
	}
	l := s.load
	l.rows = &splitter{text: string(text), line: line, delimiter: s.comma}
	before := len(s.records)
	l.again = true
	l.batch.Records, l.seen = s.records, s.kept
	for l.next() {
		if !l.bad[l.row.line] {
			l.take()
		}
	}
	s.records = l.batch.Records
	if len(s.records) == before {
		return nil
	}
	r := &s.records[before]
	h := maphash.String(s.seed, r.Key) | 1
	if s.suspects[h]++; s.suspects[h] == 1 {
		return nil
	}
	return s.counter.record(r) // another key with the same hash
}

// suspect reports whether a row's key is one that came twice.
func (s *settling) suspect(text []byte) bool {
	cells := splitter{text: string(text), line: 1, delimiter: s.comma}
	var r record
	if !cells.next(&r) || r.fault != nil || s.key >= len(r.cells) {
		return false
	}
	_, twice := s.suspects[maphash.String(s.seed, trim(r.cells[s.key]))|1]
	return twice
}

// result closes the count; nil if the file is refused.
func (c *fileCounter) result() *FileCount {
	l := c.load
	out := &FileCount{}
	all := map[string]*subjectCounts{}
	var order []string
	for _, w := range c.done {
		l.report.Rows += w.plain
		if w.records > 0 {
			l.widen(dayOf(w.first))
			l.widen(dayOf(w.last))
		}
		out.Records += w.records
		for i := range w.subjects {
			s := &w.subjects[i]
			if into := all[s.code]; into != nil {
				into.merge(s)
				continue
			}
			all[s.code] = s
			order = append(order, s.code)
		}
	}
	l.report.sort()
	l.report.Bad = len(l.bad)
	if l.refused || len(l.bad) > 0 && (!l.opt.Partial || len(l.bad) == l.report.Rows) {
		return nil
	}
	l.cover()
	out.Covered = l.batch.Covered
	slices.Sort(order)
	for _, code := range order {
		out.Counts = append(out.Counts, all[code].counts(c.periods)...)
	}
	return out
}

func dayOf(number int64) engine.Date {
	return engine.Date{Year: 1970, Month: 1, Day: 1}.AddDays(int(number))
}
