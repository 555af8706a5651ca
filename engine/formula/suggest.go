package formula

import (
	"sort"
	"strings"

	"kaoping/engine/spell"
)

// suggestion proposes the nearest known name: half of whose characters are right, or
// of which half was written.
func suggestion(name string, known []string) (zh, en string) {
	sorted := append([]string(nil), known...)
	sort.Strings(sorted)
	best, least := "", 1<<30
	for _, k := range sorted {
		a, b := []rune(name), []rune(k)
		short, long := min(len(a), len(b)), max(len(a), len(b))
		d := spell.Distance(a, b)
		unfinished := 2*short >= long && (strings.Contains(k, name) || strings.Contains(name, k))
		if (d <= long/2 || unfinished) && d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return "", ""
	}
	return "您是否指“" + best + "”?", "did you mean " + best + "?"
}

// names is a ready Scope.
type names map[string]Symbol

// NewScope makes a scope in which each symbol is reached by its name and its id.
func NewScope(symbols ...Symbol) Scope {
	s := names{}
	for _, symbol := range symbols {
		if symbol.Name != "" {
			s[symbol.Name] = symbol
		}
		if symbol.ID != "" {
			s[symbol.ID] = symbol
		}
	}
	return s
}

// Lookup finds a symbol by name or id.
func (s names) Lookup(name string) (Symbol, bool) {
	symbol, ok := s[name]
	return symbol, ok
}

// Names lists names and ids.
func (s names) Names() []string {
	var list []string
	for name := range s {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
