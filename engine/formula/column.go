package formula

import "kaoping/engine/exact"

// Column is one value for every row. It must not be changed once it is made.
//
// It has one of three forms: lanes of any kind; whole numbers over one
// denominator; or fractions with a denominator in each row. The latter two are
// what programs compute on.
type Column struct {
	rows     int
	lanes    []Value
	constant bool // lanes has one value, which stands in every row

	num    []int64
	den    []int64         // nil: den0 in every row
	den0   int64           // positive
	status []Status        // nil: all OK
	odd    map[int32]Value // rows that do not fit the fractions
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

// FixedColumn makes a column of numbers that are num[i]/den, den positive: cents
// are whole numbers over 100. It keeps the slices. A nil status means that all
// are there.
func FixedColumn(num []int64, den int64, status []Status) *Column {
	if den <= 0 {
		panic("formula: a column needs a positive denominator")
	}
	return &Column{rows: len(num), num: num, den0: den, status: status}
}

// Const makes a column with the same value in all of its n rows.
func Const(v Value, n int) *Column { return &Column{lanes: []Value{v}, constant: true, rows: n} }

// Len returns the number of rows.
func (c *Column) Len() int { return c.rows }

// At returns the value of a row.
func (c *Column) At(row int) Value {
	switch {
	case c.constant:
		return c.lanes[0]
	case c.lanes != nil:
		return c.lanes[row]
	}
	if v, ok := c.odd[int32(row)]; ok {
		return v
	}
	if c.status != nil && c.status[row] != OK {
		return Value{Status: c.status[row]}
	}
	den := c.den0
	if c.den != nil {
		den = c.den[row]
	}
	return Value{Num: exact.Frac(c.num[row], den)}
}

// fixed returns the column as whole numbers over one denominator, if its numbers
// allow it. 空 and whatever is not a number do not.
func (c *Column) fixed() (*Column, bool) {
	if c.num != nil {
		return c, c.odd == nil
	}
	den, ok := c.commonDenominator()
	if !ok {
		return nil, false
	}
	f := &Column{rows: c.rows, num: make([]int64, c.rows), den0: den}
	for row := range f.num {
		v := c.At(row)
		if v.Status != OK {
			f.setStatus(row, v.Status)
			continue
		}
		n, d, _ := v.Num.Small()
		if f.num[row], ok = mulSmall(n, den/d); !ok {
			return nil, false
		}
	}
	return f, true
}

// commonDenominator finds the least common denominator of the lanes, as long as
// it stays small.
func (c *Column) commonDenominator() (int64, bool) {
	den := int64(1)
	for i := range c.lanes {
		v := &c.lanes[i]
		if v.Null {
			return 0, false
		}
		if v.Status != OK {
			continue
		}
		_, d, ok := v.Num.Small()
		if !ok {
			return 0, false
		}
		if den%d == 0 {
			continue
		}
		if den, ok = mulSmall(den, d/gcd(den, d)); !ok || den > maxCommon {
			return 0, false
		}
	}
	return den, true
}

// maxCommon bounds a common denominator, so that numerators keep room to grow.
const maxCommon = 1_000_000_000_000

func (c *Column) setStatus(row int, s Status) {
	if c.status == nil {
		c.status = make([]Status, c.rows)
	}
	c.status[row] = s
}
