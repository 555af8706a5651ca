package help

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kaoping"
	"kaoping/engine"
)

var (
	linkTo = regexp.MustCompile(`href="([^"]*)"`)
	idOf   = regexp.MustCompile(` id="([^"]*)"`)
)

// TestEveryLinkLeadsSomewhere renders every page in every language it has and
// follows its links: to pages that are there and to anchors that are on them.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	l, err := Read(kaoping.Help)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Pages) < 45 {
		t.Fatalf("only %d pages", len(l.Pages))
	}
	for i := range l.Pages {
		p := &l.Pages[i]
		for _, lang := range p.Langs {
			page, err := p.HTML(lang)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(page), " style=") || strings.Contains(string(page), "<script") || strings.Contains(string(page), "<h1") {
				t.Errorf("%s %s holds a style, a script or a title of its own", p.Name, lang)
			}
			if p.Summary(lang) == "" {
				t.Errorf("%s %s has no first paragraph", p.Name, lang)
			}
			for _, m := range linkTo.FindAllStringSubmatch(string(page), -1) {
				l.follow(t, p, lang, m[1])
			}
		}
	}
}

func (l *Library) follow(t *testing.T, p *Page, lang engine.Lang, href string) {
	t.Helper()
	u, err := url.Parse(strings.ReplaceAll(href, "&amp;", "&"))
	if err != nil {
		t.Errorf("%s: %v", p.Name, err)
		return
	}
	to := p
	switch {
	case strings.HasPrefix(u.Path, "/rules/"):
		return
	case strings.HasPrefix(u.Path, "/help/"):
		to = l.Find(strings.TrimPrefix(u.Path, "/help/"))
	case u.Path != "":
		t.Errorf("%s %s: a link to %s", p.Name, lang, href)
		return
	}
	if to == nil {
		t.Errorf("%s %s: no page for %s", p.Name, lang, href)
		return
	}
	if u.Fragment == "" {
		return
	}
	page, err := to.HTML(lang)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range idOf.FindAllStringSubmatch(string(page), -1) {
		if m[1] == u.Fragment {
			return
		}
	}
	t.Errorf("%s %s: %s has no %s", p.Name, lang, to.Name, u.Fragment)
}

func TestSearchFindsPagesAndLines(t *testing.T) {
	l, err := Read(kaoping.Help)
	if err != nil {
		t.Fatal(err)
	}
	first := l.Search("unknown-name", engine.Chinese)
	if len(first) == 0 || first[0].Page.Name != "unknown-name" || !strings.Contains(first[0].Text, "没有定义") {
		t.Errorf("unknown-name: %+v", first)
	}
	found := l.Search("median", engine.English)
	if len(found) == 0 {
		t.Error("nothing about the median")
	}
	for _, h := range found {
		page, err := h.Page.HTML(engine.English)
		if err != nil {
			t.Fatal(err)
		}
		if h.Anchor != "" && !strings.Contains(string(page), ` id="`+h.Anchor+`"`) {
			t.Errorf("%s has no anchor %s", h.Page.Name, h.Anchor)
		}
	}
	if got := l.Search("zzzz-nothing", engine.English); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestHTMLInATextIsLeftOut(t *testing.T) {
	p := &Page{Name: "x", Langs: []engine.Lang{engine.English}, text: map[engine.Lang]string{engine.English: "a <script>b</script> [c](javascript:d) <table>\n\n```\n<table>\n```\n"}}
	page, err := p.HTML(engine.English)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"<script", "javascript:", "<table"} {
		if strings.Contains(string(page), bad) {
			t.Errorf("%s in %s", bad, page)
		}
	}
}

func TestImagesAreFoundByNameOnly(t *testing.T) {
	l, err := Read(kaoping.Help)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := l.Image("officer-preview-zh.png"); err != nil || len(data) == 0 {
		t.Error(err)
	}
	for _, bad := range []string{"../language.md", "language.md", "nothing.png", "x/officer-preview-zh.png"} {
		if _, err := l.Image(bad); err == nil {
			t.Errorf("%s is an image", bad)
		}
	}
}
