package rules_test

import (
	"testing"
	"testing/fstest"

	"kaoping/rules"
	"kaoping/rules/packs"
)

func TestEditionsListWhatHasMistakesToo(t *testing.T) {
	tree := fstest.MapFS{
		"a/2025-01-01.yaml":      {Data: []byte("pack: a\nedition: 2025-01-01\n")},
		"b/x.yaml":               {Data: []byte("pack: b\nedition: 2025-01-01\n a: [\n")},
		"c/y.yaml":               {Data: []byte("title: c\n")},
		"a/2025-01-01_test.yaml": {Data: []byte("pack: a\nedition: 2025-01-01\n\t[\n")},
		"d/only_test.yaml":       {Data: []byte("[\n")},
	}
	library, _ := rules.Load(tree, rules.Options{})
	found := map[string]rules.Edition{}
	for _, e := range library.Editions() {
		if e.Pack != nil {
			t.Errorf("%s has mistakes, and a pack", e.Name)
		}
		found[e.Name] = e
	}
	if len(found) != 4 || found["a"].Date.String() != "2025-01-01" || len(found["a"].Tests) != 1 || len(found["b"].Files) != 1 || len(found["c"].Files) != 1 {
		t.Errorf("%+v", found)
	}
	for name, e := range found {
		if e.Folder() != name {
			t.Errorf("%s lies in %s", name, e.Folder())
		}
	}
}

func TestEditionsOfTheShippedPacks(t *testing.T) {
	library, _ := rules.Load(packs.FS, rules.Options{})
	editions := library.Editions()
	if len(editions) != len(library.Packs()) {
		t.Errorf("%d editions, %d packs", len(editions), len(library.Packs()))
	}
	for i := range editions {
		e := &editions[i]
		if e.Pack == nil || e.Errors != 0 || len(e.Files) == 0 || len(e.Tests) == 0 || e.Folder() != e.Name {
			t.Errorf("%s %s: %d errors, %d files, in %s", e.Name, e.Date, e.Errors, len(e.Files), e.Folder())
		}
	}
}
