package store

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"modernc.org/sqlite"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// SQLite has whole numbers of 64 bits and floating point, and nothing exact
// beyond. What conditions and sums need is given to it as functions over the
// exact text of numbers.
func init() {
	sqlite.MustRegisterFunction("exact_field", &sqlite.FunctionImpl{NArgs: 2, Deterministic: true, Scalar: exactField})
	sqlite.MustRegisterFunction("exact_odd", &sqlite.FunctionImpl{NArgs: 1, Deterministic: true, Scalar: exactOdd})
	sqlite.MustRegisterFunction("exact_cmp", &sqlite.FunctionImpl{NArgs: 2, Deterministic: true, Scalar: exactCmp})
	sqlite.MustRegisterFunction("exact_op", &sqlite.FunctionImpl{NArgs: 3, Deterministic: true, Scalar: exactOp})
	sqlite.MustRegisterFunction("exact_sum", &sqlite.FunctionImpl{
		NArgs: 2, Deterministic: true,
		MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) { return new(exactSum), nil },
	})
}

// exactField finds the number of a field in the stored values; '0' if there is
// none.
func exactField(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	fields, id := textArg(args[0]), textArg(args[1])
	_, rest, ok := strings.Cut(fields, `"`+id+`":{"n":"`)
	digits, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed {
		return "0", nil
	}
	return digits, nil
}

// exactOdd says the same as formula.Odd on PostgreSQL.
func exactOdd(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	fields := textArg(args[0])
	return strings.Contains(fields, `","`) || strings.Contains(fields, `"b":true,"`) || strings.Contains(fields, `"status":`), nil
}

func exactCmp(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	x, y, err := twoNumbers(args[0], args[1])
	return int64(x.Cmp(y)), err
}

func exactOp(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	x, y, err := twoNumbers(args[1], args[2])
	if err != nil {
		return nil, err
	}
	return formula.ExactOp(textArg(args[0]), x, y).String(), nil
}

func twoNumbers(a, b driver.Value) (x, y exact.Num, err error) {
	if x, err = exact.Parse(textArg(a)); err == nil {
		y, err = exact.Parse(textArg(b))
	}
	return x, y, err
}

// textArg returns an argument as text; numbers that are written down come whole.
func textArg(v driver.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return fmt.Sprint(v)
}

// exactSum adds numbers, each as often as its record counts.
type exactSum struct{ sum exact.Num }

// Step adds a number.
func (s *exactSum) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	x, times, err := twoNumbers(args[0], args[1])
	s.sum = s.sum.Add(x.Mul(times))
	return err
}

// WindowInverse takes a number out again.
func (s *exactSum) WindowInverse(_ *sqlite.FunctionContext, args []driver.Value) error {
	x, times, err := twoNumbers(args[0], args[1])
	s.sum = s.sum.Sub(x.Mul(times))
	return err
}

// WindowValue returns the exact text of the sum.
func (s *exactSum) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	return s.sum.String(), nil
}

// Final has nothing to release.
func (s *exactSum) Final(*sqlite.FunctionContext) {}
