package schedule

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

func halfYears(t *testing.T, from, to string) Backfill {
	t.Helper()
	first, err := engine.ParsePeriod(from)
	if err != nil {
		t.Fatal(err)
	}
	last, err := engine.ParsePeriod(to)
	if err != nil {
		t.Fatal(err)
	}
	return Backfill{Kind: Run, Pack: shanghai, From: first, To: last, By: store.Actor{Name: "刘", Via: "cli"}}
}

func TestABackfillGoesOnWhereItStopped(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		var order []string
		instants := map[time.Time]bool{}
		var stop context.CancelFunc
		work := func(ctx context.Context, task Task) (engine.Text, error) {
			order = append(order, task.Period.String())
			instants[task.AsOf] = true
			switch {
			case stop != nil && task.Period.String() == "2024H1":
				stop()
				return engine.Text{}, ctx.Err()
			case task.Period.String() == "2023":
				return engine.Text{}, errors.New("no data")
			}
			return engine.Text{}, nil
		}
		var steps []int
		step := func(_ store.JobRun, n, of int) { steps = append(steps, n*10+of) }
		request := halfYears(t, "2023H1", "2025H1")
		ctx, cancel := context.WithCancel(t.Context())
		stop = cancel
		if _, err := b.process(t, work).Backfill(ctx, request, step); !errors.Is(err, context.Canceled) {
			t.Fatalf("%v", err)
		}
		stop = nil
		b.set(b.time.Add(time.Hour))
		runs, err := b.process(t, work).Backfill(t.Context(), request, step)
		if err != nil || len(runs) != 5 {
			t.Fatalf("%+v, %v", runs, err)
		}
		// The year 2023 fails both times; the first half-year is not done again.
		if got := strings.Join(order, " "); got != "2023H1 2023 2024H1 2023 2024H1 2024 2025H1" || len(instants) != 1 {
			t.Errorf("%s as of %v", got, instants)
		}
		if runs[1].State != store.JobFailed || runs[2].Attempt != 2 || runs[4].State != store.JobDone || steps[len(steps)-1] != 55 {
			t.Errorf("%+v %v", runs, steps)
		}

		// What failed is tried again; once all is done the same request is a new round.
		order = nil
		work2 := func(_ context.Context, task Task) (engine.Text, error) {
			order = append(order, task.Period.String())
			return engine.Text{}, nil
		}
		s := b.process(t, work2)
		for range 2 {
			b.set(b.time.Add(time.Hour))
			if _, err := s.Backfill(t.Context(), request, step); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(order, " "); got != "2023 2023H1 2023 2024H1 2024 2025H1" {
			t.Errorf("%s", got)
		}
	})
}

func TestABackfillIsDoneByOneProcess(t *testing.T) {
	onBoth(t, "2025-07-01 09:00 +0800", daily, func(t *testing.T, b *bench) {
		request := halfYears(t, "2024H1", "2024H1")
		nothing := func(store.JobRun, int, int) {}
		var other *Scheduler
		first := b.process(t, func(ctx context.Context, _ Task) (engine.Text, error) {
			if _, err := other.Backfill(ctx, request, nothing); !errors.Is(err, engine.ErrConflict) {
				t.Errorf("at the same time: %v", err)
			}
			return engine.Text{}, nil
		})
		other = b.process(t, done)
		if runs, err := first.Backfill(t.Context(), request, nothing); err != nil || len(runs) != 1 {
			t.Errorf("%+v, %v", runs, err)
		}
	})
}
