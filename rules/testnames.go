package rules

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// testNames finds what a name in a test means in a pack. Names and ids both work.
type testNames struct {
	statistics map[string]*engine.Statistic
	attributes map[string]engine.Attribute
	metrics    map[string]*engine.Metric
	benchmarks map[string]*engine.Benchmark
	items      map[string]*engine.Item
	registers  map[string]*engine.Register
	groups     map[string]string // id by id or title
}

// builtInAttributes are known to every pack without being declared.
var builtInAttributes = []engine.Attribute{
	{ID: "full_accounting_years", Name: "完整会计年度数", Kind: formula.Number},
	{ID: "subject_type", Name: "机构类型", Kind: formula.Text},
	{ID: "opened", Name: "开业日期", Kind: formula.Date},
}

func newTestNames(p *engine.Pack) *testNames {
	n := &testNames{
		statistics: map[string]*engine.Statistic{}, attributes: map[string]engine.Attribute{},
		metrics: map[string]*engine.Metric{}, benchmarks: map[string]*engine.Benchmark{},
		items: map[string]*engine.Item{}, registers: map[string]*engine.Register{}, groups: map[string]string{},
	}
	for i := range p.Statistics {
		s := &p.Statistics[i]
		n.statistics[s.ID], n.statistics[s.Name] = s, s
	}
	for _, a := range append(slices.Clone(builtInAttributes), p.Attributes...) {
		n.attributes[a.ID], n.attributes[a.Name] = a, a
	}
	for i := range p.Metrics {
		m := &p.Metrics[i]
		n.metrics[m.ID], n.metrics[m.Name] = m, m
	}
	for i := range p.Benchmarks {
		b := &p.Benchmarks[i]
		n.benchmarks[b.ID], n.benchmarks[b.Name] = b, b
	}
	for i := range p.Registers {
		r := &p.Registers[i]
		n.registers[r.ID], n.registers[r.Name] = r, r
	}
	for _, it := range p.AllItems() {
		n.items[it.ID], n.items[it.Name] = it, it
	}
	for _, g := range p.PeerGroups {
		n.groups[g.ID], n.groups[g.Title.ZH], n.groups[g.Title.EN] = g.ID, g.ID, g.ID
	}
	delete(n.groups, "")
	return n
}

// namesOf lists the names in a map, for suggestions.
func namesOf[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// listed is namesOf as long as suggestions are made.
func listed[V any](r *testReader, m map[string]V) []string {
	if r.spent() {
		return nil
	}
	return namesOf(m)
}

// shifted reads 上期 X, previous X and their kin: X, seen from another period.
func shifted(name string) (string, formula.Shift) {
	for _, s := range []struct {
		words []string
		shift formula.Shift
	}{
		{[]string{"上期 ", "previous "}, formula.Previous},
		{[]string{"环比 ", "preceding "}, formula.Preceding},
		{[]string{"同比 ", "year_ago "}, formula.YearAgo},
	} {
		for _, w := range s.words {
			if rest, ok := strings.CutPrefix(name, w); ok {
				return strings.TrimSpace(rest), s.shift
			}
		}
	}
	return name, formula.Now
}

// shiftPeriod moves a period as a formula would.
func shiftPeriod(p *engine.Pack, period engine.Period, s formula.Shift) engine.Period {
	switch s {
	case formula.Previous:
		return p.Previous.Of(period)
	case formula.Preceding:
		return period.Preceding()
	case formula.YearAgo:
		return period.YearAgo()
	}
	return period
}

// register finds a register by id, nil if there is none.
func (r *testReader) register(id string) *engine.Register {
	for i := range r.pack.Registers {
		if r.pack.Registers[i].ID == id {
			return &r.pack.Registers[i]
		}
	}
	return nil
}

// metricOfItem returns the metric of an indicator, nil if it has none.
func (r *testReader) metricOfItem(it *engine.Item) *engine.Metric {
	if it.Metric == "" {
		return nil
	}
	return r.names.metrics[it.Metric]
}

// unknownName reports a name that is not in the pack.
func (r *testReader) unknownName(n node, name, whatZH, whatEN string, candidates []string) {
	hint := text("可写的名称见规则包", "the pack lists the names")
	if len(candidates) > 0 && len(candidates) <= 8 {
		list := strings.Join(candidates, ", ")
		hint = text("可写: "+list, "write one of: "+list)
	}
	r.add(n.report(CodeUnknownName, text(clip(name)+" 不是"+whatZH, clip(name)+" is not "+whatEN), r.suggestion(name, candidates, hint)))
}
