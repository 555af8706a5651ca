package web

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/internal/desk"
	"kaoping/store"
)

//go:embed templates
var templateFiles embed.FS

// views are the pages' templates in one language.
type views struct{ byName map[string]*template.Template }

// newViews reads every template once. The words of a page stand in it in both
// languages: {{t "排名" "Ranking"}}.
func newViews(lang engine.Lang, asset func(string) string) (*views, error) {
	v := &views{byName: map[string]*template.Template{}}
	functions := template.FuncMap{
		"t":     func(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(lang) },
		"in":    func(t engine.Text) string { return t.In(lang) },
		"asset": asset,
		"dict":  dict,
		"add":   func(a, b int) int { return a + b },
	}
	shared, err := template.New("").Funcs(functions).ParseFS(templateFiles, "templates/shared/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates: %w", err)
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		own, err := shared.Clone()
		if err == nil {
			_, err = own.ParseFS(templateFiles, name)
		}
		if err != nil {
			return nil, fmt.Errorf("read the templates: %w", err)
		}
		v.byName[strings.TrimSuffix(path.Base(name), ".html")] = own
	}
	return v, nil
}

// dict makes a map for a template that is given several things.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs")
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i].(string)] = pairs[i+1]
	}
	return out, nil
}

// link is a place that a page leads to.
type link struct {
	Text, Href string
	Here       bool // the page is there already
	Download   bool
	Title      string
	ID         string
}

// menuGroup is a part of the menu.
type menuGroup struct {
	Title string
	Links []link
}

// option is a choice of a list.
type option struct {
	Value, Text string
	Chosen      bool
}

// place is what a page is about. Menu, choosers and breadcrumb follow it.
type place struct {
	Pack    string
	Title   string // of the scheme
	Period  engine.Period
	Subject string
	Run     string // id that the address is pinned to; empty: the newest
}

// page is everything that a template shows.
type page struct {
	Status    int
	Lang      string // of the page's words: zh-CN, en
	Title     string
	Subtitle  string
	Brand     string
	Crumbs    []link
	Menu      []menuGroup
	Packs     []option
	Periods   []option
	Query     string // what was searched for
	Where     place
	Who       string
	Unmask    string // where a reason to see personal data is sent; empty: not offered
	Unmasked  bool   // they are shown
	Account   bool   // there is a page about the reader's account
	Other     link   // the same page in the other language
	Link      string // the permanent address of what is shown; empty if the page is always current
	Banner    string
	Notice    string
	Marks     string // by which a printed page is traced
	Bare      bool   // without menu and search: a public page
	Watermark string // across a public page
	Help      bool   // there is a help page
	Kind      string // of page, kept when another period is chosen
	Printed   string // what paper says at the end: address, time, reader
	Keys      []key
	Actions   []link
	Style     string
	Scripts   []string
	Wide      bool
	Data      any
	tables    []*table
}

func (q *request) newPage(title string) *page {
	p := &page{
		Status: http.StatusOK, Lang: "zh-CN", Title: title, Brand: q.t("考评", "Kaoping"), Who: q.who.Name, Account: q.user != nil,
		Style: q.assets.address("style.css"), Scripts: []string{q.assets.address("app.js")},
	}
	p.Other = link{Text: "English", Href: q.here("lang", "en", "export", "", "table", "")}
	if q.lang == engine.English {
		p.Lang, p.Other = "en", link{Text: "中文", Href: q.here("lang", "zh", "export", "", "table", "")}
	}
	return p
}

// add gives a table to the page: it can be written to a file as it is shown.
func (p *page) add(t *table) *table {
	p.tables = append(p.tables, t)
	return t
}

// render writes the page, or one of its tables as a file if the address says so.
func (q *request) render(p *page, view string) error {
	if format := q.query("export"); format != "" && p.Status == http.StatusOK {
		return q.export(p, format)
	}
	if err := q.furnish(p); err != nil {
		return err
	}
	for _, t := range p.tables {
		t.Exports = q.exportsOf(t)
	}
	var b bytes.Buffer
	if err := q.views[q.lang].byName[view].ExecuteTemplate(&b, "layout", p); err != nil {
		return fmt.Errorf("page %s: %w", view, err)
	}
	q.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.w.Header().Set("Content-Language", p.Lang)
	q.w.WriteHeader(p.Status)
	_, err := q.w.Write(b.Bytes())
	return err
}

// furnish adds what stands around every page: menu and choosers.
func (q *request) furnish(p *page) error {
	if p.Bare || q.at.Needs == HoldLink || q.at.Needs == LogIn {
		p.Bare, p.Printed = true, q.printed(p)
		return nil
	}
	p.Help = true
	runs, err := q.runs(q.ctx())
	if err != nil {
		if p.Status != http.StatusOK {
			return nil // an error page can do without
		}
		return err
	}
	if q.limited() {
		p.Menu = []menuGroup{{Title: q.t("结果", "Results"), Links: []link{{Text: q.t("首页", "Home"), Href: "/", Here: q.r.URL.Path == "/"}}}}
		p.Keys, p.Printed = q.keys(), q.printed(p)
		return nil
	}
	at := p.Where
	if at.Pack == "" && len(runs) > 0 {
		first := favourite(runs)
		at = place{Pack: first.Pack, Period: first.Period}
	}
	seen := map[string]bool{}
	for _, run := range runs {
		if !seen[run.Pack] {
			seen[run.Pack] = true
			p.Packs = append(p.Packs, option{run.Pack, q.packTitle(run.Pack), run.Pack == at.Pack})
		}
		if run.Pack == at.Pack {
			p.Periods = append(p.Periods, option{run.Period.String(), run.Period.Title().In(q.lang), run.Period == at.Period})
		}
	}
	p.Menu = q.menu(at)
	p.Kind = q.kind()
	p.Keys = q.keys()
	p.Printed = q.printed(p)
	return nil
}

// runs lists the newest run of each scheme and period.
func (q *request) runs(ctx context.Context) ([]store.Run, error) {
	all, err := q.Desk.DB.Runs(ctx, "", engine.Period{})
	return desk.Latest(all), err
}

// favourite is the run that a reader who has chosen nothing most likely wants:
// the one made last.
func favourite(runs []store.Run) store.Run {
	return slices.MaxFunc(runs, func(a, b store.Run) int { return a.MadeAt.Compare(b.MadeAt) })
}

// packTitle is the title of a scheme in the reader's language.
func (q *request) packTitle(name string) string {
	if p := q.Desk.Rules().Newest(name); p != nil {
		return p.Title.In(q.lang)
	}
	return name
}

func (q *request) menu(at place) []menuGroup {
	path := q.r.URL.Path
	entry := func(zh, en, href string) link {
		first, _, _ := strings.Cut(strings.TrimPrefix(href, "/"), "/")
		own, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		return link{Text: q.t(zh, en), Href: href, Here: first == own}
	}
	period := at.Period.String()
	results := menuGroup{Title: q.t("结果", "Results"), Links: []link{entry("首页", "Home", "/")}}
	if at.Pack != "" {
		results.Links = append(results.Links,
			named("go-rank", entry("排名", "Ranking", address("rank", at.Pack, period))),
			named("go-card", entry("评分卡", "Scorecards", cardAddress(at))),
			entry("对比", "Comparison", address("compare", at.Pack, period)),
			entry("热力图", "Heat map", address("heat", at.Pack, period)),
			entry("走势", "Trends", address("trends", at.Pack, period)),
			entry("下载", "Downloads", address("downloads", at.Pack, period)),
		)
	}
	data := menuGroup{Title: q.t("数据", "Data"), Links: []link{
		entry("数据", "Data", "/data"), entry("到齐情况", "What has arrived", "/status"), entry("运行", "Runs", "/runs"), entry("机构", "Organisation", "/org"), entry("日历", "Calendar", "/calendar"), entry("定时任务", "Schedules", "/schedules"),
	}}
	if q.may(ReadOutbox) {
		data.Links = append(data.Links, entry("发件箱", "Outbox", "/outbox"))
	}
	if q.may(ShareResults) {
		data.Links = append(data.Links, entry("公开链接", "Public links", "/links"))
	}
	return append([]menuGroup{results, q.rulesMenu(entry), data}, q.adminMenu(entry)...)
}

// crumbs leads from the home page to this one.
func (q *request) crumbs(more ...link) []link {
	return append([]link{{Text: q.t("首页", "Home"), Href: "/"}}, more...)
}
