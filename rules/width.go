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

// printable replaces what would move the cursor by a blank.
func printable(r rune) rune {
	if r == '\t' || unicode.IsControl(r) {
		return ' '
	}
	return r
}
