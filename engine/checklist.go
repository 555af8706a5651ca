package engine

import "kaoping/engine/exact"

// judge scores an indicator by a reviewer's answers. A line that nobody has
// answered holds the indicator: silence is neither yes nor no.
func (s *scorer) judge(it *Item, row int) *outcome {
	o := &outcome{item: it, status: Scored}
	var open, refused []string
	met := 0
	for _, line := range it.Checklist.Lines {
		share, state := s.answer(it, line, row)
		switch state {
		case unanswered:
			open = append(open, line.Name)
		case notAllowed:
			refused = append(refused, line.Name)
		}
		if share.Equal(exact.Int(1)) {
			met++
		}
		o.earned = o.earned.Add(line.Points.Mul(share))
	}
	switch {
	case len(open) > 0:
		o.status, o.reason = Held, reasonUnanswered(open, len(it.Checklist.Lines))
	case len(refused) > 0:
		o.status, o.reason = Held, reasonPartlyRefused(refused)
	default:
		o.reason = reasonChecklist(met, len(it.Checklist.Lines))
	}
	return o
}

// answerState says what can be made of an answer.
type answerState uint8

const (
	answered answerState = iota
	unanswered
	notAllowed
)

// answer returns the share of a line's points that the reviewer gave.
func (s *scorer) answer(it *Item, line ChecklistLine, row int) (exact.Num, answerState) {
	j := s.judgement(it, line, row)
	switch {
	case j == nil:
		return exact.Num{}, unanswered
	case j.Answer == Yes || j.Answer == NotApplicable:
		return exact.Int(1), answered
	case j.Answer == No:
		return exact.Num{}, answered
	case j.Answer == Partly && it.Checklist.Partly != nil:
		return *it.Checklist.Partly, answered
	}
	return exact.Num{}, notAllowed
}

// judgement returns the answer to a line, or nil. Units counted with a subject
// are not judged on their own.
func (s *scorer) judgement(it *Item, line ChecklistLine, row int) *Judgement {
	t := s.table
	return t.index.judgements[judgementKey{t.members[row].Code, it.ID, line.Name, t.period}]
}
