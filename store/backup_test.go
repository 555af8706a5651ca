package store_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"kaoping/engine"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// The kinds of database, each with a way to make an empty one.
var kinds = []struct {
	name  string
	fresh func(t *testing.T) string
}{
	{"SQLite", func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "商 户.db") }},
	{"PostgreSQL", func(t *testing.T) string { return pgtest.URL(t) }},
}

// onEveryPair runs a test from each kind of database to each.
func onEveryPair(t *testing.T, test func(t *testing.T, from, to string)) {
	for _, from := range kinds {
		for _, to := range kinds {
			t.Run(from.name+" to "+to.name, func(t *testing.T) { test(t, from.fresh(t), to.fresh(t)) })
		}
	}
}

func backup(t *testing.T, url string) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := store.Backup(t.Context(), url, &file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// filled makes a store that holds something of every kind.
func filled(t *testing.T, url string) []string {
	t.Helper()
	db := storetest.Open(t, url)
	storetest.Fill(t, db)
	return storetest.Listing(t, db)
}

// isRestored compares a store with what another one held; it has one entry of the
// audit trail more.
func isRestored(t *testing.T, url string, want []string, head store.ChainHead) {
	t.Helper()
	db := storetest.Open(t, url)
	got := storetest.Listing(t, db)
	restores, err := db.Audit(t.Context(), store.AuditQuery{Action: "restore"})
	if err != nil || len(restores) != 1 || restores[0].Number != head.Number+1 || restores[0].Actor.Name != "test" {
		t.Errorf("trail: %+v %v", restores, err)
	}
	if after, wrong, err := db.VerifyAudit(t.Context(), head); err != nil || wrong != nil || after.Number != head.Number+1 {
		t.Errorf("chain: %+v %v %v", after, wrong, err)
	}
	same := func(lines []string) []string {
		var kept []string
		for _, l := range lines {
			if !strings.HasPrefix(l, "chain ") && !strings.Contains(l, "Action:restore") {
				kept = append(kept, l)
			}
		}
		return kept
	}
	storetest.Same(t, same(got), same(want))
	// The store goes on where the other one stood.
	mustLoad(t, db, complaints("later", 10))
	if n := countRecords(t, db); n != 10 {
		t.Errorf("%d records", n)
	}
}

func TestABackupIsRestored(t *testing.T) {
	onEveryPair(t, func(t *testing.T, from, to string) {
		want := filled(t, from)
		file := backup(t, from)
		checked, err := store.CheckBackup(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		restored, err := store.Restore(t.Context(), to, bytes.NewReader(file), tester)
		if err != nil || restored.Dump != checked || restored.Tampered != nil || restored.Rows < 50 {
			t.Fatalf("%+v, %v; checked %+v", restored, err, checked)
		}
		isRestored(t, to, want, restored.Head)
		if linesOf(t, file) == linesOf(t, backup(t, to)) {
			t.Error("the restore is not in the trail")
		}
		_, err = store.Restore(t.Context(), to, bytes.NewReader(file), tester)
		tells(t, err, engine.ErrConflict, "batches")
	})
}

func TestAStoreIsMigrated(t *testing.T) {
	onEveryPair(t, func(t *testing.T, from, to string) {
		want := filled(t, from)
		restored, err := store.MigrateStore(t.Context(), from, to, tester)
		if err != nil {
			t.Fatal(err)
		}
		isRestored(t, to, want, restored.Head)
		_, err = store.MigrateStore(t.Context(), from, to, tester)
		tells(t, err, engine.ErrConflict, "batches")
	})
}

// linesOf unpacks a backup.
func linesOf(t *testing.T, file []byte) string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	if _, err := zip.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesThatAreNoWholeBackup(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			source, to := kind.fresh(t), kind.fresh(t)
			want := filled(t, source)
			file := backup(t, source)
			text := linesOf(t, file)
			flipped := bytes.Clone(file)
			flipped[len(flipped)/2] ^= 4
			lines := strings.SplitAfter(text, "\n")
			for name, bad := range map[string]struct {
				file  []byte
				words string
			}{
				"empty":             {nil, "kaoping backup"},
				"a letter":          {[]byte("Dear Sir, this is no backup at all"), "kaoping backup"},
				"another gzip file": {zipped(t, "{}\n"), "kaoping backup"},
				"half":              {file[:len(file)/2], ""},
				"all but a byte":    {file[:len(file)-1], ""},
				"a bit":             {flipped, ""},
				"more behind":       {append(bytes.Clone(file), 'x'), ""},
				"a value":           {zipped(t, strings.Replace(text, "电销中心", "电销中气", 1)), ""},
				"a row less":        {zipped(t, strings.Join(append(lines[:5:5], lines[6:]...), "")), ""},
				"no end":            {zipped(t, strings.Join(lines[:len(lines)-2], "")), ""},
				"a line cut":        {zipped(t, text[:len(text)/2]), ""},
				"a newer program":   {zipped(t, strings.Replace(text, `"schema":`, `"schema":9`, 1)), "9"},
				"a newer form":      {zipped(t, strings.Replace(text, `"kaoping_backup":1`, `"kaoping_backup":2`, 1)), "2"},
				"another table":     {zipped(t, strings.Replace(text, `"table":"batches"`, `"table":"sqlite_master"`, 1)), ""},
				"a forged column":   {zipped(t, strings.Replace(text, `"columns":["batch",`, `"columns":["batch) select 1 --",`, 1)), ""},
			} {
				_, err := store.Restore(t.Context(), to, bytes.NewReader(bad.file), tester)
				if !errors.Is(err, store.ErrBackup) {
					t.Errorf("%s: %v", name, err)
					continue
				}
				tells(t, err, store.ErrBackup, bad.words)
				if _, err := store.CheckBackup(bytes.NewReader(bad.file)); !errors.Is(err, store.ErrBackup) && !strings.Contains(name, "newer program") && !strings.Contains(name, "table") && !strings.Contains(name, "forged") {
					t.Errorf("check %s: %v", name, err)
				}
			}
			// A file that cannot be read is no damaged backup.
			broken := errors.New("the disk is gone")
			_, err := store.Restore(t.Context(), to, io.MultiReader(bytes.NewReader(file[:len(file)/2]), iotest.ErrReader(broken)), tester)
			if !errors.Is(err, broken) || errors.Is(err, store.ErrBackup) {
				t.Errorf("%v", err)
			}
			// After all of these the target is still empty.
			restored, err := store.Restore(t.Context(), to, bytes.NewReader(file), tester)
			if err != nil {
				t.Fatal(err)
			}
			isRestored(t, to, want, restored.Head)
		})
	}
}

func TestNothingToBackUp(t *testing.T) {
	for _, kind := range kinds {
		url := kind.fresh(t)
		_, err := store.Backup(t.Context(), url, io.Discard)
		if !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%s: %v", kind.name, err)
		}
		if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
			if _, err := os.Stat(file); err == nil {
				t.Error("backing up made a file")
			}
		}
	}
}

// A backup shows one moment, however much is written meanwhile.
func TestABackupWhileOthersWrite(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			from, to := kind.fresh(t), kinds[0].fresh(t)
			db := storetest.Open(t, from)
			mustLoad(t, db, complaints("a", 3000))
			stop, done := make(chan bool), make(chan error)
			go func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						done <- nil
						return
					default:
					}
					if _, err := db.CreateBatch(t.Context(), complaints(fmt.Sprint("b", i), 100), tester); err != nil {
						done <- err
						return
					}
				}
			}()
			for range 3 {
				if err := os.RemoveAll(strings.TrimPrefix(to, "sqlite:")); err != nil {
					t.Fatal(err)
				}
				to = kinds[0].fresh(t)
				if _, err := store.Restore(t.Context(), to, bytes.NewReader(backup(t, from)), tester); err != nil {
					t.Fatal(err)
				}
				copied := storetest.Open(t, to)
				batches, err := copied.Batches(t.Context(), "")
				if n := countRecords(t, copied); err != nil || n != 3000+100*(len(batches)-1) {
					t.Errorf("%d records in %d batches, %v", n, len(batches), err)
				}
			}
			close(stop)
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// Whatever tables there are, backups hold them or leave them out on purpose.
func TestBackupsKnowEveryTable(t *testing.T) {
	queries := map[string]string{
		"SQLite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'",
		"PostgreSQL": `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND c.relname NOT LIKE 'goose_%'`,
	}
	for _, kind := range kinds {
		url := kind.fresh(t)
		storetest.Open(t, url)
		driver, dsn := "postgres", url
		if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
			driver, dsn = "sqlite", file
		}
		raw, err := sql.Open(driver, dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		rows, err := raw.Query(queries[kind.name])
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, name := range store.StoredTables() {
			known[name] = true
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			if !known[name] {
				t.Errorf("%s: neither kept nor left out: %s", kind.name, name)
			}
			delete(known, name)
		}
		if err := rows.Err(); err != nil || len(known) > 0 {
			t.Errorf("%s: %v are no tables, %v", kind.name, known, err)
		}
	}
}
