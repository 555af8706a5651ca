package reports

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// peers are the scorecards that one is compared with: those of its peer group,
// or all where the pack ranks all together.
func peers(d *Document, group string) []*engine.Scorecard {
	var list []*engine.Scorecard
	for i := range d.Result.Scorecards {
		if c := &d.Result.Scorecards[i]; c.PeerGroup == group || group == "" {
			list = append(list, c)
		}
	}
	return list
}

// population is the peer group in which a subject is ranked.
func population(d *Document, c *engine.Scorecard) string {
	if d.Pack.Ranking.AllAssessed {
		return ""
	}
	return c.PeerGroup
}

// values collects what pick finds on the scorecards.
func values(cards []*engine.Scorecard, pick func(*engine.Scorecard) *exact.Num) []exact.Num {
	var list []exact.Num
	for _, c := range cards {
		if v := pick(c); v != nil {
			list = append(list, *v)
		}
	}
	return list
}

func pickMetric(item string) func(*engine.Scorecard) *exact.Num {
	return func(c *engine.Scorecard) *exact.Num {
		if l, ok := c.Line(item); ok {
			return l.Metric
		}
		return nil
	}
}

func pickPoints(item string) func(*engine.Scorecard) *exact.Num {
	return func(c *engine.Scorecard) *exact.Num {
		if l, ok := c.Line(item); ok {
			return l.Points
		}
		return nil
	}
}

// sharesMetricRank reports whether more than one card has the rank.
func sharesMetricRank(cards []*engine.Scorecard, item string, rank int) bool {
	n := 0
	for _, c := range cards {
		if l, ok := c.Line(item); ok && l.MetricRank == rank {
			n++
		}
	}
	return n > 1
}

// pickRanked is the value a subject is ranked by. A card that is held has none.
func pickRanked(c *engine.Scorecard) *exact.Num {
	if c.Rank == 0 {
		return nil
	}
	return c.RankBy
}

// quantile interpolates in a straight line between the two nearest values;
// share runs from 0 to 1. It is nil of no values.
func quantile(list []exact.Num, share exact.Num) *exact.Num {
	return statistic("percentile", list, share)
}

func median(list []exact.Num) *exact.Num { return statistic("median", list, exact.Num{}) }

func mean(list []exact.Num) *exact.Num { return statistic("mean", list, exact.Num{}) }

func statistic(name string, list []exact.Num, arg exact.Num) *exact.Num {
	v, ok := formula.Statistic(name, list, arg)
	if !ok {
		return nil
	}
	return &v
}

// findCard finds a subject's scorecard in a result; nil result and unknown
// subject give nil.
func findCard(r *engine.Result, subject string) *engine.Scorecard {
	if r == nil {
		return nil
	}
	for i := range r.Scorecards {
		if r.Scorecards[i].Subject == subject {
			return &r.Scorecards[i]
		}
	}
	return nil
}

// change says how a rank moved against 上期: ▲3 up, ▼1 down, 新 for a subject
// that was not ranked then, a dash for no move or nothing to compare with.
func change(d *Document, c *engine.Scorecard) string {
	if d.Previous == nil || c.Rank == 0 {
		return dash
	}
	before := findCard(d.Previous, c.Subject)
	switch {
	case before == nil || before.Rank == 0:
		return d.say("新", "new")
	case before.Rank > c.Rank:
		return fmt.Sprintf("▲%d", before.Rank-c.Rank)
	case before.Rank < c.Rank:
		return fmt.Sprintf("▼%d", c.Rank-before.Rank)
	}
	return d.say("持平", "same")
}

// direction says what stands first: 第1名=得分最高.
func direction(d *Document) string {
	by := d.Pack.Ranking.By
	switch {
	case d.Pack.Total != nil && by.ID == "total":
		return d.say("第1名=得分最高", "1 = highest score")
	case by.Ascending:
		return fmt.Sprintf(d.say("第1名=%s最低", "1 = lowest %s"), by.Name)
	}
	return fmt.Sprintf(d.say("第1名=%s最高", "1 = highest %s"), by.Name)
}

// series is the history of one value, this period last.
func series(d *Document, subject string, pick func(*engine.Scorecard) *exact.Num) []*exact.Num {
	var list []*exact.Num
	for _, r := range timeline(d) {
		var v *exact.Num
		if c := findCard(r, subject); c != nil {
			v = pick(c)
		}
		list = append(list, v)
	}
	return list
}

// trendLength is the most periods a trend shows.
const trendLength = 8

// timeline lists the results of a trend, oldest first, this period last.
func timeline(d *Document) []*engine.Result {
	var list []*engine.Result
	for _, r := range d.History {
		if r.Period != d.Result.Period {
			list = append(list, r)
		}
	}
	list = append(list, d.Result)
	return list[max(0, len(list)-trendLength):]
}

var blocks = []rune("▁▂▃▄▅▆▇█")

// spark draws a series in block characters, which survive every spreadsheet and
// every printer. The lowest block is zero, or the smallest value if one is
// negative; a gap is a dot. A single value is no trend.
func spark(list []*exact.Num) string {
	var low, high exact.Num
	known := 0
	for _, v := range list {
		if v != nil {
			low, high, known = exact.Min(low, *v), exact.Max(high, *v), known+1
		}
	}
	if known < 2 {
		return dash
	}
	var b strings.Builder
	for _, v := range list {
		switch {
		case v == nil:
			b.WriteRune('·')
		case high.Equal(low):
			b.WriteRune(blocks[0])
		default:
			level := v.Sub(low).Quo(high.Sub(low)).Mul(exact.Int(int64(len(blocks)-1))).Round(0, exact.HalfUp)
			i, _ := level.Int64()
			b.WriteRune(blocks[i])
		}
	}
	return b.String()
}
