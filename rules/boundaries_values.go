package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// boundaryInput is a figure that a metric is computed from.
type boundaryInput struct {
	stat  *engine.Statistic
	shift formula.Shift
}

// heading is the column that gives the figure.
func (in boundaryInput) heading() string { return shiftWords[in.shift] + in.stat.Name }

// indicator proposes rows for an indicator that is scored by a metric.
func (f *boundaryFinder) indicator(it *engine.Item, s assessedIn) {
	inputs, ok := f.inputs(it.Metric)
	if !ok || len(inputs) == 0 {
		return
	}
	table := f.table(it, s)
	for _, in := range inputs {
		table.Columns = append(table.Columns, in.heading())
	}
	targets := f.targets(it, s.group)
	if given := f.givenBenchmarks(it); given != "" {
		table.Head = append(table.Head, given)
	}
	for _, target := range targets {
		f.around(it, &table, inputs, target, targets)
	}
	f.policies(it, &table, inputs)
	f.keep(table)
}

// inputs lists the figures of a metric, those of metrics it uses included. ok is
// false if it depends on something that a column cannot give.
func (f *boundaryFinder) inputs(id string) ([]boundaryInput, bool) {
	var out []boundaryInput
	seen := map[string]bool{}
	var visit func(id string) bool
	visit = func(id string) bool {
		m := slices.IndexFunc(f.pack.Metrics, func(m engine.Metric) bool { return m.ID == id })
		if m < 0 || seen[id] || f.pack.Metrics[m].Formula == nil {
			return m >= 0 && seen[id]
		}
		seen[id] = true
		for _, ref := range f.pack.Metrics[m].Formula.Refs() {
			word, simple := shiftWords[ref.Shift]
			i := slices.IndexFunc(f.pack.Statistics, func(s engine.Statistic) bool { return s.ID == ref.ID })
			switch {
			case i >= 0 && simple && ref.Times <= 1 && f.pack.Statistics[i].Scorecard == nil:
				in := boundaryInput{&f.pack.Statistics[i], ref.Shift}
				if !slices.Contains(out, in) {
					out = append(out, in)
				}
			case i < 0 && word == "" && visit(ref.ID):
			default:
				return false
			}
		}
		return true
	}
	return out, visit(id)
}

// benchmarkStep is the distance between the values that stand for benchmarks in
// proposals, in the unit of the metric.
const benchmarkStep = 10

// benchmarkValues gives the benchmarks of an item's scale values that differ: 10
// and 20 where less is better, else the other way round, so that the end with
// full points is the better one.
func benchmarkValues(s *engine.Scale) map[string]exact.Num {
	var ids []string
	if s.CompareWith != "" {
		ids = append(ids, s.CompareWith)
	}
	for _, b := range boundsOf(s) {
		if b.Benchmark != "" && !slices.Contains(ids, b.Benchmark) {
			ids = append(ids, b.Benchmark)
		}
	}
	if s.LowerBetter != nil && !*s.LowerBetter {
		slices.Reverse(ids)
	}
	out := map[string]exact.Num{}
	for i, id := range ids {
		out[id] = exact.Int(int64(i+1) * benchmarkStep)
	}
	return out
}

// givenBenchmarks writes the benchmarks of an item's scale as given ones.
func (f *boundaryFinder) givenBenchmarks(it *engine.Item) string {
	values := benchmarkValues(it.Scale)
	var parts []string
	for _, b := range f.pack.Benchmarks {
		if v, ok := values[b.ID]; ok {
			parts = append(parts, plainOrQuoted(b.Name)+": "+f.inUnitOf(it.Metric, v))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "benchmarks: {" + strings.Join(parts, ", ") + "}"
}

func (f *boundaryFinder) unitOf(metric string) unit.Unit {
	for _, m := range f.pack.Metrics {
		if m.ID == metric {
			return m.Unit
		}
	}
	return unit.Unit{}
}

// inUnitOf writes a number with the unit of a metric.
func (f *boundaryFinder) inUnitOf(metric string, n exact.Num) string {
	u := f.unitOf(metric)
	switch {
	case u.IsBare():
		return n.Shortest(6)
	case u.String() == "%":
		return n.Shortest(6) + "%"
	}
	return n.Shortest(6) + " " + u.String()
}

// boundsOf lists the bounds of a scale.
func boundsOf(s *engine.Scale) []*engine.Bound {
	out := []*engine.Bound{s.FullAt, s.NoneAt}
	for i := range s.Bands {
		out = append(out, s.Bands[i].From, s.Bands[i].To)
	}
	for i := range s.Anchors {
		out = append(out, &s.Anchors[i].At)
	}
	return slices.DeleteFunc(out, func(b *engine.Bound) bool { return b == nil })
}

// targets lists the values of the metric, in base units, at the bounds of its
// scale, and behind them those between each two.
func (f *boundaryFinder) targets(it *engine.Item, group string) []exact.Num {
	given := benchmarkValues(it.Scale)
	var out []exact.Num
	for _, b := range boundsOf(it.Scale) {
		v := b.Value
		for _, id := range []string{b.Benchmark, it.Scale.CompareWith} {
			if x, ok := f.parameter(id, group); ok {
				v = v.Mul(x)
			} else if id != "" {
				v = v.Mul(f.unitOf(it.Metric).From(given[id]))
			}
		}
		if !slices.ContainsFunc(out, v.Equal) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, exact.Num.Cmp)
	for i := len(out) - 1; i > 0; i-- {
		out = append(out, out[i].Add(out[i-1]).Quo(exact.Int(2)))
	}
	return out
}

// parameter returns the value of a parameter for a peer group, the first if none
// is named.
func (f *boundaryFinder) parameter(id, group string) (exact.Num, bool) {
	if group == "" && len(f.pack.PeerGroups) > 0 {
		group = f.pack.PeerGroups[0].ID
	}
	for _, d := range f.pack.Parameters {
		if d.ID != id {
			continue
		}
		if x, ok := d.ByGroup[group]; ok {
			return x, true
		}
		return d.Value, true
	}
	return exact.Num{}, false
}

// around proposes the row that lands on a value of the metric and those beside
// it, if no test stands there.
func (f *boundaryFinder) around(it *engine.Item, table *BoundaryTable, inputs []boundaryInput, target exact.Num, targets []exact.Num) {
	values, free, ok := f.solve(it, *table, inputs, target)
	if !ok {
		return
	}
	for _, step := range []int64{0, -1, 1} {
		row := slices.Clone(values)
		if row[free] = row[free].Add(exact.Int(step)); row[free].Sign() < 0 {
			continue
		}
		cells := numbers(row)
		t, ok := f.try(it, *table, cells)
		if !ok || t.metric == nil {
			continue
		}
		why := engine.Text{}
		spot, fresh := f.news(t)
		if fresh {
			why = f.spotName(spot)
		}
		bound := slices.ContainsFunc(targets[:(len(targets)+1)/2], target.Equal) // those between bounds come behind
		if !fresh && (!bound || f.tested[it.ID][target.String()]) {
			continue
		}
		if why.IsZero() {
			at := f.inUnitOf(it.Metric, f.unitOf(it.Metric).To(target))
			why = map[int64]engine.Text{0: text("恰在 "+at, "exactly "+at), -1: text(at+" 的一侧", "beside "+at), 1: text(at+" 的另一侧", "beside "+at)}[step]
		}
		f.take(table, cells, t, why)
	}
	f.stand(it.ID, target.String())
}

// numbers writes the cells of a row.
func numbers(values []exact.Num) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v.Shortest(6)
	}
	return out
}

// The figures that are held fixed while one is sought: larger ones as long as it
// does not come out whole.
var fixedFigures = []int64{1000, 10_000, 100_000, 1_000_000}

// solve looks for figures for which the metric has a value. It holds all but one
// fixed, in the unit of each, and finds that one where the metric is a straight
// line in it.
func (f *boundaryFinder) solve(it *engine.Item, table BoundaryTable, inputs []boundaryInput, target exact.Num) (values []exact.Num, free int, ok bool) {
	for _, fixed := range fixedFigures {
		for free := range inputs {
			values := make([]exact.Num, len(inputs))
			for i := range values {
				values[i] = exact.Int(fixed)
			}
			if v, ok := f.line(it, table, values, free, target); ok {
				values[free] = v
				return values, free, true
			}
		}
	}
	return nil, 0, false
}

// line finds the figure that gives the target, from three points of the line.
func (f *boundaryFinder) line(it *engine.Item, table BoundaryTable, values []exact.Num, free int, target exact.Num) (exact.Num, bool) {
	var at [3]exact.Num
	width := values[free].Quo(exact.Int(10))
	for i := range at {
		row := slices.Clone(values)
		row[free] = values[free].Add(width.Mul(exact.Int(int64(i))))
		t, ok := f.tryMetric(it, table, numbers(row))
		if !ok {
			return exact.Num{}, false
		}
		at[i] = t
	}
	slope := at[1].Sub(at[0])
	if slope.IsZero() || !at[2].Sub(at[1]).Equal(slope) {
		return exact.Num{}, false
	}
	v := values[free].Add(target.Sub(at[0]).Quo(slope).Mul(width))
	return v, v.IsInt() && v.Sign() >= 0
}

// tryMetric computes the metric of a row.
func (f *boundaryFinder) tryMetric(it *engine.Item, table BoundaryTable, cells []string) (exact.Num, bool) {
	t, ok := f.try(it, table, cells)
	if !ok || t.metric == nil {
		return exact.Num{}, false
	}
	return *t.metric, true
}

// policies proposes a row for a missing figure and one for a zero denominator.
func (f *boundaryFinder) policies(it *engine.Item, table *BoundaryTable, inputs []boundaryInput) {
	for i := range inputs {
		for _, cell := range []string{"missing", "0"} {
			cells := numbers(slices.Repeat([]exact.Num{exact.Int(fixedFigures[0])}, len(inputs)))
			cells[i] = cell
			t, ok := f.try(it, *table, cells)
			if !ok {
				continue
			}
			if spot, fresh := f.news(t); fresh && (spot.Kind == engine.SpotIfMissing || spot.Kind == engine.SpotIfZero) && f.written(it, spot) {
				f.take(table, cells, t, f.spotName(spot))
			}
		}
	}
}

// written reports whether the pack writes a policy on the item.
func (f *boundaryFinder) written(it *engine.Item, s engine.Spot) bool {
	return !f.edition.spotPlace(it, s).implied
}

// dayIn is the first day of the period that a table tests.
func (f *boundaryFinder) dayIn(s assessedIn) engine.Date {
	if name := f.periodOf(s); name != "" {
		if p, err := engine.ParsePeriod(name); err == nil {
			return p.First
		}
	}
	return firstPeriod(f.pack).First
}

func dayText(d engine.Date) string { return fmt.Sprint(d) }
