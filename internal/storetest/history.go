package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kaoping/engine"
	"kaoping/store"
)

// modelBatch is a load as the model keeps it: everything the file said.
type modelBatch struct {
	id     string
	values map[string]string // "PA01 x 2025" -> "1", "T-1" -> "2025-03-01"
	live   bool
}

// modelLines is what should be live: of each key the value of the last live
// load. Only the records of 2025 are asked for.
func modelLines(batches []modelBatch) []string {
	live := map[string]string{}
	for _, b := range batches {
		if b.live {
			maps.Copy(live, b.values)
		}
	}
	var out []string
	for key, value := range live {
		switch {
		case !strings.HasPrefix(key, "T-"):
			out = append(out, key+" = "+value)
		case strings.HasPrefix(value, "2025"):
			out = append(out, "record 投诉|PA01|"+key+"|"+value+"|0|")
		}
	}
	slices.Sort(out)
	return out
}

// moment is what was live at an instant.
type moment struct {
	at       time.Time
	snapshot string
	lines    []string
}

// againstModel loads and undoes at random, in small sets of keys and values so
// that files overlap, and then asks again for every moment there was.
func againstModel(t *testing.T, url string) {
	db := Open(t, url)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		pack := fmt.Sprintf("办法%d", round)
		var batches []modelBatch
		var moments []moment
		for step := range rapid.IntRange(1, 8).Draw(rt, "steps") {
			if undoable := liveOnes(batches); len(undoable) > 0 && rapid.IntRange(0, 2).Draw(rt, "undo") == 0 {
				i := rapid.SampledFrom(undoable).Draw(rt, "which")
				undo(t, db, batches[i].id)
				batches[i].live = false
			} else {
				file := fmt.Sprintf("%d-%d.csv", round, step)
				batches = append(batches, loadRandom(t, rt, db, pack, file))
			}
			f := facts(t, db, in2025(pack, time.Time{}))
			moments = append(moments, moment{time.Now(), f.Snapshot, modelLines(batches)})
		}
		for i, m := range moments {
			f := facts(t, db, in2025(pack, m.at))
			of, err := db.FactsOf(t.Context(), m.snapshot, in2025(pack, time.Time{}))
			if err != nil {
				t.Fatal(err)
			}
			if f.Snapshot != m.snapshot || !slices.Equal(lines(f, false), m.lines) || !slices.Equal(lines(of, true), lines(f, true)) {
				rt.Fatalf("moment %d: got %v (%s), want %v (%s)", i, lines(f, false), f.Snapshot, m.lines, m.snapshot)
			}
		}
	})
}

func in2025(pack string, at time.Time) store.Query {
	return store.Query{Pack: pack, AsOf: at, First: date("2025-01-01"), Last: date("2025-12-31")}
}

func liveOnes(batches []modelBatch) []int {
	var out []int
	for i, b := range batches {
		if b.live {
			out = append(out, i)
		}
	}
	return out
}

// loadRandom loads a few figures and records; later files correct the figures
// and move the records from year to year.
func loadRandom(t *testing.T, rt *rapid.T, db *store.DB, pack, file string) modelBatch {
	m := modelBatch{values: map[string]string{}, live: true}
	b := batch(file, nil)
	b.Pack = pack
	keys := rapid.Permutation([]string{"PA01 x 2025", "PA02 x 2025", "PA03 x 2024", "T-1", "T-2", "T-3"}).Draw(rt, "keys")
	for i, key := range keys[:rapid.IntRange(0, len(keys)).Draw(rt, "facts")] {
		if strings.HasPrefix(key, "T-") {
			m.values[key] = rapid.SampledFrom([]string{"2024-12-31", "2025-01-01"}).Draw(rt, "day")
			r := complaint(key, m.values[key])
			r.Origin.Row = i + 2
			b.Records = append(b.Records, r)
			continue
		}
		m.values[key] = rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "value")
		f := figures(file, key+" = "+m.values[key]).Figures[0]
		f.Origin.Row = i + 2
		b.Figures = append(b.Figures, f)
	}
	m.id = load(t, db, b).ID
	return m
}

func snapshots(t *testing.T, url string) {
	db := Open(t, url)
	a := load(t, db, everything())
	before := facts(t, db, store.Query{})
	b := load(t, db, figures("b.csv", "PA01 保费收入 2025H1 = 7"))
	between := facts(t, db, store.Query{})
	undo(t, db, a.ID)
	undo(t, db, b.ID)
	if after := facts(t, db, store.Query{}); after.Snapshot == before.Snapshot || len(lines(after, false)) != 0 {
		t.Errorf("after the undos: %s %v", after.Snapshot, lines(after, false))
	}
	for _, want := range []*engine.Facts{before, between} {
		got, err := Open(t, url).FactsOf(t.Context(), want.Snapshot, store.Query{Pack: "甲办法"})
		if err != nil {
			t.Fatal(err)
		}
		same(t, lines(got, true), lines(want, true))
	}
	if _, err := db.FactsOf(t.Context(), "S-000000000000", store.Query{Pack: "甲办法"}); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("unknown snapshot: %v", err)
	}
}

func asOf(t *testing.T, url string) {
	db := Open(t, url)
	start := time.Now()
	a := load(t, db, figures("a.csv", "PA01 x 2025 = 1"))
	loaded := time.Now()
	load(t, db, figures("b.csv", "PA01 x 2025 = 2"))
	corrected := time.Now()
	undo(t, db, "B-000002")
	undo(t, db, a.ID)
	for _, test := range []struct {
		at   time.Time
		want []string
	}{
		{start, nil}, {loaded, []string{"PA01 x 2025 = 1"}}, {corrected, []string{"PA01 x 2025 = 2"}},
		{time.Time{}, nil}, {time.Now().AddDate(1, 0, 0), nil},
	} {
		f := facts(t, db, store.Query{AsOf: test.at})
		same(t, lines(f, false), test.want)
		at, err := time.Parse(time.RFC3339Nano, f.AsOf)
		if err != nil || at.After(time.Now()) {
			t.Errorf("as of %q, %v", f.AsOf, err)
		}
	}
}

func badUndo(t *testing.T, url string) {
	db := Open(t, url)
	info := load(t, db, figures("a.csv", "PA01 x 2025 = 1"))
	undo(t, db, info.ID)
	for id, want := range map[string]error{info.ID: engine.ErrConflict, "B-000009": engine.ErrNotFound, "R-000001": engine.ErrNotFound, "'": engine.ErrNotFound} {
		if err := db.UndoBatch(t.Context(), id, liu, ""); !errors.Is(err, want) {
			t.Errorf("undo %s: %v", id, err)
		}
	}
}
