package rules

import (
	"maps"
	"slices"
	"strconv"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// trial is a test being read: one evaluation in the making.
type trial struct {
	*setting
	place    place
	name     engine.Text
	subjects []*trialSubject
	wants    []expectation
}

// trialSubject is one subject of a trial with what was given for it alone.
type trialSubject struct {
	engine.Subject
	figures map[figureOf]exact.Num
	judged  []engine.Judgement
	records []engine.Record
	row     *engine.Record // the case that the columns of a table spell out
}

// trial starts a test from its setting.
func (s *setting) trial(at place, name engine.Text) *trial {
	return &trial{setting: s.clone(), place: at, name: name}
}

// only is the only subject of a table's row or a card.
func (t *trial) only() engine.Subject { return engine.Subject{Code: "1", Name: t.name.ZH} }

// addSubject begins a subject that starts from the setting.
func (t *trial) addSubject(s engine.Subject) {
	s.PeerGroup, s.Type, s.Parent, s.Opened = t.group, t.kind, t.parent, t.opened
	s.Attributes = maps.Clone(t.values)
	t.subjects = append(t.subjects, &trialSubject{
		Subject: s,
		figures: maps.Clone(t.figures),
		judged:  slices.Clone(t.judged),
		records: slices.Clone(t.records),
	})
}

// now returns the subject that is being read.
func (t *trial) now() *trialSubject { return t.subjects[len(t.subjects)-1] }

// figure reads a figure of the subject that is being read.
func (t *trial) figure(n node, stat *engine.Statistic, bare unit.Unit, at formula.Shift) {
	one := &setting{r: t.r, period: t.period, figures: t.now().figures, reported: t.reported}
	key := figureOf{stat.ID, shiftPeriod(t.r.pack, t.period, at)}
	delete(one.figures, key)
	one.figure(n, stat, bare, key.period)
}

// finish makes the test that can be run.
func (t *trial) finish() testCase {
	f := &engine.Facts{Snapshot: "test", AsOf: t.asOf, Given: t.given}
	codes := map[string]string{}
	for _, s := range t.subjects {
		codes[s.Name] = s.Code
	}
	for _, s := range t.subjects {
		if code, ok := codes[s.Parent]; ok {
			s.Parent = code
		}
		f.Subjects = append(f.Subjects, s.Subject)
		t.collect(f, s)
	}
	f.Covered = t.coverage(f.Records)
	f.Past = t.pastResults()
	return testCase{name: t.name, place: t.place, pack: t.edition(), period: t.period, facts: f, wants: t.wants}
}

// collect turns what was given for a subject into facts.
func (t *trial) collect(f *engine.Facts, s *trialSubject) {
	for key, x := range s.figures {
		f.Figures = append(f.Figures, engine.Figure{Subject: s.Code, Statistic: key.statistic, Period: key.period, Value: x})
	}
	for _, j := range s.judged {
		j.Subject = s.Code
		f.Judgements = append(f.Judgements, j)
	}
	records := s.records
	if s.row != nil {
		records = append(slices.Clone(records), *s.row)
	}
	for i, rec := range records {
		rec.Subject = s.Code
		if rec.Key == "" {
			rec.Key = s.Code + "-" + strconv.Itoa(i+1)
		}
		f.Records = append(f.Records, rec)
	}
}

// coverage says which registers a test speaks for. In the period itself that is
// all of them: what is not listed did not happen. Before it, only where a record
// is listed, so that a given previous figure is not overruled by an empty list.
func (t *trial) coverage(records []engine.Record) []engine.Coverage {
	var out []engine.Coverage
	for _, reg := range t.r.registerIDs() {
		out = append(out, engine.Coverage{Register: reg, First: t.firstCovered(reg), Last: t.period.Last})
	}
	for _, p := range engine.PriorPeriods(t.r.pack, t.period)[1:] {
		seen := map[string]bool{}
		for _, rec := range records {
			if p.Contains(rec.Date) && !seen[rec.Register] {
				seen[rec.Register] = true
				out = append(out, engine.Coverage{Register: rec.Register, First: p.First, Last: p.Last})
			}
		}
	}
	return out
}

// firstCovered is the first day of the period, or the day before it where a
// statistic asks what the register said then.
func (t *trial) firstCovered(register string) engine.Date {
	for _, s := range t.r.pack.Statistics {
		if s.Register == register && s.Last != "" && s.Opening {
			return t.period.First.AddDays(-1)
		}
	}
	return t.period.First
}

// registerIDs lists all registers, those of deductions included.
func (r *testReader) registerIDs() []string {
	var out []string
	for _, reg := range r.pack.Registers {
		out = append(out, reg.ID)
	}
	for _, it := range r.pack.AllItems() {
		if it.Cases != nil && !slices.Contains(out, it.Cases.Register) {
			out = append(out, it.Cases.Register)
		}
	}
	return out
}

// edition copies the pack as it stands in the period. A statistic that the test
// gives, or whose register the test does not list, is reported and not counted.
func (t *trial) edition() *engine.Pack {
	p := *t.r.packFor(t.period)
	p.Statistics = slices.Clone(p.Statistics)
	for i := range p.Statistics {
		s := &p.Statistics[i]
		if s.Register != "" && (t.reported[s.ID] || !t.explicit[s.Register]) {
			s.Register, s.Sum, s.Distinct, s.Last, s.Where = "", "", "", "", nil
		}
		if s.Scorecard != nil && t.reported[s.ID] {
			s.Scorecard = nil
		}
	}
	if t.lenient && !t.knows(&p, p.Assessed.Require, map[string]bool{}) {
		p.Assessed.Require = nil
	}
	return &p
}

// knows reports whether the test gives all that a condition asks for.
func (t *trial) knows(p *engine.Pack, e *formula.Expr, seen map[string]bool) bool {
	if e == nil {
		return true
	}
	for _, ref := range e.Refs() {
		if seen[ref.ID] {
			continue
		}
		seen[ref.ID] = true
		if !t.knowsName(p, ref.ID, seen) {
			return false
		}
	}
	return true
}

func (t *trial) knowsName(p *engine.Pack, id string, seen map[string]bool) bool {
	switch {
	case t.gives(id) || id == "period_first_day" || id == "period_last_day":
		return true
	case id == "full_accounting_years":
		return t.gives("opened")
	}
	for _, s := range p.Statistics {
		if s.ID == id {
			return s.Register != "" // counted from the records that the test lists
		}
	}
	for _, m := range p.Metrics {
		if m.ID == id {
			return t.knows(p, m.Formula, seen)
		}
	}
	for _, a := range p.Attributes {
		if a.ID == id && a.Formula != nil {
			return t.knows(p, a.Formula, seen)
		}
	}
	return false
}

// gives reports whether any subject has the statistic in any period, or the
// attribute. A figure given as missing is not given.
func (t *trial) gives(id string) bool {
	return slices.ContainsFunc(t.subjects, func(s *trialSubject) bool {
		for key := range s.figures {
			if key.statistic == id {
				return true
			}
		}
		_, ok := s.Attributes[id]
		return ok || id == "opened" && !s.Opened.IsZero() || id == "subject_type" && s.Type != ""
	})
}
