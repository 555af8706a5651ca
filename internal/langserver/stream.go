package langserver

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Limits on what a client may send.
const (
	maxMessage = 16 << 20 // bytes
	maxHeader  = 4 << 10  // bytes of one header line
)

// stream reads and writes messages with a Content-Length before each. A message
// that cannot be understood is answered with an error and skipped: the next one
// is read as if it had not been.
type stream struct {
	in  *bufio.Reader
	out io.Writer
	mu  sync.Mutex // held while writing
}

func newStream(in io.Reader, out io.Writer) *stream {
	return &stream{in: bufio.NewReaderSize(in, maxHeader), out: out}
}

// ReadObject reads the next message that can be understood.
func (s *stream) ReadObject(v any) error {
	for {
		data, err := s.frame()
		var bad *badFrame
		switch {
		case errors.As(err, &bad):
			err = s.refuse(-32600, bad.why)
		case err != nil:
			return err
		case !json.Valid(data):
			err = s.refuse(-32700, "the message is not JSON")
		default:
			if err = json.Unmarshal(data, v); err == nil {
				return nil
			}
			err = s.refuse(-32600, "the message is no JSON-RPC request")
		}
		if err != nil {
			return err
		}
	}
}

// badFrame is a message that was skipped.
type badFrame struct{ why string }

func (b *badFrame) Error() string { return b.why }

// frame reads the header and the bytes of one message.
func (s *stream) frame() ([]byte, error) {
	length := -1
	for {
		line, err := s.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			continue // the rest of an endless line: never a header
		}
		if err != nil {
			return nil, err
		}
		header := strings.TrimRight(string(line), "\r\n")
		if header == "" {
			if length < 0 {
				continue // blank lines between messages do no harm
			}
			break
		}
		name, value, ok := strings.Cut(header, ":")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "Content-Length") {
			continue
		}
		if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && n >= 0 {
			length = n
		}
	}
	if length > maxMessage {
		if _, err := io.CopyN(io.Discard, s.in, int64(length)); err != nil {
			return nil, err
		}
		return nil, &badFrame{fmt.Sprintf("the message has %d bytes, the limit is %d", length, maxMessage)}
	}
	data := make([]byte, length)
	_, err := io.ReadFull(s.in, data)
	return data, err
}

// refuse answers a message whose id is not known.
func (s *stream) refuse(code int, why string) error {
	return s.WriteObject(map[string]any{"jsonrpc": "2.0", "id": nil, "error": map[string]any{"code": code, "message": why}})
}

// WriteObject writes one message.
func (s *stream) WriteObject(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = fmt.Fprintf(s.out, "Content-Length: %d\r\n\r\n%s", len(data), data)
	return err
}

// Close ends nothing: the streams belong to the caller.
func (s *stream) Close() error { return nil }
