package schedule

import (
	"context"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// Backfill is a request to do a kind of job for every period of a pack between
// two, the earliest first, since later periods rest on earlier ones.
type Backfill struct {
	Kind     string
	Pack     *engine.Pack
	From, To engine.Period
	AsOf     time.Time // facts count up to then; zero means now
	Restart  bool      // begin again although one was broken off
	By       store.Actor
}

// name is the job under which a backfill stands in the store. No job of the
// configuration has a name that begins with a space.
func (b *Backfill) name() string {
	return " backfill " + b.Kind + " " + b.Pack.Name + " " + b.From.String() + " " + b.To.String()
}

// Periods lists what is to be done: every period that the pack assesses and that
// ends between the last days of the two.
func (b *Backfill) Periods() []engine.Period {
	every := &Job{}
	return every.ended(b.Pack, b.From.Last, b.To.Last)
}

// Step is told of every period when it has ended; n counts from 1.
type Step func(run store.JobRun, n, of int)

// Backfill does the work period by period and returns how each ended. If the same
// request was broken off before, it goes on where that one stopped, with the facts
// up to the same instant; what had been done is told again and not done again. A
// period that fails does not keep the others from being done. The same request in
// another process is an engine.ErrConflict.
func (s *Scheduler) Backfill(ctx context.Context, b Backfill, step Step) ([]store.JobRun, error) {
	now, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.DB.KnowJobs(ctx, []string{b.name()}, now); err != nil {
		return nil, err
	}
	var runs []store.JobRun
	err = s.hold(ctx, b.name(), b.By, func(working context.Context, lease store.Lease) error {
		round, asOf, err := s.roundOf(ctx, b, now)
		if err != nil {
			return err
		}
		periods := b.Periods()
		for i, p := range periods {
			run, err := s.fill(ctx, working, lease, b, Item{Key: round + " " + p.String(), Slot: now, Period: p, AsOf: asOf})
			if err != nil {
				return err
			}
			runs = append(runs, run)
			step(run, i+1, len(periods))
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
		return nil
	})
	return runs, err
}

// fill does one period, unless this round has done it.
func (s *Scheduler) fill(ctx, working context.Context, lease store.Lease, b Backfill, item Item) (store.JobRun, error) {
	run, there, err := s.DB.JobRun(ctx, b.name(), item.Key)
	if err != nil || there && run.State == store.JobDone {
		return run, err
	}
	return s.do(ctx, working, lease, &Job{Config: Config{Job: b.name(), Kind: b.Kind, Pack: b.Pack.Name}}, item, b.By)
}

// roundOf finds the round that was broken off, or names a new one. A round is
// named by when it began.
func (s *Scheduler) roundOf(ctx context.Context, b Backfill, now time.Time) (string, time.Time, error) {
	runs, err := s.DB.JobRuns(ctx, b.name(), 0)
	if err != nil {
		return "", time.Time{}, err
	}
	fresh, asOf := "round "+now.UTC().Format("2006-01-02T15:04:05.000000Z"), b.AsOf
	if asOf.IsZero() {
		if asOf, err = s.DB.AsOfNow(ctx); err != nil {
			return "", asOf, err
		}
	}
	if len(runs) == 0 || b.Restart {
		return fresh, asOf, nil
	}
	last := newestOf(runs)
	round := strings.TrimSuffix(last.Item, " "+last.Period.String())
	done := 0
	for _, r := range runs {
		if strings.HasPrefix(r.Item, round+" ") && r.State == store.JobDone {
			done++
		}
	}
	if done == len(b.Periods()) || !b.AsOf.IsZero() && !b.AsOf.Truncate(time.Microsecond).Equal(last.AsOf) {
		return fresh, asOf, nil
	}
	return round, last.AsOf, nil
}

// newestOf is the run that was begun first last: the numbers follow the order.
func newestOf(runs []store.JobRun) store.JobRun {
	newest := runs[0]
	for _, r := range runs {
		if r.Number > newest.Number {
			newest = r
		}
	}
	return newest
}
