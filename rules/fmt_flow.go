package rules

import (
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// stretch is a run of characters of the whole file; to is behind the last.
type stretch struct{ from, to int }

// flowText is the file as characters, with the place where each line begins.
type flowText struct {
	runes  []rune
	starts []int
}

// flows finds the moves inside braces, wherever the node and what is below it
// stands, the innermost first.
func (f *formatter) flows(root *yaml.Node, kind string) {
	t := &flowText{runes: []rune(strings.Join(f.lines, ""))}
	at := 0
	for _, line := range f.lines {
		t.starts = append(t.starts, at)
		at += len([]rune(line))
	}
	f.flowNode(t, root, kind)
	f.moves = append(f.moves, func() { f.lines = splitAfter(string(t.runes)) })
}

func splitAfter(s string) []string {
	lines := strings.SplitAfter(s, "\n")
	return lines[:len(lines)-1]
}

func (f *formatter) flowNode(t *flowText, y *yaml.Node, kind string) {
	if y.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		shape, below := valueKind(kind, y.Content[i].Value)
		each(y.Content[i+1], shape, below, func(c *yaml.Node, k string) { f.flowNode(t, c, k) })
	}
	to := order(y, kind)
	if to == nil || y.Style&yaml.FlowStyle == 0 {
		return
	}
	spans, ok := f.flowSpans(t, y)
	if !ok {
		return
	}
	f.moves = append(f.moves, func() { t.permute(spans, to) })
}

// flowSpans returns where the entries of a mapping in braces stand, without the
// commas and blanks between them. It is not ok if there are comments between.
func (f *formatter) flowSpans(t *flowText, y *yaml.Node) ([]stretch, bool) {
	var out []stretch
	for i := 0; i+1 < len(y.Content); i += 2 {
		from := f.offset(t, y.Content[i])
		to, ok := f.flowEnd(t, y.Content[i+1])
		if !ok || to <= from {
			return nil, false
		}
		if n := len(out); n > 0 && strings.Trim(string(t.runes[out[n-1].to:from]), " \r\n\t") != "," {
			return nil, false
		}
		out = append(out, stretch{from, to})
	}
	return out, true
}

// offset returns where a node begins.
func (f *formatter) offset(t *flowText, y *yaml.Node) int {
	return min(t.starts[min(y.Line, len(t.starts))-1]+f.start(y), len(t.runes))
}

// flowEnd returns where a node inside braces ends.
func (f *formatter) flowEnd(t *flowText, y *yaml.Node) (int, bool) {
	at := f.offset(t, y)
	switch {
	case y.Kind == yaml.ScalarNode:
		return t.scalarEnd(at, y)
	case y.Kind == yaml.AliasNode || at >= len(t.runes) || !strings.ContainsRune("[{", t.runes[at]):
		return 0, false
	}
	at++
	if n := len(y.Content); n > 0 {
		end, ok := f.flowEnd(t, y.Content[n-1])
		if !ok {
			return 0, false
		}
		at = end
	}
	for at < len(t.runes) && (unicode.IsSpace(t.runes[at]) || t.runes[at] == ',') {
		at++
	}
	return at + 1, at < len(t.runes) && strings.ContainsRune("]}", t.runes[at])
}

// scalarEnd returns where a text inside braces ends that begins at a place.
func (t *flowText) scalarEnd(at int, y *yaml.Node) (int, bool) {
	if y.Value == "" && y.Style == 0 {
		return 0, false // nothing is written, so there is no telling where
	}
	if y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
		if at >= len(t.runes) || !strings.ContainsRune(`"'`, t.runes[at]) {
			return 0, false
		}
		s := scanner{quote: t.runes[at]}
		end := s.closeQuote(t.runes, at+1)
		return end, s.quote == 0
	}
	s := scanner{flow: []rune{'{'}}
	rest := t.runes[at:]
	for i, r := range rest {
		if r == '\n' {
			rest = rest[:i]
			break
		}
	}
	end := s.plainEnd(rest, 0)
	return at + end, string(rest[:end]) == y.Value
}

// permute puts stretches of text into another order. What is between them stays.
func (t *flowText) permute(spans []stretch, to []int) {
	var out []rune
	for i, s := range spans {
		from := spans[to[i]]
		out = append(out, t.runes[from.from:from.to]...)
		if i+1 < len(spans) {
			out = append(out, t.runes[s.to:spans[i+1].from]...)
		}
	}
	copy(t.runes[spans[0].from:], out)
}
