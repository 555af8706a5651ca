package ingest

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// sheetRow is a row of a sheet; rows without cells may be left out of the file.
type sheetRow struct {
	number int // 1-based
	hidden bool
	cells  []string
	kinds  []cellKind
}

// area is a range of merged cells, 0-based columns and 1-based rows, inclusive.
type area struct{ left, top, right, bottom int }

// sheetScanner reads a sheet row by row.
type sheetScanner struct {
	book   *workbook
	d      *xmlPart
	closer io.Closer
	last   int    // number of the row before
	merges []area // found so far; they stand behind the rows
	wide   bool   // there are figures beyond the columns that are read
	width  int    // of the widest row so far, empty cells included
	spent  *int   // cells read, against the bound
}

func (b *workbook) scan(s sheet) (*sheetScanner, error) {
	d, closer, err := b.part(s.part)
	if err != nil {
		return nil, err
	}
	return &sheetScanner{book: b, d: d, closer: closer, spent: new(int)}, nil
}

// next reads a row; false at the end of the sheet.
func (s *sheetScanner) next(r *sheetRow) (bool, error) {
	for {
		token, err := s.d.Token()
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "row":
			return true, s.row(r, &e)
		case "mergeCell":
			if a, ok := parseArea(attribute(&e, "ref")); ok {
				if len(s.merges) == maxMerges {
					return false, errTooLarge
				}
				s.merges = append(s.merges, a)
			}
		}
	}
}

func (s *sheetScanner) row(r *sheetRow, e *xml.StartElement) error {
	*r = sheetRow{number: s.last + 1, hidden: isSet(attribute(e, "hidden")), cells: r.cells[:0], kinds: r.kinds[:0]}
	if text := attribute(e, "r"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= s.last {
			return errDamaged
		}
		r.number = n
	}
	if r.number > maxSheetRow {
		return errDamaged
	}
	s.last = r.number
	for {
		token, err := s.d.Token()
		if err != nil {
			return within(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if *s.spent++; *s.spent > maxCells {
				return errTooLarge
			}
			if err := s.cell(r, &t); err != nil {
				return err
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		}
	}
}

// cell reads a cell and puts it at its column.
func (s *sheetScanner) cell(r *sheetRow, e *xml.StartElement) error {
	at := len(r.cells)
	if ref := attribute(e, "r"); ref != "" {
		col, _, ok := parseCell(ref)
		if !ok {
			return errDamaged
		}
		at = col
	}
	s.width = max(s.width, at+1)
	raw, formula, err := s.content()
	if err != nil {
		return err
	}
	text, kind := s.interpret(attribute(e, "t"), attribute(e, "s"), raw, formula)
	if trim(text) == "" && kind == textCell {
		return nil
	}
	if at >= maxColumns {
		s.wide = true
		return nil
	}
	for len(r.cells) <= at {
		r.cells, r.kinds = append(r.cells, ""), append(r.kinds, textCell)
	}
	r.cells[at], r.kinds[at] = text, kind
	return nil
}

// content reads what a cell holds: its value, for a formula the one computed
// last. The formula is returned only if it never was computed: one that gives an
// empty text has an empty value.
func (s *sheetScanner) content() (value, formula string, err error) {
	field, there := "", false
	var v, f strings.Builder
	for depth := 1; depth > 0; {
		token, err := s.d.Token()
		if err != nil {
			return "", "", within(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "is" {
				text, err := richText(s.d)
				if err != nil {
					return "", "", err
				}
				v.WriteString(text)
				continue
			}
			depth++
			field = t.Name.Local
			switch field {
			case "f":
				f.WriteString("=")
			case "v":
				there = true
			}
		case xml.EndElement:
			depth--
			field = ""
		case xml.CharData:
			switch field {
			case "v":
				v.Write(t)
			case "f":
				f.Write(t)
			}
		}
		if v.Len() > maxToken || f.Len() > maxToken {
			return "", "", errTooLarge
		}
	}
	if there {
		return v.String(), "", nil
	}
	return v.String(), f.String(), nil
}

// interpret turns what is stored into what the checks of cells read.
func (s *sheetScanner) interpret(kind, style, value, formula string) (string, cellKind) {
	if value == "" {
		if formula != "" {
			return formula, emptyFormula
		}
		return "", textCell
	}
	switch kind {
	case "s":
		n, err := strconv.Atoi(trim(value))
		if err != nil || n < 0 || n >= len(s.book.strings) {
			return "#REF!", errorCell
		}
		return s.book.strings[n], textCell
	case "str":
		return unescape(value), textCell
	case "inlineStr":
		return value, textCell
	case "d":
		return trim(value), textCell
	case "e":
		return trim(value), errorCell
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[trim(value)], textCell
	}
	return s.number(style, trim(value))
}

// number writes a number as its style shows it, without rounding.
func (s *sheetScanner) number(style, value string) (string, cellKind) {
	text, long, ok := decimal(value)
	if !ok {
		return value, textCell
	}
	look := numberStyle{kind: numberCell}
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(s.book.styles) {
		look = s.book.styles[n]
	}
	switch {
	case look.kind == dateCell:
		if d, ok := serialDay(text, s.book.since04); ok {
			return d.String() + timeText(text), dateCell
		}
	case look.kind == percentCell:
		return hundredfold(text) + "%", percentCell
	case long:
		return text, longCell
	case look.zeroes > len(text) && plainDigits(text):
		return strings.Repeat("0", look.zeroes-len(text)) + text, numberCell
	}
	return text, numberCell
}

func plainDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// parseCell reads C17: the column from 0 and the row.
func parseCell(ref string) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	row, err := strconv.Atoi(ref[i:])
	return col - 1, row, err == nil && i > 0 && col <= 1<<14 && row > 0 && row <= maxSheetRow
}

// parseArea reads A1:C2.
func parseArea(ref string) (area, bool) {
	from, to, found := strings.Cut(ref, ":")
	left, top, ok1 := parseCell(from)
	right, bottom, ok2 := parseCell(to)
	return area{left, top, right, bottom}, found && ok1 && ok2 && left <= right && top <= bottom
}
