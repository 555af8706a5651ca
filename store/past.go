package store

import (
	"context"
	"fmt"

	"kaoping/engine"
)

// FindDigest returns the run of a pack and period that has the digest, the newest
// of several, with its result. It is how a result that others rest on is found
// again after the period was run once more.
func (db *DB) FindDigest(ctx context.Context, pack string, period engine.Period, digest string) (Run, *engine.Result, error) {
	var revision int
	there, err := found(db.sql.GetContext(ctx, &revision,
		"SELECT revision FROM runs WHERE pack = $1 AND period = $2 AND digest = $3 ORDER BY revision DESC LIMIT 1", pack, period.String(), digest))
	if err != nil {
		return Run{}, nil, db.explain(fmt.Sprintf("find the run of %s %s", pack, period), err)
	}
	if !there {
		return Run{}, nil, notFound("%s %s 没有摘要为 %s 的结果。", "%s %s has no result with the digest %s.", pack, period, digest)
	}
	return db.FindRun(ctx, pack, period, revision)
}

// Newest returns the newest run of a pack and period without its result; false if
// there is none.
func (db *DB) Newest(ctx context.Context, pack string, period engine.Period) (Run, bool, error) {
	row, err := db.newestRun(ctx, db.sql, pack, period)
	if err != nil || row == nil {
		return Run{}, false, db.explain(fmt.Sprintf("find the run of %s %s", pack, period), err)
	}
	run, err := row.stored()
	return run, err == nil, err
}
