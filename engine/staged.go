package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// What formulas may ask of an item that was scored: 得分(x) is the reference
// "points ID". The whole card has the total and the rating.
const (
	refPoints   = "points "
	refFull     = "full "
	refScored   = "scored "
	refMean     = "mean "
	refVariance = "variance "
	idRating    = "rating" // 等级
)

var itemRefs = []string{refPoints, refFull, refScored, refMean, refVariance}

// itemRef takes a reference to a scored item apart.
func itemRef(id string) (kind, item string, ok bool) {
	for _, kind := range itemRefs {
		if item, ok := strings.CutPrefix(id, kind); ok {
			return kind, item, true
		}
	}
	return "", "", false
}

// isScored reports whether a reference is to what scoring gives.
func isScored(id string) bool {
	_, _, ok := itemRef(id)
	return ok || id == idTotal || id == idRating
}

// scoredColumn returns what scoring gave each member: in the period that is
// assessed from this evaluation, which scores what it needs first; in an
// earlier one from the scorecard that was stored then.
func (t *table) scoredColumn(id string, period Period) (*formula.Column, error) {
	if period != t.period {
		return t.pastColumn(id, period), nil
	}
	switch id {
	case idTotal:
		return t.scorer.totalColumn()
	case idRating:
		return t.scorer.ratingColumn()
	}
	kind, item, _ := itemRef(id)
	return t.scorer.itemColumn(kind, item)
}

// sections scores all sections and returns, for each row, those that apply.
func (s *scorer) sections() ([][]*outcome, error) {
	rows := make([][]*outcome, len(s.table.members))
	for _, section := range s.table.pack.Sections {
		trees, err := s.tree(section)
		if err != nil {
			return nil, err
		}
		for row, o := range trees {
			if o != nil {
				rows[row] = append(rows[row], o)
			}
		}
	}
	return rows, nil
}

// tree scores a section for all rows, once.
func (s *scorer) tree(section *Item) ([]*outcome, error) {
	if t, ok := s.trees[section]; ok {
		return t, nil
	}
	if err := s.table.enter("section " + section.ID); err != nil {
		return nil, err
	}
	defer s.table.leave()
	trees := make([]*outcome, len(s.table.members))
	for row := range trees {
		o, err := s.ofRow(section, row)
		if err != nil {
			return nil, err
		}
		trees[row] = o
	}
	s.trees[section] = trees
	return trees, nil
}

// ofRow scores a section for one row: nil if it does not apply.
func (s *scorer) ofRow(section *Item, row int) (*outcome, error) {
	if !s.applies(section, row) {
		return nil, nil
	}
	o, err := s.score(section, row)
	if err != nil {
		return nil, err
	}
	spread(o, section.FullPoints.Mul(s.sectionGrowth(row)))
	s.table.pack.settle(o)
	return o, nil
}

// sectionGrowth is by how much the sections of a plain total grow, because the
// pack excuses the subject from others.
func (s *scorer) sectionGrowth(row int) exact.Num {
	p := s.table.pack
	if p.Total == nil || p.Total.Combine != PlainSum {
		return exact.Int(1)
	}
	var all, rest exact.Num
	for _, section := range p.Sections {
		if !s.applies(section, row) {
			continue
		}
		all = all.Add(section.FullPoints)
		if !s.excuses(section, row) {
			rest = rest.Add(section.FullPoints)
		}
	}
	if rest.IsZero() {
		return exact.Int(1)
	}
	return all.Quo(rest)
}

// totals adds each row up, once.
func (s *scorer) totals() ([]*outcome, error) {
	if s.sums != nil {
		return s.sums, nil
	}
	if err := s.table.enter(idTotal + " of the sections"); err != nil {
		return nil, err
	}
	defer s.table.leave()
	sections, err := s.sections()
	if err != nil {
		return nil, err
	}
	sums := make([]*outcome, len(sections))
	for row := range sections {
		if sums[row], err = s.best(sections[row], row); err != nil {
			return nil, err
		}
	}
	s.sums = sums
	return sums, nil
}

// best computes the total, or the largest of the computations that the pack
// declares. One that gives no total counts only if none does.
func (s *scorer) best(sections []*outcome, row int) (*outcome, error) {
	p := s.table.pack
	if gap, err := s.weighAll(sections, row); err != nil {
		return nil, err
	} else if !gap.IsZero() {
		o := p.total(nil)
		o.children, o.status, o.reason = sections, Held, gap
		return o, nil
	}
	if len(p.Total.BetterOf) == 0 {
		return p.total(sections), nil
	}
	var best *outcome
	for _, v := range p.Total.BetterOf {
		o, err := s.variant(v, sections, row)
		if err != nil {
			return nil, err
		}
		if best == nil || best.status != Scored && o.status == Scored ||
			o.status == Scored && o.points.Cmp(best.points) > 0 {
			best = o
		}
	}
	return best, nil
}

// variant computes the total without some items.
func (s *scorer) variant(v Variant, sections []*outcome, row int) (*outcome, error) {
	if len(v.Without) == 0 {
		return s.table.pack.total(sections), nil
	}
	s.without = map[string]bool{}
	defer func() { s.without = nil }()
	for _, id := range v.Without {
		s.without[id] = true
	}
	var others []*outcome
	for _, section := range s.table.pack.Sections {
		o, err := s.ofRow(section, row)
		if err != nil {
			return nil, err
		}
		if o != nil && !s.without[section.ID] {
			others = append(others, o)
		}
	}
	if _, err := s.weighAll(others, row); err != nil {
		return nil, err
	}
	return s.table.pack.total(others), nil
}

func (s *scorer) totalColumn() (*formula.Column, error) {
	totals, err := s.totals()
	if err != nil {
		return nil, err
	}
	values := make([]formula.Value, len(totals))
	for row, o := range totals {
		values[row] = numOrMissing(o.points, o.status == Scored)
	}
	return formula.NewColumn(values), nil
}

// itemColumn returns what an item came to: 空 where it does not apply or is left
// out, nothing where it is held.
func (s *scorer) itemColumn(kind, item string) (*formula.Column, error) {
	section := s.sectionOf(item)
	if section == nil {
		return nil, fmt.Errorf("%w: the pack %s has no item %s", ErrNotFound, s.table.pack.Name, item)
	}
	trees, err := s.tree(section)
	if err != nil {
		return nil, err
	}
	values := make([]formula.Value, len(trees))
	for row, tree := range trees {
		values[row] = formula.Value{Null: true} // it does not apply to the subject
		if tree == nil {
			continue
		}
		if o, _ := findBy([]*outcome{tree}, "", func(it *Item) bool { return it.ID == item }); o != nil {
			values[row] = o.asked(kind)
		}
	}
	return formula.NewColumn(values), nil
}

// asked answers a formula about a scored item.
func (o *outcome) asked(kind string) formula.Value {
	switch kind {
	case refFull:
		return formula.Value{Num: o.full}
	case refScored:
		return formula.Value{Num: exact.Int(int64(o.scoredIndicators()))}
	case refMean:
		mean, _, ok := o.spreadOfPoints()
		return numOrMissing(mean, ok)
	case refVariance:
		_, variance, ok := o.spreadOfPoints()
		return numOrMissing(variance, ok && len(o.weighed()) > 1)
	}
	if o.status == LeftOut {
		return formula.Value{Null: true}
	}
	return numOrMissing(o.points, o.status == Scored)
}

// sectionOf finds the section an item stands in, or is.
func (s *scorer) sectionOf(item string) *Item {
	for _, section := range s.table.pack.Sections {
		if section.holds(item) {
			return section
		}
	}
	return nil
}

func (it *Item) holds(id string) bool {
	if it.ID == id {
		return true
	}
	for _, c := range it.Children {
		if c.holds(id) {
			return true
		}
	}
	return false
}
