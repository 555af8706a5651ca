package reports

import (
	"cmp"
	"fmt"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// plain is the block above the detail sheets: whose, which run, which status.
func (v *cardView) plain() []headLine {
	return []headLine{{text: v.whose()}, {text: v.trust()}, v.statusLine()}
}

// checklists is 定性明细: each line of each checklist with its answer.
func (v *cardView) checklists() *sheet {
	t := &table{
		columns: []column{
			{title: v.say("序号", "no."), width: 5, center: true},
			{title: v.say("指标", "item"), width: 18},
			{title: v.say("检查项", "line"), width: 32, key: true},
			{title: v.say("标准分", "full points"), width: 8, right: true},
			{title: v.say("自评得分", "self-assessed"), width: 9, right: true},
			{title: v.say("评定", "answer"), width: 8},
			{title: v.say("评分", "points"), width: 8, right: true},
			{title: v.say("扣分", "taken off"), width: 8, right: true},
			{title: v.say("扣分说明", "reason"), width: 24},
			{title: v.say("依据", "clause"), width: 14},
			{title: v.say("佐证材料", "evidence"), width: 18},
			{title: v.say("评分人", "scored by"), width: 10},
			{title: v.say("评分日期", "date"), width: 10},
			{title: v.say("复核结果", "review"), width: 9},
			{title: v.say("复核人", "reviewed by"), width: 10},
			{title: v.say("复核日期", "date of review"), width: 10},
		},
		empty: v.say("本办法没有定性指标。", "The method has no checklist."),
	}
	number := 0
	for i := range v.card.Lines {
		it := findItem(v.Pack.Sections, v.card.Lines[i].Item)
		if it == nil || it.Checklist == nil {
			continue
		}
		judged := v.judgements(it.ID)
		for _, line := range v.judgedLines(it) {
			number++
			t.rows = append(t.rows, row{cells: append([]cell{countCell(number), textCell(it.Name), textCell(line.Name)}, v.judged(it, line, judged[line.Name])...)})
		}
	}
	return &sheet{
		name: v.say("定性明细", "Checklists"), title: v.heading("定性明细", "checklists"), head: v.plain(),
		tables: []*table{t}, sign: v.signatures(), freeze: 3, filter: true,
		notes: []string{v.say("自评得分、评分日期、复核日期由填表人手工填写。", "Self-assessed points and dates are filled in by hand.")},
	}
}

// judgedLines are the lines of a checklist; of raters one for each who answered.
func (v *cardView) judgedLines(it *engine.Item) []engine.ChecklistLine {
	if !it.Checklist.Raters {
		return it.Checklist.Lines
	}
	given := map[string][]string{}
	if e := v.explains[it.ID]; e != nil {
		for _, j := range e.Judgements {
			group := it.Checklist.RaterLine(j.Line)
			given[group] = append(given[group], j.Line)
		}
	}
	var out []engine.ChecklistLine
	for _, l := range it.Checklist.Lines {
		names := given[l.Name]
		for _, name := range names {
			out = append(out, engine.ChecklistLine{Name: name, Points: l.Points.Quo(exact.Int(int64(len(names))))})
		}
		if len(names) == 0 {
			out = append(out, l)
		}
	}
	return out
}

func (v *cardView) judgements(item string) map[string]*engine.Judgement {
	byLine := map[string]*engine.Judgement{}
	if e := v.explains[item]; e != nil {
		for i := range e.Judgements {
			byLine[e.Judgements[i].Line] = &e.Judgements[i]
		}
	}
	return byLine
}

// judged is a checklist line from its full points on.
func (v *cardView) judged(it *engine.Item, line engine.ChecklistLine, j *engine.Judgement) []cell {
	r := pointsRounding(v.Pack)
	cite := textCell(it.Checklist.Cite)
	if it.Checklist.Cite == "" {
		cite = textCell(it.Cite)
	}
	if j == nil {
		none := textCell(dash)
		missing := textCell(v.say("未评定", "not judged"))
		return []cell{decimalCell(line.Points, r), {}, none, none, none, missing, cite, {}, {}, {}, {}, {}, {}}
	}
	share, _ := it.Checklist.Share(j.Answer, it.FullPoints)
	got := line.Points.Mul(share)
	reviewed := cell{}
	if j.Reviewer != "" {
		reviewed = textCell(v.say("已复核", "reviewed"))
	}
	return []cell{
		decimalCell(line.Points, r), {}, textCell(AnswerText(j.Answer, v.Lang)), decimalCell(got, r), decimalCell(line.Points.Sub(got), r),
		textCell(j.Reason), cite, textCell(j.Evidence), textCell(j.Scorer), {}, reviewed, textCell(j.Reviewer), {},
	}
}

// calculations is 定量明细: every metric from formula to points, then every
// figure with the place it came from, in base units.
func (v *cardView) calculations() *sheet {
	return &sheet{
		name: v.say("定量明细", "Calculations"), title: v.heading("定量明细", "calculations"), head: v.plain(),
		tables: []*table{v.steps(), v.figures()}, freeze: 1, filter: true,
		notes: []string{v.say("引用数据以基本单位(元、件)列示;每项得分未四舍五入前的精确值可用 kaoping explain 查看。",
			"Figures are in base units; kaoping explain shows every step of a number.")},
	}
}

func (v *cardView) steps() *table {
	t := &table{
		columns: []column{
			{title: v.say("指标", "item"), width: 22, key: true},
			{title: v.say("公式", "formula"), width: 26},
			{title: v.say("代入算式", "with the figures"), width: 36},
			{title: v.say("指标值", "value"), width: 11, right: true},
			{title: v.say("单位", "unit"), width: 9},
			{title: v.say("同业", "peers"), width: 22},
			{title: v.say("评分办法", "scale"), width: 26},
			{title: v.say("得分算式", "points worked out"), width: 30},
			{title: v.say("得分", "points"), width: 9, right: true},
			{title: v.say("依据", "clause"), width: 14},
			{title: v.say("口径选择", "assumptions"), width: 10},
		},
		empty: v.say("没有定量指标。", "There is no metric."),
	}
	for i := range v.card.Lines {
		l := &v.card.Lines[i]
		e := v.explains[l.Item]
		if e == nil || metricOf(v.Pack, l.Item) == nil {
			continue
		}
		t.rows = append(t.rows, row{cells: v.step(l, e)})
	}
	return t
}

func (v *cardView) step(l *engine.Line, e *engine.Explanation) []cell {
	var filled, assumed []string
	for _, f := range e.Filled {
		filled = append(filled, v.in(f))
	}
	for _, a := range e.Assumptions {
		assumed = append(assumed, a.ID)
	}
	points := []string{v.in(e.Points), v.in(e.Policy)}
	if l.Status != engine.Scored {
		points = append(points, v.in(l.Reason))
	}
	return []cell{
		textCell(l.Name), textCell(e.Formula), lines(filled), v.valueCell(l), textCell(metricUnit(v.Pack, l.Item).String()),
		textCell(v.in(e.Peers)), textCell(v.in(e.Scale)), lines(points), v.pointsOrDash(l), textCell(e.Law.Cite), textCell(v.list(assumed)),
	}
}

func (v *cardView) pointsOrDash(l *engine.Line) cell {
	if l.Kind == engine.MetricItem {
		return textCell(dash)
	}
	return v.pointsCell(l)
}

func (v *cardView) figures() *table {
	t := &table{
		caption: v.say("引用数据", "Figures used"),
		columns: []column{
			{title: v.say("指标", "item"), key: true},
			{title: v.say("统计数据", "statistic")},
			{title: v.say("数值(带单位)", "as shown")},
			{title: v.say("期间", "period")},
			{title: v.say("基本单位", "base unit")},
			{title: v.say("数值(基本单位)", "value in base units"), right: true},
			{title: v.say("文件", "file")},
			{title: v.say("列", "column")},
			{title: v.say("行", "row"), right: true},
			{title: v.say("数据批次", "batch")},
			{title: v.say("记录数", "records"), right: true},
		},
		empty: v.say("没有引用数据。", "No figures were used."),
	}
	for i := range v.card.Lines {
		l := &v.card.Lines[i]
		e := v.explains[l.Item]
		if e == nil || metricOf(v.Pack, l.Item) == nil {
			continue
		}
		for _, f := range e.Figures {
			t.rows = append(t.rows, row{cells: append([]cell{textCell(l.Name)}, v.figure(f)...)})
		}
	}
	return t
}

func (v *cardView) figure(f engine.FigureUsed) []cell {
	value, u, at := textCell(dash), v.baseUnit(f.Name), engine.Origin{}
	if f.Value != nil {
		value = decimalOf(*f.Value)
	}
	if len(f.Origins) > 0 {
		at = f.Origins[0]
	}
	line, records := cell{}, cell{}
	if at.Row > 0 {
		line = rowCell(at.Row)
	}
	if f.Count > 0 {
		records = countCell(f.Count)
	}
	return []cell{textCell(f.Name), textCell(v.bracket(f.Shown.In(v.Lang), f.Note.In(v.Lang))), textCell(f.Period.String()), textCell(u), value, textCell(at.File), textCell(at.Column), line, textCell(at.Batch), records}
}

// baseUnit is the unit in which a figure's value is kept.
func (v *cardView) baseUnit(name string) string {
	for _, s := range v.Pack.Statistics {
		if s.Name != name && s.ID != name {
			continue
		}
		if s.Unit.IsMoney() && s.Unit.Dim() == "元^1" {
			return "元"
		}
		if s.Unit.Scale().Equal(exact.Int(1)) {
			return s.Unit.String()
		}
		return v.say("基本单位", "base unit")
	}
	return ""
}

// decimalOf is an exact number with as many decimals as it has, at most six.
func decimalOf(n exact.Num) cell {
	return shownIn(unit.Unit{}, n)
}

// events is 扣分事件: each case of each deduction, then what each deduction
// took off in all.
func (v *cardView) events() *sheet {
	cases := &table{
		columns: []column{
			{title: v.say("序号", "no."), width: 5, center: true},
			{title: v.say("日期", "date"), width: 14},
			{title: v.say("类型", "deduction"), width: 22, key: true},
			{title: v.say("编号", "case"), width: 16},
			{title: v.say("事实", "facts"), width: 44},
			{title: v.say("依据条款", "clause"), width: 18},
			{title: v.say("次数", "times"), width: 7, right: true},
			{title: v.say("扣分", "points off"), width: 9, right: true},
			{title: v.say("数据批次", "batch"), width: 12},
			{title: v.say("文件", "file"), width: 20},
			{title: v.say("行", "row"), width: 7, right: true},
		},
		empty: v.say("本期没有扣分事件。", "Nothing was taken off in this period."),
	}
	sums := &table{
		caption: v.say("扣分汇总", "Deductions in all"),
		columns: []column{
			{title: v.say("序号", "no."), center: true},
			{title: v.say("依据条款", "clause")},
			{title: v.say("扣分项", "deduction"), key: true},
			{title: v.say("件数", "cases"), right: true},
			{title: v.say("说明", "reason")},
			{title: v.say("上限", "cap"), right: true},
			{title: v.say("扣分合计", "sum"), right: true},
			{title: v.say("上限后扣分", "applied"), right: true},
		},
		empty: v.say("本办法没有扣分项。", "The method has no deductions."),
	}
	for i := range v.card.Lines {
		if l := &v.card.Lines[i]; l.Kind.OfCases() {
			cases.rows = v.caseRows(cases.rows, l)
			sums.rows = append(sums.rows, row{cells: append([]cell{countCell(len(sums.rows) + 1)}, v.deductionSum(l)...)})
		}
	}
	return &sheet{
		name: v.say("扣分事件", "Deductions"), title: v.heading("扣分事件", "deductions"), head: v.plain(),
		tables: []*table{cases, sums, v.tariff()}, sign: v.signatures(), freeze: 3, filter: true,
	}
}

func (v *cardView) caseRows(rows []row, l *engine.Line) []row {
	e := v.explains[l.Item]
	if e == nil {
		return rows
	}
	r := pointsRounding(v.Pack)
	for i, c := range e.Cases {
		line, points := cell{}, textCell(dash)
		if c.Origin.Row > 0 {
			line = rowCell(c.Origin.Row)
		}
		if i < len(e.CasePoints) {
			points = decimalCell(e.CasePoints[i], r)
		}
		rows = append(rows, row{cells: []cell{
			countCell(len(rows) + 1), textCell(c.Date.String()), textCell(l.Name), textCell(c.Key), textCell(FieldsText(v.Pack, c, v.Lang)),
			textCell(e.Law.Cite), countCell(max(c.Times, 1)), points, textCell(c.Origin.Batch), textCell(c.Origin.File), line,
		}})
	}
	return rows
}

// tariff is the table of points behind every deduction.
func (v *cardView) tariff() *table {
	t := &table{
		caption: v.say("扣分标准", "Points for each case"),
		columns: []column{
			{title: v.say("序号", "no."), center: true},
			{title: v.say("依据条款", "clause")},
			{title: v.say("扣分项", "deduction"), key: true},
			{title: v.say("口径选择", "assumption")},
			{title: v.say("情形", "case")},
			{title: v.say("每次扣分", "points off"), right: true},
		},
		empty: v.say("本办法没有扣分项。", "The method has no deductions."),
	}
	for i := range v.card.Lines {
		it := findItem(v.Pack.Sections, v.card.Lines[i].Item)
		if it == nil || it.Cases == nil {
			continue
		}
		for _, c := range it.Cases.Lines {
			t.rows = append(t.rows, row{cells: []cell{
				countCell(len(t.rows) + 1), textCell(it.Cite), textCell(it.Name), textCell(cmp.Or(it.Cases.Assumption, it.Assumption)), textCell(v.caseText(c)),
				decimalCell(c.Points, pointsRounding(v.Pack)),
			}})
		}
	}
	return t
}

func (v *cardView) caseText(c engine.CaseLine) string {
	switch {
	case c.Otherwise:
		return v.say("其他", "otherwise")
	case !c.Words.IsZero():
		return v.in(c.Words)
	case c.WhenText != "":
		return c.WhenText
	}
	return c.Class
}

func (v *cardView) deductionSum(l *engine.Line) []cell {
	r := pointsRounding(v.Pack)
	most, cite := textCell(dash), ""
	if it := findItem(v.Pack.Sections, l.Item); it != nil {
		cite = it.Cite
		if it.AtMost != nil {
			most = decimalCell(*it.AtMost, r)
		}
	}
	sum := v.pointsCell(l)
	if l.Uncapped != nil {
		sum = decimalCell(*l.Uncapped, r)
	}
	return []cell{textCell(cite), textCell(l.Name), countCell(l.Cases), textCell(v.in(l.Reason)), most, sum, v.pointsCell(l)}
}

// trends is 趋势与同业: points by period, and where they stand among the peers.
func (v *cardView) trends() *sheet {
	periods := timeline(v.Document)
	t := &table{columns: []column{{title: v.say("指标", "item"), width: 30, key: true}}}
	for _, r := range periods {
		t.columns = append(t.columns, column{group: v.say("各期", "by period"), title: r.Period.String(), width: 10, right: true})
	}
	among := v.say("同业(本期)", "peers, this period")
	t.columns = append(t.columns,
		column{title: v.say("走势", "trend"), width: 12},
		column{title: v.say("较上期", "change"), width: 10, right: true},
		column{group: among, title: v.say("最低", "lowest"), width: 10, right: true},
		column{group: among, title: v.say("下四分位", "1st quartile"), width: 10, right: true},
		column{group: among, title: v.say("中位", "median"), width: 10, right: true},
		column{group: among, title: v.say("上四分位", "3rd quartile"), width: 10, right: true},
		column{group: among, title: v.say("最高", "highest"), width: 10, right: true},
	)
	for i := range v.card.Lines {
		t.rows = append(t.rows, v.trend(&v.card.Lines[i]))
	}
	what := v.say("各项得分;较上期一列逐项相加即总分的变化(封底、封顶除外)。", "Points; the changes of the items add up to that of the total, floors and caps aside.")
	if !v.scores() {
		what = v.say("各项指标值。", "Values of the metrics.")
	}
	return &sheet{
		name: v.say("趋势与同业", "Trend and peers"), title: v.heading("趋势与同业比较", "trend and peers"), head: v.plain(),
		tables: []*table{t}, freeze: 1, filter: true,
		notes: []string{what, v.say("走势以零为底;“·”表示该期没有数值。四分位按线性内插(PERCENTILE.INC)。", "Trends start at zero; “·” is a period without a value. Quartiles are interpolated (PERCENTILE.INC).")},
	}
}

func (v *cardView) trend(l *engine.Line) row {
	pick, show := pickPoints(l.Item), func(n exact.Num) cell { return decimalCell(n, pointsRounding(v.Pack)) }
	name := v.lineName(l)
	if l.Kind == engine.MetricItem {
		pick, show = pickMetric(l.Item), func(n exact.Num) cell { return metricCell(v.Pack, metricUnit(v.Pack, l.Item), n) }
		name = v.metricTitle(l)
	}
	or := func(n *exact.Num) cell {
		if n == nil {
			return textCell(dash)
		}
		return show(*n)
	}
	history := series(v.Document, v.card.Subject, pick)
	cells := []cell{{text: name, indent: v.depth(l)}}
	for _, n := range history {
		cells = append(cells, or(n))
	}
	cells = append(cells, textCell(spark(history)), v.changeCell(pick, l))
	among := values(v.peers, pick)
	for quarter := range int64(5) {
		cells = append(cells, or(quantile(among, exact.Frac(quarter, 4))))
	}
	return row{kind: kindOf(l), cells: cells}
}

func kindOf(l *engine.Line) rowKind {
	switch l.Kind {
	case engine.TotalItem:
		return totalRow
	case engine.SectionItem, engine.GroupItem:
		return sectionRow
	}
	return dataRow
}

func (v *cardView) changeCell(pick func(*engine.Scorecard) *exact.Num, l *engine.Line) cell {
	now := pick(v.card)
	if now == nil || v.before == nil || pick(v.before) == nil {
		return textCell(dash)
	}
	difference := now.Sub(*pick(v.before))
	if l.Kind != engine.MetricItem {
		return signedCell(difference, pointsRounding(v.Pack))
	}
	u := metricUnit(v.Pack, l.Item)
	if isPercent(u) {
		c := signedCell(u.To(difference), v.Pack.MetricRounding(u))
		return textCell(fmt.Sprintf(v.say("%s个百分点", "%s points"), c.text))
	}
	return signedCell(u.To(difference), v.Pack.MetricRounding(u))
}
