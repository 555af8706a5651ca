package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// RowCell is one statistic in one period, counted over rows that are not kept.
type RowCell struct {
	Statistic string // id
	Period    Period
	Holds     func(row []formula.Cell) bool // nil: every row of the period
	Sum       int                           // place of the cell that is summed; -1: rows are counted
	Scale     exact.Num                     // of that cell
}

// RowCells says how the statistics of a register are counted row by row. at says
// where a delivered field stands; the error says what needs the records.
func RowCells(p *Pack, r *Register, periods []Period, at func(f *Field) formula.RowField) ([]RowCell, error) {
	var cells []RowCell
	for i := range p.Statistics {
		s := &p.Statistics[i]
		if s.Register != r.ID {
			continue
		}
		if s.Distinct != "" || s.Last != "" {
			return nil, notInSQL(s.Name + ": different values and latest entries are taken from the records")
		}
		for _, period := range periods {
			c, err := rowCell(r, s, period, at)
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
	}
	return cells, nil
}

func rowCell(r *Register, s *Statistic, period Period, at func(f *Field) formula.RowField) (RowCell, error) {
	lookup := func(id string) (formula.RowField, bool) {
		f, ok := r.sqlField(id, period)
		switch {
		case !ok:
			return formula.RowField{}, false
		case f.Const != nil || f.Formula != nil:
			return formula.RowField{Kind: f.Kind, Const: f.Const, Formula: f.Formula}, true
		}
		for i := range r.Fields {
			if r.Fields[i].ID == id {
				return at(&r.Fields[i]), true
			}
		}
		return formula.RowField{}, false
	}
	c := RowCell{Statistic: s.ID, Period: period, Sum: -1}
	if s.Where != nil {
		var err error
		if c.Holds, err = s.Where.RowPredicate(lookup); err != nil {
			return c, err
		}
	}
	if s.Sum == "" {
		return c, nil
	}
	f, ok := lookup(s.Sum)
	if !ok || f.Const != nil || f.Formula != nil || f.Kind != formula.Number {
		return c, notInSQL(s.Name + ": a derived field is summed")
	}
	for i := range r.Fields {
		if r.Fields[i].ID == s.Sum && r.Fields[i].Nullable {
			return c, notInSQL(s.Name + ": a field is summed that may be empty")
		}
	}
	c.Sum, c.Scale = f.At, f.Scale
	return c, nil
}
