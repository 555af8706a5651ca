package assess

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// Contradicted is the error of a load that a cross-check refuses. Nothing of it was
// stored.
type Contradicted struct {
	File     string
	Findings []engine.Finding // what would no longer hold
}

func (c *Contradicted) Error() string { return c.Message().EN }

// Unwrap makes it a conflict: with what is stored, or within the file.
func (c *Contradicted) Unwrap() error { return engine.ErrConflict }

// Message says what does not hold and where the figures stand.
func (c *Contradicted) Message() engine.Text {
	t := engine.Text{
		ZH: fmt.Sprintf("%s 未入库:与规则包的数据核对不符。改正后重新导入。", c.File),
		EN: fmt.Sprintf("nothing of %s was loaded: it breaks cross-checks of the pack. Mend it and load it again.", c.File),
	}
	for i := range c.Findings {
		line := FindingLine(&c.Findings[i])
		t.ZH, t.EN = t.ZH+"\n  "+line.ZH, t.EN+"\n  "+line.EN
	}
	return t
}

// FindingLine writes a broken cross-check in a line: subject, check, clause, figures.
func FindingLine(f *engine.Finding) engine.Text {
	cite := ""
	if f.Cite != "" {
		cite = "(" + f.Cite + ")"
	}
	var zh, en []string
	for _, s := range f.Steps {
		zh, en = append(zh, s.ZH), append(en, s.EN)
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s %s%s:%s。%s", f.Subject, f.Name, cite, f.Reason.ZH, strings.Join(zh, ";")),
		EN: fmt.Sprintf("%s %s %s: %s. %s", f.Subject, f.Name, cite, f.Reason.EN, strings.Join(en, "; ")),
	}
}

// Load stores a batch unless a cross-check of the pack refuses it. What else would
// no longer hold comes back as warnings. The error of a refusal is *Contradicted.
func Load(ctx context.Context, db *store.DB, pack *engine.Pack, batch *engine.Batch, by store.Actor) (store.BatchInfo, []engine.Finding, error) {
	broken, err := Breaks(ctx, db, pack, batch)
	if err != nil {
		return store.BatchInfo{}, nil, err
	}
	refused := slices.DeleteFunc(slices.Clone(broken), func(f engine.Finding) bool { return !f.Refuse })
	if len(refused) > 0 {
		return store.BatchInfo{}, broken, &Contradicted{batch.File, refused}
	}
	info, err := db.CreateBatch(ctx, batch, by)
	return info, broken, err
}

// Breaks lists the cross-checks that hold now, or cannot be made yet, and would be
// broken once the batch is loaded, in every period that looks at what it brings.
// Periods that the edition does not assess are not checked.
func Breaks(ctx context.Context, db *store.DB, pack *engine.Pack, batch *engine.Batch) ([]engine.Finding, error) {
	if len(pack.CrossChecks) == 0 {
		return nil, nil
	}
	var broken []engine.Finding
	for _, period := range concerned(pack, batch) {
		facts, err := Facts(ctx, db, pack, period, time.Time{})
		if err != nil {
			return nil, err
		}
		before, err := engine.CheckFigures(pack, period, facts)
		if err != nil {
			return nil, err
		}
		after, err := engine.CheckFigures(pack, period, facts.With(batch))
		if err != nil {
			return nil, err
		}
		for _, f := range after {
			if !slices.ContainsFunc(before, func(b engine.Finding) bool {
				return b.Rule == f.Rule && b.Subject == f.Subject && b.Reason == f.Reason
			}) {
				broken = append(broken, f)
			}
		}
	}
	return broken, nil
}

// concerned lists the periods that the pack assesses and that look at one that the
// batch says something of, in order.
func concerned(pack *engine.Pack, batch *engine.Batch) []engine.Period {
	figures, days := map[engine.Period]bool{}, map[engine.Date]bool{}
	years := map[int]bool{}
	reach := func(year int) { years[year], years[year+1] = true, true } // the year after may compare with it
	for i := range batch.Figures {
		p := batch.Figures[i].Period
		figures[p] = true
		reach(p.Last.Year)
	}
	for i := range batch.Records {
		d := batch.Records[i].Date
		days[d] = true
		reach(d.Year)
	}
	touches := func(p engine.Period) bool {
		if figures[p] {
			return true
		}
		for d := range days {
			if p.Contains(d) {
				return true
			}
		}
		return false
	}
	var out []engine.Period
	for _, year := range slices.Sorted(maps.Keys(years)) {
		for _, p := range pack.PeriodsIn(year) {
			if slices.ContainsFunc(engine.PriorPeriods(pack, p), touches) {
				out = append(out, p)
			}
		}
	}
	return out
}
