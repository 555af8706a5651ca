package engine

import (
	"slices"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Actions of a policy that need to look at the subject or its peers.
const (
	PeerMean  PolicyAction = "peer mean" // the mean of the points that the peers earn by their metrics
	TakeValue PolicyAction = "take"      // this value goes on the scale in place of the metric
	ByCase    PolicyAction = "by case"   // the first case whose condition holds
)

// PolicyCase is one line of a policy that depends on the subject.
type PolicyCase struct {
	When     *formula.Expr // nil: otherwise
	WhenText string
	Then     Policy
}

// pendingPolicy is a policy that is still to be worked out for a subject.
type pendingPolicy struct {
	policy Policy
	why    Text
}

// waits reports whether a policy has to look at the subject or its peers.
func (p Policy) waits() bool {
	return p.Action == PeerMean || p.Action == TakeValue || p.Action == ByCase
}

// resolve works a pending policy out. What the outcome of a plain policy is stays
// as it is.
func (s *scorer) resolve(o *outcome, row int) (*outcome, error) {
	if o.pending == nil {
		return o, nil
	}
	it, p, why := o.item, o.pending.policy, o.pending.why
	switch p.Action {
	case ByCase:
		return s.firstCase(it, p, why, row)
	case PeerMean:
		return s.meanOfPeers(it, p, why, row)
	}
	got, err := s.onScale(it, row, p.Value)
	if err != nil {
		return nil, err
	}
	if got.pending != nil {
		return &outcome{item: it, status: NotComputable, reason: why}, nil
	}
	value := p.Value
	got.metric, got.granted, got.reason = &value, true, reasonPolicy(p, why)
	return got, nil
}

// firstCase follows the first case whose condition holds. One that cannot be
// decided holds the line.
func (s *scorer) firstCase(it *Item, p Policy, why Text, row int) (*outcome, error) {
	for _, c := range p.Cases {
		if c.When != nil {
			column, err := s.policyColumn(c.When)
			if err != nil {
				return nil, err
			}
			switch v := column.At(row); {
			case v.Status != formula.OK:
				return &outcome{item: it, status: Held, reason: reasonUndecidedPolicy(c, why)}, nil
			case !v.Bool:
				continue
			}
		}
		return s.resolve(follow(it, c.Then, why), row)
	}
	return &outcome{item: it, status: NotComputable, reason: reasonPolicy(Policy{}, why)}, nil
}

func (s *scorer) policyColumn(e *formula.Expr) (*formula.Column, error) {
	if c, ok := s.policies[e]; ok {
		return c, nil
	}
	c, err := s.table.eval(e, s.table.period)
	if err == nil {
		s.policies[e] = c
	}
	return c, err
}

// meanOfPeers gives the mean of what the subject's peers earn on the scale. If
// none of them has a value, the line is held.
func (s *scorer) meanOfPeers(it *Item, p Policy, why Text, row int) (*outcome, error) {
	column, err := s.table.scored(it.Metric)
	if err != nil {
		return nil, err
	}
	var points []exact.Num
	for i := range s.table.members {
		v := column.At(i)
		if i == row || s.table.groups[i] != s.table.groups[row] || v.Status != formula.OK || v.Null {
			continue
		}
		o, err := s.onScale(it, i, v.Num)
		if err != nil {
			return nil, err
		}
		if o.status == Scored {
			points = append(points, o.earned)
		}
	}
	if len(points) == 0 {
		return &outcome{item: it, status: Held, reason: reasonNoPeers(why)}, nil
	}
	mean, _ := formula.Statistic("mean", points, exact.Num{})
	return &outcome{item: it, status: Scored, earned: mean, granted: true, reason: reasonPolicy(p, why)}, nil
}

// onlyBefore reports whether a metric is missing only because figures of earlier
// periods are: all of the period itself is there.
func (s *scorer) onlyBefore(id string, row int) bool {
	return !s.lacksNow(id, row, nil)
}

func (s *scorer) lacksNow(id string, row int, seen []string) bool {
	if slices.Contains(seen, id) {
		return false
	}
	e := formulasOf(s.table.pack)[id]
	if e == nil {
		c, err := s.table.column(id, s.table.period)
		return err != nil || c.At(row).Status == formula.Missing
	}
	for _, ref := range e.Refs() {
		if ref.Shift == formula.Now && s.lacksNow(ref.ID, row, append(seen, id)) {
			return true
		}
	}
	return false
}

func reasonUndecidedPolicy(c PolicyCase, why Text) Text {
	return Text{why.ZH + ";" + c.WhenText + "缺数据,无法判断", why.EN + "; " + c.WhenText + " lacks a figure"}
}

func reasonNoPeers(why Text) Text {
	return Text{why.ZH + ";同业都没有得分,无从取平均", why.EN + "; no peer has points to take the mean of"}
}
