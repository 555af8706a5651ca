package engine

import (
	"fmt"
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Names that every pack knows without declaring them.
const (
	idPeriodFirstDay  = "period_first_day"      // 期初日
	idPeriodLastDay   = "period_last_day"       // 期末日
	idAccountingYears = "full_accounting_years" // 完整会计年度数
	idSubjectType     = "subject_type"          // 机构类型
	idOpened          = "opened"                // 开业日期
	idTotal           = "total"                 // 总分
)

// table holds the columns that formulas ask for: one lane for each member. A
// column is computed when it is first wanted, and once.
type table struct {
	pack     *Pack
	period   Period // the period that is assessed
	members  []member
	index    *factIndex
	groups   []int32        // the peer group of each member
	parents  []int32        // the row of the subject above each member, or -1
	declared map[string]any // *Statistic, *Attribute, *Metric or *Benchmark by id
	columns  map[columnKey]*formula.Column
	active   []string // ids being computed, to notice circles
	cases    map[caseKey]*caseSet
	counts   map[columnKey][]tally
	scorer   *scorer                    // scores items when a formula asks for their points
	asScored map[string]*formula.Column // metrics as they are scored, by id
	fresh    *table                     // over the newest facts only; nil until it is wanted
}

// columnKey names a column: a declared name seen from a period.
type columnKey struct {
	id     string
	period Period
}

func newTable(p *Pack, period Period, members []member, x *factIndex) *table {
	t := &table{
		pack: p, period: period, members: members, index: x,
		groups:   make([]int32, len(members)),
		parents:  parentRows(members),
		declared: declarations(p),
		columns:  map[columnKey]*formula.Column{},
		cases:    map[caseKey]*caseSet{},
		counts:   map[columnKey][]tally{},
		asScored: map[string]*formula.Column{},
	}
	for i, m := range members {
		t.groups[i] = m.group
	}
	return t
}

// declarations finds what a pack declares under one id. Statistics, attributes,
// metrics and benchmarks share one name space.
func declarations(p *Pack) map[string]any {
	m := map[string]any{}
	for i := range p.Statistics {
		m[p.Statistics[i].ID] = &p.Statistics[i]
	}
	for i := range p.Attributes {
		m[p.Attributes[i].ID] = &p.Attributes[i]
	}
	for i := range p.Metrics {
		m[p.Metrics[i].ID] = &p.Metrics[i]
	}
	for i := range p.Parameters {
		m[p.Parameters[i].ID] = &p.Parameters[i]
	}
	for i := range p.Benchmarks {
		m[p.Benchmarks[i].ID] = &p.Benchmarks[i]
	}
	return m
}

// column returns the values of a declared name in a period.
func (t *table) column(id string, period Period) (*formula.Column, error) {
	key := columnKey{id, period}
	if c, ok := t.columns[key]; ok {
		return c, nil
	}
	if err := t.enter(id); err != nil {
		return nil, err
	}
	c, err := t.compute(id, period)
	t.leave()
	if err != nil {
		return nil, err
	}
	t.columns[key] = c
	return c, nil
}

// enter notes that something is being computed; it fails if that goes on
// already. The checker has refused such circles: this is the safety net.
func (t *table) enter(id string) error {
	if at := slices.Index(t.active, id); at >= 0 {
		return fmt.Errorf("%s depends on itself: %s", id, circleText(append(slices.Clone(t.active[at:]), id)))
	}
	t.active = append(t.active, id)
	return nil
}

func (t *table) leave() { t.active = t.active[:len(t.active)-1] }

func (t *table) compute(id string, period Period) (*formula.Column, error) {
	switch d := t.declared[id].(type) {
	case *Statistic:
		return t.statistic(d, period)
	case *Attribute:
		return t.attribute(d, period)
	case *Metric:
		return t.eval(d.Formula, period)
	case *Benchmark:
		return t.benchmarkColumn(d, period)
	case *Parameter:
		return t.eachMember(func(m *member) formula.Value { return d.of(t.pack, m) }), nil
	}
	if isScored(id) {
		return t.scoredColumn(id, period)
	}
	return t.builtIn(id, period)
}

// eval computes a formula as seen from the period, in the members' peer groups.
func (t *table) eval(e *formula.Expr, period Period) (*formula.Column, error) {
	c, err := formula.Eval(e, t.input(period, t.groups))
	if err != nil {
		return nil, fmt.Errorf("evaluate %s: %w", e.Source(), err)
	}
	return c, nil
}

func (t *table) input(period Period, groups []int32) formula.Input {
	return formula.Input{
		Rows:     len(t.members),
		Group:    groups,
		Parent:   t.parents,
		Calendar: t.pack.Calendar,
		Column: func(r formula.Ref) (*formula.Column, error) {
			at := t.pack.shifted(period, r)
			if at.IsZero() { // a part of the year that has not begun
				return formula.Const(formula.Value{Null: true}, len(t.members)), nil
			}
			return t.column(r.ID, at)
		},
	}
}

// parentRows finds the row of the subject above each member; -1 where there is
// none among them.
func parentRows(members []member) []int32 {
	rows := make(map[string]int32, len(members))
	for i := range members {
		rows[members[i].Code] = int32(i)
	}
	parents := make([]int32, len(members))
	for i := range members {
		row, ok := rows[members[i].Parent]
		if !ok || row == int32(i) {
			row = -1
		}
		parents[i] = row
	}
	return parents
}

func (t *table) attribute(a *Attribute, period Period) (*formula.Column, error) {
	if a.Formula != nil {
		return t.eval(a.Formula, period)
	}
	return t.eachMember(func(m *member) formula.Value {
		if v, ok := m.Attributes[a.ID]; ok {
			return v
		}
		return builtInAttribute(a.ID, m, period)
	}), nil
}

func (t *table) builtIn(id string, period Period) (*formula.Column, error) {
	switch id {
	case idPeriodFirstDay:
		return formula.Const(dateValue(period.First), len(t.members)), nil
	case idPeriodLastDay:
		return formula.Const(dateValue(period.Last), len(t.members)), nil
	case idAccountingYears, idSubjectType, idOpened:
		return t.eachMember(func(m *member) formula.Value {
			if v, ok := m.Attributes[id]; ok {
				return v
			}
			return builtInAttribute(id, m, period)
		}), nil
	}
	return nil, fmt.Errorf("%w: the pack %s declares no %s", ErrNotFound, t.pack.Name, id)
}

func (t *table) eachMember(value func(*member) formula.Value) *formula.Column {
	values := make([]formula.Value, len(t.members))
	for i := range t.members {
		values[i] = value(&t.members[i])
	}
	return formula.NewColumn(values)
}

// builtInAttribute derives what every subject has. A type or day of opening that
// is not known is 空; anything else is Missing.
func builtInAttribute(id string, m *member, period Period) formula.Value {
	switch {
	case id == idSubjectType:
		return formula.Value{Text: m.Type, Null: m.Type == ""}
	case id == idOpened && m.Opened.IsZero():
		return formula.Value{Null: true}
	case id == idOpened:
		return dateValue(m.Opened)
	case id == idAccountingYears && !m.Opened.IsZero():
		return formula.Value{Num: exact.Int(accountingYears(m.Opened, period.Last))}
	}
	return formula.Value{Status: formula.Missing}
}

// accountingYears counts the calendar years that lie wholly between the day of
// opening and the last day, both included. It is never negative.
func accountingYears(opened, last Date) int64 {
	first := opened.Year
	if opened.Month != 1 || opened.Day != 1 {
		first++
	}
	end := last.Year
	if last.Month != 12 || last.Day != 31 {
		end--
	}
	return int64(max(end-first+1, 0))
}

func dateValue(d Date) formula.Value { return formula.Value{Num: exact.Int(d.DayNumber())} }
