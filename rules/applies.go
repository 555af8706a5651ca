package rules

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// applicability reads in which periods and for whom an item is assessed.
func (r *packReader) applicability(d *itemDraft) {
	for _, n := range r.names1(d.m.get("only_in")) {
		w := r.word(n)
		if w == "" {
			continue
		}
		if !slices.ContainsFunc(r.pack.Periods, func(k engine.PeriodKind) bool { return k.ID == w }) {
			var known []string
			for _, k := range r.pack.Periods {
				known = append(known, k.ID)
			}
			r.unknownReference(n, w, text("统计期间", "kind of period"), "periods", known)
			d.anyone = true
			continue
		}
		d.OnlyIn = append(d.OnlyIn, w)
	}
	when := d.m.get("applies_when")
	d.WhenText = strings.TrimSpace(when.value())
	r.condition(when, r.subjectScope, formula.Options{Shifts: true}, func(e *formula.Expr) { d.When = e })
}

// kindsOfPeriod lists the kinds of period in which items differ; one without a
// name where they do not.
func (r *packReader) kindsOfPeriod() []string {
	differ := false
	r.eachItem(func(d *itemDraft) { differ = differ || len(d.OnlyIn) > 0 })
	if !differ {
		return []string{""}
	}
	var out []string
	for _, k := range r.pack.Periods {
		out = append(out, k.ID)
	}
	return out
}

// inKind reports whether an item is assessed in a kind of period.
func (d *itemDraft) inKind(kind string) bool {
	return kind == "" || len(d.OnlyIn) == 0 || slices.Contains(d.OnlyIn, kind)
}
