package assess_test

import (
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/store"
)

// A half-year whose cut-off is past rests on what was published by then, and on
// the figures that were there then, whatever came since.
func TestTheVintageOfPriorFigures(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB) {
		text := strings.Replace(changes, "PRIOR", "as published", 1)
		load(t, db, "changes", "roster", func(b *engine.Batch) {
			b.Subjects = []engine.Subject{{Code: "S1", Name: "甲", PeerGroup: "all"}}
		})
		load(t, db, "changes", "2024", func(b *engine.Batch) {
			b.Figures = []engine.Figure{figure(t, "premium", "2024H1", 100)}
		})
		load(t, db, "changes", "2025", func(b *engine.Batch) {
			b.Figures = []engine.Figure{figure(t, "premium", "2025H1", 300)}
		})
		first, _ := score(t, db, text, "2024H1")
		hour := -time.Hour // what counts as past must be well before now
		cutOff, err := time.Parse(time.RFC3339Nano, first.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		load(t, db, "changes", "correction", func(b *engine.Batch) {
			b.Figures = []engine.Figure{figure(t, "premium", "2024H1", 250), figure(t, "premium", "2025H1", 999)}
		})
		second, _ := score(t, db, text, "2024H1")
		if second.Revision != 2 {
			t.Fatalf("revision %d", second.Revision)
		}

		// As of now the second revision counts; an hour ago nothing was stored, and the
		// first that came afterwards stands in.
		p, files := pack(t, text, "2025H1")
		for at, want := range map[time.Time]string{{}: second.Digest, cutOff.Add(hour): first.Digest} {
			facts, err := assess.Facts(t.Context(), db, p, period(t, "2025H1"), at)
			if err != nil {
				t.Fatal(err)
			}
			if len(facts.Published) != 1 || facts.Published[0].Digest != want {
				t.Errorf("at %v: %+v", at, facts.Published)
			}
		}
		_, _, err = assess.Score(t.Context(), db, p, files, period(t, "2025H1"), cutOff, store.Actor{Name: "刘", Via: "cli"})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := assess.Open(t.Context(), db, "changes", period(t, "2025H1"), 0)
		if err != nil || metric(t, opened.Result, "two") == "749" {
			t.Errorf("figures of after the cut-off count: %v", err)
		}
	})
}
