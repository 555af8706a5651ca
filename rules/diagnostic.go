package rules

import (
	"cmp"
	"slices"

	"kaoping/engine"
)

// Diagnostic reports one mistake in a file that a person wrote.
type Diagnostic struct {
	File    string      `json:"file"`
	Line    int         `json:"line"`   // 1-based; 0 if the whole file is meant
	Column  int         `json:"column"` // 1-based, in characters
	Width   int         `json:"width"`  // characters to underline; at least 1
	Code    string      `json:"code"`   // stable: "unknown-name"
	Level   string      `json:"level"`  // LevelError, LevelWarning or LevelInfo
	Message engine.Text `json:"message"`
	Hint    engine.Text `json:"hint"`             // what to do about it; may be empty
	Cite    string      `json:"cite,omitempty"`   // the clause of the nearest enclosing item
	Source  string      `json:"source,omitempty"` // the line of the file
}

// The levels. Only errors make a pack unusable.
const (
	LevelError   = "error"
	LevelWarning = "warning"
	LevelInfo    = "info"
)

// HasErrors reports whether one of the diagnostics is an error.
func HasErrors(diags []Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d Diagnostic) bool { return d.Level == LevelError })
}

// Sort orders diagnostics by file, place, code and wording, and drops
// repetitions.
func Sort(diags []Diagnostic) []Diagnostic {
	slices.SortStableFunc(diags, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message.EN, b.Message.EN),
		)
	})
	return slices.CompactFunc(diags, func(a, b Diagnostic) bool {
		a.Hint, b.Hint = engine.Text{}, engine.Text{}
		return a == b
	})
}

// place is a stretch of one line of a file, with the clause it belongs to.
type place struct {
	file                *sourceFile
	line, column, width int
	cite                string
}

// report makes a Diagnostic at the place with the level that belongs to the code.
func (p place) report(code string, message, hint engine.Text) Diagnostic {
	d := Diagnostic{
		Line: p.line, Column: p.column, Width: max(p.width, 1),
		Code: code, Level: levelOf(code), Message: message, Hint: hint, Cite: p.cite,
	}
	if p.file != nil {
		d.File, d.Source = p.file.name, p.file.lineText(p.line)
	}
	return d
}

// text is short for a sentence in both languages.
func text(zh, en string) engine.Text { return engine.Text{ZH: zh, EN: en} }
