package rules

import (
	"os"
	"testing"

	"kaoping/engine"
)

// loadExample reads the example of the rule language.
func loadExample(t *testing.T) (*Library, []Diagnostic) {
	t.Helper()
	return Load(os.DirFS("testdata/example"), Options{})
}

func TestExampleLoads(t *testing.T) {
	_, diags := loadExample(t)
	WriteText(os.Stdout, diags, engine.English)
}
