package lineage

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// Kind says what a node is.
type Kind string

// The kinds, from what is published to what is delivered.
const (
	Rating    Kind = "rating"
	Rank      Kind = "rank"
	Total     Kind = "total"
	Section   Kind = "section"
	Group     Kind = "group"
	Indicator Kind = "indicator"
	Deduction Kind = "deduction"
	Addition  Kind = "addition"
	Metric    Kind = "metric"
	Benchmark Kind = "benchmark"
	Parameter Kind = "parameter"
	Attribute Kind = "attribute"
	Statistic Kind = "statistic"
	Judgement Kind = "judgement" // the answers of reviewers to a checklist
	Scorecard Kind = "scorecard" // of another scheme
	Field     Kind = "field"     // of a register
	Register  Kind = "register"
	Column    Kind = "column" // of a delivered table
	BuiltIn   Kind = "built-in"
)

// Node is one thing that a pack names.
type Node struct {
	Kind Kind
	ID   string // unique among its kind; of a field: register.field
	Name string
	engine.Law
	Uses   []int // places in Graph.Nodes that it is made from, in the order of the rule
	UsedBy []int // places of what is made from it
}

// Key names a node in addresses.
func (n *Node) Key() string { return string(n.Kind) + ":" + n.ID }

// Graph is the lineage of one edition. It has no circles: check refuses packs that
// do.
type Graph struct {
	Nodes []Node // in the order of Kinds, then of the pack

	pack *engine.Pack
	at   map[string]int
}

// Find returns the place of a node by its key, -1 if there is none.
func (g *Graph) Find(key string) int {
	if i, ok := g.at[key]; ok {
		return i
	}
	return -1
}

// Of reads the lineage of a pack.
func Of(p *engine.Pack) *Graph {
	g := &Graph{pack: p, at: map[string]int{}}
	g.declare()
	g.connect()
	for i := range g.Nodes {
		for _, used := range g.Nodes[i].Uses {
			g.Nodes[used].UsedBy = append(g.Nodes[used].UsedBy, i)
		}
	}
	return g
}

// add makes a node unless it is there.
func (g *Graph) add(kind Kind, id, name string, law engine.Law) int {
	n := Node{Kind: kind, ID: id, Name: name, Law: law}
	if i, ok := g.at[n.Key()]; ok {
		return i
	}
	g.at[n.Key()] = len(g.Nodes)
	g.Nodes = append(g.Nodes, n)
	return len(g.Nodes) - 1
}

// declare lists everything that has a name.
func (g *Graph) declare() {
	p := g.pack
	if p.Ratings != nil {
		g.add(Rating, "rating", "等级", p.Ratings.Law)
	}
	g.add(Rank, "rank", "名次", p.Ranking.Law)
	if p.Total != nil {
		g.add(Total, "total", "总分", p.Total.Law)
	}
	for _, it := range p.AllItems() {
		g.add(kindOfItem(it), it.ID, it.Name, it.Law)
	}
	for i := range p.Metrics {
		g.add(Metric, p.Metrics[i].ID, p.Metrics[i].Name, p.Metrics[i].Law)
	}
	for i := range p.Benchmarks {
		g.add(Benchmark, p.Benchmarks[i].ID, p.Benchmarks[i].Name, p.Benchmarks[i].Law)
	}
	for i := range p.Parameters {
		g.add(Parameter, p.Parameters[i].ID, p.Parameters[i].Name, p.Parameters[i].Law)
	}
	for i := range p.Attributes {
		g.add(Attribute, p.Attributes[i].ID, p.Attributes[i].Name, p.Attributes[i].Law)
	}
	for i := range p.Statistics {
		g.add(Statistic, p.Statistics[i].ID, p.Statistics[i].Name, p.Statistics[i].Law)
	}
	for _, r := range p.Registers {
		for _, f := range r.Fields {
			g.add(Field, r.ID+"."+f.ID, r.Name+"."+f.Name, r.Law)
		}
	}
	for i := range p.Registers {
		g.add(Register, p.Registers[i].ID, p.Registers[i].Name, p.Registers[i].Law)
	}
	for _, f := range p.Feeds {
		for _, c := range f.Columns {
			g.add(Column, f.ID+"."+c.Heading, f.Name+"."+c.Heading, f.Law)
		}
	}
}

func kindOfItem(it *engine.Item) Kind {
	switch it.Kind {
	case engine.SectionItem:
		return Section
	case engine.GroupItem:
		return Group
	case engine.DeductionItem:
		if it.Adds {
			return Addition
		}
		return Deduction
	}
	return Indicator
}

// connect says of every node what it is made from.
func (g *Graph) connect() {
	p := g.pack
	if p.Ratings != nil {
		g.rating()
	}
	rank := g.Find("rank:rank")
	for _, key := range append([]engine.RankKey{p.Ranking.By}, p.Ranking.Then...) {
		g.use(rank, g.named(key.ID))
	}
	if p.Total != nil {
		for _, s := range p.Sections {
			g.use(g.Find("total:total"), g.item(s))
		}
	}
	for _, it := range p.AllItems() {
		g.ofItem(it)
	}
	for i := range p.Metrics {
		g.formula(g.named(p.Metrics[i].ID), p.Metrics[i].Formula, "")
	}
	for i := range p.Benchmarks {
		at := g.Find("benchmark:" + p.Benchmarks[i].ID)
		g.formula(at, p.Benchmarks[i].Formula, "")
		g.formula(at, p.Benchmarks[i].Among, "")
	}
	for i := range p.Attributes {
		g.formula(g.Find("attribute:"+p.Attributes[i].ID), p.Attributes[i].Formula, "")
	}
	for i := range p.Statistics {
		g.ofStatistic(&p.Statistics[i])
	}
	for i := range p.Registers {
		g.ofRegister(&p.Registers[i])
	}
}

func (g *Graph) rating() {
	r, at := g.pack.Ratings, g.Find("rating:rating")
	by := r.By
	if len(by) > 7 && by[:7] == "points " {
		by = by[7:]
	}
	g.use(at, g.named(by))
	for _, steps := range [][]engine.RatingStep{r.Unless, r.Then} {
		for i := range steps {
			g.formula(at, steps[i].When, "")
			if steps[i].Register != "" {
				g.use(at, g.Find("register:"+steps[i].Register))
			}
		}
	}
}

// use notes once that one node is made from another.
func (g *Graph) use(at, of int) {
	if at < 0 || of < 0 || at == of || slices.Contains(g.Nodes[at].Uses, of) {
		return
	}
	g.Nodes[at].Uses = append(g.Nodes[at].Uses, of)
}

func (g *Graph) item(it *engine.Item) int { return g.Find(string(kindOfItem(it)) + ":" + it.ID) }

// namespaces are where a name of a formula may be declared, the nearest first.
var namespaces = []Kind{Total, Metric, Statistic, Benchmark, Parameter, Attribute, Section, Group, Indicator, Deduction, Addition}

// named finds what an id of a formula stands for. What the pack does not declare
// the language gives.
func (g *Graph) named(id string) int {
	for _, kind := range namespaces {
		if i := g.Find(string(kind) + ":" + id); i >= 0 {
			return i
		}
	}
	return -1
}

// builtIn says what the names mean that packs use without declaring them.
var builtIn = map[string]string{
	"full_accounting_years": "完整会计年度数", "subject_type": "机构类型", "opened": "开业日期",
	"period_first_day": "期初日", "period_last_day": "期末日", "rating": "等级", "rank": "名次",
}

// formula notes what an expression names. Inside a register its fields come first.
func (g *Graph) formula(at int, e *formula.Expr, register string) {
	if e == nil || at < 0 {
		return
	}
	for _, r := range e.Refs() {
		of := -1
		if register != "" {
			of = g.Find("field:" + register + "." + r.ID)
		}
		if of < 0 {
			of = g.named(r.ID)
		}
		if of < 0 && builtIn[r.ID] != "" {
			of = g.add(BuiltIn, r.ID, builtIn[r.ID], engine.Law{})
		}
		g.use(at, of)
	}
}

// ofItem says what a line of the scorecard is made from.
func (g *Graph) ofItem(it *engine.Item) {
	at := g.item(it)
	for _, child := range it.Children {
		g.use(at, g.item(child))
	}
	if it.Metric != "" {
		g.use(at, g.named(it.Metric))
	}
	g.scale(at, it.Scale)
	if c := it.Cases; c != nil {
		g.fields(at, c.Register, c.ClassifiedBy)
		g.formula(at, c.Where, c.Register)
		for i := range c.Lines {
			g.formula(at, c.Lines[i].When, c.Register)
			g.formula(at, c.Lines[i].Formula, c.Register)
		}
		g.use(at, g.Find("register:"+c.Register))
	}
	if it.Checklist != nil {
		g.use(at, g.add(Judgement, it.ID, it.Name, it.Checklist.Law))
	}
	g.formula(at, it.When, "")
	g.formula(at, it.Weight, "")
	for _, policy := range []engine.Policy{it.IfMissing, it.IfZeroDenominator, it.IfNoPrevious} {
		for _, c := range policy.Cases {
			g.formula(at, c.When, "")
		}
	}
}

// scale notes the benchmarks and names of a scale.
func (g *Graph) scale(at int, s *engine.Scale) {
	if s == nil {
		return
	}
	bound := func(b *engine.Bound) {
		if b != nil && b.Benchmark != "" {
			g.use(at, g.Find("benchmark:"+b.Benchmark))
		}
	}
	if s.CompareWith != "" {
		g.use(at, g.Find("benchmark:"+s.CompareWith))
	}
	bound(s.FullAt)
	bound(s.NoneAt)
	for i := range s.Bands {
		bound(s.Bands[i].From)
		bound(s.Bands[i].To)
	}
	for i := range s.Anchors {
		bound(&s.Anchors[i].At)
	}
	g.formula(at, s.Formula, "")
	if s.Table != nil {
		g.use(at, g.named(s.Table.Rows.Of))
		if s.Table.Columns != nil {
			g.use(at, g.named(s.Table.Columns.Of))
		}
	}
	for _, a := range s.Alternatives {
		g.scale(at, a)
	}
}

// ofStatistic says what delivers a figure.
func (g *Graph) ofStatistic(s *engine.Statistic) {
	at := g.Find("statistic:" + s.ID)
	if s.Register != "" {
		g.fields(at, s.Register, s.Sum, s.Distinct, s.Last)
		g.formula(at, s.Where, s.Register)
		g.use(at, g.Find("register:"+s.Register))
	}
	if c := s.Scorecard; c != nil {
		id := c.Pack
		if c.Item != "" {
			id += "/" + c.Item
		}
		g.use(at, g.add(Scorecard, id, id, s.Law))
	}
	for _, f := range g.pack.Feeds {
		for _, c := range f.Columns {
			if c.Statistic == s.ID {
				g.use(at, g.Find("column:"+f.ID+"."+c.Heading))
			}
		}
	}
}

func (g *Graph) fields(at int, register string, ids ...string) {
	for _, id := range ids {
		if id != "" {
			g.use(at, g.Find("field:"+register+"."+id))
		}
	}
}

// ofRegister says which fields are delivered and which are worked out.
func (g *Graph) ofRegister(r *engine.Register) {
	whole := g.Find("register:" + r.ID)
	for _, f := range r.Fields {
		at := g.Find("field:" + r.ID + "." + f.ID)
		if f.Formula == nil && f.Number == nil {
			g.use(at, whole)
			continue
		}
		g.formula(at, f.Formula, r.ID)
		if f.Number != nil {
			g.fields(at, r.ID, append(slices.Clone(f.Number.Same), f.Number.By)...)
			g.use(at, whole)
		}
	}
}

// Step is a node on a way through the graph.
type Step struct {
	Node  int
	Depth int  // 0 for where the way begins
	Seen  bool // it was unfolded further up: what is below it stands there
}

// Down walks from a node to everything that it is made from, depth first.
func (g *Graph) Down(at int) []Step {
	return g.walk(at, func(n *Node) []int { return n.Uses })
}

// Up walks from a node to everything that is made from it.
func (g *Graph) Up(at int) []Step { return g.walk(at, func(n *Node) []int { return n.UsedBy }) }

func (g *Graph) walk(at int, next func(*Node) []int) []Step {
	var out []Step
	seen := map[int]bool{}
	var visit func(i, depth int)
	visit = func(i, depth int) {
		again := seen[i] && len(next(&g.Nodes[i])) > 0
		out = append(out, Step{i, depth, again})
		if seen[i] {
			return
		}
		seen[i] = true
		for _, j := range next(&g.Nodes[i]) {
			visit(j, depth+1)
		}
	}
	visit(at, 0)
	return out
}
