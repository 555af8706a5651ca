package engine

import (
	"strings"

	"kaoping/engine/exact"
)

// Grade is an answer that stands for points: 良好 for 4.
type Grade struct {
	Name   string
	Points exact.Num // out of the indicator's full points
}

// MarkRange is the range of a reviewer's marks: the lowest earns nothing, the
// highest all, in proportion between.
type MarkRange struct{ From, To exact.Num }

// Share returns the part of a line's points that an answer earns, from 0 to 1,
// and whether the pack allows that answer. full is the indicator's full points.
func (c *Checklist) Share(a Answer, full exact.Num) (exact.Num, bool) {
	switch {
	case len(c.Grades) > 0:
		for _, g := range c.Grades {
			if g.Name == strings.TrimSpace(string(a)) && !full.IsZero() {
				return g.Points.Quo(full), true
			}
		}
		return exact.Num{}, false
	case c.Marks != nil:
		return c.Marks.share(a)
	case a == Yes || a == NotApplicable:
		return exact.Int(1), true
	case a == No:
		return exact.Num{}, true
	case a == Partly && c.Partly != nil:
		return *c.Partly, true
	}
	return exact.Num{}, false
}

// Plain reports whether lines are answered yes or no.
func (c *Checklist) Plain() bool { return len(c.Grades) == 0 && c.Marks == nil }

// share reads a mark; one that is no number or out of the range is not allowed.
func (m MarkRange) share(a Answer) (exact.Num, bool) {
	text := strings.TrimSuffix(strings.TrimSpace(string(a)), "分")
	x, err := exact.Parse(strings.TrimSpace(text))
	if err != nil || x.Cmp(m.From) < 0 || x.Cmp(m.To) > 0 || m.From.Equal(m.To) {
		return exact.Num{}, false
	}
	return x.Sub(m.From).Quo(m.To.Sub(m.From)), true
}

// raterSeparator stands between a group of raters and one of them: 同事评价/03.
const raterSeparator = "/"

// RaterLine returns the line of a checklist that an answer belongs to. Where
// several raters of a group answer, each says which one it is: 同事评价/03.
func (c *Checklist) RaterLine(line string) string {
	if !c.Raters {
		return line
	}
	for _, l := range c.Lines {
		if line == l.Name || strings.HasPrefix(line, l.Name+raterSeparator) {
			return l.Name
		}
	}
	return line
}

// answersTo returns the judgements of a line: one, or those of all raters of a
// group, in the order of their lines.
func (s *scorer) answersTo(it *Item, line ChecklistLine, row int) []*Judgement {
	t := s.table
	if !it.Checklist.Raters {
		if j := s.judgement(it, line, row); j != nil {
			return []*Judgement{j}
		}
		return nil
	}
	var out []*Judgement
	for _, j := range t.index.ratings[raterKey{t.members[row].Code, it.ID, t.period}] {
		if it.Checklist.RaterLine(j.Line) == line.Name {
			out = append(out, j)
		}
	}
	return out
}

// meanShare is the mean of what the answers to a line earn.
func (s *scorer) meanShare(it *Item, answers []*Judgement) (exact.Num, answerState) {
	if len(answers) == 0 {
		return exact.Num{}, unanswered
	}
	var sum exact.Num
	for _, j := range answers {
		share, ok := it.Checklist.Share(j.Answer, it.FullPoints)
		if !ok {
			return exact.Num{}, notAllowed
		}
		sum = sum.Add(share)
	}
	return sum.Quo(exact.Int(int64(len(answers)))), answered
}

// renormalised spreads the points of raters who did not answer over those who
// did. It reports false if nobody did.
func (c *Checklist) renormalised(earned, missing, full exact.Num) (exact.Num, bool) {
	rest := full.Sub(missing)
	if rest.Sign() <= 0 {
		return exact.Num{}, false
	}
	return earned.Mul(full).Quo(rest), true
}
