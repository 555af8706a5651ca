package formula

import (
	"math/big"
	"slices"

	"kaoping/engine/exact"
)

// total adds numbers up. Many unlike fractions are added over one denominator,
// which is reduced once at the end: reducing at each step takes for ever.
func total(values []exact.Num) exact.Num {
	byDenominator := map[int64]exact.Num{}
	var rest exact.Num
	for _, x := range values {
		if _, d, ok := x.Small(); ok {
			byDenominator[d] = byDenominator[d].Add(x)
		} else {
			rest = rest.Add(x)
		}
	}
	if len(byDenominator) <= 8 {
		sum := rest
		for _, x := range byDenominator {
			sum = sum.Add(x)
		}
		return sum
	}
	parts := make([]fraction, 0, len(byDenominator))
	for _, x := range byDenominator {
		r := x.Rat()
		parts = append(parts, fraction{r.Num(), r.Denom()})
	}
	sum := together(parts)
	return exact.FromRat(new(big.Rat).SetFrac(sum.n, sum.d)).Add(rest)
}

// fraction is n/d, not reduced.
type fraction struct{ n, d *big.Int }

// together adds fractions in pairs, so that factors are of like length.
func together(parts []fraction) fraction {
	if len(parts) == 1 {
		return parts[0]
	}
	half := len(parts) / 2
	x, y := together(parts[:half]), together(parts[half:])
	n := new(big.Int).Mul(x.n, y.d)
	n.Add(n, new(big.Int).Mul(y.n, x.d))
	return fraction{n, new(big.Int).Mul(x.d, y.d)}
}

func mean(values []exact.Num) exact.Num {
	return total(values).Quo(exact.Int(int64(len(values))))
}

// variance is the mean of the squares less the square of the mean. Differences
// from the mean would each have the digits of all values together.
func variance(values []exact.Num) exact.Num {
	squares := make([]exact.Num, len(values))
	for i, x := range values {
		squares[i] = x.Mul(x)
	}
	m := mean(values)
	return mean(squares).Sub(m.Mul(m))
}

func sampleVariance(values []exact.Num) (exact.Num, bool) {
	n := int64(len(values))
	if n < 2 {
		return exact.Num{}, false
	}
	return variance(values).Mul(exact.Frac(n, n-1)), true
}

// WeightedMean returns Σwx/Σw; it reports false if the weights add up to zero.
func WeightedMean(values, weights []exact.Num) (exact.Num, bool) {
	sum := total(weights)
	if sum.IsZero() {
		return exact.Num{}, false
	}
	products := make([]exact.Num, len(values))
	for i, x := range values {
		products[i] = x.Mul(weights[i])
	}
	return total(products).Quo(sum), true
}

// WeightedVariance returns Σw(x−m)²/Σw, m being the weighted mean; as a sample
// variance times n/(n−1), n being how many weights are not zero. It reports false
// if the weights add up to zero, and for a sample with fewer than two such weights.
func WeightedVariance(values, weights []exact.Num, sample bool) (exact.Num, bool) {
	squares := make([]exact.Num, len(values))
	n := int64(0)
	for i, x := range values {
		squares[i] = x.Mul(x)
		if !weights[i].IsZero() {
			n++
		}
	}
	m, ok := WeightedMean(values, weights)
	if !ok || sample && n < 2 {
		return exact.Num{}, false
	}
	square, _ := WeightedMean(squares, weights)
	v := square.Sub(m.Mul(m))
	if sample {
		v = v.Mul(exact.Frac(n, n-1))
	}
	return v, true
}

// nearestRank returns the smallest value that a share p of all does not exceed.
func nearestRank(values []exact.Num, p exact.Num) (exact.Num, bool) {
	if p.Sign() < 0 {
		return exact.Num{}, false
	}
	sorted := inSize(values)
	rank := p.Mul(exact.Int(int64(len(sorted)))).Round(0, exact.Up)
	k, _ := rank.Int64()
	return sorted[max(k-1, 0)], true
}

// exclusive interpolates at the position (n+1)·p, which must lie among the values.
func exclusive(values []exact.Num, p exact.Num) (exact.Num, bool) {
	n := int64(len(values))
	position := p.Mul(exact.Int(n + 1))
	if position.Cmp(exact.Int(1)) < 0 || position.Cmp(exact.Int(n)) > 0 {
		return exact.Num{}, false
	}
	sorted := inSize(values)
	whole := position.Round(0, exact.Down)
	k, _ := whole.Int64()
	low := sorted[k-1]
	if whole.Equal(position) {
		return low, true
	}
	return low.Add(sorted[k].Sub(low).Mul(position.Sub(whole))), true
}

func inSize(values []exact.Num) []exact.Num {
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, exact.Num.Cmp)
	return sorted
}
