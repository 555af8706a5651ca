package langserver

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kaoping/rules"
)

var both = map[string]string{"pack.yaml": packText, "pack_test.yaml": testText}

func TestDiagnosticsAsYouType(t *testing.T) {
	c := start(t, both)
	c.open("pack.yaml", packText)
	for _, d := range c.shown("pack.yaml") {
		if d.Severity == 1 {
			t.Fatalf("the pack has a mistake: %+v", d)
		}
	}
	wrong := strings.Replace(packText, "绝对值(亿元保费投诉量)", "绝对值(亿元保费投诉)", 1)
	c.change("pack.yaml", wrong)
	found := c.shown("pack.yaml")
	i := slices.IndexFunc(found, func(d diagnostic) bool { return d.Code == "unknown-name" })
	if i < 0 {
		t.Fatalf("the wrong name is not found: %+v", found)
	}
	start := find(t, wrong, "亿元保费投诉)", 0)
	if want := (span{start, position{start.Line, start.Character + 6}}); found[i].Range != want {
		t.Errorf("it is shown at %+v, want %+v (UTF-16 behind 𠀀)", found[i].Range, want)
	}
	if !strings.Contains(found[i].Message, "是否为") || found[i].Data != "亿元保费投诉量" {
		t.Errorf("message %q, data %q", found[i].Message, found[i].Data)
	}
	var actions []codeAction
	params := c.at("pack.yaml", start)
	params["context"] = map[string]any{"diagnostics": found[i : i+1]}
	c.call("textDocument/codeAction", params, &actions)
	if len(actions) != 1 || edited(wrong, actions[0].Edit.Changes[c.uri("pack.yaml")]) != packText {
		t.Errorf("the action does not mend it: %+v", actions)
	}

	c.change("pack.yaml", packText+"metrics: [\n")
	if found := c.shown("pack.yaml"); len(found) == 0 || found[0].Severity != 1 {
		t.Errorf("broken YAML is not reported: %+v", found)
	}
	c.change("pack.yaml", packText)
	for _, d := range c.shown("pack.yaml") {
		if d.Severity == 1 {
			t.Errorf("the mended pack still has %+v", d)
		}
	}
}

func TestChangesOfRanges(t *testing.T) {
	c := start(t, both)
	c.open("pack.yaml", packText)
	c.shown("pack.yaml")
	from := find(t, packText, "status: draft", 8)
	c.version = 2
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": c.uri("pack.yaml"), "version": 2},
		"contentChanges": []any{map[string]any{"range": span{from, position{from.Line, from.Character + 5}}, "text": "trail"}},
	})
	found := c.shown("pack.yaml")
	if !slices.ContainsFunc(found, func(d diagnostic) bool { return d.Data == "trial" }) {
		t.Errorf("%+v", found)
	}
}

func TestHover(t *testing.T) {
	c := start(t, both)
	c.open("pack.yaml", packText)
	c.open("pack_test.yaml", testText)
	tests := []struct {
		file, text, mark string
		plus             int
		want             []string
	}{
		{"pack.yaml", packText, "投诉件数 / 保费", 1, []string{"**投诉件数** (`complaints`)", "件", "报送"}},
		{"pack.yaml", packText, "亿元保费投诉量)", 2, []string{"投诉件数 / 保费收入", "件/亿元", "细则 五(一)", "> 亿元保费投诉量为投诉件数除以保费收入"}},
		{"pack.yaml", packText, "绝对值(亿", 1, []string{"绝对值(x)", "`abs`"}},
		{"pack.yaml", packText, "full_points_at", 3, []string{"满分点"}},
		{"pack.yaml", packText, "peer_groups:", 2, []string{"同业组:谁和谁比较"}},
		{"pack.yaml", packText, "同业均值, better", 1, []string{"mean"}},
		{"pack.yaml", packText, "A1}\nsections", 1, []string{"满分为一百分", "张三"}},
		{"pack_test.yaml", testText, "保费收入(万元)", 2, []string{"**保费收入**", "万元"}},
		{"pack_test.yaml", testText, "columns", 2, []string{"列名"}},
		{"pack_test.yaml", testText, "indicator: 亿", 12, []string{"一项指标", "一项计算值"}},
	}
	for _, tt := range tests {
		var got *hover
		c.call("textDocument/hover", c.at(tt.file, find(t, tt.text, tt.mark, tt.plus)), &got)
		if got == nil {
			t.Errorf("%s: nothing", tt.mark)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(got.Contents.Value, want) {
				t.Errorf("%s: %q is not in\n%s", tt.mark, want, got.Contents.Value)
			}
		}
	}
	var none *hover
	c.call("textDocument/hover", c.at("pack.yaml", position{9999, 9999}), &none)
	if none != nil {
		t.Errorf("past the end: %+v", none)
	}
}

func TestCompletion(t *testing.T) {
	tests := []struct {
		name      string
		old, new  string // what is typed; the cursor is at |
		want, not []string
	}{
		{"keys of the top level", "status: draft", "status: draft\n|", []string{"regulator", "effective"}, []string{"title", "metrics", "formula"}},
		{"part of a key", "total: {", "reg|\ntotal: {", []string{"regulator"}, []string{"pack"}},
		{"keys of a metric", "    unit: 件/亿元\n", "    unit: 件/亿元\n    |\n", []string{"note", "assumption"}, []string{"unit", "formula", "take", "pack"}},
		{"keys inside braces", "{take: mean}", "{take: mean, |}", []string{"over", "cite"}, []string{"take", "checklist"}},
		{"choices", "status: draft", "status: |", []string{"draft", "trial", "in force"}, nil},
		{"choices inside braces", "{take: mean}", "{take: mean, over: |}", []string{"peer group", "all assessed"}, nil},
		{"names in a formula", "投诉件数 / 保费收入\n", "投诉件数 / 保|\n", []string{"保费收入", "绝对值", "合计"}, []string{"A1", "定量指标"}},
		{"names inside a function", "绝对值(亿元保费投诉量)", "绝对值(|)", []string{"投诉件数", "亿元保费投诉量"}, nil},
		{"a benchmark in a bound", "2 × 同业均值,", "2 × 同|,", []string{"同业均值"}, []string{"A1"}},
		{"an assumption", "assumption: A1\n", "assumption: |\n", []string{"A1"}, []string{"投诉件数"}},
		{"a unit", "unit: 件, from", "unit: |, from", []string{"件", "元"}, []string{"A1"}},
		{"keys of an indicator", "        assumption: A1\n", "        assumption: A1\n        |\n", []string{"metric", "judged", "if_missing"}, []string{"full_points", "at_most"}},
		{"a new item of a list", "      - indicator: 亿", "      - |\n      - indicator: 亿", []string{"indicator", "group"}, []string{"pack", "rows"}},
		{"a new part", "sections:\n", "sections:\n  - |\n", []string{"section"}, []string{"indicator"}},
		{"while the file is broken", "formula: 投诉件数 / 保费收入\n", "formula: [投诉|\n", []string{}, nil},
	}
	for _, tt := range tests {
		text := strings.Replace(packText, tt.old, tt.new, 1)
		p := find(t, text, "|", 0)
		c := start(t, both)
		c.open("pack.yaml", packText)
		c.change("pack.yaml", strings.Replace(text, "|", "", 1))
		var got completionList
		c.call("textDocument/completion", c.at("pack.yaml", p), &got)
		var labels []string
		for _, item := range got.Items {
			labels = append(labels, item.Label)
			if item.TextEdit == nil || item.TextEdit.Range.End != p {
				t.Errorf("%s: %s does not end at the cursor: %+v", tt.name, item.Label, item.TextEdit)
			}
			if item.Label == "regulator" && (item.Documentation == nil || !strings.Contains(item.Documentation.Value, "机关")) {
				t.Errorf("the key is not explained")
			}
			if item.Label == "保费收入" && !strings.Contains(item.Detail, "万元") {
				t.Errorf("%s: the unit of 保费收入 is not told: %q", tt.name, item.Detail)
			}
		}
		for _, want := range tt.want {
			if !slices.Contains(labels, want) {
				t.Errorf("%s: %s is not offered in %v", tt.name, want, labels)
			}
		}
		for _, not := range tt.not {
			if slices.Contains(labels, not) {
				t.Errorf("%s: %s is offered", tt.name, not)
			}
		}
	}
}

func TestCompletionInTests(t *testing.T) {
	c := start(t, both)
	text := strings.Replace(testText, "[投诉件数, ", "[", 1)
	c.open("pack_test.yaml", text)
	var got completionList
	c.call("textDocument/completion", c.at("pack_test.yaml", find(t, text, "columns: [", 10)), &got)
	if !slices.ContainsFunc(got.Items, func(i completionItem) bool { return i.Label == "投诉件数" }) {
		t.Errorf("%+v", got.Items)
	}
}

func TestDefinitionAndReferences(t *testing.T) {
	c := start(t, both)
	c.open("pack_test.yaml", testText)
	var found []location
	c.call("textDocument/definition", c.at("pack_test.yaml", find(t, testText, "投诉件数", 1)), &found)
	want := find(t, packText, "投诉件数: {id", 0)
	if len(found) != 1 || found[0].URI != c.uri("pack.yaml") || found[0].Range.Start != want {
		t.Errorf("definition: %+v, want %+v", found, want)
	}
	c.open("pack.yaml", packText)
	c.call("textDocument/references", c.at("pack.yaml", find(t, packText, "投诉件数 / ", 1)), &found)
	files := map[string]int{}
	for _, l := range found {
		files[l.URI]++
	}
	if files[c.uri("pack.yaml")] != 3 || files[c.uri("pack_test.yaml")] != 1 { // its name, its id, a formula; a column
		t.Errorf("references: %v", files)
	}
	c.call("textDocument/definition", c.at("pack.yaml", find(t, packText, "同业均值, better", 1)), &found)
	if len(found) != 1 || found[0].Range.Start != find(t, packText, "同业均值: {take", 0) {
		t.Errorf("definition of the benchmark: %+v", found)
	}
}

func TestRename(t *testing.T) {
	c := start(t, both)
	c.open("pack.yaml", packText)
	tests := []struct{ mark, name string }{
		{"投诉件数 / ", "投诉量"}, {"保费收入\n", "原保险保费收入"}, {"亿元保费投诉量)", "投诉强度"}, {"A1}\nsections", "A7"}, {"同业均值: {", "同业平均"}, {"complaints, unit", "complaint_count"}, {"property: 财", "casualty"},
	}
	for _, tt := range tests {
		p := c.at("pack.yaml", find(t, packText, tt.mark, 1))
		p["newName"] = tt.name
		var edit workspaceEdit
		c.call("textDocument/rename", p, &edit)
		after := map[string][]byte{
			"pack.yaml":      []byte(edited(packText, edit.Changes[c.uri("pack.yaml")])),
			"pack_test.yaml": []byte(edited(testText, edit.Changes[c.uri("pack_test.yaml")])),
		}
		f := readFolder(t.TempDir(), nil)
		for name, data := range after {
			f.put(name, data)
		}
		lib, diagnostics := rules.Load(f, rules.Options{})
		if rules.HasErrors(diagnostics) || len(edit.Changes) == 0 {
			t.Errorf("renaming %q to %s breaks the pack: %+v\n%s", tt.mark, tt.name, diagnostics, after["pack.yaml"])
			continue
		}
		if report := rules.Test(lib, rules.TestOptions{Now: time.Now}); report.Failed() > 0 || len(report.Packs) == 0 || report.Packs[0].Tests == 0 {
			t.Errorf("renaming %q to %s fails the tests", tt.mark, tt.name)
		}
	}
}

func TestRenameRefuses(t *testing.T) {
	c := start(t, both)
	c.open("pack.yaml", packText)
	for _, tt := range []struct{ mark, name, want string }{
		{"投诉件数 / ", "保费收入", "已经有了"},
		{"投诉件数 / ", "complaint_ratio", "已经有了"},
		{"投诉件数 / ", "合计", "已经有了"},
		{"投诉件数 / ", "a: b", "不能作名称"},
		{"投诉件数 / ", "13个月", "不能作名称"},
		{"投诉件数 / ", "投诉-件数", "公式里不能写"},
		{"complaints, unit", "Complaints", "小写"},
		{"定量指标", "亿元保费投诉量", "已经有了"},
		{"title: 测试", "x", "没有可以改的名称"},
	} {
		p := c.at("pack.yaml", find(t, packText, tt.mark, 1))
		p["newName"] = tt.name
		var edit any
		if err := c.try("textDocument/rename", p, &edit); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s → %s: %v, want %s", tt.mark, tt.name, err, tt.want)
		}
	}
	c.change("pack.yaml", packText+"metrics: [\n")
	p := c.at("pack.yaml", find(t, packText, "投诉件数 / ", 1))
	p["newName"] = "新名称"
	var edit any
	if err := c.try("textDocument/rename", p, &edit); err == nil || !strings.Contains(err.Error(), "先改好") {
		t.Errorf("a broken file: %v", err)
	}
}

func TestFormattingAndSymbols(t *testing.T) {
	c := start(t, both)
	mixed := strings.Replace(packText, "      - indicator: 亿元保费投诉量\n        full_points: 100\n        assumption: A1\n",
		"      - indicator: 亿元保费投诉量\n        assumption: A1\n        full_points: 100\n", 1)
	c.open("pack.yaml", mixed)
	var edits []textEdit
	c.call("textDocument/formatting", c.at("pack.yaml", position{}), &edits)
	want, _ := rules.Format("pack.yaml", []byte(mixed))
	if len(edits) != 1 || edited(mixed, edits) != string(want) || string(want) == mixed {
		t.Errorf("formatting: %+v", edits)
	}
	var symbols []documentSymbol
	c.call("textDocument/documentSymbol", c.at("pack.yaml", position{}), &symbols)
	i := slices.IndexFunc(symbols, func(s documentSymbol) bool { return s.Name == "sections" })
	if i < 0 || len(symbols[i].Children) != 1 || symbols[i].Children[0].Name != "定量指标" ||
		len(symbols[i].Children[0].Children) != 1 || symbols[i].Children[0].Children[0].Name != "亿元保费投诉量" {
		t.Errorf("symbols: %+v", symbols)
	}
	j := slices.IndexFunc(symbols, func(s documentSymbol) bool { return s.Name == "metrics" })
	if j < 0 || len(symbols[j].Children) != 2 {
		t.Errorf("metrics: %+v", symbols)
	}
	var inside func(all []documentSymbol)
	inside = func(all []documentSymbol) {
		for _, s := range all {
			if s.SelectionRange.Start.Line < s.Range.Start.Line || s.SelectionRange.End.Line > s.Range.End.Line || s.SelectionRange.Start.Line == s.Range.Start.Line && s.SelectionRange.Start.Character < s.Range.Start.Character {
				t.Errorf("%s: selection %+v is not inside %+v", s.Name, s.SelectionRange, s.Range)
			}
			inside(s.Children)
		}
	}
	inside(symbols)
}

func TestShutdown(t *testing.T) {
	c := start(t, both)
	var nothing any
	c.call("shutdown", nil, &nothing)
	if err := c.try("textDocument/hover", c.at("pack.yaml", position{}), &nothing); err == nil {
		t.Error("a request after shutdown is answered")
	}
	c.notify("exit", nil)
	select {
	case err := <-c.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the server does not end")
	}
	c = start(t, both)
	c.toServer.Close()
	if err := <-c.ended; !errors.Is(err, ErrNoShutdown) {
		t.Errorf("a client that just leaves: %v", err)
	}
}

func TestMalformedMessages(t *testing.T) {
	c := start(t, both)
	frame := func(s string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(s), s) }
	for _, bad := range []string{
		frame(`{`), frame(`[]`), frame(`42`), frame(`{"jsonrpc":"2.0"}`), frame(`{"jsonrpc":"2.0","method":7}`), frame("\xff\xfe"),
		"Content-Length: x\r\n\r\n", "Content-Length: -5\r\n\r\n", "Nonsense\r\n\r\n", strings.Repeat("x", 3*maxHeader) + "\r\n\r\n",
		"Content-Length: 0\r\n\r\n", "Content-Length: " + fmt.Sprint(maxMessage+1) + "\r\n\r\n" + strings.Repeat(" ", maxMessage+1),
		frame(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":17}}`),
		frame(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///nowhere.yaml"},"contentChanges":[{"text":"x"}]}}`),
		frame(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"untitled:1","text":"pack: a"}}}`),
		frame(`{"jsonrpc":"2.0","id":900,"method":"textDocument/hover","params":null}`),
		frame(`{"jsonrpc":"2.0","id":901,"method":"textDocument/hover","params":{"position":{"line":-5,"character":-7}}}`),
		frame(`{"jsonrpc":"2.0","id":902,"method":"no/such"}`),
	} {
		if _, err := c.toServer.Write([]byte(bad)); err != nil {
			t.Fatal(err)
		}
	}
	c.open("pack.yaml", packText)
	for _, p := range []position{{-1, -1}, {1 << 30, 1 << 30}, {0, -1}} {
		for _, method := range []string{"hover", "completion", "definition", "references", "rename", "prepareRename", "documentSymbol", "formatting"} {
			var got any
			_ = c.try("textDocument/"+method, c.at("pack.yaml", p), &got)
		}
	}
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": c.uri("pack.yaml"), "version": 2},
		"contentChanges": []any{map[string]any{"range": span{position{5, 0}, position{-1, 1 << 30}}, "text": ""}},
	})
	c.version = 2
	c.change("pack.yaml", packText)
	c.shown("pack.yaml")
	var got *hover
	c.call("textDocument/hover", c.at("pack.yaml", find(t, packText, "投诉件数 / ", 1)), &got)
	if got == nil {
		t.Error("the server does not answer any more")
	}
}

func TestBigAndStrangeFiles(t *testing.T) {
	c := start(t, both)
	for _, text := range []string{
		"pack: a\nedition: 2025-01-01\nmetrics:\n" + strings.Repeat("  甲: {unit: 件, formula: 1}\n", 100_000),
		"pack: a\n" + strings.Repeat("[", 100_000),
		"pack: a\n" + strings.Repeat("- ", 50_000),
		"pack: a\r\nedition: 2025-01-01\r\n\ttitle: x\r\n",
		"pack: \xff\xfe",
	} {
		c.open("pack.yaml", text)
		began := time.Now()
		var list completionList
		c.call("textDocument/completion", c.at("pack.yaml", position{1, 5}), &list)
		c.shown("pack.yaml")
		if d := time.Since(began); d > 20*time.Second {
			t.Errorf("a file of %d bytes takes %s", len(text), d)
		}
	}
}

func TestOtherYAMLIsLeftAlone(t *testing.T) {
	c := start(t, map[string]string{"pack.yaml": packText, "compose.yaml": "services: {web: {image: x}}\n"})
	c.open("pack.yaml", packText)
	c.shown("pack.yaml")
	select {
	case p := <-c.diagnostics:
		t.Errorf("diagnostics of %s", p.URI)
	case <-time.After(50 * time.Millisecond):
	}
}

func TestUnits(t *testing.T) {
	line := "a中𠀀b"
	for i, want := range []int{0, 1, 2, 4, 5, 5} {
		if got := units(line, i); got != want {
			t.Errorf("units(%d) = %d, want %d", i, got, want)
		}
	}
	for offset, want := range []int{0, 1, 2, 2, 3, 4, 4} {
		if got := characters(line, offset); got != want {
			t.Errorf("characters(%d) = %d, want %d", offset, got, want)
		}
	}
	if got := apply("甲\r\n𠀀乙\r\n", span{position{1, 2}, position{1, 3}}, "丙"); got != "甲\r\n𠀀丙\r\n" {
		t.Errorf("%q", got)
	}
}
