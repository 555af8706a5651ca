//go:build !cgo

package bench

import "errors"

// hasDuckDB says whether DuckDB is linked in; it needs a C compiler.
const hasDuckDB = false

func duckScan(string) (*counts, error) { return nil, errors.New("DuckDB is not linked in") }
