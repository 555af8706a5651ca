package web

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheEditorIsMadeFromItsSources makes the editor's file again where Node and its
// packages are, and compares.
func TestTheEditorIsMadeFromItsSources(t *testing.T) {
	if _, err := os.Stat(filepath.Join("editor", "node_modules", "esbuild", "bin", "esbuild")); err != nil {
		t.Skip("npm ci --ignore-scripts in web/editor makes this test possible; see web/editor/README.md")
	}
	check := exec.Command("node", "build.mjs", "--check")
	check.Dir = "editor"
	if output, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}

// TestTheEditorNamesTheLicencesOfItsParts compares the licences with the lock file.
func TestTheEditorNamesTheLicencesOfItsParts(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("editor", "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version string }
	}
	if err := json.Unmarshal(data, &lock); err != nil {
		t.Fatal(err)
	}
	licences, err := assetFiles.ReadFile("assets/editor-licenses.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"codemirror", "@codemirror/view", "@codemirror/state", "@codemirror/lang-yaml", "@lezer/yaml", "style-mod"} {
		p, ok := lock.Packages["node_modules/"+name]
		if !ok || !strings.Contains(string(licences), name+" "+p.Version+"\n\n") {
			t.Errorf("%s %s has no licence", name, p.Version)
		}
	}
}
