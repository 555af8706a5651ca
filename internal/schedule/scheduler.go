package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"kaoping/engine"
	"kaoping/engine/calendar"
	"kaoping/store"
)

// Task is what a worker is asked to do.
type Task struct {
	Job *Job
	Item
	Run   store.JobRun // the row of this attempt; AsOf is that of the first attempt
	Lease store.Lease  // held while the context lives
}

// Worker does the work of one kind of job and says in a sentence what was done.
// Its context ends when the job is lost to another process; what it writes to the
// store with that context is refused from then on.
type Worker func(ctx context.Context, task Task) (engine.Text, error)

// Scheduler performs jobs on a store that other processes may share. Set the
// fields before the first call; it may then be used by several goroutines.
type Scheduler struct {
	DB      *store.DB
	Jobs    []*Job
	Workers map[string]Worker // by kind
	// Idle is called after each round, for what waits to be sent. It may be nil.
	Idle func(ctx context.Context) error
	// Pack returns the newest edition of a pack, nil if there is none without
	// mistakes.
	Pack func(name string) *engine.Pack
	// Calendar returns a calendar of working days.
	Calendar func(name string) (*calendar.Calendar, error)
	// Now is the time by the clock that all processes share; DB.Now if nil.
	Now   func(context.Context) (time.Time, error)
	Lease time.Duration // how long a job stays with a process that says nothing; 30 s if zero
	Log   *slog.Logger
	By    store.Actor

	mu     sync.Mutex
	busy   map[string]bool // jobs that this process performs
	idling bool
	// complained is what was said last of a job that cannot be planned.
	complained map[string]string
	tasks      sync.WaitGroup
	poke       chan struct{}
}

// defaultLease is how long a paused process keeps its job.
const defaultLease = 30 * time.Second

// atOnce is how many jobs one process performs at a time.
const atOnce = 4

// longestWork is how long a job may take: one that hangs must not keep its next
// times from being served for ever.
const longestWork = 12 * time.Hour

// punctual is how long after its slot a job may begin and not be late: longer
// than it takes to notice, shorter than any outage that matters.
const punctual = 5 * time.Minute

// pauses are the times before a failed item is tried again; after the last there
// is no other attempt.
var pauses = []time.Duration{time.Minute, 10 * time.Minute, time.Hour}

func (s *Scheduler) now(ctx context.Context) (time.Time, error) {
	if s.Now != nil {
		return s.Now(ctx)
	}
	return s.DB.Now(ctx)
}

func (s *Scheduler) lease() time.Duration {
	if s.Lease > 0 {
		return s.Lease
	}
	return defaultLease
}

func (s *Scheduler) surroundings(j *Job) (surroundings, error) {
	var around surroundings
	if j.Pack != "" {
		around.pack = s.Pack(j.Pack)
		if around.pack == nil && (j.CutOff.ReportDue || j.months == 0 && !j.CutOff.IsZero()) {
			return around, trouble("没有规则包 %s,或其有误。", "there is no pack %s without mistakes.", j.Pack)
		}
	}
	if j.Calendar == "" {
		return around, nil
	}
	var err error
	around.days, err = s.Calendar(j.Calendar)
	return around, err
}

// Find returns a job by its name; nil if there is none.
func (s *Scheduler) Find(name string) *Job {
	for _, j := range s.Jobs {
		if j.Job == name {
			return j
		}
	}
	return nil
}

// know notes jobs that are new and returns what the store knows of all.
func (s *Scheduler) know(ctx context.Context, now time.Time) (map[string]store.JobState, error) {
	names := make([]string, len(s.Jobs))
	for i, j := range s.Jobs {
		names[i] = j.Job
	}
	if err := s.DB.KnowJobs(ctx, names, now); err != nil {
		return nil, err
	}
	return s.DB.Jobs(ctx)
}

// open is an item of a job that is due and not done.
type open struct {
	job *Job
	Item
	run store.JobRun // zero if it was never begun
}

// ready reports whether the item may be begun at this instant. An item that is
// running is judged by its lease when the job is taken.
func (o *open) ready(now time.Time) bool {
	switch o.run.State {
	case store.JobFailed:
		// A time further ahead than any pause was set before the clock was set back.
		wait := o.run.NextTry.Sub(now)
		return !o.run.NextTry.IsZero() && (wait <= 0 || wait > pauses[len(pauses)-1])
	case store.JobInterrupted:
		return o.run.Attempt <= len(pauses)
	}
	return true
}

// openItems lists what is due and not done of one job, the earliest first.
func (s *Scheduler) openItems(ctx context.Context, j *Job, since, now time.Time) ([]open, error) {
	around, err := s.surroundings(j)
	if err != nil {
		return nil, err
	}
	due, err := j.dueBetween(since, now, around)
	if err != nil {
		return nil, missingYear(j, err)
	}
	var list []open
	for _, item := range due {
		run, there, err := s.DB.JobRun(ctx, j.Job, item.Key)
		if err != nil {
			return nil, err
		}
		if there && run.State == store.JobDone {
			continue
		}
		if j.CutOff.IsZero() {
			if item.Missed, err = s.missed(ctx, j, since, item.Slot, around); err != nil {
				return nil, err
			}
		}
		list = append(list, open{j, item, run})
	}
	return list, nil
}

// missed counts the slots before this one that nobody served.
func (s *Scheduler) missed(ctx context.Context, j *Job, since, slot time.Time, around surroundings) (int, error) {
	runs, err := s.DB.JobRuns(ctx, j.Job, 20)
	if err != nil {
		return 0, err
	}
	for _, r := range runs {
		if r.State == store.JobDone && r.Item == slotKey(r.Slot) && r.Slot.Before(slot) {
			since = maxTime(since, r.Slot)
		}
	}
	return j.between(since, slot, around.days)
}

// due lists what may be begun now, in the order of the slots and, for the same
// slot, of the entries. Jobs whose plan cannot be read are logged and left out.
func (s *Scheduler) due(ctx context.Context, now time.Time) ([]open, error) {
	states, err := s.know(ctx, now)
	if err != nil {
		return nil, err
	}
	waiting := map[string][]open{}
	var list []open
	for _, j := range s.Jobs {
		items, err := s.openItems(ctx, j, states[j.Job].Since, now)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			s.complain(j, err)
			waiting[j.Job] = []open{{job: j}} // whoever comes after it waits
			continue
		}
		waiting[j.Job] = items
		for _, o := range items {
			if o.ready(now) && !held(o, waiting) {
				list = append(list, o)
				break // one item of a job at a time
			}
		}
	}
	slices.SortStableFunc(list, func(a, b open) int { return a.Slot.Compare(b.Slot) })
	return list, nil
}

// complain logs why a job cannot be planned, once for each reason: the question is
// asked every few seconds.
func (s *Scheduler) complain(j *Job, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.complained == nil {
		s.complained = map[string]string{}
	}
	if s.complained[j.Job] != err.Error() {
		s.complained[j.Job] = err.Error()
		s.Log.Error("job cannot be planned", "job", j.Job, "error", err)
	}
}

// held reports whether an item waits for another job.
func held(o open, waiting map[string][]open) bool {
	for _, other := range o.job.After {
		if slices.ContainsFunc(waiting[other], o.waitsFor) {
			return true
		}
	}
	return false
}

// waitsFor reports whether an item of a job before it must be done first: one of
// the same time or an earlier one, and where the periods of that job are done each
// by itself, one of the same period. Notices do not wait for what has failed for
// good: they tell of it.
func (o *open) waitsFor(w open) bool {
	switch {
	case w.Slot.After(o.Slot):
		return false
	case !w.job.CutOff.IsZero() && !w.Period.IsZero() && !o.Period.IsZero() && w.Period != o.Period:
		return false
	case o.job.Kind == Notify && w.run.State == store.JobFailed && w.run.NextTry.IsZero():
		return false
	}
	return true
}

// CatchUp does what is due and not done, and returns how each item ended; what
// another process is doing is left to it.
func (s *Scheduler) CatchUp(ctx context.Context) ([]store.JobRun, error) {
	var mu sync.Mutex
	var all []store.JobRun
	for {
		did := 0
		err := s.round(ctx, func(run store.JobRun, err error) {
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				all = append(all, run)
				did++
			}
		})
		s.tasks.Wait()
		if err != nil || did == 0 {
			return all, errors.Join(err, s.idle(ctx))
		}
	}
}

func (s *Scheduler) idle(ctx context.Context) error {
	if s.Idle == nil || ctx.Err() != nil {
		return nil
	}
	return s.Idle(ctx)
}

// idleAside calls Idle beside the jobs: what it waits for must not keep them from
// beginning.
func (s *Scheduler) idleAside(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idling || ctx.Err() != nil {
		return
	}
	s.idling = true
	s.tasks.Go(func() {
		if err := s.idle(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("sending what waits", "error", err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.idling = false
	})
}

// round begins what is due and that this process is not doing already.
func (s *Scheduler) round(ctx context.Context, done func(store.JobRun, error)) error {
	now, err := s.now(ctx)
	if err != nil {
		return err
	}
	list, err := s.due(ctx, now)
	if err != nil {
		return err
	}
	for _, o := range list {
		if !s.occupy(o.job.Job) {
			continue
		}
		s.tasks.Go(func() {
			run, err := s.perform(ctx, o.job, o.Item, s.By)
			// A job that another process holds or has done meanwhile is no trouble.
			if err != nil && !errors.Is(err, engine.ErrConflict) && ctx.Err() == nil {
				s.Log.Error("job not performed", "job", o.job.Job, "item", o.Key, "error", err)
			}
			s.vacate(o.job.Job)
			done(run, err)
		})
	}
	return nil
}

// occupy notes that this process performs a job; false if it does already, or does
// enough others.
func (s *Scheduler) occupy(job string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == nil {
		s.busy = map[string]bool{}
	}
	if s.busy[job] || len(s.busy) >= atOnce {
		return false
	}
	s.busy[job] = true
	return true
}

func (s *Scheduler) vacate(job string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, job)
}

// perform takes the job, does one item and gives the job back. The error says why
// it could not be begun or its end not be noted; that the work failed stands in
// the run.
func (s *Scheduler) perform(ctx context.Context, j *Job, item Item, by store.Actor) (run store.JobRun, err error) {
	err = s.hold(ctx, j.Job, by, func(working context.Context, lease store.Lease) error {
		run, err = s.do(ctx, working, lease, j, item, by)
		return err
	})
	return run, err
}

// hold takes a job, keeps it with a heartbeat while it is used, and gives it back.
// The context it hands on ends when the job is lost to another process, and what
// is written with it is refused from then on.
func (s *Scheduler) hold(ctx context.Context, job string, by store.Actor, use func(context.Context, store.Lease) error) error {
	now, err := s.now(ctx)
	if err != nil {
		return err
	}
	lease, err := s.DB.TakeJob(ctx, job, by, now, s.lease())
	if err != nil {
		return err
	}
	bounded, end := context.WithTimeoutCause(store.Fenced(ctx, lease), longestWork, trouble("做了 %s 仍未完成,已停止。", "not done after %s; it was stopped.", longestWork))
	defer end()
	working, lost := context.WithCancelCause(bounded)
	beating, stop := context.WithCancel(ctx)
	var beat sync.WaitGroup
	beat.Go(func() { s.keep(beating, lease, lost) })
	defer func() {
		stop()
		beat.Wait()
		lost(nil)
		late, cancel := lateContext(ctx)
		defer cancel()
		if err := s.DB.ReleaseJob(late, lease); err != nil {
			s.Log.Error("job not given back", "job", job, "error", err)
		}
	}()
	return use(working, lease)
}

// do begins an item, has the work done and notes how it ended.
func (s *Scheduler) do(ctx, working context.Context, lease store.Lease, j *Job, item Item, by store.Actor) (store.JobRun, error) {
	now, err := s.now(ctx)
	if err == nil && item.AsOf.IsZero() {
		// It is fixed now, so that every attempt sees the same.
		item.AsOf, err = s.DB.AsOfNow(ctx)
	}
	if err != nil {
		return store.JobRun{}, err
	}
	run, err := s.DB.BeginJobRun(ctx, lease, store.JobRun{
		Job: j.Job, Item: item.Key, Kind: j.Kind, Slot: item.Slot, Period: item.Period, AsOf: item.AsOf,
		Late: now.Sub(item.Slot) > punctual, Missed: item.Missed, By: by, BeganAt: now,
	})
	if err != nil {
		return run, err
	}
	s.Log.Info("job begins", "job", j.Job, "item", item.Key, "late", run.Late, "attempt", run.Attempt)
	item.AsOf = run.AsOf
	text, failed := s.work(working, Task{Job: j, Item: item, Run: run, Lease: lease})
	if cause := context.Cause(working); cause != nil && ctx.Err() == nil {
		failed = cause
	}
	return s.finish(ctx, run, lease, text, failed)
}

// lateContext is for the last words about work that was cut off.
func lateContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
}

// work calls the worker of the job's kind; a panic is a failure of the item.
func (s *Scheduler) work(ctx context.Context, task Task) (text engine.Text, err error) {
	worker := s.Workers[task.Job.Kind]
	if worker == nil {
		return text, trouble("本程序不会做 %s 类任务。", "this program cannot do jobs of the kind %s.", task.Job.Kind)
	}
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("job panicked", "job", task.Job.Job, "panic", p, "stack", string(debug.Stack()))
			err = trouble("程序内部错误:%v", "internal error: %v", p)
		}
	}()
	return worker(ctx, task)
}

// keep renews the lease until it is told to stop, or ends the work if the job is
// lost. A store that cannot be reached for a moment is asked again.
func (s *Scheduler) keep(ctx context.Context, lease store.Lease, lost context.CancelCauseFunc) {
	tick := time.NewTicker(s.lease() / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := s.now(ctx)
		if err == nil {
			err = s.DB.KeepJob(ctx, lease, now, s.lease())
		}
		switch {
		case errors.Is(err, store.ErrFenced):
			lost(err)
			return
		case err != nil && ctx.Err() == nil:
			s.Log.Warn("lease not renewed", "job", lease.Job, "error", err)
		}
	}
}

// finish notes how the work ended.
func (s *Scheduler) finish(ctx context.Context, run store.JobRun, lease store.Lease, text engine.Text, failed error) (store.JobRun, error) {
	late, cancel := lateContext(ctx)
	defer cancel()
	now, err := s.now(late)
	if err != nil {
		return run, err
	}
	run.EndedAt, run.State, run.Result = now, store.JobDone, text
	switch {
	case failed == nil:
	case ctx.Err() != nil:
		run.State = store.JobInterrupted
		run.Result = engine.Text{ZH: "程序停止,工作中断;下次启动后继续。", EN: "the program was stopped in the middle; it goes on after the next start."}
	default:
		run.State, run.Result = store.JobFailed, textOf(failed)
		if run.Attempt <= len(pauses) {
			run.NextTry = now.Add(pauses[run.Attempt-1])
		}
	}
	if err := s.DB.EndJobRun(late, lease, run); err != nil {
		return run, err
	}
	s.Log.Info("job ended", "job", run.Job, "item", run.Item, "state", run.State, "result", run.Result.EN)
	return run, nil
}

// bilingual is an error that has something to say in both languages.
type bilingual struct{ text engine.Text }

func (b *bilingual) Error() string        { return b.text.EN }
func (b *bilingual) Message() engine.Text { return b.text }

func trouble(zh, en string, args ...any) error {
	return &bilingual{engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}}
}

func textOf(err error) engine.Text {
	var speaker interface{ Message() engine.Text }
	if errors.As(err, &speaker) {
		return speaker.Message()
	}
	return engine.Text{ZH: err.Error(), EN: err.Error()}
}

// missingYear says which year the calendar lacks, and what to do.
func missingYear(j *Job, err error) error {
	var missing *calendar.MissingYear
	if !errors.As(err, &missing) {
		return err
	}
	return trouble("日历 %[1]s 没有 %[2]d 年;在 packs/calendars/%[1]s.yaml 中补上该年后自动补做。",
		"the calendar %[1]s has no year %[2]d; add it to packs/calendars/%[1]s.yaml, and what was missed is made up for.", j.Calendar, missing.Year)
}

// RunJob does what is due of one job, failed items included. If nothing is due,
// it does the job once more for the present time, or for the latest period whose
// cut-off is over. A job that another process performs is an engine.ErrConflict.
func (s *Scheduler) RunJob(ctx context.Context, j *Job, by store.Actor) ([]store.JobRun, error) {
	now, err := s.now(ctx)
	if err != nil {
		return nil, err
	}
	states, err := s.know(ctx, now)
	if err != nil {
		return nil, err
	}
	items, err := s.openItems(ctx, j, states[j.Job].Since, now)
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		item, err := s.extra(j, now)
		if err != nil {
			return nil, err
		}
		items = []open{{job: j, Item: item}}
	}
	var runs []store.JobRun
	for _, o := range items {
		run, err := s.perform(ctx, j, o.Item, by)
		if err != nil {
			return runs, err
		}
		runs = append(runs, run)
	}
	return runs, s.idle(ctx)
}

// extra is an item that no slot asks for.
func (s *Scheduler) extra(j *Job, now time.Time) (Item, error) {
	around, err := s.surroundings(j)
	if err != nil {
		return Item{}, err
	}
	item := Item{Slot: now, Period: j.periodAt(now, around.pack)}
	if !j.CutOff.IsZero() {
		item.Period = engine.Period{}
		today := engine.DateOf(now.In(j.Location))
		for _, p := range j.ended(around.pack, today.AddDays(-longestWait), today) {
			if day, ok := j.cutOff(around.pack, p); ok && !j.closes(day).After(now) {
				item.Period, item.AsOf = p, j.closes(day).Add(-time.Microsecond).UTC()
			}
		}
		if item.Period.IsZero() {
			return item, trouble("任务 %s 没有一个期间已过截止日。", "the job %s has no period whose cut-off is over.", j.Job)
		}
	}
	item.Key = "manual " + now.UTC().Format("2006-01-02T15:04:05.000000Z")
	return item, nil
}

// poll is how often a process looks for what another one left, and for what is to
// be tried again.
const poll = "@every 5s"

// Serve catches up at once and then whenever a slot comes, until the context
// ends. Work under way is told to stop and waited for.
func (s *Scheduler) Serve(ctx context.Context) error {
	s.poke = make(chan struct{}, 1)
	wake := func() {
		select {
		case s.poke <- struct{}{}:
		default: // it will look anyway
		}
	}
	// Recover inside of SkipIfStillRunning: the other way round a panic would keep
	// the entry from ever running again.
	clock := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger), cron.Recover(cron.DiscardLogger)))
	for _, j := range s.Jobs {
		clock.Schedule(j.plan, cron.FuncJob(wake))
	}
	if _, err := clock.AddFunc(poll, wake); err != nil {
		return err
	}
	clock.Start()
	defer func() {
		<-clock.Stop().Done()
		s.tasks.Wait()
	}()
	wake()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.poke:
		}
		err := s.round(ctx, func(_ store.JobRun, err error) {
			if err == nil {
				wake() // something may have waited for it
			}
		})
		if err != nil && ctx.Err() == nil {
			s.Log.Error("catching up", "error", err)
		}
		s.idleAside(ctx)
	}
}
