package ingest

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// returnedTable gives back a CSV, JSON or Parquet file as a workbook, row by row,
// so that its size does not matter.
type returnedTable struct {
	src  Source
	bad  map[int]map[int]string // line of the file → index of the cell → what is wrong
	rows map[int]int            // line of the file → row of the workbook, of bad lines
}

// write writes the rows as a table of texts. What concerns the whole file stands
// in A1, what concerns a row in its first cell.
func (r *returnedTable) write(w io.Writer, report *Report, lang engine.Lang) error {
	r.collect(report, lang)
	if err := r.number(); err != nil {
		return err
	}
	book := excelize.NewFile()
	defer book.Close()
	red, err := book.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FF9999"}}})
	if err != nil {
		return err
	}
	if err := r.comment(book, report); err != nil {
		return err
	}
	stream, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	if err := r.stream(stream, red); err != nil {
		return err
	}
	if err := stream.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

// collect puts together what is said about each cell.
func (r *returnedTable) collect(report *Report, lang engine.Lang) {
	r.bad = map[int]map[int]string{}
	for _, p := range report.Problems {
		if p.Warning {
			continue
		}
		if r.bad[p.line] == nil {
			r.bad[p.line] = map[int]string{}
		}
		at := max(p.at, 0)
		if before := r.bad[p.line][at]; before != "" {
			r.bad[p.line][at] = before + "\n"
		}
		g := like{CellProblem: p}
		r.bad[p.line][at] += g.say(lang)
	}
}

// each gives the rows of the file, the headings first, with the numbers they have
// in the workbook. It fails with ErrCannotReturn if there are none that can be
// read, or too many.
func (r *returnedTable) each(f func(n int, row *record) error) error {
	l := open(&engine.Pack{}, "", r.src, Options{})
	if l.rows == nil || l.refused {
		return fmt.Errorf("it cannot be read: %w", ErrCannotReturn)
	}
	var row record
	for n, cells := 1, 0; l.rows.next(&row); n++ {
		if cells += len(row.cells); cells > maxReturned || n > maxSheetRow || len(row.cells) > maxColumns {
			return fmt.Errorf("too large: %w", ErrCannotReturn)
		}
		if err := f(n, &row); err != nil {
			return err
		}
	}
	return nil
}

// number finds the rows of the workbook that hold the bad lines.
func (r *returnedTable) number() error {
	r.rows = map[int]int{}
	return r.each(func(n int, row *record) error {
		if r.bad[row.line] != nil {
			r.rows[row.line] = n
		}
		return nil
	})
}

// comment says beside the first bad cells what is wrong with them.
func (r *returnedTable) comment(book *excelize.File, report *Report) error {
	said := map[[2]int]bool{}
	for _, p := range report.Problems {
		at := [2]int{p.line, max(p.at, 0)}
		if p.Warning || said[at] {
			continue
		}
		if said[at] = true; len(said) > maxComments {
			return nil
		}
		cell := fmt.Sprintf("%s%d", columnLetter(at[1]), max(r.rows[p.line], 1))
		text := []excelize.RichTextRun{{Text: r.bad[p.line][at[1]]}}
		if err := book.AddComment("Sheet1", excelize.Comment{Cell: cell, Author: "kaoping", Paragraph: text, Width: 320, Height: 120}); err != nil {
			return err
		}
	}
	return nil
}

func (r *returnedTable) stream(w *excelize.StreamWriter, red int) error {
	return r.each(func(n int, row *record) error {
		texts, bad := row.cells, r.bad[row.line]
		if row.fault != nil && texts == nil {
			texts = []string{row.shown}
		}
		values := make([]any, len(texts))
		for i, text := range texts {
			values[i] = text
		}
		for i := range bad {
			for len(values) <= i {
				values = append(values, "")
			}
			values[i] = excelize.Cell{StyleID: red, Value: values[i]}
		}
		return w.SetRow(fmt.Sprintf("A%d", n), values)
	})
}
