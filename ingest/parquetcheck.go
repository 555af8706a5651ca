package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// The library believes what a Parquet file states of itself: it sets memory aside
// for the lengths in headers and unpacks runs as long as they say. So each file is
// gone through before it gets it: every length must be there, and what is in
// memory at once, a page of each column with its dictionary, must be bounded.
const (
	maxFooter      = 8 << 20
	maxSchema      = 4 * maxColumns
	maxPage        = 32 << 20  // unpacked
	maxPagesAtOnce = 160 << 20 // of all columns of a row group, unpacked
	perValue       = 12        // bytes a value of a page takes besides
	// A file of n bytes has at most 1 Mi + 256 n rows: more come only of runs of
	// one value that were made to be long.
	freeRows, rowsPerByte = 1 << 20, 256
)

// plainDictionary is what older programs call the encodings of dictionaries and of
// pages that point into them.
const plainDictionary format.Encoding = 2

var (
	errPages    = errors.New("pages too large to be held in memory together")
	errRows     = errors.New("more rows than a file of its size can hold")
	errFooter   = errors.New("a footer that states more than is read")
	errEncoding = errors.New("an encoding or compression that is not read")
)

// checkFooter reads what the file says of itself, once it is sure that it says no
// more than it holds.
func checkFooter(data []byte) (*format.FileMetaData, error) {
	if len(data) < 12 || !bytes.HasSuffix(data, parquetMagic) {
		return nil, io.ErrUnexpectedEOF
	}
	n := int(binary.LittleEndian.Uint32(data[len(data)-8:]))
	if n > len(data)-12 {
		return nil, io.ErrUnexpectedEOF
	}
	if n > maxFooter {
		return nil, errFooter
	}
	walk := thriftWalk{data: data[len(data)-8-n : len(data)-8]}
	if err := walk.structure(0); err != nil {
		return nil, err
	}
	meta := new(format.FileMetaData)
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), walk.data[:walk.at], meta); err != nil {
		return nil, err
	}
	if len(meta.Schema) > maxSchema {
		return nil, errFooter
	}
	for _, e := range meta.Schema {
		if e.TypeLength.V < 0 || e.TypeLength.V > maxCell {
			return nil, errFooter
		}
	}
	var rows, unpacked int64
	for _, g := range meta.RowGroups {
		rows += g.NumRows
		unpacked += g.TotalByteSize
		if g.NumRows < 0 || rows > freeRows+rowsPerByte*int64(len(data)) {
			return nil, errRows
		}
		if g.TotalByteSize < 0 || unpacked > maxParquet {
			return nil, errTooLarge
		}
	}
	return meta, nil
}

// pageCheck goes through the pages of a file.
type pageCheck struct {
	data     []byte
	unpacked int64 // so far, of all pages
}

// checkPages goes through every page of the columns; levels are the highest
// definition levels.
func checkPages(data []byte, meta *format.FileMetaData, leaves []*parquet.Column, levels []int) error {
	c := pageCheck{data: data}
	for _, g := range meta.RowGroups {
		if len(g.Columns) != len(leaves) {
			return errThrift
		}
		atOnce := int64(0)
		for i := range g.Columns {
			n, err := c.chunk(&g.Columns[i].MetaData, levels[i])
			if err != nil {
				return fmt.Errorf("column %s: %w", leaves[i].Name(), err)
			}
			if atOnce += n; atOnce > maxPagesAtOnce {
				return errPages
			}
		}
	}
	return nil
}

// chunk goes through the pages of a column in a row group and returns how many
// bytes are in memory at once when it is read.
func (c *pageCheck) chunk(m *format.ColumnMetaData, level int) (int64, error) {
	at := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		at = m.DictionaryPageOffset
	}
	size := int64(len(c.data))
	if at < 0 || at > size || m.TotalCompressedSize < 0 || m.TotalCompressedSize > size-at {
		return 0, errThrift
	}
	rest := c.data[at : at+m.TotalCompressedSize]
	var dictionary, largest int64
	for len(rest) > 0 {
		header, body, behind, err := nextPage(rest)
		if err != nil {
			return 0, err
		}
		if c.unpacked += int64(header.UncompressedPageSize); c.unpacked > maxParquet {
			return 0, errTooLarge
		}
		n, err := checkPage(header, body, m.Codec, level)
		if err != nil {
			return 0, err
		}
		if header.Type == format.DictionaryPage {
			dictionary += n
		} else {
			largest = max(largest, n)
		}
		rest = behind
	}
	return dictionary + largest, nil
}

// nextPage splits off the page that begins here.
func nextPage(data []byte) (header *format.PageHeader, body, behind []byte, err error) {
	walk := thriftWalk{data: data}
	if err := walk.structure(0); err != nil {
		return nil, nil, nil, err
	}
	header = new(format.PageHeader)
	if err := thrift.Unmarshal(new(thrift.CompactProtocol), data[:walk.at], header); err != nil {
		return nil, nil, nil, err
	}
	size, unpacked := int(header.CompressedPageSize), int(header.UncompressedPageSize)
	if size < 0 || unpacked < 0 || size > len(data)-walk.at {
		return nil, nil, nil, errThrift
	}
	if unpacked > maxPage || size > maxPage {
		return nil, nil, nil, errPages
	}
	return header, data[walk.at : walk.at+size], data[walk.at+size:], nil
}

// checkPage unpacks a page, within the size that it states, and looks whether it
// holds as many values as it says. It returns how many bytes the page takes.
func checkPage(h *format.PageHeader, body []byte, codec format.CompressionCodec, level int) (int64, error) {
	size := int(h.UncompressedPageSize)
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		d := h.DictionaryPageHeader.V
		if d.Encoding != format.Plain && d.Encoding != plainDictionary {
			return 0, errEncoding
		}
		if d.NumValues < 0 || int(d.NumValues) > 8*size {
			return 0, errThrift
		}
		_, err := unpack(codec, body, size)
		return int64(size) + perValue*int64(d.NumValues), err
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		d := h.DataPageHeader.V
		page, err := unpack(codec, body, size)
		if err != nil {
			return 0, err
		}
		if level > 0 {
			if d.DefinitionLevelEncoding != format.RLE {
				return 0, errEncoding
			}
			var levels []byte
			if levels, page, err = prefixed(page); err != nil {
				return 0, err
			}
			if err := checkRuns(levels, bits.Len(uint(level)), int(d.NumValues)); err != nil {
				return 0, err
			}
		}
		return int64(size) + perValue*int64(d.NumValues), checkValues(d.Encoding, page, int(d.NumValues))
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		return checkPageV2(&h.DataPageHeaderV2.V, body, codec, level, size)
	}
	return 0, errEncoding
}

// checkPageV2 is checkPage of a page whose levels stand unpacked before it.
func checkPageV2(d *format.DataPageHeaderV2, body []byte, codec format.CompressionCodec, level, size int) (int64, error) {
	repetition, definition := int(d.RepetitionLevelsByteLength), int(d.DefinitionLevelsByteLength)
	if repetition < 0 || definition < 0 || repetition > len(body) || definition > len(body)-repetition || repetition+definition > size || d.NumNulls < 0 || d.NumNulls > d.NumValues {
		return 0, errThrift
	}
	levels, page := body[repetition:repetition+definition], body[repetition+definition:]
	if level > 0 && definition > 0 {
		if err := checkRuns(levels, bits.Len(uint(level)), int(d.NumValues)); err != nil {
			return 0, err
		}
	}
	if d.IsCompressed.Valid && !d.IsCompressed.V {
		codec = format.Uncompressed
	}
	page, err := unpack(codec, page, size)
	if err != nil {
		return 0, err
	}
	return int64(size) + perValue*int64(d.NumValues), checkValues(d.Encoding, page, int(d.NumValues))
}

// unpack unpacks a page of at most so many bytes.
func unpack(codec format.CompressionCodec, body []byte, most int) ([]byte, error) {
	switch codec {
	case format.Uncompressed:
		if len(body) > most {
			return nil, errThrift
		}
		return body, nil
	case format.Snappy:
		if n, err := snappy.DecodedLen(body); err != nil || n > most {
			return nil, errThrift
		}
		return snappy.Decode(nil, body)
	case format.Gzip:
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		return readMost(r, most)
	case format.Zstd:
		if len(body) == 0 {
			return nil, nil
		}
		r, err := zstd.NewReader(bytes.NewReader(body), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*maxPage), zstd.WithDecoderLowmem(true))
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return readMost(r, most)
	}
	return nil, fmt.Errorf("%s: %w", codec, errEncoding)
}

// readMost reads to the end, which must come within so many bytes.
func readMost(r io.Reader, most int) ([]byte, error) {
	page, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(page) > most {
		err = errThrift
	}
	return page, err
}

// prefixed splits off a part that has its length before it.
func prefixed(data []byte) (part, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, errThrift
	}
	n := int(binary.LittleEndian.Uint32(data))
	if n > len(data)-4 {
		return nil, nil, errThrift
	}
	return data[4 : 4+n], data[4+n:], nil
}

// checkValues looks whether a page states more values than its header.
func checkValues(encoding format.Encoding, page []byte, values int) error {
	if values < 0 {
		return errThrift
	}
	switch encoding {
	case format.Plain, format.ByteStreamSplit:
		return nil // as many bytes as there are
	case plainDictionary, format.RLEDictionary:
		if len(page) == 0 {
			return nil
		}
		return checkRuns(page[1:], int(page[0]), values)
	case format.RLE:
		runs, _, err := prefixed(page)
		if err != nil {
			return err
		}
		return checkRuns(runs, 1, values)
	case format.DeltaBinaryPacked, format.DeltaLengthByteArray:
		return checkDelta(page, values)
	}
	return fmt.Errorf("%s: %w", encoding, errEncoding)
}

// checkRuns adds up the runs of the RLE and bit-packing hybrid.
func checkRuns(data []byte, width, values int) error {
	if width > 32 {
		return errThrift
	}
	walk, total := thriftWalk{data: data}, uint64(0)
	for walk.at < len(data) {
		head, err := walk.uvarint()
		if err != nil {
			return err
		}
		count, size := head>>1, uint64(width+7)/8
		if head&1 == 1 {
			count, size = count*8, count*uint64(width)
		}
		if total += count; count > 1<<32 || total > uint64(values)+7 {
			return errThrift // the last group may be filled up to eight
		}
		// The last group need not be there to its end.
		walk.at += int(min(size, uint64(len(data)-walk.at)))
	}
	return nil
}

// checkDelta reads the number of values that the delta encoding states.
func checkDelta(page []byte, values int) error {
	if len(page) == 0 {
		return nil
	}
	walk := thriftWalk{data: page}
	for range 2 { // size of a block, number of its parts
		if _, err := walk.uvarint(); err != nil {
			return err
		}
	}
	if n, err := walk.uvarint(); err != nil || n > uint64(values) {
		return errThrift
	}
	return nil
}
