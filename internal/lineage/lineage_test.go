package lineage

import (
	"slices"
	"testing"

	"kaoping/rules"
	"kaoping/rules/packs"
)

// TestShippedPacks walks every shipped pack: each line leads to something that is
// delivered, and each way has the same way back.
func TestShippedPacks(t *testing.T) {
	library, _ := rules.Load(packs.FS, rules.Options{})
	delivered := []Kind{Register, Column, Judgement, Statistic, Attribute, Scorecard, BuiltIn}
	for _, p := range library.Packs() {
		g := Of(p)
		for i := range g.Nodes {
			n := &g.Nodes[i]
			for _, of := range n.Uses {
				if !slices.Contains(g.Nodes[of].UsedBy, i) {
					t.Errorf("%s: %s uses %s, which does not know it", p.Name, n.Key(), g.Nodes[of].Key())
				}
			}
			if n.Kind != Indicator && n.Kind != Deduction && n.Kind != Addition && n.Kind != Metric {
				continue
			}
			down := g.Down(i)
			if !slices.ContainsFunc(down, func(s Step) bool { return slices.Contains(delivered, g.Nodes[s.Node].Kind) }) {
				t.Errorf("%s: %s is made from nothing that is delivered", p.Name, n.Key())
			}
			if n.Kind != Metric && p.Total != nil && !reaches(g, g.Up(i), "total:total") {
				t.Errorf("%s: %s does not lead to the total", p.Name, n.Key())
			}
		}
	}
}

func reaches(g *Graph, steps []Step, key string) bool {
	return slices.ContainsFunc(steps, func(s Step) bool { return g.Nodes[s.Node].Key() == key })
}

// TestTheWayOfTheTimelyRate follows one number of the worked example both ways.
func TestTheWayOfTheTimelyRate(t *testing.T) {
	library, _ := rules.Load(packs.FS, rules.Options{})
	for _, p := range library.Packs() {
		if p.Name != "cn-shanghai-complaint-handling" {
			continue
		}
		g := Of(p)
		down := g.Down(g.Find("indicator:timely_handling_rate"))
		for _, key := range []string{"metric:投诉件处理及时率", "register:投诉案件", "field:投诉案件.反馈日期"} {
			name := key
			if g.Find(key) < 0 {
				for i := range g.Nodes {
					if n := &g.Nodes[i]; string(n.Kind)+":"+n.Name == key {
						name = n.Key()
					}
				}
			}
			if !reaches(g, down, name) {
				t.Errorf("%s is not below the indicator", key)
			}
		}
		motor := g.Find("indicator:motor_complaints_per_100m_premium")
		if !slices.ContainsFunc(g.Down(motor), func(s Step) bool { return g.Nodes[s.Node].Kind == Column }) {
			t.Error("the motor premium does not lead to its column")
		}
		if !slices.ContainsFunc(g.Down(motor), func(s Step) bool { return g.Nodes[s.Node].Kind == Benchmark }) {
			t.Error("the scale does not lead to its benchmarks")
		}
	}
}
