// Package engine is the pure core of an assessment: periods, facts, formulas,
// scoring and ranking. Facts and a Pack go in, a Result comes out; any line of it
// can be explained afterwards. It knows no files, no database and no clock, and
// it never approximates a number.
//
// Choices that the rule language leaves to the engine:
//
//   - The members of an evaluation are the subjects assessed in its period. Group
//     statistics of an earlier period are taken over the same members.
//   - A unit that counts with its parent does so in every period the formulas
//     look at, by the roster of the period that is assessed: like is compared
//     with like.
//   - A parent without a figure of its own has none; a unit without one adds
//     nothing, and a note on the scorecard says so.
//   - A register counts only where its loads cover the whole period. Where they do
//     not and it has no record, a reported figure of the same name stands in.
//   - Where a pack rounds metrics before scoring, scales, benchmarks and ranks see
//     the rounded value; formulas see the unrounded one.
//   - Points of bands, corners, checklists and policies are out of the item's
//     declared full points. Points that are spread to it enlarge them in proportion.
package engine
