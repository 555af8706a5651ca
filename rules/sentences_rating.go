package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
)

// weight says what an item counts for in its container.
func (n *narrator) weight(it *engine.Item) string {
	if it.Weight == nil {
		return ""
	}
	return n.pick("权重 ", "weight ") + n.formula(it.Weight.Source())
}

// combination says how a container's points come from its parts.
func (n *narrator) combination(c engine.Combination, least int) {
	switch c {
	case engine.WeightedMean:
		n.remark(n.pick("各项按权重取加权平均; 不计的项目, 权重归其余各项", "the weighted mean of its parts; the weights of what is left out go to the rest"))
	case engine.WeightedSum:
		n.remark(n.pick("各项按权重加总", "the weighted sum of its parts"))
	}
	if least > 0 {
		n.remark(fmt.Sprintf(n.pick("已评不足 %d 项的不计分", "no points with fewer than %d scored indicators"), least))
	}
}

// notWorse says that last time's points stay if they were more.
func (n *narrator) notWorse(it *engine.Item) {
	if it.NotWorse {
		n.remark(n.pick("低于上期得分的, 按上期得分计", "not below the points of the previous scorecard"))
	}
}

// betterOf lists the computations of the total.
func (n *narrator) betterOf(t *engine.Total) {
	if len(t.BetterOf) == 0 {
		return
	}
	var ways []string
	for _, v := range t.BetterOf {
		if len(v.Without) == 0 {
			ways = append(ways, n.pick("全部计入", "everything counts"))
			continue
		}
		var names []string
		for _, id := range v.Without {
			names = append(names, n.itemName(id))
		}
		list := enumerated(names, "、")
		ways = append(ways, n.pick("不计"+list.ZH, "without "+list.EN))
	}
	n.remark(n.pick("按以下算法取最高的总分: ", "the largest total of these computations: ") + strings.Join(ways, "; "))
}

func (n *narrator) itemName(id string) string {
	for _, it := range n.pack.AllItems() {
		if it.ID == id {
			return it.Name
		}
	}
	return id
}

// ratings reads the bands back, and what may change a rating.
func (n *narrator) ratings() {
	r := n.pack.Ratings
	if r == nil {
		return
	}
	by := r.ByName
	if r.By == reservedTotal {
		by = n.pick("总分", "the total")
	}
	n.heading(n.pick(spaced("等级", "按"+by), "Ratings by "+by), r.Law)
	if len(r.OnlyFor) > 0 {
		var names []string
		for _, g := range r.OnlyFor {
			names = append(names, n.peerGroup(g))
		}
		n.remark(n.pick("只评 ", "only for ") + strings.Join(names, "、"))
	}
	for _, b := range r.Bands {
		n.remark(b.Rating + ": " + n.ratingBand(b))
	}
	for _, s := range r.Unless {
		n.say(n.pick(spaced(n.formula(s.WhenText)+"的, 不按分数, 评为", s.Set), n.formula(s.WhenText)+": "+s.Set+", whatever the points"), s.Law)
	}
	for _, s := range r.Then {
		n.say(n.ratingStep(s), s.Law)
	}
}

func (n *narrator) ratingBand(b engine.RatingBand) string {
	if b.Otherwise {
		return n.pick("其余", "everything else")
	}
	var parts []string
	if b.From != nil {
		parts = append(parts, n.pick(map[bool]string{true: "高于 ", false: "不低于 "}[b.FromOpen], map[bool]string{true: "above ", false: "from "}[b.FromOpen])+b.From.Text)
	}
	if b.To != nil {
		parts = append(parts, n.pick(map[bool]string{true: "低于 ", false: "不高于 "}[b.ToOpen], map[bool]string{true: "below ", false: "to "}[b.ToOpen])+b.To.Text)
	}
	return strings.Join(parts, n.pick(", ", ", "))
}

// ratingStep says what changes a rating, and how.
func (n *narrator) ratingStep(s engine.RatingStep) string {
	if s.Register != "" {
		return n.pick(spaced("有", n.registerName(s.Register), "决定的, 以最后一次决定为准"), "a decision in "+n.registerName(s.Register)+" counts, the latest first")
	}
	what := n.pick("评为 "+s.Set, "it is "+s.Set)
	switch {
	case s.AtBest != "":
		what = n.pick("最高评为 "+s.AtBest, "at best "+s.AtBest)
	case s.AtWorst != "":
		what = n.pick("最低评为 "+s.AtWorst, "at worst "+s.AtWorst)
	case s.Notches < 0:
		what = fmt.Sprintf(n.pick("下调 %d 级", "%d down"), -s.Notches)
	case s.Notches > 0:
		what = fmt.Sprintf(n.pick("上调 %d 级", "%d up"), s.Notches)
	}
	return n.pick(spaced(n.formula(s.WhenText)+"的,", what), n.formula(s.WhenText)+": "+what)
}

func (n *narrator) registerName(id string) string {
	for _, r := range n.pack.Registers {
		if r.ID == id {
			return r.Name
		}
	}
	return id
}

// consequences reads back what results lead to.
func (n *narrator) consequences() {
	if len(n.pack.Consequences) == 0 {
		return
	}
	n.heading(n.pick("结果的运用", "What results lead to"), engine.Law{})
	for _, c := range n.pack.Consequences {
		only := ""
		if c.OnlyFor != "" {
			only = n.pick(n.peerGroup(c.OnlyFor)+", ", n.peerGroup(c.OnlyFor)+", ")
		}
		n.say(n.pick(c.Name+": "+only+spaced(n.formula(c.WhenText)+"的,", c.Measure), c.Name+": "+only+n.formula(c.WhenText)+": "+c.Measure), c.Law)
	}
}

// stages says how sections and the total are rounded by themselves.
func (n *narrator) stages(r engine.RoundingRules) {
	if r.Sections != nil {
		n.remark(n.pick("各部分合计"+n.roundingWords(*r.Sections), "the sum of each section is rounded "+n.roundingWords(*r.Sections)))
	}
	if r.Total != nil {
		n.remark(n.pick("总分"+n.roundingWords(*r.Total), "the total is rounded "+n.roundingWords(*r.Total)))
	}
	if r.RankUnrounded {
		n.remark(n.pick("按总分舍入之前的值排名", "ranked by the total before its own rounding"))
	}
}

// roundingWords writes 四舍五入至 1 位小数, or to steps of 0.5, half up.
func (n *narrator) roundingWords(r engine.Rounding) string {
	zh, en := r.Mode.Text()
	if !r.Step.IsZero() {
		step := r.Step.Shortest(6)
		return n.pick(fmt.Sprintf("%s, 以 %s 为单位", zh, step), fmt.Sprintf("to steps of %s, %s", step, en))
	}
	return n.pick(fmt.Sprintf("%s至 %d 位小数", zh, r.Decimals), fmt.Sprintf("to %s, %s", decimals(r.Decimals), en))
}
