package langserver

import (
	"strings"
	"unicode/utf8"

	"kaoping/rules"
)

// lines cuts a text as the checker does.
func lines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
}

// units returns the UTF-16 offset of the character at index i of a line.
func units(line string, i int) int {
	n := 0
	for _, r := range line {
		if i <= 0 {
			break
		}
		n += width(r)
		i--
	}
	return n
}

// characters returns the index of the character at a UTF-16 offset of a line. An
// offset inside a character counts as before it, one past the end as the end.
func characters(line string, offset int) int {
	i := 0
	for _, r := range line {
		if offset < width(r) {
			break
		}
		offset -= width(r)
		i++
	}
	return i
}

// width is how many UTF-16 code units a character takes.
func width(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}

// lineAt returns a line counted from 0, or "".
func lineAt(all []string, i int) string {
	if i < 0 || i >= len(all) {
		return ""
	}
	return all[i]
}

// between returns the range of the characters from … to on a line counted from 0.
func between(all []string, line, from, to int) span {
	text := lineAt(all, line)
	return span{position{line, units(text, from)}, position{line, units(text, to)}}
}

// rangeOf turns a span of package rules into one of the protocol.
func rangeOf(all []string, s rules.Span) span {
	return between(all, max(s.Line-1, 0), max(s.Column-1, 0), max(s.Column-1, 0)+s.Width)
}

// wholeText is the range of a whole document.
func wholeText(all []string) span {
	last := len(all) - 1
	return span{End: position{last, units(all[last], utf8.RuneCountInString(all[last]))}}
}

// apply replaces a range of a text.
func apply(text string, r span, with string) string {
	from, to := offset(text, r.Start), offset(text, r.End)
	if to < from {
		from, to = to, from
	}
	return text[:from] + with + text[to:]
}

// offset returns the byte of a position; a place past the end is the end.
func offset(text string, p position) int {
	at := 0
	for range p.Line {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	line, _, _ := strings.Cut(text[at:], "\n")
	line = strings.TrimSuffix(line, "\r")
	n := p.Character
	for i, r := range line {
		if n < width(r) {
			return at + i
		}
		n -= width(r)
	}
	return at + len(line)
}
