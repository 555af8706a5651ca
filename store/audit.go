package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/jmoiron/sqlx"
)

// AuditEntry says who did what. Entries are never changed, and chained by hashes;
// see VerifyAudit.
type AuditEntry struct {
	Number  int64
	At      time.Time
	Actor   Actor
	Action  string // one of Actions
	Object  string // id of the batch or run; of what was abandoned, the file
	Details map[string]string
}

// AuditQuery restricts the audit trail; its zero value asks for all of it.
type AuditQuery struct {
	Object string    // only entries about this id
	Actor  string    // only what this person or job did
	Action string    // only this kind of entry
	From   time.Time // only entries of that instant or later; zero: from the beginning
	To     time.Time // only entries before that instant; zero: to the end
	Limit  int       // at most so many, newest first; 0 means all
}

// note writes an entry in the transaction of what it is about. Its number is
// taken last of all, so that writers wait for each other only at their end.
func note(ctx context.Context, tx *sqlx.Tx, at time.Time, by Actor, action, object string, details map[string]string) error {
	number, err := next(ctx, tx, "audit")
	if err != nil {
		return err
	}
	if by.From != "" {
		details = maps.Clone(details)
		if details == nil {
			details = map[string]string{}
		}
		details["from"] = by.From
	}
	text, err := json.Marshal(details)
	if err != nil {
		return err
	}
	row := auditRow{Number: number, At: stamp(at), Actor: by.Name, Via: by.Via, Action: action, Object: object, Details: string(text)}
	_, err = tx.NamedExecContext(ctx, `INSERT INTO audit (number, at, actor, via, action, object, details)
		VALUES (:number, :at, :actor, :via, :action, :object, :details)`, &row)
	if err != nil {
		return err
	}
	return row.link(ctx, tx)
}

// Audit returns the audit trail, newest first.
func (db *DB) Audit(ctx context.Context, q AuditQuery) ([]AuditEntry, error) {
	query := "SELECT number, at, actor, via, action, object, details FROM audit WHERE ($1 = '' OR object = $1) AND ($2 = '' OR actor = $2) AND ($3 = '' OR action = $3) AND at >= $4 AND ($5 = '' OR at < $5) ORDER BY number DESC"
	if q.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", q.Limit)
	}
	var rows []auditRow
	if err := db.sql.SelectContext(ctx, &rows, query, q.Object, q.Actor, q.Action, stampOf(q.From), stampOf(q.To)); err != nil {
		return nil, db.explain("read the audit trail", err)
	}
	entries := make([]AuditEntry, len(rows))
	for i, r := range rows {
		entries[i] = AuditEntry{Number: r.Number, Actor: Actor{Name: r.Actor, Via: r.Via}, Action: r.Action, Object: r.Object}
		var err error
		if entries[i].At, err = instant(r.At); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(r.Details), &entries[i].Details); err != nil {
			return nil, fmt.Errorf("read the audit trail: %w", err)
		}
	}
	return entries, nil
}
