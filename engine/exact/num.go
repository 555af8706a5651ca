// Package exact holds rational numbers that are never approximated.
//
// Numbers whose lowest terms fit machine integers are computed on machine
// integers without allocating; all others are computed by math/big. Which of
// the two holds a number cannot be seen from outside: equal numbers have equal
// representations, so they are also equal to reflect.DeepEqual.
package exact

import (
	"math"
	"math/big"
	"math/bits"
)

// Num is an exact rational number. Its zero value is 0 and ready to use. A Num
// is immutable: copy it, compare it with Cmp or Equal (never ==).
type Num struct {
	// n/d in lowest terms with d > 1, or the integer n with d == 0. n is never
	// math.MinInt64, so every small number has a small negative.
	n, d int64
	big  *big.Rat // set only when n/d does not fit; never shared for writing
}

// Int returns the integer n.
func Int(n int64) Num {
	if n == math.MinInt64 {
		return Num{big: new(big.Rat).SetInt64(n)}
	}
	return Num{n: n}
}

// Frac returns n/d. It panics if d is zero.
func Frac(n, d int64) Num {
	if d == 0 {
		panic("exact: zero denominator")
	}
	if n == math.MinInt64 || d == math.MinInt64 {
		return own(big.NewRat(n, d))
	}
	if d < 0 {
		n, d = -n, -d
	}
	g := int64(gcd(magnitude(n), uint64(d)))
	return lowest(n/g, d/g)
}

// FromRat returns the value of r, which it copies.
func FromRat(r *big.Rat) Num { return own(new(big.Rat).Set(r)) }

// own makes a Num of r, which nobody else may change afterwards.
func own(r *big.Rat) Num {
	n, d := r.Num(), r.Denom()
	if n.IsInt64() && d.IsInt64() && n.Int64() != math.MinInt64 {
		return lowest(n.Int64(), d.Int64())
	}
	return Num{big: r}
}

// lowest makes a Num of a fraction in lowest terms with d > 0.
func lowest(n, d int64) Num {
	if d == 1 {
		d = 0
	}
	return Num{n: n, d: d}
}

// signed makes a Num of a fraction in lowest terms, unless it does not fit.
func signed(neg bool, n, d uint64) (Num, bool) {
	if n > math.MaxInt64 || d > math.MaxInt64 {
		return Num{}, false
	}
	if neg {
		return lowest(-int64(n), int64(d)), true
	}
	return lowest(int64(n), int64(d)), true
}

// den returns the denominator of a small number.
func (x Num) den() int64 {
	if x.d == 0 {
		return 1
	}
	return x.d
}

// shared returns x as a big.Rat that must not be changed.
func (x Num) shared() *big.Rat {
	if x.big != nil {
		return x.big
	}
	return big.NewRat(x.n, x.den())
}

// Rat returns x as a big.Rat of the caller's own.
func (x Num) Rat() *big.Rat {
	if x.big != nil {
		return new(big.Rat).Set(x.big)
	}
	return big.NewRat(x.n, x.den())
}

// Small returns x as n/d in lowest terms, d > 0; ok is false if either does
// not fit. n is never math.MinInt64.
func (x Num) Small() (n, d int64, ok bool) {
	if x.big != nil {
		return 0, 0, false
	}
	return x.n, x.den(), true
}

// Int64 returns x if it is an integer that fits. It never is math.MinInt64.
func (x Num) Int64() (n int64, ok bool) { return x.n, x.big == nil && x.d == 0 }

// BitLen returns the bits of the numerator or of the denominator, whichever
// has more.
func (x Num) BitLen() int {
	if x.big != nil {
		return max(x.big.Num().BitLen(), x.big.Denom().BitLen())
	}
	return max(bits.Len64(magnitude(x.n)), bits.Len64(uint64(x.den())))
}

// Sign returns -1, 0 or +1.
func (x Num) Sign() int {
	if x.big != nil {
		return x.big.Sign()
	}
	switch {
	case x.n < 0:
		return -1
	case x.n > 0:
		return 1
	}
	return 0
}

// IsZero reports whether x is 0.
func (x Num) IsZero() bool { return x.n == 0 && x.big == nil }

// IsInt reports whether x is an integer.
func (x Num) IsInt() bool {
	if x.big != nil {
		return x.big.IsInt()
	}
	return x.d == 0
}

// Cmp returns -1, 0 or +1 as x is less than, equal to or greater than y.
func (x Num) Cmp(y Num) int {
	if x.big != nil || y.big != nil {
		return x.shared().Cmp(y.shared())
	}
	if x.d == y.d {
		return compare(x.n, y.n)
	}
	if sx, sy := x.Sign(), y.Sign(); sx != sy {
		return compare(int64(sx), int64(sy))
	}
	hi, lo := bits.Mul64(magnitude(x.n), uint64(y.den()))
	hi2, lo2 := bits.Mul64(magnitude(y.n), uint64(x.den()))
	return x.Sign() * compare128(hi, lo, hi2, lo2)
}

// Equal reports whether x and y are the same number.
func (x Num) Equal(y Num) bool {
	if x.big != nil && y.big != nil {
		return x.big.Cmp(y.big) == 0
	}
	return x == y
}

// Min returns the smaller of a and b.
func Min(a, b Num) Num {
	if b.Cmp(a) < 0 {
		return b
	}
	return a
}

// Max returns the larger of a and b.
func Max(a, b Num) Num {
	if b.Cmp(a) > 0 {
		return b
	}
	return a
}

// Sum adds up the numbers; of none it is 0.
func Sum(xs ...Num) Num {
	var s Num
	for _, x := range xs {
		s = s.Add(x)
	}
	return s
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func compare128(hi, lo, hi2, lo2 uint64) int {
	switch {
	case hi < hi2 || hi == hi2 && lo < lo2:
		return -1
	case hi == hi2 && lo == lo2:
		return 0
	}
	return 1
}

// magnitude returns |n|, also of math.MinInt64.
func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// gcd returns the greatest common divisor; gcd(0, b) is b. It is Stein's
// algorithm, because a subtraction costs a tenth of a 64-bit division.
func gcd(a, b uint64) uint64 {
	if a == 0 || b == 0 {
		return a | b
	}
	shift := bits.TrailingZeros64(a | b)
	a >>= bits.TrailingZeros64(a)
	for b != 0 {
		b >>= bits.TrailingZeros64(b)
		if a > b {
			a, b = b, a
		}
		b -= a
	}
	return a << shift
}
