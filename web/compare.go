package web

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/reports"
)

// maxCompared is how many subjects stand beside each other.
const maxCompared = 4

// comparePage puts two to four subjects beside each other, line by line.
func (q *request) comparePage() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	p := q.resultPage(o, q.t("对比", "Comparison"))
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: q.t("对比", "Comparison")})
	chosen := q.compared(o)
	data := struct {
		Choices [][]option
		Pinned  string
		Table   *table
		Apart   *table
	}{Pinned: o.pin()}
	for i := range maxCompared {
		var list []option
		for _, c := range o.cards("") {
			list = append(list, option{c.Subject, c.Name, i < len(chosen) && chosen[i].Subject == c.Subject})
		}
		data.Choices = append(data.Choices, list)
	}
	if len(chosen) > 0 {
		data.Table = p.add(q.comparison(o, p, chosen))
	}
	if len(chosen) == 2 {
		if t := q.changeTable(o, chosen[0], chosen[1], chosen[0].Name, chosen[1].Name); t != nil {
			t.ID, t.Caption = "apart", q.tf("%s 比 %s 的差距从何而来", "Where the gap between %s and %s comes from", chosen[1].Name, chosen[0].Name)
			data.Apart = p.add(t)
		}
	}
	p.Data = data
	return q.render(p, "compare")
}

// compared finds the subjects that the address names; the first two of the ranking
// if it names none.
func (q *request) compared(o *opened) []*engine.Scorecard {
	var list []*engine.Scorecard
	for _, code := range q.r.URL.Query()["with"] {
		if c := cardOf(o.Result, code); c != nil && len(list) < maxCompared && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	if list == nil {
		cards := o.cards("")
		list = cards[:min(2, len(cards))]
	}
	return list
}

// comparison has a row for each line and a column for each subject; behind the
// second and later ones the difference from the first.
func (q *request) comparison(o *opened, p *page, cards []*engine.Scorecard) *table {
	t := &table{ID: "comparison", Caption: q.t("逐项对比", "Line by line"), Head: []string{p.Subtitle, p.Marks}, made: q.Desk.Clock(o.Stored.MadeAt)}
	t.Columns = []column{{Title: q.t("指标", "Item"), Key: true}, {Title: q.t("分值", "Full points"), Right: true}}
	for i, c := range cards {
		t.Columns = append(t.Columns, column{Title: c.Name, Right: true})
		if i > 0 {
			t.Columns = append(t.Columns, column{Title: q.t("差", "Difference"), Right: true})
		}
	}
	rank := row{Cells: []cell{txt(q.t("名次", "Rank")), {}}}
	for i, c := range cards {
		rank.Cells = append(rank.Cells, linked(reports.RankText(c, q.lang), o.path("s", c.Subject)))
		if i > 0 {
			rank.Cells = append(rank.Cells, cell{})
		}
	}
	t.Rows = append(t.Rows, rank)
	for _, l := range linesOf(cards, func(*engine.Line) bool { return true }) {
		t.Rows = append(t.Rows, q.comparedRow(o, cards, l))
	}
	return t
}

func (q *request) comparedRow(o *opened, cards []*engine.Scorecard, l *engine.Line) row {
	name := txt(lineName(l, q.lang))
	name.Indent = min(cards[0].Depth(l), deepest)
	r := row{Cells: []cell{name, txt(dash)}}
	switch l.Kind {
	case engine.TotalItem:
		r.Class = "total"
	case engine.SectionItem, engine.GroupItem:
		r.Class = "section"
	}
	if !l.FullPoints.IsZero() {
		r.Cells[1] = txt(reports.FullPointsText(o.Pack, l))
	}
	var first *exact.Num
	for i, c := range cards {
		own, ok := c.Line(l.Item)
		if !ok {
			r.Cells = append(r.Cells, txt(dash))
			if i > 0 {
				r.Cells = append(r.Cells, txt(dash))
			}
			continue
		}
		value, shown := own.Points, cell{Text: reports.PointsText(o.Pack, own, q.lang), Href: o.path("s", c.Subject, l.Item)}
		if !o.scores() {
			value, shown.Text = own.Metric, reports.MetricText(o.Pack, own, q.lang)
		} else if own.Metric != nil {
			shown.Sub = reports.MetricText(o.Pack, own, q.lang)
		}
		r.Cells = append(r.Cells, shown)
		if i == 0 {
			first = value
			continue
		}
		r.Cells = append(r.Cells, q.difference(o, l.Item, first, value))
	}
	return r
}

func (q *request) difference(o *opened, item string, a, b *exact.Num) cell {
	if a == nil || b == nil {
		return txt(dash)
	}
	d := b.Sub(*a)
	c := cell{Text: o.signed(d)}
	if !o.scores() {
		c.Text = o.metricText(item, d)
		return c
	}
	switch d.Sign() {
	case 1:
		c.Class = "good"
	case -1:
		c.Class = "bad"
	}
	return c
}

// heat is the table of everybody and every item, shaded by quartile.
func (q *request) heat() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	f := q.rankFilter(o)
	p := q.resultPage(o, q.t("热力图", "Heat map"))
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: q.t("热力图", "Heat map")})
	data := struct {
		Groups []link
		Table  *table
	}{}
	for _, g := range o.Groups() {
		data.Groups = append(data.Groups, link{Text: o.groupTitle(g.ID), Href: q.here("group", g.ID), Here: g.ID == f.Group})
	}
	data.Table = p.add(q.heatTable(o, p, o.cards(f.Group)))
	p.Data = data
	return q.render(p, "heat")
}

func (q *request) heatTable(o *opened, p *page, cards []*engine.Scorecard) *table {
	t := &table{ID: "heat", Class: "heat", Caption: q.t("各机构各指标得分", "Points of everybody in every item"), Head: []string{p.Subtitle, p.Marks}, Empty: q.t("没有参评机构。", "Nobody was assessed.")}
	lines := linesOf(cards, func(l *engine.Line) bool {
		return l.Kind == engine.IndicatorItem || l.Kind.OfCases() || !o.scores() && l.Kind == engine.MetricItem
	})
	t.Columns = []column{{Title: q.t("名次", "Rank"), Center: true}, {Title: q.t("机构", "Subject"), Key: true}}
	for _, l := range lines {
		unit := ""
		if o.scores() && !l.FullPoints.IsZero() {
			unit = q.tf("满分 %s", "of %s", l.FullPoints.Shortest(2))
		}
		t.Columns = append(t.Columns, column{Title: l.Name, Unit: unit, Right: true})
	}
	quartiles := make([]func(exact.Num) int, len(lines))
	for i, l := range lines {
		quartiles[i] = q.quartilesOf(o, cards, l)
	}
	for _, c := range cards {
		r := row{Cells: []cell{txt(reports.RankText(c, q.lang)), linked(c.Name, o.path("s", c.Subject))}}
		for i, l := range lines {
			r.Cells = append(r.Cells, q.heatCell(o, c, l, quartiles[i]))
		}
		t.Rows = append(t.Rows, r)
	}
	if o.scores() {
		t.Notes = []string{q.t("按得分占满分的比例着色,得分相同则同色;扣分项以不扣分为最好。数字才是结果,颜色只帮助阅读。", "Shaded by the share of the full points; equal points have equal shades; of a deduction none is best. The figures are the result, the shades only help to read them.")}
	}
	return t
}

// quartilesOf says in which quarter a value lies, 1 the best: by the share of the
// full points, of deductions between the worst and none. Without points there is
// no better or worse.
func (q *request) quartilesOf(o *opened, cards []*engine.Scorecard, l *engine.Line) func(exact.Num) int {
	low, high := exact.Int(0), l.FullPoints
	if l.Kind.OfCases() {
		for _, c := range cards {
			if own, ok := c.Line(l.Item); ok && own.Points != nil {
				low, high = exact.Min(low, *own.Points), exact.Max(high, *own.Points)
			}
		}
	}
	return func(v exact.Num) int {
		if !o.scores() {
			return 0
		}
		if low.Equal(high) {
			return 1
		}
		share := v.Sub(low).Quo(high.Sub(low)).Mul(exact.Int(4))
		for quarter := 1; quarter < 4; quarter++ {
			if share.Cmp(exact.Int(int64(4-quarter))) >= 0 {
				return quarter
			}
		}
		return 4
	}
}

func (q *request) heatCell(o *opened, c *engine.Scorecard, l *engine.Line, quarter func(exact.Num) int) cell {
	own, ok := c.Line(l.Item)
	if !ok {
		return cell{Text: dash, Class: "q0"}
	}
	if !o.scores() {
		return linked(reports.MetricText(o.Pack, own, q.lang), o.path("s", c.Subject, l.Item))
	}
	out := linked(reports.PointsText(o.Pack, own, q.lang), o.path("s", c.Subject, l.Item))
	out.Class = "q0"
	if own.Points != nil {
		share := *own.Points
		if !l.Kind.OfCases() && !own.FullPoints.IsZero() && !l.FullPoints.IsZero() {
			share = share.Mul(l.FullPoints).Quo(own.FullPoints) // left-out points raise what can be earned
		}
		out.Class = fmt.Sprintf("q%d", quarter(share))
	}
	return out
}

// trend is the history of one subject.
func (q *request) trend() error {
	o, card, err := q.openCard()
	if err != nil {
		return err
	}
	p := q.resultPage(o, q.tf("%s的历期走势", "%s over the periods", card.Name))
	p.Where.Subject = card.Subject
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: card.Name, Href: o.path("s", card.Subject)}, link{Text: q.t("走势", "Trend")})
	data := struct {
		Value, Rank     template.HTML
		ValueTitle      string
		Table           *table
		Median, Subject string
	}{ValueTitle: o.valueTitle(), Subject: card.Name}
	data.Value = q.trendChart(o, []trendLine{{card.Name, o.series(card.Subject, rankedBy)}, {q.t("同业中位", "peer median"), o.medians(card)}}, false)
	data.Rank = q.trendChart(o, []trendLine{{card.Name, o.series(card.Subject, rankOf)}}, true)
	data.Table = p.add(q.trendTable(o, p, card))
	p.Data = data
	return q.render(p, "trend")
}

func rankOf(c *engine.Scorecard) *exact.Num {
	if c.Rank == 0 {
		return nil
	}
	n := exact.Int(int64(c.Rank))
	return &n
}

// medians are those of the subject's peers in each period of the trend.
func (o *opened) medians(card *engine.Scorecard) []*exact.Num {
	var list []*exact.Num
	for _, r := range o.timeline() {
		var values []exact.Num
		for i := range r.Scorecards {
			c := &r.Scorecards[i]
			if (o.Pack.Ranking.AllAssessed || c.PeerGroup == card.PeerGroup) && c.Rank > 0 && c.RankBy != nil {
				values = append(values, *c.RankBy)
			}
		}
		list = append(list, statistic("median", values))
	}
	return list
}

func (q *request) trendTable(o *opened, p *page, card *engine.Scorecard) *table {
	t := &table{ID: "trend", Caption: q.t("历期得分", "Points over the periods"), Head: []string{card.Name, p.Subtitle, p.Marks}}
	if !o.scores() {
		t.Caption = q.t("历期指标值", "Values over the periods")
	}
	periods := o.timeline()
	t.Columns = []column{{Title: q.t("指标", "Item"), Key: true}}
	var cards []*engine.Scorecard
	for _, r := range periods {
		t.Columns = append(t.Columns, column{Title: r.Period.String(), Right: true})
		cards = append(cards, cardOf(r, card.Subject))
	}
	t.Columns = append(t.Columns, column{Title: q.t("走势", "Trend"), Skip: true})
	first := row{Cells: []cell{txt(q.t("名次", "Rank"))}}
	for i, c := range cards {
		words := cell{Text: dash}
		if c != nil {
			words = linked(reports.RankText(c, q.lang)+" / "+itoa(c.Of), address("s", o.Pack.Name, periods[i].Period.String(), card.Subject))
		}
		first.Cells = append(first.Cells, words)
	}
	first.Cells = append(first.Cells, cell{})
	t.Rows = append(t.Rows, first)
	for i := range card.Lines {
		l := &card.Lines[i]
		r := row{Cells: []cell{{Text: lineName(l, q.lang), Indent: min(card.Depth(l), deepest)}}}
		switch l.Kind {
		case engine.TotalItem:
			r.Class = "total"
		case engine.SectionItem, engine.GroupItem:
			r.Class = "section"
		}
		for n, c := range cards {
			words := txt(dash)
			if c != nil {
				if own, ok := c.Line(l.Item); ok {
					words = linked(reports.PointsText(o.Pack, own, q.lang), address("s", o.Pack.Name, periods[n].Period.String(), card.Subject, l.Item))
					if !o.scores() {
						words.Text = reports.MetricText(o.Pack, own, q.lang)
					}
				}
			}
			r.Cells = append(r.Cells, words)
		}
		t.Rows = append(t.Rows, row{Class: r.Class, Cells: append(r.Cells, cell{SVG: spark(o.series(card.Subject, itemValue(o, l.Item)))})})
	}
	return t
}

// trends leads to the trend of the first in the ranking, where no subject is named.
func (q *request) trends() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	p := q.resultPage(o, q.t("走势", "Trends"))
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: q.t("走势", "Trends")})
	t := &table{ID: "trends", Caption: q.t("各机构历期", "Everybody over the periods") + " · " + o.valueTitle(), Empty: q.t("没有参评机构。", "Nobody was assessed.")}
	t.Columns = []column{{Title: q.t("名次", "Rank"), Center: true}, {Title: q.t("机构", "Subject"), Key: true}}
	for _, r := range o.timeline() {
		t.Columns = append(t.Columns, column{Title: r.Period.String(), Unit: o.unit(), Right: true})
	}
	t.Columns = append(t.Columns, column{Title: q.t("走势", "Trend"), Skip: true}, column{Title: q.t("变化原因", "Why"), Skip: true})
	for _, c := range o.cards("") {
		r := row{Cells: []cell{txt(reports.RankText(c, q.lang)), linked(c.Name, o.path("trend", c.Subject))}}
		series := o.series(c.Subject, rankedBy)
		for _, v := range series {
			r.Cells = append(r.Cells, txt(o.value(v)))
		}
		r.Cells = append(r.Cells, cell{SVG: spark(series)}, linked(q.t("为什么变化", "why it moved"), o.path("why", c.Subject)))
		t.Rows = append(t.Rows, r)
	}
	p.Data = struct{ Table *table }{p.add(t)}
	return q.render(p, "trends")
}

// barOf draws a signed bar for a change, the widest being the greatest.
func barOf(v, greatest exact.Num) template.HTML {
	if greatest.IsZero() || v.IsZero() {
		return ""
	}
	width := v.Abs().Quo(greatest).Mul(exact.Int(70)).Decimal(1, exact.HalfUp)
	x, colour := "75", "#1a6b30"
	if v.Sign() < 0 {
		x, colour = exact.Int(75).Sub(v.Abs().Quo(greatest).Mul(exact.Int(70))).Decimal(1, exact.HalfUp), "#b3261e"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg width="150" height="14" viewBox="0 0 150 14" aria-hidden="true" focusable="false"><line x1="75" y1="0" x2="75" y2="14" stroke="#8896a6"/><rect x="%s" y="2" width="%s" height="10" fill="%s"/></svg>`, x, width, colour)
	return template.HTML(b.String())
}
