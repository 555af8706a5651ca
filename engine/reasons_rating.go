package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
)

// Reasons of weights, combinations and ratings.

func reasonVariant() Text {
	return Text{"按较高的一种算法,本项不计入", "left out by the computation that gives more"}
}

func reasonNoWeight(item string) Text {
	return Text{item + "的权重缺数据", "the weight of " + item + " lacks a figure"}
}

func reasonNegativeWeight(item string) Text {
	return Text{item + "的权重为负", "the weight of " + item + " is negative"}
}

func reasonTooFew(scored, least int) Text {
	return Text{fmt.Sprintf("已评%d项,少于%d项,不计分", scored, least), fmt.Sprintf("%d scored, fewer than %d: no points", scored, least)}
}

func reasonNotWorse(raw, points exact.Num) Text {
	a, b := minus(raw.Shortest(4)), minus(points.Shortest(4))
	return Text{fmt.Sprintf("本期%s分,低于上期,按上期%s分计", a, b), fmt.Sprintf("%s this time, less than before: %s as on the previous scorecard", a, b)}
}

func reasonUnrated() Text {
	return Text{"本组只评分,不评等级", "this group is scored, not rated"}
}

func reasonNothingToRate(by string) Text {
	return Text{by + "没有结果,不评等级", "no rating: there is no " + by}
}

// reasonRated says which band a rating was read off.
func reasonRated(by, value string, b RatingBand) Text {
	zh, en := b.words()
	return Text{fmt.Sprintf("%s%s,%s,评为%s", by, value, zh, b.Rating), fmt.Sprintf("%s %s, %s: %s", by, value, en, b.Rating)}
}

// words says what lies in a band.
func (b RatingBand) words() (zh, en string) {
	if b.Otherwise {
		return "其他", "otherwise"
	}
	var z, e []string
	if b.From != nil {
		z, e = append(z, either(b.FromOpen, "高于", "不低于")+b.From.Text), append(e, either(b.FromOpen, "above ", "from ")+b.From.Text)
	}
	if b.To != nil {
		z, e = append(z, either(b.ToOpen, "低于", "不高于")+b.To.Text), append(e, either(b.ToOpen, "below ", "to ")+b.To.Text)
	}
	return strings.Join(z, "、"), strings.Join(e, ", ")
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// reasonRatingStep says what a step does and when.
func reasonRatingStep(s RatingStep) Text {
	what := s.words()
	if s.WhenText == "" {
		return what
	}
	return Text{s.WhenText + ":" + what.ZH, s.WhenText + ": " + what.EN}
}

func (s RatingStep) words() Text {
	switch {
	case s.AtBest != "":
		return Text{"最高评为" + s.AtBest, "at best " + s.AtBest}
	case s.AtWorst != "":
		return Text{"最低评为" + s.AtWorst, "at worst " + s.AtWorst}
	case s.Set != "":
		return Text{"评为" + s.Set, "set to " + s.Set}
	case s.Notches < 0:
		return Text{fmt.Sprintf("下调%d级", -s.Notches), fmt.Sprintf("%d down", -s.Notches)}
	}
	return Text{fmt.Sprintf("上调%d级", s.Notches), fmt.Sprintf("%d up", s.Notches)}
}

func reasonUndecided(s RatingStep, gap Text) Text {
	return Text{s.WhenText + ":" + gap.ZH + ",无法判断", s.WhenText + ": " + gap.EN + ", it cannot be decided"}
}

func reasonUndecidedItem(it *Item, gap Text) Text {
	return Text{"是否适用(" + it.WhenText + ")无法判断:" + gap.ZH, "whether it applies (" + it.WhenText + ") cannot be decided: " + gap.EN}
}

func reasonNotForThem(it *Item) Text {
	return Text{"只适用于:" + it.WhenText + ",分值摊入其余项", "applies only where " + it.WhenText + "; its points go to the rest"}
}

// reasonDecision names the record of a decision, and why it was taken.
func reasonDecision(register string, r *Record, why string) Text {
	t := Text{fmt.Sprintf("%s %s(%s)", register, r.Key, r.Date), fmt.Sprintf("%s %s (%s)", register, r.Key, r.Date)}
	if why != "" {
		t.ZH, t.EN = t.ZH+":"+why, t.EN+": "+why
	}
	return t
}

// shownRatedBy writes the value a rating was read off.
func (s *scorer) shownRatedBy(rules *Ratings, n exact.Num) string {
	if isScored(rules.By) {
		return minus(n.Shortest(4))
	}
	return s.table.shownMetric(rules.By, &n).ZH
}

func reasonExempt() Text {
	return Text{"权重为零,不计", "its weight is zero: it does not count"}
}
