package impact

import (
	"slices"
	"strconv"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// lineKey names what brings points: a line of the scorecard, or what a sum was
// adjusted by.
type lineKey struct {
	item    string
	adjusts bool
}

// takeApart says which lines moved a subject's value and which cause moved each.
// What it returns adds up to the move exactly.
func takeApart(code string, path []step) ([]Item, error) {
	before, err := contributions(path[0].evaluation, code)
	if err != nil {
		return nil, err
	}
	items := newItems(before)
	last := before
	var waiting []int
	for _, s := range path[1:] {
		for i := range s.causes {
			waiting = append(waiting, s.first+i)
		}
		now, err := contributions(s.evaluation, code)
		if err != nil {
			return nil, err
		}
		if now == nil {
			continue // it has no value half way: what caused that counts with the next
		}
		items.moved(last, now, waiting)
		last, waiting = now, nil
	}
	return items.list(before, last), nil
}

// contributions lists what brings a subject's value; nil if it has none. A pack
// without points has one line: the figure it ranks.
func contributions(e *Evaluation, code string) ([]engine.Contribution, error) {
	if standing(e, code).Value == nil {
		return nil, nil
	}
	if e.Pack.Total != nil {
		return e.Contributions(code)
	}
	by := e.Pack.Ranking.By
	return []engine.Contribution{{Item: by.ID, Name: by.Name, Kind: engine.MetricItem, Points: *standing(e, code).Value}}, nil
}

// items collects the moves of lines.
type items struct {
	order   []lineKey
	named   map[lineKey]engine.Contribution
	because map[lineKey][]Share
}

func newItems(before []engine.Contribution) *items {
	x := &items{named: map[lineKey]engine.Contribution{}, because: map[lineKey][]Share{}}
	x.know(before)
	return x
}

func (x *items) know(list []engine.Contribution) {
	for _, c := range list {
		k := lineKey{c.Item, c.Adjusts}
		if _, ok := x.named[k]; !ok {
			x.order = append(x.order, k)
		}
		x.named[k] = c
	}
}

// moved notes what some causes did to each line.
func (x *items) moved(before, after []engine.Contribution, causes []int) {
	x.know(after)
	b, a := byLine(before), byLine(after)
	for _, k := range x.order {
		if move := a[k].Sub(b[k]); !move.IsZero() {
			x.because[k] = append(x.because[k], Share{slices.Clone(causes), move})
		}
	}
}

func byLine(list []engine.Contribution) map[lineKey]exact.Num {
	out := map[lineKey]exact.Num{}
	for _, c := range list {
		k := lineKey{c.Item, c.Adjusts}
		out[k] = out[k].Add(c.Points)
	}
	return out
}

// list returns the lines that some cause moved, also those that another moved
// back, in the order of the scorecard.
func (x *items) list(before, after []engine.Contribution) []Item {
	b, a := byLine(before), byLine(after)
	var out []Item
	for _, k := range x.order {
		if len(x.because[k]) == 0 {
			continue
		}
		c := x.named[k]
		out = append(out, Item{
			ID: c.Item, Name: c.Name, Kind: c.Kind, Adjusts: c.Adjusts,
			Before: b[k], After: a[k], Move: a[k].Sub(b[k]), Because: x.because[k],
		})
	}
	return out
}

// inputs adds what a line was computed from and is not the same under the draft:
// its value, the full points in force, benchmarks and figures.
func (x *Impact) inputs(s *Subject, it *Item) error {
	if it.Adjusts {
		return nil
	}
	before, err := behind(x.Results[0], s, it.ID)
	if err != nil {
		return err
	}
	after, err := behind(x.Results[1], s, it.ID)
	if err != nil {
		return err
	}
	for _, b := range before {
		a := shownOf(after, b.Name)
		if a != b.Before {
			it.Inputs = append(it.Inputs, Input{b.Name, b.Before, a})
		}
	}
	for _, a := range after {
		if shownOf(before, a.Name).IsZero() {
			it.Inputs = append(it.Inputs, Input{Name: a.Name, After: a.Before})
		}
	}
	return nil
}

// shownOf finds an input by its name; empty if it was not used.
func shownOf(list []Input, name engine.Text) engine.Text {
	for _, i := range list {
		if i.Name == name {
			return i.Before
		}
	}
	return engine.Text{}
}

func plain(s string) engine.Text { return engine.Text{ZH: s, EN: s} }

// behind lists what a line is computed from under one edition, each shown under
// Before.
func behind(e *Evaluation, s *Subject, item string) ([]Input, error) {
	card := cardOf(e, s.Code)
	if card == nil {
		return nil, nil
	}
	line, ok := card.Line(item)
	if !ok {
		return nil, nil
	}
	var out []Input
	put := func(name, shown engine.Text) { out = append(out, Input{Name: name, Before: shown}) }
	if line.Kind == engine.IndicatorItem {
		put(engine.Text{ZH: "满分", EN: "full points"}, plain(line.FullPoints.Shortest(4)))
	}
	if line.Kind.OfCases() {
		put(engine.Text{ZH: "件数", EN: "cases"}, plain(strconv.Itoa(line.Cases)))
	}
	if line.Status != engine.Scored {
		put(engine.Text{ZH: "状态", EN: "status"}, line.Reason)
	}
	if m := metricOf(e.Pack, item); m != nil {
		if line.Metric != nil {
			put(plain(m.Name), plain(e.Pack.MetricText(m.Unit, *line.Metric)))
		}
		for _, b := range e.Result().Benchmarks {
			if b.Value != nil && b.Metric == m.ID && (b.PeerGroup == s.PeerGroup || b.PeerGroup == "") {
				put(plain(benchmarkName(e.Pack, b.Benchmark)), plain(e.Pack.MetricText(m.Unit, *b.Value)))
			}
		}
	}
	explained, err := e.Explain(s.Code, item)
	if err != nil {
		return nil, err
	}
	for _, f := range explained.Figures {
		put(plain(f.Name+" "+f.Period.String()), f.Shown)
	}
	return out, nil
}

func benchmarkName(p *engine.Pack, id string) string {
	for _, b := range p.Benchmarks {
		if b.ID == id {
			return b.Name
		}
	}
	return id
}

// metricOf finds the metric that a line is scored by.
func metricOf(p *engine.Pack, item string) *engine.Metric {
	id := item
	for _, it := range p.AllItems() {
		if it.ID == item {
			id = it.Metric
		}
	}
	for i := range p.Metrics {
		if p.Metrics[i].ID == id {
			return &p.Metrics[i]
		}
	}
	return nil
}
