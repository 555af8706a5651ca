package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// testdata/released holds a backup of a store that each earlier form of the tables
// was made with, by the program of that time: a roster, figures, cases, judgements,
// a correction that was undone, three revisions of a run, and accounts from 5 on.
// After a new migration add one: let the program make a small store, undo
// something, run, and kaoping backup store/testdata/released/schema-N.backup.

// dumped is a backup taken apart.
type dumped struct {
	schema int
	tables map[string][]map[string]any // rows by table
}

func takeApart(t *testing.T, file []byte) dumped {
	t.Helper()
	d := dumped{tables: map[string][]map[string]any{}}
	var table string
	var columns []string
	for _, line := range strings.Split(strings.TrimSpace(linesOf(t, file)), "\n") {
		var heading struct {
			Schema  int
			Table   string
			Columns []string
		}
		if line[0] == '{' {
			if err := json.Unmarshal([]byte(line), &heading); err != nil {
				t.Fatal(err)
			}
			d.schema += heading.Schema
			table, columns = heading.Table, heading.Columns
			continue
		}
		var values []any
		if err := json.Unmarshal([]byte(line), &values); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, c := range columns {
			row[c] = values[i]
		}
		d.tables[table] = append(d.tables[table], row)
	}
	return d
}

func TestStoresOfEveryRelease(t *testing.T) {
	files, err := filepath.Glob("testdata/released/*.backup")
	if err != nil || len(files) < 7 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		for _, kind := range kinds {
			t.Run(filepath.Base(name)+" on "+kind.name, func(t *testing.T) {
				file, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				url := kind.fresh(t)
				store.RestoreAsItWas(t, url, bytes.NewReader(file))
				before := takeApart(t, file)
				if asItWas := takeApart(t, backup(t, url)); asItWas.schema != before.schema {
					t.Fatalf("a backup of the old store has the tables %d, not %d", asItWas.schema, before.schema)
				}
				keepsEverything(t, url, before)

				// The same by way of a restore.
				restored := kind.fresh(t)
				if _, err := store.Restore(t.Context(), restored, bytes.NewReader(file), tester); err != nil {
					t.Fatal(err)
				}
				keepsEverything(t, restored, before)
			})
		}
	}
}

// keepsEverything opens a store of an older program, which updates it, and looks
// for every row and every hash.
func keepsEverything(t *testing.T, url string, before dumped) {
	t.Helper()
	db := storetest.Open(t, url)
	after := takeApart(t, backup(t, url))
	for table, rows := range before.tables {
		now := after.tables[table]
		for i, row := range rows {
			if table == "counters" && row["name"] == "audit" {
				continue // the restore is an entry of its own
			}
			if !slices.ContainsFunc(now, func(r map[string]any) bool { return holds(r, row) }) {
				t.Errorf("%s: row %d is not as it was: %v", table, i, row)
			}
		}
		if more := len(now) - len(rows); more < 0 || more > 0 && !slices.Contains([]string{"counters", "audit", "audit_chain"}, table) {
			t.Errorf("%s: %d rows became %d", table, len(rows), len(now))
		}
	}
	if head, wrong, err := db.VerifyAudit(t.Context(), store.ChainHead{}); err != nil || wrong != nil || int(head.Number) < len(before.tables["audit"]) {
		t.Errorf("chain of %d entries: %+v %v %v", len(before.tables["audit"]), head, wrong, err)
	}
	runs, err := db.Runs(t.Context(), "", engine.Period{})
	if err != nil || len(runs) != 3 || runs[0].Digest == runs[1].Digest {
		t.Fatalf("%+v %v", runs, err)
	}
	for _, r := range runs {
		// Opening computes the run again, with its rules and its snapshot.
		s, err := assess.Open(context.Background(), db, r.Pack, r.Period, r.Revision)
		if err != nil {
			t.Errorf("run %s: %v", r.ID, err)
			continue
		}
		if got := s.Evaluation.Result().Digest(); got != r.Digest {
			t.Errorf("run %s: digest %s, stored %s", r.ID, got, r.Digest)
		}
	}
	mustLoad(t, db, complaints("later", 10))
}

// holds reports whether a row says all that another one says.
func holds(row, old map[string]any) bool {
	for c, v := range old {
		now, there := row[c]
		if !there || fmt.Sprint(now) != fmt.Sprint(v) {
			return false
		}
	}
	return true
}

// A migration that stores have been through is never edited: a store made anew
// would differ from one that was updated. New files are added to the list.
func TestReleasedMigrationsAreNotEdited(t *testing.T) {
	list, err := os.ReadFile("testdata/released/migrations.sha256")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
		want, name, _ := strings.Cut(line, "  ")
		data, err := store.Migrations.ReadFile("migrations/" + name)
		if err != nil {
			t.Error(err)
			continue
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s was edited; write a new migration instead", name)
		}
	}
}
