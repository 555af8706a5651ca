package web

import (
	"fmt"
	"html/template"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
	"kaoping/internal/movement"
)

// peerStrip draws the peers' values on a line, the subject's own filled.
func (q *request) peerStrip(o *opened, c *engine.Scorecard, e *engine.Explanation) template.HTML {
	var list []*exact.Num
	for _, v := range e.PeerValues {
		list = append(list, v.Value)
	}
	low, high, known := span(list)
	if known < 2 || low.Equal(high) {
		return ""
	}
	x := scale{low, high, 40, 480}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 520 84" width="520" height="84" role="img" aria-label="%s">`, template.HTMLEscapeString(q.t("同业各家的数值,数字见同业比较表", "the peers' values; the figures are in the table of peers")))
	b.WriteString(`<line x1="40" y1="44" x2="480" y2="44" stroke="#8896a6"/>`)
	var own string
	for _, v := range e.PeerValues {
		if v.Value == nil {
			continue
		}
		text := q.lineValue(o, &e.Line, *v.Value)
		if v.Subject == c.Subject {
			own = fmt.Sprintf(`<circle cx="%s" cy="44" r="7" fill="#9c1f1f"><title>%s</title></circle>%s`, x.at(*v.Value), template.HTMLEscapeString(v.Name+" "+text), label(x.at(*v.Value), "24", "middle", "12", text))
			continue
		}
		fmt.Fprintf(&b, `<circle cx="%s" cy="44" r="5" fill="#24507f" fill-opacity="0.55"><title>%s</title></circle>`,
			x.at(*v.Value), template.HTMLEscapeString(v.Name+" "+text))
	}
	b.WriteString(own)
	b.WriteString(label("40", "74", "middle", "11", q.lineValue(o, &e.Line, low)))
	b.WriteString(label("480", "74", "middle", "11", q.lineValue(o, &e.Line, high)))
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// lineValue writes a value of the kind that the peers of a line have: a metric, or
// points of the total.
func (q *request) lineValue(o *opened, l *engine.Line, n exact.Num) string {
	if l.Kind == engine.TotalItem {
		return o.value(&n)
	}
	return o.metricText(l.Item, n)
}

// metricText writes a metric with its unit, as the pack rounds it.
func (o *opened) metricText(item string, n exact.Num) string {
	m := o.metricOf(item)
	if m == nil {
		return n.Shortest(4)
	}
	r := o.Pack.MetricRounding(m.Unit)
	return unit.Quantity{Value: n, Unit: m.Unit}.Format(r.Decimals, r.Mode)
}

// metricOf is the metric that a line shows.
func (o *opened) metricOf(item string) *engine.Metric {
	if it := findItem(o.Pack.Sections, item); it != nil {
		item = it.Metric
	}
	for i := range o.Pack.Metrics {
		if o.Pack.Metrics[i].ID == item {
			return &o.Pack.Metrics[i]
		}
	}
	return nil
}

// curve draws the award curve of an indicator with the subject's point on it. It
// draws only scales that are a line between values known for the peer group.
func (q *request) curve(o *opened, c *engine.Scorecard, e *engine.Explanation) template.HTML {
	curve := movement.CurveOf(o.Result, findItem(o.Pack.Sections, e.Line.Item), c.PeerGroup, e.Line.FullPoints)
	if curve == nil || e.Line.Metric == nil {
		return ""
	}
	first, last, metric := curve[0], curve[len(curve)-1], *e.Line.Metric
	top := exact.Int(0)
	for _, corner := range curve {
		top = exact.Max(top, corner.Points)
	}
	if top.IsZero() {
		return ""
	}
	margin := last.At.Sub(first.At).Quo(exact.Int(5))
	x := scale{exact.Min(first.At, metric).Sub(margin), exact.Max(last.At, metric).Add(margin), 40, 480}
	y := scale{exact.Int(0), top, 150, 24}
	points := []string{"40.0," + y.at(first.Points)}
	for _, corner := range curve {
		points = append(points, x.at(corner.At)+","+y.at(corner.Points))
	}
	points = append(points, "480.0,"+y.at(last.Points))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 520 190" width="520" height="190" role="img" aria-label="%s">`, template.HTMLEscapeString(q.t("评分曲线和本机构的位置:", "the award curve and where this subject is: ")+e.Scale.In(q.lang)))
	b.WriteString(`<line x1="40" y1="150" x2="480" y2="150" stroke="#8896a6"/><line x1="40" y1="20" x2="40" y2="150" stroke="#8896a6"/>`)
	fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="#24507f" stroke-width="2"/>`, strings.Join(points, " "))
	for _, corner := range curve {
		b.WriteString(label(x.at(corner.At), "168", "middle", "11", o.metricText(e.Line.Item, corner.At)))
	}
	b.WriteString(label("34", "28", "end", "11", top.Shortest(2)))
	b.WriteString(label("34", "154", "end", "11", "0"))
	if e.Line.Status == engine.Scored {
		px, py := x.at(metric), y.at(curve.Points(metric))
		fmt.Fprintf(&b, `<line x1="%s" y1="150" x2="%s" y2="%s" stroke="#9c1f1f" stroke-dasharray="3 3"/><circle cx="%s" cy="%s" r="5.5" fill="#9c1f1f"/>`, px, px, py, px, py)
		b.WriteString(label(px, "186", "middle", "11", o.metricText(e.Line.Item, metric)))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// trendLine is one series of a trend chart.
type trendLine struct {
	Name   string
	Values []*exact.Num
}

// trendColours tell lines apart together with the shape of their marks.
var trendColours = []string{"#9c1f1f", "#24507f", "#1a6b30", "#8a4b00"}

// trendChart draws series over the periods, with the figures written at the
// points: it prints, and nobody has to guess. ranks turns the axis over.
func (q *request) trendChart(o *opened, lines []trendLine, ranks bool) template.HTML {
	var lists [][]*exact.Num
	for _, l := range lines {
		lists = append(lists, l.Values)
	}
	low, high, known := span(lists...)
	periods := o.timeline()
	if known < 2 || len(periods) < 2 {
		return ""
	}
	x := scale{exact.Int(0), exact.Int(int64(len(periods) - 1)), 60, 460}
	y := scale{low, high, 140, 34}
	if ranks {
		y = scale{low, high, 34, 140}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 520 180" width="520" height="180" role="img" aria-label="%s">`, template.HTMLEscapeString(q.t("历期走势,数字写在各点上", "the trend; figures stand at the points")))
	b.WriteString(`<line x1="40" y1="152" x2="480" y2="152" stroke="#8896a6"/>`)
	for i, r := range periods {
		b.WriteString(label(x.at(exact.Int(int64(i))), "170", "middle", "11", r.Period.String()))
	}
	for n, l := range lines {
		colour := trendColours[n%len(trendColours)]
		b.WriteString(polylines(l.Values, x, y, colour, "2"))
		for i, v := range l.Values {
			if v == nil {
				continue
			}
			px, py := x.at(exact.Int(int64(i))), y.at(*v)
			b.WriteString(mark(n, px, py, colour))
			if len(lines) == 1 || i == len(l.Values)-1 {
				up := y
				up.from, up.to = y.from-9, y.to-9
				b.WriteString(label(px, up.at(*v), "middle", "11", v.Decimal(decimalsOf(o, ranks), exact.HalfUp)))
			}
		}
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

func decimalsOf(o *opened, ranks bool) int {
	switch {
	case ranks:
		return 0
	case o.scores():
		return o.rounding().Decimals
	}
	return 4
}

// mark is a point of a series: each has a shape of its own.
func mark(n int, x, y, colour string) string {
	switch n % 4 {
	case 1:
		return fmt.Sprintf(`<path d="M%s %s m-4 -4 h8 v8 h-8 z" fill="%s"/>`, x, y, colour)
	case 2:
		return fmt.Sprintf(`<path d="M%s %s m0 -5 l5 9 h-10 z" fill="%s"/>`, x, y, colour)
	case 3:
		return fmt.Sprintf(`<path d="M%s %s m0 -5 l5 5 l-5 5 l-5 -5 z" fill="%s"/>`, x, y, colour)
	}
	return fmt.Sprintf(`<circle cx="%s" cy="%s" r="4" fill="%s"/>`, x, y, colour)
}
