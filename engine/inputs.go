package engine

import (
	"cmp"
	"slices"
)

// InputKind says by which way an input is delivered.
type InputKind string

// The kinds of input.
const (
	FeedInput      InputKind = "feed"
	RegisterInput  InputKind = "register"
	JudgementInput InputKind = "judgements"
)

// Input is what has to be delivered for one subject and period in one feed, in one
// register, or as judgements.
type Input struct {
	Subject, SubjectName string
	Kind                 InputKind
	Target               string // id of the feed or register; empty for figures that no feed carries, and for judgements
	TargetName           string
	Period               Period
	Wanted, There        int      // figures, answers; of a register 1 and 0 or 1
	Missing              []string // names of the figures or lines that are not there
	Gap                  Date     // of a register: the first day that no load covers; zero if there is none
	Latest               string   // id of the newest batch that says something of it; empty if none does
	Senders              []string // who delivers it, as the pack says
}

// Complete reports whether nothing is missing.
func (i *Input) Complete() bool { return i.There == i.Wanted }

// Inputs returns what the scorecards of the period need: for each assessed subject
// the figures and registers that the indicators of its peer group look at, in each
// period that they look at, and the answers that reviewers give. Subjects come in
// the order of the roster, the assessed period before earlier ones.
func (e *Evaluation) Inputs() []Input {
	c := &inputCollector{evaluation: e, latest: latestRecords(e)}
	var list []Input
	for row := range e.table.members {
		list = append(list, c.figures(row)...)
		list = append(list, c.registers(row)...)
		list = append(list, c.judgements(row)...)
	}
	return list
}

type inputCollector struct {
	evaluation *Evaluation
	latest     map[subjectRegister]map[Period]string
	needs      map[int32]map[columnKey]bool // by peer group
}

type subjectRegister struct{ subject, register string }

// latestRecords finds the newest batch of each subject's records, by register and
// period.
func latestRecords(e *Evaluation) map[subjectRegister]map[Period]string {
	periods := PriorPeriods(e.pack, e.period)
	latest := map[subjectRegister]map[Period]string{}
	for i := range e.facts.Records {
		r := &e.facts.Records[i]
		for _, p := range periods {
			if !p.Contains(r.Date) {
				continue
			}
			key := subjectRegister{r.Subject, r.Register}
			if latest[key] == nil {
				latest[key] = map[Period]string{}
			}
			latest[key][p] = newerBatch(latest[key][p], r.Origin.Batch)
		}
	}
	return latest
}

// newerBatch is the later of two ids of batches, whose numbers may differ in length.
func newerBatch(a, b string) string {
	if cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) < 0 {
		return b
	}
	return a
}

// needed is what the indicators of a member's peer group look at: statistics by id
// and period.
func (c *inputCollector) needed(row int) map[columnKey]bool {
	e := c.evaluation
	group := e.table.groups[row]
	if have, ok := c.needs[group]; ok {
		return have
	}
	w := lookback{pack: e.pack, formulas: formulasOf(e.pack), seen: map[Period]bool{}, done: map[columnKey]bool{}}
	if len(e.pack.Sections) == 0 {
		for id := range w.formulas {
			w.visit(id, e.period)
		}
	}
	for _, it := range e.pack.AllItems() {
		if len(it.Children) > 0 || !e.scorer.applies(it, row) {
			continue
		}
		w.items([]*Item{it}, e.period)
		w.walk(it.Weight, e.period)
		w.walk(it.When, e.period)
		if it.Metric != "" {
			w.visit(it.Metric, e.period)
		}
	}
	if c.needs == nil {
		c.needs = map[int32]map[columnKey]bool{}
	}
	c.needs[group] = w.done
	return w.done
}

// figures lists the reported figures by feed and period.
func (c *inputCollector) figures(row int) []Input {
	e, needed := c.evaluation, c.needed(row)
	var list []Input
	for _, period := range PriorPeriods(e.pack, e.period) {
		at := map[string]int{}
		for i := range e.pack.Statistics {
			s := &e.pack.Statistics[i]
			if s.Register != "" || s.Scorecard != nil || !needed[columnKey{s.ID, period}] {
				continue
			}
			target, name := feedOf(e.pack, s.ID)
			if _, ok := at[target]; !ok {
				at[target] = len(list)
				list = append(list, c.input(row, FeedInput, target, name, period))
			}
			in := &list[at[target]]
			in.Wanted++
			in.Senders = adding(in.Senders, s.From)
			f, ok := e.table.indexAt(period).figures[figureKey{in.Subject, s.ID, period}]
			if !ok {
				in.Missing = append(in.Missing, s.Name)
				continue
			}
			in.There++
			in.Latest = newerBatch(in.Latest, f.Origin.Batch)
		}
	}
	return list
}

func (c *inputCollector) input(row int, kind InputKind, target, name string, period Period) Input {
	m := &c.evaluation.table.members[row]
	return Input{Subject: m.Code, SubjectName: m.Name, Kind: kind, Target: target, TargetName: name, Period: period}
}

// feedOf is the first feed that carries a statistic.
func feedOf(p *Pack, statistic string) (id, name string) {
	for i := range p.Feeds {
		if slices.ContainsFunc(p.Feeds[i].Columns, func(c FeedColumn) bool { return c.Statistic == statistic }) {
			return p.Feeds[i].ID, p.Feeds[i].Name
		}
	}
	return "", ""
}

func adding(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// registers lists the registers that are counted for the member.
func (c *inputCollector) registers(row int) []Input {
	e, needed := c.evaluation, c.needed(row)
	var list []Input
	for _, period := range PriorPeriods(e.pack, e.period) {
		for i := range e.pack.Registers {
			r := &e.pack.Registers[i]
			wanted, senders := c.counts(row, r.ID, period, needed)
			if !wanted {
				continue
			}
			in := c.input(row, RegisterInput, r.ID, r.Name, period)
			in.Wanted, in.Senders = 1, senders
			index := e.table.indexAt(period)
			in.Gap = index.firstGap(r.ID, in.Subject, period)
			if in.Gap.IsZero() {
				in.There = 1
			}
			in.Latest = c.latest[subjectRegister{in.Subject, r.ID}][period]
			list = append(list, in)
		}
	}
	return list
}

// counts reports whether the member's card counts the register in the period, and
// who is said to deliver it.
func (c *inputCollector) counts(row int, register string, period Period, needed map[columnKey]bool) (bool, []string) {
	e := c.evaluation
	wanted := false
	var senders []string
	for i := range e.pack.Statistics {
		s := &e.pack.Statistics[i]
		if s.Register == register {
			senders = adding(senders, s.From)
			wanted = wanted || needed[columnKey{s.ID, period}]
		}
	}
	for _, it := range e.pack.AllItems() {
		if it.Cases != nil && it.Cases.Register == register && period == e.period && e.scorer.applies(it, row) {
			wanted = true
		}
	}
	return wanted, senders
}

// judgements counts the answers that reviewers owe the member.
func (c *inputCollector) judgements(row int) []Input {
	e := c.evaluation
	in := c.input(row, JudgementInput, "", "", e.period)
	for _, it := range e.pack.AllItems() {
		if it.Checklist == nil || !e.scorer.applies(it, row) {
			continue
		}
		for _, line := range it.Checklist.Lines {
			in.Wanted++
			if _, state := e.scorer.answer(it, line, row); state == unanswered {
				in.Missing = append(in.Missing, it.Name+": "+line.Name)
				continue
			}
			in.There++
		}
	}
	for i := range e.facts.Judgements {
		if j := &e.facts.Judgements[i]; j.Subject == in.Subject && j.Period == e.period {
			in.Latest = newerBatch(in.Latest, j.Origin.Batch)
		}
	}
	if in.Wanted == 0 {
		return nil
	}
	return []Input{in}
}

// firstGap is the first day of the period that no load of the register covers; zero
// if all are covered.
func (x *factIndex) firstGap(register, subject string, period Period) Date {
	next := period.First
	for _, c := range x.covered[register] {
		if (c.Subject == "" || c.Subject == subject) && c.First.Compare(next) <= 0 && c.Last.Compare(next) >= 0 {
			next = c.Last.AddDays(1)
		}
	}
	if next.Compare(period.Last) > 0 {
		return Date{}
	}
	return next
}
