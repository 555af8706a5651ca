package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Numbers are exact to the end: no source of the engine may approximate. The
// benchmarks that compare with float64 live in test files.
func TestNoSourceApproximates(t *testing.T) {
	for _, pattern := range []string{"*.go", "*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				checkNoFloat(t, file)
			}
		}
	}
}

func checkNoFloat(t *testing.T, file string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(source), "\n") {
		code, _, _ := strings.Cut(line, "//")
		for _, word := range []string{"float64", "float32", "math.NaN", "big.Float"} {
			if strings.Contains(code, word) {
				t.Errorf("%s:%d uses %s", file, i+1, word)
			}
		}
	}
}
