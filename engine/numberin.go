package engine

import (
	"cmp"
	"slices"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// numbers gives every record of the set its place among those that agree with it.
// Earlier records count whether they lie in the set's period or not.
func (s *caseSet) numbers(n *NumberIn) *formula.Column {
	places := map[*Record]formula.Value{}
	byKey := map[subjectKey]formula.Value{}
	count := map[string]int64{}
	for _, r := range s.inOrder(n) {
		key := subjectKey{r.Subject, r.Key}
		if v, again := byKey[key]; again && r.Key != "" {
			places[r] = v
			continue
		}
		v := s.place(n, r, count)
		places[r], byKey[key] = v, v
	}
	values := make([]formula.Value, len(s.records))
	for i, r := range s.records {
		values[i] = places[r]
	}
	return formula.NewColumn(values)
}

// subjectKey names a record of a subject: a case that a unit and its parent both
// list has a place with each of them.
type subjectKey struct{ subject, key string }

// place counts a record. One that lacks a field has no place and takes none.
func (s *caseSet) place(n *NumberIn, r *Record, count map[string]int64) formula.Value {
	parts := []string{r.Subject}
	if n.Since == SinceYear {
		parts = append(parts, Date{Year: r.Date.Year, Month: 1, Day: 1}.String())
	}
	for _, id := range n.Same {
		v := fieldValue(r, s.field(id))
		if v.Status != formula.OK || v.Null {
			return formula.Value{Status: formula.Missing}
		}
		parts = append(parts, s.exactly(id, v))
	}
	key := strings.Join(parts, "\x00")
	count[key] += int64(r.times())
	return formula.Value{Num: exact.Int(count[key])}
}

// inOrder lists the register's records that are counted, first the earliest. A
// record that does not say when on its day it came stands behind those that do.
func (s *caseSet) inOrder(n *NumberIn) []*Record {
	var out []*Record
	for _, r := range s.index.records[s.register] {
		if n.Since != SincePeriod || s.period.Contains(r.Date) {
			out = append(out, r)
		}
	}
	moment := func(r *Record) (exact.Num, bool) {
		if n.By == "" {
			return exact.Num{}, false
		}
		v := fieldValue(r, s.field(n.By))
		return v.Num, v.Status == formula.OK && !v.Null
	}
	slices.SortStableFunc(out, func(a, b *Record) int {
		x, hasX := moment(a)
		y, hasY := moment(b)
		c := a.Date.Compare(b.Date)
		switch {
		case c == 0 && hasX && hasY:
			c = x.Cmp(y)
		case c == 0 && hasX:
			c = -1
		case c == 0 && hasY:
			c = 1
		}
		return cmp.Or(c, cmp.Compare(a.Key, b.Key), recordOrder(a, b))
	})
	return out
}
