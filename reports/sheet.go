package reports

import (
	"io"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// A book is what a workbook and a web page have in common: sheets of tables.
type book struct {
	lang   engine.Lang
	title  string // the file's title
	footer string // printed on every page
	made   string // when the run was made, for the file's properties; may be empty
	marks  string // by which a file is verified, for its properties; may be empty
	sheets []*sheet
}

// write renders the book as "xlsx", "html" or "pdf".
func (b *book) write(w io.Writer, format string) error {
	switch format {
	case HTML:
		return writeHTML(w, b)
	case PDF:
		return writePDF(w, b)
	}
	return writeXLSX(w, b)
}

// sheet is one page: a title, lines of facts, tables, notes.
type sheet struct {
	name, title string
	head        []headLine // rows 2, 3, … above the first table
	tables      []*table
	sign        string   // the line that is signed; empty if none
	notes       []string // small print at the end
	freeze      int      // columns that stay in view
	filter      bool     // the first table can be filtered
	across      bool     // printed over as many pages as its columns need, the frozen ones on each
}

type headLine struct {
	text   string
	banner bool // shaded: the method is not settled
}

// table is a grid with one header. Data rows hold one fact in each cell.
type table struct {
	caption string // empty for the first table, which has the sheet's title
	above   []cell // one row between the head and the header, for full points
	columns []column
	rows    []row
	summary []row  // below a blank row, so that sorting the data leaves them alone
	empty   string // what is said if there are no rows
}

type column struct {
	group  string // spans neighbours of the same group, in a row above the header
	title  string
	width  float64 // in characters; a Chinese one takes two
	right  bool
	center bool
	key    bool // names the row
}

// rowKind is how a row stands out.
type rowKind uint8

const (
	dataRow rowKind = iota
	sectionRow
	totalRow
)

type row struct {
	kind  rowKind
	cells []cell
}

// cell is one fact. A number is kept as a decimal, exactly as rounded, and is
// never turned into binary floating point on its way to the file.
type cell struct {
	text   string // as a person reads it
	number string // plain decimal; empty for a text
	format string // Excel number format of a number
	indent int
	bad    bool // takes points off
}

func textCell(s string) cell { return cell{text: s} }

// lines is a cell of several lines; empty ones and repetitions are left out.
func lines(parts []string) cell {
	var kept []string
	for _, p := range parts {
		if p != "" && !slices.Contains(kept, p) {
			kept = append(kept, p)
		}
	}
	return cell{text: strings.Join(kept, "\n")}
}

func countCell(n int) cell {
	s := exact.Int(int64(n)).String()
	return cell{text: unit.Group(s), number: s, format: "#,##0"}
}

// rowCell is the number of a row in a file, which has no thousands.
func rowCell(n int) cell {
	c := countCell(n)
	c.text, c.format = c.number, "0"
	return c
}

// decimalCell is a number rounded to the decimals.
func decimalCell(n exact.Num, r engine.Rounding) cell {
	s := n.Decimal(r.Decimals, r.Mode)
	format := "#,##0" + fraction(r.Decimals)
	if n.Sign() < 0 {
		return cell{text: unit.Group(s), number: s, format: format + ";[Red]-" + format, bad: true}
	}
	return cell{text: unit.Group(s), number: s, format: format}
}

// signedCell is a difference, with its sign.
func signedCell(n exact.Num, r engine.Rounding) cell {
	s, format := n.Decimal(r.Decimals, r.Mode), "#,##0"+fraction(r.Decimals)
	c := cell{text: unit.Group(s), number: s, format: "+" + format + ";-" + format + ";" + format}
	if n.Round(r.Decimals, r.Mode).Sign() > 0 {
		c.text = "+" + c.text
	}
	return c
}

func fraction(decimals int) string {
	if decimals <= 0 {
		return ""
	}
	return "." + strings.Repeat("0", decimals)
}

// metricCell is a value in its unit, which the header names. A percentage is
// stored as a fraction, so that a spreadsheet computes with it.
func metricCell(p *engine.Pack, u unit.Unit, n exact.Num) cell {
	r := p.MetricRounding(u)
	shown := u.To(n).Round(r.Decimals, r.Mode)
	if !isPercent(u) {
		c := decimalCell(shown, r)
		c.format, c.bad = "#,##0"+fraction(r.Decimals), false
		return c
	}
	return cell{
		text:   unit.Group(shown.Decimal(r.Decimals, r.Mode)) + "%",
		number: u.From(shown).Decimal(r.Decimals+2, r.Mode),
		format: "0" + fraction(r.Decimals) + "%",
	}
}

// rankCell is a rank as a number, so that the column sorts; ties are told by
// the format.
func rankCell(d *Document, rank int, tied bool) cell {
	if rank == 0 {
		return textCell(dash)
	}
	c := countCell(rank)
	c.format = "0"
	if tied {
		word := d.say("并列", "tied ")
		c.text, c.format = word+c.text, `"`+word+`"0`
	}
	return c
}
