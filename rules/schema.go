package rules

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"kaoping/engine"
)

// schemaDraft is the dialect that WriteSchema writes.
const schemaDraft = "https://json-schema.org/draft/2020-12/schema"

// WriteSchema writes the JSON Schema of a kind of file, KindPack or KindTest,
// with descriptions in the language. It says which keys stand where and what kind
// of value they take; what values mean together only check knows.
func WriteSchema(w io.Writer, file string, lang engine.Lang) error {
	s := schemaWriter{lang: lang, defs: map[string]any{}}
	top := s.kind(KindOf(file))
	top["$schema"] = schemaDraft
	top["title"] = text("kaoping "+KindOf(file).Doc.ZH, "kaoping: "+KindOf(file).Doc.EN).In(lang)
	top["$defs"] = s.defs
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(top)
}

// schemaWriter collects the kinds that are referred to.
type schemaWriter struct {
	lang engine.Lang
	defs map[string]any
}

// kind writes a kind of mapping.
func (s *schemaWriter) kind(k *Kind) map[string]any {
	out := map[string]any{"type": "object", "description": k.Doc.In(s.lang), "additionalProperties": false}
	if k.Names != nil {
		out["additionalProperties"] = s.anyOf(k.Names)
	}
	properties, needed := map[string]any{}, []string{}
	for _, own := range k.Keys {
		property := s.anyOf(own.Shapes)
		if _, refers := property["$ref"]; refers {
			property = map[string]any{"allOf": []any{property}}
		}
		property["description"] = own.Doc.In(s.lang)
		properties[own.Name] = property
		if own.Required {
			needed = append(needed, own.Name)
		}
	}
	if len(properties) > 0 {
		out["properties"] = properties
	}
	if len(needed) > 0 {
		out["required"] = needed
	}
	return out
}

// anyOf writes the ways in which a value can be written.
func (s *schemaWriter) anyOf(shapes []Shape) map[string]any {
	if len(shapes) == 1 {
		return s.shape(shapes[0])
	}
	var all []any
	for _, shape := range shapes {
		all = append(all, s.shape(shape))
	}
	return map[string]any{"anyOf": all}
}

// scalar is any value that is written as one word or sentence. What a person
// writes as a name may look like a number to other programs.
func scalar() map[string]any { return map[string]any{"type": []string{"string", "number", "boolean"}} }

func (s *schemaWriter) shape(shape Shape) map[string]any {
	switch shape.Form {
	case FormAny:
		return map[string]any{}
	case FormTitle:
		return map[string]any{"anyOf": []any{scalar(), s.reference("title")}}
	case FormPoints:
		return map[string]any{"anyOf": []any{
			number(),
			map[string]any{"type": "object", "patternProperties": map[string]any{`^\d{4}-\d\d-\d\d$`: number()}, "additionalProperties": false},
		}}
	case FormNumber, FormQuantity, FormBound:
		return number()
	case FormChoice:
		return choice(shape.Options)
	case FormYesNo:
		return choice([]string{"yes", "no", "true", "false", "是", "否"})
	case FormMapping:
		return s.reference(shape.Of[0])
	case FormList:
		return map[string]any{"type": "array", "items": s.anyOf(shape.Items)}
	case FormPhrase:
		return map[string]any{"type": []string{"string", "number"}, "examples": shape.Options}
	}
	return scalar()
}

func number() map[string]any { return map[string]any{"type": []string{"number", "string"}} }

// choice lists the values that may be written. Other programs read yes, no, true
// and false as truth values.
func choice(options []string) map[string]any {
	var all []any
	for _, o := range options {
		all = append(all, o)
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(options, func(o string) bool { return slices.Contains(words, o) })
	}
	if has("yes", "true") {
		all = append(all, true)
	}
	if has("no", "false") {
		all = append(all, false)
	}
	return map[string]any{"enum": all}
}

// reference points to the definition of a kind and writes it if it is new.
func (s *schemaWriter) reference(kind string) map[string]any {
	name := strings.ReplaceAll(kind, " ", "-")
	if _, there := s.defs[name]; !there {
		s.defs[name] = nil // kinds may hold themselves
		s.defs[name] = s.kind(KindOf(kind))
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}
