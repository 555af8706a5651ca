package formula

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kaoping/engine/exact"
)

// crowd is a table of random subjects for the group functions.
type crowd struct {
	x, w, c []truth
	group   []int32
	parent  []int32
}

// anyCrowd draws few values, so that there are ties, and all ways of having none.
func anyCrowd(t *rapid.T) crowd {
	n := rapid.IntRange(0, 9).Draw(t, "rows")
	one := func(label string) truth {
		switch rapid.IntRange(0, 9).Draw(t, label+" how") {
		case 0:
			return gone(Missing)
		case 1:
			return gone(ZeroDenominator)
		}
		return truth{num: big.NewRat(rapid.Int64Range(-3, 3).Draw(t, label), rapid.Int64Range(1, 3).Draw(t, label+" den"))}
	}
	var k crowd
	for i := range n {
		k.x, k.w = append(k.x, one("x")), append(k.w, one("w"))
		c := truth{yes: rapid.Bool().Draw(t, "c")}
		if rapid.IntRange(0, 9).Draw(t, "c how") == 0 {
			c = gone(Missing)
		}
		k.c = append(k.c, c)
		k.group = append(k.group, int32(rapid.IntRange(0, 1).Draw(t, "group")))
		k.parent = append(k.parent, int32(rapid.IntRange(-1, n-1).Draw(t, fmt.Sprint("parent", i))))
	}
	return k
}

func (k crowd) input() Input {
	column := func(list []truth) *Column {
		values := make([]Value, len(list))
		for i, v := range list {
			values[i] = Value{Status: v.status, Bool: v.yes}
			if v.num != nil {
				values[i].Num = exact.FromRat(v.num)
			}
		}
		return NewColumn(values)
	}
	columns := map[string]*Column{"x": column(k.x), "w": column(k.w), "c": column(k.c)}
	return Input{Rows: len(k.x), Group: k.group, Parent: k.parent, Column: func(r Ref) (*Column, error) { return columns[r.ID], nil }}
}

// peers returns the rows that enter for a row: its group, or the units below it.
func (k crowd) peers(row int, units, weighted, cond bool) (x, w []*big.Rat) {
	for i := range k.x {
		if units && k.parent[i] != int32(row) || !units && k.group[i] != k.group[row] || k.x[i].status != OK {
			continue
		}
		if weighted && k.w[i].status != OK || cond && (k.c[i].status != OK || !k.c[i].yes) {
			continue
		}
		x, w = append(x, k.x[i].num), append(w, k.w[i].num)
	}
	return x, w
}

func ratio(a, b *big.Rat) truth {
	if b.Sign() == 0 {
		return gone(ZeroDenominator)
	}
	return truth{num: new(big.Rat).Quo(a, b)}
}

// weigh computes the weighted mean and variance by their definitions.
func weigh(x, w []*big.Rat, sample bool) (mean, variance truth) {
	sum, products, n := new(big.Rat), new(big.Rat), int64(0)
	for i := range x {
		sum.Add(sum, w[i])
		products.Add(products, new(big.Rat).Mul(x[i], w[i]))
		if w[i].Sign() != 0 {
			n++
		}
	}
	if mean = ratio(products, sum); mean.status != OK {
		return mean, mean
	}
	squares := new(big.Rat)
	for i := range x {
		d := new(big.Rat).Sub(x[i], mean.num)
		squares.Add(squares, d.Mul(d.Mul(d, d), w[i]))
	}
	variance = ratio(squares, sum)
	if sample {
		if n < 2 {
			return mean, gone(ZeroDenominator)
		}
		variance.num.Mul(variance.num, big.NewRat(n, n-1))
	}
	return mean, variance
}

// expected computes one figure for one row as the documentation words it.
func (k crowd) expected(name string, row int, units, cond bool) truth {
	weighted := name == "weighted_mean" || name == "weighted_variance" || name == "weighted_sample_variance"
	x, w := k.peers(row, units, weighted, cond)
	if name == "count" {
		return truth{num: big.NewRat(int64(len(x)), 1)}
	}
	own := k.x[row]
	switch name {
	case "rank", "rank_descending", "percent_rank", "share":
		if own.status != OK {
			return gone(own.status)
		}
		if cond && (k.c[row].status != OK || !k.c[row].yes) {
			return gone(Missing)
		}
	}
	if len(x) == 0 {
		return gone(Missing)
	}
	sorted := slices.Clone(x)
	slices.SortFunc(sorted, (*big.Rat).Cmp)
	n := int64(len(x))
	ones := make([]*big.Rat, n)
	for i := range ones {
		ones[i] = big.NewRat(1, 1)
	}
	below, above := int64(0), int64(0)
	for _, v := range x {
		if own.num != nil && v.Cmp(own.num) < 0 {
			below++
		}
		if own.num != nil && v.Cmp(own.num) > 0 {
			above++
		}
	}
	sum := new(big.Rat)
	for _, v := range x {
		sum.Add(sum, v)
	}
	switch name {
	case "sum":
		return truth{num: sum}
	case "mean":
		return ratio(sum, big.NewRat(n, 1))
	case "lowest":
		return truth{num: sorted[0]}
	case "highest":
		return truth{num: sorted[n-1]}
	case "variance":
		_, v := weigh(x, ones, false)
		return v
	case "sample_variance":
		_, v := weigh(x, ones, true)
		return v
	case "weighted_mean":
		m, _ := weigh(x, w, false)
		return m
	case "weighted_variance", "weighted_sample_variance":
		_, v := weigh(x, w, name == "weighted_sample_variance")
		return v
	case "rank":
		return truth{num: big.NewRat(below+1, 1)}
	case "rank_descending":
		return truth{num: big.NewRat(above+1, 1)}
	case "percent_rank":
		if n == 1 {
			return truth{num: big.NewRat(1, 1)}
		}
		return truth{num: big.NewRat(below, n-1)}
	case "share":
		return ratio(own.num, sum)
	case "percentile_nearest_rank": // of 40%
		for _, v := range sorted {
			reached := int64(0)
			for _, u := range sorted {
				if u.Cmp(v) <= 0 {
					reached++
				}
			}
			if reached*100 >= 40*n {
				return truth{num: v}
			}
		}
	case "percentile_exclusive": // of 40%, at (n+1)·2/5
		at := big.NewRat(2*(n+1), 5)
		if at.Cmp(big.NewRat(1, 1)) < 0 || at.Cmp(big.NewRat(n, 1)) > 0 {
			return gone(Missing)
		}
		low := new(big.Int).Quo(at.Num(), at.Denom()).Int64()
		part := new(big.Rat).Sub(at, big.NewRat(low, 1))
		step := new(big.Rat).Sub(sorted[min(low, n-1)], sorted[low-1])
		return truth{num: step.Add(sorted[low-1], step.Mul(step, part))}
	}
	panic("the oracle does not know " + name)
}

func TestGroupFunctionsAgreeWithTheirDefinitions(t *testing.T) {
	scope := NewScope(Symbol{ID: "x"}, Symbol{ID: "w"}, Symbol{ID: "c", Kind: Bool})
	arguments := map[string]string{"weighted_mean": "x, w", "weighted_variance": "x, w", "weighted_sample_variance": "x, w",
		"percentile_nearest_rank": "x, 40%", "percentile_exclusive": "x, 40%"}
	units := map[string]string{"mean": "units_mean", "weighted_mean": "units_weighted_mean", "lowest": "units_min", "highest": "units_max", "count": "units_count"}
	names := []string{"sum", "mean", "lowest", "highest", "count", "variance", "sample_variance", "weighted_mean", "weighted_variance", "weighted_sample_variance",
		"rank", "rank_descending", "percent_rank", "share", "percentile_nearest_rank", "percentile_exclusive"}
	rapid.Check(t, func(t *rapid.T) {
		k := anyCrowd(t)
		name := rapid.SampledFrom(names).Draw(t, "function")
		cond, below := rapid.Bool().Draw(t, "cond"), false
		call := name
		if u := units[name]; u != "" {
			if below = rapid.Bool().Draw(t, "units"); below {
				call = u
			}
		}
		args := arguments[name]
		if args == "" {
			args = "x"
		}
		if cond {
			args += ", c"
		}
		e, problems := Check(call+"("+args+")", scope, Options{Groups: true})
		if problems != nil {
			t.Fatalf("%+v", problems)
		}
		got, err := Eval(e, k.input())
		if err != nil {
			t.Fatal(err)
		}
		for row := range k.x {
			want, v := k.expected(name, row, below, cond), got.At(row)
			if v.Status != want.status || want.num != nil && v.Num.Rat().Cmp(want.num) != 0 {
				t.Fatalf("%s, row %d: %v %s, want %v %v", e.Source(), row, v.Status, v.Num, want.status, want.num)
			}
		}
	})
}

// columnsOf makes an input of named columns of whole numbers.
func columnsOf(columns map[string][]int64) Input {
	in := Input{}
	all := map[string]*Column{}
	for name, list := range columns {
		in.Rows = len(list)
		values := make([]exact.Num, len(list))
		for i, n := range list {
			values[i] = exact.Int(n)
		}
		all[name] = NumberColumn(values)
	}
	in.Column = func(r Ref) (*Column, error) { return all[r.ID], nil }
	return in
}

func TestFiguresAtTheirEdges(t *testing.T) {
	scope := NewScope(Symbol{ID: "x"}, Symbol{ID: "w"}, Symbol{ID: "p"}, Symbol{ID: "z"})
	many := columnsOf(map[string][]int64{"x": {7, 7, 7, 9}, "w": {0, 0, 0, 0}, "p": {1, 0, 0, 3}, "z": {3, -3, 0, 0}})
	alone := columnsOf(map[string][]int64{"x": {7}, "w": {0}, "p": {2}, "z": {0}})
	for _, test := range []struct {
		in      Input
		formula string
		status  Status
		want    string
	}{
		{many, "percentile_nearest_rank(x, 75%)", OK, "7"},
		{many, "percentile_nearest_rank(x, 76%)", OK, "9"},
		{many, "percentile_nearest_rank(x, 0%)", OK, "7"},
		{many, "percentile_nearest_rank(x, 100%)", OK, "9"},
		{many, "percentile_exclusive(x, 80%)", OK, "9"},
		{many, "percentile_exclusive(x, 20%)", OK, "7"},
		{many, "percentile_exclusive(x, 19%)", Missing, ""},
		{many, "percentile_exclusive(x, 81%)", Missing, ""},
		{many, "percentile(x, 75%)", OK, "15/2"},
		{alone, "percentile_nearest_rank(x, 1%)", OK, "7"},
		{alone, "percentile_exclusive(x, 50%)", OK, "7"},
		{alone, "percentile_exclusive(x, 51%)", Missing, ""},
		{alone, "percent_rank(x)", OK, "1"},
		{alone, "variance(x)", OK, "0"},
		{alone, "sample_variance(x)", ZeroDenominator, ""},
		{alone, "deviation(x, 2)", OK, "0"},
		{alone, "share(w)", ZeroDenominator, ""},
		{many, "weighted_mean(x, w)", ZeroDenominator, ""},
		{many, "weighted_variance(x, w)", ZeroDenominator, ""},
		{many, "weighted_mean(x, p)", OK, "17/2"},
		{many, "weighted_mean(x, z)", ZeroDenominator, ""},
		{many, "weighted_sample_variance(x, p)", OK, "3/2"}, // only two have a weight
		{alone, "weighted_sample_variance(x, p)", ZeroDenominator, ""},
		{many, "share(z)", ZeroDenominator, ""},
		{many, "share(x)", OK, "7/30"},
		{many, "mean(x, x > 9)", Missing, ""}, // nobody is selected
		{many, "sum(x, x > 9)", Missing, ""},
		{many, "count(x > 9)", OK, "0"},
		{many, "count(x, x > 7)", OK, "1"},
		{many, "count(x == 7)", OK, "3"},
		{many, "deviation(x, 4)", OK, "0.866"},
		{many, "or_else(mean(x, x > 9), 5)", OK, "5"},
		{many, "or_else(x / w, 5)", OK, "5"},
		{many, "or_else(x, 5)", OK, "7"},
		{many, "units_sum(x)", Missing, ""}, // nobody has units
		{many, "units_count(x)", OK, "0"},
		{many, "sqrt(2, 4)", OK, "1.4142"},
		{many, "sqrt(0.25, 0)", OK, "1"}, // 0.5 is rounded up
		{many, "sqrt(0.2499, 0)", OK, "0"},
		{many, "sqrt(x - 8, 2)", Missing, ""},
		{many, "sqrt(16, 2)", OK, "4"},
	} {
		e, problems := Check(test.formula, scope, Options{Groups: true})
		if problems != nil {
			t.Errorf("%s: %+v", test.formula, problems)
			continue
		}
		c, err := Eval(e, test.in)
		if err != nil {
			t.Fatal(err)
		}
		v := c.At(0)
		if v.Status != test.status || v.Status == OK && !v.Num.Equal(exactly(t, test.want)) {
			t.Errorf("%s: %v %s, want %v %s", test.formula, v.Status, v.Num, test.status, test.want)
		}
	}
}

func TestTheSumOfUnitsHasNoGaps(t *testing.T) {
	values := []Value{num(1), num(2), {Status: Missing}, num(4), num(8)}
	in := Input{Rows: 5, Parent: []int32{-1, 0, 0, 1, 1}, Column: func(Ref) (*Column, error) { return NewColumn(values), nil }}
	scope := NewScope(Symbol{ID: "x"})
	for formula, want := range map[string]string{
		"units_sum(x)":                "[{3 0} {0 12} {3 0} {3 0} {3 0}]",
		"units_mean(x)":               "[{0 2} {0 6} {3 0} {3 0} {3 0}]",
		"units_count(x)":              "[{0 1} {0 2} {0 0} {0 0} {0 0}]",
		"units_sum(x, x > 4)":         "[{3 0} {0 8} {3 0} {3 0} {3 0}]",
		"units_sum(or_else(x, 0))":    "[{0 2} {0 12} {3 0} {3 0} {3 0}]",
		"or_else(units_sum(x), 7)":    "[{0 7} {0 12} {0 7} {0 7} {0 7}]",
		"units_weighted_mean(x, x)":   "[{0 2} {0 20/3} {3 0} {3 0} {3 0}]",
		"units_max(x) - units_min(x)": "[{0 0} {0 4} {3 0} {3 0} {3 0}]",
	} {
		c, err := Eval(mustCheck(t, formula, scope), in)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range in.Rows {
			got = append(got, fmt.Sprintf("{%d %s}", c.At(i).Status, c.At(i).Num))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", formula, got, want)
		}
	}
}

func TestRootsAgreeWithSquares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := exact.Frac(rapid.Int64Range(0, 1_000_000).Draw(t, "n"), rapid.Int64Range(1, 1000).Draw(t, "d"))
		places := rapid.IntRange(0, 12).Draw(t, "places")
		half := exact.FromRat(new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Mul(big.NewInt(2), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))))
		r := x.Root(places)
		above := r.Add(half)
		if above.Mul(above).Cmp(x) <= 0 {
			t.Fatalf("the root of %s is not %s", x, r)
		}
		if below := r.Sub(half); below.Sign() > 0 && below.Mul(below).Cmp(x) > 0 {
			t.Fatalf("the root of %s is not %s", x, r)
		}
		if !r.Round(places, exact.Down).Equal(r) {
			t.Fatalf("%s has more than %d decimals", r, places)
		}
	})
}

// Ten thousand unlike fractions have a common denominator of a hundred thousand
// digits; adding them up must take no minute.
func TestManyUnlikeFractionsAreAddedInTime(t *testing.T) {
	values := make([]exact.Num, 10_000)
	for i := range values {
		values[i] = exact.Frac(int64(i), int64(1_000_003+2*i))
	}
	start := time.Now()
	mean(values)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the mean took %s", took)
	}
	rapid.Check(t, func(t *rapid.T) {
		var list []exact.Num
		want := new(big.Rat)
		for range rapid.IntRange(0, 40).Draw(t, "count") {
			r := big.NewRat(rapid.Int64().Draw(t, "n"), rapid.Int64Range(1, 60).Draw(t, "d"))
			list = append(list, exact.FromRat(r))
			want.Add(want, r)
		}
		if got := total(list); got.Rat().Cmp(want) != 0 {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
