package web

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/internal/desk"
	"kaoping/reports"
)

// opened is a stored run with what a page shows beside it.
type opened struct {
	*desk.Run
	doc    *reports.Document
	lang   engine.Lang
	pinned bool // the address names the run
	newer  bool // there is a later revision
}

// open opens the run that the address names: pack and period, pinned by ?run=.
func (q *request) open() (*opened, error) {
	period, err := engine.ParsePeriod(q.r.PathValue("period"))
	if err != nil {
		return nil, notFound("地址中的统计期间写法有误,应为 2025H1、2025、2025Q2 或 2025-06。", "The period in the address should read 2025H1, 2025, 2025Q2 or 2025-06.")
	}
	return q.openRun(q.r.PathValue("pack"), period, q.query("run"))
}

// openCard opens the run that the address names and finds the scorecard of its
// subject, those left out included.
func (q *request) openCard() (*opened, *engine.Scorecard, error) {
	o, err := q.open()
	if err != nil {
		return nil, nil, err
	}
	card, ok := o.Card(q.r.PathValue("subject"))
	if !ok {
		return nil, nil, engine.ErrNotFound
	}
	return o, card, nil
}

func (q *request) openRun(pack string, period engine.Period, id string) (*opened, error) {
	run, err := q.Desk.Open(q.ctx(), pack, period, id)
	if err != nil {
		return nil, err
	}
	doc, err := q.Desk.Document(q.ctx(), run, q.lang)
	if err != nil {
		return nil, err
	}
	newest, err := q.Desk.FindRun(q.ctx(), pack, period, "")
	if err != nil {
		return nil, err
	}
	return &opened{Run: run, doc: doc, lang: q.lang, pinned: id != "", newer: newest.ID != run.Stored.ID}, nil
}

// resultPage begins a page about a run.
func (q *request) resultPage(o *opened, title string) *page {
	p := q.newPage(title)
	p.Where = place{Pack: o.Pack.Name, Title: o.Pack.Title.In(q.lang), Period: o.Stored.Period}
	if o.pinned {
		p.Where.Run = o.Stored.ID
	}
	p.Banner = o.banner()
	p.Marks = o.marks(q)
	if o.newer {
		p.Notice = q.tf("这是较早的运行 %s(第 %d 版);此后有更正的结果。", "This is an earlier run, %s (revision %d); a corrected result was stored since.", o.Stored.ID, o.Stored.Revision)
	}
	for _, text := range o.doc.OutOfDate {
		p.Notice += text.In(q.lang) + " "
	}
	p.Link = q.here("run", o.Stored.ID, "lang", "", "export", "", "table", "")
	p.Subtitle = strings.Join([]string{
		p.Where.Title, o.Stored.Period.Title().In(q.lang),
		q.t("数据截止 ", "data as of ") + q.Desk.Instant(o.Stored.AsOf),
	}, " · ")
	return p
}

// banner warns while the method is not settled.
func (o *opened) banner() string {
	t := func(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(o.lang) }
	open := 0
	for _, a := range o.Pack.Assumptions {
		if a.State != "settled" {
			open++
		}
	}
	switch {
	case open > 0:
		return fmt.Sprintf(t("草案:评分办法含 %d 项待确认的假设,结果仅供内部核对,不得作为正式结果使用。", "Draft: the method contains %d assumptions that are not confirmed; for internal checking only, not an official result."), open)
	case o.Result.Status == "draft":
		return t("草案:评分办法尚未批准,不得作为正式结果使用。", "Draft: the method is not approved; not an official result.")
	case o.Result.Status == "trial":
		return t("试行:评分办法在试行期内。", "Trial: the method is on trial.")
	}
	return ""
}

// marks is the line by which a printed page is traced and verified.
func (o *opened) marks(q *request) string {
	return strings.Join([]string{
		q.t("规则 ", "rules ") + o.Pack.Name + " " + o.Result.Edition.String() + "(" + short(o.Result.Hash) + ")",
		q.t("数据截止 ", "data as of ") + q.Desk.Instant(o.Stored.AsOf),
		q.t("快照 ", "snapshot ") + o.Stored.Snapshot,
		q.t("运行 ", "run ") + o.Stored.ID,
		q.tf("第 %d 版", "revision %d", o.Stored.Revision),
		q.t("校验码 ", "check code ") + reports.CheckCode(o.doc),
		q.t("生成 ", "made ") + q.Desk.Clock(o.Stored.MadeAt),
	}, " · ")
}

func short(hash string) string { return hash[:min(8, len(hash))] }

// path is the address of something about this run; a pinned page leads to pinned
// pages.
func (o *opened) path(kind string, more ...string) string {
	parts := append([]string{kind, o.Pack.Name, o.Stored.Period.String()}, more...)
	return with(address(parts...), "run", o.pin())
}

func (o *opened) pin() string {
	if o.pinned {
		return o.Stored.ID
	}
	return ""
}

// scores reports whether the pack gives points; otherwise it only ranks.
func (o *opened) scores() bool { return o.Pack.Total != nil }

// peers are the cards that one is compared with.
func (o *opened) peers(c *engine.Scorecard) []*engine.Scorecard {
	if o.Pack.Ranking.AllAssessed {
		return o.cards("")
	}
	return o.cards(c.PeerGroup)
}

// cards are those of a peer group, or all for "".
func (o *opened) cards(group string) []*engine.Scorecard {
	var list []*engine.Scorecard
	for i := range o.Result.Scorecards {
		if c := &o.Result.Scorecards[i]; group == "" || c.PeerGroup == group {
			list = append(list, c)
		}
	}
	return list
}

func (o *opened) groupTitle(id string) string {
	for _, g := range o.Pack.PeerGroups {
		if g.ID == id && !g.Title.IsZero() {
			return g.Title.In(o.lang)
		}
	}
	return id
}

// rounding is how points are shown.
func (o *opened) rounding() engine.Rounding {
	if o.Pack.Rounding.RoundPoints {
		return o.Pack.Rounding.Points
	}
	return engine.Rounding{Decimals: 2}
}

// value writes a value of the kind that is ranked by, without its unit.
func (o *opened) value(n *exact.Num) string {
	if n == nil {
		return dash
	}
	c := engine.Scorecard{RankBy: n, Status: engine.Scored}
	if o.scores() {
		c.Total = n
	}
	s := reports.RankValue(o.Pack, &c, o.lang)
	if first, _, ok := strings.Cut(s, " "); ok && !o.scores() {
		return first
	}
	return s
}

// unit is that of the value ranked by; empty for points.
func (o *opened) unit() string {
	if o.scores() {
		return ""
	}
	zero := exact.Int(0)
	s := reports.RankValue(o.Pack, &engine.Scorecard{RankBy: &zero, Status: engine.Scored}, o.lang)
	_, unit, _ := strings.Cut(s, " ")
	return unit
}

// valueTitle is what the ranking is by.
func (o *opened) valueTitle() string {
	if o.scores() {
		return engine.Text{ZH: "总分", EN: "Total"}.In(o.lang)
	}
	return o.Pack.Ranking.By.Name
}

// direction says what stands first.
func (o *opened) direction() string {
	by := o.Pack.Ranking.By
	switch {
	case o.scores() && by.ID == "total":
		return engine.Text{ZH: "第1名=得分最高", EN: "1 = highest score"}.In(o.lang)
	case by.Ascending:
		return fmt.Sprintf(engine.Text{ZH: "第1名=%s最低", EN: "1 = lowest %s"}.In(o.lang), by.Name)
	}
	return fmt.Sprintf(engine.Text{ZH: "第1名=%s最高", EN: "1 = highest %s"}.In(o.lang), by.Name)
}

// signed writes a difference of points with its sign.
func (o *opened) signed(n exact.Num) string {
	r := o.rounding()
	s := n.Decimal(r.Decimals, r.Mode)
	if n.Round(r.Decimals, r.Mode).Sign() > 0 {
		return "+" + s
	}
	return s
}

// before finds a subject's card of 上期.
func (o *opened) before(subject string) *engine.Scorecard {
	return cardOf(o.doc.Previous, subject)
}

func cardOf(r *engine.Result, subject string) *engine.Scorecard {
	if r == nil {
		return nil
	}
	i := slices.IndexFunc(r.Scorecards, func(c engine.Scorecard) bool { return c.Subject == subject })
	if i < 0 {
		return nil
	}
	return &r.Scorecards[i]
}

// moved says how a rank moved against 上期 and by how many places; up is positive.
func (o *opened) moved(c *engine.Scorecard) (string, int) {
	if o.doc.Previous == nil || c.Rank == 0 {
		return dash, 0
	}
	old := o.before(c.Subject)
	if old == nil || old.Rank == 0 {
		return engine.Text{ZH: "新", EN: "new"}.In(o.lang), 0
	}
	places := old.Rank - c.Rank
	switch {
	case places > 0:
		return fmt.Sprintf("▲%d", places), places
	case places < 0:
		return fmt.Sprintf("▼%d", -places), places
	}
	return engine.Text{ZH: "持平", EN: "same"}.In(o.lang), 0
}

func movedClass(places int) string {
	switch {
	case places > 0:
		return "good"
	case places < 0:
		return "bad"
	}
	return "muted"
}

// dash stands for a value that is not there.
const dash = "—"

// ranked lists the values ranked by of those that have a rank.
func ranked(cards []*engine.Scorecard) []exact.Num {
	var list []exact.Num
	for _, c := range cards {
		if c.Rank > 0 && c.RankBy != nil {
			list = append(list, *c.RankBy)
		}
	}
	return list
}

func statistic(name string, list []exact.Num) *exact.Num {
	if v, ok := formula.Statistic(name, list, exact.Num{}); ok && len(list) > 0 {
		return &v
	}
	return nil
}

// timeline lists the results of a trend, oldest first, this one last.
func (o *opened) timeline() []*engine.Result {
	var list []*engine.Result
	for _, r := range o.doc.History {
		if r.Period != o.Result.Period {
			list = append(list, r)
		}
	}
	return append(list, o.Result)
}

// series is what pick finds on a subject's cards over the periods of the trend.
func (o *opened) series(subject string, pick func(*engine.Scorecard) *exact.Num) []*exact.Num {
	var list []*exact.Num
	for _, r := range o.timeline() {
		var v *exact.Num
		if c := cardOf(r, subject); c != nil {
			v = pick(c)
		}
		list = append(list, v)
	}
	return list
}

func rankedBy(c *engine.Scorecard) *exact.Num {
	if c.Rank == 0 {
		return nil
	}
	return c.RankBy
}

func pointsOf(item string) func(*engine.Scorecard) *exact.Num {
	return func(c *engine.Scorecard) *exact.Num {
		if l, ok := c.Line(item); ok {
			return l.Points
		}
		return nil
	}
}

// lineName is the name of a line; that of the total is ours to translate.
func lineName(l *engine.Line, lang engine.Lang) string {
	if l.Kind == engine.TotalItem {
		return engine.Text{ZH: "总分", EN: "Total"}.In(lang)
	}
	return l.Name
}

// sections lists the lines of a kind that occur on the cards, in the order of the
// pack.
func linesOf(cards []*engine.Scorecard, want func(*engine.Line) bool) []*engine.Line {
	var list []*engine.Line
	seen := map[string]bool{}
	for _, c := range cards {
		for i := range c.Lines {
			if l := &c.Lines[i]; !seen[l.Item] && want(l) {
				seen[l.Item] = true
				list = append(list, l)
			}
		}
	}
	return list
}

func isSection(l *engine.Line) bool { return l.Kind == engine.SectionItem }

// isLeaf reports whether points begin at a line; the others are sums.
func isLeaf(l *engine.Line) bool {
	switch l.Kind {
	case engine.TotalItem, engine.SectionItem, engine.GroupItem:
		return false
	}
	return true
}
