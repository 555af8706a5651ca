package rules

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// inferFields declares the fields of a deduction's own register that nobody
// declared: the field of the class holds one of the classes, and what a
// condition compares with a text is a text, with a number a number, and what
// stands bare is yes or no.
func (r *packReader) inferFields(register string, where, class, points node) {
	if register == "" {
		return
	}
	if name := r.classField(class); name != "" {
		r.inferField(register, engine.Field{ID: name, Name: name, Kind: formula.Text, Options: classNames(points)}, class)
	}
	for _, n := range append([]node{where}, conditionsOf(points)...) {
		for _, f := range guessFields(n.value()) {
			r.inferField(register, f, n)
		}
	}
}

// classField reads classified_by quietly; classes complains about it.
func (r *packReader) classField(n node) string { return strings.TrimSpace(n.value()) }

func (r *packReader) inferField(register string, f engine.Field, at node) {
	if r.fields[register].find(f.Name) == nil {
		r.declareField(register, f, at, node{})
	}
}

// classNames lists the keys of a table of classes.
func classNames(points node) []string {
	if !points.isMap() {
		return nil
	}
	var out []string
	for i := 0; i < len(points.y.Content); i += 2 {
		if w := strings.TrimSpace(points.y.Content[i].Value); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// conditionsOf lists the when: of a list of case lines.
func conditionsOf(points node) []node {
	if !points.isList() {
		return nil
	}
	var out []node
	for _, c := range points.y.Content {
		if c.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(c.Content); i += 2 {
			if c.Content[i].Value == "when" {
				out = append(out, points.child(c.Content[i+1]))
			}
		}
	}
	return out
}

// token is a piece of a formula: a name, a literal or an operator.
var token = regexp.MustCompile(`"[^"]*"|'[^']*'|“[^”]*”|[\p{L}_][\p{L}\p{N}_]*|[0-9][0-9.,]*[%％]?|[=!<>]=?|≥|≤|≠|\(|\)|\[|\]|\S`)

var formulaWords = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "true": true, "false": true, "空": true, "none": true, "nil": true,
	"且": true, "或": true, "非": true, "是": true, "否": true,
}

var nameForm = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]*$`)

// guessFields finds the names in a condition and what they hold, from what they
// stand beside. formula.Check has the last word on the condition itself.
func guessFields(condition string) []engine.Field {
	tokens := token.FindAllString(condition, -1)
	var order []string
	guess := map[string]engine.Field{}
	for i, t := range tokens {
		if !nameForm.MatchString(t) || formulaWords[t] || at(tokens, i+1) == "(" {
			continue
		}
		f, sure := guessField(tokens, i)
		old, seen := guess[t]
		if !seen {
			order = append(order, t)
		}
		if !seen || sure && old.Kind == formula.Bool {
			f.Nullable = f.Nullable || old.Nullable
			guess[t] = f
		} else if f.Nullable {
			old.Nullable = true
			guess[t] = old
		}
	}
	var out []engine.Field
	for _, name := range order {
		f := guess[name]
		f.ID, f.Name = name, name
		out = append(out, f)
	}
	return out
}

func at(tokens []string, i int) string {
	if i < 0 || i >= len(tokens) {
		return ""
	}
	return tokens[i]
}

var comparison = map[string]bool{"==": true, "!=": true, "<": true, "<=": true, ">": true, ">=": true, "≥": true, "≤": true, "≠": true, "=": true}

// dateFunctions take dates, textFunctions a text first; what 加工作日 takes behind
// the date is a number.
var (
	dateFunctions = map[string]bool{
		"天数": true, "days": true, "完整年度数": true, "full_years": true, "工作日": true, "working_days": true, "加工作日": true, "add_working_days": true,
		"工时": true, "working_hours": true, "小时": true, "hours": true, "分钟": true, "minutes": true, "同日": true, "same_day": true,
		"年": true, "year": true, "月": true, "month": true,
	}
	plusWorkingDays = map[string]bool{"加工作日": true, "add_working_days": true}
	textFunctions   = map[string]bool{"包含": true, "contains": true, "开头": true, "starts_with": true}
)

// guessField looks at what the name at i is compared with. It reports false for
// a bare name, which is only a guess.
func guessField(tokens []string, i int) (engine.Field, bool) {
	other := ""
	switch {
	case dateFunctions[at(tokens, i-2)] && at(tokens, i-1) == "(", dateFunctions[at(tokens, i-4)] && at(tokens, i-1) == "," && !plusWorkingDays[at(tokens, i-4)]:
		return engine.Field{Kind: formula.Date}, true
	case textFunctions[at(tokens, i-2)] && at(tokens, i-1) == "(":
		return engine.Field{Kind: formula.Text}, true
	case comparison[at(tokens, i+1)]:
		other = at(tokens, i+2)
	case comparison[at(tokens, i-1)]:
		other = at(tokens, i-2)
	case at(tokens, i+1) == "in":
		other = at(tokens, i+3)
	case at(tokens, i+1) == "not" && at(tokens, i+2) == "in":
		other = at(tokens, i+4)
	default:
		return engine.Field{Kind: formula.Bool}, false
	}
	switch {
	case other == "空" || other == "none":
		return engine.Field{Kind: formula.Text, Nullable: true}, false
	case strings.HasPrefix(other, `"`) || strings.HasPrefix(other, "'") || strings.HasPrefix(other, "“"):
		return engine.Field{Kind: formula.Text}, true
	case other == "true" || other == "false":
		return engine.Field{Kind: formula.Bool}, true
	case strings.ContainsAny(other, "0123456789") || other == "-":
		return engine.Field{Kind: formula.Number}, true
	}
	return engine.Field{Kind: formula.Text}, false
}
