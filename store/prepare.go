package store

import (
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// newWriting turns the facts into rows and refuses a batch that contradicts
// itself.
func newWriting(b *engine.Batch) (*writing, error) {
	if err := numbersFit(b); err != nil {
		return nil, err
	}
	w := &writing{
		batch:    b,
		subjects: rowsOf(b.Subjects, subjectRowOf), figures: rowsOf(b.Figures, figureRowOf),
		records: rowsOf(b.Records, recordRowOf), judgements: rowsOf(b.Judgements, judgementRowOf),
	}
	countOccurrences(w.records)
	digest := newContentDigest()
	ofSubjects := digest
	if len(b.Figures)+len(b.Records)+len(b.Judgements) > 0 {
		ofSubjects = nil // a feed makes only the subjects that are not known yet
	}
	var err error
	if w.subjects, err = settle(w, w.subjects, ofSubjects); err != nil {
		return nil, err
	}
	if w.figures, err = settle(w, w.figures, digest); err != nil {
		return nil, err
	}
	if w.records, err = settle(w, w.records, digest); err != nil {
		return nil, err
	}
	if w.judgements, err = settle(w, w.judgements, digest); err != nil {
		return nil, err
	}
	for _, c := range b.Covered {
		digest.add(c.Register, c.Subject, c.First.String(), c.Last.String())
	}
	w.content = digest.text()
	return w, nil
}

// longestNumber is the longest text of a number that can be read back.
const longestNumber = 4096

// numbersFit refuses numbers that would be stored and never read again.
func numbersFit(b *engine.Batch) error {
	for _, f := range b.Figures {
		if tooLong(f.Value) {
			return numberTooLong(f.Origin.Row)
		}
	}
	for _, r := range b.Records {
		if anyTooLong(r.Fields) {
			return numberTooLong(r.Origin.Row)
		}
	}
	for _, s := range b.Subjects {
		if anyTooLong(s.Attributes) {
			return numberTooLong(s.Origin.Row)
		}
	}
	return nil
}

func anyTooLong(values map[string]formula.Value) bool {
	for _, v := range values {
		if tooLong(v.Num) {
			return true
		}
	}
	return false
}

func tooLong(n exact.Num) bool {
	_, _, small := n.Small()
	return !small && len(n.String()) > longestNumber
}

func numberTooLong(row int) error {
	return conflict("第 %d 行有一个数超过 %d 位,无法保存。", "row %d has a number of more than %d digits, which cannot be stored.", row, longestNumber)
}

func rowsOf[F, R any](facts []F, rowOf func(*F) R) []*R {
	rows := make([]R, len(facts))
	pointers := make([]*R, len(facts))
	for i := range facts {
		rows[i] = rowOf(&facts[i])
		pointers[i] = &rows[i]
	}
	return pointers
}

// countOccurrences numbers the equal records of registers without a key.
func countOccurrences(records []*recordRow) {
	seen := map[string]int{}
	for _, r := range records {
		if r.recordKey == "" {
			identity := joined(r.register, r.content())
			seen[identity]++
			r.occurrence = seen[identity]
		}
	}
}

// settle drops rows that say the same thing twice, refuses those that
// contradict each other, and adds the rest to the digest.
func settle[P row](w *writing, rows []P, digest *contentDigest) ([]P, error) {
	first := make(map[string]P, len(rows))
	kept := rows[:0]
	for _, r := range rows {
		key, content := r.key(), r.content()
		if before, ok := first[key]; ok {
			if before.content() != content {
				return nil, contradiction(w.batch.File, key, before, r)
			}
			w.same++
			continue
		}
		first[key] = r
		kept = append(kept, r)
		if digest != nil {
			digest.add(key, content)
		}
	}
	return kept, nil
}

func contradiction(file, key string, before, r row) error {
	fact := strings.ReplaceAll(key, separator, " · ")
	return conflict("%s 第 %d 行与第 %d 行互相矛盾:同一项(%s)内容不同。请只保留一行。",
		"%s: rows %d and %d contradict each other: the same fact (%s) with different contents. Keep one of them.",
		file, before.where().fileRow, r.where().fileRow, fact)
}
