package rules

import (
	"errors"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// TestOptions says which tests to run.
type TestOptions struct {
	Pack string           // only the packs of that name; empty means all
	Now  func() time.Time // tells how long a pack takes; nil means nobody wants to know
	// Cover also tells which places of the packs no test reaches.
	Cover bool
}

// testCase is one evaluation and what must come of it: a row of a table, a card
// or a group.
type testCase struct {
	name   engine.Text
	place  place
	pack   *engine.Pack // the edition, with given statistics as reported ones
	period engine.Period
	facts  *engine.Facts
	wants  []expectation
}

// expectation is one value that a test expects.
type expectation struct {
	place    place
	subject  string // code
	item     string // id of a line or metric, or "total"
	bare     bool   // item is a metric by itself, whether or not a line shows it
	name     string // as the officer calls it
	what     aspect
	text     string        // the expected value as written
	status   engine.Status // expected instead of a number; empty if a number is
	none     bool          // no value is expected
	number   exact.Num
	decimals int       // of a metric: as many as are written
	unit     unit.Unit // of a metric: the unit written
	findings []wantedFinding
	rating   string   // expected, or "none"
	drawn    []string // names of consequences
}

// aspect is what of a line is looked at.
type aspect string

const (
	pointsOf     aspect = "points"
	metricOf     aspect = "metric"
	fullPointsOf aspect = "full_points"
	rankOf       aspect = "rank"
	casesOf      aspect = "cases"
	statusOf     aspect = "status"
	ratingOf     aspect = "rating"
	computedOf   aspect = "computed_rating"
)

// Test runs the test files of a library. Mistakes in the test files are in the
// report as diagnostics; a test with a mistake is not run.
func Test(lib *Library, opt TestOptions) *TestReport {
	report := &TestReport{}
	for _, p := range lib.Packs() {
		if opt.Pack != "" && p.Name != opt.Pack {
			continue
		}
		report.Packs = append(report.Packs, testPack(lib, p, opt, &report.Diagnostics))
	}
	report.Diagnostics = limited(Sort(report.Diagnostics))
	return report
}

// testPack runs all tests of one edition.
func testPack(lib *Library, p *engine.Pack, opt TestOptions, diags *[]Diagnostic) PackTests {
	start := clock(opt.Now)
	out := PackTests{Pack: p.Name, Edition: p.Edition}
	cases, problems := readTests(lib.editionOf(p))
	for _, d := range problems {
		if d.Level == LevelError {
			out.Mistakes++
		}
	}
	*diags = append(*diags, problems...)
	var reached coverage
	if opt.Cover {
		reached = coverage{}
	}
	for i := range cases {
		out.Tests++
		failures := cases[i].run(reached)
		if len(failures) > 0 {
			out.Failed++
		}
		out.Failures = append(out.Failures, failures...)
	}
	if reached != nil {
		out.Coverage = reached.report(lib.editionOf(p), p)
	}
	out.Took = clock(opt.Now).Sub(start)
	return out
}

func clock(now func() time.Time) time.Time {
	if now == nil {
		return time.Time{}
	}
	return now()
}

// run evaluates a test and compares; it returns every difference. What the test
// reaches is noted unless reached is nil.
func (c *testCase) run(reached coverage) []TestFailure {
	ev, err := engine.Evaluate(c.pack, c.period, c.facts)
	if err != nil {
		return c.broken(err)
	}
	if reached != nil {
		if err := reached.note(ev, c.wants); err != nil {
			return c.broken(err)
		}
	}
	var out []TestFailure
	for _, w := range c.wants {
		a, err := c.actualIn(ev, w)
		if err != nil {
			return c.broken(err)
		}
		if !a.ok {
			out = append(out, c.failure(ev, w, a))
		}
	}
	return out
}

// actualIn compares one expectation with an evaluation: of a metric by itself,
// whether a line shows it or not.
func (c *testCase) actualIn(ev *engine.Evaluation, w expectation) (actual, error) {
	if !w.bare {
		return c.actualOf(ev.Result(), w), nil
	}
	l, err := ev.MetricLine(w.subject, w.item)
	if errors.Is(err, engine.ErrNotFound) {
		return actual{got: text("没有评分卡", "no scorecard")}, nil
	}
	return w.compareMetric(l.Metric, l.Status, l.Reason, c.pack.Rounding.Metrics.Mode), err
}

// broken reports a test that cannot be evaluated at all.
func (c *testCase) broken(err error) []TestFailure {
	return []TestFailure{{
		File: c.place.file.name, Line: c.place.line, Column: c.place.column, Test: c.name,
		What: text("运行", "run"), Got: text("不能计算: "+err.Error(), "cannot be evaluated: "+err.Error()),
	}}
}

// actual is what came out for an expectation.
type actual struct {
	ok  bool
	got engine.Text
}

// actualOf compares one expectation with the result.
func (c *testCase) actualOf(r *engine.Result, w expectation) actual {
	if w.what == findingsOf || w.what == penaltiesOf {
		return w.compareFindings(r)
	}
	card, ok := r.Card(w.subject)
	if !ok {
		return actual{got: text("没有评分卡", "no scorecard")}
	}
	switch {
	case w.what == rankOf && w.item == totalID:
		return w.compareCount(card.Rank)
	case w.what == statusOf && w.item == totalID:
		return w.compareStatus(card.Status, card.Reason)
	case w.what == ratingOf:
		return w.compareRating(card.Rating, card.RatingReason)
	case w.what == consequencesOf:
		return w.compareConsequences(card.Consequences)
	case w.what == computedOf:
		return w.compareRating(card.ComputedRating, card.RatingReason)
	case w.item == totalID:
		return w.comparePoints(card.Total, card.Status, card.Reason)
	}
	l, ok := card.Line(w.item)
	if !ok {
		// Nothing of a subject that is not assessed, or an item of another group.
		return w.comparePoints(nil, engine.NotAssessed, card.Reason)
	}
	switch w.what {
	case metricOf:
		return w.compareMetric(l.Metric, l.Status, l.Reason, c.pack.Rounding.Metrics.Mode)
	case fullPointsOf:
		return w.compareNumber(l.FullPoints)
	case rankOf:
		return w.compareCount(l.MetricRank)
	case casesOf:
		return w.compareCount(l.Cases)
	case statusOf:
		return w.compareStatus(l.Status, l.Reason)
	}
	return w.comparePoints(l.Points, l.Status, l.Reason)
}

// comparePoints compares points exactly, or a status.
func (w expectation) comparePoints(points *exact.Num, status engine.Status, reason engine.Text) actual {
	if status != engine.Scored || points == nil {
		return actual{ok: w.status == status, got: statusText(status, reason)}
	}
	return w.compareNumber(*points)
}

func (w expectation) compareStatus(status engine.Status, reason engine.Text) actual {
	return actual{ok: w.status == status, got: statusText(status, reason)}
}

func (w expectation) compareRating(got string, reason engine.Text) actual {
	if got == "" {
		return actual{ok: w.rating == "none", got: text("没有等级: "+reason.ZH, "no rating: "+reason.EN)}
	}
	return actual{ok: got == w.rating, got: text(got, got)}
}

func (w expectation) compareNumber(x exact.Num) actual {
	got := exactly(x)
	return actual{ok: w.status == "" && !w.none && x.Equal(w.number), got: text(got, got)}
}

func (w expectation) compareCount(n int) actual {
	if n == 0 && w.what == rankOf {
		return actual{ok: w.none, got: text("没有名次", "no rank")}
	}
	return w.compareNumber(exact.Int(int64(n)))
}

// compareMetric compares after rounding to the decimals that are written.
func (w expectation) compareMetric(x *exact.Num, status engine.Status, reason engine.Text, mode exact.Mode) actual {
	if x == nil {
		got := statusText(status, reason)
		if status == engine.Scored {
			got = text("无计算值", "no metric")
		}
		return actual{ok: w.none || w.status != "" && w.status == status, got: got}
	}
	value := w.unit.To(*x)
	rounded := value.Round(w.decimals, mode)
	got := unit.Quantity{Value: w.unit.From(rounded), Unit: w.unit}.Format(w.decimals, mode)
	if !value.Equal(rounded) {
		got += " (" + exactly(value) + ")"
	}
	return actual{ok: w.status == "" && !w.none && rounded.Equal(w.number), got: text(got, got)}
}

// exactly writes a number with all its decimals, or as a fraction beside its
// first six.
func exactly(x exact.Num) string {
	if short := x.Shortest(12); short != "" {
		if back, err := exact.Parse(short); err == nil && back.Equal(x) {
			return short
		}
	}
	return x.Decimal(6, exact.HalfUp) + "… = " + x.String()
}

// failure describes a difference, with the calculation that led to it.
func (c *testCase) failure(ev *engine.Evaluation, w expectation, a actual) TestFailure {
	f := TestFailure{
		File: w.place.file.name, Line: w.place.line, Column: w.place.column,
		Test: c.name, Item: w.name, What: w.what.words(), Want: w.words(), Got: a.got,
	}
	if w.item == totalID && w.what == pointsOf {
		f.What = text("总分", "total")
	}
	if len(c.facts.Subjects) > 1 {
		f.Item = joinDots(subjectName(c.facts, w.subject), w.name)
	}
	if e, err := explained(ev, w); err == nil {
		f.Steps = slices.DeleteFunc(steps(e), func(s engine.Text) bool { return strings.Contains(a.got.EN, s.EN) })
		f.RuleFile, f.RuleLine, f.Cite = e.Law.File, e.Law.Line, e.Law.Cite
	}
	return f
}

func explained(ev *engine.Evaluation, w expectation) (*engine.Explanation, error) {
	if w.bare {
		return ev.ExplainMetric(w.subject, w.item)
	}
	return ev.Explain(w.subject, w.item)
}

// steps is the calculation of a line: filled formula, scale, points, policy.
func steps(e *engine.Explanation) []engine.Text {
	out := append([]engine.Text(nil), e.Filled...)
	for _, t := range []engine.Text{e.Scale, e.Points, e.Policy} {
		if !t.IsZero() {
			out = append(out, t)
		}
	}
	return out
}

// subjectName finds the name a test gives to a subject.
func subjectName(f *engine.Facts, code string) string {
	for _, s := range f.Subjects {
		if s.Code == code && s.Name != "" {
			return s.Name
		}
	}
	return code
}
