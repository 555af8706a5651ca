package schedule

import (
	"context"
	"slices"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// Status is what can be shown of a job.
type Status struct {
	Job     *Job
	Since   time.Time     // first seen; what was planned before is not made up for
	Holder  string        // who performs it now, user@host; empty if nobody does
	Next    []Item        // the next planned items, the earliest first
	Open    []Item        // due and not done
	Waits   []string      // jobs it waits for
	Last    *store.JobRun // latest slot that was begun; nil if there is none
	Problem engine.Text   // why it cannot be told what is due; zero if it can
	Unknown engine.Text   // why Next cannot be told, or not as far as asked; zero if it can
}

// Overview says of every job what comes next, what is due and how the last run
// went. Next has at most n items.
func (s *Scheduler) Overview(ctx context.Context, n int) ([]Status, error) {
	now, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	states, err := s.DB.Jobs(ctx)
	if err != nil {
		return nil, err
	}
	waiting := map[string][]open{}
	var list []Status
	for _, j := range s.Jobs {
		state, known := states[j.Job]
		if !known {
			state.Since = now
		}
		status := Status{Job: j, Since: state.Since}
		if now.Before(state.Until) {
			status.Holder = state.Holder
		}
		if err := s.plan(ctx, &status, now, n, waiting); err != nil {
			return nil, err
		}
		list = append(list, status)
	}
	return list, nil
}

// plan fills in what comes next, what is open and what was last.
func (s *Scheduler) plan(ctx context.Context, status *Status, now time.Time, n int, waiting map[string][]open) error {
	j := status.Job
	runs, err := s.DB.JobRuns(ctx, j.Job, 1)
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		status.Last = &runs[0]
	}
	items, err := s.openItems(ctx, j, status.Since, now)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		status.Problem = textOf(err)
		return nil
	}
	waiting[j.Job] = items
	for _, o := range items {
		status.Open = append(status.Open, o.Item)
		for _, other := range j.After {
			if slices.ContainsFunc(waiting[other], o.waitsFor) && !slices.Contains(status.Waits, other) {
				status.Waits = append(status.Waits, other)
			}
		}
	}
	around, err := s.surroundings(j)
	if err != nil {
		return err
	}
	if status.Next, err = j.coming(now, n, around); err != nil {
		status.Unknown = textOf(missingYear(j, err))
	}
	return nil
}

// History lists what a job did, the latest slot first, at most so many; of all
// jobs for "".
func (s *Scheduler) History(ctx context.Context, job string, limit int) ([]store.JobRun, error) {
	return s.DB.JobRuns(ctx, job, limit)
}

// Coming is a planned item of a job.
type Coming struct {
	Job *Job
	Item
}

// Next lists the next n items of every job in the order of time. Jobs that cannot
// be planned are left out; Overview says why.
func (s *Scheduler) Next(ctx context.Context, n int) ([]Coming, error) {
	states, err := s.Overview(ctx, n)
	if err != nil {
		return nil, err
	}
	var list []Coming
	for _, state := range states {
		for _, item := range state.Next {
			list = append(list, Coming{state.Job, item})
		}
	}
	slices.SortStableFunc(list, func(a, b Coming) int { return a.Slot.Compare(b.Slot) })
	return list, nil
}
