package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// CountedFigure is what a statistic that is counted from a register comes to for
// one subject.
type CountedFigure struct {
	Subject, SubjectName     string
	Statistic, StatisticName string     // id and name
	Value                    *exact.Num // in Unit; nil if it cannot be counted
	Unit                     string
	Reason                   Text // why it cannot be counted
}

// Counts returns every statistic of the period that is counted from a register,
// subject by subject in the order of the roster, as the scores take them.
func (e *Evaluation) Counts() ([]CountedFigure, error) {
	var list []CountedFigure
	for i := range e.pack.Statistics {
		s := &e.pack.Statistics[i]
		if s.Register == "" {
			continue
		}
		column, err := e.table.column(s.ID, e.period)
		if err != nil {
			return nil, err
		}
		for row := range e.table.members {
			m := &e.table.members[row]
			f := CountedFigure{Subject: m.Code, SubjectName: m.Name, Statistic: s.ID, StatisticName: s.Name, Unit: s.Unit.String()}
			if v := column.At(row); v.Status == formula.OK {
				n := s.Unit.To(v.Num)
				f.Value = &n
			} else {
				f.Reason = e.table.leafGap(s.ID, e.period, row)
			}
			list = append(list, f)
		}
	}
	return list, nil
}
