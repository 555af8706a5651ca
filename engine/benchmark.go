package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// groupValue is a benchmark as it came out for one peer group.
type groupValue struct {
	value formula.Value
	count int // members that had a value
}

// benchmarkKey names a benchmark of a metric; the metric is empty for one that
// has its own formula.
type benchmarkKey struct{ benchmark, metric string }

// benchmarks computes the benchmarks that scales compare with, once for each
// metric, and remembers in which order they were asked for.
type benchmarks struct {
	table  *table
	values map[benchmarkKey][]groupValue // one for each peer group, or one if over all assessed
	asked  []benchmarkKey
}

func newBenchmarks(t *table) *benchmarks {
	return &benchmarks{table: t, values: map[benchmarkKey][]groupValue{}}
}

// of returns the benchmark that row's metric is compared with. A value that is
// not OK says that there was nothing to take it of.
func (b *benchmarks) of(id, metric string, row int) (formula.Value, error) {
	if p, ok := b.table.declared[id].(*Parameter); ok {
		return p.of(b.table.pack, &b.table.members[row]), nil
	}
	decl, values, err := b.all(id, metric)
	if err != nil {
		return formula.Value{}, err
	}
	if decl.Formula != nil {
		return b.ofRow(decl, row)
	}
	if decl.AllAssessed {
		return values[0].value, nil
	}
	return values[b.table.groups[row]].value, nil
}

// ofRow returns a benchmark that has its own formula as formulas see it. Where
// the formula is no figure of the group but of the subject, it is the subject's.
func (b *benchmarks) ofRow(decl *Benchmark, row int) (formula.Value, error) {
	column, err := b.table.column(decl.ID, b.table.period)
	if err != nil {
		return formula.Value{}, err
	}
	return column.At(row), nil
}

func (b *benchmarks) all(id, metric string) (*Benchmark, []groupValue, error) {
	decl, ok := b.table.declared[id].(*Benchmark)
	if !ok {
		return nil, nil, fmt.Errorf("%w: the pack %s declares no benchmark %s", ErrNotFound, b.table.pack.Name, id)
	}
	if decl.Formula != nil {
		metric = ""
	}
	key := benchmarkKey{id, metric}
	if v, ok := b.values[key]; ok {
		return decl, v, nil
	}
	values, err := b.compute(decl, metric)
	if err != nil {
		return nil, nil, err
	}
	b.values[key] = values
	b.asked = append(b.asked, key)
	return decl, values, nil
}

func (b *benchmarks) compute(decl *Benchmark, metric string) ([]groupValue, error) {
	column, err := b.source(decl, metric)
	if err != nil {
		return nil, err
	}
	var among *formula.Column
	if decl.Among != nil {
		if among, err = b.table.eval(decl.Among, b.table.period); err != nil {
			return nil, err
		}
	}
	values := make([]groupValue, b.groups(decl))
	for g := range values {
		values[g] = b.inGroup(decl, metric, column, among, g)
	}
	return values, nil
}

// source returns the column that a benchmark is taken of: its own, or the
// metric being scored.
func (b *benchmarks) source(decl *Benchmark, metric string) (*formula.Column, error) {
	if decl.Formula != nil {
		return b.table.column(decl.ID, b.table.period)
	}
	return b.table.scored(metric)
}

func (b *benchmarks) groups(decl *Benchmark) int {
	if decl.AllAssessed {
		return 1
	}
	return max(len(b.table.pack.PeerGroups), 1)
}

func (b *benchmarks) inGroup(decl *Benchmark, metric string, column, among *formula.Column, group int) groupValue {
	out := groupValue{value: formula.Value{Status: formula.Missing}}
	var lanes []exact.Num
	for i := range b.table.members {
		if !decl.AllAssessed && b.table.groups[i] != int32(group) {
			continue
		}
		if among != nil {
			if v := among.At(i); v.Status != formula.OK || !v.Bool {
				continue
			}
		}
		if v := column.At(i); v.Status == formula.OK {
			lanes = append(lanes, v.Num)
		}
	}
	out.count = len(lanes)
	if given, ok := b.table.index.given[givenKey{decl.ID, metric}]; ok {
		out.value = formula.Value{Num: given.Value}
	} else if decl.Formula == nil {
		out.value = b.table.take(decl, lanes, b.table.unitOf(metric))
	} else if len(lanes) > 0 && allEqual(lanes) {
		out.value = formula.Value{Num: lanes[0]}
	}
	return out
}

func allEqual(values []exact.Num) bool {
	return !slices.ContainsFunc(values, func(n exact.Num) bool { return !n.Equal(values[0]) })
}

// maxBenchmarkBits bounds the digits of a benchmark. A mean of unlike ratios
// grows with every peer, and each peer is compared with it: 1,500 are well within.
const maxBenchmarkBits = 1 << 16

// take computes a statistic of the values; Missing if there are none, TooLarge
// beyond the bound.
func (t *table) take(decl *Benchmark, values []exact.Num, u unit.Unit) formula.Value {
	if decl.Take == "deviation" {
		return deviation(values, decl.Decimals, u)
	}
	name := decl.Take
	switch name {
	case "minimum":
		name = "min"
	case "maximum":
		name = "max"
	}
	n, ok := formula.Statistic(name, values, decl.Percentile)
	if n.BitLen() > maxBenchmarkBits {
		return formula.Value{Status: formula.TooLarge}
	}
	return numOrMissing(n, ok)
}

// deviation is the standard deviation of the values, divided by the count before
// the root, rounded half up to so many decimals of the unit: no root is exact.
func deviation(values []exact.Num, decimals int, u unit.Unit) formula.Value {
	shown := make([]exact.Num, len(values))
	for i, x := range values {
		shown[i] = u.To(x)
	}
	variance, ok := formula.Statistic("variance", shown, exact.Num{})
	if !ok {
		return formula.Value{Status: formula.Missing}
	}
	return formula.Value{Num: u.From(variance.Root(decimals))}
}

// benchmarkColumn returns a benchmark that has its own formula, as formulas see
// it: the same value for each member of a group.
func (t *table) benchmarkColumn(decl *Benchmark, period Period) (*formula.Column, error) {
	if given, ok := t.index.given[givenKey{decl.ID, ""}]; ok {
		return formula.Const(formula.Value{Num: given.Value}, len(t.members)), nil
	}
	if decl.Formula == nil {
		return nil, fmt.Errorf("%s is taken of the metric being scored and has no value in a formula", decl.Name)
	}
	groups := t.groups
	if decl.AllAssessed {
		groups = nil
	}
	c, err := formula.Eval(decl.Formula, t.input(period, groups))
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", decl.Formula.Source(), err)
	}
	return c, nil
}

// scored returns a metric as it is scored, compared and ranked: rounded only if
// the pack rounds metrics first, and missing where the formula comes to 空, which
// is no number. Formulas see the metric unrounded.
func (t *table) scored(metric string) (*formula.Column, error) {
	if c, ok := t.asScored[metric]; ok {
		return c, nil
	}
	c, err := t.scoredAs(metric)
	if err == nil {
		t.asScored[metric] = c
	}
	return c, err
}

func (t *table) scoredAs(metric string) (*formula.Column, error) {
	c, err := t.column(metric, t.period)
	if err != nil {
		return nil, err
	}
	c = withoutNulls(c)
	if !t.pack.Rounding.MetricsRounded {
		return c, nil
	}
	decl, ok := t.declared[metric].(*Metric)
	if !ok {
		return c, nil
	}
	values := make([]formula.Value, c.Len())
	for i := range values {
		values[i] = c.At(i)
		if values[i].Status == formula.OK {
			values[i].Num = roundIn(decl.Unit, values[i].Num, t.pack.Rounding.Metrics)
		}
	}
	return formula.NewColumn(values), nil
}

// withoutNulls returns a column in which 空 is missing; the column itself if there
// is none in it.
func withoutNulls(c *formula.Column) *formula.Column {
	some := false
	for i := range c.Len() {
		some = some || c.At(i).Status == formula.OK && c.At(i).Null
	}
	if !some {
		return c
	}
	values := make([]formula.Value, c.Len())
	for i := range values {
		values[i] = c.At(i)
		if values[i].Status == formula.OK && values[i].Null {
			values[i] = formula.Value{Status: formula.Missing}
		}
	}
	return formula.NewColumn(values)
}

// list returns every benchmark that was asked for, by declaration, metric and
// peer group. Groups without a value are left out: a metric of one group has
// nothing to show for the others.
func (b *benchmarks) list() []BenchmarkValue {
	out := []BenchmarkValue{}
	for _, decl := range b.table.pack.Benchmarks {
		for _, key := range b.asked {
			if key.benchmark == decl.ID {
				out = append(out, b.listed(&decl, key)...)
			}
		}
	}
	return out
}

func (b *benchmarks) listed(decl *Benchmark, key benchmarkKey) []BenchmarkValue {
	var out []BenchmarkValue
	for g, v := range b.values[key] {
		value := BenchmarkValue{Benchmark: key.benchmark, Metric: key.metric, Count: v.count}
		if !decl.AllAssessed && len(b.table.pack.PeerGroups) > 0 {
			value.PeerGroup = b.table.pack.PeerGroups[g].ID
		}
		if v.value.Status == formula.OK {
			value.Value = &v.value.Num
		}
		if v.count > 0 {
			out = append(out, value)
		}
	}
	return out
}
