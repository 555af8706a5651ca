package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/internal/feeds"
	"kaoping/internal/intake"
	"kaoping/rules"
	"kaoping/store"
)

func (a *app) ingestCommand() *cobra.Command {
	var packName, periodText, from, until, sheet, errorsTo, source string
	var headings []string
	var partial bool
	cmd := &cobra.Command{
		Use:   a.t("ingest 目标 [文件…]", "ingest TARGET [FILE…]"),
		Short: a.t("导入数据:统计、案件登记、机构、评分;有一格有误则整个文件不入库", "load figures, registers, subjects or judgements; nothing of a file with a bad cell is stored"),
		Long: a.t("目标是规则包里的 feed 或 register 的名称,或 subjects(机构)、judgements(定性评分)。\n不写文件则从来源取:规则包的 from 所指,或 config.yaml 中唯一以它为 target 的来源。\n重复导入同一文件不产生变化。",
			"TARGET is a feed or register of the pack, or subjects, or judgements.\nWithout a file its source is loaded: the one that from: of the pack names, or the only one in config.yaml with that target.\nLoading the same file again changes nothing."),
		Args:    a.args(filesOrSource(&source)),
		Aliases: []string{"load"},
		RunE: func(_ *cobra.Command, args []string) error {
			config, err := a.config()
			if err != nil {
				return err
			}
			if source != "" {
				return a.loadSource(config, source, periodText)
			}
			options, err := a.ingestOptions(periodText, from, until, headings, partial)
			if err != nil {
				return err
			}
			options.Sheet = sheet
			if errorsTo != "" && len(args) > 2 {
				return fail(exitUsage, engine.Text{ZH: "--errors-to 一次只用于一个文件。", EN: "--errors-to takes one file at a time."})
			}
			library := a.library(config)
			pack, err := a.packFor(library, packName, args[0])
			if err != nil {
				return err
			}
			if len(args) == 1 {
				s, err := feeds.Deliverer(config.sources, pack, args[0])
				if err != nil {
					return asFailure(err)
				}
				return a.loadSource(config, s.Source, periodText)
			}
			db, err := a.open(config)
			if err != nil {
				return err
			}
			defer db.Close()
			a.errorsTo = errorsTo
			return a.loadFiles(db, pack, args[0], args[1:], options)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&source, "source", "", a.t("config.yaml 中 sources 的名称;代替目标和文件", "entry of sources in config.yaml, instead of target and files"))
	flags.StringVar(&packName, "pack", "", a.t("规则包;只有一个包含该目标时可省略", "rule pack; may be left out if only one has the target"))
	flags.StringVar(&periodText, "period", "", a.t("文件没有期间列时的统计期间", "period of a file without a period column"))
	flags.StringVar(&from, "from", "", a.t("登记所覆盖的首日", "first day a register file covers"))
	flags.StringVar(&until, "until", "", a.t("登记所覆盖的末日", "last day a register file covers"))
	flags.StringArrayVar(&headings, "map", nil, a.t("文件列名=规则包列名,可多次", "heading in the file=heading in the pack; may be repeated"))
	flags.StringVar(&sheet, "sheet", "", a.t("工作簿的工作表,默认为表头齐全的各表", "sheet of a workbook (default: all that have the headings)"))
	flags.StringVar(&errorsTo, "errors-to", "", a.t("把文件写回这个 .xlsx,错误的格子标红并加批注", "write the file back to this .xlsx, bad cells red and with a comment"))
	flags.BoolVar(&partial, "partial", false, a.t("有误的行不入库,其余入库", "leave bad rows out and load the rest"))
	return cmd
}

func (a *app) ingestOptions(periodText, from, until string, headings []string, partial bool) (ingest.Options, error) {
	options := ingest.Options{Partial: partial, Map: map[string]string{}}
	var err error
	if periodText != "" {
		if options.Period, err = a.period(periodText); err != nil {
			return options, err
		}
	}
	for _, day := range []struct {
		text string
		date *engine.Date
	}{{from, &options.First}, {until, &options.Last}} {
		if day.text == "" {
			continue
		}
		if *day.date, err = engine.ParseDate(day.text); err != nil {
			return options, fail(exitUsage, engine.Text{
				ZH: fmt.Sprintf("日期 %q 写法有误,写成 2025-06-30。", day.text),
				EN: fmt.Sprintf("%q is not a date; write 2025-06-30.", day.text),
			})
		}
	}
	for _, pair := range headings {
		heading, name, ok := strings.Cut(pair, "=")
		if !ok {
			return options, fail(exitUsage, engine.Text{
				ZH: fmt.Sprintf("--map %q 写法有误,写成 文件列名=规则包列名。", pair),
				EN: fmt.Sprintf("--map %q: write heading in the file=heading in the pack.", pair),
			})
		}
		options.Map[heading] = name
	}
	return options, nil
}

// packFor finds the pack a target belongs to. Data do not depend on the
// edition, so the newest that has the target serves.
func (a *app) packFor(library *rules.Library, name, target string) (*engine.Pack, error) {
	var chosen *engine.Pack
	packNames := map[string]bool{}
	for _, p := range library.Packs() {
		if name != "" && p.Name != name || !ingest.HasTarget(p, target) {
			continue
		}
		packNames[p.Name] = true
		if chosen == nil || p.Edition.Compare(chosen.Edition) > 0 {
			chosen = p
		}
	}
	switch {
	case len(packNames) == 1:
		return chosen, nil
	case len(packNames) > 1:
		return nil, fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("不止一个规则包有“%s”,请用 --pack 指明:%s。", target, strings.Join(slices.Sorted(maps.Keys(packNames)), "、")),
			EN: fmt.Sprintf("more than one pack has %q; name one with --pack: %s.", target, strings.Join(slices.Sorted(maps.Keys(packNames)), ", ")),
		})
	case name != "":
		if p := newestEdition(library, name); p != nil {
			return nil, unknownTarget(p, target)
		}
		_, err := findPack(library, name, engine.Period{})
		return nil, err
	}
	return nil, fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("没有规则包声明“%s”;kaoping explain --pack 包名 列出各包的数据来源。", target),
		EN: fmt.Sprintf("no pack declares %q; kaoping explain --pack NAME lists what a pack takes.", target),
	})
}

// newestEdition is the last edition of a pack, or nil.
func newestEdition(library *rules.Library, name string) *engine.Pack {
	var newest *engine.Pack
	for _, p := range library.Packs() {
		if p.Name == name { // Packs come in the order of their editions
			newest = p
		}
	}
	return newest
}

// targetName is what the pack calls a feed or register; without the pack its id
// must do.
func targetName(p *engine.Pack, id string) string {
	if p == nil {
		return id
	}
	for _, f := range p.Feeds {
		if f.ID == id {
			return f.Name
		}
	}
	for _, r := range p.Registers {
		if r.ID == id {
			return r.Name
		}
	}
	return id
}

func unknownTarget(p *engine.Pack, target string) error {
	list := strings.Join(ingest.Targets(p), "、")
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("规则包 %s 没有“%s”;可导入:%s。", p.Name, target, list),
		EN: fmt.Sprintf("pack %s has no %q; it takes: %s.", p.Name, target, list),
	})
}

// loadFiles loads the files one after the other; each is a batch of its own. A
// file with mistakes does not keep the others from being read and reported.
func (a *app) loadFiles(db *store.DB, pack *engine.Pack, target string, files []string, options ingest.Options) error {
	var refused []error
	for _, file := range files {
		err := a.loadFile(db, pack, target, file, options)
		var f *failure
		if errors.As(err, &f) && f.code == exitData {
			refused = append(refused, err)
			continue
		}
		if err != nil {
			return err
		}
	}
	if refused != nil {
		return refused[0]
	}
	return nil
}

// loadFile loads one file and tells the person what became of it.
func (a *app) loadFile(db *store.DB, pack *engine.Pack, target, file string, options ingest.Options) error {
	info, report, err := a.storeFile(db, pack, target, file, options)
	if report != nil {
		if err := report.Write(a.stderr, a.lang); err != nil {
			return err
		}
		if err := a.returnFile(file, report); err != nil {
			return err
		}
	}
	if err == nil {
		a.describeBatch(info.BatchInfo, file)
		a.describeCoverage(info.covered)
	}
	return err
}

// loaded is a stored batch with the days it was taken to cover.
type loaded struct {
	store.BatchInfo
	covered []engine.Coverage
}

// describeCoverage says for which days a register now counts as delivered: a day
// that is covered and has no record counts zero, one that is not is missing.
func (a *app) describeCoverage(covered []engine.Coverage) {
	said := map[string]bool{}
	for _, c := range covered {
		span := c.First.String() + " " + a.t("至", "to") + " " + c.Last.String()
		if c.Register == "" || said[span] {
			continue
		}
		said[span] = true
		a.say("  视为报全 %s;不是这样时用 --from 和 --until 注明覆盖的日期。",
			"  taken to cover %s in full; if that is not so, say which days with --from and --until.", span)
	}
}

// returnFile writes a file with mistakes back with the mistakes marked, if that
// was asked for.
func (a *app) returnFile(file string, report *ingest.Report) error {
	if a.errorsTo == "" || report.Errors() == 0 {
		return nil
	}
	data, err := readBounded(file)
	if err != nil {
		return err
	}
	err = createFile(a.errorsTo, func(w io.Writer) error {
		return ingest.WriteErrors(w, ingest.Source{Name: filepath.Base(file), Data: data}, report, a.lang)
	})
	switch {
	case errors.Is(err, ingest.ErrCannotReturn):
		a.say("%s 无法写成工作簿,没有写出 %s。", "%s cannot be written as a workbook; %s was not written.", file, a.errorsTo)
		return nil
	case err == nil:
		a.say("标出错误的文件: %s", "file with its mistakes marked: %s", a.errorsTo)
	}
	return err
}

// storeFile reads a file and stores it as a batch, whole or not at all. The
// report is there even if nothing was stored.
func (a *app) storeFile(db *store.DB, pack *engine.Pack, target, file string, options ingest.Options) (loaded, *ingest.Report, error) {
	var err error
	if options.Subjects, err = db.Subjects(a.ctx, pack.Name); err != nil {
		return loaded{}, nil, err
	}
	large, err := intake.Register(a.ctx, db, pack, target, file, options, actor())
	switch {
	case err == nil && large.Info.ID == "":
		return loaded{}, large.Report, refusedFile(file, large.Report.Rows > large.Report.Bad)
	case err == nil:
		return loaded{large.Info, large.Covered}, large.Report, nil
	case !errors.Is(err, intake.ErrReadWhole):
		return loaded{}, nil, err
	}
	data, err := readBounded(file)
	if err != nil {
		return loaded{}, nil, err
	}
	batch, report, err := ingest.Read(pack, target, ingest.Source{Name: filepath.Base(file), Data: data}, options)
	if err != nil {
		return loaded{}, report, err
	}
	if batch == nil {
		return loaded{}, report, refusedFile(file, report.Rows > report.Bad)
	}
	var no *assess.Contradicted
	info, broken, err := assess.Load(a.ctx, db, pack, batch, actor())
	if errors.As(err, &no) {
		return loaded{}, report, fail(exitData, no.Message())
	}
	for i := range broken {
		line := assess.FindingLine(&broken[i])
		a.say("核实 %s", "to be checked: %s", line.In(a.lang))
	}
	return loaded{info, batch.Covered}, report, err
}

// refusedFile says that a file was not loaded, and what can be done. Loading the
// good rows is offered only where there are some.
func refusedFile(file string, someGood bool) error {
	if someGood {
		return fail(exitData, engine.Text{
			ZH: fmt.Sprintf("%s 未入库。修正后重新导入,或用 --partial 只导入无误的行。", file),
			EN: fmt.Sprintf("nothing of %s was loaded. Mend it and load it again, or use --partial to load the good rows.", file),
		})
	}
	return fail(exitData, engine.Text{
		ZH: fmt.Sprintf("%s 未入库。修正后重新导入。", file),
		EN: fmt.Sprintf("nothing of %s was loaded. Mend it and load it again.", file),
	})
}

func (a *app) describeBatch(info store.BatchInfo, file string) {
	if info.Duplicate {
		a.say("%s:与批次 %s 内容相同,没有变化。", "%s: the same as batch %s, nothing changed.", file, info.ID)
		return
	}
	a.say("%s:批次 %s,新增 %d,更新 %d,未变 %d。", "%s: batch %s, %d added, %d changed, %d as before.",
		file, info.ID, info.Added, info.Updated, info.Unchanged)
}

// readBounded reads a file that is not larger than a load may be.
func readBounded(path string) ([]byte, error) {
	data, err := feeds.ReadFile(path, feeds.MaxBytes)
	return data, asFailure(err)
}

func (a *app) batchCommand() *cobra.Command {
	cmd := a.family("batch", a.t("批次:列出、撤销", "batches: list, undo"))
	var packName string
	list := &cobra.Command{
		Use:   "list",
		Short: a.t("列出全部批次", "list all batches"),
		Args:  a.args(cobra.NoArgs),
		RunE:  func(*cobra.Command, []string) error { return a.listBatches(packName) },
	}
	list.Flags().StringVar(&packName, "pack", "", a.t("规则包", "rule pack"))
	var reason string
	undo := &cobra.Command{
		Use:   a.t("undo 批次号", "undo BATCH"),
		Short: a.t("撤销一个批次;记录保留,不再计入", "undo a batch; it stays on record and no longer counts"),
		Args:  a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			config, err := a.config()
			if err != nil {
				return err
			}
			db, err := a.open(config)
			if err != nil {
				return err
			}
			defer db.Close()
			if err := db.UndoBatch(a.ctx, args[0], actor(), reason); err != nil {
				return err
			}
			a.say("批次 %s 已撤销。已存的运行不受影响;重新 kaoping run 即按现有数据计算。", "batch %s is undone. Stored runs stay as they are; kaoping run computes with what is there now.", args[0])
			return nil
		},
	}
	undo.Flags().StringVar(&reason, "reason", "", a.t("理由,记入审计", "reason, for the audit trail"))
	cmd.AddCommand(list, undo)
	return cmd
}

func (a *app) listBatches(packName string) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	batches, err := db.Batches(a.ctx, packName)
	if err != nil {
		return err
	}
	library, _ := rules.Load(a.packFolder(config), rules.Options{})
	t := a.newTable(a.t("批次", "batch"), a.t("规则包", "pack"), a.t("目标", "target"), a.t("文件", "file"),
		a.t("行", "rows"), a.t("时间", "at"), a.t("经手", "by"), a.t("状态", "state"))
	alignRight(t, 5)
	for _, b := range batches {
		state := a.t("有效", "live")
		if b.Undone {
			state = a.t("已撤销", "undone")
		}
		t.AppendRow([]any{b.ID, b.Pack, targetName(newestEdition(library, b.Pack), b.Target), b.File, b.Rows, b.At.In(config.location).Format("2006-01-02 15:04:05"), b.By, state})
	}
	t.Render()
	return nil
}
