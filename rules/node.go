package rules

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// node is a YAML node that knows its file and the clause it belongs to. The zero
// node is absent; reading it gives placeholders and reports nothing.
type node struct {
	y    *yaml.Node
	file *sourceFile
	cite string
}

// absent reports whether nothing was written.
func (n node) absent() bool { return n.y == nil }

// place returns where the node stands. A scalar is underlined as far as its
// first line goes, other nodes at their first character.
func (n node) place() place {
	if n.y == nil {
		return place{file: n.file, cite: n.cite}
	}
	line := max(n.y.Line, 1)
	column := n.file.column(line, max(n.y.Column, 1))
	return place{file: n.file, line: line, column: column, width: n.width(line, column), cite: n.cite}
}

func (n node) width(line, column int) int {
	if n.y.Kind != yaml.ScalarNode {
		return 1
	}
	rest := n.file.lineRunes(line)
	rest = rest[min(column-1, len(rest)):]
	switch {
	case n.y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return 1
	case n.y.Style&yaml.DoubleQuotedStyle != 0:
		return quotedWidth(rest, '"')
	case n.y.Style&yaml.SingleQuotedStyle != 0:
		return quotedWidth(rest, '\'')
	}
	value := []rune(n.y.Value)
	if len(value) <= len(rest) && string(rest[:len(value)]) == n.y.Value {
		return max(len(value), 1)
	}
	return max(len([]rune(strings.TrimRight(string(rest), " "))), 1)
}

// quotedWidth counts the characters of a quoted text with its marks, to the end
// of the line if it is closed on another.
func quotedWidth(rest []rune, mark rune) int {
	s := scanner{quote: mark}
	return max(s.closeQuote(rest, min(1, len(rest))), 1)
}

// report makes a Diagnostic at the node.
func (n node) report(code string, message, hint engine.Text) Diagnostic {
	return n.place().report(code, message, hint)
}

// child returns a node below n that belongs to the same clause.
func (n node) child(y *yaml.Node) node { return node{y, n.file, n.cite} }

// isNull reports whether a key was written without a value.
func (n node) isNull() bool {
	return n.y != nil && n.y.Kind == yaml.ScalarNode && n.y.Style == 0 && n.y.Value == ""
}

// isScalar, isMap and isList tell what was written.
func (n node) isScalar() bool { return n.y != nil && n.y.Kind == yaml.ScalarNode }
func (n node) isMap() bool    { return n.y != nil && n.y.Kind == yaml.MappingNode }
func (n node) isList() bool   { return n.y != nil && n.y.Kind == yaml.SequenceNode }

// kindName says what was written, for messages.
func (n node) kindName() engine.Text {
	switch {
	case n.isNull():
		return text("空", "nothing")
	case n.isMap():
		return text("一组“名称: 值”", "a group of “name: value”")
	case n.isList():
		return text("一个列表", "a list")
	}
	return text("“"+clip(n.value())+"”", "“"+clip(n.value())+"”")
}

// value returns the characters of a scalar, "" for anything else.
func (n node) value() string {
	if !n.isScalar() {
		return ""
	}
	return n.y.Value
}

// clip shortens a text for a message.
func clip(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= 40 {
		return string(r)
	}
	return string(r[:39]) + "…"
}

// bag collects diagnostics.
type bag struct {
	diags    []Diagnostic
	compared int // names looked at for suggestions
}

func (b *bag) add(d Diagnostic) { b.diags = append(b.diags, d) }

// wrongType reports that something else was expected at n.
func (b *bag) wrongType(n node, want engine.Text, hint engine.Text) {
	if n.y.Kind == yaml.AliasNode || b.punctuation(n) {
		return // reported already, or now
	}
	if n.isScalar() && strings.TrimSpace(n.value()) == "" {
		b.add(n.report(CodeMissingKey, text("这里缺少"+want.ZH, want.EN+" is missing here"), hint))
		return
	}
	got := n.kindName()
	b.add(n.report(CodeWrongType,
		text(fmt.Sprintf("这里应为%s, 实际为%s", want.ZH, got.ZH), fmt.Sprintf("expected %s, got %s", want.EN, got.EN)), hint))
}

// punctuation reports a full-width colon or comma that made YAML read a mapping
// or list as one text.
func (b *bag) punctuation(n node) bool {
	if !n.isScalar() || n.y.Style != 0 {
		return false
	}
	p := n.place()
	runes := n.file.lineRunes(p.line)
	for i := p.column - 1; i < len(runes) && i < p.column-1+p.width; i++ {
		if runes[i] == '：' || runes[i] == '，' {
			want := map[rune]string{'：': ":", '，': ","}[runes[i]]
			b.add(n.file.at(p.line, i+1, 1).fullWidth(runes[i], want))
			return true
		}
	}
	return false
}

// quoteMark reports a value in full-width quotation marks, which YAML takes for
// part of it.
func (b *bag) quoteMark(n node) bool {
	v := []rune(n.value())
	if len(v) == 0 || n.y.Style != 0 || !strings.ContainsRune("“”‘’", v[0]) {
		return false
	}
	p := n.place()
	b.add(n.file.at(p.line, p.column, 1).fullWidth(v[0], `"`))
	return true
}

// list returns the elements of a sequence. Anything else is reported.
func (b *bag) list(n node, want engine.Text) []node {
	if n.absent() {
		return nil
	}
	if !n.isList() {
		b.wrongType(n, want, text("每项一行, 以“- ”开头, 或写在 [ ] 里", "one line each, beginning with “- ”, or inside [ ]"))
		return nil
	}
	var out []node
	for _, c := range n.y.Content {
		out = append(out, n.child(c))
	}
	return out
}

// word reads a scalar as text; "" if it is absent or something else.
func (b *bag) word(n node) string {
	switch {
	case n.absent():
		return ""
	case !n.isScalar() || n.isNull():
		b.wrongType(n, text("文字", "a text"), engine.Text{})
		return ""
	}
	return strings.TrimSpace(n.y.Value)
}

// words reads a list of texts; a single text counts as a list of one.
func (b *bag) words(n node) []string {
	if n.isScalar() && !n.isNull() {
		return []string{b.word(n)}
	}
	var out []string
	for _, c := range b.list(n, text("一个列表", "a list")) {
		if n.y.Style&yaml.FlowStyle != 0 && strings.ContainsRune(c.value(), '，') && b.punctuation(c) {
			continue
		}
		if w := b.word(c); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// choice reads one of a few fixed words and returns it, or "" after reporting.
func (b *bag) choice(n node, allowed ...string) string {
	w := b.word(n)
	if w == "" {
		return ""
	}
	for _, a := range allowed {
		if strings.EqualFold(w, a) {
			return a
		}
	}
	if b.quoteMark(n) {
		return ""
	}
	list := strings.Join(allowed, " | ")
	b.add(n.report(CodeWrongType,
		text(fmt.Sprintf("“%s”不是可写的值", clip(w)), fmt.Sprintf("“%s” cannot stand here", clip(w))),
		b.suggestion(w, allowed, text("可写: "+list, "write one of: "+list))))
	return ""
}

// suggestion asks "did you mean", or falls back to another hint.
func (b *bag) suggestion(name string, candidates []string, otherwise engine.Text) engine.Text {
	if s := b.nearest(name, candidates); s != "" {
		return text("是否为 "+s+" ?", "did you mean "+s+"?")
	}
	return otherwise
}

// spent reports whether nothing more may be compared.
func (b *bag) spent() bool { return b.compared > maxCompared }

// nearest is nearest as long as the pack has not used up what may be compared: a
// hostile pack holds thousands of names and mistakes.
func (b *bag) nearest(name string, candidates []string) string {
	if b.spent() {
		return ""
	}
	b.compared += len(candidates)
	return nearest(name, candidates)
}
