package engine

import "kaoping/engine/formula"

// ConditionUse tells how often a condition of a pack held in an evaluation.
type ConditionUse struct {
	Name    string // of what it belongs to
	Text    string // as written
	Holds   int    // for so many records or subjects
	Of      int    // of so many of which it can be told
	Records bool   // records are counted, otherwise subjects
	Law
}

// Conditions counts for how many records and subjects the conditions of the pack
// hold: those that pick records, and those under which a line applies. Policies,
// ratings and what follows from them are left out: that they rarely hold is their
// purpose.
func (e *Evaluation) Conditions() ([]ConditionUse, error) {
	var out []ConditionUse
	add := func(name, register string, where *formula.Expr, law Law) error {
		if where == nil || register == "" {
			return nil
		}
		use, err := e.conditionOf(e.table.caseSet(register, e.period), where)
		if use.Name, use.Law = name, law; err == nil {
			out = append(out, use)
		}
		return err
	}
	for i := range e.pack.Statistics {
		s := &e.pack.Statistics[i]
		if err := add(s.Name, s.Register, s.Where, s.Law); err != nil {
			return nil, err
		}
	}
	r := &e.pack.Records
	for i := range r.TimeLimits {
		l := &r.TimeLimits[i]
		if err := add(l.Name, l.Register, l.Where, l.Law); err != nil {
			return nil, err
		}
	}
	for i := range r.RedFlags {
		g := &r.RedFlags[i]
		if err := add(g.Name, g.Register, g.Where, g.Law); err != nil {
			return nil, err
		}
	}
	for i := range r.Samples {
		q := &r.Samples[i]
		if err := add(q.Name, q.Register, q.Where, q.Law); err != nil {
			return nil, err
		}
	}
	return append(out, e.itemConditions()...), nil
}

func (e *Evaluation) conditionOf(set *caseSet, where *formula.Expr) (ConditionUse, error) {
	use := ConditionUse{Text: where.Source(), Records: true}
	column, err := set.eval(where)
	if err != nil {
		return use, err
	}
	for i := range set.records {
		if v := column.At(i); v.Status == formula.OK && !v.Null {
			use.Of++
			if v.Bool {
				use.Holds++
			}
		}
	}
	return use, nil
}

// itemConditions counts for how many subjects lines apply that say for whom.
func (e *Evaluation) itemConditions() []ConditionUse {
	var out []ConditionUse
	e.pack.anyItem(func(it *Item) bool {
		column := e.scorer.conditions[it]
		if column == nil {
			return false
		}
		use := ConditionUse{Name: it.Name, Text: it.When.Source(), Law: it.Law}
		for row := range e.table.members {
			if v := column.At(row); v.Status == formula.OK {
				use.Of++
				if v.Bool {
					use.Holds++
				}
			}
		}
		out = append(out, use)
		return false
	})
	return out
}
