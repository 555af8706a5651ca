package formula

import (
	"fmt"

	"kaoping/engine/calendar"
	"kaoping/engine/exact"
)

// orElse takes the second value where the first is not there or has a zero
// denominator. A number or a date that is 空 is a figure that is not there.
func orElse(x, y Value, kind Kind) Value {
	gone := x.Status == Missing || x.Status == ZeroDenominator
	if gone || x.Status == OK && x.Null && (kind == Number || kind == Date) {
		return y
	}
	return x
}

// streak reports whether a condition held in all periods, this one first. Once it
// did not hold the streak is broken, whatever is known of the others; an earlier
// period of which nothing is known breaks it too.
func streak(v []Value) Value {
	for _, x := range v {
		if x.Status == OK && !x.Bool {
			return Value{}
		}
	}
	if v[0].Status != OK {
		return Value{Status: v[0].Status}
	}
	for _, x := range v[1:] {
		if x.Status != OK {
			return Value{}
		}
	}
	return Value{Bool: true}
}

// yearToDate adds the periods of the year; those that lie outside of it are 空.
func yearToDate(v []Value) Value {
	if v[0].Null {
		return Value{Status: Missing}
	}
	sum := exact.Num{}
	for _, x := range v {
		if x.Status != OK {
			return Value{Status: worst(v)}
		}
		if !x.Null {
			sum = sum.Add(x.Num)
		}
	}
	return number(sum)
}

// later computes one row of an operation that programs over blocks do not know.
func (n *node) later(v []Value, c *calendar.Calendar) Value {
	x := v[0].Num
	switch n.op {
	case opWindowSum, opWindowMean:
		return n.window(v)
	case opSquareRoot:
		if x.Sign() < 0 {
			return Value{Status: Missing}
		}
		return number(n.root(x, v[1].Num))
	case opDays:
		return number(floor(v[1].Num).Sub(floor(x)))
	case opFullYears:
		return number(exact.Int(fullYears(x, v[1].Num)))
	case opHours, opMinutes: // both are held in days
		return number(v[1].Num.Sub(x))
	case opSameDay:
		return Value{Bool: floor(x).Equal(floor(v[1].Num))}
	case opYear:
		return number(exact.Int(int64(day(x).Year())))
	case opMonth:
		return number(exact.Int(int64(day(x).Month())))
	case opWorkingDays, opAddWorkingDays, opWorkingHours:
		result, err := n.counted(v, c)
		if err != nil {
			return Value{Status: Missing}
		}
		return number(result)
	}
	panic(fmt.Sprintf("formula: no operation %d", n.op))
}

func (n *node) window(v []Value) Value {
	sum := exact.Num{}
	for _, x := range v {
		sum = sum.Add(x.Num)
	}
	if n.op == opWindowMean {
		sum = sum.Quo(exact.Int(int64(len(v))))
	}
	return number(sum)
}

// counted asks the calendar. Hours are held in days, as their unit says.
func (n *node) counted(v []Value, c *calendar.Calendar) (exact.Num, error) {
	a, b := v[0].Num, v[1].Num
	switch n.op {
	case opWorkingHours:
		hours, err := c.WorkingHours(a, b)
		return hours.Quo(exact.Int(24)), err
	case opAddWorkingDays:
		days, ok := b.Int64()
		if !ok {
			return exact.Num{}, errNotWhole
		}
		day, err := c.AddWorkingDays(a, days)
		return exact.Int(day), err
	}
	days, err := c.WorkingDays(a, b)
	return exact.Int(days), err
}

// root takes a square root and rounds it in the unit of the result.
func (n *node) root(x, places exact.Num) exact.Num {
	k, _ := places.Int64()
	scale := n.unit.Scale()
	return n.unit.From(x.Quo(scale.Mul(scale)).Root(int(k)))
}
