package ingest

import (
	"math/bits"
	"sync"
)

// keySet is a set of hashes that several may add to. It is in many small tables, so
// that while one grows the others stay: 12 bytes for each hash on the whole.
type keySet struct {
	tables [1 << 10]struct {
		sync.Mutex
		slots []uint64
		used  int
	}
}

// add reports whether the hash was not there yet. The lowest bit does not count.
func (k *keySet) add(hash uint64) bool {
	hash |= 1 // 0 is an empty slot
	t := &k.tables[hash>>1&(1<<10-1)]
	t.Lock()
	defer t.Unlock()
	if 5*t.used >= 4*len(t.slots) {
		old := t.slots
		t.slots = make([]uint64, max(16, len(old)*3/2))
		for _, h := range old {
			if h != 0 {
				putHash(t.slots, h)
			}
		}
	}
	if !putHash(t.slots, hash) {
		return false
	}
	t.used++
	return true
}

func putHash(slots []uint64, hash uint64) bool {
	at, _ := bits.Mul64(hash, uint64(len(slots)))
	for ; ; at++ {
		if at == uint64(len(slots)) {
			at = 0
		}
		switch slots[at] {
		case 0:
			slots[at] = hash
			return true
		case hash:
			return false
		}
	}
}
