package ingest

import (
	"crypto/sha256"
	"encoding/hex"

	"kaoping/engine"
)

// Bounds on what a file may hold, in bytes.
const (
	maxFile = 1 << 30
	maxLine = 1 << 20
	maxCell = 64 << 10
)

// maxColumns is how many columns a file may have.
const maxColumns = 1000

// maxProblems is how many problems a report keeps; the rest are counted.
const maxProblems = 100_000

// Source is a file as it was delivered.
type Source struct {
	Name string // base name, printed in messages and kept as the origin of facts
	Data []byte
	// Format is csv, tsv, xlsx, json, ndjson or parquet; "" tells it by the content.
	Format string
}

// Options say what the file does not.
type Options struct {
	// Map renames headings: the file's heading to the pack's.
	Map map[string]string
	// Sheet names the sheet of a workbook; without it all that have the headings
	// are read.
	Sheet string
	// Period is the period of a file without a period column. For a register it
	// is the span the file covers.
	Period engine.Period
	// First and Last are the span of days a register file covers. Without them
	// and without Period it is the calendar half-years from its first record to
	// its last.
	First, Last engine.Date
	// Partial leaves bad rows out instead of refusing the file.
	Partial bool
	// Known reports whether there is a subject with the code; nil asks Subjects.
	Known func(code string) bool
	// Subjects are those on record. Cells may name them by code, name or short
	// name. If there are none and Known is nil, codes are not checked.
	Subjects []engine.Subject
}

// load reads one file. The readers of feeds, registers, subjects and judgements
// say which columns they want and take it row by row.
type load struct {
	again    bool // the row has been read and noted before
	pack     *engine.Pack
	opt      Options
	batch    *engine.Batch
	report   *Report
	rows     rowSource          // of the current table
	book     *workbook          // nil if the file is a CSV
	queue    []*located         // sheets still to be read
	searched bool               // the queue has been made
	identity []*column          // what tells a row from another; empty if nothing does
	called   []string           // id and name of the feed or register
	sheets   []string           // the pack's names of the sheet; empty: any
	tables   []table            // read so far, the current one last
	byName   map[string]*column // by folded heading
	columns  []*column
	headings []string // of the current table, as in the file
	quiet    []string // headings that nobody asked for and nobody need be told of
	row      record
	// headingLine is the line of the headings while they are read, otherwise 0.
	headingLine int
	bad         map[int]bool // lines of rows with errors
	refused     bool         // an error that concerns the whole file
	damaged     bool         // the text holds characters that could not be read
	directory   *directory
}

// open decodes the file and readies it for reading.
func open(p *engine.Pack, target string, src Source, opt Options) *load {
	l := &load{
		pack: p, opt: opt,
		report: &Report{File: src.Name},
		bad:    map[int]bool{},
	}
	digest := sha256.Sum256(src.Data)
	l.batch = &engine.Batch{Pack: p.Name, Target: target, File: src.Name, Digest: hex.EncodeToString(digest[:])}
	l.directory = newDirectory(opt)
	if isWorkbook(src.Data) {
		l.openBook(src.Data)
		return l
	}
	switch formatOf(src) {
	case "json":
		l.openJSON(src.Data)
		return l
	case "parquet":
		l.openParquet(src.Data)
		return l
	}
	text, encoding, problem := decode(src.Data)
	l.report.Encoding, l.batch.Encoding = encoding, encoding
	if problem != nil {
		l.refuse(-1, "", *problem)
		return l
	}
	l.damaged = damaged(text)
	split := newSplitter(text)
	l.rows = &split
	l.report.Delimiter = string(split.delimiter)
	return l
}

// formatOf tells JSON and Parquet from a text of cells, by what the file is said
// to be or else by how it begins.
func formatOf(src Source) string {
	switch {
	case src.Format == "json", src.Format == "ndjson":
		return "json"
	case src.Format == "parquet", src.Format == "" && isParquet(src.Data):
		return "parquet"
	case src.Format == "" && looksLikeJSON(src.Data):
		return "json"
	}
	return "csv"
}

// next goes on to the next row that can be read. Rows that cannot are reported.
func (l *load) next() bool {
	for l.rows.next(&l.row) {
		if l.row.fault == nil && blank(l.row.cells) {
			continue
		}
		l.report.Rows++
		if l.readable() {
			return true
		}
	}
	return false
}

// readable reports what keeps the cells of the row from being looked at.
func (l *load) readable() bool {
	r := &l.row
	if r.fault != nil {
		l.fault(r.faultAt, r.shown, *r.fault)
		return false
	}
	if n := len(l.headings); len(r.cells) != n && !blankBeyond(r.cells, n) {
		l.fault(-1, "", wrongLength(len(r.cells), n))
		return false
	}
	if l.damaged {
		return l.intact() && l.usable()
	}
	return true
}

// intact reports cells with characters that could not be read.
func (l *load) intact() bool {
	ok := true
	for i, c := range l.row.cells {
		if damaged(c) {
			l.fault(i, c, brokenBytes(l.report.Encoding))
			ok = false
		}
	}
	return ok
}

// usable reports cells that a spreadsheet could not compute or keep. The row goes
// on to the checks of its other cells.
func (l *load) usable() bool {
	for _, c := range l.columns {
		if !c.there() {
			continue
		}
		text := l.text(c)
		switch l.row.kind(c.at) {
		case errorCell:
			l.fault(c.at, text, cellError())
		case emptyFormula:
			l.fault(c.at, text, notComputed())
		case longCell:
			if !c.numeric {
				l.fault(c.at, text, digitsLost())
			}
		case mergedCell:
			if c.numeric {
				l.fault(c.at, text, mergedFigure())
			}
		}
	}
	return true
}

// result closes the load: a batch if all is well or if bad rows may be left out.
func (l *load) result() (*engine.Batch, *Report, error) {
	l.report.sort()
	l.report.Bad = len(l.bad)
	l.batch.Rows = l.report.Rows
	if l.refused || len(l.bad) > 0 && !l.opt.Partial {
		return nil, l.report, nil
	}
	if len(l.bad) > 0 {
		l.leaveOut()
		if len(l.bad) == l.report.Rows {
			return nil, l.report, nil
		}
	}
	l.batch.Refused = len(l.bad)
	l.resolve()
	return l.batch, l.report, nil
}

// leaveOut removes what came from bad rows: a row may have turned out bad only
// when a later one contradicted it.
func (l *load) leaveOut() {
	b := l.batch
	b.Subjects = without(b.Subjects, l.bad, func(s engine.Subject) int { return s.Origin.Row })
	b.Figures = without(b.Figures, l.bad, func(f engine.Figure) int { return f.Origin.Row })
	b.Records = without(b.Records, l.bad, func(r engine.Record) int { return r.Origin.Row })
	b.Judgements = without(b.Judgements, l.bad, func(j engine.Judgement) int { return j.Origin.Row })
}

func without[T any](list []T, bad map[int]bool, row func(T) int) []T {
	var kept []T
	for _, x := range list {
		if !bad[row(x)] {
			kept = append(kept, x)
		}
	}
	return kept
}

// resolve turns the lines of a workbook into sheets and rows.
func (l *load) resolve() {
	if l.book == nil {
		return
	}
	b := l.batch
	for i := range b.Subjects {
		l.resolveOrigin(&b.Subjects[i].Origin)
	}
	for i := range b.Figures {
		l.resolveOrigin(&b.Figures[i].Origin)
	}
	for i := range b.Records {
		l.resolveOrigin(&b.Records[i].Origin)
	}
	for i := range b.Judgements {
		l.resolveOrigin(&b.Judgements[i].Origin)
	}
}

func (l *load) resolveOrigin(o *engine.Origin) {
	o.Sheet, o.Row = l.tableOf(o.Row).sheet, l.rowOf(o.Row)
}

// origin is where a fact of the current row came from.
func (l *load) origin(c *column) engine.Origin {
	o := engine.Origin{File: l.report.File, Row: l.row.line}
	if c != nil {
		o.Column = c.heading
	}
	return o
}
