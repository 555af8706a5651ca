package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/internal/desk"
	"kaoping/reports"
	"kaoping/rules"
	"kaoping/store"
)

func (a *app) runCommand() *cobra.Command {
	var packName, periodText, asOf string
	cmd := &cobra.Command{
		Use:   "run",
		Short: a.t("计算一期考评,存为一次运行", "score one period and store it as a run"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			config, db, period, err := a.begin(periodText)
			if err != nil {
				return err
			}
			defer db.Close()
			at, err := a.asOf(asOf, config)
			if err != nil {
				return err
			}
			library, pack, err := a.pack(config, packName, period)
			if err != nil {
				return err
			}
			run, result, err := a.score(db, library, pack, period, at)
			if err != nil {
				return err
			}
			a.describeRun(run, result, config)
			return a.printRanking(pack, result, "")
		},
	}
	a.packFlag(cmd, &packName)
	a.periodFlag(cmd, &periodText)
	cmd.Flags().StringVar(&asOf, "as-of", "", a.t("数据截止时刻,默认现在", "take data up to this time (default now)"))
	return cmd
}

// begin reads the configuration and a period and opens the store.
func (a *app) begin(periodText string) (Config, *store.DB, engine.Period, error) {
	config, err := a.config()
	if err != nil {
		return config, nil, engine.Period{}, err
	}
	period, err := a.period(periodText)
	if err != nil {
		return config, nil, period, err
	}
	db, err := a.open(config)
	return config, db, period, err
}

// score evaluates a period from the store's facts and stores the run.
func (a *app) score(db *store.DB, library *rules.Library, pack *engine.Pack, period engine.Period, at time.Time) (store.Run, *engine.Result, error) {
	return assess.Score(a.ctx, db, pack, library.Files(pack), period, at, actor())
}

func (a *app) describeRun(run store.Run, result *engine.Result, config Config) {
	assessed, held := len(result.Scorecards), 0
	for _, card := range result.Scorecards {
		if card.Status != engine.Scored {
			held++
		}
	}
	a.say("%s %s · 规则版本 %s(%s)· 快照 %s · 数据截止 %s\n参评 %d 家,未参评 %d 家,未出分 %d 家 · 运行 %s 第 %d 版",
		"%s %s · edition %s (%s) · snapshot %s · data as of %s\n%d assessed, %d not assessed, %d without a score · run %s revision %d",
		run.Pack, run.Period, run.Edition, short(run.Hash), run.Snapshot, a.localTime(run.AsOf, config),
		assessed, len(result.Excluded), held, run.ID, run.Revision)
	for _, note := range result.Notes {
		a.say("提示:%s", "note: %s", note.In(a.lang))
	}
	for _, use := range result.Past {
		if use.Missing() {
			a.say("提示:%s", "note: %s", use.Text().In(a.lang))
		}
	}
	if result.Status != "in force" {
		status := a.t(map[string]string{"draft": "草案", "trial": "试行"}[result.Status], result.Status)
		a.say("规则包状态为%s,其结果不得作为正式结果发布。", "status of the pack: %s; its results are not for publication.", status)
	}
}

// short is enough of a hash to recognise it.
func short(hash string) string {
	if len(hash) > 8 {
		return hash[:8]
	}
	return hash
}

// localTime shows an RFC 3339 instant in the configured time zone.
func (a *app) localTime(instant string, config Config) string {
	at, err := time.Parse(time.RFC3339Nano, instant)
	if err != nil {
		return instant
	}
	return at.In(config.location).Format("2006-01-02 15:04:05")
}

// assessment is a stored run opened again: its rules, its facts, its result.
type assessment struct {
	run        store.Run
	pack       *engine.Pack
	result     *engine.Result
	facts      *engine.Facts
	evaluation *engine.Evaluation
	outdated   []engine.Text // what was stored since of the results it rests on
}

// reopen reads the newest run of a period and computes it again from the stored
// rules and snapshot, so that whatever is explained is what was stored.
func (a *app) reopen(db *store.DB, packName string, period engine.Period, revision int) (*assessment, error) {
	s, err := assess.Open(a.ctx, db, packName, period, revision)
	var unreadable *assess.Unreadable
	if errors.As(err, &unreadable) {
		rules.WriteText(a.stderr, unreadable.Diagnostics, a.lang)
	}
	if err != nil {
		return nil, err
	}
	outdated, err := assess.OutOfDate(a.ctx, db, s.Result)
	if err != nil {
		return nil, err
	}
	return &assessment{s.Run, s.Pack, s.Result, s.Facts, s.Evaluation, outdated}, nil
}

// document gathers what a report shows of a stored run.
func (a *app) document(db *store.DB, s *assessment, config Config) (*reports.Document, error) {
	d := &desk.Desk{DB: db, Location: config.location, Version: version()}
	return d.Document(a.ctx, desk.Opened(&assess.Assessment{Run: s.run, Pack: s.pack, Result: s.result, Facts: s.facts, Evaluation: s.evaluation}), a.lang)
}

// storedFlags are those of commands that read a stored run.
func (a *app) storedFlags(cmd *cobra.Command, packName, periodText *string) {
	a.packFlag(cmd, packName)
	a.periodFlag(cmd, periodText)
	a.revisionFlag(cmd)
}

func (a *app) revisionFlag(cmd *cobra.Command) {
	cmd.Flags().IntVar(&a.revision, "revision", 0, a.t("第几版运行,默认最新", "revision of the run (default the newest)"))
}

func (a *app) packFlag(cmd *cobra.Command, value *string) {
	cmd.Flags().StringVar(value, "pack", "", a.t("规则包", "rule pack"))
	cmd.MarkFlagRequired("pack")
}

func (a *app) periodFlag(cmd *cobra.Command, value *string) {
	cmd.Flags().StringVar(value, "period", "", a.t("统计期间:2025H1、2025", "period: 2025H1, 2025"))
	cmd.MarkFlagRequired("period")
}
