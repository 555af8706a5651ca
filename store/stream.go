package store

import (
	"context"
	"errors"
	"hash/maphash"
	"math/bits"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// ErrNotStreamed means that a load cannot be stored record by record, because it
// repeats or corrects what is live; it has to be compared as a whole.
var ErrNotStreamed = errors.New("the load has to be compared with what is live")

// CreateStreamed stores a load of a register as CreateBatch does, with the same rows
// and the same digests, but takes its records one by one, so that memory grows by 12
// bytes a record only. records hands on all of them, each with a key that no other
// has, and may be called several times; b holds everything else. If any key is live
// already nothing is stored and the error is ErrNotStreamed.
func (db *DB) CreateStreamed(ctx context.Context, b *engine.Batch, records func(each func(r *engine.Record) error) error, by Actor) (BatchInfo, error) {
	doing := "load " + b.File
	s := streaming{records: records, seed: maphash.MakeSeed()}
	var info BatchInfo
	err := s.survey(b)
	if err == nil {
		err = db.journaled(ctx, actionLoad, b.File, by, func(tx *sqlx.Tx) error {
			s.writing = &writing{batch: b, content: s.content}
			s.reset(ctx, db, tx)
			info, err = s.run(by)
			return err
		})
	}
	switch {
	case errors.Is(err, ErrNotStreamed):
		return BatchInfo{}, ErrNotStreamed
	case err != nil:
		return BatchInfo{}, db.explain(doing, err)
	}
	return info, nil
}

// streaming is one load on its way into the store.
type streaming struct {
	*writing
	records  func(each func(r *engine.Record) error) error
	seed     maphash.Seed
	keys     hashes
	content  string
	register string
}

// survey looks at all records once, before anything is locked.
func (s *streaming) survey(b *engine.Batch) error {
	if len(b.Subjects)+len(b.Figures)+len(b.Records)+len(b.Judgements) > 0 {
		return ErrNotStreamed
	}
	digest := newContentDigest()
	err := s.records(func(r *engine.Record) error {
		if anyTooLong(r.Fields) {
			return numberTooLong(r.Origin.Row)
		}
		if r.Key == "" || s.register != "" && r.Register != s.register {
			return ErrNotStreamed
		}
		s.register = r.Register
		row := recordRowOf(r)
		key := row.key()
		if !s.keys.add(maphash.String(s.seed, key)) {
			return ErrNotStreamed
		}
		digest.add(key, row.content())
		return nil
	})
	if err == nil && s.register == "" {
		err = ErrNotStreamed // nothing in it
	}
	for _, c := range b.Covered {
		digest.add(c.Register, c.Subject, c.First.String(), c.Last.String())
	}
	s.content = digest.text()
	return err
}

func (s *streaming) run(by Actor) (BatchInfo, error) {
	var err error
	if s.number, err = next(s.ctx, s.tx, "batch"); err != nil {
		return BatchInfo{}, err
	}
	if s.lineage, err = newLineage(s.ctx, s.tx, liveNow(s.batch.Pack)); err != nil {
		return BatchInfo{}, err
	}
	if earlier, err := s.earlier(); err != nil || earlier != nil {
		return s.duplicate(earlier, err)
	}
	if err := s.refuseLive(); err != nil {
		return BatchInfo{}, err
	}
	if err := s.sweep(); err != nil {
		return BatchInfo{}, err
	}
	if err := s.write(); err != nil {
		return BatchInfo{}, err
	}
	if err := s.writeCoverage(); err != nil {
		return BatchInfo{}, err
	}
	return s.finish(by)
}

// refuseLive looks whether any of the keys is live.
func (s *streaming) refuseLive() error {
	args := append(append([]any{}, s.lineage.set.args...), s.register)
	rows, err := s.tx.QueryContext(s.ctx, "SELECT record_key FROM records WHERE "+s.lineage.where()+" AND register = $"+itoa(len(args)), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	key := recordRow{register: s.register}
	for rows.Next() {
		if err := rows.Scan(&key.recordKey); err != nil {
			return err
		}
		// A record without a key has its content for one, which is not read here.
		if key.recordKey == "" || s.keys.has(maphash.String(s.seed, key.key())) {
			return ErrNotStreamed
		}
	}
	return rows.Err()
}

// write stores the records.
func (s *streaming) write() error {
	out, err := s.db.newBulk(s.ctx, s.tx, "records", "batch, n, file_row, "+columnsOf["records"])
	if err != nil {
		return err
	}
	defer out.abandon()
	err = s.records(func(r *engine.Record) error {
		row := recordRowOf(r)
		s.count(&row.place, false)
		return out.add(append([]any{s.number, s.n, row.fileRow}, row.values()...)...)
	})
	if err != nil {
		return err
	}
	return out.close()
}

// hashes is a set of hashes in many small tables, so that while one grows the others
// stay.
type hashes struct {
	tables [1 << 10]struct {
		slots []uint64
		used  int
	}
}

// add reports whether the hash was not there. The lowest bit does not count: 0 is an
// empty slot.
func (h *hashes) add(hash uint64) bool {
	t := &h.tables[hash>>1&(1<<10-1)]
	if 5*t.used >= 4*len(t.slots) {
		old := t.slots
		t.slots = make([]uint64, max(16, len(old)*3/2))
		for _, x := range old {
			if x != 0 {
				t.slots[slotOf(t.slots, x)] = x
			}
		}
	}
	at := slotOf(t.slots, hash|1)
	if t.slots[at] != 0 {
		return false
	}
	t.slots[at] = hash | 1
	t.used++
	return true
}

func (h *hashes) has(hash uint64) bool {
	t := &h.tables[hash>>1&(1<<10-1)]
	return len(t.slots) > 0 && t.slots[slotOf(t.slots, hash|1)] != 0
}

// slotOf returns where a hash is, or the empty place where it belongs.
func slotOf(slots []uint64, hash uint64) int {
	high, _ := bits.Mul64(hash, uint64(len(slots)))
	at := int(high)
	for slots[at] != 0 && slots[at] != hash {
		if at++; at == len(slots) {
			at = 0
		}
	}
	return at
}
