package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/reports"
)

// explained is what the page of one number shows.
type explained struct {
	E           *engine.Explanation
	Points      string
	Full        string
	Metric      string
	Status      string
	Formula     string
	Filled      []string
	Peers       string
	Scale       string
	Result      string
	Policy      string
	Outcome     string
	Rating      []string
	Assumptions []engine.Assumption
	Rule        link
	Strip       template.HTML
	Curve       template.HTML
	Trend       template.HTML
	Parts       *table
	Figures     *table
	Cases       *table
	Between     []*table // records of one figure that are not in another
	Judgements  *table
	PeerTable   *table
	Neighbours  []link
}

// explain is the page of one number: how it arose, down to figures and cases.
func (q *request) explain() error {
	o, card, err := q.openCard()
	if err != nil {
		return err
	}
	if card.Status == engine.NotAssessed {
		http.Redirect(q.w, q.r, o.path("s", card.Subject), http.StatusSeeOther)
		return nil
	}
	e, err := q.ownExplanation(o, card.Subject, q.r.PathValue("item"))
	if err != nil {
		return err
	}
	name := lineName(&e.Line, q.lang)
	p := q.resultPage(o, name)
	p.Where.Subject = card.Subject
	p.Subtitle = strings.Join([]string{q.t("解释", "Explanation"), card.Name, p.Where.Title, o.Stored.Period.Title().In(q.lang)}, " · ")
	p.Crumbs = q.crumbs(
		link{Text: q.t("排名", "Ranking"), Href: with(address("rank", o.Pack.Name, o.Stored.Period.String()), "run", o.pin(), "group", card.PeerGroup)},
		link{Text: card.Name, Href: o.path("s", card.Subject)})
	for _, up := range containers(card, &e.Line) {
		p.Crumbs = append(p.Crumbs, link{Text: lineName(up, q.lang), Href: o.path("s", card.Subject, up.Item)})
	}
	p.Crumbs = append(p.Crumbs, link{Text: name})
	p.Data = q.explained(o, p, card, e)
	return q.render(p, "explain")
}

// containers are the sections and groups around a line, the outermost first.
func containers(c *engine.Scorecard, l *engine.Line) []*engine.Line {
	var list []*engine.Line
	for l.Parent != "" && len(list) < 5 {
		parent, ok := c.Line(l.Parent)
		if !ok {
			break
		}
		list = append([]*engine.Line{parent}, list...)
		l = parent
	}
	return list
}

func (q *request) explained(o *opened, p *page, c *engine.Scorecard, e *engine.Explanation) *explained {
	x := &explained{
		E: e, Formula: e.Formula, Peers: e.Peers.In(q.lang), Scale: e.Scale.In(q.lang), Result: e.Points.In(q.lang),
		Policy: e.Policy.In(q.lang), Outcome: e.Line.Reason.In(q.lang), Assumptions: e.Assumptions, Status: "",
	}
	if o.scores() {
		x.Points, x.Full = reports.PointsText(o.Pack, &e.Line, q.lang), reports.FullPointsText(o.Pack, &e.Line)
	}
	if e.Line.Metric != nil {
		x.Metric = reports.MetricText(o.Pack, &e.Line, q.lang)
	}
	if e.Line.Status != engine.Scored {
		x.Status = reports.StatusText(e.Line.Status, q.lang)
	}
	for _, s := range e.Filled {
		x.Filled = append(x.Filled, s.In(q.lang))
	}
	for _, s := range e.Rating {
		x.Rating = append(x.Rating, s.In(q.lang))
	}
	if e.Law.File != "" {
		x.Rule = link{Text: fmt.Sprintf("%s:%d", e.Law.File, e.Law.Line), Href: q.ruleAddress(o.Pack, e.Law.Line)}
	}
	if t := q.partsTable(o, c, &e.Line); len(t.Rows) > 0 {
		x.Parts = p.add(t)
	}
	if t := q.figuresTable(o, c, e); len(t.Rows) > 0 {
		x.Figures = p.add(t)
	}
	for _, t := range q.between(o, c, e) {
		x.Between = append(x.Between, p.add(t))
	}
	if e.Line.Kind.OfCases() {
		x.Cases = p.add(q.countedCases(o, e))
	}
	if t := q.judgementsTable(e); len(t.Rows) > 0 {
		x.Judgements = p.add(t)
	}
	if t := q.peerTable(o, c, e); len(t.Rows) > 1 {
		x.PeerTable = p.add(t)
	}
	x.Strip = q.peerStrip(o, c, e)
	x.Curve = q.curve(o, c, e)
	x.Trend = q.trendChart(o, []trendLine{{Name: lineName(&e.Line, q.lang), Values: o.series(c.Subject, itemValue(o, e.Line.Item))}}, false)
	x.Neighbours = q.neighbours(o, c, &e.Line)
	return x
}

// itemValue is the points of a line, or its metric in a pack without points.
func itemValue(o *opened, item string) func(*engine.Scorecard) *exact.Num {
	if o.scores() {
		return pointsOf(item)
	}
	return func(c *engine.Scorecard) *exact.Num {
		if l, ok := c.Line(item); ok {
			return l.Metric
		}
		return nil
	}
}

// partsTable lists what a sum is made of.
func (q *request) partsTable(o *opened, c *engine.Scorecard, l *engine.Line) *table {
	t := &table{ID: "parts", Caption: q.t("组成", "Parts"), Columns: []column{
		{Title: q.t("指标", "Item"), Key: true}, {Title: q.t("分值", "Full points"), Right: true}, {Title: q.t("得分", "Points"), Right: true}, {Title: q.t("说明", "Reason"), Wide: true}, {Title: q.t("依据", "Clause")},
	}}
	for i := range c.Lines {
		part := &c.Lines[i]
		if !o.partOf(part, l) {
			continue
		}
		points := txt(reports.PointsText(o.Pack, part, q.lang))
		if part.Points != nil && part.Points.Sign() < 0 {
			points.Class = "neg"
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(lineName(part, q.lang), o.path("s", c.Subject, part.Item)), txt(reports.FullPointsText(o.Pack, part)), points, q.reasonCell(part), txt(o.cite(part.Item)),
		}})
	}
	return t
}

// partOf reports whether a line is added up in another.
func (o *opened) partOf(part, whole *engine.Line) bool {
	if whole.Kind != engine.TotalItem {
		return part.Parent == whole.Item
	}
	fromTotal := o.scores() && o.Pack.Total.DeductionsFromTotal && part.Kind.OfCases()
	return part.Kind != engine.TotalItem && (part.Parent == "" || fromTotal)
}

// figuresTable lists the figures that went in, each with where it came from.
func (q *request) figuresTable(o *opened, c *engine.Scorecard, e *engine.Explanation) *table {
	t := &table{ID: "figures", Caption: q.t("数据及来源", "Figures and where they came from"), Columns: []column{
		{Title: q.t("数据", "Figure"), Key: true}, {Title: q.t("期间", "Period")}, {Title: q.t("数值", "Value"), Right: true},
		{Title: q.t("来源", "Source")}, {Title: q.t("批次", "Batch")}, {Title: q.t("位置", "Place"), Wide: true},
	}}
	for _, f := range e.Figures {
		r := row{Cells: []cell{txt(f.Name), {}, {Text: f.Shown.In(q.lang), Class: "strong"}, txt(q.sourceOf(o, f.Name)), {}, {}}}
		if !f.Period.IsZero() {
			r.Cells[1] = txt(f.Period.String())
		}
		if len(f.Origins) > 0 {
			r.Cells[4] = linked(f.Origins[0].Batch, address("data", f.Origins[0].Batch))
			r.Cells[5] = txt(q.originText(f.Origins[0]))
		}
		if counted(o.Pack, f.Name) && !f.Period.IsZero() && f.Count > 0 {
			r.Cells[5] = linked(q.tf("%d 条记录,逐条查看 ›", "%d records, see each ›", f.Count), o.path("cases", c.Subject, f.Name, f.Period.String()))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// maxBetween is how many records may lie between two figures to be listed.
const maxBetween = 50

// between lists the records that are in one counted figure and not in another that
// is a part of it: the cases that keep a rate from being full.
func (q *request) between(o *opened, c *engine.Scorecard, e *engine.Explanation) []*table {
	var out []*table
	records := make([][]engine.Record, len(e.Figures))
	for i, f := range e.Figures {
		if f.Period == o.Stored.Period && counted(o.Pack, f.Name) && f.Count > 0 {
			records[i], _ = o.Counted(c.Subject, f.Name, f.Period)
		}
	}
	for i, whole := range records {
		for j, part := range records {
			if i == j || len(whole) <= len(part) || len(part) == 0 || len(whole)-len(part) > maxBetween || whole[0].Register != part[0].Register {
				continue
			}
			rest := without(whole, part)
			if len(rest) != len(whole)-len(part) {
				continue // it is no part of it
			}
			t := q.recordsTable(o, rest, o.Stored.Period)
			t.ID = fmt.Sprintf("between-%d-%d", i, j)
			t.Caption = q.tf("计入“%s”而未计入“%s”的 %d 条", "In “%s” but not in “%s”: %d", e.Figures[i].Name, e.Figures[j].Name, len(rest))
			out = append(out, t)
		}
	}
	return out
}

// without returns the records that are not among others.
func without(records, others []engine.Record) []engine.Record {
	known := map[engine.Origin]bool{}
	for i := range others {
		known[others[i].Origin] = true
	}
	var rest []engine.Record
	for i := range records {
		if !known[records[i].Origin] {
			rest = append(rest, records[i])
		}
	}
	return rest
}

func counted(p *engine.Pack, name string) bool {
	for i := range p.Statistics {
		if p.Statistics[i].Name == name {
			return p.Statistics[i].Register != ""
		}
	}
	return false
}

// sourceOf says who reports a figure, or which register it is counted in.
func (q *request) sourceOf(o *opened, name string) string {
	for i := range o.Pack.Statistics {
		s := &o.Pack.Statistics[i]
		if s.Name != name {
			continue
		}
		if s.From != "" {
			return s.From
		}
		return registerName(o.Pack, s.Register)
	}
	return ""
}

func registerName(p *engine.Pack, id string) string {
	if r := registerOf(p, id); r != nil {
		return r.Name
	}
	return id
}

func registerOf(p *engine.Pack, id string) *engine.Register {
	for i := range p.Registers {
		if p.Registers[i].ID == id {
			return &p.Registers[i]
		}
	}
	return nil
}

func (q *request) originText(f engine.Origin) string {
	parts := []string{f.File}
	if f.Sheet != "" {
		parts = append(parts, f.Sheet)
	}
	if f.Row > 0 {
		parts = append(parts, q.tf("第 %d 行", "row %d", f.Row))
	}
	if f.Column != "" {
		parts = append(parts, q.tf("“%s”列", "column “%s”", f.Column))
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// countedCases are the cases of a deduction with the points of each.
func (q *request) countedCases(o *opened, e *engine.Explanation) *table {
	t := &table{ID: "cases", Caption: q.t("计分的案件", "Cases that count"), Empty: q.t("本期没有案件,不扣分。", "There were no cases in this period, nothing is taken off."), Columns: []column{
		{Title: q.t("编号", "Key"), Key: true}, {Title: q.t("日期", "Date")}, {Title: q.t("内容", "Contents"), Wide: true}, {Title: q.t("分数", "Points"), Right: true}, {Title: q.t("来源", "Source")},
	}}
	for i, r := range e.Cases {
		points := e.CasePoints[i].Neg()
		if e.Line.Kind == engine.AdditionItem {
			points = e.CasePoints[i]
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(r.Key, o.path("case", r.Register, r.Key)), txt(r.Date.String()), txt(q.contents(o, &r)), {Text: points.Shortest(4), Class: "neg"}, txt(r.Origin.Batch + " " + q.originText(r.Origin)),
		}})
	}
	return t
}

func (q *request) judgementsTable(e *engine.Explanation) *table {
	t := &table{ID: "judgements", Caption: q.t("逐项评定", "Judged line by line"), Columns: []column{
		{Title: q.t("检查项", "Line"), Key: true, Wide: true}, {Title: q.t("评定", "Answer"), Center: true}, {Title: q.t("理由", "Reason")}, {Title: q.t("佐证", "Evidence")}, {Title: q.t("评分人", "Scorer")}, {Title: q.t("复核人", "Reviewer")}, {Title: q.t("来源", "Source")},
	}}
	for _, j := range e.Judgements {
		answer := cell{Text: reports.AnswerText(j.Answer, q.lang)}
		if answer.Text == dash {
			answer.Text = string(j.Answer)
		}
		if j.Answer == engine.No || j.Answer == engine.Partly {
			answer.Class = "warn strong"
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(j.Line), answer, txt(j.Reason), txt(j.Evidence), txt(maskName(j.Scorer)), txt(maskName(j.Reviewer)), txt(j.Origin.Batch + " " + q.originText(j.Origin))}})
	}
	return t
}

// peerTable lists the peers' values of the line, the best first.
func (q *request) peerTable(o *opened, c *engine.Scorecard, e *engine.Explanation) *table {
	t := &table{ID: "peers", Caption: q.t("同业比较", "Among the peers"), Columns: []column{
		{Title: q.t("名次", "Rank"), Center: true}, {Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("数值", "Value"), Right: true}, {Title: q.t("得分", "Points"), Right: true},
	}}
	for _, v := range e.PeerValues {
		other := cardOf(o.Result, v.Subject)
		if other == nil {
			continue
		}
		l, ok := other.Line(e.Line.Item)
		if !ok {
			continue
		}
		rank := dash
		switch {
		case e.Line.Kind == engine.TotalItem:
			rank = reports.RankText(other, q.lang)
		case l.MetricRank > 0:
			rank = itoa(l.MetricRank)
		}
		value := reports.MetricText(o.Pack, l, q.lang)
		if e.Line.Kind == engine.TotalItem {
			value = reports.PointsText(o.Pack, l, q.lang)
		}
		r := row{Cells: []cell{txt(rank), linked(other.Name, o.path("s", v.Subject, e.Line.Item)), txt(value), txt(reports.PointsText(o.Pack, l, q.lang))}}
		if v.Subject == c.Subject {
			r.Class = "mark"
		}
		t.Rows = append(t.Rows, r)
	}
	if !o.scores() || e.Line.Kind == engine.TotalItem { // value and points are the same
		t.Columns = t.Columns[:3]
		for i := range t.Rows {
			t.Rows[i].Cells = t.Rows[i].Cells[:3]
		}
	}
	return t
}

// neighbours lead to the line before and the line after.
func (q *request) neighbours(o *opened, c *engine.Scorecard, l *engine.Line) []link {
	at := slices.IndexFunc(c.Lines, func(own engine.Line) bool { return own.Item == l.Item })
	var list []link
	if at > 0 {
		list = append(list, link{Text: "‹ " + lineName(&c.Lines[at-1], q.lang), Href: o.path("s", c.Subject, c.Lines[at-1].Item)})
	}
	if at >= 0 && at+1 < len(c.Lines) {
		list = append(list, link{Text: lineName(&c.Lines[at+1], q.lang) + " ›", Href: o.path("s", c.Subject, c.Lines[at+1].Item)})
	}
	return list
}

// ruleAddress leads to a line of an edition on its page. Who is limited to a unit
// may not go there.
func (q *request) ruleAddress(p *engine.Pack, line int) string {
	if q.limited() {
		return ""
	}
	return with(address("rules", p.Name, p.Edition.String()), "line", itoa(line)) + fmt.Sprintf("#L%d", line)
}
