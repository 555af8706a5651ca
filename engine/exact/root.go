package exact

import "math/big"

// Root returns the square root of x, rounded half up to so many decimals. x must
// not be negative; places below 0 count as 0, too many are brought to the limit of
// Round.
func (x Num) Root(places int) Num {
	if x.Sign() < 0 {
		panic("exact: root of a negative number")
	}
	places = max(clampPlaces(places), 0)
	// k is the largest number with (k − 1/2)² ≤ x·10^2p, that is with
	// (2k − 1)² ≤ 4x·10^2p; the left side is a whole number.
	scaled := new(big.Rat).Mul(x.shared(), bigPow10(2*places))
	scaled.Mul(scaled, big.NewRat(4, 1))
	root := new(big.Int).Quo(scaled.Num(), scaled.Denom())
	root.Sqrt(root)
	root.Add(root, big.NewInt(1)).Rsh(root, 1)
	r := new(big.Rat).SetInt(root)
	return own(r.Quo(r, bigPow10(places)))
}
