package store

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"
)

// ErrFenced says that a job is no longer held by who writes for it: its lease ran
// out and another process took over. Nothing was stored.
var ErrFenced = errors.New("another process has taken over")

type fenceKey struct{}

// Fenced makes every write with the context depend on the lease: a transaction
// is only stored while nobody else has taken the job. So a process that was held
// up for long cannot store anything after another one has taken over.
func Fenced(ctx context.Context, lease Lease) context.Context {
	return context.WithValue(ctx, fenceKey{}, lease)
}

// unfenced takes the lease out of the context again, for notes about what failed.
func unfenced(ctx context.Context) context.Context {
	return context.WithValue(ctx, fenceKey{}, Lease{})
}

// checkFence is the last statement of a transaction. It keeps others from taking
// the job until the transaction has ended; earlier it would keep them, and the
// lease from being renewed, for as long as a load takes.
func checkFence(ctx context.Context, tx *sqlx.Tx) error {
	lease, _ := ctx.Value(fenceKey{}).(Lease)
	if lease.Job == "" {
		return nil
	}
	return holdJob(ctx, tx, lease)
}

// holdJob locks the row of a job that the lease still holds, until the
// transaction ends.
func holdJob(ctx context.Context, tx *sqlx.Tx, lease Lease) error {
	return one(tx.ExecContext(ctx, "UPDATE jobs SET token = token WHERE job = $1 AND token = $2 AND lease_until <> ''", lease.Job, lease.Token))
}
