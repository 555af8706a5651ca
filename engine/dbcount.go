package engine

import (
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// CountPlan says which registers a database can count by itself, and what it
// cannot and why.
type CountPlan struct {
	Registers []CountedRegister
	Left      []LeftToRecords
}

// CountedRegister is what has to be counted in one register, in one scan.
type CountedRegister struct {
	Register    string // id
	First, Last Date   // of all periods
	Periods     []Period
	Cells       []CountCell
}

// CountCell is one statistic in one period. Holds and Unknown are conditions in
// SQL over the column fields; the amount is empty where records are counted.
type CountCell struct {
	Statistic string // id
	Period    Period
	Where     formula.Predicate
	Amount    formula.Amount
}

// LeftToRecords is a register whose records have to be read, and why.
type LeftToRecords struct {
	Register, Statistic string // names; no statistic if something else uses the register
	Why                 Text
}

// Count is what a database has counted for one subject. A register that is named
// in Facts.CountedRegisters has one for each statistic, period and subject that
// has any record in the period.
type Count struct {
	Statistic string // id
	Period    Period
	Subject   string    // code
	Sum       exact.Num // in base units
}

// PlanCounts says what a database can count for an evaluation of the period. A
// register is counted there if nothing but statistics looks at its records, and
// if the conditions of all of them can be asked of the database.
func PlanCounts(p *Pack, period Period, d formula.Dialect) CountPlan {
	var plan CountPlan
	periods := PriorPeriods(p, period)
	published := len(PublishedPeriods(p, period)) > 0
	for i := range p.Registers {
		r := &p.Registers[i]
		switch {
		case published:
			plan.leave(r, nil, Text{"上期数取自已公布的结果", "prior figures are taken as published"})
		case p.looksIntoRecords(r.ID):
			plan.leave(r, nil, Text{"除统计指标外,还有规则逐条使用它的记录", "rules other than statistics look at its records one by one"})
		default:
			plan.add(p, r, periods, d)
		}
	}
	return plan
}

func (c *CountPlan) leave(r *Register, s *Statistic, why Text) {
	left := LeftToRecords{Register: r.Name, Why: why}
	if s != nil {
		left.Statistic = s.Name
	}
	c.Left = append(c.Left, left)
}

// add plans a register, or leaves it and says which statistics are the reason.
func (c *CountPlan) add(p *Pack, r *Register, periods []Period, d formula.Dialect) {
	counted := CountedRegister{Register: r.ID, First: periods[0].First, Last: periods[0].Last, Periods: periods}
	for _, period := range periods {
		if period.First.Compare(counted.First) < 0 {
			counted.First = period.First
		}
		if period.Last.Compare(counted.Last) > 0 {
			counted.Last = period.Last
		}
	}
	before := len(c.Left)
	for i := range p.Statistics {
		s := &p.Statistics[i]
		if s.Register != r.ID {
			continue
		}
		cells, err := cellsOf(r, s, periods, d)
		if err != nil {
			c.leave(r, s, Text{"条件或取数方式没有对应的 SQL:" + err.Error(), err.Error()})
		}
		counted.Cells = append(counted.Cells, cells...)
	}
	if len(c.Left) == before && len(counted.Cells) > 0 {
		c.Registers = append(c.Registers, counted)
	}
}

type notInSQL string

func (e notInSQL) Error() string { return string(e) }

func cellsOf(r *Register, s *Statistic, periods []Period, d formula.Dialect) ([]CountCell, error) {
	if s.Distinct != "" || s.Last != "" {
		return nil, notInSQL("different values and latest entries are taken from the records")
	}
	var cells []CountCell
	for _, period := range periods {
		lookup := func(id string) (formula.SQLField, bool) { return r.sqlField(id, period) }
		cell := CountCell{Statistic: s.ID, Period: period, Where: formula.Predicate{Holds: "1 = 1", Unknown: "1 = 0"}}
		var err error
		if s.Where != nil {
			if cell.Where, err = s.Where.SQL(d, lookup); err != nil {
				return nil, err
			}
		}
		if s.Sum != "" {
			f, ok := r.sqlField(s.Sum, period)
			if !ok || f.Formula != nil || f.Kind != formula.Number {
				return nil, notInSQL("a derived field is summed")
			}
			if cell.Amount, err = formula.SQLAmount(d, s.Sum, f); err != nil {
				return nil, err
			}
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

// sqlField says what a name in a condition over the register stands for.
func (r *Register) sqlField(id string, period Period) (formula.SQLField, bool) {
	var day Date
	switch id {
	case idPeriodFirstDay:
		day = period.First
	case idPeriodLastDay:
		day = period.Last
	default:
		for _, f := range r.Fields {
			if f.ID == id && f.Number == nil {
				return formula.SQLField{Kind: f.Kind, Clock: f.Clock, Nullable: f.Nullable, Formula: f.Formula}, true
			}
		}
		return formula.SQLField{}, false
	}
	v := dateValue(day)
	return formula.SQLField{Kind: formula.Date, Const: &v}, true
}

// looksIntoRecords reports whether anything but statistics uses the records of a
// register.
func (p *Pack) looksIntoRecords(register string) bool {
	r := &p.Records
	used := r.Persons != nil && r.Persons.Register == register
	for i := range r.TimeLimits {
		used = used || r.TimeLimits[i].Register == register
	}
	for i := range r.RedFlags {
		used = used || r.RedFlags[i].Register == register
	}
	for i := range r.Samples {
		used = used || r.Samples[i].Register == register
	}
	for i := range r.Penalties {
		used = used || r.Penalties[i].Register == register
	}
	return used || p.anyItem(func(it *Item) bool { return it.Cases != nil && it.Cases.Register == register }) ||
		p.Ratings != nil && slices.ContainsFunc(slices.Concat(p.Ratings.Unless, p.Ratings.Then), func(s RatingStep) bool { return s.Register == register })
}

// givenCounts builds the tallies of a statistic from what a database counted.
func (t *table) givenCounts(s *Statistic, period Period) ([]tally, bool) {
	x := t.indexAt(period)
	if !x.countedBy[s.Register] {
		return nil, false
	}
	counts := make([]tally, len(t.members))
	for i := range t.members {
		m, c := &t.members[i], &counts[i]
		if !x.covers(s.Register, m.Code, period) {
			c.status, c.gap = formula.Missing, reasonNotCovered(t.registerName(s.Register), period)
		}
		for _, code := range m.codes() {
			if n, ok := x.counted[figureKey{code, s.ID, period}]; ok {
				c.sum, c.any = c.sum.Add(n), true
			}
		}
	}
	return counts, true
}
