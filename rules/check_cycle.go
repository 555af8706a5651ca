package rules

import (
	"slices"

	"kaoping/engine"
)

// checkCycles reports formulas that use each other in a circle. A formula that
// looks at its own value in an earlier period is one too: it would look back
// without end.
func checkCycles(r *packReader) {
	names := make([]string, len(r.names.order))
	for i, e := range r.names.order {
		names[i] = e.symbol.ID
	}
	circles := engine.Cycles(names, r.namesIn)
	for _, circle := range circles[:min(len(circles), maxListed)] {
		r.reportCircle(circle)
	}
}

// namesIn returns the names that a name's formula is made of.
func (r *packReader) namesIn(id string) []string {
	e := r.formulaOf(id)
	if e == nil {
		return nil
	}
	var ids []string
	for _, ref := range e.Refs() {
		ids = append(ids, ref.ID)
	}
	return ids
}

// reportCircle prints the circle, beginning with the name that is declared first.
func (r *packReader) reportCircle(circle []string) {
	first := slices.IndexFunc(r.names.order, func(e *entry) bool { return slices.Contains(circle, e.symbol.ID) })
	start := r.names.order[first]
	for circle[0] != start.symbol.ID {
		circle = append(circle[1:], circle[0])
	}
	var names []string
	for _, id := range append(circle, circle[0]) {
		names = append(names, r.names.find(id).symbol.Name)
	}
	list := enumerated(names, " → ")
	r.add(start.key.report(CodeCycle, text("公式互相引用成环: "+list.ZH, "formulas use each other in a circle: "+list.EN),
		engine.Text{ZH: "改写其中一个公式", EN: "rewrite one of the formulas"}))
}
