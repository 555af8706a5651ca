package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/ingest"
)

func (a *app) countCommand() *cobra.Command {
	var packName, periodText, from, until string
	var headings []string
	var partial, oneRow bool
	cmd := &cobra.Command{
		Use:   a.t("count 登记 文件", "count REGISTER FILE"),
		Short: a.t("直接从文件数出登记的各项统计,不入库;文件多大都不多占内存", "count a register's statistics straight from a file, storing nothing; memory does not grow with the file"),
		Long: a.t("逐格检查与 ingest 相同;有一格有误则不计数。同号的几行算一件;\n文件保证一行一件时加 --one-row-per-key,更快。只用于 UTF-8 的 CSV/TSV。",
			"Every cell is checked as by ingest, and nothing is counted if one is bad. Rows of one key are one case;\nif the file is known to have one row per key, --one-row-per-key is faster. Only for CSV/TSV in UTF-8."),
		Args: a.args(cobra.ExactArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error {
			config, err := a.config()
			if err != nil {
				return err
			}
			options, err := a.ingestOptions("", from, until, headings, partial)
			if err != nil {
				return err
			}
			period, err := a.period(periodText)
			if err != nil {
				return err
			}
			library := a.library(config)
			pack, err := a.packFor(library, packName, args[0])
			if err != nil {
				return err
			}
			if pack, err = findPack(library, pack.Name, period); err != nil {
				return err
			}
			db, err := a.open(config)
			if err != nil {
				return err
			}
			defer db.Close()
			if options.Subjects, err = db.Subjects(a.ctx, pack.Name); err != nil {
				return err
			}
			return a.countFile(pack, args[0], args[1], ingest.CountOptions{Options: options, Periods: []engine.Period{period}, OneRowPerKey: oneRow})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&packName, "pack", "", a.t("规则包;只有一个包含该登记时可省略", "rule pack; may be left out if only one has the register"))
	flags.StringVar(&periodText, "period", "", a.t("数哪个期间", "the period that is counted"))
	flags.StringVar(&from, "from", "", a.t("登记所覆盖的首日", "first day a register file covers"))
	flags.StringVar(&until, "until", "", a.t("登记所覆盖的末日", "last day a register file covers"))
	flags.StringArrayVar(&headings, "map", nil, a.t("文件列名=规则包列名,可多次", "heading in the file=heading in the pack; may be repeated"))
	flags.BoolVar(&partial, "partial", false, a.t("有误的行不计,其余计入", "leave bad rows out and count the rest"))
	flags.BoolVar(&oneRow, "one-row-per-key", false, a.t("声明文件一行一件,不再按编号去重", "declare that the file has one row for each key"))
	return cmd
}

func (a *app) countFile(pack *engine.Pack, register, file string, options ingest.CountOptions) error {
	f, err := os.Open(file)
	if err != nil {
		return fail(exitData, engine.Text{ZH: fmt.Sprintf("打不开 %s:%v。", file, err), EN: fmt.Sprintf("cannot open %s: %v.", file, err)})
	}
	defer f.Close()
	count, report, err := ingest.CountRegister(pack, register, filepath.Base(file), f, options)
	switch {
	case errors.Is(err, ingest.ErrNotStreamed):
		return fail(exitData, engine.Text{
			ZH: fmt.Sprintf("%s 不能边读边数(%v)。请用 kaoping ingest 导入后计算。", file, err),
			EN: fmt.Sprintf("%s: %v. Load it with kaoping ingest and run.", file, err),
		})
	case errors.Is(err, engine.ErrNotFound):
		return unknownTarget(pack, register)
	case err != nil:
		return err
	}
	if err := report.Write(a.stderr, a.lang); err != nil {
		return err
	}
	if count == nil {
		return fail(exitData, engine.Text{
			ZH: fmt.Sprintf("%s 有误,没有计数。修正后重试,或用 --partial 只计无误的行。", file),
			EN: fmt.Sprintf("%s has mistakes and was not counted. Mend it, or use --partial to count the good rows.", file),
		})
	}
	a.printCounts(pack, count, options)
	return nil
}

// printCounts lists the figures, subject by subject.
func (a *app) printCounts(pack *engine.Pack, count *ingest.FileCount, options ingest.CountOptions) {
	names := map[string]string{}
	for _, s := range options.Subjects {
		names[s.Code] = s.Name
	}
	t := a.newTable(a.t("编码", "code"), a.t("公司", "subject"), a.t("统计", "statistic"), a.t("数值", "value"), a.t("单位", "unit"))
	alignRight(t, 4)
	for _, c := range count.Counts {
		for _, s := range pack.Statistics {
			if s.ID == c.Statistic {
				t.AppendRow([]any{c.Subject, names[c.Subject], s.Name, shown(s.Unit.To(c.Sum)), s.Unit.String()})
			}
		}
	}
	t.Render()
	a.say("共 %d 件;没有列出的公司在文件中没有这一期间的记录。没有入库。",
		"%d cases; subjects that are not listed have none of the period in the file. Nothing was stored.", count.Records)
}

func shown(n exact.Num) string { return n.Shortest(mostCountedDecimals) }
