package formula

import (
	"slices"
	"strings"

	"kaoping/engine/unit"
)

// called checks a call whose arguments are checked. A condition on who enters a
// group function stands last and is no part of what is typed.
func (c *checker) called(f *Function, n *node, at place) *node {
	last := n.args[len(n.args)-1]
	if !f.cond || last.kind != Bool || len(n.args) == f.least && f.op != opCount && f.op != opUnitsCount {
		if f.most >= 0 && len(n.args) > f.most {
			return c.usage(f, at)
		}
		return c.typed(n)
	}
	rest := n.args[:len(n.args)-1]
	if len(rest) == 0 { // 家数(条件)
		n.cond = true
		return n
	}
	n.args = rest
	if c.typed(n) == nil {
		return nil
	}
	n.args, n.cond = append(slices.Clone(n.args), last), true
	return n
}

// ofDates gives what is computed from dates or texts its kind and unit.
func (n *node) ofDates() *node {
	switch n.op {
	case opSameDay, opContains, opStartsWith:
		n.kind = Bool
	case opDays:
		n.unit, _ = unit.Parse("天")
	case opWorkingDays:
		n.unit, _ = unit.Parse("工作日")
	case opWorkingHours, opHours:
		n.unit, _ = unit.Parse("小时")
	case opMinutes:
		n.unit, _ = unit.Parse("分钟")
	}
	return n
}

// orElse checks that both values are of one kind and, if numbers, of one unit.
func (c *checker) orElse(n *node) *node {
	x, y := n.args[0], n.args[1]
	if x.kind == Date {
		c.dateOf(x, y)
	}
	if x.op == opNull || y.op == opNull || !c.want(y, x.kind) {
		if x.op == opNull || y.op == opNull {
			c.complain(n.at, "formula", "缺则里不能写空", "or_else does not take none", "", "")
		}
		return nil
	}
	n.kind = x.kind
	if x.kind != Number {
		return n
	}
	u, ok := c.unify(n.at, x, y)
	if !ok {
		return nil
	}
	n.unit, n.flex, n.mixed = u, x.flex && y.flex, mixed(x, y)
	return n
}

func (c *checker) addWorkingDays(n *node) *node {
	date, days := n.args[0], n.args[1]
	if !c.dateOf(&node{kind: Date}, date) && !c.want(date, Date) || !c.want(days, Number) {
		return nil
	}
	n.kind = Date
	if u := days.unit; !u.IsBare() && u.Dim() != "工作日^1" {
		return c.complain(days.at, "unit-mismatch", "这里要工作日数,不是"+nameOf(u), "a number of working days is wanted here, not "+nameEN(u), "例如 加工作日(收件日期, 3)", "for example add_working_days(received, 3)")
	}
	if days.op == opConst && !days.value.Num.IsInt() {
		return c.complain(days.at, "formula", "工作日数要写整数", "the number of working days is a whole number", "", "")
	}
	return n
}

// squareRoot checks that there is a unit whose square is that of the argument.
func (c *checker) squareRoot(n *node) *node {
	x := n.args[0]
	root, ok := x.unit.Root()
	if !ok {
		return c.complain(x.at, "unit-mismatch", nameOf(x.unit)+"没有平方根", nameEN(x.unit)+" has no square root", "例如 平方根(方差(x), 2)", "for example sqrt(variance(x), 2)")
	}
	n.unit, n.mixed = root, isCompound(root)
	return c.rounding(n)
}

// unknownItem says that there is no such item and what was perhaps meant.
func (p place) unknownItem(f *Function, word string, scope Scope) Problem {
	var known []string
	for _, name := range scope.Names() {
		for _, prefix := range []string{f.Name, f.Alias, f.item} {
			if rest, ok := strings.CutPrefix(name, prefix+" "); ok && !slices.Contains(known, rest) {
				known = append(known, rest)
			}
		}
	}
	hintZH, hintEN := suggestion(word, known)
	return p.problem("unknown-name", "没有项目“"+word+"”,或者这里不能用它的"+f.Name, "there is no item “"+word+"”, or its "+f.Alias+" cannot be used here", hintZH, hintEN)
}
