// Package intake loads register files of any size: a large one is checked and stored
// row by row, so that memory does not grow with it. What it leaves alone is loaded
// by reading the whole file, with the same result.
package intake

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/store"
)

// ErrReadWhole means that nothing was done and the file has to be read whole: it is
// small, is no register of cases in CSV, or repeats or corrects what is live.
var ErrReadWhole = errors.New("the file is to be read whole")

// large is the size in bytes from which a file is loaded row by row. Below it reading
// the whole file takes little memory.
var large int64 = 1 << 20

// Loaded is what became of a file. Without an Info it was refused; the report says
// why.
type Loaded struct {
	Info    store.BatchInfo
	Covered []engine.Coverage
	Report  *ingest.Report
}

// Register loads a large register file. The error is ErrReadWhole if that is not for
// this package.
func Register(ctx context.Context, db *store.DB, p *engine.Pack, target, path string, opt ingest.Options, by store.Actor) (Loaded, error) {
	if !isRegister(p, ingest.TargetID(p, target)) {
		return Loaded{}, ErrReadWhole
	}
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() < large {
		return Loaded{}, ErrReadWhole // whoever reads it whole says what is wrong with it
	}
	f, err := os.Open(path)
	if err != nil {
		return Loaded{}, ErrReadWhole
	}
	defer f.Close()
	stream, report, err := ingest.StreamRegister(p, ingest.TargetID(p, target), filepath.Base(path), f, opt)
	switch {
	case errors.Is(err, ingest.ErrNotStreamed):
		return Loaded{}, ErrReadWhole
	case err != nil:
		return Loaded{}, err
	case stream == nil:
		return Loaded{Report: report}, nil
	}
	batch, err := db.CreateStreamed(ctx, stream.Batch, stream.Records, by)
	switch {
	case errors.Is(err, store.ErrNotStreamed), errors.Is(err, ingest.ErrChanged):
		return Loaded{}, ErrReadWhole
	case err != nil:
		return Loaded{}, err
	}
	return Loaded{batch, stream.Batch.Covered, report}, nil
}

func isRegister(p *engine.Pack, id string) bool {
	for _, r := range p.Registers {
		if r.ID == id {
			return true
		}
	}
	return false
}
