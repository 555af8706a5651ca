package rules

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Format puts the keys inside each item of a rule file, or of a test file, into
// their order. Items, comments, blank lines, flow style and everything else on a
// line stay as they are; a comment above a key moves with it. What cannot be
// moved without a doubt is left alone. A file that cannot be read comes back
// with the diagnostics and nil.
func Format(name string, data []byte) ([]byte, []Diagnostic) {
	f, diags := readSource(name, data)
	if HasErrors(diags) || f.root == nil {
		return nil, Sort(diags)
	}
	out := newFormatter(f).format(fileKind(f))
	if !sameMeaning(data, out) {
		return data, diags
	}
	return out, diags
}

// fileKind tells rule files from test files, also where a file has no name.
func fileKind(f *sourceFile) string {
	for i := 0; i+1 < len(f.root.Content); i += 2 {
		if _, ok := itemKinds[kindTest].below[f.root.Content[i].Value]; ok {
			return kindTest
		}
	}
	return kindFile
}

// formatter moves keys about in the characters of a file. It never changes how
// many lines or characters an item takes, so that places found once stay right
// as long as inner items are done before outer ones.
type formatter struct {
	file  *sourceFile
	lines []string // with their line ends
	moves []func()
}

func newFormatter(f *sourceFile) *formatter {
	lines := strings.SplitAfter(string(f.data), "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	}
	return &formatter{file: f, lines: lines}
}

// format returns the file with its keys in order.
func (f *formatter) format(kind string) []byte {
	if f.countsOtherwise() {
		return f.file.data
	}
	f.closeLastLine()
	f.flows(f.file.root, kind)
	f.apply()
	f.walk(f.file.root, kind, 0, len(f.lines))
	f.apply()
	return []byte(strings.Join(f.lines, ""))
}

// countsOtherwise reports characters at which YAML begins a new line and nobody
// else does: places would not be where YAML says.
func (f *formatter) countsOtherwise() bool {
	content := string(f.file.data)
	return strings.ContainsAny(content, "\u0085\u2028\u2029") || strings.Contains(strings.ReplaceAll(content, "\r\n", ""), "\r")
}

// closeLastLine ends the last line like the first, since another may follow it.
func (f *formatter) closeLastLine() {
	last := len(f.lines) - 1
	if strings.HasSuffix(f.lines[last], "\n") {
		return
	}
	if strings.HasSuffix(f.lines[0], "\r\n") {
		f.lines[last] = strings.TrimSuffix(f.lines[last], "\r") + "\r\n"
		return
	}
	f.lines[last] += "\n"
}

// apply makes the moves that were found, inner ones first.
func (f *formatter) apply() {
	for _, move := range f.moves {
		move()
	}
	f.moves = nil
}

// order returns how the keys of a mapping should stand: the positions they have
// now, in the new order. It is nil if they stand right.
func order(y *yaml.Node, kind string) []int {
	rank := itemKinds[kind].rank()
	if len(rank) == 0 {
		return nil
	}
	count := len(y.Content) / 2
	ranks, out, last := make([]int, count), make([]int, count), -1
	for i := range ranks {
		if r, listed := rank[y.Content[2*i].Value]; listed {
			last = r
		}
		ranks[i], out[i] = last, i
	}
	slices.SortStableFunc(out, func(a, b int) int { return ranks[a] - ranks[b] })
	if slices.IsSorted(out) {
		return nil
	}
	return out
}

// valueKind says what kind the value of a key is, and how it holds it.
func valueKind(kind, key string) (shape, below string) {
	what := itemKinds[kind].below[key]
	for _, shape := range []string{"list", "names"} {
		if rest, ok := strings.CutPrefix(what, shape+" "); ok {
			return shape, rest
		}
	}
	return "", what
}

// each calls visit with what is below a value: itself, the elements of a list,
// or what the names stand for.
func each(value *yaml.Node, shape, kind string, visit func(*yaml.Node, string)) {
	switch {
	case value.Kind == yaml.SequenceNode && shape == "list":
		for _, c := range value.Content {
			visit(c, kind)
		}
	case value.Kind == yaml.MappingNode && shape == "names":
		for i := 1; i < len(value.Content); i += 2 {
			visit(value.Content[i], kind)
		}
	case shape == "":
		visit(value, kind)
	}
}

// sameMeaning reports whether two texts are the same YAML but for the order of
// keys.
func sameMeaning(a, b []byte) bool {
	x, errX := decode(strings.TrimPrefix(string(a), "\ufeff"))
	y, errY := decode(strings.TrimPrefix(string(b), "\ufeff"))
	return errX == nil && errY == nil && sameNode(x, y)
}

func sameNode(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Tag != b.Tag || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return false
	}
	if a.Kind != yaml.MappingNode {
		return slices.EqualFunc(a.Content, b.Content, sameNode)
	}
	return slices.EqualFunc(pairsOf(a), pairsOf(b), func(x, y [2]*yaml.Node) bool {
		return sameNode(x[0], y[0]) && sameNode(x[1], y[1])
	})
}

// pairsOf returns the keys and values of a mapping by key; keys written twice
// keep their order, since the first counts.
func pairsOf(y *yaml.Node) [][2]*yaml.Node {
	var out [][2]*yaml.Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		out = append(out, [2]*yaml.Node{y.Content[i], y.Content[i+1]})
	}
	slices.SortStableFunc(out, func(a, b [2]*yaml.Node) int { return strings.Compare(a[0].Value, b[0].Value) })
	return out
}
