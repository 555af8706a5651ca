package rules

import (
	"regexp"
	"slices"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// checkCited warns about numbers that come from nowhere.
func checkCited(r *packReader) {
	uncited := func(at node, what engine.Text) {
		r.add(at.report(CodeUncited,
			text(what.ZH+"没有依据", what.EN+" has no source"),
			text("加上 cite: 条款, 或 assumption: A1", "add cite: clause, or assumption: A1")))
	}
	for _, s := range r.scales {
		if s.Cite == "" && s.Assumption == "" {
			uncited(s.at, text("评分办法“"+s.Name+"”", "scale "+s.Name))
		}
	}
	r.eachItem(func(d *itemDraft) {
		if (d.Kind == engine.IndicatorItem || d.Kind == engine.DeductionItem) && d.Name != "" && d.Cite == "" && d.Assumption == "" {
			uncited(d.key, text("“"+d.Name+"”", d.Name))
		}
	})
}

// checkZeroPolicies warns about indicators whose metric divides and that do not
// say what a zero denominator means.
func checkZeroPolicies(r *packReader) {
	divides := map[string]bool{}
	for _, m := range r.pack.Metrics {
		r.divides(m.ID, divides)
	}
	r.eachItem(func(d *itemDraft) {
		if d.Kind == engine.IndicatorItem && divides[d.Metric] && d.IfZeroDenominator.Action == engine.Undeclared {
			r.add(d.key.report(CodeZeroPolicy,
				text("没有写明分母为零时怎么办", "nothing says what happens when the denominator is zero"),
				text("加一行 if_denominator_zero: leave out, full points, no points 或 hold", "add if_denominator_zero: leave out, full points, no points or hold")))
		}
	})
}

// division finds a division by something other than a plain number.
var division = regexp.MustCompile(`[/÷／]\s*[^\s0-9０-９]`)

// divides reports whether a metric divides, itself or through another metric.
//
// known remembers the answers; in a circle, which is reported elsewhere, the
// first visit counts as no.
func (r *packReader) divides(id string, known map[string]bool) bool {
	if answer, seen := known[id]; seen {
		return answer
	}
	known[id] = false
	if e := r.formulaOf(id); e != nil {
		known[id] = division.MatchString(e.Source()) || slices.ContainsFunc(e.Refs(), func(ref formula.Ref) bool { return r.divides(ref.ID, known) })
	}
	return known[id]
}

// formulaOf returns the formula behind a name; nil if it has none. It is asked
// when all formulas have been checked.
func (r *packReader) formulaOf(id string) *formula.Expr {
	if r.formulaByID == nil {
		r.formulaByID = map[string]*formula.Expr{}
		for _, m := range r.pack.Metrics {
			r.formulaByID[m.ID] = m.Formula
		}
		for _, b := range r.pack.Benchmarks {
			r.formulaByID[b.ID] = b.Formula
		}
		for _, a := range r.pack.Attributes {
			r.formulaByID[a.ID] = a.Formula
		}
	}
	return r.formulaByID[id]
}
