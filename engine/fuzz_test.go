package engine

import (
	"bytes"
	"testing"
)

// A stored result that can be read has one canonical form, whatever bytes it
// was read from.
func FuzzParseResult(f *testing.F) {
	f.Add(evaluateIn(f, shanghaiPack(f), "2025H1", shanghaiFacts(f)).Result().Canonical())
	f.Add([]byte(`{"period":"2025","scorecards":[{"lines":null,"total":"1/3"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := ParseResult(b)
		if err != nil {
			return
		}
		once := r.Canonical()
		again, err := ParseResult(once)
		if err != nil {
			t.Fatalf("%v in %s", err, once)
		}
		if twice := again.Canonical(); !bytes.Equal(once, twice) {
			t.Fatalf("two forms:\n%s\n%s", once, twice)
		}
	})
}
