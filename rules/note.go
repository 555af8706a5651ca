package rules

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// Note is what the technical note (口径说明) of a pack says, in one language: the
// scorecard as a form, the points of each kind of case, and everything else as
// sentences.
type Note struct {
	Lines []NoteLine
	Cases []NoteCase
	Parts []Sentence // without the lines of the form
}

// NoteLine is a line of the form: a section, group, indicator or deduction.
type NoteLine struct {
	Item        *engine.Item
	Depth       int      // 0 for a section
	OnlyFor     string   // title of the only peer group; empty for all
	Definition  []string // 计算口径
	Sources     []string // 数据来源
	Scoring     []string // 评分办法
	Assumptions []string // A3: to be confirmed by …
}

// NoteCase is one kind of case of a deduction with its points.
type NoteCase struct {
	Item *engine.Item
	When string
	Line engine.CaseLine
}

// NoteOf writes the note of a pack in a language.
func NoteOf(p *engine.Pack, lang engine.Lang) Note {
	var out Note
	for _, s := range p.Sections {
		out.add(p, lang, s, nil, 0)
	}
	n := newNarrator(p, lang)
	n.tell()
	for i, s := range n.out {
		if i < n.scored[0] || i >= n.scored[1] || s.Item == reservedTotal {
			out.Parts = append(out.Parts, s)
		}
	}
	return out
}

// add adds an item and what is in it.
func (out *Note) add(p *engine.Pack, lang engine.Lang, item, parent *engine.Item, depth int) {
	n := newNarrator(p, lang)
	out.Lines = append(out.Lines, n.noteLine(item, parent, depth))
	for _, c := range item.Children {
		out.add(p, lang, c, item, depth+1)
	}
	if item.Cases == nil {
		return
	}
	for _, l := range item.Cases.Lines {
		out.Cases = append(out.Cases, NoteCase{Item: item, When: n.caseWords(l, n.register(item.Cases.Register)), Line: l})
	}
}

// noteLine tells an item as a line of the form.
func (n *narrator) noteLine(item, parent *engine.Item, depth int) NoteLine {
	line := NoteLine{Item: item, Depth: depth, OnlyFor: n.onlyFor(item), Sources: n.noteSources(item)}
	switch item.Kind {
	case engine.DeductionItem:
		n.deduction(item)
	case engine.IndicatorItem:
		n.indicator(item, parent)
		if m, ok := n.metric(item.Metric); ok {
			n.source(m.Law)
		}
	default:
		n.heading("", item.Law)
		n.floor(item.NotBelow)
	}
	line.share(n.out[1:], item)
	for _, id := range n.leanedOn {
		line.Assumptions = append(line.Assumptions, strings.TrimPrefix(n.assumption(id), n.pick("假设 ", "assumption ")))
	}
	return line
}

// share tells what is computed from how it is scored. The sentences of an item
// begin with its formula, or with where its cases come from; lists follow the
// sentence that announces them.
func (l *NoteLine) share(said []Sentence, item *engine.Item) {
	for i, s := range said {
		text := strings.TrimPrefix(s.Text, "- ")
		switch {
		case i == 0 && (item.Metric != "" || item.Cases != nil), item.Checklist != nil && text != s.Text:
			l.Definition = append(l.Definition, text)
		case item.Checklist != nil:
			l.Scoring = append(l.Scoring, strings.TrimSuffix(text, ":"))
		default:
			l.Scoring = append(l.Scoring, text)
		}
	}
}

// noteSources says where the figures, cases or judgements of an item come from.
func (n *narrator) noteSources(item *engine.Item) []string {
	switch {
	case item.Checklist != nil:
		return []string{n.pick("评审人评定", "judged by a reviewer")}
	case item.Cases != nil && item.Cases.From != "":
		return []string{item.Cases.From}
	case item.Cases != nil:
		return []string{n.register(item.Cases.Register).Name}
	}
	var out []string
	m, ok := n.metric(item.Metric)
	if !ok || m.Formula == nil {
		return nil
	}
	for _, s := range n.statisticsOf(m.Formula, map[string]bool{}) {
		from := s.From
		if s.Register != "" {
			from = n.register(s.Register).Name
		}
		if from != "" && !slices.Contains(out, from) {
			out = append(out, from)
		}
	}
	return out
}

// statisticsOf lists the figures that a formula is made of, in the order in which
// it names them, also through other metrics and benchmarks.
func (n *narrator) statisticsOf(f *formula.Expr, seen map[string]bool) []engine.Statistic {
	var out []engine.Statistic
	for _, t := range lexFormula(f.Source()) {
		if t.operator || t.quoted || seen[t.text] {
			continue
		}
		seen[t.text] = true
		for _, s := range n.pack.Statistics {
			if s.ID == t.text || s.Name == t.text {
				out = append(out, s)
			}
		}
		for _, m := range n.pack.Metrics {
			if (m.ID == t.text || m.Name == t.text) && m.Formula != nil {
				out = append(out, n.statisticsOf(m.Formula, seen)...)
			}
		}
		for _, b := range n.pack.Benchmarks {
			if (b.ID == t.text || b.Name == t.text) && b.Formula != nil {
				out = append(out, n.statisticsOf(b.Formula, seen)...)
			}
		}
	}
	return out
}

// wordCases puts the conditions of deduction tables into words, for those who
// print results.
func (r *packReader) wordCases() {
	zh, en := newNarrator(r.pack, engine.Chinese), newNarrator(r.pack, engine.English)
	for _, item := range r.pack.AllItems() {
		if item.Cases == nil {
			continue
		}
		for i := range item.Cases.Lines {
			if l := &item.Cases.Lines[i]; l.When != nil {
				register := zh.register(item.Cases.Register)
				l.Words = text(zh.condition(l.When.Source(), register), en.condition(l.When.Source(), register))
			}
		}
	}
}
