package reports

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Listing is a table as a page shows it: the same columns, rows and order. Cells
// are words; those of a Right column that read as numbers are written as numbers.
type Listing struct {
	Title   string   // above the table, and the file's title
	Sheet   string   // name of the sheet in a workbook
	Head    []string // lines between the title and the table: period, run, filters
	Columns []ListingColumn
	Rows    [][]string
	Notes   []string
	Made    string // when the run was made, for the file's properties; may be empty
	Lang    engine.Lang
}

// ListingColumn is one column of a listing.
type ListingColumn struct {
	Title string
	Right bool // numbers
	Key   bool // names the row
}

// WriteListing writes a listing in the format "xlsx", "csv", "json" or "html".
func WriteListing(w io.Writer, l *Listing, format string) error {
	switch format {
	case XLSX, HTML, PDF:
		return l.book().write(w, format)
	case CSV:
		return writeCSV(w, l.csv())
	case JSON:
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(l.json())
	}
	return unknownFormat(format)
}

func (l *Listing) book() *book {
	t := &table{empty: engine.Text{ZH: "没有数据。", EN: "There are no rows."}.In(l.Lang)}
	for i, c := range l.Columns {
		t.columns = append(t.columns, column{title: c.Title, right: c.Right, key: c.Key, width: l.width(i)})
	}
	for _, r := range l.Rows {
		t.rows = append(t.rows, row{cells: l.cells(r)})
	}
	s := &sheet{name: l.Sheet, title: l.Title, tables: []*table{t}, notes: l.Notes, freeze: 1, filter: true}
	for _, h := range l.Head {
		s.head = append(s.head, headLine{text: h})
	}
	return &book{lang: l.Lang, title: l.Title, made: l.Made, sheets: []*sheet{s}}
}

// The narrowest and the widest column of a listing, in characters.
const (
	narrowest = 8
	widest    = 44
)

// width is what the longest line of a column needs.
func (l *Listing) width(i int) float64 {
	longest := displayWidth(l.Columns[i].Title)/2 + 2
	for _, r := range l.Rows {
		if i < len(r) {
			for _, part := range strings.Split(r[i], "\n") {
				longest = max(longest, displayWidth(part)+2)
			}
		}
	}
	return float64(min(max(longest, narrowest), widest))
}

func (l *Listing) cells(words []string) []cell {
	cells := make([]cell, len(l.Columns))
	for i := range cells {
		if i < len(words) {
			cells[i] = textCell(words[i])
			if l.Columns[i].Right {
				cells[i] = numberIn(words[i])
			}
		}
	}
	return cells
}

var numberForm = regexp.MustCompile(`^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?$`)

// numberIn reads a shown number back, without a rounding of its own: a spreadsheet
// gets the digits that the page shows. What is no number stays a text.
func numberIn(s string) cell {
	if !numberForm.MatchString(s) {
		return textCell(s)
	}
	plain := strings.TrimPrefix(strings.TrimSuffix(strings.ReplaceAll(s, ",", ""), "%"), "+")
	_, part, _ := strings.Cut(plain, ".")
	c := cell{text: s, number: plain, format: "0" + fraction(len(part)), bad: strings.HasPrefix(s, "-")}
	if strings.Contains(s, ",") { // 2018 may be a year
		c.format = "#,##" + c.format
	}
	if strings.HasPrefix(s, "+") {
		c.format = "+" + c.format + ";-" + c.format + ";" + c.format
	}
	if strings.HasSuffix(s, "%") {
		n, err := exact.Parse(plain)
		if err != nil {
			return textCell(s)
		}
		c.number = n.Quo(exact.Int(100)).Decimal(len(part)+2, exact.HalfUp)
		c.format = "0" + fraction(len(part)) + "%"
	}
	return c
}

func (l *Listing) csv() [][]cell {
	var header []cell
	for _, c := range l.Columns {
		header = append(header, textCell(c.Title))
	}
	rows := [][]cell{header}
	for _, r := range l.Rows {
		cells := l.cells(r)
		for i, c := range cells {
			if strings.HasSuffix(c.format, "%") {
				cells[i] = textCell(c.text) // 98.96% is read as a percentage everywhere
			}
		}
		rows = append(rows, cells)
	}
	return rows
}

type listingJSON struct {
	Title   string     `json:"title"`
	Head    []string   `json:"head,omitempty"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
	Notes   []string   `json:"notes,omitempty"`
}

func (l *Listing) json() listingJSON {
	out := listingJSON{Title: l.Title, Head: l.Head, Notes: l.Notes, Rows: l.Rows, Columns: []string{}}
	for _, c := range l.Columns {
		out.Columns = append(out.Columns, c.Title)
	}
	if out.Rows == nil {
		out.Rows = [][]string{}
	}
	return out
}

// ListingName is the file name of a listing.
func ListingName(l *Listing, ext string, parts ...string) string {
	return fileName(ext, append(parts, l.Sheet)...)
}
