package formula

import (
	"fmt"

	"kaoping/engine/exact"
)

// plan is a straight-line program over registers that each hold a block of rows.
type plan struct {
	definitions []Definition
	inputs      []Ref
	constants   []exact.Num
	code        []instruction
	outputs     []int // register of each definition, right after its instruction
	registers   int   // inputs first, then constants, then what is computed
}

// instruction computes one register from others.
type instruction struct {
	node   *node
	dst    int
	args   []int
	output []int // definitions whose value this is
}

// newPlan gives every distinct operation one instruction and reuses registers
// that are no longer needed, so that a block stays in the cache.
func newPlan(definitions []Definition) *plan {
	b := &planner{plan: &plan{definitions: definitions}, value: map[string]int{}, defined: map[string]int{}}
	for _, d := range definitions {
		v := b.add(d.Expr.root)
		b.defined[d.ID] = v
		b.results = append(b.results, v)
	}
	return b.finish()
}

// planner numbers values; registers come last.
type planner struct {
	plan    *plan
	value   map[string]int // by what computes it
	defined map[string]int // by definition
	nodes   []*node        // by value
	args    [][]int        // by value
	results []int          // value of each definition
}

// add returns the value that computes the node, a new one if there is none yet.
func (b *planner) add(n *node) int {
	if v, ok := b.defined[n.ref.ID]; ok && n.op == opRef && n.ref.Shift == Now {
		return v
	}
	args := make([]int, len(n.args))
	for i, a := range n.args {
		args[i] = b.add(a)
	}
	key := fmt.Sprintf("%d %v %s %s %v", n.op, n.ref, n.value.Num.String(), n.rounding(), args)
	if v, ok := b.value[key]; ok {
		return v
	}
	b.nodes, b.args = append(b.nodes, n), append(b.args, args)
	b.value[key] = len(b.nodes) - 1
	return len(b.nodes) - 1
}

// rounding tells apart two roundings of one value in different units.
func (n *node) rounding() string {
	if n.op != opRound && n.op != opTruncate {
		return ""
	}
	return n.unit.Scale().String()
}

func (b *planner) finish() *plan {
	p := b.plan
	register := make([]int, len(b.nodes))
	for v, n := range b.nodes {
		if n.op == opRef {
			register[v] = len(p.inputs)
			p.inputs = append(p.inputs, n.ref)
		}
	}
	for v, n := range b.nodes {
		if n.op == opConst {
			register[v] = len(p.inputs) + len(p.constants)
			p.constants = append(p.constants, n.value.Num)
		}
	}
	p.registers = len(p.inputs) + len(p.constants)
	b.allocate(register)
	for _, v := range b.results {
		p.outputs = append(p.outputs, register[v])
	}
	return p
}

// allocate writes the code; a register is free again after its last use.
func (b *planner) allocate(register []int) {
	p := b.plan
	last := b.lastUses()
	var free []int
	for v, n := range b.nodes {
		if n.op == opRef || n.op == opConst {
			continue
		}
		if len(free) == 0 {
			free = append(free, p.registers)
			p.registers++
		}
		register[v], free = free[len(free)-1], free[:len(free)-1]
		i := instruction{node: n, dst: register[v]}
		for _, a := range b.args[v] {
			i.args = append(i.args, register[a])
		}
		for d, r := range b.results {
			if r == v {
				i.output = append(i.output, d)
			}
		}
		p.code = append(p.code, i)
		for a := range b.nodes {
			if (last[a] == v || a == v && last[a] < 0) && b.nodes[a].op != opRef && b.nodes[a].op != opConst {
				free = append(free, register[a])
			}
		}
	}
}

// lastUses returns, for each value, the last value computed from it.
func (b *planner) lastUses() []int {
	last := make([]int, len(b.nodes))
	for v := range last {
		last[v] = -1
	}
	for v, args := range b.args {
		for _, a := range args {
			last[a] = v
		}
	}
	return last
}
