package rules

import (
	"maps"
	"strings"
	"unicode"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// formula writes a formula about subjects as in a book: ÷ and × for / and *, ≥
// for >=, names for ids. What stands in quotation marks is left alone.
func (n *narrator) formula(src string) string { return n.spell(src, n.said) }

// condition writes a formula about the records of a register.
func (n *narrator) condition(src string, r engine.Register) string {
	said := maps.Clone(n.said)
	for _, f := range r.Fields {
		said[f.ID], said[f.Name] = f.Name, f.Name
	}
	return n.spell(src, said)
}

func (n *narrator) spell(src string, said map[string]string) string {
	var b strings.Builder
	for _, t := range lexFormula(src) {
		switch {
		case t.operator:
			b.WriteString(" " + n.operator(t.text) + " ")
		case t.quoted:
			b.WriteString("“" + t.text + "”")
		case t.text == "and" || t.text == "or" || t.text == "not" || t.text == "in":
			b.WriteString(n.connective(t.text))
		case t.text == ",":
			b.WriteString(", ")
		case said[t.text] != "":
			b.WriteString(said[t.text])
		default:
			b.WriteString(t.text)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// spokenNames says how names in formulas are read: ids by the name the pack
// gives, functions and built-in names in the narrator's language.
func (n *narrator) spokenNames() map[string]string {
	said := map[string]string{"空": n.pick("空", "none"), "none": n.pick("空", "none")}
	both := func(zh, en string) { said[zh], said[en] = n.pick(zh, en), n.pick(zh, en) }
	for _, f := range formula.Functions() {
		both(f.Name, f.Alias)
	}
	both("期初日", "period_first_day")
	both("期末日", "period_last_day")
	both("计算值", "metric")
	both("满分", "full_points")
	for _, a := range builtInAttributes {
		both(a.Name, a.ID)
	}
	for _, a := range n.pack.Attributes {
		said[a.ID] = a.Name
	}
	for _, s := range n.pack.Statistics {
		said[s.ID] = s.Name
	}
	for _, m := range n.pack.Metrics {
		said[m.ID] = m.Name
	}
	for _, b := range n.pack.Benchmarks {
		said[b.ID] = b.Name
	}
	for _, p := range n.pack.Parameters {
		said[p.ID] = p.Name
	}
	return said
}

func (n *narrator) operator(op string) string {
	switch op {
	case "/":
		return "÷"
	case "*":
		return "×"
	case ">=":
		return "≥"
	case "<=":
		return "≤"
	case "!=":
		return "≠"
	case "==":
		return "="
	}
	return op
}

func (n *narrator) connective(word string) string {
	switch word {
	case "and":
		return n.pick(" 且 ", " and ")
	case "or":
		return n.pick(" 或 ", " or ")
	case "in":
		return n.pick(" 属于 ", " is one of ")
	}
	return n.pick(" 非 ", " not ")
}

// piece is one token of a formula for printing; it is not checked here.
type piece struct {
	text     string
	operator bool
	quoted   bool
}

// lexFormula cuts a formula that has passed the checker into pieces.
func lexFormula(src string) []piece {
	rs := []rune(src)
	var out []piece
	for i := 0; i < len(rs); {
		switch r := rs[i]; {
		case unicode.IsSpace(r):
			i++
		case r == '"' || r == '\'':
			end := i + 1
			for end < len(rs) && rs[end] != r {
				end++
			}
			out = append(out, piece{text: string(rs[i+1 : min(end, len(rs))]), quoted: true})
			i = end + 1
		case i+1 < len(rs) && isPairOperator(string(rs[i:i+2])):
			out = append(out, piece{text: string(rs[i : i+2]), operator: true})
			i += 2
		case r == '-' && !afterOperand(out):
			out = append(out, piece{text: "-"})
			i++
		case strings.ContainsRune("+-*/÷×<>?:%", r) && !(r == '%' && afterDigit(rs, i)):
			out = append(out, piece{text: string(r), operator: true})
			i++
		case isWordRune(r):
			end := i
			for end < len(rs) && (isWordRune(rs[end]) || rs[end] == '%' || isDecimalPoint(rs, end)) {
				end++
			}
			out = append(out, piece{text: string(rs[i:end])})
			i = end
		default:
			out = append(out, piece{text: string(r)})
			i++
		}
	}
	return out
}

func isPairOperator(s string) bool {
	switch s {
	case ">=", "<=", "!=", "==", "&&", "||", "**", "??":
		return true
	}
	return false
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// isDecimalPoint reports whether the point or comma at i stands between digits.
func isDecimalPoint(rs []rune, i int) bool {
	return (rs[i] == '.' || rs[i] == ',') && i > 0 && i+1 < len(rs) && unicode.IsDigit(rs[i-1]) && unicode.IsDigit(rs[i+1])
}

func afterDigit(rs []rune, i int) bool { return i > 0 && unicode.IsDigit(rs[i-1]) }

// afterOperand tells a minus between two values from a sign.
func afterOperand(out []piece) bool {
	if len(out) == 0 {
		return false
	}
	last := out[len(out)-1]
	return last.quoted || last.text == ")" || !last.operator && isWordRune([]rune(last.text)[0])
}

// denominators lists what a formula divides by, each once, without the brackets
// around it.
func denominators(src string) []string {
	pieces := lexFormula(src)
	var out []string
	seen := map[string]bool{}
	for i, t := range pieces {
		if !t.operator || t.text != "/" && t.text != "÷" {
			continue
		}
		if d := operand(pieces[i+1:]); d != "" && !seen[d] {
			seen[d] = true
			out = append(out, d)
		}
	}
	return out
}

// operand reads the value that starts a run of pieces: a name, a call or
// something in brackets. A plain number is no operand: it is never zero.
func operand(pieces []piece) string {
	if len(pieces) == 0 {
		return ""
	}
	end := 1
	if pieces[0].text != "(" {
		if unicode.IsDigit([]rune(pieces[0].text)[0]) {
			return ""
		}
		if len(pieces) == 1 || pieces[1].text != "(" {
			return pieces[0].text
		}
		end = 2
	}
	for depth := 1; end < len(pieces) && depth > 0; end++ {
		switch pieces[end].text {
		case "(":
			depth++
		case ")":
			depth--
		}
	}
	text := asWritten(pieces[:end])
	if pieces[0].text == "(" {
		return strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
	}
	return text
}

// asWritten writes pieces back as a formula.
func asWritten(pieces []piece) string {
	var b strings.Builder
	for _, t := range pieces {
		switch {
		case t.operator:
			b.WriteString(" " + t.text + " ")
		case t.quoted:
			b.WriteString(`"` + t.text + `"`)
		case t.text == ",":
			b.WriteString(", ")
		default:
			b.WriteString(t.text)
		}
	}
	return b.String()
}
