package formula

import (
	"fmt"

	"kaoping/engine/exact"
)

// blockRows is how many rows are computed at a time.
const blockRows = 1024

// view is a block of rows: the fractions num/den, or flags for a yes or no.
type view struct {
	num    []int64
	den    []int64  // nil: den0 in every row; never zero or negative
	den0   int64    // positive
	mag    int64    // no |num| is larger
	denMag int64    // no den is larger
	status []Status // nil: all OK
	flags  []bool
}

// vector is a register: a view with the memory behind it.
type vector struct {
	view
	nums, dens [blockRows]int64
	states     [blockRows]Status
	bools      [blockRows]bool
}

// runner executes a plan.
type runner struct {
	plan    *plan
	in      Input
	columns []*Column // inputs
	regs    []*vector
	out     []*Column
}

// run computes all definitions of the plan into results.
func (p *plan) run(in Input, results map[string]*Column) error {
	r := &runner{plan: p, in: in}
	fast := true
	for _, ref := range p.inputs {
		c, err := (&machine{in: in}).input(ref)
		if err != nil {
			return err
		}
		f, ok := c.fixed()
		if !ok {
			f, fast = c, false
		}
		r.columns = append(r.columns, f)
	}
	if !fast || !r.prepare() {
		r.out = nil
		if err := r.slowly(0, in.Rows, func(d, i int, v Value) { r.out[d].lanes[i] = v }); err != nil {
			return err
		}
	} else if err := r.blocks(); err != nil {
		return err
	}
	for d, definition := range p.definitions {
		results[definition.ID] = r.out[d]
	}
	return nil
}

// prepare makes registers and outputs. It computes an empty block to learn the
// form of each output. It reports false if a constant does not fit.
func (r *runner) prepare() bool {
	r.regs = make([]*vector, r.plan.registers)
	for i := range r.regs {
		r.regs[i] = &vector{}
	}
	for i, x := range r.plan.constants {
		if !r.regs[len(r.plan.inputs)+i].fill(x) {
			return false
		}
	}
	r.out = make([]*Column, len(r.plan.definitions))
	for d := range r.out {
		r.out[d] = &Column{rows: r.in.Rows, num: make([]int64, r.in.Rows)}
	}
	r.load(0, 0)
	return r.execute(0, 0)
}

// fill makes a constant register.
func (v *vector) fill(x exact.Num) bool {
	n, d, ok := x.Small()
	if !ok || n == minInt64 {
		return false
	}
	v.num, v.den0, v.denMag, v.mag = v.nums[:], d, d, abs64(n)
	for i := range v.num {
		v.num[i] = n
	}
	return true
}

func (r *runner) blocks() error {
	for from := 0; from < r.in.Rows; from += blockRows {
		to := min(from+blockRows, r.in.Rows)
		if r.load(from, to) && r.execute(from, to) {
			continue
		}
		if err := r.slowly(from, to, func(d, i int, v Value) { r.out[d].put(i, v) }); err != nil {
			return err
		}
	}
	return nil
}

// load points the input registers at a block and finds its bounds.
func (r *runner) load(from, to int) bool {
	for i, c := range r.columns {
		v := r.regs[i]
		v.num, v.den, v.den0, v.denMag, v.status = c.num[from:to], nil, c.den0, c.den0, nil
		if c.den != nil {
			v.den = c.den[from:to]
			v.denMag = largest(v.den)
		}
		if c.status != nil {
			v.status = anyStatus(c.status[from:to])
		}
		v.mag = largest(v.num)
		if v.mag < 0 {
			return false
		}
	}
	return true
}

// anyStatus returns nil for a block in which all is well.
func anyStatus(s []Status) []Status {
	for _, x := range s {
		if x != OK {
			return s
		}
	}
	return nil
}

// execute computes a block and stores the outputs. It reports false if bounds
// could not prove that nothing overflows; outputs stored so far are overwritten.
func (r *runner) execute(from, to int) bool {
	var args [8]*view
	for k := range r.plan.code {
		i := &r.plan.code[k]
		if len(i.args) > len(args) {
			return false
		}
		for j, a := range i.args {
			args[j] = &r.regs[a].view
		}
		dst := r.regs[i.dst]
		dst.reset(to - from)
		if !dst.compute(i.node, args[:len(i.args)]) {
			return false
		}
		for _, d := range i.output {
			r.out[d].store(from, to, &dst.view)
		}
	}
	r.pass(from, to)
	return true
}

// pass stores outputs that are an input or a constant as it stands.
func (r *runner) pass(from, to int) {
	for d, reg := range r.plan.outputs {
		if reg < len(r.plan.inputs)+len(r.plan.constants) {
			v := r.regs[reg].view
			v.num = v.num[:to-from]
			r.out[d].store(from, to, &v)
		}
	}
}

func (v *vector) reset(n int) {
	v.num, v.den, v.den0, v.denMag, v.status, v.flags = v.nums[:n], nil, 1, 1, nil, v.bools[:n]
}

// store copies a block to an output column.
func (c *Column) store(from, to int, v *view) {
	copy(c.num[from:to], v.num)
	c.den0 = v.den0
	if v.den != nil {
		if c.den == nil {
			c.den = make([]int64, c.rows)
		}
		copy(c.den[from:to], v.den)
	}
	if v.status == nil && c.status == nil {
		return
	}
	for i := from; i < to; i++ {
		s := OK
		if v.status != nil {
			s = v.status[i-from]
		}
		if s != OK || c.status != nil {
			c.setStatus(i, s)
		}
	}
}

// put stores a value that was computed in exact.Num.
func (c *Column) put(row int, v Value) {
	if v.Status != OK {
		c.setStatus(row, v.Status)
		if c.den != nil {
			c.den[row] = 1
		}
		return
	}
	if c.status != nil {
		c.status[row] = OK
	}
	n, d, ok := v.Num.Small()
	switch {
	case ok && c.den != nil:
		c.num[row], c.den[row] = n, d
		return
	case ok && c.den0%d == 0:
		if c.num[row], ok = mulSmall(n, c.den0/d); ok {
			return
		}
	}
	if c.odd == nil {
		c.odd = map[int32]Value{}
	}
	c.odd[int32(row)] = v
}

// slowly computes rows in exact.Num, definition after definition.
func (r *runner) slowly(from, to int, put func(definition, row int, v Value)) error {
	if r.out == nil {
		r.out = make([]*Column, len(r.plan.definitions))
	}
	known := map[Ref]*Column{}
	for i, ref := range r.plan.inputs {
		known[ref] = r.columns[i].cut(from, to)
	}
	for d, definition := range r.plan.definitions {
		if r.out[d] == nil {
			r.out[d] = &Column{rows: r.in.Rows, lanes: make([]Value, r.in.Rows)}
		}
		m := &machine{in: Input{Rows: to - from, Column: func(ref Ref) (*Column, error) {
			if c, ok := known[ref]; ok {
				return c, nil
			}
			return nil, fmt.Errorf("%s is not loaded", ref.ID)
		}}, done: map[*node]*Column{}}
		c, err := m.column(definition.Expr.root)
		if err != nil {
			return fmt.Errorf("evaluate %s: %w", definition.ID, err)
		}
		known[Ref{ID: definition.ID}] = c
		for i := range to - from {
			put(d, from+i, c.At(i))
		}
	}
	return nil
}

// cut copies some rows to a column of values.
func (c *Column) cut(from, to int) *Column {
	lanes := make([]Value, to-from)
	for i := range lanes {
		lanes[i] = c.At(from + i)
	}
	return NewColumn(lanes)
}
