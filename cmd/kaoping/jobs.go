package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path/filepath"
	"slices"

	"kaoping/engine"
	"kaoping/engine/calendar"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/internal/desk"
	"kaoping/internal/schedule"
	"kaoping/reports"
	"kaoping/rules"
	"kaoping/store"
)

// jobList is the section jobs: of config.yaml.
type jobList []schedule.Config

// compile checks the entries; what they leave open comes from the rest of the
// configuration.
func (l jobList) compile(c *Config) ([]*schedule.Job, []string) {
	entries := slices.Clone(l)
	for i := range entries {
		if entries[i].TimeZone == "" {
			entries[i].TimeZone = c.TimeZone
		}
		if entries[i].File != "" {
			entries[i].File = c.abs(entries[i].File)
		}
		// A folder that leads out of the output folder is refused.
		if f := entries[i].Folder; f != "" && !filepath.IsLocal(f) {
			return nil, []string{fmt.Sprintf("jobs[%d]: folder: %q", i+1, f)}
		}
	}
	return schedule.Compile(entries)
}

// workshop does the work of jobs.
type workshop struct {
	app    *app
	config Config
	desk   *desk.Desk
}

// scheduler wires the jobs of the configuration with what does their work.
func (a *app) scheduler(config Config, d *desk.Desk, log *slog.Logger) *schedule.Scheduler {
	w := &workshop{app: a, config: config, desk: d}
	return &schedule.Scheduler{
		DB: d.DB, Jobs: config.jobs, Log: log, By: store.Actor{Name: actor().Name, Via: "schedule"},
		Pack:     func(name string) *engine.Pack { return d.Rules().Newest(name) },
		Calendar: func(name string) (*calendar.Calendar, error) { return namedCalendar(d.Packs, name) },
		Workers: map[string]schedule.Worker{
			schedule.Ingest: w.ingest, schedule.Run: w.run, schedule.Report: w.report, schedule.Notify: w.notify, schedule.Count: w.count,
		},
		Idle: a.sender(config, d.DB, log).Flush,
	}
}

func namedCalendar(packs fs.FS, name string) (*calendar.Calendar, error) {
	c, found := rules.Calendar(packs, name)
	if c != nil {
		return c, nil
	}
	if len(found) > 0 {
		return nil, fail(exitUsage, found[0].Message)
	}
	return nil, fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("没有日历 %s:packs/calendars 目录和程序自带的日历中都没有。", name),
		EN: fmt.Sprintf("there is no calendar %s, neither in packs/calendars nor with the program.", name),
	})
}

// doer is who a job acts as: what it stores shows which job it was.
func doer(task schedule.Task) store.Actor {
	return store.Actor{Name: task.Run.By.Name + "/" + task.Job.Job, Via: "schedule"}
}

// run scores the period of the item with the facts up to its cut-off.
func (w *workshop) run(ctx context.Context, task schedule.Task) (engine.Text, error) {
	library := w.desk.Rules().Library
	pack, err := findPack(library, task.Job.Pack, task.Period)
	if err != nil {
		return engine.Text{}, err
	}
	run, result, err := assess.Score(ctx, w.desk.DB, pack, library.Files(pack), task.Period, task.AsOf, doer(task))
	if err != nil {
		return engine.Text{}, err
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s %s:运行 %s 第 %d 版,快照 %s,参评 %d 家", run.Pack, run.Period, run.ID, run.Revision, run.Snapshot, len(result.Scorecards)),
		EN: fmt.Sprintf("%s %s: run %s revision %d, snapshot %s, %d assessed", run.Pack, run.Period, run.ID, run.Revision, run.Snapshot, len(result.Scorecards)),
	}, nil
}

// ingest loads the file of the entry. The same file again changes nothing.
func (w *workshop) ingest(ctx context.Context, task schedule.Task) (engine.Text, error) {
	job := task.Job
	if job.Source != "" {
		return w.ingestSource(ctx, task)
	}
	pack, err := w.app.packFor(w.desk.Rules().Library, job.Pack, job.Target)
	if err != nil {
		return engine.Text{}, err
	}
	data, err := readBounded(job.File)
	if err != nil {
		return engine.Text{}, err
	}
	options := ingest.Options{Period: task.Period, Map: map[string]string{}}
	if options.Subjects, err = w.desk.DB.Subjects(ctx, pack.Name); err != nil {
		return engine.Text{}, err
	}
	batch, report, err := ingest.Read(pack, job.Target, ingest.Source{Name: filepath.Base(job.File), Data: data}, options)
	if err != nil {
		return engine.Text{}, err
	}
	if batch == nil {
		return engine.Text{}, fail(exitData, engine.Text{
			ZH: fmt.Sprintf("%s 未入库:%d 行有误;用 kaoping ingest 导入可看到逐格的说明。", job.File, report.Bad),
			EN: fmt.Sprintf("nothing of %s was loaded: %d rows are bad; kaoping ingest tells cell by cell.", job.File, report.Bad),
		})
	}
	info, _, err := assess.Load(ctx, w.desk.DB, pack, batch, doer(task))
	if err != nil {
		return engine.Text{}, err
	}
	return batchText(info), nil
}

func batchText(info store.BatchInfo) engine.Text {
	if info.Duplicate {
		return engine.Text{
			ZH: fmt.Sprintf("%s 与批次 %s 内容相同,没有变化", info.File, info.ID),
			EN: fmt.Sprintf("%s is the same as batch %s, nothing changed", info.File, info.ID),
		}
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s:批次 %s,新增 %d,更新 %d,未变 %d", info.File, info.ID, info.Added, info.Updated, info.Unchanged),
		EN: fmt.Sprintf("%s: batch %s, %d added, %d changed, %d as before", info.File, info.ID, info.Added, info.Updated, info.Unchanged),
	}
}

// report writes rankings and scorecards of the newest run of the period into the
// output folder, each file whole.
func (w *workshop) report(ctx context.Context, task schedule.Task) (engine.Text, error) {
	run, err := w.desk.Open(ctx, task.Job.Pack, task.Period, "")
	if err != nil {
		return engine.Text{}, err
	}
	d, err := w.desk.Document(ctx, run, w.app.lang)
	if err != nil {
		return engine.Text{}, err
	}
	folder := filepath.Join(w.config.Output, task.Job.Folder)
	files := reportFiles(task.Job, run, d)
	for _, f := range files {
		// Each file is written whole, but no more of them after another process took
		// the job.
		if err := w.desk.DB.HoldsJob(ctx, task.Lease); err != nil {
			return engine.Text{}, err
		}
		if err := createFile(filepath.Join(folder, f.name), f.write); err != nil {
			return engine.Text{}, err
		}
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s %s:运行 %s,写出 %d 个文件到 %s", task.Job.Pack, task.Period, run.Stored.ID, len(files), folder),
		EN: fmt.Sprintf("%s %s: run %s, %d files written to %s", task.Job.Pack, task.Period, run.Stored.ID, len(files), folder),
	}, nil
}

// reportFile is one file of a report job.
type reportFile struct {
	name  string
	write func(io.Writer) error
}

func reportFiles(job *schedule.Job, run *desk.Run, d *reports.Document) []reportFile {
	var files []reportFile
	for _, format := range job.Formats {
		if slices.Contains(job.What, "ranking") {
			for _, group := range run.Groups() {
				files = append(files, reportFile{reports.RankingName(d, group.ID, format), func(w io.Writer) error {
					return reports.WriteRanking(w, d, group.ID, format)
				}})
			}
		}
		if slices.Contains(job.What, "scorecard") {
			for _, card := range run.Result.Scorecards {
				files = append(files, reportFile{reports.ScorecardName(d, card.Subject, format), func(w io.Writer) error {
					return reports.WriteScorecard(w, d, card.Subject, format)
				}})
			}
		}
	}
	return files
}

// startJobs performs the jobs of the configuration beside whatever else the
// program does. What it returns stops them and waits for those under way.
func (a *app) startJobs(config Config, d *desk.Desk, log *slog.Logger) (stop func()) {
	if len(config.jobs) == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(a.ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := a.scheduler(config, d, log).Serve(ctx); err != nil {
			log.Error("jobs are not performed", "error", err)
		}
	}()
	a.say("定时任务 %d 个;kaoping schedule list 列出。", "%d jobs; kaoping schedule list shows them.", len(config.jobs))
	return func() {
		cancel()
		<-ended
	}
}
