package demodata

import "hash/fnv"

// random is splitmix64: small, and the same numbers in every version of Go.
type random struct{ state uint64 }

// newRandom starts a sequence of its own for each name, so that a change to one
// insurer leaves the cases of all others as they were.
func newRandom(name string) *random {
	h := fnv.New64a()
	h.Write([]byte(name)) // never fails
	return &random{h.Sum64()}
}

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns 0 to n-1. n is so small beside 2^64 that the bias is nothing.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// between returns low to high, both included.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// shuffle puts a list into a random order.
func shuffle[T any](r *random, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := r.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
