package ingest

import (
	"strings"

	"kaoping/engine/spell"
)

// nearest returns the candidate a person most likely meant, or "" if none is
// near. A candidate that contains the word, or is contained in it, is near.
func nearest(word string, candidates []string) string {
	w := []rune(fold(word))
	if len(w) == 0 || len(w) > 64 {
		return ""
	}
	best, bestCost := "", 1<<30
	for _, candidate := range candidates {
		if cost := likeness(w, []rune(fold(candidate))); cost < bestCost {
			best, bestCost = candidate, cost
		}
	}
	return best
}

func likeness(a, b []rune) int {
	longer := max(len(a), len(b))
	if len(b) < 2 || len(b) > 64 {
		return 1 << 30
	}
	cost := spell.Distance(a, b)
	switch {
	case cost <= max(1, longer/3):
		return cost
	case len(a) >= 2 && (strings.Contains(string(a), string(b)) || strings.Contains(string(b), string(a))):
		return cost + longer
	}
	return 1 << 30
}
