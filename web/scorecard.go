package web

import (
	"html/template"
	"net/url"
	"strings"

	"kaoping/engine"
	"kaoping/reports"
)

// scorecard is the page of one subject, laid out like the form that is signed.
func (q *request) scorecard() error {
	o, card, err := q.openCard()
	if err != nil {
		return err
	}
	p := q.resultPage(o, card.Name)
	p.Where.Subject = card.Subject
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: with(address("rank", o.Pack.Name, o.Stored.Period.String()), "run", o.pin(), "group", card.PeerGroup)}, link{Text: card.Name})
	p.Subtitle = strings.Join([]string{q.t("评分卡", "Scorecard"), p.Where.Title, o.Stored.Period.Title().In(q.lang), card.Subject, o.groupTitle(card.PeerGroup)}, " · ")
	data := struct {
		Card     *engine.Scorecard
		Refused  string
		Tiles    []tile
		Form     *table
		Findings *table
		Results  *table
		Notes    []string
		Strip    template.HTML
		More     []link
		Siblings []link
		Sign     string
	}{Card: card}
	if card.Status == engine.NotAssessed {
		data.Refused = card.Reason.In(q.lang)
		p.Data = data
		return q.render(p, "scorecard")
	}
	p.Actions = append(q.cardFiles(o, card), q.linkTo(o, "", card.Subject)...)
	data.Tiles = q.cardTiles(o, card)
	data.Form = p.add(q.cardForm(o, p, card))
	if t := q.ratingTable(o, card); len(t.Rows) > 0 {
		data.Results = p.add(t)
	}
	if t := q.findingsTable(o, card.Subject); len(t.Rows) > 0 {
		data.Findings = p.add(t)
	}
	for _, n := range card.Notes {
		data.Notes = append(data.Notes, n.In(q.lang))
	}
	for _, n := range o.Result.Notes {
		if q.limited() {
			break // they may be about others
		}
		data.Notes = append(data.Notes, n.In(q.lang))
	}
	if !q.limited() {
		data.Siblings = o.siblings(card)
	}
	data.More = []link{
		{Text: q.t("为什么变化,怎样提高", "Why it moved, what would raise it"), Href: o.path("why", card.Subject)},
		{Text: q.t("历期走势", "Trend"), Href: o.path("trend", card.Subject)},
	}
	if !q.limited() {
		data.More = append(data.More, link{Text: q.t("与他家对比", "Compare with others"), Href: o.comparePath(card)})
	}
	data.Sign = q.t("评分人:____________ 日期:__________    复核人:____________ 日期:__________    批准:____________ 日期:__________",
		"Scored by: ____________ Date: __________    Reviewed by: ____________ Date: __________    Approved by: ____________ Date: __________")
	p.Data = data
	return q.render(p, "scorecard")
}

// tile is one figure in large print.
type tile struct {
	Label, Value, More, Class string
	SVG                       template.HTML
}

func (q *request) cardTiles(o *opened, c *engine.Scorecard) []tile {
	places, moved := o.moved(c)
	rank := tile{Label: q.t("名次", "Rank"), Value: reports.RankText(c, q.lang)}
	if c.Rank > 0 {
		rank.More = q.tf("共 %d 家 · %s", "of %d · %s", c.Of, o.direction())
	}
	value := tile{Label: o.valueTitle(), Value: reports.RankValue(o.Pack, c, q.lang), SVG: spark(o.series(c.Subject, rankedBy))}
	if o.scores() {
		value.More = q.tf("满分 %s", "full points %s", o.Pack.Total.FullPoints.Shortest(2))
	}
	list := []tile{value, rank, {Label: q.t("较上期名次", "Against last period"), Value: places, Class: movedClass(moved), More: q.lastTime(o, c)}}
	if median := statistic("median", ranked(o.peers(c))); median != nil {
		gap := dash
		if c.RankBy != nil {
			gap = q.againstMedian(o, c, median).Text
		}
		list = append(list, tile{Label: q.t("同业中位", "Peer median"), Value: o.value(median), More: q.t("本机构与中位差 ", "this subject against it ") + gap})
	}
	if o.Pack.Ratings != nil {
		t := tile{Label: q.t("等级", "Rating"), Value: orDash(c.Rating)}
		if c.ComputedRating != c.Rating && c.ComputedRating != "" {
			t.More = q.tf("按分数为 %s", "by points %s", c.ComputedRating)
		}
		list = append(list, t)
	}
	return list
}

func (q *request) lastTime(o *opened, c *engine.Scorecard) string {
	old := o.before(c.Subject)
	if old == nil {
		return q.t("上期没有结果", "there is no result of last period")
	}
	return q.tf("上期 %s,第 %s 名", "last period %s, rank %s", reports.RankValue(o.Pack, old, q.lang), reports.RankText(old, q.lang))
}

// cardForm is the scoring form (评分表).
func (q *request) cardForm(o *opened, p *page, c *engine.Scorecard) *table {
	t := &table{ID: "form", Caption: q.t("评分表", "Scoring form"), Class: "form", Head: []string{c.Name + "(" + c.Subject + ")", p.Subtitle, p.Marks}, made: q.Desk.Clock(o.Stored.MadeAt)}
	t.Columns = []column{{Title: q.t("指标", "Item"), Key: true}}
	if o.scores() {
		t.Columns = append(t.Columns, column{Title: q.t("分值", "Full points"), Right: true})
	}
	t.Columns = append(t.Columns, column{Title: q.t("指标值", "Value"), Right: true}, column{Title: q.t("同业排名", "Metric rank"), Center: true})
	if o.scores() {
		t.Columns = append(t.Columns, column{Title: q.t("得分", "Points"), Right: true}, column{Title: q.t("上期得分", "Last period"), Right: true})
	} else {
		t.Columns = append(t.Columns, column{Title: q.t("上期指标值", "Last period"), Right: true})
	}
	t.Columns = append(t.Columns, column{Title: q.t("得分、扣分说明", "How, and why points are off"), Wide: true}, column{Title: q.t("依据", "Clause")})
	old := o.before(c.Subject)
	for i := range c.Lines {
		t.Rows = append(t.Rows, q.formRow(o, c, &c.Lines[i], old))
	}
	return t
}

func (q *request) formRow(o *opened, c *engine.Scorecard, l *engine.Line, old *engine.Scorecard) row {
	name := linked(lineName(l, q.lang), o.path("s", c.Subject, l.Item))
	name.Indent = min(c.Depth(l), deepest)
	r := row{ID: "item-" + l.Item, Cells: []cell{name}}
	switch l.Kind {
	case engine.TotalItem:
		r.Class = "total"
	case engine.SectionItem, engine.GroupItem:
		r.Class = "section"
	}
	before := dash
	if old != nil {
		if was, ok := old.Line(l.Item); ok {
			before = reports.PointsText(o.Pack, was, q.lang)
			if !o.scores() {
				before = reports.MetricText(o.Pack, was, q.lang)
			}
		}
	}
	if o.scores() {
		r.Cells = append(r.Cells, txt(reports.FullPointsText(o.Pack, l)))
	}
	metric := ""
	if isLeaf(l) {
		metric = reports.MetricText(o.Pack, l, q.lang)
		if l.Kind.OfCases() && l.Status == engine.Scored {
			metric = q.tf("%d 件", "cases: %d", l.Cases)
		}
	}
	place := ""
	if l.MetricRank > 0 {
		place = itoa(l.MetricRank)
	}
	r.Cells = append(r.Cells, txt(metric), txt(place))
	if o.scores() {
		points := cell{Text: reports.PointsText(o.Pack, l, q.lang), Class: "strong"}
		if l.Points != nil && l.Points.Sign() < 0 {
			points.Class = "strong neg"
		}
		r.Cells = append(r.Cells, points)
	}
	r.Cells = append(r.Cells, txt(before), q.reasonCell(l), txt(o.cite(l.Item)))
	return r
}

// reasonCell is the reason, marked where a line has no points.
func (q *request) reasonCell(l *engine.Line) cell {
	c := txt(l.Reason.In(q.lang))
	if l.Status != engine.Scored {
		c.Class = "warn"
		c.Text = reports.StatusText(l.Status, q.lang) + q.t(":", ": ") + c.Text
	}
	return c
}

// cite is the clause of an item, or of the metric in a pack without points.
func (o *opened) cite(item string) string {
	if it := findItem(o.Pack.Sections, item); it != nil {
		return it.Cite
	}
	for i := range o.Pack.Metrics {
		if o.Pack.Metrics[i].ID == item {
			return o.Pack.Metrics[i].Cite
		}
	}
	if o.Pack.Total != nil && item == "total" {
		return o.Pack.Total.Cite
	}
	return ""
}

func findItem(items []*engine.Item, id string) *engine.Item {
	for _, it := range items {
		if it.ID == id {
			return it
		}
		if found := findItem(it.Children, id); found != nil {
			return found
		}
	}
	return nil
}

// ratingTable says how the rating came about and what follows.
func (q *request) ratingTable(o *opened, c *engine.Scorecard) *table {
	t := &table{ID: "rating", Caption: q.t("等级与结果运用", "Rating and what follows"), Columns: []column{
		{Title: q.t("事项", "Matter"), Key: true}, {Title: q.t("结果", "Outcome")}, {Title: q.t("说明", "Reason")}, {Title: q.t("依据", "Clause")},
	}}
	if c.ComputedRating != "" || !c.RatingReason.IsZero() {
		t.Rows = append(t.Rows, row{Cells: []cell{txt(q.t("按分数评定", "By points")), txt(orDash(c.ComputedRating)), txt(c.RatingReason.In(q.lang)), {}}})
	}
	for _, s := range c.RatingSteps {
		t.Rows = append(t.Rows, row{Cells: []cell{txt(q.t("等级调整", "Change of rating")), txt(s.From + " → " + s.To), txt(s.Reason.In(q.lang)), txt(s.Cite)}})
	}
	for _, d := range c.Consequences {
		t.Rows = append(t.Rows, row{Cells: []cell{txt(q.t("结果运用", "Consequence")), txt(d.Name), txt(d.Measure), txt(d.Cite)}})
	}
	return t
}

// findingsTable lists what the rules about records found.
func (q *request) findingsTable(o *opened, subject string) *table {
	t := &table{ID: "findings", Caption: q.t("发现的问题与处罚", "Findings and penalties"), Columns: []column{
		{Title: q.t("规则", "Rule"), Key: true}, {Title: q.t("情况", "State")}, {Title: q.t("记录", "Records")}, {Title: q.t("截止", "Due")},
		{Title: q.t("金额(元)", "Amount (yuan)"), Right: true}, {Title: q.t("说明", "Reason")}, {Title: q.t("依据", "Clause")},
	}}
	for i := range o.Result.Findings {
		f := &o.Result.Findings[i]
		if f.Subject != subject {
			continue
		}
		amount := ""
		if f.Amount != nil {
			amount = f.Amount.Shortest(2)
		}
		records := cell{}
		for n, key := range f.Records {
			if n == 5 {
				records.Text = q.tf("等 %d 条", "%d in all", len(f.Records))
				break
			}
			records.More = append(records.More, link{Text: key, Href: o.path("case", f.Register, key)})
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(f.Name), {Text: q.stateText(f), Class: "warn"}, records, txt(f.Due), txt(amount), txt(f.Reason.In(q.lang)), txt(f.Cite),
		}})
	}
	return t
}

// stateText says in words what is the matter with a finding.
func (q *request) stateText(f *engine.Finding) string {
	switch {
	case f.State == engine.Late:
		return q.t("▲ 超时", "▲ late")
	case f.State == engine.Overdue:
		return q.t("■ 逾期未结", "■ overdue")
	case f.State == engine.TargetMissed:
		return q.t("▲ 未达目标", "▲ target missed")
	case f.State == engine.Unknown:
		return q.t("— 不能判断", "— unknown")
	case f.Kind == engine.RedFlagFinding:
		return q.t("■ 可疑", "■ red flag")
	case f.Kind == engine.CrossCheckFinding:
		return q.t("▲ 数据不符", "▲ figures disagree")
	case f.Kind == engine.SampleFinding:
		return q.t("▲ 抽查不足", "▲ too few checked")
	case f.Kind == engine.PenaltyFinding:
		return q.t("■ 处罚 ", "■ penalty ") + f.Measure
	case f.Kind == engine.GapFinding:
		return q.t("— 未报送", "— not delivered")
	}
	return string(f.Kind)
}

// cardFiles are the official files of a scorecard.
func (q *request) cardFiles(o *opened, c *engine.Scorecard) []link {
	return q.reportLinks(q.t("评分卡 XLSX", "Scorecard XLSX"), address("s", o.Pack.Name, o.Stored.Period.String(), c.Subject, "file"), "run", o.pin())
}

// siblings are the cards before and after this one in the ranking.
func (o *opened) siblings(c *engine.Scorecard) []link {
	var list []link
	cards := o.peers(c)
	for i, other := range cards {
		if other.Subject != c.Subject {
			continue
		}
		if i > 0 {
			list = append(list, link{Text: "‹ " + cards[i-1].Name, Href: o.path("s", cards[i-1].Subject)})
		}
		if i+1 < len(cards) {
			list = append(list, link{Text: cards[i+1].Name + " ›", Href: o.path("s", cards[i+1].Subject)})
		}
	}
	return list
}

// comparePath leads to a comparison with the next in the ranking.
func (o *opened) comparePath(c *engine.Scorecard) string {
	values := url.Values{"with": {c.Subject}}
	for _, other := range o.peers(c) {
		if other.Subject != c.Subject {
			values.Add("with", other.Subject)
			break
		}
	}
	if o.pinned {
		values.Set("run", o.Stored.ID)
	}
	return address("compare", o.Pack.Name, o.Stored.Period.String()) + "?" + values.Encode()
}

// scorecardFile writes the scorecard of package reports.
func (q *request) scorecardFile() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	return q.sendScorecard(o, q.r.PathValue("subject"))
}

// sendScorecard writes a scorecard in the format that the address names.
func (q *request) sendScorecard(o *opened, subject string) error {
	format := q.query("format")
	if contentTypes[format] == "" {
		return badRequest("format 是 xlsx、pdf、csv、json 或 html。", "format is xlsx, pdf, csv, json or html.")
	}
	var b strings.Builder
	if err := reports.WriteScorecard(&b, o.doc, subject, format); err != nil {
		return err
	}
	return q.sendReport(reports.ScorecardName(o.doc, subject, format), format, b.String())
}
