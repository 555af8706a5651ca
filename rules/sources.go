package rules

import "kaoping/engine"

// sourceRef is a source and where its file is named.
type sourceRef struct {
	file node
	name string
}

func (r *packReader) readSources(n node) {
	for _, e := range r.entries(n, text("各份原文", "the documents")) {
		m := r.open(e, text("一份原文", "a document"))
		s := engine.Source{ID: e.name, Title: r.title(m.need("title", text("标题", "its title"))).ZH, File: m.word("file"), LastCompared: m.word("last_compared")}
		if n := m.get("last_compared"); s.LastCompared != "" && s.LastCompared != "not yet" {
			r.date(n)
		}
		m.done()
		r.pack.Sources = append(r.pack.Sources, s)
		r.sources[s.ID] = sourceRef{file: m.get("file"), name: s.File}
	}
}

// readAssumptions reads the answers to what the text leaves open.
func (r *packReader) readAssumptions(n node) {
	for _, e := range r.entries(n, text("各条假设", "the assumptions")) {
		m := r.open(e, text("一条假设", "an assumption"))
		a := engine.Assumption{
			ID:      e.name,
			Says:    r.title(m.need("says", text("假设的内容", "what is assumed"))),
			Because: r.title(m.get("because")),
			Ask:     r.word(m.need("ask", text("由谁确认", "who can settle it"))),
			State:   r.choice(m.need("state", text("open 或 settled", "open or settled")), "open", "settled"),
		}
		a.Law = r.law(m, e.key)
		m.done()
		r.pack.Assumptions = append(r.pack.Assumptions, a)
		r.assumptions[a.ID] = e.key
	}
}
