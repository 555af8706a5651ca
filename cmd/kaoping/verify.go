package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/desk"
	"kaoping/internal/verify"
)

// The exit codes of verify: 0 the file fits, exitFindings it differs.
const exitUntold = 2 // it cannot be told

// largestVerified bounds the file that is checked, in bytes.
const largestVerified = 128 << 20

func (a *app) verifyCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify FILE",
		Short: a.t("核验文件:是否出自库中的一次运行,有没有被改动", "check that a file is of a stored run and was not altered"),
		Long: a.t("按文件里的运行编号和校验码找到库中的运行,用库中的结果重新写出同一个文件,逐个单元格比较。\n退出码:0 相符;1 不符;2 无法判断。",
			"Finds the run by the marks in the file, writes the same file again from the store and compares them cell by cell.\nExit codes: 0 it fits; 1 it differs; 2 it cannot be told."),
		Args: a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			switch a.format {
			case "", "text", "json":
			default:
				return a.unknownFormat("text, json")
			}
			r, err := a.verify(args[0])
			if err != nil {
				_, text := a.classify(err)
				return fail(exitUntold, text)
			}
			return a.tellVerified(args[0], r, asJSON || a.format == "json")
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, a.t("以 JSON 输出", "write JSON"))
	return cmd
}

func (a *app) verify(path string) (*verify.Report, error) {
	data, err := readVerified(path)
	if err != nil {
		return nil, err
	}
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	db, err := a.open(config)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return verify.File(a.ctx, &desk.Desk{DB: db, Location: config.location, Version: version()}, data)
}

func readVerified(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fail(exitUntold, engine.Text{
			ZH: fmt.Sprintf("读不了 %s:%v", path, cause(err)),
			EN: fmt.Sprintf("cannot read %s: %v", path, cause(err)),
		})
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, largestVerified+1))
	if err == nil && len(data) > largestVerified {
		err = fail(exitUntold, engine.Text{
			ZH: fmt.Sprintf("%s 大于 128 MiB,不会是本程序写出的评分卡或排名。", path),
			EN: fmt.Sprintf("%s is larger than 128 MiB: no scorecard or ranking of this program is.", path),
		})
	}
	return data, err
}

func (a *app) tellVerified(path string, r *verify.Report, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			return err
		}
	} else {
		a.printVerified(path, r)
	}
	switch r.Verdict {
	case verify.Fits:
		return nil
	case verify.Differs:
		return found()
	}
	return fail(exitUntold, engine.Text{})
}

// shownDifferences is how many differences are printed; JSON has all of them.
const shownDifferences = 20

func (a *app) printVerified(path string, r *verify.Report) {
	switch r.Verdict {
	case verify.Fits:
		fmt.Fprintf(a.stdout, a.t("相符:%s 的内容与库中的结果一致,核对了 %d 处。\n", "fits: %s says what the store holds, %d places compared.\n"), path, r.Compared)
	case verify.Differs:
		fmt.Fprintf(a.stdout, a.t("不符:%s 与库中的结果有 %d 处不同。\n", "differs: %s is not what the store holds, places that differ: %d.\n"), path, len(r.Differences))
	default:
		fmt.Fprintf(a.stdout, a.t("无法判断:%s\n", "cannot be told: %s\n"), path)
	}
	for i, d := range r.Differences {
		if i == shownDifferences {
			fmt.Fprintf(a.stdout, a.t("  还有 %d 处,见 --json\n", "  and %d more, see --json\n"), len(r.Differences)-i)
			break
		}
		fmt.Fprintf(a.stdout, a.t("  %s:库中为 %s,文件中为 %s\n", "  %s: %s in the store, %s in the file\n"), d.Place, a.orNothing(d.Stored), a.orNothing(d.File))
	}
	if r.Run != "" {
		fmt.Fprintf(a.stdout, a.t("%s %s · %s %s · 规则版本 %s(%s)· 运行 %s 第 %d 版 · 校验码 %s\n", "%s %s · %s %s · edition %s (%s) · run %s revision %d · check code %s\n"),
			a.documentWord(r.Document), r.About, r.Pack, r.Period, r.Edition, short(r.Hash), r.Run, r.Revision, r.CheckCode)
	}
	if r.Newest > r.Revision {
		fmt.Fprintf(a.stdout, a.t("提示:这一期已有第 %d 版运行。\n", "note: this period has been run again since, the newest revision is %d.\n"), r.Newest)
	}
	if !r.Why.IsZero() {
		fmt.Fprintln(a.stdout, r.Why.In(a.lang))
	}
}

func (a *app) documentWord(document string) string {
	if document == "ranking" {
		return a.t("排名", "ranking")
	}
	return a.t("评分卡", "scorecard")
}

func (a *app) orNothing(s string) string {
	if s == "" {
		return a.t("(空)", "(nothing)")
	}
	return s
}
