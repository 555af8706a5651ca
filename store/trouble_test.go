package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/internal/storetest"
	"kaoping/store"
)

var tester = store.Actor{Name: "test", Via: "cli"}

// complaints is a load of n records, or of figures for n subjects.
func complaints(file string, n int) *engine.Batch {
	b := &engine.Batch{Pack: "p", Target: "投诉", File: file, Digest: file, Rows: n}
	for i := range n {
		b.Records = append(b.Records, engine.Record{
			Register: "投诉", Subject: fmt.Sprintf("PA%02d", i%50), Key: fmt.Sprintf("%s-%06d", file, i),
			Date: engine.Date{Year: 2025, Month: 3, Day: 1 + i%28}, Origin: engine.Origin{Row: i + 2},
		})
	}
	return b
}

func premiums(file string, n int) *engine.Batch {
	b := &engine.Batch{Pack: "p", Target: "统计数据", File: file, Digest: file, Rows: n}
	period, _ := engine.ParsePeriod("2025H1")
	for i := range n {
		b.Figures = append(b.Figures, engine.Figure{
			Subject: fmt.Sprintf("PA%06d", i), Statistic: "保费收入", Period: period,
			Value: exact.Frac(int64(i)*1_000_003, 100), Origin: engine.Origin{Row: i + 2, Column: "保费收入(万元)"},
		})
	}
	return b
}

func mustLoad(t testing.TB, db *store.DB, b *engine.Batch) {
	t.Helper()
	if _, err := db.CreateBatch(context.Background(), b, tester); err != nil {
		t.Fatal(err)
	}
}

func countRecords(t testing.TB, db *store.DB) int {
	t.Helper()
	f, err := db.Facts(context.Background(), store.Query{Pack: "p"})
	if err != nil {
		t.Fatal(err)
	}
	return len(f.Records)
}

// tells checks that an error is of a kind and that both languages hold the words.
func tells(t *testing.T, err, kind error, words ...string) {
	t.Helper()
	var problem *store.Problem
	if !errors.Is(err, kind) || !errors.As(err, &problem) {
		t.Fatalf("got %v, want %v", err, kind)
	}
	for _, w := range words {
		if !strings.Contains(problem.Message().ZH, w) || !strings.Contains(problem.Message().EN, w) {
			t.Errorf("%q is not in %+v", w, problem.Text)
		}
	}
}

func TestAFullDiskLeavesWhatWasThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "small.db")
	db := storetest.Open(t, "sqlite:"+file+"?max_page_count=150")
	mustLoad(t, db, complaints("a", 500))
	_, err := db.CreateBatch(t.Context(), complaints("b", 20_000), tester)
	tells(t, err, store.ErrFull, file)
	if n := countRecords(t, db); n != 500 {
		t.Errorf("%d records after the failure", n)
	}
	roomy := storetest.Open(t, "sqlite:"+file)
	if left, err := roomy.Unfinished(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left over: %+v, %v", left, err)
	}
	mustLoad(t, roomy, complaints("b", 20_000))
	if n := countRecords(t, roomy); n != 20_500 {
		t.Errorf("%d records after room was made", n)
	}
}

func TestALockedDatabaseIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "locked.db")
	db := storetest.Open(t, "sqlite:"+file+"?busy_timeout=50")
	other, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err = db.CreateBatch(t.Context(), complaints("a", 10), tester)
	tells(t, err, store.ErrLocked, file)
	if _, err := db.Batches(t.Context(), ""); err != nil {
		t.Errorf("reading beside a writer: %v", err)
	}
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	mustLoad(t, db, complaints("a", 10))
}

func TestFilesThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("Dear Sir, ", 500)), 0o644); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	storetest.Open(t, "sqlite:"+newer)
	raw, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{text, newer, filepath.Join(dir, "no", "such", "folder.db"), dir} {
		_, err := store.Open(t.Context(), "sqlite:"+file)
		tells(t, err, store.ErrUnusable, file)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	for _, url := range []string{
		"", "kaoping.db", "mysql://u:geheim@h/d", "sqlite:", "sqlite:a.db?mode=ro", "sqlite:a.db?busy_timeout=x", "sqlite:a.db?busy_timeout=-1",
		"postgres://u:geheim%zz@h/d", "postgres://u:geheim@[::1/d", "postgres://u:geheim@h:port/d",
	} {
		_, err := store.Open(t.Context(), url)
		tells(t, err, store.ErrAddress)
		if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the error shows the password: %v", url, err)
		}
	}
}

func TestPasswordsAreNeverShown(t *testing.T) {
	for _, url := range []string{
		"postgres://u:geheim%2F1@127.0.0.1:1/d", "postgres://u@127.0.0.1:1/d?password=geheim%2F1",
		"postgres://u:geheim%2F1@/d?host=/nonexistent", "postgres://u:geheim%2F1@127.0.0.1:1/d?sslmode=geheim/1",
	} {
		_, err := store.Open(t.Context(), url)
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "geheim") {
			t.Errorf("%s: %v", url, err)
		}
	}
	_, err := store.Open(t.Context(), "postgres://u:geheim@127.0.0.1:1/d")
	tells(t, err, store.ErrLost, "127.0.0.1:1/d")
}

func TestAStoreInMemory(t *testing.T) {
	db := storetest.Open(t, "sqlite::memory:")
	mustLoad(t, db, complaints("a", 300))
	mustLoad(t, db, premiums("b", 10))
	if n := countRecords(t, db); n != 300 {
		t.Errorf("%d records", n)
	}
}
