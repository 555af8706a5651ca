package unit

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine/exact"
)

// Quantity is a number with its unit. Value is in base units (元, 件, a plain
// fraction for %), so quantities of one dimension compare directly.
type Quantity struct {
	Value exact.Num
	Unit  Unit // the unit in which it is shown
}

// maxQuantityText is the longest text ParseQuantity reads.
const maxQuantityText = 4096

// ParseQuantity reads a number as people write it: 10亿元, 80%, 1,234.5, ２０％,
// −9.0909%, USD 1.5 million. Commas must separate thousands. A number that is
// followed by 万 or 亿 alone is bare. Errors are of type *Error.
func ParseQuantity(s string) (Quantity, error) {
	if len(s) > maxQuantityText {
		return Quantity{}, fail("数字超过 %d 个字节", "a number of more than %d bytes", maxQuantityText)
	}
	text := strings.TrimSpace(s)
	sign, text := takeSign(text)
	before, text := takeWords(text)
	if before != "" && sign == "" {
		sign, text = takeSign(text)
	}
	digits, after := takeNumber(text)
	if digits == "" {
		return Quantity{}, notNumber(s)
	}
	n, err := parseGrouped(digits)
	if err != nil {
		return Quantity{}, err
	}
	if sign == "-" {
		n = n.Neg()
	}
	u, err := unitAround(before, strings.TrimSpace(after), s)
	if err != nil {
		return Quantity{}, err
	}
	q := Quantity{Value: u.From(n), Unit: u}
	if u.dim == "" && isMultiplier(u.name) {
		q.Unit = Unit{}
	}
	return q, nil
}

func notNumber(s string) error {
	return fail("“%s”不是数字", "%q is not a number", clip(s))
}

// clip shortens what a message repeats.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// takeSign reads a sign in any of its forms: - + − － ＋.
func takeSign(s string) (sign, rest string) {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '-', '−', '－', '﹣':
		return "-", strings.TrimSpace(s[size:])
	case '+', '＋', '﹢':
		return "+", strings.TrimSpace(s[size:])
	}
	return "", s
}

// takeWords reads the words before the number: USD in USD 1,000.
func takeWords(s string) (words, rest string) {
	for i, r := range s {
		if isNumeric(r) || isSign(r) {
			return strings.TrimSpace(s[:i]), s[i:]
		}
	}
	return "", s
}

// takeNumber reads digits, commas and points in ASCII or full width and
// returns them in ASCII.
func takeNumber(s string) (number, rest string) {
	end := len(s)
	for i, r := range s {
		if !isNumeric(r) {
			end = i
			break
		}
	}
	return norm.NFKC.String(s[:end]), s[end:]
}

func isNumeric(r rune) bool {
	return r >= '0' && r <= '9' || r >= '０' && r <= '９' || r == ',' || r == '，' || r == '.' || r == '．'
}

func isSign(r rune) bool { return strings.ContainsRune("-+−－＋﹣﹢", r) }

// unitAround reads the unit that stands before the number, behind it, or both:
// USD 1.5 million.
func unitAround(before, after, whole string) (Unit, error) {
	if r, _ := utf8.DecodeRuneInString(after); isNumeric(r) || isSign(r) {
		return Unit{}, notNumber(whole)
	}
	if isExponent(after) || strings.HasPrefix(after, "/") && before == "" {
		return Unit{}, notNumber(whole)
	}
	if before == "" {
		return Parse(after)
	}
	u, err := Parse(strings.TrimSpace(before + " " + after))
	if err != nil && before == "人民币" {
		u, err = Parse(after)
	}
	if err == nil && !u.IsMoney() {
		return Unit{}, notNumber(whole)
	}
	return u, err
}

// isExponent reports whether a number goes on as 1e5 or 1^5.
func isExponent(after string) bool {
	if after == "" || !strings.ContainsRune("eE^", rune(after[0])) {
		return false
	}
	rest := strings.TrimLeft(after[1:], "+-")
	return startsWithDigit(rest)
}

// isMultiplier reports whether a unit without dimension is only a magnitude.
func isMultiplier(name string) bool {
	rest, _ := takeMultipliers(name)
	return rest == "" || isMagnitude(strings.ToLower(name))
}

// parseGrouped reads 1,234.5 and refuses commas that do not part thousands.
func parseGrouped(s string) (exact.Num, error) {
	whole, part, point := strings.Cut(s, ".")
	if !groupsOf3(whole) || strings.Contains(part, ",") || point && part == "" {
		e := &Error{ZH: "“" + clip(s) + "”不是数字", EN: `"` + clip(s) + `" is not a number`}
		if strings.Contains(s, ",") {
			e.HintZH, e.HintEN = "逗号只能按千位分隔,例如 1,234.5", "commas part thousands only, as in 1,234.5"
		}
		return exact.Num{}, e
	}
	n, err := exact.Parse(strings.ReplaceAll(s, ",", ""))
	if err != nil {
		return n, notNumber(s)
	}
	return n, nil
}

// groupsOf3 reports whether commas, if any, leave one to three digits in front
// and three in every other group.
func groupsOf3(s string) bool {
	groups := strings.Split(s, ",")
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (len(g) < 1 || len(g) > 3) {
			return false
		}
	}
	return true
}

// Group writes commas between the thousands of a decimal: 1234567.5 → 1,234,567.5.
func Group(decimal string) string {
	sign, digits := "", decimal
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	whole, part, point := strings.Cut(digits, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if point {
		b.WriteString("." + part)
	}
	return b.String()
}

// Format writes the quantity in its unit with that many decimals: 2.50 件/亿元.
func (q Quantity) Format(places int, mode exact.Mode) string {
	return q.with(q.Unit.To(q.Value).Decimal(places, mode))
}

// shownDecimals is how many decimals String shows of a number that has more.
const shownDecimals = 6

// String writes the quantity in its unit as the shortest exact decimal, or
// rounded half up to six decimals: 2.5 件/亿元, 30亿元, 12.5%.
func (q Quantity) String() string { return q.with(q.Unit.To(q.Value).Shortest(shownDecimals)) }

// with puts number and unit together. Chinese units and % follow the number
// directly; Latin words and fractions are set off by a blank; a currency code
// stands in front.
func (q Quantity) with(number string) string {
	name := q.Unit.name
	r, _ := utf8.DecodeRuneInString(name)
	switch {
	case name == "":
		return Group(number)
	case isCode(name):
		code, rest, _ := strings.Cut(name, " ")
		return strings.TrimSpace(code + " " + Group(number) + " " + rest)
	case name == "百分点":
		return Group(number) + "个" + name
	case r < utf8.RuneSelf && r != '%' || strings.ContainsAny(name, "/÷·×*"):
		if number == "1" || number == "-1" {
			name = singular(name)
		}
		return Group(number) + " " + name
	}
	return Group(number) + name
}

// singular writes the unit for one of it: complaint, policy/USD million.
func singular(name string) string {
	end := strings.IndexAny(name, "/÷·×*")
	if end < 0 {
		end = len(name)
	}
	word := strings.TrimSpace(name[:end])
	b, ok := byWord[strings.ToLower(word)]
	if !ok {
		return name
	}
	for _, w := range b.words {
		if w+"s" == word || strings.TrimSuffix(w, "y")+"ies" == word {
			return w + name[len(word):]
		}
	}
	return name
}

// isCode reports whether a unit is written USD or USD million.
func isCode(name string) bool {
	code, rest, more := strings.Cut(name, " ")
	b, ok := byWord[strings.ToLower(code)]
	if !ok || b.class != money || len(code) != 3 || code != strings.ToUpper(code) || code[0] >= utf8.RuneSelf {
		return false
	}
	return !more || isMagnitude(rest)
}

// Natural returns the quantity in 亿 or 万 of its unit if it is an amount of 元
// or a Chinese count that large, and otherwise unchanged: 3000000000元 → 30亿元.
func (q Quantity) Natural() Quantity {
	if !q.Unit.IsMoney() && !q.Unit.IsCount() || !q.Unit.Scale().Equal(one) {
		return q
	}
	if r, _ := utf8.DecodeRuneInString(q.Unit.name); r < utf8.RuneSelf {
		return q
	}
	for _, word := range []string{"亿", "万"} {
		m := multipliers[[]rune(word)[0]]
		if q.Value.Abs().Cmp(m) >= 0 {
			return Quantity{q.Value, Unit{name: word + q.Unit.name, dim: q.Unit.dim, scale: m}}
		}
	}
	return q
}
