package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

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

func readDoc(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
