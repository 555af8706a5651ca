package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Dialect says in which dialect the store's database is asked.
func (db *DB) Dialect() formula.Dialect {
	if db.address.postgres {
		return formula.PostgreSQL
	}
	return formula.SQLite
}

// mostCells bounds the columns of a counting statement.
const mostCells = 300

// mostReplaced bounds how many replaced versions a counting statement names.
const mostReplaced = 10_000

// CountRecords counts a register in a snapshot that was taken before, all its
// statistics in one scan. ok is false if the database cannot tell: a field that a
// condition needs is missing somewhere or written in an unusual way, or there are
// too many corrections; then the records have to be read.
func (db *DB) CountRecords(ctx context.Context, snapshot, pack string, r engine.CountedRegister) (counts []engine.Count, ok bool, err error) {
	counts, ok, err = db.countRecords(ctx, inSnapshot(snapshot, pack), r)
	return counts, ok, db.explain("count the register "+r.Register+" of "+pack, err)
}

// ExplainCount returns how the database would count the register, in its own words:
// an administrator sees there what is handed on to other servers.
func (db *DB) ExplainCount(ctx context.Context, snapshot, pack string, r engine.CountedRegister) (string, error) {
	statement, ok, err := db.countingOf(ctx, inSnapshot(snapshot, pack), r)
	if err != nil || !ok {
		return "", db.explain("explain how the register "+r.Register+" is counted", err)
	}
	verb := "EXPLAIN QUERY PLAN "
	if db.address.postgres {
		verb = "EXPLAIN (VERBOSE) "
	}
	from, done, err := db.counting(ctx)
	if err != nil {
		return "", db.explain("explain a count", err)
	}
	defer done()
	rows, err := from.QueryxContext(ctx, verb+statement)
	if err != nil {
		return "", db.explain("explain a count", err)
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		cells, err := rows.SliceScan()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&plan, "%s\n", cells[len(cells)-1])
	}
	return plan.String(), db.explain("explain a count", rows.Err())
}

// countingOf makes the statement that counts a register; ok is false if there is none.
func (db *DB) countingOf(ctx context.Context, set batchSet, r engine.CountedRegister) (statement string, ok bool, err error) {
	l, err := newLineage(ctx, db.sql, set)
	if err != nil {
		return "", false, err
	}
	delivered, ok := l.delivered()
	if !ok || len(r.Cells) > mostCells {
		return "", false, nil
	}
	replaced, ok, err := db.replacedVersions(ctx, l, delivered, r.Register)
	if err != nil || !ok {
		return "", false, err
	}
	return db.countStatement(delivered, replaced, r), true, db.refuseDetached(ctx, r.First.String(), r.Last.String())
}

func (db *DB) countRecords(ctx context.Context, set batchSet, r engine.CountedRegister) ([]engine.Count, bool, error) {
	statement, ok, err := db.countingOf(ctx, set, r)
	if err != nil || !ok {
		return nil, false, err
	}
	from, done, err := db.counting(ctx)
	if err != nil {
		return nil, false, err
	}
	defer done()
	rows, err := from.QueryxContext(ctx, statement)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	var counts []engine.Count
	for rows.Next() {
		of, told, err := readCounts(rows, db.Dialect(), r)
		if err != nil || !told {
			return nil, false, err
		}
		counts = append(counts, of...)
	}
	return counts, true, rows.Err()
}

// counting returns what a counting statement is asked through. On PostgreSQL that
// is a transaction in which each part of a register counts its own subjects: the
// default is to collect all rows first.
func (db *DB) counting(ctx context.Context) (from sqlx.QueryerContext, done func(), err error) {
	if !db.address.postgres {
		return db.sql, func() {}, nil
	}
	tx, err := db.sql.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, nil, err
	}
	done = func() { tx.Rollback() } // nothing was written
	// Databases that speak the protocol but lack the setting go on without it.
	_, err = tx.ExecContext(ctx, "SELECT set_config(name, 'on', true) FROM pg_settings WHERE name = 'enable_partitionwise_aggregate'")
	if err != nil {
		done()
	}
	return tx, done, err
}

// delivered writes which rows of facts the set's batches delivered, with the
// batches by number: a database that is spread over several servers can hand
// that on. ok is false if rows of undone batches live on in too many runs.
func (l *lineage) delivered() (condition string, ok bool) {
	numbers := make([]int64, 0, len(l.members))
	for batch := range l.members {
		numbers = append(numbers, batch)
	}
	slices.Sort(numbers)
	parts := []string{"batch IN (" + numberList(append(numbers, 0)) + ")"} // there is no batch 0, and a list must not be empty
	for of, confirmers := range l.confirmed {
		if _, whole := l.members[of]; whole {
			continue
		}
		var runs []string
		for _, c := range confirmers {
			for _, run := range c.runs {
				runs = append(runs, fmt.Sprintf("n BETWEEN %d AND %d", run.FirstN, run.LastN))
			}
		}
		if len(runs) > mostReplaced/10 {
			return "", false
		}
		parts = append(parts, fmt.Sprintf("batch = %d AND (%s)", of, strings.Join(runs, " OR ")))
	}
	slices.Sort(parts[1:])
	return "(" + strings.Join(parts, " OR ") + ")", true
}

func numberList(numbers []int64) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = fmt.Sprint(n)
	}
	return strings.Join(texts, ", ")
}

// replacedVersions returns, by batch, the rows that were delivered and that a
// later version has replaced. Only a key with a correction has more than one.
func (db *DB) replacedVersions(ctx context.Context, l *lineage, delivered, register string) (map[int64][]int64, bool, error) {
	var keys []string
	err := db.sql.SelectContext(ctx, &keys, "SELECT DISTINCT record_key FROM records WHERE register = $1 AND corrects = 1 AND "+delivered, register)
	if err != nil || len(keys) > mostReplaced {
		return nil, false, err
	}
	chosen := chooser[*recordRow]{l: l, at: map[string]int{}}
	var seen []*recordRow
	for part := range slices.Chunk(keys, 500) {
		args := []any{register}
		for _, key := range part {
			args = append(args, key)
		}
		rows, err := db.sql.QueryxContext(ctx, "SELECT batch, n, record_key FROM records WHERE register = $1 AND record_key IN ("+
			placeholders(2, len(part))+") AND "+delivered+" ORDER BY batch, n", args...)
		if err != nil {
			return nil, false, err
		}
		for rows.Next() {
			row := &recordRow{register: register}
			if err := rows.Scan(&row.batch, &row.n, &row.recordKey); err != nil {
				rows.Close()
				return nil, false, err
			}
			seen = append(seen, row)
			chosen.see(row)
		}
		if err := rows.Close(); err != nil {
			return nil, false, err
		}
		if err := rows.Err(); err != nil {
			return nil, false, err
		}
	}
	replaced := map[int64][]int64{}
	won := map[place]bool{}
	for _, row := range chosen.winners() {
		won[row.place] = true
	}
	for _, row := range seen {
		if !won[row.place] {
			replaced[row.batch] = append(replaced[row.batch], row.n)
		}
	}
	return replaced, len(seen) <= 3*mostReplaced, nil
}

// countStatement asks for all cells in one scan, a row for each subject: how many
// records cannot be told, for each period how many there are, and what each cell
// comes to.
func (db *DB) countStatement(delivered string, replaced map[int64][]int64, r engine.CountedRegister) string {
	var b strings.Builder
	fmt.Fprintf(&b, "SELECT subject,\n  count(*) FILTER (WHERE %s)", db.untold(r))
	for _, p := range r.Periods {
		fmt.Fprintf(&b, ",\n  count(*) FILTER (WHERE %s)", inPeriod(p))
	}
	for _, c := range r.Cells {
		value := "sum(" + timesSQL + ")"
		if c.Amount.Value != "" {
			value = "sum(" + c.Amount.Value + " * " + timesSQL + ")"
			if !db.address.postgres {
				value = "exact_sum(" + c.Amount.Value + ", " + timesSQL + ")"
			}
		}
		fmt.Fprintf(&b, ",\n  %s FILTER (WHERE %s AND %s)", value, inPeriod(c.Period), c.Where.Holds)
	}
	fmt.Fprintf(&b, "\nFROM records\nWHERE register = %s AND date BETWEEN '%s' AND '%s' AND %s", quoted(r.Register), r.First, r.Last, delivered)
	batches := make([]int64, 0, len(replaced))
	for batch := range replaced {
		batches = append(batches, batch)
	}
	slices.Sort(batches)
	for _, batch := range batches {
		fmt.Fprintf(&b, " AND NOT (batch = %d AND n IN (%s))", batch, numberList(replaced[batch]))
	}
	b.WriteString("\nGROUP BY subject")
	return b.String()
}

// untold is the condition that a record cannot be told by one of the cells. What
// several cells ask is asked once.
func (db *DB) untold(r engine.CountedRegister) string {
	parts := []string{formula.Odd(db.Dialect())}
	for _, p := range r.Periods {
		var of []string
		add := func(condition string) {
			if !slices.Contains(of, condition) {
				of = append(of, condition)
			}
		}
		for _, c := range r.Cells {
			if c.Period != p {
				continue
			}
			add(c.Where.Unknown)
			if c.Amount.Value != "" {
				add("(" + c.Where.Holds + " AND (" + c.Amount.Unknown + "))")
			}
		}
		if len(of) > 0 {
			parts = append(parts, inPeriod(p)+" AND ("+strings.Join(of, " OR ")+")")
		}
	}
	return strings.Join(parts, " OR ")
}

// timesSQL is how often a record counts.
const timesSQL = "(CASE WHEN times = 0 THEN 1 ELSE times END)"

func inPeriod(p engine.Period) string {
	return fmt.Sprintf("date BETWEEN '%s' AND '%s'", p.First, p.Last)
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// readCounts reads the row of one subject; told is false if the database could
// not tell everything.
func readCounts(rows *sqlx.Rows, d formula.Dialect, r engine.CountedRegister) (counts []engine.Count, told bool, err error) {
	var subject string
	var untold int64
	there := make([]int64, len(r.Periods))
	values := make([]*string, len(r.Cells))
	targets := []any{&subject, &untold}
	for i := range there {
		targets = append(targets, &there[i])
	}
	for i := range values {
		targets = append(targets, &values[i])
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, false, err
	}
	if untold > 0 {
		return nil, false, nil
	}
	for i, c := range r.Cells {
		if there[slices.Index(r.Periods, c.Period)] == 0 {
			continue
		}
		count := engine.Count{Statistic: c.Statistic, Period: c.Period, Subject: subject}
		if values[i] != nil {
			if count.Sum, err = exact.Parse(*values[i]); err != nil {
				return nil, false, err
			}
		}
		if c.Amount.Value != "" && d == formula.PostgreSQL {
			count.Sum = count.Sum.Quo(amountScale)
		}
		counts = append(counts, count)
	}
	return counts, true, nil
}

// amountScale is what an amount of PostgreSQL is multiplied by.
var amountScale = exact.Int(1_000_000_000_000)
