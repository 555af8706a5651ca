package verify

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"kaoping/reports"
)

// piece is what is compared: a cell of a workbook or table, a value of a JSON, a
// line of a page.
type piece struct {
	place string
	value string // as it is stored
	shown string // as a person reads it; the same where there is no difference
}

// errForeign is a file that is none of those the program writes.
var errForeign = errors.New("not a file of this program")

// formatOf tells a format by what the file begins with, never by its name.
func formatOf(data []byte) string {
	head := bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 512)], []byte("\ufeff")))
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return reports.XLSX
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return reports.PDF
	case bytes.HasPrefix(head, []byte("{")):
		return reports.JSON
	case bytes.HasPrefix(bytes.ToLower(head), []byte("<!doctype html")):
		return reports.HTML
	}
	return reports.CSV
}

// contents takes a file apart. It fails with errForeign if it cannot be read.
func contents(format string, data []byte) ([]piece, error) {
	var list []piece
	var err error
	switch format {
	case reports.XLSX:
		list, err = workbookPieces(data)
	case reports.PDF:
		return pagePieces(data), nil
	case reports.JSON:
		list, err = jsonPieces(data)
	case reports.HTML:
		return linePieces(data), nil
	default:
		list, err = csvPieces(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errForeign, err)
	}
	return list, nil
}

// Bounds of what is unpacked from a workbook, in bytes.
const (
	largestWorkbook = 256 << 20
	largestPart     = 64 << 20
)

func workbookPieces(data []byte) ([]piece, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: largestWorkbook, UnzipXMLSizeLimit: largestPart})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []piece
	for _, sheet := range f.GetSheetList() {
		cells, err := sheetPieces(f, sheet)
		if err != nil {
			return nil, err
		}
		list = append(list, cells...)
	}
	extras, err := partPieces(data)
	return append(list, extras...), err
}

// sheetPieces lists the cells of a sheet that hold something, and what is hidden.
func sheetPieces(f *excelize.File, sheet string) ([]piece, error) {
	visible, err := f.GetSheetVisible(sheet)
	if err != nil {
		return nil, err
	}
	list := []piece{same(sheet, fmt.Sprintf("sheet, visible: %t", visible))}
	stored, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, err
	}
	shown, err := f.GetRows(sheet)
	if err != nil {
		return nil, err
	}
	widest := 0
	for i, row := range stored {
		widest = max(widest, len(row))
		if see, err := f.GetRowVisible(sheet, i+1); err == nil && !see {
			list = append(list, same(fmt.Sprintf("%s!%d:%d", sheet, i+1, i+1), "hidden row"))
		}
		for j, value := range row {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			p := piece{place: sheet + "!" + name, value: value, shown: value}
			if i < len(shown) && j < len(shown[i]) {
				p.shown = shown[i][j]
			}
			if formula, err := f.GetCellFormula(sheet, name); err == nil && formula != "" {
				p.value = "=" + formula + " → " + p.value
			}
			if p.value != "" {
				list = append(list, p)
			}
		}
	}
	for j := 1; j <= widest; j++ {
		column, err := excelize.ColumnNumberToName(j)
		if err != nil {
			return nil, err
		}
		if see, err := f.GetColVisible(sheet, column); err == nil && !see {
			list = append(list, same(fmt.Sprintf("%s!%s:%s", sheet, column, column), "hidden column"))
		}
	}
	return list, nil
}

// extraPart is what may lie over cells or speak beside them.
var extraPart = regexp.MustCompile(`(?i)^xl/(comments|threadedComments|drawings|media|embeddings|externalLinks|vba)`)

// partPieces lists the parts of a workbook that are no cells: a text box over a
// number is no cell that differs, but the reader sees another number.
func partPieces(data []byte) ([]piece, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	var list []piece
	for _, part := range archive.File {
		if !extraPart.MatchString(part.Name) {
			continue
		}
		empty, err := emptyDrawing(part)
		if err != nil {
			return nil, err
		}
		if !empty {
			list = append(list, same(part.Name, "part of the workbook"))
		}
	}
	return list, nil
}

// emptyDrawing reports whether a part is a drawing with nothing on it: LibreOffice
// writes one for each sheet.
func emptyDrawing(part *zip.File) (bool, error) {
	if !strings.HasPrefix(part.Name, "xl/drawings/drawing") {
		return false, nil
	}
	r, err := part.Open()
	if err != nil {
		return false, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, largestPart))
	return !bytes.Contains(text, []byte("Anchor")), err
}

func same(place, value string) piece { return piece{place, value, value} }

func csvPieces(data []byte) ([]piece, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	var list []piece
	for line := 1; ; line++ {
		record, err := r.Read()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		for j, value := range record {
			name, err := excelize.CoordinatesToCellName(j+1, line)
			if err != nil {
				return nil, err
			}
			if value != "" {
				list = append(list, same(name, value))
			}
		}
	}
}

// jsonPieces lists every value with its path. Names that come twice in an object
// are listed twice, so that nothing hides behind another.
func jsonPieces(data []byte) ([]piece, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	d.UseNumber()
	var list []piece
	if err := jsonValue(d, "", 0, &list); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return list, nil
}

// deepest is how far a JSON of ours is nested at most, with room to spare.
const deepest = 64

func jsonValue(d *json.Decoder, path string, depth int, list *[]piece) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	if depth > deepest {
		return errors.New("nested too deeply")
	}
	delim, nested := token.(json.Delim)
	if !nested {
		*list = append(*list, same(path, jsonText(token)))
		return nil
	}
	*list = append(*list, same(path, delim.String()))
	for i := 0; d.More(); i++ {
		at := fmt.Sprintf("%s[%d]", path, i)
		if delim == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			at = strings.TrimPrefix(fmt.Sprintf("%s.%s", path, name), ".")
		}
		if err := jsonValue(d, at, depth+1, list); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// jsonText keeps a text apart from a number, a truth and a null.
func jsonText(token json.Token) string {
	switch t := token.(type) {
	case json.Number:
		return t.String()
	case string:
		return `"` + t + `"`
	}
	return fmt.Sprint(token)
}

// linePieces takes a page by its lines: whatever changes what a browser shows
// changes a line.
func linePieces(data []byte) []piece {
	var list []piece
	for i, line := range strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n") {
		list = append(list, same(fmt.Sprintf("%d", i+1), strings.TrimSpace(line)))
	}
	return list
}

// plainNumber is a decimal as the program writes it: no sign of plus, no leading
// zeros, since a code may have some.
var plainNumber = regexp.MustCompile(`^-?(0|[1-9]\d{0,40})(\.\d{1,40})?$`)

// equal compares two values: 9.50 is 9.5, which is what a spreadsheet writes when it
// saves a table again.
func equal(a, b string) bool {
	if a == b {
		return true
	}
	if !plainNumber.MatchString(a) || !plainNumber.MatchString(b) {
		return false
	}
	x, _ := new(big.Rat).SetString(a)
	y, _ := new(big.Rat).SetString(b)
	return x.Cmp(y) == 0
}

// compare lists what is in one and not, or otherwise, in the other, in the order
// of the stored file.
func compare(stored, file []piece) []Difference {
	have := keyed(file)
	list := []Difference{}
	for _, want := range numbered(stored) {
		got, there := have[want.place]
		delete(have, want.place)
		if !there || !equal(want.value, got.value) {
			list = append(list, Difference{want.place, want.value, got.value})
		} else if !equal(want.shown, got.shown) {
			list = append(list, Difference{want.place, want.shown, got.shown})
		}
	}
	for _, got := range numbered(file) {
		if _, more := have[got.place]; more {
			list = append(list, Difference{got.place, "", got.value})
		}
	}
	return list
}

// numbered tells pieces of the same place apart.
func numbered(list []piece) []piece {
	seen, out := map[string]int{}, make([]piece, len(list))
	for i, p := range list {
		seen[p.place]++
		if n := seen[p.place]; n > 1 {
			p.place = fmt.Sprintf("%s (%d)", p.place, n)
		}
		out[i] = p
	}
	return out
}

func keyed(list []piece) map[string]piece {
	m := make(map[string]piece, len(list))
	for _, p := range numbered(list) {
		m[p.place] = p
	}
	return m
}
