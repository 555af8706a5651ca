package store

import (
	"context"
	"errors"
	"hash/maphash"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
	"kaoping/engine/hashset"
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
			info, err = s.run(by, s.store)
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
	keys     hashset.Set
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
		if !s.keys.Add(maphash.String(s.seed, key)) {
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

// store writes the load if it has nothing that is live.
func (s *streaming) store() error {
	for _, step := range []func() error{s.refuseLive, s.sweep, s.write} {
		if err := step(); err != nil {
			return err
		}
	}
	return s.writeCoverage()
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
		if key.recordKey == "" || s.keys.Has(maphash.String(s.seed, key.key())) {
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
