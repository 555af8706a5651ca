package diff

import (
	"slices"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/rules"
)

// itemLists are the keys below which the lines of a scorecard stand, with the
// key that names a line there.
var itemLists = []string{"sections", "indicators", "deductions", "additions"}

var itemNames = []string{"section", "group", "indicator", "deduction", "addition"}

// cardItem is a line of the scorecard as it is written.
type cardItem struct {
	node   *yaml.Node
	kind   string // section, group, indicator, deduction, addition
	name   string
	id     string
	parent *cardItem // nil for a section
	twin   *cardItem // the same line of the other side; nil if there is none
}

// items compares the lines of the scorecard, each with its own whatever section
// it stands in.
func (c *comparer) items(f frame, b, a *yaml.Node) {
	before, after := cardItems(b, nil), cardItems(a, nil)
	matchItems(before, after)
	for _, it := range inCardOrder(before, after) {
		c.cardItem(f, it, slices.Contains(after, it), before, after)
	}
}

// cardItems lists the lines below a list, each before what it contains.
func cardItems(list *yaml.Node, parent *cardItem) []*cardItem {
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	var out []*cardItem
	for _, n := range list.Content {
		it := &cardItem{node: n, parent: parent, id: word(n, "id")}
		for _, key := range itemNames {
			if w := word(n, key); w != "" {
				it.kind, it.name = key, w
				break
			}
		}
		out = append(out, it)
		for _, key := range itemLists {
			out = append(out, cardItems(valueOf(n, key), it)...)
		}
	}
	return out
}

// matchItems finds the lines of one side on the other: by id, by name, or by
// what they say.
func matchItems(before, after []*cardItem) {
	for _, same := range []func(x, y *cardItem) bool{
		func(x, y *cardItem) bool { return x.id != "" && x.id == y.id },
		func(x, y *cardItem) bool {
			return x.name == y.name && x.kind == y.kind && (x.id == "" || y.id == "" || x.parentName() == y.parentName())
		},
		func(x, y *cardItem) bool { return x.kind == y.kind && x.says() == y.says() },
	} {
		for _, x := range before {
			for _, y := range after {
				if x.twin == nil && y.twin == nil && same(x, y) {
					x.twin, y.twin = y, x
				}
			}
		}
	}
}

func (it *cardItem) parentName() string {
	if it.parent == nil {
		return ""
	}
	return it.parent.name
}

// says is what an item says besides its name.
func (it *cardItem) says() string {
	own := *it.node
	own.Content = nil
	for i := 0; i+1 < len(it.node.Content); i += 2 {
		if key := it.node.Content[i].Value; key != "id" && key != it.kind {
			own.Content = append(own.Content, it.node.Content[i], it.node.Content[i+1])
		}
	}
	return content(&own)
}

// inCardOrder lists the lines of the later side, with those that are gone where
// they stood.
func inCardOrder(before, after []*cardItem) []*cardItem {
	out := slices.Clone(after)
	at := 0
	for _, it := range before {
		if it.twin != nil {
			at = slices.Index(out, it.twin) + 1
			continue
		}
		out = slices.Insert(out, at, it)
		at++
	}
	return out
}

// cardItem compares a line with its twin. later says which side it is of.
func (c *comparer) cardItem(f frame, it *cardItem, later bool, before, after []*cardItem) {
	f.owner = Owner{Kind: it.kind, ID: it.id, Name: it.name, Noun: nouns[it.kind]}
	f.path, f.labels, f.cite = nil, nil, word(it.node, "cite")
	f.shapes = []rules.Shape{{Form: rules.FormMapping, Of: []string{it.kind}}}
	switch {
	case it.twin == nil && it.parent != nil && it.parent.twin == nil:
		// It came, or went, with what it stands in.
	case it.twin == nil && later:
		c.add(f, Added, nil, it.node)
	case it.twin == nil:
		c.add(f, Removed, it.node, nil)
	default:
		c.moved(f, it, before, after)
		c.ownKeys(f, it)
	}
}

// ownKeys compares what a line says itself, without the lines below it.
func (c *comparer) ownKeys(f frame, it *cardItem) {
	b, a := it.twin.node, it.node
	kind := rules.KindOf(it.kind)
	c.style(f, b, a)
	c.keyOrder(f, kind, b, a)
	for _, key := range merged(keysOf(b), keysOf(a)) {
		vb, va := valueOf(b, key), valueOf(a, key)
		switch {
		case slices.Contains(itemLists, key):
		case key == it.kind && it.kind == it.twin.kind && it.name != it.twin.name:
			c.rename(f, vb, va)
		default:
			c.node(c.step(f, kind, key, vb, va), vb, va)
		}
	}
}

// moved reports a line that stands elsewhere: below another line, or in another
// order among those it stood with.
func (c *comparer) moved(f frame, it *cardItem, before, after []*cardItem) {
	p := pair{before: it.twin.node, after: it.node}
	from, to := it.twin.parent, it.parent
	if (from == nil) != (to == nil) || from != nil && from.twin != to {
		c.moveBelow(f, p, from, to)
		return
	}
	was, is := siblings(before, it.twin), siblings(after, it)
	var old, now []string
	for _, s := range was {
		if s.twin != nil && slices.Contains(is, s.twin) {
			old = append(old, s.twin.kind+s.twin.name)
		}
	}
	for _, s := range is {
		now = append(now, s.kind+s.name)
	}
	if !inOrder(old, now)[it.kind+it.name] && slices.Contains(old, it.kind+it.name) {
		c.move(f, p, slices.Index(was, it.twin), slices.Index(is, it))
	}
}

// siblings lists the lines that stand below the same line.
func siblings(all []*cardItem, it *cardItem) []*cardItem {
	var out []*cardItem
	for _, s := range all {
		if s.parent == it.parent {
			out = append(out, s)
		}
	}
	return out
}

func (c *comparer) moveBelow(f frame, p pair, from, to *cardItem) {
	name := func(it *cardItem) engine.Text {
		if it == nil {
			return engine.Text{ZH: "总分", EN: "the total"}
		}
		return engine.Text{ZH: "“" + it.name + "”", EN: "“" + it.name + "”"}
	}
	x := c.change(f, Moved, p.before, p.after)
	x.Effect, x.Part = Scores, PartItem
	x.Text = engine.Text{
		ZH: "从" + name(from).ZH + "之下移到" + name(to).ZH + "之下",
		EN: "moves from below " + name(from).EN + " to below " + name(to).EN,
	}
	c.put(x)
}
