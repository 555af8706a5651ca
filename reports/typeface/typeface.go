// Package typeface holds the fonts that printed files carry: Noto Sans SC in two
// weights, as TrueType without layout tables. See README.md for where they come from.
package typeface

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the fonts
	"io"
	"sync"
)

//go:embed NotoSansSC-Regular.ttf.gz
var regular []byte

//go:embed NotoSansSC-Bold.ttf.gz
var bold []byte

// Regular has every character of the original but Hangul: all of GBK, the names that
// GBK lacks, and the signs of arithmetic.
var Regular = sync.OnceValues(func() ([]byte, error) { return unpack(regular) })

// Bold has the characters of GB 2312, of Latin and of punctuation; for others take
// Regular.
var Bold = sync.OnceValues(func() ([]byte, error) { return unpack(bold) })

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
