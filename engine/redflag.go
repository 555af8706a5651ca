package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// redFlag finds what a red flag looks for among the records of the period.
func (f *finder) redFlag(g *RedFlag) error {
	set := f.table.caseSet(g.Register, f.period)
	looked, err := f.lookAt(RedFlagFinding, g.ID, g.Name, g.Law, set, g.Where)
	if err != nil {
		return err
	}
	switch {
	case g.When != nil:
		return f.flagEach(g, set, looked)
	case g.Share != nil:
		return f.flagShare(g, set, looked)
	}
	return f.flagSame(g, set, looked)
}

// lookAt picks the records that a rule is about; those of which it cannot be told
// are findings of their own.
func (f *finder) lookAt(kind FindingKind, id, name string, law Law, set *caseSet, where *formula.Expr) ([]int, error) {
	chosen, err := set.choose(where)
	if err != nil {
		return nil, err
	}
	for row, r := range set.records {
		if why, gap := chosen.gaps[row]; gap {
			f.unknown(kind, id, name, law, r, why)
		}
	}
	return chosen.rows, nil
}

// holds answers a condition for some rows; what cannot be told is a finding.
func (f *finder) holds(kind FindingKind, id, name string, law Law, set *caseSet, e *formula.Expr, rows []int) (yes, known []int, err error) {
	column, err := set.eval(e)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		v := column.At(row)
		if v.Status != formula.OK || v.Null {
			f.unknown(kind, id, name, law, set.records[row], set.recordGap(e, row))
			continue
		}
		known = append(known, row)
		if v.Bool {
			yes = append(yes, row)
		}
	}
	return yes, known, nil
}

func (f *finder) flagEach(g *RedFlag, set *caseSet, rows []int) error {
	yes, _, err := f.holds(RedFlagFinding, g.ID, g.Name, g.Law, set, g.When, rows)
	for _, row := range yes {
		r := set.records[row]
		filled, err := set.filled(g.When, row)
		if err != nil {
			return err
		}
		f.out = append(f.out, g.finding(set, []int{row}, nil, Text{
			fmt.Sprintf("%s:%s", recordName(r).ZH, filled.ZH), fmt.Sprintf("%s: %s", recordName(r).EN, filled.EN),
		}))
	}
	return err
}

// filled writes a condition with the fields of a record filled in.
func (s *caseSet) filled(e *formula.Expr, row int) (Text, error) {
	var zh, en []string
	for _, ref := range e.Refs() {
		c, err := s.column(ref.ID)
		if err != nil {
			return Text{}, err
		}
		v := c.At(row)
		shown := s.shown(ref.ID, v)
		if v.Null {
			shown = "空"
		}
		if f := s.field(ref.ID); f != nil {
			zh, en = append(zh, f.Name+" "+shown), append(en, f.Name+" "+shown)
		}
	}
	source := e.Source()
	if len(zh) == 0 {
		return Text{source, source}, nil
	}
	return Text{source + "(" + strings.Join(zh, ",") + ")", source + " (" + strings.Join(en, ", ") + ")"}, nil
}

func (g *RedFlag) finding(set *caseSet, rows []int, shared []string, reason Text) Finding {
	return Finding{
		Kind: RedFlagFinding, Rule: g.ID, Name: g.Name, Subject: set.subjectOf(rows), Register: g.Register,
		Records: keysOf(set.recordsAt(rows)), Shared: shared, Cite: g.Cite, Reason: reason,
	}
}

// flagSame finds bundles with enough records, or enough different values.
func (f *finder) flagSame(g *RedFlag, set *caseSet, rows []int) error {
	lacks := func(row int, why Text) { f.unknown(RedFlagFinding, g.ID, g.Name, g.Law, set.records[row], why) }
	all, err := set.bundles(rows, g.Same, !g.All, lacks)
	if err != nil {
		return err
	}
	same := set.fieldNames(g.Same)
	for _, b := range all {
		if g.Different == "" {
			if n := set.timesOf(b.rows); n >= g.AtLeast {
				f.out = append(f.out, g.finding(set, b.rows, b.shared, reasonSameRecords(same, b.shared, n, g.AtLeast)))
			}
			continue
		}
		values, err := set.bundles(b.rows, []string{g.Different}, false, lacks)
		if err != nil {
			return err
		}
		if n := int64(len(values)); n >= g.AtLeast {
			var names []string
			var involved []int // a record without the value says nothing about it
			for _, v := range values {
				names = append(names, v.shared[0])
				involved = append(involved, v.rows...)
			}
			f.out = append(f.out, g.finding(set, involved, b.shared, reasonDifferent(same, b.shared, set.fieldName(g.Different), names, g.AtLeast)))
		}
	}
	return nil
}

func (s *caseSet) timesOf(rows []int) int64 {
	n := int64(0)
	for _, row := range rows {
		n += int64(s.records[row].times())
	}
	return n
}

func (s *caseSet) fieldNames(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = s.fieldName(id)
	}
	return out
}

// flagShare finds bundles in which the share of some records is too large. A
// bundle with a record of which it cannot be told is not judged.
func (f *finder) flagShare(g *RedFlag, set *caseSet, rows []int) error {
	yes, known, err := f.holds(RedFlagFinding, g.ID, g.Name, g.Law, set, g.Share, rows)
	if err != nil {
		return err
	}
	in, sure := map[int]bool{}, map[int]bool{}
	for _, row := range yes {
		in[row] = true
	}
	for _, row := range known {
		sure[row] = true
	}
	lacks := func(row int, why Text) { f.unknown(RedFlagFinding, g.ID, g.Name, g.Law, set.records[row], why) }
	all, err := set.bundles(rows, g.Per, !g.All, lacks)
	if err != nil {
		return err
	}
	for _, b := range all {
		var hits []int
		whole := true
		for _, row := range b.rows {
			whole = whole && sure[row]
			if in[row] {
				hits = append(hits, row)
			}
		}
		share := exact.Frac(set.timesOf(hits), set.timesOf(b.rows))
		if c := share.Cmp(g.Bound); whole && (c > 0 || c == 0 && g.Reached) {
			f.out = append(f.out, g.finding(set, hits, b.shared, reasonShare(g, set.timesOf(hits), set.timesOf(b.rows), share)))
		}
	}
	return nil
}

func together(names, values []string) string {
	parts := make([]string, len(names))
	for i := range names {
		parts[i] = names[i] + " " + values[i]
	}
	return strings.Join(parts, ", ")
}

func reasonSameRecords(names, values []string, n, least int64) Text {
	return Text{
		fmt.Sprintf("%s:%d条记录,达到%d条", together(names, values), n, least),
		fmt.Sprintf("%s: %d records, at least %d", together(names, values), n, least),
	}
}

func reasonDifferent(names, values []string, field string, different []string, least int64) Text {
	list := strings.Join(different, "、")
	return Text{
		fmt.Sprintf("%s:%s有%d个(%s),达到%d个", together(names, values), field, len(different), list, least),
		fmt.Sprintf("%s: %d different %s (%s), at least %d", together(names, values), len(different), field, strings.Join(different, ", "), least),
	}
}

func reasonShare(g *RedFlag, hits, all int64, share exact.Num) Text {
	zh, en := "超过", "above"
	if g.Reached {
		zh, en = "达到", "at least"
	}
	return Text{
		fmt.Sprintf("%d ÷ %d = %s,%s%s", hits, all, percentText(share), zh, percentText(g.Bound)),
		fmt.Sprintf("%d ÷ %d = %s, %s %s", hits, all, percentText(share), en, percentText(g.Bound)),
	}
}

// percentText writes a share with at most two decimals.
func percentText(n exact.Num) string { return n.Mul(exact.Int(100)).Shortest(2) + "%" }
