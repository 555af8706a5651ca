package web

import (
	"slices"
	"strconv"

	"kaoping/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// sortRuns puts the run made last first.
func sortRuns(runs []store.Run) {
	slices.SortStableFunc(runs, func(a, b store.Run) int { return b.MadeAt.Compare(a.MadeAt) })
}
