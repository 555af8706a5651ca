package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// takeSnapshot names the set of a pack's batches that were live at an instant,
// and records it if it is new.
func (db *DB) takeSnapshot(ctx context.Context, pack string, at time.Time) (string, error) {
	var live []int64
	err := db.sql.SelectContext(ctx, &live,
		"SELECT batch FROM batches WHERE pack = $1 AND at <= $2 AND (undone_at = '' OR undone_at > $2) ORDER BY batch",
		pack, stamp(at))
	if err != nil {
		return "", err
	}
	id := snapshotID(live)
	var there []int64
	if err := db.sql.SelectContext(ctx, &there, "SELECT batch FROM snapshot_batches WHERE snapshot = $1 ORDER BY batch", id); err != nil {
		return "", err
	}
	if len(there) > 0 {
		return id, sameSnapshot(id, live, there)
	}
	return id, db.write(ctx, func(tx *sqlx.Tx) error { return recordSnapshot(ctx, tx, id, live) })
}

// sameSnapshot refuses a second set of batches with the same name. With twelve
// digits that takes millions of snapshots.
func sameSnapshot(id string, live, there []int64) error {
	if slices.Equal(live, there) {
		return nil
	}
	return conflict("快照 %s 已用于另一组批次;撤销或补录任一批次后重试。",
		"the snapshot %s names another set of batches already; load or undo any batch and try again.", id)
}

func recordSnapshot(ctx context.Context, tx *sqlx.Tx, id string, live []int64) error {
	result, err := tx.ExecContext(ctx, "INSERT INTO snapshots (snapshot, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, stamp(time.Now()))
	if err != nil {
		return err
	}
	// Another process may have recorded the same set since we looked.
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, batch := range live {
		if _, err := tx.ExecContext(ctx, "INSERT INTO snapshot_batches (snapshot, batch) VALUES ($1, $2)", id, batch); err != nil {
			return err
		}
	}
	return nil
}

// snapshotID is "S-" and 12 hexadecimal digits of the SHA-256 over the sorted
// ids, one a line.
func snapshotID(batches []int64) string {
	ids := make([]string, len(batches))
	for i, b := range batches {
		ids[i] = batchID(b)
	}
	slices.Sort(ids)
	sum := sha256.Sum256([]byte(strings.Join(ids, "\n")))
	return "S-" + hex.EncodeToString(sum[:])[:12]
}
