package engine

import "fmt"

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
