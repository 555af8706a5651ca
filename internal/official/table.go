package official

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// published is a table as it was published.
type published struct {
	headings []string
	rows     []publishedRow
}

// publishedRow is one row with its line in the file.
type publishedRow struct {
	line  int
	cells []string
}

// column returns the index of a heading.
func (t *published) column(heading string) (int, error) {
	i := slices.Index(t.headings, heading)
	if i < 0 {
		return 0, fmt.Errorf("the table has no column %q: %w", heading, engine.ErrNotFound)
	}
	return i, nil
}

// feedOf finds the feed that reads a table; a pack without feeds has its own.
func feedOf(p *engine.Pack, id string) *engine.Feed {
	for i := range p.Feeds {
		if p.Feeds[i].ID == id {
			return &p.Feeds[i]
		}
	}
	return &engine.Feed{}
}

// readTable reads a CSV, or the sheet of a workbook that has one of the names.
func readTable(data []byte, sheets []string) (*published, error) {
	if bytes.HasPrefix(data, []byte("PK")) {
		return readSheet(data, sheets)
	}
	return readCSV(data)
}

// readSheet reads cells as a spreadsheet shows them, which is what was published.
func readSheet(data []byte, sheets []string) (*published, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("open the workbook: %w", err)
	}
	defer book.Close()
	for _, name := range book.GetSheetList() {
		if !slices.Contains(sheets, name) {
			continue
		}
		rows, err := book.GetRows(name)
		if err != nil || len(rows) == 0 {
			return nil, fmt.Errorf("read the sheet %q: %w", name, cmp.Or(err, io.ErrUnexpectedEOF))
		}
		t := &published{headings: rows[0]}
		for i, cells := range rows[1:] {
			for len(cells) < len(t.headings) {
				cells = append(cells, "")
			}
			t.rows = append(t.rows, publishedRow{i + 2, cells[:len(t.headings)]})
		}
		return t, nil
	}
	return nil, fmt.Errorf("the workbook has no sheet %q: %w", sheets, engine.ErrNotFound)
}

func readCSV(data []byte) (*published, error) {
	var err error
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))))
	t := &published{}
	if t.headings, err = r.Read(); err != nil {
		return nil, fmt.Errorf("read the headings: %w", err)
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the rows: %w", err)
	}
	line := 2
	for _, cells := range rows {
		t.rows = append(t.rows, publishedRow{line, cells})
		line += 1 + breaks(cells)
	}
	return t, nil
}

// breaks counts the line ends inside cells.
func breaks(cells []string) int {
	n := 0
	for _, c := range cells {
		n += strings.Count(c, "\n")
	}
	return n
}

// readFile finds the file beside the pack's own files.
func readFile(fsys fs.FS, p *engine.Pack, name string) ([]byte, error) {
	var first error
	for _, dir := range folders(p) {
		data, err := fs.ReadFile(fsys, path.Join(dir, name))
		if err == nil {
			return data, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// folders lists where files of the pack stand.
func folders(p *engine.Pack) []string {
	var dirs []string
	add := func(l engine.Law) {
		if dir := path.Dir(l.File); l.File != "" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	add(p.Effective.Law)
	for _, f := range p.Feeds {
		add(f.Law)
	}
	for _, s := range p.Statistics {
		add(s.Law)
	}
	return append(dirs, p.Name, ".")
}

// keep drops the rows that do not meet a condition of the form
// COLUMN = COLUMN ± N.
func (t *published) keep(only string) error {
	if only == "" {
		return nil
	}
	left, right, ok := strings.Cut(only, "=")
	column, offset := strings.TrimSpace(right), 0
	if i := strings.LastIndexAny(right, "+-"); i >= 0 {
		n, err := strconv.Atoi(strings.TrimSpace(right[i+1:]))
		if err != nil {
			return fmt.Errorf("read the condition %q: %w", only, err)
		}
		if right[i] == '-' {
			n = -n
		}
		column, offset = strings.TrimSpace(right[:i]), n
	}
	a, errA := t.column(strings.TrimSpace(left))
	b, errB := t.column(column)
	if !ok || errA != nil || errB != nil {
		return fmt.Errorf("the condition %q names no two columns of the table", only)
	}
	var bad error
	t.rows = slices.DeleteFunc(t.rows, func(r publishedRow) bool {
		x, errX := strconv.Atoi(strings.TrimSpace(r.cells[a]))
		y, errY := strconv.Atoi(strings.TrimSpace(r.cells[b]))
		if (errX != nil || errY != nil) && bad == nil {
			bad = fmt.Errorf("line %d: the condition %q needs whole numbers", r.line, only)
		}
		return x != y+offset
	})
	return bad
}

// shuffled writes the table with its rows in another order. lines gives, for a
// line of what is written, the index of its row.
func (t *published) shuffled(seed uint64) (data []byte, lines map[int]int) {
	order := rand.New(rand.NewPCG(seed, seed)).Perm(len(t.rows))
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(t.headings) // a buffer does not fail
	lines = map[int]int{}
	line := 2
	for _, i := range order {
		_ = w.Write(t.rows[i].cells)
		lines[line] = i
		line += 1 + breaks(t.rows[i].cells)
	}
	w.Flush()
	return b.Bytes(), lines
}
