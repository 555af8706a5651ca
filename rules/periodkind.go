package rules

import (
	"fmt"

	"kaoping/engine"
)

// periodOfKind returns the period of a kind in a year.
func periodOfKind(year string, k engine.PeriodKind) (engine.Period, bool) {
	for _, s := range []string{"", "H1", "H2", "Q1", "Q2", "Q3", "Q4"} {
		if p, err := engine.ParsePeriod(year + s); err == nil && k.Matches(p) {
			return p, true
		}
	}
	for month := 1; month <= 12; month++ {
		if p, err := engine.ParsePeriod(fmt.Sprintf("%s-%02d", year, month)); err == nil && k.Matches(p) {
			return p, true
		}
	}
	return engine.Period{}, false
}
