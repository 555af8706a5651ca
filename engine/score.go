package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// outcome is what became of one item of one subject's scorecard.
type outcome struct {
	item     *Item
	status   Status
	metric   *exact.Num
	earned   exact.Num // out of the item's declared full points: unspread, unrounded
	full     exact.Num // full points in force, after spreading
	points   exact.Num // final, if status is Scored; negative on a deduction
	uncapped *exact.Num
	cases    int
	rank     int
	reason   Text
	children []*outcome
	empty    bool           // a container without points: only deductions apply to the subject
	granted  bool           // the points are those of a policy
	excused  bool           // the pack says under which condition it applies, and it does not hold
	weight   exact.Num      // in a weighted container
	pending  *pendingPolicy // a policy that is still to be worked out
	past     *exact.Num     // points of the previous scorecard, where the item must not be worse
	exactly  *exact.Num     // of a total: before its own rounding
}

// scorer scores the items of a pack, subject by subject.
type scorer struct {
	table        *table
	benchmarks   *benchmarks
	tariffs      map[*Item]*tariff
	formulas     map[*Item]*formula.Column // points by the scale's own formula
	weights      map[*Item]*formula.Column
	conditions   map[*Item]*formula.Column // of items that apply under a condition
	alternatives map[alternativeKey]*Item
	policies     map[*formula.Expr]*formula.Column // conditions of policies
	trees        map[*Item][]*outcome              // by section: a tree for each row, nil where the section does not apply
	sums         []*outcome                        // the totals, by row
	ratings      []rated                           // by row
	without      map[string]bool                   // ids of items that are left out in the variant being computed
}

func newScorer(t *table) *scorer {
	s := &scorer{table: t, benchmarks: newBenchmarks(t), tariffs: map[*Item]*tariff{}, formulas: map[*Item]*formula.Column{}, weights: map[*Item]*formula.Column{}, conditions: map[*Item]*formula.Column{}, alternatives: map[alternativeKey]*Item{}, policies: map[*formula.Expr]*formula.Column{}, trees: map[*Item][]*outcome{}}
	t.scorer = s
	return s
}

// applies reports whether the item is for the member's peer group. A container
// is if anything in it is.
func (s *scorer) applies(it *Item, row int) bool {
	if !it.in(s.table.pack, s.table.period) {
		return false
	}
	if it.OnlyFor != "" {
		groups := s.table.pack.PeerGroups
		if g := int(s.table.groups[row]); g >= len(groups) || groups[g].ID != it.OnlyFor {
			return false
		}
	}
	return len(it.Children) == 0 || slices.ContainsFunc(it.Children, func(c *Item) bool { return s.applies(c, row) })
}

// in reports whether the item is assessed in a period of that kind.
func (it *Item) in(p *Pack, period Period) bool {
	if len(it.OnlyIn) == 0 {
		return true
	}
	return slices.ContainsFunc(p.Periods, func(k PeriodKind) bool { return k.Matches(period) && slices.Contains(it.OnlyIn, k.ID) })
}

// prepare computes for which subjects items apply that have a condition.
func (s *scorer) prepare() error {
	var failed error
	s.table.pack.anyItem(func(it *Item) bool {
		if it.When != nil {
			c, err := s.table.eval(it.When, s.table.period)
			if err != nil {
				failed = err
				return true
			}
			s.conditions[it] = c
		}
		return false
	})
	return failed
}

// excuses reports whether the item has a condition that does not hold.
func (s *scorer) excuses(it *Item, row int) bool {
	c := s.conditions[it]
	return c != nil && c.At(row).Status == formula.OK && !c.At(row).Bool
}

// score assesses an item and what it contains. Points are not spread yet.
func (s *scorer) score(it *Item, row int) (*outcome, error) {
	if c := s.conditions[it]; c != nil {
		switch {
		case c.At(row).Status != formula.OK:
			return &outcome{item: it, status: Held, reason: reasonUndecidedItem(it, s.table.undecided(it.When, row))}, nil
		case s.excuses(it, row):
			return &outcome{item: it, status: LeftOut, excused: true, reason: reasonNotForThem(it)}, nil
		}
	}
	o, err := s.assess(it, row)
	if err != nil {
		return nil, err
	}
	if o, err = s.resolve(o, row); err != nil {
		return nil, err
	}
	if s.without[it.ID] {
		o.status, o.reason = LeftOut, reasonVariant()
	}
	if it.NotWorse {
		o.past, err = s.before(it, row)
	}
	return o, err
}

func (s *scorer) assess(it *Item, row int) (*outcome, error) {
	switch {
	case it.Kind == DeductionItem:
		return s.deduct(it, row)
	case it.Kind == IndicatorItem && it.Checklist != nil:
		return s.judge(it, row), nil
	case it.Kind == IndicatorItem && it.Scale != nil && it.Scale.Form == ByTable:
		return s.byTable(it, row)
	case it.Kind == IndicatorItem:
		return s.measure(it, row)
	}
	return s.contain(it, row)
}

// contain scores a section or group. It is left out if all that has points in it
// is; it is empty if nothing in it has points for the subject's group.
func (s *scorer) contain(it *Item, row int) (*outcome, error) {
	o := &outcome{item: it, status: Scored, empty: true}
	rest := false
	var unweighed Text // why a part has no weight: the container waits, its other parts are shown all the same
	for _, child := range it.Children {
		if !s.applies(child, row) {
			continue
		}
		c, err := s.score(child, row)
		if err != nil {
			return nil, err
		}
		o.children = append(o.children, c)
		if c.empty || child.FullPoints.IsZero() {
			continue
		}
		gap, err := s.weigh(c, row)
		if err != nil {
			return nil, err
		}
		if unweighed.IsZero() {
			unweighed = gap
		}
		o.empty = false
		c.exempt(it.Combine)
		rest = rest || c.status != LeftOut && (it.Combine == PlainSum || !c.weight.IsZero())
	}
	if !unweighed.IsZero() {
		o.status, o.reason = Held, unweighed
		return o, nil
	}
	if !o.empty && !rest {
		o.status, o.reason = LeftOut, reasonAllLeftOut(it.Name)
	}
	o.enough(it.AtLeastScored)
	return o, nil
}

// measure scores an indicator by its metric and scale.
func (s *scorer) measure(it *Item, row int) (*outcome, error) {
	column, err := s.table.scored(it.Metric)
	if err != nil {
		return nil, err
	}
	v := column.At(row)
	switch v.Status {
	case formula.Missing:
		if it.IfNoPrevious.Action != Undeclared && s.onlyBefore(it.Metric, row) {
			return follow(it, it.IfNoPrevious, s.table.metricGap(it.Metric, row)), nil
		}
		return follow(it, it.IfMissing, s.table.metricGap(it.Metric, row)), nil
	case formula.ZeroDenominator:
		return follow(it, it.IfZeroDenominator, s.table.metricZero(it.Metric, row)), nil
	case formula.TooLarge:
		return &outcome{item: it, status: NotComputable, reason: reasonTooLarge(s.table.name(it.Metric))}, nil
	}
	o, err := s.onScale(it, row, v.Num)
	if err != nil {
		return nil, err
	}
	o.metric = &v.Num
	return o, nil
}

// follow does what the pack declares for an indicator without a metric.
func follow(it *Item, p Policy, why Text) *outcome {
	if p.waits() {
		return &outcome{item: it, status: NotComputable, reason: why, pending: &pendingPolicy{p, why}}
	}
	o := &outcome{item: it, status: Scored, reason: reasonPolicy(p, why), granted: true}
	switch p.Action {
	case Hold:
		o.status = Held
	case LeaveOutIt:
		o.status = LeftOut
	case FullMarks:
		o.earned = it.FullPoints
	case NoMarks:
	case GivePoints:
		o.earned = p.Points
	default:
		o.status = NotComputable
	}
	return o
}

// placement is a scale with its ends worked out for one subject.
type placement struct {
	x         exact.Num      // the value placed on the scale: the metric, or its ratio to a benchmark
	compared  *formula.Value // the benchmark it was divided by
	straight  straight
	intervals []interval
	corners   []corner
	hit       int // the interval x falls in
	stop      *outcome
}

// onScale turns a metric into points out of the item's declared full points.
func (s *scorer) onScale(it *Item, row int, metric exact.Num) (*outcome, error) {
	if it.Scale == nil {
		return &outcome{item: it, status: NotComputable, reason: reasonNoScale(it.Name)}, nil
	}
	if it.Scale.Form.special() {
		r, err := s.read(it, row, metric)
		if err != nil || r.stop != nil {
			return r.stop, err
		}
		return &outcome{item: it, status: Scored, earned: r.earned}, nil
	}
	p, err := s.place(it, row, metric)
	if err != nil {
		return nil, err
	}
	if p.stop != nil {
		return p.stop, nil
	}
	return s.earn(it, row, p)
}

// place compares with the benchmark and works out the ends of the scale. It
// stops, with the outcome, where a benchmark is zero or has no value.
func (s *scorer) place(it *Item, row int, metric exact.Num) (*placement, error) {
	p := &placement{x: metric, hit: -1}
	if id := it.Scale.CompareWith; id != "" {
		v, err := s.benchmarks.of(id, it.Metric, row)
		if err != nil {
			return nil, err
		}
		name := s.table.name(id)
		switch {
		case v.Status != formula.OK:
			p.stop = without(it, v.Status, name)
			return p, nil
		case v.Num.IsZero():
			p.stop = follow(it, it.IfZeroDenominator, reasonBenchmarkZero(name))
			return p, nil
		}
		p.compared, p.x = &v, metric.Quo(v.Num)
	}
	return p, s.ends(it, row, p)
}

// without says what becomes of an item whose benchmark has no value.
func without(it *Item, s formula.Status, benchmark string) *outcome {
	switch s {
	case formula.ZeroDenominator:
		return follow(it, it.IfZeroDenominator, reasonBenchmarkDivides(benchmark))
	case formula.TooLarge:
		return &outcome{item: it, status: NotComputable, reason: reasonTooLarge(benchmark)}
	}
	return &outcome{item: it, status: Held, reason: reasonNoBenchmark(benchmark)}
}

// ends works out the bounds of the scale's form.
func (s *scorer) ends(it *Item, row int, p *placement) error {
	r := resolver{scorer: s, item: it, row: row}
	sc := it.Scale
	switch sc.Form {
	case StraightLine:
		p.straight = straight{full: r.bound(sc.FullAt), none: r.bound(sc.NoneAt), lowerBetter: sc.LowerBetter}
	case Bands:
		for _, b := range sc.Bands {
			p.intervals = append(p.intervals, interval{
				from: r.optional(b.From), to: r.optional(b.To),
				fromOpen: b.FromOpen, toOpen: b.ToOpen, points: b.Points, otherwise: b.Otherwise,
			})
		}
		p.hit = bandOf(p.intervals, p.x)
	case Anchors:
		for i := range sc.Anchors {
			p.corners = append(p.corners, corner{at: r.bound(&sc.Anchors[i].At), points: sc.Anchors[i].Points})
		}
	}
	if r.without != "" {
		p.stop = without(it, r.status, r.without)
	}
	return r.err
}

// resolver works out bounds and remembers the first that has no value.
type resolver struct {
	scorer  *scorer
	item    *Item
	row     int
	without string // name of a benchmark that has no value
	status  formula.Status
	err     error
}

func (r *resolver) optional(b *Bound) *exact.Num {
	if b == nil {
		return nil
	}
	n := r.bound(b)
	return &n
}

func (r *resolver) bound(b *Bound) exact.Num {
	if b == nil || r.err != nil {
		return exact.Num{}
	}
	if b.Benchmark == "" {
		return b.Value
	}
	v, err := r.scorer.benchmarks.of(b.Benchmark, r.item.Metric, r.row)
	if err != nil {
		r.err = err
		return exact.Num{}
	}
	if v.Status != formula.OK && r.without == "" {
		r.without, r.status = r.scorer.table.name(b.Benchmark), v.Status
	}
	return v.Num.Mul(b.Value)
}

// earn reads the points off the scale.
func (s *scorer) earn(it *Item, row int, p *placement) (*outcome, error) {
	o := &outcome{item: it, status: Scored}
	switch it.Scale.Form {
	case StraightLine:
		if p.straight.inverted() {
			return &outcome{item: it, status: NotComputable, reason: reasonInverted(it.Name)}, nil
		}
		share, ok := p.straight.share(p.x)
		if !ok {
			return &outcome{item: it, status: NotComputable, reason: reasonNoLength(it.Name)}, nil
		}
		o.earned = it.FullPoints.Mul(share)
	case Bands:
		if p.hit < 0 {
			return &outcome{item: it, status: NotComputable, reason: reasonNoBand(it.Name)}, nil
		}
		o.earned = p.intervals[p.hit].points
	case Anchors:
		if len(p.corners) == 0 {
			return &outcome{item: it, status: NotComputable, reason: reasonNoScale(it.Name)}, nil
		}
		o.earned = onCorners(p.corners, p.x)
	case ByFormula:
		return s.byFormula(it, row)
	default:
		return &outcome{item: it, status: NotComputable, reason: reasonNoScale(it.Name)}, nil
	}
	return o, nil
}

// Names that only the formula of a scale knows.
const (
	idScaleMetric     = "metric"      // 计算值: the value placed on the scale
	idScaleFullPoints = "full_points" // 满分
)

// byFormula computes points by the scale's own formula. They are held between
// zero and the full points: a formula may not give more than the item has.
func (s *scorer) byFormula(it *Item, row int) (*outcome, error) {
	column, err := s.formulaPoints(it)
	if err != nil {
		return nil, err
	}
	v := column.At(row)
	switch v.Status {
	case formula.Missing:
		return follow(it, it.IfMissing, s.table.gap(it.Scale.Formula, s.table.period, row)), nil
	case formula.ZeroDenominator:
		return follow(it, it.IfZeroDenominator, s.table.zero(it.Scale.Formula, s.table.period, row)), nil
	case formula.TooLarge:
		return &outcome{item: it, status: NotComputable, reason: reasonTooLarge(it.Name)}, nil
	}
	earned := exact.Min(exact.Max(v.Num, exact.Int(0)), it.FullPoints)
	return &outcome{item: it, status: Scored, earned: earned}, nil
}

// formulaPoints evaluates a scale's own formula once for all subjects: it may
// compare a subject's metric with those of its peers.
func (s *scorer) formulaPoints(it *Item) (*formula.Column, error) {
	if c, ok := s.formulas[it]; ok {
		return c, nil
	}
	c, err := formula.Eval(it.Scale.Formula, s.scaleInput(it))
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", it.Scale.Formula.Source(), err)
	}
	s.formulas[it] = c
	return c, nil
}

// scaleInput knows, besides the pack's names, the metric and the full points.
func (s *scorer) scaleInput(it *Item) formula.Input {
	in := s.table.input(s.table.period, s.table.groups)
	column := in.Column
	in.Column = func(r formula.Ref) (*formula.Column, error) {
		switch r.ID {
		case idScaleMetric:
			return s.placed(it)
		case idScaleFullPoints:
			return formula.Const(formula.Value{Num: it.FullPoints}, len(s.table.members)), nil
		}
		return column(r)
	}
	return in
}

// placed returns what each subject's metric is on the item's scale: the metric,
// or its ratio to a benchmark.
func (s *scorer) placed(it *Item) (*formula.Column, error) {
	column, err := s.table.scored(it.Metric)
	if err != nil || it.Scale.CompareWith == "" {
		return column, err
	}
	values := make([]formula.Value, column.Len())
	for row := range values {
		if values[row] = column.At(row); values[row].Status != formula.OK {
			continue
		}
		v, err := s.benchmarks.of(it.Scale.CompareWith, it.Metric, row)
		switch {
		case err != nil:
			return nil, err
		case v.Status != formula.OK:
			values[row] = formula.Value{Status: v.Status}
		case v.Num.IsZero():
			values[row] = formula.Value{Status: formula.ZeroDenominator}
		default:
			values[row].Num = values[row].Num.Quo(v.Num)
		}
	}
	return formula.NewColumn(values), nil
}
