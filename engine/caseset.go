package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/formula"
)

// caseSet is the records of one register that fall into one period, with the
// columns that conditions ask for: one lane for each record.
type caseSet struct {
	register string
	decl     *Register // nil if the pack does not declare it
	period   Period
	index    *factIndex
	records  []*Record
	bySubj   map[string][]int
	columns  map[string]*formula.Column
	active   []string
	table    *table
	limits   map[string][]limitState // by id of the time limit
}

// caseSet returns the records of a register in a period, by the day that puts a
// record into a period.
func (t *table) caseSet(register string, period Period) *caseSet {
	return t.caseSetOf(t.indexAt(period), register, period)
}

// caseKey names the records of a register in a span of days, as an index has them.
type caseKey struct {
	index    *factIndex
	register string
	period   Period
}

// caseSetOf returns them from an index.
func (t *table) caseSetOf(index *factIndex, register string, period Period) *caseSet {
	key := caseKey{index, register, period}
	if s, ok := t.cases[key]; ok {
		return s
	}
	s := &caseSet{
		register: register,
		decl:     registerOf(t.pack, register),
		period:   period,
		index:    index,
		bySubj:   map[string][]int{},
		columns:  map[string]*formula.Column{},
		table:    t,
		limits:   map[string][]limitState{},
	}
	for _, r := range index.records[register] {
		if period.Contains(r.Date) {
			s.bySubj[r.Subject] = append(s.bySubj[r.Subject], len(s.records))
			s.records = append(s.records, r)
		}
	}
	t.cases[key] = s
	return s
}

// rows returns the records of a member and of the units counted with it.
func (s *caseSet) rows(m *member) []int {
	if len(m.merged) == 0 {
		return s.bySubj[m.Code]
	}
	var rows []int
	for _, code := range m.codes() {
		rows = append(rows, s.bySubj[code]...)
	}
	return rows
}

// eval computes a condition or value for every record; nil for a nil formula.
func (s *caseSet) eval(e *formula.Expr) (*formula.Column, error) {
	if e == nil {
		return nil, nil
	}
	c, err := formula.Eval(e, s.input())
	if err != nil {
		return nil, fmt.Errorf("evaluate %s over the register %s: %w", e.Source(), s.register, err)
	}
	return c, nil
}

func (s *caseSet) input() formula.Input {
	return formula.Input{
		Rows:     len(s.records),
		Calendar: s.table.pack.Calendar,
		Column:   func(r formula.Ref) (*formula.Column, error) { return s.column(r.ID) },
	}
}

// column returns a field of every record. An empty field is 空 where the pack
// allows that, otherwise missing.
func (s *caseSet) column(id string) (*formula.Column, error) {
	if c, ok := s.columns[id]; ok {
		return c, nil
	}
	if at := slices.Index(s.active, id); at >= 0 {
		return nil, fmt.Errorf("%s depends on itself: %s", id, circleText(append(slices.Clone(s.active[at:]), id)))
	}
	s.active = append(s.active, id)
	c, err := s.compute(id)
	s.active = s.active[:len(s.active)-1]
	if err != nil {
		return nil, err
	}
	s.columns[id] = c
	return c, nil
}

func (s *caseSet) compute(id string) (*formula.Column, error) {
	switch id {
	case idPeriodFirstDay:
		return formula.Const(dateValue(s.period.First), len(s.records)), nil
	case idPeriodLastDay:
		return formula.Const(dateValue(s.period.Last), len(s.records)), nil
	}
	field := s.field(id)
	if limit, suffix := s.table.pack.limitOf(s.register, id); field == nil && limit != nil {
		return s.limitColumn(limit, suffix)
	}
	if field == nil {
		return nil, fmt.Errorf("%w: the register %s has no field %s", ErrNotFound, s.register, id)
	}
	if field.Formula != nil {
		return s.eval(field.Formula)
	}
	if field.Number != nil {
		return s.numbers(field.Number), nil
	}
	values := make([]formula.Value, len(s.records))
	for i, r := range s.records {
		values[i] = fieldValue(r, field)
	}
	return formula.NewColumn(values), nil
}

func (s *caseSet) field(id string) *Field {
	if s.decl == nil {
		return nil
	}
	for i := range s.decl.Fields {
		if s.decl.Fields[i].ID == id {
			return &s.decl.Fields[i]
		}
	}
	return nil
}

func fieldValue(r *Record, f *Field) formula.Value {
	v, ok := r.Fields[f.ID]
	switch {
	case !ok && f.Nullable:
		return formula.Value{Null: true}
	case !ok || v.Null && !f.Nullable:
		return formula.Value{Status: formula.Missing}
	}
	return v
}
