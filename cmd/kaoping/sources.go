package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/feeds"
	"kaoping/internal/schedule"
	"kaoping/store"
)

// compileSources checks the section sources:, and that jobs name entries of it.
func (c *Config) compileSources() []string {
	var wrong []string
	sources, problems := c.Sources.Compile(c.abs)
	for _, p := range problems {
		wrong = append(wrong, fmt.Sprintf("line %d: %s", p.Line, p.What))
	}
	c.sources = sources
	for _, j := range c.jobs {
		if problems == nil && j.Kind == schedule.Ingest && j.Source != "" && feeds.Find(sources, j.Source) == nil {
			wrong = append(wrong, fmt.Sprintf("jobs: %s: source: %q is not in sources", j.Job, j.Source))
		}
	}
	return wrong
}

// filesOrSource takes a target and files, nothing if a source is named, or a target
// alone: its source then says what to load.
func filesOrSource(source *string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if *source != "" {
			return cobra.NoArgs(cmd, args)
		}
		return cobra.MinimumNArgs(1)(cmd, args)
	}
}

// asFailure gives a trouble with a source or file its exit code.
func asFailure(err error) error {
	var t *feeds.Trouble
	switch {
	case !errors.As(err, &t):
		return err
	case errors.Is(err, os.ErrNotExist):
		return fail(exitUsage, t.Text)
	case t.Err == nil && !t.Temporary:
		return fail(exitData, t.Text)
	}
	return fail(exitStore, t.Text)
}

// sourceNamed finds an entry of the configuration.
func sourceNamed(config Config, name string) (*feeds.Source, error) {
	if s := feeds.Find(config.sources, name); s != nil {
		return s, nil
	}
	var names []string
	for _, s := range config.sources {
		names = append(names, s.Source)
	}
	return nil, fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("config.yaml 的 sources 里没有“%s”;有:%s。", name, strings.Join(names, "、")),
		EN: fmt.Sprintf("there is no %q under sources in config.yaml; there are: %s.", name, strings.Join(names, ", ")),
	})
}

// loader loads sources for commands, the web pages and jobs.
func (a *app) loader(config Config, db *store.DB) *feeds.Loader {
	library := a.library(config)
	return &feeds.Loader{
		DB: db, Lang: a.lang,
		Pack:  func(name, target string) (*engine.Pack, error) { return a.packFor(library, name, target) },
		Packs: library.Packs,
		Now:   func() time.Time { return time.Now().In(config.location) },
	}
}

// loadSource loads what a source has and says what became of each file.
func (a *app) loadSource(config Config, name, periodText string) error {
	s, err := sourceNamed(config, name)
	if err != nil {
		return err
	}
	period, err := a.optionalPeriod(periodText)
	if err != nil {
		return err
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	done, err := a.loader(config, db).Load(a.ctx, s, period, actor())
	refused := false
	for i := range done {
		refused = refused || done[i].Refused()
		if err := a.describeLoaded(&done[i]); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return asFailure(err)
	case len(done) == 0:
		a.say("来源 %s:没有可取的文件。", "source %s: nothing to take.", name)
	case refused:
		return fail(exitData, engine.Text{
			ZH: fmt.Sprintf("来源 %s 有未入库的文件;修正后重新导入。", name),
			EN: fmt.Sprintf("not all of source %s was loaded; mend it and load it again.", name),
		})
	}
	return nil
}

func (a *app) optionalPeriod(text string) (engine.Period, error) {
	if text == "" {
		return engine.Period{}, nil
	}
	return a.period(text)
}

func (a *app) describeLoaded(l *feeds.Loaded) error {
	if l.Report != nil {
		if err := l.Report.Write(a.stderr, a.lang); err != nil {
			return err
		}
	}
	m := l.Message()
	a.say("%s", "%s", m.In(a.lang))
	a.describeCoverage(l.Covered)
	if l.MovedTo != "" {
		a.say("  移至 %s", "  moved to %s", l.MovedTo)
	}
	if l.ErrorsTo != "" {
		a.say("  标出错误的文件: %s", "  with its mistakes marked: %s", l.ErrorsTo)
	}
	return nil
}

// ingestSource loads a source for a job.
func (w *workshop) ingestSource(ctx context.Context, task schedule.Task) (engine.Text, error) {
	s, err := sourceNamed(w.config, task.Job.Source)
	if err != nil {
		return engine.Text{}, err
	}
	done, err := w.app.loader(w.config, w.desk.DB).Load(ctx, s, task.Period, doer(task))
	text, refused := sumUp(s, done)
	if err == nil && refused {
		err = fail(exitData, text)
	}
	return text, asFailure(err)
}

// sumUp says in one text what became of the files of a source.
func sumUp(s *feeds.Source, done []feeds.Loaded) (engine.Text, bool) {
	if len(done) == 0 {
		return engine.Text{ZH: s.Source + ":没有可取的文件。", EN: s.Source + ": nothing to take."}, false
	}
	var zh, en []string
	refused := false
	for i := range done {
		m := done[i].Message()
		zh, en = append(zh, m.ZH), append(en, m.EN)
		refused = refused || done[i].Refused()
	}
	return engine.Text{ZH: strings.Join(zh, "\n"), EN: strings.Join(en, "\n")}, refused
}

func (a *app) sourcesCommand() *cobra.Command {
	cmd := a.family("sources", a.t("数据来源:列出、试取、取到文件", "sources of data: list, try, fetch to files"))
	var periodText, to string
	list := &cobra.Command{
		Use: "list", Short: a.t("列出 config.yaml 里的来源", "list the sources of config.yaml"),
		Args: a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return a.listSources() },
	}
	check := &cobra.Command{
		Use:   a.t("check [名称…]", "check [NAME…]"),
		Short: a.t("取一遍并检查每一格,不入库、不移动文件;不写名称为全部", "fetch and check every cell, storing and moving nothing; without a name all"),
		Args:  a.args(cobra.ArbitraryArgs),
		RunE:  func(_ *cobra.Command, names []string) error { return a.checkSources(names, periodText) },
	}
	fetch := &cobra.Command{
		Use:   a.t("fetch 名称", "fetch NAME"),
		Short: a.t("把来源的内容取成文件,不入库", "write what a source gives to files, storing nothing"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE:  func(_ *cobra.Command, names []string) error { return a.fetchSource(names[0], periodText, to) },
	}
	for _, c := range []*cobra.Command{check, fetch} {
		c.Flags().StringVar(&periodText, "period", "", a.t("统计期间,代入 {first}、{last}、{period}", "period, for {first}, {last} and {period}"))
	}
	fetch.Flags().StringVar(&to, "to", ".", a.t("写到这个目录", "folder to write to"))
	cmd.AddCommand(list, check, fetch)
	return cmd
}

func (a *app) listSources() error {
	config, err := a.config()
	if err != nil {
		return err
	}
	if len(config.sources) == 0 {
		a.say("config.yaml 里没有 sources。", "there are no sources in config.yaml.")
		return nil
	}
	t := a.newTable(a.t("来源", "source"), a.t("目标", "target"), a.t("类型", "kind"), a.t("地址", "where"))
	packs := a.library(config).Packs()
	for _, s := range config.sources {
		target := s.Target
		if settled, err := feeds.Settle(s, packs); err == nil && target == "" {
			target = settled.Pack + " " + settled.Target // the pack's from: names it
		}
		t.AppendRow([]any{s.Source, target, s.Kind, s.Where()})
	}
	t.Render()
	return nil
}

// checkSources tries each source and goes on with the next when one fails.
func (a *app) checkSources(names []string, periodText string) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	period, err := a.optionalPeriod(periodText)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		for _, s := range config.sources {
			names = append(names, s.Source)
		}
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	loader := a.loader(config, db)
	var failed error
	for _, name := range names {
		s, err := sourceNamed(config, name)
		if err != nil {
			return err
		}
		if err := a.checkSource(loader, s, period); err != nil && a.ctx.Err() == nil {
			_, text := a.classify(err)
			a.say("%s", "%s", text.In(a.lang))
			failed = fail(exitFindings, engine.Text{})
		}
	}
	if err := a.ctx.Err(); err != nil {
		return err
	}
	return failed
}

func (a *app) checkSource(loader *feeds.Loader, s *feeds.Source, period engine.Period) error {
	checked, err := loader.Check(a.ctx, s, period)
	if err != nil {
		return err
	}
	if len(checked) == 0 {
		a.say("来源 %s:没有可取的文件。", "source %s: nothing to take.", s.Source)
	}
	bad := false
	for i := range checked {
		c := &checked[i]
		if c.Trouble != nil {
			m := c.Message()
			a.say("%s", "%s", m.In(a.lang))
			bad = true
			continue
		}
		if err := c.Report.Write(a.stderr, a.lang); err != nil {
			return err
		}
		bad = bad || c.Report.Errors() > 0
		a.say("来源 %s:%s 已检查,%d 行,%d 行有误;没有入库。", "source %s: %s checked, %d rows, %d bad; nothing was stored.", s.Source, c.File, c.Report.Rows, c.Report.Bad)
	}
	if bad {
		return found()
	}
	return nil
}

// fetchSource writes what a source gives into a folder. A file that is there
// already is not written over.
func (a *app) fetchSource(name, periodText, to string) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	s, err := sourceNamed(config, name)
	if err != nil {
		return err
	}
	period, err := a.optionalPeriod(periodText)
	if err != nil {
		return err
	}
	files, err := feeds.Fetch(a.ctx, s, period)
	if err != nil {
		return asFailure(err)
	}
	if len(files) == 0 {
		a.say("来源 %s:没有可取的文件。", "source %s: nothing to take.", name)
	}
	for i := range files {
		if files[i].Read(s.MaxBytes); files[i].Trouble != nil {
			return asFailure(files[i].Trouble)
		}
		if err := a.writeFetched(to, files[i].Source); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) writeFetched(folder string, src ingest.Source) error {
	path := filepath.Join(folder, src.Name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err == nil {
		_, err = f.Write(src.Data)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fail(exitStore, engine.Text{
			ZH: fmt.Sprintf("写不了 %s:%v\n  提示:已有的文件不会被覆盖。", path, cause(err)),
			EN: fmt.Sprintf("cannot write %s: %v\n  hint: a file that is there is not written over.", path, cause(err)),
		})
	}
	a.say("%s(%d 字节)", "%s (%d bytes)", path, len(src.Data))
	return nil
}
