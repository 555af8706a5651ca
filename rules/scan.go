package rules

import (
	"regexp"
	"strings"
	"unicode"
)

// mark is a place the scanner found worth remembering.
type mark struct {
	line, column, width int
	got                 rune   // full-width character, or 0
	want                string // what YAML needs there
	key                 string // the word before a full-width colon
}

// scanned is what a look at the characters tells before YAML is parsed.
type scanned struct {
	comments map[int]string
	tabs     []mark // tabs in the indentation
	blanks   []mark // blanks in the indentation that YAML takes for text
	marks    []mark // full-width punctuation that may stand for YAML's own
}

// scanner walks over lines knowing just enough YAML to tell keys from texts,
// quotes, comments and block scalars.
type scanner struct {
	out   scanned
	flow  []rune // open brackets
	quote rune   // open quotation mark, or 0
	block int    // indentation above which lines belong to a block scalar; -1 if none

	layout *layoutScan // nil unless faults are looked for
}

var blockHeader = regexp.MustCompile(`^[|>][-+0-9]{0,2}\s*(#.*)?$`)

// scan looks at the characters of a file.
func scan(lines []string) scanned {
	s := &scanner{out: scanned{comments: map[int]string{}}, block: -1}
	for i, line := range lines {
		s.line(i+1, []rune(line))
	}
	return s.out
}

func (s *scanner) line(number int, line []rune) {
	indent := 0
	for indent < len(line) && (line[indent] == ' ' || line[indent] == '\t') {
		indent++
	}
	if s.block >= 0 {
		if indent == len(line) || indent > s.block {
			return
		}
		s.block = -1
	}
	if s.quote == 0 && len(s.flow) == 0 && indent < len(line) && line[indent] != '#' {
		s.tabs(number, line[:indent])
		s.wideBlank(number, line, indent)
	}
	s.begin(number, line, indent)
	s.tokens(number, line, indent)
}

func (s *scanner) tabs(number int, indentation []rune) {
	first := strings.IndexRune(string(indentation), '\t')
	if first >= 0 {
		s.out.tabs = append(s.out.tabs, mark{line: number, column: first + 1, width: len(indentation) - first})
	}
}

// wideBlank remembers a blank in the indentation that looks like one and is none:
// the full-width one of Chinese input, or the one that does not break lines.
func (s *scanner) wideBlank(number int, line []rune, i int) {
	if line[i] == '\u3000' || line[i] == '\u00a0' {
		s.out.blanks = append(s.out.blanks, mark{line: number, column: i + 1, width: 1, got: line[i]})
	}
}

// tokens reads the tokens of a line from position i on.
func (s *scanner) tokens(number int, line []rune, i int) {
	keyPossible := len(s.flow) == 0
	for i < len(line) {
		switch r := line[i]; {
		case s.quote != 0:
			i = s.closeQuote(line, i)
			s.afterQuote(number, line, i)
		case r == ' ' || r == '\t':
			i++
		case r == '#' && (i == 0 || unicode.IsSpace(line[i-1])):
			s.out.comments[number] = strings.TrimSpace(string(line[i+1:]))
			return
		case r == '-' && len(s.flow) == 0 && keyPossible && (i+1 == len(line) || line[i+1] == ' '):
			i++
		case r == '"' || r == '\'':
			s.quote = r
			s.opens(number, line, i)
			i++
		case r == '[' || r == '{':
			s.flow = append(s.flow, r)
			s.opens(number, line, i)
			keyPossible = r == '{'
			i++
		case len(s.flow) > 0 && (r == ']' || r == '}'):
			s.flow = s.flow[:len(s.flow)-1]
			s.closes(number, line, i)
			keyPossible = false
			i++
		case len(s.flow) > 0 && r == ',':
			keyPossible = s.flow[len(s.flow)-1] == '{'
			i++
		case r == ':':
			keyPossible = false
			i++
		case (r == '|' || r == '>') && len(s.flow) == 0 && blockHeader.MatchString(string(line[i:])):
			s.block = indentOf(line)
			return
		default:
			i = s.plain(number, line, i, keyPossible)
			keyPossible = false
		}
	}
}

func indentOf(line []rune) int {
	return len(line) - len([]rune(strings.TrimLeft(string(line), " ")))
}

// closeQuote moves past the end of an open quotation, or to the end of the line.
func (s *scanner) closeQuote(line []rune, i int) int {
	for ; i < len(line); i++ {
		switch {
		case line[i] == '\\' && s.quote == '"':
			i++
		case line[i] == s.quote && s.quote == '\'' && i+1 < len(line) && line[i+1] == '\'':
			i++
		case line[i] == s.quote:
			s.quote = 0
			return i + 1
		}
	}
	return i
}

// plain reads an unquoted text to its end and remembers punctuation in it that
// looks like YAML's.
func (s *scanner) plain(number int, line []rune, start int, key bool) int {
	end := s.plainEnd(line, start)
	for i := start; i < end; i++ {
		m := mark{line: number, column: i + 1, width: 1, got: line[i]}
		word := string(line[min(start, i):i])
		switch r := line[i]; {
		case r == '：' && key && word != "" && !strings.ContainsAny(word, " ，。；"):
			m.want, m.key, key = ":", word, false
			start = skipBlanks(line, i+1, end)
		case r == ':' && key && len(s.flow) == 0 && glued(line, i, word):
			m.want, m.key, key = ":", word, false
			start = i + 1
		case r == '，' && len(s.flow) > 0:
			m.want, key = ",", s.flow[len(s.flow)-1] == '{'
			start = skipBlanks(line, i+1, end)
		case (r == '“' || r == '‘') && i == start, (r == '”' || r == '’') && i == end-1 && start < end:
			m.want = `"`
		default:
			continue
		}
		s.out.marks = append(s.out.marks, m)
	}
	return end
}

// glued reports a colon that lacks its blank: "at_most:10".
func glued(line []rune, i int, word string) bool {
	return word != "" && i+1 < len(line) && line[i+1] != '/' && !strings.ContainsAny(word, " ，。；(（")
}

func skipBlanks(line []rune, i, end int) int {
	for i < end && line[i] == ' ' {
		i++
	}
	return i
}

// plainEnd finds where an unquoted text ends on this line.
func (s *scanner) plainEnd(line []rune, i int) int {
	start := i
	for ; i < len(line); i++ {
		switch r := line[i]; {
		case r == ':' && (i+1 == len(line) || unicode.IsSpace(line[i+1]) || len(s.flow) > 0 && strings.ContainsRune(",[]{}", line[i+1])):
			return trimEnd(line, start, i)
		case r == '#' && i > 0 && unicode.IsSpace(line[i-1]):
			return trimEnd(line, start, i)
		case len(s.flow) > 0 && strings.ContainsRune(",[]{}", r):
			return trimEnd(line, start, i)
		}
	}
	return trimEnd(line, start, i)
}

// trimEnd steps back over blanks, but always forward of start.
func trimEnd(line []rune, start, i int) int {
	for i > start+1 && unicode.IsSpace(line[i-1]) {
		i--
	}
	return max(i, start+1)
}
