package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Forms of scale that look at more than the metric's place between bounds.
const (
	Proportion   ScaleForm = "in proportion" // full points × metric ÷ target
	ByRank       ScaleForm = "rank"          // by the place among the peers
	ByPercentile ScaleForm = "percentile"    // by the share of peers that are better
	ByTable      ScaleForm = "table"         // by one or two values, looked up
	BetterOf     ScaleForm = "better of"     // the larger of several scales
)

// Place gives points to ranks From to To, or to the best share of the peers.
type Place struct {
	From, To  int       // of ByRank; To 0 means to the last
	Top       exact.Num // of ByPercentile: the best 20%
	Points    exact.Num
	Otherwise bool
}

// Table gives points by the values of one or two names.
type Table struct {
	Rows    Axis
	Columns *Axis         // nil: one dimension
	Points  [][]exact.Num // by row, then column
}

// Axis is one side of a table: texts, or numbers and intervals.
type Axis struct {
	Of    string // id of a statistic, metric or attribute
	Name  string
	Texts []string
	Spans []Band // for numbers; the points of a band mean nothing here
}

// reading is what a scale of a special form gives, and how.
type reading struct {
	earned exact.Num
	words  Text // the scale in words
	how    Text // the points with the figures filled in, without rounding
	stop   *outcome
}

// special reports whether the form is read by read.
func (f ScaleForm) special() bool {
	return f == Proportion || f == ByRank || f == ByPercentile || f == BetterOf
}

// read turns a metric into points by a special form.
func (s *scorer) read(it *Item, row int, metric exact.Num) (reading, error) {
	switch it.Scale.Form {
	case Proportion:
		return s.inProportion(it, row, metric)
	case ByRank, ByPercentile:
		return s.byPlace(it, row, metric)
	}
	return s.betterOf(it, row, metric)
}

// inProportion gives full points × metric ÷ target, or × target ÷ metric where
// less is better, between none and all.
func (s *scorer) inProportion(it *Item, row int, metric exact.Num) (reading, error) {
	r := resolver{scorer: s, item: it, row: row}
	target := r.bound(it.Scale.FullAt)
	if r.err != nil || r.without != "" {
		return reading{stop: without(it, r.status, r.without)}, r.err
	}
	unit := s.table.unitOf(it.Metric)
	x, y := minus(s.table.pack.metricText(unit, metric)), minus(s.table.pack.metricText(unit, target))
	lower := it.Scale.LowerBetter != nil && *it.Scale.LowerBetter
	full := it.FullPoints.Shortest(4)
	out := reading{words: Text{"按与" + it.Scale.FullAt.Text + "之比得分,满分" + full + "分", "in proportion to " + it.Scale.FullAt.Text + ", full points " + full}}
	if lower {
		out.words = Text{"不高于" + it.Scale.FullAt.Text + "得满分" + full + "分,超过的按反比", "full points " + full + " at " + it.Scale.FullAt.Text + " or less, in inverse proportion above"}
	}
	switch {
	case target.IsZero() && !lower, target.Sign() < 0:
		out.stop = follow(it, it.IfZeroDenominator, reasonTargetZero(it.Scale.FullAt.Text))
	case lower && metric.Cmp(target) <= 0, !lower && metric.Cmp(target) >= 0:
		out.earned = it.FullPoints
		out.how = same(fmt.Sprintf("%s %s %s, ", x, map[bool]string{true: "≤", false: "≥"}[lower], y))
	case lower:
		out.earned = it.FullPoints.Mul(target.Quo(metric))
		out.how = same(fmt.Sprintf("%s × %s ÷ %s = ", full, y, x))
	case metric.Sign() <= 0:
		out.how = same(x + " ≤ 0, ")
	default:
		out.earned = it.FullPoints.Mul(metric.Quo(target))
		out.how = same(fmt.Sprintf("%s × %s ÷ %s = ", full, x, y))
	}
	return out, nil
}

// byPlace gives points by the rank among the peers that have a value: equals
// share the better rank. The best 20% are those whom fewer than 20% of the peers
// precede, so the first always belongs.
func (s *scorer) byPlace(it *Item, row int, metric exact.Num) (reading, error) {
	better, n, err := s.precede(it, row, metric)
	if err != nil {
		return reading{}, err
	}
	out := reading{words: it.Scale.placeWords()}
	out.how = Text{fmt.Sprintf("%d家中第%d名,", n, better+1), fmt.Sprintf("rank %d of %d: ", better+1, n)}
	for _, p := range it.Scale.Places {
		if p.holds(it.Scale.Form, better, n) {
			out.earned = p.Points
			return out, nil
		}
	}
	out.stop = &outcome{item: it, status: NotComputable, reason: reasonNoBand(it.Name)}
	return out, nil
}

// precede counts the peers that have a value: those with a better one, and all.
func (s *scorer) precede(it *Item, row int, metric exact.Num) (better, n int, err error) {
	column, err := s.table.scored(it.Metric)
	if err != nil {
		return 0, 0, err
	}
	lower := it.Scale.LowerBetter != nil && *it.Scale.LowerBetter
	for i := range s.table.members {
		v := column.At(i)
		if v.Status != formula.OK || v.Null || s.table.groups[i] != s.table.groups[row] {
			continue
		}
		n++
		if c := v.Num.Cmp(metric); c != 0 && (c < 0) == lower {
			better++
		}
	}
	return better, n, nil
}

// holds reports whether a member with so many better ones before it, out of n,
// is in the place.
func (p Place) holds(form ScaleForm, better, n int) bool {
	switch {
	case p.Otherwise:
		return true
	case form == ByRank:
		return better+1 >= p.From && (p.To == 0 || better+1 <= p.To)
	}
	return exact.Int(int64(better)).Cmp(p.Top.Mul(exact.Int(int64(n)))) < 0
}

func (s *Scale) placeWords() Text {
	var parts []Text
	for _, p := range s.Places {
		got := p.Points.Shortest(4)
		switch {
		case p.Otherwise:
			parts = append(parts, Text{"其余得" + got + "分", "the rest " + got})
		case s.Form == ByPercentile:
			top := p.Top.Mul(exact.Int(100)).Shortest(4) + "%"
			parts = append(parts, Text{"前" + top + "得" + got + "分", "the best " + top + " " + got})
		case p.To == 0:
			parts = append(parts, Text{fmt.Sprintf("第%d名起得%s分", p.From, got), fmt.Sprintf("from rank %d %s", p.From, got)})
		case p.From == p.To:
			parts = append(parts, Text{fmt.Sprintf("第%d名得%s分", p.From, got), fmt.Sprintf("rank %d %s", p.From, got)})
		default:
			parts = append(parts, Text{fmt.Sprintf("第%d至%d名得%s分", p.From, p.To, got), fmt.Sprintf("rank %d to %d %s", p.From, p.To, got)})
		}
	}
	return joinTexts(parts)
}

// betterOf takes the scale that gives most. One that gives no points counts only
// if none does.
func (s *scorer) betterOf(it *Item, row int, metric exact.Num) (reading, error) {
	var best *outcome
	var chosen int
	for i := range it.Scale.Alternatives {
		o, err := s.onScale(s.alternative(it, i), row, metric)
		if err != nil {
			return reading{}, err
		}
		if best == nil || best.status != Scored && o.status == Scored || o.status == Scored && o.earned.Cmp(best.earned) > 0 {
			best, chosen = o, i
		}
	}
	out := reading{words: Text{fmt.Sprintf("%d种评分办法取高", len(it.Scale.Alternatives)), fmt.Sprintf("the larger of %d scales", len(it.Scale.Alternatives))}}
	if best.status != Scored || best.granted {
		best.item = it
		out.stop = best
		return out, nil
	}
	out.earned = best.earned
	out.how = Text{fmt.Sprintf("按第%d种:", chosen+1), fmt.Sprintf("by scale %d: ", chosen+1)}
	return out, nil
}

// alternative is the item with one of its scales. It is made once: what is
// computed for an item is remembered by it.
func (s *scorer) alternative(it *Item, i int) *Item {
	key := alternativeKey{it, i}
	if a, ok := s.alternatives[key]; ok {
		return a
	}
	a := *it
	a.Scale = it.Scale.Alternatives[i]
	s.alternatives[key] = &a
	return &a
}

type alternativeKey struct {
	item *Item
	at   int
}

// byTable looks the points up.
func (s *scorer) byTable(it *Item, row int) (*outcome, error) {
	t := it.Scale.Table
	i, o, err := s.onAxis(it, t.Rows, row)
	if err != nil || o != nil {
		return o, err
	}
	j := 0
	if t.Columns != nil {
		if j, o, err = s.onAxis(it, *t.Columns, row); err != nil || o != nil {
			return o, err
		}
	}
	o = &outcome{item: it, status: Scored, earned: t.Points[i][j]}
	o.reason = reasonTable(t.place(i, j), o.earned)
	return o, nil
}

// onAxis finds where a value stands on one side of a table; the outcome says why
// it stands nowhere.
func (s *scorer) onAxis(it *Item, a Axis, row int) (int, *outcome, error) {
	column, err := s.table.column(a.Of, s.table.period)
	if err != nil {
		return 0, nil, err
	}
	v := column.At(row)
	switch {
	case v.Status == formula.ZeroDenominator:
		return 0, follow(it, it.IfZeroDenominator, s.table.metricZero(a.Of, row)), nil
	case v.Status != formula.OK || v.Null:
		return 0, follow(it, it.IfMissing, reasonAxisMissing(a.Name)), nil
	}
	for i, text := range a.Texts {
		if text == v.Text {
			return i, nil, nil
		}
	}
	for i, b := range a.Spans {
		span := interval{fromOpen: b.FromOpen, toOpen: b.ToOpen, otherwise: b.Otherwise}
		if b.From != nil {
			span.from = &b.From.Value
		}
		if b.To != nil {
			span.to = &b.To.Value
		}
		if span.contains(v.Num) {
			return i, nil, nil
		}
	}
	return 0, &outcome{item: it, status: NotComputable, reason: reasonNotOnAxis(a.Name)}, nil
}

// place names a cell of the table.
func (t *Table) place(i, j int) string {
	parts := []string{t.Rows.Name + " " + t.Rows.label(i)}
	if t.Columns != nil {
		parts = append(parts, t.Columns.Name+" "+t.Columns.label(j))
	}
	return strings.Join(parts, " × ")
}

// Label names an entry of an axis: a text, or the interval as written.
func (a Axis) label(i int) string {
	if i < len(a.Texts) {
		return a.Texts[i]
	}
	b := a.Spans[i]
	switch {
	case b.From != nil && b.To != nil && b.From.Value.Equal(b.To.Value):
		return b.From.Text
	case b.From != nil && b.To != nil:
		return either(b.FromOpen, "(", "[") + b.From.Text + ", " + b.To.Text + either(b.ToOpen, ")", "]")
	case b.From != nil:
		return either(b.FromOpen, "> ", "≥ ") + b.From.Text
	case b.To != nil:
		return either(b.ToOpen, "< ", "≤ ") + b.To.Text
	}
	return "其他"
}

// Labels lists the entries of an axis as they are shown.
func (a Axis) Labels() []string {
	out := make([]string, max(len(a.Texts), len(a.Spans)))
	for i := range out {
		out[i] = a.label(i)
	}
	return out
}

func reasonTargetZero(target string) Text {
	return Text{"目标" + target + "不大于零", "the target " + target + " is not above zero"}
}

func reasonAxisMissing(name string) Text { return Text{"缺少" + name, name + " is missing"} }

func reasonNotOnAxis(name string) Text {
	return Text{name + "的值不在表中", "the table has no entry for " + name}
}

func reasonTable(place string, earned exact.Num) Text {
	got := earned.Shortest(4)
	return Text{place + ":" + got + "分", place + ": " + got + " points"}
}

// byTable explains an indicator that is looked up: the values, and the cell.
func (x *explainer) byTable(o *outcome) error {
	t := o.item.Scale.Table
	x.assume(o.item.Scale.Law)
	axes := []Axis{t.Rows}
	if t.Columns != nil {
		axes = append(axes, *t.Columns)
	}
	for _, a := range axes {
		column, err := x.table.column(a.Of, x.period)
		if err != nil {
			return err
		}
		v := x.table.show(formula.Ref{ID: a.Of}, column.At(x.row))
		x.out.Filled = append(x.out.Filled, Text{a.Name + " = " + v.ZH, a.Name + " = " + v.EN})
	}
	x.out.Scale = t.words()
	if o.status != Scored || o.granted {
		x.out.Policy = o.reason
		return nil
	}
	got := x.pack.granted(o)
	x.out.Points = Text{"查表得" + got.ZH + "分", got.EN + " points by the table"}
	return nil
}

// words lists the rows of the table.
func (t *Table) words() Text {
	var parts []Text
	for i, line := range t.Points {
		var cells []string
		for j, p := range line {
			cell := p.Shortest(4)
			if t.Columns != nil {
				cell = t.Columns.label(j) + " " + cell
			}
			cells = append(cells, cell)
		}
		label := t.Rows.label(i)
		parts = append(parts, Text{label + ":" + strings.Join(cells, "、"), label + ": " + strings.Join(cells, ", ")})
	}
	all := joinTexts(parts)
	return Text{"按" + t.Rows.Name + "查表," + all.ZH, "by " + t.Rows.Name + "; " + all.EN}
}
