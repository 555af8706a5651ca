package engine

import (
	"slices"
	"sort"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// ranker puts subjects in order. It compares exact values after the roundings
// that the pack declares, never the shown ones.
type ranker struct {
	table *table
	cards []Scorecard // by row
	keys  []rankColumn
}

// rankColumn is one key with its value for each row; nil where there is none.
type rankColumn struct {
	RankKey
	values []*exact.Num
}

// rank fills in Rank, Of, Tied and RankBy of every card that has a value.
func (t *table) rank(cards []Scorecard) error {
	rule := t.pack.Ranking
	if rule.By.ID == "" {
		return nil
	}
	r := ranker{table: t, cards: cards}
	for _, key := range append([]RankKey{rule.By}, rule.Then...) {
		column, err := r.column(key)
		if err != nil {
			return err
		}
		r.keys = append(r.keys, column)
	}
	for _, rows := range t.populations() {
		r.rankRows(rows)
	}
	return nil
}

// populations returns the rows of each ranking: of each peer group, or all.
func (t *table) populations() [][]int {
	groups := t.byGroup()
	if t.pack.Ranking.AllAssessed {
		return [][]int{slices.Concat(groups...)}
	}
	return groups
}

// byGroup returns the rows of each peer group, in order.
func (t *table) byGroup() [][]int {
	rows := make([][]int, max(len(t.pack.PeerGroups), 1))
	for i, g := range t.groups {
		rows[g] = append(rows[g], i)
	}
	return rows
}

func (r *ranker) column(key RankKey) (rankColumn, error) {
	out := rankColumn{RankKey: key, values: make([]*exact.Num, len(r.cards))}
	if key.ID == idTotal {
		for i := range r.cards {
			out.values[i] = r.cards[i].Total
			if r.table.pack.Rounding.RankUnrounded && r.cards[i].unrounded != nil {
				out.values[i] = r.cards[i].unrounded
			}
		}
		return out, nil
	}
	column, err := r.table.scored(key.ID)
	if err != nil {
		return out, err
	}
	for i := range out.values {
		if v := column.At(i); v.Status == formula.OK && !v.Null {
			out.values[i] = &v.Num
		}
	}
	return out, nil
}

func (r *ranker) rankRows(all []int) {
	var rows []int
	for _, i := range all {
		if r.keys[0].values[i] != nil && r.cards[i].Status == Scored {
			rows = append(rows, i)
		}
	}
	sort.SliceStable(rows, func(a, b int) bool { return r.compare(rows[a], rows[b]) < 0 })
	ranks := standings(len(rows), r.table.pack.Ranking.Ties, func(i int) bool { return r.compare(rows[i-1], rows[i]) == 0 })
	for i, row := range rows {
		card := &r.cards[row]
		card.Rank, card.Of = ranks[i], len(rows)
		card.Tied = i > 0 && ranks[i] == ranks[i-1] || i+1 < len(rows) && ranks[i] == ranks[i+1]
		card.RankBy = r.keys[0].values[row]
	}
}

// compare is negative if row a stands before row b, zero if nothing tells them
// apart.
func (r *ranker) compare(a, b int) int {
	zero := r.keys[0].values[a].IsZero()
	for _, key := range r.keys {
		if key.ZeroOnly && !zero {
			continue
		}
		if c := key.compare(a, b); c != 0 {
			return c
		}
	}
	return 0
}

// compare puts the better value first and rows without a value last.
func (k rankColumn) compare(a, b int) int {
	x, y := k.values[a], k.values[b]
	switch {
	case x == nil && y == nil:
		return 0
	case x == nil:
		return 1
	case y == nil:
		return -1
	case k.Ascending:
		return x.Cmp(*y)
	}
	return y.Cmp(*x)
}

// standings gives ranks to n sorted entries; same reports whether an entry
// equals the one before it. Equal entries share the better rank; the next rank
// then counts them (1, 1, 3), or leaves no gap (1, 1, 2).
func standings(n int, ties TieRule, same func(i int) bool) []int {
	ranks := make([]int, n)
	for i := range ranks {
		switch {
		case i > 0 && same(i):
			ranks[i] = ranks[i-1]
		case i > 0 && ties == Dense:
			ranks[i] = ranks[i-1] + 1
		default:
			ranks[i] = i + 1
		}
	}
	return ranks
}

// metricRanks ranks each indicator's metric in the peer group, whatever the
// ranking covers: 1 is best. Where the scale does not say which way is better there is no rank.
func (t *table) metricRanks(trees [][]*outcome) {
	byItem := map[*Item][]*outcome{}
	var order []*Item
	for _, rows := range t.byGroup() {
		clear(byItem)
		order = order[:0]
		for _, row := range rows {
			for _, o := range indicatorsIn(trees[row]) {
				if byItem[o.item] == nil {
					order = append(order, o.item)
				}
				byItem[o.item] = append(byItem[o.item], o)
			}
		}
		for _, it := range order {
			rankMetric(it.Scale, byItem[it])
		}
	}
}

// indicatorsIn returns the indicators of a tree that have a metric, each once:
// the parts of the total are the sections beside it.
func indicatorsIn(items []*outcome) []*outcome {
	var out []*outcome
	for _, o := range items {
		if o.item.Kind == TotalItem {
			continue
		}
		if o.item.Kind == IndicatorItem && o.metric != nil {
			out = append(out, o)
		}
		out = append(out, indicatorsIn(o.children)...)
	}
	return out
}

func rankMetric(s *Scale, outcomes []*outcome) {
	if s == nil {
		return
	}
	lower, known := s.lowerIsBetter()
	if !known {
		return
	}
	slices.SortStableFunc(outcomes, func(a, b *outcome) int {
		if lower {
			return a.metric.Cmp(*b.metric)
		}
		return b.metric.Cmp(*a.metric)
	})
	same := func(i int) bool { return outcomes[i].metric.Equal(*outcomes[i-1].metric) }
	for i, rank := range standings(len(outcomes), ShareBetter, same) {
		outcomes[i].rank = rank
	}
}
