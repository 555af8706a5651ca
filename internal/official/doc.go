// Package official compares what rule packs compute with what the regulators
// published: every row of every table that a pack names under official_results.
//
// A row that differs is never dropped: it is listed with the reason, and so is a
// row that agrees only under a stated rule.
package official
