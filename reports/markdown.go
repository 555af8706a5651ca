package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// writeMarkdown writes a book as one page of Markdown with pipe tables, which
// reads well as plain text too.
func writeMarkdown(w io.Writer, b *book) error {
	out := bufio.NewWriter(w)
	for i, s := range b.sheets {
		level := "##"
		if i == 0 {
			level = "#"
		} else {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s %s\n\n", level, marked(s.title))
		if i == 0 { // the other sheets only repeat it for the printer
			for _, h := range s.head {
				fmt.Fprintf(out, "%s  \n", marked(h.text))
			}
			fmt.Fprintln(out)
		}
		for _, t := range s.tables {
			markdownTable(out, t)
		}
		for _, n := range s.notes {
			fmt.Fprintf(out, "\n%s\n", marked(n))
		}
	}
	return out.Flush()
}

func markdownTable(out io.Writer, t *table) {
	titles, rule := make([]string, len(t.columns)), make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i], rule[i] = marked(c.title), "---"
		if c.right {
			rule[i] = "---:"
		}
	}
	fmt.Fprintf(out, "| %s |\n| %s |\n", strings.Join(titles, " | "), strings.Join(rule, " | "))
	for _, r := range t.rows {
		cells := make([]string, len(r.cells))
		for i, c := range r.cells {
			cells[i] = marked(c.text)
			if r.kind != dataRow && cells[i] != "" {
				cells[i] = "**" + cells[i] + "**"
			}
		}
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
	}
}

// markup are the characters that Markdown would take for its own.
var markup = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "`", "\\`", "<", "&lt;", ">", "&gt;", "[", `\[`, "~", `\~`, "#", `\#`, "\n", "<br>", "\t", " ")

// marked makes a text mean itself in Markdown.
func marked(s string) string { return markup.Replace(strings.TrimSpace(clean(s))) }
