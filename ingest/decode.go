package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"
	"unsafe"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The encodings a file may have.
const (
	encodingUTF8    = "UTF-8"
	encodingBOM     = "UTF-8 BOM"
	encodingGB18030 = "GB18030"
	encodingXLSX    = "XLSX"
)

var byteOrderMark = []byte("\xEF\xBB\xBF")

// decode returns the text of a file. Bytes that cannot be read become U+FFFD.
// Text that is not UTF-8 is taken as GB18030, never as GBK, which lacks 䶮.
func decode(data []byte) (text, encoding string, problem *finding) {
	if problem := notText(data); problem != nil {
		return "", "", problem
	}
	if rest, ok := bytes.CutPrefix(data, byteOrderMark); ok {
		return validUTF8(rest), encodingBOM, nil
	}
	if utf8.Valid(data) || mostlyUTF8(data) {
		return validUTF8(data), encodingUTF8, nil
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", encodingGB18030, pointer(brokenBytes(encodingGB18030))
	}
	return string(decoded), encodingGB18030, nil
}

// validUTF8 makes a text of bytes. What is valid is not copied: a source's bytes are
// never written, and a file may be large.
func validUTF8(data []byte) string {
	if utf8.Valid(data) {
		return unsafe.String(unsafe.SliceData(data), len(data))
	}
	return strings.ToValidUTF8(string(data), "\uFFFD")
}

// notText recognises what is not a table of text at all.
func notText(data []byte) *finding {
	switch {
	case len(data) > maxFile:
		return pointer(fileTooLarge())
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return pointer(notCSV("UTF-16 文本", "UTF-16 text"))
	case len(bytes.TrimSpace(data)) == 0:
		return pointer(emptyFile())
	}
	return nil
}

// mostlyUTF8 tells UTF-8 with a few broken bytes from GB18030. Pairs of bytes of
// Chinese text in GB18030 are now and then valid UTF-8 by chance, but far less
// often than not.
func mostlyUTF8(data []byte) bool {
	valid, invalid := 0, 0
	for i := 0; i < len(data); {
		if data[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			invalid++
		} else {
			valid++
		}
		i += size
	}
	return valid > 4*invalid
}

// damaged reports characters that no file holds on purpose: the replacement for
// what could not be read, and NUL.
func damaged(s string) bool {
	return strings.IndexByte(s, 0) >= 0 || strings.Contains(s, "\uFFFD")
}
