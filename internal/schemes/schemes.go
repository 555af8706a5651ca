// Package schemes knows every scheme, scored item, time limit and consequence
// of the source documents, and finds the line of a rule pack that carries it:
// packs name the row in a comment, as in
//
//   - indicator: 投诉件处理及时率     # M-N3
package schemes

import (
	"bufio"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"kaoping/engine"
)

// Row is one line of the catalogue of the source documents.
type Row struct {
	ID     string // M-01-Q1, T-08, P-02 or RP-03
	Scheme string // RP-01, RP-02
	Item   string // in Chinese, with an English gloss
	Quote  string // verbatim; may be empty
	Place  string // document and line: 002 L532
}

// Line is a line of a pack that names a row.
type Line struct {
	File   string // cn-claims-complaint-limits/2022-01-01.yaml
	Number int    // from 1
}

//go:embed catalogue.tsv
var catalogue string

// Rows lists the catalogue in its order.
func Rows() []Row {
	var rows []Row
	for line := range strings.Lines(catalogue) {
		c := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		rows = append(rows, Row{c[0], c[1], c[2], c[3], c[4]})
	}
	return rows[1:] // the first is the heading
}

var mark = regexp.MustCompile(`\b(?:M|T|P|RP)-[0-9A-Z]+(?:-[0-9A-Z]+[a-z]?)?\b`)

// Find returns, for each id, the lines of packs that name it in a comment.
// Tests of packs do not count.
func Find(packs fs.FS) (map[string][]Line, error) {
	found := map[string][]Line{}
	err := fs.WalkDir(packs, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" || strings.HasSuffix(name, "_test.yaml") {
			return err
		}
		data, err := fs.ReadFile(packs, name)
		if err != nil {
			return err
		}
		findIn(name, data, found)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find the rows of the catalogue: %w", err)
	}
	return found, nil
}

func findIn(name string, data []byte, found map[string][]Line) {
	s := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; s.Scan(); n++ {
		_, comment, ok := strings.Cut(s.Text(), "#")
		if !ok {
			continue
		}
		for _, id := range mark.FindAllString(comment, -1) {
			at := Line{name, n}
			if !slices.Contains(found[id], at) {
				found[id] = append(found[id], at)
			}
		}
	}
}

var headings = engine.Text{
	ZH: "# 制度与规则包对照表\n\n" +
		"五份原文中的每个制度（RP）、每个计分或核查事项（M）、时限（T）和奖惩（P），以及承载它的规则包行。本表由 `go test ./internal/schemes -update` 生成，" +
		"规则包在行末注释中写明编号。出处如 `002 L532` 指原文 002 第 532 行；没有行号的原文是一整行。\n",
	EN: "# Schemes and the packs that carry them\n\n" +
		"Every scheme (RP), scored or checked item (M), time limit (T) and consequence (P) of the five source documents, with the line of the rule pack that carries it. " +
		"The table is made by `go test ./internal/schemes -update` from the ids in the packs' comments. A place such as `002 L532` is line 532 of document 002; documents without line numbers are one line.\n",
}

var parts = []struct {
	prefix  string
	heading engine.Text
}{
	{"RP-", engine.Text{ZH: "制度", EN: "Schemes"}},
	{"M-", engine.Text{ZH: "计分与核查事项", EN: "Scored and checked items"}},
	{"T-", engine.Text{ZH: "时限", EN: "Time limits"}},
	{"P-", engine.Text{ZH: "奖惩与后果", EN: "Penalties, rewards and consequences"}},
}

// Write writes the table as Markdown. base is the way from the document to the
// folder of the packs.
func Write(w io.Writer, found map[string][]Line, base string, lang engine.Lang) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, headings.In(lang))
	for _, p := range parts {
		fmt.Fprintf(out, "\n## %s\n\n%s\n|---|---|---|---|---|\n", p.heading.In(lang), engine.Text{
			ZH: "| 编号 | 事项 | 原文 | 出处 | 规则包 |",
			EN: "| Id | Item | Text | Place | Pack |"}.In(lang))
		for _, r := range Rows() {
			if strings.HasPrefix(r.ID, p.prefix) {
				fmt.Fprintf(out, "| %s | %s | %s | %s | %s |\n", r.ID, r.Item, r.Quote, r.Place, links(found[r.ID], base))
			}
		}
	}
	return out.Flush()
}

// links names at most three lines: the first is where the row belongs.
func links(lines []Line, base string) string {
	var out []string
	for _, l := range lines[:min(len(lines), 3)] {
		out = append(out, fmt.Sprintf("[%s:%d](%s#L%d)", path.Dir(l.File), l.Number, path.Join(base, l.File), l.Number))
	}
	return strings.Join(out, " ")
}
