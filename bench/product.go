package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/internal/intake"
	"kaoping/rules"
	"kaoping/store"
)

var somebody = store.Actor{Name: "bench", Via: "cli"}

// method reads the pack as of the last of the two half-years.
func method() (*engine.Pack, engine.Period, error) {
	period, err := engine.ParsePeriod("2025H1")
	if err != nil {
		return nil, period, err
	}
	p, diagnostics := rules.LoadFilesFor(map[string][]byte{"bench/2020-01-01.yaml": []byte(pack)}, period)
	if p == nil {
		return nil, period, fmt.Errorf("the pack: %v", diagnostics)
	}
	return p, period, nil
}

func roster() []engine.Subject {
	list := make([]engine.Subject, companies)
	for i := range list {
		list[i] = engine.Subject{Code: companyCode(i), Name: "公司" + companyCode(i), PeerGroup: "all"}
	}
	return list
}

// productOpen makes a store with the roster.
func productOpen(url string) (*store.DB, error) {
	db, err := store.Open(context.Background(), url)
	if err != nil {
		return nil, err
	}
	_, err = db.CreateBatch(context.Background(), &engine.Batch{Pack: "bench", Target: "subjects", File: "roster.csv", Digest: "roster", Subjects: roster()}, somebody)
	return db, err
}

// productLoad loads a file as kaoping ingest does: every cell is checked, the file
// and its content are hashed, and what is live already is not stored again.
func productLoad(db *store.DB, p *engine.Pack, path string) (store.BatchInfo, error) {
	large, err := intake.Register(context.Background(), db, p, "cases", path, ingest.Options{Subjects: roster()}, somebody)
	switch {
	case err == nil && large.Info.ID == "":
		return store.BatchInfo{}, &refused{large.Report}
	case !errors.Is(err, intake.ErrReadWhole):
		return large.Info, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return store.BatchInfo{}, err
	}
	batch, report, err := ingest.Read(p, "cases", ingest.Source{Name: filepath.Base(path), Data: data}, ingest.Options{Subjects: roster()})
	if err != nil {
		return store.BatchInfo{}, err
	}
	if batch == nil {
		return store.BatchInfo{}, &refused{report}
	}
	return db.CreateBatch(context.Background(), batch, somebody)
}

type refused struct{ report *ingest.Report }

func (r *refused) Error() string {
	if len(r.report.Problems) == 0 {
		return "refused"
	}
	return r.report.Problems[0].Message.EN
}

// productCount lets the store's database count, as kaoping run does.
func productCount(db *store.DB, p *engine.Pack, period engine.Period) (*counts, error) {
	facts, left, err := assess.CountedFacts(context.Background(), db, p, period, time.Time{})
	if err != nil {
		return nil, err
	}
	if len(left) > 0 {
		return nil, errors.New(left[0].Why.EN)
	}
	c := new(counts)
	for _, n := range facts.Counts {
		if err := c.take(n.Statistic, n.Period, n.Subject, n.Sum); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *counts) take(statistic string, period engine.Period, subject string, sum exact.Num) error {
	company, err := companyOf(subject)
	if err != nil {
		return err
	}
	at := int(statistic[1] - '0')
	if at == statistics-1 {
		sum = sum.Mul(exact.Int(100))
	}
	half := 0
	if period.First.String() == spans[1][0] {
		half = 1
	}
	c[half][company][at], _ = sum.Int64()
	return nil
}

// productFile counts straight from the file, as kaoping count does.
func productFile(path string, oneRowPerKey bool) (*counts, error) {
	p, period, err := method()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found, report, err := ingest.CountRegister(p, "cases", filepath.Base(path), f, ingest.CountOptions{
		Options: ingest.Options{Subjects: roster()}, Periods: engine.PriorPeriods(p, period), OneRowPerKey: oneRowPerKey,
	})
	if err != nil {
		return nil, err
	}
	if found == nil {
		return nil, &refused{report}
	}
	c := new(counts)
	for _, n := range found.Counts {
		if err := c.take(n.Statistic, n.Period, n.Subject, n.Sum); err != nil {
			return nil, err
		}
	}
	return c, nil
}
