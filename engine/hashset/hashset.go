// Package hashset is a set of 64-bit hashes that stays small: 12 bytes for each on
// the whole, however many there are.
package hashset

import (
	"math/bits"
	"sync"
)

// Set is a set of hashes that several may use at once. The lowest bit of a hash does
// not count. It is in many small tables, so that while one grows the others stay.
// The zero value is empty.
type Set struct {
	tables [1 << 10]table
}

type table struct {
	sync.Mutex
	slots []uint64 // 0 is an empty slot
	used  int
}

// Add reports whether the hash was not there yet.
func (s *Set) Add(hash uint64) bool {
	hash |= 1
	t := s.of(hash)
	t.Lock()
	defer t.Unlock()
	if 5*t.used >= 4*len(t.slots) {
		t.grow()
	}
	at := slotOf(t.slots, hash)
	if t.slots[at] != 0 {
		return false
	}
	t.slots[at] = hash
	t.used++
	return true
}

// Has reports whether the hash is there.
func (s *Set) Has(hash uint64) bool {
	hash |= 1
	t := s.of(hash)
	t.Lock()
	defer t.Unlock()
	return len(t.slots) > 0 && t.slots[slotOf(t.slots, hash)] != 0
}

func (s *Set) of(hash uint64) *table { return &s.tables[hash>>1&(1<<10-1)] }

func (t *table) grow() {
	old := t.slots
	t.slots = make([]uint64, max(16, len(old)*3/2))
	for _, hash := range old {
		if hash != 0 {
			t.slots[slotOf(t.slots, hash)] = hash
		}
	}
}

// slotOf returns where a hash is, or the empty slot where it belongs.
func slotOf(slots []uint64, hash uint64) int {
	high, _ := bits.Mul64(hash, uint64(len(slots)))
	at := int(high)
	for slots[at] != 0 && slots[at] != hash {
		if at++; at == len(slots) {
			at = 0
		}
	}
	return at
}
