package formula

import (
	"fmt"
	"strings"

	"kaoping/engine/calendar"
	"kaoping/engine/exact"
)

// maxBits bounds the digits of a result: sums of unlike ratios grow without end.
const maxBits = 16384

// Input is what an evaluation may look at.
type Input struct {
	Rows   int
	Column func(Ref) (*Column, error)
	// Group is the peer group of each row, counted from 0; nil means one group.
	Group []int32
	// Parent is the row of the subject above each row, -1 where there is none; nil
	// means that nobody has one.
	Parent []int32
	// Calendar counts working days; nil means that none can be counted.
	Calendar *calendar.Calendar
}

// Eval computes an expression for every row. It fails only if Column fails: what
// cannot be computed for a row is the Status of that row.
func Eval(e *Expr, in Input) (*Column, error) {
	results := map[string]*Column{}
	if err := e.stage().run(in, results); err != nil {
		return nil, err
	}
	return results[""], nil
}

// machine evaluates the nodes of one expression over whole columns in exact.Num,
// each once.
type machine struct {
	in   Input
	done map[*node]*Column
}

func (m *machine) column(n *node) (*Column, error) {
	if c, ok := m.done[n]; ok {
		return c, nil
	}
	c, err := m.compute(n)
	if err != nil {
		return nil, err
	}
	m.done[n] = c
	return c, nil
}

func (m *machine) compute(n *node) (*Column, error) {
	switch n.op {
	case opConst:
		return Const(n.value, m.in.Rows), nil
	case opNull:
		return Const(Value{Null: true}, m.in.Rows), nil
	case opRef:
		return m.input(n.ref)
	}
	args := make([]*Column, len(n.args))
	for i, a := range n.args {
		c, err := m.column(a)
		if err != nil {
			return nil, err
		}
		args[i] = c
	}
	if n.op.isGroup() {
		return m.group(n, args), nil
	}
	lanes := make([]Value, m.in.Rows)
	values := make([]Value, len(args))
	for row := range lanes {
		for i, c := range args {
			values[i] = c.At(row)
		}
		lanes[row] = n.apply(values, m.in.Calendar)
	}
	return NewColumn(lanes), nil
}

func (m *machine) input(r Ref) (*Column, error) {
	c, err := m.in.Column(r)
	if err != nil {
		return nil, err
	}
	if c.Len() != m.in.Rows {
		return nil, fmt.Errorf("column %s has %d rows, want %d", r.ID, c.Len(), m.in.Rows)
	}
	return c, nil
}

// apply computes one row.
func (n *node) apply(v []Value, c *calendar.Calendar) Value {
	switch n.op {
	case opIf, opAnd, opOr:
		return n.choose(v)
	case opOrElse:
		return orElse(v[0], v[1], n.kind)
	case opStreak:
		return streak(v)
	case opYearToDate:
		return bounded(yearToDate(v))
	case opEqual:
		if n.args[0].op == opNull || n.args[1].op == opNull {
			return isNull(v)
		}
	}
	if s := worst(v); s != OK {
		return Value{Status: s}
	}
	switch n.op {
	case opNot:
		return Value{Bool: !v[0].Bool}
	case opEqual, opNotEqual, opLess, opLessEqual, opIn, opContains, opStartsWith:
		return Value{Bool: n.compare(v)}
	}
	for _, x := range v {
		if x.Null { // a number that is 空 is a figure that is not there
			return Value{Status: Missing}
		}
	}
	if n.op >= opDays {
		return bounded(n.later(v, c))
	}
	return bounded(n.number(v))
}

// bounded marks results that have grown beyond the limit.
func bounded(v Value) Value {
	if v.Num.BitLen() > maxBits {
		return Value{Status: TooLarge}
	}
	return v
}

func worst(v []Value) Status {
	s := OK
	for _, x := range v {
		s = max(s, x.Status)
	}
	return s
}

// choose takes the status of the branch it selects, and no other.
func (n *node) choose(v []Value) Value {
	if v[0].Status != OK {
		return Value{Status: v[0].Status}
	}
	switch {
	case n.op == opIf && v[0].Bool:
		return v[1]
	case n.op == opIf:
		return v[2]
	case v[0].Bool == (n.op == opOr):
		return Value{Bool: v[0].Bool} // decided; 空 counts as no
	}
	return Value{Status: v[1].Status, Bool: v[1].Bool}
}

func isNull(v []Value) Value {
	if s := worst(v); s != OK {
		return Value{Status: s}
	}
	return Value{Bool: v[0].Null && v[1].Null}
}

// compare is two-valued: what is 空 is neither equal nor less.
func (n *node) compare(v []Value) bool {
	for _, x := range v {
		if x.Null {
			return false
		}
	}
	switch n.op {
	case opIn:
		for _, w := range n.words {
			if w == v[0].Text {
				return true
			}
		}
		return false
	case opContains:
		return strings.Contains(v[0].Text, v[1].Text)
	case opStartsWith:
		return strings.HasPrefix(v[0].Text, v[1].Text)
	case opLess:
		return v[0].Num.Cmp(v[1].Num) < 0
	case opLessEqual:
		return v[0].Num.Cmp(v[1].Num) <= 0
	}
	return n.same(v[0], v[1]) == (n.op == opEqual)
}

func (n *node) same(x, y Value) bool {
	switch n.args[0].kind {
	case Text:
		return x.Text == y.Text
	case Bool:
		return x.Bool == y.Bool
	}
	return x.Num.Equal(y.Num)
}

func (n *node) number(v []Value) Value {
	x := v[0].Num
	switch n.op {
	case opAdd:
		return number(x.Add(v[1].Num))
	case opSub:
		return number(x.Sub(v[1].Num))
	case opMul:
		return number(x.Mul(v[1].Num))
	case opQuo:
		if v[1].Num.IsZero() {
			return Value{Status: ZeroDenominator}
		}
		return number(x.Quo(v[1].Num))
	case opNeg:
		return number(x.Neg())
	case opAbs:
		return number(x.Abs())
	case opMin, opMax:
		for _, y := range v[1:] {
			if (y.Num.Cmp(x) < 0) == (n.op == opMin) {
				x = y.Num
			}
		}
		return number(x)
	case opClamp:
		return number(exact.Min(exact.Max(x, v[1].Num), v[2].Num))
	case opRound, opTruncate:
		return number(n.round(x, v[1].Num))
	}
	panic(fmt.Sprintf("formula: no operation %d", n.op))
}

// round rounds in the unit of the result.
func (n *node) round(x, places exact.Num) exact.Num {
	mode := exact.HalfUp
	if n.op == opTruncate {
		mode = exact.Down
	}
	k, _, _ := places.Small()
	return n.unit.From(n.unit.To(x).Round(int(k), mode))
}
