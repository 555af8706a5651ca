package exact

import (
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// maxText is the longest text Parse reads.
const maxText = 4096

// Parse reads a plain decimal such as -12.50 or .5, or a fraction such as -1/3.
// It refuses exponents, thousands separators and more than 4,096 characters.
func Parse(s string) (Num, error) {
	if len(s) > maxText {
		return Num{}, fmt.Errorf("a number of more than %d characters", maxText)
	}
	body, neg := s, false
	if body != "" && (body[0] == '-' || body[0] == '+') {
		body, neg = body[1:], body[0] == '-'
	}
	x, ok := parseFraction(body)
	if !ok {
		return Num{}, fmt.Errorf("not a number: %q", s)
	}
	if neg {
		return x.Neg(), nil
	}
	return x, nil
}

func parseFraction(s string) (Num, bool) {
	top, bottom, ok := strings.Cut(s, "/")
	if !ok {
		return parseDecimal(s)
	}
	n, ok1 := parseDigits(top)
	d, ok2 := parseDigits(bottom)
	if !ok1 || !ok2 || d.IsZero() {
		return Num{}, false
	}
	return n.Quo(d), true
}

func parseDecimal(s string) (Num, bool) {
	whole, part, point := strings.Cut(s, ".")
	if !point {
		return parseDigits(s)
	}
	if whole == "" {
		whole = "0"
	}
	if len(whole)+len(part) < len(pow10) {
		n, ok1 := parseDigits(whole)
		f, ok2 := parseDigits(part)
		d := pow10[len(part)]
		return Frac(n.n*d+f.n, d), ok1 && ok2
	}
	if !isDigits(whole) || !isDigits(part) {
		return Num{}, false
	}
	n, _ := new(big.Int).SetString(whole+part, 10)
	r := new(big.Rat).SetInt(n)
	return own(r.Quo(r, bigPow10(len(part)))), true
}

// parseDigits reads a whole number without sign.
func parseDigits(s string) (Num, bool) {
	if !isDigits(s) {
		return Num{}, false
	}
	if len(s) < len(pow10) {
		n := int64(0)
		for i := range len(s) {
			n = n*10 + int64(s[i]-'0')
		}
		return Num{n: n}, true
	}
	n, _ := new(big.Int).SetString(s, 10)
	return own(new(big.Rat).SetInt(n)), true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// String returns the canonical form: 12 or -1/3. Parse reads it back.
func (x Num) String() string {
	if x.big != nil {
		return x.big.RatString()
	}
	if x.d == 0 {
		return strconv.FormatInt(x.n, 10)
	}
	return strconv.FormatInt(x.n, 10) + "/" + strconv.FormatInt(x.d, 10)
}

// MarshalText writes the canonical form.
func (x Num) MarshalText() ([]byte, error) { return []byte(x.String()), nil }

// UnmarshalText reads what Parse reads.
func (x *Num) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*x = v
	return nil
}

// Decimal returns x rounded to places decimals, all of them written: 12.50.
// A negative number that rounds to zero is written without a sign. Places
// below zero round to tens, hundreds and so on.
func (x Num) Decimal(places int, mode Mode) string {
	places = clampPlaces(places)
	neg, digits := false, ""
	if n, q, ok := x.scaled(places, mode); ok {
		neg, digits = n && q != 0, strconv.FormatUint(q, 10)
	} else {
		i := x.bigScaled(places, mode)
		neg, digits = i.Sign() < 0, i.Abs(i).String()
	}
	return withPoint(neg, digits, places)
}

// withPoint writes the digits of x · 10^places as x.
func withPoint(neg bool, digits string, places int) string {
	sign := ""
	if neg {
		sign = "-"
	}
	if places < 0 && digits != "0" {
		digits += strings.Repeat("0", -places)
	}
	if places <= 0 {
		return sign + digits
	}
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	point := len(digits) - places
	return sign + digits[:point] + "." + digits[point:]
}

// Shortest returns x as the shortest exact decimal if that has at most places
// decimals; otherwise x rounded half up to that many.
func (x Num) Shortest(places int) string {
	if n, ok := x.decimals(); ok && n <= places {
		return x.Decimal(n, HalfUp)
	}
	return x.Decimal(places, HalfUp)
}

// decimals returns how many decimals x has; ok is false if they never end or
// are more than maxPlaces.
func (x Num) decimals() (n int, ok bool) {
	if x.big == nil {
		return smallDecimals(uint64(x.den()))
	}
	d := new(big.Int).Set(x.big.Denom())
	twos := int(d.TrailingZeroBits())
	d.Rsh(d, uint(twos))
	five, rest := big.NewInt(5), new(big.Int)
	for fives := 0; fives <= maxPlaces; fives++ {
		if d.IsInt64() && d.Int64() == 1 {
			n = max(twos, fives)
			return n, n <= maxPlaces
		}
		q, _ := new(big.Int).QuoRem(d, five, rest)
		if rest.Sign() != 0 {
			return 0, false
		}
		d = q
	}
	return 0, false
}

func smallDecimals(d uint64) (n int, ok bool) {
	twos := bits.TrailingZeros64(d)
	d >>= twos
	fives := 0
	for d%5 == 0 {
		d /= 5
		fives++
	}
	return max(twos, fives), d == 1
}
