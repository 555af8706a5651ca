// Package internal_test checks who imports whom.
package internal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// allowed says which of our own packages a package may import, by the first
// path element below the module. engine/... may import engine/... only.
var allowed = map[string][]string{
	"engine":  {"engine"},
	"rules":   {"engine", "rules"},
	"ingest":  {"engine"},
	"reports": {"engine", "reports"},
	"store":   {"engine", "store"},
}

// forbidden says what the pure packages must not reach, not even through others.
var forbidden = map[string][]string{
	"engine": {"os", "net", "database/sql", "log", "log/slog", "net/http"},
	"rules":  {"net", "database/sql", "log/slog", "net/http"},
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

func TestPackagesImportOnlyWhatTheirPlaceAllows(t *testing.T) {
	for _, p := range listPackages(t) {
		place := placeOf(p.ImportPath)
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, "kaoping/cmd") {
				t.Errorf("%s imports %s: nothing imports the program", p.ImportPath, imported)
			}
			if may, ok := allowed[place]; ok && strings.HasPrefix(imported, "kaoping/") && !contains(may, placeOf(imported)) {
				t.Errorf("%s imports %s: %s may import only %v of our packages", p.ImportPath, imported, place, may)
			}
		}
	}
}

// The standard library itself reaches os from almost everywhere, so what counts
// is what our own pure packages import by name.
func TestPurePackagesDoNotTouchTheWorld(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, bad := range forbidden[placeOf(p.ImportPath)] {
			if contains(p.Imports, bad) {
				t.Errorf("%s imports %s; data come in as arguments", p.ImportPath, bad)
			}
		}
		if placeOf(p.ImportPath) == "engine" {
			for _, bad := range []string{"database/sql", "net/http", "gopkg.in/yaml.v3", "github.com/jmoiron/sqlx"} {
				if contains(p.Deps, bad) {
					t.Errorf("%s depends on %s", p.ImportPath, bad)
				}
			}
		}
	}
}

func placeOf(path string) string {
	place, _, _ := strings.Cut(strings.TrimPrefix(path, "kaoping/"), "/")
	return place
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports,Deps", "kaoping/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, "kaoping/") {
			packages = append(packages, p)
		}
	}
	if len(packages) < 8 {
		t.Fatalf("go list found only %d of our packages", len(packages))
	}
	return packages
}
