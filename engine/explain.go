package engine

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine/formula"
)

// Explain unfolds one line of a subject's scorecard: the formula with its
// figures filled in, the peers, the scale, the points, the clause and the
// sources. item is an id or a name; "total" is the total. It returns an error
// that wraps ErrNotFound if there is no such subject or item.
func (e *Evaluation) Explain(subject, item string) (*Explanation, error) {
	row := e.rowOf(subject)
	if row < 0 {
		return e.explainExcluded(subject)
	}
	if e.pack.Total == nil {
		if m := e.metricNamed(item); m != nil {
			return e.explainMetric(m, row)
		}
	}
	o, parent := find(e.trees[row], item, "")
	if o == nil {
		return nil, fmt.Errorf("%w: the scorecard of %s has no line %s", ErrNotFound, subject, item)
	}
	x := &explainer{Evaluation: e, row: row, out: e.explanation(row, e.line(o, parent))}
	if err := x.explain(o); err != nil {
		return nil, fmt.Errorf("explain %s of %s: %w", item, subject, err)
	}
	return x.out, nil
}

// ExplainMetric unfolds a metric by itself, whether a line of the scorecard shows
// it or not. It returns an error that wraps ErrNotFound if there is no such
// subject or metric.
func (e *Evaluation) ExplainMetric(subject, id string) (*Explanation, error) {
	row := e.rowOf(subject)
	m := e.metricNamed(id)
	if row < 0 || m == nil {
		return nil, fmt.Errorf("%w: no metric %s of %s", ErrNotFound, id, subject)
	}
	return e.explainMetric(m, row)
}

// MetricLine returns a metric of a subject as a line, whether the scorecard shows
// it or not. It returns an error that wraps ErrNotFound if there is no such
// subject or metric.
func (e *Evaluation) MetricLine(subject, id string) (Line, error) {
	row := e.rowOf(subject)
	m := e.metricNamed(id)
	if row < 0 || m == nil {
		return Line{}, fmt.Errorf("%w: no metric %s of %s", ErrNotFound, id, subject)
	}
	return e.metricLine(m, row)
}

func (e *Evaluation) rowOf(subject string) int {
	return slices.IndexFunc(e.table.members, func(m member) bool { return m.Code == subject })
}

// explainer writes the explanation of one line.
type explainer struct {
	*Evaluation
	row int
	out *Explanation
}

func (x *explainer) explain(o *outcome) error {
	x.law(o.item.Law)
	switch {
	case o.item.Kind == DeductionItem:
		return x.deduction(o)
	case o.item.Kind == IndicatorItem && o.item.Checklist != nil:
		x.checklist(o)
		return nil
	case o.item.Kind == IndicatorItem && o.item.Scale != nil && o.item.Scale.Form == ByTable:
		return x.byTable(o)
	case o.item.Kind == IndicatorItem:
		return x.indicator(o)
	case o.item.Kind == TotalItem:
		x.total(o)
		return nil
	}
	x.container(o)
	return nil
}

// explanation begins one: who, when and which line.
func (e *Evaluation) explanation(row int, l Line) *Explanation {
	m := &e.table.members[row]
	when, name := e.period.Title(), Text{l.Name, l.Name}
	if l.Kind == TotalItem { // the one line that no pack names
		name = Text{"总分", "total"}
	}
	return &Explanation{
		Subject: m.Code, SubjectName: m.Name, Line: l,
		Title: Text{
			strings.Join([]string{m.Name, when.ZH, name.ZH}, " · "),
			strings.Join([]string{m.Name, when.EN, name.EN}, " · "),
		},
	}
}

// explainExcluded says why a subject has no scorecard, whatever the item.
func (e *Evaluation) explainExcluded(subject string) (*Explanation, error) {
	for _, c := range e.excluded {
		if c.Subject != subject {
			continue
		}
		when := e.period.Title()
		return &Explanation{
			Subject: c.Subject, SubjectName: c.Name,
			Line:   Line{Kind: TotalItem, Item: idTotal, Name: e.pack.totalName(), Status: NotAssessed, Reason: c.Reason},
			Title:  Text{c.Name + " · " + when.ZH, c.Name + " · " + when.EN},
			Policy: c.Reason,
			Law:    e.pack.Assessed.Law,
		}, nil
	}
	return nil, fmt.Errorf("%w: no subject %s in the %s", ErrNotFound, subject, e.period.Title().EN)
}

// find looks an item up by id, then by name, and returns it with the id of its
// container.
func find(items []*outcome, item, parent string) (*outcome, string) {
	if o, p := findBy(items, parent, func(it *Item) bool { return it.ID == item }); o != nil {
		return o, p
	}
	return findBy(items, parent, func(it *Item) bool { return it.Name == item })
}

func findBy(items []*outcome, parent string, match func(*Item) bool) (*outcome, string) {
	for _, o := range items {
		if match(o.item) {
			return o, parent
		}
		if o.item.Kind == TotalItem {
			continue // its parts were searched already
		}
		if c, p := findBy(o.children, o.item.ID, match); c != nil {
			return c, p
		}
	}
	return nil, ""
}

// law takes over a rule's clause and its assumption.
func (x *explainer) law(l Law) {
	x.out.Law = l
	x.assume(l)
}

// assume lists the registered assumption behind a rule, each once.
func (x *explainer) assume(l Law) {
	for _, a := range x.pack.Assumptions {
		if a.ID != l.Assumption || slices.ContainsFunc(x.out.Assumptions, func(b Assumption) bool { return b.ID == a.ID }) {
			continue
		}
		x.out.Assumptions = append(x.out.Assumptions, a)
	}
}

func (e *Evaluation) metricNamed(item string) *Metric {
	for _, match := range []func(m *Metric) bool{
		func(m *Metric) bool { return m.ID == item },
		func(m *Metric) bool { return m.Name == item },
	} {
		for i := range e.pack.Metrics {
			if match(&e.pack.Metrics[i]) {
				return &e.pack.Metrics[i]
			}
		}
	}
	return nil
}

// explainMetric explains a line of a pack that gives no points.
func (e *Evaluation) explainMetric(m *Metric, row int) (*Explanation, error) {
	l, err := e.metricLine(m, row)
	if err != nil {
		return nil, err
	}
	x := &explainer{Evaluation: e, row: row, out: e.explanation(row, l)}
	x.law(m.Law)
	if err := x.metric(m.ID); err != nil {
		return nil, err
	}
	if l.Metric == nil {
		x.out.Policy = l.Reason
	}
	lower, known := false, false
	if by := e.pack.Ranking.By; by.ID == m.ID {
		lower, known = by.Ascending, true
	}
	values, err := x.peerValues(m.ID, lower, known)
	if err != nil {
		return nil, err
	}
	x.out.PeerValues = values
	x.out.Peers = x.peers(values, nil, x.standing(m.ID))
	return x.out, nil
}

// standing says the subject's rank in the pack's ranking, if it is by that id.
func (x *explainer) standing(id string) Text {
	if x.pack.Ranking.By.ID != id {
		return Text{}
	}
	subject := x.table.members[x.row].Code
	for i := range x.result.Scorecards {
		if c := &x.result.Scorecards[i]; c.Subject == subject && c.Rank > 0 {
			return wordRank(c.Rank, c.Of, c.Tied)
		}
	}
	return Text{}
}

// trace fills the figures into a formula, each printed by show.
func (x *explainer) trace(e *formula.Expr, in formula.Input, show func(formula.Ref, formula.Value) Text) ([]Text, error) {
	steps, err := formula.Trace(e, in, x.row, func(r formula.Ref, v formula.Value) (string, string) {
		t := show(r, v)
		return t.ZH, t.EN
	})
	if err != nil {
		return nil, err
	}
	out := make([]Text, len(steps))
	for i, s := range steps {
		out[i] = Text(s)
	}
	return out, nil
}
