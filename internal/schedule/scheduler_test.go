package schedule

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/calendar"
	"kaoping/engine/exact"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// bench is a store, a clock that the test sets, and jobs.
type bench struct {
	url  string
	mu   sync.Mutex
	time time.Time
	jobs []*Job
}

// onBoth runs a test on SQLite and on PostgreSQL. The jobs have been known since
// the given time.
func onBoth(t *testing.T, since, entries string, test func(t *testing.T, b *bench)) {
	var list []Config
	if err := yaml.Unmarshal([]byte(entries), &list); err != nil {
		t.Fatal(err)
	}
	jobs, problems := Compile(list)
	if problems != nil {
		t.Fatal(problems)
	}
	run := func(t *testing.T, url string) {
		b := &bench{url: url, time: at(t, since), jobs: jobs}
		s := b.process(t, nil)
		if _, err := s.know(t.Context(), b.time); err != nil {
			t.Fatal(err)
		}
		test(t, b)
	}
	t.Run("SQLite", func(t *testing.T) { run(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db")) })
	t.Run("PostgreSQL", func(t *testing.T) { run(t, pgtest.URL(t)) })
}

func (b *bench) set(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.time = now
}

func (b *bench) now(context.Context) (time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.time, nil
}

// process is a scheduler with a store of its own, as another process has.
func (b *bench) process(t *testing.T, work Worker) *Scheduler {
	t.Helper()
	s := &Scheduler{
		DB: storetest.Open(t, b.url), Jobs: b.jobs, Now: b.now, Log: slog.New(slog.DiscardHandler),
		By: store.Actor{Name: "kaoping", Via: "schedule"}, Workers: map[string]Worker{},
		Pack: func(string) *engine.Pack { return shanghai },
	}
	for _, kind := range kinds {
		s.Workers[kind] = work
	}
	return s
}

func catchUp(t *testing.T, s *Scheduler, want int) []store.JobRun {
	t.Helper()
	runs, err := s.CatchUp(t.Context())
	if err != nil || len(runs) != want {
		t.Fatalf("%d done, want %d: %+v, %v", len(runs), want, runs, err)
	}
	return runs
}

func done(context.Context, Task) (engine.Text, error) { return engine.Text{ZH: "好", EN: "good"}, nil }

const daily = `- {job: 载入, kind: ingest, source: s, cron: 0 8 * * *}`

func TestWhatWasMissedIsMadeUpForOnce(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		s := b.process(t, done)
		catchUp(t, s, 0)
		b.set(at(t, "2025-07-02 08:00 +0800"))
		if r := catchUp(t, s, 1)[0]; r.Late || r.Missed != 0 || r.State != store.JobDone || r.Result.EN != "good" {
			t.Errorf("on time: %+v", r)
		}
		b.set(at(t, "2025-07-06 12:00 +0800"))
		if r := catchUp(t, b.process(t, done), 1)[0]; !r.Late || r.Missed != 3 || !r.Slot.Equal(at(t, "2025-07-06 08:00 +0800")) {
			t.Errorf("after four days: %+v", r)
		}
		catchUp(t, s, 0)

		// The clock is set back by two days and catches up again: nothing is done twice.
		b.set(at(t, "2025-07-04 12:00 +0800"))
		if runs, err := s.CatchUp(t.Context()); err != nil || len(runs) != 1 || !runs[0].Slot.Equal(at(t, "2025-07-04 08:00 +0800")) {
			t.Errorf("%+v, %v", runs, err)
		}
		b.set(at(t, "2025-07-06 13:00 +0800"))
		catchUp(t, s, 0)
	})
}

func TestEachPeriodIsDoneOnce(t *testing.T) {
	const jobs = `- {job: 考评, kind: run, pack: sh, cron: 0 1 * * *, period: period that ended, cut_off: report due}`
	onBoth(t, "2025-01-20 00:00 +0800", jobs, func(t *testing.T, b *bench) {
		var asOf []string
		s := b.process(t, func(_ context.Context, task Task) (engine.Text, error) {
			asOf = append(asOf, task.Period.String()+" "+task.AsOf.Format("2006-01-02T15:04:05.999999Z"))
			return engine.Text{}, nil
		})
		b.set(at(t, "2025-01-26 00:59 +0800"))
		catchUp(t, s, 0)
		b.set(at(t, "2025-01-26 01:00 +0800"))
		catchUp(t, s, 1)
		b.set(at(t, "2026-06-01 00:00 +0800")) // down for more than a year: two periods
		for _, r := range catchUp(t, s, 2) {
			if !r.Late {
				t.Errorf("%+v", r)
			}
		}
		catchUp(t, b.process(t, done), 0)
		want := "2024 2025-01-25T15:59:59.999999Z 2025H1 2025-07-20T15:59:59.999999Z 2025 2026-01-25T15:59:59.999999Z"
		if got := strings.Join(asOf, " "); got != want {
			t.Errorf("%s", got)
		}
		// By hand the latest period is done again, with the facts up to its cut-off.
		if runs, err := s.RunJob(t.Context(), b.jobs[0], store.Actor{Name: "刘", Via: "cli"}); err != nil || len(runs) != 1 ||
			runs[0].Period.String() != "2025" || !strings.HasPrefix(runs[0].Item, "manual ") || runs[0].By.Name != "刘" {
			t.Errorf("%+v, %v", runs, err)
		}
	})
}

func TestOverlappingRunsAreRefused(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		b.set(at(t, "2025-07-02 08:00 +0800"))
		began, end := make(chan struct{}), make(chan struct{})
		slow := b.process(t, func(context.Context, Task) (engine.Text, error) {
			close(began)
			<-end
			return engine.Text{}, nil
		})
		first := make(chan []store.JobRun)
		go func() {
			runs, err := slow.CatchUp(t.Context())
			if err != nil {
				t.Error(err)
			}
			first <- runs
		}()
		<-began
		other := b.process(t, done)
		catchUp(t, other, 0)
		if _, err := other.RunJob(t.Context(), b.jobs[0], other.By); !errors.Is(err, engine.ErrConflict) {
			t.Errorf("by hand: %v", err)
		}
		states, err := other.Overview(t.Context(), 2)
		if err != nil || states[0].Holder == "" || states[0].Last == nil || states[0].Last.State != store.JobRunning || len(states[0].Next) != 2 {
			t.Errorf("%+v, %v", states, err)
		}
		close(end)
		if runs := <-first; len(runs) != 1 || runs[0].Attempt != 1 {
			t.Errorf("%+v", runs)
		}
		catchUp(t, other, 0)
	})
}

// Two processes; the one that performs the job hangs until its lease is over, the
// other takes over and ends, and then the first one wakes up and wants to store.
func TestAProcessThatWasPausedStoresNothing(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		b.set(at(t, "2025-07-02 08:00 +0800"))
		began, wake := make(chan struct{}), make(chan struct{})
		stored := make(chan error, 1)
		var paused *Scheduler
		paused = b.process(t, func(ctx context.Context, task Task) (engine.Text, error) {
			close(began)
			<-wake
			_, err := paused.DB.CreateBatch(ctx, delivery("late.csv", 1), task.Run.By)
			stored <- err
			return engine.Text{}, err
		})
		ended := make(chan []store.JobRun)
		go func() {
			runs, _ := paused.CatchUp(t.Context())
			ended <- runs
		}()
		<-began
		b.set(b.time.Add(paused.lease()))
		var other *Scheduler
		other = b.process(t, func(ctx context.Context, task Task) (engine.Text, error) {
			_, err := other.DB.CreateBatch(ctx, delivery("in time.csv", 2), task.Run.By)
			return engine.Text{EN: "taken over"}, err
		})
		if r := catchUp(t, other, 1)[0]; r.Attempt != 2 || r.State != store.JobDone {
			t.Errorf("%+v", r)
		}
		close(wake)
		if err := <-stored; !errors.Is(err, store.ErrFenced) {
			t.Errorf("stored: %v", err)
		}
		if runs := <-ended; len(runs) != 0 {
			t.Errorf("%+v", runs)
		}
		batches, err := other.DB.Batches(t.Context(), "")
		if err != nil || len(batches) != 1 || batches[0].File != "in time.csv" {
			t.Errorf("%+v, %v", batches, err)
		}
		if runs, err := other.History(t.Context(), "载入", 0); err != nil || len(runs) != 1 || runs[0].Result.EN != "taken over" {
			t.Errorf("%+v, %v", runs, err)
		}
	})
}

// delivery is a file with one figure.
func delivery(file string, n int64) *engine.Batch {
	sum := sha256.Sum256([]byte(file))
	p, _ := engine.ParsePeriod("2025H1")
	return &engine.Batch{
		Pack: "甲办法", Target: "统计", File: file, Encoding: "UTF-8", Rows: 1, Digest: hex.EncodeToString(sum[:]),
		Figures: []engine.Figure{{Subject: "S1", Statistic: "x", Period: p, Value: exact.Int(n)}},
	}
}

func TestAFailedItemIsTriedAgain(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		b.set(at(t, "2025-07-02 08:00 +0800"))
		var tries atomic.Int32
		s := b.process(t, func(context.Context, Task) (engine.Text, error) {
			switch tries.Add(1) {
			case 1:
				return engine.Text{}, trouble("没有文件", "no file")
			case 2:
				panic("oh")
			}
			return engine.Text{}, errors.New("still none")
		})
		if r := catchUp(t, s, 1)[0]; r.State != store.JobFailed || r.Result.ZH != "没有文件" || !r.NextTry.Equal(b.time.Add(time.Minute)) {
			t.Errorf("%+v", r)
		}
		catchUp(t, s, 0)
		b.set(b.time.Add(time.Minute))
		if r := catchUp(t, s, 1)[0]; r.Attempt != 2 || r.Result.EN != "internal error: oh" {
			t.Errorf("%+v", r)
		}
		for range 2 {
			b.set(b.time.Add(2 * time.Hour))
			catchUp(t, s, 1)
		}
		b.set(b.time.Add(2 * time.Hour))
		catchUp(t, s, 0) // four attempts are enough
		if states, err := s.Overview(t.Context(), 1); err != nil || len(states[0].Open) != 1 || states[0].Last.State != store.JobFailed || !states[0].Last.NextTry.IsZero() {
			t.Errorf("%+v, %v", states, err)
		}
		b.set(at(t, "2025-07-03 08:00 +0800")) // the next slot is another item
		if r := catchUp(t, s, 1)[0]; r.Attempt != 1 {
			t.Errorf("%+v", r)
		}
	})
}

func TestAJobWaitsForThoseBeforeIt(t *testing.T) {
	const jobs = `
- {job: 载入, kind: ingest, source: s, cron: 0 8 * * *}
- {job: 考评, kind: run, pack: sh, cron: 30 8 * * *, period: 2025H1, after: [载入]}
- {job: 报表, kind: report, pack: sh, cron: 40 8 * * *, period: 2025H1, after: [考评]}
`
	onBoth(t, "2025-07-01 09:00 +0800", jobs, func(t *testing.T, b *bench) {
		b.set(at(t, "2025-07-02 12:00 +0800"))
		var mu sync.Mutex
		var order []string
		missing := true
		s := b.process(t, func(_ context.Context, task Task) (engine.Text, error) {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, task.Job.Job)
			if missing {
				return engine.Text{}, errors.New("no file")
			}
			return engine.Text{}, nil
		})
		catchUp(t, s, 1)
		states, err := s.Overview(t.Context(), 1)
		if err != nil || len(states) != 3 || len(states[2].Waits) != 1 || states[2].Waits[0] != "考评" {
			t.Errorf("%+v, %v", states, err)
		}
		missing = false
		b.set(b.time.Add(time.Minute))
		catchUp(t, s, 3)
		if got := strings.Join(order, " "); got != "载入 载入 考评 报表" {
			t.Errorf("%s", got)
		}
	})
}

func TestAStopInTheMiddleGoesOnAfterTheNextStart(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		b.set(at(t, "2025-07-02 08:00 +0800"))
		ctx, stop := context.WithCancel(t.Context())
		s := b.process(t, func(ctx context.Context, _ Task) (engine.Text, error) {
			stop()
			<-ctx.Done()
			return engine.Text{}, ctx.Err()
		})
		if err := s.Serve(ctx); err != nil {
			t.Fatal(err)
		}
		runs, err := s.History(t.Context(), "", 0)
		if err != nil || len(runs) != 1 || runs[0].State != store.JobInterrupted {
			t.Fatalf("%+v, %v", runs, err)
		}
		if r := catchUp(t, b.process(t, done), 1)[0]; r.Attempt != 2 || r.State != store.JobDone {
			t.Errorf("%+v", r)
		}
	})
}

// What is loaded up to the last microsecond of the day of the cut-off counts, what
// comes after it does not; a run that comes weeks late sees the same.
func TestTheSnapshotOfTheCutOff(t *testing.T) {
	const jobs = `- {job: 考评, kind: run, pack: sh, cron: 0 1 * * *, period: half-year that ended, cut_off: [07-20, 01-25]}`
	onBoth(t, "2025-07-01 00:00 +0800", jobs, func(t *testing.T, b *bench) {
		for _, now := range []string{"2025-07-21 01:00 +0800", "2025-08-30 10:00 +0800"} {
			var figures []string
			var snapshot string
			var s *Scheduler
			s = b.process(t, func(ctx context.Context, task Task) (engine.Text, error) {
				facts, err := s.DB.Facts(ctx, store.Query{Pack: "甲办法", AsOf: task.AsOf})
				if err != nil {
					return engine.Text{}, err
				}
				for _, f := range facts.Figures {
					figures = append(figures, f.Value.String())
				}
				snapshot = facts.Snapshot
				return engine.Text{}, nil
			})
			if now == "2025-07-21 01:00 +0800" {
				loadedAt(t, b, s.DB, delivery("in time.csv", 1), "2025-07-20T15:59:59.999999Z")
				loadedAt(t, b, s.DB, delivery("too late.csv", 2), "2025-07-20T16:00:00.000000Z")
				b.set(at(t, now))
				catchUp(t, s, 1)
			} else {
				b.set(at(t, now))
				if _, err := s.RunJob(t.Context(), b.jobs[0], s.By); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Join(figures, " ") != "1" || !strings.HasPrefix(snapshot, "S-") {
				t.Errorf("%s: figures %v, snapshot %s", now, figures, snapshot)
			}
		}
	})
}

// loadedAt loads a file as if it had been at an instant.
func loadedAt(t *testing.T, b *bench, db *store.DB, file *engine.Batch, instant string) {
	t.Helper()
	info, err := db.CreateBatch(t.Context(), file, store.Actor{Name: "刘", Via: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	driver, address := "postgres", b.url
	if path, ok := strings.CutPrefix(b.url, "sqlite:"); ok {
		driver, address = "sqlite", path
	}
	raw, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.ExecContext(t.Context(), "UPDATE batches SET at = $1 WHERE file = $2", instant, info.File); err != nil {
		t.Fatal(err)
	}
}

// The clock is set back after a load: what was loaded counts at once all the same,
// and for a job that begins then.
func TestWhatWasLoadedBeforeTheClockWasSetBackCounts(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		b.set(at(t, "2025-07-02 08:00 +0800"))
		var s *Scheduler
		s = b.process(t, func(ctx context.Context, task Task) (engine.Text, error) {
			facts, err := s.DB.Facts(ctx, store.Query{Pack: "甲办法", AsOf: task.AsOf})
			if err == nil && len(facts.Figures) != 1 {
				t.Errorf("%+v", facts.Figures)
			}
			return engine.Text{}, err
		})
		ahead := time.Now().Add(time.Hour).UTC()
		loadedAt(t, b, s.DB, delivery("ahead.csv", 1), ahead.Format("2006-01-02T15:04:05.000000Z"))
		catchUp(t, s, 1)
		facts, err := s.DB.Facts(t.Context(), store.Query{Pack: "甲办法"})
		if err != nil || len(facts.Figures) != 1 {
			t.Errorf("%+v, %v", facts, err)
		}
	})
}

// A job that failed tells when it is tried again; after the clock was set back by
// years it does not wait for years.
func TestATimeToTryAgainThatIsFarAheadDoesNotCount(t *testing.T) {
	const jobs = `- {job: 考评, kind: run, pack: sh, cron: 0 1 * * *, period: half-year that ended, cut_off: [07-20, 01-25]}`
	onBoth(t, "2025-07-01 09:00 +0800", jobs, func(t *testing.T, b *bench) {
		b.set(at(t, "2027-01-02 08:00 +0800"))
		failing := b.process(t, func(context.Context, Task) (engine.Text, error) { return engine.Text{}, errors.New("no") })
		catchUp(t, failing, 3)
		b.set(at(t, "2025-07-21 01:00 +0800"))
		if r := catchUp(t, b.process(t, done), 1)[0]; r.Period.String() != "2025H1" || r.Attempt != 2 || r.State != store.JobDone {
			t.Errorf("%+v", r)
		}
	})
}

// What comes in a year that the calendar does not know yet is not known; that is no
// trouble until something of that year is due.
func TestAYearThatIsNotAnnouncedYet(t *testing.T) {
	onBoth(t, "2025-12-30 09:00 +0800", `- {job: 载入, kind: ingest, source: s, cron: 0 8 * * *, calendar: cn}`, func(t *testing.T, b *bench) {
		s := b.process(t, done)
		s.Calendar = func(string) (*calendar.Calendar, error) { return october(t), nil }
		b.set(at(t, "2025-12-31 09:00 +0800"))
		catchUp(t, s, 1)
		look := func() Status {
			t.Helper()
			states, err := s.Overview(t.Context(), 2)
			if err != nil {
				t.Fatal(err)
			}
			return states[0]
		}
		if state := look(); !state.Problem.IsZero() || !strings.Contains(state.Unknown.ZH, "2026") || len(state.Next) != 0 {
			t.Errorf("%+v", state)
		}
		b.set(at(t, "2026-01-05 09:00 +0800"))
		if state := look(); !strings.Contains(state.Problem.EN, "no year 2026") {
			t.Errorf("%+v", state)
		}
		catchUp(t, s, 0)
	})
}

// The second half-year does not wait because the first has failed for good, and
// the notice of the failure does not wait either.
func TestAPeriodThatFailedHoldsOnlyItself(t *testing.T) {
	const jobs = `
- {job: 考评, kind: run, pack: sh, cron: 0 1 * * *, period: half-year that ended, cut_off: [07-20, 01-25]}
- {job: 报表, kind: report, pack: sh, cron: 0 2 * * *, period: half-year that ended, cut_off: [07-20, 01-25], after: [考评]}
- {job: 通知, kind: notify, cron: 0 3 * * *, to: [webhook], after: [考评]}
`
	onBoth(t, "2025-07-01 00:00 +0800", jobs, func(t *testing.T, b *bench) {
		var mu sync.Mutex
		did := map[string]int{}
		s := b.process(t, func(_ context.Context, task Task) (engine.Text, error) {
			mu.Lock()
			defer mu.Unlock()
			if task.Job.Kind == Run && task.Period.String() == "2025H1" {
				return engine.Text{}, errors.New("no edition")
			}
			what := task.Job.Job
			if !task.Period.IsZero() {
				what += " " + task.Period.String()
			}
			did[what]++
			return engine.Text{}, nil
		})
		b.set(at(t, "2025-07-21 03:00 +0800"))
		catchUp(t, s, 1) // it is tried again soon: both wait
		for range pauses {
			b.set(b.time.Add(2 * time.Hour))
			if _, err := s.CatchUp(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		b.set(at(t, "2026-01-26 04:00 +0800"))
		if _, err := s.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if did["考评 2025H2"] != 1 || did["报表 2025H2"] != 1 || did["报表 2025H1"] != 0 || did["通知"] != 2 {
			t.Errorf("%v", did)
		}
	})
}
