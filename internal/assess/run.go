package assess

import (
	"context"
	"fmt"
	"time"

	"kaoping/engine"
	"kaoping/rules"
	"kaoping/store"
)

// Trouble is a failure that a person can do something about.
type Trouble struct{ Text engine.Text }

// Error returns the English sentence.
func (t *Trouble) Error() string { return t.Text.EN }

// Message returns the sentence in both languages.
func (t *Trouble) Message() engine.Text { return t.Text }

// Unwrap makes every trouble an engine.ErrConflict.
func (t *Trouble) Unwrap() error { return engine.ErrConflict }

// Unreadable is the Trouble that the rules of a stored run can no longer be read,
// with what is wrong with them.
type Unreadable struct {
	*Trouble
	Diagnostics []rules.Diagnostic
}

// Unwrap returns the trouble.
func (u *Unreadable) Unwrap() error { return u.Trouble }

// Score evaluates a period from the store as of an instant and stores the run
// with the files of the edition. Registers that the database can count are counted
// there. It fails with a Trouble if nobody is known.
func Score(ctx context.Context, db *store.DB, pack *engine.Pack, files map[string][]byte, period engine.Period, at time.Time, by store.Actor) (store.Run, *engine.Result, error) {
	facts, _, err := CountedFacts(ctx, db, pack, period, at)
	if err != nil {
		return store.Run{}, nil, err
	}
	evaluation, err := engine.Evaluate(pack, period, facts)
	if err != nil {
		return store.Run{}, nil, err
	}
	result := evaluation.Result()
	if len(result.Scorecards)+len(result.Excluded) == 0 {
		return store.Run{}, nil, nobodyKnown(pack.Name)
	}
	run, err := db.SaveRun(ctx, store.Run{
		Pack: pack.Name, Edition: pack.Edition, Hash: pack.Hash, Period: period,
		Snapshot: facts.Snapshot, AsOf: facts.AsOf, Status: pack.Status,
	}, result, files, by)
	return run, result, err
}

// nobodyKnown refuses a run that would have no subject at all.
func nobodyKnown(pack string) error {
	return &Trouble{engine.Text{
		ZH: fmt.Sprintf("名录中没有机构,未计算。\n  提示:先导入名录,kaoping ingest subjects 文件 --pack %s;样例在 packs 目录各包的 data 里。", pack),
		EN: fmt.Sprintf("no subjects are known, nothing was computed.\n  hint: load them first, kaoping ingest subjects FILE --pack %s; there are samples in the data folders of the packs.", pack),
	}}
}

// Assessment is a stored run opened again: its rules, its facts, its result.
type Assessment struct {
	Run        store.Run
	Pack       *engine.Pack
	Result     *engine.Result
	Facts      *engine.Facts
	Evaluation *engine.Evaluation
}

// Open reads a run of a period (revision 0 is the newest) and computes it again
// from the stored rules, snapshot and earlier results, so that whatever is
// explained is what was stored. It fails with Unreadable or Trouble if that is
// not possible.
func Open(ctx context.Context, db *store.DB, packName string, period engine.Period, revision int) (*Assessment, error) {
	run, result, err := db.FindRun(ctx, packName, period, revision)
	if err != nil {
		return nil, err
	}
	files, err := db.PackFiles(ctx, run.Hash)
	if err != nil {
		return nil, err
	}
	pack, diagnostics := rules.LoadFilesFor(files, period)
	if pack == nil {
		return nil, &Unreadable{&Trouble{engine.Text{
			ZH: fmt.Sprintf("运行 %s 所用的规则包(%s)无法被本版程序读取。", run.ID, short(run.Hash)),
			EN: fmt.Sprintf("this version of the program cannot read the rules (%s) of run %s.", short(run.Hash), run.ID),
		}}, diagnostics}
	}
	facts, err := again(ctx, db, pack, run, result)
	if err != nil {
		return nil, err
	}
	evaluation, err := engine.Evaluate(pack, period, facts)
	if err != nil {
		return nil, err
	}
	if digest := evaluation.Result().Digest(); digest != run.Digest {
		return nil, &Trouble{engine.Text{
			ZH: fmt.Sprintf("运行 %s 按原规则和原快照重算的结果与存档不同(%s ≠ %s):程序或数据库被改动过,请联系管理员。", run.ID, short(digest), short(run.Digest)),
			EN: fmt.Sprintf("run %s computed again from its rules and snapshot differs from what was stored (%s ≠ %s): program or database were altered, tell the administrator.", run.ID, short(digest), short(run.Digest)),
		}}
	}
	return &Assessment{run, pack, result, facts, evaluation}, nil
}

func short(hash string) string { return hash[:min(len(hash), 8)] }
