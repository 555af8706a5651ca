package official

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// values compares a published figure with a computed one.
func (c *comparison) values(at int, want engine.OfficialColumn, out *Column) error {
	w := &widened{comparison: c, bounds: map[engine.Period][]*outcome{}}
	for i := range c.table.rows {
		cell := strings.TrimSpace(c.table.rows[i].cells[at])
		if cell == "" && c.byColumn { // no business in this group, or nothing to publish
			out.Of--
			continue
		}
		v := valueOf(c.results[c.rows[i].period], c.subject(i), want.With)
		printed, err := exact.Parse(strings.TrimSuffix(strings.ReplaceAll(cell, ",", ""), "%"))
		if v == nil || err != nil {
			out.Differ = append(out.Differ, c.listed(i, cell, "", Unexplained, withoutValue(c.card(i), v)))
			continue
		}
		x := shownUnit(c.pack, want.With).To(*v)
		decimals, known := printedDecimals(want.Decimals, c.rows[i].period)
		if !known && x.Equal(printed) || known && x.Round(decimals, want.Mode).Equal(printed) {
			continue
		}
		kind, reason, err := w.explain(i, cell, printed, x, decimals, want)
		if err != nil {
			return err
		}
		out.Differ = append(out.Differ, c.listed(i, cell, x.Shortest(max(decimals+2, 6)), kind, reason))
	}
	return nil
}

func withoutValue(card *engine.Scorecard, v *exact.Num) engine.Text {
	switch {
	case v != nil:
		return say("公布的不是数字", "what is published is not a number")
	case card == nil:
		return say("这一行没有可计算的数", "the row holds nothing to compute from")
	}
	return card.Reason
}

// valueOf finds a metric or the total on a scorecard; nil if it is not there.
func valueOf(o *outcome, subject, with string) *exact.Num {
	if o == nil || o.cards[subject] == nil {
		return nil
	}
	card := o.cards[subject]
	if with == "total" {
		return card.Total
	}
	for i := range card.Lines {
		l := &card.Lines[i]
		if l.Metric != nil && (l.Item == with || metricOf(o.pack.Sections, l.Item) == with) {
			return l.Metric
		}
	}
	return nil
}

// metricOf returns the metric that an indicator scores.
func metricOf(items []*engine.Item, id string) string {
	for _, it := range items {
		if it.ID == id {
			return it.Metric
		}
		if m := metricOf(it.Children, id); m != "" {
			return m
		}
	}
	return ""
}

// shownUnit is the unit in which a metric is printed.
func shownUnit(p *engine.Pack, metric string) unit.Unit {
	for _, m := range p.Metrics {
		if m.ID == metric {
			return m.Unit
		}
	}
	return unit.Unit{}
}

// printedDecimals is how many decimals the column has in the period; known is
// false if the pack does not say.
func printedDecimals(from []engine.DecimalsFrom, p engine.Period) (decimals int, known bool) {
	for _, d := range from {
		if p.Last.Year >= d.Year {
			decimals, known = d.Decimals, true
		}
	}
	return decimals, known
}

// widened evaluates periods again with the rounded inputs at the ends of what
// they may have been before they were printed.
type widened struct {
	*comparison
	bounds map[engine.Period][]*outcome
	digits map[figureColumn]int
}

// figureColumn is a column of figures in a period.
type figureColumn struct {
	statistic string
	period    engine.Period
}

// The ends, in units of the last printed digit: rounded once, and rounded to one
// digit more before.
var ends = []exact.Num{exact.Frac(-1, 2), exact.Frac(1, 2), exact.Frac(-55, 100)}

// explain says why a published figure is not the computed one. The metric must
// move in one direction with its rounded inputs, as a ratio does.
func (w *widened) explain(i int, cell string, printed, x exact.Num, decimals int, want engine.OfficialColumn) (Kind, engine.Text, error) {
	if n := decimalsOf(cell); n > decimals && x.Round(n, want.Mode).Equal(printed) {
		return OtherDecimals, say("印了 %d 位小数,其余为 %d 位;按 %[1]d 位一致", "printed with %d decimals where the rest has %d; it agrees with %[1]d", n, decimals), nil
	}
	ends, err := w.ends(row{w.subject(i), w.rows[i].period}, want.With)
	if err != nil {
		return "", engine.Text{}, err
	}
	inputs := w.inputs(i)
	half := exact.Frac(1, 2).Mul(power10(-decimals))
	low, high := printed.Sub(half), printed.Add(half)
	places := decimals + 3
	for n, kind := range []Kind{RoundedInput, RoundedTwice} {
		if inputs == "" || len(ends) < n+2 {
			break
		}
		from, to := slices.MinFunc(ends[:n+2], exact.Num.Cmp), slices.MaxFunc(ends[:n+2], exact.Num.Cmp)
		if to.Cmp(low) < 0 || from.Cmp(high) >= 0 {
			continue
		}
		if kind == RoundedInput {
			return kind, say("公布的 %s 已舍入,比值在 %s 至 %s 之间", "the printed %s is rounded: the value lies between %s and %s", inputs, from.Decimal(places, exact.Down), to.Decimal(places, exact.Up)), nil
		}
		return kind, say("公布的 %s 若先多留一位再舍入(舍入两次),比值在 %s 至 %s 之间;只舍入一次则不合", "if the printed %s was rounded twice, to one digit more first, the value lies between %s and %s; rounded once it does not reach", inputs, from.Decimal(places, exact.Down), to.Decimal(places, exact.Up)), nil
	}
	return Unexplained, say("算得 %s", "computed %s", x.Shortest(max(places, 6))), nil
}

// ends returns the metric at each end, as far as it can be computed there.
func (w *widened) ends(r row, with string) ([]exact.Num, error) {
	if w.bounds[r.period] == nil {
		for _, end := range ends {
			o, err := w.outcome(r.period, w.moved(r.period, end))
			if err != nil {
				return nil, err
			}
			w.bounds[r.period] = append(w.bounds[r.period], o)
		}
	}
	var out []exact.Num
	for _, o := range w.bounds[r.period] {
		v := valueOf(o, r.subject, with)
		if v == nil {
			break
		}
		out = append(out, shownUnit(w.pack, with).To(*v))
	}
	return out, nil
}

// moved returns the facts with every rounded figure of the period moved by end
// times the unit of its last printed digit.
func (w *widened) moved(period engine.Period, end exact.Num) *engine.Facts {
	facts := *w.facts
	facts.Figures = slices.Clone(w.facts.Figures)
	for i := range facts.Figures {
		f := &facts.Figures[i]
		if digits := w.digitsOf(f.Statistic, f.Period); f.Period == period && digits > 0 {
			f.Value = f.Value.Add(w.unitOf(f.Statistic).From(end.Mul(power10(-digits))))
		}
	}
	return &facts
}

// inputs names the rounded figures of a row as they are printed.
func (w *widened) inputs(i int) string {
	var list []string
	for _, col := range w.feed().Columns {
		if w.digitsOf(col.Statistic, w.rows[i].period) == 0 {
			continue
		}
		if at, err := w.table.column(col.Heading); err == nil {
			list = append(list, col.Heading+" "+w.table.rows[i].cells[at])
		}
	}
	return strings.Join(list, ", ")
}

// digitsOf is how many decimals a statistic is printed with in a period: the most
// that any of its figures has, since zeros at the end are not printed.
func (w *widened) digitsOf(statistic string, period engine.Period) int {
	if w.digits == nil {
		w.digits = map[figureColumn]int{}
		for i, r := range w.table.rows {
			for _, col := range w.feed().Columns {
				if at, err := w.table.column(col.Heading); err == nil {
					key := figureColumn{col.Statistic, w.rows[i].period}
					w.digits[key] = max(w.digits[key], decimalsOf(r.cells[at]))
				}
			}
		}
	}
	return w.digits[figureColumn{statistic, period}]
}

func (w *widened) feed() *engine.Feed { return feedOf(w.pack, w.official.Feed) }

// unitOf is the unit of a statistic in the file.
func (w *widened) unitOf(statistic string) unit.Unit {
	for _, col := range w.feed().Columns {
		if col.Statistic == statistic {
			return col.Unit
		}
	}
	return unit.Unit{}
}

// decimalsOf counts the decimals of a number as printed.
func decimalsOf(cell string) int {
	_, part, _ := strings.Cut(strings.TrimSuffix(strings.TrimSpace(cell), "%"), ".")
	return len(part)
}

// power10 returns 10 to the power n, which is not positive.
func power10(n int) exact.Num {
	x, err := exact.Parse("1/1" + strings.Repeat("0", -n))
	if err != nil {
		panic(fmt.Sprintf("official: 10^%d: %v", n, err))
	}
	return x
}
