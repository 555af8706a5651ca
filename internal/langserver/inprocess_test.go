package langserver

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
	"kaoping/rules"
)

// TestEditingAnswersWithoutAConnection asks for what the protocol's test asks, over
// a tree that is on no disk.
func TestEditingAnswersWithoutAConnection(t *testing.T) {
	tree := fstest.MapFS{"p/pack.yaml": {Data: []byte(packText)}, "p/pack_test.yaml": {Data: []byte(testText)}}
	broken := strings.Replace(packText, "formula: 投诉件数 / 保费收入", "formula: 投诉件数 / 保费", 1)
	e := Edit(tree, "p/pack.yaml", broken, engine.Chinese)
	changed := fstest.MapFS{"p/pack.yaml": {Data: []byte(broken)}}
	_, found := rules.Load(changed, rules.Options{})
	list := e.Findings(found)
	i := slices.IndexFunc(list, func(f Finding) bool { return f.Code == "unknown-name" })
	if i < 0 || list[i].Suggestion != "保费收入" {
		t.Fatalf("findings: %+v", list)
	}
	line := strings.Split(broken, "\n")[list[i].Line]
	if runes := []rune(line); string(runes[list[i].From:list[i].To]) != "保费" {
		t.Errorf("the place is %q", line)
	}
	at := find(t, broken, "formula: 投诉件数 / 保费", len([]rune("formula: 投诉件数 / 保费")))
	offers := e.Offers(at.Line, at.Character)
	if !slices.ContainsFunc(offers, func(o Offer) bool {
		return o.Label == "保费收入" && o.Insert == "保费收入" && o.To == at.Character && o.To-o.From == 2 && o.Kind == "variable" && o.About != ""
	}) {
		t.Errorf("offers: %+v", offers)
	}
	keys := Edit(tree, "p/pack.yaml", strings.Replace(packText, "        full_points: 100\n        assumption: A1\n", "        \n", 1), engine.English)
	at = find(t, packText, "        full_points: 100\n        assumption", 8)
	if !slices.ContainsFunc(keys.Offers(at.Line, 8), func(o Offer) bool { return o.Label == "full_points" && o.Kind == "property" }) {
		t.Error("full_points is not offered")
	}
	about, place := e.About(list[i].Line, strings.Index(line, "formula")+1)
	if !strings.Contains(about, "formula") || place.Line != list[i].Line {
		t.Errorf("about the key: %q %+v", about, place)
	}
	if e.Formatted() == "" {
		t.Error("nothing comes of formatting")
	}
}

// TestEditingKeepsTheNamesOfABrokenText: a text that is no YAML at the moment still
// knows the names of the file it began with.
func TestEditingKeepsTheNamesOfABrokenText(t *testing.T) {
	tree := fstest.MapFS{"pack.yaml": {Data: []byte(packText)}}
	text := strings.Replace(packText, "formula: 投诉件数 / 保费收入", "formula: {投诉件数 / ", 1)
	e := Edit(tree, "pack.yaml", text, engine.Chinese)
	at := find(t, text, "formula: {投诉件数 / ", len([]rune("formula: {投诉件数 / ")))
	e.Offers(at.Line, at.Character) // must not fail
	if about, _ := e.About(at.Line-1, 6); about == "" {
		t.Error("nothing about the key on the line before")
	}
	if e.Formatted() != text {
		t.Error("a text that cannot be read was formatted")
	}
}
