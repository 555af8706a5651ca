package formula

import (
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// number takes a number with its thousands separators and unit.
func (t *translation) number(i int) int {
	j := t.digits(i)
	text := strings.ReplaceAll(widthless(string(t.source[i:j])), ",", "")
	if j-i > maxLiteral {
		t.problem(i, j-i, "formula", "数字太长", "the number is too long", "", "")
		text = "0"
	}
	value, err := exact.Parse(text)
	if err != nil {
		t.problem(i, j-i, "formula", "这不是数字:"+text, "not a number: "+text, "", "")
	}
	u, end := t.unitAfter(j)
	if end == j && j < len(t.source) && isNameStart(t.source[j]) {
		end = t.wordEnd(j)
		word := string(t.source[i:end])
		zh, en := numberNotUnit(word)
		t.problem(i, end-i, "unknown-name", zh, en,
			"给这个名称一个 id,在公式里写 id", "give the name an id and write the id in formulas")
	}
	value = u.From(value)
	if u.Dim() == "" && u.Scale().Cmp(exact.Int(1)) > 0 {
		u = unit.Unit{} // 10亿 is a bare number, only shorter
	}
	t.stand(literal{quantity: unit.Quantity{Value: value, Unit: u}, offset: i, size: end - i})
	return end
}

func numberNotUnit(word string) (zh, en string) {
	return "“" + word + "”:数字后面不是已知的单位;名称也不能以数字开头", word + ": what follows the number is no unit, and a name cannot begin with a digit"
}

// digits finds the end of 1,234.5. A comma belongs to the number where it parts
// thousands: up to three digits before it, exactly three behind it, no blanks.
// Between arguments and in [..] it always separates, so max(1,234) has two
// arguments; whoever means one number there writes max((1,234), 5) or 1234.
func (t *translation) digits(i int) int {
	separates := len(t.open) > 0 && t.open[len(t.open)-1].separates
	j := i
	for j < len(t.source) && isDigit(t.source[j]) {
		j++
	}
	for j > i && !separates && j-i <= 3 && t.groupAt(j) {
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

// unitAfter reads a unit after a number: 80%, 10亿元, 5 件, 3 USD million,
// 2.5 件/亿元. Behind a blank, a declared name is not a unit.
func (t *translation) unitAfter(j int) (unit.Unit, int) {
	start := t.pastBlanks(j)
	if start < len(t.source) && strings.ContainsRune("%％‰", t.source[start]) {
		u, _ := unit.Parse(widthless(string(t.source[start])))
		return u, start + 1
	}
	if start >= len(t.source) || !isNameStart(t.source[start]) {
		return unit.Unit{}, j
	}
	end := t.wordEnd(start)
	if word := string(t.source[start:end]); keywords[word] || start > j && t.declared(word) {
		return unit.Unit{}, j
	}
	best, bestEnd := unit.Unit{}, j
	for next := end; next > 0; next = t.nextWord(next) {
		if u, err := unit.Parse(string(t.source[start:next])); err == nil {
			best, bestEnd = u, next
		}
	}
	if bestEnd > j {
		best, bestEnd = t.perUnit(start, best, bestEnd)
	}
	return best, bestEnd
}

// nextWord returns the end of an English word behind a blank, or 0.
func (t *translation) nextWord(i int) int {
	if i+1 >= len(t.source) || t.source[i] != ' ' || t.source[i+1] >= 0x80 || !isNameStart(t.source[i+1]) {
		return 0
	}
	end := t.wordEnd(i + 1)
	if t.declared(string(t.source[i+1 : end])) {
		return 0
	}
	return end
}

// perUnit reads /亿元 behind 件, unless 亿元 is a declared name.
func (t *translation) perUnit(start int, u unit.Unit, end int) (unit.Unit, int) {
	slash := t.pastBlanks(end)
	if slash >= len(t.source) || !strings.ContainsRune("/／÷", t.source[slash]) {
		return u, end
	}
	word := t.pastBlanks(slash + 1)
	if word >= len(t.source) || !isNameStart(t.source[word]) || t.declared(string(t.source[word:t.wordEnd(word)])) {
		return u, end
	}
	last := t.wordEnd(word)
	per, err := unit.Parse(widthless(string(t.source[start:last])))
	if err != nil {
		return u, end
	}
	return per, last
}
