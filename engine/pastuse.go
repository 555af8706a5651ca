package engine

import (
	"cmp"
	"fmt"
	"slices"

	"kaoping/engine/formula"
)

// PastUse records that a result rests on one that was stored before, so that
// computing it again uses the same one and a reader sees which.
type PastUse struct {
	Use    Use    `json:"use"`
	Pack   string `json:"pack"`
	Period Period `json:"period"`
	Digest string `json:"digest,omitempty"` // of the result; empty: there was none, and what needs it is missing
}

// Use says what of a stored result is used.
type Use string

// The uses.
const (
	UseScorecards Use = "scorecards" // points, ratings and the like
	UseFigures    Use = "figures"    // the facts it was computed from, as published
)

// pastUses lists the stored results that were asked for: first the scorecards by
// pack and period, then the figures by period.
func (t *table) pastUses() []PastUse {
	var out []PastUse
	for key := range t.index.lookedAt {
		out = append(out, PastUse{UseScorecards, key.Pack, key.Period, t.index.past[key].digest()})
	}
	if t.pack.PriorFigures == FiguresAsPublished {
		for _, period := range PublishedPeriods(t.pack, t.period) {
			use := PastUse{Use: UseFigures, Pack: t.pack.Name, Period: period}
			if v := t.index.vintages[period]; v != nil {
				use.Digest = v.Digest
			}
			out = append(out, use)
		}
	}
	slices.SortFunc(out, func(a, b PastUse) int {
		return cmp.Or(-cmp.Compare(a.Use, b.Use), cmp.Compare(a.Pack, b.Pack), b.Period.Last.Compare(a.Period.Last), b.Period.First.Compare(a.Period.First))
	})
	return out
}

// digest is that of the stored result; empty if there is none.
func (s *pastResult) digest() string {
	if s == nil {
		return ""
	}
	return s.hash
}

// Missing reports whether the stored result was not there.
func (u PastUse) Missing() bool { return u.Digest == "" }

// Text says in a sentence what is used, or what to do about a result that was
// not there.
func (u PastUse) Text() Text {
	when := u.Period.Title()
	run := fmt.Sprintf("kaoping run --pack %s --period %s", u.Pack, u.Period)
	if u.Use == UseFigures {
		if u.Missing() {
			return Text{
				fmt.Sprintf("%s没有存档的结果,其数据取最新数;要用公布时的数,先执行 %s", when.ZH, run),
				fmt.Sprintf("no result of the %s is stored, its figures are the newest; for those of its publication first %s", when.EN, run),
			}
		}
		return Text{
			fmt.Sprintf("%s的数据取其结果(%s)公布时的数,以后的更正不计", when.ZH, u.Digest[:8]),
			fmt.Sprintf("the figures of the %s are those of its published result (%s); later corrections do not count", when.EN, u.Digest[:8]),
		}
	}
	if u.Missing() {
		return reasonNoScorecards(ResultKey{u.Pack, u.Period})
	}
	return Text{
		fmt.Sprintf("引用 %s %s的评分卡(%s)", u.Pack, when.ZH, u.Digest[:8]),
		fmt.Sprintf("uses the scorecards of %s for the %s (%s)", u.Pack, when.EN, u.Digest[:8]),
	}
}

// reasonNoScorecards says that an earlier or another scheme's result is wanted,
// and how to make it.
func reasonNoScorecards(key ResultKey) Text {
	when := key.Period.Title()
	run := fmt.Sprintf("kaoping run --pack %s --period %s", key.Pack, key.Period)
	return Text{
		fmt.Sprintf("缺少 %s %s的评分卡,先执行 %s", key.Pack, when.ZH, run),
		fmt.Sprintf("the scorecards of %s for the %s are missing; first %s", key.Pack, when.EN, run),
	}
}

// pastGap says why a stored scorecard has no answer for a row.
func (t *table) pastGap(key ResultKey, what Text, row int) Text {
	when := key.Period.Title()
	cards := t.index.past[key]
	switch {
	case cards == nil:
		return reasonNoScorecards(key)
	case cards.cards[t.members[row].Code] == nil:
		return Text{
			fmt.Sprintf("%s %s的评分卡中没有该机构", key.Pack, when.ZH),
			fmt.Sprintf("there is no scorecard of it in %s for the %s", key.Pack, when.EN),
		}
	}
	return Text{
		fmt.Sprintf("%s %s的评分卡上%s没有数值", key.Pack, when.ZH, what.ZH),
		fmt.Sprintf("%s has no value on the scorecard of %s for the %s", what.EN, key.Pack, when.EN),
	}
}

// scorecardGap says why a figure of a stored scorecard is missing; false if the
// id is no such figure.
func (t *table) scorecardGap(id string, period Period, row int) (Text, bool) {
	if s, ok := t.declared[id].(*Statistic); ok && s.Scorecard != nil {
		return t.pastGap(t.keyOf(s.Scorecard, period), Text{"“" + s.Name + "”所取的一项", "what " + s.Name + " is taken from"}, row), true
	}
	if !isScored(id) || period == t.period {
		return Text{}, false
	}
	return t.pastGap(ResultKey{t.pack.Name, period}, t.scoredName(id), row), true
}

// scoredName is what a reference to a result is called.
func (t *table) scoredName(id string) Text {
	switch id {
	case idTotal:
		return Text{"总分", "the total"}
	case idRating:
		return Text{"等级", "the rating"}
	}
	_, item, _ := itemRef(id)
	name := item
	t.pack.anyItem(func(it *Item) bool {
		if it.ID == item {
			name = it.Name
		}
		return it.ID == item
	})
	return Text{"“" + name + "”", "“" + name + "”"}
}

// keyOf names the stored result that a statistic looks at.
func (t *table) keyOf(s *ScorecardSource, period Period) ResultKey {
	if s.Previous {
		period = t.pack.Previous.Of(period)
	}
	return ResultKey{s.Pack, period}
}

// undecided says what a condition lacks.
func (t *table) undecided(e *formula.Expr, row int) Text {
	if e == nil {
		return Text{}
	}
	return t.gap(e, t.period, row)
}
