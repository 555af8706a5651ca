package rules

import (
	"bytes"
	"encoding/json"
	"testing"

	"kaoping/engine"
)

// findings is one diagnostic of each level, with a Chinese file name.
func findings() []Diagnostic {
	return []Diagnostic{
		{File: "packs/上海 x/2022-10-01.yaml", Line: 91, Column: 23, Width: 4, Code: CodeUnknownName, Level: LevelError,
			Message: text("车险保费 没有定义", "车险保费 is not defined"), Hint: text("是否为 车险保费收入 ?", "did you mean 车险保费收入?"),
			Cite: "细则 四(二)1(1)", Source: "    formula: 车险投诉件数 / 车险保费"},
		{File: "a.yaml", Line: 3, Column: 1, Width: 1, Code: CodeZeroPolicy, Level: LevelWarning, Message: text("警告", "a warning")},
		{File: "a.yaml", Code: CodeOpenAssumption, Level: LevelInfo, Message: text("信息", "a note")},
	}
}

func TestJSONHoldsEverythingInBothLanguages(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, findings()); err != nil {
		t.Fatal(err)
	}
	var back struct{ Diagnostics []Diagnostic }
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Diagnostics) != 3 || back.Diagnostics[0] != findings()[0] {
		t.Errorf("read back %+v", back.Diagnostics)
	}
	if bytes.Contains(b.Bytes(), []byte(`\u`)) {
		t.Errorf("escaped characters in\n%s", b.Bytes())
	}
}

func TestJSONOfNothingIsAnEmptyList(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, nil); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != "{\n  \"diagnostics\": []\n}\n" {
		t.Errorf("got %q", got)
	}
}

func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSARIF(&b, findings(), engine.English); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || len(run.Results) != 3 || len(run.Tool.Driver.Rules) != len(Codes()) {
		t.Fatalf("got\n%s", b.Bytes())
	}
	r := run.Results[0]
	if r.RuleID != CodeUnknownName || run.Tool.Driver.Rules[r.RuleIndex].ID != CodeUnknownName {
		t.Errorf("rule %s at index %d is %s", r.RuleID, r.RuleIndex, run.Tool.Driver.Rules[r.RuleIndex].ID)
	}
	where := r.Locations[0].Physical
	if where.Artifact.URI != "packs/%E4%B8%8A%E6%B5%B7%20x/2022-10-01.yaml" {
		t.Errorf("uri %s", where.Artifact.URI)
	}
	if got := *where.Region; got.StartLine != 91 || got.StartColumn != 23 || got.EndColumn != 27 {
		t.Errorf("region %+v", got)
	}
	if r.Message.Text != "车险保费 is not defined\ndid you mean 车险保费收入?" || r.Properties["cite"] != "细则 四(二)1(1)" {
		t.Errorf("message %q, properties %v", r.Message.Text, r.Properties)
	}
	for i, want := range []string{"error", "warning", "note"} {
		if run.Results[i].Level != want {
			t.Errorf("result %d has level %s, want %s", i, run.Results[i].Level, want)
		}
	}
	if run.Results[2].Locations[0].Physical.Region != nil {
		t.Error("a finding about a whole file has a region")
	}
}
