package feeds

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"kaoping/engine"
)

// A file of 10 GB is refused by its size, before a byte of it is read.
func TestHugeFileIsRefusedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "huge.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(10 << 30); err != nil { // sparse: it takes no room
		t.Fatal(err)
	}
	f.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	_, err = ReadFile(path, MaxBytes)
	runtime.ReadMemStats(&after)
	explains(t, err, "超过 1 GiB", "larger than 1 GiB")
	if d, n := time.Since(began), after.TotalAlloc-before.TotalAlloc; d > time.Second || n > 1<<20 {
		t.Errorf("took %s and %d bytes", d, n)
	}
}

// A file whose size is not known, such as a pipe, is read no further than the
// bound.
func TestEndlessPipeIsCut(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for chunk := make([]byte, 1<<16); ; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}()
	_, err = readAll(r, 0, 1<<20, "pipe")
	r.Close()
	explains(t, err, "超过 1 MiB", "larger than 1 MiB")
}

func TestFileThatChangesWhileItIsRead(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"truncated": func(path string) error { return os.Truncate(path, 3) },
		"grown":     func(path string) error { return os.WriteFile(path, []byte("a,b\n1,2\n3,4\n"), 0o600) },
		"replaced": func(path string) error {
			other := path + ".new"
			if err := os.WriteFile(other, []byte("a,b\n9,9\n"), 0o600); err != nil {
				return err
			}
			return os.Rename(other, path)
		},
		"removed": os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.csv")
			if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			before, _ := f.Stat()
			if err := unchanged(path, f, before, before.Size()); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			if err := change(path); err != nil {
				t.Fatal(err)
			}
			explains(t, unchanged(path, f, before, before.Size()), "被改写或替换", "written or replaced")
		})
	}
}

func TestFolderTakesFilesThatStoppedGrowing(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"done.csv", "growing.csv", "half.csv.part", ".hidden.csv", "~$open.csv", "other.txt"} {
		write(name, "a,b\n")
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link.csv")); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for text := "a,b\n"; ; text += "1,2\n" {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				os.WriteFile(filepath.Join(dir, "growing.csv"), []byte(text), 0o600)
			}
		}
	}()
	s := compiled(t, Config{Source: "s", Target: "t", Kind: Folder, Path: dir, Pattern: "*.csv*", Settle: 100 * time.Millisecond})
	files, err := Fetch(t.Context(), s, engine.Period{})
	close(stop)
	<-ended
	if err != nil || len(files) != 1 || files[0].Name != "done.csv" {
		t.Fatalf("%v, %v", files, err)
	}
	if files, err = Fetch(t.Context(), s, engine.Period{}); err != nil || len(files) != 2 {
		t.Errorf("when it is complete: %d files, %v", len(files), err)
	}
}

func TestArchiveWritesNothingOver(t *testing.T) {
	dir := t.TempDir()
	day := time.Date(2025, 7, 20, 23, 0, 0, 0, time.UTC)
	for i, want := range []string{"a.csv", "a-2.csv", "a-3.csv"} {
		d := Delivery{path: filepath.Join(dir, "a.csv")}
		if err := os.WriteFile(d.path, []byte{byte('0' + i)}, 0o600); err != nil {
			t.Fatal(err)
		}
		d.Read(MaxBytes)
		to, err := d.putAway(filepath.Join(dir, "archive"), day)
		if err != nil || to != filepath.Join(dir, "archive", "2025-07-20", want) {
			t.Fatalf("%q, %v", to, err)
		}
		if kept, _ := os.ReadFile(to); string(kept) != string('0'+byte(i)) {
			t.Errorf("%s holds %q", to, kept)
		}
	}
	// One that was replaced since it was read stays.
	d := Delivery{path: filepath.Join(dir, "b.csv")}
	os.WriteFile(d.path, []byte("old"), 0o600)
	d.Read(MaxBytes)
	os.WriteFile(d.path, []byte("newer"), 0o600)
	if to, err := d.putAway(filepath.Join(dir, "archive"), day); err != nil || to != "" {
		t.Errorf("moved to %q, %v", to, err)
	}
}
