package rules

import (
	"testing"

	"gopkg.in/yaml.v3"
)

// A mistake in a formula is shown where it stands in the file, however YAML
// wraps the formula.
func TestPlaceInsideAScalar(t *testing.T) {
	tests := []struct {
		name, yaml   string
		part         string // the characters of the value that are meant
		line, column int
		width        int
	}{
		{"plain", "formula: 投诉件数 / 保费\n", "保费", 1, 17, 2},
		{"double quotes", `formula: "投诉件数 / 保费"` + "\n", "保费", 1, 18, 2},
		{"an escape before it", `formula: "a \"b\" \u4e00 保费"` + "\n", "保费", 1, 26, 2},
		{"an escape itself", `formula: "a \u4e00 b"` + "\n", "一", 1, 13, 1},
		{"single quotes", `formula: 'it''s 保费'` + "\n", "保费", 1, 17, 2},
		{"inside braces", "m: {unit: 件, formula: 投诉件数 / 保费, x: y}\n", "保费", 1, 30, 2},
		{"plain over two lines", "formula: 投诉件数 /\n    保费\n", "保费", 2, 5, 2},
		{"quoted over two lines", "formula: \"投诉件数 /\n    保费\"\n", "保费", 2, 5, 2},
		{"folded block", "formula: >\n  投诉件数 /\n  保费\n", "保费", 2 + 1, 3, 2},
		{"literal block", "formula: |\n  投诉件数 /\n    保费\n", "保费", 3, 5, 2},
		{"literal block after an empty line", "formula: |\n\n  投诉件数\n\n  / 保费\n", "保费", 5, 5, 2},
		{"the end", "formula: 投诉件数 /\n", "", 1, 16, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, diags := readSource("x.yaml", []byte(tt.yaml))
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			n := formulaNode(node{y: f.root, file: f})
			offset := runeIndex(n.value(), tt.part)
			if tt.part == "" {
				offset = len([]rune(n.value()))
			}
			p := n.part(offset, len([]rune(tt.part)))
			if p.line != tt.line || p.column != tt.column || p.width != tt.width {
				t.Errorf("got %d:%d width %d, want %d:%d width %d", p.line, p.column, p.width, tt.line, tt.column, tt.width)
			}
		})
	}
}

// formulaNode finds the value of the key formula.
func formulaNode(n node) node {
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value == "formula" {
			return n.child(n.y.Content[i+1])
		}
		if n.y.Content[i+1].Kind == yaml.MappingNode {
			if found := formulaNode(n.child(n.y.Content[i+1])); !found.absent() {
				return found
			}
		}
	}
	return node{}
}

func runeIndex(s, part string) int {
	r, p := []rune(s), []rune(part)
	for i := 0; i+len(p) <= len(r); i++ {
		if string(r[i:i+len(p)]) == part {
			return i
		}
	}
	return -1
}
