package store

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// BatchInfo describes a load.
type BatchInfo struct {
	ID       string // B-000012
	Pack     string
	Target   string
	File     string
	Digest   string // SHA-256 of the file, hex
	Encoding string
	Rows     int // read
	Refused  int // left out because they are bad
	// Facts that were new, that replaced another version, and that were live
	// with the same content already. Unchanged ones are not stored again.
	Added, Updated, Unchanged int
	At                        time.Time
	By, Via                   string
	Duplicate                 bool // the file had been loaded; this is the earlier batch and nothing was stored
	Undone                    bool
	UndoneAt                  time.Time
	UndoneBy, Reason          string
}

// batchRow is a row of the table.
type batchRow struct {
	Batch      int64  `db:"batch"`
	Pack       string `db:"pack"`
	Target     string `db:"target"`
	File       string `db:"file"`
	Digest     string `db:"digest"`
	Content    string `db:"content"`
	Encoding   string `db:"encoding"`
	FileRows   int    `db:"file_rows"`
	Refused    int    `db:"refused"`
	Added      int    `db:"added"`
	Updated    int    `db:"updated"`
	Unchanged  int    `db:"unchanged"`
	At         string `db:"at"`
	Actor      string `db:"actor"`
	Via        string `db:"via"`
	UndoneAt   string `db:"undone_at"`
	UndoneBy   string `db:"undone_by"`
	UndoReason string `db:"undo_reason"`
}

const batchColumns = "batch, pack, target, file, digest, content, encoding, file_rows, refused, added, updated, unchanged, at, actor, via, undone_at, undone_by, undo_reason"

func batchID(n int64) string { return fmt.Sprintf("B-%06d", n) }

// numberOf reads the number of an id with the prefix; false if it is no such id.
func numberOf(id, prefix string) (int64, bool) {
	digits, ok := strings.CutPrefix(id, prefix)
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, ok && err == nil && n > 0
}

func (r *batchRow) info() (BatchInfo, error) {
	b := BatchInfo{
		ID: batchID(r.Batch), Pack: r.Pack, Target: r.Target, File: r.File, Digest: r.Digest, Encoding: r.Encoding,
		Rows: r.FileRows, Refused: r.Refused, Added: r.Added, Updated: r.Updated, Unchanged: r.Unchanged,
		By: r.Actor, Via: r.Via, Undone: r.UndoneAt != "", UndoneBy: r.UndoneBy, Reason: r.UndoReason,
	}
	var err error
	if b.At, err = instant(r.At); err == nil {
		b.UndoneAt, err = instant(r.UndoneAt)
	}
	return b, err
}

// CreateBatch stores a load, whole or not at all. A file that has been loaded
// for the same target and gave the same facts changes nothing, as long as that
// batch is not undone: the earlier batch comes back as a Duplicate. Two rows of
// one batch that contradict each other are an engine.ErrConflict.
func (db *DB) CreateBatch(ctx context.Context, b *engine.Batch, by Actor) (BatchInfo, error) {
	doing := "load " + b.File
	w, err := newWriting(b)
	if err != nil {
		return BatchInfo{}, db.explain(doing, err)
	}
	var info BatchInfo
	err = db.journaled(ctx, actionLoad, b.File, by, func(tx *sqlx.Tx) error {
		w.reset(ctx, db, tx)
		info, err = w.run(by, w.writeFacts)
		return err
	})
	if err != nil {
		return BatchInfo{}, db.explain(doing, err)
	}
	return info, nil
}

// Batches lists the loads of a pack, or of all packs for "", oldest first.
func (db *DB) Batches(ctx context.Context, pack string) ([]BatchInfo, error) {
	var rows []batchRow
	err := db.sql.SelectContext(ctx, &rows, "SELECT "+batchColumns+" FROM batches WHERE ($1 = '' OR pack = $1) ORDER BY batch", pack)
	if err != nil {
		return nil, db.explain("list the batches", err)
	}
	list := make([]BatchInfo, len(rows))
	for i := range rows {
		if list[i], err = rows[i].info(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// UndoBatch takes a batch out of what counts from now on. Its rows stay, and
// snapshots that hold it do not change. What it replaced is live again, and what
// other batches delivered too stays live.
func (db *DB) UndoBatch(ctx context.Context, id string, by Actor, reason string) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		// Wait for loads that compare with what is live now.
		if _, err := tx.ExecContext(ctx, "UPDATE counters SET last = last WHERE name = 'batch'"); err != nil {
			return err
		}
		row, err := findBatch(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.UndoneAt != "" {
			return conflict("批次 %s 已由 %s 撤销过。", "batch %s was undone already, by %s.", id, row.UndoneBy)
		}
		at, err := laterThanAll(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE batches SET undone_at = $1, undone_by = $2, undo_reason = $3 WHERE batch = $4",
			stamp(at), by.Name, reason, row.Batch)
		if err != nil {
			return err
		}
		return note(ctx, tx, at, by, "undo", id, map[string]string{"pack": row.Pack, "file": row.File, "reason": reason})
	})
	return db.explain("undo batch "+id, err)
}

func findBatch(ctx context.Context, tx *sqlx.Tx, id string) (*batchRow, error) {
	row := new(batchRow)
	n, ok := numberOf(id, "B-")
	if ok {
		there, err := found(tx.GetContext(ctx, row, "SELECT "+batchColumns+" FROM batches WHERE batch = $1", n))
		if err != nil {
			return nil, err
		}
		ok = there
	}
	if !ok {
		return nil, notFound("没有批次 %s;kaoping batch list 列出全部批次。", "there is no batch %s; kaoping batch list shows all.", id)
	}
	return row, nil
}

// laterThanAll returns the time now, or just after the last change of what is
// live if the clock was set back: the order of times is the order of changes.
func laterThanAll(ctx context.Context, tx *sqlx.Tx) (time.Time, error) {
	now := time.Now().UTC().Truncate(time.Microsecond)
	t, err := lastChange(ctx, tx)
	if err == nil && !now.After(t) {
		now = t.Add(time.Microsecond)
	}
	return now, err
}

// lastChange returns when what is live changed last.
func lastChange(ctx context.Context, r sqlx.QueryerContext) (time.Time, error) {
	var last string
	err := sqlx.GetContext(ctx, r, &last, "SELECT coalesce(max(CASE WHEN undone_at > at THEN undone_at ELSE at END), '') FROM batches")
	if err != nil {
		return time.Time{}, err
	}
	return instant(last)
}

// contentDigest hashes the facts of a load, without the places they come from.
type contentDigest struct {
	hash   hash.Hash
	buffer *bufio.Writer
}

func newContentDigest() *contentDigest {
	h := sha256.New()
	return &contentDigest{h, bufio.NewWriter(h)}
}

func (d *contentDigest) add(parts ...string) {
	for _, p := range parts {
		d.buffer.WriteString(p) // a hash takes everything
		d.buffer.WriteByte(0)
	}
}

func (d *contentDigest) text() string {
	d.buffer.Flush()
	return hex.EncodeToString(d.hash.Sum(nil))
}
