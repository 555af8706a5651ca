package official

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kaoping/engine"
)

// list is one published ranking: the rows of a period, or of a peer group in it.
type list struct {
	rows    []int // indexes
	ranks   map[int]int
	partial bool // the file holds only some rows of the published list
}

// ranks compares published ranks, list by list.
func (c *comparison) ranks(at int, out *Column) {
	for _, l := range c.lists(at, out) {
		positions := l.positions(c)
		for _, i := range l.rows {
			c.rank(i, l, positions, out)
		}
	}
	c.repeated(out)
}

// lists sorts the rows by period and peer group. Rows without a rank, published
// or computed, are reported.
func (c *comparison) lists(at int, out *Column) []*list {
	type key struct {
		period engine.Period
		group  string
	}
	lists := map[key]*list{}
	var keys []key
	for i := range c.table.rows {
		cell := strings.TrimSpace(c.table.rows[i].cells[at])
		rank, err := strconv.Atoi(cell)
		card := c.card(i)
		if err != nil || card == nil || card.Rank == 0 {
			out.Differ = append(out.Differ, c.listed(i, cell, "", Unexplained, withoutRank(card)))
			continue
		}
		k := key{c.rows[i].period, card.PeerGroup}
		if c.results[k.period].pack.Ranking.AllAssessed {
			k.group = ""
		}
		if lists[k] == nil {
			lists[k] = &list{ranks: map[int]int{}}
			keys = append(keys, k)
		}
		l := lists[k]
		l.rows, l.ranks[i] = append(l.rows, i), rank
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(a.period.First.Compare(b.period.First), cmp.Compare(a.group, b.group))
	})
	var ordered []*list
	for _, k := range keys {
		ordered = append(ordered, lists[k])
	}
	return ordered
}

func withoutRank(card *engine.Scorecard) engine.Text {
	if card == nil {
		return say("这一行没有可计算的数", "the row holds nothing to compute from")
	}
	if card.Reason.IsZero() {
		return say("没有名次", "it has no rank")
	}
	return card.Reason
}

// positions gives each row its place among the rows that are there: equal
// published ranks share the better place. It also finds out whether the list is
// whole: then places and published ranks are the same.
func (l *list) positions(c *comparison) map[int]int {
	best := map[string]int{} // subject → published rank; a merged subject counts once
	for _, i := range l.rows {
		s := c.rows[i].subject
		if r, ok := best[s]; !ok || l.ranks[i] < r {
			best[s] = l.ranks[i]
		}
	}
	positions := map[int]int{}
	for _, i := range l.rows {
		place := 1
		for s, r := range best {
			if s != c.rows[i].subject && r < l.ranks[i] {
				place++
			}
		}
		positions[i] = place
		l.partial = l.partial || l.ranks[i] > len(best)
	}
	return positions
}

// rank compares one row.
func (c *comparison) rank(i int, l *list, positions map[int]int, out *Column) {
	card := c.card(i)
	want, published, computed := l.ranks[i], fmt.Sprint(l.ranks[i]), fmt.Sprint(card.Rank)
	if l.partial {
		want = positions[i]
	}
	switch {
	case card.Tied:
		kind, reason := c.tie(i, l, positions)
		if kind == Unexplained {
			out.Differ = append(out.Differ, c.listed(i, published, computed, kind, reason))
		} else {
			out.ByRule = append(out.ByRule, c.listed(i, published, computed, kind, reason))
		}
	case want != card.Rank:
		out.Differ = append(out.Differ, c.listed(i, published, computed, Unexplained, say("名次不同", "the ranks differ")))
	case l.partial:
		out.ByRule = append(out.ByRule, c.listed(i, published, computed, Order,
			say("文件只有原表的一部分(%d 行),次序相同", "the file holds %d rows of the list only; their order is the same", len(l.rows))))
	}
}

// tie compares the set of ranks of all subjects that nothing tells apart.
func (c *comparison) tie(i int, l *list, positions map[int]int) (Kind, engine.Text) {
	rank := c.card(i).Rank
	var set []int
	for _, j := range l.rows {
		if c.card(j).Rank == rank {
			set = append(set, positions[j])
		}
	}
	slices.Sort(set)
	same := true
	for n, r := range set {
		same = same && r == rank+n
	}
	shared := set[0] == rank && set[len(set)-1] == rank
	text := strings.Trim(fmt.Sprint(set), "[]")
	if !same && !shared {
		return Unexplained, say("并列第 %d,公布的名次是 %s", "tied at rank %d; the published ranks are %s", rank, text)
	}
	return Tie, say("比值和并列规则都相同,只能比较名次的集合:%s,一致", "equal in everything the rule looks at; the set of ranks %s is compared, and agrees", text)
}

// repeated speaks of the rows under codes that the pack merges: which stand for
// one subject, and which do not.
func (c *comparison) repeated(out *Column) {
	listed := map[int]bool{}
	for _, r := range append(slices.Clone(out.ByRule), out.Differ...) {
		listed[r.Line] = true
	}
	for i := range c.table.rows {
		m := c.mergeOf(i)
		if m == nil || listed[c.table.rows[i].line] {
			continue
		}
		card, codes := c.card(i), strings.Join(m.Codes, "/")
		rank := fmt.Sprint(card.Rank)
		var reason engine.Text
		switch {
		case c.merged[i].Row != 0:
			reason = say("编码 %s 与 %s 是同一机构,只计一次:%s", "code %s is one subject with %s, counted once: %s", c.merged[i].Code, c.rows[i].subject, m.Why)
		case c.isKept(i):
			reason = say("代表合并的机构 %s", "stands for the merged subject %s", codes)
		default:
			reason = say("编码 %s 再次出现,数字不同:另一机构,不合并", "code %s stands again with other figures: another subject, not merged", c.rows[i].subject)
		}
		out.ByRule = append(out.ByRule, c.listed(i, rank, rank, Merged, reason))
	}
}

// mergeOf returns the pack's word on the code of a row; nil if there is none.
func (c *comparison) mergeOf(i int) *engine.OfficialMerge {
	for n := range c.official.Merge {
		m := &c.official.Merge[n]
		if m.Period == c.rows[i].period.String() && slices.Contains(m.Codes, c.rows[i].subject) {
			return m
		}
	}
	return nil
}

// isKept reports whether another row was merged into this one's subject.
func (c *comparison) isKept(i int) bool {
	for j, m := range c.merged {
		if j != i && m.Into == c.rows[i].subject && m.Period == c.rows[i].period {
			return true
		}
	}
	return false
}
