package rules

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"kaoping/rules/packs"
)

// editionFiles reads the files of a folder of shipped packs.
func editionFiles(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(packs.FS, path.Join(folder, "*.yaml"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v %v", folder, names, err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		if out[name], err = fs.ReadFile(packs.FS, name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func TestIndexPointsAtWhatIsWritten(t *testing.T) {
	folders, err := fs.ReadDir(packs.FS, ".")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() || folder.Name() == "calendars" {
			continue
		}
		files := editionFiles(t, folder.Name())
		x := IndexFiles(files)
		if len(x.Broken) > 0 {
			t.Errorf("%s: %v cannot be read", folder.Name(), x.Broken)
		}
		mentioned := map[int]int{}
		for _, m := range x.Mentions {
			line := []rune(strings.Split(string(files[m.At.File]), "\n")[m.At.Line-1])
			if got := string(line[m.At.Column-1 : m.At.Column-1+m.At.Width]); got != m.Text {
				t.Errorf("%+v points at %q", m, got)
			}
			for _, of := range m.Of {
				if !m.Declares {
					mentioned[of]++
				}
			}
		}
		for i, d := range x.Declarations {
			if slices.Contains([]string{spaceMetrics, spaceRegisters, spaceAssumptions, spaceStatistics}, d.Space) && mentioned[i] == 0 && !linked(x, i) {
				t.Logf("%s: %s %s is used nowhere", folder.Name(), d.Space, d.Name)
			}
		}
	}
}

func linked(x *Index, i int) bool {
	return slices.ContainsFunc(x.Mentions, func(m Mention) bool {
		return slices.Contains(m.Of, i) && m.At != x.Declarations[i].At && m.Text == x.Declarations[i].Name
	})
}

func TestIndexFindsNamesEverywhere(t *testing.T) {
	x := IndexFiles(editionFiles(t, "cn-shanghai-complaint-handling"))
	count := func(space, name string) (n int) {
		for _, m := range x.Mentions {
			if d := x.Declarations[m.Of[0]]; d.Space == space && d.Name == name {
				n++
			}
		}
		return n
	}
	for _, tt := range []struct {
		space, name string
		least       int
	}{
		{spaceRegisters, "投诉案件", 3}, {spaceFields, "转办日期", 2}, {spaceAssumptions, "A4", 2}, {spaceSources, "细则", 20}, {spaceGroups, "property", 3},
	} {
		if n := count(tt.space, tt.name); n < tt.least {
			t.Errorf("%s %s is mentioned %d times, want %d at least", tt.space, tt.name, n, tt.least)
		}
	}
}

func TestSuggestion(t *testing.T) {
	for _, tt := range []struct {
		hint, message, code string
		want                string
	}{
		{"did you mean premium?", "", CodeUnknownName, "premium"},
		{"did you mean 保费收入 (statistics, line 12)?", "", CodeUnknownName, "保费收入"},
		{"did you mean 期末日 (built in)?", "", CodeUnknownName, "期末日"},
		{"write 10", "", CodeTrap, "10"},
		{"write 10", "", CodeWrongType, ""},
		{fullWidthHint(":").EN, "this colon is ：, YAML needs :", CodeFullWidth, ": "},
		{fullWidthHint(",").EN, "this comma is ，, YAML needs ,", CodeFullWidth, ", "},
		{"allowed: a, b", "", CodeUnknownKey, ""},
	} {
		if got := (Diagnostic{Code: tt.code, Width: 1, Hint: text("", tt.hint), Message: text("", tt.message)}).Suggestion(); got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.code, tt.hint, got, tt.want)
		}
	}
}
