package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// Lease is the right to perform a job until a time. It is renewed while the job
// runs. Each holder has a larger token than the one before.
type Lease struct {
	Job   string
	Token int64
}

// JobState is what the store knows of a job.
type JobState struct {
	Job    string
	Since  time.Time // first seen; what was due up to then is not made up for
	Holder string    // who performs it now, user and host; empty if nobody does
	Until  time.Time // end of the lease
}

// The states of a job run.
const (
	JobRunning     = "running"
	JobDone        = "done"
	JobFailed      = "failed"
	JobInterrupted = "interrupted" // its process is gone
)

// kindNotify is the kind of jobs that look every few minutes whether there is
// something to tell.
const kindNotify = "notify"

// JobRun is one piece of work of a job.
type JobRun struct {
	Number  int64
	Job     string
	Item    string // what is done once: the period, or the planned time
	Kind    string
	Slot    time.Time // when it was planned
	Period  engine.Period
	AsOf    time.Time // facts count up to then; zero means up to when it began
	State   string
	Late    bool // it began long after the slot: the machine was down
	Missed  int  // earlier slots that it makes up for
	Attempt int
	Token   int64
	Host    string
	PID     int
	By      Actor
	BeganAt time.Time
	EndedAt time.Time
	NextTry time.Time   // zero if it is not tried again
	Result  engine.Text // what was done, or why it failed
}

// jobRunRow is a row of the table.
type jobRunRow struct {
	Number   int64  `db:"number"`
	Job      string `db:"job"`
	Item     string `db:"item"`
	Kind     string `db:"kind"`
	Slot     string `db:"slot"`
	Period   string `db:"period"`
	AsOf     string `db:"as_of"`
	State    string `db:"state"`
	Late     int    `db:"late"`
	Missed   int    `db:"missed"`
	Attempt  int    `db:"attempt"`
	Token    int64  `db:"token"`
	Host     string `db:"host"`
	PID      int    `db:"pid"`
	Actor    string `db:"actor"`
	Via      string `db:"via"`
	BeganAt  string `db:"began_at"`
	EndedAt  string `db:"ended_at"`
	NextTry  string `db:"next_try"`
	ResultZH string `db:"result_zh"`
	ResultEN string `db:"result_en"`
}

const jobRunColumns = "number, job, item, kind, slot, period, as_of, state, late, missed, attempt, token, host, pid, actor, via, began_at, ended_at, next_try, result_zh, result_en"

// stampOf writes an instant; the zero time is the empty text.
func stampOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

func (r *jobRunRow) run() (JobRun, error) {
	run := JobRun{
		Number: r.Number, Job: r.Job, Item: r.Item, Kind: r.Kind, State: r.State, Late: r.Late == 1, Missed: r.Missed,
		Attempt: r.Attempt, Token: r.Token, Host: r.Host, PID: r.PID, By: Actor{Name: r.Actor, Via: r.Via},
		Result: engine.Text{ZH: r.ResultZH, EN: r.ResultEN},
	}
	if err := run.Period.UnmarshalText([]byte(r.Period)); err != nil {
		return run, err
	}
	for _, t := range []struct {
		text string
		at   *time.Time
	}{{r.Slot, &run.Slot}, {r.AsOf, &run.AsOf}, {r.BeganAt, &run.BeganAt}, {r.EndedAt, &run.EndedAt}, {r.NextTry, &run.NextTry}} {
		var err error
		if *t.at, err = instant(t.text); err != nil {
			return run, err
		}
	}
	return run, nil
}

// Now returns the time by the clock that all processes on this store share: that
// of the server, or of the machine for SQLite.
func (db *DB) Now(ctx context.Context) (time.Time, error) {
	if !db.address.postgres {
		return time.Now().UTC().Truncate(time.Microsecond), ctx.Err()
	}
	var now time.Time
	err := db.sql.GetContext(ctx, &now, "SELECT clock_timestamp()")
	return now.UTC().Truncate(time.Microsecond), db.explain("ask the database for the time", err)
}

// KnowJobs notes the jobs that are new: what they should have done before now is
// not made up for. A job that was first seen in the future, before the clock was
// set right, counts as seen now.
func (db *DB) KnowJobs(ctx context.Context, jobs []string, now time.Time) error {
	known, err := db.Jobs(ctx)
	if err != nil {
		return err
	}
	for _, job := range jobs {
		if state, ok := known[job]; ok && !state.Since.After(now) {
			continue
		}
		err := db.write(ctx, func(tx *sqlx.Tx) error {
			_, err := tx.ExecContext(ctx, `INSERT INTO jobs (job, since) VALUES ($1, $2)
				ON CONFLICT (job) DO UPDATE SET since = excluded.since WHERE jobs.since > excluded.since`, job, stamp(now))
			return err
		})
		if err != nil {
			return db.explain("note the job "+job, err)
		}
	}
	return nil
}

// Jobs returns what is known of each job, by its name.
func (db *DB) Jobs(ctx context.Context) (map[string]JobState, error) {
	var rows []struct {
		Job, Since, Holder string
		Until              string `db:"lease_until"`
	}
	if err := db.sql.SelectContext(ctx, &rows, "SELECT job, since, holder, lease_until FROM jobs"); err != nil {
		return nil, db.explain("list the jobs", err)
	}
	jobs := make(map[string]JobState, len(rows))
	for _, r := range rows {
		state := JobState{Job: r.Job, Holder: r.Holder}
		var err error
		if state.Since, err = instant(r.Since); err == nil {
			state.Until, err = instant(r.Until)
		}
		if err != nil {
			return nil, err
		}
		jobs[r.Job] = state
	}
	return jobs, nil
}

// holding is the row of a job as far as it says who performs it.
type holding struct {
	Token   int64  `db:"token"`
	Until   string `db:"lease_until"`
	Holder  string `db:"holder"`
	Host    string `db:"host"`
	PID     int    `db:"pid"`
	Started string `db:"started"`
}

// TakeJob takes the lease of a job for so long, from nobody or from a holder that
// is gone: its lease ran out, or its process on this machine ended. What the
// holder left running is marked interrupted. The job must be known. A job that is
// held is an engine.ErrConflict.
func (db *DB) TakeJob(ctx context.Context, job string, by Actor, now time.Time, length time.Duration) (Lease, error) {
	host, err := os.Hostname()
	if err != nil {
		return Lease{}, fmt.Errorf("name of this machine: %w", err)
	}
	lease := Lease{Job: job}
	err = db.write(ctx, func(tx *sqlx.Tx) error {
		// Locks the row, so that two do not take it at once.
		var h holding
		err := tx.GetContext(ctx, &h, `UPDATE jobs SET token = token WHERE job = $1
			RETURNING token, lease_until, holder, host, pid, started`, job)
		if err != nil {
			return err
		}
		if held, err := h.isHeld(host, now, length); err != nil || held {
			return heldBy(job, h.Holder, err)
		}
		lease.Token = h.Token + 1
		_, err = tx.ExecContext(ctx, `UPDATE jobs SET token = $1, lease_until = $2, holder = $3, host = $4, pid = $5, started = $6 WHERE job = $7`,
			lease.Token, stamp(now.Add(length)), by.Name+"@"+host, host, os.Getpid(), processStart(os.Getpid()), job)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE job_runs SET state = $1, ended_at = $2 WHERE job = $3 AND state = $4",
			JobInterrupted, stamp(now), job, JobRunning)
		return err
	})
	return lease, db.explain("take the job "+job, err)
}

// isHeld reports whether the holder may still be at work. A lease that ends later
// than any that could have been given was given before the clock was set back: it
// does not count, since nobody knows when it would end.
func (h *holding) isHeld(host string, now time.Time, length time.Duration) (bool, error) {
	if h.Until == "" {
		return false, nil
	}
	if h.Host == host && !processAlive(h.PID, h.Started) {
		return false, nil
	}
	until, err := instant(h.Until)
	return now.Before(until) && !until.After(now.Add(2*length)), err
}

func heldBy(job, holder string, err error) error {
	if err != nil {
		return err
	}
	return conflict("任务 %s 正由 %s 执行,不重复启动。", "the job %s is being done by %s; it is not started twice.", job, holder)
}

// KeepJob renews a lease. It fails with ErrFenced if another process has taken
// the job.
func (db *DB) KeepJob(ctx context.Context, lease Lease, now time.Time, length time.Duration) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		return one(tx.ExecContext(ctx, "UPDATE jobs SET lease_until = $1 WHERE job = $2 AND token = $3 AND lease_until <> ''",
			stamp(now.Add(length)), lease.Job, lease.Token))
	})
	return db.explain("keep the job "+lease.Job, err)
}

// HoldsJob fails with ErrFenced if another process has taken the job.
func (db *DB) HoldsJob(ctx context.Context, lease Lease) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error { return holdJob(ctx, tx, lease) })
	return db.explain("hold the job "+lease.Job, err)
}

// ReleaseJob gives a lease back. It does nothing if another process has taken the
// job.
func (db *DB) ReleaseJob(ctx context.Context, lease Lease) error {
	err := db.write(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE jobs SET lease_until = '', holder = '' WHERE job = $1 AND token = $2", lease.Job, lease.Token)
		return err
	})
	return db.explain("give the job "+lease.Job+" back", err)
}

// one turns a statement that changed no row into ErrFenced.
func one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n != 1 {
		err = ErrFenced
	}
	return err
}

// BeginJobRun notes that an item of a job begins, under the lease. If the item
// was begun before, it goes on with the next attempt, and its AsOf stays what it
// was. An item that is done is an engine.ErrConflict.
func (db *DB) BeginJobRun(ctx context.Context, lease Lease, run JobRun) (JobRun, error) {
	host, err := os.Hostname()
	if err != nil {
		return JobRun{}, fmt.Errorf("name of this machine: %w", err)
	}
	var begun JobRun
	err = db.write(unfenced(ctx), func(tx *sqlx.Tx) error {
		if err := holdJob(ctx, tx, lease); err != nil {
			return err
		}
		row := jobRunRow{
			Job: run.Job, Item: run.Item, Kind: run.Kind, Slot: stamp(run.Slot), AsOf: stampOf(run.AsOf), State: JobRunning,
			Missed: run.Missed, Attempt: 1, Token: lease.Token, Host: host, PID: os.Getpid(),
			Actor: run.By.Name, Via: run.By.Via, BeganAt: stamp(run.BeganAt),
		}
		if !run.Period.IsZero() {
			row.Period = run.Period.String()
		}
		if run.Late {
			row.Late = 1
		}
		if err := beginRow(ctx, tx, &row); err != nil {
			return err
		}
		begun, err = row.run()
		return err
	})
	return begun, db.explain("begin "+run.Job+" "+run.Item, err)
}

// beginRow stores the row of an item, or brings the one that is there up to date.
func beginRow(ctx context.Context, tx *sqlx.Tx, row *jobRunRow) error {
	var old jobRunRow
	there, err := found(tx.GetContext(ctx, &old, "SELECT "+jobRunColumns+" FROM job_runs WHERE job = $1 AND item = $2", row.Job, row.Item))
	if err != nil {
		return err
	}
	if !there {
		if row.Number, err = next(ctx, tx, "job run"); err != nil {
			return err
		}
		_, err = tx.NamedExecContext(ctx, "INSERT INTO job_runs ("+jobRunColumns+`)
			VALUES (:number, :job, :item, :kind, :slot, :period, :as_of, :state, :late, :missed, :attempt, :token, :host, :pid,
				:actor, :via, :began_at, :ended_at, :next_try, :result_zh, :result_en)`, row)
		return err
	}
	if old.State == JobDone {
		return conflict("任务 %s 的 %s 已经完成。", "%[2]s of the job %[1]s is done already.", row.Job, row.Item)
	}
	row.Number, row.Attempt = old.Number, old.Attempt+1
	if old.AsOf != "" {
		row.AsOf = old.AsOf
	}
	_, err = tx.NamedExecContext(ctx, `UPDATE job_runs SET slot = :slot, as_of = :as_of, state = :state, late = :late, missed = :missed,
		attempt = :attempt, token = :token, host = :host, pid = :pid, actor = :actor, via = :via, began_at = :began_at,
		ended_at = '', next_try = '', result_zh = '', result_en = '' WHERE number = :number`, row)
	return err
}

// EndJobRun notes how an item ended: State, EndedAt, NextTry and Result of the run
// count. It fails with ErrFenced if another process has taken the job.
func (db *DB) EndJobRun(ctx context.Context, lease Lease, run JobRun) error {
	err := db.write(unfenced(ctx), func(tx *sqlx.Tx) error {
		if err := holdJob(ctx, tx, lease); err != nil {
			return err
		}
		err := one(tx.ExecContext(ctx, `UPDATE job_runs SET state = $1, ended_at = $2, next_try = $3, result_zh = $4, result_en = $5
			WHERE number = $6 AND token = $7 AND state = $8`,
			run.State, stamp(run.EndedAt), stampOf(run.NextTry), run.Result.ZH, run.Result.EN, run.Number, lease.Token, JobRunning))
		if err != nil {
			return err
		}
		if run.Kind == kindNotify && run.State == JobDone {
			return nil // its messages are in the trail, each by itself
		}
		details := map[string]string{"item": run.Item, "kind": run.Kind, "state": run.State, "attempt": itoa(run.Attempt), "result": run.Result.EN}
		if run.Late {
			details["late"] = "true"
		}
		return note(ctx, tx, run.EndedAt, run.By, "job", run.Job, details)
	})
	return db.explain("end "+run.Job+" "+run.Item, err)
}

// JobRuns lists what a job did, the newest first, at most so many; of all jobs
// for "", all of it for 0.
func (db *DB) JobRuns(ctx context.Context, job string, limit int) ([]JobRun, error) {
	query := "SELECT " + jobRunColumns + " FROM job_runs WHERE ($1 = '' OR job = $1) ORDER BY slot DESC, number DESC"
	if limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", limit)
	}
	return db.jobRuns(ctx, query, job)
}

// NotableJobRuns lists what failed or was late, begun after an instant, the
// earliest first.
func (db *DB) NotableJobRuns(ctx context.Context, after time.Time) ([]JobRun, error) {
	return db.jobRuns(ctx, "SELECT "+jobRunColumns+" FROM job_runs WHERE (state = 'failed' OR late = 1) AND began_at > $1 ORDER BY began_at, number", stamp(after))
}

func (db *DB) jobRuns(ctx context.Context, query string, args ...any) ([]JobRun, error) {
	var rows []jobRunRow
	if err := db.sql.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, db.explain("list what the jobs did", err)
	}
	runs := make([]JobRun, len(rows))
	for i := range rows {
		var err error
		if runs[i], err = rows[i].run(); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// JobRun returns the row of an item of a job; false if it was never begun.
func (db *DB) JobRun(ctx context.Context, job, item string) (JobRun, bool, error) {
	var row jobRunRow
	there, err := found(db.sql.GetContext(ctx, &row, "SELECT "+jobRunColumns+" FROM job_runs WHERE job = $1 AND item = $2", job, item))
	if err != nil || !there {
		return JobRun{}, false, db.explain("find "+job+" "+item, err)
	}
	run, err := row.run()
	return run, err == nil, err
}
