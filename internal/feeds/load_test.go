package feeds

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/engine/unit"
	"kaoping/internal/storetest"
	"kaoping/store"
)

func testLoader(t *testing.T) *Loader {
	t.Helper()
	yuan, err := unit.Parse("元")
	if err != nil {
		t.Fatal(err)
	}
	pack := &engine.Pack{
		Name:       "p",
		Periods:    []engine.PeriodKind{{ID: "half_year", FirstDay: engine.MonthDay{Month: 1, Day: 1}, LastDay: engine.MonthDay{Month: 6, Day: 30}}},
		Statistics: []engine.Statistic{{ID: "premium", Name: "保费", Unit: yuan}},
		Feeds: []engine.Feed{{ID: "f", Name: "f", Subject: "subject", Law: engine.Law{Line: 1},
			Columns: []engine.FeedColumn{{Heading: "premium", Statistic: "premium", Unit: yuan}}}},
	}
	return &Loader{
		DB: storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db")), Lang: engine.Chinese,
		Pack: func(string, string) (*engine.Pack, error) { return pack, nil }, Now: time.Now,
	}
}

func watched(t *testing.T, dir string) *Source {
	t.Helper()
	return compiled(t, Config{Source: "s", Target: "f", Kind: Folder, Path: dir, Settle: time.Millisecond, Period: "2025H1"})
}

// Two loads of one folder at once: every file counts once and is put away once.
func TestTwoLoadsAtOnceDoubleNothing(t *testing.T) {
	l, dir := testLoader(t), t.TempDir()
	for _, name := range []string{"a.csv", "b.csv"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("subject,premium\n"+name+",1.5\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var together sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for range 2 {
		together.Go(func() {
			done, err := l.Load(t.Context(), watched(t, dir), engine.Period{}, store.Actor{Name: "x"})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			for _, d := range done {
				if !d.Refused() && !d.Batch.Duplicate {
					added += d.Batch.Added
				}
			}
		})
	}
	together.Wait()
	if added != 2 {
		t.Errorf("%d figures were added, want 2", added)
	}
	archived, err := filepath.Glob(filepath.Join(dir, "archive", "*", "*.csv"))
	if err != nil || len(archived) != 2 {
		t.Errorf("archived: %v, %v", archived, err)
	}
}

// After a crash between the commit and the move the file is still there: it gives
// the same batch again and is put away.
func TestLoadGoesOnAfterACrash(t *testing.T) {
	l, dir := testLoader(t), t.TempDir()
	write := func() {
		if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte("subject,premium\nA,1.5\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write()
	first, err := l.Load(t.Context(), watched(t, dir), engine.Period{}, store.Actor{Name: "x"})
	if err != nil || len(first) != 1 || first[0].Refused() {
		t.Fatalf("%+v, %v", first, err)
	}
	write() // as if it had not been moved
	again, err := l.Load(t.Context(), watched(t, dir), engine.Period{}, store.Actor{Name: "x"})
	if err != nil || len(again) != 1 || !again[0].Batch.Duplicate || again[0].MovedTo == "" || again[0].Batch.ID != first[0].Batch.ID {
		t.Errorf("%+v, %v", again, err)
	}
}

func TestRefusedFileHasItsErrorsBeside(t *testing.T) {
	l, dir := testLoader(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.csv"), []byte("subject,premium\nA,x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err := l.Load(t.Context(), watched(t, dir), engine.Period{}, store.Actor{Name: "x"})
	if err != nil || len(done) != 1 || !done[0].Refused() {
		t.Fatalf("%+v, %v", done, err)
	}
	for _, path := range []string{done[0].MovedTo, done[0].ErrorsTo} {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 || filepath.Dir(filepath.Dir(path)) != filepath.Join(dir, "rejected") {
			t.Errorf("%q: %v", path, err)
		}
	}
}
