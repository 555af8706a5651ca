package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// DB is an open store. It may be used by several goroutines at once.
type DB struct {
	sql        *sqlx.DB
	address    address
	unfinished []Operation // found when it was opened
}

// Actor is who does something, and by which way.
type Actor struct {
	Name string
	Via  string // "cli", "schedule", "web"
}

// Open opens the store at a URL, "sqlite:/path/file.db" or "postgres://…", and
// makes or updates its tables. A SQLite file is made if it is not there; its
// folder is not. Operations that a killed process left are marked abandoned;
// see Unfinished. Troubles a person can help with are a *Problem.
func Open(ctx context.Context, url string) (*DB, error) {
	a, err := parseAddress(url)
	if err != nil {
		return nil, err
	}
	db := &DB{address: a}
	if err := db.open(ctx); err != nil {
		return nil, db.explain("open the database "+a.shown, err)
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	driver := "sqlite"
	if db.address.postgres {
		driver = "postgres"
	} else {
		ignoreFileSizeSignal()
	}
	pool, err := sqlx.Open(driver, db.address.dsn)
	if err != nil {
		return err
	}
	db.sql = pool
	if db.address.memory {
		// Each connection would have a database of its own.
		pool.SetMaxOpenConns(1)
	}
	if err = db.migrate(ctx); err == nil {
		err = db.abandonLeftOvers(ctx)
	}
	if err != nil {
		return errors.Join(err, pool.Close())
	}
	return nil
}

// Close releases the connections. Whatever is still being written is undone.
func (db *DB) Close() error { return db.sql.Close() }

// lockPatience is how long a write waits on PostgreSQL for another one; on
// SQLite the address says it.
var lockPatience = 30 * time.Second

// write runs f in a transaction: all of it is stored, or nothing. It runs f
// again when the database asks for that, so f must not change what it found.
func (db *DB) write(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := db.writeOnce(ctx, f)
		if err == nil || attempt == 5 || !mayRetry(err) {
			return err
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	tx, err := db.sql.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after a commit this does nothing
	if db.address.postgres {
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("SET LOCAL lock_timeout = %d", lockPatience.Milliseconds())); err != nil {
			return err
		}
	}
	err = f(tx)
	if err == nil {
		err = tx.Commit()
	}
	// What the drivers say of an interrupted statement hides the reason.
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// mayRetry reports whether the server gave up a transaction only because
// another one was in its way.
func mayRetry(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}

// next takes the next number of a kind. Until the transaction ends nobody else
// gets one, so numbers follow the order in which transactions are stored.
func next(ctx context.Context, tx *sqlx.Tx, kind string) (int64, error) {
	var n int64
	err := tx.GetContext(ctx, &n, "UPDATE counters SET last = last + 1 WHERE name = $1 RETURNING last", kind)
	return n, err
}

// found reports whether a query found a row; other errors are returned.
func found(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
