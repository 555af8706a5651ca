package store_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestPostgreSQL(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) string { return pgtest.URL(t) })
}

func TestAServerThatStopsInTheMiddleOfACopy(t *testing.T) {
	server := pgtest.Start(t)
	url := server.URL(t)
	db := storetest.Open(t, url)
	idle := storetest.Open(t, url)
	mustLoad(t, db, complaints("a", 100))
	failed := make(chan error)
	go func() {
		_, err := db.CreateBatch(t.Context(), complaints("b", 300_000), tester)
		failed <- err
	}()
	awaitCopy(t, url)
	server.Stop()
	tells(t, <-failed, store.ErrLost)
	_, err := store.Open(t.Context(), url)
	tells(t, err, store.ErrLost)

	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if n := countRecords(t, storetest.Open(t, url)); n != 100 {
		t.Errorf("%d records after the server came back", n)
	}
	// The stores that lost their server find it again.
	mustLoad(t, db, complaints("b", 1000))
	mustLoad(t, idle, complaints("c", 1000))
}

// awaitCopy returns when the server is copying rows in.
func awaitCopy(t *testing.T, url string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		var rows int
		if err := db.QueryRow("SELECT coalesce(sum(tuples_processed), 0) FROM pg_stat_progress_copy").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		if rows > 1000 {
			return
		}
	}
	t.Fatal("the server never copied anything")
}

func TestAWriteThatWaitsTooLongOnPostgreSQL(t *testing.T) {
	url := pgtest.URL(t)
	db := storetest.Open(t, url)
	raw, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	tx, err := raw.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("UPDATE counters SET last = last WHERE name = 'batch'"); err != nil {
		t.Fatal(err)
	}
	store.SetLockPatience(t, 50*time.Millisecond)
	_, err = db.CreateBatch(t.Context(), complaints("a", 10), tester)
	tells(t, err, store.ErrLocked)
}

func TestALoginThatIsRefused(t *testing.T) {
	url := pgtest.URL(t)
	_, err := store.Open(t.Context(), strings.Replace(url, "kaoping@", "nobody:geheim@", 1))
	tells(t, err, store.ErrUnusable, "nobody")
	_, err = store.Open(t.Context(), strings.Replace(url, "/test", "/nosuch", 1))
	tells(t, err, store.ErrUnusable, "nosuch")
}
