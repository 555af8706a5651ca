// Package exact holds rational numbers that are never approximated.
package exact

import "math/big"

// Num is an exact rational number. Its zero value is 0 and ready to use. A Num
// is immutable: copy it, compare it with Cmp or Equal (never ==).
type Num struct {
	n, d int64    // n/d in lowest terms with d > 0; d == 0 means 1
	big  *big.Rat // set only when n/d does not fit; never shared for writing
}
