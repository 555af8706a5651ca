package rules

import (
	"strings"
	"unicode"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// statuses are the words that may stand in place of points.
var statuses = []string{string(engine.LeftOut), string(engine.Held), string(engine.NotAssessed), string(engine.NotComputable), string(engine.Scored)}

// expectations reads what must come out of a card, by the names of its lines.
func (r *testReader) expectations(m *mapping, d *trial) {
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		it, metric := r.names.items[p.name], r.names.metrics[p.name]
		switch {
		case p.name == totalID || p.name == "rank" || p.name == "status":
			d.expectTotal(p.value, p.name)
		case p.name == string(findingsOf) || p.name == string(penaltiesOf):
			d.expectFindings(p.value, aspect(p.name))
		case (p.name == "rating" || p.name == "computed_rating") && r.pack.Ratings != nil:
			r.expectRating(p.value, d, aspect(p.name))
		case p.name == string(consequencesOf) && len(r.pack.Consequences) > 0:
			r.expectConsequences(p.value, d)
		case it != nil && p.value.isMap():
			r.expectedLine(p.value, it, d)
		case it != nil:
			d.expectItem(p.value, it, pointsOf)
		case metric != nil:
			d.expectMetric(p.value, metric, nil)
		default:
			candidates := append([]string{totalID, "rank", "status"}, listed(r, r.names.items)...)
			r.unknownName(p.key, p.name, "评分卡上的一项", "a line of the scorecard", append(candidates, listed(r, r.names.metrics)...))
		}
	}
}

// expectedLine reads {metric: 2.5 件/亿元, points: 10.00}.
func (r *testReader) expectedLine(n node, it *engine.Item, d *trial) {
	m := r.mapping(n, text("一项的期望", "what a line must be"))
	if v := m.get("metric"); !v.absent() {
		if it.Metric == "" {
			r.add(v.report(CodeUnknownName, text(it.Name+" 没有计算值", it.Name+" has no metric"), text("只写 points", "write points only")))
		} else {
			d.expectMetric(v, r.metricOfItem(it), it)
		}
	}
	for _, a := range []aspect{pointsOf, fullPointsOf, rankOf, casesOf, statusOf} {
		if v := m.get(string(a)); !v.absent() {
			d.expectItem(v, it, a)
		}
	}
	m.done()
}

// expectRating reads which rating must come out; none if there must be none.
func (r *testReader) expectRating(n node, d *trial, what aspect) {
	w := expectation{item: totalID, what: what}
	if w.rating = r.choice(n, append(r.pack.Ratings.Names(), "none")...); w.rating != "" {
		d.expect(w, n)
	}
}

// expect adds an expectation for the subject that is being read.
func (t *trial) expect(w expectation, cell node) {
	w.place, w.subject = cell.place(), t.now().Code
	if w.text == "" {
		w.text = strings.TrimSpace(cell.value())
	}
	t.wants = append(t.wants, w)
}

// expectTotal reads what the total, the rank or the status of the card must be.
func (t *trial) expectTotal(cell node, key string) {
	w := expectation{item: totalID, what: pointsOf}
	switch key {
	case "rank":
		w.what = rankOf
	case "status":
		w.what = statusOf
	}
	if t.r.outcome(cell, &w, unit.Unit{}) {
		t.expect(w, cell)
	}
}

// expectItem reads what a line must be. In a table of a deduction points are
// written as in the pack, what a case takes off; elsewhere as on the scorecard.
func (t *trial) expectItem(cell node, it *engine.Item, what aspect) {
	w := expectation{item: it.ID, name: it.Name, what: what}
	if !t.r.outcome(cell, &w, unit.Unit{}) {
		return
	}
	if it.Kind == engine.DeductionItem && !it.Adds && what == pointsOf && w.number.Sign() > 0 {
		w.number, w.text = w.number.Neg(), "-"+strings.TrimSpace(cell.value())
	}
	t.expect(w, cell)
}

// expectMetric reads what a metric must be, in any unit of its dimension: on the
// line of an item, or by itself.
func (t *trial) expectMetric(cell node, m *engine.Metric, on *engine.Item) {
	w := expectation{item: m.ID, name: m.Name, what: metricOf, bare: true}
	if on != nil {
		w.item, w.name, w.bare = on.ID, on.Name, false
	}
	if t.r.outcome(cell, &w, m.Unit) {
		t.expect(w, cell)
	}
}

// outcome reads a number, a status or "none" into an expectation.
func (r *testReader) outcome(n node, w *expectation, u unit.Unit) bool {
	s := r.word(n)
	switch {
	case s == "":
		return false
	case s == "none" && (w.what == metricOf || w.what == rankOf):
		w.none = true
		return true
	case startsNumber(s) && w.what != statusOf:
		return r.expectedNumber(n, s, w, u)
	case w.what == rankOf || w.what == casesOf || w.what == fullPointsOf:
		r.wrongType(n, text("一个数字", "a number"), text("写成 1, 2, 3 …; 没有名次写 none", "write 1, 2, 3 …; none if there is no rank"))
		return false
	}
	words := statuses
	if w.what == metricOf {
		words = append([]string{"none"}, statuses...)
	}
	w.status = engine.Status(r.choice(n, words...))
	return w.status != ""
}

// startsNumber tells a number from a word.
func startsNumber(s string) bool {
	r := firstRune(s)
	return unicode.IsDigit(r) || strings.ContainsRune("-+−－＋.", r)
}

func (r *testReader) expectedNumber(n node, s string, w *expectation, u unit.Unit) bool {
	if w.what != metricOf && strings.Contains(s, "/") {
		x, err := exact.Parse(s)
		if err == nil {
			w.number = x
			return true
		}
	}
	q, ok := r.quantity(n)
	switch {
	case !ok:
		return false
	case w.what == metricOf && q.Unit.IsBare():
		w.unit, w.number = u, q.Value
		if u.Dim() == "" {
			w.unit = unit.Unit{}
		}
	case w.what == metricOf && !q.Unit.SameDimension(u), w.what != metricOf && !q.Unit.IsBare() && !q.Unit.IsPoints():
		r.wrongUnit(n, q.Unit, u)
		return false
	default:
		w.unit, w.number = q.Unit, q.Unit.To(q.Value)
	}
	w.decimals = writtenDecimals(s)
	return true
}
