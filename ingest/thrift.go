package ingest

import (
	"encoding/binary"
	"errors"
)

// errThrift says that a Parquet header is not what its lengths say.
var errThrift = errors.New("a header is cut or states lengths that it has not")

// maxThriftItems bounds the items of all lists of a Parquet footer: the library
// sets memory aside for as many as a list states.
const maxThriftItems = 200_000

// maxThriftDepth is how deep structures may stand in one another.
const maxThriftDepth = 32

// thriftWalk goes through a structure of Thrift's compact protocol without keeping
// any of it, to learn where it ends and that everything it states is there.
type thriftWalk struct {
	data  []byte
	at    int
	items int // of lists so far
}

// The types of the compact protocol.
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
)

// structure goes behind the structure that begins here.
func (w *thriftWalk) structure(depth int) error {
	if depth > maxThriftDepth {
		return errThrift
	}
	for {
		head, err := w.byte()
		if err != nil {
			return err
		}
		kind := head & 0x0F
		if kind == 0 {
			return nil
		}
		if head>>4 == 0 { // the field's number follows
			if _, err := w.uvarint(); err != nil {
				return err
			}
		}
		if kind == thriftTrue || kind == thriftFalse {
			continue // the value is the type
		}
		if err := w.value(kind, depth); err != nil {
			return err
		}
	}
}

// value goes behind a value of a type.
func (w *thriftWalk) value(kind byte, depth int) error {
	switch kind {
	case thriftTrue, thriftFalse, thriftByte:
		return w.skip(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := w.uvarint()
		return err
	case thriftDouble:
		return w.skip(8)
	case thriftBinary:
		n, err := w.uvarint()
		if err != nil || n > uint64(len(w.data)) {
			return errThrift
		}
		return w.skip(int(n))
	case thriftList, thriftSet:
		return w.list(depth)
	case thriftStruct:
		return w.structure(depth + 1)
	}
	return errThrift // maps do not occur in Parquet
}

func (w *thriftWalk) list(depth int) error {
	head, err := w.byte()
	if err != nil || depth > maxThriftDepth {
		return errThrift
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if n > maxThriftItems {
		return errFooter
	}
	if w.items += int(n); w.items > maxThriftItems {
		return errFooter
	}
	for range n {
		if err := w.value(head&0x0F, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *thriftWalk) byte() (byte, error) {
	if w.at >= len(w.data) {
		return 0, errThrift
	}
	w.at++
	return w.data[w.at-1], nil
}

func (w *thriftWalk) skip(n int) error {
	if n > len(w.data)-w.at {
		return errThrift
	}
	w.at += n
	return nil
}

func (w *thriftWalk) uvarint() (uint64, error) {
	x, n := binary.Uvarint(w.data[w.at:])
	if n <= 0 {
		return 0, errThrift
	}
	w.at += n
	return x, nil
}
