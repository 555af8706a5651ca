package formula

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kaoping/engine/exact"
)

// draw makes random formulas and columns.
type draw struct {
	pick    func(n int) int // 0 … n-1
	groups  bool
	plain   bool     // only what is computed in blocks of machine integers
	numbers []string // names that may be used
}

// newDraw draws everything from one seed: rapid would otherwise spend minutes to
// shrink a formula of a few hundred draws.
func newDraw(seed uint64, groups bool) *draw {
	return &draw{pick: rand.New(rand.NewPCG(seed, 0)).IntN, groups: groups}
}

var drawSymbols = []Symbol{
	{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "cents"}, {ID: "huge"}, {ID: "frac"}, {ID: "gappy"}, {ID: "maybe", Nullable: true},
	{ID: "flag", Kind: Bool, Nullable: true}, {ID: "word", Kind: Text, Nullable: true}, {ID: "day", Kind: Date, Nullable: true}, {ID: "start", Kind: Date},
}

func (d *draw) of(list ...string) string { return list[d.pick(len(list))] }

func (d *draw) number(depth int) string {
	if depth <= 0 || d.pick(6) == 0 {
		if d.pick(3) == 0 {
			list := []string{"0", "1", "2", "3", "0.5", "0.30", "100", "12.345"}
			if !d.plain {
				list = append(list, "9223372036854775807", "0.000001", "99999999999999999999.5")
			}
			return d.of(list...)
		}
		return d.of(d.numbers...)
	}
	n := func() string { return d.number(depth - 1) }
	choices := 14
	if d.groups {
		choices = 18
	}
	switch d.pick(choices) {
	case 0, 1:
		return "(" + n() + " + " + n() + ")"
	case 2, 3:
		return "(" + n() + " - " + n() + ")"
	case 4, 5:
		return "(" + n() + " * " + n() + ")"
	case 6, 7:
		return "(" + n() + " / " + d.nonZero(depth-1) + ")"
	case 8:
		return "(" + d.condition(depth-1) + " ? " + n() + " : " + n() + ")"
	case 9:
		return "-" + n()
	case 10:
		return "abs(" + n() + ")"
	case 11:
		return d.of("min", "max") + "(" + n() + ", " + n() + strings.Repeat(", "+n(), d.pick(3)) + ")"
	case 12:
		return "clamp(" + n() + ", " + n() + ", " + n() + ")"
	case 13:
		return d.of("round", "truncate") + "(" + n() + ", " + strconv.Itoa(d.pick(7)) + ")"
	case 14:
		return "percentile(" + n() + ", " + d.of("0", "0.2", "0.65", "1") + ")"
	default:
		return d.of("sum", "mean", "median", "lowest", "highest", "variance", "rank", "count") + "(" + n() + ")"
	}
}

// nonZero avoids the plain 0, which Check refuses as a divisor.
func (d *draw) nonZero(depth int) string {
	if s := d.number(depth); s != "0" {
		return s
	}
	return "7"
}

func (d *draw) condition(depth int) string {
	if depth <= 0 && d.plain {
		return "(" + d.number(0) + d.of(" < ", " <= ", " == ", " != ") + d.number(0) + ")"
	}
	if !d.plain && (depth <= 0 || d.pick(5) == 0) {
		return d.of("flag", "true", "a > 1", `word == "x"`, `word != "x"`, `word in ["x", "y"]`, "maybe == none", "word != none", "day != none", "day <= start", "flag == false", "days(start, day) > 100", "days(day, start) == days(start, day)")
	}
	c := func() string { return d.condition(depth - 1) }
	switch d.pick(6) {
	case 0:
		return "(" + c() + " and " + c() + ")"
	case 1:
		return "(" + c() + " or " + c() + ")"
	case 2:
		return "not (" + c() + ")"
	case 3:
		return "(" + c() + " ? " + c() + " : " + c() + ")"
	}
	return "(" + d.number(depth-1) + d.of(" < ", " <= ", " > ", " >= ", " == ", " != ") + d.number(depth-1) + ")"
}

func (d *draw) integer(limit int64) int64 {
	return int64(d.pick(1<<30)) % limit
}

// num draws figures of the kind that a column of the name holds.
func (d *draw) num(name string) *big.Rat {
	switch name {
	case "cents":
		return big.NewRat(d.integer(1_000_000), 100)
	case "huge":
		return big.NewRat(math.MaxInt64-d.integer(3), 1+d.integer(2))
	case "frac":
		return big.NewRat(d.integer(100)-50, 1+d.integer(12))
	case "start", "day":
		return big.NewRat(19_000+d.integer(800), 1)
	}
	return big.NewRat(d.integer(21)-5, 1)
}

func (d *draw) lane(s Symbol) truth {
	if s.Nullable && d.pick(5) == 0 {
		return truth{null: true}
	}
	if s.ID == "gappy" && d.pick(3) == 0 {
		return gone([]Status{Missing, ZeroDenominator, TooLarge}[d.pick(3)])
	}
	switch s.Kind {
	case Text:
		return truth{text: d.of("x", "y", "z")}
	case Bool:
		return truth{yes: d.pick(2) == 0}
	}
	return truth{num: d.num(s.ID)}
}

// table draws a column for every symbol, as truths and in one of the forms that
// a Column has. Rows beyond some repeat, so that many blocks cost little.
func (d *draw) table(rows int) (map[string][]truth, map[string]*Column) {
	truths, columns := map[string][]truth{}, map[string]*Column{}
	for _, s := range drawSymbols {
		list := make([]truth, rows)
		constant := d.pick(8) == 0
		for i := range list {
			switch {
			case i >= 24:
				list[i] = list[i%23]
			case i > 0 && constant:
				list[i] = list[0]
			default:
				list[i] = d.lane(s)
			}
		}
		if rows > 1500 && s.ID == "c" && (!d.plain || d.pick(4) == 0) { // one row of a later block that fits no machine integer
			list[1400] = truth{num: new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 90), big.NewInt(7))}
		}
		truths[s.ID] = list
		columns[s.ID] = d.column(list, constant && rows > 0)
	}
	return truths, columns
}

func (d *draw) column(list []truth, constant bool) *Column {
	values := make([]Value, len(list))
	for i, v := range list {
		values[i] = toValue(v)
	}
	if constant && len(list) < 24 {
		return Const(values[0], len(values))
	}
	if d.pick(2) == 0 {
		if c, ok := fixedOf(values); ok {
			return c
		}
	}
	return NewColumn(values)
}

// fixedOf brings values to whole numbers over 100, or over 60, if that is possible.
func fixedOf(values []Value) (*Column, bool) {
	for _, den := range []int64{100, 60} {
		num, status := make([]int64, len(values)), make([]Status, len(values))
		fits := true
		for i, v := range values {
			status[i] = v.Status
			n, d, ok := v.Num.Mul(exact.Int(den)).Small()
			num[i] = n
			fits = fits && ok && d == 1 && !v.Null && v.Text == "" && !v.Bool
		}
		if fits {
			return FixedColumn(num, den, status), true
		}
	}
	return nil, false
}

func toValue(v truth) Value {
	out := Value{Status: v.status, Text: v.text, Bool: v.yes, Null: v.null}
	if v.num != nil {
		out.Num = exact.FromRat(v.num)
	}
	return out
}

// failer is what rapid, tests and fuzz targets have in common.
type failer interface {
	Fatalf(format string, args ...any)
}

// differ compares the package with the oracle on some formulas that use each
// other, one by one and as one program.
func differ(t failer, d *draw, formulas []string, rows int) {
	truths, columns := d.table(rows)
	var groups []int32
	if d.pick(2) == 0 {
		groups = make([]int32, rows)
		for i := range groups {
			groups[i] = int32(d.pick(3))
		}
	}
	in := Input{Rows: rows, Group: groups, Column: func(r Ref) (*Column, error) {
		if c, ok := columns[r.ID]; ok {
			return c, nil
		}
		return nil, fmt.Errorf("no column %s", r.ID)
	}}
	symbols := append([]Symbol(nil), drawSymbols...)
	var definitions []Definition
	for i, f := range formulas {
		e, problems := Check(f, NewScope(symbols...), Options{Groups: true})
		if problems != nil {
			t.Fatalf("%s: %+v", f, problems)
		}
		want, large, err := evalOracle(f, rows, groups, truths)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if large {
			break
		}
		got, err := Eval(e, in)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		same(t, f, "Eval", e.Kind(), got, want)
		id := "d" + strconv.Itoa(i)
		definitions = append(definitions, Definition{id, e})
		symbols = append(symbols, Symbol{ID: id, Kind: e.Kind(), Nullable: true})
		truths[id], columns[id] = want, got
	}
	for _, def := range definitions {
		delete(columns, def.ID)
	}
	p, err := Compile(definitions)
	if err != nil {
		t.Fatalf("%v: %v", formulas, err)
	}
	results, err := p.Run(in)
	if err != nil {
		t.Fatalf("%v: %v", formulas, err)
	}
	for i, def := range definitions {
		same(t, formulas[i], "Run", def.Expr.Kind(), results[def.ID], truths[def.ID])
	}
}

func same(t failer, formula, by string, kind Kind, got *Column, want []truth) {
	if got.Len() != len(want) {
		t.Fatalf("%s of %s has %d rows, want %d", by, formula, got.Len(), len(want))
	}
	for row, w := range want {
		g, v := got.At(row), toValue(w)
		equal := g.Status == v.Status
		if equal && v.Status == OK {
			equal = g.Null == v.Null
			switch {
			case v.Null:
			case kind == Bool:
				equal = equal && g.Bool == v.Bool
			case kind == Text:
				equal = equal && g.Text == v.Text
			default:
				equal = equal && g.Num.Equal(v.Num)
			}
		}
		if !equal {
			t.Fatalf("%s of %s, row %d: %+v (%s), want %+v (%s)", by, formula, row, g, g.Num, v, v.Num)
		}
	}
}

// formulas draws a few formulas, each of which may use those before.
func (d *draw) formulas(depth int) []string {
	for _, s := range drawSymbols {
		if s.Kind == Number && (!d.plain || s.ID != "huge" && s.ID != "maybe") {
			d.numbers = append(d.numbers, s.ID)
		}
	}
	var list []string
	for i := range 1 + d.pick(4) {
		if d.pick(5) == 0 && !d.plain {
			list = append(list, d.condition(depth))
			continue
		}
		list = append(list, d.number(depth))
		d.numbers = append(d.numbers, "d"+strconv.Itoa(i))
	}
	return list
}

func TestColumnsAgreeWithTheOracle(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups bool
		plain  bool
		rows   []int
		depth  int
		tries  int // for each seed; below 0: only for one seed in so many
	}{
		{"rows on their own", false, false, []int{0, 1, 5, 24, 40}, 5, 4},
		{"machine integers", false, true, []int{1, 5, 24, 40}, 3, 8},
		{"machine integers in several blocks", false, true, []int{1024, 1025, 1600, 2049}, 3, -4},
		{"group statistics", true, false, []int{0, 1, 5, 24}, 3, 8},
		{"several blocks", false, false, []int{1024, 1025, 1600, 2049}, 3, -4},
		{"group statistics over several blocks", true, false, []int{1600}, 2, -2},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				seed := rapid.Uint64().Draw(t, "seed")
				if c.tries < 0 && seed%uint64(-c.tries) != 0 {
					return
				}
				for i := range max(c.tries, 1) {
					d := newDraw(seed+uint64(i), c.groups)
					d.plain = c.plain
					rows := c.rows[d.pick(len(c.rows))]
					differ(t, d, d.formulas(c.depth), rows)
				}
			})
		})
	}
}
