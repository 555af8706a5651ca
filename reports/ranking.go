package reports

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// rankingView is the ranking of a peer group with everything its sheets need.
type rankingView struct {
	*Document
	group    string
	cards    []*engine.Scorecard // ranked first, in order
	excluded []*engine.Scorecard
	items    []*engine.Line // the lines of a card, as columns; points are not used
	inputs   []engine.Statistic
	figures  map[string]map[string]*exact.Num // by subject and statistic, of a pack without points
}

func newRankingView(d *Document, group string) (*rankingView, error) {
	known := slices.ContainsFunc(d.Pack.PeerGroups, func(g engine.PeerGroup) bool { return g.ID == group })
	v := &rankingView{Document: d, group: group, cards: peers(d, group)}
	if group != "" && !known && len(v.cards) == 0 {
		return nil, fmt.Errorf("peer group %q of %s: %w", group, d.Pack.Name, engine.ErrNotFound)
	}
	for i := range d.Result.Excluded {
		if c := &d.Result.Excluded[i]; group == "" || c.PeerGroup == group {
			v.excluded = append(v.excluded, c)
		}
	}
	if d.Pack.Ranking.AllAssessed { // the result is sorted by peer group first
		slices.SortStableFunc(v.cards, compareRanks)
	}
	v.items = itemsOf(v.cards)
	if d.scores() {
		return v, nil
	}
	return v, v.collectFigures()
}

// collectFigures finds what the value ranked by was made of, so that a reader
// can check a ratio and its ties.
func (v *rankingView) collectFigures() error {
	v.figures = map[string]map[string]*exact.Num{}
	if v.Explain == nil {
		return nil
	}
	used := map[string]bool{}
	for _, c := range v.cards {
		e, err := v.Explain(c.Subject, v.Pack.Ranking.By.ID)
		if errors.Is(err, engine.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("explain %s of %s: %w", v.Pack.Ranking.By.Name, c.Subject, err)
		}
		own := map[string]*exact.Num{}
		for _, f := range e.Figures {
			if f.Period == v.Result.Period {
				own[f.Name], used[f.Name] = f.Value, true
			}
		}
		v.figures[c.Subject] = own
	}
	for _, s := range v.Pack.Statistics {
		if used[s.Name] {
			v.inputs = append(v.inputs, s)
		}
	}
	return nil
}

// compareRanks puts subjects without a rank last; equals keep their order.
func compareRanks(a, b *engine.Scorecard) int {
	last := func(c *engine.Scorecard) int {
		if c.Rank == 0 {
			return int(^uint(0) >> 1)
		}
		return c.Rank
	}
	return last(a) - last(b)
}

// itemsOf lists the lines that occur on the cards, in the order of the pack.
func itemsOf(cards []*engine.Scorecard) []*engine.Line {
	var list []*engine.Line
	seen := map[string]bool{}
	for _, c := range cards {
		for i := range c.Lines {
			if l := &c.Lines[i]; !seen[l.Item] {
				seen[l.Item] = true
				list = append(list, l)
			}
		}
	}
	return list
}

func (v *rankingView) ofKind(kinds ...engine.ItemKind) []*engine.Line {
	var list []*engine.Line
	for _, l := range v.items {
		if slices.Contains(kinds, l.Kind) {
			list = append(list, l)
		}
	}
	return list
}

func (v *rankingView) book() *book {
	b := &book{
		lang: v.Lang, title: strings.TrimSuffix(RankingName(v.Document, v.group, "x"), ".x"),
		footer: v.say("校验码 ", "check code ") + CheckCode(v.Document), made: v.Run.MadeAt, marks: v.trust() + " · " + v.made(),
	}
	b.sheets = append(b.sheets, v.standings())
	if v.scores() {
		b.sheets = append(b.sheets, v.pointsSheet())
	}
	b.sheets = append(b.sheets, v.metricsSheet())
	if v.scores() {
		b.sheets = append(b.sheets, v.deductionsSheet())
	}
	b.sheets = append(b.sheets, v.outcomeSheets(v.head(""), v.cards, true)...)
	b.sheets = append(b.sheets, v.excludedSheet(),
		aboutSheet(v.Document, v.heading("排名说明", "about the ranking"), v.head(""), v.mergedRows(v.cards)))
	return b
}

// head is rows 2 to 4 of every sheet; the header follows in row 5.
func (v *rankingView) head(legend string) []headLine {
	head := []headLine{
		{text: strings.Join([]string{
			v.say("类别:", "peer group: ") + v.groupTitle(v.group),
			v.say("统计期间:", "period: ") + v.days() + v.say("(", " (") + v.Result.Period.String() + ")",
			v.trust(),
		}, " · ")},
		v.statusLine(),
	}
	head = append(head, v.staleLines()...)
	if legend != "" {
		head = append(head, headLine{text: legend})
	}
	return head
}

func (v *rankingView) rankTitle() string {
	return v.bracket(v.say("排名", "rank"), direction(v.Document))
}

// identity is the columns that every sheet begins with.
func (v *rankingView) identity() []column {
	return []column{
		{title: v.rankTitle(), width: 10, center: true},
		{title: v.say("较上期", "against last period"), width: 8, center: true},
		{title: v.say("机构编码", "code"), width: 11},
		{title: v.say("机构名称", "name"), width: 28, key: true},
	}
}

func (v *rankingView) identityCells(c *engine.Scorecard) []cell {
	return []cell{rankCell(v.Document, c.Rank, c.Tied), textCell(change(v.Document, c)), textCell(c.Subject), textCell(c.Name)}
}

// standings is 排名.
func (v *rankingView) standings() *sheet {
	t := &table{columns: append(v.identity(), column{title: v.say("类别", "peer group"), width: 14})}
	value := v.say("总分", "total")
	if !v.scores() {
		value = v.bracket(v.Pack.Ranking.By.Name, bare(rankUnit(v.Pack)))
	}
	t.columns = append(t.columns, column{title: value, width: 12, right: true})
	for _, l := range v.sectionLines() {
		t.columns = append(t.columns, column{title: l.Name, width: 10, right: true})
	}
	if v.scores() {
		t.columns = append(t.columns, column{title: v.say("扣分合计", "deductions"), width: 10, right: true})
	}
	t.columns = append(t.columns, v.outcomeColumns()...)
	t.columns = append(t.columns,
		column{title: v.say("与中位差", "against median"), width: 10, right: true},
		column{title: v.say("趋势", "trend"), width: 12},
		column{title: v.say("备注", "remarks"), width: 36})
	m := median(values(v.cards, pickRanked))
	for _, c := range v.cards {
		t.rows = append(t.rows, row{cells: v.standing(c, m)})
	}
	t.summary = v.averages(len(t.columns))
	t.empty = v.say("没有参评对象。", "Nobody was assessed.")
	notes := append([]string{v.made()}, v.legend()...)
	return &sheet{
		name: v.say("排名", "Ranking"), title: v.heading("排名", "ranking"),
		head:   v.head(v.rankingText()),
		tables: []*table{t}, sign: v.signatures(), freeze: 4, filter: true, notes: notes,
	}
}

// bare leaves out the percent sign, which the cells of a percentage show.
func bare(u unit.Unit) string {
	if isPercent(u) {
		return ""
	}
	return u.String()
}

func (v *rankingView) sectionLines() []*engine.Line { return v.ofKind(engine.SectionItem) }

func (v *rankingView) standing(c *engine.Scorecard, m *exact.Num) []cell {
	cells := append(v.identityCells(c), textCell(v.groupTitle(c.PeerGroup)), v.rankedCell(c))
	for _, l := range v.sectionLines() {
		cells = append(cells, v.pointsOf(c, l.Item))
	}
	if v.scores() {
		cells = append(cells, v.deductionsCell(c))
	}
	cells = append(cells, v.outcomeCells(c)...)
	history := series(v.Document, c.Subject, pickRanked)
	return append(cells, v.againstMedian(c, m), textCell(spark(history)), textCell(v.remark(c)))
}

// valueCell shows a value of the kind that is ranked by.
func (v *rankingView) valueCell(n exact.Num) cell {
	if v.scores() && v.Pack.Ranking.By.ID == "total" {
		return decimalCell(n, pointsRounding(v.Pack))
	}
	return metricCell(v.Pack, rankUnit(v.Pack), n)
}

func (v *rankingView) rankedCell(c *engine.Scorecard) cell {
	if c.RankBy == nil {
		return textCell(noValue(c.Status, v.Lang))
	}
	return v.valueCell(*c.RankBy)
}

func (v *rankingView) pointsOf(c *engine.Scorecard, item string) cell {
	l, ok := c.Line(item)
	switch {
	case !ok:
		return textCell(noValue(c.Status, v.Lang))
	case l.Points == nil:
		return textCell(noValue(l.Status, v.Lang))
	}
	return decimalCell(*l.Points, pointsRounding(v.Pack))
}

func (v *rankingView) deductionsCell(c *engine.Scorecard) cell {
	sum, ok := deductions(c)
	if !ok {
		return textCell(noValue(c.Status, v.Lang))
	}
	return decimalCell(sum, pointsRounding(v.Pack))
}

func (v *rankingView) againstMedian(c *engine.Scorecard, m *exact.Num) cell {
	value := pickRanked(c)
	if value == nil || m == nil {
		return textCell(dash)
	}
	difference := value.Sub(*m)
	if v.scores() && v.Pack.Ranking.By.ID == "total" {
		return signedCell(difference, pointsRounding(v.Pack))
	}
	u := rankUnit(v.Pack)
	c2 := signedCell(u.To(difference), v.Pack.MetricRounding(u))
	if isPercent(u) {
		return textCell(fmt.Sprintf(v.say("%s个百分点", "%s points"), c2.text))
	}
	return c2
}

// remark says why a subject is not ranked, which of its lines did not count,
// and what else is to be known of it.
func (v *rankingView) remark(c *engine.Scorecard) string {
	var parts []string
	if c.Rank == 0 {
		parts = append(parts, StatusText(c.Status, v.Lang)+v.say(":", ": ")+v.in(c.Reason))
	}
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Status == engine.LeftOut {
			parts = append(parts, v.bracket(l.Name, v.say("不适用", "n/a")))
		}
	}
	for _, n := range c.Notes {
		parts = append(parts, v.in(n))
	}
	return strings.Join(parts, v.say(";", "; "))
}

// averages are the mean and the median below the standings.
func (v *rankingView) averages(width int) []row {
	var rows []row
	for _, s := range []struct {
		name string
		of   func([]exact.Num) *exact.Num
	}{{v.say("平均", "mean"), mean}, {v.say("中位", "median"), median}} {
		value := s.of(values(v.cards, pickRanked))
		if value == nil {
			continue
		}
		cells := make([]cell, width)
		cells[3], cells[5] = textCell(s.name), v.valueCell(*value)
		for i, l := range v.sectionLines() {
			cells[6+i] = v.pointsOrDash(s.of(values(v.cards, pickPoints(l.Item))))
		}
		rows = append(rows, row{kind: totalRow, cells: cells})
	}
	return rows
}

func (v *rankingView) pointsOrDash(n *exact.Num) cell {
	if n == nil {
		return textCell(dash)
	}
	return decimalCell(*n, pointsRounding(v.Pack))
}

// pointsSheet is 指标得分: the points of every item, with the full points above
// and the spread below.
func (v *rankingView) pointsSheet() *sheet {
	t := &table{columns: v.identity(), empty: v.say("没有参评对象。", "Nobody was assessed.")}
	for range t.columns {
		t.above = append(t.above, cell{})
	}
	t.above[3] = textCell(v.say("分值", "full points"))
	for _, l := range v.items {
		t.columns = append(t.columns, column{title: v.itemTitle(l), width: 10, right: true})
		t.above = append(t.above, v.declaredPoints(l))
	}
	for _, c := range v.cards {
		cells := v.identityCells(c)
		for _, l := range v.items {
			cells = append(cells, v.pointsOf(c, l.Item))
		}
		t.rows = append(t.rows, row{cells: cells})
	}
	t.summary = v.spread(pickPoints, func(_ *engine.Line, n exact.Num) cell { return decimalCell(n, pointsRounding(v.Pack)) }, v.items, 1)
	return &sheet{
		name: v.say("指标得分", "Points"), title: v.heading("指标得分", "points by item"), head: v.head(""),
		tables: []*table{t}, freeze: 4, filter: true, across: true, notes: []string{v.legend()[0]},
	}
}

func (v *rankingView) itemTitle(l *engine.Line) string {
	if l.Kind.OfCases() {
		return v.bracket(l.Name, kindText(v.Document, l.Kind))
	}
	return v.lineName(l)
}

// declaredPoints are the full points of the pack, before any are spread.
func (v *rankingView) declaredPoints(l *engine.Line) cell {
	r := pointsRounding(v.Pack)
	if l.Kind == engine.TotalItem {
		return decimalCell(v.Pack.Total.FullPoints, r)
	}
	it := findItem(v.Pack.Sections, l.Item)
	switch {
	case it == nil:
		return textCell(dash)
	case it.Kind == engine.DeductionItem && it.AtMost != nil:
		return textCell("≤" + it.AtMost.Decimal(r.Decimals, r.Mode))
	case it.Kind == engine.DeductionItem:
		return textCell(dash)
	}
	return decimalCell(it.FullPoints, r)
}

// spread makes the rows lowest, median and highest of each item; each item
// takes stride columns.
func (v *rankingView) spread(pick func(string) func(*engine.Scorecard) *exact.Num, show func(*engine.Line, exact.Num) cell, items []*engine.Line, stride int) []row {
	var rows []row
	for i, name := range []string{v.say("最低", "lowest"), v.say("中位", "median"), v.say("最高", "highest")} {
		cells := []cell{{}, {}, {}, textCell(name)}
		for _, l := range items {
			c := textCell(dash)
			if n := quantile(values(v.cards, pick(l.Item)), exact.Frac(int64(i), 2)); n != nil {
				c = show(l, *n)
			}
			cells = append(append(cells, c), make([]cell, stride-1)...)
		}
		rows = append(rows, row{kind: totalRow, cells: cells})
	}
	return rows
}

// metricsSheet is 指标值: every metric in its unit, with its rank.
func (v *rankingView) metricsSheet() *sheet {
	t := &table{columns: v.identity(), empty: v.say("没有参评对象。", "Nobody was assessed.")}
	var items []*engine.Line
	for _, l := range v.items {
		if metricOf(v.Pack, l.Item) != nil {
			items = append(items, l)
		}
	}
	ranked := v.scores()
	stride := 1
	for _, l := range items {
		t.columns = append(t.columns, column{group: l.Name, title: v.metricTitle(l), width: 12, right: true})
		if ranked {
			stride = 2
			t.columns = append(t.columns, column{group: l.Name, title: v.say("排名(第1名=最优)", "rank (1 = best)"), width: 8, center: true})
		}
	}
	for _, in := range v.inputs {
		t.columns = append(t.columns, column{title: v.bracket(in.Name, in.Unit.String()), width: 16, right: true})
	}
	t.columns = append(t.columns, column{title: v.say("备注", "remarks"), width: 40})
	for _, c := range v.cards {
		t.rows = append(t.rows, row{cells: v.metricCells(c, items, ranked)})
	}
	show := func(l *engine.Line, n exact.Num) cell { return metricCell(v.Pack, metricUnit(v.Pack, l.Item), n) }
	t.summary = v.spread(pickMetric, show, items, stride)
	for i := range t.summary {
		t.summary[i].cells = append(t.summary[i].cells, make([]cell, len(v.inputs)+1)...)
	}
	s := &sheet{
		name: v.say("指标值", "Metrics"), title: v.heading("指标值", "metrics"), head: v.head(""),
		tables: []*table{t}, freeze: 4, filter: true, across: true, notes: []string{v.legend()[0]},
	}
	if !ranked { // the groups' row gives way to a legend: the header stays in row 5
		ungroup(t)
		s.head, s.notes = v.head(v.legend()[0]), nil
	}
	return s
}

func ungroup(t *table) {
	for i := range t.columns {
		t.columns[i].group = ""
	}
}

func (v *rankingView) metricCells(c *engine.Scorecard, items []*engine.Line, ranked bool) []cell {
	cells := v.identityCells(c)
	var why []string
	for _, l := range items {
		value, rank := textCell(dash), textCell(dash)
		if own, ok := c.Line(l.Item); ok {
			switch {
			case own.Metric != nil:
				value = metricCell(v.Pack, metricUnit(v.Pack, l.Item), *own.Metric)
			case own.Status == engine.LeftOut:
				value = textCell(noValue(own.Status, v.Lang))
			}
			if own.MetricRank > 0 {
				rank = rankCell(v.Document, own.MetricRank, sharesMetricRank(v.cards, l.Item, own.MetricRank))
			}
			if own.Metric == nil {
				why = append(why, l.Name+v.say(":", ": ")+v.in(own.Reason))
			}
		}
		cells = append(cells, value)
		if ranked {
			cells = append(cells, rank)
		}
	}
	for _, in := range v.inputs {
		cells = append(cells, v.inputCell(c, in))
	}
	return append(cells, textCell(strings.Join(why, v.say(";", "; "))))
}

// inputCell is a figure in the unit of its statistic.
func (v *rankingView) inputCell(c *engine.Scorecard, in engine.Statistic) cell {
	n := v.figures[c.Subject][in.Name]
	if n == nil {
		return textCell(dash)
	}
	return shownIn(in.Unit, *n)
}

// deductionsSheet is 扣分汇总: cases, sum, cap and what was applied.
func (v *rankingView) deductionsSheet() *sheet {
	t := &table{columns: v.identity(), empty: v.say("没有参评对象。", "Nobody was assessed.")}
	items := v.ofKind(engine.DeductionItem, engine.AdditionItem)
	for _, l := range items {
		t.columns = append(t.columns,
			column{group: l.Name, title: v.say("件数", "cases"), width: 6, right: true},
			column{group: l.Name, title: v.say("扣分合计", "sum"), width: 8, right: true},
			column{group: l.Name, title: v.say("上限", "cap"), width: 8, right: true},
			column{group: l.Name, title: v.say("实扣", "applied"), width: 8, right: true})
	}
	t.columns = append(t.columns, column{title: v.say("扣分合计", "deductions"), width: 10, right: true})
	for _, c := range v.cards {
		cells := v.identityCells(c)
		for _, l := range items {
			cells = append(cells, v.deduction(c, l.Item)...)
		}
		t.rows = append(t.rows, row{cells: append(cells, v.deductionsCell(c))})
	}
	return &sheet{
		name: v.say("扣分汇总", "Deductions"), title: v.heading("扣分汇总", "deductions"), head: v.head(v.deductionsLegend(items)),
		tables: []*table{t}, freeze: 4, filter: true, across: true, notes: []string{v.legend()[0]},
	}
}

// deductionsLegend keeps the header in row 5 where no deduction needs a row for
// its name.
func (v *rankingView) deductionsLegend(items []*engine.Line) string {
	if len(items) > 0 {
		return ""
	}
	return v.say("本办法没有扣分项。", "The method has no deductions.")
}

func (v *rankingView) deduction(c *engine.Scorecard, item string) []cell {
	l, ok := c.Line(item)
	if !ok || l.Points == nil {
		none := textCell(dash)
		return []cell{none, none, none, none}
	}
	r := pointsRounding(v.Pack)
	sum, most := decimalCell(*l.Points, r), textCell(dash)
	if l.Uncapped != nil {
		sum = decimalCell(*l.Uncapped, r)
	}
	if it := findItem(v.Pack.Sections, item); it != nil && it.AtMost != nil {
		most = decimalCell(*it.AtMost, r)
	}
	return []cell{countCell(l.Cases), sum, most, decimalCell(*l.Points, r)}
}

// excludedSheet is 未参评: who takes no part and why, and who is counted with whom.
func (v *rankingView) excludedSheet() *sheet {
	t := &table{
		columns: []column{
			{title: v.say("序号", "no."), width: 6, center: true},
			{title: v.say("机构编码", "code"), width: 12},
			{title: v.say("机构名称", "name"), width: 32, key: true},
			{title: v.say("类别", "peer group"), width: 16},
			{title: v.say("理由", "reason"), width: 60},
			{title: v.say("依据", "clause"), width: 20},
		},
		empty: v.say("没有未参评的机构。", "Everybody was assessed."),
	}
	for i, c := range v.excluded {
		t.rows = append(t.rows, row{cells: []cell{
			countCell(i + 1), textCell(c.Subject), textCell(c.Name), textCell(v.groupTitle(c.PeerGroup)), textCell(v.in(c.Reason)), textCell(v.Pack.Assessed.Cite),
		}})
	}
	merged := &table{
		caption: v.say("并入其他机构考评", "Counted with another unit"),
		columns: []column{
			{title: v.say("序号", "no."), center: true},
			{title: v.say("并入机构编码", "code")},
			{title: v.say("并入机构名称", "name"), key: true},
			{title: v.say("类别", "peer group")},
			{title: v.say("被并入的机构", "units counted with it")},
		},
		empty: v.say("没有并入其他机构考评的机构。", "No unit is counted with another."),
	}
	for _, c := range v.cards {
		if len(c.Merged) > 0 {
			merged.rows = append(merged.rows, row{cells: []cell{
				countCell(len(merged.rows) + 1), textCell(c.Subject), textCell(c.Name), textCell(v.groupTitle(c.PeerGroup)), textCell(v.list(c.Merged)),
			}})
		}
	}
	return &sheet{
		name: v.say("未参评", "Not assessed"), title: v.heading("未参评机构", "not assessed"), head: v.head(v.say("未参评机构不计分、不排名。", "Units that take no part have no score and no rank.")),
		tables: []*table{t, merged}, freeze: 3, filter: true,
	}
}
