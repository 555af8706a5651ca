package store

import (
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// place names a row of a fact, and the line of the file it came from.
type place struct {
	batch, n int64
	fileRow  int
	corrects int // of a record: 1 if another version was live when it was written
}

func (p *place) where() *place { return p }

// row is one fact as it is stored. Rows with the same key are versions of one
// fact; with equal content they are the same version.
type row interface {
	where() *place
	key() string
	content() string
	values() []any  // in the order of the table's columns, after the place
	targets() []any // to scan them into
}

// columnsOf lists the columns of each table after batch, n and file_row.
var columnsOf = map[string]string{
	"subjects":   "code, name, short_name, peer_group, type, parent, opened, valid_from, attributes, heading",
	"figures":    "subject, statistic, period, value, heading",
	"records":    "register, record_key, occurrence, subject, date, times, fields, corrects",
	"judgements": "subject, period, indicator, line, answer, reason, evidence, scorer, reviewer, heading",
}

// separator stands between the parts of a key. Facts that hold it are refused.
const separator = "\x1f"

func joined(parts ...string) string { return strings.Join(parts, separator) }

type subjectRow struct {
	place
	code, name, shortName, peerGroup, kind, parent, opened, validFrom, attributes, heading string
}

func subjectRowOf(s *engine.Subject) subjectRow {
	return subjectRow{
		place: place{fileRow: s.Origin.Row},
		code:  s.Code, name: s.Name, shortName: s.ShortName, peerGroup: s.PeerGroup, kind: s.Type, parent: s.Parent,
		opened: s.Opened.String(), validFrom: s.ValidFrom.String(), attributes: encodeValues(s.Attributes), heading: s.Origin.Column,
	}
}

func (r *subjectRow) key() string { return joined(r.code, r.validFrom) }
func (r *subjectRow) content() string {
	return joined(r.name, r.shortName, r.peerGroup, r.kind, r.parent, r.opened, r.attributes)
}
func (r *subjectRow) values() []any {
	return []any{r.code, r.name, r.shortName, r.peerGroup, r.kind, r.parent, r.opened, r.validFrom, r.attributes, r.heading}
}
func (r *subjectRow) targets() []any {
	return []any{&r.code, &r.name, &r.shortName, &r.peerGroup, &r.kind, &r.parent, &r.opened, &r.validFrom, &r.attributes, &r.heading}
}

func (r *subjectRow) fact(o engine.Origin) (engine.Subject, error) {
	o.Column = r.heading
	s := engine.Subject{Code: r.code, Name: r.name, ShortName: r.shortName, PeerGroup: r.peerGroup, Type: r.kind, Parent: r.parent, Origin: o}
	err := s.Opened.UnmarshalText([]byte(r.opened))
	if err == nil {
		err = s.ValidFrom.UnmarshalText([]byte(r.validFrom))
	}
	if err == nil {
		s.Attributes, err = decodeValues(r.attributes)
	}
	return s, err
}

type figureRow struct {
	place
	subject, statistic, period, value, heading string
}

func figureRowOf(f *engine.Figure) figureRow {
	return figureRow{
		place:   place{fileRow: f.Origin.Row},
		subject: f.Subject, statistic: f.Statistic, period: f.Period.String(), value: f.Value.String(), heading: f.Origin.Column,
	}
}

func (r *figureRow) key() string     { return joined(r.subject, r.statistic, r.period) }
func (r *figureRow) content() string { return r.value }
func (r *figureRow) values() []any {
	return []any{r.subject, r.statistic, r.period, r.value, r.heading}
}
func (r *figureRow) targets() []any {
	return []any{&r.subject, &r.statistic, &r.period, &r.value, &r.heading}
}

func (r *figureRow) fact(o engine.Origin) (engine.Figure, error) {
	o.Column = r.heading
	f := engine.Figure{Subject: r.subject, Statistic: r.statistic, Origin: o}
	err := f.Period.UnmarshalText([]byte(r.period))
	if err == nil {
		f.Value, err = exact.Parse(r.value)
	}
	return f, err
}

type recordRow struct {
	place
	register, recordKey   string
	occurrence            int
	subject, date, fields string
	times                 int
}

func recordRowOf(r *engine.Record) recordRow {
	return recordRow{
		place:    place{fileRow: r.Origin.Row},
		register: r.Register, recordKey: r.Key, subject: r.Subject, date: r.Date.String(), times: r.Times, fields: encodeValues(r.Fields),
	}
}

// key of a record without a key is its content: the same row in another file is
// the same record, and a second equal row of one file is another one.
func (r *recordRow) key() string {
	if r.recordKey != "" {
		return joined(r.register, r.recordKey)
	}
	return joined(r.register, "", itoa(r.occurrence), r.content())
}
func (r *recordRow) content() string {
	return joined(r.subject, r.date, itoa(r.times), r.fields)
}
func (r *recordRow) values() []any {
	return []any{r.register, r.recordKey, r.occurrence, r.subject, r.date, r.times, r.fields, r.corrects}
}
func (r *recordRow) targets() []any {
	return []any{&r.register, &r.recordKey, &r.occurrence, &r.subject, &r.date, &r.times, &r.fields, &r.corrects}
}

func (r *recordRow) fact(o engine.Origin) (engine.Record, error) {
	rec := engine.Record{Register: r.register, Subject: r.subject, Key: r.recordKey, Times: r.times, Origin: o}
	err := rec.Date.UnmarshalText([]byte(r.date))
	if err == nil {
		rec.Fields, err = decodeValues(r.fields)
	}
	return rec, err
}

type judgementRow struct {
	place
	subject, period, indicator, line, answer, reason, evidence, scorer, reviewer, heading string
}

func judgementRowOf(j *engine.Judgement) judgementRow {
	return judgementRow{
		place:   place{fileRow: j.Origin.Row},
		subject: j.Subject, period: j.Period.String(), indicator: j.Indicator, line: j.Line, answer: string(j.Answer),
		reason: j.Reason, evidence: j.Evidence, scorer: j.Scorer, reviewer: j.Reviewer, heading: j.Origin.Column,
	}
}

func (r *judgementRow) key() string { return joined(r.subject, r.period, r.indicator, r.line) }
func (r *judgementRow) content() string {
	return joined(r.answer, r.reason, r.evidence, r.scorer, r.reviewer)
}
func (r *judgementRow) values() []any {
	return []any{r.subject, r.period, r.indicator, r.line, r.answer, r.reason, r.evidence, r.scorer, r.reviewer, r.heading}
}
func (r *judgementRow) targets() []any {
	return []any{&r.subject, &r.period, &r.indicator, &r.line, &r.answer, &r.reason, &r.evidence, &r.scorer, &r.reviewer, &r.heading}
}

func (r *judgementRow) fact(o engine.Origin) (engine.Judgement, error) {
	o.Column = r.heading
	j := engine.Judgement{
		Subject: r.subject, Indicator: r.indicator, Line: r.line, Answer: engine.Answer(r.answer),
		Reason: r.reason, Evidence: r.evidence, Scorer: r.scorer, Reviewer: r.reviewer, Origin: o,
	}
	return j, j.Period.UnmarshalText([]byte(r.period))
}
