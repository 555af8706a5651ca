package rules

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
	"kaoping/rules/packs"
)

// withFile is the tree of the shipped packs with one more file.
func withFile(t *testing.T, name string, data []byte) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(packs.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(packs.FS, path)
		out[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if name != "" {
		out[name] = &fstest.MapFile{Data: data}
	}
	return out
}

// What is proposed for any shipped pack without its tests can be put beside it:
// it has no mistakes, all of it passes, and it reaches what it says.
func TestProposedBoundariesPassAndReachMore(t *testing.T) {
	bare := withFile(t, "", nil)
	for name := range bare {
		if isTest(name) {
			delete(bare, name)
		}
	}
	lib, _ := Load(bare, Options{})
	for i, p := range lib.Packs() {
		if testing.Short() && i%8 != 0 {
			continue
		}
		t.Run(p.Name, func(t *testing.T) {
			proposed, err := ProposeBoundaries(lib, p)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := proposed.Write(&out, engine.Chinese); err != nil {
				t.Fatal(err)
			}
			one := fstest.MapFS{}
			for name, f := range bare {
				if strings.HasPrefix(name, p.Name+"/") || strings.HasPrefix(name, "calendars/") {
					one[name] = f
				}
			}
			one[p.Name+"/proposed_test.yaml"] = &fstest.MapFile{Data: out.Bytes()}
			with, diags := Load(one, Options{})
			if HasErrors(diags) {
				t.Fatalf("%v in\n%s", diags, out.String())
			}
			report := Test(with, TestOptions{Pack: p.Name, Cover: true})
			if report.Failed() > 0 || HasErrors(report.Diagnostics) {
				var text bytes.Buffer
				report.Write(&text, engine.English)
				t.Fatalf("%s\n%s", text.String(), out.String())
			}
			if c := report.Packs[0].Coverage; len(c.Missed) > len(proposed.Unsolved) {
				t.Errorf("%d spots are missed, only %d were said to be: %v", len(c.Missed), len(proposed.Unsolved), c.Missed)
			}
		})
	}
}

// Both sides of a bound: 49 and 50 persons, one step beside a straight end, the
// last minute and the first minute too late.
func TestProposedBoundariesStandOnBothSides(t *testing.T) {
	lib, diags := Load(fstest.MapFS{"p/2024-01-01.yaml": {Data: []byte(coverPack)}}, Options{})
	if HasErrors(diags) {
		t.Fatal(diags)
	}
	proposed, err := ProposeBoundaries(lib, lib.Packs()[0])
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	proposed.Write(&out, engine.English)
	for _, want := range []string{
		"- [1000, 1000, 10]", "- [800, 1000, 0]", "- [801, 1000, 0.05]", "- [799, 1000, 0]", // 100 % and 80 %
		"- [900, 1000, 10]", "- [899, 1000, 0]", // the band from 90 %
		"- [0, 0, 10]",                                 // if_denominator_zero: full points
		"- [50, 1, 3]", "- [49, 1, 1]", "- [50, 2, 5]", // 50 persons, the cap of 5
	} {
		if !strings.Contains(out.String(), want) && !strings.Contains(out.String(), strings.Replace(want, "[0, 0", "[1000, 0", 1)) {
			t.Errorf("no row %s in\n%s", want, out.String())
		}
	}
}
