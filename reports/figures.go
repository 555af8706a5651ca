package reports

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// How numbers are written, in files as on the terminal.

// pointsRounding is how points are shown: as the pack rounds them, otherwise
// with two decimals.
func pointsRounding(p *engine.Pack) engine.Rounding {
	if p.Rounding.RoundPoints {
		return p.Rounding.Points
	}
	return engine.Rounding{Decimals: 2}
}

func isPercent(u unit.Unit) bool { return u.Dim() == "" && u.Scale().Equal(exact.Frac(1, 100)) }

// metricOf returns the metric that a line shows: that of its indicator, or the
// metric itself in a pack without points.
func metricOf(p *engine.Pack, item string) *engine.Metric {
	if it := findItem(p.Sections, item); it != nil {
		item = it.Metric
	}
	for i := range p.Metrics {
		if p.Metrics[i].ID == item {
			return &p.Metrics[i]
		}
	}
	return nil
}

func findItem(items []*engine.Item, id string) *engine.Item {
	for _, it := range items {
		if it.ID == id {
			return it
		}
		if found := findItem(it.Children, id); found != nil {
			return found
		}
	}
	return nil
}

// noValue is what stands in place of points: 不适用 where the line does not
// count, a dash where something is missing.
func noValue(s engine.Status, lang engine.Lang) string {
	if s == engine.LeftOut || s == engine.NotAssessed {
		return engine.Text{ZH: "不适用", EN: "n/a"}.In(lang)
	}
	return dash
}

// PointsText writes the points of a line: 20.00, -1.00, 不适用 or a dash.
func PointsText(p *engine.Pack, l *engine.Line, lang engine.Lang) string {
	if l.Points == nil {
		return noValue(l.Status, lang)
	}
	r := pointsRounding(p)
	return l.Points.Decimal(r.Decimals, r.Mode)
}

// FullPointsText writes the full points in force for the line; a dash if it can
// earn none.
func FullPointsText(p *engine.Pack, l *engine.Line) string {
	if l.FullPoints.IsZero() {
		return dash
	}
	r := pointsRounding(p)
	return l.FullPoints.Decimal(r.Decimals, r.Mode)
}

// MetricText writes the metric of a line with its unit: 3.9905 件/亿元.
func MetricText(p *engine.Pack, l *engine.Line, lang engine.Lang) string {
	if l.Metric == nil {
		if l.Kind == engine.IndicatorItem {
			return noValue(l.Status, lang)
		}
		return dash
	}
	return quantityText(p, metricUnit(p, l.Item), *l.Metric)
}

func metricUnit(p *engine.Pack, item string) unit.Unit {
	if m := metricOf(p, item); m != nil {
		return m.Unit
	}
	return unit.Unit{}
}

func quantityText(p *engine.Pack, u unit.Unit, value exact.Num) string {
	r := p.MetricRounding(u)
	return unit.Quantity{Value: value, Unit: u}.Format(r.Decimals, r.Mode)
}

// RankText writes a rank: 3, 并列3, or a dash for a subject without one.
func RankText(c *engine.Scorecard, lang engine.Lang) string {
	switch {
	case c.Rank == 0:
		return dash
	case c.Tied:
		return fmt.Sprintf(engine.Text{ZH: "并列%d", EN: "tied %d"}.In(lang), c.Rank)
	}
	return fmt.Sprint(c.Rank)
}

// RankValue writes the value that a subject is ranked by, with its unit.
func RankValue(p *engine.Pack, c *engine.Scorecard, lang engine.Lang) string {
	switch {
	case c.RankBy == nil:
		return noValue(c.Status, lang)
	case p.Total != nil && c.Total != nil:
		r := pointsRounding(p)
		return c.Total.Decimal(r.Decimals, r.Mode)
	}
	return quantityText(p, rankUnit(p), *c.RankBy)
}

// rankUnit is the unit of the value ranked by.
func rankUnit(p *engine.Pack) unit.Unit {
	for _, s := range p.Statistics {
		if s.ID == p.Ranking.By.ID {
			return s.Unit
		}
	}
	return metricUnit(p, p.Ranking.By.ID)
}

// deductions adds up what the deductions of a scorecard took off; ok is false
// if one of them has no result or the card has no lines at all.
func deductions(c *engine.Scorecard) (sum exact.Num, ok bool) {
	if len(c.Lines) == 0 {
		return exact.Num{}, false
	}
	for i := range c.Lines {
		l := &c.Lines[i]
		if !l.Kind.OfCases() {
			continue
		}
		if l.Points == nil {
			return exact.Num{}, false
		}
		sum = sum.Add(*l.Points)
	}
	return sum, true
}

// DeductionsText writes the sum of a scorecard's deductions: -3.00.
func DeductionsText(p *engine.Pack, c *engine.Scorecard) string {
	sum, ok := deductions(c)
	if !ok {
		return dash
	}
	r := pointsRounding(p)
	return sum.Decimal(r.Decimals, r.Mode)
}

// FieldsText writes the fields of a record in the order of its register:
// 险种=车险;是否属实=是.
func FieldsText(p *engine.Pack, r engine.Record, lang engine.Lang) string {
	var parts []string
	for _, reg := range p.Registers {
		if reg.ID != r.Register {
			continue
		}
		for _, f := range reg.Fields {
			if v, ok := r.Fields[f.ID]; ok && !v.Null && v.Status == formula.OK {
				parts = append(parts, f.Name+"="+valueText(f.Kind, f.Unit, v, lang))
			}
		}
	}
	return strings.Join(parts, engine.Text{ZH: ";", EN: "; "}.In(lang))
}

func valueText(kind formula.Kind, u unit.Unit, v formula.Value, lang engine.Lang) string {
	switch kind {
	case formula.Text:
		return v.Text
	case formula.Bool:
		if v.Bool {
			return engine.Text{ZH: "是", EN: "yes"}.In(lang)
		}
		return engine.Text{ZH: "否", EN: "no"}.In(lang)
	case formula.Date:
		return engine.MomentText(v.Num)
	}
	return unit.Quantity{Value: v.Num, Unit: u}.String()
}

// AnswerText writes a reviewer's answer: 是, 否, 部分, 不适用.
func AnswerText(a engine.Answer, lang engine.Lang) string {
	switch a {
	case engine.Yes:
		return engine.Text{ZH: "是", EN: "yes"}.In(lang)
	case engine.No:
		return engine.Text{ZH: "否", EN: "no"}.In(lang)
	case engine.Partly:
		return engine.Text{ZH: "部分", EN: "partly"}.In(lang)
	case engine.NotApplicable:
		return engine.Text{ZH: "不适用", EN: "n/a"}.In(lang)
	}
	return dash
}

// StatusText writes the outcome of a line in words.
func StatusText(s engine.Status, lang engine.Lang) string {
	zh := map[engine.Status]string{
		engine.Scored: "已评分", engine.LeftOut: "不计分", engine.Held: "暂缓",
		engine.NotAssessed: "未参评", engine.NotComputable: "不能计算",
	}
	return engine.Text{ZH: zh[s], EN: string(s)}.In(lang)
}
