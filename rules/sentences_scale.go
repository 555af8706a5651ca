package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// scale says in words how a metric becomes points.
func (n *narrator) scale(s *engine.Scale, full exact.Num) []string {
	switch s.Form {
	case engine.Bands:
		return n.bands(s)
	case engine.Anchors:
		return n.anchors(s)
	case engine.Proportion:
		if s.LowerBetter != nil && *s.LowerBetter {
			return []string{n.pick(spaced("不高于", n.bound(*s.FullAt), "得", n.points(full))+", 超过的按反比得分", n.points(full)+" at "+n.bound(*s.FullAt)+" or less, in inverse proportion above")}
		}
		return []string{n.pick(spaced("达到", n.bound(*s.FullAt), "得", n.points(full))+", 不足的按比例得分", n.points(full)+" at "+n.bound(*s.FullAt)+" or more, in proportion below")}
	case engine.ByRank, engine.ByPercentile:
		return n.places(s)
	case engine.ByTable:
		return n.table(s.Table)
	case engine.BetterOf:
		out := []string{n.pick("以下办法取较高的:", "the larger of these:")}
		for _, a := range s.Alternatives {
			for _, line := range n.scale(a, full) {
				out = append(out, "- "+strings.TrimPrefix(line, "- "))
			}
		}
		return out
	case engine.ByFormula:
		return []string{n.pick("得分 = ", "points = ") + n.formula(s.Formula.Source())}
	}
	return n.straightLine(s, full)
}

// straightLine says where the full points are, where none, and what lies between.
func (n *narrator) straightLine(s *engine.Scale, full exact.Num) []string {
	if s.FullAt == nil || s.NoneAt == nil {
		return nil
	}
	most, none := n.points(full), n.points(exact.Int(0))
	fullAt, noneAt := n.bound(*s.FullAt), n.bound(*s.NoneAt)
	if s.CompareWith != "" {
		fullAt, noneAt = n.multiples(s)
	}
	var out []string
	if lowerIsBetter(s) {
		out = append(out, n.pick(
			spaced("不超过", fullAt, "得", most)+", "+spaced("达到", noneAt, "得", none)+", 其间按直线计算",
			fmt.Sprintf("%s at %s or less, %s at %s or more, on a straight line between", most, fullAt, none, noneAt)))
	} else {
		low := spaced("不超过", noneAt, "得", none)
		if s.CompareWith != "" && s.NoneAt.Benchmark == "" && s.NoneAt.Value.IsZero() {
			low = spaced("降到 0 得", none)
		}
		out = append(out, n.pick(
			spaced("达到", fullAt, "得", most)+", "+low+", 其间按直线计算",
			fmt.Sprintf("%s at %s or more, %s at %s or less, on a straight line between", most, fullAt, none, noneAt)))
	}
	if s.FullAt.Benchmark != "" || s.NoneAt.Benchmark != "" {
		out = append(out, n.coinciding(s))
	}
	return out
}

// multiples words the ends of a scale that compares with a benchmark: half the
// median, twice.
func (n *narrator) multiples(s *engine.Scale) (full, none string) {
	name := n.nameOf(s.CompareWith)
	f, z := figure(s.FullAt.Value), figure(s.NoneAt.Value)
	if f == "1" {
		full = name
	} else {
		full = n.pick(name+"的 "+f+" 倍", f+" times the "+name)
	}
	if z == "0" {
		return full, z
	}
	return full, n.pick(z+" 倍", z+" times")
}

// coinciding says what happens when both ends come out the same.
func (n *narrator) coinciding(s *engine.Scale) string {
	if lowerIsBetter(s) {
		return n.pick("两端相等时: 不超过者得满分, 超过者不得分", "if both ends are equal: full points at or below them, none above")
	}
	return n.pick("两端相等时: 达到者得满分, 未达到者不得分", "if both ends are equal: full points at or above them, none below")
}

// lowerIsBetter reports which way a straight line runs.
func lowerIsBetter(s *engine.Scale) bool {
	if s.LowerBetter != nil {
		return *s.LowerBetter
	}
	return s.FullAt.Value.Cmp(s.NoneAt.Value) < 0
}

// bound writes an end as the officer wrote it.
func (n *narrator) bound(b engine.Bound) string {
	switch {
	case b.Benchmark != "" && b.Value.Equal(exact.Int(1)):
		return n.nameOf(b.Benchmark)
	case b.Benchmark != "":
		return n.pick(n.nameOf(b.Benchmark)+"的 "+figure(b.Value)+" 倍", figure(b.Value)+" times the "+n.nameOf(b.Benchmark))
	case b.Text != "":
		return b.Text
	}
	return figure(b.Value)
}

// bands says what each interval earns.
func (n *narrator) bands(s *engine.Scale) []string {
	out := []string{n.comparison(s, n.pick("按所在区间得分:", "points by interval:"))}
	for _, b := range s.Bands {
		out = append(out, "- "+n.interval(b)+": "+n.points(b.Points))
	}
	return out
}

// comparison says first that a metric is divided by a benchmark, if it is.
func (n *narrator) comparison(s *engine.Scale, text string) string {
	if s.CompareWith == "" {
		return text
	}
	name := n.nameOf(s.CompareWith)
	return n.pick("先除以"+name+", 再", "divided by the "+name+" first; then ") + text
}

// interval words a band, saying of each end whether it belongs.
func (n *narrator) interval(b engine.Band) string {
	if b.Otherwise {
		return n.pick("其余", "anything else")
	}
	if b.From != nil && b.To != nil && !b.FromOpen && !b.ToOpen && b.From.Benchmark == b.To.Benchmark && b.From.Value.Equal(b.To.Value) {
		return n.pick(spaced("等于", n.bound(*b.From)), "exactly "+n.bound(*b.From))
	}
	low, high := "", ""
	if b.From != nil {
		low = n.pick(spaced(either(b.FromOpen, "高于", "不低于"), n.bound(*b.From)), either(b.FromOpen, "above ", "at least ")+n.bound(*b.From))
	}
	if b.To != nil {
		high = n.pick(spaced(either(b.ToOpen, "低于", "不超过"), n.bound(*b.To)), either(b.ToOpen, "below ", "at most ")+n.bound(*b.To))
	}
	if low != "" && high != "" {
		return low + n.pick(", ", " and ") + high
	}
	return low + high
}

func either(cond bool, a, b string) string {
	if cond {
		return a
	}
	return b
}

// anchors says what the corners of a broken line earn.
func (n *narrator) anchors(s *engine.Scale) []string {
	out := []string{n.comparison(s, n.pick("按折线得分, 各点之间按直线计算, 两端之外同端点:", "points on a broken line, straight between its corners and level beyond its ends:"))}
	for _, a := range s.Anchors {
		out = append(out, n.pick("- "+spaced("在", n.bound(a.At))+": "+n.points(a.Points), "- at "+n.bound(a.At)+": "+n.points(a.Points)))
	}
	return out
}

// spaced joins Chinese with what is not Chinese by a space, and Chinese with
// Chinese without one.
func spaced(parts ...string) string {
	out := ""
	for _, p := range parts {
		if out != "" && p != "" && (!isHan(lastRune(out)) || !isHan(firstRune(p))) {
			out += " "
		}
		out += p
	}
	return out
}

// places says what each rank, or share of the best, earns.
func (n *narrator) places(s *engine.Scale) []string {
	first := n.pick("同业中大的在前", "the largest of the peers first")
	if s.LowerBetter != nil && *s.LowerBetter {
		first = n.pick("同业中小的在前", "the smallest of the peers first")
	}
	out := []string{n.pick("按名次得分, "+first+", 并列取较前的名次:", "points by rank, "+first+", equals share the better rank:")}
	for _, p := range s.Places {
		var who string
		switch {
		case p.Otherwise:
			who = n.pick("其余", "the rest")
		case s.Form == engine.ByPercentile:
			who = n.pick("前 "+figure(p.Top.Mul(hundred))+"%", "the best "+figure(p.Top.Mul(hundred))+"%")
		case p.To == 0:
			who = fmt.Sprintf(n.pick("第 %d 名起", "from rank %d"), p.From)
		case p.From == p.To:
			who = fmt.Sprintf(n.pick("第 %d 名", "rank %d"), p.From)
		default:
			who = fmt.Sprintf(n.pick("第 %d 至 %d 名", "rank %d to %d"), p.From, p.To)
		}
		out = append(out, "- "+who+": "+n.points(p.Points))
	}
	return out
}

// table reads a table of points back, a line for each row.
func (n *narrator) table(t *engine.Table) []string {
	by := t.Rows.Name
	if t.Columns != nil {
		by += " × " + t.Columns.Name
	}
	out := []string{n.pick("查表得分, 按 "+by+":", "points by the table of "+by+":")}
	rows := t.Rows.Labels()
	for i, line := range t.Points {
		text := ""
		for j, p := range line {
			if j > 0 {
				text += ", "
			}
			if t.Columns != nil {
				text += t.Columns.Labels()[j] + " "
			}
			text += n.points(p)
		}
		out = append(out, "- "+rows[i]+": "+text)
	}
	return out
}
