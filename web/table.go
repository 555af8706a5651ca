package web

import (
	"fmt"
	"html/template"
	"mime"
	"net/http"
	"strings"

	"kaoping/engine"
	"kaoping/reports"
)

// deepest is how far a line is indented at most.
const deepest = 4

// table is a table of a page. What it shows is what its files hold.
type table struct {
	ID      string
	Caption string
	Head    []string // lines that a file says above it
	Columns []column
	Rows    []row
	Foot    []row
	Notes   []string
	Empty   string // what is said if there are no rows
	Next    link   // what to do then
	Exports []link
	Class   string
	made    string
}

type column struct {
	Title  string
	Unit   string
	Right  bool
	Center bool
	Key    bool   // names the row
	Sort   string // address that sorts by it
	Sorted string // ascending, descending or empty
	Skip   bool   // not in files: a drawing
	Wide   bool
}

type row struct {
	ID    string
	Class string
	Cells []cell
}

type cell struct {
	Text   string
	Sub    string // small print below
	Href   string
	Title  string
	Class  string
	Indent int
	Lang   string // of words that are not in the page's language
	SVG    template.HTML
	More   []link
}

func txt(s string) cell { return cell{Text: s} }

func linked(s, href string) cell { return cell{Text: s, Href: href} }

// ClassOf is the style of a cell.
func (t *table) ClassOf(i int, c cell) string {
	var list []string
	if i < len(t.Columns) {
		switch col := t.Columns[i]; {
		case col.Right:
			list = append(list, "n")
		case col.Center:
			list = append(list, "c")
		case col.Wide:
			list = append(list, "w")
		}
	}
	if c.Class != "" {
		list = append(list, c.Class)
	}
	if c.Indent > 0 {
		list = append(list, fmt.Sprintf("i%d", min(c.Indent, 4)))
	}
	return strings.Join(list, " ")
}

// Heading is a column's title with its unit.
func (c column) Heading() string {
	if c.Unit == "" {
		return c.Title
	}
	return c.Title + "(" + c.Unit + ")"
}

// listing is the table for a file.
func (t *table) listing(lang engine.Lang) *reports.Listing {
	l := &reports.Listing{Title: t.Caption, Sheet: sheetName(t.Caption), Head: t.Head, Notes: t.Notes, Lang: lang, Made: t.made}
	for _, c := range t.Columns {
		if !c.Skip {
			l.Columns = append(l.Columns, reports.ListingColumn{Title: c.Heading(), Right: c.Right, Key: c.Key})
		}
	}
	for _, rows := range [][]row{t.Rows, t.Foot} {
		for _, r := range rows {
			var words []string
			for i, c := range r.Cells {
				if i < len(t.Columns) && t.Columns[i].Skip {
					continue
				}
				text := c.Text
				if c.Sub != "" {
					text = strings.TrimSpace(text + "\n" + c.Sub)
				}
				words = append(words, text)
			}
			l.Rows = append(l.Rows, words)
		}
	}
	return l
}

// sheetName keeps what a workbook allows as the name of a sheet.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) {
			return ' '
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 30 {
		s = string(r[:30])
	}
	if strings.TrimSpace(s) == "" {
		return "kaoping"
	}
	return strings.TrimSpace(s)
}

var contentTypes = map[string]string{
	reports.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	reports.CSV:  "text/csv; charset=utf-8",
	reports.JSON: "application/json; charset=utf-8",
	reports.HTML: "text/html; charset=utf-8",
	reports.PDF:  "application/pdf",
}

// exportsOf are the links by which a table becomes a file.
func (q *request) exportsOf(t *table) []link {
	if len(t.Rows) == 0 {
		return nil
	}
	var list []link
	for _, format := range []string{reports.XLSX, reports.CSV, reports.JSON} {
		list = append(list, link{Text: strings.ToUpper(format), Href: q.here("export", format, "table", t.ID), Download: true})
	}
	return list
}

// export writes a table of the page as a file.
func (q *request) export(p *page, format string) error {
	if format != reports.XLSX && format != reports.CSV && format != reports.JSON {
		return badRequest("export 只能是 xlsx、csv 或 json。", "export is xlsx, csv or json.")
	}
	for _, t := range p.tables {
		if t.ID != q.query("table") && q.query("table") != "" {
			continue
		}
		l := t.listing(q.lang)
		q.download(reports.ListingName(l, format, p.Where.fileParts()...), format)
		return reports.WriteListing(q.w, l, format)
	}
	return notFound("这一页没有这个表。", "There is no such table on this page.")
}

// fileParts begin the name of a file: period, pack, subject.
func (at place) fileParts() []string {
	if at.Pack == "" {
		return []string{"kaoping"}
	}
	return []string{at.Period.String(), at.Pack, at.Subject}
}

// download sets the headers of a file.
func (q *request) download(name, format string) {
	h := q.w.Header()
	h.Set("Content-Type", contentTypes[format])
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	q.w.WriteHeader(http.StatusOK)
}
