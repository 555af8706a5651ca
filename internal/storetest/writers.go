package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// atOnce runs f n times at the same moment, each with a store of its own.
func atOnce(t *testing.T, url string, n int, f func(db *store.DB, i int) error) {
	t.Helper()
	var group sync.WaitGroup
	start := make(chan struct{})
	errs := make([]error, n)
	for i := range n {
		db := Open(t, url)
		group.Go(func() {
			<-start
			errs[i] = f(db, i)
		})
	}
	close(start)
	group.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
}

// many is a load of n complaints.
func many(file string, n int) *engine.Batch {
	return batch(file, func(b *engine.Batch) {
		for i := range n {
			r := complaint(fmt.Sprintf("%s-%06d", file, i), "2025-03-01")
			r.Origin.Row = i + 2
			b.Records = append(b.Records, r)
		}
	})
}

func concurrentLoads(t *testing.T, url string) {
	var mutex sync.Mutex
	var ids []string
	atOnce(t, url, 4, func(db *store.DB, i int) error {
		for j := range 3 {
			info, err := db.CreateBatch(t.Context(), many(fmt.Sprintf("%d-%d", i, j), 250), liu)
			if err != nil {
				return err
			}
			mutex.Lock()
			ids = append(ids, info.ID)
			mutex.Unlock()
		}
		return nil
	})
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) != 12 {
		t.Errorf("ids: %v", ids)
	}
	db := Open(t, url)
	if n := len(facts(t, db, store.Query{}).Records); n != 12*250 {
		t.Errorf("%d records", n)
	}
	list, err := db.Batches(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(list, func(a, b store.BatchInfo) int { return a.At.Compare(b.At) }) {
		t.Error("times do not follow the numbers")
	}
}

func sameFileAtOnce(t *testing.T, url string) {
	infos := make([]store.BatchInfo, 4)
	atOnce(t, url, len(infos), func(db *store.DB, i int) (err error) {
		infos[i], err = db.CreateBatch(t.Context(), many("a.csv", 500), liu)
		return err
	})
	fresh := 0
	for _, info := range infos {
		if !info.Duplicate {
			fresh++
		}
		if info.ID != "B-000001" || info.Added != 500 {
			t.Errorf("%+v", info)
		}
	}
	if fresh != 1 {
		t.Errorf("%d of the loads stored something", fresh)
	}
}

func sameAccountAtOnce(t *testing.T, url string) {
	atOnce(t, url, 4, func(db *store.DB, i int) error {
		for j := range 20 {
			err := db.CreateUser(t.Context(), store.User{Name: fmt.Sprint("wang", j), External: fmt.Sprint("login ", j)}, liu)
			if err != nil && !errors.Is(err, engine.ErrConflict) {
				return err
			}
		}
		return nil
	})
	db := Open(t, url)
	if users, err := db.Users(t.Context()); err != nil || len(users) != 20 {
		t.Errorf("%d accounts, %v", len(users), err)
	}
	made, err := db.Audit(t.Context(), store.AuditQuery{Action: "create user"})
	if err != nil || len(made) != 20 {
		t.Errorf("%d entries in the audit trail, %v", len(made), err)
	}
}

func concurrentRuns(t *testing.T, url string) {
	f := facts(t, Open(t, url), store.Query{})
	revisions := make([]int, 4)
	atOnce(t, url, len(revisions), func(db *store.DB, i int) error {
		r, err := db.SaveRun(t.Context(), run(f), result(f.Snapshot, fmt.Sprint(80+i)), packFiles, liu)
		revisions[i] = r.Revision
		return err
	})
	slices.Sort(revisions)
	if !slices.Equal(revisions, []int{1, 2, 3, 4}) {
		t.Errorf("revisions %v", revisions)
	}
}

func cancelledLoad(t *testing.T, url string) {
	db := Open(t, url)
	load(t, db, figures("a.csv", "PA01 x 2025 = 1"))
	before := facts(t, db, store.Query{})
	big := many("big.csv", 50_000)
	for _, after := range []time.Duration{0, 2, 5, 20, 50} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		_, err := db.CreateBatch(ctx, big, liu)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
			t.Errorf("after %d ms: %v", after, err)
		}
		now := facts(t, db, store.Query{})
		same(t, lines(now, true), lines(before, true))
		if now.Snapshot != before.Snapshot {
			t.Errorf("after %d ms the snapshot is another", after)
		}
	}
	if left, err := Open(t, url).Unfinished(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("left over: %+v, %v", left, err)
	}
	if info := load(t, db, big); info.ID != "B-000002" || info.Added != 50_000 {
		t.Errorf("%+v", info)
	}
}

func auditTrail(t *testing.T, url string) {
	db := Open(t, url)
	info := load(t, db, figures("a.csv", "PA01 x 2025 = 1"))
	f := facts(t, db, store.Query{})
	saved := save(t, db, run(f), result(f.Snapshot, "80"))
	undo(t, db, info.ID)
	entries, err := db.Audit(t.Context(), store.AuditQuery{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprintf("%d %s %s %s", e.Number, e.Actor.Name, e.Action, e.Object))
	}
	if want := []string{"3 刘 undo " + info.ID, "2 刘 run " + saved.ID, "1 刘 load " + info.ID}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if d := entries[0].Details; d["reason"] != "重报" || d["file"] != "a.csv" {
		t.Errorf("details %v", d)
	}
	about, err := db.Audit(t.Context(), store.AuditQuery{Object: info.ID, Limit: 1})
	if err != nil || len(about) != 1 || about[0].Action != "undo" {
		t.Errorf("%+v, %v", about, err)
	}
}

func openAtOnce(t *testing.T, url string) {
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			db, err := store.Open(t.Context(), url)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := db.Batches(t.Context(), ""); err != nil {
				t.Error(err)
			}
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
