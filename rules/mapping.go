package rules

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// mapping reads the keys of one YAML mapping and remembers which it was asked
// for, so that what is left over can be reported with a suggestion.
type mapping struct {
	b     *bag
	node  node
	owner node // the key the mapping stands under, if it has one: where to say what is missing
	pairs []pair
	asked []string

	missing []missingKey

	kind string // what its reader calls it in English; the key table knows it by this

	twoItems bool // a second item of a list seems to follow the first without a dash
}

// missingKey is a key that must be there and is not. It is reported when all
// keys are known: a misspelt one is reported as such and not as missing too.
type missingKey struct {
	name string
	d    Diagnostic
}

// pair is one "key: value".
type pair struct {
	name  string
	key   node
	value node
	taken bool
}

// mapping reads n as a mapping. Anything else is reported and gives an empty
// one. Keys written twice are reported; the first counts.
func (b *bag) mapping(n node, want engine.Text) *mapping {
	m := &mapping{b: b, node: n, kind: want.EN}
	if n.absent() {
		return m
	}
	if !n.isMap() {
		b.wrongType(n, text("“名称: 值” ("+want.ZH+")", "“name: value” ("+want.EN+")"), text("写成 名称: 值, 每行一个, 或写在 { } 里", "write name: value, one on each line, or inside { }"))
		return m
	}
	if cite := rawValue(n.y, "cite"); cite != "" {
		m.node.cite = cite
	}
	m.read()
	return m
}

// rawValue looks a scalar up before the mapping is walked: diagnostics inside an
// item name its clause wherever that stands.
func rawValue(y *yaml.Node, key string) string {
	for i := 0; i+1 < len(y.Content); i += 2 {
		if y.Content[i].Value == key && y.Content[i+1].Kind == yaml.ScalarNode {
			return y.Content[i+1].Value
		}
	}
	return ""
}

// mappingUnder returns the mapping under a key; nil if there is none.
func mappingUnder(y *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(y.Content); i += 2 {
		if y.Content[i].Value == key && y.Content[i+1].Kind == yaml.MappingNode {
			return y.Content[i+1]
		}
	}
	return nil
}

func (m *mapping) read() {
	first := map[string]int{}
	for i := 0; i+1 < len(m.node.y.Content); i += 2 {
		if m.node.y.Content[i].Tag == "!!merge" {
			continue // refused already
		}
		key, value := m.node.child(m.node.y.Content[i]), m.node.child(m.node.y.Content[i+1])
		if !key.isScalar() {
			m.b.wrongType(key, text("一个名称", "a name"), engine.Text{})
			continue
		}
		name := strings.TrimSpace(key.value())
		if line, twice := first[name]; twice {
			if m.twoItems {
				continue // the keys of a second item: the first says it
			}
			if m.startsItem(i) {
				m.b.add(key.report(CodeDuplicateKey,
					text(fmt.Sprintf("“%s”已经写在第 %d 行", name, line), fmt.Sprintf("“%s” is already on line %d", name, line)),
					text("如果从这里起是另一项, 前面加“- ”", "if this begins another item, put “- ” before it")))
				m.twoItems = true
				continue
			}
			m.b.add(key.report(CodeDuplicateKey,
				text(fmt.Sprintf("“%s”已经写在第 %d 行", name, line), fmt.Sprintf("“%s” is already on line %d", name, line)),
				text("删去一处, 或改名", "remove one of the two, or rename it")))
			continue
		}
		first[name] = key.y.Line
		m.pairs = append(m.pairs, pair{name: name, key: key, value: value})
	}
}

// startsItem reports whether the key at i and the one after it are both there
// already.
func (m *mapping) startsItem(i int) bool {
	seen := func(i int) bool {
		return i < len(m.node.y.Content) && slices.ContainsFunc(m.pairs, func(p pair) bool { return p.name == strings.TrimSpace(m.node.y.Content[i].Value) })
	}
	return seen(i) && seen(i+2)
}

// onAsked, if a test sets it, hears of every key that a reader asks for.
var onAsked func(kind, key string)

// get returns the value of a key, absent if it was not written.
func (m *mapping) get(name string) node {
	if !slices.Contains(m.asked, name) {
		m.asked = append(m.asked, name)
	}
	if onAsked != nil {
		onAsked(m.kind, name)
	}
	for i := range m.pairs {
		if m.pairs[i].name == name {
			m.pairs[i].taken = true
			return m.pairs[i].value
		}
	}
	return node{file: m.node.file, cite: m.node.cite}
}

// has reports whether a key was written.
func (m *mapping) has(name string) bool {
	for _, p := range m.pairs {
		if p.name == name {
			return true
		}
	}
	return false
}

// keyNode returns the key itself, for diagnostics about it; the mapping if the
// key was not written.
func (m *mapping) keyNode(name string) node {
	for _, p := range m.pairs {
		if p.name == name {
			return p.key
		}
	}
	return m.node
}

// need is get for a key that must be there.
func (m *mapping) need(name string, what engine.Text) node {
	n := m.get(name)
	if n.absent() && m.node.isMap() {
		m.missing = append(m.missing, missingKey{name, m.place().report(CodeMissingKey,
			text(fmt.Sprintf("缺少 %s (%s)", name, what.ZH), fmt.Sprintf("%s is missing (%s)", name, what.EN)),
			text(fmt.Sprintf("加一行 %s: …", name), fmt.Sprintf("add a line %s: …", name)))})
	}
	return n
}

// place is where to complain about the mapping as a whole.
func (m *mapping) place() place {
	if m.owner.absent() {
		return m.node.place()
	}
	p := m.owner.place()
	p.cite = m.node.cite
	return p
}

// word reads the text of a key.
func (m *mapping) word(name string) string { return m.b.word(m.get(name)) }

// done reports the keys nobody asked for, and those that are missing.
func (m *mapping) done() {
	for _, k := range m.missing {
		if !m.meant(k.name) {
			m.b.add(k.d)
		}
	}
	m.missing = nil
	for _, p := range m.pairs {
		if p.taken || m.reportColon(p) {
			continue
		}
		m.b.add(p.key.report(CodeUnknownKey,
			text(fmt.Sprintf("没有关键字“%s”", clip(p.name)), fmt.Sprintf("there is no key “%s” here", clip(p.name))),
			m.b.suggestion(p.name, m.asked, text("可写: "+strings.Join(m.asked, ", "), "allowed: "+strings.Join(m.asked, ", ")))))
	}
}

// meant reports whether a key that nobody asked for stands for the name.
func (m *mapping) meant(name string) bool {
	for _, p := range m.pairs {
		if !p.taken && (m.b.nearest(p.name, m.asked) == name || strings.HasPrefix(p.name, name+":") || strings.HasPrefix(p.name, name+"：")) {
			return true
		}
	}
	return false
}

// reportColon reports "{id:x}" and "{id：x}", which YAML reads as keys without
// values, and "total：{full_points: 1}", which it reads as a key that ends at the next colon.
func (m *mapping) reportColon(p pair) bool {
	if i := strings.IndexRune(p.name, ':'); i > 0 && p.value.isNull() && p.key.y.Style == 0 {
		at := p.key.place()
		at.column, at.width = at.column+len([]rune(p.name[:i])), 1
		m.b.add(at.gluedColon())
		return true
	}
	before, _, _ := strings.Cut(p.name, "：")
	return (p.value.isNull() || slices.Contains(m.asked, strings.TrimSpace(before))) && m.b.punctuation(p.key)
}
