package rules

import (
	"strings"

	"kaoping/engine"
	"kaoping/engine/unit"
)

// pastCard is what a test says of an earlier scorecard, or of another scheme's.
type pastCard struct {
	pack   string
	period engine.Period
	card   engine.Scorecard
}

// past reads earlier scorecards:
//
//	past:
//	  2023 annual: {total: 70, rating: D, 定量指标: 52}
//	  other-pack 2024 annual: {total: 81}
func (s *setting) readPast(n node) {
	m := s.r.mapping(n, text("以前的评分卡", "earlier scorecards"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		c := pastCard{pack: s.r.pack.Name, card: engine.Scorecard{Status: engine.Scored}}
		name := p.name
		if first, rest, ok := strings.Cut(name, " "); ok && strings.Contains(first, "-") && packName.MatchString(first) {
			c.pack, name = first, rest
		}
		period, ok := s.r.periodNamed(name)
		if !ok {
			s.r.add(p.key.report(CodeWrongType, text("“"+clip(name)+"”不是统计期间", "“"+clip(name)+"” is not a period"),
				text("写成 2023, 2023H1, 2023Q2 或 2023-06", "write 2023, 2023H1, 2023Q2 or 2023-06")))
			continue
		}
		c.period = period
		s.pastLines(p.value, &c)
		s.past = append(s.past, c)
	}
}

// pastLines reads the total, the rating and the points of items.
func (s *setting) pastLines(n node, c *pastCard) {
	m := s.r.mapping(n, text("一张以前的评分卡", "an earlier scorecard"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		switch p.name {
		case "rating", "等级":
			c.card.Rating = s.r.word(p.value)
			continue
		case "rank":
			c.card.Rank, _ = s.r.whole(p.value, 1, 1_000_000)
			continue
		}
		q, ok := s.r.quantity(p.value)
		if !ok {
			continue
		}
		if !q.Unit.IsBare() && !q.Unit.IsPoints() {
			s.r.wrongUnit(p.value, q.Unit, unit.Unit{})
			continue
		}
		x := q.Unit.To(q.Value)
		if p.name == totalID || p.name == "总分" {
			c.card.Total = &x
			continue
		}
		id := p.name
		if it := s.r.names.items[p.name]; it != nil {
			id = it.ID
		} else if c.pack == s.r.pack.Name {
			s.r.unknownName(p.key, p.name, "评分卡上的一项", "a line of the scorecard", append([]string{totalID, "rating", "rank"}, listed(s.r, s.r.names.items)...))
		}
		c.card.Lines = append(c.card.Lines, engine.Line{Kind: engine.IndicatorItem, Item: id, Name: p.name, Status: engine.Scored, Points: &x})
	}
}

// pastResults turns what was said of one subject into stored results.
func (t *trial) pastResults() []*engine.Result {
	var out []*engine.Result
	for _, c := range t.past {
		r := &engine.Result{Pack: c.pack, Period: c.period}
		for _, s := range t.subjects {
			card := c.card
			card.Subject = s.Code
			r.Scorecards = append(r.Scorecards, card)
		}
		out = append(out, r)
	}
	return out
}
