package rules

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes diagnostics as one JSON document, {"diagnostics": […]}, in the
// order given and in both languages.
func WriteJSON(w io.Writer, diagnostics []Diagnostic) error {
	if diagnostics == nil {
		diagnostics = []Diagnostic{}
	}
	return writeIndented(w, map[string][]Diagnostic{"diagnostics": diagnostics})
}

// writeIndented writes v for people and programs alike: indented, with Chinese
// and comparison signs as they are.
func writeIndented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
