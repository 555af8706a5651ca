package web

import (
	"strings"
	"testing"
)

func TestHelpIsReadInBothLanguages(t *testing.T) {
	s := demoServer(t)
	for at, want := range map[string][]string{
		"/help":                       {"指南:合规岗", "unknown-name", "规则语言"},
		"/help?lang=en":               {"Messages of check", "is not defined"},
		"/help?q=unknown-name":        {"找到", "/help/unknown-name"},
		"/help?q=median&lang=en":      {"Found", "#"},
		"/help?q=zzzz":                {"帮助中没有这些词"},
		"/help/unknown-name":          {"错误的写法", "车险保费收入"},
		"/help/unknown-name?lang=en":  {"First example: avoid", "declared names only"},
		"/help/guide-officer":         {"/help/images/officer-preview-zh.png"},
		"/help/guide-officer?lang=en": {"/help/images/officer-preview-en.png"},
		"/help/benchmarks":            {"这一页只有英文", `lang="en"`},
		"/help/schemes":               {"/rules/cn-shanghai-complaint-handling/2022-10-01?line="},
	} {
		page := mustGet(t, s, at)
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("%s does not say %q", at, words)
			}
		}
	}
	if w := get(t, s, "/help/images/officer-preview-zh.png"); w.Code != 200 || w.Header().Get("Content-Type") != "image/png" {
		t.Errorf("a picture: %d", w.Code)
	}
	for _, at := range []string{"/help/nothing", "/help/images/x.png", "/help/images/..%2flanguage.md"} {
		if w := get(t, s, at); w.Code != 404 {
			t.Errorf("%s: %d", at, w.Code)
		}
	}
}

// Every message of check has a page that its place in a list leads to.
func TestEveryMessageHasItsPage(t *testing.T) {
	s := demoServer(t)
	page := mustGet(t, s, "/rules/"+shanghai+"?view=text")
	if !strings.Contains(page, `href="/help/`) {
		t.Error("what check says does not lead to help")
	}
}
