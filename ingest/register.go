package ingest

import (
	"fmt"
	"strconv"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// registerLoad reads the records of a case register.
type registerLoad struct {
	*load
	register               *engine.Register
	key, code, date, times *column
	fields                 []fieldColumn
	seen                   map[string]int // key → index in the batch
	first, last            engine.Date    // of the records
	unkeyed                map[string]int // of a register without a key: how often a row has come
}

type fieldColumn struct {
	*column
	*engine.Field
}

// ReadRegister reads case records. The batch is nil if the file is refused; the
// report says why. The error is only for a register the pack does not have.
func ReadRegister(p *engine.Pack, register string, src Source, opt Options) (*engine.Batch, *Report, error) {
	r, err := findRegister(p, register)
	if err != nil {
		return nil, nil, err
	}
	l := &registerLoad{load: open(p, r.ID, src, opt), register: r, unkeyed: map[string]int{}}
	l.declare()
	for l.nextTable() {
		if l.seen == nil {
			n := l.rows.expected()
			l.batch.Records, l.seen = make([]engine.Record, 0, n), make(map[string]int, n)
		}
		for l.next() {
			l.take()
		}
	}
	if !l.refused {
		l.cover()
	}
	return l.result()
}

func findRegister(p *engine.Pack, name string) (*engine.Register, error) {
	for i := range p.Registers {
		if r := &p.Registers[i]; r.ID == name || r.Name == name {
			return r, nil
		}
	}
	return nil, fmt.Errorf("pack %s has no register %q: %w", p.Name, name, engine.ErrNotFound)
}

// englishHeadings are the twins of the headings that a register of a deduction
// has without declaring them.
var englishHeadings = map[string]string{"机构编码": "subject", "日期": "date", "编号": "number", "次数": "times"}

func (l *registerLoad) declare() {
	r := l.register
	l.called = []string{r.ID, r.Name}
	if r.Key != "" {
		l.key = l.want(required, r.Key, englishHeadings[r.Key])
		l.identity = []*column{l.key}
	}
	l.code = l.want(required, r.Subject, englishHeadings[r.Subject])
	l.date = l.want(required, r.Date, englishHeadings[r.Date])
	l.date.kind = formula.Date
	if r.Times != "" {
		l.times = l.want(optional, r.Times, englishHeadings[r.Times])
		l.times.kind = formula.Number
	}
	for i := range r.Fields {
		f := &r.Fields[i]
		if f.Formula != nil || f.Number != nil {
			continue
		}
		need := required
		if f.Nullable {
			need = expected
		}
		c := l.want(need, f.Name, f.ID)
		c.kind, c.clock, c.options = f.Kind, f.Clock, f.Options
		if f.Kind == formula.Number {
			c.number(f.Unit)
		}
		l.fields = append(l.fields, fieldColumn{c, f})
	}
}

// take reads one row: all its cells, whatever is wrong with the first.
func (l *registerLoad) take() {
	r := engine.Record{Register: l.register.ID, Origin: l.origin(nil), Fields: make(map[string]formula.Value, len(l.fields))}
	r.Subject, _ = l.subject(l.code)
	r.Date, _ = l.filledDay(l.date)
	r.Times = l.count()
	for _, f := range l.fields {
		r.Fields[f.ID] = l.field(f)
	}
	if l.key != nil {
		r.Key, _ = l.filled(l.key)
	}
	if !r.Date.IsZero() {
		l.inSpan(r.Date)
	}
	if l.bad[l.row.line] {
		return
	}
	if l.key == nil {
		r.Key = l.makeKey(r)
	}
	l.keep(r)
}

func (l *registerLoad) field(f fieldColumn) formula.Value {
	if l.text(f.column) == "" {
		if !f.Nullable {
			l.fault(f.at, "", emptyCell())
		}
		return formula.Value{Null: true}
	}
	v, _ := l.value(f.column, f.Kind, f.Options, f.Decimals)
	return v
}

// count reads how often the record counts; 1 if the file does not say.
func (l *registerLoad) count() int {
	s := l.text(l.times)
	if s == "" {
		return 1
	}
	n, err := strconv.Atoi(fold(s))
	if err != nil || n < 1 || n > 1_000_000 {
		l.fault(l.times.at, s, notPositive())
		return 1
	}
	return n
}

// inSpan reports a record outside the days that the file was said to cover.
func (l *registerLoad) inSpan(d engine.Date) {
	first, last := l.stated()
	if !first.IsZero() && d.Compare(first) < 0 || !last.IsZero() && d.Compare(last) > 0 {
		l.fault(l.date.at, l.text(l.date), outsideSpan(first, last))
	}
}

// stated returns the span the options give; a zero day is not stated.
func (l *registerLoad) stated() (first, last engine.Date) {
	first, last = l.opt.Period.First, l.opt.Period.Last
	if !l.opt.First.IsZero() {
		first = l.opt.First
	}
	if !l.opt.Last.IsZero() {
		last = l.opt.Last
	}
	return first, last
}

// makeKey names a record of a register without keys by its content. The same
// content again is another record, since nothing says that it is not.
func (l *registerLoad) makeKey(r engine.Record) string {
	content := r.Subject + "|" + r.Date.String()
	for _, f := range l.fields {
		v := r.Fields[f.ID]
		content += fmt.Sprintf("|%s%s%t%t", v.Num, v.Text, v.Bool, v.Null)
	}
	l.unkeyed[content]++
	return fmt.Sprintf("%s#%d", content, l.unkeyed[content])
}

// keep adds the record. A key that comes again with the same content is the same
// case on a second row; with other content one of the rows is wrong.
func (l *registerLoad) keep(r engine.Record) {
	i, again := l.seen[r.Key]
	if !again {
		l.seen[r.Key] = len(l.batch.Records)
		l.batch.Records = append(l.batch.Records, r)
		l.widen(r.Date)
		return
	}
	first := &l.batch.Records[i]
	if differs := l.difference(first, &r); differs != "" {
		l.bad[first.Origin.Row] = true
		l.fault(l.key.at, r.Key, duplicateKey(say("编号", "key"), r.Key, l.lineText(first.Origin.Row), differs))
	}
}

// difference names the first column in which two records are not the same; empty
// if there is none.
func (l *registerLoad) difference(a, b *engine.Record) string {
	switch {
	case a.Subject != b.Subject:
		return l.code.heading
	case a.Date != b.Date:
		return l.date.heading
	case a.Times != b.Times:
		return l.times.heading
	}
	for _, f := range l.fields {
		if !sameValue(a.Fields[f.ID], b.Fields[f.ID]) {
			return f.heading
		}
	}
	return ""
}

func (l *registerLoad) widen(d engine.Date) {
	if l.first.IsZero() || d.Compare(l.first) < 0 {
		l.first = d
	}
	if d.Compare(l.last) > 0 {
		l.last = d
	}
}

// cover says which days the file covers: those stated, otherwise whole
// half-years from the first record to the last.
func (l *registerLoad) cover() {
	first, last := l.stated()
	if first.IsZero() && !l.first.IsZero() {
		first = halfYearOf(l.first).First
	}
	if last.IsZero() && !l.last.IsZero() {
		last = halfYearOf(l.last).Last
	}
	if first.IsZero() || last.IsZero() {
		if l.report.Rows == 0 {
			l.warn(-1, "", nothingCovered())
		}
		return
	}
	l.batch.Covered = []engine.Coverage{{Register: l.register.ID, First: first, Last: last}}
}

func halfYearOf(d engine.Date) engine.Period {
	half := "H1"
	if d.Month > 6 {
		half = "H2"
	}
	p, _ := engine.ParsePeriod(fmt.Sprintf("%04d%s", d.Year, half))
	return p
}
