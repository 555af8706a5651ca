package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/reports"
)

// rankFilter is what the address says of a ranking.
type rankFilter struct {
	Group, Query, Rating, Sort string
	Down                       bool
	Only                       string // moved, gaps: those that rose or fell, those without a score
}

func (q *request) rankFilter(o *opened) rankFilter {
	f := rankFilter{Group: q.query("group"), Query: q.query("q"), Rating: q.query("rating"), Sort: q.query("sort"), Down: q.query("dir") == "down", Only: q.query("only")}
	groups := o.Groups()
	known := slices.ContainsFunc(groups, func(g engine.PeerGroup) bool { return g.ID == f.Group })
	if !known {
		f.Group = ""
		if !o.Pack.Ranking.AllAssessed && len(groups) > 0 {
			f.Group = groups[0].ID
		}
	}
	return f
}

// ranking is the table of a peer group.
func (q *request) ranking() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	f := q.rankFilter(o)
	p := q.resultPage(o, q.t("排名", "Ranking"))
	p.Crumbs = q.crumbs(link{Text: p.Where.Title, Href: o.path("rank")}, link{Text: q.t("排名", "Ranking")})
	p.Actions = append(q.rankingFiles(o, f.Group), q.linkTo(o, f.Group, "")...)
	all := o.cards(f.Group)
	shown := q.filtered(o, all, f)
	data := struct {
		Filter   rankFilter
		Groups   []link
		Ratings  []option
		Pinned   string
		Summary  []link
		Table    *table
		Excluded *table
		Chart    distribution
	}{Filter: f, Pinned: o.pin()}
	for _, g := range o.Groups() {
		data.Groups = append(data.Groups, link{Text: fmt.Sprintf("%s (%d)", o.groupTitle(g.ID), len(o.cards(g.ID))), Href: q.here("group", g.ID, "sort", "", "dir", ""), Here: g.ID == f.Group})
	}
	if o.Pack.Ratings != nil {
		for _, name := range o.Pack.Ratings.Names() {
			data.Ratings = append(data.Ratings, option{name, name, name == f.Rating})
		}
	}
	data.Summary = q.rankingSummary(o, all)
	data.Table = p.add(q.rankingTable(o, p, all, shown, f))
	if t := q.excludedTable(o, f.Group); len(t.Rows) > 0 {
		data.Excluded = p.add(t)
	}
	data.Chart = q.distribution(o, all)
	p.Data = data
	return q.render(p, "ranking")
}

// rankingFiles are the official files of a ranking.
func (q *request) rankingFiles(o *opened, group string) []link {
	return q.reportLinks(q.t("排名表 XLSX", "Ranking XLSX"), address("rank", o.Pack.Name, o.Stored.Period.String(), "file"), "run", o.pin(), "group", group)
}

// filtered keeps the cards that a reader asked for, in the order asked for.
func (q *request) filtered(o *opened, cards []*engine.Scorecard, f rankFilter) []*engine.Scorecard {
	var out []*engine.Scorecard
	for _, c := range cards {
		_, places := o.moved(c)
		switch {
		case f.Query != "" && !matches(f.Query, namesOf(o.Run, c)...):
		case f.Rating != "" && c.Rating != f.Rating:
		case f.Only == "moved" && places == 0:
		case f.Only == "gaps" && c.Status == engine.Scored:
		default:
			out = append(out, c)
		}
	}
	if f.Sort == "" && o.Pack.Ranking.AllAssessed {
		f.Sort = "rank"
	}
	if f.Sort != "" {
		slices.SortStableFunc(out, func(a, b *engine.Scorecard) int {
			c := q.compare(o, f.Sort, a, b, f.Down)
			return c
		})
	}
	return out
}

// compare orders two cards by a column; what has no value comes last either way.
func (q *request) compare(o *opened, by string, a, b *engine.Scorecard, down bool) int {
	turn := func(c int) int {
		if down {
			return -c
		}
		return c
	}
	switch by {
	case "code":
		return turn(cmp.Compare(a.Subject, b.Subject))
	case "name":
		_, x := readings(a.Name)
		_, y := readings(b.Name)
		return turn(cmp.Compare(x, y))
	case "rank":
		return lastIf(a.Rank == 0, b.Rank == 0, turn(cmp.Compare(a.Rank, b.Rank)))
	case "moved":
		_, x := o.moved(a)
		_, y := o.moved(b)
		return turn(cmp.Compare(x, y))
	case "rating":
		return lastIf(a.Rating == "", b.Rating == "", turn(cmp.Compare(a.Rating, b.Rating)))
	case "value":
		return compareNums(a.RankBy, b.RankBy, turn)
	case "deductions":
		x, y := deductions(a), deductions(b)
		return compareNums(x, y, turn)
	}
	return compareNums(pointsOf(by)(a), pointsOf(by)(b), turn)
}

func lastIf(a, b bool, c int) int {
	switch {
	case a && b:
		return 0
	case a:
		return 1
	case b:
		return -1
	}
	return c
}

func compareNums(a, b *exact.Num, turn func(int) int) int {
	if a == nil || b == nil {
		return lastIf(a == nil, b == nil, 0)
	}
	return turn(a.Cmp(*b))
}

// deductions adds up what was taken off; nil if that is not known.
func deductions(c *engine.Scorecard) *exact.Num {
	var sum exact.Num
	for i := range c.Lines {
		l := &c.Lines[i]
		if !l.Kind.OfCases() {
			continue
		}
		if l.Points == nil {
			return nil
		}
		sum = sum.Add(*l.Points)
	}
	if len(c.Lines) == 0 {
		return nil
	}
	return &sum
}

func (q *request) rankingSummary(o *opened, cards []*engine.Scorecard) []link {
	values := ranked(cards)
	list := []link{
		{Text: q.t("参评", "Assessed"), Title: q.tf("%d 家", "%d", len(cards))},
		{Text: q.t("平均", "Mean"), Title: o.value(statistic("mean", values))},
		{Text: q.t("中位", "Median"), Title: o.value(statistic("median", values))},
		{Text: q.t("最高", "Highest"), Title: o.value(statistic("max", values))},
		{Text: q.t("最低", "Lowest"), Title: o.value(statistic("min", values))},
	}
	if mean := statistic("mean", values); mean != nil {
		below := 0
		for _, v := range values {
			if v.Cmp(*mean) < 0 {
				below++
			}
		}
		list = append(list, link{Text: q.t("低于平均", "Below the mean"), Title: q.tf("%d 家", "%d", below)})
	}
	return list
}

func (q *request) rankingTable(o *opened, p *page, all, shown []*engine.Scorecard, f rankFilter) *table {
	t := &table{
		ID: "ranking", Caption: o.groupTitle(f.Group) + " · " + q.t("排名(", "ranking (") + o.direction() + q.t(")", ")"),
		Empty: q.t("没有符合条件的机构。", "Nobody fits these filters."), Next: link{Text: q.t("清除筛选", "Clear the filters"), Href: o.path("rank")},
		Head: []string{p.Subtitle, p.Marks}, made: q.Desk.Clock(o.Stored.MadeAt),
	}
	if f.Group == "" {
		t.Caption = q.t("排名(", "Ranking (") + o.direction() + ")"
	}
	sections := linesOf(all, isSection)
	sortable := func(key string, c column) column {
		dir := "down"
		if f.Sort == key && f.Down {
			dir = ""
		}
		if f.Sort == key {
			c.Sorted = map[bool]string{true: "descending", false: "ascending"}[f.Down]
		} else if key == "rank" || key == "code" || key == "name" {
			dir = ""
		}
		c.Sort = q.here("sort", key, "dir", dir)
		return c
	}
	t.Columns = []column{
		sortable("rank", column{Title: q.t("名次", "Rank"), Center: true}),
		sortable("moved", column{Title: q.t("较上期", "Change"), Center: true}),
		sortable("code", column{Title: q.t("编码", "Code")}),
		sortable("name", column{Title: q.t("机构", "Subject"), Key: true}),
	}
	if o.Pack.Ranking.AllAssessed && len(o.Groups()) > 1 {
		t.Columns = append(t.Columns, column{Title: q.t("类别", "Peer group")})
	}
	t.Columns = append(t.Columns, sortable("value", column{Title: o.valueTitle(), Unit: o.unit(), Right: true}))
	for _, s := range sections {
		t.Columns = append(t.Columns, sortable(s.Item, column{Title: s.Name, Right: true}))
	}
	if o.scores() {
		t.Columns = append(t.Columns, sortable("deductions", column{Title: q.t("扣分", "Deductions"), Right: true}))
	}
	rated := o.Pack.Ratings != nil
	if rated {
		t.Columns = append(t.Columns, sortable("rating", column{Title: q.t("等级", "Rating"), Center: true}))
	}
	t.Columns = append(t.Columns, column{Title: q.t("与中位差", "Against median"), Right: true}, column{Title: q.t("趋势", "Trend"), Skip: true})
	median := statistic("median", ranked(all))
	for _, c := range shown {
		t.Rows = append(t.Rows, q.rankingRow(o, c, sections, median, rated))
	}
	t.Notes = append(t.Notes, q.tf("第1–%d行,共%d行;“—”表示没有数值,不是零。名次按未取整的分值比较。", "Rows 1–%d of %d; “—” means that there is no value, not zero. Ranks compare values that were not rounded for display.", len(shown), len(all)))
	if len(shown) == 0 {
		t.Notes = nil
	}
	return t
}

func (q *request) rankingRow(o *opened, c *engine.Scorecard, sections []*engine.Line, median *exact.Num, rated bool) row {
	text, places := o.moved(c)
	name := linked(c.Name, o.path("s", c.Subject))
	if len(c.Notes) > 0 {
		name.Sub = c.Notes[0].In(q.lang)
	}
	if c.Status != engine.Scored && !c.Reason.IsZero() {
		name.Sub = c.Reason.In(q.lang)
	}
	cells := []cell{txt(reports.RankText(c, q.lang)), {Text: text, Class: movedClass(places)}, txt(c.Subject), name}
	if o.Pack.Ranking.AllAssessed && len(o.Groups()) > 1 {
		cells = append(cells, txt(o.groupTitle(c.PeerGroup)))
	}
	value := cell{Text: reports.RankValue(o.Pack, c, q.lang), Class: "strong"}
	if c.RankBy != nil {
		value.Text = o.value(c.RankBy)
	}
	if _, ok := c.Line("total"); ok && o.scores() {
		value.Href = o.path("s", c.Subject, "total")
	}
	cells = append(cells, value)
	for _, s := range sections {
		cells = append(cells, q.pointsCell(o, c, s.Item))
	}
	if o.scores() {
		d := cell{Text: reports.DeductionsText(o.Pack, c)}
		if strings.HasPrefix(d.Text, "-") {
			d.Class = "neg"
		}
		cells = append(cells, d)
	}
	if rated {
		cells = append(cells, cell{Text: orDash(c.Rating)})
	}
	return row{ID: "row-" + c.Subject, Cells: append(cells, q.againstMedian(o, c, median), cell{SVG: spark(o.series(c.Subject, rankedBy))})}
}

func (q *request) pointsCell(o *opened, c *engine.Scorecard, item string) cell {
	l, ok := c.Line(item)
	if !ok {
		return txt(dash)
	}
	return linked(reports.PointsText(o.Pack, l, q.lang), o.path("s", c.Subject, item))
}

func (q *request) againstMedian(o *opened, c *engine.Scorecard, median *exact.Num) cell {
	if c.RankBy == nil || c.Rank == 0 || median == nil {
		return txt(dash)
	}
	diff := c.RankBy.Sub(*median)
	if o.scores() {
		return txt(o.signed(diff))
	}
	s := o.value(&diff)
	if diff.Sign() > 0 && !strings.HasPrefix(s, "+") {
		s = "+" + s
	}
	return txt(s)
}

func orDash(s string) string {
	if s == "" {
		return dash
	}
	return s
}

// excludedTable lists who takes no part, and why.
func (q *request) excludedTable(o *opened, group string) *table {
	t := &table{ID: "excluded", Caption: q.t("未参评", "Not assessed"), Columns: []column{
		{Title: q.t("编码", "Code")}, {Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("理由", "Reason"), Wide: true},
	}}
	for i := range o.Result.Excluded {
		c := &o.Result.Excluded[i]
		if group == "" || c.PeerGroup == group || c.PeerGroup == "" {
			t.Rows = append(t.Rows, row{Cells: []cell{txt(c.Subject), txt(c.Name), txt(c.Reason.In(q.lang))}})
		}
	}
	return t
}

// rankingFile writes the ranking workbook of package reports.
func (q *request) rankingFile() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	return q.sendRanking(o, q.query("group"))
}

// sendRanking writes the ranking of a peer group in the format that the address
// names.
func (q *request) sendRanking(o *opened, group string) error {
	format := q.query("format")
	if contentTypes[format] == "" {
		return badRequest("format 是 xlsx、pdf、csv、json 或 html。", "format is xlsx, pdf, csv, json or html.")
	}
	var b strings.Builder
	if err := reports.WriteRanking(&b, o.doc, group, format); err != nil {
		return err
	}
	return q.sendReport(reports.RankingName(o.doc, group, format), format, b.String())
}

// sendReport sends a file of package reports. A page of it opens in the browser;
// its style stands inside, so its policy allows that and nothing else.
func (q *request) sendReport(name, format, body string) error {
	if format == reports.HTML {
		q.w.Header().Set("Content-Type", contentTypes[format])
		q.w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	} else {
		q.download(name, format)
	}
	_, err := q.w.Write([]byte(body))
	return err
}
