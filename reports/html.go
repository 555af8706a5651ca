package reports

import (
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"

	"kaoping/engine"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// The page's own view of a book: everything is text by now.

type htmlPage struct {
	Lang, Title, Heading, Footer string
	Skip, Contents               string
	Sheets                       []htmlSheet
}

type htmlSheet struct {
	ID, Name, Title string
	Head            []htmlLine
	Tables          []htmlTable
	Sign            string
	Notes           []string
}

type htmlLine struct {
	Text   string
	Banner bool
}

type htmlTable struct {
	Caption string
	Groups  []htmlGroup
	Columns []htmlCell
	Widths  []int       // percent; empty if the browser decides
	Bodies  [][]htmlRow // the data, then the rows below it
	Empty   string
	Span    int
}

type htmlGroup struct {
	Title string
	Span  int
}

type htmlRow struct {
	Class string
	Cells []htmlCell
}

type htmlCell struct {
	Text  string
	Class string
	Key   bool
}

// writeHTML writes one page that needs nothing from anywhere else.
func writeHTML(w io.Writer, b *book) error {
	lang, skip, contents := "zh-CN", "跳到正文", "目录"
	if b.lang == engine.English {
		lang, skip, contents = "en", "Skip to content", "Contents"
	}
	page := htmlPage{Lang: lang, Title: clean(b.title), Heading: clean(b.sheets[0].title), Footer: clean(b.footer), Skip: skip, Contents: contents}
	for i, s := range b.sheets {
		page.Sheets = append(page.Sheets, htmlOf(i, s))
	}
	return pageTemplate.Execute(w, page)
}

func htmlOf(i int, s *sheet) htmlSheet {
	out := htmlSheet{ID: fmt.Sprintf("s%d", i+1), Name: clean(s.name), Title: clean(s.title), Sign: s.sign}
	for _, h := range s.head {
		out.Head = append(out.Head, htmlLine{clean(h.text), h.banner})
	}
	for _, t := range s.tables {
		out.Tables = append(out.Tables, htmlTableOf(t, s.title))
	}
	for _, n := range s.notes {
		out.Notes = append(out.Notes, clean(n))
	}
	return out
}

func htmlTableOf(t *table, title string) htmlTable {
	out := htmlTable{Caption: clean(t.caption), Empty: t.empty, Span: len(t.columns), Groups: htmlGroups(t)}
	if out.Caption == "" {
		out.Caption = clean(title)
	}
	total := 0.0
	for _, c := range t.columns {
		out.Columns = append(out.Columns, htmlCell{Text: clean(c.title)})
		total += c.width
	}
	for _, c := range t.columns {
		if total > 0 {
			out.Widths = append(out.Widths, int(100*c.width/total))
		}
	}
	var data []row
	if t.above != nil {
		data = append(data, row{kind: sectionRow, cells: t.above})
	}
	for _, rows := range [][]row{append(data, t.rows...), t.summary} {
		if body := htmlRows(rows, t.columns); body != nil {
			out.Bodies = append(out.Bodies, body)
		}
	}
	if len(t.rows) > 0 {
		out.Empty = ""
	}
	return out
}

// htmlGroups is the upper level of the header; empty if there is none.
func htmlGroups(t *table) []htmlGroup {
	if !grouped(t) {
		return nil
	}
	var out []htmlGroup
	for i, c := range t.columns {
		if i > 0 && c.group == t.columns[i-1].group {
			out[len(out)-1].Span++
			continue
		}
		out = append(out, htmlGroup{clean(c.group), 1})
	}
	return out
}

func htmlRows(rows []row, columns []column) []htmlRow {
	var out []htmlRow
	for _, r := range rows {
		h := htmlRow{Class: [...]string{dataRow: "", sectionRow: "section", totalRow: "total"}[r.kind]}
		for i, c := range r.cells {
			h.Cells = append(h.Cells, htmlCell{Text: clean(c.text), Class: classOf(c, columns[i]), Key: columns[i].key})
		}
		out = append(out, h)
	}
	return out
}

func classOf(c cell, of column) string {
	class := ""
	switch {
	case of.right:
		class = "n"
	case of.center:
		class = "c"
	}
	if c.bad {
		class += " bad"
	}
	if c.indent > 0 {
		class += fmt.Sprintf(" i%d", c.indent)
	}
	return class
}
