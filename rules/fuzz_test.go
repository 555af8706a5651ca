package rules

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

// longestSeed keeps inputs short, in bytes: the fuzzer tries to shorten whatever finds
// something new, and takes all its time for that if inputs are long.
const longestSeed = 300

// FuzzLoad feeds anything to Load: it must answer with diagnostics that point
// into the file, and never panic.
func FuzzLoad(f *testing.F) {
	for _, part := range strings.SplitAfter(seedPack, "\n") {
		f.Add([]byte(part))
	}
	f.Add([]byte(seedPack))
	names, _ := filepath.Glob("testdata/bad/*.txtar")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, inside := range parseArchive(data).files {
			if len(inside.data) < longestSeed && !strings.HasPrefix(inside.name, "want.") {
				f.Add(inside.data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		files := fstest.MapFS{"p/2024-01-01.yaml": {Data: data}, "p/2024-01-01_test.yaml": {Data: data}}
		lib, diags := Load(files, Options{Sources: files})
		for _, d := range diags {
			checkDiagnostic(t, d)
			if d.Level == LevelError && d.File == "p/2024-01-01.yaml" && len(lib.Packs()) > 0 {
				t.Errorf("a pack with errors is offered: %v", d)
			}
		}
		if err := WriteText(&bytes.Buffer{}, diags, engine.Chinese); err != nil {
			t.Fatal(err)
		}
	})
}

func checkDiagnostic(t *testing.T, d Diagnostic) {
	t.Helper()
	switch {
	case d.Code == "" || d.Level == "" || d.Message.ZH == "" || d.Message.EN == "":
		t.Errorf("incomplete: %+v", d)
	case d.Line < 0 || d.Line > 0 && d.Column < 1 || d.Width < 1:
		t.Errorf("no place: %+v", d)
	}
}
