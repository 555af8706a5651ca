package engine

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Canonical returns the result as compact JSON in one fixed order: the same
// facts and the same pack give the same bytes. Numbers are exact ("12", "-1/3").
func (r *Result) Canonical() []byte {
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(r); err != nil {
		// Every field is a plain value or marshals without an error.
		panic(fmt.Sprintf("encode a result: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Digest returns the SHA-256 of the canonical form in hexadecimal.
func (r *Result) Digest() string {
	sum := sha256.Sum256(r.Canonical())
	return hex.EncodeToString(sum[:])
}

// ParseResult reads the canonical form back.
func ParseResult(b []byte) (*Result, error) {
	r := new(Result)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("read a stored result: %w", err)
	}
	return r, nil
}
