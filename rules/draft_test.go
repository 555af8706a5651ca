package rules

import (
	"testing"

	"kaoping/engine"
)

// TestDraftIsYAML puts texts that mean something to YAML everywhere: the draft is
// read as one file all the same, and says nothing that was not there.
func TestDraftIsYAML(t *testing.T) {
	nasty := []string{"", "no", "a: b", "- x", "{", "}", "[1", `"`, "'", "#", "| x", "&a", "*b", "! x", "%", "@", "`", "=1+1", "上期(", "a\u2028b", "\x00\x07", "\ufeff", "12", "1e3", "(5分)", "扣分项", "小计", "甲=乙/", "甲/乙", "甲/甲", "一、x", "每次扣2分", "达到 90% 得 5 分"}
	options := DraftOptions{Pack: "x", Edition: engine.Date{Year: 2026, Month: 1, Day: 1}, Title: "=t: {", File: "# f\n.xlsx"}
	for _, a := range nasty {
		for _, b := range nasty {
			out := Draft([]DraftRow{
				{Row: 1, Name: a, Points: "5", Definition: b, Scoring: a, Source: b, Clause: a, OnlyFor: b, Section: a},
				{Row: 2, Name: b, Points: b, Definition: a, Scoring: b, Source: a, Clause: b, OnlyFor: a, Indent: 1},
				{Row: 3, Name: "丙" + a, Points: "5", Definition: "丙=" + b + "/丁", Scoring: "x", Numbered: true},
			}, options)
			if _, diags := Format("draft.yaml", out); HasErrors(diags) {
				t.Fatalf("%q %q: %v\n%s", a, b, diags, out)
			}
		}
	}
}
