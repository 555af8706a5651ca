package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// tariff is what every case of a deduction's register costs in the period.
type tariff struct {
	set    *caseSet
	counts []bool // the case belongs to the deduction
	points []exact.Num
	line   []int  // the line of the table that fits; -1 if none
	gap    []Text // why a case cannot be priced; zero if it can
}

// tariff prices the cases of a deduction once for all subjects.
func (s *scorer) tariff(it *Item) (*tariff, error) {
	if f, ok := s.tariffs[it]; ok {
		return f, nil
	}
	f, err := s.price(it.Cases)
	if err != nil {
		return nil, err
	}
	s.tariffs[it] = f
	return f, nil
}

func (s *scorer) price(c *CaseTable) (*tariff, error) {
	set := s.table.caseSet(c.Register, s.table.period)
	n := len(set.records)
	f := &tariff{set: set, counts: make([]bool, n), points: make([]exact.Num, n), line: make([]int, n), gap: make([]Text, n)}
	where, err := set.eval(c.Where)
	if err != nil {
		return nil, err
	}
	conditions, err := c.conditions(set)
	if err != nil {
		return nil, err
	}
	amounts, err := c.amounts(set)
	if err != nil {
		return nil, err
	}
	for i := range set.records {
		f.counts[i], f.line[i] = true, -1
		if where != nil {
			v := where.At(i)
			if v.Status != formula.OK {
				f.gap[i] = set.recordGap(c.Where, i)
				continue
			}
			f.counts[i] = v.Bool
		}
		if f.counts[i] {
			f.line[i], f.gap[i] = c.fit(set, conditions, i)
		}
		if f.line[i] >= 0 {
			f.points[i], f.gap[i] = c.worth(set, amounts, f.line[i], i)
		}
	}
	return f, nil
}

// amounts works out what cases cost where a line has a formula.
func (c *CaseTable) amounts(set *caseSet) ([]*formula.Column, error) {
	columns := make([]*formula.Column, len(c.Lines))
	for i, line := range c.Lines {
		column, err := set.eval(line.Formula)
		if err != nil {
			return nil, err
		}
		columns[i] = column
	}
	return columns, nil
}

// worth returns the points of a case on a line; the second says why there are
// none. A formula that comes out negative is taken as nothing.
func (c *CaseTable) worth(set *caseSet, amounts []*formula.Column, line, row int) (exact.Num, Text) {
	if amounts[line] == nil {
		return c.Lines[line].Points, Text{}
	}
	v := amounts[line].At(row)
	if v.Status != formula.OK || v.Null {
		return exact.Num{}, set.recordGap(c.Lines[line].Formula, row)
	}
	return exact.Max(v.Num, exact.Num{}), Text{}
}

// conditions computes for each line of the table for which cases it holds: its
// condition, or that the case is of its class. Nil stands for "otherwise".
func (c *CaseTable) conditions(set *caseSet) ([]*formula.Column, error) {
	columns := make([]*formula.Column, len(c.Lines))
	for i, line := range c.Lines {
		var err error
		if line.When != nil {
			columns[i], err = set.eval(line.When)
		} else if !line.Otherwise {
			columns[i], err = c.ofClass(set, line.Class)
		}
		if err != nil {
			return nil, err
		}
	}
	return columns, nil
}

func (c *CaseTable) ofClass(set *caseSet, class string) (*formula.Column, error) {
	classes, err := set.column(c.ClassifiedBy)
	if err != nil {
		return nil, err
	}
	values := make([]formula.Value, classes.Len())
	for i := range values {
		v := classes.At(i)
		values[i] = formula.Value{Status: v.Status, Bool: !v.Null && v.Text == class}
	}
	return formula.NewColumn(values), nil
}

// fit returns the first line that fits a case, or -1 and why there is none.
func (c *CaseTable) fit(set *caseSet, conditions []*formula.Column, row int) (int, Text) {
	for i, column := range conditions {
		if column == nil {
			return i, Text{}
		}
		v := column.At(row)
		if v.Status != formula.OK {
			return -1, set.lineGap(c, i, row)
		}
		if v.Bool {
			return i, Text{}
		}
	}
	return -1, set.noLine(c, row)
}

// pricedCase is a case of a deduction with what it costs.
type pricedCase struct {
	record *Record
	points exact.Num // times included, not negative
	line   int
}

// casesOf returns the member's cases, each key once, and why one of them has no
// price; the second is zero if all have.
func (f *tariff) casesOf(m *member) ([]pricedCase, Text) {
	var cases []pricedCase
	seen := map[string]bool{}
	for _, i := range f.set.rows(m) {
		r := f.set.records[i]
		if !f.gap[i].IsZero() {
			return nil, f.gap[i]
		}
		if !f.counts[i] || r.Key != "" && seen[r.Key] {
			continue
		}
		seen[r.Key] = true
		cases = append(cases, pricedCase{r, f.points[i].Mul(exact.Int(int64(r.times()))), f.line[i]})
	}
	return cases, Text{}
}

// deduct adds up the cases of a deduction. A register that was not delivered for
// the period holds it: no list is not an empty list.
func (s *scorer) deduct(it *Item, row int) (*outcome, error) {
	o := &outcome{item: it, status: Scored}
	f, err := s.tariff(it)
	if err != nil {
		return nil, err
	}
	m := &s.table.members[row]
	if !s.table.index.covers(it.Cases.Register, m.Code, s.table.period) {
		o.status, o.reason = Held, reasonNotCovered(s.table.registerName(it.Cases.Register), s.table.period)
		return o, nil
	}
	cases, gap := f.casesOf(m)
	if !gap.IsZero() {
		o.status, o.reason = Held, gap
		return o, nil
	}
	for _, c := range cases {
		if it.Adds {
			o.earned = o.earned.Add(c.points)
		} else {
			o.earned = o.earned.Sub(c.points)
		}
		o.cases += c.record.times()
	}
	return o, nil
}
