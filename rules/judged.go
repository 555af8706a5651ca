package rules

import (
	"fmt"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// judgedIn reads how a reviewer judges an indicator: a checklist, one grade, or a
// mark; by one reviewer or by groups of raters.
func (r *packReader) judgedIn(d *itemDraft, n node) *engine.Checklist {
	m := r.mapping(n, text("检查清单", "the checklist"))
	c := &engine.Checklist{Law: r.law(m, n)}
	list, graded, marked := m.get("checklist"), m.get("graded"), m.get("marked")
	ways := 0
	for _, way := range []node{list, graded, marked} {
		if !way.absent() {
			ways++
		}
	}
	switch {
	case ways > 1:
		r.add(n.report(CodeWrongType, text("checklist、graded、marked 只能写一个", "write one of checklist, graded and marked"), engine.Text{}))
	case !graded.absent():
		r.grades(d, graded, c)
	case !marked.absent():
		c.Marks = r.marks(marked)
	default:
		r.checklistLines(d, m.need("checklist", text("各检查项: 分值", "line: points")), c)
	}
	r.partly(m, c)
	r.raters(d, m, c)
	m.done()
	return c
}

// checklistLines reads what a reviewer looks for.
func (r *packReader) checklistLines(d *itemDraft, n node, c *engine.Checklist) {
	for _, e := range r.entries(n, text("各检查项", "the lines")) {
		x, ok := r.datedPoints(e.value)
		d.vague = d.vague || !ok
		c.Lines = append(c.Lines, engine.ChecklistLine{Name: e.name, Points: x})
	}
}

// grades reads 优秀: 5, 良好: 4 and so on. The best of them earns the full points.
func (r *packReader) grades(d *itemDraft, n node, c *engine.Checklist) {
	var best exact.Num
	for _, e := range r.entries(n, text("各等次: 分值", "grade: points")) {
		x, ok := r.datedPoints(e.value)
		d.vague = d.vague || !ok
		best = exact.Max(best, x)
		c.Grades = append(c.Grades, engine.Grade{Name: e.name, Points: x})
	}
	if d.fullOK && !d.vague && len(c.Grades) > 0 && !best.Equal(d.FullPoints) {
		r.add(n.report(CodePoints,
			text(fmt.Sprintf("最好的等次得 %s 分, 满分是 %s", best.Shortest(4), d.FullPoints.Shortest(4)), fmt.Sprintf("the best grade earns %s, the full points are %s", best.Shortest(4), d.FullPoints.Shortest(4))), engine.Text{}))
	}
}

// marks reads {from: 0, to: 100}.
func (r *packReader) marks(n node) *engine.MarkRange {
	m := r.mapping(n, text("评分范围", "the range of marks"))
	from, _ := r.number(m.need("from", text("最低分", "the lowest mark")))
	to, ok := r.number(m.need("to", text("最高分", "the highest mark")))
	m.done()
	if ok && to.Cmp(from) <= 0 {
		r.add(n.report(CodeNoLength, text("最高分不高于最低分", "the highest mark is not above the lowest"), engine.Text{}))
	}
	return &engine.MarkRange{From: from, To: to}
}

func (r *packReader) partly(m *mapping, c *engine.Checklist) {
	p := m.get("partly")
	x, ok := r.number(p)
	if !ok {
		return
	}
	c.Partly = &x
	switch {
	case !c.Plain():
		r.add(p.report(CodeWrongType, text("partly 只用于检查清单", "partly is for checklists only"), engine.Text{}))
	case x.Sign() < 0 || x.Cmp(exact.Int(1)) > 0:
		r.add(p.report(CodeWrongType, text("partly 应在 0% 到 100% 之间", "partly lies between 0% and 100%"), text("例如 50%", "for example 50%")))
	}
}

// raters reads the groups of people who judge, with their weights: the lines of
// an indicator that is graded or marked.
func (r *packReader) raters(d *itemDraft, m *mapping, c *engine.Checklist) {
	n, missing := m.get("raters"), m.get("missing_raters")
	c.Renormalise = r.choice(missing, "renormalise", "hold") == "renormalise"
	if c.Plain() {
		if !n.absent() {
			r.add(m.keyNode("raters").report(CodeWrongType, text("raters 要与 graded 或 marked 同用", "raters go with graded or marked"), engine.Text{}))
		}
		return
	}
	if n.absent() {
		c.Lines = []engine.ChecklistLine{{Name: d.Name, Points: d.FullPoints}}
		return
	}
	c.Raters = true
	var sum exact.Num
	for _, e := range r.entries(n, text("评价人: 权重", "raters: weight")) {
		x, ok := r.number(e.value)
		d.vague = d.vague || !ok
		sum = sum.Add(x)
		c.Lines = append(c.Lines, engine.ChecklistLine{Name: e.name, Points: d.FullPoints.Mul(x)})
	}
	if !d.vague && !sum.Equal(exact.Int(1)) {
		r.add(n.report(CodeWeights, text("评价人的权重合计 "+percentText(sum)+", 应为 100%", "the weights of the raters add up to "+percentText(sum)+", not 100%"), engine.Text{}))
	}
}
