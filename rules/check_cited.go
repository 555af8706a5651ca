package rules

import (
	"regexp"

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
		divides[m.ID] = r.divides(m.ID, map[string]bool{})
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
func (r *packReader) divides(id string, seen map[string]bool) bool {
	if seen[id] {
		return false
	}
	seen[id] = true
	e := r.formulaOf(id)
	if e == nil {
		return false
	}
	if division.MatchString(e.Source()) {
		return true
	}
	for _, ref := range e.Refs() {
		if r.divides(ref.ID, seen) {
			return true
		}
	}
	return false
}

// formulaOf returns the formula behind a name; nil if it has none.
func (r *packReader) formulaOf(id string) *formula.Expr {
	for i := range r.pack.Metrics {
		if r.pack.Metrics[i].ID == id {
			return r.pack.Metrics[i].Formula
		}
	}
	for i := range r.pack.Benchmarks {
		if r.pack.Benchmarks[i].ID == id {
			return r.pack.Benchmarks[i].Formula
		}
	}
	for i := range r.pack.Attributes {
		if r.pack.Attributes[i].ID == id {
			return r.pack.Attributes[i].Formula
		}
	}
	return nil
}
