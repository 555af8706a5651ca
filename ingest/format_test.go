package ingest

import (
	"kaoping/engine"
)

// formatPack is a pack with one feed of one figure, to read the same table in
// every format.
func formatPack() *engine.Pack {
	return &engine.Pack{
		Name:       "formats",
		Periods:    []engine.PeriodKind{{ID: "half_year", FirstDay: engine.MonthDay{Month: 1, Day: 1}, LastDay: engine.MonthDay{Month: 6, Day: 30}}},
		Statistics: []engine.Statistic{{ID: "premium", Name: "保费", Unit: mustUnit("元")}},
		Feeds: []engine.Feed{{
			ID: "f", Name: "f", Subject: "subject", Law: engine.Law{Line: 1},
			Columns: []engine.FeedColumn{{Heading: "premium", Statistic: "premium", Unit: mustUnit("元")}},
		}},
	}
}
