package engine

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// indicator explains a line that is measured.
func (x *explainer) indicator(o *outcome) error {
	it := o.item
	if err := x.metric(it.Metric); err != nil {
		return err
	}
	lower, known := false, false
	if it.Scale != nil {
		lower, known = it.Scale.lowerIsBetter()
		x.assume(it.Scale.Law)
	}
	values, err := x.peerValues(it.Metric, lower, known)
	if err != nil {
		return err
	}
	x.out.PeerValues = values
	marks, err := x.marks(it)
	if err != nil {
		return err
	}
	rank := Text{}
	if o.rank > 0 {
		rank = wordMetricRank(o.rank)
	}
	x.out.Peers = x.peers(values, marks, rank)
	x.out.Policy = o.reason
	if o.granted && o.status == Scored {
		x.out.Points = x.grantedPoints(o)
	}
	return x.scale(o)
}

// grantedPoints writes the points of a policy.
func (x *explainer) grantedPoints(o *outcome) Text {
	t := x.pack.granted(o)
	return Text{"得" + t.ZH + "分", t.EN + " points"}
}

// metric explains how a metric came out: formula, steps and figures.
func (x *explainer) metric(id string) error {
	m, ok := x.table.declared[id].(*Metric)
	if !ok {
		return fmt.Errorf("%w: no metric %s", ErrNotFound, id)
	}
	x.out.Unit, x.out.Formula = m.Unit.String(), m.Formula.Source()
	x.assume(m.Law)
	if x.out.Law.Quote == "" && (x.out.Law.Cite == "" || x.out.Law.Cite == m.Cite) {
		x.out.Law.Cite, x.out.Law.Quote = m.Cite, m.Quote
	}
	if err := x.inner(m.Formula, x.period, map[columnKey]bool{}); err != nil {
		return err
	}
	steps, err := x.steps(id, m.Formula, x.period)
	if err != nil {
		return err
	}
	x.out.Filled = append(x.out.Filled, steps...)
	return x.figures(m.Formula, x.period, map[columnKey]bool{})
}

// inner traces the metrics that a formula is made of before the formula itself:
// 上期(亿元保费投诉量) is worked out where it stands.
func (x *explainer) inner(e *formula.Expr, period Period, done map[columnKey]bool) error {
	for _, ref := range e.Refs() {
		at := x.pack.shifted(period, ref)
		key := columnKey{ref.ID, at}
		f := x.table.formulaOf(ref.ID)
		if f == nil || done[key] || at.IsZero() {
			continue
		}
		done[key] = true
		if err := x.inner(f, at, done); err != nil {
			return err
		}
		if err := x.named(ref.ID, f, at); err != nil {
			return err
		}
	}
	return nil
}

// named adds the steps of a name's formula, the name and period before each.
func (x *explainer) named(id string, f *formula.Expr, at Period) error {
	steps, err := x.steps(id, f, at)
	if err != nil {
		return err
	}
	name, title := x.table.name(id), at.Title()
	for _, s := range steps {
		x.out.Filled = append(x.out.Filled, Text{
			fmt.Sprintf("%s(%s):%s", name, title.ZH, s.ZH),
			fmt.Sprintf("%s (%s): %s", name, title.EN, s.EN),
		})
	}
	return nil
}

// steps traces the formula of a name and writes its result as the pack shows it.
func (x *explainer) steps(id string, f *formula.Expr, at Period) ([]Text, error) {
	steps, err := x.trace(f, x.table.input(at, x.groupsOf(id)), x.table.show)
	if err != nil || len(steps) == 0 {
		return steps, err
	}
	column, err := x.table.column(id, at)
	if err != nil {
		return nil, err
	}
	if v := column.At(x.row); v.Status == formula.OK && x.table.kindOf(id) == formula.Number {
		shown := x.table.showNumber(id, v.Num)
		last := &steps[len(steps)-1]
		*last = Text{restate(last.ZH, shown), restate(last.EN, shown)}
	}
	return steps, nil
}

// restate writes another result behind the last equals sign of a step.
func restate(step, result string) string {
	if i := strings.LastIndex(step, " = "); i >= 0 {
		return step[:i] + " = " + result
	}
	return step
}

// groupsOf returns the groups over which an id's formula is evaluated.
func (x *explainer) groupsOf(id string) []int32 {
	if b, ok := x.table.declared[id].(*Benchmark); ok && b.AllAssessed {
		return nil
	}
	return x.table.groups
}

// figures lists the figures that a formula stands on, each once, with where
// they came from.
func (x *explainer) figures(e *formula.Expr, period Period, done map[columnKey]bool) error {
	for _, ref := range e.Refs() {
		at := x.pack.shifted(period, ref)
		key := columnKey{ref.ID, at}
		if done[key] || at.IsZero() {
			continue
		}
		done[key] = true
		if f := x.table.formulaOf(ref.ID); f != nil {
			if err := x.figures(f, at, done); err != nil {
				return err
			}
			continue
		}
		used, err := x.figure(ref, at)
		if err != nil {
			return err
		}
		x.out.Figures = append(x.out.Figures, used)
	}
	return nil
}

// maxOrigins is how many records of a counted figure are listed.
const maxOrigins = 200

func (x *explainer) figure(ref formula.Ref, at Period) (FigureUsed, error) {
	c, err := x.table.column(ref.ID, at)
	if err != nil {
		return FigureUsed{}, err
	}
	v := c.At(x.row)
	used := FigureUsed{Name: x.table.name(ref.ID), Period: at, Shown: Text{"—", "—"}}
	if v.Status == formula.OK {
		used.Shown = x.table.show(ref, v)
	}
	if v.Status == formula.OK && !v.Null && x.table.kindOf(ref.ID) == formula.Number {
		used.Value = &v.Num
	}
	used.Note = x.pastNote(ref, at, v)
	used.Origins, err = x.origins(ref.ID, at)
	used.Count = len(used.Origins)
	used.Origins = used.Origins[:min(len(used.Origins), maxOrigins)]
	return used, err
}

// origins returns the places a figure came from: of a counted one its records,
// of a reported one its cell and those of units counted with the subject.
func (x *explainer) origins(id string, at Period) ([]Origin, error) {
	m := &x.table.members[x.row]
	s, ok := x.table.declared[id].(*Statistic)
	if !ok && (id == idPeriodFirstDay || id == idPeriodLastDay) {
		return nil, nil
	}
	if !ok {
		return []Origin{m.Origin}, nil
	}
	var out []Origin
	if s.Register != "" {
		counts, err := x.table.counted(s, at)
		if err != nil {
			return nil, err
		}
		if c := counts[x.row]; !x.table.fallsBack(s, x.row, at, c) {
			for _, r := range c.records {
				out = append(out, r.Origin)
			}
			return out, nil
		}
	}
	for _, code := range m.codes() {
		if f, ok := x.table.indexAt(at).figures[figureKey{code, s.ID, at}]; ok {
			out = append(out, f.Origin)
		}
	}
	return out, nil
}

// peerValues lists the metric of the subject's peer group: best first where a
// better way is known, otherwise by code; those without a value last.
func (x *explainer) peerValues(metric string, lower, known bool) ([]PeerValue, error) {
	column, err := x.table.scored(metric)
	if err != nil {
		return nil, err
	}
	var values []PeerValue
	for i := range x.table.members {
		if x.table.groups[i] != x.table.groups[x.row] {
			continue
		}
		m := &x.table.members[i]
		p := PeerValue{Subject: m.Code, Name: m.Name}
		if v := column.At(i); v.Status == formula.OK {
			p.Value = &v.Num
		}
		values = append(values, p)
	}
	sort.SliceStable(values, func(i, j int) bool { return standsBefore(values[i].Value, values[j].Value, lower, known) })
	return values, nil
}

func standsBefore(a, b *exact.Num, lower, known bool) bool {
	switch {
	case a == nil || b == nil:
		return a != nil && b == nil
	case !known:
		return false
	case lower:
		return a.Cmp(*b) < 0
	}
	return a.Cmp(*b) > 0
}

// peers says how many peers have the value, what the benchmarks are and where
// the subject stands.
func (x *explainer) peers(values []PeerValue, marks []Text, rank Text) Text {
	have := 0
	for _, v := range values {
		if v.Value != nil {
			have++
		}
	}
	parts := append([]Text{wordPeers(have, len(values))}, marks...)
	if !rank.IsZero() {
		parts = append(parts, rank)
	}
	return joinTexts(parts)
}

// marks names the benchmarks of an item's scale with their values.
func (x *explainer) marks(it *Item) ([]Text, error) {
	var out []Text
	for _, id := range benchmarksOf(it.Scale) {
		v, err := x.scorer.benchmarks.of(id, it.Metric, x.row)
		if err != nil {
			return nil, err
		}
		decl, ok := x.table.declared[id].(*Benchmark)
		if !ok {
			continue // a parameter is no figure of the peers
		}
		x.assume(decl.Law)
		if err := x.pooled(decl); err != nil {
			return nil, err
		}
		value := statusText(v.Status)
		if v.Status == formula.OK {
			s := x.benchmarkText(decl, it.Metric, v.Num)
			value = Text{s, s}
		}
		out = append(out, Text{decl.Name + " " + value.ZH, decl.Name + " " + value.EN})
	}
	return out, nil
}

// pooled adds how a benchmark with a formula of its own was computed, unless a
// test gave its value.
func (x *explainer) pooled(decl *Benchmark) error {
	if _, given := x.table.index.given[givenKey{decl.ID, ""}]; given || decl.Formula == nil {
		return nil
	}
	return x.named(decl.ID, decl.Formula, x.period)
}

// benchmarkText writes a benchmark in its own unit, or in that of the metric it
// is taken of.
func (x *explainer) benchmarkText(decl *Benchmark, metric string, n exact.Num) string {
	u := x.table.unitOf(metric)
	if decl.Formula != nil {
		u = decl.Unit
	}
	return x.pack.metricText(u, n)
}

// benchmarksOf lists the benchmarks a scale mentions, each once.
func benchmarksOf(s *Scale) []string {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	bound := func(b *Bound) {
		if b != nil {
			add(b.Benchmark)
		}
	}
	if s == nil {
		return nil
	}
	add(s.CompareWith)
	bound(s.FullAt)
	bound(s.NoneAt)
	for i := range s.Bands {
		bound(s.Bands[i].From)
		bound(s.Bands[i].To)
	}
	for i := range s.Anchors {
		bound(&s.Anchors[i].At)
	}
	return ids
}
