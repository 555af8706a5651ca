package formula

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// A further evaluator in math/big, which walks expr's tree row by row and reads
// formulas as expr does. It covers what the oracle of whole columns leaves out: 空,
// texts, dates and rows of later blocks.

// truth is a value of the oracle.
type truth struct {
	status Status
	num    *big.Rat
	text   string
	yes    bool
	null   bool
}

func gone(s Status) truth { return truth{status: s} }

// rowOracle evaluates one formula over columns of truths.
type rowOracle struct {
	source  []rune
	columns map[string][]truth
	groups  []int32
	rows    int
	memo    map[ast.Node][]truth // of group functions
	large   bool                 // a number grew so far that the limit on digits may apply
}

// evalOracle computes a formula written in expr's own words: no units, plain decimals.
func evalOracle(source string, rows int, groups []int32, columns map[string][]truth) ([]truth, bool, error) {
	tree, err := parser.ParseWithConfig(source, plainCalls)
	if err != nil {
		return nil, false, err
	}
	o := &rowOracle{source: []rune(source), columns: columns, groups: groups, rows: rows, memo: map[ast.Node][]truth{}}
	out := make([]truth, rows)
	for i := range out {
		out[i] = o.at(tree.Node, i)
	}
	return out, o.large, nil
}

func (o *rowOracle) at(n ast.Node, row int) truth {
	v := o.value(n, row)
	if v.num != nil && max(v.num.Num().BitLen(), v.num.Denom().BitLen()) > maxBits/4 {
		o.large = true
	}
	return v
}

func (o *rowOracle) value(n ast.Node, row int) truth {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return truth{num: o.literal(n)}
	case *ast.StringNode:
		return truth{text: n.Value}
	case *ast.BoolNode:
		return truth{yes: n.Value}
	case *ast.IdentifierNode:
		if n.Value == "none" {
			return truth{null: true}
		}
		return o.columns[n.Value][row]
	case *ast.UnaryNode:
		return o.unary(n, row)
	case *ast.BinaryNode:
		return o.binary(n, row)
	case *ast.ConditionalNode:
		c := o.at(n.Cond, row)
		switch {
		case c.status != OK:
			return gone(c.status)
		case c.yes:
			return o.at(n.Exp1, row)
		}
		return o.at(n.Exp2, row)
	case *ast.CallNode:
		return o.call(n.Callee.(*ast.IdentifierNode).Value, n, row)
	}
	panic(fmt.Sprintf("the oracle does not know %T", n))
}

// literal reads a number from the source: expr has made a float64 of it.
func (o *rowOracle) literal(n ast.Node) *big.Rat {
	at := n.Location()
	r, ok := new(big.Rat).SetString(string(o.source[at.From:at.To]))
	if !ok {
		panic("not a number: " + string(o.source[at.From:at.To]))
	}
	return r
}

func (o *rowOracle) unary(n *ast.UnaryNode, row int) truth {
	x := o.at(n.Node, row)
	switch {
	case x.status != OK:
		return gone(x.status)
	case n.Operator == "not":
		return truth{yes: !x.yes}
	case x.null:
		return gone(Missing)
	}
	return truth{num: new(big.Rat).Neg(x.num)}
}

func (o *rowOracle) binary(n *ast.BinaryNode, row int) truth {
	switch n.Operator {
	case "and", "&&", "or", "||":
		x := o.at(n.Left, row)
		or := n.Operator == "or" || n.Operator == "||"
		if x.status != OK || x.yes == or {
			return truth{status: x.status, yes: x.yes && x.status == OK}
		}
		y := o.at(n.Right, row)
		return truth{status: y.status, yes: y.yes && y.status == OK}
	case "in":
		return o.in(n, row)
	}
	x, y := o.at(n.Left, row), o.at(n.Right, row)
	if s := max(x.status, y.status); s != OK {
		return gone(s)
	}
	switch n.Operator {
	case "+", "-", "*", "/":
		return calculate(n.Operator, x, y)
	}
	if isNone(n.Left) || isNone(n.Right) {
		return truth{yes: (x.null && y.null) == (n.Operator == "==")}
	}
	if x.null || y.null {
		return truth{}
	}
	c := 0
	switch {
	case x.num != nil:
		c = x.num.Cmp(y.num)
	case x.text != y.text, x.yes != y.yes:
		c = 1
	}
	return truth{yes: map[string]bool{"==": c == 0, "!=": c != 0, "<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0}[n.Operator]}
}

func isNone(n ast.Node) bool {
	i, ok := n.(*ast.IdentifierNode)
	return ok && i.Value == "none"
}

func calculate(operator string, x, y truth) truth {
	if x.null || y.null {
		return gone(Missing)
	}
	r := new(big.Rat)
	switch operator {
	case "+":
		r.Add(x.num, y.num)
	case "-":
		r.Sub(x.num, y.num)
	case "*":
		r.Mul(x.num, y.num)
	default:
		if y.num.Sign() == 0 {
			return gone(ZeroDenominator)
		}
		r.Quo(x.num, y.num)
	}
	return truth{num: r}
}

func (o *rowOracle) in(n *ast.BinaryNode, row int) truth {
	x := o.at(n.Left, row)
	if x.status != OK || x.null {
		return gone(x.status)
	}
	for _, w := range n.Right.(*ast.ArrayNode).Nodes {
		if w.(*ast.StringNode).Value == x.text {
			return truth{yes: true}
		}
	}
	return truth{}
}

func (o *rowOracle) call(name string, n *ast.CallNode, row int) truth {
	if strings.Contains(" sum mean median percentile lowest highest variance rank count ", " "+name+" ") {
		if o.memo[n] == nil {
			o.memo[n] = o.group(name, n)
		}
		return o.memo[n][row]
	}
	var x []*big.Rat
	worst, null := OK, false
	for _, a := range n.Arguments {
		v := o.at(a, row)
		worst, null = max(worst, v.status), null || v.null
		x = append(x, v.num)
	}
	if worst != OK {
		return gone(worst)
	}
	if null {
		return gone(Missing)
	}
	switch name {
	case "abs":
		return truth{num: new(big.Rat).Abs(x[0])}
	case "min":
		return truth{num: slices.MinFunc(x, (*big.Rat).Cmp)}
	case "max":
		return truth{num: slices.MaxFunc(x, (*big.Rat).Cmp)}
	case "clamp":
		return truth{num: lesser(greater(x[0], x[1]), x[2])}
	case "round":
		return truth{num: rounded(x[0], x[1], true)}
	case "truncate":
		return truth{num: rounded(x[0], x[1], false)}
	case "days":
		return truth{num: new(big.Rat).Sub(x[1], x[0])}
	}
	panic("the oracle does not know " + name)
}

func lesser(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

func greater(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}

// rounded rounds half away from zero, or cuts off.
func rounded(x, places *big.Rat, half bool) *big.Rat {
	k := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), places.Num(), nil))
	y := new(big.Rat).Mul(new(big.Rat).Abs(x), k)
	if half {
		y.Add(y, big.NewRat(1, 2))
	}
	y.SetInt(new(big.Int).Quo(y.Num(), y.Denom()))
	y.Quo(y, k)
	if x.Sign() < 0 {
		y.Neg(y)
	}
	return y
}

func (o *rowOracle) groupOf(row int) int32 {
	if o.groups == nil {
		return 0
	}
	return o.groups[row]
}

// group computes a group function for every row.
func (o *rowOracle) group(name string, n *ast.CallNode) []truth {
	values := make([]truth, o.rows)
	for i := range values {
		values[i] = o.at(n.Arguments[0], i)
	}
	peers := map[int32][]*big.Rat{}
	for i, v := range values {
		if v.status == OK && !v.null {
			peers[o.groupOf(i)] = append(peers[o.groupOf(i)], v.num)
		}
	}
	figures := map[int32]truth{}
	out := make([]truth, o.rows)
	for row := range out {
		g := o.groupOf(row)
		f, known := figures[g]
		if !known {
			slices.SortFunc(peers[g], (*big.Rat).Cmp)
			share := big.NewRat(1, 2)
			if name == "percentile" {
				share = o.at(n.Arguments[1], row).num
			}
			f = peerFigure(name, peers[g], share)
			figures[g] = f
		}
		if out[row] = f; name == "rank" {
			out[row] = rankOf(peers[g], values[row])
		}
		if r := out[row].num; r != nil && max(r.Num().BitLen(), r.Denom().BitLen()) > maxBits/4 {
			o.large = true
		}
	}
	return out
}

// rankOf counts the peers below a value.
func rankOf(sorted []*big.Rat, own truth) truth {
	switch {
	case own.status != OK:
		return gone(own.status)
	case own.null:
		return gone(Missing)
	}
	at, _ := slices.BinarySearchFunc(sorted, own.num, (*big.Rat).Cmp)
	for at > 0 && sorted[at-1].Cmp(own.num) == 0 {
		at--
	}
	return truth{num: big.NewRat(int64(at+1), 1)}
}

// peerFigure computes a figure of sorted values.
func peerFigure(name string, peers []*big.Rat, share *big.Rat) truth {
	if name == "count" {
		return truth{num: big.NewRat(int64(len(peers)), 1)}
	}
	if len(peers) == 0 {
		return gone(Missing)
	}
	sum, count := new(big.Rat), big.NewRat(int64(len(peers)), 1)
	for _, p := range peers {
		sum.Add(sum, p)
	}
	mean := new(big.Rat).Quo(sum, count)
	switch name {
	case "sum":
		return truth{num: sum}
	case "mean":
		return truth{num: mean}
	case "lowest":
		return truth{num: peers[0]}
	case "highest":
		return truth{num: peers[len(peers)-1]}
	case "variance":
		v := new(big.Rat)
		for _, p := range peers {
			d := new(big.Rat).Sub(p, mean)
			v.Add(v, d.Mul(d, d))
		}
		return truth{num: v.Quo(v, count)}
	}
	at := new(big.Rat).Mul(share, big.NewRat(int64(len(peers)-1), 1))
	k := new(big.Int).Quo(at.Num(), at.Denom())
	low, high := peers[k.Int64()], peers[min(int(k.Int64())+1, len(peers)-1)]
	part := new(big.Rat).Sub(at, new(big.Rat).SetInt(k))
	step := new(big.Rat).Sub(high, low)
	return truth{num: step.Add(low, step.Mul(step, part))}
}
