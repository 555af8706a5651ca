package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// tested is what a table is about: an indicator, a deduction or a metric.
type tested struct {
	item   *engine.Item
	metric string // id; empty if it has none
	name   string
	group  string // id of the peer group it is tested in unless the table says
}

// tableItem reads which line of the scorecard a table is about.
func (r *testReader) tableItem(m *mapping) tested {
	for _, key := range []string{"indicator", "deduction", "metric"} {
		n := m.get(key)
		if n.absent() {
			continue
		}
		if key == "metric" {
			return r.testedMetric(n)
		}
		return r.testedItem(n, engine.ItemKind(key))
	}
	m.get("indicator")
	r.add(m.node.report(CodeMissingKey, text("没有写明测试哪一项", "nothing says which line is tested"),
		text("加一行 indicator: … 或 deduction: … 或 metric: …", "add a line indicator: …, deduction: … or metric: …")))
	return tested{}
}

func (r *testReader) testedMetric(n node) tested {
	w := r.word(n)
	m := r.metricNamed(w)
	if m == nil {
		r.unknownName(n, w, "计算值", "a metric", listed(r, r.names.metrics))
		return tested{}
	}
	return tested{metric: m.ID, name: m.Name, group: r.firstGroup()}
}

func (r *testReader) testedItem(n node, kind engine.ItemKind) tested {
	w := r.word(n)
	it, ok := r.names.items[w]
	if !ok || it.Kind != kind {
		var same []string
		for _, i := range r.pack.AllItems() {
			if i.Kind == kind && !r.spent() {
				same = append(same, i.Name)
			}
		}
		zh, en := "指标", "an indicator"
		if kind == engine.DeductionItem {
			zh, en = "扣分项", "a deduction"
		}
		r.unknownName(n, w, zh, en, same)
		return tested{}
	}
	t := tested{item: it, metric: it.Metric, name: it.Name, group: it.OnlyFor}
	if t.group == "" {
		t.group = r.firstGroup()
	}
	return t
}

func (r *testReader) firstGroup() string {
	if len(r.pack.PeerGroups) == 0 {
		return ""
	}
	return r.pack.PeerGroups[0].ID
}

// tableColumn reads a heading of a table.
func (r *testReader) tableColumn(n node, t tested) cellReader {
	w := r.word(n)
	switch {
	case w == "" || t.name == "":
		return nil // reported already
	case w == "metric" && t.metric != "":
		return func(d *trial, cell node) { d.expectMetric(cell, r.names.metrics[t.metric], t.item) }
	case t.item != nil && (w == "points" || w == "full_points" || w == "cases"):
		return func(d *trial, cell node) { d.expectItem(cell, t.item, aspect(w)) }
	case t.item != nil && t.item.Cases != nil:
		if read := r.caseColumn(w, t.item); read != nil {
			return read
		}
	case t.item != nil && t.item.Checklist != nil:
		if read := r.checklistColumn(w, t.item); read != nil {
			return read
		}
	}
	if read := r.inputColumn(n, w); read != nil {
		return read
	}
	r.unknownColumn(n, w, r.columnNames(t))
	return nil
}

// unknownColumn reports a heading that means nothing here.
func (r *testReader) unknownColumn(n node, w string, candidates []string) {
	name, inner, ok := cutBrackets(w)
	if s := r.names.statistics[name]; ok && s != nil {
		r.add(n.report(CodeUnit,
			text(fmt.Sprintf("%s 的单位是 %s, 不能写成 %s", s.Name, s.Unit, inner), fmt.Sprintf("%s is in %s and cannot be given in %s", s.Name, s.Unit, inner)), engine.Text{}))
		return
	}
	r.unknownName(n, w, "可用的列", "a column that can stand here", candidates)
}

// columnNames lists the columns a table may have, for suggestions.
func (r *testReader) columnNames(t tested) []string {
	out := []string{"metric", "points", "full_points", "cases"}
	if t.item != nil && t.item.Cases != nil {
		if reg := r.register(t.item.Cases.Register); reg != nil {
			return append(out, fieldNames(reg)...)
		}
	}
	out = append(out, listed(r, r.names.statistics)...)
	return append(out, listed(r, r.names.attributes)...)
}

// caseColumn reads a field of the only case of a row.
func (r *testReader) caseColumn(name string, it *engine.Item) cellReader {
	decl := r.register(it.Cases.Register)
	if decl == nil || fieldOf(decl, name) == nil && !slices.Contains([]string{"times", "date", decl.Times, decl.Date}, name) {
		return nil
	}
	return func(d *trial, cell node) {
		s := d.now()
		if s.row == nil {
			s.row = &engine.Record{Register: decl.ID, Date: d.period.Last, Fields: map[string]formula.Value{}}
			d.explicit[decl.ID] = true
		}
		r.recordField(s.row, decl, cell, name, cell)
	}
}

// checklistColumn reads the answer to one line; lines without a column are yes.
func (r *testReader) checklistColumn(name string, it *engine.Item) cellReader {
	if !slices.ContainsFunc(it.Checklist.Lines, func(l engine.ChecklistLine) bool { return l.Name == name }) {
		return nil
	}
	if !it.Checklist.Plain() {
		return func(d *trial, cell node) {
			s := &setting{r: r, period: d.period, judged: d.now().judged}
			if r.word(cell) != "missing" {
				s.mark(cell, it, name)
			}
			d.now().judged = s.judged
		}
	}
	return func(d *trial, cell node) {
		s := &setting{r: r, period: d.period, judged: d.now().judged}
		if len(s.judged) == 0 {
			for _, l := range it.Checklist.Lines {
				s.judge(it, l.Name, engine.Yes)
			}
		}
		s.judge(it, name, engine.Answer(r.choice(cell, "yes", "no", "partly", "n.a.")))
		d.now().judged = s.judged
	}
}

// inputColumn reads a heading that gives something: a statistic, now or in an
// earlier period, or a property of the subject; nil if it is neither.
func (r *testReader) inputColumn(head node, w string) cellReader {
	name, at := shifted(w)
	if stat, bare, ok := r.statistic(name); ok {
		return func(d *trial, cell node) { d.figure(cell, stat, bare, at) }
	}
	switch w {
	case "peer_group":
		return func(d *trial, cell node) { d.now().PeerGroup = r.peerGroup(cell) }
	case "type":
		return func(d *trial, cell node) { d.now().Type = r.textOrNothing(cell) }
	case "parent":
		return func(d *trial, cell node) { d.now().Parent = r.textOrNothing(cell) }
	case "opened":
		return func(d *trial, cell node) { d.now().Opened, _ = r.date(cell) }
	}
	a, ok := r.names.attributes[w]
	if !ok {
		return nil
	}
	return func(d *trial, cell node) {
		if isNothing(cell) {
			return
		}
		if v, ok := r.value(cell, a.Kind, a.Unit, a.Options); ok {
			d.now().Attributes[a.ID] = v
		}
	}
}

func (r *testReader) textOrNothing(n node) string {
	if isNothing(n) {
		return ""
	}
	return r.word(n)
}

// groupColumn reads a heading of a group: who it is, what is given, and by the
// name of a line what it must score.
func (r *testReader) groupColumn(n node) cellReader {
	w := r.word(n)
	switch w {
	case "subject", "insurer":
		return func(d *trial, cell node) { d.now().Name = r.word(cell) }
	case "total", "rank", "status":
		return func(d *trial, cell node) { d.expectTotal(cell, w) }
	}
	for _, prefix := range []aspect{metricOf, pointsOf, fullPointsOf, rankOf, casesOf} {
		if name, ok := strings.CutPrefix(w, string(prefix)+" "); ok {
			return r.expectedColumn(n, strings.TrimSpace(name), prefix)
		}
	}
	if read := r.inputColumn(n, w); read != nil {
		return read
	}
	return r.expectedColumn(n, w, "")
}

// expectedColumn reads a heading that names what must come out.
func (r *testReader) expectedColumn(n node, name string, what aspect) cellReader {
	it, m := r.names.items[name], r.metricNamed(name)
	switch {
	case it != nil && what == metricOf && m != nil:
		return func(d *trial, cell node) { d.expectMetric(cell, m, it) }
	case it != nil && what != metricOf:
		if what == "" {
			what = pointsOf
		}
		return func(d *trial, cell node) { d.expectItem(cell, it, what) }
	case m != nil && (what == "" || what == metricOf):
		return func(d *trial, cell node) { d.expectMetric(cell, m, nil) }
	}
	candidates := append([]string{"subject", "total", "rank", "status"}, listed(r, r.names.items)...)
	candidates = append(candidates, listed(r, r.names.metrics)...)
	r.unknownColumn(n, name, append(candidates, listed(r, r.names.statistics)...))
	return nil
}
