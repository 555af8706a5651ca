package formula

import (
	"bytes"
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"kaoping/engine/exact"
)

// Cell is one field of a row that is looked at once and not kept.
type Cell struct {
	Num  int64  // of a number, times its scale; of a date its day; of yes or no 1 or 0
	Text []byte // of a text; valid as long as the row
	Null bool   // 空; only where the field may be
}

// RowField says what a name in a condition over rows stands for: a constant, a
// formula over other fields, or a cell.
type RowField struct {
	Kind    Kind
	Const   *Value
	Formula *Expr
	At      int       // place of the cell
	Scale   exact.Num // a number in base units times Scale is the whole number in the cell
}

// RowPredicate compiles a condition into a function over rows of cells, which says
// the same as Eval. An error says what has no equal; such a condition is left to
// Eval.
func (e *Expr) RowPredicate(field func(id string) (RowField, bool)) (func(row []Cell) bool, error) {
	c := rowCompiler{field: field}
	return c.condition(e.root)
}

type rowCompiler struct {
	field func(id string) (RowField, bool)
	depth int
}

type rowTest = func(row []Cell) bool

func (c *rowCompiler) condition(n *node) (rowTest, error) {
	switch n.op {
	case opAnd, opOr, opNot:
		return c.joined(n)
	case opConst:
		if n.value.Status != OK {
			return nil, errNoRow("a constant is no value")
		}
		b := n.value.Bool
		return func([]Cell) bool { return b }, nil
	case opRef:
		return c.truth(n)
	case opIn, opStartsWith, opContains:
		return c.words(n)
	case opEqual, opNotEqual, opLess, opLessEqual:
		return c.comparison(n)
	}
	return nil, errNoRow("an operation that is not a comparison")
}

type errNoRow string

func (e errNoRow) Error() string { return string(e) }

func (c *rowCompiler) joined(n *node) (rowTest, error) {
	a, err := c.condition(n.args[0])
	if err != nil || n.op == opNot {
		return func(row []Cell) bool { return !a(row) }, err
	}
	b, err := c.condition(n.args[1])
	if n.op == opAnd {
		return func(row []Cell) bool { return a(row) && b(row) }, err
	}
	return func(row []Cell) bool { return a(row) || b(row) }, err
}

// resolve finds what a name stands for.
func (c *rowCompiler) resolve(n *node) (RowField, error) {
	if n.op != opRef || n.ref.Shift != Now {
		return RowField{}, errNoRow("something that is not a field")
	}
	f, ok := c.field(n.ref.ID)
	if !ok {
		return f, errNoRow(n.ref.ID + " is not a field of the file")
	}
	return f, nil
}

// truth is a yes or no by itself; 空 counts as no.
func (c *rowCompiler) truth(n *node) (rowTest, error) {
	f, err := c.resolve(n)
	switch {
	case err != nil:
		return nil, err
	case f.Formula != nil:
		if c.depth++; c.depth > maxDerivedSQL {
			return nil, errNoRow("derived fields rest on each other")
		}
		t, err := c.condition(f.Formula.root)
		c.depth--
		return t, err
	case f.Const != nil || f.Kind != Bool:
		return nil, errNoRow(n.ref.ID + " is no yes or no of the file")
	}
	at := f.At
	return func(row []Cell) bool { return row[at].Num != 0 && !row[at].Null }, nil
}

// words compares the text of a cell with texts that are written down.
func (c *rowCompiler) words(n *node) (rowTest, error) {
	f, err := c.cell(n.args[0], Text)
	if err != nil {
		return nil, err
	}
	at := f.At
	if n.op == opIn {
		words := slices.Clone(n.words)
		return func(row []Cell) bool { return !row[at].Null && slices.Contains(words, string(row[at].Text)) }, nil
	}
	if n.args[1].op != opConst {
		return nil, errNoRow("a part of a text that is not written down")
	}
	part := []byte(n.args[1].value.Text)
	if n.op == opContains {
		return func(row []Cell) bool { return !row[at].Null && bytes.Contains(row[at].Text, part) }, nil
	}
	return func(row []Cell) bool { return !row[at].Null && bytes.HasPrefix(row[at].Text, part) }, nil
}

// cell resolves a name that stands for a cell of the kind.
func (c *rowCompiler) cell(n *node, k Kind) (RowField, error) {
	f, err := c.resolve(n)
	if err == nil && (f.Const != nil || f.Formula != nil || f.Kind != k) {
		err = errNoRow(n.ref.ID + " is no cell of the file")
	}
	return f, err
}

func (c *rowCompiler) comparison(n *node) (rowTest, error) {
	a, b := n.args[0], n.args[1]
	if a.op == opNull || b.op == opNull {
		if a.op == opNull {
			a = b
		}
		f, err := c.resolve(a)
		if err != nil || n.op != opEqual || f.Const != nil || f.Formula != nil {
			return nil, errNoRow("空 is compared with something that is no cell")
		}
		at := f.At
		return func(row []Cell) bool { return row[at].Null }, nil
	}
	switch a.kind {
	case Text:
		return c.sameText(n)
	case Bool:
		return c.sameTruth(n)
	}
	return c.order(n)
}

func (c *rowCompiler) sameText(n *node) (rowTest, error) {
	a, b := n.args[0], n.args[1]
	if a.op == opConst {
		a, b = b, a
	}
	f, err := c.cell(a, Text)
	if err != nil {
		return nil, err
	}
	if b.op != opConst {
		return nil, errNoRow("two texts of a row are compared")
	}
	at, word, equal := f.At, b.value.Text, n.op == opEqual
	return func(row []Cell) bool { return !row[at].Null && (string(row[at].Text) == word) == equal }, nil
}

// sameTruth compares a yes or no with one that is written down.
func (c *rowCompiler) sameTruth(n *node) (rowTest, error) {
	a, b := n.args[0], n.args[1]
	if a.op == opConst {
		a, b = b, a
	}
	f, err := c.cell(a, Bool)
	if err != nil {
		return nil, err
	}
	if b.op != opConst || b.value.Null || b.value.Status != OK {
		return nil, errNoRow("two conditions are compared")
	}
	at, want := f.At, b.value.Bool == (n.op == opEqual)
	return func(row []Cell) bool { return !row[at].Null && (row[at].Num != 0) == want }, nil
}

// order compares numbers or dates: a cell with a constant or with another cell.
func (c *rowCompiler) order(n *node) (rowTest, error) {
	x, err := c.side(n.args[0])
	if err != nil {
		return nil, err
	}
	y, err := c.side(n.args[1])
	switch {
	case err != nil:
		return nil, err
	case x.Const == nil && y.Const == nil:
		ratio := y.Scale.Quo(x.Scale) // x/X < y/Y where x·Y < y·X
		p, q, ok := ratio.Small()
		if !ok || p <= 0 {
			return nil, errNoRow("numbers of too different scales are compared")
		}
		return twoCells(n.op, x.At, y.At, p, q), nil
	case x.Const != nil && y.Const != nil:
		return nil, errNoRow("two constants are compared")
	case x.Const != nil:
		return constantFirst(n.op, y.At, x.Const.Num.Mul(y.Scale)), nil
	}
	return constantLast(n.op, x.At, y.Const.Num.Mul(x.Scale)), nil
}

// side resolves one side of a comparison of numbers.
func (c *rowCompiler) side(n *node) (RowField, error) {
	v := n.value
	switch {
	case n.op == opNeg && n.args[0].op == opConst:
		v = Value{Num: n.args[0].value.Num.Neg(), Status: n.args[0].value.Status}
	case n.op == opConst:
	default:
		f, err := c.resolve(n)
		if err == nil && (f.Formula != nil || f.Const != nil && (f.Const.Status != OK || f.Const.Null)) {
			err = errNoRow("a number that is computed")
		}
		return f, err
	}
	if v.Status != OK || v.Null {
		return RowField{}, errNoRow("a constant is no value")
	}
	return RowField{Const: &v}, nil
}

// twoCells compares p times one cell with q times another.
func twoCells(op op, a, b int, p, q int64) rowTest {
	compared := func(row []Cell) int {
		if p == 1 && q == 1 {
			return cmp.Compare(row[a].Num, row[b].Num)
		}
		return compareProducts(row[a].Num, p, row[b].Num, q)
	}
	there := func(row []Cell) bool { return !row[a].Null && !row[b].Null }
	switch op {
	case opLess:
		return func(row []Cell) bool { return there(row) && compared(row) < 0 }
	case opLessEqual:
		return func(row []Cell) bool { return there(row) && compared(row) <= 0 }
	case opEqual:
		return func(row []Cell) bool { return there(row) && compared(row) == 0 }
	}
	return func(row []Cell) bool { return there(row) && compared(row) != 0 }
}

// compareProducts compares a·p with b·q in 128 bits; p and q are positive, and a and
// b are not the smallest integer.
func compareProducts(a, p, b, q int64) int {
	if (a < 0) != (b < 0) {
		return cmp.Compare(a, b)
	}
	negative := a < 0
	if negative {
		a, b = -b, -a
		p, q = q, p
	}
	high1, low1 := bits.Mul64(uint64(a), uint64(p))
	high2, low2 := bits.Mul64(uint64(b), uint64(q))
	return cmp.Or(cmp.Compare(high1, high2), cmp.Compare(low1, low2))
}

// constantLast compares a cell with a constant that is in the cell's scale.
func constantLast(op op, at int, c exact.Num) rowTest {
	low, whole := wholeBelow(c)
	switch op {
	case opLess: // x < 2.5 is x <= 2, x < 3 is x <= 2
		if whole && low > math.MinInt64 {
			low--
		}
		return func(row []Cell) bool { return row[at].Num <= low && !row[at].Null }
	case opLessEqual:
		return func(row []Cell) bool { return row[at].Num <= low && !row[at].Null }
	}
	equal := op == opEqual
	return func(row []Cell) bool { return !row[at].Null && (whole && row[at].Num == low) == equal }
}

// constantFirst is c < x or c <= x, the same by its opposite.
func constantFirst(op op, at int, c exact.Num) rowTest {
	low, whole := wholeBelow(c)
	switch op {
	case opLess: // 2.5 < x is x > 2, 2 < x is x > 2
		return func(row []Cell) bool { return row[at].Num > low && !row[at].Null }
	case opLessEqual: // 2.5 <= x is x > 2, 3 <= x is x > 2
		if whole && low > math.MinInt64 {
			low--
		}
		return func(row []Cell) bool { return row[at].Num > low && !row[at].Null }
	}
	return constantLast(op, at, c)
}

// wholeBelow is the largest whole number that is not greater; beyond 64 bits the
// nearest there is, which no cell reaches.
func wholeBelow(c exact.Num) (low int64, whole bool) {
	r := c.Rat()
	q := new(big.Int).Div(r.Num(), r.Denom()) // Euclid's division, and denominators are positive
	switch {
	case q.IsInt64():
		return q.Int64(), r.IsInt()
	case q.Sign() > 0:
		return math.MaxInt64, false
	}
	return math.MinInt64, false
}
