package bench

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"io"
	"os"
)

// handScan counts the register as somebody would who writes a program for this
// one file and trusts every cell in it. With distinct, a key that comes again is
// not counted again.
func handScan(path string, distinct bool) (*counts, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	s := handCounter{seed: maphash.MakeSeed()}
	if distinct {
		s.keys = newHandKeys()
	}
	buffer := make([]byte, 1<<20)
	kept, heading := 0, true
	for {
		n, err := f.Read(buffer[kept:])
		block := buffer[:kept+n]
		for {
			end := bytes.IndexByte(block, '\n')
			if end < 0 {
				break
			}
			if !heading {
				s.row(block[:end])
			}
			heading, block = false, block[end+1:]
		}
		kept = copy(buffer, block)
		if err == io.EOF {
			return &s.counts, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

type handCounter struct {
	counts counts
	keys   *handKeys
	seed   maphash.Seed
}

// row counts one row: number, company, line, kind, amount, day, sent, answered,
// withdrawn.
func (s *handCounter) row(row []byte) {
	var cells [9][]byte
	for i := range 8 {
		at := bytes.IndexByte(row, ',')
		cells[i], row = row[:at], row[at+1:]
	}
	cells[8] = row
	if s.keys != nil && !s.keys.add(maphash.Bytes(s.seed, cells[0])) {
		return
	}
	half := -1
	for i, span := range spans {
		if day := cells[5]; string(day) >= span[0] && string(day) <= span[1] {
			half = i
		}
	}
	if half < 0 {
		return
	}
	code := cells[1]
	company := int(code[2]-'0')*100 + int(code[3]-'0')*10 + int(code[4]-'0') - 1
	cents := int64(0)
	for _, c := range cells[4] {
		if c != '.' {
			cents = cents*10 + int64(c-'0')
		}
	}
	withdrawn := string(cells[8]) == "是"
	to := &s.counts[half][company]
	to[0]++
	if string(cells[2]) == "车险" {
		to[1]++
	}
	if len(cells[7]) == 0 {
		to[2]++
	} else if string(cells[7]) <= spans[half][1] {
		to[3]++
	}
	if !withdrawn {
		if cents >= 500_000 {
			to[4]++
		}
		to[5] += cents
	}
}

// handKeys is a set of hashes with open addressing: the smallest thing that tells
// a key that was seen before.
type handKeys struct {
	slots []uint64
	used  int
}

func newHandKeys() *handKeys { return &handKeys{slots: make([]uint64, 1<<16)} }

func (k *handKeys) add(hash uint64) bool {
	hash |= 1 // 0 is an empty slot
	if k.used*4 > len(k.slots)*3 {
		old := k.slots
		k.slots, k.used = make([]uint64, 2*len(old)), 0
		for _, h := range old {
			if h != 0 {
				k.put(h)
			}
		}
	}
	return k.put(hash)
}

func (k *handKeys) put(hash uint64) bool {
	mask := uint64(len(k.slots) - 1)
	for i := hash >> 20 & mask; ; i = (i + 1) & mask {
		switch k.slots[i] {
		case 0:
			k.slots[i] = hash
			k.used++
			return true
		case hash:
			return false
		}
	}
}

// companyOf is the place of a company's code.
func companyOf(code string) (int, error) {
	var n int
	_, err := fmt.Sscanf(code, "PA%03d", &n)
	return n - 1, err
}
