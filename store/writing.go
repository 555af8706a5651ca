package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
)

// writing is one load on its way into the store.
type writing struct {
	batch      *engine.Batch
	content    string // digest of the facts
	subjects   []*subjectRow
	figures    []*figureRow
	records    []*recordRow
	judgements []*judgementRow

	db        *DB
	ctx       context.Context
	tx        *sqlx.Tx
	number    int64
	lineage   *lineage
	n         int64 // rows written so far
	added     int
	updated   int
	confirmed []confirmedRow
	same      int // facts the batch holds twice with the same content
}

// confirmedRow is a live row that the batch delivers again.
type confirmedRow struct {
	place
	row int // line of the batch's file
}

// reset begins the load in a transaction; it may be a second attempt.
func (w *writing) reset(ctx context.Context, db *DB, tx *sqlx.Tx) {
	w.ctx, w.db, w.tx = ctx, db, tx
	w.number, w.lineage, w.n, w.added, w.updated, w.confirmed = 0, nil, 0, 0, 0, nil
}

// run stores the load, whose facts are written as facts says. Whoever takes the
// number makes other loads wait, so what is live does not change while this load
// compares with it.
func (w *writing) run(by Actor, facts func() error) (BatchInfo, error) {
	var err error
	if w.number, err = next(w.ctx, w.tx, "batch"); err != nil {
		return BatchInfo{}, err
	}
	if w.lineage, err = newLineage(w.ctx, w.tx, liveNow(w.batch.Pack)); err != nil {
		return BatchInfo{}, err
	}
	if earlier, err := w.earlier(); err != nil || earlier != nil {
		return w.duplicate(earlier, err)
	}
	if err := facts(); err != nil {
		return BatchInfo{}, err
	}
	return w.finish(by)
}

// earlier finds the live batch of the same file with the same facts. If the file
// names subjects that are not known, it has something new.
func (w *writing) earlier() (*batchRow, error) {
	row := new(batchRow)
	there, err := found(w.tx.GetContext(w.ctx, row, "SELECT "+batchColumns+` FROM batches
		WHERE pack = $1 AND target = $2 AND digest = $3 AND content = $4 AND undone_at = ''`,
		w.batch.Pack, w.batch.Target, w.batch.Digest, w.content))
	if err != nil || !there {
		return nil, err
	}
	known, err := readLive[subjectRow](w.ctx, w.tx, w.lineage, "subjects", nil)
	if err != nil {
		return nil, err
	}
	codes := map[string]bool{}
	for _, s := range known {
		codes[s.code] = true
	}
	for _, s := range w.subjects {
		if !codes[s.code] {
			return nil, nil
		}
	}
	return row, nil
}

// duplicate gives the number back and describes the earlier batch.
func (w *writing) duplicate(earlier *batchRow, err error) (BatchInfo, error) {
	if err != nil {
		return BatchInfo{}, err
	}
	if _, err := w.tx.ExecContext(w.ctx, "UPDATE counters SET last = last - 1 WHERE name = 'batch'"); err != nil {
		return BatchInfo{}, err
	}
	info, err := earlier.info()
	info.Duplicate = true
	return info, err
}

func (w *writing) writeFacts() error {
	if len(w.records) > 0 {
		if err := w.sweep(); err != nil {
			return err
		}
	}
	if err := writeRows(w, "subjects", w.subjects, nil); err != nil {
		return err
	}
	if err := writeRows(w, "figures", w.figures, among("period", w.figures, func(r *figureRow) string { return r.period })); err != nil {
		return err
	}
	if err := writeRows(w, "records", w.records, among("register", w.records, func(r *recordRow) string { return r.register })); err != nil {
		return err
	}
	if err := writeRows(w, "judgements", w.judgements, among("period", w.judgements, func(r *judgementRow) string { return r.period })); err != nil {
		return err
	}
	if err := w.writeCoverage(); err != nil {
		return err
	}
	return w.writeConfirmations()
}

// sweep removes what bears the batch's number already. On one server there is never
// anything; of several, one may have stored its rows of a load whose batch then
// came to nothing. They never counted.
func (w *writing) sweep() error {
	if !w.db.address.postgres {
		return nil
	}
	var left bool
	err := w.tx.GetContext(w.ctx, &left, "SELECT EXISTS (SELECT FROM records WHERE batch = $1)", w.number)
	if err == nil && left {
		_, err = w.tx.ExecContext(w.ctx, "DELETE FROM records WHERE batch = $1", w.number)
	}
	return err
}

// writeRows stores the rows that say something new, and notes which live rows
// the others confirm.
func writeRows[R any, P interface {
	*R
	row
}](w *writing, table string, rows []P, restrict filter) error {
	if len(rows) == 0 {
		return nil
	}
	live, err := readLive[R, P](w.ctx, w.tx, w.lineage, table, restrict)
	if err != nil {
		return err
	}
	current := byKey(live)
	out, err := w.db.newBulk(w.ctx, w.tx, table, "batch, n, file_row, "+columnsOf[table])
	if err != nil {
		return err
	}
	defer out.abandon()
	for _, r := range rows {
		var known bool
		if len(current) > 0 {
			var now P
			if now, known = current[r.key()]; known && now.content() == r.content() {
				w.confirmed = append(w.confirmed, confirmedRow{*now.where(), r.where().fileRow})
				continue
			}
		}
		w.count(r.where(), known)
		if err := out.add(append([]any{w.number, w.n, r.where().fileRow}, r.values()...)...); err != nil {
			return err
		}
	}
	return out.close()
}

func byKey[P row](rows []P) map[string]P {
	m := make(map[string]P, len(rows))
	for _, r := range rows {
		m[r.key()] = r
	}
	return m
}

// count numbers a row that is about to be written.
func (w *writing) count(p *place, known bool) {
	w.n++
	p.corrects = 0
	if known {
		p.corrects = 1
		w.updated++
	} else {
		w.added++
	}
}

// among restricts what is read to the values that the rows have in a column; nil
// if they are many.
func among[P row](column string, rows []P, value func(P) string) filter {
	seen := map[string]bool{}
	var args []any
	for _, r := range rows {
		if v := value(r); !seen[v] {
			seen[v] = true
			args = append(args, v)
		}
	}
	if len(args) > 100 {
		return nil
	}
	return func(from int) (string, []any) {
		return column + " IN (" + placeholders(from, len(args)) + ")", args
	}
}

func (w *writing) writeCoverage() error {
	out, err := w.db.newBulk(w.ctx, w.tx, "coverage", "batch, n, register, subject, first_day, last_day")
	if err != nil {
		return err
	}
	defer out.abandon()
	for _, c := range w.batch.Covered {
		w.n++
		if err := out.add(w.number, w.n, c.Register, c.Subject, c.First.String(), c.Last.String()); err != nil {
			return err
		}
	}
	return out.close()
}

// writeConfirmations stores the confirmed rows as runs: a file that is delivered
// again with more rows at its end takes one.
func (w *writing) writeConfirmations() error {
	slices.SortFunc(w.confirmed, func(a, b confirmedRow) int {
		return cmp.Or(cmp.Compare(a.batch, b.batch), cmp.Compare(a.n, b.n))
	})
	out, err := w.db.newBulk(w.ctx, w.tx, "confirmations", "batch, of_batch, first_n, last_n, first_row")
	if err != nil {
		return err
	}
	defer out.abandon()
	for first := 0; first < len(w.confirmed); {
		last := first
		for last+1 < len(w.confirmed) && w.confirmed[last].precedes(w.confirmed[last+1]) {
			last++
		}
		run := w.confirmed[first]
		if err := out.add(w.number, run.batch, run.n, w.confirmed[last].n, run.row); err != nil {
			return err
		}
		first = last + 1
	}
	return out.close()
}

// precedes reports whether d follows c directly in both files.
func (c confirmedRow) precedes(d confirmedRow) bool {
	return c.batch == d.batch && c.n+1 == d.n && (c.row > 0 && c.row+1 == d.row || c.row == 0 && d.row == 0)
}

// finish writes the row that makes the batch count. Its time is taken as late as
// can be: what was live at an instant should not change after it.
func (w *writing) finish(by Actor) (BatchInfo, error) {
	at, err := laterThanAll(w.ctx, w.tx)
	if err != nil {
		return BatchInfo{}, err
	}
	b := batchRow{
		Batch: w.number, Pack: w.batch.Pack, Target: w.batch.Target, File: w.batch.File, Digest: w.batch.Digest, Content: w.content,
		Encoding: w.batch.Encoding, FileRows: w.batch.Rows, Refused: w.batch.Refused,
		Added: w.added, Updated: w.updated, Unchanged: len(w.confirmed) + w.same,
		At: stamp(at), Actor: by.Name, Via: by.Via,
	}
	_, err = w.tx.NamedExecContext(w.ctx, `INSERT INTO batches
		(batch, pack, target, file, digest, content, encoding, file_rows, refused, added, updated, unchanged, at, actor, via)
		VALUES (:batch, :pack, :target, :file, :digest, :content, :encoding, :file_rows, :refused, :added, :updated, :unchanged, :at, :actor, :via)`, b)
	if err != nil {
		return BatchInfo{}, err
	}
	err = note(w.ctx, w.tx, at, by, actionLoad, batchID(w.number), map[string]string{
		"pack": b.Pack, "target": b.Target, "file": b.File, "digest": b.Digest,
		"added": itoa(b.Added), "updated": itoa(b.Updated), "unchanged": itoa(b.Unchanged), "refused": itoa(b.Refused),
	})
	if err != nil {
		return BatchInfo{}, err
	}
	return b.info()
}
