package rules

import (
	"fmt"

	"kaoping/engine"
)

// coveredRule is a rule that is no line of the scorecard, and what of it a test
// may reach.
type coveredRule struct {
	name string
	law  engine.Law
	what engine.Text
}

// ruleOf finds the rule that a spot belongs to, nil if it belongs to a line of the
// scorecard.
func ruleOf(p *engine.Pack, s engine.Spot) *coveredRule {
	nth := s.At + 1
	switch s.Kind {
	case engine.SpotInTime, engine.SpotLate, engine.SpotTargetMissed:
		return limitRule(p, s)
	case engine.SpotFlagged, engine.SpotNotFlagged:
		return flagRule(p, s)
	case engine.SpotShort, engine.SpotEnough:
		return sampleRule(p, s)
	case engine.SpotPenalty:
		return penaltyRule(p, s)
	case engine.SpotException:
		step := p.Ratings.Unless[s.At]
		return &coveredRule{"等级", step.Law, text("不按分数评级: "+step.WhenText, "not rated by points: "+step.WhenText)}
	case engine.SpotStep:
		step := p.Ratings.Then[s.At]
		return &coveredRule{"等级", step.Law, text(fmt.Sprintf("第 %d 项调整改变等级", nth), fmt.Sprintf("change %d changes a rating", nth))}
	case engine.SpotDrawn:
		c := p.Consequences[s.At]
		return &coveredRule{c.Name, c.Law, text("适用", "it comes about")}
	case engine.SpotNotDrawn:
		c := p.Consequences[s.At]
		return &coveredRule{c.Name, c.Law, text("不适用", "it does not come about")}
	case engine.SpotMetric:
		for _, m := range p.Metrics {
			if m.ID == s.Item {
				return &coveredRule{m.Name, m.Law, text("有计算值", "it has a value")}
			}
		}
	}
	return nil
}

func limitRule(p *engine.Pack, s engine.Spot) *coveredRule {
	words := map[engine.SpotKind]engine.Text{
		engine.SpotInTime: text("按时办结的一件", "a case handled in time"), engine.SpotLate: text("超时的一件", "a case that is late"),
		engine.SpotTargetMissed: text("按时而未达标的一件", "a case in time that misses the target"),
	}
	for _, l := range p.Records.TimeLimits {
		if l.ID == s.Item {
			return &coveredRule{l.Name, l.Law, words[s.Kind]}
		}
	}
	return nil
}

func flagRule(p *engine.Pack, s engine.Spot) *coveredRule {
	words := map[engine.SpotKind]engine.Text{
		engine.SpotFlagged: text("发现可疑信号", "the flag is raised"), engine.SpotNotFlagged: text("有记录而没有可疑信号", "records that do not raise it"),
	}
	for _, g := range p.Records.RedFlags {
		if g.ID == s.Item {
			return &coveredRule{g.Name, g.Law, words[s.Kind]}
		}
	}
	return nil
}

func sampleRule(p *engine.Pack, s engine.Spot) *coveredRule {
	words := map[engine.SpotKind]engine.Text{
		engine.SpotShort: text("抽查不足", "too few are checked"), engine.SpotEnough: text("抽查足够", "enough are checked"),
	}
	for _, q := range p.Records.Samples {
		if q.ID == s.Item {
			return &coveredRule{q.Name, q.Law, words[s.Kind]}
		}
	}
	return nil
}

func penaltyRule(p *engine.Pack, s engine.Spot) *coveredRule {
	for _, q := range p.Records.Penalties {
		if q.ID != s.Item {
			continue
		}
		line := q.Cases[s.At]
		law := line.Law
		if law.File == "" {
			law = q.Law
		}
		return &coveredRule{q.Name, law, text(fmt.Sprintf("第 %d 行: %s", s.At+1, line.WhenText), fmt.Sprintf("line %d: %s", s.At+1, line.WhenText))}
	}
	return nil
}
