package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/internal/assess"
	"kaoping/reports"
	"kaoping/store"
)

// Run is a stored run opened again: its rules, its facts, its result, computed
// once more and found the same.
type Run struct {
	Stored store.Run
	Pack   *engine.Pack
	Result *engine.Result
	Facts  *engine.Facts

	mu         sync.Mutex // an evaluation serves one at a time
	evaluation *engine.Evaluation
}

// keptOpen is how many runs stay open.
const keptOpen = 24

// Open opens a run of a period: the one with the id, or the newest if the id is
// empty. It fails with engine.ErrNotFound if there is none, with an
// engine.ErrConflict if it can no longer be computed to the same result.
func (d *Desk) Open(ctx context.Context, pack string, period engine.Period, id string) (*Run, error) {
	stored, err := d.FindRun(ctx, pack, period, id)
	if err != nil {
		return nil, err
	}
	if run := d.kept(stored.ID); run != nil {
		return run, nil
	}
	return d.openOnce(ctx, stored)
}

// opening is a run on its way to be opened, which others wait for.
type opening struct {
	done chan struct{}
	run  *Run
	err  error
}

// openOnce opens a run; whoever asks for the same meanwhile waits for it instead
// of computing it too.
func (d *Desk) openOnce(ctx context.Context, stored store.Run) (*Run, error) {
	d.runsMu.Lock()
	o := d.underWay[stored.ID]
	first := o == nil
	if first {
		o = &opening{done: make(chan struct{})}
		if d.underWay == nil {
			d.underWay = map[string]*opening{}
		}
		d.underWay[stored.ID] = o
	}
	d.runsMu.Unlock()
	if first {
		go d.finish(context.WithoutCancel(ctx), stored, o) // others wait even if this reader goes away
	}
	select {
	case <-o.done:
		return o.run, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// openTime bounds how long a run may take to open.
const openTime = 2 * time.Minute

// finish opens a run and tells those who wait.
func (d *Desk) finish(ctx context.Context, stored store.Run, o *opening) {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	defer func() {
		if p := recover(); p != nil { // as for a request: it fails, the program goes on
			o.run, o.err = nil, fmt.Errorf("open run %s: panic: %v", stored.ID, p)
		}
		d.runsMu.Lock()
		delete(d.underWay, stored.ID)
		d.runsMu.Unlock()
		close(o.done)
	}()
	if o.run, o.err = d.open(ctx, stored); o.err == nil {
		d.keep(o.run)
	}
}

func (d *Desk) kept(id string) *Run {
	d.runsMu.Lock()
	defer d.runsMu.Unlock()
	run := d.opened[id]
	if run != nil {
		d.order = append(slices.DeleteFunc(d.order, func(s string) bool { return s == id }), id)
	}
	return run
}

func (d *Desk) keep(run *Run) {
	d.runsMu.Lock()
	defer d.runsMu.Unlock()
	if d.opened == nil {
		d.opened = map[string]*Run{}
	}
	id := run.Stored.ID
	d.opened[id] = run
	d.order = append(slices.DeleteFunc(d.order, func(s string) bool { return s == id }), id)
	if len(d.order) > keptOpen {
		delete(d.opened, d.order[0])
		d.order = d.order[1:]
	}
}

func (d *Desk) open(ctx context.Context, stored store.Run) (*Run, error) {
	a, err := assess.Open(ctx, d.DB, stored.Pack, stored.Period, stored.Revision)
	if err != nil {
		return nil, err
	}
	return Opened(a), nil
}

// Opened is an assessment that was opened elsewhere.
func Opened(a *assess.Assessment) *Run {
	return &Run{Stored: a.Run, Pack: a.Pack, Result: a.Result, Facts: a.Facts, evaluation: a.Evaluation}
}

// Explain unfolds a line of a subject's scorecard.
func (r *Run) Explain(subject, item string) (*engine.Explanation, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.evaluation.Explain(subject, item)
}

// Counted returns the records behind a counted figure of a subject.
func (r *Run) Counted(subject, statistic string, period engine.Period) ([]engine.Record, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.evaluation.Counted(subject, statistic, period)
}

// Computed returns what a derived field says of a record of a period.
func (r *Run) Computed(record *engine.Record, field string, period engine.Period) (formula.Value, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.evaluation.Computed(record, field, period)
}

// Card finds the scorecard of a subject by its code, those left out included.
func (r *Run) Card(subject string) (*engine.Scorecard, bool) { return r.Result.Card(subject) }

// Groups lists the peer groups that have scorecards, in the pack's order.
func (r *Run) Groups() []engine.PeerGroup {
	var groups []engine.PeerGroup
	for _, g := range r.Pack.PeerGroups {
		if slices.ContainsFunc(r.Result.Scorecards, func(c engine.Scorecard) bool { return c.PeerGroup == g.ID }) {
			groups = append(groups, g)
		}
	}
	return groups
}

// Result returns the result of a stored run.
func (d *Desk) Result(ctx context.Context, run store.Run) (*engine.Result, error) {
	d.runsMu.Lock()
	known := d.results[run.ID]
	d.runsMu.Unlock()
	if known != nil {
		return known, nil
	}
	_, result, err := d.DB.FindRun(ctx, run.Pack, run.Period, run.Revision)
	if err != nil {
		return nil, err
	}
	d.runsMu.Lock()
	defer d.runsMu.Unlock()
	if d.results == nil || len(d.results) > 4*keptOpen {
		d.results = map[string]*engine.Result{}
	}
	d.results[run.ID] = result
	return result, nil
}

// historyLength is how many earlier periods a trend shows.
const historyLength = 7

// History returns the newest results of earlier periods of the same kind, oldest
// first.
func (d *Desk) History(ctx context.Context, pack string, period engine.Period) ([]*engine.Result, error) {
	runs, err := d.DB.Runs(ctx, pack, engine.Period{})
	if err != nil {
		return nil, err
	}
	newest := map[engine.Period]store.Run{}
	for _, run := range runs {
		newest[run.Period] = run
	}
	var results []*engine.Result
	for p := period.YearAgo(); len(results) < historyLength && p.First.Year > period.First.Year-historyLength-1; p = p.YearAgo() {
		run, ok := newest[p]
		if !ok {
			continue
		}
		result, err := d.Result(ctx, run)
		if err != nil {
			return nil, err
		}
		results = slices.Insert(results, 0, result)
	}
	return results, nil
}

// Previous returns the newest result of 上期, as the pack defines it; nil if there
// is none.
func (d *Desk) Previous(ctx context.Context, r *Run) (*engine.Result, error) {
	stored, err := d.FindRun(ctx, r.Pack.Name, r.Pack.Previous.Of(r.Stored.Period), "")
	if errors.Is(err, engine.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return d.Result(ctx, stored)
}

// Document gathers what a report shows of a run: the commands and the pages write
// the same files.
func (d *Desk) Document(ctx context.Context, r *Run, lang engine.Lang) (*reports.Document, error) {
	history, err := d.History(ctx, r.Pack.Name, r.Stored.Period)
	if err != nil {
		return nil, err
	}
	previous, err := d.Previous(ctx, r)
	if err != nil {
		return nil, err
	}
	outOfDate, err := assess.OutOfDate(ctx, d.DB, r.Result)
	if err != nil {
		return nil, err
	}
	return &reports.Document{
		Pack: r.Pack, Result: r.Result, Previous: previous, History: history, Facts: r.Facts, Explain: r.Explain,
		OutOfDate: outOfDate,
		Run: reports.RunStamp{
			ID: r.Stored.ID, Revision: r.Stored.Revision, By: r.Stored.By,
			MadeAt: d.Clock(r.Stored.MadeAt), AsOf: d.Instant(r.Stored.AsOf),
		},
		Version: d.Version, Lang: lang,
	}, nil
}

// Clock writes a time in the time zone of the workspace.
func (d *Desk) Clock(t time.Time) string { return t.In(d.Location).Format("2006-01-02 15:04:05") }

// Instant writes an RFC 3339 instant in the time zone of the workspace.
func (d *Desk) Instant(s string) string {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return s
	}
	return d.Clock(at)
}
