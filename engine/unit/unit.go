// Package unit knows the units in which figures are written: 件, 万张, 亿元, %, 工作日.
//
// Every count has a dimension of its own, because 件 and 张 cannot be added;
// currencies have one each, because nothing here knows an exchange rate.
package unit

import (
	"sort"
	"strconv"
	"strings"

	"kaoping/engine/exact"
)

// Unit is a unit of measure with a dimension and a scale: 万元 has the dimension
// 元 and the scale 10000. The zero Unit is a bare number. Units are comparable
// with SameDimension; their scale is exact.
type Unit struct {
	name  string    // as written
	dim   string    // canonical dimension, for example "元^-1·件^1"; "" is dimensionless
	scale exact.Num // how many base units one of it is; the zero value means 1
}

// String returns the unit as written; a bare number has no name.
func (u Unit) String() string { return u.name }

// Dim returns the canonical dimension: units with the same one can be compared.
// It is empty for a bare number and for %.
func (u Unit) Dim() string { return u.dim }

// Scale returns how many base units one of u is: 10000 for 万元.
func (u Unit) Scale() exact.Num {
	if u.scale.IsZero() {
		return one
	}
	return u.scale
}

// IsBare reports whether u is a plain number: no dimension and no scale.
func (u Unit) IsBare() bool { return u.dim == "" && u.Scale().Equal(one) }

// SameDimension reports whether quantities of the two units can be compared
// and added.
func (u Unit) SameDimension(v Unit) bool { return u.dim == v.dim }

// IsCount reports whether u counts things: 件, 万张, exposures.
func (u Unit) IsCount() bool { return u.is(count) }

// IsMoney reports whether u is an amount of a currency.
func (u Unit) IsMoney() bool { return u.is(money) }

// IsPoints reports whether u is 分.
func (u Unit) IsPoints() bool { return u.is(points) }

func (u Unit) is(c class) bool {
	word, ok := strings.CutSuffix(u.dim, "^1")
	return ok && classOf[word] == c
}

// To converts a value in base units to this unit: 20000 元 → 2 万元.
func (u Unit) To(base exact.Num) exact.Num { return base.Quo(u.Scale()) }

// From converts a value in this unit to base units: 2 万元 → 20000 元.
func (u Unit) From(x exact.Num) exact.Num { return x.Mul(u.Scale()) }

// Mul returns the unit of a product. Dimensions that cancel take their scale
// with them: 亿元 × 件/元 is 件.
func (u Unit) Mul(v Unit) Unit { return build(append(factorsOf(u), factorsOf(v)...)) }

// Quo returns the unit of a quotient.
func (u Unit) Quo(v Unit) Unit { return u.Mul(v.Pow(-1)) }

// Pow returns the unit of a power; the 0th is a bare number.
func (u Unit) Pow(n int) Unit {
	fs := factorsOf(u)
	for i := range fs {
		fs[i].exp *= n
	}
	return build(fs)
}

// factor is one word of a unit: 亿元 in 件/亿元 is {亿元, 元, 1e8, -1}.
type factor struct {
	word  string
	dim   string
	scale exact.Num
	exp   int
}

// factorsOf takes a unit apart again, leaving out what has no dimension.
func factorsOf(u Unit) []factor {
	all, err := split(u.name)
	if err != nil { // cannot be: only Parse and build make names
		return []factor{{word: u.name, dim: u.dim, scale: u.Scale(), exp: 1}}
	}
	var fs []factor
	for _, f := range all {
		if f.dim != "" {
			fs = append(fs, f)
		}
	}
	return fs
}

// build makes the unit that is the product of the factors.
func build(fs []factor) Unit {
	fs = combine(fs)
	return newUnit(nameOf(fs), fs)
}

// newUnit measures the factors; units of scale 1 hold the zero scale, so that
// equal units are equal to reflect.DeepEqual.
func newUnit(name string, fs []factor) Unit {
	dim, scale := measure(fs)
	if scale.Equal(one) {
		scale = exact.Num{}
	}
	return Unit{name: name, dim: dim, scale: scale}
}

// combine adds the exponents of factors of one dimension. What is left keeps
// the word of the first.
func combine(fs []factor) []factor {
	var out []factor
	at := map[string]int{}
	for _, f := range fs {
		if i, ok := at[f.dim]; ok {
			out[i].exp += f.exp
			continue
		}
		at[f.dim] = len(out)
		out = append(out, f)
	}
	kept := out[:0]
	for _, f := range out {
		if f.exp != 0 {
			kept = append(kept, f)
		}
	}
	return kept
}

// measure returns the canonical dimension and the scale of a product.
func measure(fs []factor) (dim string, scale exact.Num) {
	exps := map[string]int{}
	scale = one
	for _, f := range fs {
		if f.dim != "" {
			exps[f.dim] += f.exp
		}
		scale = scale.Mul(power(f.scale, f.exp))
	}
	var parts []string
	for d, e := range exps {
		if e != 0 {
			parts = append(parts, d+"^"+strconv.Itoa(e))
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, "·"), scale
}

func power(x exact.Num, n int) exact.Num {
	p := one
	for range max(n, -n) {
		p = p.Mul(x)
	}
	if n < 0 {
		return one.Quo(p)
	}
	return p
}

// nameOf writes a product: 件·天²/亿元. Parse reads it back.
func nameOf(fs []factor) string {
	var over []string
	under := ""
	for _, f := range fs {
		if f.exp > 0 {
			over = append(over, f.word+exponent(f.exp))
		} else {
			under += "/" + f.word + exponent(-f.exp)
		}
	}
	if over == nil && under != "" {
		over = []string{"1"}
	}
	return strings.Join(over, "·") + under
}

func exponent(n int) string {
	switch n {
	case 1:
		return ""
	case 2:
		return "²"
	case 3:
		return "³"
	}
	return "^" + strconv.Itoa(n)
}

// Root returns the unit whose square is u. There is none for 件 or 件²/元; the
// root of a ratio is the ratio.
func (u Unit) Root() (Unit, bool) {
	if u.dim == "" {
		return u, true
	}
	fs := factorsOf(u)
	for i := range fs {
		if fs[i].exp%2 != 0 {
			return Unit{}, false
		}
		fs[i].exp /= 2
	}
	return build(fs), true
}
