package rules

import (
	"fmt"
	"regexp"
	"strings"

	"kaoping/engine"
)

// fault is what keeps YAML from understanding a file, at the place where a
// person sees it. yaml.v3 often names the line where the block begins, or the
// one where it gives up.
type fault struct {
	line, column, width int
	message, hint       engine.Text
}

// layout looks for faults in the lines of a file that YAML cannot read. In a
// file that it can read, nothing it says is worth telling.
func layout(lines []string) []fault {
	s := &scanner{out: scanned{comments: map[int]string{}}, block: -1, layout: &layoutScan{}}
	for i, line := range lines {
		s.line(i+1, []rune(line))
	}
	if s.quote != 0 {
		s.unclosedQuote()
	}
	if len(s.flow) > 0 {
		s.unclosedBracket()
	}
	return s.layout.faults
}

// layoutScan is what a scanner remembers when it looks for faults.
type layoutScan struct {
	faults   []fault
	levels   []level
	opened   []bracket // of scanner.flow, where each was opened
	quoteAt  spot
	quoteEnd int  // length of the line on which the quotation mark was opened
	open     bool // the last name had no value: what is below it may be indented
}

// level is one depth of indentation.
type level struct {
	column int // blanks before it
	dash   bool
	line   int
}

type bracket struct {
	spot
	mark   rune
	indent int
}

// blockKey is "name:" where a block mapping may have it.
var blockKey = regexp.MustCompile(`^([^\s#"'\[\]{},|>&*!%@-]|-[^\s])[^"\[{#]*?:(\s|$)`)

func (l *layoutScan) add(line, column, width int, message, hint engine.Text) {
	l.faults = append(l.faults, fault{line, column, max(width, 1), message, hint})
}

// begin looks at a line before its tokens are read.
func (s *scanner) begin(number int, line []rune, indent int) {
	if s.layout == nil || indent == len(line) || line[indent] == '#' {
		return
	}
	rest := strings.TrimPrefix(string(line[indent:]), "- ")
	isKey := blockKey.MatchString(rest)
	if s.quote != 0 && isKey {
		s.unclosedQuote()
	}
	if len(s.flow) > 0 && isKey && indent <= s.layout.opened[0].indent {
		s.unclosedBracket()
	}
	if s.quote == 0 && len(s.flow) == 0 {
		s.layout.indentation(number, line, indent)
	}
}

// unclosedQuote reports the open quotation mark and forgets it.
func (s *scanner) unclosedQuote() {
	at := s.layout.quoteAt
	s.layout.add(at.line, at.column, s.layout.quoteEnd-at.column+1,
		text("引号没有合上", "a quotation mark is not closed"),
		text("补上与开头相同的引号", "close it with the mark it was opened with"))
	s.quote = 0
}

// unclosedBracket reports the innermost open bracket and forgets all of them.
func (s *scanner) unclosedBracket() {
	b := s.layout.opened[len(s.layout.opened)-1]
	want := closing(b.mark)
	s.layout.add(b.line, b.column, 1,
		text(fmt.Sprintf("括号 %c 没有合上", b.mark), fmt.Sprintf("this %c is not closed", b.mark)),
		text(fmt.Sprintf("补上 %c", want), fmt.Sprintf("add the %c", want)))
	s.flow, s.layout.opened = nil, nil
}

func closing(mark rune) rune {
	if mark == '[' {
		return ']'
	}
	return '}'
}

// opens notes where a bracket or quotation mark stands.
func (s *scanner) opens(number int, line []rune, i int) {
	switch {
	case s.layout == nil:
	case s.quote != 0:
		s.layout.quoteAt, s.layout.quoteEnd = spot{number, i + 1}, len(line)
	default:
		s.layout.opened = append(s.layout.opened, bracket{spot{number, i + 1}, line[i], indentOf(line)})
	}
}

// closes compares a closing bracket with the one that is open.
func (s *scanner) closes(number int, line []rune, i int) {
	if s.layout == nil {
		return
	}
	b := s.layout.opened[len(s.layout.opened)-1]
	s.layout.opened = s.layout.opened[:len(s.layout.opened)-1]
	if want := closing(b.mark); line[i] != want {
		s.layout.add(number, i+1, 1,
			text(fmt.Sprintf("这里的 %c 与第 %d 行的 %c 不配对", line[i], b.line, b.mark), fmt.Sprintf("this %c does not close the %c on line %d", line[i], b.mark, b.line)),
			text(fmt.Sprintf("先补上 %c", want), fmt.Sprintf("add a %c before it", want)))
		s.closeOuter(line[i])
	}
}

// closeOuter lets a closing bracket close the one outside the one that was
// forgotten, so that one mistake is reported once.
func (s *scanner) closeOuter(mark rune) {
	if n := len(s.flow); n > 0 && closing(s.flow[n-1]) == mark {
		s.flow, s.layout.opened = s.flow[:n-1], s.layout.opened[:n-1]
	}
}

// afterQuote looks at what follows a closed quotation: nothing but what YAML
// puts between values.
func (s *scanner) afterQuote(number int, line []rune, i int) {
	if s.layout == nil || s.quote != 0 {
		return
	}
	next := skipBlanks(line, i, len(line))
	if next == len(line) || line[next] == '#' || line[next] == ':' || len(s.flow) > 0 && strings.ContainsRune(",]}", line[next]) {
		return
	}
	s.layout.add(number, next+1, len(line)-next,
		text("引号后面还有文字", "there is text after the quotation mark"),
		text("把整段放进单引号, 或改用“”", "put the whole text into single quotes, or write “ and ”"))
}

// indentation compares a line with the lines above it. Lines that are neither a
// name nor an item continue a text.
func (l *layoutScan) indentation(number int, line []rune, indent int) {
	column := indent
	for {
		rest := string(line[column:])
		switch {
		case rest == "-" || strings.HasPrefix(rest, "- "):
			l.enter(level{column, true, number}, line, column == indent)
			l.open = true
			column += 1 + indentOf(line[column+1:])
			if column >= len(line) {
				return
			}
		case blockKey.MatchString(rest):
			l.enter(level{column, false, number}, line, column == indent)
			l.open = valueless(rest)
			return
		default:
			l.open = false
			return
		}
	}
}

// valueless reports whether "name:" has its value on the lines below it.
func valueless(rest string) bool {
	_, value, _ := strings.Cut(rest, ":")
	value = strings.TrimSpace(value)
	return value == "" || value[0] == '#' || strings.ContainsAny(value[:1], "&!") && !strings.Contains(value, " ")
}

// enter finds the depth a name or dash belongs to.
func (l *layoutScan) enter(at level, line []rune, first bool) {
	var left *level // the shallowest depth that ends here
	for len(l.levels) > 0 && l.levels[len(l.levels)-1].column > at.column {
		left = &l.levels[len(l.levels)-1]
		l.levels = l.levels[:len(l.levels)-1]
	}
	if n := len(l.levels); n > 0 && l.levels[n-1].column == at.column && l.levels[n-1].dash && !at.dash {
		if n == 1 || l.levels[n-2].column != at.column {
			l.wrong(at, line, l.levels[n-1], text("同级各行以“- ”开头", "the lines beside it begin with “- ”"))
			return
		}
		l.levels = l.levels[:n-1]
	}
	n := len(l.levels)
	switch {
	case n == 0:
		l.levels = append(l.levels, at)
	case l.levels[n-1].column == at.column && l.levels[n-1].dash == at.dash:
		l.levels[n-1].line = at.line
	case l.levels[n-1].column == at.column:
		l.levels = append(l.levels, at) // the items of a name stand right below it
	case left != nil:
		l.wrong(at, line, *left, engine.Text{})
		l.levels = append(l.levels, *left)
	case first && !l.open:
		l.wrong(at, line, l.levels[n-1], engine.Text{})
	default:
		l.levels = append(l.levels, at)
	}
}

// wrong reports a line that does not stand where its neighbours do.
func (l *layoutScan) wrong(at level, line []rune, beside level, why engine.Text) {
	message := text(
		fmt.Sprintf("缩进不一致: 本行 %d 个空格, 第 %d 行同级为 %d 个", at.column, beside.line, beside.column),
		fmt.Sprintf("the indentation is %d, that of line %d beside it is %d", at.column, beside.line, beside.column))
	if !why.IsZero() {
		message = why
	}
	column, width := wholeLine(string(line))
	if word, _, found := strings.Cut(string(line[column-1:]), ":"); found {
		width = len([]rune(word))
	}
	l.add(at.line, column, width, message,
		text(fmt.Sprintf("与第 %d 行对齐", beside.line), fmt.Sprintf("align it with line %d", beside.line)))
}
