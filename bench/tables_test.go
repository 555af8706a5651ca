package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// tables writes what was found as Markdown.
func (s *session) tables() string {
	var b strings.Builder
	size := 0.0
	if info, err := os.Stat(s.file(0, *rows)); err == nil {
		size = float64(info.Size()) / 1e6
	}
	fmt.Fprintf(&b, "%s case rows (a CSV of %.0f MB), 180 companies, 2 half-years, 6 statistics; a machine with %d cores and %d GiB, with other work on it; each in a process of its own, medians of %d rounds. All counted the same, company by company.\n\n",
		number(*rows), size, runtime.NumCPU(), totalMemory(), *rounds)
	line := func(cells ...string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	rule := func(n int) { b.WriteString(strings.Repeat("|---", n) + "|\n") }
	seconds := func(x float64) string { return fmt.Sprintf("%.2f", x) }
	ratio := func(x float64) string { return fmt.Sprintf("**%.2f**", x) }

	line("straight from the file", "seconds", "beside hand-written", "peak MiB")
	rule(4)
	row := func(label, name, beside string) {
		if len(s.found[name]) == 0 {
			line(label, "–", "–", "–")
			return
		}
		r := "1"
		if beside != name {
			r = ratio(s.seconds(name) / s.seconds(beside))
		}
		line(label, seconds(s.seconds(name)), r, fmt.Sprint(s.peak(name)))
	}
	row("hand-written Go scan (no cell is checked)", "hand scan", "hand scan")
	row("kaoping, declared one row per key", "kaoping scan", "hand scan")
	row("DuckDB read_csv", "DuckDB 1", "hand scan")
	row("hand-written scan that drops repeated keys (hashes of 8 bytes)", "hand scan distinct", "hand scan distinct")
	row("kaoping, repeated keys dropped", "kaoping scan distinct", "hand scan distinct")

	b.WriteString("\n")
	line("stored and counted", "load s", "count s", "ratio of both", "peak MiB")
	rule(5)
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		for _, who := range []string{"driver", "kaoping"} {
			name := who + " " + kind
			label := "the same driver in bulk into the same table, then GROUP BY"
			r := "1"
			if who == "kaoping" {
				label, r = "kaoping", ratio(s.seconds(name)/s.seconds("driver "+kind))
			}
			line(kind+": "+label, seconds(s.seconds(name, "load")), seconds(s.seconds(name, "count")), r, fmt.Sprint(s.peak(name)))
		}
	}
	b.WriteString("\n")
	line("one of ten batches undone and loaded again", "all ten loaded, s", "undo s",
		"load again s", "rows of the others", "peak MiB")
	rule(6)
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		line(kind, seconds(s.seconds("batches "+kind, "load")), seconds(s.seconds("undo "+kind, "undo")), seconds(s.seconds("undo "+kind, "load")),
			"untouched", fmt.Sprint(s.peak("undo "+kind)))
	}
	return b.String()
}

func totalMemory() int {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	var kib int
	_, rest, _ := strings.Cut(string(info), "MemTotal:")
	fmt.Sscan(rest, &kib) // 0 if it is not there
	return (kib + 1<<19) >> 20
}

// writeInto replaces what stands between the marks of this number of rows.
func (s *session) writeInto(path, tables string) {
	s.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	begin := fmt.Sprintf("<!-- bench %d -->\n", *rows)
	const end = "<!-- end -->\n"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		s.t.Fatalf("%s has no place between %q and %q", path, begin, end)
	}
	if err := os.WriteFile(path, []byte(before+begin+tables+end+after), 0o644); err != nil {
		s.t.Fatal(err)
	}
}
