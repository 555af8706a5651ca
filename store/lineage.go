package store

import (
	"context"
	"sort"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// reader is what facts are read through: the pool or a transaction.
type reader interface {
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
	QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
}

// batchSet is a set of batches as a subquery that yields their numbers. Its
// placeholders start with $1.
type batchSet struct {
	query string
	args  []any
}

// liveNow is what counts in a pack at this moment.
func liveNow(pack string) batchSet {
	return batchSet{"SELECT batch FROM batches WHERE pack = $1 AND undone_at = ''", []any{pack}}
}

// inSnapshot is what a snapshot names, as far as it belongs to the pack.
func inSnapshot(snapshot, pack string) batchSet {
	return batchSet{
		"SELECT s.batch FROM snapshot_batches s JOIN batches b ON b.batch = s.batch WHERE s.snapshot = $1 AND b.pack = $2",
		[]any{snapshot, pack},
	}
}

// lineage knows, for a set of batches, which of them delivered a row.
type lineage struct {
	set       batchSet
	members   map[int64]string      // file by batch
	confirmed map[int64][]confirmer // by the batch whose rows are confirmed
}

// confirmer is a batch that delivered rows of an earlier one again, unchanged.
type confirmer struct {
	batch int64
	runs  []confirmation // by first row; they do not overlap
}

// confirmation is a run of such rows, in the order of both files.
type confirmation struct {
	Batch    int64 `db:"batch"`
	OfBatch  int64 `db:"of_batch"`
	FirstN   int64 `db:"first_n"`
	LastN    int64 `db:"last_n"`
	FirstRow int   `db:"first_row"` // in the confirming file; 0 if there is none
}

func newLineage(ctx context.Context, r reader, set batchSet) (*lineage, error) {
	l := &lineage{set: set, members: map[int64]string{}, confirmed: map[int64][]confirmer{}}
	var files []struct {
		Batch int64
		File  string
	}
	if err := r.SelectContext(ctx, &files, "SELECT batch, file FROM batches WHERE batch IN ("+set.query+")", set.args...); err != nil {
		return nil, err
	}
	for _, f := range files {
		l.members[f.Batch] = f.File
	}
	var runs []confirmation
	err := r.SelectContext(ctx, &runs, "SELECT batch, of_batch, first_n, last_n, first_row FROM confirmations WHERE batch IN ("+
		set.query+") ORDER BY of_batch, batch, first_n", set.args...)
	for _, run := range runs {
		list := l.confirmed[run.OfBatch]
		if len(list) == 0 || list[len(list)-1].batch != run.Batch {
			list = append(list, confirmer{batch: run.Batch})
		}
		last := &list[len(list)-1]
		last.runs = append(last.runs, run)
		l.confirmed[run.OfBatch] = list
	}
	return l, err
}

// where restricts a query over a table of facts to rows that may count: those
// of the set's batches, and older ones that a batch of the set confirms.
func (l *lineage) where() string {
	return "batch IN (" + l.set.query + " UNION SELECT of_batch FROM confirmations WHERE batch IN (" + l.set.query + "))"
}

// lastDelivery returns the latest batch of the set that delivered the row; false
// if none did, and the row does not count.
func (l *lineage) lastDelivery(p *place) (int64, bool) {
	confirmers := l.confirmed[p.batch]
	for i := len(confirmers) - 1; i >= 0; i-- {
		if _, ok := confirmers[i].row(p.n); ok {
			return confirmers[i].batch, true
		}
	}
	_, ok := l.members[p.batch]
	return p.batch, ok
}

// origin says which file brought the row: the first one of the set that did.
func (l *lineage) origin(p *place) engine.Origin {
	if file, ok := l.members[p.batch]; ok {
		return engine.Origin{Batch: batchID(p.batch), File: file, Row: p.fileRow}
	}
	for _, c := range l.confirmed[p.batch] {
		if row, ok := c.row(p.n); ok {
			return engine.Origin{Batch: batchID(c.batch), File: l.members[c.batch], Row: row}
		}
	}
	return engine.Origin{}
}

// row finds the line of the confirming file at which row n was delivered again.
func (c confirmer) row(n int64) (int, bool) {
	i := sort.Search(len(c.runs), func(i int) bool { return c.runs[i].LastN >= n })
	if i == len(c.runs) || c.runs[i].FirstN > n {
		return 0, false
	}
	if c.runs[i].FirstRow == 0 {
		return 0, true
	}
	return c.runs[i].FirstRow + int(n-c.runs[i].FirstN), true
}
