package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"kaoping/engine"
)

//go:embed migrations
var migrations embed.FS

// migrationPatience bounds how long Open waits for another process that makes
// the tables at the same moment.
const migrationPatience = 10 * time.Second

// migrate brings the tables to the form this program knows.
func (db *DB) migrate(ctx context.Context) error {
	provider, err := db.migrator()
	if err != nil {
		return err
	}
	until := time.Now().Add(migrationPatience)
	for {
		err := db.bringUp(ctx, provider)
		if err == nil || !db.mayPass(err) || time.Now().After(until) || ctx.Err() != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// bringUp makes what is missing, once.
func (db *DB) bringUp(ctx context.Context, provider *goose.Provider) error {
	done, err := db.current(ctx, provider)
	if done || err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// mayPass reports whether an error may come from another process that makes the
// tables at the same moment. SQLite has no lock for goose to take: whoever comes
// second fails to make what is there by then. And while the first one turns a
// new file to WAL, SQLite answers that it is locked without waiting.
func (db *DB) mayPass(err error) bool {
	if known := (*Problem)(nil); errors.As(err, &known) {
		return false
	}
	_, kind := db.classify(err)
	return !db.address.postgres && (kind == nil || kind == ErrLocked)
}

func (db *DB) migrator() (*goose.Provider, error) {
	if !db.address.postgres {
		files, err := fs.Sub(migrations, "migrations/sqlite")
		if err != nil {
			return nil, err
		}
		return goose.NewProvider(goose.DialectSQLite3, db.sql.DB, files)
	}
	files, err := fs.Sub(migrations, "migrations/postgres")
	if err != nil {
		return nil, err
	}
	// A row with a lease instead of an advisory lock: those are tied to a
	// session, and a pool or a distributed engine may not have one.
	locker, err := lock.NewPostgresTableLocker(lock.WithTableLockTimeout(time.Second, 60))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db.sql.DB, files, goose.WithLocker(locker))
}

// current reports whether the tables are up to date, without writing anything.
// A store of a newer program is refused.
func (db *DB) current(ctx context.Context, provider *goose.Provider) (bool, error) {
	if err := db.sql.PingContext(ctx); err != nil {
		return false, err
	}
	newest := newestMigration(provider)
	var version int64
	if err := db.sql.GetContext(ctx, &version, "SELECT max(version_id) FROM goose_db_version"); err != nil {
		if _, kind := db.classify(err); kind != nil {
			return false, err
		}
		return false, nil // the table is not there yet
	}
	if err := db.refuseNewer(version); err != nil {
		return false, err
	}
	return version == newest, nil
}

func newestMigration(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// refuseNewer refuses tables that this program does not know.
func (db *DB) refuseNewer(version int64) error {
	provider, err := db.migrator()
	if err != nil {
		return err
	}
	newest := newestMigration(provider)
	if version <= newest {
		return nil
	}
	return &Problem{
		Text: engine.Text{
			ZH: fmt.Sprintf("数据库 %s 由更新版本的程序建立(表结构 %d,本程序只到 %d);请使用新版程序。", db.address.shown, version, newest),
			EN: fmt.Sprintf("the database %s was made by a newer version of the program (tables %d, known here up to %d); use the newer program.", db.address.shown, version, newest),
		},
		kind: ErrUnusable,
	}
}
