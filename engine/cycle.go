package engine

import (
	"slices"
	"strings"

	"kaoping/engine/formula"
)

// Cycles looks for names that depend on themselves, beginning with each of names
// in turn; uses says what a name depends on. Each circle is listed once, by the
// path on which it was entered: a, b for a that uses b and b that uses a.
func Cycles(names []string, uses func(name string) []string) [][]string {
	s := cycleSearch{uses: uses, done: map[string]bool{}}
	for _, name := range names {
		s.visit(name)
	}
	return s.found
}

type cycleSearch struct {
	uses  func(name string) []string
	done  map[string]bool
	path  []string
	found [][]string
}

func (s *cycleSearch) visit(name string) {
	if at := slices.Index(s.path, name); at >= 0 {
		s.found = append(s.found, slices.Clone(s.path[at:]))
		return
	}
	if s.done[name] {
		return
	}
	s.path = append(s.path, name)
	for _, next := range s.uses(name) {
		s.visit(next)
	}
	s.path = s.path[:len(s.path)-1]
	s.done[name] = true
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
