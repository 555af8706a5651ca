package formula

import "github.com/expr-lang/expr/ast"

// vantage is the period from which a part of a formula sees its names.
type vantage struct {
	shift Shift
	times uint8
}

// shifted checks the argument of a function that looks at another period.
func (c *checker) shifted(f *Function, x ast.Node, at place, from vantage, depth int) *node {
	next, ok := from.further(f.shift)
	if !ok {
		return c.notFurther(at, from.shift == f.shift)
	}
	if call, isCall := x.(*ast.CallNode); isCall && f.shift == YearAgo && from.shift == Now {
		if name, named := call.Callee.(*ast.IdentifierNode); named && functionNamed(name.Value) != nil && functionNamed(name.Value).op == opYearToDate {
			next = vantage{LastYear, 0}
		}
	}
	return c.check(x, next, depth+1)
}

func (c *checker) notFurther(at place, same bool) *node {
	if same {
		return c.complain(at, "formula", "最多往前看 12 期", "a formula looks back 12 periods at most", "", "")
	}
	return c.complain(at, "formula", "上期、环比、同比等不能互相套用", "previous, preceding, year_ago and the like cannot be mixed in one another",
		"同一个可以套用,例如 上期(上期(x));同比(本年累计(x)) 也可以", "one of them can be repeated, as in previous(previous(x)); year_ago(year_to_date(x)) works too")
}

// further returns the vantage one shift further back. Shifts of different kinds do
// not go together.
func (v vantage) further(s Shift) (vantage, bool) {
	switch {
	case v.shift == Now:
		return vantage{s, 1}, true
	case v.shift != s || s > YearAgo || v.times >= MaxTimes:
		return v, false
	}
	return vantage{s, v.times + 1}, true
}

// window checks 近期合计(x, n), 近期平均(x, n) and 连续(c, n): the argument as
// seen from n periods. A window within a window would look at n × n of them.
func (c *checker) window(f *Function, call *ast.CallNode, at place, from vantage, depth int) *node {
	n, ok := c.windowLength(call.Arguments[1], from, depth)
	switch {
	case !ok:
		return nil
	case c.windowed:
		return c.complain(at, "formula", "近期合计、近期平均、连续不能互相套用", "window_sum, window_mean and streak cannot be nested", "", "")
	}
	c.windowed = true
	defer func() { c.windowed = false }()
	result := &node{op: f.op, name: f.Name, at: at}
	for i := range n {
		if i > 0 {
			if from, ok = from.further(Previous); !ok {
				return c.notFurther(at, from.shift == Previous)
			}
		}
		x := c.check(call.Arguments[0], from, depth+1)
		if x == nil || !c.want(x, f.windowKind()) {
			return nil // the other periods would only repeat it
		}
		result.args = append(result.args, x)
	}
	first := result.args[0]
	result.kind, result.unit, result.mixed = first.kind, first.unit, first.mixed
	result.at = at.join(first.at)
	return result
}

func (f *Function) windowKind() Kind {
	if f.op == opStreak {
		return Bool
	}
	return Number
}

func (c *checker) windowLength(a ast.Node, from vantage, depth int) (int, bool) {
	x := c.check(a, from, depth+1)
	if x == nil {
		return 0, false
	}
	n, ok := smallInt(x)
	if !ok || n < 1 || n > MaxTimes {
		c.complain(x.at, "formula", "期数要写 1 到 12 的整数", "the number of periods is a whole number from 1 to 12", "", "")
		return 0, false
	}
	return n, true
}

// yearToDate checks 本年累计(x): x must be a name, since a sum of ratios over the
// periods of a year is not the ratio of the year.
func (c *checker) yearToDate(f *Function, call *ast.CallNode, at place, from vantage) *node {
	shift := ThisYear
	switch {
	case from.shift == LastYear:
		shift = LastYear
	case from.shift != Now:
		return c.notFurther(at, false)
	}
	name, ok := call.Arguments[0].(*ast.IdentifierNode)
	if !ok {
		return c.complain(c.placeOf(call.Arguments[0]), "formula", f.Name+"里要写一个名称", f.Alias+" takes a name",
			"例如 本年累计(a) / 本年累计(b)", "for example year_to_date(a) / year_to_date(b)")
	}
	result := &node{op: opYearToDate, name: f.Name, at: at}
	for i := range uint8(MaxTimes) {
		x := c.name(name, c.placeOf(name), vantage{shift, i})
		if x == nil || !c.want(x, Number) {
			return nil
		}
		result.args = append(result.args, x)
	}
	result.unit, result.at = result.args[0].unit, at.join(result.args[0].at)
	return result
}

// item checks 得分(项目) and its kin: the scope knows them under the name of the
// function, a blank and the item as written.
func (c *checker) item(f *Function, call *ast.CallNode, at place, from vantage) *node {
	a := call.Arguments[0]
	word, where, ok := c.written(a)
	if !ok {
		return c.complain(c.placeOf(a), "formula", f.Name+"里要写项目的名称", f.Alias+" takes the name of an item", "", "")
	}
	for _, prefix := range []string{f.Name, f.Alias, f.item} {
		if s, known := c.scope.Lookup(prefix + " " + word); known {
			return c.reference(s, f.Name+"("+word+")", at.join(where), from)
		}
	}
	c.problems = append(c.problems, where.unknownItem(f, word, c.scope))
	return nil
}

// written returns a name or text of a formula as it was written.
func (c *checker) written(a ast.Node) (string, place, bool) {
	name, ok := a.(*ast.IdentifierNode)
	if !ok {
		return "", place{}, false
	}
	at := c.placeOf(a)
	if l := c.t.literalOf(name.Value); l != nil {
		return l.text, place{l.offset, l.size}, l.isText
	}
	at.length = len([]rune(name.Value))
	return name.Value, at, true
}
