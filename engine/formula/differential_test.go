package formula

import (
	"fmt"
	"math"
	"math/big"
	"sort"
	"strings"
	"testing"

	"github.com/expr-lang/expr/ast"
	"pgregory.net/rapid"

	"kaoping/engine/exact"
)

// oracle evaluates expr's own tree row by row in math/big, as plainly as can be.
// It shares the parser and the lexer with the product and nothing behind them.
type oracle struct {
	t      *translation
	rows   int
	group  []int32
	inputs map[string][]answer
}

// answer is a value of the oracle: a number, a yes or no, or a status.
type answer struct {
	status Status
	x      *big.Rat
	yes    bool
}

func worse(as ...answer) Status {
	s := OK
	for _, a := range as {
		s = max(s, a.status)
	}
	return s
}

func (o *oracle) column(n ast.Node) []answer {
	out := make([]answer, o.rows)
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if index, ok := strings.CutPrefix(n.Value, literalPrefix); ok {
			var i int
			fmt.Sscan(index, &i)
			for row := range out {
				out[row].x = o.t.literals[i].quantity.Value.Rat()
			}
			return out
		}
		return o.inputs[n.Value]
	case *ast.UnaryNode:
		for row, a := range o.column(n.Node) {
			out[row] = answer{status: a.status}
			if n.Operator == "not" {
				out[row].yes = !a.yes
			} else if a.status == OK {
				out[row].x = new(big.Rat).Neg(a.x)
			}
		}
		return out
	case *ast.BinaryNode:
		xs, ys := o.column(n.Left), o.column(n.Right)
		for row := range out {
			out[row] = o.binary(n.Operator, xs[row], ys[row])
		}
		return out
	case *ast.ConditionalNode:
		cs, xs, ys := o.column(n.Cond), o.column(n.Exp1), o.column(n.Exp2)
		for row := range out {
			switch {
			case cs[row].status != OK:
				out[row] = answer{status: cs[row].status}
			case cs[row].yes:
				out[row] = xs[row]
			default:
				out[row] = ys[row]
			}
		}
		return out
	case *ast.CallNode:
		return o.call(n.Callee.(*ast.IdentifierNode).Value, n.Arguments)
	}
	panic(fmt.Sprintf("oracle: %T", n))
}

func (o *oracle) binary(operator string, a, b answer) answer {
	switch operator {
	case "and", "or":
		if a.status != OK {
			return answer{status: a.status}
		}
		if a.yes == (operator == "or") {
			return a
		}
		return b
	}
	if s := worse(a, b); s != OK {
		return answer{status: s}
	}
	switch operator {
	case "+":
		return answer{x: new(big.Rat).Add(a.x, b.x)}
	case "-":
		return answer{x: new(big.Rat).Sub(a.x, b.x)}
	case "*":
		return answer{x: new(big.Rat).Mul(a.x, b.x)}
	case "/":
		if b.x.Sign() == 0 {
			return answer{status: ZeroDenominator}
		}
		return answer{x: new(big.Rat).Quo(a.x, b.x)}
	}
	c := a.x.Cmp(b.x)
	return answer{yes: map[string]bool{"<": c < 0, "<=": c <= 0, ">": c > 0, ">=": c >= 0, "==": c == 0, "!=": c != 0}[operator]}
}

func (o *oracle) call(name string, arguments []ast.Node) []answer {
	var columns [][]answer
	for _, a := range arguments {
		columns = append(columns, o.column(a))
	}
	out := make([]answer, o.rows)
	for row := range out {
		var as []answer
		for _, c := range columns {
			as = append(as, c[row])
		}
		switch name {
		case "sum", "mean", "median", "lowest", "highest", "variance", "count", "rank", "percentile":
			out[row] = o.group1(name, columns, row)
			continue
		}
		if s := worse(as...); s != OK {
			out[row] = answer{status: s}
			continue
		}
		out[row] = answer{x: scalar(name, as)}
	}
	return out
}

func scalar(name string, as []answer) *big.Rat {
	least := func(a, b *big.Rat) *big.Rat {
		if b.Cmp(a) < 0 {
			return b
		}
		return a
	}
	most := func(a, b *big.Rat) *big.Rat {
		if b.Cmp(a) > 0 {
			return b
		}
		return a
	}
	x := as[0].x
	switch name {
	case "abs":
		return new(big.Rat).Abs(x)
	case "min":
		for _, a := range as[1:] {
			x = least(x, a.x)
		}
		return x
	case "max":
		for _, a := range as[1:] {
			x = most(x, a.x)
		}
		return x
	case "clamp":
		return least(most(x, as[1].x), as[2].x)
	case "round", "truncate":
		scale := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), as[1].x.Num(), nil))
		y := new(big.Rat).Mul(x, scale)
		n, d := new(big.Int).Abs(y.Num()), y.Denom()
		if name == "round" {
			n.Add(n.Mul(n, big.NewInt(2)), d)
			d = new(big.Int).Mul(d, big.NewInt(2))
		}
		n.Quo(n, d)
		if y.Sign() < 0 {
			n.Neg(n)
		}
		return new(big.Rat).Quo(new(big.Rat).SetInt(n), scale)
	}
	panic("oracle: " + name)
}

// group1 computes a group statistic for the group of a row, from its members.
func (o *oracle) group1(name string, columns [][]answer, row int) answer {
	var values []*big.Rat
	for i, a := range columns[0] {
		if o.group[i] == o.group[row] && a.status == OK {
			values = append(values, a.x)
		}
	}
	n := big.NewRat(int64(len(values)), 1)
	if name == "count" {
		return answer{x: n}
	}
	if name == "rank" {
		own := columns[0][row]
		if own.status != OK {
			return answer{status: own.status}
		}
		rank := int64(1)
		for _, v := range values {
			if v.Cmp(own.x) < 0 {
				rank++
			}
		}
		return answer{x: big.NewRat(rank, 1)}
	}
	if len(values) == 0 {
		return answer{status: Missing}
	}
	sort.Slice(values, func(i, j int) bool { return values[i].Cmp(values[j]) < 0 })
	sum := new(big.Rat)
	for _, v := range values {
		sum.Add(sum, v)
	}
	switch name {
	case "sum":
		return answer{x: sum}
	case "mean":
		return answer{x: sum.Quo(sum, n)}
	case "lowest":
		return answer{x: values[0]}
	case "highest":
		return answer{x: values[len(values)-1]}
	case "median":
		half := len(values) / 2
		if len(values)%2 == 1 {
			return answer{x: values[half]}
		}
		two := new(big.Rat).Add(values[half-1], values[half])
		return answer{x: two.Quo(two, big.NewRat(2, 1))}
	case "variance":
		// mean of squares less square of the mean, another way than the product's
		squares := new(big.Rat)
		for _, v := range values {
			squares.Add(squares, new(big.Rat).Mul(v, v))
		}
		mean := new(big.Rat).Quo(sum, n)
		squares.Quo(squares, n)
		return answer{x: squares.Sub(squares, mean.Mul(mean, mean))}
	}
	p := columns[1][row].x
	position := new(big.Rat).Mul(p, new(big.Rat).Sub(n, big.NewRat(1, 1)))
	k := int(new(big.Int).Quo(position.Num(), position.Denom()).Int64())
	if k+1 >= len(values) {
		return answer{x: values[k]}
	}
	rest := new(big.Rat).Sub(position, big.NewRat(int64(k), 1))
	gap := new(big.Rat).Sub(values[k+1], values[k])
	return answer{x: gap.Add(gap.Mul(gap, rest), values[k])}
}

// names of the random inputs; d is made of thirds and sevenths.
var inputNames = []string{"a", "b", "c", "d"}

// numberText draws an expression that yields a number.
func numberText(t *rapid.T, depth int, groups bool) string {
	kinds := []string{"name", "name", "literal"}
	if depth > 0 {
		kinds = append(kinds, "binary", "binary", "binary", "ternary", "call", "negative")
		if groups {
			kinds = append(kinds, "group")
		}
	}
	again := func() string { return numberText(t, depth-1, groups) }
	switch rapid.SampledFrom(kinds).Draw(t, "kind") {
	case "literal":
		return rapid.SampledFrom([]string{"0", "1", "2", "3", "7", "0.5", "0.30", "(1,234.5)", "1000000007", "100000000", "0.000001"}).Draw(t, "literal")
	case "binary":
		return "(" + again() + " " + rapid.SampledFrom([]string{"+", "-", "*", "/"}).Draw(t, "operator") + " " + again() + ")"
	case "ternary":
		return "(" + conditionText(t, depth-1, groups) + " ? " + again() + " : " + again() + ")"
	case "negative":
		return "-" + again()
	case "call":
		switch rapid.SampledFrom([]string{"abs", "min", "max", "clamp", "round", "truncate"}).Draw(t, "function") {
		case "abs":
			return "abs(" + again() + ")"
		case "min":
			return "min(" + again() + ", " + again() + ", " + again() + ")"
		case "max":
			return "max(" + again() + ", " + again() + ")"
		case "clamp":
			return "clamp(" + again() + ", " + again() + ", " + again() + ")"
		case "round":
			return fmt.Sprintf("round(%s, %d)", again(), rapid.IntRange(0, 6).Draw(t, "places"))
		}
		return fmt.Sprintf("truncate(%s, %d)", again(), rapid.IntRange(0, 6).Draw(t, "places"))
	case "group":
		name := rapid.SampledFrom([]string{"sum", "mean", "median", "lowest", "highest", "variance", "count", "rank", "percentile"}).Draw(t, "statistic")
		if name == "percentile" {
			return "percentile(" + again() + ", " + rapid.SampledFrom([]string{"0%", "20%", "37.5%", "70%", "100%"}).Draw(t, "p") + ")"
		}
		return name + "(" + again() + ")"
	}
	return rapid.SampledFrom(inputNames).Draw(t, "name")
}

func conditionText(t *rapid.T, depth int, groups bool) string {
	comparison := numberText(t, depth, groups) + " " + rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "comparison") + " " + numberText(t, depth, groups)
	if depth > 0 {
		switch rapid.IntRange(0, 5).Draw(t, "logic") {
		case 0:
			return "(" + comparison + " and " + conditionText(t, depth-1, groups) + ")"
		case 1:
			return "(" + comparison + " or " + conditionText(t, depth-1, groups) + ")"
		case 2:
			return "not (" + comparison + ")"
		case 3:
			return "(" + comparison + " ? " + conditionText(t, depth-1, groups) + " : " + conditionText(t, depth-1, groups) + ")"
		}
	}
	return comparison
}

// randomColumn draws values with gaps, zeros, and figures near the end of int64.
func randomColumn(t *rapid.T, name string, rows int) []answer {
	out := make([]answer, rows)
	for row := range out {
		n := rapid.OneOf(
			rapid.Int64Range(-5, 5), rapid.Int64Range(0, 1_000_000), rapid.Int64Range(-50_000_000_000, 50_000_000_000),
			rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, 0}),
		).Draw(t, name)
		d := int64(1)
		switch name {
		case "b":
			d = 100
		case "d":
			d = rapid.SampledFrom([]int64{1, 3, 7, 9973}).Draw(t, name+" denominator")
		}
		out[row].x = big.NewRat(n, d)
		if rapid.IntRange(0, 12).Draw(t, "gap") == 0 {
			out[row] = answer{status: Missing}
		}
	}
	return out
}

// asColumn makes a column of the answers in one of its forms.
func asColumn(answers []answer, fixed bool) *Column {
	lanes := make([]Value, len(answers))
	for i, a := range answers {
		lanes[i] = Value{Status: a.status}
		if a.status == OK {
			lanes[i].Num = exact.FromRat(a.x)
		}
	}
	c := NewColumn(lanes)
	if f, ok := c.fixed(); fixed && ok {
		return f
	}
	return c
}

func agree(t *rapid.T, source string, got *Column, want []answer) {
	for row, w := range want {
		g := got.At(row)
		if g.Status == TooLarge || w.status == OK && w.x != nil && (w.x.Num().BitLen() > maxBits/4 || w.x.Denom().BitLen() > maxBits/4) {
			continue
		}
		if g.Status != w.status {
			t.Fatalf("%s, row %d: status %d, want %d", source, row, g.Status, w.status)
		}
		if g.Status == OK && g.Num.Rat().Cmp(w.x) != 0 {
			t.Fatalf("%s, row %d: %s, want %s", source, row, g.Num, w.x.RatString())
		}
	}
}

// world is a set of random inputs.
type world struct {
	oracle oracle
	in     Input
}

func newWorld(t *rapid.T, rows int) *world {
	w := &world{oracle: oracle{rows: rows, inputs: map[string][]answer{}, group: make([]int32, rows)}}
	columns := map[string]*Column{}
	for _, name := range inputNames {
		w.oracle.inputs[name] = randomColumn(t, name, rows)
		columns[name] = asColumn(w.oracle.inputs[name], rapid.Bool().Draw(t, "fixed"))
	}
	for row := range w.oracle.group {
		w.oracle.group[row] = int32(rapid.IntRange(0, 2).Draw(t, "group"))
	}
	w.in = Input{Rows: rows, Group: w.oracle.group, Column: func(r Ref) (*Column, error) {
		if c, ok := columns[r.ID]; ok {
			return c, nil
		}
		return nil, fmt.Errorf("no column %s", r.ID)
	}}
	return w
}

func (w *world) want(source string) []answer {
	o := w.oracle
	o.t = translate(source, NewScope())
	tree, err := parse(string(o.t.out))
	if err != nil {
		panic(err)
	}
	return o.column(tree)
}

func scopeOf(names ...string) Scope {
	var symbols []Symbol
	for _, name := range names {
		symbols = append(symbols, Symbol{ID: name, Name: name})
	}
	return NewScope(symbols...)
}

func TestEvalAgreesWithPlainRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, rapid.IntRange(0, 12).Draw(t, "rows"))
		source := numberText(t, 3, true)
		e, problems := Check(source, scopeOf(inputNames...), Options{Groups: true})
		if problems != nil {
			t.Fatalf("%s: %+v", source, problems)
		}
		got, err := Eval(e, w.in)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, source, got, w.want(source))
	})
}

// A program shares what its definitions have in common, reuses registers and
// lets later definitions use earlier ones; nobody may be able to tell.
func TestProgramAgreesWithPlainRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SampledFrom([]int{1, 5, 40, blockRows + 3}).Draw(t, "rows")
		if rows > blockRows {
			rows = rapid.SampledFrom([]int{5, 40, 5, 40, blockRows + 3}).Draw(t, "rows again")
		}
		w := newWorld(t, rows)
		known := append([]string(nil), inputNames...)
		var definitions []Definition
		var sources []string
		for i := range rapid.IntRange(1, 5).Draw(t, "definitions") {
			source := numberText(t, 2, true)
			if i > 0 {
				source += " + " + definitions[rapid.IntRange(0, i-1).Draw(t, "earlier")].ID
			}
			e, problems := Check(source, scopeOf(known...), Options{Groups: true})
			if problems != nil {
				t.Fatalf("%s: %+v", source, problems)
			}
			id := fmt.Sprintf("x%d", i)
			definitions = append(definitions, Definition{id, e})
			known, sources = append(known, id), append(sources, source)
		}
		p, err := Compile(definitions)
		if err != nil {
			t.Fatal(err)
		}
		results, err := p.Run(w.in)
		if err != nil {
			t.Fatal(err)
		}
		for i, source := range sources {
			want := w.want(source)
			agree(t, source, results[definitions[i].ID], want)
			w.oracle.inputs[definitions[i].ID] = want
		}
	})
}

// FuzzEval lets the fuzzer choose the random expressions and columns.
func FuzzEval(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		w := newWorld(t, rapid.IntRange(0, 6).Draw(t, "rows"))
		source := numberText(t, 3, true)
		e, problems := Check(source, scopeOf(inputNames...), Options{Groups: true})
		if problems != nil {
			t.Fatalf("%s: %+v", source, problems)
		}
		got, err := Eval(e, w.in)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, source, got, w.want(source))
	}))
}
