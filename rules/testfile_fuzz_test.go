package rules

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

// Whatever stands in a test file, reading and running it ends with a report.
func FuzzTestFile(f *testing.F) {
	names, err := filepath.Glob("testdata/tests/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	var pack []byte
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range parseArchive(data).files {
			switch file.name {
			case "p/2024-01-01.yaml":
				pack = file.data
			case "p/2024-01-01_test.yaml":
				f.Add(file.data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lib, _ := Load(fstest.MapFS{"p/a.yaml": {Data: pack}, "p/a_test.yaml": {Data: data}}, Options{})
		report := Test(lib, TestOptions{})
		if err := report.Write(io.Discard, engine.Chinese); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteJSON(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
