package rules

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What YAML can read has no faults: layout must not talk about good files.
func TestGoodFilesHaveNoFaults(t *testing.T) {
	found := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !isYAML(name) {
			return err
		}
		found++
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if faults := layout(splitLines(string(data))); len(faults) > 0 {
			t.Errorf("%s: %+v", name, faults)
		}
		return nil
	})
	if err != nil || found < 8 {
		t.Fatal(found, err)
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		lines        []string
		line, column int
		part         string
	}{
		"one blank too few":           {[]string{"a:", "  b: 1", " c: 2"}, 3, 2, "is 1, that of line 2 beside it is 2"},
		"one blank too many":          {[]string{"a:", "  b: 1", "   c: 2"}, 3, 4, "is 3, that of line 2 beside it is 2"},
		"inside an item":              {[]string{"a:", "  - b: 1", "   c: 2"}, 3, 4, "is 3, that of line 2 beside it is 4"},
		"below a list of items":       {[]string{"a:", "  - b", "  c: 2"}, 3, 3, "begin with “- ”"},
		"a quotation mark":            {[]string{`a: "x`, "b: 1", `c: "y"`}, 1, 4, "quotation mark is not closed"},
		"the last quotation mark":     {[]string{"a: 1", `b: 'x`}, 2, 4, "quotation mark is not closed"},
		"text after a quotation mark": {[]string{`a: "x" and more`}, 1, 8, "text after the quotation mark"},
		"a bracket":                   {[]string{"a: [b, c", "d: 1"}, 1, 4, "this [ is not closed"},
		"a bracket at the end":        {[]string{"a: 1", "d: {b: [1]"}, 2, 4, "this { is not closed"},
		"brackets that cross":         {[]string{"a: {b: [c, d}", "e: 1"}, 1, 13, "does not close the [ on line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := layout(c.lines)
			if len(got) == 0 || got[0].line != c.line || got[0].column != c.column || !strings.Contains(got[0].message.EN, c.part) {
				t.Errorf("got %+v", got)
			}
		})
	}
}
