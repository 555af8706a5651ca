package exact

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strings"
)

// Mode says which neighbour rounding takes.
type Mode uint8

// The rounding modes a pack may declare.
const (
	HalfUp   Mode = iota // 四舍五入: ties away from zero
	HalfEven             // ties to the even neighbour
	Down                 // towards zero (truncation)
	Up                   // away from zero
)

var modeNames = [...]struct{ zh, en string }{
	HalfUp:   {"四舍五入", "half up"},
	HalfEven: {"四舍六入五成双", "half even"},
	Down:     {"截断", "down"},
	Up:       {"进位", "up"},
}

// ParseMode reads "half up", "half even", "down" or "up", or their Chinese names.
func ParseMode(s string) (Mode, error) {
	word := strings.Join(strings.Fields(strings.ToLower(s)), " ")
	for m, name := range modeNames {
		if word == name.en || word == name.zh {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("not a rounding mode: %q (half up, half even, down or up)", s)
}

// String returns the English name.
func (m Mode) String() string {
	_, en := m.Text()
	return en
}

// Text returns the name in both languages.
func (m Mode) Text() (zh, en string) {
	if int(m) >= len(modeNames) {
		m = HalfUp
	}
	return modeNames[m].zh, modeNames[m].en
}

// away reports whether the magnitude q + r/d is rounded to q + 1. odd says
// whether q is; half compares r/d with one half.
func (m Mode) away(odd bool, half int, exact bool) bool {
	switch m {
	case Down:
		return false
	case Up:
		return !exact
	case HalfEven:
		return half > 0 || half == 0 && odd
	}
	return half >= 0
}

// maxPlaces bounds the decimals of rounding, so that a mistake in a formula
// cannot ask for a number of a million digits.
const maxPlaces = 4096

func clampPlaces(places int) int { return min(max(places, -maxPlaces), maxPlaces) }

var pow10 = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// Round returns x rounded to places decimals; -2 rounds to hundreds. Places
// beyond ±4096 are taken as ±4096.
func (x Num) Round(places int, mode Mode) Num {
	if places >= 0 && x.IsInt() {
		return x
	}
	places = clampPlaces(places)
	if neg, q, ok := x.scaled(places, mode); ok {
		if r, ok := descale(neg, q, places); ok {
			return r
		}
	}
	q := new(big.Rat).SetInt(x.bigScaled(places, mode))
	if places >= 0 {
		return own(q.Quo(q, bigPow10(places)))
	}
	return own(q.Mul(q, bigPow10(-places)))
}

// scaled returns x · 10^places, rounded to an integer, as sign and magnitude;
// ok is false if that needs more than machine integers.
func (x Num) scaled(places int, mode Mode) (neg bool, q uint64, ok bool) {
	if x.big != nil || places >= len(pow10) || -places >= len(pow10) {
		return false, 0, false
	}
	hi, lo, d := uint64(0), magnitude(x.n), uint64(x.den())
	if places >= 0 {
		hi, lo = bits.Mul64(lo, uint64(pow10[places]))
	} else {
		var over uint64
		over, d = bits.Mul64(d, uint64(pow10[-places]))
		if over != 0 || d > math.MaxInt64 {
			return false, 0, false
		}
	}
	if hi >= d {
		return false, 0, false
	}
	q, r := bits.Div64(hi, lo, d)
	if mode.away(q&1 == 1, compare128(0, 2*r, 0, d), r == 0) {
		q++
	}
	return x.n < 0, q, q <= math.MaxInt64
}

// descale returns q / 10^places.
func descale(neg bool, q uint64, places int) (Num, bool) {
	if places < 0 {
		hi, lo := bits.Mul64(q, uint64(pow10[-places]))
		if hi != 0 {
			return Num{}, false
		}
		return signed(neg, lo, 1)
	}
	d := uint64(pow10[places])
	g := gcd(q, d)
	return signed(neg, q/g, d/g)
}

// bigScaled is scaled for any number.
func (x Num) bigScaled(places int, mode Mode) *big.Int {
	r := x.Rat()
	if places >= 0 {
		r.Mul(r, bigPow10(places))
	} else {
		r.Quo(r, bigPow10(-places))
	}
	n, d := r.Num(), r.Denom()
	neg := n.Sign() < 0
	q, rest := new(big.Int).QuoRem(new(big.Int).Abs(n), d, new(big.Int))
	half := new(big.Int).Lsh(rest, 1).Cmp(d)
	if mode.away(q.Bit(0) == 1, half, rest.Sign() == 0) {
		q.Add(q, big.NewInt(1))
	}
	if neg {
		q.Neg(q)
	}
	return q
}

// bigPow10 returns 10^n for n >= 0.
func bigPow10(n int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
}
