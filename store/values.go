package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// storedValue is a formula.Value as JSON: {"n":"25/2"} a number or a date,
// {"t":"合同"} a text, {"b":true} a yes, {"null":true} 空, {} any zero value.
type storedValue struct {
	Num    string         `json:"n,omitempty"`
	Text   string         `json:"t,omitempty"`
	Bool   bool           `json:"b,omitempty"`
	Null   bool           `json:"null,omitempty"`
	Status formula.Status `json:"status,omitempty"`
}

// encodeValues writes values by id as JSON with sorted keys: equal maps give
// equal texts. No values give the empty text.
func encodeValues(values map[string]formula.Value) string {
	if len(values) == 0 {
		return ""
	}
	ids := make([]string, 0, len(values))
	for id := range values {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var b strings.Builder
	b.Grow(40 * len(ids))
	for i, id := range ids {
		b.WriteByte("{,"[min(i, 1)])
		writeString(&b, id)
		b.WriteByte(':')
		writeValue(&b, values[id])
	}
	b.WriteByte('}')
	return b.String()
}

func writeValue(b *strings.Builder, v formula.Value) {
	b.WriteByte('{')
	comma := ""
	put := func(tag string) {
		b.WriteString(comma + `"` + tag + `":`)
		comma = ","
	}
	if !v.Num.IsZero() {
		put("n")
		b.WriteString(`"` + v.Num.String() + `"`)
	}
	if v.Text != "" {
		put("t")
		writeString(b, v.Text)
	}
	if v.Bool {
		put("b")
		b.WriteString("true")
	}
	if v.Null {
		put("null")
		b.WriteString("true")
	}
	if v.Status != formula.OK {
		put("status")
		fmt.Fprint(b, v.Status)
	}
	b.WriteByte('}')
}

// writeString writes a JSON string; the common one needs no escapes. Bytes that
// are no UTF-8 stay as they are, and the text is refused later: encoding/json
// would replace them without a word.
func writeString(b *strings.Builder, s string) {
	for i := range len(s) {
		if (s[i] < ' ' || s[i] == '"' || s[i] == '\\') && utf8.ValidString(s) {
			quoted, _ := json.Marshal(s) // a string never fails
			b.Write(quoted)
			return
		}
	}
	b.WriteByte('"')
	b.WriteString(s)
	b.WriteByte('"')
}

// decodeValues reads what encodeValues wrote.
func decodeValues(s string) (map[string]formula.Value, error) {
	if s == "" {
		return nil, nil
	}
	if values, ok := scanValues(s); ok {
		return values, nil
	}
	var stored map[string]storedValue
	if err := json.Unmarshal([]byte(s), &stored); err != nil {
		return nil, fmt.Errorf("read stored values: %w", err)
	}
	values := make(map[string]formula.Value, len(stored))
	for id, v := range stored {
		value := formula.Value{Status: v.Status, Text: v.Text, Bool: v.Bool, Null: v.Null}
		if v.Num != "" {
			n, err := exact.Parse(v.Num)
			if err != nil {
				return nil, fmt.Errorf("read stored value %s: %w", id, err)
			}
			value.Num = n
		}
		values[id] = value
	}
	return values, nil
}

// scanValues reads the common case in one pass: one tag a value, no escapes.
// Whatever else there is, it leaves to encoding/json, which is ten times slower.
func scanValues(s string) (map[string]formula.Value, bool) {
	values := make(map[string]formula.Value, strings.Count(s, ":{"))
	rest, ok := strings.CutPrefix(s, "{")
	for ok && rest != "" {
		var id string
		if id, rest, ok = scanString(rest); !ok {
			break
		}
		var v formula.Value
		if v, rest, ok = scanValue(rest); !ok || rest == "" {
			return nil, false
		}
		values[id] = v
		if rest == "}" {
			return values, true
		}
		rest, ok = strings.CutPrefix(rest, ",")
	}
	return nil, false
}

func scanValue(s string) (v formula.Value, rest string, ok bool) {
	if rest, ok = strings.CutPrefix(s, `:{"n":`); ok {
		var digits string
		if digits, rest, ok = scanString(rest); !ok {
			return v, "", false
		}
		n, err := exact.Parse(digits)
		rest, ok = strings.CutPrefix(rest, "}")
		return formula.Value{Num: n}, rest, ok && err == nil
	}
	if rest, ok = strings.CutPrefix(s, `:{"t":`); ok {
		if v.Text, rest, ok = scanString(rest); !ok {
			return v, "", false
		}
		rest, ok = strings.CutPrefix(rest, "}")
		return v, rest, ok
	}
	if rest, ok = strings.CutPrefix(s, `:{"b":true}`); ok {
		return formula.Value{Bool: true}, rest, true
	}
	if rest, ok = strings.CutPrefix(s, `:{"null":true}`); ok {
		return formula.Value{Null: true}, rest, true
	}
	rest, ok = strings.CutPrefix(s, ":{}")
	return v, rest, ok
}

// scanString reads a JSON string without escapes.
func scanString(s string) (value, rest string, ok bool) {
	if s == "" || s[0] != '"' {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return s[1:i], s[i+1:], true
		case '\\':
			return "", "", false
		}
	}
	return "", "", false
}
