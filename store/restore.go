package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Restored says what a store holds after a backup was read into it.
type Restored struct {
	Dump
	Head     ChainHead   // of the audit trail as the backup had it
	Tampered []Tampering // entries that were not as they were written when the backup was made
}

// CheckBackup reads a backup to its end and changes nothing. Whatever is wrong
// with the file is an ErrBackup.
func CheckBackup(from io.Reader) (Dump, error) {
	r, err := newDumpReader(from)
	if err != nil {
		return Dump{}, err
	}
	err = r.tables(func(dumpHeading) error { return nil }, func(*dumpHeading, []any, []byte) error { return nil })
	return r.dump(), err
}

// Restore reads a backup into a database that holds nothing yet, whole or not at
// all: every row is read back and compared before anything counts. A backup of an
// older program is brought up to date afterwards, as opening its store would do.
// A target that holds something is an engine.ErrConflict, a file that is no whole
// backup an ErrBackup. The trail of the restored store says who restored it.
func Restore(ctx context.Context, url string, from io.Reader, by Actor) (Restored, error) {
	r, err := newDumpReader(from)
	if err != nil {
		return Restored{}, err
	}
	db, err := openAsItIs(ctx, url, true)
	if err != nil {
		return Restored{}, err
	}
	restored, err := db.restore(ctx, r, by)
	if closing := db.Close(); err == nil {
		err = closing
	}
	return restored, db.explain("restore into "+db.address.shown, err)
}

// MigrateStore copies everything a store holds into another database that holds
// nothing yet, of the same kind or not, and keeps every hash. See Backup and
// Restore.
func MigrateStore(ctx context.Context, from, to string, by Actor) (Restored, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	in, out := io.Pipe()
	read := make(chan error, 1)
	go func() {
		_, err := Backup(ctx, from, out)
		out.CloseWithError(err)
		read <- err
	}()
	restored, err := Restore(ctx, to, in, by)
	in.CloseWithError(errors.New("the target takes no more")) // whoever still writes stops
	if reading := <-read; reading != nil && (err == nil || errors.Is(err, reading)) {
		err = reading
	}
	return restored, err
}

func (db *DB) restore(ctx context.Context, r *dumpReader, by Actor) (Restored, error) {
	if err := db.prepareTarget(ctx, r.head.Schema); err != nil {
		return Restored{}, err
	}
	if err := db.markRestore(ctx, r, by); err != nil {
		return Restored{}, err
	}
	if err := db.fill(ctx, r); err != nil {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// If not even this can be written, the next Open says what happened.
		_, _ = db.sql.ExecContext(late, "DELETE FROM operations WHERE operation = $1", restoreMark)
		return Restored{}, err
	}
	if err := db.migrate(ctx); err != nil {
		return Restored{}, err
	}
	if err := db.beginChain(ctx); err != nil {
		return Restored{}, err
	}
	head, wrong, err := db.VerifyAudit(ctx, ChainHead{})
	if err != nil {
		return Restored{}, err
	}
	restored := Restored{Dump: r.dump(), Head: head, Tampered: wrong}
	return restored, db.write(ctx, func(tx *sqlx.Tx) error {
		return note(ctx, tx, time.Now(), by, "restore", restored.SHA256[:12], map[string]string{
			"made_at": r.head.MadeAt, "rows": fmt.Sprint(restored.Rows), "sha256": restored.SHA256,
		})
	})
}

// prepareTarget makes the tables that the backup was made from, if they are not
// there yet.
func (db *DB) prepareTarget(ctx context.Context, schema int64) error {
	if err := db.refuseNewer(schema); err != nil {
		return badBackup(nil, "备份来自更新版本的程序(表结构 %d);请使用新版程序恢复。",
			"the backup comes from a newer version of the program (tables %d); restore it with that.", schema)
	}
	version, err := db.schemaVersion(ctx)
	if err != nil {
		return err
	}
	if version > 0 {
		if err := db.refuseFull(ctx, db.sql); err != nil {
			return err
		}
	}
	if version > schema {
		return conflict("目标数据库 %s 的表结构(%d)比备份(%d)新;请恢复到一个还没有建表的数据库。",
			"the tables of the target %s (%d) are newer than the backup (%d); restore into a database without tables.", db.address.shown, version, schema)
	}
	provider, err := db.migrator()
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, schema)
	return err
}

// refuseFull refuses a target in which anything has been stored.
func (db *DB) refuseFull(ctx context.Context, r sqlx.QueryerContext) error {
	var full []string
	for _, name := range storedTables() {
		there, err := db.hasTable(ctx, r, name)
		if err != nil {
			return err
		}
		if !there || name == "counters" {
			continue
		}
		rest := ""
		if name == "operations" {
			rest = fmt.Sprintf(" WHERE operation <> %d", restoreMark)
		}
		var n int
		if err := sqlx.GetContext(ctx, r, &n, "SELECT count(*) FROM (SELECT 1 FROM "+name+rest+" LIMIT 1) AS one"); err != nil {
			return err
		}
		if n > 0 {
			full = append(full, name)
		}
	}
	if full == nil {
		return nil
	}
	return conflict("目标数据库 %[1]s 不是空的(已有内容的表:%[2]s),没有恢复任何内容;请换一个空的数据库,恢复后再让 database.url 指向它。",
		"the target %[1]s is not empty (there are rows in: %[2]s); nothing was restored. Name an empty database, and let database.url point at it afterwards.",
		db.address.shown, strings.Join(full, ", "))
}

func storedTables() []string {
	var names []string
	for _, t := range keptTables {
		names = append(names, t.name)
	}
	return append(names, passingTables...)
}

// restoreMark is the number, given to no operation, under which a target notes
// that a restore has begun.
const restoreMark = 0

func (db *DB) markRestore(ctx context.Context, r *dumpReader, by Actor) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name of this machine: %w", err)
	}
	return db.write(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM operations WHERE operation = $1", restoreMark); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO operations (operation, action, object, actor, host, pid, started, began_at, state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')`,
			restoreMark, actionRestore, r.head.MadeAt, by.Name, host, os.Getpid(), processStart(os.Getpid()), stamp(time.Now()))
		return err
	})
}

// fill reads the rows in one transaction and compares them before it ends.
func (db *DB) fill(ctx context.Context, r *dumpReader) error {
	return db.writeOnce(ctx, func(tx *sqlx.Tx) error {
		if db.address.postgres {
			// Nobody else may write meanwhile. On SQLite nobody can.
			if _, err := tx.ExecContext(ctx, "LOCK TABLE counters, batches, runs, operations, audit IN EXCLUSIVE MODE"); err != nil {
				return err
			}
		}
		if err := db.refuseFull(ctx, tx); err != nil {
			return err
		}
		for _, made := range []string{"DELETE FROM counters", fmt.Sprintf("DELETE FROM operations WHERE operation = %d", restoreMark)} {
			if _, err := tx.ExecContext(ctx, made); err != nil {
				return err
			}
		}
		f := filling{db: db, ctx: ctx, tx: tx}
		err := r.tables(f.begin, f.row)
		if err == nil {
			err = f.flush()
		}
		f.abandon()
		if err != nil {
			return err
		}
		return f.compare()
	})
}

// filling is the tables of a backup on their way into a store.
type filling struct {
	db   *DB
	ctx  context.Context
	tx   *sqlx.Tx
	out  *bulk // of the table that is being read
	read []filledTable
}

// filledTable is what the backup said of a table.
type filledTable struct {
	dumpHeading
	key  string
	hash interface {
		io.Writer
		Sum([]byte) []byte
	}
}

func (f *filling) begin(h dumpHeading) error {
	if err := f.flush(); err != nil {
		return err
	}
	i := slices.IndexFunc(keptTables, func(t keptTable) bool { return t.name == h.Table })
	again := slices.ContainsFunc(f.read, func(t filledTable) bool { return t.Table == h.Table })
	if i < 0 || again {
		return damaged(fmt.Errorf("table %q", h.Table))
	}
	// The names come from a file: only those that the table has go into a statement.
	has, err := describeTable(f.ctx, f.tx, h.Table)
	if err != nil {
		return err
	}
	if !sameColumns(h, has) {
		return damaged(fmt.Errorf("table %s has other columns", h.Table))
	}
	f.read = append(f.read, filledTable{h, keptTables[i].key, sha256.New()})
	f.out, err = f.db.newBulk(f.ctx, f.tx, h.Table, strings.Join(h.Columns, ", "))
	return err
}

// sameColumns reports whether a table has the columns of the backup and no other,
// in whatever order.
func sameColumns(file, table dumpHeading) bool {
	kinds := map[string]byte{}
	for i, c := range table.Columns {
		kinds[c] = table.Kinds[i]
	}
	for i, c := range file.Columns {
		if kinds[c] != file.Kinds[i] {
			return false
		}
		delete(kinds, c)
	}
	return len(kinds) == 0
}

func (f *filling) row(_ *dumpHeading, values []any, line []byte) error {
	f.read[len(f.read)-1].hash.Write(line)
	return f.out.put(values...)
}

func (f *filling) flush() error {
	if f.out == nil {
		return nil
	}
	out := f.out
	err := out.close()
	out.abandon()
	f.out = nil
	return err
}

// abandon ends a table that was not read to its end.
func (f *filling) abandon() {
	if f.out != nil {
		f.out.abandon()
	}
}

// compare reads every row back: what the database kept must be what the file said.
func (f *filling) compare() error {
	var b bytes.Buffer
	for _, t := range f.read {
		hash := sha256.New()
		err := f.db.eachRow(f.ctx, f.tx, t.dumpHeading, t.key, func(values []any) error {
			b.Reset()
			err := encodeRow(&b, values)
			hash.Write(b.Bytes())
			return err
		})
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Table, err)
		}
		if !bytes.Equal(hash.Sum(nil), t.hash.Sum(nil)) {
			return conflict("目标数据库 %s 没有原样存下表 %s 的内容;没有恢复任何内容。", "the database %s did not keep the rows of %s as they are; nothing was restored.", f.db.address.shown, t.Table)
		}
	}
	return nil
}
