package rules

import (
	"bytes"
	"strings"
	"testing"

	"kaoping/engine"
)

// Carets stand below what they mean also when characters are two columns wide.
func TestCarets(t *testing.T) {
	long := strings.Repeat("很长的一行", 30)
	tests := []struct {
		name, source  string
		column, width int
		line, caret   string
	}{
		{"Chinese before and below", "    formula: 车险投诉件数 / 车险保费", 23, 4, "    formula: 车险投诉件数 / 车险保费", strings.Repeat(" ", 28) + "^^^^^^^^"},
		{"ASCII", "unit: x", 7, 1, "unit: x", "      ^"},
		{"full-width punctuation", "a：b", 2, 1, "a：b", " ^^"},
		{"a tab counts as one blank", "\tab", 2, 2, " ab", " ^^"},
		{"past the end of the line", "ab", 3, 1, "ab", "  ^"},
		{"wider than the line", "ab", 2, 40, "ab", " ^"},
		{"a combining mark takes no column", "e\u0301x", 3, 1, "e\u0301x", " ^"},
		{"the middle of a long line", long + "错" + long, 151, 1,
			"… " + strings.Repeat("很长的一行", 6) + "错" + strings.Repeat("很长的一行", 5) + "很长的一 …",
			strings.Repeat(" ", 62) + "^^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line, caret := excerpt(Diagnostic{Line: 1, Column: tt.column, Width: tt.width, Source: tt.source})
			if line != tt.line || caret != tt.caret {
				t.Errorf("got\n%s\n%s\nwant\n%s\n%s", line, caret, tt.line, tt.caret)
			}
		})
	}
}

// The printed form is the one the rule language promises.
func TestWriteText(t *testing.T) {
	d := Diagnostic{
		File: "2022-10-01.yaml", Line: 91, Column: 23, Width: 4, Code: CodeUnknownName, Level: LevelError,
		Message: text("没有定义“车险保费”", "车险保费 is not defined"),
		Hint:    text("是否为 车险保费收入 (statistics, 第 65 行)?", "did you mean 车险保费收入 (statistics, line 65)?"),
		Cite:    "细则 四(二)1(1)", Source: "    formula: 车险投诉件数 / 车险保费",
	}
	const en = `2022-10-01.yaml:91:23: unknown-name: 车险保费 is not defined
   91 |     formula: 车险投诉件数 / 车险保费
      |                             ^^^^^^^^
      hint: did you mean 车险保费收入 (statistics, line 65)?    clause: 细则 四(二)1(1)
1 error, 0 warnings, 0 notes
`
	const zh = `2022-10-01.yaml:91:23: unknown-name: 没有定义“车险保费”
   91 |     formula: 车险投诉件数 / 车险保费
      |                             ^^^^^^^^
      提示: 是否为 车险保费收入 (statistics, 第 65 行)?    依据: 细则 四(二)1(1)
错误 1 个, 警告 0 个, 信息 0 条
`
	for lang, want := range map[engine.Lang]string{engine.English: en, engine.Chinese: zh} {
		var out bytes.Buffer
		if err := WriteText(&out, []Diagnostic{d}, lang); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%s: got\n%s\nwant\n%s", lang, out.String(), want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"车险保费收入", "非车险保费收入", "保费收入", "车险投诉件数", "unit", "id"}
	tests := []struct{ name, want string }{
		{"车险保费", "车险保费收入"},
		{"车险保费收人", "车险保费收入"},
		{"unti", "unit"},
		{"colour", ""},
		{"x", ""},
	}
	for _, tt := range tests {
		if got := nearest(tt.name, known); got != tt.want {
			t.Errorf("nearest(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}
