package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

const leased = 30 * time.Second

var (
	july      = time.Date(2025, 7, 21, 1, 0, 0, 0, time.UTC)
	scheduler = store.Actor{Name: "kaoping", Via: "schedule"}
)

func take(t *testing.T, db *store.DB, job string, now time.Time) store.Lease {
	t.Helper()
	lease, err := db.TakeJob(t.Context(), job, scheduler, now, leased)
	if err != nil {
		t.Fatal(err)
	}
	return lease
}

func know(t *testing.T, db *store.DB, jobs ...string) {
	t.Helper()
	if err := db.KnowJobs(t.Context(), jobs, july); err != nil {
		t.Fatal(err)
	}
}

func beginRun(t *testing.T, db *store.DB, lease store.Lease, item string, now time.Time) store.JobRun {
	t.Helper()
	run, err := db.BeginJobRun(t.Context(), lease, store.JobRun{
		Job: lease.Job, Item: item, Kind: "run", Slot: july, Period: period("2025H1"), AsOf: now, BeganAt: now, By: scheduler, Late: true, Missed: 3,
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func endRun(t *testing.T, db *store.DB, lease store.Lease, run store.JobRun, state string) {
	t.Helper()
	run.State, run.EndedAt, run.Result = state, july.Add(time.Hour), engine.Text{ZH: "好", EN: "good"}
	if err := db.EndJobRun(t.Context(), lease, run); err != nil {
		t.Fatal(err)
	}
}

// oneHolder lets many take one job at once: one gets it.
func oneHolder(t *testing.T, url string) {
	db, other := Open(t, url), Open(t, url)
	know(t, db, "a", "b")
	var mu sync.Mutex
	var won []store.Lease
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			at := db
			if i%2 == 1 {
				at = other
			}
			lease, err := at.TakeJob(t.Context(), "a", scheduler, july, leased)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, lease)
			case !errors.Is(err, engine.ErrConflict):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(won) != 1 {
		t.Fatalf("%d hold the job", len(won))
	}
	take(t, other, "b", july) // another job is free
	if err := db.ReleaseJob(t.Context(), won[0]); err != nil {
		t.Fatal(err)
	}
	if again := take(t, other, "a", july); again.Token != won[0].Token+1 {
		t.Errorf("token %d after %d", again.Token, won[0].Token)
	}
}

// takenOver takes a job from a holder that says nothing any more: it can store
// nothing afterwards, and whoever has the job can.
func takenOver(t *testing.T, url string) {
	db, other := Open(t, url), Open(t, url)
	know(t, db, "a")
	first := take(t, db, "a", july)
	run := beginRun(t, db, first, "2025H1", july)
	if err := db.KeepJob(t.Context(), first, july.Add(20*time.Second), leased); err != nil {
		t.Fatal(err)
	}
	if _, err := other.TakeJob(t.Context(), "a", scheduler, july.Add(40*time.Second), leased); !errors.Is(err, engine.ErrConflict) {
		t.Fatalf("taken while it is kept: %v", err)
	}
	second := take(t, other, "a", july.Add(50*time.Second))
	if left, there, err := other.JobRun(t.Context(), "a", "2025H1"); err != nil || !there || left.State != store.JobInterrupted {
		t.Errorf("left behind: %+v, %v", left, err)
	}
	again := beginRun(t, other, second, "2025H1", july.Add(time.Minute))
	if again.Number != run.Number || again.Attempt != 2 || !again.AsOf.Equal(july) || again.Period != period("2025H1") || !again.Late || again.Missed != 3 {
		t.Errorf("second attempt: %+v", again)
	}

	// The first holder wakes up.
	late := store.Fenced(t.Context(), first)
	if _, err := db.CreateBatch(late, figures("late.csv", "PA01 保费收入 2025H1 = 7"), scheduler); !errors.Is(err, store.ErrFenced) {
		t.Errorf("load: %v", err)
	}
	run.State, run.EndedAt = store.JobDone, july
	for what, err := range map[string]error{
		"keep": db.KeepJob(t.Context(), first, july, leased), "hold": db.HoldsJob(t.Context(), first),
		"end": db.EndJobRun(t.Context(), first, run),
	} {
		if !errors.Is(err, store.ErrFenced) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := db.ReleaseJob(t.Context(), first); err != nil {
		t.Error(err)
	}
	if batches, err := db.Batches(t.Context(), ""); err != nil || len(batches) != 0 {
		t.Errorf("stored after the takeover: %v, %v", batches, err)
	}

	held := store.Fenced(t.Context(), second)
	if _, err := other.CreateBatch(held, figures("late.csv", "PA01 保费收入 2025H1 = 7"), scheduler); err != nil {
		t.Error(err)
	}
	endRun(t, other, second, again, store.JobDone)
	if _, err := other.BeginJobRun(t.Context(), second, again); !errors.Is(err, engine.ErrConflict) {
		t.Errorf("done twice: %v", err)
	}
	if left, err := Open(t, url).Unfinished(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("a refused load is noted as failed: %+v, %v", left, err)
	}
}

// clockSetBack gives a lease, sets the clock back by a day and asks for the job: a
// lease that no present holder can have does not keep others out until tomorrow.
func clockSetBack(t *testing.T, url string) {
	db, other := Open(t, url), Open(t, url)
	know(t, db, "a")
	first := take(t, db, "a", july)
	endRun(t, db, first, beginRun(t, db, first, "2025H1", july), store.JobDone)
	yesterday := july.AddDate(0, 0, -1)
	second := take(t, other, "a", yesterday)
	if _, err := other.BeginJobRun(t.Context(), second, store.JobRun{Job: "a", Item: "2025H1", Slot: july, BeganAt: yesterday}); !errors.Is(err, engine.ErrConflict) {
		t.Errorf("what was done is done again: %v", err)
	}
	if err := db.HoldsJob(t.Context(), first); !errors.Is(err, store.ErrFenced) {
		t.Errorf("%v", err)
	}
	if err := db.KnowJobs(t.Context(), []string{"a"}, yesterday); err != nil {
		t.Fatal(err)
	}
	if jobs, err := db.Jobs(t.Context()); err != nil || !jobs["a"].Since.Equal(yesterday) {
		t.Errorf("a job cannot be known since tomorrow: %+v, %v", jobs, err)
	}
	know(t, db, "a")
	if jobs, err := db.Jobs(t.Context()); err != nil || !jobs["a"].Since.Equal(yesterday) {
		t.Errorf("%+v, %v", jobs, err)
	}
}

// jobHistory writes down what a job did and reads it again.
func jobHistory(t *testing.T, url string) {
	db := Open(t, url)
	know(t, db, "a", "b")
	lease := take(t, db, "a", july)
	run := beginRun(t, db, lease, "2025H1", july)
	endRun(t, db, lease, run, store.JobFailed)
	if jobs, err := db.Jobs(t.Context()); err != nil || jobs["a"].Holder == "" || !jobs["a"].Until.Equal(july.Add(leased)) || jobs["b"].Holder != "" {
		t.Errorf("%+v, %v", jobs, err)
	}
	runs, err := db.JobRuns(t.Context(), "a", 5)
	if err != nil || len(runs) != 1 {
		t.Fatalf("%+v, %v", runs, err)
	}
	want := run
	want.State, want.EndedAt, want.Result = store.JobFailed, july.Add(time.Hour), engine.Text{ZH: "好", EN: "good"}
	if runs[0] != want {
		t.Errorf("got %+v\nwant %+v", runs[0], want)
	}
	for after, n := range map[time.Time]int{july.Add(-time.Second): 1, july: 0} {
		if runs, err := db.NotableJobRuns(t.Context(), after); err != nil || len(runs) != n {
			t.Errorf("notable: %+v, %v", runs, err)
		}
	}
	trail, err := db.Audit(t.Context(), store.AuditQuery{Object: "a"})
	if err != nil || len(trail) != 1 || trail[0].Action != "job" || trail[0].Details["item"] != "2025H1" || trail[0].Actor != scheduler {
		t.Errorf("%+v, %v", trail, err)
	}
	if now, err := db.Now(t.Context()); err != nil || time.Since(now).Abs() > time.Minute || now.Location() != time.UTC {
		t.Errorf("%v, %v", now, err)
	}
}
