package langserver

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/rules/packs"
)

// TestRenamingInShippedPacks renames names of the shipped packs, one after the
// other, and runs their tests: a place that was missed, or one too many, shows.
func TestRenamingInShippedPacks(t *testing.T) {
	step := 6
	if testing.Short() {
		step = 40
	}
	folders, err := fs.ReadDir(packs.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, folder := range folders {
		if !folder.IsDir() || folder.Name() == "calendars" {
			continue
		}
		dir := t.TempDir()
		sub, err := fs.Sub(packs.FS, folder.Name())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(dir, sub); err != nil {
			t.Fatal(err)
		}
		tried += renameAll(t, dir, step)
	}
	if tried < 20 {
		t.Errorf("only %d names were tried", tried)
	}
}

func renameAll(t *testing.T, dir string, step int) (tried int) {
	s := &server{opt: Options{Lang: engine.English}, documents: map[string]*document{}, roots: []string{dir}}
	before, mistakes := testsOf(t, readFolder(dir, nil))
	if mistakes > 0 {
		t.Logf("%s has mistakes of its own", dir)
		return 0
	}
	for name, data := range readFolder(dir, nil).files {
		if strings.HasSuffix(name, "_test.yaml") {
			continue
		}
		d := &document{uri: uriOf(filepath.Join(dir, name)), path: filepath.Join(dir, name)}
		d.set(string(data))
		s.documents[d.uri] = d
		s.changes++
		n := s.namesFor(d)
		for i := 0; i < len(n.Declarations); i++ {
			decl := n.Declarations[i]
			if i%step != 0 || decl.At.File != name || decl.Name == "" {
				continue
			}
			tried++
			p := positionParams{Position: rangeOf(d.lines, decl.At).Start, NewName: "改名_" + decl.Space}
			if decl.Space == "assumptions" {
				p.NewName = "A997"
			}
			result, err := s.rename(d, p)
			if err != nil {
				t.Errorf("%s: %v", decl.Name, err)
				continue
			}
			f := readFolder(dir, nil)
			for uri, edits := range result.(workspaceEdit).Changes {
				path, _ := pathOf(uri)
				f.put(f.name(path), []byte(edited(string(f.files[f.name(path)]), edits)))
			}
			if tests, mistakes := testsOf(t, f); mistakes > 0 || tests != before {
				t.Errorf("%s: renaming %s %q: %d tests pass of %d, %d mistakes", name, decl.Space, decl.Name, tests, before, mistakes)
			}
		}
	}
	return tried
}

// testsOf runs the tests of a folder and counts those that pass, and the errors.
func testsOf(t *testing.T, f *folder) (passed, mistakes int) {
	t.Helper()
	lib, diagnostics := rules.Load(f, rules.Options{})
	for _, d := range diagnostics {
		if d.Level == rules.LevelError {
			t.Logf("%s:%d:%d %s", d.File, d.Line, d.Column, d.Message.EN)
			mistakes++
		}
	}
	report := rules.Test(lib, rules.TestOptions{Now: time.Now})
	for _, p := range report.Packs {
		passed += p.Tests
	}
	return passed - report.Failed(), mistakes
}
