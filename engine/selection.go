package engine

import (
	"strings"

	"kaoping/engine/formula"
)

// selection is the records of a set for which a condition holds, each key once,
// and those for which it cannot be told.
type selection struct {
	set  *caseSet
	rows []int
	gaps map[int]Text
}

// choose picks the records of the set for which the condition holds; all of them
// without one.
func (s *caseSet) choose(where *formula.Expr) (selection, error) {
	out := selection{set: s, gaps: map[int]Text{}}
	column, err := s.eval(where)
	if err != nil {
		return out, err
	}
	seen := map[string]bool{}
	for i, r := range s.records {
		if r.Key != "" && seen[r.Key] {
			continue
		}
		seen[r.Key] = true
		if column == nil {
			out.rows = append(out.rows, i)
			continue
		}
		v := column.At(i)
		switch {
		case v.Status != formula.OK || v.Null:
			out.gaps[i] = s.recordGap(where, i)
		case v.Bool:
			out.rows = append(out.rows, i)
		}
	}
	return out, nil
}

// bundle is records that belong together, with what they agree in.
type bundle struct {
	subject string // empty if subjects are not told apart
	shared  []string
	rows    []int
}

// bundles puts rows together that agree in the fields, in the order in which they
// first come; apart tells subjects apart as well. A record that lacks one of the
// fields belongs to no bundle and is given to lacks, unless the pack allows the
// field to be empty: an empty account is not the same account as another.
func (s *caseSet) bundles(rows []int, fields []string, apart bool, lacks func(row int, why Text)) ([]bundle, error) {
	var out []bundle
	at := map[string]int{}
	for _, row := range rows {
		b, exactly, ok, err := s.bundleOf(row, fields, lacks)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if apart {
			b.subject = s.records[row].Subject
		}
		key := b.subject + "\x00" + strings.Join(exactly, "\x00")
		i, known := at[key]
		if !known {
			i, at[key] = len(out), len(out)
			out = append(out, b)
		}
		out[i].rows = append(out[i].rows, row)
	}
	return out, nil
}

// bundleOf returns the bundle of one record: what it shares as people read it, and
// exactly.
func (s *caseSet) bundleOf(row int, fields []string, lacks func(int, Text)) (b bundle, exactly []string, ok bool, err error) {
	for _, id := range fields {
		c, err := s.column(id)
		if err != nil {
			return b, nil, false, err
		}
		v := c.At(row)
		switch {
		case v.Status != formula.OK:
			lacks(row, reasonRecord(s.records[row], []string{s.fieldName(id)}))
			return b, nil, false, nil
		case v.Null || s.kindOf(id) == formula.Text && v.Text == "":
			return b, nil, false, nil
		}
		b.shared, exactly = append(b.shared, s.shown(id, v)), append(exactly, s.exactly(id, v))
	}
	return b, exactly, true, nil
}

func (s *caseSet) kindOf(id string) formula.Kind {
	if f := s.field(id); f != nil {
		return f.Kind
	}
	return formula.Text
}

// exactly writes the value of a field so that two values are written alike only if
// they are equal: what is shown may be rounded.
func (s *caseSet) exactly(id string, v formula.Value) string {
	if k := s.kindOf(id); k == formula.Number || k == formula.Date {
		return v.Num.String()
	}
	return s.shown(id, v)
}

// shown writes the value of a field for a person.
func (s *caseSet) shown(id string, v formula.Value) string {
	f := s.field(id)
	switch {
	case f == nil || f.Kind == formula.Text:
		return v.Text
	case f.Kind == formula.Bool:
		return yesNo(v.Bool).ZH
	case f.Kind == formula.Date:
		return MomentText(v.Num)
	}
	return plain(f.Unit, v.Num)
}

// recordsAt returns the records of some rows.
func (s *caseSet) recordsAt(rows []int) []*Record {
	out := make([]*Record, len(rows))
	for i, row := range rows {
		out[i] = s.records[row]
	}
	return out
}

// subjectOf returns the subject that all rows share; empty if there are several.
func (s *caseSet) subjectOf(rows []int) string {
	subject := ""
	for i, row := range rows {
		if code := s.records[row].Subject; i > 0 && code != subject {
			return ""
		}
		subject = s.records[row].Subject
	}
	return subject
}
