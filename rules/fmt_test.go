package rules

import (
	"bytes"
	"io/fs"
	"math/rand"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
	"kaoping/rules/packs"
)

// shipped returns the rule and test files that ship with the program, by name.
func shipped(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := fs.WalkDir(packs.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		data, err := fs.ReadFile(packs.FS, name)
		out[name] = data
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFormatShipped formats every rule and test file that ships with the program
// twice: the second time there is nothing to do, and packs stay what they were.
func TestFormatShipped(t *testing.T) {
	for name, data := range shipped(t) {
		out, diags := Format(name, data)
		if HasErrors(diags) {
			t.Fatalf("%s: %v", name, diags)
		}
		if again, _ := Format(name, out); !bytes.Equal(again, out) {
			t.Errorf("%s: not done after the first time", name)
		}
		if !isTest(name) && !bytes.Equal(out, data) && !reflect.DeepEqual(loadOne(t, name, data), loadOne(t, name, out)) {
			t.Errorf("%s: becomes another pack", name)
		}
	}
}

func TestFormat(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"keys move with their comments", `
sections:

  - section: 甲
    # about the points
    full_points: 30     # aligned
    quote: (一)甲
    cite: 一            # clause

    # the id
    id: a

    indicators: []
`, `
sections:

  - section: 甲

    # the id
    id: a
    # about the points
    full_points: 30     # aligned
    cite: 一            # clause
    quote: (一)甲

    indicators: []
`},
		{"the dash goes to the first key", `
sections:
  - id: a   # one
    # a comment of the name
    section: 甲
  - {full_points: 2, id: b,   section: 乙}   # flow
`, `
sections:
  # a comment of the name
  - section: 甲
    id: a   # one
  - {section: 乙, id: b,   full_points: 2}   # flow
`},
		{"names and unknown keys stay", `
registers:
  乙:
    fields:
      丙: {"one of": ["甲, 乙", '丙''丁'], kind: text, id: c}   # kept
      甲: {id: d}
    wrong: 1
    date: 日期
    id: b
  甲: {}
`, `
registers:
  乙:
    id: b
    date: 日期
    fields:
      丙: {id: c, kind: text, "one of": ["甲, 乙", '丙''丁']}   # kept
      甲: {id: d}
    wrong: 1
  甲: {}
`},
		{"formulas with quotation marks in braces", `
statistics:
  甲: {where: 险种 == "车险" and 数 > 1, id: a, count: 案件}
`, `
statistics:
  甲: {id: a, count: 案件, where: 险种 == "车险" and 数 > 1}
`},
		{"texts over several lines", `
metrics:
  甲:
    quote: >-
      # not a comment

      两行
    cite: "一
  # no comment either"
    id: a
`, `
metrics:
  甲:
    id: a
    cite: "一
  # no comment either"
    quote: >-
      # not a comment

      两行
`},
		{"a text that keeps its blank lines is left alone", "metrics:\n  甲:\n    quote: |+\n      x\n\n\n    id: a\n", "metrics:\n  甲:\n    quote: |+\n      x\n\n\n    id: a\n"},
		{"comments between braces are left alone", "metrics:\n  甲: {cite: 一, # here\n    id: a}\n", "metrics:\n  甲: {cite: 一, # here\n    id: a}\n"},
		{"braces over two lines", "metrics:\n  甲: {cite: 一,\n    id: a}\n", "metrics:\n  甲: {id: a,\n    cite: 一}\n"},
		{"line ends of Windows, a mark and no last line end", "\ufeffmetrics:\r\n  甲:\r\n    cite: 一\r\n    id: a", "\ufeffmetrics:\r\n  甲:\r\n    id: a\r\n    cite: 一\r\n"},
		{"a comment at the end of an item stays there", "metrics:\n  甲:\n    cite: 一\n    id: a\n    # done\n\n  乙: {id: b}\n", "metrics:\n  甲:\n    id: a\n    cite: 一\n    # done\n\n  乙: {id: b}\n"},
		{"a comment of what is below a key moves with the key", `
sections:
  - section: 甲
    indicators:
      - indicator: 子
        # last in the list
    id: a
`, `
sections:
  - section: 甲
    id: a
    indicators:
      - indicator: 子
        # last in the list
`},
		{"a dash on a line of its own", "sections:\n  -\n    id: a\n    section: 甲\n", "sections:\n  -\n    section: 甲\n    id: a\n"},
		{"a key written twice", "metrics:\n  甲: {cite: 一, id: a, cite: 二}\n", "metrics:\n  甲: {id: a, cite: 一, cite: 二}\n"},
		{"a value that is missing", "metrics:\n  甲: {cite: , id: a}\n  乙:\n    cite:\n    id: b\n", "metrics:\n  甲: {cite: , id: a}\n  乙:\n    id: b\n    cite:\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, diags := Format("a.yaml", []byte(test.in))
			if HasErrors(diags) || string(out) != test.want {
				t.Errorf("got\n%s\nwant\n%s\n%v", out, test.want, diags)
			}
			if again, _ := Format("a.yaml", out); !bytes.Equal(again, out) {
				t.Errorf("a second time it is\n%s", again)
			}
		})
	}
}

func TestFormatRefuses(t *testing.T) {
	for _, in := range []string{"", "a: [1\n", "a: 1\n  b: 2\n", "a:\n\t b: 2\n", "pack： x\nedition: 1\n", "a: \xff", "- 1"} {
		out, diags := Format("a.yaml", []byte(in))
		if in != "- 1" && (out != nil || !HasErrors(diags)) {
			t.Errorf("%q: %q, %v", in, out, diags)
		}
	}
}

// TestFormatShuffled puts the keys of shipped packs into any order, with comments
// and blank lines between: the pack stays the same and no line is lost.
func TestFormatShuffled(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for name, data := range shipped(t) {
		if isTest(name) {
			continue
		}
		want := loadOne(t, name, data)
		ordered, _ := Format(name, data)
		for range 5 {
			mixed := shuffleKeys(random, string(data))
			out, diags := Format(name, []byte(mixed))
			if HasErrors(diags) {
				t.Fatalf("%s: %v\n%s", name, diags, mixed)
			}
			if got := loadOne(t, name, out); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: another pack comes out of\n%s", name, out)
			}
			if again, _ := Format(name, out); !bytes.Equal(again, out) {
				t.Fatalf("%s: not done after the first time:\n%s", name, out)
			}
			if !slices.Equal(sortedWords(mixed), sortedWords(string(out))) {
				t.Fatalf("%s: something was lost of\n%s", name, mixed)
			}
			if got := strings.Join(withoutMarks(string(out)), "\n"); got != strings.Join(withoutMarks(string(ordered)), "\n") {
				t.Fatalf("%s: the keys are not where they were:\n%s", name, got)
			}
		}
	}
}

var keyLine = regexp.MustCompile(`^( +)(- )?([a-z_ ]+): \S`)

// shuffleKeys changes the order of simple keys that stand below each other in one
// item and have a place of their own, and puts comments and blank lines between.
func shuffleKeys(random *rand.Rand, file string) string {
	lines := strings.Split(file, "\n")
	for i := 0; i < len(lines); i++ {
		j := i
		for j < len(lines) && sameItem(lines[i], lines[j], j == i) {
			j++
		}
		if j-i > 1 {
			shuffleRun(random, lines[i:j])
			i = j - 1
		}
	}
	return strings.Join(lines, "\n")
}

// sameItem reports whether a line holds a key of the item whose key is on the
// first line.
func sameItem(first, line string, isFirst bool) bool {
	a, b := keyLine.FindStringSubmatch(first), keyLine.FindStringSubmatch(line)
	if a == nil || b == nil || !isFirst && b[2] != "" || len(a[1]+a[2]) != len(b[1]+b[2]) {
		return false
	}
	return slices.Contains([]string{"section", "group", "indicator", "deduction", "id", "full_points", "at_most", "cite", "quote", "unit", "formula"}, b[3])
}

func shuffleRun(random *rand.Rand, lines []string) {
	m := keyLine.FindStringSubmatch(lines[0])
	indent, prefix := len(m[1]+m[2]), lines[0][:len(m[1]+m[2])]
	for i, line := range lines {
		lines[i] = line[indent:]
	}
	random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	blanks := strings.Repeat(" ", indent)
	for i, line := range lines {
		if i == 0 {
			lines[i] = prefix + line
			continue
		}
		between := []string{"", "\n", blanks + "# zz a note\n", "\n" + blanks + "# zz “: {\n"}[random.Intn(4)]
		lines[i] = between + blanks + line
	}
}

// withoutMarks returns the lines without blank ones and inserted comments.
func withoutMarks(file string) []string {
	return slices.DeleteFunc(strings.Split(file, "\n"), func(line string) bool {
		line = strings.TrimSpace(line)
		return line == "" || strings.HasPrefix(line, "# zz")
	})
}

// sortedWords returns what is on the lines, without dashes and indentation.
func sortedWords(file string) []string {
	lines := strings.Split(file, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeft(line, " -")
	}
	slices.Sort(lines)
	return lines
}

// loadOne loads one pack file and takes away what says where things stand in it.
func loadOne(t *testing.T, name string, data []byte) *engine.Pack {
	t.Helper()
	p, diags := loadBare(name, data)
	if p == nil {
		t.Fatalf("%s: %v\n%s", name, diags, data)
	}
	return p
}

// loadBare is nil if the file has errors.
func loadBare(name string, data []byte) (*engine.Pack, []Diagnostic) {
	p, diags := LoadFiles(map[string][]byte{name: data})
	if p == nil {
		return nil, diags
	}
	p.Hash = ""
	forgetLines(reflect.ValueOf(p).Elem(), map[uintptr]bool{})
	return p, diags
}

// forgetLines sets every Line of a Law to zero.
func forgetLines(v reflect.Value, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			forgetLines(v.Elem(), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			forgetLines(v.Index(i), seen)
		}
	case reflect.Struct:
		if law, ok := v.Addr().Interface().(*engine.Law); ok {
			law.Line = 0
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				forgetLines(v.Field(i), seen)
			}
		}
	}
}

// FuzzFormat feeds anything to Format: what comes out is the same pack, and is not
// changed again.
func FuzzFormat(f *testing.F) {
	for _, part := range strings.SplitAfter(seedPack, "\n") {
		f.Add([]byte(part))
	}
	f.Add([]byte("metrics:\n  甲: {cite: 'x', # c\n    id: a}\n"))
	f.Add([]byte("sections:\n  - id: a\n    # c\n    section: b\n  - - x\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		out, diags := Format("p/a.yaml", data)
		if out == nil {
			if !HasErrors(diags) {
				t.Error("refused without a reason")
			}
			return
		}
		again, diags := Format("p/a.yaml", out)
		if HasErrors(diags) || !bytes.Equal(again, out) {
			t.Errorf("%q becomes %q and then %q %v", data, out, again, diags)
		}
		before, _ := loadBare("p/a.yaml", data)
		after, _ := loadBare("p/a.yaml", out)
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%q is another pack than %q", out, data)
		}
	})
}

// TestFormatSameScores runs the tests of every shipped pack before and after its
// keys were mixed and put in order again: results are the same bytes.
func TestFormatSameScores(t *testing.T) {
	random := rand.New(rand.NewSource(2))
	files, formatted := fstest.MapFS{}, fstest.MapFS{}
	for name, data := range shipped(t) {
		files[name] = &fstest.MapFile{Data: data}
		out, diags := Format(name, []byte(shuffleKeys(random, string(data))))
		if HasErrors(diags) {
			t.Fatal(diags)
		}
		formatted[name] = &fstest.MapFile{Data: out}
	}
	want, got := canonicalResults(t, files), canonicalResults(t, formatted)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Error("the results differ")
	}
}

// canonicalResults evaluates every test of every pack.
func canonicalResults(t *testing.T, files fstest.MapFS) []string {
	t.Helper()
	lib, _ := Load(files, Options{})
	var out []string
	for _, p := range lib.Packs() {
		p.Hash = ""
		cases, _ := readTests(lib.editionOf(p))
		if len(cases) == 0 {
			t.Fatalf("%s has no tests", p.Name)
		}
		for _, c := range cases {
			ev, err := engine.Evaluate(c.pack, c.period, c.facts)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, string(ev.Result().Canonical()))
		}
	}
	return out
}
