package rules

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// walk finds the moves below a node in block style that ends before line end
// (lines count from 0), the innermost first. begin is the first line that a
// comment above the node's first key may have.
func (f *formatter) walk(y *yaml.Node, kind string, begin, end int) {
	if y.Style&yaml.FlowStyle != 0 || len(y.Content) == 0 {
		return
	}
	switch y.Kind {
	case yaml.SequenceNode:
		for i, c := range y.Content {
			stop := end
			if i+1 < len(y.Content) {
				stop = f.dashLine(y.Content[i+1])
			}
			f.walk(c, kind, c.Line-1, stop)
		}
	case yaml.MappingNode:
		f.walkMapping(y, kind, begin, end)
	}
}

// dashLine returns the line on which the dash of an element stands.
func (f *formatter) dashLine(y *yaml.Node) int {
	line := y.Line - 1
	if strings.Contains(string(f.before(y)), "-") {
		return line
	}
	for line--; line >= 0; line-- {
		if s := strings.TrimSpace(f.lines[line]); strings.HasPrefix(s, "-") {
			return line
		}
	}
	return y.Line - 1
}

// before returns what stands left of a node on its line.
func (f *formatter) before(y *yaml.Node) []rune {
	line := []rune(f.lines[y.Line-1])
	return line[:min(f.start(y), len(line))]
}

// start returns how many characters stand left of a node. YAML does not count a
// byte order mark.
func (f *formatter) start(y *yaml.Node) int {
	if y.Line == 1 && strings.HasPrefix(f.lines[0], "\ufeff") {
		return y.Column
	}
	return y.Column - 1
}

// blockEntry is a key of a block mapping with the lines that move with it.
type blockEntry struct {
	key   int // line of the key
	lines []string
}

func (f *formatter) walkMapping(y *yaml.Node, kind string, begin, end int) {
	bounds := f.bounds(y, begin, end)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		shape, below := valueKind(kind, key.Value)
		f.walkValue(value, shape, below, key.Line, bounds[i/2+1])
	}
	to := order(y, kind)
	if to == nil || !f.movable(y) {
		return
	}
	f.moves = append(f.moves, func() { f.moveLines(y, bounds, to) })
}

// walkValue walks the value of a key that ends before line end.
func (f *formatter) walkValue(value *yaml.Node, shape, kind string, begin, end int) {
	if shape != "names" {
		if shape == "list" && value.Kind != yaml.SequenceNode || shape == "" && value.Kind != yaml.MappingNode {
			return
		}
		f.walk(value, kind, begin, end)
		return
	}
	if value.Kind != yaml.MappingNode || value.Style&yaml.FlowStyle != 0 {
		return
	}
	bounds := f.bounds(value, begin, end)
	for i := 1; i < len(value.Content); i += 2 {
		if c := value.Content[i]; c.Kind == yaml.MappingNode {
			f.walk(c, kind, value.Content[i-1].Line, bounds[i/2+1])
		}
	}
}

// bounds returns where the entries of a block mapping begin, comments above
// their keys included, and where the last one ends.
func (f *formatter) bounds(y *yaml.Node, begin, end int) []int {
	column := y.Column - 1
	var out []int
	for i := 0; i < len(y.Content); i += 2 {
		line := y.Content[i].Line - 1
		floor := begin
		if i > 0 {
			floor = y.Content[i-2].Line
		}
		if i == 0 && strings.Contains(string(f.before(y)), "-") {
			out = append(out, line) // a comment above a dash is about the item
			continue
		}
		from := f.lead(line, floor, column)
		if i == 0 {
			from = f.closeComments(line, from)
		}
		out = append(out, from)
	}
	last := y.Content[len(y.Content)-2].Line
	return append(out, f.lead(end, last, column))
}

// lead returns where the comments and blank lines above a line begin, as far as
// they are not indented more than column: such comments belong to what is above.
func (f *formatter) lead(line, floor, column int) int {
	first := line
	for first > floor && f.isBlank(first-1) {
		first--
	}
	for i := line - 1; i >= first; i-- {
		if f.isComment(i) && indentOf([]rune(f.lines[i])) > column {
			return i + 1
		}
	}
	return first
}

// closeComments returns where the comments begin that stand right above a line,
// without a blank line between.
func (f *formatter) closeComments(line, floor int) int {
	for line > floor && f.isComment(line-1) {
		line--
	}
	return line
}

// isBlank reports a line without YAML; isComment one that holds a comment only.
func (f *formatter) isBlank(line int) bool {
	return strings.TrimSpace(f.lines[line]) == "" || f.isComment(line)
}

func (f *formatter) isComment(line int) bool {
	_, commented := f.file.comments[line+1]
	return commented && strings.HasPrefix(strings.TrimLeft(f.lines[line], " \t"), "#")
}

// movable reports whether a block mapping is written as officers write: each key
// first on its line, and nothing that depends on the lines around it.
func (f *formatter) movable(y *yaml.Node) bool {
	if strings.Trim(string(f.before(y)), " -") != "" || keepsBlankLines(y, f.lines) {
		return false
	}
	for i := 2; i < len(y.Content); i += 2 {
		key := y.Content[i]
		if key.Column != y.Column || key.Line <= y.Content[i-2].Line || strings.TrimSpace(string(f.before(key))) != "" {
			return false
		}
	}
	return y.Content[0].Line == y.Line && y.Content[0].Column == y.Column
}

// keepsBlankLines reports a text below y, begun with |+ or >+, whose value the
// blank lines after it are part of.
func keepsBlankLines(y *yaml.Node, lines []string) bool {
	if y.Kind == yaml.ScalarNode && y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return strings.Contains(lines[y.Line-1], "+")
	}
	return slices.ContainsFunc(y.Content, func(c *yaml.Node) bool { return keepsBlankLines(c, lines) })
}

// moveLines puts the entries of a block mapping into the order.
func (f *formatter) moveLines(y *yaml.Node, bounds, to []int) {
	entries := make([]blockEntry, len(to))
	for i := range entries {
		// The key's line is where it was: inner moves keep the number of lines.
		entries[i] = blockEntry{key: y.Content[2*i].Line - 1 - bounds[i], lines: slices.Clone(f.lines[bounds[i]:bounds[i+1]])}
	}
	prefix := string(f.before(y))
	if strings.Contains(prefix, "-") {
		blanks := strings.Repeat(" ", len(prefix))
		first := entries[0]
		first.lines[first.key] = blanks + strings.TrimPrefix(first.lines[first.key], prefix)
		entries[to[0]].putDash(prefix)
	}
	var out []string
	for _, i := range to {
		out = append(out, entries[i].lines...)
	}
	copy(f.lines[bounds[0]:], out)
}

// putDash makes the entry the first of its item: comments above the key now stand
// above the item.
func (e *blockEntry) putDash(prefix string) {
	blanks := prefix[:len(prefix)-len(strings.TrimLeft(prefix, " "))]
	for i := 0; i < e.key; i++ {
		if s := strings.TrimLeft(e.lines[i], " "); strings.HasPrefix(s, "#") {
			e.lines[i] = blanks + s
		}
	}
	e.lines[e.key] = prefix + e.lines[e.key][len(prefix):]
}
