package assess

import (
	"context"
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
// stored results of earlier periods and of other packs that the pack looks at, as
// they stood at that instant. A result that is not there is left out; the
// evaluation says what lacks it.
func Facts(ctx context.Context, db *store.DB, pack *engine.Pack, period engine.Period, at time.Time) (*engine.Facts, error) {
	facts, err := db.Facts(ctx, Query(pack, period, at))
	if err != nil {
		return nil, err
	}
	return facts, earlier(ctx, db, pack, period, at, facts)
}

// FactsFor gathers what another edition would have known at a stored run: its
// snapshot and the earlier results it used, and of those it did not look at the
// newest.
func FactsFor(ctx context.Context, db *store.DB, pack *engine.Pack, run store.Run, result *engine.Result) (*engine.Facts, error) {
	facts, err := again(ctx, db, pack, run, result)
	if err != nil {
		return nil, err
	}
	return facts, earlier(ctx, db, pack, run.Period, time.Time{}, facts)
}

// earlier adds the results of earlier periods and other packs, unless one is
// there already: the newest, or the vintage of an instant.
func earlier(ctx context.Context, db *store.DB, pack *engine.Pack, period engine.Period, at time.Time, facts *engine.Facts) error {
	for _, key := range engine.PriorResults(pack, period) {
		if slices.ContainsFunc(facts.Past, func(r *engine.Result) bool { return r.Pack == key.Pack && r.Period == key.Period }) {
			continue
		}
		run, there, err := vintage(ctx, db, key.Pack, key.Period, at)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		_, result, err := db.FindRun(ctx, key.Pack, key.Period, run.Revision)
		if err != nil {
			return err
		}
		facts.Past = append(facts.Past, result)
	}
	for _, before := range engine.PublishedPeriods(pack, period) {
		if slices.ContainsFunc(facts.Published, func(p engine.Published) bool { return p.Period == before }) {
			continue
		}
		run, there, err := vintage(ctx, db, pack.Name, before, at)
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

// recently is how far the clocks of two machines may differ: an instant that is
// not further back is now.
const recently = time.Minute

// vintage finds the run of a period that counted at an instant: the newest made
// from data up to then. If there was none yet, it is the first that was stored
// afterwards, so that later revisions do not change what an evaluation as of that
// instant says.
func vintage(ctx context.Context, db *store.DB, pack string, period engine.Period, at time.Time) (store.Run, bool, error) {
	newest, there, err := db.Newest(ctx, pack, period)
	if err != nil || !there || newest.Revision == 1 || at.IsZero() || time.Since(at) < recently {
		return newest, there, err
	}
	runs, err := db.Runs(ctx, pack, period)
	if err != nil {
		return newest, false, err
	}
	chosen := runs[0]
	for _, run := range runs {
		asOf, err := time.Parse(time.RFC3339Nano, run.AsOf)
		if err != nil {
			return run, false, err
		}
		if !asOf.After(at) {
			chosen = run
		}
	}
	return chosen, true, nil
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
