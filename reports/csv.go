package reports

import (
	"encoding/csv"
	"io"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// writeCSV writes UTF-8 with a byte order mark and CRLF, which is what a
// spreadsheet opens without questions.
func writeCSV(w io.Writer, rows [][]cell) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	for _, r := range rows {
		record := make([]string, len(r))
		for i, x := range r {
			record[i] = csvText(x)
		}
		if err := c.Write(record); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// csvText writes numbers plainly. A text that a spreadsheet would take for a
// formula gets an apostrophe in front.
func csvText(c cell) string {
	if c.number != "" {
		return c.number
	}
	s := strings.ReplaceAll(clean(c.text), "\n", "; ")
	if risky(s) {
		return "'" + s
	}
	return s
}

func texts(words ...string) []cell {
	cells := make([]cell, len(words))
	for i, w := range words {
		cells[i] = textCell(w)
	}
	return cells
}

// marksHeader and marks are the columns by which every row can be traced.
func (d *Document) marksHeader() []cell {
	return texts(d.say("规则包", "pack"), d.say("规则版本", "edition"), d.say("规则状态", "pack status"), d.say("规则哈希", "hash"), d.say("数据快照", "snapshot"),
		d.say("数据截止", "data as of"), d.say("运行", "run"), d.say("结果版本", "revision"), d.say("校验码", "check code"), d.say("程序版本", "program version"))
}

func (d *Document) marks() []cell {
	status := d.packStatus()
	if b := d.banner(); b != "" {
		status = b
	}
	return texts(d.Result.Pack, d.Result.Edition.String(), status, d.Result.Hash, d.Result.Snapshot,
		d.asOf(), d.Run.ID, d.revision(), CheckCode(d), d.Version)
}

// metricNumber is a metric in its unit as a plain number: 98.96 for 98.96%.
func metricNumber(p *engine.Pack, item string, n *exact.Num) cell {
	if n == nil {
		return textCell(dash)
	}
	u := metricUnit(p, item)
	return decimalCell(u.To(*n), p.MetricRounding(u))
}

// csv is the scorecard as a table, one row for each line.
func (v *cardView) csv() [][]cell {
	header := texts(v.say("统计期间", "period"), v.say("类别", "peer group"), v.say("机构编码", "code"), v.say("机构名称", "name"),
		v.say("层次", "kind"), v.say("指标编码", "item"), v.say("指标", "item name"), v.say("上级编码", "part of"), v.say("分值", "full points"),
		v.say("指标值", "value"), v.say("单位", "unit"), v.say("同业中位", "peer median"), v.say("指标排名(第1名=最优)", "metric rank (1 = best)"),
		v.say("件数", "cases"), v.say("状态", "status"), v.say("得分", "points"), v.say("上期得分", "last period"), v.say("备注", "remarks"))
	rows := [][]cell{append(header, v.marksHeader()...)}
	for i := range v.card.Lines {
		rows = append(rows, append(v.csvLine(&v.card.Lines[i]), v.marks()...))
	}
	return append(rows, v.csvOutcomeRows()...)
}

func (v *cardView) csvLine(l *engine.Line) []cell {
	value, middle, rank := cell{}, cell{}, cell{}
	if metricOf(v.Pack, l.Item) != nil {
		value = metricNumber(v.Pack, l.Item, l.Metric)
		middle = metricNumber(v.Pack, l.Item, median(values(v.peers, pickMetric(l.Item))))
		rank = rankCell(v.Document, l.MetricRank, false)
	}
	if l.Metric == nil && l.Status == engine.LeftOut {
		value = textCell(noValue(l.Status, v.Lang))
	}
	points, before, cases := v.pointsOrDash(l), v.beforeCell(l), cell{}
	if l.Kind.OfCases() && l.Status == engine.Scored {
		cases = countCell(l.Cases)
	}
	if l.Kind == engine.MetricItem {
		before = textCell(dash)
	}
	return []cell{
		textCell(v.Result.Period.String()), textCell(v.groupTitle(v.card.PeerGroup)), textCell(v.card.Subject), textCell(v.card.Name),
		textCell(kindText(v.Document, l.Kind)), textCell(l.Item), textCell(v.lineName(l)), textCell(l.Parent), v.fullNumber(l),
		value, textCell(metricUnit(v.Pack, l.Item).String()), middle, rank, cases, textCell(StatusText(l.Status, v.Lang)), points, before, textCell(v.in(l.Reason)),
	}
}

func kindText(d *Document, k engine.ItemKind) string {
	switch k {
	case engine.TotalItem:
		return d.say("总分", "total")
	case engine.SectionItem:
		return d.say("部分", "section")
	case engine.GroupItem:
		return d.say("组", "group")
	case engine.DeductionItem:
		return d.say("扣分项", "deduction")
	case engine.AdditionItem:
		return d.say("加分项", "addition")
	}
	return d.say("指标", "indicator")
}

// csv is the ranking as a table: one row for each subject, those that are not
// assessed last.
func (v *rankingView) csv() [][]cell {
	rows := [][]cell{v.csvHeader()}
	for _, c := range v.cards {
		rows = append(rows, v.csvRow(c))
	}
	for _, c := range v.excluded {
		rows = append(rows, v.csvRow(c))
	}
	return rows
}

func (v *rankingView) csvHeader() []cell {
	value := v.say("总分", "total")
	if !v.scores() {
		value = v.bracket(v.Pack.Ranking.By.Name, rankUnit(v.Pack).String())
	}
	cells := texts(v.say("统计期间", "period"), v.rankTitle(), v.say("并列", "tied"), v.say("较上期", "against last period"), v.say("机构编码", "code"),
		v.say("机构名称", "name"), v.say("类别", "peer group"), v.say("状态", "status"), value)
	for _, l := range v.pointItems() {
		cells = append(cells, textCell(v.bracket(l.Name, v.say("得分", "points"))))
	}
	if v.scores() {
		cells = append(cells, textCell(v.say("扣分合计", "deductions")))
	}
	for _, l := range v.metricItems() {
		cells = append(cells, textCell(v.bracket(l.Name, metricUnit(v.Pack, l.Item).String())))
	}
	for _, in := range v.inputs {
		cells = append(cells, textCell(v.bracket(in.Name, in.Unit.String())))
	}
	cells = append(cells, v.csvOutcomeHeader()...)
	cells = append(cells, textCell(v.say("备注", "remarks")))
	return append(cells, v.marksHeader()...)
}

func (v *rankingView) pointItems() []*engine.Line {
	return v.ofKind(engine.SectionItem, engine.GroupItem, engine.IndicatorItem, engine.DeductionItem, engine.AdditionItem)
}

func (v *rankingView) metricItems() []*engine.Line {
	var items []*engine.Line
	for _, l := range v.items {
		// What a pack without points ranks by has a column already.
		if metricOf(v.Pack, l.Item) != nil && (v.scores() || l.Item != v.Pack.Ranking.By.ID) {
			items = append(items, l)
		}
	}
	return items
}

func (v *rankingView) csvRow(c *engine.Scorecard) []cell {
	cells := []cell{
		textCell(v.Result.Period.String()), rankCell(v.Document, c.Rank, false), textCell(v.yesIf(c.Tied)), textCell(change(v.Document, c)), textCell(c.Subject),
		textCell(c.Name), textCell(v.groupTitle(c.PeerGroup)), textCell(StatusText(c.Status, v.Lang)), v.csvValue(c),
	}
	for _, l := range v.pointItems() {
		cells = append(cells, v.pointsOf(c, l.Item))
	}
	if v.scores() {
		cells = append(cells, v.deductionsCell(c))
	}
	for _, l := range v.metricItems() {
		cells = append(cells, metricNumber(v.Pack, l.Item, pickMetric(l.Item)(c)))
	}
	for _, in := range v.inputs {
		cells = append(cells, v.inputCell(c, in))
	}
	cells = append(cells, v.csvOutcome(c)...)
	cells = append(cells, textCell(v.remark(c)))
	return append(cells, v.marks()...)
}

func (v *rankingView) yesIf(yes bool) string {
	if yes {
		return v.say("是", "yes")
	}
	return ""
}

func (v *rankingView) csvValue(c *engine.Scorecard) cell {
	switch {
	case c.RankBy == nil:
		return textCell(noValue(c.Status, v.Lang))
	case v.scores() && v.Pack.Ranking.By.ID == "total":
		return decimalCell(*c.RankBy, pointsRounding(v.Pack))
	}
	u := rankUnit(v.Pack)
	return decimalCell(u.To(*c.RankBy), v.Pack.MetricRounding(u))
}
