package rules

import (
	"slices"
	"strings"

	"kaoping/engine"
)

// consequencesOf is what of a scorecard the consequences are.
const consequencesOf aspect = "consequences"

// expectConsequences reads the names of the consequences that must come about:
// these and no others; none for none.
func (r *testReader) expectConsequences(n node, d *trial) {
	w := expectation{item: totalID, what: consequencesOf, text: "none"}
	if !n.isScalar() || n.value() != "none" {
		known := make([]string, len(r.pack.Consequences))
		for i, c := range r.pack.Consequences {
			known[i] = c.Name
		}
		for _, c := range r.list(n, text("各项结果运用的名称, 或 none", "names of consequences, or none")) {
			if name := r.choice(c, known...); name != "" {
				w.drawn = append(w.drawn, name)
			}
		}
		w.text = strings.Join(w.drawn, "、")
	}
	d.expect(w, n)
}

// compareConsequences compares in any order.
func (w expectation) compareConsequences(drawn []engine.ConsequenceDrawn) actual {
	names := make([]string, len(drawn))
	for i, c := range drawn {
		names[i] = c.Name
	}
	ok := slices.Equal(slices.Sorted(slices.Values(names)), slices.Sorted(slices.Values(w.drawn)))
	if len(names) == 0 {
		return actual{ok: ok, got: text("无", "none")}
	}
	got := strings.Join(names, "、")
	return actual{ok: ok, got: text(got, got)}
}
