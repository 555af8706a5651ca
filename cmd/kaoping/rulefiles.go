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
	"kaoping/rules"
	"kaoping/rules/packs"
)

func (a *app) checkCommand() *cobra.Command {
	var sources, period string
	var data bool
	cmd := &cobra.Command{
		Use:   a.t("check [路径…]", "check [PATH…]"),
		Short: a.t("检查规则包,一次列出全部问题", "check rule packs and list all mistakes at once"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.check(args, sources, data, period)
		},
	}
	cmd.Flags().StringVar(&sources, "sources", "", a.t("制度原文所在目录,用来核对引文", "folder of the source texts, to compare quotes with"))
	cmd.Flags().BoolVar(&data, "data", false, a.t("并用工作目录里的数据核对:谁都得满分或零分的指标,总是或从不成立的条件", "also compare with the data of the workspace: indicators on which all got full or no points, conditions that always or never hold"))
	cmd.Flags().StringVar(&period, "period", "", a.t("只用这一期间的数据,如 2025H1;默认为最近运行过的 8 个期间", "use the data of this period only, such as 2025H1; by default the 8 newest that were run"))
	return cmd
}

func (a *app) check(args []string, sources string, data bool, period string) error {
	options := rules.Options{}
	if sources != "" {
		if err := a.needFolder(sources); err != nil {
			return err
		}
		options.Sources = rules.Folder(sources)
	}
	folder, err := a.ruleFiles(args)
	if err != nil {
		return err
	}
	library, diagnostics := rules.Load(folder, options)
	switch {
	case data && rules.HasErrors(diagnostics):
		a.say("有错误,先改正;数据在没有错误时才核对。", "there are mistakes: mend them first; data are compared when there are none.")
	case data:
		found, err := a.checkData(library, period)
		if err != nil {
			return err
		}
		diagnostics = rules.Sort(append(diagnostics, found...))
	}
	if err := a.writeDiagnostics(diagnostics); err != nil {
		return err
	}
	if rules.HasErrors(diagnostics) {
		return found()
	}
	a.say("%d 个规则包版本,没有错误。", "no errors in the packs (editions: %d).", len(library.Packs()))
	return nil
}

func (a *app) writeDiagnostics(diagnostics []rules.Diagnostic) error {
	switch a.format {
	case "", "text":
		return rules.WriteText(a.stdout, diagnostics, a.lang)
	case "json":
		return rules.WriteJSON(a.stdout, diagnostics)
	case "sarif":
		return rules.WriteSARIF(a.stdout, diagnostics, a.lang)
	}
	return a.unknownFormat("text, json, sarif")
}

// onlyErrors keeps what makes a pack unusable, for commands that are not check.
func onlyErrors(diagnostics []rules.Diagnostic) []rules.Diagnostic {
	var errors []rules.Diagnostic
	for _, d := range diagnostics {
		if d.Level == rules.LevelError {
			errors = append(errors, d)
		}
	}
	return errors
}

func (a *app) testCommand() *cobra.Command {
	var cover bool
	var boundaries string
	cmd := &cobra.Command{
		Use:   a.t("test [路径…]", "test [PATH…]"),
		Short: a.t("执行规则包旁的 _test.yaml", "run the _test.yaml beside the packs"),
		RunE: func(_ *cobra.Command, args []string) error {
			folder, err := a.ruleFiles(args)
			if err != nil {
				return err
			}
			library, diagnostics := rules.Load(folder, rules.Options{})
			if rules.HasErrors(diagnostics) {
				if err := a.writeDiagnostics(onlyErrors(diagnostics)); err != nil {
					return err
				}
				return found()
			}
			if boundaries != "" {
				return a.writeBoundaries(library, boundaries)
			}
			report := rules.Test(library, rules.TestOptions{Now: time.Now, Cover: cover})
			if err := a.writeTests(report); err != nil {
				return err
			}
			if report.Failed() > 0 {
				return found()
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&cover, "cover", false, a.t("并列出没有测试用到的档次、端点、扣分行和缺数处理", "also list the bands, ends, case lines and policies that no test reaches"))
	cmd.Flags().StringVar(&boundaries, "write-boundaries", "", a.t("不执行测试,而是建议边界行:显示出来,或写成该目录里的新文件", "instead of running tests propose boundary rows: on the screen, or as new files in that folder"))
	cmd.Flags().Lookup("write-boundaries").NoOptDefVal = toScreen
	return cmd
}

func (a *app) writeTests(report *rules.TestReport) error {
	switch a.format {
	case "", "text":
		if err := report.Write(a.stdout, a.lang); err != nil {
			return err
		}
		return report.WriteCoverage(a.stdout, a.lang)
	case "json":
		return report.WriteJSON(a.stdout)
	}
	return a.unknownFormat("text, json")
}

// ruleFiles is the tree of the named files and folders; without a name it is
// the workspace's packs, or those shipped with the program.
func (a *app) ruleFiles(args []string) (fs.FS, error) {
	if len(args) == 0 {
		if _, err := os.Stat(a.configPath); err != nil {
			return packs.FS, nil
		}
		c, err := a.config()
		return a.packFolder(c), err
	}
	if len(args) == 1 {
		if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
			return rules.Folder(args[0]), nil
		}
	}
	chosen := chosenFiles{FS: rules.Folder(".")}
	for _, arg := range args {
		if _, err := os.Stat(arg); err != nil {
			return nil, fail(exitUsage, engine.Text{
				ZH: fmt.Sprintf("没有 %s 这个文件或目录。", arg),
				EN: fmt.Sprintf("there is no file or folder %s.", arg),
			})
		}
		relative, err := relativeToHere(arg)
		if err != nil {
			return nil, err
		}
		chosen.paths = append(chosen.paths, relative)
	}
	return chosen, nil
}

// relativeToHere turns an argument into a path below the current folder.
func relativeToHere(arg string) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	full, err := filepath.Abs(arg)
	if err != nil {
		return "", err
	}
	relative, err := filepath.Rel(here, full)
	if err != nil || strings.HasPrefix(relative, "..") {
		return "", fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("%s 不在当前目录之下;请只给一个目录,或先进入其上级目录。", arg),
			EN: fmt.Sprintf("%s is not below the current folder; name a single folder, or go to one above it.", arg),
		})
	}
	return filepath.ToSlash(relative), nil
}

// chosenFiles shows only some files and folders of a tree.
type chosenFiles struct {
	fs.FS
	paths []string
}

// Stat describes a file without opening it.
func (c chosenFiles) Stat(name string) (fs.FileInfo, error) { return fs.Stat(c.FS, name) }

// ReadDir lists what leads to, or is below, a chosen path.
func (c chosenFiles) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(c.FS, name)
	var kept []fs.DirEntry
	for _, entry := range entries {
		if c.shows(path.Join(name, entry.Name())) {
			kept = append(kept, entry)
		}
	}
	return kept, err
}

func (c chosenFiles) shows(name string) bool {
	for _, p := range c.paths {
		if p == "." || p == name || strings.HasPrefix(name, p+"/") || strings.HasPrefix(p, name+"/") {
			return true
		}
	}
	return false
}

func (a *app) needFolder(dir string) error {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("没有目录 %s。", dir),
			EN: fmt.Sprintf("there is no folder %s.", dir),
		})
	}
	return nil
}
