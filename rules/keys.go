package rules

import (
	"slices"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// The table of keys: every kind of mapping of the language with its keys. The
// readers do the reading; schema, editors and documentation take from here what a
// key means. A test holds the two together.

// Form is what kind of value stands under a key.
type Form string

// The forms of values.
const (
	FormText      Form = "text"      // free words
	FormTitle     Form = "title"     // words, or {zh:, en:}
	FormNumber    Form = "number"    // a number without a unit
	FormPoints    Form = "points"    // points, or {date: points}
	FormQuantity  Form = "quantity"  // a number with its unit
	FormUnit      Form = "unit"      // a unit of measure
	FormFormula   Form = "formula"   // a formula that gives any value
	FormCondition Form = "condition" // a formula that gives yes or no
	FormDate      Form = "date"      // 2025-06-30
	FormPhrase    Form = "phrase"    // a sentence of the controlled wording; Options are examples
	FormChoice    Form = "choice"    // one of Options
	FormYesNo     Form = "yes or no"
	FormName      Form = "name"    // the name of something declared; Of says where
	FormBound     Form = "bound"   // a quantity, a name, or a number times a name; Of says whose
	FormMapping   Form = "mapping" // a mapping of the kind Of
	FormList      Form = "list"    // a list whose items are Items
	FormAny       Form = "any"     // depends on the names above it
)

// Shape is one way of writing a value. A key may have several.
type Shape struct {
	Form    Form
	Options []string // of a choice all, of a phrase examples
	Of      []string // of a name: the namespaces it may come from; of a mapping: the id of its kind
	Items   []Shape  // of a list
}

// Key is one key of a kind of mapping.
type Key struct {
	Name     string
	Doc      engine.Text // what it means, one sentence
	Required bool
	Shapes   []Shape
}

// Kind is a kind of mapping.
type Kind struct {
	ID   string
	Doc  engine.Text
	Keys []Key // in canonical order
	// Names says what stands under keys that are names: declared here (Declares),
	// or of things declared elsewhere (NamesOf). Empty if only Keys may stand.
	Names    []Shape
	Declares string   // the namespace that the names, or the value of the key NameKey, are declared in
	NameKey  string   // "indicator" of an indicator: the key that holds its name
	NamesOf  []string // the namespaces that the names come from; nil if they are free
	reader   string   // what the reader calls a mapping of this kind (English)
}

// Key returns the key of that name.
func (k *Kind) Key(name string) (*Key, bool) {
	for i := range k.Keys {
		if k.Keys[i].Name == name {
			return &k.Keys[i], true
		}
	}
	return nil, false
}

// The kinds that files are made of.
const (
	KindPack = "pack"
	KindTest = "test"

	KindCalendar = "calendar"
)

// kindTable holds all kinds.
var kindTable = slices.Concat(calendarKinds, packKinds, dataKinds, recordKinds, scoreKinds, ratingKinds, testKinds)

// Kinds lists every kind of mapping of the language. What it returns must not be
// changed.
func Kinds() []Kind { return kindTable }

// KindOf returns the kind with the id, nil if there is none.
func KindOf(id string) *Kind {
	for i := range kindTable {
		if kindTable[i].ID == id {
			return &kindTable[i]
		}
	}
	return nil
}

// FileKind returns the kind of the top level of a file by its name: KindTest for
// …_test.yaml, KindCalendar for files in a folder calendars, KindPack for other YAML files, nil for everything else.
func FileKind(name string) *Kind {
	switch {
	case !isYAML(name):
		return nil
	case isCalendar(name):
		return KindOf(KindCalendar)
	case isTest(name):
		return KindOf(KindTest)
	}
	return KindOf(KindPack)
}

// Below returns the shapes of what stands under a key of the kind, be it one of
// its own or a name.
func (k *Kind) Below(key string) []Shape {
	if own, ok := k.Key(key); ok {
		return own.Shapes
	}
	return k.Names
}

// MappingKind returns which of the kinds among shapes a mapping with these keys
// is, nil if none of the shapes is a mapping.
func MappingKind(shapes []Shape, keys []string) *Kind {
	var best *Kind
	score := -1
	for _, s := range shapes {
		if s.Form != FormMapping {
			continue
		}
		k := KindOf(s.Of[0])
		n := 0
		for _, key := range keys {
			if _, ok := k.Key(key); ok {
				n++
			}
			if key == k.NameKey {
				n += len(keys)
			}
		}
		if n > score {
			best, score = k, n
		}
	}
	return best
}

// ItemShapes returns the shapes of the items if one of the shapes is a list.
func ItemShapes(shapes []Shape) []Shape {
	for _, s := range shapes {
		if s.Form == FormList {
			return s.Items
		}
	}
	return nil
}

// mappingKeys lists the keys of a mapping node.
func mappingKeys(y *yaml.Node) []string {
	var out []string
	for i := 0; i+1 < len(y.Content); i += 2 {
		out = append(out, y.Content[i].Value)
	}
	return out
}

// What follows keeps the table short.

func key(name, zh, en string, shapes ...Shape) Key {
	return Key{Name: name, Doc: text(zh, en), Shapes: shapes}
}

func required(name, zh, en string, shapes ...Shape) Key {
	k := key(name, zh, en, shapes...)
	k.Required = true
	return k
}

var (
	asText      = Shape{Form: FormText}
	asTitle     = Shape{Form: FormTitle}
	asNumber    = Shape{Form: FormNumber}
	asPoints    = Shape{Form: FormPoints}
	asQuantity  = Shape{Form: FormQuantity}
	asUnit      = Shape{Form: FormUnit}
	asFormula   = Shape{Form: FormFormula}
	asCondition = Shape{Form: FormCondition}
	asDate      = Shape{Form: FormDate}
	asYesNo     = Shape{Form: FormYesNo}
	asAny       = Shape{Form: FormAny}
)

func asChoice(options ...string) Shape { return Shape{Form: FormChoice, Options: options} }
func asPhrase(examples ...string) Shape {
	return Shape{Form: FormPhrase, Options: examples}
}
func nameOf(spaces ...string) Shape  { return Shape{Form: FormName, Of: spaces} }
func asBound(spaces ...string) Shape { return Shape{Form: FormBound, Of: spaces} }
func asMapping(kind string) Shape    { return Shape{Form: FormMapping, Of: []string{kind}} }
func asList(items ...Shape) Shape    { return Shape{Form: FormList, Items: items} }

// Namespaces: where names are declared.
const (
	spaceStatistics  = "statistics"
	spaceMetrics     = "metrics"
	spaceBenchmarks  = "benchmarks"
	spaceAttributes  = "attributes"
	spaceRegisters   = "registers"
	spaceFields      = "fields"
	spaceFeeds       = "feeds"
	spaceScales      = "scales"
	spaceItems       = "items"
	spaceGroups      = "peer_groups"
	spaceAssumptions = "assumptions"
	spaceSources     = "sources"
)

// lawKeys are what every rule may say about where it comes from.
func lawKeys() []Key {
	return []Key{
		key("cite", "依据的条款,如 细则 五(一)2", "the clause it rests on", Shape{Form: FormText, Of: []string{spaceSources}}),
		key("quote", "条款的原文,逐字与 sources 的文件核对", "the words of the clause, compared with the source file", asText),
		key("note", "给人看的说明,不参与计算", "a remark for people", asText),
		key("assumption", "所依据假设的编号,如 A1", "the assumptions it leans on, such as A1", nameOf(spaceAssumptions), asList(nameOf(spaceAssumptions))),
	}
}

// withLaw joins keys of a kind with those that say where it comes from.
func withLaw(own ...Key) []Key { return append(own, lawKeys()...) }

// idKey is the id of a named thing.
func idKey() Key {
	return key("id", "英文编号:小写字母、数字和 _,结果和接口用它", "its id for results and interfaces: small letters, digits and _", asText)
}
