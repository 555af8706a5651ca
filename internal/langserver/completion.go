package langserver

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
	"kaoping/rules"
)

// maxItems bounds a list of completions.
const maxItems = 1000

// completer collects what may be written at a place.
type completer struct {
	s     *server
	d     *document
	at    place
	line  int
	to    int // the cursor's character
	names *names
	out   []completionItem
	seen  map[string]bool
}

// completion offers keys, values and names that fit at the cursor.
func (s *server) completion(d *document, p positionParams) (any, error) {
	c := completer{s: s, d: d, line: p.Position.Line, seen: map[string]bool{}, out: []completionItem{}}
	c.to = characters(lineAt(d.lines, c.line), p.Position.Character)
	top := rules.FileKind(d.path)
	if top == nil {
		return completionList{Items: c.out}, nil
	}
	c.at = placeAt(d.lines, c.line, c.to)
	c.names = s.namesFor(d)
	keys, values := c.at.shapes(top)
	for _, k := range keys {
		c.keys(k)
	}
	for _, v := range values {
		c.values(v)
	}
	return completionList{Items: c.out}, nil
}

// add offers a text in the place of what was typed from a character on.
func (c *completer) add(from int, insert string, item completionItem) {
	if c.seen[item.Label] || len(c.out) >= maxItems {
		return
	}
	c.seen[item.Label] = true
	item.TextEdit = &textEdit{between(c.d.lines, c.line, from, c.to), insert}
	item.SortText = fmt.Sprintf("%04d", len(c.out))
	c.out = append(c.out, item)
}

// keys offers the keys of a kind of mapping that are not there yet.
func (c *completer) keys(k *rules.Kind) {
	colon := ": "
	if rest := strings.TrimLeft(c.rest(), " "); strings.HasPrefix(rest, ":") {
		colon = ""
	}
	for _, own := range k.Keys {
		if slices.Contains(c.at.siblings, own.Name) {
			continue
		}
		c.add(c.at.from, own.Name+colon, completionItem{
			Label: own.Name, Kind: itemProperty, Detail: own.Doc.In(c.s.opt.Lang), Documentation: markdown(c.s.aboutKey(k, own)),
		})
	}
	if k.NamesOf != nil {
		c.declared(c.at.from, k.NamesOf, colon)
	}
}

// rest is what stands behind the cursor on its line.
func (c *completer) rest() string {
	text := []rune(lineAt(c.d.lines, c.line))
	return string(text[min(c.to, len(text)):])
}

// values offers what may be written in one way.
func (c *completer) values(v rules.Shape) {
	switch v.Form {
	case rules.FormChoice, rules.FormPhrase:
		for _, o := range v.Options {
			c.add(c.at.from, o, completionItem{Label: o, Kind: itemValue})
		}
	case rules.FormYesNo:
		for _, o := range []string{"true", "false"} {
			c.add(c.at.from, o, completionItem{Label: o, Kind: itemValue})
		}
	case rules.FormUnit:
		for _, w := range unit.Words() {
			c.add(c.at.from, w, completionItem{Label: w, Kind: itemUnit})
		}
	case rules.FormName:
		c.name(v.Of)
	case rules.FormBound:
		c.declared(c.wordStart(), v.Of, "")
	case rules.FormFormula, rules.FormCondition:
		c.formula()
	case rules.FormText:
		if v.Of != nil {
			c.declared(c.at.from, v.Of, " ")
		}
	case rules.FormList:
		if c.at.typed == "" && !c.at.item {
			return
		}
		for _, item := range v.Items {
			c.values(item)
		}
	}
}

// name offers names; behind "register." the fields of that register.
func (c *completer) name(spaces []string) {
	register, _, dotted := strings.Cut(c.at.typed, ".")
	if !dotted || !slices.Contains(spaces, "fields") {
		c.declared(c.at.from, spaces, "")
		return
	}
	from := c.at.from + len([]rune(register)) + 1
	sees := c.names.seenFrom(strings.TrimSpace(register))
	for _, d := range c.names.Declarations {
		if d.Space == "fields" && sees(d) {
			c.declaration(from, d, "")
		}
	}
}

// declared offers the names of namespaces. Fields are those of the register at the
// cursor, if there is one.
func (c *completer) declared(from int, spaces []string, suffix string) {
	sees := c.names.seenFrom(c.names.ownerAt(c.names.folder.name(c.d.path), c.line+1))
	for _, space := range spaces {
		for _, d := range c.names.Declarations {
			if d.Space == space && (space != "fields" || sees(d) || rules.FileKind(c.d.path).ID == rules.KindTest) {
				c.declaration(from, d, suffix)
			}
		}
	}
}

func (c *completer) declaration(from int, d rules.Declaration, suffix string) {
	insert := d.Name
	if suffix == "" && d.ID != "" && !isPlainName(d.Name) && c.inFormula() {
		insert = d.ID // formulas cannot read the name
	}
	c.add(from, insert+suffix, completionItem{
		Label: d.Name, Kind: itemVariable, Detail: c.s.kindOf(d), Documentation: markdown(c.s.aboutName(d)), FilterText: strings.TrimSpace(d.Name + " " + d.ID),
	})
}

func (c *completer) inFormula() bool {
	return slices.Contains([]string{"formula", "where", "when", "require"}, c.at.key)
}

func isPlainName(s string) bool {
	return s != "" && !unicode.IsDigit([]rune(s)[0]) && !strings.ContainsFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// wordStart is where the word before the cursor begins.
func (c *completer) wordStart() int {
	text := lineAt(c.d.lines, c.line)
	_, from := wordAround(string([]rune(text)[:min(c.to, len([]rune(text)))]), c.to)
	return max(from, c.at.from)
}

// formula offers names and functions at the word before the cursor. Inside a text
// in quotes there are none.
func (c *completer) formula() {
	inner := strings.TrimLeft(c.at.typed, `"'`)
	if strings.Count(inner, `"`)%2 == 1 && strings.HasPrefix(c.at.typed, "'") || strings.Count(c.at.typed, `"`)%2 == 1 && !strings.HasPrefix(c.at.typed, `"`) {
		return
	}
	from := c.wordStart()
	sees := c.names.seenFrom(c.names.ownerAt(c.names.folder.name(c.d.path), c.line+1))
	records := c.at.key == "where" || c.at.key == "when"
	for _, d := range c.names.Declarations {
		if d.Space == "fields" && sees(d) {
			c.declaration(from, d, "")
			records = true
		}
	}
	if !records || !slices.Contains([]string{"where", "when"}, c.at.key) {
		for _, d := range c.names.Declarations {
			if slices.Contains([]string{"statistics", "metrics", "benchmarks", "attributes", "parameters"}, d.Space) {
				c.declaration(from, d, "")
			}
		}
	}
	for _, f := range formula.Functions() {
		name := engine.Text{ZH: f.Name, EN: f.Alias}.In(c.s.opt.Lang)
		c.add(from, name+"(", completionItem{
			Label: name, Kind: itemFunction, Detail: "(" + f.Args + ")", Documentation: markdown(c.s.aboutFunction(f)), FilterText: f.Name + " " + f.Alias,
		})
	}
}
