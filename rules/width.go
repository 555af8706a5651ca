package rules

import (
	"unicode"

	"golang.org/x/text/width"
)

// displayWidth returns how many columns of a terminal the text takes. Chinese
// characters and full-width punctuation take two.
func displayWidth(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// hidden reports characters that nobody sees and that change what is seen: escape
// sequences of terminals, marks that turn the direction of writing, blanks
// without width.
func hidden(r rune) bool {
	return r != '\t' && r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

// printable replaces what would move the cursor by a blank.
func printable(r rune) rune {
	if r == '\t' || r == '\n' || hidden(r) {
		return ' '
	}
	return r
}
