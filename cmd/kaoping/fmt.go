package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/rules"
)

// formatting is one run of kaoping fmt.
type formatting struct {
	*app
	check, diff bool
	broken      int // files that cannot be read as rules
	changed     int // files whose keys are not in order
}

func (a *app) fmtCommand() *cobra.Command {
	f := &formatting{app: a}
	cmd := &cobra.Command{
		Use:   a.t("fmt [路径…]", "fmt [PATH…]"),
		Short: a.t("整理规则文件:每一项内部的关键字按固定顺序排列", "put the keys inside each item of the rule files into their order"),
		Long: a.t("只调整每一项内部关键字的先后;各项的顺序(随制度原文)、注释、空行、{ } 里的写法都不变,含义不变。\n路径写 - 时从标准输入读、写到标准输出。不写路径时整理工作目录的规则包。",
			"Moves keys inside one item only. Items (they follow the regulation), comments, blank lines and lines in { } stay, and so does the meaning.\nWith - it reads standard input and writes standard output. Without a path it takes the packs of the workspace."),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] == "-" {
				return f.stream(cmd.InOrStdin())
			}
			return f.files(args)
		},
	}
	cmd.Flags().BoolVar(&f.check, "check", false, a.t("只列出需要整理的文件,不写;有则退出码为 1", "only list the files that are not in order, exit code 1 if there are any"))
	cmd.Flags().BoolVar(&f.diff, "diff", false, a.t("只显示会改什么,不写", "only show what would change"))
	return cmd
}

// stream formats standard input.
func (f *formatting) stream(in io.Reader) error {
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	out, ok := f.format("<stdin>", data)
	switch {
	case !ok:
		return found()
	case f.check || f.diff:
		return f.end(f.show("<stdin>", data, out))
	}
	_, err = f.stdout.Write(out)
	return err
}

// files formats all files below the paths; one that cannot be read does not keep
// the others from it.
func (f *formatting) files(args []string) error {
	if len(args) == 0 {
		c, err := f.config()
		if err != nil {
			return err
		}
		args = []string{c.Packs}
	}
	for _, arg := range args {
		names, err := ruleFilesBelow(arg)
		if err != nil {
			return fail(exitUsage, engine.Text{
				ZH: fmt.Sprintf("读不到 %s:%v。", arg, cause(err)),
				EN: fmt.Sprintf("cannot read %s: %v.", arg, cause(err)),
			})
		}
		for _, name := range names {
			if err := f.file(name); err != nil {
				return err
			}
		}
	}
	return f.end(nil)
}

// end says how a run ends.
func (f *formatting) end(err error) error {
	if err == nil && (f.broken > 0 || f.check && f.changed > 0) {
		return found()
	}
	return err
}

// ruleFilesBelow lists a file, or the YAML files below a folder.
func ruleFilesBelow(root string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch ext := filepath.Ext(name); {
		case err != nil:
			return err
		case d.IsDir() && name != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case !d.IsDir() && (name == root || ext == ".yaml" || ext == ".yml"):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func (f *formatting) file(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	out, ok := f.format(name, data)
	if !ok || bytes.Equal(data, out) {
		return nil
	}
	if f.check || f.diff {
		return f.show(name, data, out)
	}
	if err := replaceFile(name, out); err != nil {
		return err
	}
	fmt.Fprintln(f.stdout, name)
	return nil
}

// format prints why a file cannot be read, if so.
func (f *formatting) format(name string, data []byte) ([]byte, bool) {
	out, diagnostics := rules.Format(filepath.ToSlash(name), data)
	if out == nil {
		f.broken++
		rules.WriteText(f.stdout, onlyErrors(diagnostics), f.lang)
		return nil, false
	}
	return out, true
}

// show says what formatting would change: the name of the file, or the lines.
func (f *formatting) show(name string, before, after []byte) error {
	if bytes.Equal(before, after) {
		return nil
	}
	f.changed++
	if f.diff {
		return writeLineDiff(f.stdout, name, before, after)
	}
	_, err := fmt.Fprintln(f.stdout, name)
	return err
}

// replaceFile gives a file new contents whole or not at all, and keeps its mode. Of
// a link the file that it leads to is replaced.
func replaceFile(name string, data []byte) error {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	return wroteFile(name, writeAside(target, info.Mode().Perm(), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}))
}

// contextLines is how many unchanged lines a diff shows around changed ones.
const contextLines = 3

// writeLineDiff writes a unified diff of two texts with the same number of lines.
func writeLineDiff(w io.Writer, name string, before, after []byte) error {
	a, b := diffLines(before), diffLines(after)
	var out strings.Builder
	fmt.Fprintf(&out, "--- %s\n+++ %s\n", name, name)
	for i := 0; i < len(a); i++ {
		if a[i] == b[i] {
			continue
		}
		from, to := i, lastChange(a, b, i)+1
		writeHunk(&out, a, b, from, to)
		i = min(to+contextLines, len(a)) - 1
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// diffLines cuts a text into lines and marks a last one that does not end.
func diffLines(data []byte) []string {
	lines := strings.SplitAfter(string(data), "\n")
	if last := len(lines) - 1; lines[last] == "" {
		return lines[:last]
	} else if last >= 0 {
		lines[last] += "\n\\ No newline at end of file\n"
	}
	return lines
}

// lastChange returns the last changed line of the hunk that begins at i: changes
// closer than twice the context are one hunk.
func lastChange(a, b []string, i int) int {
	last := i
	for j := i; j < len(a) && j <= last+2*contextLines; j++ {
		if a[j] != b[j] {
			last = j
		}
	}
	return last
}

func writeHunk(out *strings.Builder, a, b []string, from, to int) {
	begin, end := max(from-contextLines, 0), min(to+contextLines, len(a))
	fmt.Fprintf(out, "@@ -%d,%d +%d,%d @@\n", begin+1, end-begin, begin+1, end-begin)
	for i := begin; i < from; i++ {
		out.WriteString(" " + a[i])
	}
	for i := from; i < to; {
		next := i
		for next < to && (a[next] == b[next]) == (a[i] == b[i]) {
			next++
		}
		if a[i] == b[i] {
			out.WriteString(" " + strings.Join(a[i:next], " "))
		} else {
			out.WriteString("-" + strings.Join(a[i:next], "-") + "+" + strings.Join(b[i:next], "+"))
		}
		i = next
	}
	for i := to; i < end; i++ {
		out.WriteString(" " + a[i])
	}
}
