package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// scaleDraft is a scale with the places that checks complain about.
type scaleDraft struct {
	*engine.Scale
	at           node // the scale as a whole
	compareAt    node
	fullAt       *boundDraft
	noneAt       *boundDraft
	betterAt     node
	bands        []bandDraft
	anchors      []anchorDraft
	formulaAt    node
	alternatives []*scaleDraft // of better_of
}

// boundDraft is a bound with its place and the unit it was written in.
type boundDraft struct {
	*engine.Bound
	at   node
	unit unit.Unit
	ok   bool
}

type bandDraft struct {
	band     *engine.Band
	at       node
	from, to *boundDraft
	ok       bool
}

type anchorDraft struct {
	bound *boundDraft
	ok    bool
}

// readScales reads the scales that several indicators share.
func (r *packReader) readScales(n node) {
	for _, e := range r.entries(n, text("各个评分办法", "the scales")) {
		if _, twice := r.scales[e.name]; twice {
			r.add(e.key.report(CodeDuplicateName,
				text(fmt.Sprintf("评分办法“%s”已经有了", e.name), fmt.Sprintf("scale “%s” is there already", e.name)), text("换一个名称", "take another name")))
			continue
		}
		s := r.scale(e.value, e.name)
		s.at = e.key
		s.Line = e.key.place().line
		r.scales[e.name] = s
	}
}

// scale reads one way of turning a metric into points.
func (r *packReader) scale(n node, name string) *scaleDraft {
	m := r.mapping(n, text("评分办法", "a scale"))
	s := &scaleDraft{Scale: &engine.Scale{Name: name, Form: engine.StraightLine}, at: n}
	s.compareAt = m.get("compare_with")
	s.CompareWith = r.benchmarkName(s.compareAt, r.word(s.compareAt))
	r.straight(m, s)
	r.readBands(m, s)
	r.readAnchors(m, s)
	r.otherForms(m, s)
	s.formulaAt = m.get("formula")
	if !s.formulaAt.absent() {
		s.Form = engine.ByFormula
	}
	s.Law = r.law(m, n)
	m.done()
	r.oneForm(m)
	return s
}

// straight reads full_points_at, no_points_at, between and better.
func (r *packReader) straight(m *mapping, s *scaleDraft) {
	r.choice(m.get("between"), "straight line")
	s.fullAt, s.noneAt = r.bound(m.get("full_points_at")), r.bound(m.get("no_points_at"))
	if s.fullAt != nil {
		s.FullAt = s.fullAt.Bound
	}
	if s.noneAt != nil {
		s.NoneAt = s.noneAt.Bound
	}
	s.betterAt = m.get("better")
	if b := r.choice(s.betterAt, "lower", "higher"); b != "" {
		lower := b == "lower"
		s.LowerBetter = &lower
	}
}

// oneForm reports a scale that is not written in exactly one of the four forms.
func (r *packReader) oneForm(m *mapping) {
	if !m.node.isMap() {
		return
	}
	var forms []string
	for _, f := range formKeys {
		if m.has(f) {
			forms = append(forms, f)
		}
	}
	straight := m.has("full_points_at") || m.has("no_points_at")
	switch {
	case len(forms) > 1:
		r.add(m.keyNode(forms[1]).report(CodeWrongType,
			text(forms[0]+" 和 "+forms[1]+" 只能写一个", "write "+forms[0]+" or "+forms[1]+", not both"), engine.Text{}))
	case straight && !m.has("no_points_at"):
		m.need("no_points_at", text("零分点", "where there are no points"))
	case straight && !m.has("full_points_at"):
		m.need("full_points_at", text("满分点", "where there are full points"))
	case len(forms) == 0:
		r.add(m.node.report(CodeMissingKey, text("没有写怎样由计算值得分", "nothing says how the metric becomes points"),
			text("写 full_points_at 和 no_points_at, 或 bands, 或 line", "write full_points_at and no_points_at, or bands, or line")))
	}
}

// benchmarkName finds a benchmark by name or id.
func (r *packReader) benchmarkName(n node, name string) string {
	if name == "" {
		return ""
	}
	if e := r.figureNamed(name); e != nil {
		return e.symbol.ID
	}
	if !r.punctuation(n) {
		r.unknownReference(n, name, text("基准", "benchmark"), "benchmarks", append(slices.Clone(r.names.names("benchmarks")), r.names.names("parameters")...))
	}
	return ""
}

// figureNamed finds what a bound may name: a benchmark or a parameter.
func (r *packReader) figureNamed(name string) *entry {
	if e := r.names.findUnder(name, "benchmarks"); e != nil {
		return e
	}
	return r.names.findUnder(name, "parameters")
}

var product = regexp.MustCompile(`^(.+?)\s*[×*]\s*(.+)$`)

// bound reads a number with a unit, the name of a benchmark, or a number times
// a benchmark.
func (r *packReader) bound(n node) *boundDraft {
	if n.absent() {
		return nil
	}
	b := &boundDraft{Bound: &engine.Bound{Text: strings.TrimSpace(n.value())}, at: n}
	switch first, _ := utf8.DecodeRuneInString(b.Text); {
	case b.Text == "":
		r.quantity(n)
	case product.MatchString(b.Text):
		r.multiple(b)
	case r.figureNamed(b.Text) != nil || unicode.IsLetter(first):
		b.Benchmark, b.Value = r.benchmarkName(n, b.Text), exact.Int(1)
		b.ok = b.Benchmark != ""
	default:
		q, ok := r.quantity(n)
		b.Value, b.unit, b.ok = q.Value, q.Unit, ok
	}
	return b
}

// multiple reads 0.5 × 同业中位数 in either order.
func (r *packReader) multiple(b *boundDraft) {
	m := product.FindStringSubmatch(b.Text)
	factor, name := m[1], m[2]
	if r.figureNamed(factor) != nil {
		factor, name = name, factor
	}
	plain := *b.at.y
	plain.Value = strings.TrimSpace(factor)
	x, ok := r.number(b.at.child(&plain))
	b.Value, b.Benchmark = x, r.benchmarkName(b.at, strings.TrimSpace(name))
	b.ok = ok && b.Benchmark != ""
}

// readBands reads intervals with their points.
func (r *packReader) readBands(m *mapping, s *scaleDraft) {
	n := m.get("bands")
	if n.absent() {
		return
	}
	s.Form = engine.Bands
	list := r.list(n, text("各档", "the bands"))
	s.Scale.Bands = make([]engine.Band, len(list))
	for i, c := range list {
		s.bands = append(s.bands, r.band(c, &s.Scale.Bands[i]))
	}
}

func (r *packReader) band(n node, b *engine.Band) bandDraft {
	m := r.mapping(n, text("{from: …, to: …, points: …}", "{from: …, to: …, points: …}"))
	d := bandDraft{band: b, at: n, ok: m.node.isMap()}
	if o := m.get("otherwise"); !o.absent() {
		b.Otherwise = true
		b.Points, _ = r.datedPoints(o)
		m.done()
		return d
	}
	d.from, b.FromOpen = r.bandEnd(m, "from", "above")
	d.to, b.ToOpen = r.bandEnd(m, "to", "below")
	if d.from != nil {
		b.From, d.ok = d.from.Bound, d.ok && d.from.ok
	}
	if d.to != nil {
		b.To, d.ok = d.to.Bound, d.ok && d.to.ok
	}
	b.Points, _ = r.datedPoints(m.need("points", text("这一档的分值", "the points of the band")))
	m.done()
	return d
}

// bandEnd reads one end of a band: under closed the end belongs to the band,
// under open it does not.
func (r *packReader) bandEnd(m *mapping, closed, open string) (*boundDraft, bool) {
	a, b := r.bound(m.get(closed)), r.bound(m.get(open))
	if a != nil && b != nil {
		r.add(m.keyNode(open).report(CodeWrongType, text(closed+" 和 "+open+" 只能写一个", "write "+closed+" or "+open+", not both"),
			text(closed+": 含本数; "+open+": 不含本数", closed+": the end belongs to the band; "+open+": it does not")))
	}
	if a != nil {
		return a, false
	}
	return b, b != nil
}

// readAnchors reads the corners of a broken line.
func (r *packReader) readAnchors(m *mapping, s *scaleDraft) {
	n := m.get("line")
	if n.absent() {
		return
	}
	s.Form = engine.Anchors
	for _, c := range r.list(n, text("各折点", "the corners")) {
		m := r.mapping(c, text("{at: …, points: …}", "{at: …, points: …}"))
		a := anchorDraft{bound: r.bound(m.need("at", text("折点的值", "the value of the corner")))}
		anchor := engine.Anchor{}
		if a.bound != nil {
			anchor.At, a.ok = *a.bound.Bound, a.bound.ok
		}
		anchor.Points, _ = r.datedPoints(m.need("points", text("折点的分值", "its points")))
		m.done()
		s.Scale.Anchors = append(s.Scale.Anchors, anchor)
		s.anchors = append(s.anchors, a)
	}
	if n.isList() && len(s.anchors) < 2 {
		r.add(n.report(CodeNoLength, text("折线至少要有两个折点", "a line has two corners at least"), engine.Text{}))
	}
}

// bounds lists all bounds of a scale.
func (s *scaleDraft) boundDrafts() []*boundDraft {
	out := []*boundDraft{s.fullAt, s.noneAt}
	for _, a := range s.alternatives {
		out = append(out, a.boundDrafts()...)
	}
	for _, b := range s.bands {
		out = append(out, b.from, b.to)
	}
	for _, a := range s.anchors {
		out = append(out, a.bound)
	}
	var there []*boundDraft
	for _, b := range out {
		if b != nil && b.ok {
			there = append(there, b)
		}
	}
	return there
}

// scaleScope is what the formula of a scale may use: the pack's names, the
// metric being scored and the full points.
func (r *packReader) scaleScope(metric unit.Unit) formula.Scope {
	points, _ := unit.Parse("1")
	extra := newNamespace()
	for _, s := range []formula.Symbol{numberSymbol("metric", "计算值", metric), numberSymbol("full_points", "满分", points)} {
		e := &entry{symbol: s}
		extra.byName[s.ID], extra.byName[s.Name] = e, e
	}
	return bothScopes{scope{space: extra}, r.packScope()}
}

// bothScopes looks a name up in one scope, then in another.
type bothScopes [2]formula.Scope

// Lookup finds a name in the first scope that has it.
func (b bothScopes) Lookup(name string) (formula.Symbol, bool) {
	if s, ok := b[0].Lookup(name); ok {
		return s, true
	}
	return b[1].Lookup(name)
}

// Names lists the names of both.
func (b bothScopes) Names() []string { return append(b[0].Names(), b[1].Names()...) }

// unusedScales checks the formulas of scales that no indicator uses. What the
// metric is measured in is not known there, so nothing is said about units.
func (r *packReader) unusedScales() {
	used := map[*scaleDraft]bool{}
	r.eachItem(func(d *itemDraft) { used[d.scale] = true })
	for _, s := range r.scales {
		if used[s] {
			continue
		}
		r.formulaAt(s.formulaAt, func() formula.Scope {
			r.noUnit["metric"] = true
			return r.scaleScope(unit.Unit{})
		}, formula.Options{Shifts: true, Groups: true}, func(*formula.Expr) {})
	}
}

// scaleFormula checks the formula of a scale for the metric it is used with.
func (r *packReader) scaleFormula(d *itemDraft) {
	s := d.scale
	if s.formulaAt.absent() {
		return
	}
	metric, _ := r.unitOf(d.Metric)
	if s.CompareWith != "" {
		metric = unit.Unit{}
	}
	sc := func() formula.Scope { return r.scaleScope(metric) }
	opt := formula.Options{Shifts: true, Groups: true}
	r.formulaAt(s.formulaAt, sc, opt, func(e *formula.Expr) {
		if r.sameKind(s.formulaAt, e, formula.Number) && (e.Unit().IsPoints() || r.wants(s.formulaAt, e, unit.Unit{}, sc())) {
			s.Formula = e
		}
	})
}
