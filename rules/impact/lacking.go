package impact

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// Lack is something the draft computes with and of which the facts have nothing
// at all: no figure of a statistic, no day of a register, no answer of a reviewer.
// A single subject without a figure is no lack; its line says so.
type Lack struct {
	Kind string      `json:"kind"` // statistic, register, judgement, attribute
	ID   string      `json:"id"`
	Name string      `json:"name"`
	Noun engine.Text `json:"noun"`
}

// lacking lists what a pack needs in a period and nobody delivered.
func lacking(p *engine.Pack, period engine.Period, f *engine.Facts) []Lack {
	w := &needs{pack: p, period: period, facts: f, seen: map[string]bool{}}
	for _, it := range p.AllItems() {
		w.item(it)
	}
	w.name(p.Ranking.By.ID)
	for _, k := range p.Ranking.Then {
		w.name(k.ID)
	}
	w.formula(p.Assessed.Require)
	if p.Ratings != nil {
		w.name(p.Ratings.By)
		for _, s := range slices.Concat(p.Ratings.Unless, p.Ratings.Then) {
			w.formula(s.When)
		}
	}
	for _, c := range p.Consequences {
		w.formula(c.When)
	}
	return w.out
}

// needs follows what is computed to what must be delivered.
type needs struct {
	pack   *engine.Pack
	period engine.Period
	facts  *engine.Facts
	seen   map[string]bool
	out    []Lack
}

func (w *needs) item(it *engine.Item) {
	w.formula(it.When)
	w.formula(it.Weight)
	w.name(it.Metric)
	w.scale(it.Scale)
	if it.Cases != nil {
		w.register(it.Cases.Register)
	}
	if it.Checklist != nil && !slices.ContainsFunc(w.facts.Judgements, func(j engine.Judgement) bool { return j.Indicator == it.ID && j.Period == w.period }) {
		w.lack("judgement", it.ID, it.Name, engine.Text{ZH: "评审", EN: "judgement"})
	}
}

func (w *needs) scale(s *engine.Scale) {
	if s == nil {
		return
	}
	w.name(s.CompareWith)
	w.formula(s.Formula)
	for _, b := range []*engine.Bound{s.FullAt, s.NoneAt} {
		if b != nil {
			w.name(b.Benchmark)
		}
	}
	if s.Table != nil {
		w.name(s.Table.Rows.Of)
		if s.Table.Columns != nil {
			w.name(s.Table.Columns.Of)
		}
	}
	for _, a := range s.Alternatives {
		w.scale(a)
	}
}

func (w *needs) formula(e *formula.Expr) {
	if e == nil {
		return
	}
	for _, r := range e.Refs() {
		w.name(r.ID)
	}
}

// name follows a name that a formula uses.
func (w *needs) name(id string) {
	if id == "" || w.seen[id] {
		return
	}
	w.seen[id] = true
	for i := range w.pack.Metrics {
		if w.pack.Metrics[i].ID == id {
			w.formula(w.pack.Metrics[i].Formula)
		}
	}
	for i := range w.pack.Benchmarks {
		if b := &w.pack.Benchmarks[i]; b.ID == id {
			w.formula(b.Formula)
			w.formula(b.Among)
		}
	}
	for i := range w.pack.Attributes {
		if w.pack.Attributes[i].ID == id {
			w.attribute(&w.pack.Attributes[i])
		}
	}
	for i := range w.pack.Statistics {
		if w.pack.Statistics[i].ID == id {
			w.statistic(&w.pack.Statistics[i])
		}
	}
}

func (w *needs) statistic(s *engine.Statistic) {
	switch {
	case s.Scorecard != nil:
		if !slices.ContainsFunc(w.facts.Past, func(r *engine.Result) bool { return r.Pack == s.Scorecard.Pack }) {
			w.lack("scorecard", s.Scorecard.Pack, s.Scorecard.Pack, engine.Text{ZH: "评分卡", EN: "scorecards of"})
		}
	case w.delivered(s.ID):
	case s.Register != "":
		w.register(s.Register)
	default:
		w.lack("statistic", s.ID, s.Name, engine.Text{ZH: "统计数据", EN: "statistic"})
	}
}

func (w *needs) delivered(statistic string) bool {
	return slices.ContainsFunc(w.facts.Figures, func(f engine.Figure) bool { return f.Statistic == statistic && f.Period == w.period })
}

func (w *needs) attribute(a *engine.Attribute) {
	if a.Formula != nil {
		w.formula(a.Formula)
		return
	}
	if !slices.ContainsFunc(w.facts.Subjects, func(s engine.Subject) bool { _, ok := s.Attributes[a.ID]; return ok }) {
		w.lack("attribute", a.ID, a.Name, engine.Text{ZH: "机构属性", EN: "property of subjects"})
	}
}

// register wants a load that covers a day of the period.
func (w *needs) register(id string) {
	if w.seen["register "+id] {
		return
	}
	w.seen["register "+id] = true
	covered := func(c engine.Coverage) bool {
		return c.Register == id && c.First.Compare(w.period.Last) <= 0 && c.Last.Compare(w.period.First) >= 0
	}
	if slices.ContainsFunc(w.facts.Covered, covered) {
		return
	}
	for _, r := range w.pack.Registers {
		if r.ID == id {
			w.lack("register", id, r.Name, engine.Text{ZH: "登记", EN: "register"})
		}
	}
}

func (w *needs) lack(kind, id, name string, noun engine.Text) {
	w.out = append(w.out, Lack{kind, id, name, noun})
}
