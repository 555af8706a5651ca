package rules

import (
	"strings"

	"kaoping/engine"
)

// Words of the ranking.
const (
	bestFirst  = "best first"
	ascending  = "ascending"
	descending = "descending"
)

// readRanking reads who stands before whom.
func (r *packReader) readRanking(n node) {
	m := r.mapping(n, text("排名规则", "the ranking"))
	k := &r.pack.Ranking
	by := m.need("by", text("按什么排名", "what is ranked by"))
	order := m.get("order")
	k.By = r.rankKey(by, r.word(by), r.choice(order, bestFirst, ascending, descending), "metrics")
	r.direction(m, k.By, order)
	for _, c := range r.list(m.get("then"), text("并列时再比什么", "what breaks ties")) {
		k.Then = append(k.Then, r.tieBreak(c))
	}
	k.AllAssessed = r.choice(m.get("within"), "peer group", "all assessed") == "all assessed"
	k.Ties = engine.ShareBetter
	if t := r.choice(m.get("ties"), string(engine.ShareBetter), string(engine.Dense)); t != "" {
		k.Ties = engine.TieRule(t)
	}
	if top := m.get("top"); !top.absent() {
		k.Top, _ = r.whole(top, 1, 1_000_000)
	}
	k.Law = r.law(m, r.keys["ranking"])
	if k.Assumption == "" {
		k.Assumption = r.assumed(r.keys["ranking"].place(), remarked(r.keys["ranking"]))
	}
	m.done()
}

// direction reports a metric that is ranked without saying which end is best.
func (r *packReader) direction(m *mapping, k engine.RankKey, order node) {
	if k.ID == "" || k.ID == reservedTotal {
		return
	}
	if w := strings.TrimSpace(order.value()); w == "" || w == bestFirst {
		m.b.add(m.place().report(CodeMissingKey,
			text("按计算值排名要写明次序", "a ranking by a metric says its order"),
			text("order: ascending (小的在前) 或 descending (大的在前)", "order: ascending (the smallest is best) or descending (the largest)")))
	}
}

// rankKey finds the value to rank by: the total, or a metric or another number
// of the subject.
func (r *packReader) rankKey(n node, name, order string, kinds ...string) engine.RankKey {
	k := engine.RankKey{Ascending: order == ascending}
	switch {
	case name == "":
		return k
	case name == reservedTotal || name == "总分":
		k.ID, k.Name = reservedTotal, "总分"
		if _, ok := r.keys["total"]; !ok && !r.unsure["total"] {
			r.add(n.report(CodeUnknownReference, text("这个规则包没有总分", "this pack has no total"), text("写上 total, 或按计算值排名", "add total, or rank by a metric")))
		}
		return k
	}
	var known []string
	for _, kind := range kinds {
		if e := r.names.findUnder(name, kind); e != nil {
			k.ID, k.Name = e.symbol.ID, e.symbol.Name
			return k
		}
		known = append(known, r.names.names(kind)...)
	}
	r.unknownReference(n, name, text("计算值", "metric"), "metrics", append(known, reservedTotal))
	return k
}

// tieBreak reads "premium descending" or {by:, order:, only: zero}.
func (r *packReader) tieBreak(n node) engine.RankKey {
	if !n.isMap() {
		w := r.word(n)
		name, order := w, ""
		if i := strings.LastIndexByte(w, ' '); i >= 0 {
			name, order = strings.TrimSpace(w[:i]), w[i+1:]
		}
		if w != "" && order != ascending && order != descending {
			r.add(n.report(CodeWrongType, text("要写明次序", "say the order"), text("例如 保费收入 descending", "for example premium descending")))
		}
		return r.rankKey(n, name, order, "metrics", "statistics")
	}
	m := r.mapping(n, text("再比什么", "a tie-break"))
	by := m.need("by", text("按什么", "what is compared"))
	k := r.rankKey(by, r.word(by), r.choice(m.need("order", text("ascending 或 descending", "ascending or descending")), ascending, descending), "metrics", "statistics")
	k.ZeroOnly = r.choice(m.get("only"), "zero") == "zero"
	m.done()
	return k
}

// defaultRanking ranks by the total; a pack that only computes metrics must say.
func (r *packReader) defaultRanking() {
	if r.pack.Total == nil && !r.unsure["total"] {
		r.needTop("ranking", text("没有总分的规则包要写明按什么排名", "a pack without a total says what it ranks by"))
		return
	}
	r.pack.Ranking = engine.Ranking{By: engine.RankKey{ID: reservedTotal, Name: "总分"}, Ties: engine.ShareBetter}
}
