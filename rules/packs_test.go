package rules_test

import (
	"bytes"
	"io/fs"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/rules/packs"
)

// TestPacks runs the YAML tests of every pack that ships with the program. A
// pack without tests, or with a mistake in it, fails.
func TestPacks(t *testing.T) {
	folders, err := fs.ReadDir(packs.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if f.IsDir() {
			t.Run(f.Name(), func(t *testing.T) { testFolder(t, f.Name()) })
		}
	}
}

func testFolder(t *testing.T, folder string) {
	sub, err := fs.Sub(packs.FS, folder)
	if err != nil {
		t.Fatal(err)
	}
	lib, diags := rules.Load(sub, rules.Options{})
	if rules.HasErrors(diags) {
		var b bytes.Buffer
		_ = rules.WriteText(&b, diags, engine.English)
		t.Fatalf("mistakes in the pack:\n%s", b.String())
	}
	report := rules.Test(lib, rules.TestOptions{Now: time.Now})
	if len(report.Packs) == 0 {
		t.Error("no pack in this folder")
	}
	for _, p := range report.Packs {
		if p.Tests == 0 {
			t.Errorf("%s %s has no tests", p.Pack, p.Edition)
		}
	}
	if report.Failed() > 0 {
		var b bytes.Buffer
		_ = report.Write(&b, engine.English)
		t.Errorf("\n%s", b.String())
	}
}
