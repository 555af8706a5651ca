package exact

import (
	"encoding/json"
	"math"
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// edges are where machine integers end.
var edges = []int64{0, 1, -1, 2, 3, 5, 7, 10, 97, 1 << 31, 1<<31 - 1, 1 << 32, 3037000499, 3037000500, 1e9, 1e18,
	math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1, math.MaxInt64 / 2, math.MaxInt64/2 + 1, 1 << 62, 6074000999}

// anyNum draws small, realistic, boundary and big numbers with their twin of math/big.
func anyNum(t *rapid.T, label string) (Num, *big.Rat) {
	part := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.SampledFrom(edges), rapid.Int64Range(-1e12, 1e12))
	n, d := part.Draw(t, label+"_n"), part.Draw(t, label+"_d")
	if d == 0 || rapid.Bool().Draw(t, label+"_whole") {
		d = 1
	}
	r := big.NewRat(n, d)
	if rapid.IntRange(0, 9).Draw(t, label+"_big") == 0 {
		r.Mul(r, new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 70), big.NewInt(3)))
	}
	return FromRat(r), r
}

// same fails unless x is r in its one representation.
func same(t interface{ Fatalf(string, ...any) }, what string, x Num, r *big.Rat) {
	if x.Rat().Cmp(r) != 0 {
		t.Fatalf("%s = %s, want %s", what, x, r.RatString())
	}
	fits := r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64
	if n, d, ok := x.Small(); ok != fits {
		t.Fatalf("%s = %s: small is %v, want %v", what, x, ok, fits)
	} else if ok && (n != r.Num().Int64() || d != r.Denom().Int64()) {
		t.Fatalf("%s = %d/%d, want %s", what, n, d, r)
	}
	if !reflect.DeepEqual(x, FromRat(r)) {
		t.Fatalf("%s = %#v has another representation than %#v", what, x, FromRat(r))
	}
}

func TestArithmeticAgreesWithMathBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, a := anyNum(t, "x")
		y, b := anyNum(t, "y")
		checkPair(t, x, y, a, b)
	})
}

func TestArithmeticAtTheEdgesOfMachineIntegers(t *testing.T) {
	for _, n := range edges {
		for _, m := range edges {
			a, b := big.NewRat(n, 1), big.NewRat(m, 1)
			checkPair(t, Int(n), Int(m), a, b)
			if m != 0 {
				checkPair(t, Frac(n, m), Frac(1, m), big.NewRat(n, m), big.NewRat(1, m))
				checkPair(t, Frac(1, m), Int(n), big.NewRat(1, m), a)
			}
		}
	}
}

func checkPair(t interface {
	Fatalf(string, ...any)
	Helper()
}, x, y Num, a, b *big.Rat) {
	t.Helper()
	same(t, "x", x, a)
	same(t, "x+y", x.Add(y), new(big.Rat).Add(a, b))
	same(t, "x-y", x.Sub(y), new(big.Rat).Sub(a, b))
	same(t, "x*y", x.Mul(y), new(big.Rat).Mul(a, b))
	if b.Sign() != 0 {
		same(t, "x/y", x.Quo(y), new(big.Rat).Quo(a, b))
	}
	same(t, "-x", x.Neg(), new(big.Rat).Neg(a))
	same(t, "|x|", x.Abs(), new(big.Rat).Abs(a))
	if got, want := x.Cmp(y), a.Cmp(b); got != want {
		t.Fatalf("Cmp(%s, %s) = %d, want %d", x, y, got, want)
	}
	if x.Equal(y) != (a.Cmp(b) == 0) || x.Sign() != a.Sign() || x.IsInt() != a.IsInt() || x.IsZero() != (a.Sign() == 0) {
		t.Fatalf("a predicate of %s or %s is wrong", x, y)
	}
	if !Min(x, y).Add(Max(x, y)).Equal(x.Add(y)) || Min(x, y).Cmp(Max(x, y)) > 0 {
		t.Fatalf("Min or Max of %s, %s is wrong", x, y)
	}
	if got, want := x.BitLen(), max(a.Num().BitLen(), a.Denom().BitLen()); got != want {
		t.Fatalf("BitLen(%s) = %d, want %d", x, got, want)
	}
	if x.String() != a.RatString() {
		t.Fatalf("String() = %s, want %s", x, a.RatString())
	}
}

func TestBigResultsThatFitComeBack(t *testing.T) {
	huge := Int(math.MaxInt64).Mul(Int(math.MaxInt64))
	if _, _, ok := huge.Small(); ok {
		t.Fatal("the square of MaxInt64 does not fit")
	}
	for what, got := range map[string]Num{
		"quotient":   huge.Quo(Int(math.MaxInt64)),
		"difference": huge.Sub(huge).Add(Int(math.MaxInt64)),
		"negative":   Int(math.MinInt64).Add(Int(1)).Neg(),
	} {
		if _, _, ok := got.Small(); !ok || !got.Equal(Int(math.MaxInt64)) {
			t.Errorf("%s = %v", what, got)
		}
	}
}

func TestTheZeroValueIsZero(t *testing.T) {
	var z Num
	if !z.IsZero() || !z.Equal(Int(0)) || z.String() != "0" || !z.Add(Int(3)).Equal(Int(3)) || !reflect.DeepEqual(z, Frac(0, 7)) {
		t.Error("the zero value is not an ordinary zero")
	}
	if s := Sum(); !s.IsZero() {
		t.Error("the sum of nothing is not zero")
	}
}

func TestAFractionOfZeroAndADivisionByZeroPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"Frac": func() { Frac(1, 0) },
		"Quo":  func() { Int(1).Quo(Num{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", name)
				}
			}()
			f()
		}()
	}
}

func TestSharedBigNumbersAreNeverChanged(t *testing.T) {
	r := new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 100), big.NewInt(7))
	x := FromRat(r)
	want := x.String()
	r.SetInt64(1)
	x.Rat().SetInt64(2)
	x.Add(x)
	x.Neg()
	x.Round(0, HalfUp)
	if x.String() != want {
		t.Errorf("changed to %s", x)
	}
}

// Realistic figures: premiums in fen, counts, ratios, points with decimals.
func TestRealisticFiguresNeverAllocate(t *testing.T) {
	premium, complaints, full := Frac(367512345678, 100), Int(204), Frac(40, 3)
	prior, p20, p70 := Frac(298765432109, 100), Frac(204, 36751), Frac(4711, 104729)
	sink := Num{}
	allocs := testing.AllocsPerRun(1000, func() {
		ratio := complaints.Quo(premium)
		change := premium.Sub(prior).Quo(prior)
		share := p70.Sub(p20).Quo(p70.Add(p20))
		score := full.Mul(share).Round(2, HalfUp)
		sink = Max(Min(score, full), ratio.Add(change.Round(4, HalfEven))).Neg().Abs()
		if sink.Cmp(full) > 0 || sink.Equal(ratio) {
			sink = sink.Round(-2, Up)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
	if _, _, ok := sink.Small(); !ok {
		t.Error("the figures left machine integers")
	}
}

func TestParsingAShortNumberDoesNotAllocate(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { _, _ = Parse("-36751234567.89") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestJSONHoldsTheCanonicalText(t *testing.T) {
	b, err := json.Marshal(map[string]Num{"a": Frac(-6, 4), "b": Int(12)})
	if err != nil || string(b) != `{"a":"-3/2","b":"12"}` {
		t.Fatalf("%s, %v", b, err)
	}
	var back map[string]Num
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, map[string]Num{"a": Frac(-3, 2), "b": Int(12)}) {
		t.Errorf("%v, %v", back, err)
	}
	if json.Unmarshal([]byte(`{"a":"1e3"}`), &back) == nil {
		t.Error("an exponent was read")
	}
}

func BenchmarkNum(b *testing.B) {
	x, y := Frac(367512345678, 100), Frac(40, 3)
	for _, c := range []struct {
		name string
		f    func() Num
	}{
		{"add integers", func() Num { return Int(3).Add(Int(4)) }},
		{"add fractions", func() Num { return x.Add(y) }},
		{"mul fractions", func() Num { return x.Mul(y) }},
		{"quo", func() Num { return y.Quo(x) }},
		{"round", func() Num { return y.Round(2, HalfUp) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.f()
			}
		})
	}
}
