package rules

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// checkTested warns about lines of the scorecard that no test mentions.
func checkTested(r *packReader) {
	if r.loader.fsys == nil || r.pack.Name == "" || r.pack.Edition.IsZero() {
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
// table, every key below an expect, and the columns of groups.
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
			case name == "groups":
				namesInColumns(c, out)
			}
		}
		namesInTests(c, key, out)
	}
}

// namesInColumns collects the headings of groups: 某指标, or metric 某指标.
func namesInColumns(groups *yaml.Node, out map[string]bool) {
	for _, g := range groups.Content {
		for i := 0; i+1 < len(g.Content); i += 2 {
			if g.Content[i].Value != "columns" {
				continue
			}
			for _, head := range g.Content[i+1].Content {
				name := strings.TrimSpace(head.Value)
				out[name] = true
				for _, prefix := range []aspect{metricOf, pointsOf, fullPointsOf, casesOf} {
					if rest, ok := strings.CutPrefix(name, string(prefix)+" "); ok {
						out[strings.TrimSpace(rest)] = true
					}
				}
			}
		}
	}
}
