package rules

import (
	"testing"

	"gopkg.in/yaml.v3"
)

func TestStrictBounds(t *testing.T) {
	for _, c := range []struct {
		when, words string
		warned      bool
	}{
		{"人数 > 50", "50人(含)以上", true},
		{"人数 > 50", "50人及以上", true},
		{"人数 >= 50", "50人(含)以上", false},
		{"人数 < 50", "50人(含)以上", false}, // the other side of the same bound
		{"人数 > 50", "150人以上", false},
		{"人数 > 5", "50人以上", false},
		{"人数 > 50", "不少于50人", true},
		{"人数 >= 50", "超过50人", true},
		{"人数 >= 50", "不超过50人", false},
		{"人数 <= 50", "不超过50人", false},
		{"人数 < 50", "不超过50人", true},
		{"人数 <= 50", "不足50人", true},
		{"人数 < 50", "不足50人", false},
		{"天数 < 3", "3个工作日以内", true},
		{"金额 > 50", "超过50万元, 50万元以上", false}, // the words say both
		{"人数 > 50", "", false},
	} {
		r := &packReader{}
		r.strictBound(scalarNode(c.when), c.words)
		if got := len(r.diags) > 0; got != c.warned {
			t.Errorf("%s, %s: warned %v", c.when, c.words, got)
		}
	}
}

func scalarNode(v string) node {
	return node{y: &yaml.Node{Kind: yaml.ScalarNode, Value: v, Line: 1, Column: 1}, file: &sourceFile{name: "p.yaml", lines: []string{v}}}
}
