package rules

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// Span is a stretch of one line of a file: 1-based line and column, in characters.
type Span struct {
	File                string
	Line, Column, Width int
}

// Holds reports whether the character at line and column, or the gap behind the
// last one, belongs to the span.
func (s Span) Holds(file string, line, column int) bool {
	return s.File == file && s.Line == line && column >= s.Column && column <= s.Column+s.Width
}

// Detail is one "key: value" of a declaration.
type Detail struct{ Key, Value string }

// Declaration is something that a file gives a name to.
type Declaration struct {
	Space   string // "metrics", "items" …
	Kind    string // the id of its kind of mapping; "" if it is written as words
	Name    string
	ID      string // "" if it has none of its own
	Owner   string // of a field: the register, or the deduction with cases of its own
	At      Span   // its name
	Details []Detail
}

// Detail returns the value of a key of the declaration, "" if it has none.
func (d *Declaration) Detail(key string) string {
	for _, detail := range d.Details {
		if detail.Key == key {
			return detail.Value
		}
	}
	return ""
}

// Called reports whether the declaration has the name or id.
func (d *Declaration) Called(name string) bool { return name != "" && (d.Name == name || d.ID == name) }

// Mention is a place where a declared name or id is written.
type Mention struct {
	At       Span
	Text     string // as written
	Of       []int  // indices of Declarations: more than one where a place names both an indicator and its metric
	Declares bool   // the name or id is given here
}

// Heading is a line of a file's outline.
type Heading struct {
	Name, Detail string
	Kind         string // the id of its kind of mapping; "" at the top level
	At           Span
	LastLine     int
	Below        []*Heading
}

// Index holds the names of the files of one edition, with its tests.
type Index struct {
	Declarations []Declaration
	Mentions     []Mention
	Outlines     map[string][]*Heading // by file
	Broken       []string              // files that cannot be read as YAML
}

// EditionOf returns what joins a file to others: its pack and edition, as far as
// they can be made out.
func EditionOf(name string, data []byte) (pack, edition string) {
	f, _ := readSource(name, data)
	h := headerOf(f)
	return h.pack, h.edition
}

// IndexFiles reads the names out of the files of one edition and its tests. It is
// guided by the table of keys alone and says nothing about mistakes.
func IndexFiles(files map[string][]byte) *Index {
	x := &indexer{index: &Index{Outlines: map[string][]*Heading{}}, registers: map[string]string{}}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, _ := readSource(name, files[name])
		k := FileKind(name)
		if f.root == nil || f.root.Kind != yaml.MappingNode || k == nil {
			x.index.Broken = append(x.index.Broken, name)
			continue
		}
		x.index.Outlines[name] = x.mapping(node{y: f.root, file: f}, k, around{})
		x.comments(f)
	}
	x.resolve()
	return x.index
}

// indexer walks over files.
type indexer struct {
	index     *Index
	uses      []use
	registers map[string]string // the register of a deduction that names one
	called    map[string][]int  // declarations by name and id, in order
	odd       []string          // names that are more than one word
}

// use is a value that may hold names.
type use struct {
	at     node
	shapes []Shape
	owner  string // whose fields its formulas see
	shift  bool   // prefixes such as 上期 and units in brackets may surround the name
	link   bool   // the name of an indicator that says no metric: the metric of the same name
}

// around is what a value stands in.
type around struct {
	owner string
	test  bool
}

// mapping reads a mapping and returns the headings in it.
func (x *indexer) mapping(n node, k *Kind, in around) []*Heading {
	in.test = in.test || k.ID == KindTest
	if k.NameKey != "" {
		x.declareItem(n, k, &in)
	}
	if register := registerOf(n); register != "" {
		in.owner = register
	}
	var out []*Heading
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		key, value := n.child(n.y.Content[i]), n.child(n.y.Content[i+1])
		name := strings.TrimSpace(key.value())
		_, fixed := k.Key(name)
		below := in
		h := &Heading{Name: name, At: textSpan(key), LastLine: lastLine(value.y)}
		switch {
		case fixed:
			if value.isScalar() && k.ID == KindPack {
				h.Detail = clip(value.value())
			}
		case k.Declares != "":
			d := x.declare(k.Declares, key, name, value, k.Names, in.owner)
			h.Kind, h.Detail = d.Kind, firstOf(d, "id", "unit")
			if k.Declares == spaceRegisters {
				below.owner = name
			}
		case k.NamesOf != nil:
			x.uses = append(x.uses, use{at: key, shapes: []Shape{nameOf(k.NamesOf...)}, owner: in.owner, shift: in.test})
			if slices.Contains(k.NamesOf, spaceRegisters) || slices.Contains(k.NamesOf, spaceItems) {
				below.owner = name
			}
		}
		if name != k.NameKey && name != "id" {
			h.Below = x.value(value, k.Below(name), below)
		}
		if !fixed && k.Declares != "" || k.ID == KindPack || len(h.Below) > 0 && h.Below[0].Kind != "" {
			out = append(out, h)
		}
	}
	x.groupCells(n)
	return flatten(k, out)
}

// groupCells finds the peer groups in the rows of a table of tests.
func (x *indexer) groupCells(n node) {
	var columns, rows *yaml.Node
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		switch n.y.Content[i].Value {
		case "columns":
			columns = n.y.Content[i+1]
		case "rows":
			rows = n.y.Content[i+1]
		}
	}
	if columns == nil || rows == nil {
		return
	}
	at := slices.IndexFunc(columns.Content, func(c *yaml.Node) bool { return c.Value == "peer_group" })
	for _, row := range rows.Content {
		if at >= 0 && at < len(row.Content) && row.Content[at].Kind == yaml.ScalarNode {
			x.uses = append(x.uses, use{at: n.child(row.Content[at]), shapes: []Shape{nameOf(spaceGroups)}})
		}
	}
}

// flatten leaves out the keys between an item and the items in it: the outline is
// that of the regulation.
func flatten(k *Kind, headings []*Heading) []*Heading {
	if k.ID == KindPack || k.Declares != "" && k.NameKey == "" {
		return headings
	}
	var out []*Heading
	for _, h := range headings {
		out = append(out, h.Below...)
	}
	return out
}

// registerOf returns the register that a mapping says its records come from, or
// the deduction whose cases they are.
func registerOf(n node) string {
	if of := mappingUnder(n.y, "of"); of != nil { // a sample
		return rawValue(of, "register")
	}
	for _, key := range []string{"register", "count", "sum", "last", "deduction"} {
		if v := rawValue(n.y, key); v != "" {
			register, _, _ := strings.Cut(v, ".")
			return strings.TrimSpace(register)
		}
	}
	return ""
}

func (x *indexer) declareItem(n node, k *Kind, in *around) {
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value != k.NameKey || n.y.Content[i+1].Kind != yaml.ScalarNode {
			continue
		}
		key := n.child(n.y.Content[i+1])
		d := x.declare(k.Declares, key, strings.TrimSpace(key.value()), n, nil, "")
		d.Kind = k.ID
		if k.ID == "deduction" {
			in.owner = d.Name
			x.registers[d.Name] = rawValue(n.y, "register")
			x.registers[d.ID] = x.registers[d.Name]
			delete(x.registers, "")
		}
		if k.ID == "indicator" && rawValue(n.y, "metric") == "" && hasKey(n, "score") {
			x.uses = append(x.uses, use{at: key, shapes: []Shape{nameOf(spaceMetrics)}, link: true})
		}
	}
}

// declare adds a declaration with what is written about it.
func (x *indexer) declare(space string, key node, name string, value node, shapes []Shape, owner string) *Declaration {
	d := Declaration{Space: space, Name: name, At: textSpan(key)}
	if space == spaceFields {
		d.Owner = owner
	}
	at := len(x.index.Declarations)
	if value.isMap() {
		if k := MappingKind(shapes, mappingKeys(value.y)); k != nil {
			d.Kind = k.ID
		}
		for i := 0; i+1 < len(value.y.Content); i += 2 {
			k, v := value.y.Content[i].Value, value.child(value.y.Content[i+1])
			if written := oneLine(v.y); written != "" {
				d.Details = append(d.Details, Detail{k, written})
			}
			if k == "id" && v.isScalar() {
				d.ID = strings.TrimSpace(v.value())
				x.mention(v, d.ID, textSpan(v), true, at)
			}
		}
	} else if value.isScalar() {
		d.Details = append(d.Details, Detail{"", clip(value.value())})
	}
	x.index.Declarations = append(x.index.Declarations, d)
	x.mention(key, name, textSpan(key), true, at)
	return &x.index.Declarations[at]
}

// oneLine writes a value on one line; "" if it is a mapping of its own.
func oneLine(y *yaml.Node) string {
	switch y.Kind {
	case yaml.ScalarNode:
		return strings.Join(strings.Fields(y.Value), " ")
	case yaml.SequenceNode:
		var parts []string
		for _, c := range y.Content {
			if c.Kind != yaml.ScalarNode {
				return ""
			}
			parts = append(parts, c.Value)
		}
		return strings.Join(parts, ", ")
	}
	if zh, en := rawValue(y, "zh"), rawValue(y, "en"); zh != "" || en != "" {
		return strings.Trim(zh+" / "+en, " /")
	}
	return ""
}

// value reads what stands under a key.
func (x *indexer) value(n node, shapes []Shape, in around) []*Heading {
	switch {
	case n.isMap():
		if k := MappingKind(shapes, mappingKeys(n.y)); k != nil {
			return x.item(n, k, in)
		}
	case n.isList():
		var out []*Heading
		for _, c := range n.y.Content {
			out = append(out, x.value(n.child(c), ItemShapes(shapes), in)...)
		}
		return out
	case n.isScalar():
		x.uses = append(x.uses, use{at: n, shapes: shapes, owner: in.owner, shift: in.test})
	}
	return nil
}

// item reads a mapping; those that have a name of their own are a heading.
func (x *indexer) item(n node, k *Kind, in around) []*Heading {
	below := x.mapping(n, k, in)
	keys := []string{k.NameKey}
	if strings.HasPrefix(k.ID, "test ") {
		keys = []string{"name", "indicator", "deduction", "metric"}
	}
	for _, key := range keys {
		if name := rawValue(n.y, key); name != "" && key != "" && (k.NameKey != "" || slices.Contains([]string{"test table", "test card", "test group"}, k.ID)) {
			return []*Heading{{Name: name, Kind: k.ID, Detail: rawValue(n.y, "full_points"), At: x.spanOfValue(n, key), LastLine: lastLine(n.y), Below: below}}
		}
	}
	return below
}

func (x *indexer) spanOfValue(n node, key string) Span {
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value == key {
			return textSpan(n.child(n.y.Content[i+1]))
		}
	}
	return textSpan(n)
}

func firstOf(d *Declaration, keys ...string) string {
	for _, key := range keys {
		if v := d.Detail(key); v != "" {
			return v
		}
	}
	return ""
}

// textSpan returns the place of the text of a scalar, without its quotes.
func textSpan(n node) Span {
	if !n.isScalar() {
		p := n.place()
		return Span{p.file.name, p.line, p.column, max(p.width, 1)}
	}
	return n.spanOfPart(0, len([]rune(n.y.Value)))
}

func (n node) spanOfPart(offset, length int) Span {
	p := n.part(offset, length)
	return Span{p.file.name, p.line, p.column, p.width}
}

// lastLine returns the last line of a node.
func lastLine(y *yaml.Node) int {
	last := y.Line
	if y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		last += strings.Count(strings.TrimRight(y.Value, "\n"), "\n") + 1
	}
	for _, c := range y.Content {
		last = max(last, lastLine(c))
	}
	return last
}

func (x *indexer) mention(n node, text string, at Span, declares bool, of ...int) {
	if text != "" {
		x.index.Mentions = append(x.index.Mentions, Mention{At: at, Text: text, Of: of, Declares: declares})
	}
}

// comments finds assumptions in the comments at the ends of lines, where the
// language reads them too.
func (x *indexer) comments(f *sourceFile) {
	for line := range f.comments {
		whole := f.lineText(line)
		_, comment, _ := strings.Cut(whole, "#")
		begin := len(whole) - len(comment)
		for _, at := range mentioned.FindAllStringIndex(comment, -1) {
			id := comment[at[0]:at[1]]
			column := len([]rune(whole[:begin+at[0]])) + 1
			x.uses = append(x.uses, use{at: node{
				y:    &yaml.Node{Kind: yaml.ScalarNode, Value: id, Line: line, Column: column},
				file: f,
			}, shapes: []Shape{nameOf(spaceAssumptions)}})
		}
	}
}

// formulaSpaces are what formulas may use, nearest first.
var formulaSpaces = []string{spaceFields, spaceStatistics, spaceMetrics, spaceBenchmarks, spaceAttributes, "parameters", spaceItems}

// resolve finds out what the uses name.
func (x *indexer) resolve() {
	x.prepare()
	for _, u := range x.uses {
		for _, s := range u.shapes {
			if x.try(u, s) {
				break
			}
		}
	}
}

// try reads a use as one of its shapes; false if that names nothing.
func (x *indexer) try(u use, s Shape) bool {
	value := u.at.value()
	switch s.Form {
	case FormChoice:
		return slices.Contains(s.Options, strings.TrimSpace(value))
	case FormName:
		if len(s.Of) > 0 && s.Of[0] == spaceAssumptions {
			return x.parts(u, assumptionID.FindAllStringIndex(value, -1), s.Of)
		}
		return x.name(u, s.Of)
	case FormFormula, FormCondition:
		return x.words(u, formulaSpaces)
	case FormBound:
		return x.words(u, append(slices.Clone(s.Of), "parameters", spaceMetrics, spaceStatistics))
	case FormPhrase:
		if slices.Contains(s.Of, spaceFields) {
			return x.person(u)
		}
		return x.words(u, []string{spaceStatistics, spaceMetrics})
	case FormText:
		if slices.Contains(s.Of, spaceSources) {
			return x.parts(u, firstWord.FindAllStringIndex(value, -1), s.Of)
		}
		return !u.shift && x.tieBreak(u)
	}
	return false
}

var (
	firstWord = regexp.MustCompile(`^\s*\S+`)
	orderWord = regexp.MustCompile(`^(.+?)\s+(?:ascending|descending)\s*$`)
)

// tieBreak reads "保费收入 descending".
func (x *indexer) tieBreak(u use) bool {
	m := orderWord.FindStringSubmatchIndex(u.at.value())
	return m != nil && x.parts(u, [][]int{m[2:4]}, []string{spaceMetrics, spaceStatistics})
}

// parts reads stretches of a value, in bytes, as names.
func (x *indexer) parts(u use, spans [][]int, spaces []string) bool {
	found := false
	for _, s := range spans {
		found = x.part(u, s[0], s[1], spaces) || found
	}
	return found
}

func (x *indexer) part(u use, from, to int, spaces []string) bool {
	value := u.at.value()
	for from < to && value[from] == ' ' {
		from++
	}
	name := value[from:to]
	of := x.find(name, spaces, u.owner)
	if of == nil {
		return false
	}
	x.mention(u.at, name, u.at.spanOfPart(len([]rune(value[:from])), len([]rune(name))), u.link, of...)
	return true
}

// name reads a value that is a name as a whole, or register.field, or in a test a
// name with what may surround it there.
func (x *indexer) name(u use, spaces []string) bool {
	value := u.at.value()
	trimmed := strings.TrimSpace(value)
	start := strings.Index(value, trimmed)
	if x.part(u, start, start+len(trimmed), spaces) {
		return true
	}
	if register, _, ok := strings.Cut(trimmed, "."); ok && slices.Contains(spaces, spaceFields) && slices.Contains(spaces, spaceRegisters) {
		u.owner = strings.TrimSpace(register)
		a := x.part(u, start, start+len(register), []string{spaceRegisters})
		return x.part(u, start+len(register)+1, start+len(trimmed), []string{spaceFields}) || a
	}
	if !u.shift {
		return false
	}
	from, to := start, start+len(trimmed)
	for _, prefix := range []string{"上期 ", "previous ", "环比 ", "preceding ", "同比 ", "year_ago ", "metric ", "points ", "full_points ", "rank ", "cases "} {
		if strings.HasPrefix(value[from:to], prefix) {
			from += len(prefix)
			break
		}
	}
	if i := strings.IndexAny(value[from:to], "(（"); i > 0 {
		to = from + i
	}
	return x.part(u, from, to, spaces)
}

// person reads whom a measure is for: a field, or the leader of one.
func (x *indexer) person(u use) bool {
	value := u.at.value()
	rest := strings.TrimPrefix(value, "leader of ")
	name := strings.TrimSuffix(rest, "的直接领导")
	from := len(value) - len(rest)
	return x.part(u, from, from+len(name), []string{spaceFields})
}

// words finds the names in a formula. Texts in quotes are none.
func (x *indexer) words(u use, spaces []string) bool {
	runes := []rune(u.at.value())
	found := false
	for i := 0; i < len(runes); {
		if closing, ok := quoteEnds[runes[i]]; ok {
			i++
			for i < len(runes) && !strings.ContainsRune(closing, runes[i]) {
				i++
			}
			i++
			continue
		}
		end := wordEnd(runes, i)
		for _, name := range x.odd {
			if n := len([]rune(name)); i+n <= len(runes) && string(runes[i:i+n]) == name && n > end-i {
				end = i + n
			}
		}
		if end == i {
			i++
			continue
		}
		if of := x.find(string(runes[i:end]), spaces, u.owner); of != nil {
			x.mention(u.at, string(runes[i:end]), u.at.spanOfPart(i, end-i), false, of...)
			found = true
		}
		i = end
	}
	return found
}

var quoteEnds = map[rune]string{'"': `"`, '\'': "'", '“': "”“\"", '”': "”“\"", '‘': "’‘'", '’': "’‘'", '＂': "＂\"", '「': "」"}

func isWordPart(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func wordEnd(runes []rune, i int) int {
	for i < len(runes) && isWordPart(runes[i]) {
		i++
	}
	return i
}

// maxOdd bounds the names of more than one word that are looked for in formulas.
const maxOdd = 500

// maxAlike bounds how many declarations of one name are told apart.
const maxAlike = 200

// prepare makes names quick to find.
func (x *indexer) prepare() {
	x.called = map[string][]int{}
	note := func(name string, i int) {
		if len(x.called[name]) < maxAlike {
			x.called[name] = append(x.called[name], i)
		}
	}
	for i, d := range x.index.Declarations {
		note(d.Name, i)
		if d.ID != "" && d.ID != d.Name {
			note(d.ID, i)
		}
		if len(x.odd) < maxOdd && strings.ContainsFunc(d.Name, func(r rune) bool { return !isWordPart(r) }) {
			x.odd = append(x.odd, d.Name)
		}
	}
}

// find looks a name up in the first of the spaces that has it.
func (x *indexer) find(name string, spaces []string, owner string) []int {
	if register := x.registers[owner]; register != "" {
		owner = register
	}
	for _, space := range spaces {
		for _, i := range x.called[name] {
			d := &x.index.Declarations[i]
			if d.Space == space && (space != spaceFields || x.owns(owner, d.Owner)) {
				return []int{i}
			}
		}
	}
	return nil
}

// owns reports whether fields of the one are seen from the other: a register may
// be named by its id.
func (x *indexer) owns(owner, of string) bool {
	if owner == of {
		return true
	}
	for _, i := range x.called[owner] {
		if d := &x.index.Declarations[i]; (d.Space == spaceRegisters || d.Space == spaceItems) && d.Called(of) {
			return true
		}
	}
	return false
}

// Readable reports whether a file can be read as YAML.
func Readable(data []byte) bool {
	f, _ := readSource("", data)
	return f.root != nil && f.root.Kind == yaml.MappingNode
}
