package exact

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func must(t *testing.T, s string) Num {
	t.Helper()
	x, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestRoundingTies(t *testing.T) {
	for _, c := range []struct {
		x                          string
		places                     int
		halfUp, halfEven, down, up string
	}{
		{"0.5", 0, "1", "0", "0", "1"},
		{"1.5", 0, "2", "2", "1", "2"},
		{"2.5", 0, "3", "2", "2", "3"},
		{"-0.5", 0, "-1", "0", "0", "-1"},
		{"-1.5", 0, "-2", "-2", "-1", "-2"},
		{"-2.5", 0, "-3", "-2", "-2", "-3"},
		{"2.4999", 0, "2", "2", "2", "3"},
		{"-2.5001", 0, "-3", "-3", "-2", "-3"},
		{"0.005", 2, "0.01", "0", "0", "0.01"},
		{"1.015", 2, "1.02", "1.02", "1.01", "1.02"},
		{"1.025", 2, "1.03", "1.02", "1.02", "1.03"},
		{"-1.025", 2, "-1.03", "-1.02", "-1.02", "-1.03"},
		{"1/3", 4, "0.3333", "0.3333", "0.3333", "0.3334"},
		{"-2/3", 4, "-0.6667", "-0.6667", "-0.6666", "-0.6667"},
		{"7", 2, "7", "7", "7", "7"},
		{"50", -2, "100", "0", "0", "100"},
		{"150", -2, "200", "200", "100", "200"},
		{"250", -2, "300", "200", "200", "300"},
		{"-250", -2, "-300", "-200", "-200", "-300"},
		{"249.99", -2, "200", "200", "200", "300"},
		{"0.01", -3, "0", "0", "0", "1000"},
		{"0", -3, "0", "0", "0", "0"},
		{"9223372036854775807", -1, "9223372036854775810", "9223372036854775810", "9223372036854775800", "9223372036854775810"},
		{"92233720368547758.075", 2, "92233720368547758.08", "92233720368547758.08", "92233720368547758.07", "92233720368547758.08"},
		{"0.000000000000000000005", 20, "0.00000000000000000001", "0", "0", "0.00000000000000000001"},
	} {
		for mode, want := range map[Mode]string{HalfUp: c.halfUp, HalfEven: c.halfEven, Down: c.down, Up: c.up} {
			if got := must(t, c.x).Round(c.places, mode); !got.Equal(must(t, want)) {
				t.Errorf("%s to %d places, %s: %s, want %s", c.x, c.places, mode, got, want)
			}
		}
	}
}

// The rounded value must be the neighbour that the mode's definition names.
func TestRoundingKeepsItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, r := anyNum(t, "x")
		places := rapid.IntRange(-25, 25).Draw(t, "places")
		mode := Mode(rapid.IntRange(0, 3).Draw(t, "mode"))
		got := x.Round(places, mode)
		same(t, "rounded", got, slowRound(r, places, mode))
		if d := got.Decimal(places, Down); !mustRat(t, d).Equal(got) {
			t.Fatalf("Decimal of the rounded %s is %s", got, d)
		}
		if a, b := x.Decimal(places, mode), got.Decimal(places, HalfUp); a != b {
			t.Fatalf("Decimal rounds %s to %s, Round to %s", x, a, b)
		}
	})
}

func mustRat(t *rapid.T, s string) Num {
	x, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// slowRound rounds by the definition, on math/big alone.
func slowRound(r *big.Rat, places int, mode Mode) *big.Rat {
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(places, -places))), nil))
	if places > 0 {
		unit.Inv(unit)
	}
	steps := new(big.Rat).Quo(new(big.Rat).Abs(r), unit)
	q := new(big.Int).Quo(steps.Num(), steps.Denom())
	rest := new(big.Rat).Sub(steps, new(big.Rat).SetInt(q))
	half := rest.Cmp(big.NewRat(1, 2))
	up := mode == Up && rest.Sign() > 0 || mode == HalfUp && half >= 0 || mode == HalfEven && (half > 0 || half == 0 && q.Bit(0) == 1)
	if up {
		q.Add(q, big.NewInt(1))
	}
	out := new(big.Rat).Mul(new(big.Rat).SetInt(q), unit)
	if r.Sign() < 0 {
		out.Neg(out)
	}
	return out
}

func TestPlacesAreBounded(t *testing.T) {
	if got := Frac(1, 3).Round(math.MaxInt, Down); got.BitLen() > 20000 {
		t.Errorf("%d bits", got.BitLen())
	}
	if got := Int(7).Round(math.MinInt, HalfUp); !got.IsZero() {
		t.Errorf("%s", got)
	}
}

func TestModesHaveNamesInBothLanguages(t *testing.T) {
	for _, c := range []struct {
		words []string
		mode  Mode
	}{
		{[]string{"half up", "Half  Up", "四舍五入"}, HalfUp},
		{[]string{"half even", "四舍六入五成双"}, HalfEven},
		{[]string{"down", "截断"}, Down},
		{[]string{"up", "进位"}, Up},
	} {
		for _, w := range c.words {
			if m, err := ParseMode(w); err != nil || m != c.mode {
				t.Errorf("%s is read as %v, %v", w, m, err)
			}
		}
		if m, err := ParseMode(c.mode.String()); err != nil || m != c.mode {
			t.Errorf("%s is not read back", c.mode)
		}
	}
	if _, err := ParseMode("half down"); err == nil {
		t.Error("half down is a mode")
	}
}
