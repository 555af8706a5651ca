package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
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
	From string // network address of a browser or program; empty otherwise
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

// A process keeps at most so many connections: a server gives out a hundred in
// all unless told otherwise, and refuses whoever asks for more.
const (
	maxConnections = 24
	idleConnection = 5 * time.Minute
)

func (db *DB) open(ctx context.Context) error {
	err := db.connect()
	if err != nil {
		return err
	}
	if err = db.migrate(ctx); err == nil {
		err = db.beginChain(ctx)
	}
	if err == nil {
		err = db.abandonLeftOvers(ctx)
	}
	if err != nil {
		return errors.Join(err, db.sql.Close())
	}
	return nil
}

// connect makes the pool of connections; nothing is asked of the database yet.
func (db *DB) connect() error {
	name := "sqlite"
	if db.address.postgres {
		name = "postgres"
	} else {
		ignoreFileSizeSignal()
	}
	pool, err := sqlx.Open(name, db.address.dsn)
	if err != nil {
		return err
	}
	db.sql = pool
	if db.address.memory {
		// Each connection would have a database of its own.
		pool.SetMaxOpenConns(1)
	} else {
		pool.SetMaxOpenConns(maxConnections)
		pool.SetMaxIdleConns(maxConnections)
		pool.SetConnMaxIdleTime(idleConnection)
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
	tx, done, err := db.beginWrite(ctx)
	if err != nil {
		return err
	}
	defer done()
	err = f(tx)
	if err == nil {
		err = checkFence(ctx, tx)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = tx.Commit()
	}
	// What the drivers say of an interrupted statement hides the reason.
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// beginWrite begins a transaction; done undoes it unless it was committed.
//
// On PostgreSQL the transaction itself does not end with the context, only its
// statements do: database/sql would roll back at once, and while a COPY is open
// that would make two readers on one connection.
func (db *DB) beginWrite(ctx context.Context) (tx *sqlx.Tx, done func(), err error) {
	for attempt := 0; ; attempt++ {
		tx, done, err = db.beginOn(ctx)
		// A server that was restarted leaves dead connections in the pool, and
		// on a connection of our own nobody else looks for another one.
		if attempt == staleConnections || !errors.Is(err, driver.ErrBadConn) {
			return tx, done, err
		}
	}
}

// staleConnections is how many dead connections a write tolerates. A pool keeps
// two idle ones.
const staleConnections = 3

func (db *DB) beginOn(ctx context.Context) (tx *sqlx.Tx, done func(), err error) {
	conn, err := db.sql.Connx(ctx)
	if err != nil {
		return nil, nil, err
	}
	of := ctx
	if db.address.postgres {
		of = context.WithoutCancel(ctx)
	}
	if tx, err = conn.BeginTxx(of, nil); err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	done = func() {
		tx.Rollback() // after a commit this does nothing
		conn.Close()  // back to the pool
	}
	if db.address.postgres {
		_, err = tx.ExecContext(ctx, fmt.Sprintf("SET LOCAL lock_timeout = %d", lockPatience.Milliseconds()))
		if err != nil {
			done()
		}
	}
	return tx, done, err
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
