package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// Rehearse is Evaluate for an edition that need not be in force in the period: it
// says what a draft would have given. It fails with a *Refusal if the edition does
// not know periods of that kind, otherwise as Evaluate does.
func Rehearse(p *Pack, period Period, f *Facts) (*Evaluation, error) {
	if len(p.Periods) > 0 && !slices.ContainsFunc(p.Periods, func(k PeriodKind) bool { return k.Matches(period) }) {
		return nil, &Refusal{refusalKind(p, period)}
	}
	e, err := evaluate(p, period, f)
	if err != nil {
		return nil, fmt.Errorf("rehearse %s for %s: %w", p.Name, period, err)
	}
	return e, nil
}

// MetricText writes a value as the pack shows metrics in that unit.
func (p *Pack) MetricText(u unit.Unit, n exact.Num) string { return p.metricText(u, n) }
