package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// plain writes a number of base units in the unit, exactly where it ends within
// six decimals: 901件, 36.75亿元.
func plain(u unit.Unit, n exact.Num) string { return unit.Quantity{Value: n, Unit: u}.String() }

// amount writes a figure in a scale that is easy to read: 42.10亿元, 168件. Sums
// of money that do not come out even have two decimals, at most four.
func amount(u unit.Unit, n exact.Num) string {
	q := unit.Quantity{Value: n, Unit: u}.Natural()
	number := q.Unit.To(n)
	switch {
	case number.IsInt() || !u.IsMoney():
		return unit.Quantity{Value: roundIn(q.Unit, n, Rounding{Decimals: 4}), Unit: q.Unit}.String()
	case number.Round(2, exact.HalfUp).Equal(number):
		return q.Format(2, exact.HalfUp)
	}
	return q.Format(4, exact.HalfUp)
}

// mostShown is how many decimals a quantity shows unless told otherwise.
const mostShown = 6

// metricDecimals is how many decimals a metric is shown with if the pack does
// not say.
const metricDecimals = 4

var percent = exact.Frac(1, 100)

// MetricRounding returns how a metric in the unit is shown. The decimals of the
// pack are those of the plain number; a percent sign stands for two of them.
func (p *Pack) MetricRounding(u unit.Unit) Rounding {
	r := p.Rounding.Metrics
	if p.Rounding.MetricsRounded {
		return r
	}
	if r.Decimals == 0 && !p.Rounding.MetricsShown {
		r.Decimals = metricDecimals
	}
	if u.Dim() == "" && u.Scale().Equal(percent) {
		r.Decimals = max(r.Decimals-2, 2)
	}
	return r
}

// metricText writes a metric in its unit with the decimals of the pack, without
// trailing zeros: 3.9905 件/亿元, 98.96%.
func (p *Pack) metricText(u unit.Unit, n exact.Num) string {
	r := p.MetricRounding(u)
	q := unit.Quantity{Value: roundIn(u, n, r), Unit: u}
	if r.Decimals > mostShown {
		return q.Format(r.Decimals, r.Mode)
	}
	return q.String()
}

// shownMetric writes a metric's value; a dash if there is none.
func (t *table) shownMetric(id string, n *exact.Num) Text {
	if n == nil {
		return Text{"—", "—"}
	}
	s := t.pack.metricText(t.unitOf(id), *n)
	return Text{s, s}
}

// unitOf returns the declared unit of an id.
func (t *table) unitOf(id string) unit.Unit {
	switch d := t.declared[id].(type) {
	case *Statistic:
		return d.Unit
	case *Attribute:
		return d.Unit
	case *Metric:
		return d.Unit
	case *Benchmark:
		return d.Unit
	case *Parameter:
		return d.Unit
	}
	return unit.Unit{}
}

// show writes one input of a formula for a person.
func (t *table) show(ref formula.Ref, v formula.Value) Text {
	switch {
	case v.Status != formula.OK:
		return statusText(v.Status)
	case v.Null:
		return Text{"空", "none"}
	}
	var s string
	switch kind := t.kindOf(ref.ID); kind {
	case formula.Date:
		s = MomentText(v.Num)
	case formula.Text:
		s = v.Text
	case formula.Bool:
		return yesNo(v.Bool)
	default:
		s = t.showNumber(ref.ID, v.Num)
	}
	return Text{s, s}
}

func (t *table) showNumber(id string, n exact.Num) string {
	switch d := t.declared[id].(type) {
	case *Metric:
		return t.pack.metricText(d.Unit, n)
	case *Benchmark:
		return t.pack.metricText(d.Unit, n)
	case *Parameter:
		return plain(d.Unit, n)
	}
	return amount(t.unitOf(id), n)
}

func (t *table) kindOf(id string) formula.Kind {
	switch id {
	case idPeriodFirstDay, idPeriodLastDay, idOpened:
		return formula.Date
	case idSubjectType:
		return formula.Text
	}
	if a, ok := t.declared[id].(*Attribute); ok {
		return a.Kind
	}
	return formula.Number
}

func statusText(s formula.Status) Text {
	switch s {
	case formula.ZeroDenominator:
		return Text{"分母为零", "zero denominator"}
	case formula.TooLarge:
		return Text{"位数超出限度", "too many digits"}
	}
	return Text{"缺", "missing"}
}

func yesNo(b bool) Text {
	if b {
		return Text{"是", "yes"}
	}
	return Text{"否", "no"}
}

// dayOf turns days since 1970-01-01 back into a date.
func dayOf(n exact.Num) Date {
	days, _ := startOfDay(n).Int64()
	return Date{Year: 1970, Month: 1, Day: 1}.AddDays(int(days))
}
