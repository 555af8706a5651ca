package web

import (
	"slices"

	"kaoping/engine"
	"kaoping/internal/desk"
	"kaoping/store"
)

// schemeCard is one scheme on the home page.
type schemeCard struct {
	Title, Regulator, Status string
	Latest                   string
	Href, Rules              string
	Facts                    []string
	Trend                    []link
	Top                      []cell
}

// home is the page that everybody begins with: schemes, last results, freshness
// of the data, and what to do next.
func (q *request) home() error {
	if q.limited() {
		return q.ownHome()
	}
	p := q.newPage(q.t("首页", "Home"))
	runs, err := q.runs(q.ctx())
	if err != nil {
		return err
	}
	batches, err := q.Desk.DB.Batches(q.ctx(), "")
	if err != nil {
		return err
	}
	var data struct {
		Next    []link
		Schemes []schemeCard
		Recent  *table
		Fresh   *table
		Guide   []link
	}
	byPack := map[string][]store.Run{}
	var order []string
	for _, run := range runs {
		if byPack[run.Pack] == nil {
			order = append(order, run.Pack)
		}
		byPack[run.Pack] = append(byPack[run.Pack], run)
	}
	for _, name := range order {
		card, err := q.schemeCard(name, byPack[name])
		if err != nil {
			return err
		}
		data.Schemes = append(data.Schemes, card)
	}
	data.Recent = p.add(q.recentRuns(runs))
	data.Fresh = p.add(q.freshness(batches))
	data.Guide = q.guide(runs)
	p.Subtitle = q.tf("%d 个考评办法有结果 · %d 次运行 · %d 批数据", "schemes with results: %d · runs: %d · batches of data: %d", len(order), len(runs), len(batches))
	p.Data = data
	return q.render(p, "home")
}

// guide is the first four steps from a ranking to a case.
func (q *request) guide(runs []store.Run) []link {
	if len(runs) == 0 {
		return nil
	}
	latest := favourite(runs)
	o, err := q.openRun(latest.Pack, latest.Period, "")
	if err != nil || len(o.Result.Scorecards) == 0 {
		return nil
	}
	card := &o.Result.Scorecards[0]
	steps := []link{
		{Text: q.t("看排名", "see the ranking"), Href: o.path("rank")},
		{Text: q.t("点开 ", "open ") + card.Name, Href: o.path("s", card.Subject)},
	}
	return append(steps, q.guideToCase(o, card)...)
}

// guideToCase leads to a line that lost points and to the cases behind it; without
// such a line to the first that has a value.
func (q *request) guideToCase(o *opened, card *engine.Scorecard) []link {
	var steps []link
	for i := range card.Lines {
		l := &card.Lines[i]
		if !isLeaf(l) || l.Metric == nil {
			continue
		}
		how := link{Text: q.t("看“", "see how “") + l.Name + q.t("”怎么算", "” came about"), Href: o.path("s", card.Subject, l.Item)}
		if steps == nil {
			steps = []link{how}
		}
		e, err := o.Explain(card.Subject, l.Item)
		if err != nil || l.Points == nil || l.Points.Cmp(l.FullPoints) >= 0 {
			continue
		}
		for _, f := range e.Figures {
			if f.Period == o.Stored.Period && f.Count > 0 && counted(o.Pack, f.Name) {
				return []link{how, {Text: q.tf("逐条看“%s”的 %d 条记录", "see the records behind “%s”: %d", f.Name, f.Count), Href: o.path("cases", card.Subject, f.Name, f.Period.String())}}
			}
		}
	}
	return steps
}

func (q *request) schemeCard(name string, runs []store.Run) (schemeCard, error) {
	latest := runs[0]
	result, err := q.Desk.Result(q.ctx(), latest)
	if err != nil {
		return schemeCard{}, err
	}
	c := schemeCard{
		Title: q.packTitle(name), Href: address("rank", name, latest.Period.String()),
		Latest: latest.Period.Title().In(q.lang), Status: q.statusWord(latest.Status),
	}
	if pack := q.Desk.Rules().Newest(name); pack != nil {
		c.Regulator, c.Rules = pack.Regulator, address("rules", name)
	}
	held := 0
	for i := range result.Scorecards {
		if result.Scorecards[i].Status != engine.Scored {
			held++
		}
	}
	c.Facts = append(c.Facts, q.tf("参评 %d,未参评 %d,未出分 %d", "%d assessed, %d not assessed, %d without a score", len(result.Scorecards), len(result.Excluded), held))
	for i, run := range runs {
		if i == 6 {
			break
		}
		c.Trend = append(c.Trend, link{Text: run.Period.String(), Href: address("rank", name, run.Period.String())})
	}
	return c, nil
}

// statusWord is the status of a pack in words.
func (q *request) statusWord(status string) string {
	switch status {
	case "draft":
		return q.t("草案", "draft")
	case "trial":
		return q.t("试行", "trial")
	case "in force":
		return q.t("施行", "in force")
	}
	return status
}

// shownRecent is how many runs and sources the home page lists.
const shownRecent = 8

func (q *request) recentRuns(runs []store.Run) *table {
	t := &table{ID: "runs", Caption: q.t("最近的结果", "Latest results"), Columns: []column{
		{Title: q.t("办法", "Scheme"), Key: true}, {Title: q.t("期间", "Period")}, {Title: q.t("数据截止", "Data as of")},
		{Title: q.t("运行", "Run")}, {Title: q.t("版次", "Revision"), Right: true},
	}, Empty: q.t("还没有结果。", "There are no results yet.")}
	sorted := append([]store.Run{}, runs...)
	sortRuns(sorted)
	for i, run := range sorted {
		if i == shownRecent {
			break
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(q.packTitle(run.Pack), address("rank", run.Pack, run.Period.String())), txt(run.Period.Title().In(q.lang)),
			txt(q.Desk.Instant(run.AsOf)), txt(run.ID), txt(itoa(run.Revision)),
		}})
	}
	return t
}

// freshness says when each kind of data came last.
func (q *request) freshness(batches []store.BatchInfo) *table {
	t := &table{ID: "fresh", Caption: q.t("数据新鲜度", "How fresh the data are"), Columns: []column{
		{Title: q.t("数据", "Data"), Key: true}, {Title: q.t("办法", "Scheme")}, {Title: q.t("最近导入", "Last load")},
		{Title: q.t("行数", "Rows"), Right: true}, {Title: q.t("状态", "State")},
	}, Empty: q.t("还没有导入数据。", "No data were loaded yet.")}
	type key struct{ pack, target string }
	last := map[key]store.BatchInfo{}
	var order []key
	for _, b := range batches {
		k := key{b.Pack, b.Target}
		if _, seen := last[k]; !seen {
			order = append(order, k)
		}
		if !b.Undone {
			last[k] = b
		}
	}
	for _, k := range order {
		b, live := last[k]
		state, class := q.t("● 有效", "● live"), "good"
		if !live {
			state, class = q.t("■ 已撤销", "■ undone"), "bad"
		} else if b.Refused > 0 {
			state, class = q.tf("▲ %d 行未入库", "▲ %d rows refused", b.Refused), "warn"
		}
		when := dash
		if live {
			when = q.Desk.Clock(b.At)
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(q.targetName(k.pack, k.target)), txt(q.packTitle(k.pack)), txt(when), txt(itoa(b.Rows)), {Text: state, Class: class}}})
	}
	return t
}

// targetName is the name of a feed or register.
func (q *request) targetName(pack, target string) string {
	switch target {
	case "subjects":
		return q.t("机构名录", "roster")
	case "judgements":
		return q.t("定性评分", "judgements")
	}
	if p := q.Desk.Rules().Newest(pack); p != nil {
		for _, f := range p.Feeds {
			if f.ID == target {
				return f.Name
			}
		}
		for _, r := range p.Registers {
			if r.ID == target {
				return r.Name
			}
		}
	}
	return target
}

// choose leads from the choosers in the header to what was chosen: a page of the
// same kind, the ranking if there is none. A period that the scheme has no result
// for becomes its latest.
func (q *request) choose() error {
	all, err := q.Desk.DB.Runs(q.ctx(), q.query("pack"), engine.Period{})
	if err != nil {
		return err
	}
	runs := desk.Latest(all)
	if len(runs) == 0 || q.query("pack") == "" {
		return notFound("这个考评办法还没有结果。", "This scheme has no result yet.")
	}
	chosen := runs[0]
	for _, run := range runs {
		if run.Period.String() == q.query("period") {
			chosen = run
		}
	}
	return q.redirect(q.chosenPage(chosen))
}

func (q *request) chosenPage(run store.Run) string {
	kind, subject, period := q.query("kind"), q.query("subject"), run.Period.String()
	if slices.Contains(periodKinds, kind) {
		return address(kind, run.Pack, period)
	}
	if slices.Contains(subjectKinds, kind) && subject != "" {
		if result, err := q.Desk.Result(q.ctx(), run); err == nil && cardOf(result, subject) != nil {
			return address(kind, run.Pack, period, subject)
		}
	}
	return address("rank", run.Pack, period)
}
