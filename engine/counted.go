package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/formula"
)

// Counted returns the records that a counted statistic of a subject is made of in
// a period, in the order of the register. The statistic is named by id or name. A
// statistic that is reported, not counted, has none. It returns an error that
// wraps ErrNotFound if there is no such subject or statistic.
func (e *Evaluation) Counted(subject, statistic string, period Period) ([]Record, error) {
	row := e.rowOf(subject)
	if row < 0 {
		return nil, fmt.Errorf("%w: no subject %s in the %s", ErrNotFound, subject, e.period.Title().EN)
	}
	s := e.pack.statisticNamed(statistic)
	if s == nil {
		return nil, fmt.Errorf("%w: no statistic %s", ErrNotFound, statistic)
	}
	if s.Register == "" {
		return nil, nil
	}
	counts, err := e.table.counted(s, period)
	if err != nil {
		return nil, err
	}
	if e.table.fallsBack(s, row, period, counts[row]) {
		return nil, nil
	}
	var out []Record
	for _, r := range counts[row].records {
		out = append(out, *r)
	}
	return out, nil
}

func (p *Pack) statisticNamed(name string) *Statistic {
	for i := range p.Statistics {
		if s := &p.Statistics[i]; s.ID == name || s.Name == name {
			return s
		}
	}
	return nil
}

// Computed returns what a derived field says of a record: a formula over its other
// fields, working days among them. ok is false if the field is delivered, not
// computed, or the record is not of the period.
func (e *Evaluation) Computed(r *Record, field string, period Period) (v formula.Value, ok bool, err error) {
	set := e.table.caseSet(r.Register, period)
	f := set.field(field)
	if f == nil || f.Formula == nil && f.Number == nil {
		return v, false, nil
	}
	at := slices.IndexFunc(set.records, func(own *Record) bool { return own.Key == r.Key && own.Origin == r.Origin })
	if at < 0 {
		return v, false, nil
	}
	c, err := set.column(field)
	if err != nil {
		return v, false, err
	}
	return c.At(at), true, nil
}
