package diff

import (
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/rules"
)

// fileSort is one of the three sorts of files an edition is made of.
type fileSort struct {
	kind   string
	wanted func(name string) bool
}

func isCalendar(name string) bool { return path.Base(path.Dir(name)) == "calendars" }

var (
	packFile     = fileSort{rules.KindPack, func(name string) bool { return !isCalendar(name) }}
	calendarFile = fileSort{rules.KindCalendar, isCalendar}
	testFile     = fileSort{rules.KindTest, func(string) bool { return true }}
)

// tree is the text of one side: its files read as one.
type tree struct {
	root     *yaml.Node            // a mapping; nil if there is no such file
	file     map[*yaml.Node]string // of each node
	comments []string
}

// readTree joins the files of a sort: what stands under the same key adds up.
func readTree(files map[string][]byte, sort fileSort) *tree {
	t := &tree{file: map[*yaml.Node]string{}}
	names := make([]string, 0, len(files))
	for name := range files {
		if sort.wanted(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		var doc yaml.Node
		if yaml.Unmarshal(files[name], &doc) != nil || len(doc.Content) == 0 {
			continue // it has been refused when it was loaded
		}
		t.mark(&doc, name)
		t.add(doc.Content[0])
	}
	return t
}

// mark notes the file of a node and of all below, and the comments.
func (t *tree) mark(n *yaml.Node, name string) {
	t.file[n] = name
	for _, text := range []string{n.HeadComment, n.LineComment, n.FootComment} {
		for _, line := range strings.Split(text, "\n") {
			if line != "" {
				t.comments = append(t.comments, line)
			}
		}
	}
	for _, child := range n.Content {
		t.mark(child, name)
	}
}

func (t *tree) add(top *yaml.Node) {
	if top.Kind != yaml.MappingNode {
		return
	}
	if t.root == nil {
		t.root = &yaml.Node{Kind: yaml.MappingNode, Line: top.Line, Column: top.Column}
		t.file[t.root] = t.file[top]
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		old := valueOf(t.root, key.Value)
		switch {
		case old == nil:
			joined := *value // its content may grow
			joined.Content = slices.Clone(value.Content)
			t.file[&joined] = t.file[value]
			t.root.Content = append(t.root.Content, key, &joined)
		case old.Kind == value.Kind && value.Kind != yaml.ScalarNode:
			old.Content = append(old.Content, value.Content...)
		}
	}
}

// valueOf returns the value of a key of a mapping, nil if it is not there.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// word returns a scalar below a key, "" if there is none.
func word(n *yaml.Node, key string) string {
	if v := valueOf(n, key); v != nil && v.Kind == yaml.ScalarNode {
		return v.Value
	}
	return ""
}

func keysOf(n *yaml.Node) []string {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var out []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		out = append(out, n.Content[i].Value)
	}
	return out
}

// keyNode returns the node of a key.
func keyNode(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i]
		}
	}
	return nil
}

// content writes what a node says without its layout: two nodes with the same
// content differ in nothing but comments, quotes and the order of keys.
func content(n *yaml.Node) string {
	var b strings.Builder
	writeContent(&b, n)
	return b.String()
}

func writeContent(b *strings.Builder, n *yaml.Node) {
	switch {
	case n == nil:
		return
	case n.Kind == yaml.MappingNode:
		keys := keysOf(n)
		slices.Sort(keys)
		b.WriteByte('{')
		for _, k := range keys {
			b.WriteString(k)
			b.WriteByte(':')
			writeContent(b, valueOf(n, k))
			b.WriteByte(';')
		}
		b.WriteByte('}')
	case n.Kind == yaml.SequenceNode:
		b.WriteByte('[')
		for _, item := range n.Content {
			writeContent(b, item)
			b.WriteByte(';')
		}
		b.WriteByte(']')
	default:
		b.WriteString("<" + n.Value + ">")
	}
}

// written writes a node on one line, as people write it.
func written(n *yaml.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Kind == yaml.MappingNode:
		var parts []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, n.Content[i].Value+": "+written(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case n.Kind == yaml.SequenceNode:
		var parts []string
		for _, item := range n.Content {
			parts = append(parts, written(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case n.Value == "":
		return `""`
	}
	return n.Value
}
