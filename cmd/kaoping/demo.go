package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/official"
	"kaoping/rules"
	"kaoping/store"
)

// demoRun is one pack of the demonstration and the periods it is run for.
type demoRun struct {
	pack    string
	what    engine.Text
	periods []string
	cards   bool // write scorecards too
	top     int  // print only so many rows of the last ranking; 0 prints all rankings
}

var demoRuns = []demoRun{
	{
		pack:    "us-ny-auto-complaint-ranking",
		what:    engine.Text{ZH: "真实数据:纽约州金融服务局公布的汽车保险投诉,2009–2018", EN: "real figures: automobile complaints published by New York State, 2009-2018"},
		periods: years(2009, 2018), top: 10,
	},
	{
		pack:    "cn-shanghai-complaint-handling",
		what:    engine.Text{ZH: "虚构数据:上海 8 家财险公司、6 家人身险公司及其案件登记", EN: "invented data: eight property and six life insurers in Shanghai with their case registers"},
		periods: []string{"2024H1", "2024", "2025H1"}, cards: true,
	},
}

func years(from, to int) []string {
	var list []string
	for y := from; y <= to; y++ {
		list = append(list, fmt.Sprint(y))
	}
	return list
}

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   a.t("demo [目录]", "demo [DIR]"),
		Short: a.t("演示:真实与虚构数据从导入到评分卡", "demonstration: from data to scorecards, real and invented"),
		Args:  a.args(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			dir := "kaoping-demo"
			if len(args) == 1 {
				dir = args[0]
			}
			return a.demo(dir)
		},
	}
}

// demo makes a workspace, loads what ships with the program, runs every period
// and writes the files. Running it again in the same folder changes nothing.
func (a *app) demo(dir string) error {
	started := time.Now()
	lang := a.lang
	a.configPath = filepath.Join(dir, "config.yaml")
	if err := a.makeDemoWorkspace(dir); err != nil {
		return err
	}
	config, err := a.config()
	if err != nil {
		return err
	}
	a.lang = lang
	library := a.library(config)
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	p := a.newProgress()
	files := 0
	for _, run := range demoRuns {
		n, err := a.demoPack(db, library, config, run, p)
		if err != nil {
			return err
		}
		files += n
	}
	if err := a.demoOfficial(config); err != nil {
		return err
	}
	a.demoNext(dir, config, files, time.Since(started))
	return nil
}

func (a *app) makeDemoWorkspace(dir string) error {
	config, err := loadConfig(a.configPath)
	if err != nil {
		return a.makeWorkspace(dir)
	}
	if _, err := os.Stat(config.Packs); err != nil {
		return copyPacks(config.Packs)
	}
	return nil
}

// demoPack loads the data of one pack, runs its periods and exports them. It
// returns how many files were written.
func (a *app) demoPack(db *store.DB, library *rules.Library, config Config, run demoRun, p *progress) (int, error) {
	newest := newestEdition(library, run.pack)
	if newest == nil {
		_, err := findPack(library, run.pack, engine.Period{})
		return 0, err
	}
	a.say("\n%s\n%s", "\n%s\n%s", newest.Title.In(a.lang), run.what.In(a.lang))
	if err := a.demoLoad(db, newest, config, p); err != nil {
		return 0, err
	}
	files := 0
	for i, text := range run.periods {
		p.step(a.t("计算", "scoring"), run.pack+" "+text)
		period, err := a.period(text)
		if err != nil {
			return files, err
		}
		s, err := a.demoScore(db, library, run.pack, period)
		if err != nil {
			return files, err
		}
		if run.top == 0 || i == len(run.periods)-1 {
			p.clear()
			if err := a.printRankings(s.pack, s.result, "", run.top); err != nil {
				return files, err
			}
		}
		n, err := a.demoExport(db, s, config, run.cards, p)
		if err != nil {
			return files, err
		}
		files += n
	}
	p.clear()
	return files, nil
}

func (a *app) demoScore(db *store.DB, library *rules.Library, name string, period engine.Period) (*assessment, error) {
	pack, err := findPack(library, name, period)
	if err != nil {
		return nil, err
	}
	if _, _, err := a.score(db, library, pack, period, time.Now()); err != nil {
		return nil, err
	}
	return a.reopen(db, name, period, 0)
}

// demoExport writes the rankings, and for the invented companies the scorecards.
func (a *app) demoExport(db *store.DB, s *assessment, config Config, cards bool, p *progress) (int, error) {
	p.step(a.t("导出", "writing"), s.pack.Name+" "+s.run.Period.String())
	d, err := a.document(db, s, config)
	if err != nil {
		return 0, err
	}
	paths, err := a.exportRankings(d, s, "", config.Output, []string{"xlsx", "csv"})
	if err != nil || !cards {
		return len(paths), err
	}
	more, err := a.exportScorecards(d, s, "", config.Output, []string{"xlsx", "html"})
	return len(paths) + len(more), err
}

// demoLoad loads the CSV files of a pack's data folder: who is assessed first,
// then everything the pack has a place for.
func (a *app) demoLoad(db *store.DB, pack *engine.Pack, config Config, p *progress) error {
	folder := path.Join(pack.Name, "data")
	entries, err := fs.ReadDir(a.packFolder(config), folder)
	if err != nil {
		return fmt.Errorf("read the data of %s: %w", pack.Name, err)
	}
	for _, target := range ingest.Targets(pack) {
		for _, entry := range entries {
			if targetOf(pack, entry.Name()) != target {
				continue
			}
			p.step(a.t("导入", "loading"), entry.Name())
			file := filepath.Join(config.Packs, filepath.FromSlash(folder), entry.Name())
			info, report, err := a.storeFile(db, pack, target, file, ingest.Options{})
			p.clear()
			if err != nil {
				if report != nil {
					report.Write(a.stderr, a.lang)
				}
				return err
			}
			a.say("  %s:%d 行 → 批次 %s", "  %s: %d rows → batch %s", entry.Name(), info.Rows, info.ID)
		}
	}
	return nil
}

// targetOf says which feed or register a file of a data folder is for: the one
// an official table reads, or the one with the file's name.
func targetOf(pack *engine.Pack, file string) string {
	for _, o := range pack.Official {
		if path.Base(o.File) == file {
			return o.Feed
		}
	}
	return ingest.TargetID(pack, strings.TrimSuffix(file, path.Ext(file)))
}

// demoOfficial says how many published rows were reproduced.
func (a *app) demoOfficial(config Config) error {
	a.say("\n与官方公布的结果逐行核对", "\ncompared with the published results, row for row")
	report, err := official.Verify(a.ctx, a.packFolder(config), "")
	if err != nil {
		return err
	}
	return report.Write(a.stdout, a.lang, false)
}

// demoNext prints commands that work as they stand where the demonstration was
// started.
func (a *app) demoNext(dir string, config Config, files int, took time.Duration) {
	a.say("\n用时 %.1f 秒;%d 个文件在 %s",
		"\ntook %.1f s; %d files are in %s", took.Seconds(), files, config.Output)
	a.say("下一步:", "next:")
	shanghai := "--pack cn-shanghai-complaint-handling --period 2025H1"
	for _, next := range []struct{ command, zh, en string }{
		{"explain " + shanghai + " --subject PA01 --item 投诉件处理及时率", "这 9.48 分从何而来", "where those 9.48 points come from"},
		{"show " + shanghai + " --subject PG07", "没有车险业务的公司怎么算", "how a company without motor business is scored"},
		{"rank --pack us-ny-auto-complaint-ranking --period 2018", "真实排名", "the real ranking"},
		{"check", "改一改 " + config.Packs + " 里的规则,再检查", "after changing a rule in " + config.Packs},
		{"verify-official --verbose", "每一行不同及其原因", "every row that differs, and why"},
	} {
		fmt.Fprintf(a.stderr, "  %s --config %s %s\n      %s\n", programName(), filepath.Join(dir, "config.yaml"), next.command, a.t(next.zh, next.en))
	}
}

// programName is what a person typed to start this program.
func programName() string {
	name := os.Args[0]
	if strings.Contains(name, "go-build") {
		return "go run ./cmd/kaoping"
	}
	return name
}
