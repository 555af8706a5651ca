package engine

import "kaoping/engine/formula"

// MetricItem is a line that only shows a value: a metric of a pack that ranks
// and gives no points.
const MetricItem ItemKind = "metric"

// lines appends an item's line and those of what it contains, in the order of
// the pack.
func (e *Evaluation) lines(lines []Line, o *outcome, parent string) []Line {
	lines = append(lines, e.line(o, parent))
	for _, c := range o.children {
		lines = e.lines(lines, c, o.item.ID)
	}
	return lines
}

func (e *Evaluation) line(o *outcome, parent string) Line {
	l := Line{
		Kind: o.item.Kind, Item: o.item.ID, Name: o.item.Name, Parent: parent,
		Status: o.status, Metric: o.metric, MetricRank: o.rank,
		FullPoints: o.full, Uncapped: o.uncapped, Cases: o.cases, Reason: o.reason,
	}
	if o.item.Adds {
		l.Kind = AdditionItem
	}
	if o.status == Scored {
		points := o.points
		l.Points = &points
	}
	if l.Status == Scored && l.Reason.IsZero() {
		l.Reason = reasonScored(e.table.shownMetric(o.item.Metric, o.metric), o.points, o.full)
	}
	return l
}

// metricsOnly fills in the card of a pack without points: a line for each
// metric. The card is scored if the value it is ranked by is there.
func (e *Evaluation) metricsOnly(card *Scorecard, row int) error {
	card.Status = Scored
	for i := range e.pack.Metrics {
		l, err := e.metricLine(&e.pack.Metrics[i], row)
		if err != nil {
			return err
		}
		card.Lines = append(card.Lines, l)
		if l.Item == e.pack.Ranking.By.ID {
			card.Status, card.Reason = l.Status, l.Reason
		}
	}
	return e.rankedFigure(card, row)
}

// rankedFigure holds the card if the pack ranks a figure that is missing.
func (e *Evaluation) rankedFigure(card *Scorecard, row int) error {
	s, ok := e.table.declared[e.pack.Ranking.By.ID].(*Statistic)
	if !ok {
		return nil
	}
	column, err := e.table.column(s.ID, e.period)
	if err != nil {
		return err
	}
	if column.At(row).Status != formula.OK {
		card.Status, card.Reason = Held, e.table.leafGap(s.ID, e.period, row)
	}
	return nil
}

func (e *Evaluation) metricLine(m *Metric, row int) (Line, error) {
	l := Line{Kind: MetricItem, Item: m.ID, Name: m.Name, Status: Scored}
	column, err := e.table.scored(m.ID)
	if err != nil {
		return l, err
	}
	v := column.At(row)
	switch v.Status {
	case formula.OK:
		l.Metric = &v.Num
		l.Reason = reasonValue(e.table.shownMetric(m.ID, &v.Num))
	case formula.Missing:
		l.Status, l.Reason = Held, e.table.metricGap(m.ID, row)
	case formula.ZeroDenominator:
		l.Status, l.Reason = NotComputable, e.table.metricZero(m.ID, row)
	default:
		l.Status, l.Reason = NotComputable, reasonTooLarge(m.Name)
	}
	return l, nil
}
