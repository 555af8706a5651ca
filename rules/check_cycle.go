package rules

import (
	"slices"

	"kaoping/engine"
)

// checkCycles reports formulas that use each other in a circle. A formula that
// looks at its own value in an earlier period is one too: it would look back
// without end.
func checkCycles(r *packReader) {
	c := &cycleFinder{reader: r, state: map[string]int{}}
	for _, e := range r.names.order {
		c.visit(e.symbol.ID)
	}
}

type cycleFinder struct {
	reader *packReader
	state  map[string]int // 1 being visited, 2 done
	path   []string
	found  int // circles
}

func (c *cycleFinder) visit(id string) {
	switch c.state[id] {
	case 2:
		return
	case 1:
		if c.found++; c.found <= maxListed {
			c.report(c.path[slices.Index(c.path, id):])
		}
		return
	}
	c.state[id] = 1
	c.path = append(c.path, id)
	if e := c.reader.formulaOf(id); e != nil {
		for _, ref := range e.Refs() {
			c.visit(ref.ID)
		}
	}
	c.path = c.path[:len(c.path)-1]
	c.state[id] = 2
}

// report prints the circle, beginning with the name that is declared first.
func (c *cycleFinder) report(circle []string) {
	circle = slices.Clone(circle)
	first := slices.IndexFunc(c.reader.names.order, func(e *entry) bool { return slices.Contains(circle, e.symbol.ID) })
	start := c.reader.names.order[first]
	for circle[0] != start.symbol.ID {
		circle = append(circle[1:], circle[0])
	}
	var names []string
	for _, id := range append(circle, circle[0]) {
		names = append(names, c.reader.names.find(id).symbol.Name)
	}
	list := enumerated(names, " → ")
	c.reader.add(start.key.report(CodeCycle, text("公式互相引用成环: "+list.ZH, "formulas use each other in a circle: "+list.EN),
		engine.Text{ZH: "改写其中一个公式", EN: "rewrite one of the formulas"}))
}
