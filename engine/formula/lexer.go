package formula

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// literalPrefix begins the names that stand for numbers in what expr reads. expr
// turns 0.30 into a float64 and cannot read 10亿元, so every number is taken out
// before it and put back as an exact quantity afterwards.
const literalPrefix = "__literal"

// translation is a formula in words that expr's parser reads.
type translation struct {
	source   []rune // as written
	out      []rune // for expr
	place    []int  // of each rune of out, in source
	literals []literal
	problems []Problem
	calls    []bool // for each open bracket, whether it holds arguments
}

// literal is a number of the formula with the unit written after it, or a text.
type literal struct {
	quantity     unit.Quantity
	text         string
	isText       bool
	offset, size int // in source
}

// narrow gives what people type on a Chinese keyboard its meaning in a formula.
var narrow = map[rune]string{
	'×': "*", '÷': "/", '−': "-", '–': "-", '≥': ">=", '≤': "<=", '≠': "!=",
	'（': "(", '）': ")", '，': ",", '＋': "+", '－': "-", '＊': "*", '／': "/",
	'＝': "=", '＞': ">", '＜': "<", '！': "!", '？': "?", '：': ":", '　': " ", '％': "%",
	'［': "[", '］': "]", '【': "[", '】': "]", '、': ",",
}

var quotes = map[rune]rune{'"': '"', '\'': '\'', '“': '”', '”': '”', '＂': '＂', '「': '」'}

// keywords cannot be units.
var keywords = map[string]bool{"and": true, "or": true, "not": true, "in": true, "if": true, "else": true, "let": true}

func translate(source string) *translation {
	t := &translation{source: []rune(source)}
	for i := 0; i < len(t.source); {
		i = t.next(i)
	}
	return t
}

// next translates what begins at i and returns where it ends.
func (t *translation) next(i int) int {
	r := t.source[i]
	switch {
	case quotes[r] != 0:
		return t.text(i, quotes[r])
	case isDigit(r):
		return t.number(i)
	case isNameStart(r):
		return t.name(i)
	}
	s, ok := narrow[r]
	if !ok {
		s = string(r)
	}
	t.bracket(s)
	t.comment(i, s)
	t.foreign(i, s)
	t.emit(s, i)
	return i + 1
}

// bracket remembers whether commas separate arguments here.
func (t *translation) bracket(s string) {
	switch s {
	case "(":
		t.calls = append(t.calls, t.afterName())
	case "[":
		t.calls = append(t.calls, true)
	case ")", "]":
		if len(t.calls) > 0 {
			t.calls = t.calls[:len(t.calls)-1]
		}
	}
}

// afterName reports whether a name stands just before: then a bracket that opens
// holds its arguments.
func (t *translation) afterName() bool {
	end := len(t.out)
	for end > 0 && t.out[end-1] == ' ' {
		end--
	}
	start := end
	for start > 0 && isNamePart(t.out[start-1]) {
		start--
	}
	return start < end && !keywords[string(t.out[start:end])]
}

// comment refuses what expr would skip: a figure after // must not vanish.
func (t *translation) comment(i int, s string) {
	previous := rune(0)
	if n := len(t.out); n > 0 {
		previous = t.out[n-1]
	}
	if s == "#" || previous == '/' && (s == "/" || s == "*") {
		t.problem(i, 1, "formula", "公式里不能写注释", "a formula has no comments", "注释写在 YAML 里,以 # 开头", "write comments in the YAML, after #")
	}
}

// foreign refuses signs that mean something to expr and nothing to us.
func (t *translation) foreign(i int, s string) {
	pipe := s == "|" && !(i+1 < len(t.source) && t.source[i+1] == '|') && !(i > 0 && t.source[i-1] == '|')
	if pipe || s == "`" || s == ";" || s == "{" || s == "}" {
		t.problem(i, 1, "formula", "公式里不能用“"+s+"”", "a formula cannot use "+s, "", "")
	}
}

func (t *translation) emit(s string, at int) {
	for _, r := range s {
		t.out = append(t.out, r)
		t.place = append(t.place, at)
	}
}

func (t *translation) text(i int, closing rune) int {
	for j := i + 1; j < len(t.source); j++ {
		switch t.source[j] {
		case closing, '"':
			t.stand(literal{text: string(t.source[i+1 : j]), isText: true, offset: i, size: j + 1 - i})
			return j + 1
		}
	}
	t.problem(i, len(t.source)-i, "formula", "引号没有闭合", "a quote is not closed", "", "")
	return len(t.source)
}

// name copies a name; a name in full-width letters is left as it is, since names
// are compared as written.
func (t *translation) name(i int) int {
	j := i
	for j < len(t.source) && isNamePart(t.source[j]) {
		t.emit(string(t.source[j]), j)
		j++
	}
	if strings.HasPrefix(string(t.source[i:j]), literalPrefix) {
		t.problem(i, j-i, "unknown-name", "名称不能以 "+literalPrefix+" 开头", "a name cannot begin with "+literalPrefix, "", "")
	}
	return j
}

// number takes a number with its thousands separators and unit.
func (t *translation) number(i int) int {
	j := t.digits(i)
	text := norm.NFKC.String(string(t.source[i:j]))
	text = strings.ReplaceAll(text, ",", "")
	if j-i > maxLiteral {
		t.problem(i, j-i, "formula", "数字太长", "the number is too long", "", "")
		t.emit("0", i)
		return j
	}
	value, err := exact.Parse(text)
	if err != nil {
		t.problem(i, j-i, "formula", "这不是数字:"+text, "not a number: "+text, "", "")
	}
	u, end := t.unitAfter(j)
	if end == j && j < len(t.source) && isNameStart(t.source[j]) {
		end = t.wordEnd(j)
		word := string(t.source[i:end])
		t.problem(i, end-i, "unknown-name", "“"+word+"”:数字后面不是已知的单位;名称也不能以数字开头",
			word+": what follows the number is no unit, and a name cannot begin with a digit",
			"给这个名称一个 id,在公式里写 id", "give the name an id and write the id in formulas")
	}
	t.stand(literal{quantity: unit.Quantity{Value: u.From(value), Unit: u}, offset: i, size: end - i})
	return end
}

// stand puts a name in the place of a literal.
func (t *translation) stand(l literal) {
	t.literals = append(t.literals, l)
	t.emit(literalPrefix+strconv.Itoa(len(t.literals)-1), l.offset)
}

// digits finds the end of 1,234.5: a comma belongs to the number only where it
// groups by three and cannot separate arguments.
func (t *translation) digits(i int) int {
	inCall := len(t.calls) > 0 && t.calls[len(t.calls)-1]
	j := i
	for j < len(t.source) && isDigit(t.source[j]) {
		j++
	}
	for !inCall && j-i <= 3 && t.groupAt(j) {
		for j += 4; t.groupAt(j); j += 4 {
		}
	}
	if j+1 < len(t.source) && (t.source[j] == '.' || t.source[j] == '．') && isDigit(t.source[j+1]) {
		for j++; j < len(t.source) && isDigit(t.source[j]); j++ {
		}
	}
	return j
}

// groupAt reports whether a comma and exactly three digits stand at j.
func (t *translation) groupAt(j int) bool {
	if j+3 >= len(t.source) || t.source[j] != ',' && t.source[j] != '，' {
		return false
	}
	for k := j + 1; k <= j+3; k++ {
		if !isDigit(t.source[k]) {
			return false
		}
	}
	return j+4 >= len(t.source) || !isDigit(t.source[j+4])
}

// unitAfter reads a unit after a number: 80%, 10亿元, 5 件, 3 USD million.
func (t *translation) unitAfter(j int) (unit.Unit, int) {
	if j < len(t.source) && strings.ContainsRune("%％‰", t.source[j]) {
		u, _ := unit.Parse(norm.NFKC.String(string(t.source[j])))
		return u, j + 1
	}
	start := j
	for start < len(t.source) && t.source[start] == ' ' {
		start++
	}
	end := t.wordEnd(start)
	if end == start || keywords[string(t.source[start:end])] {
		return unit.Unit{}, j
	}
	best, bestEnd := unit.Unit{}, j
	if u, err := unit.Parse(string(t.source[start:end])); err == nil {
		best, bestEnd = u, end
	}
	if next := t.wordEnd(end + 1); end < len(t.source) && t.source[end] == ' ' && next > end+1 {
		if u, err := unit.Parse(string(t.source[start:next])); err == nil {
			best, bestEnd = u, next
		}
	}
	return best, bestEnd
}

func (t *translation) wordEnd(i int) int {
	for i < len(t.source) && isNamePart(t.source[i]) {
		i++
	}
	return i
}

func (t *translation) problem(offset, length int, code, zh, en, hintZH, hintEN string) {
	t.problems = append(t.problems, Problem{Offset: offset, Length: max(length, 1), Code: code, ZH: zh, EN: en, HintZH: hintZH, HintEN: hintEN})
}

func isDigit(r rune) bool     { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }
func isNameStart(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) }
func isNamePart(r rune) bool  { return isNameStart(r) || unicode.IsDigit(r) }
