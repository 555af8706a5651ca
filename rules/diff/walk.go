package diff

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/rules"
)

// comparer is one call of Compare.
type comparer struct {
	before, after       Edition
	b, a                *tree // of the files that are being compared
	meaning             [2]map[string]string
	said                [2]*telling
	changes, neutral    []Change
	styled, orderedKeys map[Owner]bool // owners whose quotes or order of keys differ, already noted
}

func newComparer(before, after Edition) *comparer {
	return &comparer{
		before: before, after: after,
		meaning: [2]map[string]string{meanings(before.Pack), meanings(after.Pack)},
		said:    [2]*telling{tellingOf(before.Pack), tellingOf(after.Pack)},
		styled:  map[Owner]bool{}, orderedKeys: map[Owner]bool{},
	}
}

// frame is where the walk is.
type frame struct {
	owner  Owner
	top    string        // the key of the top level
	path   []string      // of keys below the owner
	labels []engine.Text // of the same in words
	key    string        // the nearest key of the language
	form   rules.Form    // of its value
	shapes []rules.Shape // what may stand here
	dated  bool          // below a date
	sort   string        // of the file
	cite   string
}

// below is the frame of what stands under a key or a name.
func (f frame) below(path string, label engine.Text, shapes []rules.Shape) frame {
	f.path = append(slices.Clone(f.path), path)
	f.labels = append(slices.Clone(f.labels), label)
	f.shapes = shapes
	return f
}

// file compares the files of one sort.
func (c *comparer) file(sort fileSort, before, after map[string][]byte) {
	c.b, c.a = readTree(before, sort), readTree(after, sort)
	if c.b.root == nil && c.a.root == nil {
		return
	}
	f := frame{sort: sort.kind, shapes: []rules.Shape{{Form: rules.FormMapping, Of: []string{sort.kind}}}}
	f.owner = Owner{Kind: sort.kind, Noun: fileNouns[sort.kind]}
	c.node(f, c.b.root, c.a.root)
	c.comments(f)
}

// node compares two nodes; one of them may be nil.
func (c *comparer) node(f frame, b, a *yaml.Node) {
	switch {
	case b == nil && a == nil:
	case b == nil:
		c.add(f, Added, nil, a)
	case a == nil:
		c.add(f, Removed, b, nil)
	case b.Kind == yaml.MappingNode && a.Kind == yaml.MappingNode:
		c.style(f, b, a)
		c.mapping(f, b, a)
	case b.Kind == yaml.SequenceNode && a.Kind == yaml.SequenceNode:
		c.style(f, b, a)
		c.sequence(f, b, a)
	case b.Kind != a.Kind || b.Value != a.Value:
		c.add(f, Changed, b, a)
	default:
		c.style(f, b, a)
	}
}

// mapping compares two mappings key by key.
func (c *comparer) mapping(f frame, b, a *yaml.Node) {
	keys := merged(keysOf(b), keysOf(a))
	kind := rules.MappingKind(f.shapes, keys)
	if f.sort == rules.KindPack && f.top == "" {
		kind = rules.KindOf(rules.KindPack)
	}
	renamed := renames(kind, b, a)
	c.keyOrder(f, kind, b, a)
	for _, key := range keys {
		if _, gone := renamed.to[key]; gone {
			continue // it is told under its new name
		}
		vb, va := valueOf(b, key), valueOf(a, key)
		g := c.step(f, kind, key, vb, va)
		if old, ok := renamed.from[key]; ok {
			vb = valueOf(b, old)
			c.rename(g, keyNode(b, old), keyNode(a, key))
		}
		if g.top == "sections" && len(g.path) == 0 {
			c.items(g, vb, va)
			continue
		}
		c.node(g, vb, va)
	}
}

// step enters a key of a mapping: a key of the language, or a name.
func (c *comparer) step(f frame, kind *rules.Kind, key string, b, a *yaml.Node) frame {
	if f.top == "" {
		return topFrame(f, kind, key)
	}
	var shapes []rules.Shape
	label := engine.Text{ZH: "“" + key + "”", EN: "“" + key + "”"}
	own := false
	if kind != nil {
		shapes = kind.Below(key)
		if k, ok := kind.Key(key); ok {
			own, label = true, labelOf(k)
		}
	}
	g := f.below(key, label, shapes)
	switch {
	case isDay(key):
		g.dated = true
		g.labels[len(g.labels)-1] = engine.Text{ZH: "自 " + key + " 起", EN: "from " + key + " on"}
		g.shapes = f.shapes
	case own:
		g.key, g.form = key, formOf(shapes)
	default:
		g = named(g, kind, key, shapes, b, a)
	}
	return g
}

// topFrame enters a key of the top level, which owns what stands below it.
func topFrame(f frame, kind *rules.Kind, key string) frame {
	f.top, f.key = key, key
	f.owner = Owner{Kind: key, Noun: engine.Text{ZH: key, EN: key}}
	if kind != nil {
		f.shapes = kind.Below(key)
		if k, ok := kind.Key(key); ok {
			f.form, f.owner.Noun = formOf(f.shapes), topNoun(k)
		}
	}
	return f
}

// named makes a named thing the owner of what stands below it, if it is one.
func named(f frame, kind *rules.Kind, name string, shapes []rules.Shape, b, a *yaml.Node) frame {
	if len(f.path) != 1 || kind == nil || kind.Declares == "" && f.sort != rules.KindCalendar {
		return f
	}
	below := rules.MappingKind(shapes, merged(keysOf(b), keysOf(a)))
	noun, ok := nouns[kind.ID]
	if below != nil {
		noun, ok = nouns[below.ID]
	}
	if !ok {
		return f
	}
	id := word(a, "id")
	if id == "" {
		id = word(b, "id")
	}
	f.owner = Owner{Kind: f.top, ID: id, Name: name, Noun: noun}
	if below != nil {
		f.owner.Kind = below.ID
	}
	f.path, f.labels, f.cite = nil, nil, word(a, "cite")
	return f
}

// merged lists the keys of the later mapping, with those that are gone where
// they stood.
func merged(before, after []string) []string {
	out := slices.Clone(after)
	at := 0
	for _, key := range before {
		if i := slices.Index(out, key); i >= 0 {
			at = i + 1
			continue
		}
		out = slices.Insert(out, at, key)
		at++
	}
	return out
}

// renaming pairs old names with new ones.
type renaming struct{ from, to map[string]string }

// renames finds the names that only one side has and that are the same thing:
// they have one id, or say the same.
func renames(kind *rules.Kind, b, a *yaml.Node) renaming {
	r := renaming{map[string]string{}, map[string]string{}}
	gone, new := onlyNames(kind, b, a), onlyNames(kind, a, b)
	same := func(x, y *yaml.Node) bool {
		if id := word(x, "id"); id != "" || word(y, "id") != "" {
			return id == word(y, "id")
		}
		return content(x) == content(y) && (x.Kind == yaml.MappingNode || len(gone) == 1 && len(new) == 1)
	}
	for _, old := range gone {
		for _, key := range new {
			if _, taken := r.from[key]; !taken && same(valueOf(b, old), valueOf(a, key)) {
				r.from[key], r.to[old] = old, key
				break
			}
		}
	}
	return r
}

// onlyNames lists the keys of one mapping that the other has not and that are
// names, not keys of the language or days.
func onlyNames(kind *rules.Kind, n, other *yaml.Node) []string {
	var out []string
	for _, key := range keysOf(n) {
		if kind != nil {
			if _, own := kind.Key(key); own {
				continue
			}
		}
		if valueOf(other, key) == nil && !isDay(key) {
			out = append(out, key)
		}
	}
	return out
}

// sequence compares two lists. Things with names are found again wherever they
// stand; other lines are laid side by side.
func (c *comparer) sequence(f frame, b, a *yaml.Node) {
	shapes := rules.ItemShapes(f.shapes)
	names := [2][]string{identities(b, shapes), identities(a, shapes)}
	if names[0] != nil && names[1] != nil {
		c.namedItems(f, shapes, names, b, a)
		return
	}
	for _, p := range sideBySide(b.Content, a.Content) {
		c.line(f, shapes, p)
	}
}

// line compares two lines of a list.
func (c *comparer) line(f frame, shapes []rules.Shape, p pair) {
	place, n := p.placeAfter, p.after
	if n == nil {
		place, n = p.placeBefore, p.before
	}
	c.node(c.item(f, shapes, n, p.before, p.after, place), p.before, p.after)
}

// item enters an item of a list. One with a name at the top level is an owner.
func (c *comparer) item(f frame, shapes []rules.Shape, n, b, a *yaml.Node, place int) frame {
	number := itoa(place + 1)
	g := f.below("["+number+"]", engine.Text{ZH: "第 " + number + " 行", EN: "line " + number}, shapes)
	name := nameIn(n, shapes)
	if name == "" {
		return g
	}
	g.path[len(g.path)-1], g.labels[len(g.labels)-1] = "“"+name+"”", engine.Text{ZH: "“" + name + "”", EN: "“" + name + "”"}
	kind := rules.MappingKind(shapes, keysOf(n))
	if len(g.path) != 1 || kind == nil {
		return g
	}
	if noun, ok := nouns[kind.ID]; ok {
		g.owner = Owner{Kind: kind.ID, ID: word(n, "id"), Name: name, Noun: noun}
		g.path, g.labels, g.cite = nil, nil, word(n, "cite")
	}
	return g
}

// namedItems compares lists whose items have names.
func (c *comparer) namedItems(f frame, shapes []rules.Shape, names [2][]string, b, a *yaml.Node) {
	places := inOrder(names[0], names[1])
	for _, name := range merged(names[0], names[1]) {
		i, j := slices.Index(names[0], name), slices.Index(names[1], name)
		p := pair{placeBefore: i, placeAfter: j}
		if i >= 0 {
			p.before = b.Content[i]
		}
		if j >= 0 {
			p.after = a.Content[j]
		}
		if i >= 0 && j >= 0 && !places[name] {
			c.move(c.item(f, shapes, p.after, p.before, p.after, j), p, i, j)
		}
		c.line(f, shapes, p)
	}
}

// identities returns what tells the items of a list apart; nil if something else
// than names does.
func identities(list *yaml.Node, shapes []rules.Shape) []string {
	var out []string
	for _, n := range list.Content {
		name := nameIn(n, shapes)
		if name == "" || slices.Contains(out, name) {
			return nil
		}
		out = append(out, name)
	}
	return out
}

// nameKeys hold the name of an item of a list.
var nameKeys = []string{"id", "limit", "flag", "sample", "penalty", "consequence", "rating", "title", "name", "column"}

// nameIn returns the name of an item of a list, "" if it has none.
func nameIn(n *yaml.Node, shapes []rules.Shape) string {
	if n.Kind == yaml.ScalarNode {
		return n.Value
	}
	if kind := rules.MappingKind(shapes, keysOf(n)); kind != nil && kind.NameKey != "" {
		if w := word(n, kind.NameKey); w != "" {
			return w
		}
	}
	for _, key := range nameKeys {
		if w := word(n, key); w != "" && key != "id" {
			return w
		}
	}
	return ""
}

// inOrder tells which of the names that both lists have kept their order among
// each other: the longest run that did.
func inOrder(before, after []string) map[string]bool {
	var at []int
	var names []string
	for _, name := range after {
		if i := slices.Index(before, name); i >= 0 {
			at, names = append(at, i), append(names, name)
		}
	}
	best := make([]int, len(at)) // length of the longest run that ends here
	from := make([]int, len(at))
	last := -1
	for i := range at {
		best[i], from[i] = 1, -1
		for j := range i {
			if at[j] < at[i] && best[j]+1 > best[i] {
				best[i], from[i] = best[j]+1, j
			}
		}
		if last < 0 || best[i] > best[last] {
			last = i
		}
	}
	kept := map[string]bool{}
	for ; last >= 0; last = from[last] {
		kept[names[last]] = true
	}
	return kept
}

// pair is an item of either list; one may be missing.
type pair struct {
	before, after           *yaml.Node
	placeBefore, placeAfter int
}

// sideBySide lays two lists side by side: items with the same content meet, and
// between them the rest in order.
func sideBySide(before, after []*yaml.Node) []pair {
	b, a := contents(before), contents(after)
	var out []pair
	i, j := 0, 0
	gap := func(i2, j2 int) {
		for i < i2 || j < j2 {
			p := pair{placeBefore: i, placeAfter: j}
			if i < i2 {
				p.before = before[i]
				i++
			}
			if j < j2 {
				p.after = after[j]
				j++
			}
			out = append(out, p)
		}
	}
	for _, m := range common(b, a) {
		gap(m[0], m[1])
		out = append(out, pair{before[i], after[j], i, j})
		i, j = i+1, j+1
	}
	gap(len(before), len(after))
	return out
}

func contents(list []*yaml.Node) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = content(n)
	}
	return out
}

// common finds the longest common run of two lists, as pairs of places.
func common(b, a []string) [][2]int {
	longest := make([][]int, len(b)+1)
	for i := range longest {
		longest[i] = make([]int, len(a)+1)
	}
	for i := len(b) - 1; i >= 0; i-- {
		for j := len(a) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if b[i] == a[j] {
				longest[i][j] = longest[i+1][j+1] + 1
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(b) && j < len(a); {
		switch {
		case b[i] == a[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// isDay reports whether a key is the day that a value holds from.
func isDay(key string) bool {
	var d engine.Date
	return d.UnmarshalText([]byte(key)) == nil && !d.IsZero() && strings.Count(key, "-") == 2
}

// formOf returns the form of a value that is not a mapping or a list.
func formOf(shapes []rules.Shape) rules.Form {
	for _, s := range shapes {
		if s.Form != rules.FormMapping && s.Form != rules.FormList {
			return s.Form
		}
	}
	if items := rules.ItemShapes(shapes); items != nil {
		return formOf(items)
	}
	return rules.FormAny
}
