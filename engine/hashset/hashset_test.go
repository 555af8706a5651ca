package hashset

import (
	"math/rand/v2"
	"sync"
	"testing"
)

// The set says the same as a map, whose hashes differ in more than the lowest bit.
func TestSetIsAMap(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var s Set
	model := map[uint64]bool{}
	for range 200_000 {
		hash := random.Uint64() % 150_000 * 0x9e3779b97f4a7c15
		key := hash | 1
		if s.Has(hash) != model[key] || s.Add(hash) == model[key] || !s.Has(hash) {
			t.Fatalf("%x: the set and the map differ", hash)
		}
		model[key] = true
	}
	if s.Add(0) && s.Add(1) {
		t.Error("the lowest bit counts")
	}
}

// Of several who add the same hash at once one is told that it was new.
func TestSetIsSharedByMany(t *testing.T) {
	var s Set
	var all sync.WaitGroup
	var mu sync.Mutex
	fresh := 0
	for range 4 {
		all.Go(func() {
			own := 0
			for i := uint64(1); i <= 20_000; i++ {
				if s.Add(i * 0x9e3779b97f4a7c15) {
					own++
				}
			}
			mu.Lock()
			fresh += own
			mu.Unlock()
		})
	}
	all.Wait()
	want := map[uint64]bool{}
	for i := uint64(1); i <= 20_000; i++ {
		want[i*0x9e3779b97f4a7c15|1] = true
	}
	if fresh != len(want) {
		t.Errorf("%d were new, want %d", fresh, len(want))
	}
}
