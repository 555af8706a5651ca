package engine

import (
	"slices"
	"sort"
	"strings"

	"kaoping/engine/formula"
)

// FindCycle looks for names that depend on themselves. It returns the first
// circle it finds, its first name repeated at the end (a, b, a), or nil. The
// order of names makes the answer the same every time.
func FindCycle(deps map[string][]string) []string {
	names := make([]string, 0, len(deps))
	for name := range deps {
		names = append(names, name)
	}
	sort.Strings(names)
	search := cycleSearch{deps: deps, done: map[string]bool{}}
	for _, name := range names {
		if circle := search.visit(name); circle != nil {
			return circle
		}
	}
	return nil
}

type cycleSearch struct {
	deps map[string][]string
	done map[string]bool
	path []string
}

func (s *cycleSearch) visit(name string) []string {
	if at := slices.Index(s.path, name); at >= 0 {
		return append(slices.Clone(s.path[at:]), name)
	}
	if s.done[name] {
		return nil
	}
	s.path = append(s.path, name)
	for _, next := range s.deps[name] {
		if circle := s.visit(next); circle != nil {
			return circle
		}
	}
	s.path = s.path[:len(s.path)-1]
	s.done[name] = true
	return nil
}

// Cycle returns a circle among the pack's formulas, as FindCycle does, or nil.
// A metric that looks at its own past is a circle too: it would never end.
func Cycle(p *Pack) []string {
	deps := map[string][]string{}
	for id, e := range formulasOf(p) {
		for _, ref := range e.Refs() {
			deps[id] = append(deps[id], ref.ID)
		}
		sort.Strings(deps[id])
	}
	return FindCycle(deps)
}

// formulasOf returns the formula of every name that has one.
func formulasOf(p *Pack) map[string]*formula.Expr {
	m := map[string]*formula.Expr{}
	add := func(id string, e *formula.Expr) {
		if e != nil {
			m[id] = e
		}
	}
	for _, a := range p.Attributes {
		add(a.ID, a.Formula)
	}
	for _, b := range p.Benchmarks {
		add(b.ID, b.Formula)
	}
	for _, x := range p.Metrics {
		add(x.ID, x.Formula)
	}
	return m
}

func circleText(circle []string) string { return strings.Join(circle, " → ") }
