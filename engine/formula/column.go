package formula

import "kaoping/engine/exact"

// Column is one value for every row. It must not be changed once it is made.
type Column struct {
	lanes    []Value
	constant bool // lanes has one value, which stands in every row
	rows     int
}

// NewColumn makes a column of values; it keeps the slice.
func NewColumn(values []Value) *Column { return &Column{lanes: values, rows: len(values)} }

// NumberColumn makes a column of numbers, all of them there.
func NumberColumn(numbers []exact.Num) *Column {
	lanes := make([]Value, len(numbers))
	for i, x := range numbers {
		lanes[i].Num = x
	}
	return NewColumn(lanes)
}

// Const makes a column with the same value in all of its n rows.
func Const(v Value, n int) *Column { return &Column{lanes: []Value{v}, constant: true, rows: n} }

// Len returns the number of rows.
func (c *Column) Len() int { return c.rows }

// At returns the value of a row.
func (c *Column) At(row int) Value {
	if c.constant {
		return c.lanes[0]
	}
	return c.lanes[row]
}
