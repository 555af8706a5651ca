package engine

import "kaoping/engine/exact"

// judge scores an indicator by a reviewer's answers. A line that nobody has
// answered holds the indicator: silence is neither yes nor no.
func (s *scorer) judge(it *Item, row int) *outcome {
	o := &outcome{item: it, status: Scored}
	var open, refused []string
	var missing exact.Num
	met := 0
	for _, line := range it.Checklist.Lines {
		share, state := s.answer(it, line, row)
		switch state {
		case unanswered:
			open, missing = append(open, line.Name), missing.Add(line.Points)
		case notAllowed:
			refused = append(refused, line.Name)
		}
		if share.Equal(exact.Int(1)) {
			met++
		}
		o.earned = o.earned.Add(line.Points.Mul(share))
	}
	if it.Checklist.Renormalise && len(open) > 0 {
		if earned, ok := it.Checklist.renormalised(o.earned, missing, it.FullPoints); ok {
			o.earned, open = earned, nil
		}
	}
	switch {
	case len(open) > 0:
		o.status, o.reason = Held, reasonUnanswered(open, len(it.Checklist.Lines))
	case len(refused) > 0:
		o.status, o.reason = Held, reasonPartlyRefused(refused)
	case it.Checklist.Plain():
		o.reason = reasonChecklist(met, len(it.Checklist.Lines))
	default:
		o.reason = reasonJudged(s.shownAnswers(it, row))
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

// answer returns the share of a line's points that the reviewer gave, or the mean
// of what several raters gave.
func (s *scorer) answer(it *Item, line ChecklistLine, row int) (exact.Num, answerState) {
	return s.meanShare(it, s.answersTo(it, line, row))
}

// shownAnswers lists the answers of an indicator that is graded or marked.
func (s *scorer) shownAnswers(it *Item, row int) []string {
	var out []string
	for _, line := range it.Checklist.Lines {
		for _, j := range s.answersTo(it, line, row) {
			out = append(out, string(j.Answer))
		}
	}
	return out
}

// judgement returns the answer to a line, or nil. Units counted with a subject
// are not judged on their own.
func (s *scorer) judgement(it *Item, line ChecklistLine, row int) *Judgement {
	t := s.table
	return t.index.judgements[judgementKey{t.members[row].Code, it.ID, line.Name, t.period}]
}
