package assess

import (
	"context"
	"errors"
	"slices"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// Query asks for every fact that an evaluation of the period may look at, as of
// an instant.
func Query(pack *engine.Pack, period engine.Period, at time.Time) store.Query {
	periods := engine.PriorPeriods(pack, period)
	first, last := period.First, period.Last
	for _, p := range periods {
		if p.First.Compare(first) < 0 {
			first = p.First
		}
	}
	if pack.LooksBack() {
		first = engine.Date{} // the staff and earlier complaints go back as far as they go
	}
	return store.Query{Pack: pack.Name, Periods: periods, First: first, Last: last, AsOf: at}
}

// Facts gathers what a new evaluation needs: the facts as of an instant, and the
// newest stored results of earlier periods and of other packs that the pack looks
// at. A result that is not there is left out; the evaluation says what lacks it.
func Facts(ctx context.Context, db *store.DB, pack *engine.Pack, period engine.Period, at time.Time) (*engine.Facts, error) {
	facts, err := db.Facts(ctx, Query(pack, period, at))
	if err != nil {
		return nil, err
	}
	return facts, earlier(ctx, db, pack, period, facts)
}

// FactsFor gathers what another edition would have known at a stored run: its
// snapshot and the earlier results it used, and of those it did not look at the
// newest.
func FactsFor(ctx context.Context, db *store.DB, pack *engine.Pack, run store.Run, result *engine.Result) (*engine.Facts, error) {
	facts, err := again(ctx, db, pack, run, result)
	if err != nil {
		return nil, err
	}
	return facts, earlier(ctx, db, pack, run.Period, facts)
}

// earlier adds the newest results of earlier periods and other packs, unless
// one is there already.
func earlier(ctx context.Context, db *store.DB, pack *engine.Pack, period engine.Period, facts *engine.Facts) error {
	for _, key := range engine.PriorResults(pack, period) {
		if slices.ContainsFunc(facts.Past, func(r *engine.Result) bool { return r.Pack == key.Pack && r.Period == key.Period }) {
			continue
		}
		_, result, err := db.FindRun(ctx, key.Pack, key.Period, 0)
		switch {
		case errors.Is(err, engine.ErrNotFound):
			continue
		case err != nil:
			return err
		}
		facts.Past = append(facts.Past, result)
	}
	for _, before := range engine.PublishedPeriods(pack, period) {
		if slices.ContainsFunc(facts.Published, func(p engine.Published) bool { return p.Period == before }) {
			continue
		}
		run, there, err := db.Newest(ctx, pack.Name, before)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		if err := publish(ctx, db, pack, run, facts); err != nil {
			return err
		}
	}
	return nil
}

// again gathers what a stored run was computed from: the same snapshot and the
// same earlier results, whatever was stored since.
func again(ctx context.Context, db *store.DB, pack *engine.Pack, run store.Run, result *engine.Result) (*engine.Facts, error) {
	facts, err := db.FactsOf(ctx, run.Snapshot, Query(pack, run.Period, time.Time{}))
	if err != nil {
		return nil, err
	}
	facts.AsOf = run.AsOf
	for _, use := range result.Past {
		if use.Missing() {
			continue
		}
		used, past, err := db.FindDigest(ctx, use.Pack, use.Period, use.Digest)
		if err != nil {
			return nil, err
		}
		if use.Use == engine.UseScorecards {
			facts.Past = append(facts.Past, past)
			continue
		}
		if err := publish(ctx, db, pack, used, facts); err != nil {
			return nil, err
		}
	}
	return facts, nil
}

// publish adds the facts that an earlier run was computed from.
func publish(ctx context.Context, db *store.DB, pack *engine.Pack, run store.Run, facts *engine.Facts) error {
	q := store.Query{Pack: pack.Name, Periods: []engine.Period{run.Period}, First: run.Period.First, Last: run.Period.Last}
	if pack.LooksBack() {
		q.First = engine.Date{}
	}
	earlier, err := db.FactsOf(ctx, run.Snapshot, q)
	if err != nil {
		return err
	}
	earlier.AsOf = run.AsOf
	facts.Published = append(facts.Published, engine.Published{Period: run.Period, Digest: run.Digest, Facts: earlier})
	return nil
}
