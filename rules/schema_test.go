package rules_test

import (
	"bytes"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/rules/packs"
)

// compiled writes the schema of a kind of file and reads it with a library that
// did not write it.
func compiled(t *testing.T, kind string, lang engine.Lang) *jsonschema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := rules.WriteSchema(&b, kind, lang); err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("kaoping.json", document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("kaoping.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryShippedFileValidates(t *testing.T) {
	schemas := map[bool]*jsonschema.Schema{
		false: compiled(t, rules.KindPack, engine.Chinese),
		true:  compiled(t, rules.KindTest, engine.English),
	}
	count := 0
	for _, tree := range []fs.FS{packs.FS, os.DirFS("testdata/example"), os.DirFS("testdata/tests")} {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".yaml") {
				return err
			}
			data, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			count++
			if err := schemas[strings.HasSuffix(name, "_test.yaml")].Validate(value(t, data)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 20 {
		t.Errorf("only %d files were looked at", count)
	}
}

func TestTheSchemaRefuses(t *testing.T) {
	head := "pack: a\nedition: 2025-01-01\n"
	tests := []struct{ name, kind, text, want string }{
		{"an unknown key at the top", rules.KindPack, head + "regulater: x", "'regulater' not allowed"},
		{"an unknown key of a metric", rules.KindPack, head + "metrics: {甲: {formula: 1, unit: 件, formular: 2}}", "'formular' not allowed"},
		{"a metric without a formula", rules.KindPack, head + "metrics: {甲: {unit: 件}}", "missing property 'formula'"},
		{"a word that is no choice", rules.KindPack, head + "status: done", "value must be one of"},
		{"a list for a mapping", rules.KindPack, head + "metrics: [甲]", "want object"},
		{"a file without its edition", rules.KindPack, "pack: a", "missing property 'edition'"},
		{"an unknown key of a table", rules.KindTest, head + "tables: [{indicator: 甲, colums: [a], columns: [a], rows: [[1]]}]", "'colums' not allowed"},
	}
	for _, tt := range tests {
		err := compiled(t, tt.kind, engine.Chinese).Validate(value(t, []byte(tt.text)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := compiled(t, rules.KindPack, engine.Chinese).Validate(value(t, []byte(head+"total: {full_points: {2022-10-01: 20, 2024-01-01: 15}}"))); err != nil {
		t.Errorf("dated points: %v", err)
	}
}

func TestTheSchemaSpeaksBothLanguagesAndIsStable(t *testing.T) {
	write := func(lang engine.Lang) string {
		var b bytes.Buffer
		if err := rules.WriteSchema(&b, rules.KindPack, lang); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	zh, en := write(engine.Chinese), write(engine.English)
	if !strings.Contains(zh, `"description": "评分卡的各部分,按制度的顺序"`) || !strings.Contains(en, `"description": "the parts of the scorecard in the order of the text"`) {
		t.Error("a description is missing")
	}
	if zh != write(engine.Chinese) {
		t.Error("two runs differ")
	}
}

// value reads YAML as an editor's schema checker does: plain numbers and truth
// values are such, dates are texts.
func value(t *testing.T, data []byte) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal(data, &n); err != nil {
		t.Fatal(err)
	}
	return plain(n.Content[0])
}

func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return out
	case yaml.SequenceNode:
		out := []any{}
		for _, c := range n.Content {
			out = append(out, plain(c))
		}
		return out
	}
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		b, _ := strconv.ParseBool(n.Value)
		return b
	case "!!int", "!!float":
		if x, err := strconv.ParseFloat(n.Value, 64); err == nil {
			return x
		}
	}
	return n.Value
}
