package web

import (
	"slices"
	"strconv"
	"strings"

	"kaoping/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// sortRuns puts the run made last first.
func sortRuns(runs []store.Run) {
	slices.SortStableFunc(runs, func(a, b store.Run) int { return b.MadeAt.Compare(a.MadeAt) })
}

// sortRows orders rows by their first cell.
func sortRows(t *table) {
	slices.SortStableFunc(t.Rows, func(a, b row) int { return strings.Compare(a.Cells[0].Text, b.Cells[0].Text) })
}
