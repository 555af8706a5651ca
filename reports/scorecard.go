package reports

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// cardView is a scorecard with everything its sheets need.
type cardView struct {
	*Document
	card     *engine.Scorecard
	before   *engine.Scorecard // of 上期; nil if none
	peers    []*engine.Scorecard
	explains map[string]*engine.Explanation // by item
}

func newCardView(d *Document, subject string) (*cardView, error) {
	card := findCard(d.Result, subject)
	if card == nil {
		return nil, fmt.Errorf("scorecard of %q in %s: %w", subject, d.Result.Period, engine.ErrNotFound)
	}
	v := &cardView{
		Document: d, card: card, before: findCard(d.Previous, subject),
		peers: peers(d, population(d, card)), explains: map[string]*engine.Explanation{},
	}
	return v, v.explainAll()
}

// explainAll unfolds the lines that have something to unfold.
func (v *cardView) explainAll() error {
	if v.Explain == nil {
		return nil
	}
	for i := range v.card.Lines {
		l := &v.card.Lines[i]
		switch l.Kind {
		case engine.TotalItem, engine.SectionItem, engine.GroupItem:
			continue
		}
		e, err := v.Explain(v.card.Subject, l.Item)
		if errors.Is(err, engine.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("explain %s of %s: %w", l.Name, v.card.Subject, err)
		}
		v.explains[l.Item] = e
	}
	return nil
}

// scores reports whether the pack gives points; otherwise it only ranks.
func (d *Document) scores() bool { return d.Pack.Total != nil }

func (v *cardView) book() *book {
	b := &book{
		lang: v.Lang, title: strings.TrimSuffix(ScorecardName(v.Document, v.card.Subject, "x"), ".x"),
		footer: v.say("校验码 ", "check code ") + CheckCode(v.Document), made: v.Run.MadeAt, marks: v.trust() + " · " + v.made(),
	}
	b.sheets = append(b.sheets, v.main())
	if v.scores() {
		b.sheets = append(b.sheets, v.checklists())
	}
	b.sheets = append(b.sheets, v.calculations())
	if v.scores() {
		b.sheets = append(b.sheets, v.events())
	}
	b.sheets = append(b.sheets, v.outcomeSheets(v.plain(), []*engine.Scorecard{v.card}, false)...)
	b.sheets = append(b.sheets, v.trends(), v.about())
	return b
}

// head is the block above every sheet of a scorecard.
func (v *cardView) head() []headLine {
	return append([]headLine{
		{text: v.whose()},
		{text: v.standing()},
		{text: v.trust()},
		v.statusLine(),
	}, v.staleLines()...)
}

func (d *Document) statusLine() headLine {
	if b := d.banner(); b != "" {
		return headLine{text: b, banner: true}
	}
	return headLine{text: d.say("状态:", "status: ") + d.packStatus()}
}

func (v *cardView) whose() string {
	return strings.Join([]string{
		fmt.Sprintf(v.say("被考评单位:%s(%s)", "Subject: %s (%s)"), v.card.Name, v.card.Subject),
		v.say("类别:", "peer group: ") + v.groupTitle(v.card.PeerGroup),
		v.say("统计期间:", "period: ") + v.days() + v.say("(", " (") + v.Result.Period.String() + ")",
	}, " · ")
}

// standing sums the card up: total, rank, change, median of the peers.
func (v *cardView) standing() string {
	what := v.say("总分 ", "total ")
	if !v.scores() {
		what = v.Pack.Ranking.By.Name + " "
	}
	parts := []string{what + RankValue(v.Pack, v.card, v.Lang)}
	if v.card.Rank > 0 {
		parts = append(parts,
			fmt.Sprintf(v.say("名次 %s/%d(%s)", "rank %s of %d (%s)"), RankText(v.card, v.Lang), v.card.Of, direction(v.Document)),
			v.say("较上期 ", "against last period ")+change(v.Document, v.card))
	} else {
		parts = append(parts, v.say("未排名:", "not ranked: ")+orDash(v.in(v.card.Reason)))
	}
	parts = append(parts, v.ratingPart(v.card)...)
	if m := median(values(v.peers, pickRanked)); m != nil {
		shown := engine.Scorecard{RankBy: m, Status: engine.Scored}
		if v.scores() {
			shown.Total = m
		}
		parts = append(parts, v.say("同业中位 ", "peer median ")+RankValue(v.Pack, &shown, v.Lang))
	}
	return strings.Join(parts, " · ")
}

// main is the form that is signed.
func (v *cardView) main() *sheet {
	s := &sheet{
		name: v.say("评分卡", "Scorecard"), title: v.heading("评分卡", "scorecard"), head: v.head(),
		tables: []*table{v.mainTable()}, sign: v.signatures(), freeze: 2, filter: true,
	}
	s.notes = append(s.notes, v.made())
	s.notes = append(s.notes, v.ratingNotes(v.card)...)
	for _, n := range v.card.Notes {
		s.notes = append(s.notes, v.in(n))
	}
	for _, n := range v.Result.Notes {
		s.notes = append(s.notes, v.in(n))
	}
	s.notes = append(s.notes, v.legend()...)
	return s
}

// legend explains the marks; where there are open assumptions it says where.
func (d *Document) legend() []string {
	list := []string{
		d.say("“—”表示没有数值或不能计算,不是零;“不适用”表示本项不计分;原因见备注。", "“—” means that there is no value, not zero; “n/a” that the line does not count; the remarks say why."),
		d.say("较上期:▲ 名次上升,▼ 名次下降,“持平”名次不变,“新”上期未排名。", "Against last period: ▲ up, ▼ down, “same” not moved, “new” was not ranked then."),
	}
	if len(d.openAssumptions()) > 0 {
		list = append(list, d.say("各项假设的内容、理由和确认人见“说明”。", "What is assumed, why, and who can confirm it: see “About”."))
	}
	return list
}

func (v *cardView) mainTable() *table {
	t := &table{columns: v.mainColumns()}
	number := 0
	for i := range v.card.Lines {
		l := &v.card.Lines[i]
		r := row{kind: dataRow}
		first := cell{}
		switch l.Kind {
		case engine.TotalItem:
			r.kind = totalRow
		case engine.SectionItem, engine.GroupItem:
			r.kind = sectionRow
		default:
			number++
			first = countCell(number)
		}
		r.cells = append([]cell{first}, v.mainCells(l)...)
		t.rows = append(t.rows, r)
	}
	return t
}

func (v *cardView) mainColumns() []column {
	what, source, value, score := v.say("考评项目", "item"), v.say("口径与来源", "definition"), v.say("指标", "metric"), v.say("评分", "scoring")
	all := []column{
		{group: what, title: v.say("序号", "no."), width: 5, center: true},
		{group: what, title: v.say("指标", "item"), width: 30, key: true},
		{group: what, title: v.say("分值", "full points"), width: 8, right: true},
		{group: source, title: v.say("计算口径", "definition"), width: 28},
		{group: source, title: v.say("数据来源", "source"), width: 15},
		{group: value, title: v.say("指标值", "value"), width: 11, right: true},
		{group: value, title: v.say("同业中位", "peer median"), width: 10, right: true},
		{group: value, title: v.say("指标排名(第1名=最优)", "metric rank (1 = best)"), width: 10, center: true},
		{group: score, title: v.say("评分办法", "scale"), width: 28},
		{group: score, title: v.say("得分", "points"), width: 9, right: true},
		{group: score, title: v.say("扣分说明/备注", "remarks"), width: 34},
		{group: score, title: v.say("上期得分", "last period"), width: 9, right: true},
	}
	if v.scores() {
		return all
	}
	all[11].title = v.say("上期指标值", "last period")
	all[10].group, all[11].group = v.say("说明", "notes"), v.say("说明", "notes")
	return pickColumns(all)
}

// rankOnly are the columns that make sense in a pack without points.
var rankOnly = []int{0, 1, 3, 4, 5, 6, 10, 11}

func pickColumns[T any](all []T) []T {
	var kept []T
	for _, i := range rankOnly {
		kept = append(kept, all[i])
	}
	return kept
}

// mainCells is a line without its number.
func (v *cardView) mainCells(l *engine.Line) []cell {
	name := textCell(v.lineTitle(l))
	name.indent = v.depth(l)
	cells := []cell{
		{}, name, v.fullCell(l), lines(v.definition(l)), lines(v.sources(l)), v.valueCell(l), v.medianCell(l),
		v.metricRankCell(l), textCell(v.scaleText(l)), v.pointsCell(l), lines(v.remarks(l)), v.beforeCell(l),
	}
	if !v.scores() {
		cells = pickColumns(cells)
	}
	return cells[1:]
}

// lineTitle is the name with its unit or cap: 亿元保费投诉量(件/亿元).
func (v *cardView) lineTitle(l *engine.Line) string {
	if l.Kind.OfCases() {
		remark := v.say("扣分项", "deduction")
		if it := findItem(v.Pack.Sections, l.Item); it != nil && it.AtMost != nil {
			remark += v.say(",最高扣", ", at most ") + it.AtMost.Shortest(2) + v.say("分", " points")
		}
		return v.bracket(l.Name, remark)
	}
	return v.metricTitle(l)
}

// lineName is the name of a line; only that of the total is ours to translate.
func (d *Document) lineName(l *engine.Line) string {
	if l.Kind == engine.TotalItem {
		return d.say(l.Name, "total")
	}
	return l.Name
}

func (d *Document) metricTitle(l *engine.Line) string {
	if u := metricUnit(d.Pack, l.Item); !isPercent(u) {
		return d.bracket(d.lineName(l), u.String())
	}
	return d.lineName(l)
}

// depth is how far a line is indented.
func (v *cardView) depth(l *engine.Line) int { return min(v.card.Depth(l), 4) }

func (v *cardView) fullCell(l *engine.Line) cell {
	if l.FullPoints.IsZero() { // a deduction, or left out with its points elsewhere
		return textCell(dash)
	}
	return v.fullNumber(l)
}

// fullNumber is the full points as a number, for those who compute with it.
func (v *cardView) fullNumber(l *engine.Line) cell {
	if l.Kind == engine.MetricItem || l.Status == engine.LeftOut && l.FullPoints.IsZero() { // its points went elsewhere
		return textCell(dash)
	}
	return decimalCell(l.FullPoints, pointsRounding(v.Pack))
}

func (v *cardView) definition(l *engine.Line) []string {
	it := findItem(v.Pack.Sections, l.Item)
	switch {
	case it != nil && it.Checklist != nil:
		if !it.Checklist.Plain() {
			return []string{v.say("评审人评定,见“定性明细”", "graded or marked by reviewers")}
		}
		return []string{fmt.Sprintf(v.say("%d项清单,见“定性明细”", "checklist of %d lines"), len(it.Checklist.Lines))}
	case l.Kind.OfCases():
		return []string{v.say("按登记的事件扣分,见“扣分事件”", "events on the register")}
	}
	if e := v.explains[l.Item]; e != nil {
		return []string{e.Formula}
	}
	return nil
}

// sources says who reported the figures, each once.
func (v *cardView) sources(l *engine.Line) []string {
	it := findItem(v.Pack.Sections, l.Item)
	switch {
	case it != nil && it.Checklist != nil:
		return []string{v.say("评分人评定,复核人复核", "judged and reviewed")}
	case it != nil && it.Cases != nil:
		return []string{v.caseSource(it)}
	}
	e := v.explains[l.Item]
	if e == nil {
		return nil
	}
	var list []string
	seen := map[string]bool{}
	for _, f := range e.Figures {
		for _, s := range v.Pack.Statistics {
			if s.Name != f.Name && s.ID != f.Name {
				continue
			}
			if from := cmp.Or(s.From, v.registerName(s.Register)); from != "" && !seen[from] {
				seen[from] = true
				list = append(list, from)
			}
		}
	}
	return list
}

func (v *cardView) caseSource(it *engine.Item) string {
	return cmp.Or(it.Cases.From, v.registerName(it.Cases.Register))
}

func (v *cardView) registerName(id string) string {
	for _, r := range v.Pack.Registers {
		if r.ID == id {
			return r.Name
		}
	}
	return id
}

// valueCell is the metric, or how many lines of a checklist are met, or how
// many events there were.
func (v *cardView) valueCell(l *engine.Line) cell {
	it := findItem(v.Pack.Sections, l.Item)
	switch {
	case l.Metric != nil:
		return metricCell(v.Pack, metricUnit(v.Pack, l.Item), *l.Metric)
	case it != nil && it.Checklist != nil:
		return textCell(v.checklistShare(it))
	case l.Kind.OfCases() && l.Status == engine.Scored:
		return textCell(fmt.Sprintf(v.say("%d次", "%d"), l.Cases))
	case l.Kind == engine.IndicatorItem:
		return textCell(noValue(l.Status, v.Lang))
	case l.Kind == engine.MetricItem:
		return textCell(dash)
	}
	return cell{}
}

func (v *cardView) checklistShare(it *engine.Item) string {
	e := v.explains[it.ID]
	if e == nil {
		return dash
	}
	if !it.Checklist.Plain() {
		var given []string
		for _, j := range e.Judgements {
			given = append(given, string(j.Answer))
		}
		return strings.Join(given, "、")
	}
	met := 0
	for _, j := range e.Judgements {
		if j.Answer == engine.Yes || j.Answer == engine.NotApplicable {
			met++
		}
	}
	return fmt.Sprintf("%d/%d", met, len(it.Checklist.Lines))
}

func (v *cardView) medianCell(l *engine.Line) cell {
	m := median(values(v.peers, pickMetric(l.Item)))
	if m == nil {
		return v.blankUnlessScored(l)
	}
	return metricCell(v.Pack, metricUnit(v.Pack, l.Item), *m)
}

func (v *cardView) blankUnlessScored(l *engine.Line) cell {
	switch l.Kind {
	case engine.TotalItem, engine.SectionItem, engine.GroupItem:
		return cell{}
	}
	return textCell(dash)
}

func (v *cardView) metricRankCell(l *engine.Line) cell {
	if l.MetricRank == 0 {
		return v.blankUnlessScored(l)
	}
	return rankCell(v.Document, l.MetricRank, sharesMetricRank(v.peers, l.Item, l.MetricRank))
}

// scaleText is the scale in words. A table of cases is only summed up: its lines
// are on the sheet of the deductions.
func (v *cardView) scaleText(l *engine.Line) string {
	if it := findItem(v.Pack.Sections, l.Item); it != nil && it.Cases != nil {
		return v.tariffText(it.Cases)
	}
	e := v.explains[l.Item]
	if e == nil {
		return ""
	}
	return v.in(e.Scale)
}

func (v *cardView) tariffText(c *engine.CaseTable) string {
	if len(c.Lines) == 0 {
		return ""
	}
	low, high := c.Lines[0].Points, c.Lines[0].Points
	for _, l := range c.Lines {
		low, high = exact.Min(low, l.Points), exact.Max(high, l.Points)
	}
	amount := low.Shortest(2)
	if !low.Equal(high) {
		amount += "–" + high.Shortest(2)
	}
	return fmt.Sprintf(v.say("按次扣分,每次%s分,见“扣分事件”", "%s points off for each case"), amount)
}

func (v *cardView) pointsCell(l *engine.Line) cell {
	if l.Points == nil {
		return textCell(noValue(l.Status, v.Lang))
	}
	return decimalCell(*l.Points, pointsRounding(v.Pack))
}

// maxFigures is how many figures the remarks of a line name.
const maxFigures = 4

// remarks names the figures a metric was made of and the parts of the total;
// for every other line, and whenever something is out of the ordinary, they
// give the reason.
func (v *cardView) remarks(l *engine.Line) []string {
	if l.Status == engine.Scored && kindOf(l) != dataRow {
		return v.parts(l)
	}
	e := v.explains[l.Item]
	if l.Status != engine.Scored || l.Metric == nil || e == nil {
		return []string{v.in(l.Reason)}
	}
	var list []string
	for i, f := range e.Figures {
		if i == maxFigures {
			list = append(list, "…")
			break
		}
		name := f.Name
		if f.Period != v.Result.Period && !f.Period.IsZero() {
			name = v.bracket(name, f.Period.String())
		}
		list = append(list, name+" "+f.Shown.In(v.Lang))
	}
	return list
}

// parts says what a total is made of.
func (v *cardView) parts(l *engine.Line) []string {
	if l.Kind != engine.TotalItem {
		return nil
	}
	var list []string
	for i := range v.card.Lines {
		if s := &v.card.Lines[i]; s.Kind == engine.SectionItem {
			list = append(list, s.Name+" "+PointsText(v.Pack, s, v.Lang))
		}
	}
	list = append(list, v.say("扣分 ", "deductions ")+DeductionsText(v.Pack, v.card))
	if l.Uncapped == nil {
		return list
	}
	return append(list, v.in(l.Reason))
}

func (v *cardView) beforeCell(l *engine.Line) cell {
	if v.before == nil {
		return textCell(dash)
	}
	old, ok := v.before.Line(l.Item)
	switch {
	case !ok:
		return textCell(dash)
	case v.scores():
		return v.pointsCell(old)
	case old.Metric == nil:
		return textCell(dash)
	}
	return metricCell(v.Pack, metricUnit(v.Pack, l.Item), *old.Metric)
}

// shownIn writes a value in its unit, without the unit.
func shownIn(u unit.Unit, n exact.Num) cell {
	s := u.To(n).Shortest(6)
	c := cell{text: unit.Group(s), number: s, format: "#,##0"}
	if _, part, ok := strings.Cut(s, "."); ok {
		c.format += fraction(len(part))
	}
	return c
}
