package formula

import (
	"math"
	"math/bits"
)

const minInt64 = math.MinInt64

// compute sets v to the result of one operation. It reports false if the bounds
// of the operands do not prove that machine integers suffice.
func (v *vector) compute(n *node, args []*view) bool {
	a := args[0]
	switch n.op {
	case opAdd:
		return v.add(a, args[1], 1)
	case opSub:
		return v.add(a, args[1], -1)
	case opMul:
		return v.mul(a, args[1])
	case opQuo:
		return v.quo(a, args[1])
	case opNeg, opAbs:
		return v.sign(n.op, a)
	case opEqual, opNotEqual, opLess, opLessEqual:
		return v.compare(n.op, a, args[1])
	case opAnd, opOr:
		return v.logic(n.op, a, args[1])
	case opNot:
		return v.not(a)
	case opIf:
		return v.choose(n.kind, a, args[1], args[2])
	case opMin, opMax:
		return v.extreme(n.op, args)
	case opClamp:
		return v.clamp(a, args[1], args[2])
	case opRound, opTruncate:
		return v.round(n, a)
	}
	return false
}

// merge takes the worse status of the operands, lane by lane.
func (v *vector) merge(args ...*view) {
	for _, a := range args {
		switch {
		case a.status == nil:
		case v.status == nil:
			v.status = v.states[:len(a.status)]
			copy(v.status, a.status)
		default:
			for i, s := range a.status {
				v.status[i] = max(v.status[i], s)
			}
		}
	}
}

// common returns the least common denominator of two vectors that have one
// each, and what their numerators are multiplied by.
func common(a, b *view) (den, ma, mb int64, ok bool) {
	if a.den0 == b.den0 {
		return a.den0, 1, 1, true
	}
	g := gcd(a.den0, b.den0)
	ma, mb = b.den0/g, a.den0/g
	den, ok = mulSmall(a.den0, ma)
	return den, ma, mb, ok
}

func (v *vector) add(a, b *view, sign int64) bool {
	v.merge(a, b)
	if a.den != nil || b.den != nil {
		return v.addFractions(a, b, sign)
	}
	den, ma, mb, ok := common(a, b)
	x, ok1 := mulSmall(a.mag, ma)
	y, ok2 := mulSmall(b.mag, mb)
	if !ok || !ok1 || !ok2 || x > math.MaxInt64-y {
		return false
	}
	v.den0, v.denMag, v.mag = den, den, x+y
	mb *= sign
	out, an, bn := v.num, a.num[:len(v.num)], b.num[:len(v.num)]
	if ma == 1 && mb == 1 {
		for i := range out {
			out[i] = an[i] + bn[i]
		}
		return true
	}
	for i := range out {
		out[i] = an[i]*ma + bn[i]*mb
	}
	return true
}

func (v *vector) addFractions(a, b *view, sign int64) bool {
	x, ok1 := mulSmall(a.mag, b.denMag)
	y, ok2 := mulSmall(b.mag, a.denMag)
	d, ok3 := mulSmall(a.denMag, b.denMag)
	if !ok1 || !ok2 || !ok3 || x > math.MaxInt64-y {
		return false
	}
	v.den, v.denMag, v.mag = v.dens[:len(v.num)], d, x+y
	for i := range v.num {
		ad, bd := a.denAt(i), b.denAt(i)
		v.num[i] = a.num[i]*bd + sign*b.num[i]*ad
		v.den[i] = ad * bd
	}
	return true
}

func (v *view) denAt(i int) int64 {
	if v.den != nil {
		return v.den[i]
	}
	return v.den0
}

func (v *vector) mul(a, b *view) bool {
	v.merge(a, b)
	mag, ok1 := mulSmall(a.mag, b.mag)
	denMag, ok2 := mulSmall(a.denMag, b.denMag)
	if !ok1 || !ok2 {
		return false
	}
	v.mag, v.denMag = mag, denMag
	out, an, bn := v.num, a.num[:len(v.num)], b.num[:len(v.num)]
	for i := range out {
		out[i] = an[i] * bn[i]
	}
	if a.den == nil && b.den == nil {
		v.den0 = a.den0 * b.den0
		return true
	}
	v.den = v.dens[:len(v.num)]
	for i := range v.den {
		v.den[i] = a.denAt(i) * b.denAt(i)
	}
	return true
}

// quo makes fractions. A row with a zero denominator gets that status; what its
// fraction is does not matter, as long as no later step divides by zero.
func (v *vector) quo(a, b *view) bool {
	v.merge(a, b)
	g := int64(1)
	if a.den == nil && b.den == nil {
		g = gcd(a.den0, b.den0)
	}
	mag, ok1 := mulSmall(a.mag, b.denMag/g)
	denMag, ok2 := mulSmall(a.denMag/g, b.mag)
	if !ok1 || !ok2 {
		return false
	}
	v.mag, v.denMag, v.den = mag, max(denMag, 1), v.dens[:len(v.num)]
	if a.den == nil && b.den == nil {
		v.quoFixed(a, b, b.den0/g, a.den0/g)
	} else {
		for i := range v.num {
			v.fraction(i, a.num[i]*b.denAt(i), a.denAt(i)*b.num[i])
		}
	}
	return true
}

func (v *vector) quoFixed(a, b *view, ma, mb int64) {
	num, den := v.num, v.den[:len(v.num)]
	an, bn := a.num[:len(num)], b.num[:len(num)]
	for i := range num {
		n, d := an[i]*ma, bn[i]*mb
		if d <= 0 {
			v.fraction(i, n, d)
			continue
		}
		num[i], den[i] = n, d
	}
}

// fraction stores n/d with a positive denominator.
func (v *vector) fraction(i int, n, d int64) {
	switch {
	case d > 0:
		v.num[i], v.den[i] = n, d
	case d < 0:
		v.num[i], v.den[i] = -n, -d
	default:
		v.num[i], v.den[i] = 0, 1
		v.flag(i, ZeroDenominator)
	}
}

// flag gives a row a status, unless it has a worse one.
func (v *vector) flag(i int, s Status) {
	if v.status == nil {
		v.status = v.states[:len(v.num)]
		clear(v.status)
	}
	v.status[i] = max(v.status[i], s)
}

func (v *vector) sign(o op, a *view) bool {
	v.merge(a)
	v.mag = a.mag
	v.sameDen(a)
	for i, x := range a.num[:len(v.num)] {
		if o == opNeg || x < 0 {
			x = -x
		}
		v.num[i] = x
	}
	return true
}

// sameDen takes over the denominators.
func (v *vector) sameDen(a *view) {
	v.den0, v.denMag = a.den0, a.denMag
	if a.den != nil {
		v.den = v.dens[:len(v.num)]
		copy(v.den, a.den)
	}
}

// cross reports whether a and b can be compared by cross-multiplication, and the
// factors if each has one denominator.
func cross(a, b *view) (ma, mb int64, fixed, ok bool) {
	if a.den == nil && b.den == nil {
		_, ma, mb, ok = common(a, b)
		_, ok1 := mulSmall(a.mag, ma)
		_, ok2 := mulSmall(b.mag, mb)
		return ma, mb, true, ok && ok1 && ok2
	}
	_, ok1 := mulSmall(a.mag, b.denMag)
	_, ok2 := mulSmall(b.mag, a.denMag)
	return 0, 0, false, ok1 && ok2
}

func (v *vector) compare(o op, a, b *view) bool {
	v.merge(a, b)
	ma, mb, fixed, ok := cross(a, b)
	if !ok {
		return false
	}
	flags, an, bn := v.flags, a.num[:len(v.flags)], b.num[:len(v.flags)]
	switch {
	case !fixed:
		for i := range flags {
			flags[i] = holds(o, an[i]*b.denAt(i), bn[i]*a.denAt(i))
		}
	case o == opLess:
		for i := range flags {
			flags[i] = an[i]*ma < bn[i]*mb
		}
	case o == opLessEqual:
		for i := range flags {
			flags[i] = an[i]*ma <= bn[i]*mb
		}
	case o == opEqual:
		for i := range flags {
			flags[i] = an[i]*ma == bn[i]*mb
		}
	default:
		for i := range flags {
			flags[i] = an[i]*ma != bn[i]*mb
		}
	}
	return true
}

func holds(o op, x, y int64) bool {
	switch o {
	case opLess:
		return x < y
	case opLessEqual:
		return x <= y
	case opEqual:
		return x == y
	}
	return x != y
}

func (v *vector) logic(o op, a, b *view) bool {
	for i := range v.flags {
		v.flags[i] = a.flags[i] && b.flags[i]
		if o == opOr {
			v.flags[i] = a.flags[i] || b.flags[i]
		}
	}
	if a.status == nil && b.status == nil {
		return true
	}
	v.status = v.states[:len(v.flags)]
	for i := range v.flags {
		v.status[i] = a.statusAt(i)
		decided := a.flags[i] == (o == opOr)
		if v.status[i] == OK && !decided {
			v.status[i] = b.statusAt(i)
		}
		if v.status[i] == OK && decided {
			v.flags[i] = a.flags[i]
		}
	}
	return true
}

func (v *view) statusAt(i int) Status {
	if v.status == nil {
		return OK
	}
	return v.status[i]
}

func (v *vector) not(a *view) bool {
	v.merge(a)
	for i := range v.flags {
		v.flags[i] = !a.flags[i]
	}
	return true
}

// choose blends two vectors, each of which has been computed in every row.
func (v *vector) choose(kind Kind, cond, a, b *view) bool {
	if cond.status != nil || a.status != nil || b.status != nil {
		v.status = v.states[:len(v.num)]
		for i := range v.status {
			s := b.statusAt(i)
			if cond.flags[i] {
				s = a.statusAt(i)
			}
			if c := cond.statusAt(i); c != OK {
				s = c
			}
			v.status[i] = s
		}
		v.status = anyStatus(v.status)
	}
	if kind == Bool {
		for i := range v.flags {
			v.flags[i] = cond.flags[i] && a.flags[i] || !cond.flags[i] && b.flags[i]
		}
		return true
	}
	return v.blend(cond.flags, a, b)
}

// blend takes a where flags says so and b elsewhere.
func (v *vector) blend(flags []bool, a, b *view) bool {
	if a.den != nil || b.den != nil {
		v.mag, v.denMag, v.den = max(a.mag, b.mag), max(a.denMag, b.denMag), v.dens[:len(v.num)]
		for i := range v.num {
			if flags[i] {
				v.num[i], v.den[i] = a.num[i], a.denAt(i)
			} else {
				v.num[i], v.den[i] = b.num[i], b.denAt(i)
			}
		}
		return true
	}
	den, ma, mb, ok := common(a, b)
	x, ok1 := mulSmall(a.mag, ma)
	y, ok2 := mulSmall(b.mag, mb)
	if !ok || !ok1 || !ok2 {
		return false
	}
	v.den0, v.denMag, v.mag = den, den, max(x, y)
	out, an, bn := v.num, a.num[:len(v.num)], b.num[:len(v.num)]
	flags = flags[:len(out)]
	for i := range out {
		x, y := an[i]*ma, bn[i]*mb
		if flags[i] {
			y = x
		}
		out[i] = y
	}
	return true
}

// extreme takes the smallest or largest of several vectors.
func (v *vector) extreme(o op, args []*view) bool {
	v.merge(args...)
	if !v.ordered(args[0], args[1], o == opMax) {
		return false
	}
	for _, b := range args[2:] {
		so := v.view
		if !v.ordered(&so, b, o == opMax) {
			return false
		}
	}
	return true
}

// ordered takes the smaller, or the larger, of a and b. Either may be v itself.
func (v *vector) ordered(a, b *view, larger bool) bool {
	if a.den == nil && b.den == nil {
		return v.orderedFixed(a, b, larger)
	}
	if _, _, _, ok := cross(a, b); !ok {
		return false
	}
	v.mag, v.denMag, v.den = max(a.mag, b.mag), max(a.denMag, b.denMag), v.dens[:len(v.num)]
	for i := range v.num {
		ad, bd := a.denAt(i), b.denAt(i)
		x, y := a.num[i], b.num[i]
		if (x*bd < y*ad) == larger {
			x, ad = y, bd
		}
		v.num[i], v.den[i] = x, ad
	}
	return true
}

func (v *vector) orderedFixed(a, b *view, larger bool) bool {
	den, ma, mb, ok := common(a, b)
	x, ok1 := mulSmall(a.mag, ma)
	y, ok2 := mulSmall(b.mag, mb)
	if !ok || !ok1 || !ok2 {
		return false
	}
	v.den0, v.denMag, v.mag = den, den, max(x, y)
	out, an, bn := v.num, a.num[:len(v.num)], b.num[:len(v.num)]
	if larger {
		for i := range out {
			out[i] = max(an[i]*ma, bn[i]*mb)
		}
		return true
	}
	for i := range out {
		out[i] = min(an[i]*ma, bn[i]*mb)
	}
	return true
}

// clamp keeps x between low and high; where they are the wrong way round, high wins.
func (v *vector) clamp(x, low, high *view) bool {
	v.merge(x, low, high)
	if !v.ordered(x, low, true) {
		return false
	}
	floor := v.view
	return v.ordered(&floor, high, false)
}

// round rounds in the unit of the result: num/den ÷ scale, to places.
func (v *vector) round(n *node, a *view) bool {
	v.merge(a)
	k, _ := smallInt(n.args[1])
	sn, sd, ok := n.unit.Scale().Small()
	up, ok1 := mulSmall(pow10[k], sd)
	den, ok2 := mulSmall(a.denMag, sn)
	if !ok || !ok1 || !ok2 || den > math.MaxInt64/4 {
		return false
	}
	var mag uint64
	if num, ok := mulSmall(a.mag, up); ok && num < math.MaxInt64/4 {
		mag = v.roundSmall(a, up, sn, n.op == opRound)
	} else if mag, ok = v.roundLarge(a, up, sn, n.op == opRound); !ok {
		return false
	}
	if mag > math.MaxInt64/uint64(sn) {
		return false
	}
	v.mag, v.den0, v.denMag = int64(mag)*sn, up, up
	if sn != 1 {
		for i := range v.num {
			v.num[i] *= sn
		}
	}
	return true
}

// roundSmall divides in 64 bits: |num|·up/(den·down), half away from zero. It
// returns the largest magnitude.
func (v *vector) roundSmall(a *view, up, down int64, half bool) uint64 {
	largest := uint64(0)
	num, an := v.num, a.num[:len(v.num)]
	den := uint64(a.den0 * down)
	for i := range num {
		if a.den != nil {
			den = uint64(a.den[i] * down)
		}
		x := an[i]
		negative := x >> 63
		q := uint64((x ^ negative) - negative)
		q *= uint64(up)
		if half {
			q = (2*q + den) / (2 * den)
		} else {
			q /= den
		}
		largest = max(largest, q)
		num[i] = (int64(q) ^ negative) - negative
	}
	return largest
}

// roundLarge does the same with a numerator of 128 bits. It reports false if a
// quotient does not fit.
func (v *vector) roundLarge(a *view, up, down int64, half bool) (uint64, bool) {
	largest := uint64(0)
	for i, x := range a.num[:len(v.num)] {
		den := uint64(a.denAt(i) * down)
		hi, lo := bits.Mul64(uint64(abs64(x)), uint64(up))
		if hi >= den {
			return 0, false
		}
		q, rest := bits.Div64(hi, lo, den)
		if half && rest >= den-rest {
			q++
		}
		if q > math.MaxInt64 {
			return 0, false
		}
		largest = max(largest, q)
		if x < 0 {
			q = -q
		}
		v.num[i] = int64(q)
	}
	return largest, true
}

var pow10 = func() (p [13]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// largest returns the largest magnitude, or -1 if there is one without a negative.
func largest(xs []int64) int64 {
	lo, hi := int64(0), int64(0)
	for _, x := range xs {
		lo, hi = min(lo, x), max(hi, x)
	}
	if lo == minInt64 {
		return -1
	}
	return max(-lo, hi)
}

func abs64(x int64) int64 {
	if x < 0 {
		return -x
	}
	return x
}

// mulSmall multiplies; it reports false if the product does not fit. Its
// operands are magnitudes and factors, but it takes any sign.
func mulSmall(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs64(a)), uint64(abs64(b)))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return abs64(a)
}
