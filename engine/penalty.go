package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// imposed is one measure of a line that fits a case.
type imposed struct {
	line    *PenaltyCase
	measure *Measure
	amount  *exact.Num // for the case, multiplicity included; nil if there is none
	sum     string     // how it came out; empty if it is a plain number
	gap     Text       // why there is no amount; zero if there is or none is asked for
}

// penalty applies a table of penalties to the cases of the period.
func (f *finder) penalty(p *Penalty) error {
	set := f.table.caseSet(p.Register, f.period)
	rows, err := f.lookAt(PenaltyFinding, p.ID, p.Name, p.Law, set, p.Where)
	if err != nil {
		return err
	}
	for _, row := range rows {
		lines, gap, err := p.fitting(set, row)
		if err != nil {
			return err
		}
		if !gap.IsZero() {
			f.unknown(PenaltyFinding, p.ID, p.Name, p.Law, set.records[row], gap)
			continue
		}
		measures, err := p.measures(set, lines, row)
		if err != nil {
			return err
		}
		if err := f.impose(p, set, p.several(measures), row); err != nil {
			return err
		}
	}
	return nil
}

// fitting returns the lines that fit a case. One that cannot be told makes the
// whole case uncertain, except behind the line that ends the search.
func (p *Penalty) fitting(set *caseSet, row int) ([]*PenaltyCase, Text, error) {
	var out []*PenaltyCase
	for i := range p.Cases {
		line := &p.Cases[i]
		fits := true
		if line.When != nil {
			column, err := set.eval(line.When)
			if err != nil {
				return nil, Text{}, err
			}
			v := column.At(row)
			if v.Status != formula.OK || v.Null {
				return nil, set.recordGap(line.When, row), nil
			}
			fits = v.Bool
		}
		if fits {
			out = append(out, line)
		}
		if fits && p.Several == FirstLine {
			break
		}
	}
	return out, Text{}, nil
}

func (p *Penalty) measures(set *caseSet, lines []*PenaltyCase, row int) ([]imposed, error) {
	var out []imposed
	for _, line := range lines {
		for i := range line.Measures {
			one := imposed{line: line, measure: &line.Measures[i]}
			if err := one.price(set, row); err != nil {
				return nil, err
			}
			out = append(out, one)
		}
	}
	return out, nil
}

// price works out the amount. An amount below zero is a mistake in the data, never
// a reward.
func (m *imposed) price(set *caseSet, row int) error {
	e := m.measure.Yuan
	if e == nil {
		return nil
	}
	column, err := set.eval(e)
	if err != nil {
		return err
	}
	v, r := column.At(row), set.records[row]
	if v.Status != formula.OK || v.Null {
		m.gap = set.recordGap(e, row)
		return nil
	}
	if v.Num.Sign() < 0 {
		m.gap = Text{
			fmt.Sprintf("%s的金额小于零:%s 元", recordName(r).ZH, v.Num.Shortest(4)),
			fmt.Sprintf("the amount of %s is below zero: %s yuan", recordName(r).EN, v.Num.Shortest(4)),
		}
		return nil
	}
	total := v.Num.Mul(exact.Int(int64(r.times())))
	m.amount = &total
	if len(e.Refs()) > 0 {
		filled, err := set.filled(e, row)
		if err != nil {
			return err
		}
		m.sum = filled.ZH
	}
	if n := r.times(); n > 1 {
		m.sum = strings.TrimSpace(fmt.Sprintf("%s %s 元 × %d", m.sum, v.Num.Shortest(4), n))
	}
	return nil
}

// several keeps what the rule for several lines lets stand. Under "highest" the
// amounts for one relation are compared; one that cannot be worked out stands
// beside the others, since it might be the highest.
func (p *Penalty) several(all []imposed) []imposed {
	if p.Several != Highest {
		return all
	}
	var out []imposed
	for i, m := range all {
		beaten := false
		for j, other := range all {
			if i == j || other.measure.Who.Text != m.measure.Who.Text {
				continue
			}
			beaten = beaten || m.beatenBy(other, j < i)
		}
		if !beaten {
			out = append(out, m)
		}
	}
	return out
}

// beatenBy reports whether another measure for the same relation leaves no room
// for this one; of equals the earlier stands.
func (m *imposed) beatenBy(other imposed, earlier bool) bool {
	switch {
	case m.amount == nil && other.amount == nil:
		return earlier && m.gap.IsZero() && other.gap.IsZero() && m.measure.What == other.measure.What
	case m.amount == nil || other.amount == nil || m.measure.What != other.measure.What:
		return false
	}
	c := other.amount.Cmp(*m.amount)
	return c > 0 || c == 0 && earlier
}

// impose makes the findings of a case. An amount of nothing is no penalty.
func (f *finder) impose(p *Penalty, set *caseSet, measures []imposed, row int) error {
	people, err := f.people()
	if err != nil {
		return err
	}
	for _, m := range measures {
		if m.amount != nil && m.amount.IsZero() && m.measure.What == "" {
			continue
		}
		who, err := people.find(m.measure.Who, set, row)
		if err != nil {
			return err
		}
		f.out = append(f.out, p.finding(set.records[row], m, who, people))
	}
	return nil
}

func (p *Penalty) finding(r *Record, m imposed, who target, people *staff) Finding {
	law := m.line.Law
	if law.Cite == "" {
		law = p.Law
	}
	out := Finding{
		Kind: PenaltyFinding, Rule: p.ID, Name: p.Name, Subject: r.Subject, Register: r.Register, Records: keysOf([]*Record{r}),
		Relation: m.measure.Who.Text, Measure: m.measure.What, Amount: m.amount, Cite: law.Cite, Steps: who.path,
	}
	if m.sum != "" {
		out.Steps = append(out.Steps, Text{m.sum + " = " + m.amount.Shortest(4) + " 元", m.sum + " = " + m.amount.Shortest(4) + " yuan"})
	}
	whom := Text{m.measure.Who.Text, m.measure.Who.Text}
	if who.found {
		out.Person, out.Named, out.Unit = people.word(who.row, people.rules.Code), people.word(who.row, people.rules.Name), people.unit(who.row)
		whom = Text{whom.ZH + " " + people.name(who.row), whom.EN + " " + people.name(who.row)}
	}
	why := Text{recordName(r).ZH, recordName(r).EN}
	if m.line.WhenText != "" {
		why = Text{why.ZH + "," + m.line.WhenText, why.EN + ", " + m.line.WhenText}
	}
	what := m.what()
	out.Reason = Text{fmt.Sprintf("%s:%s%s", why.ZH, whom.ZH, what.ZH), fmt.Sprintf("%s: %s%s", why.EN, whom.EN, what.EN)}
	for _, gap := range []Text{who.gap, m.gap} {
		if !gap.IsZero() {
			out.State = Unknown
			out.Reason = joinTexts([]Text{out.Reason, gap})
		}
	}
	return out
}

// what says what happens to the person.
func (m *imposed) what() Text {
	out := Text{}
	if m.amount != nil {
		out = Text{fmt.Sprintf(",罚款 %s 元", m.amount.Shortest(4)), fmt.Sprintf(", fined %s yuan", m.amount.Shortest(4))}
	}
	if m.measure.What != "" {
		out = Text{out.ZH + "," + m.measure.What, out.EN + ", " + m.measure.What}
	}
	return out
}
