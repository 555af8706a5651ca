package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Run is one evaluation as it was stored.
type Run struct {
	ID       string // R-000003
	Pack     string
	Edition  engine.Date
	Hash     string // of the edition's files
	Period   engine.Period
	Snapshot string
	AsOf     string // RFC 3339
	Revision int    // 1, 2, … for each pack and period
	Digest   string // SHA-256 of the canonical result
	MadeAt   time.Time
	By       string
	Status   string // of the pack: draft, trial, in force
}

// runRow is a row of the table.
type runRow struct {
	Run      int64  `db:"run"`
	Pack     string `db:"pack"`
	Edition  string `db:"edition"`
	Hash     string `db:"hash"`
	Period   string `db:"period"`
	Revision int    `db:"revision"`
	Snapshot string `db:"snapshot"`
	AsOf     string `db:"as_of"`
	Status   string `db:"status"`
	Digest   string `db:"digest"`
	Frame    string `db:"frame"`
	MadeAt   string `db:"made_at"`
	MadeBy   string `db:"made_by"`
}

const runColumns = "run, pack, edition, hash, period, revision, snapshot, as_of, status, digest, made_at, made_by"

func runID(n int64) string { return fmt.Sprintf("R-%06d", n) }

func (r *runRow) stored() (Run, error) {
	run := Run{
		ID: runID(r.Run), Pack: r.Pack, Hash: r.Hash, Snapshot: r.Snapshot, AsOf: r.AsOf,
		Revision: r.Revision, Digest: r.Digest, By: r.MadeBy, Status: r.Status,
	}
	err := run.Edition.UnmarshalText([]byte(r.Edition))
	if err == nil {
		err = run.Period.UnmarshalText([]byte(r.Period))
	}
	if err == nil {
		run.MadeAt, err = instant(r.MadeAt)
	}
	return run, err
}

// SaveRun stores a result as a new revision of its pack and period, with the
// files of the pack's edition, all or nothing. Id, revision, digest and time are
// given here. If the newest revision has the same digest, nothing is stored and
// that run comes back. It is noted who made it, and by which way. The run's snapshot must be one that Facts recorded.
func (db *DB) SaveRun(ctx context.Context, run Run, result *engine.Result, files map[string][]byte, by Actor) (Run, error) {
	object := run.Pack + " " + run.Period.String()
	doing := "store the run of " + object
	run.Digest = result.Digest()
	newest, err := db.newestRun(ctx, db.sql, run.Pack, run.Period)
	if err != nil {
		return Run{}, db.explain(doing, err)
	}
	if newest != nil && newest.Digest == run.Digest {
		return newest.stored()
	}
	var saved Run
	err = db.journaled(ctx, actionRun, object, by, func(tx *sqlx.Tx) error {
		saved, err = db.saveRun(ctx, tx, run, result, files, by)
		return err
	})
	return saved, db.explain(doing, err)
}

func (db *DB) saveRun(ctx context.Context, tx *sqlx.Tx, run Run, result *engine.Result, files map[string][]byte, by Actor) (Run, error) {
	// From here on nobody else makes a revision.
	number, err := next(ctx, tx, "run")
	if err != nil {
		return Run{}, err
	}
	newest, err := db.newestRun(ctx, tx, run.Pack, run.Period)
	if err != nil {
		return Run{}, err
	}
	row := runRow{
		Run: number, Pack: run.Pack, Edition: run.Edition.String(), Hash: run.Hash, Period: run.Period.String(), Revision: 1,
		Snapshot: run.Snapshot, AsOf: run.AsOf, Status: run.Status, Digest: run.Digest, MadeAt: stamp(time.Now()), MadeBy: by.Name,
	}
	if newest != nil {
		row.Revision = newest.Revision + 1
	}
	if row.Frame, err = frameOf(result); err != nil {
		return Run{}, err
	}
	if err := savePack(ctx, tx, run, files); err != nil {
		return Run{}, err
	}
	if err := insertRun(ctx, tx, &row); err != nil {
		return Run{}, err
	}
	if err := db.saveScorecards(ctx, tx, number, result); err != nil {
		return Run{}, err
	}
	stored, err := row.stored()
	if err != nil {
		return Run{}, err
	}
	return stored, note(ctx, tx, stored.MadeAt, by, "run", stored.ID, map[string]string{
		"pack": row.Pack, "period": row.Period, "revision": itoa(row.Revision), "hash": row.Hash, "snapshot": row.Snapshot, "digest": row.Digest,
	})
}

func insertRun(ctx context.Context, tx *sqlx.Tx, row *runRow) error {
	var there int
	if err := tx.GetContext(ctx, &there, "SELECT count(*) FROM snapshots WHERE snapshot = $1", row.Snapshot); err != nil {
		return err
	}
	if there == 0 {
		return notFound("数据库中没有快照 %s,这次运行无法存档。", "there is no snapshot %s in this store, so the run cannot be stored.", row.Snapshot)
	}
	_, err := tx.NamedExecContext(ctx, `INSERT INTO runs
		(run, pack, edition, hash, period, revision, snapshot, as_of, status, digest, frame, made_at, made_by)
		VALUES (:run, :pack, :edition, :hash, :period, :revision, :snapshot, :as_of, :status, :digest, :frame, :made_at, :made_by)`, row)
	return err
}

// newestRun returns the run with the largest revision; nil if there is none.
func (db *DB) newestRun(ctx context.Context, r sqlx.QueryerContext, pack string, period engine.Period) (*runRow, error) {
	row := new(runRow)
	there, err := found(sqlx.GetContext(ctx, r, row,
		"SELECT "+runColumns+" FROM runs WHERE pack = $1 AND period = $2 ORDER BY revision DESC LIMIT 1", pack, period.String()))
	if err != nil || !there {
		return nil, err
	}
	return row, nil
}

// frameOf is the canonical form of a result without its scorecards. Empty lists
// stay empty and absent ones absent, so that the whole can be put together again
// byte for byte.
func frameOf(result *engine.Result) (string, error) {
	frame := *result
	if len(frame.Scorecards) > 0 {
		frame.Scorecards = []engine.Scorecard{}
	}
	if len(frame.Excluded) > 0 {
		frame.Excluded = []engine.Scorecard{}
	}
	return string(frame.Canonical()), nil
}

func (db *DB) saveScorecards(ctx context.Context, tx *sqlx.Tx, run int64, result *engine.Result) error {
	out, err := db.newBulk(ctx, tx, "scorecards", "run, n, excluded, subject, peer_group, status, total_e6, rank, card")
	if err != nil {
		return err
	}
	defer out.abandon()
	n := 0
	for excluded, list := range [][]engine.Scorecard{result.Scorecards, result.Excluded} {
		for i := range list {
			card := &list[i]
			text, err := cardText(card)
			if err != nil {
				return err
			}
			n++
			if err := out.add(run, n, excluded, card.Subject, card.PeerGroup, string(card.Status), millionths(card.Total), card.Rank, text); err != nil {
				return err
			}
		}
	}
	return out.close()
}

func cardText(card *engine.Scorecard) (string, error) {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(card); err != nil {
		return "", fmt.Errorf("encode the scorecard of %s: %w", card.Subject, err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

// millionths is a total as the integer that lists are sorted by; nil if there
// is none or it is beyond all scores.
func millionths(total *exact.Num) any {
	if total == nil {
		return nil
	}
	n, d, ok := total.Mul(exact.Int(1_000_000)).Round(0, exact.HalfUp).Small()
	if !ok || d != 1 {
		return nil
	}
	return n
}

// Runs lists the runs of a pack and period, oldest first; of all packs for "",
// of all periods for the zero period.
func (db *DB) Runs(ctx context.Context, pack string, period engine.Period) ([]Run, error) {
	key := ""
	if !period.IsZero() {
		key = period.String()
	}
	var rows []runRow
	err := db.sql.SelectContext(ctx, &rows, "SELECT "+runColumns+
		" FROM runs WHERE ($1 = '' OR pack = $1) AND ($2 = '' OR period = $2) ORDER BY run", pack, key)
	if err != nil {
		return nil, db.explain("list the runs of "+pack, err)
	}
	runs := make([]Run, len(rows))
	for i := range rows {
		if runs[i], err = rows[i].stored(); err != nil {
			return nil, err
		}
	}
	return runs, nil
}

// FindRun returns a run with its result, exactly as it was stored; revision 0 is
// the newest. A result that no longer has its digest is an engine.ErrConflict.
func (db *DB) FindRun(ctx context.Context, pack string, period engine.Period, revision int) (Run, *engine.Result, error) {
	doing := fmt.Sprintf("find the run of %s %s", pack, period)
	row := new(runRow)
	there, err := found(db.sql.GetContext(ctx, row, "SELECT "+runColumns+`, frame FROM runs
		WHERE pack = $1 AND period = $2 AND ($3 = 0 OR revision = $3) ORDER BY revision DESC LIMIT 1`, pack, period.String(), revision))
	switch {
	case err != nil:
		return Run{}, nil, db.explain(doing, err)
	case !there && revision > 0:
		return Run{}, nil, notFound("%s %s 没有第 %d 版运行。", "there is no revision %[3]d of %[1]s %[2]s.", pack, period, revision)
	case !there:
		return Run{}, nil, notFound("%s %s 还没有运行;先执行 kaoping run --pack %[1]s --period %[2]s。",
			"%s %s has not been run yet; first kaoping run --pack %[1]s --period %[2]s.", pack, period)
	}
	run, err := row.stored()
	if err != nil {
		return Run{}, nil, err
	}
	result, err := db.resultOf(ctx, row)
	if err != nil {
		return Run{}, nil, db.explain(doing, err)
	}
	return run, result, nil
}

func (db *DB) resultOf(ctx context.Context, row *runRow) (*engine.Result, error) {
	result, err := engine.ParseResult([]byte(row.Frame))
	if err != nil {
		return nil, err
	}
	var cards []struct {
		Excluded int
		Card     string
	}
	if err := db.sql.SelectContext(ctx, &cards, "SELECT excluded, card FROM scorecards WHERE run = $1 ORDER BY n", row.Run); err != nil {
		return nil, err
	}
	for _, c := range cards {
		var card engine.Scorecard
		if err := json.Unmarshal([]byte(c.Card), &card); err != nil {
			return nil, fmt.Errorf("read a stored scorecard: %w", err)
		}
		if c.Excluded == 1 {
			result.Excluded = append(result.Excluded, card)
		} else {
			result.Scorecards = append(result.Scorecards, card)
		}
	}
	if result.Digest() != row.Digest {
		return nil, conflict("运行 %s 的存档与其摘要不符:数据库被改动过,请联系管理员。",
			"what is stored of run %s does not match its digest: the database was altered, tell the administrator.", runID(row.Run))
	}
	return result, nil
}
