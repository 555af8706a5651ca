package drafts

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kaoping/engine"
)

func TestDraftsAreKeptAndFound(t *testing.T) {
	f := Folder(filepath.Join(t.TempDir(), "drafts"))
	if list, err := f.List("p"); err != nil || len(list) != 0 {
		t.Errorf("an empty folder: %v %v", list, err)
	}
	at := time.Date(2025, 7, 20, 1, 2, 3, 0, time.UTC)
	first, err := f.Save("p", "p/2025-01-01_test.yaml", "李 静_1/..", "a: 1\n", at)
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.Save("p", "2025-01-01.yaml", "x", "b: 2\n", at.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Save("p", "2025-01-01.yaml", "x", "c: 3\n", at.Add(time.Second)); err == nil {
		t.Error("a draft was overwritten")
	}
	list, err := f.List("p")
	if err != nil || len(list) != 2 || list[0] != second || list[1] != first || first.File != "2025-01-01_test.yaml" || first.Author != "李-静-1-.." {
		t.Errorf("list: %+v %v", list, err)
	}
	got, text, err := f.Find("p", first.ID)
	if err != nil || got != first || text != "a: 1\n" {
		t.Errorf("find: %+v %q %v", got, text, err)
	}
}

func TestNoOtherPlaceIsReached(t *testing.T) {
	dir := t.TempDir()
	f := Folder(filepath.Join(dir, "drafts"))
	secret := "20250720T010203.000_x_secret.yaml"
	if err := os.WriteFile(filepath.Join(dir, secret), []byte("no"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, pack := range []string{"..", ".", "", "../x", "a/b", `a\b`} {
		if _, _, err := f.Find(pack, secret); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%q: %v", pack, err)
		}
		if _, err := f.Save(pack, "x.yaml", "x", "", time.Now()); err == nil {
			t.Errorf("saved in %q", pack)
		}
	}
	for _, id := range []string{"../" + secret, "20250720T010203.000_x_../" + secret, "x", ""} {
		if _, _, err := f.Find("p", id); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := Folder("").Save("p", "x.yaml", "x", "", time.Now()); !errors.Is(err, ErrOff) || !errors.Is(err, engine.ErrConflict) {
		t.Errorf("without a folder: %v", err)
	}
}
