package formula

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine/exact"
)

// maxTries bounds how many combinations of values Outcomes looks at.
const maxTries = 20_000

// Outcomes lists which conditions can hold together: one row for each way the
// conditions may come out, as long as nothing is missing. It knows the options of
// texts and compares numbers with each other, but does not calculate: what it
// lists may be impossible, what it does not list cannot be. It returns false if
// there is too much to look at.
func Outcomes(s Scope, conditions []*Expr) ([][]bool, bool) {
	t := &trial{scope: s, place: map[string]int{}}
	for _, e := range conditions {
		t.collect(e.root)
	}
	if !t.spread() {
		return nil, false
	}
	var out [][]bool
	seen := map[string]bool{}
	t.each(func() {
		row := make([]bool, len(conditions))
		for i, e := range conditions {
			v := t.eval(e.root)
			row[i] = v.Status == OK && v.Bool && !v.Null
		}
		if key := fmt.Sprint(row); !seen[key] {
			seen[key] = true
			out = append(out, row)
		}
	})
	return out, true
}

// unknown is a part of a condition that may have several values.
type unknown struct {
	node     *node
	near     []exact.Num // numbers it is compared with
	words    []string    // texts it is compared with
	values   []Value
	current  int
	nullable bool
	options  []string
}

// trial gives the unknown parts of conditions one value after the other.
type trial struct {
	scope    Scope
	place    map[string]int // in unknowns, by the spelling of the part
	unknowns []*unknown
}

// collect finds the unknown parts of a condition.
func (t *trial) collect(n *node) {
	switch {
	case n.op == opConst || n.op == opNull || constant(n):
	case t.logical(n):
		for _, a := range n.args {
			t.collect(a)
		}
		t.near(n)
	default:
		t.unknown(n)
	}
}

// logical reports whether the trial works out an operation from its parts; the
// others are unknown as a whole.
func (t *trial) logical(n *node) bool {
	switch n.op {
	case opAnd, opOr, opNot:
		return true
	case opIf:
		return n.kind == Bool
	case opIn:
		return true
	case opEqual, opNotEqual, opLess, opLessEqual:
		return constant(n.args[0]) || constant(n.args[1]) || n.args[0].kind == Bool
	case opContains, opStartsWith:
		return constant(n.args[1]) && n.args[0].op == opRef && len(t.symbol(n.args[0]).Options) > 0
	}
	return false
}

// constant reports whether nothing in n depends on data.
func constant(n *node) bool {
	if n.op == opRef || n.op.isGroup() || n.op.usesCalendar() {
		return false
	}
	return !slices.ContainsFunc(n.args, func(a *node) bool { return !constant(a) })
}

func (t *trial) symbol(n *node) Symbol {
	s, ok := t.scope.Lookup(n.name)
	if !ok {
		return Symbol{Nullable: true}
	}
	return s
}

// unknown returns the unknown that a part is.
func (t *trial) unknown(n *node) *unknown {
	key := spelling(n)
	if i, ok := t.place[key]; ok {
		return t.unknowns[i]
	}
	u := &unknown{node: n, nullable: true}
	if n.op == opRef {
		s := t.symbol(n)
		u.nullable, u.options = s.Nullable || n.ref.Shift != Now, s.Options
	}
	t.place[key] = len(t.unknowns)
	t.unknowns = append(t.unknowns, u)
	return u
}

// spelling names a part so that equal parts have the same name.
func spelling(n *node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", n.op)
	switch n.op {
	case opRef, opItem:
		fmt.Fprintf(&b, "%q%d.%d", n.ref.ID, n.ref.Shift, n.ref.Times)
	case opConst:
		fmt.Fprintf(&b, "%s%q%t", n.value.Num.String(), n.value.Text, n.value.Bool)
	}
	fmt.Fprintf(&b, "%q%t(", n.words, n.cond)
	for _, a := range n.args {
		b.WriteString(spelling(a) + ",")
	}
	return b.String() + ")"
}

// near notes what the unknown sides of a comparison are compared with.
func (t *trial) near(n *node) {
	if n.op == opIn && !constant(n.args[0]) {
		u := t.unknown(n.args[0])
		u.words = append(u.words, n.words...)
		return
	}
	if len(n.args) != 2 || n.args[0].kind == Bool {
		return
	}
	for i, a := range n.args {
		if other := n.args[1-i]; !constant(a) && constant(other) && other.op != opNull {
			v := t.eval(other)
			u := t.unknown(a)
			u.near, u.words = append(u.near, v.Num), append(u.words, v.Text)
		}
	}
}

// spread chooses the values to try: all options, and numbers at, below, above
// and between those that the conditions name. It reports whether they are few
// enough.
func (t *trial) spread() bool {
	tries := 1
	for _, u := range t.unknowns {
		switch u.node.kind {
		case Bool:
			u.values = []Value{{}, {Bool: true}}
		case Text:
			u.values = texts(u.words, u.options)
		default:
			u.values = numbersAround(u.near)
		}
		if u.nullable {
			u.values = append(u.values, Value{Null: true})
		}
		if tries *= len(u.values); tries > maxTries {
			return false
		}
	}
	return true
}

func texts(words, options []string) []Value {
	if len(options) == 0 {
		options = append(slices.Clone(words), "\x00")
	}
	var out []Value
	for _, w := range options {
		if !slices.ContainsFunc(out, func(v Value) bool { return v.Text == w }) {
			out = append(out, Value{Text: w})
		}
	}
	return out
}

func numbersAround(near []exact.Num) []Value {
	near = slices.Clone(near)
	slices.SortFunc(near, exact.Num.Cmp)
	near = slices.CompactFunc(near, exact.Num.Equal)
	if len(near) == 0 {
		return []Value{{}}
	}
	one, half := exact.Int(1), exact.Int(2)
	out := []Value{number(near[0].Sub(one))}
	for i, x := range near {
		if i > 0 {
			out = append(out, number(near[i-1].Add(x).Quo(half)))
		}
		out = append(out, number(x))
	}
	return append(out, number(near[len(near)-1].Add(one)))
}

// each calls visit for every combination of values.
func (t *trial) each(visit func()) {
	for {
		visit()
		i := 0
		for ; i < len(t.unknowns); i++ {
			u := t.unknowns[i]
			if u.current++; u.current < len(u.values) {
				break
			}
			u.current = 0
		}
		if i == len(t.unknowns) {
			return
		}
	}
}

// eval works out a condition for the current combination.
func (t *trial) eval(n *node) Value {
	switch {
	case n.op == opConst:
		return n.value
	case n.op == opNull:
		return Value{Null: true}
	case !constant(n):
		if i, ok := t.place[spelling(n)]; ok {
			u := t.unknowns[i]
			return u.values[u.current]
		}
	}
	args := make([]Value, len(n.args))
	for i, a := range n.args {
		args[i] = t.eval(a)
	}
	return n.apply(args, nil)
}
