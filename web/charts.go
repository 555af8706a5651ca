package web

import (
	"fmt"
	"html/template"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
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
		fmt.Fprintf(&b, `<a href="%s"><circle cx="%s" cy="44" r="5" fill="#24507f" fill-opacity="0.55"><title>%s</title></circle></a>`,
			template.HTMLEscapeString(o.path("s", v.Subject, e.Line.Item)), x.at(*v.Value), template.HTMLEscapeString(v.Name+" "+text))
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
	it := findItem(o.Pack.Sections, e.Line.Item)
	if it == nil || it.Scale == nil || e.Line.Metric == nil || it.Scale.CompareWith != "" {
		return ""
	}
	anchors := o.anchors(it, c.PeerGroup)
	if len(anchors) < 2 {
		return ""
	}
	var xs []*exact.Num
	top := exact.Int(0)
	for i := range anchors {
		xs = append(xs, &anchors[i].At.Value)
		top = exact.Max(top, anchors[i].Points)
	}
	low, high, _ := span(xs)
	if low.Equal(high) || top.IsZero() {
		return ""
	}
	margin := high.Sub(low).Quo(exact.Int(5))
	metric := *e.Line.Metric
	view := scale{exact.Min(low, metric).Sub(margin), exact.Max(high, metric).Add(margin), 40, 480}
	y := scale{exact.Int(0), top, 150, 24}
	var points []string
	points = append(points, "40,"+y.at(firstBy(anchors, low)))
	for _, a := range sortedAnchors(anchors) {
		points = append(points, view.at(a.At.Value)+","+y.at(a.Points))
	}
	points = append(points, "480,"+y.at(firstBy(anchors, high)))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 520 190" width="520" height="190" role="img" aria-label="%s">`, template.HTMLEscapeString(q.t("评分曲线和本机构的位置:", "the award curve and where this subject is: ")+e.Scale.In(q.lang)))
	b.WriteString(`<line x1="40" y1="150" x2="480" y2="150" stroke="#8896a6"/><line x1="40" y1="20" x2="40" y2="150" stroke="#8896a6"/>`)
	fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="#24507f" stroke-width="2"/>`, strings.Join(points, " "))
	for _, a := range anchors {
		b.WriteString(label(view.at(a.At.Value), "168", "middle", "11", o.metricText(e.Line.Item, a.At.Value)))
	}
	b.WriteString(label("34", "28", "end", "11", top.Shortest(2)))
	b.WriteString(label("34", "154", "end", "11", "0"))
	if got := onCurve(anchors, metric); e.Line.Status == engine.Scored {
		x, py := view.at(metric), y.at(got)
		fmt.Fprintf(&b, `<line x1="%s" y1="150" x2="%s" y2="%s" stroke="#9c1f1f" stroke-dasharray="3 3"/><circle cx="%s" cy="%s" r="5.5" fill="#9c1f1f"/>`, x, x, py, x, py)
		b.WriteString(label(x, "186", "middle", "11", o.metricText(e.Line.Item, metric)))
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// anchors are the corners of a straight scale; nil if it has another form or an
// end is not known.
func (o *opened) anchors(it *engine.Item, group string) []engine.Anchor {
	switch it.Scale.Form {
	case engine.StraightLine:
		full, ok := o.bound(it.Scale.FullAt, it.Metric, group)
		none, too := o.bound(it.Scale.NoneAt, it.Metric, group)
		if !ok || !too {
			return nil
		}
		return []engine.Anchor{{At: engine.Bound{Value: full}, Points: it.FullPoints}, {At: engine.Bound{Value: none}}}
	case engine.Anchors:
		var out []engine.Anchor
		for i := range it.Scale.Anchors {
			at, ok := o.bound(&it.Scale.Anchors[i].At, it.Metric, group)
			if !ok {
				return nil
			}
			out = append(out, engine.Anchor{At: engine.Bound{Value: at}, Points: it.Scale.Anchors[i].Points})
		}
		return out
	}
	return nil
}

// bound is the value of an end of a scale for a peer group.
func (o *opened) bound(b *engine.Bound, metric, group string) (exact.Num, bool) {
	if b == nil {
		return exact.Num{}, false
	}
	if b.Benchmark == "" {
		return b.Value, true
	}
	for _, v := range o.Result.Benchmarks {
		if v.Benchmark == b.Benchmark && (v.Metric == metric || v.Metric == "") && (v.PeerGroup == group || v.PeerGroup == "") && v.Value != nil {
			return v.Value.Mul(b.Value), true
		}
	}
	return exact.Num{}, false
}

func sortedAnchors(list []engine.Anchor) []engine.Anchor {
	out := append([]engine.Anchor{}, list...)
	for i := 1; i < len(out); i++ {
		for j := i; j > 0 && out[j].At.Value.Cmp(out[j-1].At.Value) < 0; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// firstBy is the points at an anchor.
func firstBy(list []engine.Anchor, at exact.Num) exact.Num {
	for _, a := range list {
		if a.At.Value.Equal(at) {
			return a.Points
		}
	}
	return exact.Num{}
}

// onCurve reads the points at a value, clamped to the ends.
func onCurve(list []engine.Anchor, at exact.Num) exact.Num {
	corners := sortedAnchors(list)
	if at.Cmp(corners[0].At.Value) <= 0 {
		return corners[0].Points
	}
	for i := 1; i < len(corners); i++ {
		a, b := corners[i-1], corners[i]
		if at.Cmp(b.At.Value) > 0 {
			continue
		}
		if b.At.Value.Equal(a.At.Value) {
			return b.Points
		}
		share := at.Sub(a.At.Value).Quo(b.At.Value.Sub(a.At.Value))
		return a.Points.Add(share.Mul(b.Points.Sub(a.Points)))
	}
	return corners[len(corners)-1].Points
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
