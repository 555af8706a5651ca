package unit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaoping/engine/exact"
)

// Bounds on what a person may write; they keep every scale small.
const (
	maxUnitText    = 200
	maxFactors     = 8
	maxExponent    = 9
	maxMultipliers = 4
)

// Error says in both languages why a text is not a unit or a quantity.
type Error struct {
	ZH, EN         string
	HintZH, HintEN string // may be empty
	cause          error
}

// ErrUnknown is what an Error wraps that says that a word is no unit.
var ErrUnknown = errors.New("unknown unit")

// Unwrap returns ErrUnknown where a word is no unit, otherwise nil.
func (e *Error) Unwrap() error { return e.cause }

// Error returns the English sentence with its hint.
func (e *Error) Error() string {
	if e.HintEN == "" {
		return e.EN
	}
	return e.EN + " (" + e.HintEN + ")"
}

func fail(zh, en string, args ...any) error {
	return &Error{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// unknown names the word and what exists instead.
func unknown(word string) error {
	e := &Error{
		ZH:     fmt.Sprintf("没有“%s”这个单位", word),
		EN:     fmt.Sprintf("unknown unit %q", word),
		HintZH: "可用的单位:" + strings.Join(Words(), " "),
		HintEN: "units are " + strings.Join(Words(), ", "),
		cause:  ErrUnknown,
	}
	if near := nearest(word); near != "" {
		e.HintZH = fmt.Sprintf("是不是“%s”?%s", near, e.HintZH)
		e.HintEN = fmt.Sprintf("did you mean %s? %s", near, e.HintEN)
	}
	return e
}

// Parse reads a unit: 件/亿元, 万张, %, USD million, complaints/100,000 exposures.
// "1" and the empty text are a bare number. Errors are of type *Error.
func Parse(s string) (Unit, error) {
	fs, err := split(s)
	if err != nil {
		return Unit{}, err
	}
	name := tidy(s)
	if name == "1" {
		name = ""
	}
	return newUnit(name, fs), nil
}

// tidy brings full-width forms to their usual ones and removes outer blanks.
func tidy(s string) string {
	plain := norm.NFKC.String(fromSuperscript.Replace(s))
	return toSuperscript.Replace(strings.Join(strings.Fields(plain), " "))
}

// NFKC would make 元² into 元2, so the exponents are kept from it.
var (
	fromSuperscript = strings.NewReplacer("²", "^2", "³", "^3")
	toSuperscript   = strings.NewReplacer("^2", "²", "^3", "³")
)

// separators brings the ways to write a product or a quotient to * and /.
var separators = strings.NewReplacer("÷", "/", " per ", "/", "per ", "/", "×", "*", "·", "*", "⋅", "*")

// split takes a unit apart into its factors.
func split(s string) ([]factor, error) {
	if len(s) > maxUnitText {
		return nil, fail("单位超过 %d 个字节", "a unit of more than %d bytes", maxUnitText)
	}
	text := separators.Replace(fromSuperscript.Replace(tidy(s)))
	if text == "" || text == "1" {
		return nil, nil
	}
	if strings.HasPrefix(text, "/") {
		text = "1" + text
	}
	var fs []factor
	sign := 1
	for text != "" {
		word, rest, next := text, "", byte(0)
		if i := strings.IndexAny(text, "*/"); i >= 0 {
			word, rest, next = text[:i], text[i+1:], text[i]
		}
		f, err := parseFactor(strings.TrimSpace(word))
		if err != nil {
			return nil, err
		}
		f.exp *= sign
		fs = append(fs, f)
		if next != 0 && strings.TrimSpace(rest) == "" || len(fs) > maxFactors {
			return nil, fail("“%s”不是单位", "%q is not a unit", s)
		}
		if next == '/' {
			sign = -1
		} else {
			sign = 1
		}
		text = rest
	}
	return fs, nil
}

// parseFactor reads one word with its exponent: 天^2.
func parseFactor(s string) (factor, error) {
	word, power, raised := strings.Cut(s, "^")
	f, err := parseWord(strings.TrimSpace(word))
	if err != nil {
		return factor{}, err
	}
	f.exp = 1
	if raised {
		n, err := strconv.Atoi(power)
		if err != nil || n < 1 || n > maxExponent {
			return factor{}, fail("“%s”不是单位:指数应为 1 至 %d", "%q is not a unit: the exponent is 1 to %d", s, maxExponent)
		}
		f.exp = n
	}
	return f, nil
}

// parseWord reads a unit with its multiplier: 百万美元, usd million, 100,000 exposures.
func parseWord(s string) (factor, error) {
	f := factor{word: s, scale: one}
	tokens := strings.Fields(strings.ToLower(s))
	if len(tokens) == 0 {
		return f, fail("单位里缺一个词", "a word is missing in the unit")
	}
	digits := ""
	if i := len(tokens) - 2; startsWithDigit(tokens[0]) {
		digits = tokens[0][:numberLength(tokens[0])]
		tokens = strings.Fields(strings.ToLower(s[len(digits):]))
	} else if i > 0 && startsWithDigit(tokens[i]) && isMagnitude(tokens[i+1]) { // USD 100 million
		digits = tokens[i]
		tokens = append(tokens[:i:i], tokens[i+1])
	}
	if digits != "" {
		n, err := parseMultiple(digits)
		if err != nil {
			return f, err
		}
		f.scale = n
	}
	return f, f.take(tokens)
}

// take reads the words that follow the number.
func (f *factor) take(tokens []string) error {
	if len(tokens) == 0 {
		return nil
	}
	if m, ok := magnitudes[tokens[0]]; ok {
		f.scale = f.scale.Mul(m)
		tokens = tokens[1:]
	} else if m, ok := magnitudes[tokens[len(tokens)-1]]; ok {
		f.scale = f.scale.Mul(m)
		tokens = tokens[:len(tokens)-1]
	}
	word := strings.Join(tokens, " ")
	if word == "" {
		return nil
	}
	if b, ok := byWord[word]; ok {
		f.dim, f.scale = b.dim, f.scale.Mul(b.scale)
		return nil
	}
	rest, m := takeMultipliers(word)
	b, ok := byWord[rest]
	if !ok && rest != "" {
		return unknown(word)
	}
	f.scale = f.scale.Mul(m)
	if rest != "" {
		f.dim, f.scale = b.dim, f.scale.Mul(b.scale)
	}
	return nil
}

func isMagnitude(word string) bool {
	_, ok := magnitudes[word]
	return ok
}

// takeMultipliers reads 百万 off the front of 百万美元.
func takeMultipliers(word string) (rest string, m exact.Num) {
	m = one
	taken := 0
	for i, r := range word {
		x, ok := multipliers[r]
		if !ok || taken == maxMultipliers {
			return strings.TrimSpace(word[i:]), m
		}
		m = m.Mul(x)
		taken++
	}
	return "", m
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// numberLength returns the length of the digits, commas and points in front.
func numberLength(s string) int {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != ',' && c != '.' {
			return i
		}
	}
	return len(s)
}

// parseMultiple reads the number in 100,000 exposures.
func parseMultiple(s string) (exact.Num, error) {
	n, err := parseGrouped(s)
	if err != nil {
		return exact.Num{}, err
	}
	if n.Sign() <= 0 || n.BitLen() > 62 {
		return exact.Num{}, fail("单位里的“%s”应大于 0 且不太大", "the number %q in a unit must be above 0 and not too large", s)
	}
	return n, nil
}
