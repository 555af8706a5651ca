package web

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/internal/desk"
	"kaoping/rules"
)

// workspaceWith serves the packs of a folder: two editions of the demonstration's
// pack, and packs with mistakes.
func workspaceWith(t *testing.T, files map[string]string) *Server {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	demo := demoWithAccounts(t)
	s, err := New(Options{Desk: &desk.Desk{DB: demo.Desk.DB, Packs: rules.Folder(dir), Location: time.UTC, Version: "test"}, Drafts: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPackWithMistakesCanBeFoundAndMended(t *testing.T) {
	text := shanghaiText(t)
	broken := swap(t, text, "formula: 车险投诉件数 / 车险保费收入", "formula: 车险投诉件数 / 车险保费")
	s := workspaceWith(t, map[string]string{shanghaiFile: broken, "no-yaml/x.yaml": "pack: no-yaml\nedition: 2025-01-01\n a: [\n", "nameless/y.yaml": "title: 没有名称\n"})
	library := mustGet(t, s, "/rules")
	for _, want := range []string{"■ 规则有错误", "/rules/" + shanghai + "/2022-10-01", "/rules/no-yaml/", "/rules/nameless/"} {
		if !strings.Contains(library, want) {
			t.Errorf("the library does not show %q", want)
		}
	}
	if only := mustGet(t, s, "/rules?tests="+testsMistake+"&q=no-yaml"); !strings.Contains(only, "/rules/no-yaml/") || strings.Contains(only, "/rules/nameless/") {
		t.Error("packs with mistakes cannot be searched for")
	}
	for _, pack := range []string{shanghai, "no-yaml", "nameless"} {
		page := mustGet(t, s, "/rules/"+pack)
		if !strings.Contains(page, "■ 错误") || !strings.Contains(page, `href="/help/`) {
			t.Errorf("%s: its page does not say what is wrong", pack)
		}
		mustGet(t, s, "/rules/"+pack+"?view=editions")
		if page := mustGet(t, s, "/rules/"+pack+"/edit"); !strings.Contains(page, "■ 错误") || !strings.Contains(page, "<textarea") {
			t.Errorf("%s: the editor does not say what is wrong", pack)
		}
	}
	w := ask(s, "POST", "/rules/"+shanghai+"/edit", url.Values{"edition": {"2022-10-01"}, "file": {shanghaiFile}, "text": {text}, "do": {"save"}})
	draft := get(t, s, w.Header().Get("Location")).Body.String()
	if !strings.Contains(draft, "0 处错误") || !strings.Contains(draft, "车险保费收入") {
		t.Errorf("the draft that mends it: %.300s", draft)
	}
}

func TestAnEditionIsComparedWithTheOneBefore(t *testing.T) {
	text := shanghaiText(t)
	later := swap(t, swap(t, text, "edition: 2022-10-01", "edition: 2025-10-01"), "  from: 2022-10-01\n  until: 2025-09-30 ", "  from: 2025-10-01\n  until: 2028-09-30 ")
	later = swap(t, later, "          no_points_at: 80%\n          between: straight line\n          assumption: A5", "          no_points_at: 85%\n          between: straight line\n          assumption: A5")
	s := workspaceWith(t, map[string]string{shanghaiFile: text, shanghai + "/2025-10-01.yaml": later})
	page := mustGet(t, s, "/rules/"+shanghai+"?view=editions")
	for _, want := range []string{"版本 2025-10-01 与上一版本 2022-10-01 相比", "85%", "可改变得分"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if page := mustGet(t, s, "/rules/"+shanghai+"/2022-10-01?view=editions"); strings.Contains(page, "与上一版本") {
		t.Error("the first edition is compared with another")
	}
}
