package formula

import (
	"fmt"
)

// Definition names an expression of a program.
type Definition struct {
	ID   string
	Expr *Expr
}

// Program is a list of definitions compiled to be run together: what they share
// is computed once, block by block, without leaving the cache.
//
// A block of rows is computed in machine integers as long as bounds prove that
// nothing can overflow; a block that cannot be proved is computed in exact.Num.
// Nobody can tell from the result which way it took.
type Program struct {
	stages []stage
}

// stage is a run of definitions without group functions, or one definition with
// them, which needs whole columns.
type stage struct {
	definitions []Definition
	plan        *plan // nil: evaluated over whole columns
}

// Compile compiles definitions. A later definition may use an earlier one by
// Ref{ID: its ID}.
func Compile(definitions []Definition) (*Program, error) {
	p := &Program{}
	seen := map[string]bool{}
	for _, d := range definitions {
		if seen[d.ID] {
			return nil, fmt.Errorf("compile: %s is defined twice", d.ID)
		}
		seen[d.ID] = true
		last := len(p.stages) - 1
		switch {
		case !d.Expr.blockwise():
			p.stages = append(p.stages, stage{definitions: []Definition{d}})
		case last >= 0 && p.stages[last].definitions[0].Expr.blockwise():
			p.stages[last].definitions = append(p.stages[last].definitions, d)
		default:
			p.stages = append(p.stages, stage{definitions: []Definition{d}})
		}
	}
	for i := range p.stages {
		p.stages[i].compile()
	}
	return p, nil
}

func (s *stage) compile() {
	if s.definitions[0].Expr.blockwise() {
		s.plan = newPlan(s.definitions)
	}
}

// stage compiles an expression that stands alone, once.
func (e *Expr) stage() *stage {
	e.once.Do(func() {
		e.alone.definitions = []Definition{{Expr: e}}
		e.alone.compile()
	})
	return &e.alone
}

func (e *Expr) blockwise() bool { return e.root.kind == Number && blockwise(e.root) }

// blockwise reports whether a row of the result depends on that row alone, and
// is made of numbers.
func blockwise(n *node) bool {
	switch n.op {
	case opNull, opIn:
		return false
	case opEqual, opNotEqual, opLess, opLessEqual:
		if n.args[0].kind != Number {
			return false
		}
	case opConst, opRef:
		return n.kind == Number
	case opIf:
		if n.kind != Number {
			return false
		}
	}
	if n.op.isGroup() || n.op >= opDays {
		return false
	}
	for _, a := range n.args {
		if !blockwise(a) {
			return false
		}
	}
	return true
}

// Run computes all definitions.
func (p *Program) Run(in Input) (map[string]*Column, error) {
	results := map[string]*Column{}
	outer := in.Column
	in.Column = func(r Ref) (*Column, error) {
		if c, ok := results[r.ID]; ok && r.Shift == Now {
			return c, nil
		}
		return outer(r)
	}
	for i := range p.stages {
		if err := p.stages[i].run(in, results); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (s *stage) run(in Input, results map[string]*Column) error {
	if s.plan != nil {
		return s.plan.run(in, results)
	}
	d := s.definitions[0]
	m := &machine{in: in, done: map[*node]*Column{}}
	c, err := m.column(d.Expr.root)
	if err != nil {
		return fmt.Errorf("evaluate %s: %w", d.ID, err)
	}
	results[d.ID] = c
	return nil
}
