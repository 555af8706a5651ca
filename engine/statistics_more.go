package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// distinct counts for each member the different values of a field among the
// records for which where holds. A record without the value leaves the number
// unknown: it may be one more, or none.
func (t *table) distinct(s *Statistic, set *caseSet, where *formula.Column) ([]tally, error) {
	values, err := set.column(s.Distinct)
	if err != nil {
		return nil, err
	}
	counts := make([]tally, len(t.members))
	for i := range t.members {
		c := t.tallyOf(s, set, &t.members[i], where, nil)
		seen, counted := map[string]bool{}, map[*Record]bool{}
		for _, r := range c.records {
			counted[r] = true
		}
		for _, row := range set.rows(&t.members[i]) {
			if !counted[set.records[row]] {
				continue
			}
			v := values.At(row)
			if v.Status != formula.OK || v.Null {
				c.miss(formula.Missing, reasonRecord(set.records[row], []string{set.fieldName(s.Distinct)}))
				continue
			}
			seen[set.exactly(s.Distinct, v)] = true
		}
		c.sum = exact.Int(int64(len(seen)))
		counts[i] = c
	}
	t.counts[columnKey{s.ID, set.period}] = counts
	return counts, nil
}

// latest takes for each member what the latest record says that is not after the
// day on which the statistic stands: the last day of the period, or the one before
// its first.
func (t *table) latest(s *Statistic, period Period) ([]tally, error) {
	day := period.Last
	if s.Opening {
		day = period.First.AddDays(-1)
	}
	set := t.caseSetOf(t.indexAt(period), s.Register, Period{First: everything.First, Last: day})
	where, err := set.eval(s.Where)
	if err != nil {
		return nil, err
	}
	values, err := set.column(s.Last)
	if err != nil {
		return nil, err
	}
	counts := make([]tally, len(t.members))
	for i := range t.members {
		counts[i] = t.latestOf(s, set, &t.members[i], where, values, day)
	}
	t.counts[columnKey{s.ID, period}] = counts
	return counts, nil
}

// latestOf adds the latest value of the member and of each unit counted with it.
// The member's own must be there; a unit without one adds nothing.
func (t *table) latestOf(s *Statistic, set *caseSet, m *member, where, values *formula.Column, day Date) tally {
	var out tally
	name := t.registerName(s.Register)
	if on := (Period{First: day, Last: day}); !set.index.covers(s.Register, m.Code, on) {
		out.status, out.gap = formula.Missing, reasonNotCoveredOn(name, day)
		return out
	}
	for _, code := range m.codes() {
		rows := set.latestRows(set.bySubj[code], where)
		if len(rows) == 0 {
			if code == m.Code {
				out.miss(formula.Missing, reasonNoneUntil(name, day))
			}
			continue
		}
		out.any = true
		out.take(s, set, where, values, rows)
	}
	return out
}

// take adds what the rows of one day say, if they say the same.
func (c *tally) take(s *Statistic, set *caseSet, where, values *formula.Column, rows []int) {
	first := values.At(rows[0])
	for _, row := range rows {
		v, r := values.At(row), set.records[row]
		switch {
		case where != nil && where.At(row).Status != formula.OK:
			c.miss(formula.Missing, set.recordGap(s.Where, row))
		case v.Status != formula.OK || v.Null:
			c.miss(formula.Missing, reasonRecord(r, []string{set.fieldName(s.Last)}))
		case !v.Num.Equal(first.Num):
			c.miss(formula.Missing, reasonTwoOfADay(set.decl.Name, set.records[rows[0]], r))
		}
	}
	c.records = append(c.records, set.records[rows[0]])
	c.sum = c.sum.Add(first.Num)
}

// latestRows returns the rows of the latest day on which the condition holds or
// cannot be told.
func (s *caseSet) latestRows(rows []int, where *formula.Column) []int {
	var out []int
	for _, row := range rows {
		if where != nil && where.At(row).Status == formula.OK && !where.At(row).Bool {
			continue
		}
		if len(out) > 0 {
			switch c := s.records[row].Date.Compare(s.records[out[0]].Date); {
			case c < 0:
				continue
			case c > 0:
				out = out[:0]
			}
		}
		out = append(out, row)
	}
	return out
}

func reasonNotCoveredOn(register string, day Date) Text {
	return Text{
		"“" + register + "”登记没有报到 " + day.String(),
		"the register " + register + " was not delivered for " + day.String(),
	}
}

func reasonTwoOfADay(register string, a, b *Record) Text {
	return Text{
		"“" + register + "”同一天有两条记录(" + a.Key + "、" + b.Key + "),数值不同",
		"the register " + register + " has two records of one day (" + a.Key + ", " + b.Key + ") that say different things",
	}
}

func reasonNoneUntil(register string, day Date) Text {
	return Text{"“" + register + "”登记在 " + day.String() + " 及以前没有记录", "the register " + register + " has no record up to " + day.String()}
}
