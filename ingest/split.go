package ingest

import (
	"strings"
	"unicode"
)

// record is one row of a file.
type record struct {
	line    int        // 1-based line on which it begins
	cells   []string   // valid until the next row is read
	fault   *finding   // why the cells cannot be used
	faultAt int        // index of the cell at fault, -1 if it is the row
	shown   string     // the beginning of that cell
	kinds   []cellKind // of the cells, in a workbook
}

// splitter cuts a text into rows and cells.
type splitter struct {
	text      string
	pos       int
	line      int // of pos, 1-based
	delimiter byte
	cells     []string
}

// newSplitter begins at the heading: blank lines and Excel's sep= are passed.
func newSplitter(text string) splitter {
	s := splitter{text: text, line: 1, delimiter: ','}
	for s.pos < len(text) {
		line, next := s.lineAt(s.pos)
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "sep=") {
			s.delimiter = delimiterOf(line)
			break
		}
		s.pos, s.line = next, s.line+1
	}
	return s
}

// delimiterOf picks what parts the headings: the most frequent of comma,
// semicolon and tab outside quotation marks.
func delimiterOf(line string) byte {
	best, most := byte(','), 0
	for _, d := range []byte{',', ';', '\t'} {
		n, quoted := 0, false
		for i := range len(line) {
			switch {
			case line[i] == '"':
				quoted = !quoted
			case line[i] == d && !quoted:
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}

// lineAt returns the physical line at i without its end, and where the next one
// begins.
func (s *splitter) lineAt(i int) (line string, next int) {
	end := strings.IndexByte(s.text[i:], '\n')
	if end < 0 {
		return strings.TrimSuffix(s.text[i:], "\r"), len(s.text)
	}
	return strings.TrimSuffix(s.text[i:i+end], "\r"), i + end + 1
}

// mostExpected bounds what is set aside before a file is read: a file of nothing
// but line ends must not take memory for a record each.
const mostExpected = 1 << 20

// expected is about how many rows are left.
func (s *splitter) expected() int {
	rest := s.text[s.pos:]
	return min(strings.Count(rest, "\n")+1, len(rest)/8+1, mostExpected)
}

// next reads a row into r. It reports false at the end of the text.
func (s *splitter) next(r *record) bool {
	if s.pos >= len(s.text) {
		return false
	}
	line, next := s.lineAt(s.pos)
	*r = record{line: s.line, faultAt: -1}
	s.cells = s.cells[:0]
	switch {
	case len(line) > maxLine:
		r.fault, r.shown = pointer(lineTooLong(len(line))), clip(line)
	case strings.IndexByte(line, '"') >= 0:
		s.quoted(r)
		return true
	default:
		s.plain(r, line)
	}
	s.pos, s.line = next, s.line+1
	return true
}

// plain cuts a line without quotation marks.
func (s *splitter) plain(r *record, line string) {
	for {
		i := strings.IndexByte(line, s.delimiter)
		if i < 0 {
			break
		}
		s.cells = append(s.cells, line[:i])
		line = line[i+1:]
	}
	s.cells = append(s.cells, line)
	r.cells = s.cells
	s.checkCells(r)
}

func (s *splitter) checkCells(r *record) {
	for i, c := range r.cells {
		if len(c) > maxCell {
			r.fault, r.faultAt, r.shown = pointer(cellTooLong(len(c))), i, clip(c)
			return
		}
	}
}

// quoted reads a row that may hold quoted cells, which may span lines.
func (s *splitter) quoted(r *record) {
	i := s.pos
	for {
		cell, end, fault := s.cell(i)
		if fault != nil {
			r.fault, r.faultAt, r.shown = fault, len(s.cells), clip(firstLine(s.text[i:]))
			s.skipLine(i)
			return
		}
		s.cells = append(s.cells, cell)
		if end >= len(s.text) || s.text[end] != s.delimiter {
			i = end
			break
		}
		i = end + 1
	}
	if i-s.pos > maxLine {
		r.fault = pointer(lineTooLong(i - s.pos))
	} else {
		r.cells = s.cells
		s.checkCells(r)
	}
	s.skipLine(i)
}

// skipLine goes on after the line that holds i.
func (s *splitter) skipLine(i int) {
	_, next := s.lineAt(min(i, len(s.text)))
	s.line += strings.Count(s.text[s.pos:next], "\n")
	s.pos = next
}

// cell reads the cell at i and returns where it ends: at a delimiter, a line end
// or the end of the text.
func (s *splitter) cell(i int) (cell string, end int, fault *finding) {
	if i >= len(s.text) || s.text[i] != '"' {
		line, _ := s.lineAt(i)
		if n := strings.IndexByte(line, s.delimiter); n >= 0 {
			line = line[:n]
		}
		return line, i + len(line), nil
	}
	inner, end := s.closing(i + 1)
	if end < 0 {
		return "", 0, pointer(unclosedQuote())
	}
	if rest, _ := s.lineAt(end); rest != "" && rest[0] != s.delimiter {
		return "", 0, pointer(textAfterQuote())
	}
	return inner, end, nil
}

// closing finds the end of a quoted cell whose content begins at i. It returns
// the content, with doubled quotation marks made single, and the place behind
// the closing one; -1 if there is none within the limit of a cell. It then has
// passed pairs of marks only, among which every other cell is closed at once, so
// that a file without closing marks is not read over and over.
func (s *splitter) closing(i int) (content string, end int) {
	limit := min(len(s.text), i+maxCell+1)
	escaped := false
	for j := i; j < limit; {
		n := strings.IndexByte(s.text[j:limit], '"')
		if n < 0 {
			return "", -1
		}
		j += n
		if j+1 < len(s.text) && s.text[j+1] == '"' {
			escaped = true
			j += 2
			continue
		}
		content = s.text[i:j]
		if escaped {
			content = strings.ReplaceAll(content, `""`, `"`)
		}
		return content, j + 1
	}
	return "", -1
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s[:min(len(s), 400)], "\n")
	return line
}

// clip shortens what a message repeats to 40 characters.
func clip(s string) string {
	n := 0
	for i := range s {
		if n == 40 {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func blank(cells []string) bool { return blankBeyond(cells, 0) }

// blankBeyond reports whether all cells from the nth on are blank, and there are
// at least n.
func blankBeyond(cells []string, n int) bool {
	if len(cells) < n {
		return false
	}
	for _, c := range cells[n:] {
		if trim(c) != "" {
			return false
		}
	}
	return true
}

// trim removes blanks of any kind, those that cannot be seen included.
func trim(s string) string {
	if s == "" || s[0] > ' ' && s[0] < 0x80 && s[len(s)-1] > ' ' && s[len(s)-1] < 0x80 {
		return s
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '\u200B' || r == '\uFEFF' })
}
