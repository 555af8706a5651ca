package web

import (
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// linkDays are the lives of a public link that one can choose from, the usual one
// first.
var linkDays = []int{30, 7, 90, 365}

// links lists the public links and makes new ones.
func (q *request) links() error {
	list, err := q.Desk.DB.Links(q.ctx())
	if err != nil {
		return err
	}
	p := q.newPage(q.t("公开链接", "Public links"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.t("没有账号的人凭链接只读一个结果;可随时撤销", "whoever has the link reads one result, without an account; it can be revoked at any time")
	p.Data = q.linkData(p, list, "")
	return q.render(p, "links")
}

// linkPage is what the page of links shows.
type linkPage struct {
	Made      string // address of a link just made; it is shown once
	Run       string
	Chosen    []option
	Days      []option
	Table     *table
	CanRevoke []option
}

func (q *request) linkData(p *page, list []store.Link, made string) linkPage {
	data := linkPage{Made: made, Run: q.query("run")}
	for i, d := range linkDays {
		data.Days = append(data.Days, option{itoa(d), q.tf("%d 天", "%d days", d), i == 0})
	}
	if run, err := q.findRun(data.Run); err == nil {
		data.Chosen = q.linkable(run)
	}
	t := &table{ID: "links", Caption: q.t("链接", "Links"), Columns: []column{
		{Title: q.t("编号", "Link"), Key: true}, {Title: q.t("内容", "Shows"), Wide: true}, {Title: q.t("运行", "Run")}, {Title: q.t("生成", "Made")}, {Title: q.t("经手", "By")}, {Title: q.t("有效至", "Good until")}, {Title: q.t("状态", "State")},
	}, Empty: q.t("没有链接;在排名或评分卡页点“公开链接”生成。", "There are no links; rankings and scorecards have a button to make one.")}
	for _, l := range list {
		state := cell{Text: q.t("● 有效", "● good"), Class: "good"}
		switch {
		case !l.RevokedAt.IsZero():
			state = cell{Text: q.t("■ 已撤销", "■ revoked"), Sub: q.Desk.Clock(l.RevokedAt) + " " + l.RevokedBy, Class: "bad"}
		case !l.Good(time.Now()):
			state = cell{Text: q.t("— 已过期", "— expired"), Class: "muted"}
		default:
			data.CanRevoke = append(data.CanRevoke, option{Value: l.ID, Text: l.ID + " " + q.linkTitle(&l)})
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(l.ID), txt(q.linkTitle(&l)), linked(l.Run, address("runs", l.Run)), txt(q.Desk.Clock(l.MadeAt)), txt(l.MadeBy), txt(q.Desk.Clock(l.Expires)), state}})
	}
	data.Table = p.add(t)
	return data
}

// linkTitle says what a link shows.
func (q *request) linkTitle(l *store.Link) string {
	what := q.t("排名 ", "ranking ") + l.PeerGroup
	if l.Subject != "" {
		what = q.t("评分卡 ", "scorecard ") + l.Subject
	}
	return strings.Join([]string{q.packTitle(l.Pack), l.Period.Title().In(q.lang), strings.TrimSpace(what)}, " · ")
}

// linkable are the results of a run that a link can show.
func (q *request) linkable(run store.Run) []option {
	result, err := q.Desk.Result(q.ctx(), run)
	if err != nil {
		return nil
	}
	list := []option{{"", q.t("排名(全部)", "ranking (all)"), q.query("subject") == "" && q.query("group") == ""}}
	var groups []string
	for i := range result.Scorecards {
		if g := result.Scorecards[i].PeerGroup; !slices.Contains(groups, g) {
			groups = append(groups, g)
			list = append(list, option{"group:" + g, q.t("排名:", "ranking: ") + q.peerGroup(q.Desk.Rules().Newest(run.Pack), g), q.query("group") == g && g != ""})
		}
	}
	for i := range result.Scorecards {
		c := &result.Scorecards[i]
		list = append(list, option{"subject:" + c.Subject, q.t("评分卡:", "scorecard: ") + c.Name, q.query("subject") == c.Subject})
	}
	return list
}

// makeLink makes a public link and shows its address, once.
func (q *request) makeLink() error {
	run, err := q.findRun(q.r.FormValue("run"))
	if err != nil {
		return err
	}
	days, _ := formulaInt(q.r.FormValue("days"))
	if !slices.Contains(linkDays, days) {
		return badRequest("有效天数只能是列出的几种。", "Choose one of the listed numbers of days.")
	}
	l := store.Link{Run: run.ID, Pack: run.Pack, Period: run.Period, Expires: time.Now().AddDate(0, 0, days)}
	kind, value, _ := strings.Cut(q.r.FormValue("what"), ":")
	switch kind {
	case "group":
		l.PeerGroup = value
	case "subject":
		l.Subject = value
	}
	if known := q.linkable(run); !slices.ContainsFunc(known, func(o option) bool { return o.Value == q.r.FormValue("what") }) {
		return engine.ErrNotFound
	}
	_, token, err := q.Desk.DB.CreateLink(q.ctx(), l, q.actor())
	if err != nil {
		return err
	}
	list, err := q.Desk.DB.Links(q.ctx())
	if err != nil {
		return err
	}
	p := q.newPage(q.t("公开链接", "Public links"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Data = q.linkData(p, list, q.origin()+address("public", token))
	return q.render(p, "links")
}

// revokeLink makes a link useless.
func (q *request) revokeLink() error {
	if err := q.Desk.DB.RevokeLink(q.ctx(), q.r.FormValue("link"), q.actor()); err != nil {
		return err
	}
	return q.redirect("/links")
}

// followed opens the run that a link shows.
func (q *request) followed() (*opened, store.Link, error) {
	l, err := q.Desk.DB.FindLink(q.ctx(), q.r.PathValue("token"), time.Now())
	if err != nil {
		return nil, l, err
	}
	o, err := q.openRun(l.Pack, l.Period, l.Run)
	return o, l, err
}

// public shows what a link is for, without a way to anything else.
func (q *request) public() error {
	o, l, err := q.followed()
	if err != nil {
		return err
	}
	p := q.resultPage(o, q.t("排名", "Ranking"))
	p.Bare, p.Link = true, ""
	p.Watermark = q.tf("只读 · 有效至 %s · %s", "read only · good until %s · %s", q.Desk.Clock(l.Expires), l.ID)
	var t *table
	if l.Subject != "" {
		card := cardOf(o.Result, l.Subject)
		if card == nil {
			return engine.ErrNotFound
		}
		p.Title = card.Name
		t = q.cardForm(o, p, card)
	} else {
		cards := o.cards(l.PeerGroup)
		t = q.rankingTable(o, p, cards, cards, rankFilter{Group: l.PeerGroup})
	}
	unlink(t)
	p.Actions = q.reportLinks("XLSX", address("public", q.r.PathValue("token"), "file"))
	p.Data = struct{ Table *table }{p.add(t)}
	return q.render(p, "public")
}

// unlink takes the ways to other pages out of a table.
func unlink(t *table) {
	t.Next = link{}
	for i := range t.Columns {
		t.Columns[i].Sort, t.Columns[i].Sorted = "", ""
	}
	for i := range t.Rows {
		for j := range t.Rows[i].Cells {
			t.Rows[i].Cells[j].Href, t.Rows[i].Cells[j].More = "", nil
		}
	}
}

// publicFile sends the official file of what a link shows.
func (q *request) publicFile() error {
	o, l, err := q.followed()
	if err != nil {
		return err
	}
	if l.Subject != "" {
		return q.sendScorecard(o, l.Subject)
	}
	return q.sendRanking(o, l.PeerGroup)
}

// linkTo offers a public link to a result, to whoever may make one.
func (q *request) linkTo(o *opened, group, subject string) []link {
	if !q.may(ShareResults) {
		return nil
	}
	return []link{{Text: q.t("公开链接", "Public link"), Href: with("/links", "run", o.Stored.ID, "group", group, "subject", subject)}}
}
