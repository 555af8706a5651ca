package web

import (
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/store"
)

// runList shows every run.
func (q *request) runList() error {
	all, err := q.Desk.DB.Runs(q.ctx(), q.query("pack"), engine.Period{})
	if err != nil {
		return err
	}
	p := q.newPage(q.t("运行", "Runs"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.tf("%d 次", "runs: %d", len(all))
	data := struct {
		Packs, Choice []option
		Table         *table
		Pages         []link
		Run           bool
	}{Run: q.may(RunAssessments)}
	likely := q.chosenPlace().Pack
	for _, name := range q.packNames() {
		data.Packs = append(data.Packs, option{name, q.packTitle(name), name == q.query("pack")})
		data.Choice = append(data.Choice, option{name, q.packTitle(name), name == likely})
	}
	t := &table{ID: "runs", Caption: q.t("全部运行", "All runs"), Columns: []column{
		{Title: q.t("运行", "Run"), Key: true}, {Title: q.t("办法", "Scheme")}, {Title: q.t("期间", "Period")}, {Title: q.t("版次", "Revision"), Right: true},
		{Title: q.t("规则版本", "Edition")}, {Title: q.t("状态", "Status")}, {Title: q.t("快照", "Snapshot")}, {Title: q.t("数据截止", "Data as of")}, {Title: q.t("计算时间", "Made")}, {Title: q.t("经手", "By")},
	}, Empty: q.t("还没有运行。", "There are no runs yet.")}
	for _, run := range slices.Backward(all) {
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(run.ID, address("runs", run.ID)), txt(q.packTitle(run.Pack)), linked(run.Period.Title().In(q.lang), with(address("rank", run.Pack, run.Period.String()), "run", run.ID)), txt(itoa(run.Revision)),
			txt(run.Edition.String() + "(" + short(run.Hash) + ")"), txt(q.statusWord(run.Status)), txt(run.Snapshot), txt(q.Desk.Instant(run.AsOf)), txt(q.Desk.Clock(run.MadeAt)), txt(run.By),
		}})
	}
	data.Table = p.add(t)
	if q.query("export") == "" {
		data.Pages = q.cutPages(t)
	}
	p.Data = data
	return q.render(p, "runs")
}

// oneRun is the page of a run: what it rests on, and what it changed.
func (q *request) oneRun() error {
	run, err := q.findRun(q.r.PathValue("run"))
	if err != nil {
		return err
	}
	result, err := q.Desk.Result(q.ctx(), run)
	if err != nil {
		return err
	}
	p := q.newPage(run.ID)
	p.Where = place{Pack: run.Pack, Title: q.packTitle(run.Pack), Period: run.Period}
	p.Crumbs = q.crumbs(link{Text: q.t("运行", "Runs"), Href: "/runs"}, link{Text: run.ID})
	p.Subtitle = strings.Join([]string{p.Where.Title, run.Period.Title().In(q.lang), q.tf("第 %d 版", "revision %d", run.Revision)}, " · ")
	p.Actions = []link{{Text: q.t("看排名", "Ranking"), Href: with(address("rank", run.Pack, run.Period.String()), "run", run.ID)}, {Text: q.t("下载", "Downloads"), Href: with(address("downloads", run.Pack, run.Period.String()), "run", run.ID)}}
	data := struct {
		Facts   []link
		Changes *table
		First   bool
		Notes   []string
	}{First: run.Revision == 1}
	data.Facts = []link{
		{Text: q.t("规则", "Rules"), Title: run.Pack + " " + run.Edition.String() + " · SHA-256 " + run.Hash, Href: address("rules", run.Pack, run.Edition.String())},
		{Text: q.t("状态", "Status"), Title: q.statusWord(run.Status)},
		{Text: q.t("数据截止", "Data as of"), Title: q.Desk.Instant(run.AsOf)},
		{Text: q.t("快照", "Snapshot"), Title: run.Snapshot},
		{Text: q.t("结果摘要", "Digest"), Title: run.Digest},
		{Text: q.t("计算", "Made"), Title: q.Desk.Clock(run.MadeAt) + " · " + run.By},
		{Text: q.t("参评", "Assessed"), Title: q.tf("%d 家,未参评 %d 家", "%d, not assessed %d", len(result.Scorecards), len(result.Excluded))},
	}
	for _, n := range result.Notes {
		data.Notes = append(data.Notes, n.In(q.lang))
	}
	if run.Revision > 1 {
		if data.Changes, err = q.runChanges(run, result); err != nil {
			return err
		}
		p.add(data.Changes)
	}
	p.Data = data
	return q.render(p, "run")
}

func (q *request) findRun(id string) (store.Run, error) {
	all, err := q.Desk.DB.Runs(q.ctx(), "", engine.Period{})
	if err != nil {
		return store.Run{}, err
	}
	i := slices.IndexFunc(all, func(r store.Run) bool { return r.ID == id })
	if i < 0 {
		return store.Run{}, engine.ErrNotFound
	}
	return all[i], nil
}

// runChanges lists who stands otherwise than in the revision before.
func (q *request) runChanges(run store.Run, result *engine.Result) (*table, error) {
	_, before, err := q.Desk.DB.FindRun(q.ctx(), run.Pack, run.Period, run.Revision-1)
	if err != nil {
		return nil, err
	}
	t := &table{ID: "changes", Caption: q.tf("与第 %d 版相比", "Against revision %d", run.Revision-1), Columns: []column{
		{Title: q.t("编码", "Code")}, {Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("原名次", "Rank before"), Center: true}, {Title: q.t("名次", "Rank"), Center: true},
		{Title: q.t("原值", "Before"), Right: true}, {Title: q.t("现值", "Now"), Right: true},
	}, Empty: q.t("各家的名次和数值都没有变化。", "Nobody's rank or value changed.")}
	for i := range result.Scorecards {
		c := &result.Scorecards[i]
		old := cardOf(before, c.Subject)
		if old != nil && old.Rank == c.Rank && sameValue(old, c) {
			continue
		}
		was := []string{dash, dash}
		if old != nil {
			was = []string{rankOrDash(old), valueOrDash(old)}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(c.Subject), linked(c.Name, with(address("s", run.Pack, run.Period.String(), c.Subject), "run", run.ID)), txt(was[0]), txt(rankOrDash(c)), txt(was[1]), txt(valueOrDash(c)),
		}})
	}
	return t, nil
}

func sameValue(a, b *engine.Scorecard) bool {
	if a.RankBy == nil || b.RankBy == nil {
		return a.RankBy == b.RankBy
	}
	return a.RankBy.Equal(*b.RankBy)
}

func rankOrDash(c *engine.Scorecard) string {
	if c.Rank == 0 {
		return dash
	}
	return itoa(c.Rank)
}

func valueOrDash(c *engine.Scorecard) string {
	if c.RankBy == nil {
		return dash
	}
	return c.RankBy.Shortest(4)
}

// score computes a period and stores the run.
func (q *request) score() error {
	name := q.r.FormValue("pack")
	period, err := engine.ParsePeriod(strings.TrimSpace(q.r.FormValue("period")))
	if err != nil {
		return badRequest("统计期间写成 2025H1、2025、2025Q2 或 2025-06。", "Write the period as 2025H1, 2025, 2025Q2 or 2025-06.")
	}
	at := time.Now()
	if s := q.r.FormValue("as_of"); s != "" {
		day, err := time.ParseInLocation(time.DateOnly, s, q.Desk.Location)
		if err != nil {
			return badRequest("数据截止日写成 2025-07-20。", "Write the cut-off day as 2025-07-20.")
		}
		at = day.AddDate(0, 0, 1).Add(-time.Microsecond) // a day counts to its end
	}
	library := q.Desk.Rules().Library
	pack, err := library.Pack(name, period)
	if err != nil {
		return err
	}
	run, _, err := assess.Score(q.ctx(), q.Desk.DB, pack, library.Files(pack), period, at, q.actor())
	if err != nil {
		return err
	}
	return q.redirect(address("runs", run.ID))
}
