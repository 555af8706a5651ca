package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/rules/diff"
)

func (a *app) diffCommand() *cobra.Command {
	return &cobra.Command{
		Use:   a.t("diff 旧版 新版", "diff OLD NEW"),
		Short: a.t("逐句比较两个版本:改了什么,能否改变得分", "compare two editions in sentences: what changed, and whether it can move scores"),
		Long: a.t(`旧版、新版各是一个规则文件、一个只有一个版本的目录,或“规则包:版本”,如 cn-shanghai-complaint-handling:2022-10-01
(规则包取自工作区,没有工作区时取自程序所带)。

先列改变含义的,按新版的次序;再列含义不变的:注释、键的次序、引号、同一个数的另一种写法。
每处注明影响:可改变得分;可改变处罚、信号或运用;只改测试;只改文字;含义不变。
两边都有测试文件(_test.yaml)时也比较测试;比较单个文件时取同名的 _test.yaml。

退出码:0 含义相同,1 有改动,2 用法有误,3 规则有错误不能比较。`,
			`OLD and NEW are each a rule file, a folder with one edition, or PACK:EDITION, such as cn-shanghai-complaint-handling:2022-10-01
(of the workspace's packs, or of those shipped with the program if there is no workspace).

What changes the meaning comes first, in the order of NEW; then what means the same: comments, order of keys, quotes, another way of writing a number.
Each change says what it can do: can move scores; can change findings (penalties, flags, samples, consequences); tests only; wording only; means the same.
Tests are compared if both sides have test files (_test.yaml); for a single file it is the one beside it.

Exit codes: 0 they mean the same, 1 there are changes, 2 usage, 3 rules with mistakes that cannot be compared.`),
		Args: a.args(cobra.ExactArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error { return a.diff(args[0], args[1]) },
	}
}

func (a *app) diff(old, new string) error {
	before, err := a.edition(old)
	if err != nil {
		return err
	}
	after, err := a.edition(new)
	if err != nil {
		return err
	}
	changes := diff.Compare(before, after)
	if err := a.writeDiff(before.Pack, after.Pack, changes); err != nil {
		return err
	}
	if diff.Strongest(changes) != diff.Neutral {
		return found()
	}
	return nil
}

// diffJSON is what diff prints for programs.
type diffJSON struct {
	Before  editionName   `json:"before"`
	After   editionName   `json:"after"`
	Effect  diff.Effect   `json:"effect"` // the weightiest
	Changes []diff.Change `json:"changes"`
}

type editionName struct {
	Pack    string      `json:"pack"`
	Edition engine.Date `json:"edition"`
	Status  string      `json:"status"`
	Hash    string      `json:"hash"`
}

func nameOfEdition(p *engine.Pack) editionName {
	return editionName{p.Name, p.Edition, p.Status, p.Hash}
}

func (a *app) writeDiff(before, after *engine.Pack, changes []diff.Change) error {
	switch a.format {
	case "", "text":
		fmt.Fprintf(a.stdout, "%s → %s\n", a.editionTitle(before), a.editionTitle(after))
		return diff.WriteText(a.stdout, changes, a.lang)
	case "markdown", "md":
		fmt.Fprintf(a.stdout, "# %s\n\n%s → %s\n\n", after.Title.In(a.lang), a.editionTitle(before), a.editionTitle(after))
		return diff.WriteMarkdown(a.stdout, changes, a.lang)
	case "json":
		if changes == nil {
			changes = []diff.Change{}
		}
		return a.writeJSON(diffJSON{nameOfEdition(before), nameOfEdition(after), diff.Strongest(changes), changes})
	}
	return a.unknownFormat("text, markdown, json")
}

// writeJSON prints a value for programs.
func (a *app) writeJSON(v any) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// editionTitle names an edition with the beginning of its hash: two drafts of one
// edition have the same name.
func (a *app) editionTitle(p *engine.Pack) string {
	return fmt.Sprintf("%s:%s (%s)", p.Name, p.Edition, short(p.Hash))
}

// edition reads one side of a comparison: a file, a folder, or PACK:EDITION.
func (a *app) edition(arg string) (diff.Edition, error) {
	library, pack, err := a.loadEdition(arg)
	if err != nil {
		return diff.Edition{}, err
	}
	return diff.Edition{Pack: pack, Files: library.Files(pack), Tests: library.TestFiles(pack)}, nil
}

// loadEdition loads the only edition of a file or folder, or the one named.
func (a *app) loadEdition(arg string) (*rules.Library, *engine.Pack, error) {
	folder, name, edition, err := a.editionFiles(arg)
	if err != nil {
		return nil, nil, err
	}
	library, diagnostics := rules.Load(folder, rules.Options{})
	var fitting []*engine.Pack
	for _, p := range library.Packs() {
		if name == "" || p.Name == name && p.Edition.String() == edition {
			fitting = append(fitting, p)
		}
	}
	if len(fitting) == 1 {
		return library, fitting[0], nil
	}
	if name != "" {
		return nil, nil, a.noSuchEdition(library, name, edition)
	}
	if len(fitting) == 0 && rules.HasErrors(diagnostics) {
		if err := rules.WriteText(a.stderr, onlyErrors(diagnostics), a.lang); err != nil {
			return nil, nil, err
		}
		return nil, nil, fail(exitData, engine.Text{
			ZH: fmt.Sprintf("%s 有错误,先改正(kaoping check)。", arg),
			EN: fmt.Sprintf("%s has mistakes; mend them first (kaoping check).", arg),
		})
	}
	return nil, nil, notOneEdition(arg, fitting)
}

func notOneEdition(arg string, there []*engine.Pack) error {
	var names []string
	for _, p := range there {
		names = append(names, p.Name+":"+p.Edition.String())
	}
	list := strings.Join(names, ", ")
	if list == "" {
		return fail(exitUsage, engine.Text{ZH: arg + " 里没有规则包。", EN: "there is no rule pack in " + arg + "."})
	}
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("%s 里有几个版本(%s),请只给其中一个的文件。", arg, list),
		EN: fmt.Sprintf("%s holds several editions (%s); name the file of one.", arg, list),
	})
}

func (a *app) noSuchEdition(library *rules.Library, name, edition string) error {
	var editions []string
	for _, p := range library.Packs() {
		if p.Name == name {
			editions = append(editions, p.Edition.String())
		}
	}
	if editions == nil {
		_, err := findPack(library, name, engine.Period{})
		return err
	}
	list := strings.Join(editions, ", ")
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("规则包 %s 没有版本 %s;有:%s。", name, edition, list),
		EN: fmt.Sprintf("pack %s has no edition %s; there is %s.", name, edition, list),
	})
}

// editionFiles finds what an argument names: files, or PACK:EDITION.
func (a *app) editionFiles(arg string) (folder fs.FS, name, edition string, err error) {
	info, statErr := os.Stat(arg)
	switch {
	case statErr == nil && info.IsDir():
		return rules.Folder(arg), "", "", nil
	case statErr == nil:
		return besideTests(arg), "", "", nil
	case !errors.Is(statErr, fs.ErrNotExist):
		return nil, "", "", fail(exitStore, engine.Text{ZH: fmt.Sprintf("读不了 %s:%v", arg, cause(statErr)), EN: fmt.Sprintf("cannot read %s: %v", arg, cause(statErr))})
	}
	if name, edition, ok := strings.Cut(arg, ":"); ok && !strings.ContainsAny(arg, `/\`) {
		folder, err := a.ruleFiles(nil)
		return folder, name, edition, err
	}
	return nil, "", "", fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("没有 %s 这个文件或目录。\n  提示:也可以写 规则包:版本,例如 cn-shanghai-complaint-handling:2022-10-01。", arg),
		EN: fmt.Sprintf("there is no file or folder %s.\n  hint: PACK:EDITION will do too, such as cn-shanghai-complaint-handling:2022-10-01.", arg),
	})
}

// besideTests shows of a folder one rule file, its test file, and the calendars.
func besideTests(file string) fs.FS {
	base := filepath.Base(file)
	extension := filepath.Ext(base)
	chosen := chosenFiles{FS: os.DirFS(filepath.Dir(file)), paths: []string{base, strings.TrimSuffix(base, extension) + "_test" + extension, "calendars"}}
	return chosen
}
