package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"

	"github.com/jmoiron/sqlx"
)

// auditRow is an entry of the audit trail as it is stored, with its hash.
type auditRow struct {
	Number  int64          `db:"number"`
	At      string         `db:"at"`
	Actor   string         `db:"actor"`
	Via     string         `db:"via"`
	Action  string         `db:"action"`
	Object  string         `db:"object"`
	Details string         `db:"details"`
	Hash    sql.NullString `db:"hash"`
}

// hashAfter is the hash of the entry when the one before it has the given hash.
func (r *auditRow) hashAfter(previous string) (string, error) {
	text, err := json.Marshal([]any{previous, r.Number, r.At, r.Actor, r.Via, r.Action, r.Object, r.Details})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// link chains an entry to the one before it.
func (r *auditRow) link(ctx context.Context, tx *sqlx.Tx) error {
	var previous string
	if _, err := found(tx.GetContext(ctx, &previous, "SELECT hash FROM audit_chain WHERE number = $1", r.Number-1)); err != nil {
		return err
	}
	hash, err := r.hashAfter(previous)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO audit_chain (number, hash) VALUES ($1, $2)", r.Number, hash)
	return err
}

// beginChain chains the entries of a store that was made before there was a chain,
// once. What has no hash afterwards was put in by something else.
func (db *DB) beginChain(ctx context.Context) error {
	var begun int
	if err := db.sql.GetContext(ctx, &begun, "SELECT last FROM counters WHERE name = 'audit chain begun'"); err != nil || begun > 0 {
		return err
	}
	return db.write(ctx, func(tx *sqlx.Tx) error {
		// Nobody adds an entry while this transaction has the counter.
		if _, err := tx.ExecContext(ctx, "UPDATE counters SET last = last WHERE name = 'audit'"); err != nil {
			return err
		}
		if begun, err := next(ctx, tx, "audit chain begun"); begun > 1 || err != nil {
			return err // another process was faster
		}
		var rows []auditRow
		if err := tx.SelectContext(ctx, &rows, "SELECT number, at, actor, via, action, object, details FROM audit ORDER BY number"); err != nil {
			return err
		}
		for i := range rows {
			if err := rows[i].link(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// Tampering is an entry of the audit trail that is not as it was written.
type Tampering struct {
	Number int64
	Kind   string // "changed", "deleted" or "inserted"
}

// ChainHead is the latest entry of the audit trail. Kept elsewhere, it later proves
// that everything up to it is as it was, even to somebody who could have written
// the whole chain anew.
type ChainHead struct {
	Number int64
	Hash   string
}

// VerifyAudit recomputes the chain over the audit trail and returns every entry
// that was changed, deleted or inserted, with the head of the chain. If kept is
// not zero the chain must have that hash at that entry; if it has not, the entry is
// reported as changed.
func (db *DB) VerifyAudit(ctx context.Context, kept ChainHead) (head ChainHead, found []Tampering, err error) {
	var last int64
	if err := db.sql.GetContext(ctx, &last, "SELECT last FROM counters WHERE name = 'audit'"); err != nil {
		return head, nil, db.explain("verify the audit trail", err)
	}
	rows, err := db.sql.QueryxContext(ctx, `SELECT a.number, at, actor, via, action, object, details, c.hash, p.hash AS previous
		FROM audit a LEFT JOIN audit_chain c ON c.number = a.number LEFT JOIN audit_chain p ON p.number = a.number - 1 ORDER BY a.number`)
	if err != nil {
		return head, nil, db.explain("verify the audit trail", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r struct {
			auditRow
			Previous sql.NullString `db:"previous"`
		}
		if err := rows.StructScan(&r); err != nil {
			return head, nil, err
		}
		for n := head.Number + 1; n < r.Number; n++ {
			found = append(found, Tampering{n, "deleted"})
		}
		want, err := r.hashAfter(r.Previous.String)
		if err != nil {
			return head, nil, err
		}
		// Where the hash before was deleted too, nothing can be said of this entry.
		known := r.Previous.Valid || r.Number == 1
		switch {
		case !r.Hash.Valid:
			found = append(found, Tampering{r.Number, "inserted"})
		case r.Hash.String != want && known:
			found = append(found, Tampering{r.Number, "changed"})
		}
		if r.Number == kept.Number && r.Hash.String != kept.Hash {
			found = append(found, Tampering{r.Number, "changed"})
		}
		head = ChainHead{r.Number, r.Hash.String}
	}
	if err := rows.Err(); err != nil {
		return head, nil, db.explain("verify the audit trail", err)
	}
	for n := head.Number + 1; n <= max(last, kept.Number); n++ {
		found = append(found, Tampering{n, "deleted"})
	}
	return head, found, nil
}
