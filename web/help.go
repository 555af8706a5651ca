package web

import (
	"html/template"

	"kaoping/engine"
	"kaoping/internal/help"
)

// helpRoutes are the pages of the documentation.
func helpRoutes() []route {
	return []route{
		onGet("/help", ReadRules, "帮助", "help", (*request).helpIndex),
		onGet("/help/{page}", ReadRules, "帮助页", "a page of the documentation", (*request).helpPage),
		onGet("/help/images/{name}", ReadRules, "帮助页的图片", "a picture of the documentation", (*request).helpImage),
	}
}

// helpEntry is a page of the list.
type helpEntry struct {
	Title, Summary, Href string
	Lang                 string // of the words, if it is not the page's
}

// helpIndex lists the documentation, or what was searched for in it.
func (q *request) helpIndex() error {
	p := q.newPage(q.t("帮助", "Help"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	data := struct {
		Words                       string
		Hits                        []helpHit
		Guides, Reference, Messages []helpEntry
		Keys                        []key
		Searched                    bool
	}{Words: q.query("q"), Keys: q.keys()}
	if data.Words != "" {
		data.Searched = true
		for _, h := range q.help.Search(data.Words, q.lang) {
			data.Hits = append(data.Hits, q.helpHit(h))
		}
		p.Subtitle = q.tf("“%s”:%d 处", "“%s”: %d places", data.Words, len(data.Hits))
	}
	for i := range q.help.Pages {
		own := &q.help.Pages[i]
		e := q.helpEntry(own)
		switch own.Kind {
		case help.Guide:
			data.Guides = append(data.Guides, e)
		case help.Reference:
			data.Reference = append(data.Reference, e)
		case help.Message:
			data.Messages = append(data.Messages, e)
		}
	}
	p.Data = data
	return q.render(p, "help")
}

func (q *request) helpEntry(p *help.Page) helpEntry {
	return helpEntry{Title: p.Title.In(q.lang), Summary: p.Summary(q.lang), Href: address("help", p.Name), Lang: q.otherLang(p)}
}

// otherLang is the language of a page that the reader cannot have in her own.
func (q *request) otherLang(p *help.Page) string {
	switch own := p.In(q.lang); {
	case own == q.lang:
		return ""
	case own == engine.English:
		return "en"
	}
	return "zh-CN"
}

type helpHit struct {
	Page, Heading, Text, Href string
}

func (q *request) helpHit(h help.Hit) helpHit {
	href := address("help", h.Page.Name)
	if h.Anchor != "" {
		href += "#" + h.Anchor
	}
	return helpHit{h.Page.Title.In(q.lang), h.Heading, h.Text, href}
}

// helpPage shows a page of the documentation.
func (q *request) helpPage() error {
	own := q.help.Find(q.r.PathValue("page"))
	if own == nil {
		return notFound("帮助中没有这一页。", "There is no such page in the help.")
	}
	body, err := own.HTML(q.lang)
	if err != nil {
		return err
	}
	p := q.newPage(own.Title.In(q.lang))
	p.Crumbs = q.crumbs(link{Text: q.t("帮助", "Help"), Href: "/help"}, link{Text: p.Title})
	data := struct {
		Body template.HTML
		Lang string
	}{body, q.otherLang(own)}
	if data.Lang != "" {
		p.Notice = q.t("这一页只有英文。", "There is this page in Chinese only.")
	}
	p.Data = data
	return q.render(p, "helppage")
}

// helpImage sends a picture of the documentation.
func (q *request) helpImage() error {
	data, err := q.help.Image(q.r.PathValue("name"))
	if err != nil {
		return err
	}
	q.w.Header().Set("Content-Type", "image/png")
	q.w.Header().Set("Cache-Control", "private, max-age=3600")
	_, err = q.w.Write(data)
	return err
}
