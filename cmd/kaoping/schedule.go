package main

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/desk"
	"kaoping/internal/schedule"
	"kaoping/store"
)

func (a *app) scheduleCommand() *cobra.Command {
	cmd := a.family("schedule", a.t("定时任务:列出、下次、补做", "jobs: list, next, catch up"))
	list := &cobra.Command{
		Use:   "list",
		Short: a.t("列出定时任务:下次、上次、状态", "list the jobs: next, last, state"),
		Args:  a.args(cobra.NoArgs),
		RunE:  func(*cobra.Command, []string) error { return a.withScheduler(a.listJobs) },
	}
	var count int
	next := &cobra.Command{
		Use:   "next",
		Short: a.t("按时间列出接下来的任务", "list what comes next, in the order of time"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withScheduler(func(s *schedule.Scheduler, config Config) error { return a.listNext(s, config, count) })
		},
	}
	next.Flags().IntVarP(&count, "count", "n", 3, a.t("每个任务列几次", "how many times of each job"))
	run := &cobra.Command{
		Use:   a.t("run [任务]", "run [JOB]"),
		Short: a.t("补做到期未做的任务;指明任务时,没有到期的也做一次", "do what is due and not done; a job that is named is done once even if nothing is due"),
		Args:  a.args(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.withScheduler(func(s *schedule.Scheduler, config Config) error { return a.runJobs(s, config, args) })
		},
	}
	var job string
	history := &cobra.Command{
		Use:   "history",
		Short: a.t("列出任务做过什么", "list what the jobs did"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withScheduler(func(s *schedule.Scheduler, config Config) error { return a.listHistory(s, config, job) })
		},
	}
	history.Flags().StringVar(&job, "job", "", a.t("只列一个任务", "one job only"))
	cmd.AddCommand(list, next, run, history)
	return cmd
}

// withScheduler opens the store and wires the jobs of the configuration.
func (a *app) withScheduler(use func(*schedule.Scheduler, Config) error) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	if len(config.jobs) == 0 {
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("%s 没有定时任务。\n  提示:在 jobs: 一节写明,写法见 docs/schedule.zh-CN.md。", config.path),
			EN: fmt.Sprintf("%s has no jobs.\n  hint: write them in the section jobs:, see docs/schedule.md.", config.path),
		})
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	return use(a.scheduler(config, a.desk(config, db), slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))), config)
}

func (a *app) desk(config Config, db *store.DB) *desk.Desk {
	return &desk.Desk{DB: db, Packs: a.packFolder(config), Location: config.location, Version: version()}
}

// jobTime shows an instant in the time zone of a job.
func jobTime(j *schedule.Job, at time.Time) string {
	if at.IsZero() {
		return "–"
	}
	return at.In(j.Location).Format("2006-01-02 15:04")
}

func (a *app) listJobs(s *schedule.Scheduler, _ Config) error {
	states, err := s.Overview(a.ctx, 1)
	if err != nil {
		return err
	}
	t := a.newTable(a.t("任务", "job"), a.t("种类", "kind"), a.t("计划", "plan"), a.t("下次", "next"), a.t("期间", "period"),
		a.t("上次", "last"), a.t("状态", "state"), a.t("说明", "note"))
	for _, state := range states {
		next, period, last := "–", "", "–"
		if len(state.Next) > 0 {
			next, period = jobTime(state.Job, state.Next[0].Slot), periodText(state.Next[0].Period)
		}
		if state.Last != nil {
			last = jobTime(state.Job, state.Last.BeganAt)
		}
		t.AppendRow([]any{state.Job.Job, a.kindText(state.Job.Kind), state.Job.Cron, next, period, last, a.stateText(state), a.noteText(state)})
	}
	t.Render()
	return nil
}

func periodText(p engine.Period) string {
	if p.IsZero() {
		return ""
	}
	return p.String()
}

func (a *app) kindText(kind string) string {
	return a.t(map[string]string{
		schedule.Ingest: "导入", schedule.Count: "统计", schedule.Run: "计算", schedule.Report: "出表", schedule.Notify: "通知",
	}[kind], kind)
}

// runStateText is the state of one run in words.
func (a *app) runStateText(r *store.JobRun) string {
	text := map[string]string{
		store.JobRunning: a.t("正在执行", "running"), store.JobDone: a.t("完成", "done"),
		store.JobFailed: a.t("失败", "failed"), store.JobInterrupted: a.t("中断", "interrupted"),
	}[r.State]
	if r.Late {
		text += a.t("(补做)", " (late)")
	}
	return text
}

func (a *app) stateText(s schedule.Status) string {
	switch {
	case !s.Problem.IsZero():
		return a.t("有误", "wrong")
	case s.Holder != "":
		return a.t("正在执行", "running")
	case len(s.Waits) > 0:
		return a.t("等待", "waits")
	case s.Last != nil && s.Last.State != store.JobDone:
		return a.runStateText(s.Last)
	case len(s.Open) > 0:
		return a.t("到期未做", "due")
	case s.Last != nil:
		return a.runStateText(s.Last)
	}
	return a.t("未到期", "not due yet")
}

// noteText says what a person should know of a job: why it cannot be planned, who
// does it, what it waits for, or how it ended.
func (a *app) noteText(s schedule.Status) string {
	switch {
	case !s.Problem.IsZero():
		return s.Problem.In(a.lang)
	case s.Holder != "":
		return s.Holder
	case len(s.Waits) > 0:
		return a.t("等待 ", "for ") + strings.Join(s.Waits, ", ")
	case s.Last != nil && s.Last.State != store.JobDone:
		return s.Last.Result.In(a.lang)
	case len(s.Next) == 0 && !s.Unknown.IsZero():
		return s.Unknown.In(a.lang)
	case s.Last != nil:
		return s.Last.Result.In(a.lang)
	}
	return ""
}

func (a *app) listNext(s *schedule.Scheduler, _ Config, count int) error {
	if count < 1 || count > 100 {
		return fail(exitUsage, engine.Text{ZH: "--count 要在 1 到 100 之间。", EN: "--count is between 1 and 100."})
	}
	coming, err := s.Next(a.ctx, count)
	if err != nil {
		return err
	}
	t := a.newTable(a.t("时间", "at"), a.t("时区", "time zone"), a.t("任务", "job"), a.t("种类", "kind"), a.t("期间", "period"), a.t("数据截止", "data up to"))
	for _, c := range coming {
		cut := ""
		if !c.AsOf.IsZero() {
			cut = c.AsOf.In(c.Job.Location).Format("2006-01-02 15:04:05")
		}
		t.AppendRow([]any{jobTime(c.Job, c.Slot), c.Job.TimeZone, c.Job.Job, a.kindText(c.Job.Kind), periodText(c.Period), cut})
	}
	t.Render()
	return nil
}

// runJobs catches up, or does one job.
func (a *app) runJobs(s *schedule.Scheduler, config Config, args []string) error {
	if len(args) == 0 {
		runs, err := s.CatchUp(a.ctx)
		if err == nil && len(runs) == 0 && a.ctx.Err() == nil {
			a.say("没有到期未做的任务。", "nothing is due.")
		}
		return a.tellRuns(runs, config, err)
	}
	job := s.Find(args[0])
	if job == nil {
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("没有任务“%s”;kaoping schedule list 列出全部任务。", args[0]),
			EN: fmt.Sprintf("there is no job %q; kaoping schedule list shows all.", args[0]),
		})
	}
	runs, err := s.RunJob(a.ctx, job, actor())
	return a.tellRuns(runs, config, err)
}

// itemText names an item for people: the period that is done once, or the planned
// time.
func itemText(r *store.JobRun, config Config) string {
	if !r.Period.IsZero() && r.Item == r.Period.String() {
		return r.Item
	}
	return strings.TrimSpace(r.Slot.In(config.location).Format("2006-01-02 15:04") + " " + periodText(r.Period))
}

// tellRuns says how each item ended. The command fails if one of them did.
func (a *app) tellRuns(runs []store.JobRun, config Config, err error) error {
	var failed error
	for i := range runs {
		a.say("%s %s:%s。%s", "%s %s: %s. %s", runs[i].Job, itemText(&runs[i], config), a.runStateText(&runs[i]), runs[i].Result.In(a.lang))
		if runs[i].State != store.JobDone {
			failed = fail(exitData, engine.Text{})
		}
	}
	switch {
	case err != nil:
		return err
	case a.ctx.Err() != nil:
		return a.ctx.Err()
	}
	return failed
}

// historyRows is how much of the history is listed.
const historyRows = 50

func (a *app) listHistory(s *schedule.Scheduler, config Config, job string) error {
	runs, err := s.History(a.ctx, job, historyRows)
	if err != nil {
		return err
	}
	t := a.newTable(a.t("计划", "planned"), a.t("任务", "job"), a.t("期间", "period"), a.t("开始", "began"), a.t("次", "try"), a.t("状态", "state"), a.t("错过", "missed"), a.t("结果", "result"))
	alignRight(t, 5, 7)
	for i := range runs {
		r := &runs[i]
		missed := ""
		if r.Missed > 0 {
			missed = fmt.Sprint(r.Missed)
		}
		t.AppendRow([]any{
			r.Slot.In(config.location).Format("2006-01-02 15:04"), r.Job, periodText(r.Period), r.BeganAt.In(config.location).Format("2006-01-02 15:04:05"),
			r.Attempt, a.runStateText(r), missed, r.Result.In(a.lang),
		})
	}
	t.Render()
	return nil
}
