package rules

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"kaoping/engine"
)

// rounding says where numbers are rounded, and how.
func (n *narrator) rounding() {
	r := n.pack.Rounding
	n.heading(n.pick("舍入", "Rounding"), r.Law)
	n.remark(n.metricRounding(r))
	if n.pack.Total != nil || len(n.pack.Sections) > 0 {
		n.remark(n.pointRounding(r))
		n.stages(r)
	}
}

func (n *narrator) metricRounding(r engine.RoundingRules) string {
	zh, en := r.Metrics.Mode.Text()
	if r.MetricsRounded {
		return n.pick(fmt.Sprintf("计算值先%s至 %d 位小数, 再评分和排名", zh, r.Metrics.Decimals),
			fmt.Sprintf("metrics are rounded to %s, %s, before scoring and ranking", decimals(r.Metrics.Decimals), en))
	}
	return n.pick(fmt.Sprintf("计算值显示 %d 位小数(%s), 评分和排名用未舍入的值", r.Metrics.Decimals, zh),
		fmt.Sprintf("metrics are shown with %s (%s); scoring and ranking use the unrounded value", decimals(r.Metrics.Decimals), en))
}

func (n *narrator) pointRounding(r engine.RoundingRules) string {
	zh, en := r.Points.Mode.Text()
	switch {
	case r.RoundPoints && !r.Points.Step.IsZero() && r.PointsAtTotal:
		return n.pick("只有总分"+n.roundingWords(r.Points), "only the total is rounded, "+n.roundingWords(r.Points))
	case r.RoundPoints && !r.Points.Step.IsZero():
		return n.pick("每项得分先"+n.roundingWords(r.Points)+", 再相加", "the points of each indicator are rounded "+n.roundingWords(r.Points)+", before they are added up")
	case !r.RoundPoints:
		return n.pick("得分不舍入", "points are never rounded")
	case r.PointsAtTotal:
		return n.pick(fmt.Sprintf("只有总分%s至 %d 位小数", zh, r.Points.Decimals),
			fmt.Sprintf("only the total is rounded, to %s, %s", decimals(r.Points.Decimals), en))
	}
	return n.pick(fmt.Sprintf("每项得分先%s至 %d 位小数, 再相加", zh, r.Points.Decimals),
		fmt.Sprintf("the points of each indicator are rounded to %s, %s, before they are added up", decimals(r.Points.Decimals), en))
}

// decimals writes 1 decimal, 4 decimals.
func decimals(d int) string {
	if d == 1 {
		return "1 decimal"
	}
	return fmt.Sprintf("%d decimals", d)
}

// ranking says who stands before whom.
func (n *narrator) ranking() {
	r := n.pack.Ranking
	if r.By.ID == "" {
		return
	}
	n.heading(n.pick("排名", "Ranking"), r.Law)
	within := n.pick("同业内", "within the peer group")
	if r.AllAssessed {
		within = n.pick("全部参评对象", "over all who are assessed")
	}
	n.remark(n.pick(spaced(within+"按", n.rankKey(r.By), "排名"), "ranked "+within+" by "+n.rankKey(r.By)))
	for _, k := range r.Then {
		n.remark(n.tieBreak(k))
	}
	n.remark(n.ties(r))
	if r.Top > 0 {
		n.remark(fmt.Sprintf(n.pick("公布前 %d 名, 末位并列的一并公布", "the first %d are published, with all who share the last place"), r.Top))
	}
}

func (n *narrator) rankKey(k engine.RankKey) string {
	name := k.Name
	if k.ID == "total" {
		name = n.pick("总分", "the total")
	} else if name == "" {
		name = n.nameOf(k.ID)
	}
	if k.Ascending {
		return n.pick(spaced(name, "从低到高"), name+", the lowest first")
	}
	return n.pick(spaced(name, "从高到低"), name+", the highest first")
}

// tieBreak says what decides among equals.
func (n *narrator) tieBreak(k engine.RankKey) string {
	if k.ZeroOnly {
		return n.pick(spaced("排名值同为零的, 再按", n.rankKey(k)), "where that is zero, equals are ranked by "+n.rankKey(k))
	}
	return n.pick(spaced("相同的, 再按", n.rankKey(k)), "equals are ranked by "+n.rankKey(k))
}

// ties says what equals get, after the tie-breaks if there are any.
func (n *narrator) ties(r engine.Ranking) string {
	zh, en := "相同的并列", "equals"
	if len(r.Then) > 0 {
		zh, en = "仍相同的并列", "who are still equal"
	}
	if r.Ties == engine.Dense {
		return n.pick(zh+", 后面的名次不空缺(1, 1, 2)", en+" share the rank, and no rank is left free after them (1, 1, 2)")
	}
	return n.pick(zh+", 取靠前的名次(1, 1, 3)", en+" share the better rank (1, 1, 3)")
}

// officialResults names the published tables the pack must reproduce.
func (n *narrator) officialResults() {
	if len(n.pack.Official) == 0 {
		return
	}
	n.heading(n.pick("须复现的官方结果", "Official results it must reproduce"), engine.Law{})
	for _, o := range n.pack.Official {
		text := o.Title
		for _, c := range o.Compare {
			text += "; " + n.pick(spaced("“"+c.Column+"”列对照", n.compared(c.With)), fmt.Sprintf("column “%s” against %s", c.Column, n.compared(c.With)))
		}
		n.remark(text)
	}
}

func (n *narrator) compared(with string) string {
	if with == "rank" {
		return n.pick("名次", "the rank")
	}
	return n.nameOf(with)
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) || r == '“' || r == '”' || r == '。' }

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }

func lastRune(s string) rune { r, _ := utf8.DecodeLastRuneInString(s); return r }
