package rules

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kaoping/engine"
)

// patience is far above what any pack takes and far below what a person takes
// for a hang.
const patience = 20 * time.Second

// repeated writes lines with their number.
func repeated(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, strings.ReplaceAll(format, "#", "%[1]d"), i)
	}
	return b.String()
}

const hostileHead = "pack: p\nedition: 2024-01-01\ntitle: t\nstatus: draft\nperiods: {annual: {first_day: 01-01, last_day: 12-31}}\npeer_groups: {all: all}\nranking: {by: total}\n"

// A pack from a stranger may be refused. It must not take the machine with it.
func TestHostilePacks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("名", 30)
	for name, pack := range map[string]string{
		"deep flow":            "a: " + strings.Repeat("[", 9_000),
		"deep mappings":        "a: " + strings.Repeat("{a: ", 9_000),
		"deep blocks":          strings.Repeat("- ", 9_000),
		"one line of nodes":    "a: [" + strings.Repeat("1, ", 90_000) + "]",
		"a scalar of 1 MB":     hostileHead + "regulator: \"" + strings.Repeat("x", 1_000_000) + "\"",
		"a text of many lines": hostileHead + "regulator: >\n" + strings.Repeat("  某某某\n", 80_000),
		"aliases that grow":    "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
		"unknown keys":         hostileHead + repeated(40_000, "k#: x\n"),
		"duplicate keys":       hostileHead + strings.Repeat("k: x\n", 40_000),
		"names to compare":     hostileHead + "statistics:\n" + repeated(6_000, "  "+long+"#: {unit: 件}\n") + "metrics:\n" + repeated(3_000, "  m#: {unit: 件, formula: "+long+"x#}\n"),
		"indicators":           hostileHead + "sections:\n  - section: s\n    full_points: 1\n    indicators:\n" + repeated(8_000, "      - {indicator: i#, full_points: 1, score: nothing}\n"),
		"a chain of metrics":   hostileHead + "metrics:\n  m0: {unit: 件, formula: 1}\n" + repeated(8_000, "  m1#: {unit: 件, formula: m1# + m0}\n"),
		"circles":              hostileHead + "metrics:\n" + repeated(300, "  m#: {unit: 件, formula: m0+m1+m2+m3+m4+m5+m6+m7+m8+m9+m10+m11+m12+m13+m14+m15+m16+m17+m18+m19+m20+m21+m22+m23+m24+m25+m26+m27+m28+m29}\n"),
		"peer groups":          strings.Replace(hostileHead, "{all: all}", "{"+strings.Join(strings.Fields(repeated(900, "g#:\u00a0t ")), ", ")+"}", 1),
		"many peer groups":     strings.Replace(hostileHead, "{all: all}", "\n"+repeated(10_000, "  g#: t\n"), 1) + "total: {full_points: 100}\nsections:\n" + repeated(2_000, "  - {section: s#, full_points: 1, indicators: []}\n"),
		"dated values":         hostileHead + "total:\n  full_points:\n" + repeated(9_000, "    2024-01-01: 1\n") + repeated(9_000, "    1#-01-01: 1\n"),
		"corners":              hostileHead + "scales:\n  s:\n    line:\n" + repeated(20_000, "      - {at: #, points: #}\n"),
		"classes":              hostileHead + "registers:\n  r:\n    key: k\n    subject: s\n    date: d\n    fields:\n      f:\n        one of:\n" + repeated(10_000, "          - c#\n") + "sections:\n  - section: s\n    full_points: 1\n    deductions:\n      - deduction: d\n        register: r\n        classified_by: f\n        points_per_case:\n" + repeated(10_000, "          x#: 1\n"),
		"full-width marks":     hostileHead + repeated(20_000, "k#：x\n"),
		"an open bracket":      hostileHead + strings.Repeat("a: [\n", 50_000),
		"deep parentheses":     hostileHead + "metrics:\n  m: {unit: 件, formula: \"" + strings.Repeat("(", 4_000) + "1" + strings.Repeat(")", 4_000) + "\"}\n",
		"a long sum":           hostileHead + "metrics:\n  m: {unit: 件, formula: \"1" + strings.Repeat("+1", 4_000) + "\"}\n",
		"a long number":        hostileHead + "total: {full_points: " + strings.Repeat("9", 9_000) + "}\n",
		"shared scale":         hostileHead + "scales: {s: {formula: x + y}}\nmetrics:\n" + repeated(4_000, "  i#: {unit: 件, formula: 1}\n") + "sections:\n  - section: s\n    full_points: 1\n    indicators:\n" + repeated(4_000, "      - {indicator: i#, full_points: 1, score: s}\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			tests := "pack: p\nedition: 2024-01-01\ntables:\n" + repeated(3_000, "  - {indicator: i#, columns: [x#], rows: []}\n")
			lib, diags := Load(fstest.MapFS{"p/2024-01-01.yaml": {Data: []byte(pack)}, "p/2024-01-01_test.yaml": {Data: []byte(tests)}}, Options{})
			var out bytes.Buffer
			if err := WriteJSON(&out, diags); err != nil {
				t.Fatal(err)
			}
			if err := WriteText(&out, diags, engine.Chinese); err != nil {
				t.Fatal(err)
			}
			if !HasErrors(diags) && len(lib.Packs()) != 1 {
				t.Error("neither a pack nor an error")
			}
			if took := time.Since(start); took > patience || out.Len() > 32<<20 {
				t.Errorf("%v, %d diagnostics, %d bytes", took, len(diags), out.Len())
			}
			t.Log(time.Since(start), len(diags), out.Len())
		})
	}
}

// A stranger's pack cannot make check read files outside the folders it is given.
func TestFilesOutsideAreNotRead(t *testing.T) {
	folder := t.TempDir()
	for name, data := range map[string]string{
		"secret.txt": "root:x:0:0", "sources/law.txt": "第一条", "packs/p/2024-01-01.yaml": hostileHead + "total: {full_points: 1}\nsources:\n" +
			"  up: {title: t, file: ../secret.txt}\n  root: {title: t, file: /etc/passwd}\n  dots: {title: t, file: x/../../secret.txt}\n  dir: {title: t, file: .}\n" +
			"sections:\n  - section: a\n    full_points: 1\n    indicators:\n      - {indicator: b, full_points: 1, cite: up 1, quote: root:x:0:0, judged: {checklist: {c: 1}}}\n" +
			"      - {indicator: d, full_points: 0, cite: root 1, quote: root:x:0:0, judged: {checklist: {c: 0}}}\n" +
			"official_results:\n  - {title: t, file: ../../secret.txt, compare: []}\n  - {title: t, file: ../../../secret.txt, compare: []}\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	_, diags := Load(os.DirFS(filepath.Join(folder, "packs")), Options{Sources: os.DirFS(filepath.Join(folder, "sources"))})
	missing := 0
	for _, d := range diags {
		if d.Code == CodeMissingFile {
			missing++
		}
		if d.Code == CodeQuote {
			t.Errorf("a quote was looked up: %v", d)
		}
	}
	if missing < 4 {
		t.Errorf("%d files are missing, want 4 at least: %v", missing, diags)
	}
}

// What a pack prints must not drive the terminal.
func TestNamesCannotDriveTheTerminal(t *testing.T) {
	pack := hostileHead + "statistics:\n  \"x\\e[2Jy\": {unit: \"\\x1b]0;hi\\a\"}\n  \"a\\u202eb\": {unit: 件}\n\"k\\e[31m\": {}\n"
	files := fstest.MapFS{"p/\x1b[2J.yaml": {Data: []byte(pack)}}
	_, diags := Load(files, Options{})
	var out bytes.Buffer
	if err := WriteText(&out, diags, engine.English); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\a\u202e") {
		t.Errorf("%q", out.String())
	}
	if n := strings.Count(out.String(), "cannot be seen"); n != 4 {
		t.Errorf("%d hidden characters reported, want 4:\n%s", n, out.String())
	}
}

// Five hundred packs with something wrong in them: check says what, and test
// runs what is left.
func TestMutatedPacks(t *testing.T) {
	t.Parallel()
	var files [][2][]byte
	names, err := filepath.Glob("packs/*/*_test.yaml")
	if err != nil || len(names) < 4 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		var pair [2][]byte
		for i, n := range []string{strings.NewReplacer("_boundaries_test.yaml", ".yaml", "_test.yaml", ".yaml").Replace(name), name} {
			if pair[i], err = os.ReadFile(n); err != nil {
				t.Fatal(err)
			}
		}
		files = append(files, pair)
	}
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for i := range 500 {
		pair := files[i%len(files)]
		which := i / len(files) % 2
		pair[which] = mutate(random, pair[which])
		start := time.Now()
		var fsys fs.FS = fstest.MapFS{"p/a.yaml": {Data: pair[0]}, "p/a_test.yaml": {Data: pair[1]}}
		lib, diags := Load(fsys, Options{Sources: fsys})
		for _, d := range diags {
			checkDiagnostic(t, d)
		}
		if HasErrors(diags) {
			refused++
		}
		if i%10 == 0 {
			Test(lib, TestOptions{})
		}
		if took := time.Since(start); took > patience {
			t.Errorf("copy %d took %v", i, took)
		}
	}
	if refused < 250 {
		t.Errorf("only %d of 500 were refused", refused)
	}
}

// mutate changes a file in one of the ways in which people and programs do.
func mutate(random *rand.Rand, data []byte) []byte {
	lines := strings.Split(string(data), "\n")
	i := random.IntN(len(lines))
	r := []rune(lines[i])
	at := random.IntN(len(r) + 1)
	bits := []string{"：", "，", "“", "(", "]", "{", "\"", "'", "- ", "\t", "&a ", "*a", "%", "#", "\u3000", "１", "-", "1e9", "~", "!x ", "|", "\x00", "\xff"}
	switch random.IntN(8) {
	case 0:
		lines = append(lines[:i:i], lines[i+1:]...)
	case 1:
		lines = append(lines[:i+1:i+1], lines[i:]...)
	case 2:
		lines[i] = " " + lines[i]
	case 3:
		lines = lines[:i+1]
		lines[i] = string(r[:at])
	case 4:
		lines[i] = string(r[:at]) + string(r[min(at+1, len(r)):])
	case 5:
		j := random.IntN(len(lines))
		lines[i], lines[j] = lines[j], lines[i]
	default:
		lines[i] = string(r[:at]) + bits[random.IntN(len(bits))] + string(r[at:])
	}
	return []byte(strings.Join(lines, "\n"))
}
