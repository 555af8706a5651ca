package engine

import (
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// The kinds of spot of rules that are no lines of the scorecard. Their Item is
// the id of the rule, or of the metric.
const (
	SpotInTime       SpotKind = "in time"       // a record handled within the time limit
	SpotLate         SpotKind = "late"          // a record beyond it
	SpotTargetMissed SpotKind = "target missed" // a record within it but not within the target
	SpotFlagged      SpotKind = "flagged"       // a red flag was raised
	SpotNotFlagged   SpotKind = "not flagged"   // records were looked at and none of them raised it
	SpotShort        SpotKind = "short"         // a sample that is too small
	SpotEnough       SpotKind = "enough"        // a sample that is large enough
	SpotPenalty      SpotKind = "penalty line"  // At is the line of the penalty that fits a case
	SpotException    SpotKind = "unless"        // At is the case that is not rated by points
	SpotStep         SpotKind = "then"          // At is the change that changed a rating
	SpotDrawn        SpotKind = "drawn"         // At is the consequence that came about
	SpotNotDrawn     SpotKind = "not drawn"     // At is the consequence that did not
	SpotMetric       SpotKind = "metric"        // the metric has a value; of packs without a scorecard
)

// ruleSpots lists the spots of rules that are no lines of the scorecard.
func (p *Pack) ruleSpots() []Spot {
	var out []Spot
	if p.Ratings != nil {
		for i := range p.Ratings.Unless {
			out = append(out, Spot{idTotal, SpotException, i})
		}
		for i := range p.Ratings.Then {
			out = append(out, Spot{idTotal, SpotStep, i})
		}
	}
	for i := range p.Consequences {
		out = append(out, Spot{idTotal, SpotDrawn, i}, Spot{idTotal, SpotNotDrawn, i})
	}
	out = append(out, p.Records.spots()...)
	if len(p.Sections) == 0 {
		for _, m := range p.Metrics {
			out = append(out, Spot{m.ID, SpotMetric, 0})
		}
	}
	return out
}

func (r *RecordRules) spots() []Spot {
	var out []Spot
	for i := range r.TimeLimits {
		l := &r.TimeLimits[i]
		out = append(out, Spot{l.ID, SpotInTime, 0}, Spot{l.ID, SpotLate, 0})
		if l.Target != nil {
			out = append(out, Spot{l.ID, SpotTargetMissed, 0})
		}
	}
	for i := range r.RedFlags {
		out = append(out, Spot{r.RedFlags[i].ID, SpotFlagged, 0}, Spot{r.RedFlags[i].ID, SpotNotFlagged, 0})
	}
	for i := range r.Samples {
		out = append(out, Spot{r.Samples[i].ID, SpotShort, 0}, Spot{r.Samples[i].ID, SpotEnough, 0})
	}
	for i := range r.Penalties {
		for at := range r.Penalties[i].Cases {
			out = append(out, Spot{r.Penalties[i].ID, SpotPenalty, at})
		}
	}
	return out
}

// FindingsReached lists the spots that time limits, red flags and samples came to
// among all records. It fails only where evaluating would.
func (e *Evaluation) FindingsReached() ([]Spot, error) {
	var out []Spot
	rules := &e.pack.Records
	for i := range rules.TimeLimits {
		spots, err := e.limitReached(&rules.TimeLimits[i])
		if err != nil {
			return nil, err
		}
		out = append(out, spots...)
	}
	for i := range rules.RedFlags {
		g := &rules.RedFlags[i]
		spots, err := e.flagReached(g)
		if err != nil {
			return nil, err
		}
		out = append(out, spots...)
	}
	for i := range rules.Samples {
		q := &rules.Samples[i]
		spots, err := e.sampleReached(q)
		if err != nil {
			return nil, err
		}
		out = append(out, spots...)
	}
	return out, nil
}

func (e *Evaluation) limitReached(l *TimeLimit) ([]Spot, error) {
	states, err := e.table.caseSet(l.Register, e.period).limit(l)
	if err != nil {
		return nil, err
	}
	var out []Spot
	for i := range states {
		switch st := &states[i]; {
		case !st.applies:
		case st.late():
			out = append(out, Spot{l.ID, SpotLate, 0})
		case st.done && !st.inTarget:
			out = append(out, Spot{l.ID, SpotTargetMissed, 0}, Spot{l.ID, SpotInTime, 0})
		case st.done:
			out = append(out, Spot{l.ID, SpotInTime, 0})
		}
	}
	return out, nil
}

// found returns what a rule found for certain.
func (e *Evaluation) found(kind FindingKind, rule string) []Finding {
	var out []Finding
	for _, f := range e.result.Findings {
		if f.Kind == kind && f.Rule == rule && f.State != Unknown {
			out = append(out, f)
		}
	}
	return out
}

// flagReached tells whether a flag was raised, and whether it looked at records
// that did not raise it.
func (e *Evaluation) flagReached(g *RedFlag) ([]Spot, error) {
	set := e.table.caseSet(g.Register, e.period)
	looked, err := set.choose(g.Where)
	if err != nil {
		return nil, err
	}
	var out []Spot
	var keys []string
	for _, f := range e.found(RedFlagFinding, g.ID) {
		out = append(out, Spot{g.ID, SpotFlagged, 0})
		keys = append(keys, f.Records...)
	}
	if slices.ContainsFunc(looked.rows, func(row int) bool { return !slices.Contains(keys, set.records[row].Key) }) {
		out = append(out, Spot{g.ID, SpotNotFlagged, 0})
	}
	return out, nil
}

// sampleReached tells whether a sample was too small, and whether one was large
// enough.
func (e *Evaluation) sampleReached(q *Sample) ([]Spot, error) {
	set := e.table.caseSet(q.Register, e.period)
	looked, err := set.choose(q.Where)
	if err != nil {
		return nil, err
	}
	all, err := set.bundles(looked.rows, q.Per, true, func(int, Text) {})
	if err != nil {
		return nil, err
	}
	short := e.found(SampleFinding, q.ID)
	var out []Spot
	for range short {
		out = append(out, Spot{q.ID, SpotShort, 0})
	}
	for _, b := range all {
		if !slices.ContainsFunc(short, func(f Finding) bool { return f.Subject == b.subject && slices.Equal(f.Shared, b.shared) }) {
			out = append(out, Spot{q.ID, SpotEnough, 0})
		}
	}
	return out, nil
}

// PenaltiesReached lists the lines of penalties that fit a case.
func (e *Evaluation) PenaltiesReached() ([]Spot, error) {
	var out []Spot
	for i := range e.pack.Records.Penalties {
		p := &e.pack.Records.Penalties[i]
		set := e.table.caseSet(p.Register, e.period)
		looked, err := set.choose(p.Where)
		if err != nil {
			return nil, err
		}
		for _, row := range looked.rows {
			lines, _, err := p.fitting(set, row)
			if err != nil {
				return nil, err
			}
			for at := range p.Cases {
				if slices.Contains(lines, &p.Cases[at]) {
					out = append(out, Spot{p.ID, SpotPenalty, at})
				}
			}
		}
	}
	return out, nil
}

// ConsequencesReached tells which consequences a subject's scorecard has, and
// which it could have had.
func (e *Evaluation) ConsequencesReached(subject string) ([]Spot, error) {
	row := slices.IndexFunc(e.table.members, func(m member) bool { return m.Code == subject })
	card, ok := e.result.Card(subject)
	if row < 0 || !ok {
		return nil, nil
	}
	var out []Spot
	for i, c := range e.pack.Consequences {
		column, err := e.table.eval(c.When, e.period)
		if err != nil {
			return nil, err
		}
		switch v := column.At(row); {
		case v.Status != formula.OK || c.OnlyFor != "" && c.OnlyFor != card.PeerGroup:
		case v.Bool:
			out = append(out, Spot{idTotal, SpotDrawn, i})
		default:
			out = append(out, Spot{idTotal, SpotNotDrawn, i})
		}
	}
	return out, nil
}

// MetricReached tells whether a metric of a subject has a value.
func (e *Evaluation) MetricReached(subject, metric string) ([]Spot, error) {
	row := slices.IndexFunc(e.table.members, func(m member) bool { return m.Code == subject })
	if row < 0 {
		return nil, nil
	}
	column, err := e.table.scored(metric)
	if err != nil || column.At(row).Status != formula.OK {
		return nil, err
	}
	return []Spot{{metric, SpotMetric, 0}}, nil
}

// stepsReached lists what changed the rating of a row.
func (e *Evaluation) stepsReached(row int) []Spot {
	if e.pack.Ratings == nil || e.scorer.ratings == nil {
		return nil
	}
	var out []Spot
	for _, applied := range e.scorer.ratings[row].applied {
		for i := range e.pack.Ratings.Unless {
			if applied == &e.pack.Ratings.Unless[i] {
				out = append(out, Spot{idTotal, SpotException, i})
			}
		}
		for i := range e.pack.Ratings.Then {
			if applied == &e.pack.Ratings.Then[i] {
				out = append(out, Spot{idTotal, SpotStep, i})
			}
		}
	}
	return out
}

// judgedSpots lists the spots of a judged indicator.
func (it *Item) judgedSpots(add func(SpotKind, int)) {
	c := it.Checklist
	if c.Raters {
		add(SpotRater, len(c.Lines))
	}
	switch {
	case len(c.Grades) > 0:
		add(SpotGrade, len(c.Grades))
	case c.Marks != nil && !c.Raters:
		add(SpotScored, 1)
	case c.Plain():
		add(SpotMet, len(c.Lines))
		add(SpotNotMet, len(c.Lines))
	}
}

// answersReached lists what was answered to a judged indicator.
func (e *Evaluation) answersReached(it *Item, row int) []Spot {
	var out []Spot
	c := it.Checklist
	for i, line := range c.Lines {
		share, state := e.scorer.answer(it, line, row)
		switch {
		case state != answered:
			continue
		case c.Plain() && share.Equal(exact.Int(1)):
			out = append(out, Spot{it.ID, SpotMet, i})
		case c.Plain():
			out = append(out, Spot{it.ID, SpotNotMet, i})
		case c.Marks != nil && !c.Raters:
			out = append(out, Spot{it.ID, SpotScored, 0})
		}
		if c.Raters {
			out = append(out, Spot{it.ID, SpotRater, i})
		}
		for _, j := range e.scorer.answersTo(it, line, row) {
			if at := slices.IndexFunc(c.Grades, func(g Grade) bool { return g.Name == string(j.Answer) }); at >= 0 {
				out = append(out, Spot{it.ID, SpotGrade, at})
			}
		}
	}
	return out
}

// tableReached tells which cell of a table an indicator came to lie in, or which
// policy answered for it.
func (e *Evaluation) tableReached(it *Item, row int) ([]Spot, error) {
	t := it.Scale.Table
	i, stop, err := e.scorer.onAxis(it, t.Rows, row)
	j := 0
	if err == nil && stop == nil && t.Columns != nil {
		j, stop, err = e.scorer.onAxis(it, *t.Columns, row)
	}
	switch {
	case err != nil:
		return nil, err
	case stop == nil:
		return []Spot{{it.ID, SpotCell, i*len(t.Points[i]) + j}}, nil
	case stop.status == NotComputable:
		return nil, nil
	}
	return []Spot{{it.ID, SpotIfMissing, 0}}, nil
}

// placeReached tells which place of a ranking scale an indicator came to.
func (e *Evaluation) placeReached(it *Item, row int, metric exact.Num) ([]Spot, error) {
	better, n, err := e.scorer.precede(it, row, metric)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(it.Scale.Places, func(p Place) bool { return p.holds(it.Scale.Form, better, n) })
	if at < 0 {
		return nil, nil
	}
	return []Spot{{it.ID, SpotPlace, at}}, nil
}
