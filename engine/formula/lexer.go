package formula

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/expr-lang/expr/parser/utils"
	"golang.org/x/text/unicode/norm"

	"kaoping/engine/unit"
)

// literalPrefix begins the names that stand for literals in what expr reads. expr
// turns 0.30 into a float64 and cannot read 10亿元, so every number and every text
// is taken out before it and put back as it was written afterwards.
const literalPrefix = "__literal"

// translation is a formula in words that expr's parser reads.
type translation struct {
	source   []rune // as written
	out      []rune // for expr
	place    []int  // of each rune of out, in source
	literals []literal
	problems []Problem
	open     []bracket
	names    []place // names that are not called
	scope    Scope
	odd      []string // declared names that expr cannot read, longest first
}

// literal is a number of the formula with the unit written after it, or a text.
type literal struct {
	quantity     unit.Quantity
	text         string
	isText       bool
	offset, size int // in source
}

// bracket is one that is not closed yet.
type bracket struct {
	at        int
	sign      string
	separates bool // a comma inside parts two values
}

// narrow gives what people type on a Chinese keyboard its meaning in a formula.
var narrow = map[rune]string{
	'×': "*", '÷': "/", '−': "-", '–': "-", '≥': ">=", '≤': "<=", '≠': "!=",
	'（': "(", '）': ")", '，': ",", '＋': "+", '－': "-", '＊': "*", '／': "/",
	'＝': "=", '＞': ">", '＜': "<", '！': "!", '？': "?", '：': ":", '　': " ", '％': "%",
	'［': "[", '］': "]", '【': "[", '】': "]", '、': ",", '；': ";", '｜': "|", '｛': "{", '｝': "}", '＃': "#", '．': ".",
}

// quotes are what a text may begin with, and what may then end it. Between
// Chinese quotes people often leave one of the two as it was.
var quotes = map[rune]string{'"': "\"", '\'': "'", '“': "”“\"", '”': "”“\"", '‘': "’‘'", '’': "’‘'", '＂': "＂\"", '「': "」"}

// keywords cannot be units.
var keywords = map[string]bool{"and": true, "or": true, "not": true, "in": true}

func translate(source string, scope Scope) *translation {
	t := &translation{source: []rune(source), scope: scope}
	for _, name := range scope.Names() {
		if name != "" && !utils.IsValidIdentifier(name) {
			t.odd = append(t.odd, name)
		}
	}
	slices.SortFunc(t.odd, func(a, b string) int { return len(b) - len(a) })
	for i := 0; i < len(t.source); {
		i = t.next(i)
	}
	for _, b := range t.open {
		t.problem(b.at, 1, "formula", "这个括号没有右括号", "this bracket is not closed", "", "")
	}
	return t
}

// next translates what begins at i and returns where it ends.
func (t *translation) next(i int) int {
	r := t.source[i]
	if end := t.oddName(i); end > i {
		return end
	}
	switch {
	case quotes[r] != "":
		return t.text(i, quotes[r])
	case isDigit(r), t.startsWithPoint(i):
		return t.number(i)
	case isNameStart(r):
		return t.name(i)
	}
	s, ok := narrow[r]
	if !ok {
		s = string(r)
	}
	if end := t.refuse(i, s); end > i {
		return end
	}
	t.bracket(i, s)
	t.emit(s, i)
	return i + 1
}

// startsWithPoint reports whether .5 stands at i, and not the end of a.5.
func (t *translation) startsWithPoint(i int) bool {
	if t.source[i] != '.' || i+1 >= len(t.source) || !isDigit(t.source[i+1]) {
		return false
	}
	last := t.last()
	return !isNamePart(last) && last != ')' && last != ']'
}

// last returns the last character for expr that is no blank, or 0.
func (t *translation) last() rune {
	for i := len(t.out) - 1; i >= 0; i-- {
		if t.out[i] != ' ' {
			return t.out[i]
		}
	}
	return 0
}

// bracket keeps account of brackets and of whether commas separate arguments.
func (t *translation) bracket(i int, s string) {
	switch s {
	case "(":
		t.open = append(t.open, bracket{i, s, isNamePart(t.last()) && !t.afterKeyword()})
	case "[":
		t.open = append(t.open, bracket{i, s, true})
	case ")", "]":
		n := len(t.open)
		if n == 0 || (t.open[n-1].sign == "(") != (s == ")") {
			t.problem(i, 1, "formula", "这个括号没有左括号", "this bracket was not opened", "", "")
			return
		}
		t.open = t.open[:n-1]
	}
}

// afterKeyword reports whether the last word for expr is and, or, not, in: the
// bracket behind it holds no arguments.
func (t *translation) afterKeyword() bool {
	words := strings.FieldsFunc(string(t.out[max(len(t.out)-8, 0):]), func(r rune) bool { return !isNamePart(r) })
	return len(words) > 0 && keywords[words[len(words)-1]]
}

func (t *translation) emit(s string, at int) {
	for _, r := range s {
		t.out = append(t.out, r)
		t.place = append(t.place, at)
	}
}

func (t *translation) text(i int, closing string) int {
	for j := i + 1; j < len(t.source); j++ {
		if strings.ContainsRune(closing, t.source[j]) {
			t.stand(literal{text: string(t.source[i+1 : j]), isText: true, offset: i, size: j + 1 - i})
			return j + 1
		}
	}
	t.problem(i, len(t.source)-i, "formula", "引号没有闭合", "a quote is not closed", "", "")
	return len(t.source)
}

// stand puts a name in the place of a literal.
func (t *translation) stand(l literal) {
	t.literals = append(t.literals, l)
	t.emit(literalPrefix+strconv.Itoa(len(t.literals)-1)+" ", l.offset)
}

// name copies a name; a name in full-width letters is left as it is, since names
// are compared as written.
func (t *translation) name(i int) int {
	end := t.wordEnd(i)
	word := string(t.source[i:end])
	if word == "contains" && t.calls(end) {
		t.emit(containsForExpr, i)
		return end
	}
	if r, ok := refusedWords[word]; ok {
		t.problem(i, end-i, "formula", r.zh, r.en, r.hintZH, r.hintEN)
	}
	if strings.HasPrefix(word, literalPrefix) {
		t.problem(i, end-i, "unknown-name", "名称不能以 "+literalPrefix+" 开头", "a name cannot begin with "+literalPrefix, "", "")
	}
	for j := i; j < end; j++ {
		t.emit(string(t.source[j]), j)
	}
	if next := t.pastBlanks(end); !keywords[word] && (next >= len(t.source) || t.source[next] != '(' && t.source[next] != '（') {
		t.names = append(t.names, place{i, end - i})
	}
	return end
}

// containsForExpr stands for the function contains: expr takes the word for an
// operator.
const containsForExpr = "__contains"

// calls reports whether a word that ends here is called like a function and does
// not stand between two values like an operator.
func (t *translation) calls(end int) bool {
	next := t.pastBlanks(end)
	if next >= len(t.source) || t.source[next] != '(' && t.source[next] != '（' {
		return false
	}
	last := t.last()
	return last != ')' && last != ']' && (!isNamePart(last) || t.afterKeyword())
}

// oddName reports a declared name that expr cannot read, such as 13个月继续率,
// and returns where it ends.
func (t *translation) oddName(i int) int {
	for _, name := range t.odd {
		runes := []rune(name)
		end := i + len(runes)
		if end > len(t.source) || string(t.source[i:end]) != name {
			continue
		}
		if isNamePart(runes[len(runes)-1]) && t.wordEnd(end) > end {
			continue
		}
		if first := string(t.source[i:t.wordEnd(i)]); first != name && t.declared(first) {
			continue // where 甲 is a name, 甲-乙 is a difference
		}
		hintZH, hintEN := "给这个名称一个 id,在公式里写 id", "give the name an id and write the id in formulas"
		if s, ok := t.scope.Lookup(name); ok && utils.IsValidIdentifier(s.ID) {
			hintZH, hintEN = "在公式里写它的 id:"+s.ID, "write its id in formulas: "+s.ID
		}
		zh, en := "“"+name+"”:公式里的名称只能由字、字母、数字和下划线组成", name+": a name in a formula is made of letters, digits and _"
		if isDigit(runes[0]) {
			zh, en = numberNotUnit(name)
		}
		t.problem(i, len(runes), "unknown-name", zh, en, hintZH, hintEN)
		t.emit(literalPrefix, i)
		return end
	}
	return i
}

func (t *translation) declared(word string) bool {
	_, ok := t.scope.Lookup(word)
	return ok || keywords[word]
}

// unknown reports the names that are not declared. It serves formulas that
// cannot be read as a whole, so that all their mistakes are seen at once.
func (t *translation) unknown() []Problem {
	var list []Problem
	for _, at := range t.names {
		word := string(t.source[at.offset : at.offset+at.length])
		if _, refused := refusedWords[word]; refused || t.declared(word) || constantWords[word] || functionNamed(word) != nil {
			continue
		}
		if !t.isItem(word) {
			list = append(list, at.unknownName(word, t.scope))
		}
	}
	return list
}

// isItem reports whether a word may be the argument of 得分 and its kin.
func (t *translation) isItem(word string) bool {
	return slices.ContainsFunc(functions, func(f Function) bool {
		if f.op != opItem {
			return false
		}
		_, zh := t.scope.Lookup(f.Name + " " + word)
		_, en := t.scope.Lookup(f.Alias + " " + word)
		return zh || en
	})
}

// literalOf returns the literal that a name for expr stands for, or nil.
func (t *translation) literalOf(name string) *literal {
	index, ok := strings.CutPrefix(name, literalPrefix)
	if !ok {
		return nil
	}
	i, err := strconv.Atoi(index)
	if err != nil || i >= len(t.literals) {
		return nil
	}
	return &t.literals[i]
}

func (t *translation) wordEnd(i int) int {
	for i < len(t.source) && isNamePart(t.source[i]) {
		i++
	}
	return i
}

func (t *translation) pastBlanks(i int) int {
	for i < len(t.source) && unicode.IsSpace(t.source[i]) {
		i++
	}
	return i
}

func (t *translation) problem(offset, length int, code, zh, en, hintZH, hintEN string) {
	t.problems = append(t.problems, place{offset, length}.problem(code, zh, en, hintZH, hintEN))
}

// widthless brings full-width digits and signs of a number to ASCII.
func widthless(s string) string { return norm.NFKC.String(s) }

func isDigit(r rune) bool     { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }
func isNameStart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) }
func isNamePart(r rune) bool  { return isNameStart(r) || unicode.IsDigit(r) }
