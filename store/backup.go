package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// keptTable is a table that backups hold, and the columns of its key.
type keptTable struct{ name, key string }

// keptTables are in an order in which rows only refer to what stands before them.
var keptTables = []keptTable{
	{"counters", "name"},
	{"batches", "batch"},
	{"subjects", "batch, n"}, {"figures", "batch, n"}, {"records", "batch, n"}, {"judgements", "batch, n"}, {"coverage", "batch, n"},
	{"confirmations", "batch, of_batch, first_n"},
	{"snapshots", "snapshot"}, {"snapshot_batches", "snapshot, batch"},
	{"packs", "hash"}, {"pack_files", "hash, file"},
	{"runs", "run"}, {"scorecards", "run, n"},
	{"operations", "operation"},
	{"audit", "number"}, {"audit_chain", "number"},
	{"jobs", "job"}, {"job_runs", "number"}, {"outbox", "number"},
	{"links", "number"},
	{"users", "name"}, {"api_tokens", "number"},
}

// passingTables hold who is logged in at the moment. Whoever uses a restored store
// logs in again.
var passingTables = []string{"sessions", "tickets", "login_failures"}

// Dump says what a backup holds.
type Dump struct {
	Schema int64     // number of the newest migration of the store it came from
	MadeAt time.Time // the moment it shows
	Rows   int64
	SHA256 string // of its lines, hex
}

// Backup writes everything a store holds, as it is at one moment, while others may
// go on writing; memory does not grow with the store. It does not change the store,
// not even one that an older program made: that is written in its older form. Who
// is logged in is left out. What was written before an error is no backup.
func Backup(ctx context.Context, url string, to io.Writer) (Dump, error) {
	db, err := openAsItIs(ctx, url, false)
	if err != nil {
		return Dump{}, err
	}
	dump, err := db.dump(ctx, to)
	if closing := db.Close(); err == nil {
		err = closing
	}
	return dump, db.explain("back up "+db.address.shown, err)
}

// openAsItIs opens a store without making or updating its tables.
func openAsItIs(ctx context.Context, url string, create bool) (*DB, error) {
	a, err := parseAddress(url)
	if err != nil {
		return nil, err
	}
	if !a.postgres && !create && !a.memory {
		if _, err := os.Stat(a.shown); err != nil {
			return nil, nothingThere(a)
		}
	}
	db := &DB{address: a}
	err = db.connect()
	if err == nil {
		if err = db.sql.PingContext(ctx); err != nil {
			err = errors.Join(err, db.sql.Close())
		}
	}
	if err != nil {
		return nil, db.explain("open the database "+a.shown, err)
	}
	return db, nil
}

func nothingThere(a address) error {
	return notFound("数据库 %s 中没有考评数据。", "there is no store in the database %s.", a.shown)
}

func (db *DB) dump(ctx context.Context, to io.Writer) (Dump, error) {
	version, err := db.schemaVersion(ctx)
	if err != nil {
		return Dump{}, err
	}
	if version == 0 {
		return Dump{}, nothingThere(db.address)
	}
	if err := db.refuseNewer(version); err != nil {
		return Dump{}, err
	}
	tx, err := db.sql.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: db.oneMoment()})
	if err != nil {
		return Dump{}, err
	}
	defer tx.Rollback() // nothing was written
	made := time.Now().UTC().Truncate(time.Microsecond)
	w := newDumpWriter(to)
	w.line(dumpHead{dumpVersion, version, stamp(made)})
	for _, t := range keptTables {
		there, err := db.hasTable(ctx, tx, t.name)
		if err == nil && there {
			err = db.dumpTable(ctx, tx, w, t)
		}
		if err != nil {
			return Dump{}, fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	sum, err := w.end()
	return Dump{Schema: version, MadeAt: made, Rows: w.rows, SHA256: sum}, err
}

// oneMoment is the isolation in which all statements see the same moment.
func (db *DB) oneMoment() sql.IsolationLevel {
	if db.address.postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault // on SQLite a transaction that reads always does
}

// schemaVersion is the number of the newest migration a database has; 0 if it holds
// no store.
func (db *DB) schemaVersion(ctx context.Context) (int64, error) {
	there, err := db.hasTable(ctx, db.sql, "goose_db_version")
	if err != nil || !there {
		return 0, err
	}
	var version int64
	err = db.sql.GetContext(ctx, &version, "SELECT coalesce(max(version_id), 0) FROM goose_db_version")
	return version, err
}

func (db *DB) hasTable(ctx context.Context, r sqlx.QueryerContext, name string) (bool, error) {
	query := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1"
	if db.address.postgres {
		query = "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)"
	}
	var n int
	err := sqlx.GetContext(ctx, r, &n, query, name)
	return n > 0, err
}

func (db *DB) dumpTable(ctx context.Context, tx *sqlx.Tx, w *dumpWriter, t keptTable) error {
	h, err := describeTable(ctx, tx, t.name)
	if err != nil {
		return err
	}
	w.line(h)
	return db.eachRow(ctx, tx, h, t.key, func(values []any) error {
		w.row(values)
		return w.err
	})
}

// describeTable names the columns of a table and their kinds.
func describeTable(ctx context.Context, tx *sqlx.Tx, name string) (dumpHeading, error) {
	h := dumpHeading{Table: name}
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+name+" LIMIT 0")
	if err != nil {
		return h, err
	}
	defer rows.Close()
	columns, err := rows.ColumnTypes()
	if err != nil {
		return h, err
	}
	for _, c := range columns {
		kind, ok := columnKinds[c.DatabaseTypeName()]
		if !ok {
			return h, fmt.Errorf("backups cannot hold the type %s of column %s", c.DatabaseTypeName(), c.Name())
		}
		h.Columns, h.Kinds = append(h.Columns, c.Name()), h.Kinds+kind
	}
	return h, nil
}

var columnKinds = map[string]string{"INTEGER": "i", "INT8": "i", "INT4": "i", "TEXT": "t", "BLOB": "b", "BYTEA": "b"}

// eachRow reads the columns of a table, in the order of its key, which is the same
// on both databases.
func (db *DB) eachRow(ctx context.Context, tx *sqlx.Tx, h dumpHeading, key string, each func(values []any) error) error {
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(h.Columns, ", ")+" FROM "+h.Table+" ORDER BY "+db.bytewise(key, h))
	if err != nil {
		return err
	}
	defer rows.Close()
	values, targets := make([]any, len(h.Columns)), make([]any, len(h.Columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i := range values {
			values[i] = asKind(values[i], h.Kinds[i])
		}
		if err := each(values); err != nil {
			return err
		}
	}
	return rows.Err()
}

// bytewise makes texts sort by their bytes, as they do on SQLite.
func (db *DB) bytewise(key string, h dumpHeading) string {
	columns := strings.Split(key, ", ")
	for i, c := range columns {
		for j, name := range h.Columns {
			if db.address.postgres && name == c && h.Kinds[j] == 't' {
				columns[i] += ` COLLATE "C"`
			}
		}
	}
	return strings.Join(columns, ", ")
}

// asKind gives a value the Go type of its kind, whichever driver read it.
func asKind(v any, kind byte) any {
	switch x := v.(type) {
	case []byte:
		if kind == 't' {
			return string(x)
		}
		if x == nil {
			return []byte{} // SQLite's driver reads an empty one like this; none at all is an untyped nil
		}
	case string:
		if kind == 'b' {
			return []byte(x)
		}
	}
	return v
}

// NoteBackup tells the audit trail of a store that somebody has a copy of it.
func NoteBackup(ctx context.Context, url string, by Actor, file string, d Dump) error {
	db, err := openAsItIs(ctx, url, false)
	if err != nil {
		return err
	}
	if there, look := db.hasTable(ctx, db.sql, "audit_chain"); look == nil && !there {
		err = conflict("数据库由旧版程序建立,升级前不写入审计。", "the store was made by an older program; its audit trail is not written to before it is updated.")
		return errors.Join(err, db.Close())
	}
	err = db.Note(ctx, by, "backup", file, map[string]string{"rows": fmt.Sprint(d.Rows), "sha256": d.SHA256, "made_at": stamp(d.MadeAt)})
	if closing := db.Close(); err == nil {
		err = closing
	}
	return err
}
