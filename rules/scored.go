package rules

import (
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// scoredScope is what formulas may ask of the scorecard itself: 得分(x), 总分 and
// 等级. With bare, an item's own name means its points too.
type scoredScope struct {
	r    *packReader
	bare bool
}

// itemFunctions maps the functions that ask for an item to the reference they
// become.
var itemFunctions = map[string]string{
	"得分": "points ", "points": "points ", "满分": "full ", "full_points": "full ", "已评项数": "scored ", "scored": "scored ",
	"得分均值": "mean ", "points_mean": "mean ", "得分方差": "variance ", "points_variance": "variance ",
}

// Lookup finds "得分 NAME", the total, the rating and, where bare names may stand
// for points, items.
func (s scoredScope) Lookup(name string) (formula.Symbol, bool) {
	if function, item, ok := strings.Cut(name, " "); ok {
		kind := itemFunctions[function]
		if kind == "" {
			return formula.Symbol{}, false
		}
		return s.item(kind, function, item)
	}
	switch name {
	case "total", "总分":
		if _, ok := s.r.keys["total"]; ok {
			return numberSymbol(reservedTotal, "总分", unit.Unit{}), true
		}
	case "rating", "等级":
		if _, ok := s.r.keys["ratings"]; ok {
			return formula.Symbol{ID: "rating", Name: "等级", Kind: formula.Text, Options: s.r.ratingNames()}, true
		}
	}
	if s.bare {
		return s.item("points ", "得分", name)
	}
	return formula.Symbol{}, false
}

func (s scoredScope) item(kind, function, name string) (formula.Symbol, bool) {
	e := s.r.items.find(name)
	if e == nil {
		return formula.Symbol{}, false
	}
	sym := numberSymbol(kind+e.symbol.ID, function+"("+e.symbol.Name+")", unit.Unit{})
	sym.Nullable = true // it may not apply, or be left out
	return sym, true
}

// Names lists what may be suggested.
func (s scoredScope) Names() []string {
	names := []string{}
	if _, ok := s.r.keys["total"]; ok {
		names = append(names, "总分", "total")
	}
	if _, ok := s.r.keys["ratings"]; ok {
		names = append(names, "等级", "rating")
	}
	if s.bare {
		names = append(names, s.r.items.names("")...)
	}
	return names
}

// finalScope is what conditions on a finished scorecard may use: everything, and
// an item's name for its points.
func (r *packReader) finalScope() formula.Scope {
	return bothScopes{scope{space: r.names}, scoredScope{r: r, bare: true}}
}

// scoredUses returns what the points behind a scored reference are made of, for
// the search for circles. Earlier scorecards are stored, not computed.
func (r *packReader) scoredUses(id string) ([]string, bool) {
	switch {
	case id == reservedTotal:
		ids := []string{}
		for _, s := range r.sections {
			ids = append(ids, sectionNode+s.ID)
			ids = append(ids, refsNow(s.Weight)...)
		}
		return ids, true
	case id == "rating":
		return r.ratingUses(), true
	case strings.HasPrefix(id, sectionNode):
		for _, s := range r.sections {
			if s.ID == strings.TrimPrefix(id, sectionNode) {
				return r.sectionUses(s), true
			}
		}
		return nil, true
	}
	kind, item, ok := strings.Cut(id, " ")
	if !ok || itemFunctions[kind] == "" && kind != "full" && kind != "mean" && kind != "variance" {
		return nil, false
	}
	for _, s := range r.sections {
		found := false
		s.walk(func(d *itemDraft) { found = found || d.ID == item })
		if found {
			return []string{sectionNode + s.ID}, true
		}
	}
	return nil, true
}

// sectionNode marks a section in the search for circles: its items are scored
// together.
const sectionNode = "section "

func (r *packReader) sectionUses(s *itemDraft) []string {
	var ids []string
	s.walk(func(d *itemDraft) {
		if d.Metric != "" {
			ids = append(ids, d.Metric)
		}
		ids = append(ids, refsNow(d.Weight)...)
		if d.scale == nil {
			return
		}
		ids = append(ids, refsNow(d.scale.Formula)...)
		if d.scale.CompareWith != "" {
			ids = append(ids, d.scale.CompareWith)
		}
		if t := d.scale.Table; t != nil {
			ids = append(ids, t.Rows.Of)
			if t.Columns != nil {
				ids = append(ids, t.Columns.Of)
			}
		}
		for _, b := range d.scale.boundDrafts() {
			if b.Benchmark != "" {
				ids = append(ids, b.Benchmark)
			}
		}
	})
	return ids
}

func (r *packReader) ratingUses() []string {
	rules := r.pack.Ratings
	if rules == nil {
		return nil
	}
	ids := []string{rules.By}
	for _, step := range append(append([]engine.RatingStep{}, rules.Unless...), rules.Then...) {
		for _, id := range refsNow(step.When) {
			if id != "rating" { // the rating reached so far
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// refsNow lists what a formula uses. Scored references to earlier periods are
// left out: those scorecards are stored.
func refsNow(e *formula.Expr) []string {
	if e == nil {
		return nil
	}
	var ids []string
	for _, ref := range e.Refs() {
		if ref.Shift == formula.Now || !isScoredRef(ref.ID) {
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

func isScoredRef(id string) bool {
	return id == reservedTotal || id == "rating" || strings.Contains(id, " ")
}
