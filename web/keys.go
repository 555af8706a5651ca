package web

import (
	"slices"
	"strings"
	"time"

	"kaoping/engine"
)

// key is a shortcut as the list behind ? shows it.
type key struct {
	Press []string
	Does  string
}

// keys lists the shortcuts. assets/app.js does what they say.
func (q *request) keys() []key {
	return []key{
		{[]string{"?"}, q.t("看这张表", "this list")},
		{[]string{"/"}, q.t("查找", "search")},
		{[]string{"g", "r"}, q.t("排名", "ranking")},
		{[]string{"g", "s"}, q.t("评分卡", "scorecard")},
		{[]string{"g", "w"}, q.t("首页:待办与数据", "home: what to do, and the data")},
		{[]string{"j", "k"}, q.t("下一行、上一行", "next row, row before")},
		{[]string{"Enter"}, q.t("打开这一行", "open the row")},
		{[]string{"e"}, q.t("解释这一行的得分", "explain the row's points")},
		{[]string{"x"}, q.t("到导出", "go to the exports")},
		{[]string{"[", "]"}, q.t("上一期、下一期", "period before, next period")},
		{[]string{"Esc"}, q.t("关闭", "close")},
	}
}

// named gives a link of the menu an id, for the keys.
func named(id string, l link) link {
	l.ID = id
	return l
}

// cardAddress leads to the scorecard of the subject that a page is about, else to
// the first of the ranking.
func cardAddress(at place) string {
	if at.Subject != "" {
		return with(address("s", at.Pack, at.Period.String(), at.Subject), "run", at.Run)
	}
	return with(address("s", at.Pack, at.Period.String()), "run", at.Run)
}

// firstCard leads to the first scorecard of the ranking.
func (q *request) firstCard() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	cards := o.cards("")
	if len(cards) == 0 {
		return engine.ErrNotFound
	}
	return q.redirect(o.path("s", cards[0].Subject))
}

// periodKinds are the pages that exist for every period of a scheme, and
// subjectKinds those that exist for every subject of it.
var (
	periodKinds  = []string{"rank", "compare", "heat", "trends"}
	subjectKinds = []string{"s", "why", "trend"}
)

// kind is the kind of this page, where another period has a page of the same kind.
func (q *request) kind() string {
	first, _, _ := strings.Cut(strings.TrimPrefix(q.r.URL.Path, "/"), "/")
	if slices.Contains(periodKinds, first) || slices.Contains(subjectKinds, first) {
		return first
	}
	return ""
}

// printed is what stands at the end of a printed page: where it is found again,
// when it was printed and by whom.
func (q *request) printed(p *page) string {
	where := p.Link
	if where == "" {
		where = q.here("lang", "", "export", "", "table", "")
	}
	parts := []string{q.origin() + where, q.t("打印 ", "printed ") + q.Desk.Clock(time.Now())}
	if p.Who != "" {
		parts = append(parts, p.Who)
	}
	return strings.Join(parts, " · ")
}

// origin is the address of the program as the reader reached it.
func (q *request) origin() string {
	if q.r.TLS != nil {
		return "https://" + q.r.Host
	}
	return "http://" + q.r.Host
}
