package schemes

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/rules/packs"
)

var update = flag.Bool("update", false, "write docs/schemes*.md anew")

func TestEverySchemeAndRowIsCarriedByAPackLine(t *testing.T) {
	found, err := Find(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, r := range Rows() {
		known[r.ID] = true
		if len(found[r.ID]) == 0 {
			t.Errorf("%s %s (%s, %s): no pack line names it", r.ID, r.Item, r.Scheme, r.Place)
		}
	}
	for id, lines := range found {
		if !known[id] {
			t.Errorf("%s:%d names %s, which is not in the catalogue", lines[0].File, lines[0].Number, id)
		}
	}
}

// A row may be carried by the packs of its own schemes only: a mark in another
// pack is a slip.
func TestRowsStandInThePackOfTheirScheme(t *testing.T) {
	found, err := Find(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	folder := func(l Line) string { return filepath.Dir(l.File) }
	for _, r := range Rows() {
		homes := map[string]bool{}
		for scheme := range strings.SplitSeq(r.Scheme, ", ") {
			for _, l := range found[scheme] {
				homes[folder(l)] = true
			}
		}
		if len(found[r.ID]) > 0 && !homes[folder(found[r.ID][0])] {
			t.Errorf("%s belongs to %s but stands in %s", r.ID, r.Scheme, found[r.ID][0].File)
		}
	}
}

func TestDocumentsMatchThePacks(t *testing.T) {
	found, err := Find(packs.FS)
	if err != nil {
		t.Fatal(err)
	}
	for name, lang := range map[string]engine.Lang{"schemes.md": engine.English, "schemes.zh-CN.md": engine.Chinese} {
		var want bytes.Buffer
		if err := Write(&want, found, "../rules/packs", lang); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("..", "..", "docs", name)
		if *update {
			if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("docs/%s is not what the packs say (%v): go test ./internal/schemes -update", name, err)
		}
	}
}
