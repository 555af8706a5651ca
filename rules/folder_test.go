package rules

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const minimalPack = "pack: p\nedition: 2024-01-01\ntitle: 试点\n"

func TestAPackReadsNothingOutsideItsFolder(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(dir, "secret.yaml")
	packs := filepath.Join(dir, "packs")
	inside := filepath.Join(packs, "p", "2024-01-01.yaml")
	if err := os.MkdirAll(filepath.Dir(inside), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{secret: "password: very-secret\n", inside: minimalPack} {
		if err := os.WriteFile(name, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	links := map[string]string{
		"absolute.yaml": secret, "relative.yaml": "../../secret.yaml", "folder": dir, "device.yaml": "/dev/zero",
	}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(packs, "p", name)); err != nil {
			t.Skip(err)
		}
	}
	_, diags := Load(Folder(packs), Options{})
	refused := 0
	for _, d := range diags {
		if strings.Contains(d.Source+d.Message.ZH+d.Message.EN, "very-secret") {
			t.Errorf("shows the file outside: %+v", d)
		}
		if d.Code == CodeMissingFile && strings.Contains(d.Message.ZH, "指向目录之外") && strings.Contains(d.Message.EN, "leads out of the folder") {
			refused++
		}
	}
	if refused != 3 {
		t.Errorf("%d links refused, want 3: %+v", refused, diags)
	}
	if _, err := fs.ReadFile(Folder(packs), "../secret.yaml"); err == nil {
		t.Error("a path leads out of the folder")
	}
}

func TestALinkInsideTheFolderIsFollowed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte(minimalPack), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("text", filepath.Join(dir, "2024-01-01.yaml")); err != nil {
		t.Skip(err)
	}
	lib, _ := Load(Folder(dir), Options{})
	if len(lib.editions) != 1 {
		t.Errorf("%d editions, want the linked one", len(lib.editions))
	}
}
