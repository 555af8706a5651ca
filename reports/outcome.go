package reports

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// What a result leads to beside points: ratings with their steps, consequences,
// and what the rules about single cases found. A pack without such rules has none
// of these sheets and columns.

// rates reports whether the pack gives ratings.
func (d *Document) rates() bool { return d.Pack.Ratings != nil }

// draws reports whether results have consequences.
func (d *Document) draws() bool { return len(d.Pack.Consequences) > 0 }

// finds reports whether rules look at single cases or compare figures, penalties
// apart.
func (d *Document) finds() bool {
	r := &d.Pack.Records
	return len(d.Pack.CrossChecks)+len(r.TimeLimits)+len(r.RedFlags)+len(r.Samples) > 0
}

// fines reports whether there are penalties.
func (d *Document) fines() bool { return len(d.Pack.Records.Penalties) > 0 }

// findingsOf lists the findings about the subjects of cards and the units counted
// with them, and, if shared, those that are about several subjects at once.
func (d *Document) findingsOf(cards []*engine.Scorecard, shared bool) (found, fined []*engine.Finding) {
	codes := map[string]bool{}
	for _, c := range cards {
		codes[c.Subject] = true
		for _, unit := range c.Merged {
			codes[unit] = true
		}
	}
	for i := range d.Result.Findings {
		f := &d.Result.Findings[i]
		switch {
		case f.Subject != "" && !codes[f.Subject], f.Subject == "" && !shared:
		case f.Kind == engine.PenaltyFinding:
			fined = append(fined, f)
		case f.Kind != engine.GapFinding:
			found = append(found, f)
		default: // a register that was not delivered leaves all rules on it in the dark
			if d.looksForFindings(f.Register) {
				found = append(found, f)
			}
			if d.looksForPenalties(f.Register) {
				fined = append(fined, f)
			}
		}
	}
	return found, fined
}

func (d *Document) looksForPenalties(register string) bool {
	return slices.ContainsFunc(d.Pack.Records.Penalties, func(p engine.Penalty) bool { return p.Register == register })
}

func (d *Document) looksForFindings(register string) bool {
	r := &d.Pack.Records
	return slices.ContainsFunc(r.TimeLimits, func(l engine.TimeLimit) bool { return l.Register == register }) ||
		slices.ContainsFunc(r.RedFlags, func(f engine.RedFlag) bool { return f.Register == register }) ||
		slices.ContainsFunc(r.Samples, func(s engine.Sample) bool { return s.Register == register })
}

// RatingText is the final rating with the computed one beside it where they
// differ: B(计算等级 A); a dash if there is none.
func RatingText(c *engine.Scorecard, lang engine.Lang) string {
	switch {
	case c.Rating == "":
		return dash
	case c.Rating == c.ComputedRating:
		return c.Rating
	}
	computed := c.ComputedRating
	if computed == "" {
		computed = dash
	}
	return engine.Text{ZH: c.Rating + "(计算等级 " + computed + ")", EN: c.Rating + " (computed " + computed + ")"}.In(lang)
}

// ConsequencesText lists what follows from a scorecard: 约谈、晋升.
func ConsequencesText(c *engine.Scorecard, lang engine.Lang) string {
	var names []string
	for _, q := range c.Consequences {
		names = append(names, q.Name)
	}
	return strings.Join(names, engine.Text{ZH: "、", EN: ", "}.In(lang))
}

// StateText says in words what is the matter with a finding.
func StateText(f *engine.Finding, lang engine.Lang) string {
	words := map[engine.FindingState]engine.Text{
		engine.Late: {ZH: "超时", EN: "late"}, engine.Overdue: {ZH: "逾期未结", EN: "overdue"},
		engine.TargetMissed: {ZH: "未达目标", EN: "target missed"}, engine.Unknown: {ZH: "不能判断", EN: "unknown"},
	}
	switch {
	case f.State != "":
		return words[f.State].In(lang)
	case f.Kind == engine.RedFlagFinding:
		return engine.Text{ZH: "可疑", EN: "red flag"}.In(lang)
	case f.Kind == engine.CrossCheckFinding:
		return engine.Text{ZH: "数据不符", EN: "figures disagree"}.In(lang)
	case f.Kind == engine.SampleFinding:
		return engine.Text{ZH: "抽查不足", EN: "too few checked"}.In(lang)
	}
	return string(f.Kind)
}

// kindOfFinding says which sort of rule made a finding.
func (d *Document) kindOfFinding(f *engine.Finding) string {
	words := map[engine.FindingKind]engine.Text{
		engine.TimeLimitFinding: {ZH: "时限", EN: "time limit"}, engine.RedFlagFinding: {ZH: "可疑信号", EN: "red flag"},
		engine.CrossCheckFinding: {ZH: "数据核对", EN: "cross-check"}, engine.SampleFinding: {ZH: "抽查", EN: "sample"}, engine.PenaltyFinding: {ZH: "处罚", EN: "penalty"}, engine.GapFinding: {ZH: "未报数据", EN: "not delivered"},
	}
	return d.in(words[f.Kind])
}

// amountCell writes yuan to the fen, or with all decimals there are.
func amountCell(n *exact.Num) cell {
	if n == nil {
		return textCell(dash)
	}
	if n.Round(2, exact.HalfUp).Equal(*n) {
		return decimalCell(*n, engine.Rounding{Decimals: 2})
	}
	return decimalOf(*n)
}

// sumOf adds the amounts of penalties; nil if none of them has one.
func sumOf(fined []*engine.Finding) *exact.Num {
	var sum *exact.Num
	for _, f := range fined {
		if f.Amount != nil {
			total := *f.Amount
			if sum != nil {
				total = sum.Add(total)
			}
			sum = &total
		}
	}
	return sum
}

// outcomeSheets are the sheets about ratings, consequences, findings and
// penalties of some cards, as far as the pack has them.
func (d *Document) outcomeSheets(head []headLine, cards []*engine.Scorecard, shared bool) []*sheet {
	var out []*sheet
	if d.rates() || d.draws() {
		out = append(out, d.ratingSheet(head, cards))
	}
	found, fined := d.findingsOf(cards, shared)
	if d.finds() {
		out = append(out, d.findingSheet(head, found))
	}
	if d.fines() {
		out = append(out, d.penaltySheet(head, fined))
	}
	return out
}

// ratingSheet is 等级与运用: the computed and the final rating, each step between
// them, and what follows.
func (d *Document) ratingSheet(head []headLine, cards []*engine.Scorecard) *sheet {
	title := d.heading("等级与结果运用", "ratings and consequences")
	s := &sheet{name: d.say("等级与运用", "Ratings"), title: title, head: head, freeze: 3, filter: true}
	if d.rates() {
		s.tables = append(s.tables, d.ratingTable(cards), d.stepTable(cards))
	}
	if d.draws() {
		s.tables = append(s.tables, d.consequenceTable(cards))
	}
	s.tables[0].caption = ""
	return s
}

// whoColumns say whom a row is about; the tables of a sheet share their widths.
func (d *Document) whoColumns() []column {
	return []column{
		{title: d.say("序号", "no."), width: 6, center: true},
		{title: d.say("机构编码", "code"), width: 12},
		{title: d.say("机构名称", "name"), width: 28, key: true},
	}
}

func who(n int, c *engine.Scorecard) []cell {
	return []cell{countCell(n), textCell(c.Subject), textCell(c.Name)}
}

func (d *Document) ratingTable(cards []*engine.Scorecard) *table {
	t := &table{
		columns: append(d.whoColumns(),
			column{title: d.say("计算等级", "computed rating"), width: 16, center: true},
			column{title: d.say("最终等级", "final rating"), width: 16, center: true},
			column{title: d.say("由来", "how it came about"), width: 60},
			column{title: d.say("依据", "clause"), width: 20}),
		empty: d.say("没有参评对象。", "Nobody was assessed."),
	}
	for i, c := range cards {
		t.rows = append(t.rows, row{cells: append(who(i+1, c),
			textCell(orDash(c.ComputedRating)), textCell(orDash(c.Rating)), textCell(d.in(c.RatingReason)), textCell(d.Pack.Ratings.Cite))})
	}
	return t
}

func (d *Document) stepTable(cards []*engine.Scorecard) *table {
	t := &table{
		caption: d.say("等级调整", "What changed a rating"),
		columns: append(d.whoColumns(),
			column{title: d.say("调整前", "from"), center: true},
			column{title: d.say("调整后", "to"), center: true},
			column{title: d.say("原因", "reason")},
			column{title: d.say("依据", "clause")}),
		empty: d.say("没有调整。", "Nothing changed a rating."),
	}
	for _, c := range cards {
		for _, s := range c.RatingSteps {
			t.rows = append(t.rows, row{cells: append(who(len(t.rows)+1, c), textCell(s.From), textCell(s.To), textCell(d.in(s.Reason)), textCell(s.Cite))})
		}
	}
	return t
}

func (d *Document) consequenceTable(cards []*engine.Scorecard) *table {
	t := &table{
		caption: d.say("结果运用", "Consequences"),
		columns: append(d.whoColumns(),
			column{title: d.say("结果运用", "consequence"), width: 16},
			column{title: d.say("等级", "rating"), width: 16, center: true},
			column{title: d.say("措施", "measure"), width: 60},
			column{title: d.say("依据", "clause"), width: 20}),
		empty: d.say("没有。", "There are none."),
	}
	for _, c := range cards {
		for _, q := range c.Consequences {
			t.rows = append(t.rows, row{cells: append(who(len(t.rows)+1, c), textCell(q.Name), textCell(orDash(c.Rating)), textCell(q.Measure), textCell(q.Cite))})
		}
	}
	return t
}

// findingSheet is 发现问题: late cases, red flags, samples too small.
func (d *Document) findingSheet(head []headLine, found []*engine.Finding) *sheet {
	t := &table{
		columns: []column{
			{title: d.say("序号", "no."), width: 6, center: true},
			{title: d.say("类别", "kind"), width: 10},
			{title: d.say("规则", "rule"), width: 20, key: true},
			{title: d.say("情况", "state"), width: 10},
			{title: d.say("机构编码", "code"), width: 11},
			{title: d.say("机构名称", "name"), width: 22},
			{title: d.say("记录", "records"), width: 20},
			{title: d.say("截止", "due"), width: 17},
			{title: d.say("超过(天)", "days late"), width: 9, right: true},
			{title: d.say("说明", "reason"), width: 46},
			{title: d.say("依据", "clause"), width: 16},
		},
		empty: d.say("没有发现。", "Nothing was found."),
	}
	for i, f := range found {
		t.rows = append(t.rows, row{cells: append([]cell{countCell(i + 1), textCell(d.kindOfFinding(f))}, d.findingCells(f)...)})
	}
	return &sheet{
		name: d.say("发现问题", "Findings"), title: d.heading("发现问题", "findings"), head: head, tables: []*table{t}, freeze: 3, filter: true,
	}
}

func (d *Document) findingCells(f *engine.Finding) []cell {
	late := textCell(dash)
	if f.Late != nil {
		late = decimalCell(*f.Late, engine.Rounding{Decimals: 2})
	}
	return []cell{
		textCell(f.Name), textCell(StateText(f, d.Lang)), textCell(orDash(f.Subject)), textCell(orDash(d.nameOf(f.Subject))),
		textCell(d.list(f.Records)), textCell(orDash(f.Due)), late, textCell(d.in(f.Reason)), textCell(f.Cite),
	}
}

// nameOf finds the name of a subject.

func (d *Document) nameOf(code string) string {
	if card, ok := d.Result.Card(code); ok {
		return card.Name
	}
	return ""
}

// penaltySheet is 处罚: each penalty, then the sum for each person.
func (d *Document) penaltySheet(head []headLine, fined []*engine.Finding) *sheet {
	t := &table{
		columns: []column{
			{title: d.say("序号", "no."), width: 6, center: true},
			{title: d.say("规则", "rule"), width: 16},
			{title: d.say("机构编码", "code"), width: 11},
			{title: d.say("记录", "record"), width: 14},
			{title: d.say("关系", "relation"), width: 16},
			{title: d.say("工号", "person"), width: 10},
			{title: d.say("姓名", "name"), width: 10, key: true},
			{title: d.say("部门", "unit"), width: 14},
			{title: d.say("处理", "measure"), width: 16},
			{title: d.say("金额(元)", "amount (yuan)"), width: 11, right: true},
			{title: d.say("说明", "reason"), width: 44},
			{title: d.say("依据", "clause"), width: 16},
		},
		empty: d.say("没有处罚。", "There are no penalties."),
	}
	for i, f := range fined {
		t.rows = append(t.rows, row{cells: []cell{
			countCell(i + 1), textCell(f.Name), textCell(orDash(f.Subject)), textCell(d.list(f.Records)), textCell(orDash(f.Relation)), textCell(orDash(f.Person)),
			textCell(orDash(f.Named)), textCell(orDash(f.Unit)), textCell(orDash(f.Measure)), amountCell(f.Amount), textCell(d.in(f.Reason)), textCell(f.Cite),
		}})
	}
	return &sheet{
		name: d.say("处罚", "Penalties"), title: d.heading("处罚", "penalties"), head: head, tables: []*table{t, d.perPerson(fined)}, sign: d.signatures(), freeze: 3, filter: true,
	}
}

// perPerson adds up what each person has to pay, in the order in which they come.
// What is owed by nobody yet stands apart.
func (d *Document) perPerson(fined []*engine.Finding) *table {
	t := &table{
		caption: d.say("每人合计", "For each person"),
		columns: []column{
			{title: d.say("序号", "no."), center: true},
			{title: d.say("工号", "person")},
			{title: d.say("姓名", "name"), key: true},
			{title: d.say("件数", "cases"), right: true},
			{title: d.say("金额合计(元)", "in all (yuan)"), right: true},
		},
		empty: d.say("没有处罚。", "There are no penalties."),
	}
	var order []string
	people := map[string][]*engine.Finding{}
	for _, f := range fined {
		if f.Kind != engine.PenaltyFinding {
			continue
		}
		if people[f.Person] == nil {
			order = append(order, f.Person)
		}
		people[f.Person] = append(people[f.Person], f)
	}
	for _, person := range order {
		name := people[person][0].Named
		if person == "" {
			name = d.say("未查明", "nobody known")
		}
		t.rows = append(t.rows, row{cells: []cell{
			countCell(len(t.rows) + 1), textCell(orDash(person)), textCell(name), countCell(len(people[person])), amountCell(sumOf(people[person])),
		}})
	}
	return t
}
