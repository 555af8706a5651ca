package rules

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

var update = flag.Bool("update", false, "write the expected output anew")

// A bad file is an archive: rule files as they are, the texts they quote under
// sources/, and what check says in want.zh and want.en. There is one for each
// code, and some for several at once.
func TestBadFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { testBadFile(t, name) })
	}
}

func testBadFile(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	a := parseArchive(data)
	_, diags := Load(filesOf(a))
	for i := range a.files {
		f := &a.files[i]
		lang, ok := strings.CutPrefix(f.name, "want.")
		if !ok {
			continue
		}
		var out bytes.Buffer
		if err := WriteText(&out, diags, engine.Lang(lang)); err != nil {
			t.Fatal(err)
		}
		if *update {
			f.data = out.Bytes()
		} else if got, want := out.String(), string(f.data); got != want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", f.name, got, want)
		}
	}
	code := strings.TrimSuffix(filepath.Base(name), ".txtar")
	if isCode(code) && !hasCode(diags, code) {
		t.Errorf("%s is not reported", code)
	}
	if *update {
		if err := os.WriteFile(name, a.format(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// filesOf turns an archive into the file systems that Load reads. A file whose
// name ends in .gbk holds UTF-8 that is delivered as GBK.
func filesOf(a *archive) (fstest.MapFS, Options) {
	files, sources := fstest.MapFS{}, fstest.MapFS{}
	for _, f := range a.files {
		name, data := f.name, f.data
		if strings.HasPrefix(name, "want.") {
			continue
		}
		if plain, ok := strings.CutSuffix(name, ".gbk"); ok {
			name, data = plain, asGBK(data)
		}
		if source, ok := strings.CutPrefix(name, "sources/"); ok {
			sources[source] = &fstest.MapFile{Data: data}
			continue
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files, Options{Sources: sources}
}

func isCode(s string) bool {
	for _, c := range Codes() {
		if c.Code == s {
			return true
		}
	}
	return false
}

func hasCode(diags []Diagnostic, code string) bool {
	for _, d := range diags {
		if d.Code == code {
			return true
		}
	}
	return false
}

func TestEveryCodeHasABadFile(t *testing.T) {
	for _, c := range Codes() {
		if _, err := os.Stat("testdata/bad/" + c.Code + ".txtar"); err != nil {
			t.Errorf("no bad file for %s", c.Code)
		}
	}
}
