package formula

import (
	"slices"
	"strings"

	"kaoping/engine/unit"
)

// Step is one line of a calculation, in Chinese and in English.
type Step struct{ ZH, EN string }

// Trace tells how an expression came out for one row: the formula with its
// figures filled in, and the result in the unit given to Want. show says how the
// caller prints an input. A conditional shows its condition and the branch that
// was taken.
func Trace(e *Expr, in Input, row int, show func(Ref, Value) (zh, en string)) ([]Step, error) {
	if !looksAround(e.root) {
		in, row = in.only(row), 0
	}
	t := &tracer{machine: &machine{in: in, done: map[*node]*Column{}}, row: row, show: show}
	if _, err := t.machine.column(e.root); err != nil {
		return nil, err
	}
	body := t.fill(e.root, 0)
	result := t.result(e)
	return append(t.steps, Step{body.ZH + " = " + result.ZH, body.EN + " = " + result.EN}), nil
}

// looksAround reports whether a row depends on other rows.
func looksAround(n *node) bool {
	return n.op.isGroup() || slices.ContainsFunc(n.args, looksAround)
}

// only returns an input with a single row of in.
func (in Input) only(row int) Input {
	return Input{Rows: 1, Calendar: in.Calendar, Column: func(r Ref) (*Column, error) {
		c, err := (&machine{in: in}).input(r)
		if err != nil {
			return nil, err
		}
		return c.cut(row, row+1), nil
	}}
}

type tracer struct {
	machine *machine
	row     int
	show    func(Ref, Value) (zh, en string)
	steps   []Step
}

// statusWords say why there is no value.
var statusWords = map[Status]Step{
	Missing:         {"缺数据", "missing"},
	ZeroDenominator: {"分母为零", "zero denominator"},
	TooLarge:        {"位数过多", "too many digits"},
}

func (t *tracer) value(n *node) Value { return t.machine.done[n].At(t.row) }

func (t *tracer) result(e *Expr) Step {
	v := t.value(e.root)
	if v.Status != OK {
		return statusWords[v.Status]
	}
	if e.Kind() == Number && !v.Null {
		s := unit.Quantity{Value: v.Num, Unit: e.unit}.Natural().String()
		return Step{s, s}
	}
	return plain(e.root, v)
}

func plain(n *node, v Value) Step {
	switch {
	case v.Null:
		return Step{"空", "none"}
	case n.kind == Bool && v.Bool:
		return Step{"是", "yes"}
	case n.kind == Bool:
		return Step{"否", "no"}
	case n.kind == Text:
		return Step{"“" + v.Text + "”", "“" + v.Text + "”"}
	case n.kind == Date:
		s := moment(v.Num)
		return Step{s, s}
	}
	s := unit.Quantity{Value: v.Num, Unit: n.unit}.Natural().String()
	return Step{s, s}
}

// signs are how operations are printed, with how tightly they bind.
var signs = map[op]struct {
	sign  string
	level int
}{opOr: {"", 1}, opAnd: {"", 2}, opEqual: {" = ", 3}, opNotEqual: {" ≠ ", 3}, opLess: {" < ", 3}, opLessEqual: {" ≤ ", 3},
	opAdd: {" + ", 4}, opSub: {" − ", 4}, opMul: {" × ", 5}, opQuo: {" ÷ ", 5}}

// turned are the signs of comparisons that are computed the other way round.
var turned = map[op]string{opLess: " > ", opLessEqual: " ≥ "}

// fill prints a node with its figures; level is how tightly the place binds.
func (t *tracer) fill(n *node, level int) Step {
	switch n.op {
	case opConst:
		return Step{n.shown, n.shown}
	case opNull:
		return Step{"空", "none"}
	case opRef:
		zh, en := t.show(n.ref, t.value(n))
		return Step{zh, en}
	case opNeg:
		x := t.fill(n.args[0], 6)
		return Step{"−" + x.ZH, "−" + x.EN}
	case opNot:
		x := t.fill(n.args[0], 0)
		return Step{"并非(" + x.ZH + ")", "not (" + x.EN + ")"}
	case opIf:
		return t.branch(n, level)
	case opIn:
		x := t.fill(n.args[0], 3)
		list := strings.Join(n.words, "、")
		return Step{x.ZH + " 属于 " + list, x.EN + " in " + list}
	}
	if s, ok := signs[n.op]; ok {
		return t.infix(n, s.sign, s.level, level)
	}
	return t.function(n)
}

func (t *tracer) infix(n *node, sign string, own, level int) Step {
	zh, en := sign, sign
	switch n.op {
	case opOr:
		zh, en = " 或 ", " or "
	case opAnd:
		zh, en = " 且 ", " and "
	}
	x, y := t.fill(n.args[0], own), t.fill(n.args[1], own+1)
	if n.swapped {
		x, y = y, x
		zh, en = turned[n.op], turned[n.op]
	}
	s := Step{x.ZH + zh + y.ZH, x.EN + en + y.EN}
	if own < level {
		return Step{"(" + s.ZH + ")", "(" + s.EN + ")"}
	}
	return s
}

// branch tells the condition as a step of its own and goes on with the branch
// that was taken.
func (t *tracer) branch(n *node, level int) Step {
	cond := t.fill(n.args[0], 0)
	taken := n.args[2]
	answer := Step{"否", "no"}
	v := t.value(n.args[0])
	if v.Bool {
		taken, answer = n.args[1], Step{"是", "yes"}
	}
	if v.Status != OK {
		answer = statusWords[v.Status]
	}
	t.steps = append(t.steps, Step{cond.ZH + "? " + answer.ZH, cond.EN + "? " + answer.EN})
	if v.Status != OK {
		return Step{"无法判断", "undecided"}
	}
	return t.fill(taken, level)
}

func (t *tracer) function(n *node) Step {
	f := functionNamed(n.name)
	if n.op.isGroup() {
		v := t.value(n)
		s := plain(n, v)
		if v.Status != OK {
			s = statusWords[v.Status]
		}
		if n.cond {
			return Step{f.Name + "(符合条件的) " + s.ZH, f.Alias + " (where the condition holds) " + s.EN}
		}
		return Step{f.Name + " " + s.ZH, f.Alias + " " + s.EN}
	}
	var zh, en []string
	for _, a := range n.args {
		if n.op == opYearToDate && t.value(a).Null {
			continue // before the year began
		}
		x := t.fill(a, 0)
		zh, en = append(zh, x.ZH), append(en, x.EN)
	}
	return Step{f.Name + "(" + strings.Join(zh, ", ") + ")", f.Alias + "(" + strings.Join(en, ", ") + ")"}
}
