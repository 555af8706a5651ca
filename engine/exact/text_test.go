package exact

import (
	"math/big"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "007": "7", "+3": "3", "-12.50": "-25/2", ".5": "1/2", "-.25": "-1/4",
		"6/4": "3/2", "-6/4": "-3/2", "0/5": "0",
		"9223372036854775807":   "9223372036854775807",
		"-9223372036854775808":  "-9223372036854775808",
		"99999999999999999.99":  "9999999999999999999/100",
		"18446744073709551616/": "", "": "", "-": "", ".": "", "1.": "", "1e5": "", "1,234": "", " 1": "", "1/0": "",
		"1/-2": "", "--1": "", "1.5/2": "", "0x1f": "", "1_000": "", "NaN": "", "Inf": "", "１": "", "1/2/3": "", "1.2.3": "",
	} {
		got, err := Parse(in)
		if (err == nil) != (want != "") || err == nil && got.String() != want {
			t.Errorf("Parse(%q) = %s, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseIsBounded(t *testing.T) {
	if _, err := Parse(strings.Repeat("9", maxText)); err != nil {
		t.Error(err)
	}
	if _, err := Parse(strings.Repeat("9", maxText+1)); err == nil {
		t.Error("read a number of 4,097 characters")
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		x      string
		places int
		want   string
	}{
		{"12.5", 2, "12.50"}, {"-1/3", 4, "-0.3333"}, {"0", 2, "0.00"}, {"-0.001", 2, "0.00"}, {"0.05", 1, "0.1"},
		{"1234", -2, "1200"}, {"12", -2, "0"}, {"-1250", -2, "-1300"}, {"5", 0, "5"}, {"99.995", 2, "100.00"},
		{"123456789012345678901234567890.125", 2, "123456789012345678901234567890.13"},
		{"1/7", 30, "0.142857142857142857142857142857"},
	} {
		if got := must(t, c.x).Decimal(c.places, HalfUp); got != c.want {
			t.Errorf("%s with %d places is %s, want %s", c.x, c.places, got, c.want)
		}
	}
}

func TestShortest(t *testing.T) {
	for _, c := range []struct {
		x      string
		places int
		want   string
	}{
		{"12.50", 4, "12.5"}, {"3", 4, "3"}, {"1/3", 4, "0.3333"}, {"2/3", 4, "0.6667"}, {"0.00005", 4, "0.0001"},
		{"1/1024", 10, "0.0009765625"}, {"1/1024", 4, "0.0010"}, {"-90909/1000000", 6, "-0.090909"}, {"0", 6, "0"},
		{"123456789012345678901234567890.125", 6, "123456789012345678901234567890.125"},
	} {
		if got := must(t, c.x).Shortest(c.places); got != c.want {
			t.Errorf("%s within %d places is %s, want %s", c.x, c.places, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"0", "-12.50", "1/3", ".5", "1e5", "9223372036854775808", "1.", "+7", "-9223372036854775808/2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := Parse(s)
		if err != nil {
			return
		}
		want, ok := slowParse(s)
		if !ok {
			t.Fatalf("math/big does not read %q", s)
		}
		same(t, s, x, want)
		back, err := Parse(x.String())
		if err != nil && len(x.String()) <= maxText || err == nil && !back.Equal(x) {
			t.Fatalf("%q is not read back from %q: %v", s, x, err)
		}
	})
}

// slowParse reads a fraction by math/big; Rat.SetString would take the zero of
// 08/1 for the sign of an octal number.
func slowParse(s string) (*big.Rat, bool) {
	top, bottom, ok := strings.Cut(s, "/")
	if !ok {
		return new(big.Rat).SetString(s)
	}
	n, ok1 := new(big.Int).SetString(top, 10)
	d, ok2 := new(big.Int).SetString(bottom, 10)
	if !ok1 || !ok2 || d.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).SetFrac(n, d), true
}

func FuzzNumArithmetic(f *testing.F) {
	for _, n := range edges {
		f.Add(n, int64(3), int64(7), n, int8(2))
	}
	f.Fuzz(func(t *testing.T, n, d, m, e int64, places int8) {
		if d == 0 || e == 0 {
			return
		}
		a, b := big.NewRat(n, d), big.NewRat(m, e)
		x, y := Frac(n, d), Frac(m, e)
		checkPair(t, x, y, a, b)
		xy, ab := x.Mul(y).Add(x), new(big.Rat).Mul(a, b)
		checkPair(t, xy, y, ab.Add(ab, a), b)
		for mode := HalfUp; mode <= Up; mode++ {
			same(t, "rounded", xy.Round(int(places), mode), slowRound(ab, int(places), mode))
		}
	})
}
