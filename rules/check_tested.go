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

// checkTestPeriods reports cards whose period the edition does not score.
func checkTestPeriods(r *packReader) {
	for _, t := range r.edition.tests {
		for _, n := range periodsInTests(node{y: t.root, file: t}) {
			p, ok := r.testPeriod(n.value())
			if ok && !r.pack.Effective.From.IsZero() && !r.pack.Effective.Covers(p) {
				r.notCovered(n, p)
			}
		}
	}
}

// periodsInTests lists the period: of all tables and cards.
func periodsInTests(n node) []node {
	var out []node
	for i, c := range n.y.Content {
		if n.isMap() && i%2 == 1 && n.y.Content[i-1].Value == "period" && c.Kind == yaml.ScalarNode {
			out = append(out, n.child(c))
			continue
		}
		out = append(out, periodsInTests(n.child(c))...)
	}
	return out
}

// testPeriod reads 2023H1, or "2023 half_year" with a kind of period of the pack.
func (r *packReader) testPeriod(s string) (engine.Period, bool) {
	if p, err := engine.ParsePeriod(strings.TrimSpace(s)); err == nil {
		return p, true
	}
	year, kind, ok := strings.Cut(strings.TrimSpace(s), " ")
	if !ok {
		return engine.Period{}, false
	}
	for _, k := range r.pack.Periods {
		if k.ID == strings.TrimSpace(kind) {
			return periodOfKind(year, k)
		}
	}
	return engine.Period{}, false
}

// periodOfKind returns the period of a kind in a year.
func periodOfKind(year string, k engine.PeriodKind) (engine.Period, bool) {
	for _, s := range []string{"", "H1", "H2", "Q1", "Q2", "Q3", "Q4"} {
		if p, err := engine.ParsePeriod(year + s); err == nil && k.Matches(p) {
			return p, true
		}
	}
	for month := 1; month <= 12; month++ {
		if p, err := engine.ParsePeriod(fmt.Sprintf("%s-%02d", year, month)); err == nil && k.Matches(p) {
			return p, true
		}
	}
	return engine.Period{}, false
}
