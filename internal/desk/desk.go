package desk

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/store"
)

// Desk opens what a workspace holds. It may be used by several goroutines.
type Desk struct {
	DB       *store.DB
	Packs    fs.FS          // the rule packs
	Location *time.Location // of time stamps
	Version  string         // of the program

	rulesMu sync.Mutex
	seen    string // what the rule files were like when they were read
	looked  time.Time
	shelf   *Shelf

	runsMu  sync.Mutex
	opened  map[string]*Run           // by id of the run
	order   []string                  // ids of opened, the latest used last
	results map[string]*engine.Result // by id of the run

	underWay map[string]*opening // runs being opened, by id
}

// Shelf is the rule packs as they were read at one time.
type Shelf struct {
	Library     *rules.Library
	Diagnostics []rules.Diagnostic
	ReadAt      time.Time

	testOnce sync.Once
	tests    *rules.TestReport
}

// Tests runs the tests of all packs, with what they reach. They run once for each
// state of the rule files.
func (s *Shelf) Tests() *rules.TestReport {
	s.testOnce.Do(func() { s.tests = rules.Test(s.Library, rules.TestOptions{Cover: true}) })
	return s.tests
}

// lookAgain is how long a look at the dates of the rule files is good for.
const lookAgain = time.Second

// Rules returns the packs of the workspace. The files are read again after one of
// them changed.
func (d *Desk) Rules() *Shelf {
	d.rulesMu.Lock()
	defer d.rulesMu.Unlock()
	if d.shelf != nil && time.Since(d.looked) < lookAgain {
		return d.shelf
	}
	seen := datesOf(d.Packs)
	if d.shelf == nil || seen != d.seen {
		library, diagnostics := rules.Load(d.Packs, rules.Options{})
		d.shelf, d.seen = &Shelf{Library: library, Diagnostics: diagnostics, ReadAt: time.Now()}, seen
	}
	d.looked = time.Now()
	return d.shelf
}

// datesOf tells one state of a folder from another.
func datesOf(folder fs.FS) string {
	var b strings.Builder
	fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}

// Newest returns the latest edition of a pack, nil if there is none without
// mistakes.
func (s *Shelf) Newest(name string) *engine.Pack {
	var newest *engine.Pack
	for _, p := range s.Library.Packs() {
		if p.Name == name && (newest == nil || p.Edition.Compare(newest.Edition) > 0) {
			newest = p
		}
	}
	return newest
}

// Edition returns one edition of a pack by its first day, nil if there is none
// without mistakes.
func (s *Shelf) Edition(name, edition string) *engine.Pack {
	for _, p := range s.Library.Packs() {
		if p.Name == name && p.Edition.String() == edition {
			return p
		}
	}
	return nil
}

// Latest keeps the newest revision of each pack and period, the latest period
// first.
func Latest(runs []store.Run) []store.Run {
	type key struct {
		pack   string
		period engine.Period
	}
	newest := map[key]store.Run{}
	for _, run := range runs {
		k := key{run.Pack, run.Period}
		if old, ok := newest[k]; !ok || run.Revision > old.Revision {
			newest[k] = run
		}
	}
	out := make([]store.Run, 0, len(newest))
	for _, run := range newest {
		out = append(out, run)
	}
	slices.SortFunc(out, func(a, b store.Run) int {
		if c := strings.Compare(a.Pack, b.Pack); c != 0 {
			return c
		}
		if c := b.Period.Last.Compare(a.Period.Last); c != 0 {
			return c
		}
		return a.Period.First.Compare(b.Period.First)
	})
	return out
}

// FindRun finds a stored run: the one with the id, or the newest of the period if
// the id is empty. It fails with engine.ErrNotFound.
func (d *Desk) FindRun(ctx context.Context, pack string, period engine.Period, id string) (store.Run, error) {
	runs, err := d.DB.Runs(ctx, pack, period)
	if err != nil {
		return store.Run{}, err
	}
	for _, run := range slices.Backward(runs) {
		if id == "" || run.ID == id {
			return run, nil
		}
	}
	return store.Run{}, fmt.Errorf("run %s of %s %s: %w", id, pack, period, engine.ErrNotFound)
}
