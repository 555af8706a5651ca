package bench

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"kaoping/internal/pgtest"
)

var (
	rows   = flag.Int("rows", 100_000, "rows of the register")
	rounds = flag.Int("rounds", 1, "how often everything is measured; the median counts")
	dir    = flag.String("dir", "", "folder for the files, which are kept; otherwise a temporary one")
	only   = flag.String("only", "", "files: leave the stores out")
	write  = flag.String("write", "", "benchmarks.md, into which the tables go")
)

func TestMain(m *testing.M) {
	if text := os.Getenv(asJob); text != "" {
		perform(text)
		return
	}
	flag.Parse()
	pgtest.Main(m)
}

// session is one run of everything.
type session struct {
	t      *testing.T
	dir    string
	digest string // of what is counted
	found  map[string][]measured
}

// TestSideBySide measures everything in turn, so that ratios are of one run.
func TestSideBySide(t *testing.T) {
	s := &session{t: t, dir: *dir, found: map[string][]measured{}}
	if s.dir == "" {
		s.dir = t.TempDir()
	}
	whole := s.file(0, *rows)
	for range *rounds {
		s.do("hand scan", job{Name: "hand scan", Files: []string{whole}})
		s.do("kaoping scan", job{Name: "kaoping scan", Files: []string{whole}})
		if hasDuckDB {
			s.do("DuckDB 1", job{Name: "DuckDB scan", Files: []string{whole}})
		}
		s.do("hand scan distinct", job{Name: "hand scan distinct", Files: []string{whole}})
		s.do("kaoping scan distinct", job{Name: "kaoping distinct", Files: []string{whole}})
		for _, kind := range stores() {
			s.stores(kind, whole)
		}
	}
	for _, kind := range stores() {
		s.undo(kind)
	}
	table := s.tables()
	t.Log("\n" + table)
	if *write != "" {
		s.writeInto(*write, table)
	}
}

// stores are the databases that are measured.
func stores() []string {
	if *only == "files" {
		return nil
	}
	return []string{"SQLite", "PostgreSQL"}
}

func (s *session) file(first, n int) string {
	s.t.Helper()
	path, err := casesFile(s.dir, first, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return path
}

// do measures and compares what was counted with all that was counted before.
func (s *session) do(name string, j job) {
	s.t.Helper()
	m, err := j.run(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Logf("%-24s %v, %d MiB", name, m.Seconds, m.PeakMiB)
	if m.Counts != "" {
		if s.digest == "" {
			s.digest = m.Counts
		}
		if m.Counts != s.digest {
			s.t.Errorf("%s counted something else", name)
		}
	}
	s.found[name] = append(s.found[name], m)
}

func (s *session) stores(kind, file string) {
	for _, who := range []string{"driver", "kaoping"} {
		url, remove := s.fresh(kind)
		s.do("prepare", job{Name: "prepare", URL: url})
		s.do(who+" "+kind, job{Name: who + " store", URL: url, Files: []string{file}})
		remove()
	}
}

// batches is into how many files the register is cut for the undoing of one.
const batches = 10

func (s *session) undo(kind string) {
	var files []string
	for i := range batches {
		files = append(files, s.file(i**rows/batches, (i+1)**rows/batches-i**rows/batches))
	}
	url, remove := s.fresh(kind)
	s.do("prepare", job{Name: "prepare", URL: url})
	s.do("batches "+kind, job{Name: "kaoping store", URL: url, Files: files})
	s.do("undo "+kind, job{Name: "undo", URL: url, Files: files})
	remove()
}

// fresh makes an empty database and returns how it is removed.
func (s *session) fresh(kind string) (url string, remove func()) {
	if kind == "PostgreSQL" {
		server := pgtest.Start(s.t)
		return server.URL(s.t), server.Remove
	}
	folder, err := os.MkdirTemp(s.dir, "store")
	if err != nil {
		s.t.Fatal(err)
	}
	return "sqlite:" + filepath.Join(folder, "a.db"), func() { os.RemoveAll(folder) }
}

// seconds is the median over the rounds, of all steps together or of one.
func (s *session) seconds(name string, steps ...string) float64 {
	var all []float64
	for _, m := range s.found[name] {
		sum := 0.0
		for step, seconds := range m.Seconds {
			if len(steps) == 0 || slices.Contains(steps, step) {
				sum += seconds
			}
		}
		all = append(all, sum)
	}
	if len(all) == 0 {
		return math.NaN()
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func (s *session) peak(name string) int {
	peak := 0
	for _, m := range s.found[name] {
		peak = max(peak, m.PeakMiB)
	}
	return peak
}

func number(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
