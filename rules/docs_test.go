package rules

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kaoping/engine/formula"
)

const docs = "../docs"

func TestEveryCodeHasAPageAndEveryPageACode(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Codes() {
		known[c.Code] = true
		page := readDoc(t, filepath.Join(docs, "diagnostics", c.Code+".md"))
		for _, part := range []string{"# " + c.Code + "\n", "## 错误的写法", "## 正确的写法", "## 为什么", "## English", "**Summary.**", "**Why.**"} {
			if !strings.Contains(page, part) {
				t.Errorf("%s.md has no %q", c.Code, part)
			}
		}
	}
	pages, err := filepath.Glob(filepath.Join(docs, "diagnostics", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if code := strings.TrimSuffix(filepath.Base(p), ".md"); !known[code] {
			t.Errorf("%s explains a code that does not exist", p)
		}
	}
}

func TestTheLanguagePagesNameEveryKeyAndFunction(t *testing.T) {
	for _, name := range []string{"language.md", "language.zh-CN.md"} {
		page := readDoc(t, filepath.Join(docs, name))
		for _, k := range topKeys {
			if !strings.Contains(page, "`"+k.name+"`") && !strings.Contains(page, k.name+":") {
				t.Errorf("%s does not mention the key %s", name, k.name)
			}
		}
		for _, f := range formula.Functions() {
			for _, word := range []string{f.Name, f.Alias} {
				if word != "" && !strings.Contains(page, "`"+word+"(") {
					t.Errorf("%s does not mention the function %s", name, word)
				}
			}
		}
	}
}

// asked finds the keys that the loader and the test reader ask for.
var asked = regexp.MustCompile(`\.(?:get|need|word)\("([^"]+)"`)

func TestTheLanguagePagesNameEveryKeyTheLoaderAccepts(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, m := range asked.FindAllStringSubmatch(readDoc(t, name), -1) {
			keys[m[1]] = true
		}
	}
	if len(keys) < 90 {
		t.Fatalf("found only %d keys", len(keys))
	}
	for _, name := range []string{"language.md", "language.zh-CN.md"} {
		page := readDoc(t, filepath.Join(docs, name))
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			if word := regexp.MustCompile(`(^|[^\w])` + regexp.QuoteMeta(k) + `($|[^\w])`); !word.MatchString(page) {
				t.Errorf("%s does not mention the key %s", name, k)
			}
		}
	}
}

// yamlBlock finds the YAML examples of a page.
var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

func TestTheExamplesOfThePagesAreYAML(t *testing.T) {
	pages := []string{filepath.Join(docs, "language.md"), filepath.Join(docs, "language.zh-CN.md")}
	for _, c := range Codes() {
		pages = append(pages, filepath.Join(docs, "diagnostics", c.Code+".md"))
	}
	for _, name := range pages {
		_, page, cut := strings.Cut(readDoc(t, name), "## 正确的写法") // the one before it is wrong on purpose
		if !cut {
			page = readDoc(t, name)
		}
		for _, block := range yamlBlock.FindAllStringSubmatch(page, -1) {
			for _, part := range strings.Split(block[1], "# …\n") {
				var v yaml.Node
				if err := yaml.Unmarshal([]byte(part), &v); err != nil {
					t.Errorf("%s: %v in\n%s", name, err, part)
				}
			}
		}
	}
}

func readDoc(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
