package store

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// Operation is a write that a process began and did not finish.
type Operation struct {
	Action  string // "load", "run" or "restore"
	Object  string // file, or pack and period
	By      string
	BeganAt time.Time
	Text    engine.Text // what happened and what to do
}

// The actions of the journal.
const (
	actionLoad    = "load"
	actionRun     = "run"
	actionRestore = "restore"
)

// foreignPatience is how long an open operation of another machine is taken to
// be still running. Its process cannot be asked.
const foreignPatience = 24 * time.Hour

// operation is a row of the journal.
type operation struct {
	Number  int64  `db:"operation"`
	Action  string `db:"action"`
	Object  string `db:"object"`
	Actor   string `db:"actor"`
	Host    string `db:"host"`
	PID     int    `db:"pid"`
	Started string `db:"started"`
	BeganAt string `db:"began_at"`
}

// journaled notes that a write begins, runs it in a transaction and notes in the
// same transaction that it is finished. If the process dies in between, the note
// that it began is what the next Open finds.
func (db *DB) journaled(ctx context.Context, action, object string, by Actor, f func(tx *sqlx.Tx) error) error {
	number, err := db.begin(ctx, action, object, by)
	if err != nil {
		return err
	}
	err = db.write(ctx, func(tx *sqlx.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return end(ctx, tx, number, "finished")
	})
	if err != nil {
		// The person is told why; the journal need not. If even this cannot be
		// written, the next Open says what happened.
		late, cancel := context.WithTimeout(unfenced(context.WithoutCancel(ctx)), 5*time.Second)
		defer cancel()
		_ = db.write(late, func(tx *sqlx.Tx) error { return end(late, tx, number, "failed") })
	}
	return err
}

func (db *DB) begin(ctx context.Context, action, object string, by Actor) (int64, error) {
	host, err := os.Hostname()
	if err != nil {
		return 0, fmt.Errorf("name of this machine: %w", err)
	}
	var number int64
	err = db.write(ctx, func(tx *sqlx.Tx) error {
		if number, err = next(ctx, tx, "operation"); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO operations (operation, action, object, actor, host, pid, started, began_at, state)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')`,
			number, action, object, by.Name, host, os.Getpid(), processStart(os.Getpid()), stamp(time.Now()))
		return err
	})
	return number, err
}

func end(ctx context.Context, tx *sqlx.Tx, number int64, state string) error {
	_, err := tx.ExecContext(ctx, "UPDATE operations SET state = $1, ended_at = $2 WHERE operation = $3",
		state, stamp(time.Now()), number)
	return err
}

// abandonLeftOvers marks what processes that are gone have left open.
func (db *DB) abandonLeftOvers(ctx context.Context) error {
	var open []operation
	err := db.sql.SelectContext(ctx, &open,
		"SELECT operation, action, object, actor, host, pid, started, began_at FROM operations WHERE state = 'open' ORDER BY operation")
	if err != nil {
		return err
	}
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name of this machine: %w", err)
	}
	for _, o := range open {
		if o.mayRun(host) {
			continue
		}
		if err := db.abandon(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// mayRun reports whether the operation's process may still be at work.
func (o operation) mayRun(host string) bool {
	if o.Host == host {
		return processAlive(o.PID, o.Started)
	}
	began, err := instant(o.BeganAt)
	return err == nil && time.Since(began) < foreignPatience
}

// abandon marks one operation, unless another process does it at this moment.
func (db *DB) abandon(ctx context.Context, o operation) error {
	left, err := o.describe()
	if err != nil {
		return err
	}
	marked := false
	if o.Number == restoreMark {
		db.unfinished = append(db.unfinished, left)
		// The store stays empty, so that the restore can be repeated.
		_, err := db.sql.ExecContext(ctx, "DELETE FROM operations WHERE operation = $1", restoreMark)
		return err
	}
	err = db.write(ctx, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, "UPDATE operations SET state = 'abandoned', ended_at = $1 WHERE operation = $2 AND state = 'open'",
			stamp(time.Now()), o.Number)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if marked = n == 1; err != nil || !marked {
			return err
		}
		return note(ctx, tx, time.Now(), Actor{Name: o.Actor, Via: "store"}, "abandoned", o.Object,
			map[string]string{"action": o.Action, "began_at": o.BeganAt})
	})
	if marked && err == nil {
		db.unfinished = append(db.unfinished, left)
	}
	return err
}

func (o operation) describe() (Operation, error) {
	began, err := instant(o.BeganAt)
	if err != nil {
		return Operation{}, err
	}
	left := Operation{Action: o.Action, Object: o.Object, By: o.Actor, BeganAt: began}
	at := began.Local().Format("2006-01-02 15:04:05 -07:00")
	switch o.Action {
	case actionRestore:
		left.Text = engine.Text{
			ZH: fmt.Sprintf("%s 开始的备份恢复没有完成(程序被终止);没有恢复任何内容,数据库仍是空的,请重新恢复。", at),
			EN: fmt.Sprintf("the restore begun at %s did not finish (the program was killed); nothing was restored and the database is still empty; restore again.", at),
		}
	case actionLoad:
		left.Text = engine.Text{
			ZH: fmt.Sprintf("%s 开始的导入 %s 没有完成(程序被终止);该次导入没有存入任何内容,请重新导入。", at, o.Object),
			EN: fmt.Sprintf("the load of %s at %s did not finish (the program was killed); nothing of it was stored; load it again.", o.Object, at),
		}
	default:
		left.Text = engine.Text{
			ZH: fmt.Sprintf("%s 开始的计算 %s 没有存完(程序被终止);没有存入任何内容,请重新计算。", at, o.Object),
			EN: fmt.Sprintf("storing the run of %s at %s did not finish (the program was killed); nothing of it was stored; run it again.", o.Object, at),
		}
	}
	return left, nil
}

// Unfinished returns what killed processes had left when this store was opened.
// Each is told once: whoever opens the store next does not find it again.
func (db *DB) Unfinished(context.Context) ([]Operation, error) { return db.unfinished, nil }
