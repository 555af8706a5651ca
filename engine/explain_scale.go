package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// scale explains how the metric became points.
func (x *explainer) scale(o *outcome) error {
	it := o.item
	if it.Scale == nil || o.metric == nil {
		return nil
	}
	if it.Scale.Form.special() {
		return x.special(o)
	}
	p, err := x.scorer.place(it, x.row, *o.metric)
	if err != nil || p.stop != nil {
		return err
	}
	w := scaleWords{explainer: x, o: o, p: p, scale: it.Scale}
	x.out.Scale = w.prefix(w.words())
	if o.status == Scored && !o.granted {
		points, err := w.points()
		if err != nil {
			return err
		}
		x.out.Points = w.withSpread(points)
	}
	return nil
}

// special explains a scale that looks at more than the metric.
func (x *explainer) special(o *outcome) error {
	it := o.item
	r, err := x.scorer.read(it, x.row, *o.metric)
	if err != nil || r.stop != nil {
		return err
	}
	x.out.Scale = r.words
	if o.status != Scored || o.granted {
		return nil
	}
	got := x.pack.granted(o)
	x.out.Points = Text{r.how.ZH + got.ZH + "分", r.how.EN + got.EN + " points"}
	if it.Scale.Form == BetterOf {
		return x.chosen(o, r)
	}
	return nil
}

// chosen explains the scale that gave most.
func (x *explainer) chosen(o *outcome, r reading) error {
	for i := range o.item.Scale.Alternatives {
		a := x.scorer.alternative(o.item, i)
		got, err := x.scorer.onScale(a, x.row, *o.metric)
		if err != nil {
			return err
		}
		if got.status != Scored || !got.earned.Equal(r.earned) {
			continue
		}
		own := *o
		own.item = a
		if err := x.scale(&own); err != nil {
			return err
		}
		x.out.Scale = Text{r.words.ZH + ":" + x.out.Scale.ZH, r.words.EN + ": " + x.out.Scale.EN}
		x.out.Points = Text{r.how.ZH + x.out.Points.ZH, r.how.EN + x.out.Points.EN}
		return nil
	}
	return nil
}

// scaleWords writes a scale and the points it gives for one subject.
type scaleWords struct {
	*explainer
	o     *outcome
	p     *placement
	scale *Scale
}

// value writes a place on the scale: in the metric's unit, or as a bare ratio if
// the metric is compared with a benchmark first.
func (w scaleWords) value(n exact.Num) string {
	if w.p.compared != nil {
		return minus(n.Shortest(4))
	}
	return minus(w.pack.metricText(w.table.unitOf(w.o.item.Metric), n))
}

// minus writes a proper minus sign.
func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// term brackets a negative value that stands in a calculation.
func term(s string) string {
	if strings.HasPrefix(s, "−") {
		return "(" + s + ")"
	}
	return s
}

// end writes a bound as the pack does, with its value behind a benchmark's name.
func (w scaleWords) end(b *Bound, n exact.Num) string {
	if b.Benchmark == "" {
		return w.value(n)
	}
	text := b.Text
	if text == "" {
		text = w.table.name(b.Benchmark)
		if !b.Value.Equal(exact.Int(1)) {
			text = b.Value.Shortest(4) + " × " + text
		}
	}
	return text + "(" + w.value(n) + ")"
}

// prefix says what is placed on the scale, if it is not the metric itself.
func (w scaleWords) prefix(t Text) Text {
	if w.p.compared == nil {
		return t
	}
	name := w.table.name(w.scale.CompareWith)
	return Text{"与" + name + "之比:" + t.ZH, "ratio to " + name + ": " + t.EN}
}

func (w scaleWords) words() Text {
	switch w.scale.Form {
	case StraightLine:
		return w.straightWords()
	case Bands:
		return w.bandWords()
	case Anchors:
		return w.cornerWords()
	}
	source := w.scale.Formula.Source()
	return Text{"按公式计分:" + source, "points by the formula " + source}
}

func (w scaleWords) straightWords() Text {
	full := w.end(w.scale.FullAt, w.p.straight.full)
	none := w.end(w.scale.NoneAt, w.p.straight.none)
	most := w.o.full.Shortest(4)
	if w.lower() {
		return Text{
			fmt.Sprintf("不高于%s得满分%s分,不低于%s得0分,其间按直线计算", full, most, none),
			fmt.Sprintf("%s or less earns %s points, %s or more none, a straight line between", full, most, none),
		}
	}
	return Text{
		fmt.Sprintf("不低于%s得满分%s分,不高于%s得0分,其间按直线计算", full, most, none),
		fmt.Sprintf("%s or more earns %s points, %s or less none, a straight line between", full, most, none),
	}
}

// lower reports whether lower values are better on this subject's line.
func (w scaleWords) lower() bool {
	if c := w.p.straight.full.Cmp(w.p.straight.none); c != 0 {
		return c < 0
	}
	return w.scale.LowerBetter != nil && *w.scale.LowerBetter
}

func (w scaleWords) bandWords() Text {
	parts := make([]Text, len(w.p.intervals))
	for i := range w.p.intervals {
		span, got := w.span(i), w.p.intervals[i].points.Shortest(4)
		parts[i] = Text{fmt.Sprintf("%s得%s分", span.ZH, got), fmt.Sprintf("%s: %s points", span.EN, got)}
	}
	return joinTexts(parts)
}

// span writes an interval; each end says whether it belongs.
func (w scaleWords) span(i int) Text {
	v, b := w.p.intervals[i], w.scale.Bands[i]
	if v.otherwise {
		return Text{"其他", "otherwise"}
	}
	var parts []Text
	if v.from != nil {
		s := w.end(b.From, *v.from)
		parts = append(parts, pick(v.fromOpen, Text{"高于" + s, "above " + s}, Text{"不低于" + s, "from " + s}))
	}
	if v.to != nil {
		s := w.end(b.To, *v.to)
		parts = append(parts, pick(v.toOpen, Text{"低于" + s, "below " + s}, Text{"不高于" + s, "to " + s}))
	}
	switch len(parts) {
	case 0:
		return Text{"任何数值", "any value"}
	case 1:
		return parts[0]
	}
	return Text{parts[0].ZH + "且" + parts[1].ZH, parts[0].EN + " " + parts[1].EN}
}

func pick(first bool, a, b Text) Text {
	if first {
		return a
	}
	return b
}

func (w scaleWords) cornerWords() Text {
	parts := make([]Text, len(w.p.corners))
	for i, c := range w.p.corners {
		at, got := w.end(&w.scale.Anchors[i].At, c.at), c.points.Shortest(4)
		parts[i] = Text{fmt.Sprintf("%s得%s分", at, got), fmt.Sprintf("%s: %s points", at, got)}
	}
	t := joinTexts(parts)
	return Text{t.ZH + ";其间按直线计算", t.EN + "; straight lines between"}
}

// withSpread says first that points of left-out items were added.
func (w scaleWords) withSpread(t Text) Text {
	own, full := w.o.item.FullPoints, w.o.full
	if own.Equal(full) {
		return t
	}
	added := fmt.Sprintf("%s + %s = %s", own.Shortest(4), full.Sub(own).Shortest(4), full.Shortest(4))
	return Text{
		fmt.Sprintf("满分含不计指标摊入的分值:%s;%s", added, t.ZH),
		fmt.Sprintf("full points with those of left-out items: %s; %s", added, t.EN),
	}
}

// points writes how the points were computed.
func (w scaleWords) points() (Text, error) {
	t := w.compared()
	var own Text
	switch w.scale.Form {
	case StraightLine:
		own = w.straightPoints()
	case Bands:
		span, got := w.span(w.p.hit), w.pack.granted(w.o)
		own = Text{
			fmt.Sprintf("%s属于“%s”,得%s分", w.value(w.p.x), span.ZH, got.ZH),
			fmt.Sprintf("%s is %s: %s points", w.value(w.p.x), span.EN, got.EN),
		}
	case Anchors:
		own = w.cornerPoints()
	default:
		var err error
		if own, err = w.formulaPoints(); err != nil {
			return Text{}, err
		}
	}
	if t.IsZero() {
		return own, nil
	}
	return joinTexts([]Text{t, own}), nil
}

// formulaPoints traces the scale's own formula. What it gives is held between
// zero and the full points.
func (w scaleWords) formulaPoints() (Text, error) {
	steps, err := w.trace(w.scale.Formula, w.scorer.scaleInput(w.o.item), w.show)
	if err != nil {
		return Text{}, err
	}
	most, got := w.o.item.FullPoints.Shortest(4), w.pack.granted(w.o)
	return joinTexts(append(steps, Text{
		fmt.Sprintf("在0分与满分%s分之间,得%s分", most, got.ZH),
		fmt.Sprintf("between 0 and the full %s: %s points", most, got.EN),
	})), nil
}

// show writes an input of the scale's formula.
func (w scaleWords) show(r formula.Ref, v formula.Value) Text {
	if r.ID == idScaleMetric && v.Status == formula.OK {
		s := w.value(v.Num)
		return Text{s, s}
	}
	return w.table.show(r, v)
}

// compared writes the division by the benchmark.
func (w scaleWords) compared() Text {
	if w.p.compared == nil {
		return Text{}
	}
	name := w.table.name(w.scale.CompareWith)
	decl, ok := w.table.declared[w.scale.CompareWith].(*Benchmark)
	if !ok { // a parameter
		decl = &Benchmark{Formula: &formula.Expr{}, Unit: w.table.unitOf(w.scale.CompareWith)}
	}
	metric := minus(w.pack.metricText(w.table.unitOf(w.o.item.Metric), *w.o.metric))
	bench := w.benchmarkText(decl, w.o.item.Metric, w.p.compared.Num)
	s := fmt.Sprintf("%s ÷ %s %s = %s", metric, name, minus(bench), w.value(w.p.x))
	return Text{s, s}
}

func (w scaleWords) straightPoints() Text {
	s, x, most := w.p.straight, w.p.x, w.o.full.Shortest(4)
	share, _ := s.share(x)
	switch {
	case share.Equal(exact.Int(1)):
		all := w.pack.rounded(w.o.full, w.o.points)
		return w.beyond(s.full, w.lower(), Text{"得满分" + all.ZH + "分", "full " + all.EN + " points"})
	case share.IsZero():
		return w.beyond(s.none, !w.lower(), Text{"得0分", "no points"})
	}
	from, to := w.value(s.none), w.value(s.full)
	top, length := w.value(x)+" − "+term(from), to+" − "+term(from)
	if w.lower() {
		top, length = from+" − "+term(w.value(x)), from+" − "+term(to)
	}
	got := w.pack.rounded(w.o.earned.Mul(w.o.growth()), w.o.points)
	calculation := fmt.Sprintf("(%s) ÷ (%s) × %s = ", top, length, most)
	return Text{calculation + got.ZH, calculation + got.EN}
}

// beyond says that the value is at or beyond an end.
func (w scaleWords) beyond(end exact.Num, below bool, then Text) Text {
	sign := "≥"
	if below {
		sign = "≤"
	}
	if w.p.x.Equal(end) {
		sign = "="
	}
	s := fmt.Sprintf("%s %s %s", w.value(w.p.x), sign, w.value(end))
	return Text{s + "," + then.ZH, s + ": " + then.EN}
}

func (w scaleWords) cornerPoints() Text {
	x, s := w.p.x, w.value(w.p.x)+" → "
	corners := inOrder(w.p.corners)
	for i := 1; i < len(corners); i++ {
		a, b := corners[i-1], corners[i]
		if x.Cmp(a.at) > 0 && x.Cmp(b.at) < 0 {
			s = fmt.Sprintf("%s + (%s − %s) × (%s − %s) ÷ (%s − %s) = ", a.points.Shortest(4), b.points.Shortest(4),
				a.points.Shortest(4), w.value(x), term(w.value(a.at)), w.value(b.at), term(w.value(a.at)))
		}
	}
	got := w.pack.granted(w.o)
	if !w.o.growth().Equal(exact.Int(1)) {
		got = joinTexts([]Text{same(w.o.earned.Shortest(4)), got})
	}
	return Text{s + got.ZH, s + got.EN}
}

// granted writes points out of the declared full points as they stand on the
// card: spread, 8 × 15 ÷ 10 = 12, and rounded, 9.4792 → 9.48(四舍五入,2位).
func (p *Pack) granted(o *outcome) Text {
	t := p.rounded(o.earned.Mul(o.growth()), o.points)
	if o.growth().Equal(exact.Int(1)) || o.earned.IsZero() {
		return t
	}
	s := fmt.Sprintf("%s × %s ÷ %s = ", o.earned.Shortest(4), o.full.Shortest(4), o.item.FullPoints.Shortest(4))
	return Text{s + t.ZH, s + t.EN}
}

func same(s string) Text { return Text{s, s} }

// rounded writes a number and what the pack's rounding makes of it.
func (p *Pack) rounded(raw, points exact.Num) Text {
	return roundedBy(p.Rounding.Points, raw, points)
}
