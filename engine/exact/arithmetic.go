package exact

import (
	"math"
	"math/big"
	"math/bits"
)

// Add returns x + y.
func (x Num) Add(y Num) Num {
	if x.big == nil && y.big == nil {
		if x.d|y.d == 0 {
			if s, ok := addInt(x.n, y.n); ok {
				return Num{n: s}
			}
		} else if s, ok := addFrac(x, y); ok {
			return s
		}
	}
	return own(new(big.Rat).Add(x.shared(), y.shared()))
}

// Sub returns x - y.
func (x Num) Sub(y Num) Num { return x.Add(y.Neg()) }

// Mul returns x · y.
func (x Num) Mul(y Num) Num {
	if x.big == nil && y.big == nil {
		if x.d|y.d == 0 {
			if p, ok := mulInt(x.n, y.n); ok {
				return Num{n: p}
			}
		} else if p, ok := mulFrac(x.n, x.den(), y.n, y.den()); ok {
			return p
		}
	}
	return own(new(big.Rat).Mul(x.shared(), y.shared()))
}

// Quo returns x / y. It panics if y is zero: the caller has asked before.
func (x Num) Quo(y Num) Num {
	if y.IsZero() {
		panic("exact: division by zero")
	}
	if x.big == nil && y.big == nil {
		n, d := y.den(), y.n
		if d < 0 {
			n, d = -n, -d
		}
		if q, ok := mulFrac(x.n, x.den(), n, d); ok {
			return q
		}
	}
	return own(new(big.Rat).Quo(x.shared(), y.shared()))
}

// Neg returns -x.
func (x Num) Neg() Num {
	if x.big != nil {
		return own(new(big.Rat).Neg(x.big))
	}
	x.n = -x.n
	return x
}

// Abs returns |x|.
func (x Num) Abs() Num {
	if x.Sign() < 0 {
		return x.Neg()
	}
	return x
}

// addInt adds unless the sum is outside ±math.MaxInt64.
func addInt(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0) && s != math.MinInt64
}

// mulInt multiplies unless the product is outside ±math.MaxInt64.
func mulInt(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

// mulFrac returns a/b · c/d, both in lowest terms, b and d positive. Factors
// are cancelled crosswise before multiplying, so the product is in lowest terms.
func mulFrac(a, b, c, d int64) (Num, bool) {
	if d != 1 {
		g := int64(gcd(magnitude(a), uint64(d)))
		a, d = a/g, d/g
	}
	if b != 1 {
		g := int64(gcd(magnitude(c), uint64(b)))
		c, b = c/g, b/g
	}
	n, ok := mulInt(a, c)
	if !ok {
		return Num{}, false
	}
	m, ok := mulInt(b, d)
	return lowest(n, m), ok
}

// addFrac returns x + y of small numbers. With g = gcd(b, d) the sum
// a/b + c/d is t / (b/g·d), t = a·(d/g) + c·(b/g), and only factors of g can
// still be cancelled (Knuth, The Art of Computer Programming 2, 4.5.1).
func addFrac(x, y Num) (Num, bool) {
	b, d := x.den(), y.den()
	g := int64(1)
	switch {
	case b == d:
		g = b
	case b != 1 && d != 1:
		g = int64(gcd(uint64(b), uint64(d)))
	}
	neg, hi, lo := addProducts(x.n, d/g, y.n, b/g)
	cancel := uint64(1)
	if g != 1 {
		cancel = gcd(bits.Rem64(hi, lo, uint64(g)), uint64(g))
	}
	if hi >= cancel {
		return Num{}, false
	}
	n, _ := bits.Div64(hi, lo, cancel)
	dh, m := bits.Mul64(uint64(b/g), uint64(d)/cancel)
	if dh != 0 {
		return Num{}, false
	}
	return signed(neg, n, m)
}

// addProducts returns sign and magnitude of a·p + c·q, where p and q are
// positive. Two products of 63-bit numbers cannot exceed 127 bits.
func addProducts(a, p, c, q int64) (neg bool, hi, lo uint64) {
	h1, l1 := bits.Mul64(magnitude(a), uint64(p))
	h2, l2 := bits.Mul64(magnitude(c), uint64(q))
	if (a < 0) == (c < 0) {
		lo, carry := bits.Add64(l1, l2, 0)
		hi, _ := bits.Add64(h1, h2, carry)
		return a < 0, hi, lo
	}
	neg = a < 0
	if compare128(h1, l1, h2, l2) < 0 {
		neg, h1, l1, h2, l2 = c < 0, h2, l2, h1, l1
	}
	lo, borrow := bits.Sub64(l1, l2, 0)
	hi, _ = bits.Sub64(h1, h2, borrow)
	return neg, hi, lo
}
