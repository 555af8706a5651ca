package engine

import (
	"cmp"
	"slices"

	"kaoping/engine/exact"
)

// FindingKind says which sort of rule made a finding.
type FindingKind string

// The kinds of finding.
const (
	TimeLimitFinding FindingKind = "time limit"
	RedFlagFinding   FindingKind = "red flag"
	SampleFinding    FindingKind = "sample"
	PenaltyFinding   FindingKind = "penalty"
	// CrossCheckFinding: delivered figures contradict each other.
	CrossCheckFinding FindingKind = "cross-check"
	GapFinding        FindingKind = "not delivered" // a rule could not be applied: its register was not delivered
)

// FindingState says what is the matter.
type FindingState string

// The states. A state other than these belongs to no finding.
const (
	Late         FindingState = "late"          // handled after the limit
	Overdue      FindingState = "overdue"       // open after the limit
	TargetMissed FindingState = "target missed" // within the limit but not within the target
	Unknown      FindingState = "unknown"       // something that is needed is not known
)

// Finding is one thing that a rule found in the records: a case that came too
// late, a red flag, a sample that is too small, a penalty.
type Finding struct {
	Kind     FindingKind  `json:"kind"`
	Rule     string       `json:"rule"` // id
	Name     string       `json:"name"` // of the rule
	State    FindingState `json:"state,omitempty"`
	Subject  string       `json:"subject,omitempty"` // code; empty if the records are of several
	Register string       `json:"register"`          // id
	Records  []string     `json:"records,omitempty"` // keys
	Shared   []string     `json:"shared,omitempty"`  // the values that the records agree in
	Due      string       `json:"due,omitempty"`     // 2024-05-08 24:00
	Late     *exact.Num   `json:"late,omitempty"`    // in days after it, counted to Done or to the cut-off
	Person   string       `json:"person,omitempty"`  // code; empty if nobody could be found
	Named    string       `json:"named,omitempty"`   // name of the person
	Unit     string       `json:"unit,omitempty"`    // of the person
	Relation string       `json:"relation,omitempty"`
	Measure  string       `json:"measure,omitempty"`
	Amount   *exact.Num   `json:"amount,omitempty"` // in 元, exact
	Cite     string       `json:"cite,omitempty"`
	Refuse   bool         `json:"refuse,omitempty"` // of a cross-check: a load that brings it about is refused
	Reason   Text         `json:"reason"`           // one sentence
	Steps    []Text       `json:"steps,omitempty"`
}

// finder applies the rules about records.
type finder struct {
	*Evaluation
	subjects map[string]Subject
	out      []Finding
	staff    *staff
}

// findings applies all rules about records, in the order of the pack; what a rule
// finds is sorted by subject, record and person.
func (e *Evaluation) findings(subjects map[string]Subject) ([]Finding, error) {
	rules := &e.pack.Records
	f := &finder{Evaluation: e, subjects: subjects}
	if err := f.crossChecks(); err != nil {
		return nil, err
	}
	f.undelivered()
	for i := range rules.TimeLimits {
		if err := f.sorted(func() error { return f.timeLimit(&rules.TimeLimits[i]) }); err != nil {
			return nil, err
		}
	}
	for i := range rules.RedFlags {
		if err := f.sorted(func() error { return f.redFlag(&rules.RedFlags[i]) }); err != nil {
			return nil, err
		}
	}
	for i := range rules.Samples {
		if err := f.sorted(func() error { return f.sample(&rules.Samples[i]) }); err != nil {
			return nil, err
		}
	}
	for i := range rules.Penalties {
		if err := f.sorted(func() error { return f.penalty(&rules.Penalties[i]) }); err != nil {
			return nil, err
		}
	}
	return f.out, nil
}

// sorted runs one rule and puts what it found in order.
func (f *finder) sorted(rule func() error) error {
	from := len(f.out)
	if err := rule(); err != nil {
		return err
	}
	slices.SortStableFunc(f.out[from:], func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), slices.Compare(a.Shared, b.Shared), slices.Compare(a.Records, b.Records))
	})
	return nil
}

// undelivered names the registers that rules look at and that were not delivered
// for the whole period: nothing found there does not mean that nothing is wrong.
func (f *finder) undelivered() {
	seen := map[string]bool{}
	for _, id := range f.registers() {
		if seen[id] {
			continue
		}
		seen[id] = true
		for i := range f.table.members {
			m := &f.table.members[i]
			if f.table.index.covers(id, m.Code, f.period) {
				continue
			}
			name := f.table.registerName(id)
			f.out = append(f.out, Finding{
				Kind: GapFinding, Rule: id, Name: name, State: Unknown, Subject: m.Code, Register: id,
				Reason: reasonNotCovered(name, f.period),
			})
		}
	}
}

func (f *finder) registers() []string {
	var out []string
	r := &f.pack.Records
	for i := range r.TimeLimits {
		out = append(out, r.TimeLimits[i].Register)
	}
	for i := range r.RedFlags {
		out = append(out, r.RedFlags[i].Register)
	}
	for i := range r.Samples {
		out = append(out, r.Samples[i].Register)
	}
	for i := range r.Penalties {
		out = append(out, r.Penalties[i].Register)
	}
	return out
}

// unknown adds a finding that a rule cannot be applied to a record.
func (f *finder) unknown(kind FindingKind, rule, name string, law Law, r *Record, why Text) {
	f.out = append(f.out, Finding{
		Kind: kind, Rule: rule, Name: name, State: Unknown, Subject: r.Subject, Register: r.Register,
		Records: keysOf([]*Record{r}), Cite: law.Cite, Reason: why,
	})
}

// keysOf lists the keys of records in order; a record without one is named by its
// day.
func keysOf(records []*Record) []string {
	out := make([]string, len(records))
	for i, r := range records {
		out[i] = r.Key
		if r.Key == "" {
			out[i] = r.Date.String()
		}
	}
	slices.Sort(out)
	return out
}
