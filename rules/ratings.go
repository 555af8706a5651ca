package rules

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// readRatings reads the bands of the rating: a list, or a mapping that says by
// what and for whom.
func (r *packReader) readRatings(n node) {
	rules := &engine.Ratings{By: reservedTotal, ByName: "总分"}
	r.pack.Ratings = rules
	if n.isList() {
		r.ratingBands(n, unit.Unit{}, rules)
		rules.Law.Line, rules.Law.File = r.keys["ratings"].place().line, r.keys["ratings"].file.name
		return
	}
	m := r.mapping(n, text("等级", "the ratings"))
	u := r.ratedBy(m.get("by"), rules)
	for _, g := range r.names1(m.get("only_for")) {
		rules.OnlyFor = append(rules.OnlyFor, r.peerGroup(g))
	}
	r.ratingBands(m.need("bands", text("各等级的分数线", "the bands of the ratings")), u, rules)
	for _, c := range r.list(m.get("unless"), text("不按分数评级的情形", "cases that are not rated by points")) {
		rules.Unless = append(rules.Unless, r.ratingException(c, rules))
	}
	rules.Law = r.law(m, r.keys["ratings"])
	m.done()
}

// ratingException reads a case that is not rated by points.
func (r *packReader) ratingException(n node, rules *engine.Ratings) engine.RatingStep {
	m := r.mapping(n, text("一种情形: {when: 条件, set: 等级}", "a case: {when: condition, set: rating}"))
	when := m.need("when", text("什么时候", "when"))
	s := engine.RatingStep{Set: r.word(m.need("set", text("评为什么", "which rating"))), WhenText: strings.TrimSpace(when.value())}
	i := len(rules.Unless)
	r.condition(when, r.finalScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { rules.Unless[i].When = e })
	s.Law = r.law(m, n)
	m.done()
	return s
}

// names1 reads one name or a list of names.
func (r *packReader) names1(n node) []node {
	if n.isScalar() && !n.isNull() {
		return []node{n}
	}
	return r.list(n, text("一个列表", "a list"))
}

// ratedBy reads what is rated: the total, an item's points or a metric.
func (r *packReader) ratedBy(n node, rules *engine.Ratings) unit.Unit {
	name := r.word(n)
	if name == "" || name == reservedTotal || name == "总分" {
		if _, ok := r.keys["total"]; !ok && !r.unsure["total"] {
			r.add(r.keys["ratings"].report(CodeUnknownReference, text("这个规则包没有总分", "this pack has no total"), text("写 by: 计算值", "write by: metric")))
		}
		return unit.Unit{}
	}
	if e := r.items.find(name); e != nil {
		rules.By, rules.ByName = "points "+e.symbol.ID, e.symbol.Name
		return unit.Unit{}
	}
	if e := r.names.findUnder(name, "metrics"); e != nil {
		rules.By, rules.ByName = e.symbol.ID, e.symbol.Name
		return e.symbol.Unit
	}
	r.unknownReference(n, name, text("总分、项目或计算值", "total, item or metric"), "metrics", append(r.names.names("metrics"), r.items.names("")...))
	return unit.Unit{}
}

// ratingBands reads the bands, the best first. Gaps and overlaps are refused, as
// in bands of points.
func (r *packReader) ratingBands(n node, u unit.Unit, rules *engine.Ratings) {
	draft := &scaleDraft{Scale: &engine.Scale{Form: engine.Bands}, at: n}
	list := r.list(n, text("各等级", "the ratings"))
	draft.Scale.Bands = make([]engine.Band, len(list))
	for i, c := range list {
		m := r.mapping(c, text("{rating: …, from: …, below: …}", "{rating: …, from: …, below: …}"))
		b := engine.RatingBand{Rating: r.word(m.need("rating", text("等级的名称", "the name of the rating")))}
		d := bandDraft{band: &draft.Scale.Bands[i], at: c, ok: m.node.isMap()}
		if o := m.get("otherwise"); !o.absent() {
			b.Otherwise, d.band.Otherwise = r.choice(o, "yes", "no") == "yes", true
		}
		d.from, b.FromOpen = r.bandEnd(m, "from", "above")
		d.to, b.ToOpen = r.bandEnd(m, "to", "below")
		for _, end := range []*boundDraft{d.from, d.to} {
			r.ratingBound(end, u)
		}
		if d.from != nil {
			b.From, d.band.From, d.ok = d.from.Bound, d.from.Bound, d.ok && d.from.ok
		}
		if d.to != nil {
			b.To, d.band.To, d.ok = d.to.Bound, d.to.Bound, d.ok && d.to.ok
		}
		d.band.FromOpen, d.band.ToOpen = b.FromOpen, b.ToOpen
		m.done()
		rules.Bands = append(rules.Bands, b)
		draft.bands = append(draft.bands, d)
	}
	r.later(func() { r.bandsOf(draft, u.Dim() == "" && u.Scale().Equal(exact.Frac(1, 100))) })
}

// ratingBound reports an end in another unit than what is rated.
func (r *packReader) ratingBound(b *boundDraft, u unit.Unit) {
	if b != nil && b.ok && b.Benchmark == "" && !b.unit.SameDimension(u) && !b.unit.IsPoints() && !b.Value.IsZero() {
		r.add(b.at.report(CodeUnit,
			text("单位不符: 分数线是“"+b.unit.String()+"”, 评级的值是“"+u.String()+"”", "units do not agree: the end is in "+b.unit.String()+", what is rated in "+u.String()), engine.Text{}))
	}
}

// ratingNames lists the names of the ratings, for formulas.
func (r *packReader) ratingNames() []string {
	if r.pack.Ratings == nil {
		return nil
	}
	return r.pack.Ratings.Names()
}

// readThen reads what may change a rating after it was computed, in order.
func (r *packReader) readThen(n node) {
	if r.pack.Ratings == nil {
		r.add(r.keys["then"].report(CodeUnknownReference, text("没有 ratings, 等级无从调整", "there are no ratings to change"), text("先写 ratings", "write ratings first")))
		return
	}
	rules := r.pack.Ratings
	for _, c := range r.list(n, text("各项调整", "the changes")) {
		s := r.ratingStep(c, text("一项调整: {when: 条件, at best: 等级}", "a change: {when: condition, at_best: rating}"), func(i int, e *formula.Expr) { rules.Then[i].When = e }, len(rules.Then))
		rules.Then = append(rules.Then, s)
	}
}

// ratingStep reads one change. keep stores its condition when it is checked.
func (r *packReader) ratingStep(n node, want engine.Text, keep func(int, *formula.Expr), i int) engine.RatingStep {
	m := r.mapping(n, want)
	s := engine.RatingStep{AtBest: r.word(m.get("at_best")), AtWorst: r.word(m.get("at_worst")), Set: r.word(m.get("set"))}
	if k := m.get("notches"); !k.absent() {
		s.Notches, _ = r.whole(k, -20, 20)
	}
	r.decision(m, &s)
	when := m.get("when")
	s.WhenText = strings.TrimSpace(when.value())
	r.condition(when, r.finalScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { keep(i, e) })
	if when.absent() && s.Register == "" && m.node.isMap() {
		r.add(m.place().report(CodeMissingKey, text("缺少 when (什么时候)", "when is missing"), text("加 when: 条件", "add when: condition")))
	}
	s.Law = r.law(m, n)
	r.oneChange(m, &s)
	m.done()
	r.later(func() { r.knownRatings(m, &s) })
	return s
}

// oneChange reports a step that does nothing, or two things.
func (r *packReader) oneChange(m *mapping, s *engine.RatingStep) {
	n := 0
	for _, key := range []string{"at_best", "at_worst", "set", "notches", "from_register"} {
		if m.has(key) {
			n++
		}
	}
	if n != 1 && m.node.isMap() {
		r.add(m.place().report(CodeMissingKey,
			text("at_best、at_worst、set、notches、from_register 恰好写一个", "write exactly one of at_best, at_worst, set, notches and from_register"), engine.Text{}))
	}
}

// decision reads a register of decisions that change ratings.
func (r *packReader) decision(m *mapping, s *engine.RatingStep) {
	n := m.get("from_register")
	rating, reason := m.get("rating"), m.get("reason")
	if n.absent() {
		return
	}
	s.Register = r.register(n, r.word(n))
	field := func(at node) string {
		if at.absent() || s.Register == "" {
			return ""
		}
		if space := r.fields[s.Register]; space != nil {
			if e := space.find(r.word(at)); e != nil {
				return e.symbol.ID
			}
			r.unknownReference(at, r.word(at), text("字段", "field"), "registers", space.names(""))
		}
		return ""
	}
	s.RatingField, s.ReasonField = field(rating), field(reason)
	if rating.absent() {
		r.add(m.place().report(CodeMissingKey, text("缺少 rating (哪个字段写调整后的等级)", "rating is missing (which field holds the new rating)"), engine.Text{}))
	}
}

// knownRatings reports steps that name a rating which no band gives.
func (r *packReader) knownRatings(m *mapping, s *engine.RatingStep) {
	var bands []string
	for _, b := range r.pack.Ratings.Bands {
		bands = append(bands, b.Rating)
	}
	for key, name := range map[string]string{"at_best": s.AtBest, "at_worst": s.AtWorst} {
		if name != "" && !slices.Contains(bands, name) {
			r.unknownReference(m.get(key), name, text("等级", "rating"), "ratings", bands)
		}
	}
}

// readConsequences reads what a result leads to.
func (r *packReader) readConsequences(n node) {
	for _, c := range r.list(n, text("各项奖惩", "the consequences")) {
		m := r.mapping(c, text("一项奖惩: {consequence: 名称, when: 条件, measure: 措施}", "a consequence: {consequence: name, when: condition, measure: what is done}"))
		q := engine.Consequence{Name: r.word(m.need("consequence", text("名称", "its name")))}
		q.Measure = r.word(m.need("measure", text("做什么", "what is done")))
		q.OnlyFor = r.peerGroup(m.get("only_for"))
		when := m.need("when", text("什么时候", "when"))
		q.WhenText = strings.TrimSpace(when.value())
		q.Law = r.law(m, c)
		i := len(r.pack.Consequences)
		r.condition(when, r.finalScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { r.pack.Consequences[i].When = e })
		m.done()
		r.pack.Consequences = append(r.pack.Consequences, q)
	}
}

// scorecardSource reads where another scheme's result comes from.
func (r *packReader) scorecardSource(n node) *engine.ScorecardSource {
	if n.absent() {
		return nil
	}
	m := r.mapping(n, text("另一制度的评分卡", "another scheme's scorecard"))
	s := &engine.ScorecardSource{Pack: r.word(m.need("pack", text("哪个规则包", "which pack"))), Take: engine.TakePoints}
	s.Item = r.word(m.get("item"))
	if s.Item == reservedTotal || s.Item == "总分" {
		s.Item = ""
	}
	if w := r.choice(m.get("take"), "points", "total", "metric", "rank", "rating"); w != "" && w != "total" {
		s.Take = engine.Taken(w)
	}
	s.Previous = r.choice(m.get("period"), "same", "previous") == "previous"
	m.done()
	return s
}
