package rules

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/rules/calendars"
	"kaoping/rules/packs"
)

// keyExamples finds an example of every key in packs that are loaded and tested.
type keyExamples struct {
	file  string
	found map[[2]string]keyExample // by kind and key
}

// keyExample is one use of a key.
type keyExample struct{ text, file string }

// tree collects the examples of the rule files of a tree. In the first tree that
// has a key its shortest example is taken.
func (x *keyExamples) tree(t *testing.T, fsys fs.FS, prefix string) {
	t.Helper()
	mine := keyExamples{found: map[[2]string]keyExample{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind := FileKind(name)
		if prefix == shippedCalendars {
			kind = KindOf(KindCalendar)
		}
		if kind == nil || !isYAML(name) {
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		var doc yaml.Node
		if err := yaml.Unmarshal(data, &doc); err != nil {
			return err
		}
		mine.file = path.Join(prefix, name)
		mine.mapping(kind, doc.Content[0])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, e := range mine.found {
		if _, ok := x.found[k]; !ok {
			x.found[k] = e
		}
	}
}

const shippedCalendars = "rules/calendars"

func (x *keyExamples) mapping(k *Kind, y *yaml.Node) {
	for i := 0; i+1 < len(y.Content); i += 2 {
		name, value := y.Content[i], y.Content[i+1]
		if _, own := k.Key(name.Value); own {
			x.note(k.ID, name, value)
		}
		x.below(k.Below(name.Value), value)
	}
}

func (x *keyExamples) below(shapes []Shape, y *yaml.Node) {
	switch y.Kind {
	case yaml.MappingNode:
		if k := MappingKind(shapes, mappingKeys(y)); k != nil {
			x.mapping(k, y)
		} else if slices.ContainsFunc(shapes, func(s Shape) bool { return s.Form == FormTitle }) {
			x.mapping(KindOf("title"), y)
		}
	case yaml.SequenceNode:
		for _, item := range y.Content {
			x.below(ItemShapes(shapes), item)
		}
	}
}

// longestExample is the number of characters of the longest example that is
// printed whole.
const longestExample = 110

// note keeps the shorter of two examples, but none with an empty value.
func (x *keyExamples) note(kind string, name, value *yaml.Node) {
	text := inOneLine(name, value)
	old, ok := x.found[[2]string{kind, name.Value}]
	if !ok || len(text) < len(old.text) {
		x.found[[2]string{kind, name.Value}] = keyExample{text, x.file}
	}
}

// inOneLine writes a key and its value as flow YAML.
func inOneLine(name, value *yaml.Node) string {
	pair := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{name, value}}
	var plain func(y *yaml.Node) *yaml.Node
	plain = func(y *yaml.Node) *yaml.Node {
		c := &yaml.Node{Kind: y.Kind, Tag: y.Tag, Value: y.Value, Style: y.Style}
		if y.Kind != yaml.ScalarNode {
			c.Style = yaml.FlowStyle
		} else if c.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			c.Style = yaml.DoubleQuotedStyle
		}
		for _, child := range y.Content {
			c.Content = append(c.Content, plain(child))
		}
		return c
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	if err := e.Encode(plain(pair)); err != nil {
		return err.Error()
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	text = strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}")
	if r := []rune(text); len(r) > longestExample {
		text = string(r[:longestExample]) + " …"
	}
	return text
}

// allExamples looks for examples in the shipped packs first, then in the packs
// that the tests of this package load and run.
func allExamples(t *testing.T) map[[2]string]keyExample {
	x := keyExamples{found: map[[2]string]keyExample{}}
	x.tree(t, packs.FS, "rules/packs")
	x.tree(t, calendars.FS, shippedCalendars)
	for _, dir := range []string{"keys", "points27", "us-cms-stars", "forms", "ratings", "judged", "parameters", "addends", "applies"} {
		x.tree(t, os.DirFS("testdata/"+dir), "rules/testdata/"+dir)
	}
	for _, name := range []string{"passing", "records", "dated", "consequences"} {
		file := "testdata/tests/" + name + ".txtar"
		files, _ := filesOf(parseArchive([]byte(readDoc(t, file))))
		x.tree(t, files, "rules/"+file)
	}
	return x.found
}

var keyPages = map[string]engine.Lang{"keys.md": engine.English, "keys.zh-CN.md": engine.Chinese}

// TestTheExamplesOfKeysAreCheckedAndRun loads the packs that exist for the keys
// which no shipped pack needs: nothing is wrong with them and all their tests pass.
func TestTheExamplesOfKeysAreCheckedAndRun(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/keys"), Options{})
	for _, d := range diags {
		t.Errorf("%s:%d: %s", d.File, d.Line, d.Message.EN)
	}
	if report := Test(lib, TestOptions{}); report.Failed() > 0 || len(report.Packs) != 4 {
		var out bytes.Buffer
		report.Write(&out, engine.English)
		t.Errorf("%s", out.String())
	}
}

// TestTheKeyPagesAreWhole holds docs/keys.md and its twin to the key table:
// every key stands there, with what it means and an example from a pack that
// tests load and run. -update writes the pages.
func TestTheKeyPagesAreWhole(t *testing.T) {
	found := allExamples(t)
	for _, k := range kindTable {
		for _, own := range k.Keys {
			if _, ok := found[[2]string{k.ID, own.Name}]; !ok && !isLaw(k, own.Name) {
				t.Errorf("no tested pack has %s in %q: write one into testdata/keys", own.Name, k.ID)
			}
		}
	}
	for name, lang := range keyPages {
		page := keyPage(found, lang)
		file := filepath.Join(docs, name)
		if *update {
			if err := os.WriteFile(file, []byte(page), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if readDoc(t, file) != page {
			t.Errorf("%s is not what the key table says; go test ./rules -run KeyPages -update writes it", name)
		}
	}
}

// keyPage writes the page of all kinds and keys in a language.
func keyPage(found map[[2]string]keyExample, lang engine.Lang) string {
	say := func(zh, en string) string { return text(zh, en).In(lang) }
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n", say("规则语言的全部关键字", "All keys of the rule language"))
	b.WriteString(say("每种结构一节, 按文件里的层次排列。例子取自随程序附带、并由测试装载和运行的规则包。写法与含义的讲解见 [language.zh-CN.md](language.zh-CN.md)。本页由关键字表生成。",
		"One section for each kind of mapping, from the top of a file downwards. The examples are taken from packs that ship with the program or stand in its tests, which load and run them. [language.md](language.md) explains how they work together. This page is made from the table of keys.") + "\n")
	for _, k := range kindTable {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", k.ID, k.Doc.In(lang))
		if k.Names != nil {
			fmt.Fprintf(&b, "\n%s\n", say("键是名称; 值: ", "The keys are names; the values: ")+shapesText(k.Names, lang))
		}
		if hasLaw(k) {
			fmt.Fprintf(&b, "\n%s\n", say("另可写[依据](#依据)。", "It may also say [where it comes from](#where-it-comes-from)."))
		}
		if len(k.Keys) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n| %s | %s | %s | %s |\n|---|---|---|---|\n", say("关键字", "key"), say("含义", "meaning"), say("可写的值", "value"), say("例", "example"))
		for _, own := range k.Keys {
			if isLaw(k, own.Name) {
				continue
			}
			doc := own.Doc.In(lang)
			if own.Required {
				doc += say(" (必写)", " (required)")
			}
			e := found[[2]string{k.ID, own.Name}]
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", own.Name, cell(doc), shapesText(own.Shapes, lang), code(e.text))
		}
	}
	fmt.Fprintf(&b, "\n## %s\n\n| %s | %s | %s |\n|---|---|---|\n", say("依据", "where it comes from"), say("关键字", "key"), say("含义", "meaning"), say("例", "example"))
	for _, own := range lawKeys() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", own.Name, cell(own.Doc.In(lang)), code(found[[2]string{"indicator", own.Name}].text))
	}
	return b.String()
}

// isLaw tells the keys that most kinds share: where a rule comes from. They have
// a section of their own.
func isLaw(k Kind, key string) bool {
	return hasLaw(k) && slices.ContainsFunc(lawKeys(), func(own Key) bool { return own.Name == key })
}

func hasLaw(k Kind) bool {
	for _, own := range lawKeys() {
		if _, ok := k.Key(own.Name); !ok {
			return false
		}
	}
	return true
}

// shapesText says in words which values may stand.
func shapesText(shapes []Shape, lang engine.Lang) string {
	var all []string
	for _, s := range shapes {
		all = append(all, shapeText(s, lang))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), text("; 或 ", "; or ").In(lang))
}

var formWords = map[Form]engine.Text{
	FormText: text("文字", "text"), FormTitle: text("文字, 或 {zh: …, en: …}", "text, or {zh: …, en: …}"), FormNumber: text("数", "number"),
	FormPoints: text("分值, 或 {日期: 分值}", "points, or {date: points}"), FormQuantity: text("带单位的数", "number with its unit"), FormUnit: text("单位", "unit"),
	FormFormula: text("公式", "formula"), FormCondition: text("条件", "condition"), FormDate: text("日期", "date"), FormYesNo: text("是或否", "yes or no"),
	FormName: text("名称", "name"), FormBound: text("带单位的数、名称, 或数 × 名称", "quantity, name, or number × name"), FormAny: text("依上文而定", "depends on what stands above"),
}

func shapeText(s Shape, lang engine.Lang) string {
	switch s.Form {
	case FormMapping:
		return fmt.Sprintf("[%s](#%s)", s.Of[0], anchor(s.Of[0]))
	case FormList:
		return text("列表: ", "list of ").In(lang) + shapesText(s.Items, lang)
	case FormChoice, FormPhrase:
		var options []string
		for _, o := range s.Options {
			options = append(options, code(o))
		}
		return strings.Join(options, ", ")
	}
	return formWords[s.Form].In(lang)
}

var notInAnchor = regexp.MustCompile(`[^a-z0-9_ -]`)

func anchor(id string) string {
	return strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(id), ""), " ", "-")
}

// code and cell keep a text inside one cell of a table.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
