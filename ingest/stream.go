package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/maphash"
	"io"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/hashset"
)

// ErrChanged means that a file is not the same any more as when it was checked.
var ErrChanged = errors.New("the file changed while it was read")

// RegisterStream is a register file that was checked from the first row to the
// last and is handed on record by record, so that memory does not grow with it.
type RegisterStream struct {
	// Batch is the load without its records.
	Batch *engine.Batch

	pack     *engine.Pack
	register *engine.Register
	file     io.ReadSeeker
	options  Options
	seed     maphash.Seed
	suspects map[uint64]int // hashes of keys that come more than once
}

// StreamRegister checks a register file as ReadRegister does, in one pass, and
// makes the same records of it later. The stream is nil if the file is refused. The
// error wraps ErrNotStreamed if the file has to be read whole: what is not CSV in
// UTF-8, a register without a key, bad rows that should be left out.
func StreamRegister(p *engine.Pack, register, name string, file io.ReadSeeker, opt Options) (*RegisterStream, *Report, error) {
	r, err := findRegister(p, register)
	switch {
	case err != nil:
		return nil, nil, err
	case r.Key == "":
		return nil, nil, notStreamed("the register has no key")
	case opt.Partial:
		return nil, nil, notStreamed("bad rows are left out")
	}
	s := &RegisterStream{pack: p, register: r, file: file, options: opt, seed: maphash.MakeSeed()}
	c, err := s.reader(name)
	if err != nil {
		return nil, nil, err
	}
	if !c.load.refused {
		c.seen = new(hashset.Set)
		if err := c.count(); err != nil {
			return nil, nil, err
		}
		s.Batch = c.load.batch
		s.Batch.Digest = hex.EncodeToString(c.digest.Sum(nil))
		if err := c.settle(); err != nil {
			return nil, nil, err
		}
		for _, keys := range c.suspects {
			if keys > 1 {
				return nil, nil, notStreamed("two keys have one hash")
			}
		}
		s.suspects = c.suspects
	}
	if c.result() == nil {
		return nil, c.load.report, nil
	}
	s.Batch.Records, s.Batch.Rows = nil, c.load.report.Rows
	return s, c.load.report, nil
}

// reader readies the file for a pass.
func (s *RegisterStream) reader(name string) (*fileCounter, error) {
	c := &fileCounter{options: CountOptions{Options: s.options, OneRowPerKey: true}, file: s.file, seed: s.seed, checking: true, digest: sha256.New()}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if err := c.open(s.pack, s.register, name); err != nil || c.load.refused {
		return c, err
	}
	return c, c.plan(s.pack, s.register)
}

// Records reads the file again and hands on each record in the order of the file, a
// case that stands on several rows once. A record is valid only until the next. It
// may be called again. If the file is not the one that was checked, the error is
// ErrChanged, and what was handed on is worth nothing.
func (s *RegisterStream) Records(each func(r *engine.Record) error) error {
	c, err := s.reader(s.Batch.File)
	switch {
	case err != nil:
		return err
	case c.load.refused:
		return ErrChanged
	}
	h := handing{rowCounter: c.newRowCounter(), stream: s, each: each, once: map[uint64]bool{}, dates: map[int64]engine.Date{}}
	h.record = engine.Record{Register: s.register.ID, Origin: engine.Origin{File: s.Batch.File}, Fields: map[string]formula.Value{}}
	if err := c.handOut([]func(b *block) error{func(b *block) error { return h.rows(b, h.hand) }}); err != nil {
		return err
	}
	if hex.EncodeToString(c.digest.Sum(nil)) != s.Batch.Digest {
		return ErrChanged
	}
	return nil
}

// handing makes records of rows.
type handing struct {
	*rowCounter
	stream *RegisterStream
	each   func(r *engine.Record) error
	once   map[uint64]bool // of the keys that come more than once, those that came
	dates  map[int64]engine.Date
	record engine.Record
}

func (h *handing) hand(text []byte, line int) error {
	row := withoutEnd(text)
	subject, ok := h.read(row)
	if !ok {
		r, err := h.careful(text, line)
		switch {
		case err != nil:
			return err
		case len(h.load.bad) > 0:
			return ErrChanged
		case r.Subject == "" || h.again([]byte(r.Key)):
			return nil
		}
		return h.each(&r)
	}
	key := h.part(row, h.key)
	if h.again(key) {
		return nil
	}
	r := &h.record
	r.Key, r.Subject, r.Origin.Row, r.Times = string(key), h.subjects[subject].code, line, 1
	if h.times >= 0 && !h.row[h.times].Null {
		r.Times = int(h.row[h.times].Num)
	}
	r.Date = h.dateOf(h.row[h.date].Num)
	for _, f := range h.load.fields {
		r.Fields[f.ID] = h.value(f)
	}
	return h.each(r)
}

// again reports whether a key has been handed on before.
func (h *handing) again(key []byte) bool {
	if len(h.stream.suspects) == 0 {
		return false
	}
	hash := maphash.Bytes(h.seed, key) | 1
	if _, twice := h.stream.suspects[hash]; !twice {
		return false
	}
	before := h.once[hash]
	h.once[hash] = true
	return before
}

func (h *handing) dateOf(number int64) engine.Date {
	d, ok := h.dates[number]
	if !ok {
		d = dayOf(number)
		h.dates[number] = d
	}
	return d
}

// value is the value of a field in the row that was read.
func (h *handing) value(f fieldColumn) formula.Value {
	if !f.there() {
		return formula.Value{Null: true}
	}
	reader := &h.cells[f.at]
	cell := &h.row[reader.at]
	switch {
	case cell.Null:
		return formula.Value{Null: true}
	case reader.kind == wholeNumber:
		return formula.Value{Num: exact.Int(cell.Num).Quo(reader.scale)}
	case reader.kind == plainDate:
		return formula.Value{Num: exact.Int(cell.Num)}
	case reader.kind == yesOrNo:
		return formula.Value{Bool: cell.Num != 0}
	}
	return formula.Value{Text: string(cell.Text)}
}
