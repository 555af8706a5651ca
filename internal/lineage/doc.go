// Package lineage says where the numbers of a rule pack come from and where they
// go: from the total down to the sections, the lines, their metrics, the
// statistics and benchmarks in those, and the registers and columns that deliver
// them; and the same way back. It reads a pack and knows nothing of its results.
package lineage
