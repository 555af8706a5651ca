package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kaoping/engine"
)

// Errors that callers tell apart with errors.Is, beside engine.ErrNotFound and
// engine.ErrConflict.
var (
	// ErrLocked: another process kept the database for too long.
	ErrLocked = errors.New("database is locked")
	// ErrFull: there is no room for what should be written.
	ErrFull = errors.New("database is full")
	// ErrLost: the server cannot be reached, or went away in the middle.
	ErrLost = errors.New("connection to the database lost")
	// ErrUnusable: the file cannot be opened or is no database of this program.
	ErrUnusable = errors.New("database cannot be used")
	// ErrAddress: the address of the database is malformed.
	ErrAddress = errors.New("bad database address")
	// ErrBackup: a file is no backup, or is damaged, or too new for this program.
	ErrBackup = errors.New("backup cannot be used")
)

// Problem is an error that a person can do something about. The Text says what
// happened and what to do, and never holds a password.
type Problem struct {
	Text  engine.Text
	kind  error // one of the errors above, or of package engine
	cause error // what the driver said; may be nil
}

// Error returns the English sentence.
func (p *Problem) Error() string { return p.Text.EN }

// Message returns the sentence in both languages.
func (p *Problem) Message() engine.Text { return p.Text }

// Unwrap returns the kind and the cause.
func (p *Problem) Unwrap() []error {
	if p.cause == nil {
		return []error{p.kind}
	}
	return []error{p.kind, p.cause}
}

func notFound(zh, en string, args ...any) error {
	return &Problem{Text: engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}, kind: engine.ErrNotFound}
}

func conflict(zh, en string, args ...any) error {
	return &Problem{Text: engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}, kind: engine.ErrConflict}
}

// redacted is a driver's error without the passwords in its message.
type redacted struct {
	message string
	error
}

func (r *redacted) Error() string { return r.message }
func (r *redacted) Unwrap() error { return r.error }

// explain turns a driver's error into one that says what was being done, and
// into a Problem if a person can help.
func (db *DB) explain(doing string, err error) error {
	var known *Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", doing, err)
	case isInterrupted(err):
		return fmt.Errorf("%s: %w", doing, context.Canceled)
	}
	if message := db.address.redact(err.Error()); message != err.Error() {
		err = &redacted{message, err}
	}
	text, kind := db.classify(err)
	if kind == nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w", doing, &Problem{Text: text, kind: kind, cause: err})
}

func (db *DB) classify(err error) (engine.Text, error) {
	var fromSQLite *sqlite.Error
	var fromPostgres *pq.Error
	var network net.Error
	switch {
	case errors.As(err, &fromSQLite):
		return db.classifySQLite(fromSQLite)
	case errors.As(err, &fromPostgres):
		return db.classifyPostgres(fromPostgres)
	case !db.address.postgres:
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isBadConnection(err):
		return db.lostText(), ErrLost
	}
	return engine.Text{}, nil
}

func (db *DB) classifySQLite(err *sqlite.Error) (engine.Text, error) {
	file := db.address.shown
	switch code := err.Code(); code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return engine.Text{
			ZH: fmt.Sprintf("数据库文件 %s 被另一进程占用;没有写入任何内容。等它完成后重试,或关闭占用该文件的程序。", file),
			EN: fmt.Sprintf("the database file %s is locked by another process; nothing was written. Try again when it is done, or close the program that holds the file.", file),
		}, ErrLocked
	case sqlite3.SQLITE_FULL:
		return db.fullText(), ErrFull
	case sqlite3.SQLITE_IOERR:
		if isWriteFailure(code) {
			return db.fullText(), ErrFull
		}
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return engine.Text{
			ZH: fmt.Sprintf("打不开或写不了数据库文件 %s;请检查目录是否存在、本用户是否有写权限。", file),
			EN: fmt.Sprintf("the database file %s cannot be opened or written; check that its folder exists and that this user may write there.", file),
		}, ErrUnusable
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return engine.Text{
			ZH: fmt.Sprintf("%s 不是可用的数据库文件(已损坏或是别的文件);请换一个文件,或从备份恢复。", file),
			EN: fmt.Sprintf("%s is not a usable database (damaged, or another kind of file); name another file or restore a backup.", file),
		}, ErrUnusable
	}
	return engine.Text{}, nil
}

// isWriteFailure tells the I/O errors of a full disk or a limit on file sizes.
// Only a write that came out short is SQLITE_FULL; these are the others.
func isWriteFailure(code int) bool {
	switch code {
	case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE,
		sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP:
		return true
	}
	return false
}

func (db *DB) classifyPostgres(err *pq.Error) (engine.Text, error) {
	switch code := string(err.Code); {
	case code == "53100":
		return db.fullText(), ErrFull
	case code == "55P03":
		return engine.Text{
			ZH: fmt.Sprintf("数据库 %s 正被另一次写入占用;没有写入任何内容。等它完成后重试。", db.address.shown),
			EN: fmt.Sprintf("the database %s is busy with another write; nothing was written. Try again when it is done.", db.address.shown),
		}, ErrLocked
	case code == "23514" && strings.HasPrefix(err.Table, "records"):
		return engine.Text{
			ZH: "文件中有记录属于已从库中移出(DETACH)的时段,没有写入任何内容。请先接回这一时段(ATTACH PARTITION)再导入。",
			EN: "the file has records of days whose part of the registers was detached; nothing was written. Attach the part again first.",
		}, engine.ErrConflict
	case isShardLost(err):
		return lostShardText(shardOf(err.Message)), ErrLost
	case strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "08"):
		return db.lostText(), ErrLost
	case strings.HasPrefix(code, "28"), code == "3D000":
		return engine.Text{
			ZH: fmt.Sprintf("登录不了数据库 %s:%s。请检查用户名、密码(KAOPING_DATABASE_URL 或 PGPASSWORD)和库名。", db.address.shown, db.address.redact(err.Message)),
			EN: fmt.Sprintf("cannot log in to the database %s: %s. Check user, password (KAOPING_DATABASE_URL or PGPASSWORD) and name.", db.address.shown, db.address.redact(err.Message)),
		}, ErrUnusable
	}
	return engine.Text{}, nil
}

func (db *DB) fullText() engine.Text {
	return engine.Text{
		ZH: fmt.Sprintf("数据库 %s 写不下了:磁盘已满,或达到文件大小上限;原有数据完好,没有写入任何新内容。腾出空间后重试。", db.address.shown),
		EN: fmt.Sprintf("there is no room in the database %s: the disk is full or a size limit is reached. What was there is intact and nothing new was written. Make room and try again.", db.address.shown),
	}
}

func (db *DB) lostText() engine.Text {
	return engine.Text{
		ZH: fmt.Sprintf("与数据库 %s 的连接中断或无法建立;没有写完的内容不会留下。请确认服务器可用后重新执行,重复执行不会重复入库。", db.address.shown),
		EN: fmt.Sprintf("the database %s cannot be reached, or the connection broke; nothing half written is left. Check that the server is there and do it again; doing it twice does no harm.", db.address.shown),
	}
}

// isShardLost tells a server behind the coordinator from the coordinator itself.
func isShardLost(err *pq.Error) bool {
	gone := strings.HasPrefix(string(err.Code), "08") || strings.HasPrefix(string(err.Code), "57P")
	return gone && (shardOf(err.Message) != "" || strings.Contains(err.Where, "remote SQL command"))
}

// shardOf finds the name of the shard in what the coordinator says of one that it
// cannot reach; empty if it does not name it.
func shardOf(message string) string {
	_, rest, _ := strings.Cut(message, `could not connect to server "`)
	name, _, _ := strings.Cut(rest, `"`)
	return name
}

func lostShardText(shard string) engine.Text {
	zh, en := "一台存放案件登记的分片服务器", "one of the shards, which hold"
	if shard != "" {
		zh, en = "存放案件登记的分片服务器 "+shard+" ", "the shard "+shard+", which holds"
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s无法连接;其余数据完好,没有写完的内容不会计入。待该服务器恢复后重新执行,重复执行不会重复入库。", zh),
		EN: fmt.Sprintf("%s a part of the case registers, cannot be reached. The rest is intact and nothing half written counts. Do it again when the shard is back; doing it twice does no harm.", en),
	}
}

// isBadConnection recognises the driver's own words for a broken connection.
func isBadConnection(err error) bool {
	return strings.Contains(err.Error(), "bad connection") || errors.Is(err, sql.ErrConnDone)
}

// isInterrupted recognises a statement that was cut off because its context
// ended.
func isInterrupted(err error) bool {
	var fromSQLite *sqlite.Error
	var fromPostgres *pq.Error
	return errors.As(err, &fromSQLite) && fromSQLite.Code() == sqlite3.SQLITE_INTERRUPT ||
		errors.As(err, &fromPostgres) && fromPostgres.Code == "57014"
}
