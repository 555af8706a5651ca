package engine

import (
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// tally is what records come to for one member.
type tally struct {
	sum     exact.Num
	records []*Record // those that count, in recordOrder
	any     bool      // there are records in the period, whether they count or not
	status  formula.Status
	gap     Text // why it is Missing
}

// statistic returns one figure for each member: what was counted in a register
// if the pack says so, otherwise what was reported.
func (t *table) statistic(s *Statistic, period Period) (*formula.Column, error) {
	if s.Scorecard != nil {
		return t.fromScorecard(s.Scorecard, period), nil
	}
	if s.Register == "" {
		return t.eachMember(func(m *member) formula.Value { return numOrMissing(t.reported(s, m, period)) }), nil
	}
	counts, err := t.counted(s, period)
	if err != nil {
		return nil, err
	}
	values := make([]formula.Value, len(counts))
	for i, c := range counts {
		values[i] = formula.Value{Num: c.sum, Status: c.status}
		if t.fallsBack(s, i, period, c) {
			values[i] = numOrMissing(t.reported(s, &t.members[i], period))
		}
	}
	return formula.NewColumn(values), nil
}

// fallsBack reports whether a reported figure stands in for a count: only where
// the register was not delivered for the period at all, as for years before
// case registers were kept.
func (t *table) fallsBack(s *Statistic, row int, period Period, c tally) bool {
	m := &t.members[row]
	if c.status != formula.Missing || t.indexAt(period).covers(s.Register, m.Code, period) {
		return false
	}
	_, ok := t.reported(s, m, period)
	return ok && !c.any
}

// reported adds the figures of a member and of the units counted with it. The
// member's own figure must be there; a unit that delivers none of its own adds
// nothing, and a note says so.
func (t *table) reported(s *Statistic, m *member, period Period) (exact.Num, bool) {
	index := t.indexAt(period)
	own, ok := index.figures[figureKey{m.Code, s.ID, period}]
	if !ok {
		return exact.Num{}, false
	}
	sum := own.Value
	for _, code := range m.merged {
		if f, ok := index.figures[figureKey{code, s.ID, period}]; ok {
			sum = sum.Add(f.Value)
		}
	}
	return sum, true
}

func numOrMissing(n exact.Num, ok bool) formula.Value {
	if !ok {
		return formula.Value{Status: formula.Missing}
	}
	return formula.Value{Num: n}
}

// counted counts or sums the records of the period for each member.
func (t *table) counted(s *Statistic, period Period) ([]tally, error) {
	key := columnKey{s.ID, period}
	if c, ok := t.counts[key]; ok {
		return c, nil
	}
	if s.Last != "" {
		return t.latest(s, period)
	}
	if counts, given := t.givenCounts(s, period); given {
		t.counts[key] = counts
		return counts, nil
	}
	set := t.caseSet(s.Register, period)
	where, err := set.eval(s.Where)
	if err != nil {
		return nil, err
	}
	var amounts *formula.Column
	if s.Sum != "" {
		if amounts, err = set.column(s.Sum); err != nil {
			return nil, err
		}
	}
	if s.Distinct != "" {
		return t.distinct(s, set, where)
	}
	counts := make([]tally, len(t.members))
	for i := range t.members {
		counts[i] = t.tallyOf(s, set, &t.members[i], where, amounts)
	}
	t.counts[key] = counts
	return counts, nil
}

// tallyOf counts the member's records for which where holds, each key once.
// amounts is nil if records are counted and not summed.
func (t *table) tallyOf(s *Statistic, set *caseSet, m *member, where, amounts *formula.Column) tally {
	var out tally
	if !set.index.covers(set.register, m.Code, set.period) {
		out.status, out.gap = formula.Missing, reasonNotCovered(t.registerName(set.register), set.period)
	}
	seen := map[string]bool{}
	for _, i := range set.rows(m) {
		r := set.records[i]
		out.any = true
		if where != nil {
			v := where.At(i)
			if v.Status != formula.OK {
				out.miss(v.Status, set.recordGap(s.Where, i))
				continue
			}
			if !v.Bool {
				continue
			}
		}
		if r.Key != "" && seen[r.Key] {
			continue
		}
		seen[r.Key] = true
		if status := out.add(r, amounts, i); status != formula.OK {
			out.miss(status, reasonRecord(r, []string{set.fieldName(s.Sum)}))
		}
	}
	return out
}

// add counts a record, or sums its amount. It returns what is wrong with an
// amount that cannot be summed.
func (c *tally) add(r *Record, amounts *formula.Column, row int) formula.Status {
	c.records = append(c.records, r)
	amount := exact.Int(1)
	if amounts != nil {
		v := amounts.At(row)
		if v.Null {
			return formula.Missing
		}
		if v.Status != formula.OK {
			return v.Status
		}
		amount = v.Num
	}
	c.sum = c.sum.Add(amount.Mul(exact.Int(int64(r.times()))))
	return formula.OK
}

// miss keeps the graver reason why there is no figure.
func (c *tally) miss(s formula.Status, gap Text) {
	if s > c.status {
		c.status, c.gap = s, gap
	}
}

// times returns how often the record counts.
func (r *Record) times() int {
	if r.Times == 0 {
		return 1
	}
	return r.Times
}

func (t *table) registerName(id string) string {
	if r := registerOf(t.pack, id); r != nil {
		return r.Name
	}
	return id
}

func registerOf(p *Pack, id string) *Register {
	for i := range p.Registers {
		if p.Registers[i].ID == id {
			return &p.Registers[i]
		}
	}
	return nil
}
