package store

import (
	"context"
	"fmt"
	"time"

	"kaoping/engine"
)

// Query says which facts are wanted.
type Query struct {
	Pack        string
	Periods     []engine.Period // of figures and judgements; none means all
	First, Last engine.Date     // days of records, both included; zero means open
	AsOf        time.Time       // what was live at that instant; zero means now
	Without     []string        // registers whose records are not wanted
}

// Facts returns the live version of each fact, as of an instant, and records
// the set of batches they come from as a snapshot. What was loaded later, or
// was undone by then, is not in it. Subjects and coverage are always all of the
// pack's.
func (db *DB) Facts(ctx context.Context, q Query) (*engine.Facts, error) {
	now, err := db.AsOfNow(ctx)
	if err != nil {
		return nil, err
	}
	if q.AsOf.IsZero() || q.AsOf.After(now) {
		q.AsOf = now
	}
	snapshot, err := db.takeSnapshot(ctx, q.Pack, q.AsOf)
	if err != nil {
		return nil, db.explain("take a snapshot of "+q.Pack, err)
	}
	return db.factsOf(ctx, snapshot, q)
}

// AsOfNow returns the instant at which all counts that has been stored: the time
// now, or that of the last change of what is live if that is later, because the
// clock was set back or another machine's is ahead.
func (db *DB) AsOfNow(ctx context.Context) (time.Time, error) {
	last, err := lastChange(ctx, db.sql)
	if now := time.Now().UTC().Truncate(time.Microsecond); now.After(last) {
		last = now
	}
	return last, db.explain("find the last change", err)
}

// FactsOf returns the facts of a snapshot that was taken before. They are the
// same at any later time. The query's AsOf is only passed on.
func (db *DB) FactsOf(ctx context.Context, snapshot string, q Query) (*engine.Facts, error) {
	var there int
	if err := db.sql.GetContext(ctx, &there, "SELECT count(*) FROM snapshots WHERE snapshot = $1", snapshot); err != nil {
		return nil, db.explain("find the snapshot "+snapshot, err)
	}
	if there == 0 {
		return nil, notFound("数据库中没有快照 %s。", "there is no snapshot %s in this store.", snapshot)
	}
	return db.factsOf(ctx, snapshot, q)
}

func (db *DB) factsOf(ctx context.Context, snapshot string, q Query) (*engine.Facts, error) {
	facts, err := db.readFacts(ctx, inSnapshot(snapshot, q.Pack), q)
	if err != nil {
		return nil, db.explain(fmt.Sprintf("read the facts of %s in snapshot %s", q.Pack, snapshot), err)
	}
	facts.Snapshot = snapshot
	if !q.AsOf.IsZero() {
		facts.AsOf = stamp(q.AsOf)
	}
	return facts, nil
}

// Subjects returns the live entries of a pack's subjects.
func (db *DB) Subjects(ctx context.Context, pack string) ([]engine.Subject, error) {
	l, err := newLineage(ctx, db.sql, liveNow(pack))
	if err != nil {
		return nil, db.explain("read the subjects of "+pack, err)
	}
	subjects, err := read(ctx, db.sql, l, "subjects", nil, all[*subjectRow], (*subjectRow).fact)
	return subjects, db.explain("read the subjects of "+pack, err)
}

func (db *DB) readFacts(ctx context.Context, set batchSet, q Query) (*engine.Facts, error) {
	l, err := newLineage(ctx, db.sql, set)
	if err != nil {
		return nil, err
	}
	facts := new(engine.Facts)
	if facts.Subjects, err = read(ctx, db.sql, l, "subjects", nil, all[*subjectRow], (*subjectRow).fact); err != nil {
		return nil, err
	}
	periods := periodFilter(q.Periods)
	if facts.Figures, err = read(ctx, db.sql, l, "figures", periods, all[*figureRow], (*figureRow).fact); err != nil {
		return nil, err
	}
	if facts.Judgements, err = read(ctx, db.sql, l, "judgements", periods, all[*judgementRow], (*judgementRow).fact); err != nil {
		return nil, err
	}
	first, last := daySpan(q)
	if err := db.refuseDetached(ctx, first, last); err != nil {
		return nil, err
	}
	inSpan := func(r *recordRow) bool { return first <= r.date && r.date <= last }
	if facts.Records, err = read(ctx, db.sql, l, "records", recordFilter(first, last, q.Without), inSpan, (*recordRow).fact); err != nil {
		return nil, err
	}
	facts.Covered, err = readCoverage(ctx, db.sql, l)
	return facts, err
}

// filter restricts what is read of a table: a condition whose first placeholder
// has the given number.
type filter func(from int) (condition string, args []any)

func periodFilter(periods []engine.Period) filter {
	if len(periods) == 0 {
		return nil
	}
	return func(from int) (string, []any) {
		args := make([]any, len(periods))
		for i, p := range periods {
			args[i] = p.String()
		}
		return "period IN (" + placeholders(from, len(args)) + ")", args
	}
}

func daySpan(q Query) (first, last string) {
	first, last = q.First.String(), q.Last.String()
	if last == "" {
		last = "9999-12-31"
	}
	return first, last
}

// recordFilter restricts records to days, and leaves registers out.
func recordFilter(first, last string, without []string) filter {
	days := dayFilter(first, last)
	if len(without) == 0 {
		return days
	}
	return func(from int) (string, []any) {
		condition, args := days(from)
		condition += " AND register NOT IN (" + placeholders(from+len(args), len(without)) + ")"
		for _, register := range without {
			args = append(args, register)
		}
		return condition, args
	}
}

// dayFilter also lets through every correction: a later version may have moved
// a record out of the span, and then the earlier one must not count.
func dayFilter(first, last string) filter {
	return func(from int) (string, []any) {
		return fmt.Sprintf("(date BETWEEN $%d AND $%d OR corrects = 1)", from, from+1), []any{first, last}
	}
}

// all lets every row through.
func all[R row](R) bool { return true }

// read returns the facts of one table that count in the lineage's set: of each
// key the version that was delivered last, if keep lets it through. They come
// in the order in which they were loaded.
func read[R any, P interface {
	*R
	row
}, F any](ctx context.Context, r reader, l *lineage, table string, restrict filter, keep func(P) bool, fact func(P, engine.Origin) (F, error)) ([]F, error) {
	live, err := readLive[R, P](ctx, r, l, table, restrict)
	if err != nil {
		return nil, err
	}
	var facts []F
	for _, row := range live {
		if !keep(row) {
			continue
		}
		f, err := fact(row, l.origin(row.where()))
		if err != nil {
			return nil, fmt.Errorf("row %d of %s in %s: %w", row.where().n, batchID(row.where().batch), table, err)
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// readLive returns of each key the row that was delivered last.
func readLive[R any, P interface {
	*R
	row
}](ctx context.Context, r reader, l *lineage, table string, restrict filter) ([]P, error) {
	query := "SELECT batch, n, file_row, " + columnsOf[table] + " FROM " + table + " WHERE " + l.where()
	args := l.set.args
	if restrict != nil {
		condition, more := restrict(len(args) + 1)
		query += " AND " + condition
		args = append(args[:len(args):len(args)], more...)
	}
	rows, err := r.QueryxContext(ctx, query+" ORDER BY batch, n", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	chosen := chooser[P]{l: l, at: map[string]int{}}
	scratch := P(new(R))
	targets := append([]any{&scratch.where().batch, &scratch.where().n, &scratch.where().fileRow}, scratch.targets()...)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		row := *(*R)(scratch)
		chosen.see(P(&row))
	}
	return chosen.winners(), rows.Err()
}

// chooser keeps of each key the row that was delivered last.
type chooser[P row] struct {
	l    *lineage
	at   map[string]int // place in rows, by key
	rows []P
	last []int64 // the batch that delivered the row last; 0 if the row lost
}

func (c *chooser[P]) see(row P) {
	last, ok := c.l.lastDelivery(row.where())
	if !ok {
		return
	}
	key := row.key()
	if i, seen := c.at[key]; seen {
		if c.last[i] > last {
			return
		}
		c.last[i] = 0
	}
	c.at[key] = len(c.rows)
	c.rows, c.last = append(c.rows, row), append(c.last, last)
}

func (c *chooser[P]) winners() []P {
	won := c.rows[:0]
	for i, row := range c.rows {
		if c.last[i] > 0 {
			won = append(won, row)
		}
	}
	return won
}

// readCoverage returns what the registers' deliveries cover, each span once.
func readCoverage(ctx context.Context, r reader, l *lineage) ([]engine.Coverage, error) {
	var rows []struct {
		Register string
		Subject  string
		First    string `db:"first_day"`
		Last     string `db:"last_day"`
	}
	err := r.SelectContext(ctx, &rows,
		"SELECT register, subject, first_day, last_day FROM coverage WHERE batch IN ("+l.set.query+") ORDER BY batch, n", l.set.args...)
	if err != nil {
		return nil, err
	}
	var covered []engine.Coverage
	seen := map[engine.Coverage]bool{}
	for _, row := range rows {
		c := engine.Coverage{Register: row.Register, Subject: row.Subject}
		if err := c.First.UnmarshalText([]byte(row.First)); err != nil {
			return nil, err
		}
		if err := c.Last.UnmarshalText([]byte(row.Last)); err != nil {
			return nil, err
		}
		if !seen[c] {
			seen[c] = true
			covered = append(covered, c)
		}
	}
	return covered, nil
}
