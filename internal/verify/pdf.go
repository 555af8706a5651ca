package verify

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
)

// A PDF of a run has the same bytes whenever it is written, so it fits if its bytes
// do. What is taken apart here says on which page another begins to differ.

// largestPage bounds what is unpacked of one page, in bytes.
const largestPage = 16 << 20

// pagePieces gives each page a fingerprint, and one to the rest of the file.
func pagePieces(data []byte) []piece {
	var list []piece
	rest, page := data, 0
	for {
		_, after, found := bytes.Cut(rest, []byte("stream\n"))
		if !found {
			break
		}
		body, next, ended := bytes.Cut(after, []byte("endstream"))
		if !ended {
			break
		}
		if text := inflate(body); bytes.Contains(text, []byte("BT\n")) || bytes.Contains(text, []byte(" Tf")) {
			page++
			list = append(list, same(fmt.Sprintf("第%d页 page %d", page, page), fingerprint(text)))
		}
		rest = next
	}
	return append(list, same("文件 file", fingerprint(data)))
}

func inflate(body []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	text, err := io.ReadAll(io.LimitReader(r, largestPage))
	if err != nil {
		return nil
	}
	return text
}

func fingerprint(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

var pdfText = regexp.MustCompile(`<FEFF([0-9A-Fa-f]+)>`)

// pdfWords are the texts of the document's properties: the title, and the marks of
// the run.
func pdfWords(data []byte) string {
	var words []string
	for _, m := range pdfText.FindAllSubmatch(data, -1) {
		raw, err := hex.DecodeString(string(m[1]))
		if err != nil {
			continue
		}
		units := make([]uint16, len(raw)/2)
		for i := range units {
			units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
		}
		words = append(words, string(utf16.Decode(units)))
	}
	return strings.Join(words, "\n")
}
