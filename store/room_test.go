package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// onDays is a load of ten records on each of the days, one for each of ten subjects.
func onDays(t *testing.T, file string, days ...string) *engine.Batch {
	t.Helper()
	b := &engine.Batch{Pack: "p", Target: "投诉", File: file, Digest: file, Rows: 10 * len(days)}
	for i, day := range days {
		var d engine.Date
		if err := d.UnmarshalText([]byte(day)); err != nil {
			t.Fatal(err)
		}
		for s := range 10 {
			b.Records = append(b.Records, engine.Record{Register: "投诉", Subject: fmt.Sprintf("PA%02d", s), Key: fmt.Sprint(file, i, s), Date: d})
		}
	}
	return b
}

func rawDB(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func column(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

func TestRegistersAreInParts(t *testing.T) {
	url := pgtest.URL(t)
	db, raw := storetest.Open(t, url), rawDB(t, url)
	mustLoad(t, db, onDays(t, "a", "2024-06-30", "2024-07-01", "2025-01-01", "", "2250-01-01", "1899-12-31"))
	mustLoad(t, db, onDays(t, "b", "2025-06-30", "2025-01-01")) // into parts that are there
	if n := countRecords(t, db); n != 80 {
		t.Errorf("%d records", n)
	}
	halves := column(t, raw, `SELECT DISTINCT substring(tableoid::regclass::text, '[^_]*$') || ' ' || min(date) || ' ' || max(date) FROM records
		GROUP BY substring(tableoid::regclass::text, '[^_]*$') ORDER BY 1`)
	if want := []string{"2024h1 2024-06-30 2024-06-30", "2024h2 2024-07-01 2024-07-01", "2025h1 2025-01-01 2025-06-30", "early  1899-12-31", "late 2250-01-01 2250-01-01"}; !slices.Equal(halves, want) {
		t.Errorf("%q", halves)
	}
	if parts := column(t, raw, "SELECT DISTINCT tableoid::regclass::text FROM records WHERE date = '2025-01-01'"); len(parts) < 3 {
		t.Errorf("ten subjects are in %v only", parts)
	}
	// A period looks into its own parts only, and each part counts its subjects itself.
	plan := strings.Join(column(t, raw, `SET enable_partitionwise_aggregate = on;
		EXPLAIN SELECT subject, count(*) FROM records WHERE date BETWEEN '2025-01-01' AND '2025-06-30' GROUP BY subject`), "\n")
	if strings.Contains(plan, "2024h") || strings.Contains(plan, "early") || strings.Count(plan, "Aggregate") < 4 || strings.Contains(plan, "Partial") {
		t.Error(plan)
	}
}

// A load that makes a new part does not wait for those who read, nor they for it.
func TestAPartIsMadeBesideReaders(t *testing.T) {
	url := pgtest.URL(t)
	db, raw := storetest.Open(t, url), rawDB(t, url)
	mustLoad(t, db, onDays(t, "a", "2024-01-01"))
	reader, err := raw.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Rollback()
	var n int
	if err := reader.QueryRow("SELECT count(*) FROM records").Scan(&n); err != nil {
		t.Fatal(err)
	}
	store.SetLockPatience(t, 2*time.Second)
	mustLoad(t, db, onDays(t, "b", "2025-01-01"))
	if n := countRecords(t, db); n != 20 {
		t.Errorf("%d records", n)
	}
}

func TestADetachedPartIsMissedByName(t *testing.T) {
	url := pgtest.URL(t)
	db, raw := storetest.Open(t, url), rawDB(t, url)
	mustLoad(t, db, onDays(t, "a", "2019-03-01", "2025-03-01"))
	for i := range 4 {
		if _, err := raw.Exec(fmt.Sprintf("ALTER TABLE records_%d DETACH PARTITION records_%d_2019h1", i, i)); err != nil {
			t.Fatal(err)
		}
	}
	query := store.Query{Pack: "p", First: engine.Date{Year: 2025, Month: 1, Day: 1}, Last: engine.Date{Year: 2025, Month: 6, Day: 30}}
	if f, err := db.Facts(t.Context(), query); err != nil || len(f.Records) != 10 {
		t.Errorf("a period that is there: %v", err)
	}
	query.First = engine.Date{Year: 2019, Month: 5, Day: 1}
	_, err := db.Facts(t.Context(), query)
	tells(t, err, engine.ErrConflict, "records_0_2019h1", "2019-06-30")
	_, err = db.CreateBatch(t.Context(), onDays(t, "b", "2019-04-01"), tester)
	tells(t, err, engine.ErrConflict)
	for i := range 4 {
		if _, err := raw.Exec(fmt.Sprintf("ALTER TABLE records_%d ATTACH PARTITION records_%d_2019h1 FOR VALUES FROM ('2019-01-01') TO ('2019-07-01')", i, i)); err != nil {
			t.Fatal(err)
		}
	}
	mustLoad(t, db, onDays(t, "b", "2019-04-01"))
	if n := countRecords(t, db); n != 30 {
		t.Errorf("%d records after attaching again", n)
	}
}
