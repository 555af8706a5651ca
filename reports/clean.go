package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean removes what XML 1.0 does not allow, and carriage returns.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || r == 0x7F:
			return -1
		}
		return r
	}, s)
}

// risky reports whether a spreadsheet could take a text for a formula: it
// begins with = + - @, also full width, or with a tab or carriage return.
func risky(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) && s != ""
}

// displayWidth counts columns: a Chinese character takes two.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n++
		if isWide(r) {
			n++
		}
	}
	return n
}

func isWide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) ||
		r >= 0x3000 && r <= 0x303F || r >= 0xFF00 && r <= 0xFF60 || r == '—' || r == '…' || r == '“' || r == '”' || r == '▲' || r == '▼' || r == '·'
}

// lineCount estimates how many lines a text takes in a column.
func lineCount(s string, width float64) int {
	n := 0
	for _, part := range strings.Split(s, "\n") {
		n += max(1, (displayWidth(part)+int(width)-1)/max(int(width), 1))
	}
	return n
}
