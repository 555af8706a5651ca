package rules

import (
	"unicode"

	"gopkg.in/yaml.v3"
)

// spot is a place of one character: 1-based line and column.
type spot struct{ line, column int }

// spots maps each character of a scalar's value, and the end, to where it
// stands in the file, through quotes, escapes and folded lines.
func (n node) spots() []spot {
	w := &spotWalker{file: n.file}
	p := n.place()
	w.line, w.column = p.line, p.column
	switch style := n.y.Style; {
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		w.line, w.column = p.line+1, 1
		w.skipSpace()
	case style&yaml.DoubleQuotedStyle != 0:
		w.column++
		w.quote = '"'
	case style&yaml.SingleQuotedStyle != 0:
		w.column++
		w.quote = '\''
	}
	var out []spot
	for _, r := range n.y.Value {
		out = append(out, w.next(r))
	}
	return append(out, spot{w.line, w.column})
}

// spotWalker moves through the file beside a scalar's value.
type spotWalker struct {
	file         *sourceFile
	line, column int
	quote        rune
}

// here returns the character at the walker, '\n' at the end of a line and 0 at
// the end of the file.
func (w *spotWalker) here() rune {
	if w.line > len(w.file.lines) {
		return 0
	}
	line := w.file.lineRunes(w.line)
	if w.column > len(line) {
		return '\n'
	}
	return line[w.column-1]
}

func (w *spotWalker) step() {
	if w.here() == '\n' {
		w.line, w.column = w.line+1, 1
		return
	}
	w.column++
}

func (w *spotWalker) skipSpace() {
	for unicode.IsSpace(w.here()) {
		w.step()
	}
}

// next returns where the character r of the value stands and moves past it.
func (w *spotWalker) next(r rune) spot {
	if unicode.IsSpace(r) {
		return w.nextSpace(r)
	}
	if unicode.IsSpace(w.here()) {
		w.skipSpace() // indentation of a continued line
	}
	at := spot{w.line, w.column}
	switch {
	case w.quote == '"' && w.here() == '\\':
		w.escape()
	case w.quote == '\'' && w.here() == '\'':
		w.column += 2
	default:
		w.step()
	}
	return at
}

// nextSpace handles a blank of the value: itself, or a line break that YAML
// folded into it.
func (w *spotWalker) nextSpace(r rune) spot {
	at := spot{w.line, w.column}
	switch {
	case w.here() == '\n':
		w.step()
		for w.here() == ' ' || w.here() == '\t' {
			w.step()
		}
	case w.quote == '"' && w.here() == '\\':
		w.escape()
	case unicode.IsSpace(w.here()):
		w.step()
	}
	return at
}

// escape moves past \n, \x41, \u4e00 and their like.
func (w *spotWalker) escape() {
	w.column++
	digits := map[rune]int{'x': 2, 'u': 4, 'U': 8}[w.here()]
	w.column += 1 + digits
}

// part returns the place of length characters of a scalar from offset on. A part
// that runs over a line break is cut at the end of its first line.
func (n node) part(offset, length int) place {
	spots := n.spots()
	from := spots[min(max(offset, 0), len(spots)-1)]
	p := place{file: n.file, line: from.line, column: from.column, width: 1, cite: n.cite}
	for _, s := range spots[min(offset, len(spots)-1):min(offset+length, len(spots)-1)] {
		if s.line == from.line {
			p.width = max(p.width, s.column-from.column+1)
		}
	}
	return p
}
