package langserver

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/rules"
)

// Editing is one file being written, for an editor in the same program: what the
// protocol answers, without a connection. It serves one at a time.
type Editing struct {
	s *server
	d *document
}

// Place is a stretch of one line. Lines and characters count from 0; characters
// are UTF-16 code units, as browsers count them.
type Place struct {
	Line int `json:"line"`
	From int `json:"from"`
	To   int `json:"to"`
}

// Finding is what the checker says about a place.
type Finding struct {
	Place
	Level      string `json:"level"` // rules.LevelError, LevelWarning or LevelInfo
	Code       string `json:"code"`
	Message    string `json:"message"`
	Hint       string `json:"hint,omitempty"`
	Cite       string `json:"cite,omitempty"`
	Suggestion string `json:"suggestion,omitempty"` // what may stand there instead
}

// Offer is something that may be written at the cursor, in place of what Place
// holds.
type Offer struct {
	Place
	Label  string `json:"label"`
	Insert string `json:"insert"`
	Kind   string `json:"kind"` // function, variable, property, unit, value
	Detail string `json:"detail,omitempty"`
	About  string `json:"about,omitempty"` // Markdown
	Filter string `json:"filter,omitempty"`
}

// Edit begins with a file of a tree and its text as it is being written. The other
// files of its edition are read from the tree. While the text cannot be read as
// YAML the names of the file in the tree count.
func Edit(tree fs.FS, name, text string, lang engine.Lang) *Editing {
	full := "/" + name
	d := &document{uri: uriOf(full), path: full}
	if data, err := fs.ReadFile(tree, name); err == nil && rules.Readable(data) {
		d.good = string(data)
	}
	d.set(text)
	s := &server{opt: Options{Lang: lang}, tree: tree, documents: map[string]*document{d.uri: d}}
	return &Editing{s, d}
}

// Findings turns what the checker says about the file into places of its text.
func (e *Editing) Findings(found []rules.Diagnostic) []Finding {
	out := []Finding{}
	for _, f := range found {
		if "/"+f.File != path.Clean(e.d.path) {
			continue
		}
		r := rangeOf(e.d.lines, rules.Span{Line: f.Line, Column: f.Column, Width: max(f.Width, 1)})
		out = append(out, Finding{
			Place: Place{r.Start.Line, r.Start.Character, r.End.Character}, Level: f.Level, Code: f.Code,
			Message: f.Message.In(e.s.opt.Lang), Hint: f.Hint.In(e.s.opt.Lang), Cite: f.Cite, Suggestion: f.Suggestion(),
		})
	}
	return out
}

var kindsOfOffer = map[int]string{itemFunction: "function", itemVariable: "variable", itemProperty: "property", itemUnit: "unit", itemValue: "value", itemReference: "variable"}

// Offers lists what may be written at a cursor.
func (e *Editing) Offers(line, character int) []Offer {
	answer, err := e.s.completion(e.d, positionParams{Position: position{line, character}})
	list, ok := answer.(completionList)
	if err != nil || !ok {
		return nil
	}
	slices.SortStableFunc(list.Items, func(a, b completionItem) int { return strings.Compare(a.SortText, b.SortText) })
	out := make([]Offer, 0, len(list.Items))
	for _, item := range list.Items {
		o := Offer{Label: item.Label, Insert: item.Label, Kind: kindsOfOffer[item.Kind], Detail: item.Detail, Filter: item.FilterText, Place: Place{line, character, character}}
		if item.Documentation != nil {
			o.About = item.Documentation.Value
		}
		if item.TextEdit != nil {
			o.Insert, o.Place = item.TextEdit.NewText, Place{line, item.TextEdit.Range.Start.Character, item.TextEdit.Range.End.Character}
		}
		out = append(out, o)
	}
	return out
}

// About explains what stands at a place, in Markdown; "" if there is nothing to
// say.
func (e *Editing) About(line, character int) (string, Place) {
	answer, err := e.s.hover(e.d, positionParams{Position: position{line, character}})
	h, ok := answer.(hover)
	if err != nil || !ok || h.Contents == nil {
		return "", Place{}
	}
	at := Place{line, character, character}
	if h.Range != nil {
		at = Place{h.Range.Start.Line, h.Range.Start.Character, h.Range.End.Character}
	}
	return h.Contents.Value, at
}

// Formatted is the text with the keys of each item in their order; as it is if it
// cannot be read.
func (e *Editing) Formatted() string {
	formatted, found := rules.Format(e.d.path, []byte(e.d.text))
	if rules.HasErrors(found) || formatted == nil {
		return e.d.text
	}
	return string(formatted)
}
