package ingest

import "encoding/binary"

// wordCache remembers short words of a column that were read before, so that a
// column of few different words costs a comparison for each cell.
type wordCache struct{ words [1 << cacheBits]cachedWord }

const cacheBits = 10

// cachedWord is a word of up to 16 bytes: its first eight and its last eight.
type cachedWord struct {
	low, high uint64
	length    int32
	value     int32
}

// find returns the place of a word, and whether it is there.
func (c *wordCache) find(word []byte) (*cachedWord, bool) {
	if len(word) == 0 || len(word) > 16 {
		return &cachedWord{}, false
	}
	low, high := packedWord(word)
	e := &c.words[(low*0x9e3779b97f4a7c15^high*0xc2b2ae3d27d4eb4f)>>(64-cacheBits)]
	return e, e.low == low && e.high == high && int(e.length) == len(word)
}

// keep puts a word into its place.
func (e *cachedWord) keep(word []byte, value int32) {
	if len(word) > 0 && len(word) <= 16 {
		e.low, e.high = packedWord(word)
		e.length, e.value = int32(len(word)), value
	}
}

// packedWord is a word of up to 16 bytes, together with its length the only one.
func packedWord(b []byte) (low, high uint64) {
	switch n := len(b); {
	case n >= 8:
		return binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	default:
		return uint64(b[0]), uint64(b[n/2])<<8 | uint64(b[n-1])
	}
}

// monthCache remembers the months of the days that were read before.
type monthCache [64]struct {
	text uint64 // 2025-07-
	month
}

// day reads 2025-07-20.
func (c *monthCache) day(cell []byte) (int64, bool) {
	if len(cell) != len("2025-07-20") {
		return 0, false
	}
	text := binary.LittleEndian.Uint64(cell)
	e := &c[text*0x9e3779b97f4a7c15>>58]
	if e.text != text {
		m, ok := plainMonth(cell)
		if !ok {
			return 0, false
		}
		e.text, e.month = text, m
	}
	tens, units := cell[8]-'0', cell[9]-'0'
	day := int(tens)*10 + int(units)
	return e.before + int64(day), tens <= 9 && units <= 9 && day >= 1 && day <= e.days
}
