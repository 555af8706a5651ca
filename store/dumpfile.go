package store

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"unicode/utf8"

	"kaoping/engine"
)

// A backup is a gzip file of lines of JSON: a head, then for each table a heading
// and one array a row, then an end with the number of rows and the SHA-256 of all
// lines before it. Nothing in it depends on the kind of database it came from.

// dumpVersion is the form of the file.
const dumpVersion = 1

// longestLine bounds one row of a backup, in bytes; what is larger is refused when
// it is written, and would be a forgery when it is read.
const longestLine = 256 << 20

// The lines of a backup that are no rows.
type (
	dumpHead struct {
		Version int    `json:"kaoping_backup"`
		Schema  int64  `json:"schema"` // number of the newest migration
		MadeAt  string `json:"made_at"`
	}
	dumpHeading struct {
		Table   string   `json:"table"`
		Columns []string `json:"columns"`
		Kinds   string   `json:"kinds"` // one letter a column: i integer, t text, b bytes
	}
	dumpEnd struct {
		Rows   *int64 `json:"rows"`
		SHA256 string `json:"sha256"`
	}
)

// dumpWriter writes the lines of a backup and keeps the first error.
type dumpWriter struct {
	zip    *gzip.Writer
	out    *bufio.Writer
	hash   hash.Hash
	buffer bytes.Buffer
	rows   int64
	err    error
}

func newDumpWriter(to io.Writer) *dumpWriter {
	zip, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
	return &dumpWriter{zip: zip, out: bufio.NewWriterSize(zip, 1<<16), hash: sha256.New(), err: err}
}

// line writes a head, a heading or an end.
func (w *dumpWriter) line(v any) {
	w.buffer.Reset()
	w.write(encodeLine(&w.buffer, v))
}

func (w *dumpWriter) row(values []any) {
	w.rows++
	w.buffer.Reset()
	w.write(encodeRow(&w.buffer, values))
}

func (w *dumpWriter) write(err error) {
	if w.err == nil {
		w.err = err
	}
	if w.err == nil && w.buffer.Len() > longestLine {
		w.err = fmt.Errorf("one row takes %d bytes, more than a backup can hold", w.buffer.Len())
	}
	if w.err == nil {
		w.hash.Write(w.buffer.Bytes()) // a hash takes everything
		_, w.err = w.out.Write(w.buffer.Bytes())
	}
}

// end writes the last line, and returns the hash of those before it.
func (w *dumpWriter) end() (string, error) {
	sum := hex.EncodeToString(w.hash.Sum(nil))
	w.line(dumpEnd{&w.rows, sum})
	if w.err == nil {
		w.err = w.out.Flush()
	}
	if w.err == nil {
		w.err = w.zip.Close()
	}
	return sum, w.err
}

func encodeLine(b *bytes.Buffer, v any) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// encodeRow writes a row as an array: numbers, texts, bytes in base64, null. A text
// that JSON cannot hold is an object with its bytes.
func encodeRow(b *bytes.Buffer, values []any) error {
	out := make([]any, len(values))
	for i, v := range values {
		if s, ok := v.(string); ok && !utf8.ValidString(s) {
			v = map[string][]byte{"bytes": []byte(s)}
		}
		out[i] = v
	}
	return encodeLine(b, out)
}

// dumpReader reads the lines of a backup.
type dumpReader struct {
	under *bufio.Reader
	zip   *gzip.Reader
	in    *bufio.Reader
	hash  hash.Hash
	head  dumpHead
	rows  int64
	ended bool
	sum   string
}

// newDumpReader reads the head of a backup and refuses what this program does not
// know.
func newDumpReader(from io.Reader) (*dumpReader, error) {
	r := &dumpReader{under: bufio.NewReaderSize(from, 1<<16), hash: sha256.New()}
	var err error
	if r.zip, err = gzip.NewReader(r.under); err != nil {
		if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, noBackup(err)
		}
		return nil, err
	}
	r.zip.Multistream(false)
	r.in = bufio.NewReaderSize(r.zip, 1<<16)
	line, err := r.line()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(line, &r.head); err != nil || r.head.Version == 0 || r.head.Schema < 1 {
		return nil, noBackup(err)
	}
	if _, err := instant(r.head.MadeAt); err != nil {
		return nil, damaged(err)
	}
	if r.head.Version > dumpVersion {
		return nil, badBackup(nil, "备份文件的格式版本是 %[1]d,本程序只到 %[2]d;请使用新版程序恢复。",
			"the backup has the form %[1]d, known here up to %[2]d; restore it with the newer program.", r.head.Version, dumpVersion)
	}
	r.hash.Write(line)
	return r, nil
}

// line reads a line with its end.
func (r *dumpReader) line() ([]byte, error) {
	var long []byte
	for {
		part, err := r.in.ReadSlice('\n')
		switch {
		case err == nil && long == nil:
			return part, nil
		case err == nil:
			return append(long, part...), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, r.broken(err)
		case len(long) > longestLine:
			return nil, damaged(errors.New("endless line"))
		}
		long = append(long, part...)
	}
}

// broken tells a file that ends too early or was changed from one that cannot be
// read at all, or that another part of this program could not write.
func (r *dumpReader) broken(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return badBackup(err, "备份文件不完整(在第 %d 行之后被截断);没有恢复任何内容。请换一份备份。",
			"the backup is cut off after row %d; nothing was restored. Use another one.", r.rows)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return damaged(err)
	}
	return err
}

// tables reads everything up to the end: begin is told of each table, each of each
// row, with its line. It returns no error only if the file is whole.
func (r *dumpReader) tables(begin func(dumpHeading) error, each func(h *dumpHeading, values []any, line []byte) error) error {
	var h *dumpHeading
	for !r.ended {
		line, err := r.line()
		if err != nil {
			return err
		}
		switch {
		case line[0] == '[' && h != nil:
			values, err := decodeRow(line, h.Kinds)
			if err != nil {
				return damaged(err)
			}
			r.rows++
			r.hash.Write(line)
			err = each(h, values, line)
			if err != nil {
				return err
			}
		case bytes.HasPrefix(line, []byte(`{"table"`)):
			h = new(dumpHeading)
			if err := json.Unmarshal(line, h); err != nil || len(h.Columns) != len(h.Kinds) {
				return damaged(err)
			}
			r.hash.Write(line)
			if err := begin(*h); err != nil {
				return err
			}
		default:
			if err := r.finish(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish compares what was read with what the last line says of it.
func (r *dumpReader) finish(line []byte) error {
	var end dumpEnd
	if err := json.Unmarshal(line, &end); err != nil || end.Rows == nil {
		return damaged(err)
	}
	r.sum = hex.EncodeToString(r.hash.Sum(nil))
	if end.SHA256 != r.sum || *end.Rows != r.rows {
		return damaged(errors.New("the checksum differs"))
	}
	if _, err := r.in.ReadByte(); !errors.Is(err, io.EOF) { // this also checks the sum that gzip keeps
		return damaged(err)
	}
	if _, err := r.under.ReadByte(); !errors.Is(err, io.EOF) {
		return damaged(err)
	}
	r.ended = true
	return nil
}

func (r *dumpReader) dump() Dump {
	made, _ := instant(r.head.MadeAt) // it was read before
	return Dump{Schema: r.head.Schema, MadeAt: made, Rows: r.rows, SHA256: r.sum}
}

// decodeRow is the opposite of encodeRow.
func decodeRow(line []byte, kinds string) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	if len(raw) != len(kinds) {
		return nil, fmt.Errorf("%d values for %d columns", len(raw), len(kinds))
	}
	values := make([]any, len(raw))
	for i := range raw {
		var err error
		if values[i], err = decodeValue(raw[i], kinds[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func decodeValue(raw json.RawMessage, kind byte) (any, error) {
	if string(raw) == "null" {
		return nil, nil
	}
	switch {
	case kind == 'i':
		return strconv.ParseInt(string(raw), 10, 64)
	case kind == 't' && raw[0] == '{':
		var odd struct{ Bytes []byte }
		err := json.Unmarshal(raw, &odd)
		return string(odd.Bytes), err
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	switch kind {
	case 't':
		return s, nil
	case 'b':
		return base64.StdEncoding.DecodeString(s)
	}
	return nil, fmt.Errorf("unknown kind of column %q", kind)
}

func badBackup(cause error, zh, en string, args ...any) error {
	return &Problem{Text: engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}, kind: ErrBackup, cause: cause}
}

func noBackup(cause error) error {
	return badBackup(cause, "这不是 kaoping backup 写出的备份文件。", "this is no backup that kaoping backup wrote.")
}

func damaged(cause error) error {
	return badBackup(cause, "备份文件已损坏或被改动(校验不符);没有恢复任何内容。请换一份备份。",
		"the backup is damaged or was changed (its checksum differs); nothing was restored. Use another one.")
}
