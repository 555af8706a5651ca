package engine

import (
	"fmt"

	"kaoping/engine/formula"
)

// CrossCheck is a condition that the delivered figures of a subject must meet:
// parts add up to a total, an opening stock is the last closing stock, a figure
// does not jump. It changes no points; where it does not hold there is a finding.
type CrossCheck struct {
	ID, Name    string
	AppliesWhen *formula.Expr // for which subjects and periods; nil means all
	Holds       *formula.Expr
	Refuse      bool // a load after which it no longer holds is refused; otherwise it is loaded with a warning
	Law
}

// CheckFigures applies only the cross-checks of a pack to the facts of a period. It
// fails as Evaluate does.
func CheckFigures(p *Pack, period Period, f *Facts) ([]Finding, error) {
	if err := admit(p, period); err != nil {
		return nil, err
	}
	e, r, err := begin(p, period, f)
	if err != nil {
		return nil, fmt.Errorf("cross-checks of %s for %s: %w", p.Name, period, err)
	}
	found := &finder{Evaluation: e, subjects: r.subjects}
	err = found.crossChecks()
	return found.out, err
}

// crossChecks compares the figures of every subject. A check that lacks a figure
// finds nothing: what is missing is said where it is used.
func (f *finder) crossChecks() error {
	for i := range f.pack.CrossChecks {
		if err := f.sorted(func() error { return f.crossCheck(&f.pack.CrossChecks[i]) }); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) crossCheck(c *CrossCheck) error {
	holds, err := f.table.eval(c.Holds, f.period)
	if err != nil {
		return err
	}
	var applies *formula.Column
	if c.AppliesWhen != nil {
		if applies, err = f.table.eval(c.AppliesWhen, f.period); err != nil {
			return err
		}
	}
	for row := range f.table.members {
		if !saysNo(holds, row) || applies != nil && !saysYes(applies, row) {
			continue
		}
		finding, err := f.contradiction(c, row)
		if err != nil {
			return err
		}
		f.out = append(f.out, finding)
	}
	return nil
}

func saysNo(c *formula.Column, row int) bool {
	v := c.At(row)
	return v.Status == formula.OK && !v.Null && !v.Bool
}

func saysYes(c *formula.Column, row int) bool {
	v := c.At(row)
	return v.Status == formula.OK && !v.Null && v.Bool
}

// contradiction says which figures do not fit and where each came from.
func (f *finder) contradiction(c *CrossCheck, row int) (Finding, error) {
	x := &explainer{Evaluation: f.Evaluation, row: row, out: &Explanation{}}
	if err := x.figures(c.Holds, f.period, map[columnKey]bool{}); err != nil {
		return Finding{}, err
	}
	var steps []Text
	for i := range x.out.Figures {
		steps = append(steps, wordFigureWithOrigin(&x.out.Figures[i]))
	}
	return Finding{
		Kind: CrossCheckFinding, Rule: c.ID, Name: c.Name, Subject: f.table.members[row].Code, Refuse: c.Refuse,
		Cite: c.Cite, Reason: reasonCrossCheck(c, x.out.Figures), Steps: steps,
	}, nil
}
