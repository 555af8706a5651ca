package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// maxReturned is how many cells of a CSV are written back as a workbook, and
// maxComments how many of the bad ones get a comment; the rest are red only.
const (
	maxReturned = 2_000_000
	maxComments = 5_000
)

// ErrCannotReturn says that a file cannot be written back as a workbook: it is no
// workbook that can be read, or too large for one.
var ErrCannotReturn = errors.New("file cannot be written back as a workbook")

// returned is a file that is given back with its mistakes marked.
type returned struct {
	book   *excelize.File
	red    map[int]int // style of a cell → the same in red
	sheet  string      // of a CSV
	rowsOf map[int]int // line of a CSV → row
}

// WriteErrors writes the file back as a workbook in which bad cells are red and
// have a comment that says what is wrong. What concerns a row stands in its first
// cell, what concerns the file in A1.
func WriteErrors(w io.Writer, src Source, report *Report, lang engine.Lang) error {
	r := &returned{red: map[int]int{}}
	var err error
	switch {
	case isWorkbook(src.Data):
		err = r.openBook(src.Data)
	case formatOf(src) != "csv":
		err = ErrCannotReturn
	default:
		err = r.fromText(src.Data)
	}
	if err != nil {
		return err
	}
	defer r.book.Close()
	if err := r.mark(report, lang); err != nil {
		return fmt.Errorf("mark bad cells of %s: %w", src.Name, err)
	}
	return r.book.Write(w)
}

func (r *returned) openBook(data []byte) error {
	if _, problem := openWorkbook(data); problem != nil {
		return fmt.Errorf("%s: %w", problem.message.EN, ErrCannotReturn)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return fmt.Errorf("%v: %w", err, ErrCannotReturn)
	}
	r.book = f
	return nil
}

// fromText makes a workbook of a CSV, cell by cell, as text.
func (r *returned) fromText(data []byte) error {
	text, _, problem := decode(data)
	if problem != nil {
		return fmt.Errorf("%s: %w", problem.message.EN, ErrCannotReturn)
	}
	r.book, r.sheet, r.rowsOf = excelize.NewFile(), "Sheet1", map[int]int{}
	s := newSplitter(text)
	var row record
	for n, cells := 1, 0; s.next(&row); n++ {
		values := make([]any, len(row.cells))
		for i, c := range row.cells {
			values[i] = c
		}
		if row.fault != nil {
			values = []any{row.shown}
		}
		if cells += len(values); cells > maxReturned || n > maxSheetRow || len(values) > maxColumns {
			return fmt.Errorf("too large: %w", ErrCannotReturn)
		}
		r.rowsOf[row.line] = n
		if err := r.book.SetSheetRow(r.sheet, fmt.Sprintf("A%d", n), &values); err != nil {
			return fmt.Errorf("write row %d: %w", n, err)
		}
	}
	return nil
}

// mark makes the bad cells red and comments them.
func (r *returned) mark(report *Report, lang engine.Lang) error {
	type spot struct{ sheet, cell string }
	said := map[spot]string{}
	var order []spot
	for _, p := range report.Problems {
		if p.Warning {
			continue
		}
		at := spot{r.sheetOf(p), r.cellOf(p)}
		if said[at] == "" {
			order = append(order, at)
		} else {
			said[at] += "\n"
		}
		g := like{CellProblem: p}
		said[at] += g.say(lang)
	}
	for i, at := range order {
		if err := r.redden(at.sheet, at.cell); err != nil {
			return err
		}
		if i >= maxComments {
			continue
		}
		comment := excelize.Comment{Cell: at.cell, Author: "kaoping", Paragraph: []excelize.RichTextRun{{Text: said[at]}}, Width: 320, Height: 120}
		if err := r.book.AddComment(at.sheet, comment); err != nil {
			return err
		}
	}
	return nil
}

func (r *returned) sheetOf(p CellProblem) string {
	if p.Sheet != "" {
		return p.Sheet
	}
	return r.book.GetSheetName(0)
}

func (r *returned) cellOf(p CellProblem) string {
	row, column := max(p.Row, 1), p.Column
	if n, ok := r.rowsOf[row]; ok {
		row = n
	}
	if column == "" {
		column = "A"
	}
	return fmt.Sprintf("%s%d", column, row)
}

// redden keeps the style of a cell but for its background.
func (r *returned) redden(sheet, cell string) error {
	id, err := r.book.GetCellStyle(sheet, cell)
	if err != nil {
		return err
	}
	red, known := r.red[id]
	if !known {
		style, err := r.book.GetStyle(id)
		if err != nil {
			return err
		}
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FF9999"}}
		if red, err = r.book.NewStyle(style); err != nil {
			return err
		}
		r.red[id] = red
	}
	return r.book.SetCellStyle(sheet, cell, cell, red)
}
