package assess

import (
	"context"

	"kaoping/engine"
	"kaoping/rules/diff"
	"kaoping/rules/impact"
	"kaoping/store"
)

// Impact says what a draft does to a stored run: it is scored on the data of that
// run, by the rules it was scored by and by the draft. Nothing is stored.
func Impact(ctx context.Context, db *store.DB, a *Assessment, draft diff.Edition) (*impact.Impact, error) {
	files, err := db.PackFiles(ctx, a.Run.Hash)
	if err != nil {
		return nil, err
	}
	facts := func(p *engine.Pack) (*engine.Facts, error) { return FactsFor(ctx, db, p, a.Run, a.Result) }
	before := &impact.Evaluation{Evaluation: a.Evaluation, Pack: a.Pack}
	return impact.Compute(before, [2]diff.Edition{{Pack: a.Pack, Files: files}, draft}, facts)
}
