package formula

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

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
	t := translate(src, scope)
	if len(t.problems) > 0 {
		return nil, inOrder(append(t.problems, t.unknown()...))
	}
	tree, err := parse(string(t.out))
	if err != nil {
		return nil, inOrder(append(t.unknown(), t.parseProblem(err)))
	}
	c := &checker{t: t, scope: scope, opt: opt, seen: map[Ref]bool{}}
	root := c.check(tree, vantage{}, 0)
	if root != nil && root.op == opNull {
		c.complain(root.at, "formula", "空只能用 == 或 != 比较", "none is compared with == or != only", "", "")
	}
	if len(c.problems) > 0 {
		return nil, inOrder(c.problems)
	}
	return &Expr{source: src, root: root, refs: c.refs, unit: root.unit}, nil
}

// inOrder sorts problems by their place; one that repeats another goes.
func inOrder(list []Problem) []Problem {
	slices.SortStableFunc(list, func(a, b Problem) int { return a.Offset - b.Offset })
	return slices.Compact(list)
}

// plainCalls makes every builtin of expr an ordinary name: a function that the
// configuration knows is never taken for a builtin.
var plainCalls = func() *conf.Config {
	config := conf.CreateNew()
	config.MaxNodes = maxNodes
	for _, b := range builtin.Builtins {
		config.Functions[b.Name] = b
	}
	return config
}()

// parse runs expr's parser alone.
func parse(text string) (ast.Node, error) {
	tree, err := parser.ParseWithConfig(text, plainCalls)
	if err != nil {
		return nil, err
	}
	return tree.Node, nil
}

// parseProblem says in other words than expr's why a formula cannot be read:
// expr has not seen the formula as it was written.
func (t *translation) parseProblem(err error) Problem {
	e, ok := err.(*file.Error)
	if !ok {
		return place{0, len(t.source)}.problem("formula", "公式读不懂", "the formula cannot be read", "", "")
	}
	message := e.Message
	if strings.HasPrefix(message, "compilation failed") {
		return place{0, len(t.source)}.problem("formula", "公式太长", "the formula is too long", "拆成几个指标", "split it into several metrics")
	}
	at := t.offset(e.From)
	if strings.Contains(message, "token EOF") || strings.Contains(message, "end of expression") || at >= len(t.source) {
		end := len([]rune(strings.TrimRightFunc(string(t.source), unicode.IsSpace)))
		return place{max(end-1, 0), 1}.problem("formula", "公式不完整:末尾还缺一个数或名称", "the formula ends too early: a number or a name is missing", "", "")
	}
	word := t.wordAt(at)
	here := place{at, len([]rune(word))}
	switch {
	case word == "=":
		return here.problem("formula", "单个“=”没有意义", "a single = has no meaning", "比较写 ==", "write == to compare")
	case word == ",", word == "，":
		return here.problem("formula", "这里不能有逗号", "a comma cannot stand here",
			"千位逗号写作 1,234.5:每组三位,没有空格", "thousands are written 1,234.5: three digits a group, no blanks")
	case strings.Contains(message, "token Identifier("), strings.Contains(message, "token String("), strings.Contains(message, `Bracket("(")`):
		return here.problem("formula", "“"+word+"”前面缺运算符", "an operator is missing before “"+word+"”", "例如 + - × ÷ and or", "such as + - * / and or")
	case strings.Contains(message, "unrecognized character"):
		return here.problem("formula", "公式里不能用字符“"+word+"”", "the character “"+word+"” cannot be used in a formula", "", "")
	}
	return here.problem("formula", "“"+word+"”不应出现在这里", "“"+word+"” cannot stand here", "", "")
}

// wordAt returns the literal, name or sign that stands at a place of the source.
func (t *translation) wordAt(at int) string {
	for _, l := range t.literals {
		if at == l.offset {
			return string(t.source[at : at+l.size])
		}
	}
	return string(t.source[at:max(t.wordEnd(at), at+1)])
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
	windowed bool // inside 近期合计, 近期平均 or 连续
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
func (c *checker) check(n ast.Node, from vantage, depth int) *node {
	at := c.placeOf(n)
	if depth > maxDepth {
		return c.complain(at, "formula", "公式嵌套太深", "the formula is nested too deeply", "", "")
	}
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return c.name(n, at, from)
	case *ast.BoolNode:
		return &node{op: opConst, kind: Bool, value: Value{Bool: n.Value}, shown: strconv.FormatBool(n.Value), at: at}
	case *ast.UnaryNode:
		return c.unary(n, at, from, depth)
	case *ast.BinaryNode:
		return c.binary(n, at, from, depth)
	case *ast.ConditionalNode:
		return c.conditional(n, from, depth)
	case *ast.CallNode:
		return c.call(n, at, from, depth)
	}
	return c.complain(at, "formula", "公式里不能用这种写法", "formulas cannot use this construct",
		"可用:+ - * / 比较 and or not in ?: 和列出的函数", "there are + - * /, comparisons, and, or, not, in, ?: and the listed functions")
}

func (c *checker) name(n *ast.IdentifierNode, at place, from vantage) *node {
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
		c.problems = append(c.problems, at.unknownName(n.Value, c.scope))
		return nil
	}
	return c.reference(s, n.Value, at, from)
}

// reference makes a node of a declared name.
func (c *checker) reference(s Symbol, name string, at place, from vantage) *node {
	ref := Ref{s.ID, from.shift, from.times}
	if !c.seen[ref] {
		c.seen[ref] = true
		c.refs = append(c.refs, ref)
	}
	return &node{op: opRef, kind: s.Kind, unit: s.Unit, ref: ref, name: name, words: s.Options, at: at}
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

// constantWords are the names that stand for values, unless a scope declares them.
var constantWords = map[string]bool{"空": true, "none": true, "是": true, "否": true, "true": true, "false": true}

// chineseOperators are words that officers write where expr has an operator.
var chineseOperators = map[string]string{"且": "and", "并且": "and", "和": "and", "或": "or", "或者": "or", "非": "not", "不是": "!=", "属于": "in", "等于": "=="}

func (p place) unknownName(name string, scope Scope) Problem {
	hintZH, hintEN := suggestion(name, scope.Names())
	if functionNamed(name) != nil {
		hintZH, hintEN = name+" 是函数,后面要写括号", name+" is a function: brackets must follow"
	} else if sign, ok := chineseOperators[name]; ok {
		hintZH, hintEN = "运算符写作 "+sign, "the operator is written "+sign
	}
	return p.problem("unknown-name", "“"+name+"”没有定义", name+" is not defined", hintZH, hintEN)
}

func (c *checker) unary(n *ast.UnaryNode, at place, from vantage, depth int) *node {
	x := c.check(n.Node, from, depth+1)
	if x == nil {
		return nil
	}
	at = at.join(x.at)
	switch n.Operator {
	case "-", "+":
		if !c.want(x, Number) {
			return nil
		}
		if n.Operator == "+" {
			return x
		}
		return &node{op: opNeg, unit: x.unit, args: []*node{x}, flex: x.flex, mixed: x.mixed, at: at}
	case "not", "!":
		if x.op != opNull && x.kind != Bool {
			return c.complain(at, "formula", "not 后面要是或否,不是"+kindNames[x.kind][0], "after not stands a yes or no, not "+kindNames[x.kind][1],
				"否定整个条件要加括号:not (a == b)", "to negate a whole condition use brackets: not (a == b)")
		}
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

func (c *checker) binary(n *ast.BinaryNode, at place, from vantage, depth int) *node {
	if n.Operator == "in" {
		return c.membership(n, at, from, depth)
	}
	if chained(n) {
		return c.complain(at, "formula", "连写的比较,中间只能是名称或数", "in a chain of comparisons only a name or a number stands in the middle",
			"写成 a < b and b < c", "write a < b and b < c")
	}
	x, y := c.check(n.Left, from, depth+1), c.check(n.Right, from, depth+1)
	if x == nil || y == nil {
		return nil
	}
	at = x.at.join(y.at)
	switch n.Operator {
	case "+", "-":
		return c.sum(n.Operator, x, y, at)
	case "*", "/":
		if !c.want(x, Number) || !c.want(y, Number) {
			return nil
		}
		return c.product(n.Operator, x, y, at)
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
	return &node{op: o, unit: u, args: []*node{x, y}, flex: x.flex && y.flex, mixed: mixed(x, y), at: at}
}

// chained reports whether a < b < c has more than a name or a number in its
// middle. expr puts that node into two comparisons; nested, such formulas would
// take for ever to walk.
func chained(n *ast.BinaryNode) bool {
	right, ok := n.Right.(*ast.BinaryNode)
	if !ok || n.Operator != "&&" {
		return false
	}
	left, ok := n.Left.(*ast.BinaryNode)
	if ok && left.Operator == "&&" {
		left, ok = left.Right.(*ast.BinaryNode)
	}
	if !ok || left.Right != right.Left {
		return false
	}
	_, simple := right.Left.(*ast.IdentifierNode)
	return !simple
}

func (c *checker) product(operator string, x, y *node, at place) *node {
	n := &node{op: opMul, args: []*node{x, y}, flex: x.flex && y.flex, at: at}
	if operator == "*" {
		n.unit = x.unit.Mul(y.unit)
	} else {
		n.op, n.unit = opQuo, x.unit.Quo(y.unit)
	}
	n.mixed = isCompound(n.unit)
	return n
}

func (c *checker) comparison(operator string, x, y *node, at place) *node {
	if x.op == opNull || y.op == opNull {
		if operator != "==" && operator != "!=" {
			return c.complain(at, "formula", "与空只能用 == 或 != 比较", "none is compared with == or != only", "", "")
		}
	} else if !c.comparable(operator, x, y, at) {
		return nil
	} else if operator == "!=" {
		return &node{op: opNotEqual, kind: Bool, args: []*node{x, y}, at: at}
	}
	switch operator {
	case ">":
		return &node{op: opLess, kind: Bool, args: []*node{y, x}, at: at, swapped: true}
	case ">=":
		return &node{op: opLessEqual, kind: Bool, args: []*node{y, x}, at: at, swapped: true}
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
	if x.kind != y.kind && (c.dateOf(x, y) || c.dateOf(y, x)) {
		return true
	}
	if x.kind != y.kind {
		c.complain(at, "formula", "不能比较"+kindNames[x.kind][0]+"与"+kindNames[y.kind][0], "cannot compare "+kindNames[x.kind][1]+" with "+kindNames[y.kind][1], "", "")
		return false
	}
	switch x.kind {
	case Number:
		_, ok := c.unify(at, x, y)
		return ok && c.percent(x, y) && c.percent(y, x)
	case Text, Bool:
		if operator != "==" && operator != "!=" {
			c.complain(at, "formula", "文字和是否只能用 == 或 != 比较", "texts and yes or no are compared with == or != only", "", "")
			return false
		}
		return c.option(x, y) && c.option(y, x)
	}
	return true
}

// percent refuses 及时率 >= 80: the rate is a fraction shown in %, so 80 would be
// 8000%.
func (c *checker) percent(name, n *node) bool {
	u := name.unit
	if name.op != opRef || !n.flex || n.op != opConst || u.Dim() != "" || u.IsBare() || n.value.Num.Abs().Cmp(exact.Int(1)) <= 0 {
		return true
	}
	c.complain(n.at, "unit-mismatch", "“"+name.name+"”以 "+u.String()+" 计:这里的 "+n.shown+" 是倍数还是百分数?", name.name+" counts in "+u.String()+": is "+n.shown+" a multiple or a percentage?",
		"百分数写作 "+n.shown+"%,倍数写作 "+u.To(n.value.Num).Shortest(6)+u.String(), "write "+n.shown+"%, or "+u.To(n.value.Num).Shortest(6)+u.String()+" for the multiple")
	return false
}

// dateOf turns a text such as "2024-06-30" into a day where it meets a date.
func (c *checker) dateOf(date, text *node) bool {
	if date.kind != Date || text.op != opConst || text.kind != Text {
		return false
	}
	t, ok := parseMoment(text.value.Text)
	if !ok {
		return false
	}
	text.kind, text.value = Date, number(t)
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

func (c *checker) membership(n *ast.BinaryNode, at place, from vantage, depth int) *node {
	x := c.check(n.Left, from, depth+1)
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok || len(list.Nodes) == 0 {
		return c.complain(at.join(c.placeOf(n.Right)), "formula", "in 后面要写 [\"甲\", \"乙\"]", "after in write [\"a\", \"b\"]", "", "")
	}
	if x == nil || !c.want(x, Text) {
		return nil
	}
	result := &node{op: opIn, kind: Bool, args: []*node{x}, at: at}
	for _, item := range list.Nodes {
		y := c.check(item, from, depth+1)
		if y == nil || !c.want(y, Text) || !c.option(x, y) {
			return nil
		}
		if y.op != opConst {
			return c.complain(y.at, "formula", "in 的列表里只能写文字", "the list after in holds texts only", "", "")
		}
		result.words = append(result.words, y.value.Text)
	}
	result.at = x.at.join(c.placeOf(list))
	return result
}

func (c *checker) conditional(n *ast.ConditionalNode, from vantage, depth int) *node {
	if !n.Ternary || n.Cond == n.Exp1 {
		return c.complain(c.placeOf(n.Cond), "formula", "公式里不能用这种写法", "formulas cannot use this construct", "写成 条件 ? 甲 : 乙", "write condition ? a : b")
	}
	cond, x, y := c.check(n.Cond, from, depth+1), c.check(n.Exp1, from, depth+1), c.check(n.Exp2, from, depth+1)
	if cond == nil || x == nil || y == nil || !c.want(cond, Bool) {
		return nil
	}
	at := cond.at.join(y.at)
	if x.kind != y.kind || x.op == opNull || y.op == opNull {
		return c.complain(at, "formula", "“?:”两边要是同类的值", "both sides of ?: must be of one kind", "", "")
	}
	result := &node{op: opIf, kind: x.kind, args: []*node{cond, x, y}, at: at}
	if x.kind == Number {
		u, ok := c.unify(x.at.join(y.at), x, y)
		if !ok {
			return nil
		}
		result.unit, result.flex, result.mixed = u, x.flex && y.flex, mixed(x, y)
	}
	return result
}

func (c *checker) call(n *ast.CallNode, at place, from vantage, depth int) *node {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return c.complain(at, "formula", "公式里不能用这种写法", "formulas cannot use this construct", "", "")
	}
	nameAt := c.placeOf(callee)
	nameAt.length = len([]rune(c.t.wordAt(nameAt.offset)))
	f := functionNamed(callee.Value)
	if f == nil && strings.HasPrefix(callee.Value, literalPrefix) {
		return c.complain(nameAt, "formula", "括号前面缺运算符", "an operator is missing before the bracket", "例如 + - × ÷", "such as + - * /")
	}
	if f == nil {
		hintZH, hintEN := suggestion(callee.Value, functionNames())
		return c.complain(nameAt, "unknown-name", "没有函数“"+callee.Value+"”", "there is no function "+callee.Value, hintZH, hintEN)
	}
	if !f.takes(len(n.Arguments)) {
		return c.usage(f, nameAt)
	}
	if !c.allowed(f, nameAt) {
		return nil
	}
	switch f.op {
	case opShift:
		return c.shifted(f, n.Arguments[0], nameAt, from, depth)
	case opWindowSum, opWindowMean, opStreak:
		return c.window(f, n, nameAt, from, depth)
	case opYearToDate:
		return c.yearToDate(f, n, nameAt, from)
	case opItem:
		return c.item(f, n, nameAt, from)
	}
	result := &node{op: f.op, name: f.Name, at: nameAt}
	for _, a := range n.Arguments {
		if x := c.check(a, from, depth+1); x != nil {
			result.args = append(result.args, x)
			result.at = result.at.join(x.at)
		}
	}
	if len(result.args) < len(n.Arguments) {
		return nil
	}
	return c.called(f, result, nameAt)
}

// usage says how a function is written.
func (c *checker) usage(f *Function, at place) *node {
	hintZH, hintEN := "", ""
	if f.cond {
		hintZH, hintEN = "最后还可以写一个条件", "a condition may stand behind it"
	}
	return c.complain(at, "formula", f.Name+"要写成 "+f.Name+"("+f.Args+")", f.Alias+" is written "+f.Alias+"("+f.Args+")", hintZH, hintEN)
}

// takes reports whether the function may have so many arguments.
func (f *Function) takes(n int) bool {
	most := f.most
	if f.cond {
		most++
	}
	return n >= f.least && (f.most < 0 || n <= most)
}

func (c *checker) allowed(f *Function, at place) bool {
	switch {
	case f.op.isGroup() && !c.opt.Groups:
		c.complain(at, "formula", "这里不能用同业统计函数"+f.Name, f.Alias+" looks at the peer group and is not allowed here", "", "")
	case f.looksBack() && !c.opt.Shifts:
		c.complain(at, "formula", "这里不能用"+f.Name, f.Alias+" is not allowed here", "", "")
	default:
		return true
	}
	return false
}

// typed checks the arguments of a call and works out kind and unit.
func (c *checker) typed(n *node) *node {
	kind, numbers := Number, n.args
	switch n.op {
	case opDays, opFullYears, opWorkingDays, opWorkingHours, opHours, opMinutes, opSameDay, opYear, opMonth:
		kind = Date
	case opContains, opStartsWith:
		kind = Text
	case opRound, opTruncate, opSquareRoot, opDeviation:
		numbers = n.args[:2]
	case opOrElse:
		return c.orElse(n)
	case opAddWorkingDays:
		return c.addWorkingDays(n)
	}
	for _, a := range numbers {
		if !c.dateOf(&node{kind: kind}, a) && !c.want(a, kind) {
			return nil
		}
	}
	if kind != Number {
		return n.ofDates()
	}
	n.unit, n.flex, n.mixed = n.args[0].unit, n.args[0].flex && n.op == opAbs, n.args[0].mixed
	switch n.op {
	case opVariance, opSampleVariance, opWeightedVariance, opWeightedSampleVariance:
		n.unit = n.unit.Pow(2)
		n.mixed = n.mixed || isCompound(n.unit)
	case opCount, opUnitsCount, opRank, opRankDescending, opPercentRank, opShare:
		n.unit, n.mixed = unit.Unit{}, false
	case opPercentile, opNearestRank, opExclusive:
		return c.percentile(n)
	case opSquareRoot:
		return c.squareRoot(n)
	case opRound, opTruncate, opDeviation:
		return c.rounding(n)
	case opMin, opMax, opClamp:
		u, ok := c.unify(n.at, n.args...)
		if !ok {
			return nil
		}
		n.unit, n.mixed, n.flex = u, mixed(n.args...), true
		for _, a := range n.args {
			n.flex = n.flex && a.flex
		}
	}
	return n
}

func (c *checker) percentile(n *node) *node {
	p := n.args[1]
	if p.op != opConst || p.unit.Dim() != "" || p.value.Num.Sign() < 0 || p.value.Num.Cmp(exact.Int(1)) > 0 {
		return c.complain(p.at, "formula", "百分位要写 0% 到 100% 之间的数", "a percentile is a number from 0% to 100%", "例如 百分位(x, 65%)", "for example percentile(x, 65%)")
	}
	if n.op == opExclusive && (p.value.Num.IsZero() || p.value.Num.Equal(exact.Int(1))) {
		return c.complain(p.at, "formula", "不含端点的百分位不能是 0% 或 100%", "an exclusive percentile is neither 0% nor 100%", "最小、最大写 最小值(x)、最大值(x)", "write lowest(x) or highest(x)")
	}
	return n
}

// rounding checks the number of decimals, a small whole number, and the unit in
// which the value is rounded: its own or, where nobody wrote one, the one that a
// third argument names.
func (c *checker) rounding(n *node) *node {
	if !c.decimals(n.args[1]) {
		return nil
	}
	n.flex = n.args[0].flex && n.op != opDeviation
	if len(n.args) == 3 {
		return c.roundingUnit(n, n.args[2])
	}
	if n.mixed {
		f := functionNamed(n.name)
		return c.complain(n.at, "unit-mismatch", "不清楚按什么单位舍入:“"+n.unit.String()+"”是算出来的", "in which unit to round is not clear: "+n.unit.String()+" was worked out, nobody wrote it",
			"写明单位,例如 "+f.Name+`(x, 2, "件/亿元")`, "name it, as in "+f.Alias+`(x, 2, "complaints/USD million")`)
	}
	return n
}

// decimals checks a number of decimals.
func (c *checker) decimals(p *node) bool {
	k, ok := smallInt(p)
	if !ok || k < 0 || k > 12 {
		c.complain(p.at, "formula", "小数位数要写 0 到 12 的整数", "the number of decimals is a whole number from 0 to 12", "", "")
		return false
	}
	return true
}

func (c *checker) roundingUnit(n, text *node) *node {
	if text.op != opConst || text.kind != Text {
		return c.complain(text.at, "formula", "第三个参数是单位,写在引号里", "the third argument is a unit in quotes", "", "")
	}
	u, err := unit.Parse(text.value.Text)
	if err != nil {
		return c.complain(text.at, "formula", "“"+text.value.Text+"”不是单位", text.value.Text+" is no unit", "", "")
	}
	if !u.SameDimension(n.unit) {
		return c.complain(text.at, "unit-mismatch", "单位不符:"+nameOf(n.unit)+"与"+nameOf(u), nameEN(n.unit)+" does not go with "+nameEN(u), "", "")
	}
	n.unit, n.mixed, n.flex, n.args = u, false, false, n.args[:2]
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
