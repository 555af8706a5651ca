package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// maxReturned is how many cells of a table are written back as a workbook, and
// maxComments how many of the bad ones get a comment; the rest are red only.
const (
	maxReturned = 2_000_000
	maxComments = 5_000
	// maxBuilt is how much a workbook may unpack to that is built in memory as a
	// whole, which takes several times as much.
	maxBuilt = 32 << 20
	// maxFilled is how many cells a sheet may have with the gaps between them.
	maxFilled = 1_000_000
)

// ErrCannotReturn says that a file cannot be written back as a workbook: it is no
// workbook that can be read, or too large for one.
var ErrCannotReturn = errors.New("file cannot be written back as a workbook")

// returned is a workbook that is given back with its mistakes marked.
type returned struct {
	book *excelize.File
	red  map[int]int // style of a cell → the same in red
}

// WriteErrors writes the file back as a workbook in which bad cells are red and
// have a comment that says what is wrong. What concerns a row stands in its first
// cell, what concerns the file in A1.
func WriteErrors(w io.Writer, src Source, report *Report, lang engine.Lang) error {
	if !isWorkbook(src.Data) {
		t := &returnedTable{src: src}
		if err := t.write(w, report, lang); err != nil {
			return fmt.Errorf("mark bad cells of %s: %w", src.Name, err)
		}
		return nil
	}
	r := &returned{red: map[int]int{}}
	if err := r.openBook(src.Data); err != nil {
		return err
	}
	defer r.book.Close()
	if err := r.mark(report, lang); err != nil {
		return fmt.Errorf("mark bad cells of %s: %w", src.Name, err)
	}
	return r.book.Write(w)
}

func (r *returned) openBook(data []byte) error {
	f, err := buildBook(data)
	if err != nil {
		return fmt.Errorf("%v: %w", err, ErrCannotReturn)
	}
	r.book = f
	return nil
}

// buildBook opens a workbook that is small enough to be built in memory. Its cells
// stand close together: gaps are filled, which a small file can make gigabytes.
func buildBook(data []byte) (*excelize.File, error) {
	book, problem := openWorkbook(data)
	if problem != nil {
		return nil, errors.New(problem.message.EN)
	}
	unpacked := uint64(0)
	for _, f := range book.parts {
		unpacked += f.UncompressedSize64
	}
	if unpacked > maxBuilt {
		return nil, errTooLarge
	}
	for _, s := range book.sheets {
		if err := book.dense(s); err != nil {
			return nil, err
		}
	}
	return excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxBuilt, UnzipXMLSizeLimit: maxBuilt})
}

// dense fails with errTooLarge if the cells of a sheet, with the gaps between
// them, are more than can be written back.
func (b *workbook) dense(s sheet) error {
	scan, err := b.scan(s)
	if err != nil {
		return err
	}
	defer scan.closer.Close()
	var row sheetRow
	for {
		ok, err := scan.next(&row)
		if err != nil || !ok {
			return err
		}
		if row.number*max(scan.width, 4) > maxFilled {
			return errTooLarge
		}
	}
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
