package assess

import (
	"context"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// CountedFacts gathers what a new evaluation needs, as Facts does, but lets the
// database count whatever registers it can, so that their records are not read.
// Figures and scores are the same; only what lists single records needs Facts. left says
// which registers were read record by record, and why.
func CountedFacts(ctx context.Context, db *store.DB, pack *engine.Pack, period engine.Period, at time.Time) (facts *engine.Facts, left []engine.LeftToRecords, err error) {
	plan := engine.PlanCounts(pack, period, db.Dialect())
	left = plan.Left
	q := Query(pack, period, at)
	for _, r := range plan.Registers {
		q.Without = append(q.Without, r.Register)
	}
	if facts, err = db.Facts(ctx, q); err != nil {
		return nil, nil, err
	}
	var again []string
	for _, r := range plan.Registers {
		counts, ok, err := db.CountRecords(ctx, facts.Snapshot, pack.Name, r)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			again = append(again, r.Register)
			left = append(left, cannotTell(pack, r.Register))
			continue
		}
		facts.Counts = append(facts.Counts, counts...)
		facts.CountedRegisters = append(facts.CountedRegisters, r.Register)
	}
	if len(again) > 0 {
		q.Without = facts.CountedRegisters
		read, err := db.FactsOf(ctx, facts.Snapshot, q)
		if err != nil {
			return nil, nil, err
		}
		facts.Records = read.Records
	}
	return facts, left, earlier(ctx, db, pack, period, at, facts)
}

func cannotTell(pack *engine.Pack, register string) engine.LeftToRecords {
	for _, r := range pack.Registers {
		if r.ID == register {
			register = r.Name
		}
	}
	return engine.LeftToRecords{Register: register, Why: engine.Text{
		ZH: "有的记录缺少条件所需的字段、写法特殊,或更正过多,数据库不能判断,改为逐条读取",
		EN: "some records lack a field that a condition needs, are written unusually, or were corrected too often; they are read one by one",
	}}
}
