package engine

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// factIndex finds facts by what they are about. Building it also puts them into
// one order, so that an evaluation does not depend on how they were delivered.
type factIndex struct {
	figures    map[figureKey]*Figure
	records    map[string][]*Record // by register id, in recordOrder
	judgements map[judgementKey]*Judgement
	ratings    map[raterKey][]*Judgement // those of an indicator with raters, by line
	covered    map[string][]Coverage     // by register id, by first day
	given      map[givenKey]*GivenBenchmark
	countedBy  map[string]bool // registers that a database has counted
	counted    map[figureKey]exact.Num
	asOf       string // the instant up to which facts were taken, RFC 3339
	past       pastResults
	lookedAt   map[ResultKey]bool  // stored results that formulas asked for, whether there or not
	vintages   map[Period]*vintage // what earlier results were computed from
}

type figureKey struct {
	subject, statistic string
	period             Period
}

type judgementKey struct {
	subject, indicator, line string
	period                   Period
}

type raterKey struct {
	subject, indicator string
	period             Period
}

type givenKey struct{ benchmark, metric string }

// newFactIndex fails with ErrConflict if two facts say different things about
// the same matter: the store delivers one live version of each.
func newFactIndex(f *Facts) (*factIndex, error) {
	x := &factIndex{
		figures:    make(map[figureKey]*Figure, len(f.Figures)),
		records:    map[string][]*Record{},
		judgements: make(map[judgementKey]*Judgement, len(f.Judgements)),
		ratings:    map[raterKey][]*Judgement{},
		covered:    map[string][]Coverage{},
		given:      map[givenKey]*GivenBenchmark{},
		countedBy:  map[string]bool{},
		counted:    map[figureKey]exact.Num{},
		asOf:       f.AsOf,
		past:       newPastResults(f.Past),
		lookedAt:   map[ResultKey]bool{},
	}
	if err := x.addVintages(f.Published); err != nil {
		return nil, err
	}
	if err := x.addFigures(f.Figures); err != nil {
		return nil, err
	}
	if err := x.addJudgements(f.Judgements); err != nil {
		return nil, err
	}
	if err := x.addRecords(f.Records); err != nil {
		return nil, err
	}
	x.addCoverage(f.Covered)
	for _, register := range f.CountedRegisters {
		x.countedBy[register] = true
	}
	for _, c := range f.Counts {
		x.counted[figureKey{c.Subject, c.Statistic, c.Period}] = c.Sum
	}
	for i := range f.Given {
		g := &f.Given[i]
		x.given[givenKey{g.Benchmark, g.Metric}] = g
	}
	return x, nil
}

func (x *factIndex) addFigures(figures []Figure) error {
	for i := range figures {
		f := &figures[i]
		key := figureKey{f.Subject, f.Statistic, f.Period}
		old, twice := x.figures[key]
		if twice && !old.Value.Equal(f.Value) {
			return fmt.Errorf("%w: %s of %s in %s is both %s and %s", ErrConflict,
				f.Statistic, f.Subject, f.Period, old.Value, f.Value)
		}
		if !twice || originOrder(f.Origin, old.Origin) < 0 {
			x.figures[key] = f
		}
	}
	return nil
}

func (x *factIndex) addJudgements(judgements []Judgement) error {
	for i := range judgements {
		j := &judgements[i]
		key := judgementKey{j.Subject, j.Indicator, j.Line, j.Period}
		old, twice := x.judgements[key]
		if twice && old.Answer != j.Answer {
			return fmt.Errorf("%w: %s of %s in %s is answered both %s and %s", ErrConflict,
				j.Line, j.Subject, j.Period, old.Answer, j.Answer)
		}
		if !twice || originOrder(j.Origin, old.Origin) < 0 {
			x.judgements[key] = j
		}
	}
	for key, j := range x.judgements {
		rater := raterKey{key.subject, key.indicator, key.period}
		x.ratings[rater] = append(x.ratings[rater], j)
	}
	for _, list := range x.ratings {
		slices.SortFunc(list, func(a, b *Judgement) int { return cmp.Compare(a.Line, b.Line) })
	}
	return nil
}

func (x *factIndex) addRecords(records []Record) error {
	type recordKey struct{ register, key string }
	first := map[recordKey]*Record{}
	for i := range records {
		r := &records[i]
		x.records[r.Register] = append(x.records[r.Register], r)
		if r.Key == "" {
			continue
		}
		key := recordKey{r.Register, r.Key}
		if old, twice := first[key]; !twice {
			first[key] = r
		} else if !old.says(r) {
			return fmt.Errorf("%w: record %s of the register %s stands in two versions (%s, %s)", ErrConflict,
				r.Key, r.Register, old.Origin.place(), r.Origin.place())
		}
	}
	for _, list := range x.records {
		slices.SortStableFunc(list, recordOrder)
	}
	return nil
}

// says reports whether two records say the same of a case, whoever delivered
// them: a unit and its parent may both list it.
func (r *Record) says(other *Record) bool {
	return r.Date == other.Date && r.times() == other.times() && fieldsText(r.Fields) == fieldsText(other.Fields)
}

func (o Origin) place() string { return fmt.Sprintf("%s %s:%d", o.Batch, o.File, o.Row) }

func (x *factIndex) addCoverage(covered []Coverage) {
	for _, c := range covered {
		x.covered[c.Register] = append(x.covered[c.Register], c)
	}
	for _, list := range x.covered {
		sort.SliceStable(list, func(i, j int) bool { return list[i].First.Compare(list[j].First) < 0 })
	}
}

// covers reports whether loads of the register cover every day of the period
// for the subject. Several spans may do it together.
func (x *factIndex) covers(register, subject string, period Period) bool {
	gap := x.firstGap(register, subject, period)
	return gap.IsZero()
}

func originOrder(a, b Origin) int {
	return cmp.Or(cmp.Compare(a.Batch, b.Batch), cmp.Compare(a.File, b.File),
		cmp.Compare(a.Row, b.Row), cmp.Compare(a.Column, b.Column))
}

// recordOrder sorts the records of a register by subject, day and key; what is
// still equal by its origin and at last by its fields.
func recordOrder(a, b *Record) int {
	c := cmp.Or(cmp.Compare(a.Subject, b.Subject), a.Date.Compare(b.Date),
		cmp.Compare(a.Key, b.Key), originOrder(a.Origin, b.Origin), cmp.Compare(a.Times, b.Times))
	if c == 0 {
		return cmp.Compare(fieldsText(a.Fields), fieldsText(b.Fields))
	}
	return c
}

func fieldsText(fields map[string]formula.Value) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, name := range names {
		v := fields[name]
		fmt.Fprintf(&b, "%s=%d,%s,%s,%t,%t;", name, v.Status, v.Num, v.Text, v.Bool, v.Null)
	}
	return b.String()
}
