package web

import (
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/internal/movement"
	"kaoping/reports"
)

// why says what moved a subject's total since another period, and what would raise
// it.
func (q *request) why() error {
	o, card, err := q.openCard()
	if err != nil {
		return err
	}
	if card.Status == engine.NotAssessed {
		return engine.ErrNotFound
	}
	p := q.resultPage(o, q.tf("%s为什么变化,怎样提高", "%s: why it moved, what would raise it", card.Name))
	p.Where.Subject = card.Subject
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: card.Name, Href: o.path("s", card.Subject)}, link{Text: q.t("变化与提高", "Changes")})
	data := struct {
		Since    []option
		Pinned   string
		Moved    *table
		Sentence string
		None     string
		Raise    *table
		Advice   []string
	}{Pinned: o.pin()}
	earlier := o.earlier(q.query("from"))
	for _, r := range o.doc.History {
		data.Since = append(data.Since, option{r.Period.String(), r.Period.Title().In(q.lang), earlier != nil && r.Period == earlier.Period})
	}
	old := cardOf(earlier, card.Subject)
	switch {
	case !o.scores():
		data.None = q.t("这个办法只排名次,不打分,没有可分解的总分。", "This scheme ranks without points; there is no total to take apart.")
	case old == nil:
		data.None = q.t("没有可比的上期结果。", "There is no earlier result to compare with.")
	default:
		if t := q.changeTable(o, old, card, earlier.Period.Title().In(q.lang), o.Stored.Period.Title().In(q.lang)); t != nil {
			data.Moved = p.add(t)
			data.Sentence = q.movedSentence(o, old, card)
		} else {
			data.None = q.t("有一期没有总分,不能分解。", "One of the periods has no total, there is nothing to take apart.")
		}
	}
	data.Raise, data.Advice = q.raiseTable(o, p, card)
	p.Data = data
	return q.render(p, "why")
}

// earlier is the result to compare with: the one of the period named, else that of
// 上期, else the latest of the history.
func (o *opened) earlier(named string) *engine.Result {
	for _, r := range o.doc.History {
		if r.Period.String() == named {
			return r
		}
	}
	if o.doc.Previous != nil {
		return o.doc.Previous
	}
	if n := len(o.doc.History); n > 0 {
		return o.doc.History[n-1]
	}
	return nil
}

func (q *request) movedSentence(o *opened, old, card *engine.Scorecard) string {
	change, ok := movement.Between(o.Pack, old, card)
	if !ok {
		return ""
	}
	var best, worst *movement.Part
	for i := range change.Parts {
		part := &change.Parts[i]
		if part.Change.Sign() > 0 && (best == nil || part.Change.Cmp(best.Change) > 0) {
			best = part
		}
		if part.Change.Sign() < 0 && (worst == nil || part.Change.Cmp(worst.Change) < 0) {
			worst = part
		}
	}
	words := []string{q.tf("总分由 %s 变为 %s,变动 %s 分;名次由 %s 变为 %s。", "The total went from %s to %s, by %s; the rank from %s to %s.", o.value(old.Total), o.value(card.Total), o.signed(change.Total), reports.RankText(old, q.lang), reports.RankText(card, q.lang))}
	if best != nil {
		words = append(words, q.tf("增加最多的是“%s”(%s)。", "Most was gained in “%s” (%s).", best.Name, o.signed(best.Change)))
	}
	if worst != nil {
		words = append(words, q.tf("减少最多的是“%s”(%s)。", "Most was lost in “%s” (%s).", worst.Name, o.signed(worst.Change)))
	}
	return strings.Join(words, q.t("", " "))
}

// changeTable takes the difference of two totals apart; nil if one has none.
func (q *request) changeTable(o *opened, old, card *engine.Scorecard, before, after string) *table {
	change, ok := movement.Between(o.Pack, old, card)
	if !ok {
		return nil
	}
	t := &table{ID: "moved", Caption: q.t("变动分解", "The change, line by line"), Columns: []column{
		{Title: q.t("指标", "Item"), Key: true}, {Title: before, Right: true}, {Title: after, Right: true}, {Title: q.t("变动", "Change"), Right: true}, {Title: q.t("图示", "Drawn"), Skip: true}, {Title: q.t("指标值", "Value"), Wide: true}, {Title: q.t("说明", "Remark")},
	}}
	greatest := change.Rest.Abs()
	for _, part := range change.Parts {
		greatest = exact.Max(greatest, part.Change.Abs())
	}
	for _, part := range change.Parts {
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(part.Name, o.path("s", card.Subject, part.Item)), txt(q.points(o, part.Before)), txt(q.points(o, part.After)),
			{Text: o.signed(part.Change), Class: signClass(part.Change)}, {SVG: barOf(part.Change, greatest)}, txt(q.metrics(o, &part)), txt(part.Note.In(q.lang)),
		}})
	}
	if !change.Rest.IsZero() {
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(q.t("其他", "Other")), {}, {}, {Text: o.signed(change.Rest), Class: signClass(change.Rest)}, {SVG: barOf(change.Rest, greatest)}, {}, txt(change.RestWhy.In(q.lang)),
		}})
	}
	t.Foot = []row{{Cells: []cell{txt(q.t("总分", "Total")), txt(o.value(&change.Before)), txt(o.value(&change.After)), {Text: o.signed(change.Total), Class: signClass(change.Total)}, {}, {}, {}}}}
	return t
}

func signClass(n exact.Num) string {
	switch n.Sign() {
	case 1:
		return "good"
	case -1:
		return "bad"
	}
	return "muted"
}

func (q *request) points(o *opened, n *exact.Num) string {
	if n == nil {
		return dash
	}
	r := o.rounding()
	return n.Decimal(r.Decimals, r.Mode)
}

func (q *request) metrics(o *opened, part *movement.Part) string {
	if part.Metric[0] == nil && part.Metric[1] == nil {
		return ""
	}
	words := []string{dash, dash}
	for i, m := range part.Metric {
		if m != nil {
			words[i] = o.metricText(part.Item, *m)
		}
	}
	return words[0] + " → " + words[1]
}

// raiseTable lists the points still to gain, the most first, and says in sentences
// what gains a rank.
func (q *request) raiseTable(o *opened, p *page, card *engine.Scorecard) (*table, []string) {
	raise, ok := movement.RaiseOf(o.Pack, o.Result, card)
	if !ok {
		return nil, nil
	}
	t := &table{ID: "raise", Caption: q.t("还能得多少分", "Points still to gain"), Empty: q.t("各项都已满分,没有扣分。", "Every line has its full points and nothing is taken off."), Columns: []column{
		{Title: q.t("指标", "Item"), Key: true}, {Title: q.t("现得分", "Now"), Right: true}, {Title: q.t("最多", "At most"), Right: true}, {Title: q.t("还能得", "To gain"), Right: true}, {Title: q.t("现指标值", "Value now"), Right: true}, {Title: q.t("单靠此项升一名", "This alone gains a rank"), Wide: true},
	}}
	for i := range raise.Gains {
		g := &raise.Gains[i]
		value, enough := "", dash
		if g.Metric != nil {
			value = o.metricText(g.Item, *g.Metric)
		}
		if g.Enough {
			enough = q.tf("再得 %s 分即可", "%s more points do", raise.Need.Shortest(4))
			if g.Target != nil {
				enough += q.tf(",指标值约需达到 %s(同业基准不变时)", "; the value has to reach about %s (while the benchmarks stay)", o.metricText(g.Item, *g.Target))
			}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(g.Name, o.path("s", card.Subject, g.Item)), txt(q.points(o, &g.Now)), txt(q.points(o, &g.Most)), {Text: o.signed(g.Points), Class: "good strong"}, txt(value), txt(enough),
		}})
	}
	if len(t.Rows) > 0 {
		t.Foot = []row{{Cells: []cell{txt(q.t("合计", "Sum")), {}, {}, txt(o.signed(raise.Sum)), {}, {}}}}
	}
	var advice []string
	if raise.Next != nil {
		advice = append(advice, q.tf("前一名是 %s(第 %s 名);再得 %s 分与其并列,多于此数即超过。", "Next ahead is %s (rank %s); %s more points draw level, more than that pass it.", q.nameOf(o, raise.Next), reports.RankText(raise.Next, q.lang), raise.Need.Shortest(4)))
	} else if card.Rank == 1 {
		advice = append(advice, q.t("已是第 1 名。", "It stands first."))
	}
	return p.add(t), advice
}
