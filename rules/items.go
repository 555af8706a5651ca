package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// itemDraft is a line of the scorecard with what checks need to know about how
// it was written.
type itemDraft struct {
	*engine.Item
	m        *mapping
	fullAt   node // full_points as written
	fullOK   bool // it could be read
	anyone   bool // for whom it is could not be read
	vague    bool // a part of it could not be read
	twoItems bool // another item may be part of it
	scoreAt  node
	scale    *scaleDraft
	metricAt node
	children []*itemDraft
	key      node // the name
	weights  weightDraft
}

// totalID is reserved for the total.
const reservedTotal = "total"

// total reads the sum of the sections.
func (r *packReader) total(n node) {
	m := r.mapping(n, text("总分", "the total"))
	t := &engine.Total{}
	draft := &itemDraft{Item: &engine.Item{Kind: engine.TotalItem, ID: reservedTotal, Name: "总分"}, m: m, key: r.keys["total"]}
	draft.fullAt = m.need("full_points", text("总分", "the full points"))
	t.FullPoints, draft.fullOK = r.datedPoints(draft.fullAt)
	t.NotBelow = r.notBelow(m)
	t.DeductionsFromTotal = r.choice(m.get("deductions"), fromSection, fromTotal) == fromTotal
	t.Combine, t.AtLeastScored = r.combination(m, &draft.weights)
	draft.Combine = t.Combine
	r.betterOf(m, t)
	t.Law = r.law(m, r.keys["total"])
	m.done()
	draft.FullPoints = t.FullPoints
	r.totalDraft = draft
	r.pack.Total = t
}

// Phrases of total: deductions:.
const (
	fromSection = "come off their section"
	fromTotal   = "come off the total"
)

func (r *packReader) notBelow(m *mapping) *exact.Num {
	if x, ok := r.number(m.get("not_below")); ok {
		return &x
	}
	return nil
}

// readSections reads the sections in their order.
func (r *packReader) readSections(n node) {
	for _, c := range r.list(n, text("各部分的列表", "the list of sections")) {
		s := r.section(c)
		if s == nil {
			r.unsure["sections"] = true
		} else {
			r.sections = append(r.sections, s)
			r.pack.Sections = append(r.pack.Sections, s.Item)
		}
	}
}

// item begins to read a line of the scorecard: what all kinds have in common.
func (r *packReader) item(n node, kind engine.ItemKind) *itemDraft {
	m := r.mapping(n, text("一项: "+string(kind)+": 名称, 等等", "an item: "+string(kind)+": name, and so on"))
	nameNode := m.need(string(kind), text("名称", "its name"))
	nameNode.cite = m.node.cite
	d := &itemDraft{Item: &engine.Item{Kind: kind, Name: r.word(nameNode)}, m: m, key: nameNode}
	d.twoItems = m.twoItems
	d.ID = r.id(m, d.Name)
	only := m.get("only_for")
	d.OnlyFor = r.peerGroup(only)
	d.anyone = d.OnlyFor == "" && !only.absent()
	r.applicability(d)
	d.Law = r.law(m, nameNode)
	if !kind.OfCases() {
		r.weight(d)
	}
	if d.Name != "" {
		r.declareItem(d)
	}
	return d
}

func (r *packReader) declareItem(d *itemDraft) {
	if d.ID == reservedTotal || d.Name == reservedTotal {
		at := d.key
		if d.Name != reservedTotal {
			at = d.m.get("id")
		}
		r.add(at.report(CodeDuplicateName, text("total 是总分的名称", "total is the name of the total"), text("换一个名称", "take another name")))
		return
	}
	e := &entry{under: string(d.Kind) + "s", key: d.key}
	if d.Kind == engine.AdditionItem {
		e.under = "deductions"
	}
	e.symbol.ID, e.symbol.Name = d.ID, d.Name
	r.declare(r.items, e, d.m.get("id"))
}

// fullPoints reads the points of a section, group or indicator.
func (r *packReader) fullPoints(d *itemDraft) {
	d.fullAt = d.m.need("full_points", text("分值", "its full points"))
	d.FullPoints, d.fullOK = r.datedPoints(d.fullAt)
}

func (r *packReader) section(n node) *itemDraft {
	d := r.item(n, engine.SectionItem)
	if !d.m.node.isMap() {
		return nil
	}
	r.fullPoints(d)
	d.NotBelow = r.notBelow(d.m)
	d.Combine, d.AtLeastScored = r.combination(d.m, &d.weights)
	r.children(d)
	d.m.done()
	return d
}

func (r *packReader) group(n node) *itemDraft {
	d := r.item(n, engine.GroupItem)
	r.fullPoints(d)
	d.NotBelow = r.notBelow(d.m)
	d.Combine, d.AtLeastScored = r.combination(d.m, &d.weights)
	r.children(d)
	d.m.done()
	return d
}

// children reads the indicators and deductions of a container in the order in
// which they are written.
func (r *packReader) children(d *itemDraft) {
	indicators, deductions := d.m.get("indicators"), d.m.get("deductions")
	first, second := func() { r.indicators(d, indicators) }, func() { r.deductions(d, deductions) }
	if after(indicators, deductions) {
		first, second = second, first
	}
	first()
	second()
	additions := d.m.get("additions")
	r.additions(d, additions)
	r.caps(d, d.m.get("caps"))
	if len(d.children) == 0 && indicators.absent() && deductions.absent() && additions.absent() && d.m.node.isMap() {
		r.add(d.key.report(CodeMissingKey, text("这一部分没有指标也没有扣分项", "there are neither indicators nor deductions in it"), engine.Text{}))
	}
}

// after reports whether a stands below b in the file.
func after(a, b node) bool {
	return !a.absent() && !b.absent() && a.y.Line > b.y.Line
}

func (d *itemDraft) append(child *itemDraft) {
	d.children = append(d.children, child)
	d.Children = append(d.Children, child.Item)
}

func (r *packReader) indicators(d *itemDraft, n node) {
	for _, c := range r.list(n, text("指标的列表", "the list of indicators")) {
		switch {
		case !c.isMap():
			r.mapping(c, text("一项指标", "an indicator"))
			d.vague = true
		case hasKey(c, "group"):
			d.append(r.group(c))
		default:
			d.append(r.indicator(c))
		}
	}
}

func hasKey(n node, key string) bool {
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		if n.y.Content[i].Value == key {
			return true
		}
	}
	return false
}

// indicator reads one indicator: scored from a metric or judged by a reviewer.
func (r *packReader) indicator(n node) *itemDraft {
	d := r.item(n, engine.IndicatorItem)
	r.fullPoints(d)
	d.IfMissing = r.policyOr(d.m.get("if_missing"), r.defaults.missing, engine.Policy{Action: engine.Hold})
	d.IfNoPrevious = r.policyOr(d.m.get("if_no_previous"), nil, engine.Policy{})
	d.IfZeroDenominator = r.policyOr(d.m.get("if_denominator_zero"), r.defaults.zero, engine.Policy{})
	judged := d.m.get("judged")
	d.scoreAt, d.metricAt = d.m.get("score"), d.m.get("metric")
	switch {
	case !judged.absent() && !d.scoreAt.absent():
		r.add(d.m.keyNode("judged").report(CodeWrongType, text("score 和 judged 只能写一个", "write score or judged, not both"), engine.Text{}))
	case !judged.absent():
		d.Checklist = r.judgedIn(d, judged)
	case d.scoreAt.absent():
		r.add(d.key.report(CodeMissingKey, text("没有写怎样得分: 缺少 score 或 judged", "nothing says how it is scored: score or judged is missing"), engine.Text{}))
	default:
		r.scored(d)
	}
	d.m.done()
	return d
}

// scored reads the metric and the scale of an indicator. Without metric: it is
// the metric with the indicator's own name.
func (r *packReader) scored(d *itemDraft) {
	at, name := d.metricAt, d.Name
	if at.absent() {
		at = d.key
	} else {
		name = r.word(at)
	}
	if e := r.names.findUnder(name, "metrics"); e != nil {
		d.Metric = e.symbol.ID
	} else if name != "" && !(d.metricAt.absent() && tableOnly(d.scoreAt)) {
		r.unknownReference(at, name, text("计算值", "metric"), "metrics", r.names.names("metrics"))
	}
	if d.scoreAt.isScalar() && !d.scoreAt.isNull() {
		r.sharedScale(d)
		return
	}
	d.scale = r.scale(d.scoreAt, "")
	d.Scale = d.scale.Scale
	r.scaleFormula(d)
	if d.Scale.Cite == "" {
		d.Scale.Cite = d.Cite
	}
}

// sharedScale finds a scale by its name.
func (r *packReader) sharedScale(d *itemDraft) {
	name := r.word(d.scoreAt)
	if s := r.scales[name]; s != nil {
		d.scale, d.Scale = s, s.Scale
		r.scaleFormula(d)
		return
	}
	if r.punctuation(d.scoreAt) {
		return
	}
	var known []string
	if !r.spent() {
		known = slices.Sorted(maps.Keys(r.scales))
	}
	r.unknownReference(d.scoreAt, name, text("评分办法", "scale"), "scales", known)
}

// policyOr reads a policy, or takes the pack's default.
func (r *packReader) policyOr(n node, byDefault *engine.Policy, otherwise engine.Policy) engine.Policy {
	if p, ok := r.policy(n); ok {
		return p
	}
	if n.absent() && byDefault != nil {
		return *byDefault
	}
	return otherwise
}

var policyActions = []engine.PolicyAction{engine.Hold, engine.LeaveOutIt, engine.FullMarks, engine.NoMarks, engine.PeerMean}

// policy reads hold, leave out, full points, no points or "5 points".
func (r *packReader) policy(n node) (engine.Policy, bool) {
	if n.isList() {
		return r.policyList(n)
	}
	w := r.word(n)
	if w == "" {
		return engine.Policy{}, false
	}
	p := engine.Policy{Assumption: r.assumed(n.place(), remarked(n))}
	for _, a := range policyActions {
		if strings.EqualFold(w, string(a)) {
			p.Action = a
			return p, true
		}
	}
	if p, ok := r.takeValue(n, w); ok {
		return p, true
	}
	for _, suffix := range []string{"points", "point", "分"} {
		number, ok := strings.CutSuffix(w, suffix)
		if !ok {
			continue
		}
		plain := *n.y
		plain.Value = strings.TrimSpace(number)
		if x, ok := r.points(n.child(&plain)); ok {
			p.Action, p.Points = engine.GivePoints, x
			return p, true
		}
		return engine.Policy{}, false
	}
	r.choice(n, "hold", "leave out", "full points", "no points", "peer mean", "take 9999", "5 points")
	return engine.Policy{}, false
}

// walk visits an item and everything below it.
func (d *itemDraft) walk(visit func(*itemDraft)) {
	visit(d)
	for _, c := range d.children {
		c.walk(visit)
	}
}

// eachItem visits all lines of the scorecard.
func (r *packReader) eachItem(visit func(*itemDraft)) {
	for _, s := range r.sections {
		s.walk(visit)
	}
}

// title names an item for messages.
func (d *itemDraft) title() engine.Text {
	switch d.Kind {
	case engine.TotalItem:
		return text("总分", "the total")
	case engine.IndicatorItem:
		return text(fmt.Sprintf("指标“%s”", d.Name), d.Name)
	}
	return text("“"+d.Name+"”", d.Name)
}
