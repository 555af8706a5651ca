package engine

import (
	"fmt"

	"kaoping/engine/exact"
)

// sample finds where too few records were checked.
func (f *finder) sample(q *Sample) error {
	set := f.table.caseSet(q.Register, f.period)
	rows, err := f.lookAt(SampleFinding, q.ID, q.Name, q.Law, set, q.Where)
	if err != nil {
		return err
	}
	yes, _, err := f.holds(SampleFinding, q.ID, q.Name, q.Law, set, q.Checked, rows)
	if err != nil {
		return err
	}
	checked := map[int]bool{}
	for _, row := range yes {
		checked[row] = true
	}
	lacks := func(row int, why Text) { f.unknown(SampleFinding, q.ID, q.Name, q.Law, set.records[row], why) }
	all, err := set.bundles(rows, q.Per, true, lacks)
	if err != nil {
		return err
	}
	for _, b := range all {
		if found, short := q.judge(set, b, checked); short {
			f.out = append(f.out, found)
		}
	}
	return nil
}

// judge compares the checked records of a bundle with how many there must be.
func (q *Sample) judge(set *caseSet, b bundle, checked map[int]bool) (Finding, bool) {
	var unchecked []int
	for _, row := range b.rows {
		if !checked[row] {
			unchecked = append(unchecked, row)
		}
	}
	all, done := int64(len(b.rows)), int64(len(b.rows)-len(unchecked))
	need := q.need(all)
	if done >= need {
		return Finding{}, false
	}
	where := Text{}
	if len(b.shared) > 0 {
		at := together(set.fieldNames(q.Per), b.shared)
		where = Text{at + ":", at + ": "}
	}
	return Finding{
		Kind: SampleFinding, Rule: q.ID, Name: q.Name, Subject: b.subject, Register: q.Register,
		Records: keysOf(set.recordsAt(unchecked)), Shared: b.shared, Cite: q.Cite,
		Reason: Text{
			where.ZH + fmt.Sprintf("共%d条,已查%d条,应查至少%d条(%s),还差%d条", all, done, need, q.leastText().ZH, need-done),
			where.EN + fmt.Sprintf("%d of %d checked, at least %d needed (%s), %d short", done, all, need, q.leastText().EN, need-done),
		},
	}, true
}

// need is how many of so many records must be checked: never more than there are.
func (q *Sample) need(all int64) int64 {
	if q.Share == nil {
		return min(q.Count, all)
	}
	n, _ := q.Share.Mul(exact.Int(all)).Round(0, exact.Up).Int64()
	return min(n, all)
}

func (q *Sample) leastText() Text {
	if q.Share != nil {
		s := percentText(*q.Share)
		return Text{"不少于" + s, "at least " + s}
	}
	return Text{fmt.Sprintf("不少于%d条,不足的全查", q.Count), fmt.Sprintf("at least %d, all if there are fewer", q.Count)}
}
