package rules

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// checkTested warns about lines of the scorecard that no test mentions.
func checkTested(r *packReader) {
	if r.loader.fsys == nil {
		return
	}
	if len(r.edition.tests) == 0 {
		r.add(r.packAt.report(CodeUntested, text("这个版本没有测试", "this edition has no tests"),
			text("在旁边写一个 版本_test.yaml", "write an EDITION_test.yaml beside it")))
		return
	}
	tested := map[string]bool{}
	for _, t := range r.edition.tests {
		namesInTests(t.root, "", tested)
	}
	r.eachItem(func(d *itemDraft) {
		line := d.Kind == engine.IndicatorItem || d.Kind == engine.DeductionItem
		if line && d.Name != "" && !tested[d.Name] && !tested[d.ID] {
			r.add(d.key.report(CodeUntested, text(fmt.Sprintf("没有测试用到“%s”", d.Name), fmt.Sprintf("no test looks at %s", d.Name)),
				text("在 tables 里加一张表, 或在 expect 里写上它", "add a table for it, or name it under expect")))
		}
	})
}

// namesInTests collects the lines that a test file looks at: the subject of each
// table, and every key below an expect.
func namesInTests(n *yaml.Node, under string, out map[string]bool) {
	for i, c := range n.Content {
		key := under
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				if under == "expect" {
					out[strings.TrimSpace(c.Value)] = true
				}
				continue
			}
			name := n.Content[i-1].Value
			switch {
			case name == "indicator" || name == "deduction" || name == "metric":
				out[strings.TrimSpace(c.Value)] = true
			case name == "expect":
				key = "expect"
			}
		}
		namesInTests(c, key, out)
	}
}
