package rules

import (
	"fmt"
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// formKeys are the keys that each stand for one form of scale.
var formKeys = []string{"full_points_at", "bands", "line", "formula", "in_proportion_to", "by_rank", "by_percentile", "table", "better_of"}

// otherForms reads the forms beside straight lines, bands, lines and formulas.
func (r *packReader) otherForms(m *mapping, s *scaleDraft) {
	if n := m.get("in_proportion_to"); !n.absent() {
		s.Form, s.fullAt = engine.Proportion, r.bound(n)
		s.FullAt = s.fullAt.Bound
	}
	rank, percentile := m.get("by_rank"), m.get("by_percentile")
	if !rank.absent() {
		s.Form = engine.ByRank
		r.places(rank, s)
	}
	if !percentile.absent() {
		s.Form = engine.ByPercentile
		r.places(percentile, s)
	}
	if (!rank.absent() || !percentile.absent()) && s.betterAt.absent() {
		r.add(m.node.report(CodeMissingKey, text("按名次得分要写明方向: 缺少 better", "points by rank need a direction: better is missing"),
			text("better: lower (小的在前) 或 higher (大的在前)", "better: lower (the smallest is first) or higher")))
	}
	if n := m.get("table"); !n.absent() {
		s.Form = engine.ByTable
		s.Table = r.table(n)
	}
	if n := m.get("better_of"); !n.absent() {
		s.Form = engine.BetterOf
		for _, c := range r.list(n, text("几种评分办法", "the scales")) {
			a := r.alternative(c)
			s.alternatives = append(s.alternatives, a)
			s.Alternatives = append(s.Alternatives, a.Scale)
		}
		if len(s.alternatives) == 1 {
			r.add(n.report(CodeMissingKey, text("至少要有两种评分办法", "there are two scales at least"), engine.Text{}))
		}
	}
	if f := s.Form; !s.compareAt.absent() && (f == engine.Proportion || f == engine.ByRank || f == engine.ByPercentile || f == engine.ByTable || f == engine.BetterOf) {
		r.add(m.keyNode("compare_with").report(CodeWrongType,
			text("compare_with 不能与这种评分办法同用", "compare_with does not go with this form"), text("按比例得分: in_proportion_to: 基准", "in proportion: in_proportion_to: benchmark")))
	}
}

// alternative reads one of several scales: by name, or written out.
func (r *packReader) alternative(n node) *scaleDraft {
	if n.isScalar() && !n.isNull() {
		if s := r.scales[r.word(n)]; s != nil {
			return s
		}
		var known []string
		for name := range r.scales {
			known = append(known, name)
		}
		slices.Sort(known)
		r.unknownReference(n, r.word(n), text("评分办法", "scale"), "scales", known)
		return &scaleDraft{Scale: &engine.Scale{Form: engine.Bands}, at: n}
	}
	return r.scale(n, "")
}

// places reads points by rank or by share of the peers, in order; what is left
// over needs a line of its own.
func (r *packReader) places(n node, s *scaleDraft) {
	next, covered := 1, false
	list := r.list(n, text("各名次的分值", "points by rank"))
	for _, c := range list {
		m := r.mapping(c, text("{to: 3, points: 10} 或 {top: 20%, points: 10}", "{to: 3, points: 10} or {top: 20%, points: 10}"))
		p := engine.Place{From: next}
		if o := m.get("otherwise"); !o.absent() {
			p.Otherwise, covered = true, true
			p.Points, _ = r.datedPoints(o)
		} else if s.Form == engine.ByPercentile {
			p.Top, _ = r.number(m.need("top", text("前百分之几", "which share of the best")))
			p.Points, _ = r.datedPoints(m.need("points", text("分值", "the points")))
			if k := len(s.Places); p.Top.Sign() <= 0 || p.Top.Cmp(exact.Int(1)) > 0 || k > 0 && p.Top.Cmp(s.Places[k-1].Top) <= 0 {
				r.add(c.report(CodeBandsOverlap, text("各行的 top 从小到大, 在 0% 与 100% 之间", "top grows from line to line, between 0% and 100%"), engine.Text{}))
			}
			covered = covered || p.Top.Equal(exact.Int(1))
		} else {
			r.rankSpan(c, m, &p, &next)
			covered = covered || p.To == 0
		}
		m.done()
		s.Places = append(s.Places, p)
	}
	if !covered && len(list) > 0 {
		r.bandsGap(n, text("其余名次没有分值", "the other ranks have no points"))
	}
}

// rankSpan reads from and to of a line; without from it goes on after the line
// above.
func (r *packReader) rankSpan(c node, m *mapping, p *engine.Place, next *int) {
	from, to := m.get("from"), m.get("to")
	if !from.absent() {
		p.From, _ = r.whole(from, 1, 1_000_000)
	}
	if !to.absent() {
		p.To, _ = r.whole(to, 1, 1_000_000)
	}
	p.Points, _ = r.datedPoints(m.need("points", text("分值", "the points")))
	switch {
	case p.From < *next:
		r.add(c.report(CodeBandsOverlap, text(fmt.Sprintf("第 %d 名在两行里", p.From), fmt.Sprintf("rank %d lies in two lines", p.From)), engine.Text{}))
	case p.From > *next:
		r.bandsGap(c, text(fmt.Sprintf("第 %d 名没有分值", *next), fmt.Sprintf("rank %d has no points", *next)))
	case p.To > 0 && p.To < p.From:
		r.add(c.report(CodeNoLength, text("这一行是空的", "this line is empty"), engine.Text{}))
	}
	*next = max(p.To, p.From) + 1
}

// table reads points looked up by one or two values.
func (r *packReader) table(n node) *engine.Table {
	m := r.mapping(n, text("一张评分表: rows, columns, points", "a table of points: rows, columns, points"))
	t := &engine.Table{Rows: r.axis(m.need("rows", text("行", "the rows")))}
	columns := 1
	if c := m.get("columns"); !c.absent() {
		a := r.axis(c)
		t.Columns, columns = &a, len(a.Labels())
	}
	points := m.need("points", text("各格的分值", "the points of the cells"))
	rows := r.list(points, text("每行一个列表", "a list for each row"))
	for _, c := range rows {
		var line []exact.Num
		cells := []node{c}
		if t.Columns != nil || c.isList() {
			cells = r.list(c, text("一行各格的分值", "the points of a row"))
		}
		for _, cell := range cells {
			x, _ := r.datedPoints(cell)
			line = append(line, x)
		}
		if len(line) != columns {
			r.add(c.report(CodeWrongType, text(fmt.Sprintf("这一行有 %d 格, 应有 %d 格", len(line), columns), fmt.Sprintf("this row has %d cells, not %d", len(line), columns)), engine.Text{}))
			line = append(line, make([]exact.Num, max(columns-len(line), 0))...)
		}
		t.Points = append(t.Points, line)
	}
	if want := len(t.Rows.Labels()); len(rows) != want && !points.absent() {
		r.add(points.report(CodeWrongType, text(fmt.Sprintf("有 %d 行分值, 应有 %d 行", len(rows), want), fmt.Sprintf("there are %d rows of points, not %d", len(rows), want)), engine.Text{}))
		for len(t.Points) < want {
			t.Points = append(t.Points, make([]exact.Num, columns))
		}
	}
	m.done()
	return t
}

// axis reads {of: name, is: [低, 中, 高]}: texts, numbers or intervals.
func (r *packReader) axis(n node) engine.Axis {
	m := r.mapping(n, text("{of: 名称, is: [各值]}", "{of: name, is: [values]}"))
	of := m.need("of", text("哪个统计数据、计算值或属性", "which statistic, metric or attribute"))
	a := engine.Axis{Name: r.word(of)}
	e := r.names.find(a.Name)
	if e == nil && a.Name != "" {
		r.unknownReference(of, a.Name, text("统计数据、计算值或属性", "statistic, metric or attribute"), "metrics", r.names.names(""))
	}
	var u unit.Unit
	if e != nil {
		a.Of, u = e.symbol.ID, e.symbol.Unit
	}
	for _, c := range r.list(m.need("is", text("各值", "the values")), text("各值的列表", "the list of values")) {
		switch {
		case e != nil && e.symbol.Kind == formula.Text:
			a.Texts = append(a.Texts, r.axisText(c, e))
		case c.isMap():
			a.Spans = append(a.Spans, r.axisSpan(c, u))
		default:
			b := r.bound(c)
			r.ratingBound(b, u)
			a.Spans = append(a.Spans, engine.Band{From: b.Bound, To: b.Bound})
		}
	}
	m.done()
	return a
}

func (r *packReader) axisText(c node, e *entry) string {
	w := r.word(c)
	if len(e.symbol.Options) > 0 && w != "" && !slices.Contains(e.symbol.Options, w) {
		r.add(c.report(CodeUnknownName, text(fmt.Sprintf("“%s”没有这个值: %s", e.symbol.Name, clip(w)), fmt.Sprintf("%s is never “%s”", e.symbol.Name, clip(w))),
			r.suggestion(w, e.symbol.Options, engine.Text{})))
	}
	return w
}

func (r *packReader) axisSpan(c node, u unit.Unit) engine.Band {
	m := r.mapping(c, text("{from: …, below: …}", "{from: …, below: …}"))
	var b engine.Band
	if o := m.get("otherwise"); !o.absent() {
		b.Otherwise = r.choice(o, "yes", "no") == "yes"
	}
	from, fromOpen := r.bandEnd(m, "from", "above")
	to, toOpen := r.bandEnd(m, "to", "below")
	r.ratingBound(from, u)
	r.ratingBound(to, u)
	if from != nil {
		b.From, b.FromOpen = from.Bound, fromOpen
	}
	if to != nil {
		b.To, b.ToOpen = to.Bound, toOpen
	}
	m.done()
	return b
}

// tableOnly reports whether an indicator is scored by a table alone: it needs no
// metric.
func tableOnly(n node) bool { return n.isMap() && hasKey(n, "table") }

// placePoints reports ranks and cells that give more than the full points.
func (r *packReader) placePoints(d *itemDraft, s *scaleDraft) {
	for _, p := range s.Places {
		if p.Points.Cmp(d.FullPoints) > 0 {
			r.tooManyPoints(d, s.at, p.Points.Shortest(6))
		}
	}
	if s.Table == nil {
		return
	}
	for _, line := range s.Table.Points {
		for _, p := range line {
			if p.Cmp(d.FullPoints) > 0 {
				r.tooManyPoints(d, s.at, p.Shortest(6))
				return
			}
		}
	}
}
