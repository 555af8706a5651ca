package rules

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
)

// exampleLibrary holds the pack that the documentation of the language shows.
func exampleLibrary(t *testing.T) *Library {
	t.Helper()
	lib, _ := Load(os.DirFS("testdata/example"), Options{})
	if len(lib.Packs()) != 1 {
		t.Fatal("the example does not load")
	}
	return lib
}

func TestTheExamplePassesItsOwnTests(t *testing.T) {
	lib := exampleLibrary(t)
	report := Test(lib, TestOptions{Now: time.Now})
	if len(report.Packs) != 1 || report.Packs[0].Tests != 35 {
		t.Errorf("ran %+v, want the 35 tests of one pack", report.Packs)
	}
	if report.Failed() > 0 {
		var b bytes.Buffer
		_ = report.Write(&b, engine.English)
		t.Errorf("\n%s", b.String())
	}
}

// A test archive holds packs with their tests, and in want.zh and want.en what
// the runner says.
func TestTestFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/tests/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { testTestFile(t, name) })
	}
}

func testTestFile(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	a := parseArchive(data)
	lib, diags := Load(filesOf(a))
	if len(lib.Packs()) == 0 {
		var b bytes.Buffer
		_ = WriteText(&b, diags, engine.English)
		t.Fatalf("mistakes in the pack:\n%s", b.String())
	}
	report := Test(lib, TestOptions{})
	for i := range a.files {
		f := &a.files[i]
		lang, ok := strings.CutPrefix(f.name, "want.")
		if !ok {
			continue
		}
		var out bytes.Buffer
		if err := report.Write(&out, engine.Lang(lang)); err != nil {
			t.Fatal(err)
		}
		if *update {
			f.data = out.Bytes()
		} else if got, want := out.String(), string(f.data); got != want {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", f.name, got, want)
		}
	}
	if *update {
		if err := os.WriteFile(name, a.format(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheReportAsJSON(t *testing.T) {
	lib := exampleLibrary(t)
	var b bytes.Buffer
	if err := Test(lib, TestOptions{}).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var back TestReport
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Packs) != 1 || back.Packs[0].Tests != 35 || back.Packs[0].Edition.String() != "2022-10-01" {
		t.Errorf("read back %+v", back)
	}
}

func TestOnlyTheNamedPackIsTested(t *testing.T) {
	lib := exampleLibrary(t)
	if report := Test(lib, TestOptions{Pack: "another"}); len(report.Packs) != 0 {
		t.Errorf("ran %+v", report.Packs)
	}
}
