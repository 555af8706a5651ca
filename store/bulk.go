package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
)

// rowsPerInsert is how many rows one INSERT holds where there is no COPY. More
// are not faster.
const rowsPerInsert = 100

// bulk writes many rows into one table. Only one may be open in a transaction.
type bulk struct {
	ctx     context.Context
	tx      *sqlx.Tx
	table   string
	columns string
	width   int
	copying *sql.Stmt // PostgreSQL
	full    *sql.Stmt // SQLite: inserts rowsPerInsert rows
	pending []any
	room    *room // of a table with a part for each half-year; nil if it has none
}

// newBulk begins to write rows of the columns, which are separated by ", ". The
// caller defers abandon, and calls close when all rows are in.
func (db *DB) newBulk(ctx context.Context, tx *sqlx.Tx, table, columns string) (*bulk, error) {
	b := &bulk{ctx: ctx, tx: tx, table: table, columns: columns, width: strings.Count(columns, ",") + 1}
	if !db.address.postgres {
		return b, nil
	}
	var err error
	if b.room, err = roomOf(ctx, tx, table, columns); err != nil {
		return b, err
	}
	return b, b.beginCopy()
}

func (b *bulk) beginCopy() error {
	var err error
	b.copying, err = b.tx.PrepareContext(b.ctx, fmt.Sprintf("COPY %s (%s) FROM STDIN", b.table, b.columns))
	return err
}

// add writes one row. Texts that one of the databases could not hold are
// refused on both, and so is the separator of keys.
func (b *bulk) add(values ...any) error {
	for _, v := range values {
		if s, ok := v.(string); ok && (strings.IndexByte(s, 0) >= 0 || strings.Contains(s, separator) || !utf8.ValidString(s)) {
			return conflict("%q 含有无法保存的字符。", "%q holds characters that cannot be stored.", s)
		}
	}
	return b.put(values...)
}

// put writes one row as it is.
func (b *bulk) put(values ...any) error {
	if b.copying != nil {
		if err := b.makeRoom(values); err != nil {
			return err
		}
		_, err := b.copying.ExecContext(b.ctx, values...)
		return err
	}
	b.pending = append(b.pending, values...)
	if len(b.pending) < rowsPerInsert*b.width {
		return nil
	}
	if b.full == nil {
		var err error
		if b.full, err = b.tx.PrepareContext(b.ctx, b.insert(rowsPerInsert)); err != nil {
			return err
		}
	}
	_, err := b.full.ExecContext(b.ctx, b.pending...)
	b.pending = b.pending[:0]
	return err
}

// abandon ends a COPY that was not closed because something failed. Rolling back
// with a COPY open would have two readers on one connection.
func (b *bulk) abandon() {
	if b.copying != nil {
		b.copying.Close() // the transaction is rolled back, whatever it says
	}
}

// close writes what is left. After an error only the transaction's end remains.
func (b *bulk) close() error {
	if b.copying != nil {
		_, err := b.copying.ExecContext(b.ctx)
		return err
	}
	if b.full != nil {
		if err := b.full.Close(); err != nil {
			return err
		}
	}
	if len(b.pending) == 0 {
		return nil
	}
	_, err := b.tx.ExecContext(b.ctx, b.insert(len(b.pending)/b.width), b.pending...)
	return err
}

// insert writes question marks: $1 is a name to SQLite, and its driver looks for
// each name among all names.
func (b *bulk) insert(rows int) string {
	row := "(?" + strings.Repeat(", ?", b.width-1) + ")"
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", b.table, b.columns, row+strings.Repeat(", "+row, rows-1))
}

// placeholders writes n placeholders from the given number on: $3, $4.
func placeholders(from, n int) string {
	var s strings.Builder
	for i := range n {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString("$" + itoa(from+i))
	}
	return s.String()
}

func itoa(n int) string { return strconv.Itoa(n) }
