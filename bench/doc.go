// Package bench measures the program beside hand-written code, the plain drivers
// and DuckDB, on case registers of up to ten million rows. It is a module of its
// own, so that nothing it compares with is ever needed to build the program.
//
// Each measurement runs in a process of its own, and all that count must come to
// the same figures, company by company; otherwise the test fails. Without flags
// there are 100,000 rows and nothing is written:
//
//	go test ./...
//	go test -rows 10000000 -write ../docs/benchmarks.md -timeout 5h
package bench
