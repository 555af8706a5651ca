package formula

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// What a formula may be at most. A sentence of a regulation is far below.
const (
	maxSource  = 4000 // characters
	maxNodes   = 1000
	maxDepth   = 100
	maxLiteral = 40 // characters of one number
)

// Check parses a formula and checks names, kinds and units. The expression is
// nil if there is any problem; all problems that can be told apart are reported.
func Check(src string, scope Scope, opt Options) (*Expr, []Problem) {
	runes := []rune(src)
	whole := place{0, len(runes)}
	if len(runes) > maxSource {
		return nil, []Problem{whole.problem("formula", fmt.Sprintf("公式超过 %d 字", maxSource), fmt.Sprintf("the formula is longer than %d characters", maxSource), "", "")}
	}
	if strings.TrimSpace(src) == "" {
		return nil, []Problem{whole.problem("formula", "公式是空的", "the formula is empty", "", "")}
	}
	t := translate(src)
	if len(t.problems) > 0 {
		return nil, t.problems
	}
	tree, err := parse(string(t.out))
	if err != nil {
		return nil, []Problem{t.parseProblem(err)}
	}
	c := &checker{t: t, scope: scope, opt: opt, seen: map[Ref]bool{}}
	root := c.check(tree, Now, 0)
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return &Expr{source: src, root: root, refs: c.refs, unit: root.unit}, nil
}

// parse runs expr's parser alone, with every builtin off, so that sum and count
// are names like any other.
func parse(text string) (node ast.Node, err error) {
	config := &conf.Config{Disabled: map[string]bool{}, MaxNodes: maxNodes}
	for _, b := range builtin.Builtins {
		config.Disabled[b.Name] = true
	}
	config.Functions = conf.FunctionsTable{}
	for _, f := range functions {
		config.Functions[f.Alias] = &builtin.Function{Name: f.Alias}
	}
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil, err
	}
	return tree.Node, nil
}

func (t *translation) parseProblem(err error) Problem {
	at := len(t.source)
	message := err.Error()
	if e, ok := err.(*file.Error); ok {
		at, message = t.offset(e.From), e.Message
	}
	if at >= len(t.source) {
		return place{max(len(t.source)-1, 0), 1}.problem("formula", "公式不完整,可能缺少右括号或运算对象", "the formula ends too early ("+message+")", "核对括号是否成对", "check that brackets come in pairs")
	}
	what := string(t.source[at])
	if what == "=" {
		return place{at, 1}.problem("formula", "单个“=”没有意义", "a single = has no meaning", "比较写 ==", "write == to compare")
	}
	return place{at, 1}.problem("formula", "读不懂“"+what+"”处", "cannot read the formula at “"+what+"” ("+message+")", "", "")
}

// offset maps a character of what expr read to the source.
func (t *translation) offset(i int) int {
	if i >= len(t.place) {
		return len(t.source)
	}
	return t.place[i]
}

// checker turns expr's tree into nodes.
type checker struct {
	t        *translation
	scope    Scope
	opt      Options
	refs     []Ref
	seen     map[Ref]bool
	problems []Problem
}

func (c *checker) complain(at place, code, zh, en, hintZH, hintEN string) *node {
	c.problems = append(c.problems, at.problem(code, zh, en, hintZH, hintEN))
	return nil
}

func (c *checker) placeOf(n ast.Node) place {
	loc := n.Location()
	from := c.t.offset(loc.From)
	to := from
	if loc.To > loc.From {
		to = c.t.offset(loc.To-1) + 1
	}
	return place{from, max(to-from, 1)}
}

// check checks one node; nil means that a problem was reported below.
func (c *checker) check(n ast.Node, shift Shift, depth int) *node {
	at := c.placeOf(n)
	if depth > maxDepth {
		return c.complain(at, "formula", "公式嵌套太深", "the formula is nested too deeply", "", "")
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return c.name(n, at, shift)
	case *ast.BoolNode:
		return &node{op: opConst, kind: Bool, value: Value{Bool: n.Value}, shown: strconv.FormatBool(n.Value), at: at}
	case *ast.UnaryNode:
		return c.unary(n, at, shift, depth)
	case *ast.BinaryNode:
		return c.binary(n, at, shift, depth)
	case *ast.ConditionalNode:
		return c.conditional(n, shift, depth)
	case *ast.CallNode:
		return c.call(n, at, shift, depth)
	}
	return c.complain(at, "formula", "公式里不能用这种写法", "formulas cannot use this construct",
		"可用:+ - * / 比较 and or not in ?: 和列出的函数", "there are + - * /, comparisons, and, or, not, in, ?: and the listed functions")
}

func (c *checker) name(n *ast.IdentifierNode, at place, shift Shift) *node {
	if index, ok := strings.CutPrefix(n.Value, literalPrefix); ok {
		i, _ := strconv.Atoi(index)
		return c.t.literals[i].node(c.t.source)
	}
	at.length = len([]rune(n.Value))
	s, ok := c.scope.Lookup(n.Value)
	switch {
	case ok:
	case n.Value == "空" || n.Value == "none":
		return &node{op: opNull, at: at}
	case n.Value == "是" || n.Value == "否":
		return &node{op: opConst, kind: Bool, value: Value{Bool: n.Value == "是"}, shown: n.Value, at: at}
	default:
		hintZH, hintEN := suggestion(n.Value, c.scope.Names())
		return c.complain(at, "unknown-name", "“"+n.Value+"”没有定义", n.Value+" is not defined", hintZH, hintEN)
	}
	ref := Ref{s.ID, shift}
	if !c.seen[ref] {
		c.seen[ref] = true
		c.refs = append(c.refs, ref)
	}
	return &node{op: opRef, kind: s.Kind, unit: s.Unit, ref: ref, name: n.Value, words: s.Options, at: at}
}

func (l literal) node(source []rune) *node {
	n := &node{op: opConst, shown: string(source[l.offset : l.offset+l.size]), at: place{l.offset, l.size}}
	if l.isText {
		n.kind, n.value, n.shown = Text, Value{Text: l.text}, "“"+l.text+"”"
		return n
	}
	n.unit, n.value, n.flex = l.quantity.Unit, number(l.quantity.Value), l.quantity.Unit.IsBare()
	return n
}

func (c *checker) unary(n *ast.UnaryNode, at place, shift Shift, depth int) *node {
	x := c.check(n.Node, shift, depth+1)
	if x == nil {
		return nil
	}
	switch n.Operator {
	case "-", "+":
		if !c.want(x, Number) {
			return nil
		}
		if n.Operator == "+" {
			return x
		}
		return &node{op: opNeg, unit: x.unit, args: []*node{x}, flex: x.flex, at: at}
	case "not", "!":
		if !c.want(x, Bool) {
			return nil
		}
		return &node{op: opNot, kind: Bool, args: []*node{x}, at: at}
	}
	return c.complain(at, "formula", "没有“"+n.Operator+"”这种运算", "there is no operator "+n.Operator, "", "")
}

// kindNames says what a kind is called.
var kindNames = map[Kind][2]string{Number: {"数", "a number"}, Text: {"文字", "a text"}, Bool: {"是或否", "a yes or no"}, Date: {"日期", "a date"}}

func (c *checker) want(x *node, kind Kind) bool {
	if x.op != opNull && x.kind == kind {
		return true
	}
	got := kindNames[x.kind]
	if x.op == opNull {
		got = [2]string{"空", "none"}
	}
	c.complain(x.at, "formula", "这里要"+kindNames[kind][0]+",不是"+got[0], kindNames[kind][1]+" is wanted here, not "+got[1], "", "")
	return false
}

func (c *checker) binary(n *ast.BinaryNode, at place, shift Shift, depth int) *node {
	if n.Operator == "in" || n.Operator == "not in" {
		return c.membership(n, at, shift, depth)
	}
	x, y := c.check(n.Left, shift, depth+1), c.check(n.Right, shift, depth+1)
	if x == nil || y == nil {
		return nil
	}
	at = place{x.at.offset, max(y.at.offset+y.at.length-x.at.offset, 1)}
	switch n.Operator {
	case "+", "-":
		return c.sum(n.Operator, x, y, at)
	case "*", "/":
		if !c.want(x, Number) || !c.want(y, Number) {
			return nil
		}
		if n.Operator == "*" {
			return &node{op: opMul, unit: x.unit.Mul(y.unit), args: []*node{x, y}, flex: x.flex && y.flex, at: at}
		}
		return &node{op: opQuo, unit: x.unit.Quo(y.unit), args: []*node{x, y}, flex: x.flex && y.flex, at: at}
	case "and", "&&", "or", "||":
		if !c.want(x, Bool) || !c.want(y, Bool) {
			return nil
		}
		if n.Operator == "and" || n.Operator == "&&" {
			return &node{op: opAnd, kind: Bool, args: []*node{x, y}, at: at}
		}
		return &node{op: opOr, kind: Bool, args: []*node{x, y}, at: at}
	case "==", "!=", "<", "<=", ">", ">=":
		return c.comparison(n.Operator, x, y, at)
	}
	return c.complain(at, "formula", "没有“"+n.Operator+"”这种运算", "there is no operator "+n.Operator,
		"可用:+ - * / 比较 and or not in ?:", "there are + - * /, comparisons, and, or, not, in and ?:")
}

func (c *checker) sum(operator string, x, y *node, at place) *node {
	if !c.want(x, Number) || !c.want(y, Number) {
		return nil
	}
	u, ok := c.unify(at, x, y)
	if !ok {
		return nil
	}
	o := opAdd
	if operator == "-" {
		o = opSub
	}
	return &node{op: o, unit: u, args: []*node{x, y}, flex: x.flex && y.flex, at: at}
}

// unify finds the common unit of operands. A bare number takes the unit of a
// count or of points beside it; money must be written with its unit.
func (c *checker) unify(at place, nodes ...*node) (unit.Unit, bool) {
	var chosen *node
	for _, n := range nodes {
		if !n.flex && !isZero(n) && (chosen == nil || chosen.flex) {
			chosen = n
		} else if chosen == nil {
			chosen = n
		}
	}
	for _, n := range nodes {
		adapts := n.flex && (chosen.unit.IsCount() || chosen.unit.IsPoints())
		if n.unit.SameDimension(chosen.unit) || isZero(n) || adapts {
			continue
		}
		hintZH, hintEN := "同类的量才能相加或比较", "only like quantities can be added or compared"
		if n.flex {
			hintZH, hintEN = "在数字后写上单位,例如 "+n.shown+chosen.unit.String(), "write the unit after the number"
		}
		c.complain(at, "unit-mismatch", "单位不符:"+nameOf(n.unit)+"与"+nameOf(chosen.unit), nameEN(n.unit)+" does not go with "+nameEN(chosen.unit), hintZH, hintEN)
		return unit.Unit{}, false
	}
	return chosen.unit, true
}

func (c *checker) comparison(operator string, x, y *node, at place) *node {
	if x.op == opNull || y.op == opNull {
		if operator != "==" && operator != "!=" {
			return c.complain(at, "formula", "与空只能用 == 或 != 比较", "none is compared with == or != only", "", "")
		}
	} else if !c.comparable(operator, x, y, at) {
		return nil
	}
	switch operator {
	case ">":
		return &node{op: opLess, kind: Bool, args: []*node{y, x}, at: at}
	case ">=":
		return &node{op: opLessEqual, kind: Bool, args: []*node{y, x}, at: at}
	case "<":
		return &node{op: opLess, kind: Bool, args: []*node{x, y}, at: at}
	case "<=":
		return &node{op: opLessEqual, kind: Bool, args: []*node{x, y}, at: at}
	}
	equal := &node{op: opEqual, kind: Bool, args: []*node{x, y}, at: at}
	if operator == "==" {
		return equal
	}
	return &node{op: opNot, kind: Bool, args: []*node{equal}, at: at}
}

func (c *checker) comparable(operator string, x, y *node, at place) bool {
	if x.kind != y.kind {
		c.complain(at, "formula", "不能比较"+kindNames[x.kind][0]+"与"+kindNames[y.kind][0], "cannot compare "+kindNames[x.kind][1]+" with "+kindNames[y.kind][1], "", "")
		return false
	}
	switch x.kind {
	case Number:
		_, ok := c.unify(at, x, y)
		return ok
	case Text, Bool:
		if operator != "==" && operator != "!=" {
			c.complain(at, "formula", "文字和是否只能用 == 或 != 比较", "texts and yes or no are compared with == or != only", "", "")
			return false
		}
		return c.option(x, y) && c.option(y, x)
	}
	return true
}

// option checks a constant text against the texts a name may have.
func (c *checker) option(name, text *node) bool {
	if name.op != opRef || text.op != opConst || text.kind != Text || len(name.words) == 0 {
		return true
	}
	for _, w := range name.words {
		if w == text.value.Text {
			return true
		}
	}
	hintZH, hintEN := suggestion(text.value.Text, name.words)
	c.complain(text.at, "unknown-name", "“"+text.value.Text+"”不是"+name.name+"的取值", text.value.Text+" is not a value of "+name.name, hintZH, hintEN)
	return false
}

func (c *checker) membership(n *ast.BinaryNode, at place, shift Shift, depth int) *node {
	x := c.check(n.Left, shift, depth+1)
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return c.complain(at, "formula", "in 后面要写 [\"甲\", \"乙\"]", "after in write [\"a\", \"b\"]", "", "")
	}
	if x == nil || !c.want(x, Text) {
		return nil
	}
	result := &node{op: opIn, kind: Bool, args: []*node{x}, at: at}
	for _, item := range list.Nodes {
		y := c.check(item, shift, depth+1)
		if y == nil || !c.want(y, Text) || !c.option(x, y) {
			return nil
		}
		if y.op != opConst {
			return c.complain(y.at, "formula", "in 的列表里只能写文字", "the list after in holds texts only", "", "")
		}
		result.words = append(result.words, y.value.Text)
	}
	if n.Operator == "not in" {
		return &node{op: opNot, kind: Bool, args: []*node{result}, at: at}
	}
	return result
}

func (c *checker) conditional(n *ast.ConditionalNode, shift Shift, depth int) *node {
	cond, x, y := c.check(n.Cond, shift, depth+1), c.check(n.Exp1, shift, depth+1), c.check(n.Exp2, shift, depth+1)
	if cond == nil || x == nil || y == nil || !c.want(cond, Bool) {
		return nil
	}
	at := place{cond.at.offset, max(y.at.offset+y.at.length-cond.at.offset, 1)}
	if x.kind != y.kind || x.op == opNull || y.op == opNull {
		return c.complain(at, "formula", "“?:”两边要是同类的值", "both sides of ?: must be of one kind", "", "")
	}
	result := &node{op: opIf, kind: x.kind, args: []*node{cond, x, y}, at: at}
	if x.kind == Number {
		u, ok := c.unify(at, x, y)
		if !ok {
			return nil
		}
		result.unit, result.flex = u, x.flex && y.flex
	}
	return result
}

func (c *checker) call(n *ast.CallNode, at place, shift Shift, depth int) *node {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.complain(at, "formula", "公式里不能用这种写法", "formulas cannot use this construct", "", "")
	}
	nameAt := c.placeOf(callee)
	nameAt.length = len([]rune(callee.Value))
	f := functionNamed(callee.Value)
	if f == nil {
		hintZH, hintEN := suggestion(callee.Value, functionNames())
		return c.complain(nameAt, "unknown-name", "没有函数“"+callee.Value+"”", "there is no function "+callee.Value, hintZH, hintEN)
	}
	if len(n.Arguments) < f.least || f.most >= 0 && len(n.Arguments) > f.most {
		return c.complain(nameAt, "formula", f.Name+"要写成 "+f.Name+"("+f.Args+")", f.Alias+" is written "+f.Alias+"("+f.Args+")", "", "")
	}
	if !c.allowed(f, nameAt, shift) {
		return nil
	}
	if f.op == opShift {
		return c.check(n.Arguments[0], f.shift, depth+1)
	}
	result := &node{op: f.op, name: callee.Value, at: at}
	for _, a := range n.Arguments {
		x := c.check(a, shift, depth+1)
		if x == nil {
			return nil
		}
		result.args = append(result.args, x)
	}
	return c.typed(result)
}

func (c *checker) allowed(f *Function, at place, shift Shift) bool {
	switch {
	case f.op.isGroup() && !c.opt.Groups:
		c.complain(at, "formula", "这里不能用同业统计函数"+f.Name, f.Alias+" looks at the peer group and is not allowed here", "", "")
	case f.op == opShift && !c.opt.Shifts:
		c.complain(at, "formula", "这里不能用"+f.Name, f.Alias+" is not allowed here", "", "")
	case f.op == opShift && shift != Now:
		c.complain(at, "formula", "上期、环比、同比不能套用", "previous, preceding and year_ago cannot be nested", "", "")
	default:
		return true
	}
	return false
}

// typed checks the arguments of a call and works out kind and unit.
func (c *checker) typed(n *node) *node {
	kind := Number
	if n.op == opDays || n.op == opFullYears {
		kind = Date
	}
	for _, a := range n.args {
		if !c.want(a, kind) {
			return nil
		}
	}
	n.unit = n.args[0].unit
	switch n.op {
	case opVariance:
		n.unit = n.unit.Pow(2)
	case opCount, opRank, opFullYears:
		n.unit = unit.Unit{}
	case opDays:
		n.unit, _ = unit.Parse("天")
	case opPercentile:
		return c.percentile(n)
	case opRound, opTruncate:
		return c.places(n)
	case opMin, opMax, opClamp:
		u, ok := c.unify(n.at, n.args...)
		if !ok {
			return nil
		}
		n.unit = u
	}
	return n
}

func (c *checker) percentile(n *node) *node {
	p := n.args[1]
	if p.op != opConst || p.unit.Dim() != "" || p.value.Num.Sign() < 0 || p.value.Num.Cmp(exact.Int(1)) > 0 {
		return c.complain(p.at, "formula", "百分位要写 0% 到 100% 之间的数", "a percentile is a number from 0% to 100%", "例如 百分位(x, 65%)", "for example percentile(x, 65%)")
	}
	return n
}

// places checks the number of decimals: it is a small whole number, and the
// rounded value counts in the unit of its argument.
func (c *checker) places(n *node) *node {
	p := n.args[1]
	k, ok := smallInt(p)
	if !ok || k < 0 || k > 12 {
		return c.complain(p.at, "formula", "小数位数要写 0 到 12 的整数", "the number of decimals is a whole number from 0 to 12", "", "")
	}
	return n
}

func smallInt(n *node) (int, bool) {
	if n.op != opConst || n.kind != Number || !n.value.Num.IsInt() {
		return 0, false
	}
	v, _, ok := n.value.Num.Small()
	return int(v), ok && v > -1000 && v < 1000
}

func functionNames() []string {
	var names []string
	for _, f := range functions {
		names = append(names, f.Name, f.Alias)
	}
	return names
}
