// Package store keeps facts, runs and what was done, in SQLite or PostgreSQL,
// with one behaviour and the same query text on both.
//
// Facts are never changed. A load is a numbered batch of rows; a correction is
// a later row for the same key, and of the live batches the later one wins. An
// undone batch gets a tombstone and its rows stay. What was live at an instant
// can therefore be read at any time afterwards, and a snapshot, which is a set
// of batches, always gives the same facts.
//
// A row that says what is live already is not written again. The batch notes
// that it confirms that row, so that undoing the older batch does not take away
// what the newer one delivered too.
//
// Exact numbers are kept as text ("25/2"), times as UTC text with microseconds.
// Ids are made here: B-000001 for batches, R-000001 for runs. Loads take turns,
// so a batch with a larger number is also later.
//
// The store knows nothing of rules: it does not check that a statistic or a
// field is declared.
package store
