package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
)

// The least numbers from which data say something about a rule: of subjects that
// were scored, and of records or subjects that a condition was asked of.
const (
	enoughScored = 5
	enoughAsked  = 10
)

// CheckData reports what looks wrong about an edition in the light of data: an
// indicator on which everybody got full points, or nobody a point, and conditions
// that held always or never. All evaluations are of the pack, in several periods.
// Nothing of it is an error: few data prove little, so a handful says nothing.
func (l *Library) CheckData(p *engine.Pack, evaluations []*engine.Evaluation) ([]Diagnostic, error) {
	e := l.editionOf(p)
	if e == nil {
		return nil, fmt.Errorf("%w: the pack %s is not of this library", engine.ErrNotFound, p.Name)
	}
	c := &dataCheck{edition: e, pack: p, spread: map[string]*pointSpread{}, uses: map[engine.Law]*engine.ConditionUse{}}
	for _, ev := range evaluations {
		c.noteScores(ev.Result())
		uses, err := ev.Conditions()
		if err != nil {
			return nil, err
		}
		c.noteConditions(uses)
	}
	return limited(Sort(append(c.scores(), c.conditions()...))), nil
}

// dataCheck adds up what evaluations show.
type dataCheck struct {
	edition *edition
	pack    *engine.Pack
	spread  map[string]*pointSpread // by item
	uses    map[engine.Law]*engine.ConditionUse
	order   []engine.Law
	periods []string
}

// pointSpread is how the scored subjects did on one indicator.
type pointSpread struct{ scored, full, none int }

func (c *dataCheck) noteScores(r *engine.Result) {
	c.periods = append(c.periods, r.Period.String())
	for i := range r.Scorecards {
		for _, line := range r.Scorecards[i].Lines {
			if line.Status != engine.Scored || line.Points == nil || line.FullPoints.IsZero() {
				continue
			}
			s := c.spread[line.Item]
			if s == nil {
				s = &pointSpread{}
				c.spread[line.Item] = s
			}
			s.scored++
			switch {
			case line.Points.Cmp(line.FullPoints) >= 0:
				s.full++
			case line.Points.IsZero():
				s.none++
			}
		}
	}
}

func (c *dataCheck) noteConditions(uses []engine.ConditionUse) {
	for _, u := range uses {
		sum, ok := c.uses[u.Law]
		if !ok {
			sum = &engine.ConditionUse{Name: u.Name, Text: u.Text, Records: u.Records, Law: u.Law}
			c.uses[u.Law] = sum
			c.order = append(c.order, u.Law)
		}
		sum.Holds, sum.Of = sum.Holds+u.Holds, sum.Of+u.Of
	}
}

// scores reports the indicators that told nobody apart.
func (c *dataCheck) scores() []Diagnostic {
	var out []Diagnostic
	for id, it := range itemsByID(c.pack) {
		s := c.spread[id]
		if it.Kind != engine.IndicatorItem || s == nil || s.scored < enoughScored {
			continue
		}
		switch s.scored {
		case s.full:
			out = append(out, c.at(it.Law).report(CodeAlwaysFull,
				text(fmt.Sprintf("%s: “%s”的 %d 次评分都得满分", c.when(), it.Name, s.full), fmt.Sprintf("%s: all %d scores of %s are full points", c.when(), s.full, it.Name)),
				text("这个指标没有区分好坏; 核对两端、分档和界限的方向", "the indicator told nobody apart: compare ends, bands and the direction of bounds with the text")))
		case s.none:
			out = append(out, c.at(it.Law).report(CodeAlwaysNone,
				text(fmt.Sprintf("%s: “%s”的 %d 次评分都得 0 分", c.when(), it.Name, s.none), fmt.Sprintf("%s: all %d scores of %s are no points", c.when(), s.none, it.Name)),
				text("这个指标没有区分好坏; 核对两端、分档和单位", "the indicator told nobody apart: compare ends, bands and units with the text")))
		}
	}
	return out
}

// conditions reports those that held always or never.
func (c *dataCheck) conditions() []Diagnostic {
	var out []Diagnostic
	for _, law := range c.order {
		u := c.uses[law]
		what := text("家", "subjects")
		if u.Records {
			what = text("条记录", "records")
		}
		switch {
		case u.Of < enoughAsked:
		case u.Holds == 0:
			out = append(out, c.at(law).report(CodeDead,
				text(fmt.Sprintf("%s: “%s”的条件“%s”对 %d %s都不成立", c.when(), u.Name, u.Text, u.Of, what.ZH), fmt.Sprintf("%s: the condition “%s” of %s holds for none of %d %s", c.when(), u.Text, u.Name, u.Of, what.EN)),
				text("核对字段的取值和界限", "compare the values of the field and the bounds")))
		case u.Holds == u.Of:
			out = append(out, c.at(law).report(CodeDead,
				text(fmt.Sprintf("%s: “%s”的条件“%s”对 %d %s都成立", c.when(), u.Name, u.Text, u.Of, what.ZH), fmt.Sprintf("%s: the condition “%s” of %s holds for all of %d %s", c.when(), u.Text, u.Name, u.Of, what.EN)),
				text("本意如此时可删去条件", "if that is meant the condition is not needed")))
		}
	}
	return out
}

// when names the periods.
func (c *dataCheck) when() string { return strings.Join(c.periods, ", ") }

// at is the line where a rule stands.
func (c *dataCheck) at(law engine.Law) place {
	for _, f := range c.edition.files {
		if f.name == law.File {
			return lineOf(f, law)
		}
	}
	return place{}
}

// lineOf is the whole line of a rule, without its indentation.
func lineOf(f *sourceFile, law engine.Law) place {
	line := []rune(f.lineText(law.Line))
	indent := 0
	for indent < len(line) && line[indent] == ' ' {
		indent++
	}
	return place{file: f, line: law.Line, column: indent + 1, width: len(line) - indent, cite: law.Cite}
}
