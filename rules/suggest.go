package rules

import (
	"slices"
	"strings"
)

// nearest returns the candidate that a person most likely meant by name, or ""
// if none is near. Distance is counted in characters, so one wrong Chinese
// character weighs as much as one wrong letter.
func nearest(name string, candidates []string) string {
	best, bestCost := "", 1<<30
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if cost := likeness(name, c); cost < bestCost {
			best, bestCost = c, cost
		}
	}
	return best
}

// longestSuggested is how many characters a name may have to be suggested.
const longestSuggested = 64

// likeness is the edit distance, or a large number if the two are not alike. A
// name that contains the other counts as near: people leave words out.
func likeness(a, b string) int {
	if a == b {
		return 1 << 30
	}
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	if len(x) > longestSuggested || len(y) > longestSuggested || len(x) == 0 {
		return 1 << 30
	}
	longer := max(len(x), len(y))
	cost := longer
	if longer-min(len(x), len(y)) <= max(1, longer/3) {
		cost = editDistance(x, y)
	}
	switch {
	case cost < longer && cost <= max(1, longer/3):
		return cost
	case len(x) >= 2 && (strings.Contains(string(y), string(x)) || strings.Contains(string(x), string(y)) && len(y) >= 2):
		return cost + longer
	}
	return 1 << 30
}

// editDistance counts insertions, deletions, replacements and swaps of
// neighbours.
func editDistance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+differ(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
