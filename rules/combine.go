package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// weightDraft is how the weights of a container's parts were written.
type weightDraft struct {
	at        node       // weight: as written; absent if there is none
	constant  *exact.Num // nil for a formula
	percent   bool
	atLeast   *exact.Num // weight_at_least of a part
	atLeastAt node
	addUpTo   *exact.Num // weights_add_up_to of a container
	combineAt node
}

// weight reads what an item counts for, and whether it may be worse than last
// time.
func (r *packReader) weight(d *itemDraft) {
	n := d.m.get("weight")
	d.weights.at = n
	if x, ok := r.plainNumber(n); ok {
		d.weights.constant, d.weights.percent = &x, strings.HasSuffix(strings.TrimSpace(n.value()), "%")
	}
	sc := func() formula.Scope { return r.packScope() }
	r.quantityFormula(n, unit.Unit{}, true, sc, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { d.Weight = e })
	d.weights.atLeastAt = d.m.get("weight_at_least")
	if x, ok := r.number(d.weights.atLeastAt); ok {
		d.weights.atLeast = &x
	}
	if w := r.choice(d.m.get("not_worse_than"), notWorseLast); w != "" {
		d.NotWorse = true
	}
}

const notWorseLast = "the previous scorecard"

// plainNumber reads a number quietly: a formula may stand there as well.
func (r *packReader) plainNumber(n node) (exact.Num, bool) {
	if n.absent() || !n.isScalar() {
		return exact.Num{}, false
	}
	q, err := unit.ParseQuantity(strings.TrimSpace(n.value()))
	if err != nil || q.Unit.Dim() != "" {
		return exact.Num{}, false
	}
	return q.Value, true
}

// combination reads how the points of a container come from its parts.
func (r *packReader) combination(m *mapping, w *weightDraft) (engine.Combination, int) {
	w.combineAt = m.get("combine")
	c := engine.Combination(r.choice(w.combineAt, "sum", string(engine.WeightedMean), string(engine.WeightedSum)))
	if c == "sum" {
		c = engine.PlainSum
	}
	least := 0
	if n := m.get("at_least_scored"); !n.absent() {
		least, _ = r.whole(n, 1, 1000)
	}
	if x, ok := r.number(m.get("weights_add_up_to")); ok {
		w.addUpTo = &x
	}
	return c, least
}

// betterOf reads the computations of the total of which the largest counts.
func (r *packReader) betterOf(m *mapping, t *engine.Total) {
	list := r.list(m.get("better_of"), text("各种算法", "the computations"))
	for _, c := range list {
		v := r.mapping(c, text("一种算法: {without: [项目]} 或 {with: all}", "a computation: {without: [item]} or {with: all}"))
		r.choice(v.get("with"), "all")
		i := len(t.BetterOf)
		t.BetterOf = append(t.BetterOf, engine.Variant{})
		for _, n := range r.list(v.get("without"), text("不计入的项目", "the items left out")) {
			r.later(func() {
				if e := r.items.find(r.word(n)); e != nil {
					t.BetterOf[i].Without = append(t.BetterOf[i].Without, e.symbol.ID)
				} else {
					r.unknownReference(n, r.word(n), text("评分卡上的项目", "item of the scorecard"), "sections", r.items.names(""))
				}
			})
		}
		v.done()
	}
	if len(list) == 1 {
		r.add(m.get("better_of").report(CodeMissingKey, text("至少要有两种算法", "there are two computations at least"), text("例如 [{with: all}, {without: [改进指标]}]", "for example [{with: all}, {without: [improvement]}]")))
	}
}

// later does something when all items are known.
func (r *packReader) later(do func()) { r.finish = append(r.finish, do) }

// checkWeights looks at weights that count nowhere, that are below their floor
// and that do not add up.
func checkWeights(r *packReader) {
	if r.totalDraft != nil {
		r.weightsIn(r.totalDraft, r.sections)
	}
	r.eachItem(func(d *itemDraft) {
		if d.Kind == engine.SectionItem || d.Kind == engine.GroupItem {
			r.weightsIn(d, d.children)
		}
	})
}

func (r *packReader) weightsIn(d *itemDraft, parts []*itemDraft) {
	for _, c := range parts {
		w := c.weights
		switch {
		case c.Kind == engine.DeductionItem:
		case !w.at.absent() && d.Combine == engine.PlainSum:
			r.add(c.m.keyNode("weight").report(CodeWeights,
				text(d.title().ZH+"直接相加, 权重不起作用", d.title().EN+" is a plain sum: the weight counts for nothing"),
				text("在"+d.title().ZH+"写 combine: weighted mean", "write combine: weighted mean in "+d.title().EN)))
		case w.constant != nil && w.atLeast != nil && w.constant.Cmp(*w.atLeast) < 0:
			r.add(w.at.report(CodeWeights,
				text(fmt.Sprintf("权重 %s 低于下限 %s", w.at.value(), w.atLeastAt.value()), fmt.Sprintf("the weight %s is below its floor %s", w.at.value(), w.atLeastAt.value())), engine.Text{}))
		}
		if d.Combine != engine.PlainSum && c.Kind != engine.DeductionItem && c.fullOK && d.fullOK && !c.FullPoints.Equal(d.FullPoints) {
			r.add(c.fullAt.report(CodePoints,
				text(fmt.Sprintf("加权时各项与%s同一满分: 这里 %s, 应为 %s", d.title().ZH, c.FullPoints.Shortest(4), d.FullPoints.Shortest(4)),
					fmt.Sprintf("weighed parts have the full points of %s: %s here, not %s", d.title().EN, d.FullPoints.Shortest(4), c.FullPoints.Shortest(4))), engine.Text{}))
		}
	}
	if d.Combine != engine.PlainSum && !r.unsure["peer_groups"] {
		r.weightsAddUp(d, parts)
	}
}

// weightsAddUp reports the first peer group whose constant weights do not add up:
// to what the pack says, or to 100% where all are written in percent.
func (r *packReader) weightsAddUp(d *itemDraft, parts []*itemDraft) {
	for _, at := range r.groupsAndKinds() {
		sum, known, percent := exact.Num{}, true, true
		var terms []string
		for _, c := range parts {
			if c.Kind == engine.DeductionItem || !c.appliesTo(at.group.ID, at.kind) {
				continue
			}
			if c.weights.constant == nil {
				known = false
				break
			}
			sum, percent = sum.Add(*c.weights.constant), percent && c.weights.percent
			terms = append(terms, c.weights.at.value())
		}
		want := d.weights.addUpTo
		if one := exact.Int(1); want == nil && (percent || d.Combine == engine.WeightedSum) {
			want = &one
		}
		if !known || want == nil || len(terms) == 0 || sum.Equal(*want) {
			continue
		}
		r.add(d.key.report(CodeWeights,
			text(fmt.Sprintf("%s的权重合计 %s, 应为 %s", d.title().ZH, percentText(sum), percentText(*want)), fmt.Sprintf("the weights in %s add up to %s, not %s", d.title().EN, percentText(sum), percentText(*want))),
			text(strings.Join(terms, " + "), strings.Join(terms, " + "))))
		return
	}
}

// groupsAndKinds lists all peer groups in all kinds of period that differ.
func (r *packReader) groupsAndKinds() []sum {
	var out []sum
	for _, g := range r.groups() {
		for _, kind := range r.kindsOfPeriod() {
			out = append(out, sum{group: g, kind: kind})
		}
	}
	return out
}

func percentText(x exact.Num) string {
	if x.Cmp(exact.Int(2)) > 0 {
		return x.Shortest(4)
	}
	return x.Mul(exact.Int(100)).Shortest(4) + "%"
}
