package rules

import (
	"slices"
	"strings"

	"kaoping/engine"
)

// checkCycles reports formulas that use each other in a circle. A formula that
// looks at its own value in an earlier period is one too: it would look back
// without end.
func checkCycles(r *packReader) {
	var names []string
	for _, e := range r.names.order {
		names = append(names, e.symbol.ID)
	}
	for _, d := range r.sections {
		names = append(names, sectionNode+d.ID)
	}
	circles := engine.Cycles(append(names, reservedTotal, "rating"), r.namesIn)
	for _, circle := range circles[:min(len(circles), maxListed)] {
		r.reportCircle(circle)
	}
}

// namesIn returns the names that a name's formula, or a section's points, are
// made of.
func (r *packReader) namesIn(id string) []string {
	if ids, ok := r.scoredUses(id); ok {
		return ids
	}
	return refsNow(r.formulaOf(id))
}

// reportCircle prints the circle, beginning with the name that is declared first,
// or with the section.
func (r *packReader) reportCircle(circle []string) {
	start, key := circle[0], node{}
	if first := slices.IndexFunc(r.names.order, func(e *entry) bool { return slices.Contains(circle, e.symbol.ID) }); first >= 0 {
		start, key = r.names.order[first].symbol.ID, r.names.order[first].key
	}
	for circle[0] != start {
		circle = append(circle[1:], circle[0])
	}
	var names []string
	for _, id := range append(circle, circle[0]) {
		name, at := r.named(id)
		names = append(names, name)
		if key.absent() {
			key = at
		}
	}
	list := enumerated(names, " → ")
	r.add(key.report(CodeCycle, text("公式互相引用成环: "+list.ZH, "formulas use each other in a circle: "+list.EN),
		engine.Text{ZH: "改写其中一个公式", EN: "rewrite one of the formulas"}))
}

// named returns how a node of the circle is called, and where it stands.
func (r *packReader) named(id string) (string, node) {
	if e := r.names.find(id); e != nil {
		return e.symbol.Name, e.key
	}
	for _, d := range r.sections {
		if id == sectionNode+d.ID {
			return d.Name, d.key
		}
	}
	switch id {
	case reservedTotal:
		return "总分", r.keys["total"]
	case "rating":
		return "等级", r.keys["ratings"]
	}
	if _, item, ok := strings.Cut(id, " "); ok {
		if e := r.items.find(item); e != nil {
			return "得分(" + e.symbol.Name + ")", e.key
		}
	}
	return id, r.packAt
}
