package rules

import (
	"bufio"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// Coverage tells which places of an edition no test reaches.
type Coverage struct {
	Reached int         `json:"reached"`
	Of      int         `json:"of"`
	Missed  []Uncovered `json:"missed"` // in the order of the pack
}

// Percent is the share that tests reach, rounded down; 100 where there is
// nothing to reach.
func (c *Coverage) Percent() int {
	if c.Of == 0 {
		return 100
	}
	return c.Reached * 100 / c.Of
}

// Uncovered is a place of a pack that no test reaches.
type Uncovered struct {
	File string      `json:"file"`
	Line int         `json:"line"` // 1-based
	Item string      `json:"item"` // as the officer calls it
	What engine.Text `json:"what"`
}

// coverage collects what the tests of an edition reach. A test reaches what its
// expectations look at: the value of a line, or all that a sum is made of.
type coverage map[engine.Spot]bool

// note adds what a test reached.
func (c coverage) note(ev *engine.Evaluation, wants []expectation) error {
	for _, w := range wants {
		spots, err := w.reached(ev)
		if err != nil {
			return err
		}
		for _, s := range spots {
			c[s] = true
		}
	}
	return nil
}

// reached lists what the expectation looks at.
func (w expectation) reached(ev *engine.Evaluation) ([]engine.Spot, error) {
	switch {
	case w.what == findingsOf:
		return ev.FindingsReached()
	case w.what == penaltiesOf:
		return ev.PenaltiesReached()
	case w.what == consequencesOf:
		return ev.ConsequencesReached(w.subject)
	case w.bare:
		return ev.MetricReached(w.subject, w.item)
	}
	return ev.Reached(w.subject, w.item)
}

// report compares what was reached with all that the pack has.
func (c coverage) report(e *edition, p *engine.Pack) *Coverage {
	out := &Coverage{Missed: []Uncovered{}}
	items := itemsByID(p)
	for _, s := range p.Spots() {
		name, at, what := "", spotAt{}, engine.Text{}
		if rule := ruleOf(p, s); rule != nil {
			name, at, what = rule.name, spotAt{file: rule.law.File, line: rule.law.Line}, rule.what
		} else {
			it := items[s.Item]
			name, at, what = it.Name, e.spotPlace(it, s), spotWords(p, it, s)
		}
		if at.implied {
			continue
		}
		out.Of++
		if c[s] {
			out.Reached++
			continue
		}
		out.Missed = append(out.Missed, Uncovered{File: at.file, Line: at.line, Item: name, What: what})
	}
	return out
}

// itemsByID finds the lines of the scorecard, the total among them.
func itemsByID(p *engine.Pack) map[string]*engine.Item {
	out := map[string]*engine.Item{}
	var walk func(list []*engine.Item)
	walk = func(list []*engine.Item) {
		for _, it := range list {
			out[it.ID] = it
			walk(it.Children)
		}
	}
	walk(p.Sections)
	total := &engine.Item{Kind: engine.TotalItem, ID: totalID, Name: "总分"}
	if p.Total != nil {
		total.Law = p.Total.Law
	}
	out[totalID] = total
	return out
}

// spotAt is where a spot is written. It is implied if the pack does not write
// it: a default that holds for every line is tested once, not on each.
type spotAt struct {
	file    string
	line    int
	implied bool
}

// spotPlace finds the line of the file where a spot is written, or else the line
// of its item.
func (e *edition) spotPlace(it *engine.Item, s engine.Spot) spotAt {
	at := spotAt{file: it.File, line: it.Line}
	root := e.rootOf(it.File)
	m := itemAt(root, it.Line)
	written := func(path ...any) bool {
		n := follow(m, path...)
		if shared := follow(m, "score"); shared != nil && shared.Kind == yaml.ScalarNode && path[0] == "score" {
			n = follow(root, append([]any{"scales", shared.Value}, path[1:]...)...)
		}
		if n != nil {
			at.line = n.Line
		}
		return n != nil
	}
	switch s.Kind {
	case engine.SpotIfMissing, engine.SpotIfZero:
		at.implied = !written(string(s.Kind))
	case engine.SpotCap, engine.SpotFloor:
		written(string(s.Kind))
	case engine.SpotCaseLine:
		written("points_per_case", s.At)
	case engine.SpotMet, engine.SpotNotMet:
		written("judged", "checklist", s.At)
	case engine.SpotFull:
		written("score", "full_points_at")
	case engine.SpotNone:
		written("score", "no_points_at")
	case engine.SpotBetween:
		written("score")
	case engine.SpotBand:
		written("score", "bands", s.At)
	case engine.SpotPlace:
		_ = written("score", "by_rank", s.At) || written("score", "by_percentile", s.At)
	case engine.SpotCell:
		written("score", "table", "points", s.At/max(1, len(it.Scale.Table.Points[0])))
	case engine.SpotGrade:
		written("judged", "graded", s.At)
	case engine.SpotRater:
		written("judged", "raters", s.At)
	case engine.SpotSegment:
		written("score", "line", min(s.At, len(it.Scale.Anchors)-1))
	case engine.SpotRating:
		for _, path := range [][]any{{"ratings", "bands", s.At}, {"ratings", s.At}} {
			if n := follow(e.ratingsRoot(), path...); n != nil && n.Kind == yaml.MappingNode {
				at.line = n.Line
			}
		}
	}
	return at
}

// ratingsRoot is the file that holds the ratings.
func (e *edition) ratingsRoot() *yaml.Node {
	for _, f := range e.files {
		if f.root != nil && valueOf(f.root, "ratings") != nil {
			return f.root
		}
	}
	return nil
}

func (e *edition) rootOf(file string) *yaml.Node {
	for _, f := range e.files {
		if f.name == file {
			return f.root
		}
	}
	return nil
}

// itemAt finds the mapping in which a value of its own stands on a line and says
// what it is: that of the item named there, whichever key comes first.
func itemAt(n *yaml.Node, line int) *yaml.Node {
	if n == nil {
		return nil
	}
	for _, key := range namingKeys {
		if v := valueOf(n, key); v != nil && v.Line == line {
			return n
		}
	}
	for _, c := range n.Content {
		if found := itemAt(c, line); found != nil {
			return found
		}
	}
	return nil
}

// follow goes down from a node by keys and places; nil if the way ends. A place
// in a mapping is that of its value, and the key's line is meant.
func follow(n *yaml.Node, path ...any) *yaml.Node {
	for _, step := range path {
		if n == nil {
			return nil
		}
		switch s := step.(type) {
		case string:
			n = valueOf(n, s)
		case int:
			if n.Kind == yaml.MappingNode {
				s *= 2
			}
			if n.Kind == yaml.ScalarNode || s >= len(n.Content) {
				return n
			}
			n = n.Content[s]
		}
	}
	return n
}

// namingKeys are the keys that name an item.
var namingKeys = []string{"section", "group", "indicator", "deduction", "addition"}

func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// spotWords says in words what no test reaches.
func spotWords(p *engine.Pack, it *engine.Item, s engine.Spot) engine.Text {
	nth := s.At + 1
	switch s.Kind {
	case engine.SpotFull:
		return text("满分端", "the end with full points")
	case engine.SpotNone:
		return text("零分端", "the end with no points")
	case engine.SpotBetween:
		return text("两端之间", "between the ends")
	case engine.SpotBand:
		return text(fmt.Sprintf("第 %d 档", nth), fmt.Sprintf("band %d", nth))
	case engine.SpotSegment:
		return segmentWords(s.At, len(it.Scale.Anchors))
	case engine.SpotPlace:
		return text(fmt.Sprintf("名次的第 %d 行", nth), fmt.Sprintf("line %d of the ranks", nth))
	case engine.SpotCell:
		n := len(it.Scale.Table.Points[0])
		return text(fmt.Sprintf("评分表第 %d 行第 %d 列", s.At/n+1, s.At%n+1), fmt.Sprintf("row %d, column %d of the table", s.At/n+1, s.At%n+1))
	case engine.SpotGrade:
		name := it.Checklist.Grades[s.At].Name
		return text("等次“"+name+"”", "the grade "+name)
	case engine.SpotRater:
		name := it.Checklist.Lines[s.At].Name
		return text("评分人“"+name+"”", "the raters "+name)
	case engine.SpotMet:
		name := it.Checklist.Lines[s.At].Name
		return text("检查项“"+name+"”: 符合", name+": met")
	case engine.SpotNotMet:
		name := it.Checklist.Lines[s.At].Name
		return text("检查项“"+name+"”: 不符合", name+": not met")
	case engine.SpotCaseLine:
		return caseLineWords(it.Cases.Lines[s.At], nth)
	case engine.SpotCap:
		return text("最高扣分 (at_most)", "the most that is taken off (at_most)")
	case engine.SpotFloor:
		return text("下限 (not_below)", "the floor (not_below)")
	case engine.SpotIfMissing:
		return text("数据缺失时 (if_missing)", "a missing figure (if_missing)")
	case engine.SpotIfZero:
		return text("分母为零时 (if_denominator_zero)", "a zero denominator (if_denominator_zero)")
	case engine.SpotRating:
		name := p.Ratings.Bands[s.At].Rating
		return text("等级“"+name+"”", "the rating "+name)
	}
	return text("得分", "its points")
}

func segmentWords(at, corners int) engine.Text {
	switch at {
	case 0:
		return text("第一个折点及以前", "at the first corner or before it")
	case corners:
		return text("最后一个折点及以后", "at the last corner or behind it")
	}
	return text(fmt.Sprintf("第 %d 与第 %d 个折点之间", at, at+1), fmt.Sprintf("between corners %d and %d", at, at+1))
}

func caseLineWords(l engine.CaseLine, nth int) engine.Text {
	switch {
	case l.Otherwise:
		return text("其余情形 (otherwise)", "all other cases (otherwise)")
	case l.Class != "":
		return text("类别“"+l.Class+"”", "class "+l.Class)
	}
	return text(fmt.Sprintf("第 %d 行: %s", nth, l.WhenText), fmt.Sprintf("line %d: %s", nth, l.WhenText))
}

// WriteCoverage prints for each edition how much of it the tests reach, and what
// they do not reach with its place.
func (r *TestReport) WriteCoverage(w io.Writer, lang engine.Lang) error {
	out := bufio.NewWriter(w)
	for _, p := range r.Packs {
		c := p.Coverage
		if c == nil {
			continue
		}
		fmt.Fprintf(out, "%s %s   %s\n", p.Pack, p.Edition,
			text(fmt.Sprintf("覆盖 %d%% (%d/%d)", c.Percent(), c.Reached, c.Of), fmt.Sprintf("%d%% covered (%d of %d)", c.Percent(), c.Reached, c.Of)).In(lang))
		for _, m := range c.Missed {
			fmt.Fprintf(out, "  %s:%d: %s\n", m.File, m.Line, joinDots(m.Item, m.What.In(lang)))
		}
	}
	return out.Flush()
}
