package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// limits proposes for each time limit a case handled in its last minute, or on its
// last day, and one handled just after.
func (f *boundaryFinder) limits() {
	for i := range f.pack.Records.TimeLimits {
		l := &f.pack.Records.TimeLimits[i]
		if f.reached[engine.Spot{Item: l.ID, Kind: engine.SpotInTime}] && f.reached[engine.Spot{Item: l.ID, Kind: engine.SpotLate}] {
			continue
		}
		if card, ok := f.limitCard(l); ok {
			f.out.Cards = append(f.out.Cards, card)
		}
	}
}

// limitCard finds a case to which the limit applies, and when it is due.
func (f *boundaryFinder) limitCard(l *engine.TimeLimit) (BoundaryCard, bool) {
	reg := f.register(l.Register)
	if reg == nil || l.To == "" {
		return BoundaryCard{}, false
	}
	table := &engine.CaseTable{Register: l.Register, Where: l.Where, Lines: []engine.CaseLine{{When: l.ExceptWhen}}}
	if l.ExceptWhen != nil {
		table.Lines[0].WhenText = l.ExceptWhen.Source()
	}
	r := limitRecord{finder: f, limit: l, register: reg, day: firstPeriod(f.pack).First.AddDays(9)}
	var choices [][]string
	for _, field := range f.fieldsOf(table, reg) {
		if field.ID != l.From && field.ID != l.To {
			r.fields = append(r.fields, field)
			choices = append(choices, f.choices(field, table, r.day))
		}
	}
	for _, cells := range combinations(choices) {
		r.cells = cells
		if card, ok := r.card(); ok {
			return card, true
		}
	}
	return BoundaryCard{}, false
}

// limitRecord is a case of a register that a limit looks at.
type limitRecord struct {
	finder   *boundaryFinder
	limit    *engine.TimeLimit
	register *engine.Register
	day      engine.Date
	fields   []engine.Field
	cells    []string
}

// card makes a card of two cases: in time and late. It is not proposed where other
// rules find something about them.
func (r *limitRecord) card() (BoundaryCard, bool) {
	found, ok := r.run(r.record("A", r.moment(r.limit.To, r.day.AddDays(400), "10:00")))
	if !ok || len(found) != 1 || found[0].Rule != r.limit.ID || found[0].Due == "" {
		return BoundaryCard{}, false
	}
	before, after, ok := r.sides(found[0].Due)
	if !ok {
		return BoundaryCard{}, false
	}
	a, b := r.record("A", before), r.record("B", after)
	found, ok = r.run(a, b)
	if !ok || len(found) != 1 || found[0].State != engine.Late || !slices.Equal(found[0].Records, []string{"B"}) {
		return BoundaryCard{}, false
	}
	r.note(a, b)
	lines := r.lines(a, b)
	return BoundaryCard{append(lines, fmt.Sprintf("expect: {findings: [{rule: %s, record: B, state: late, due: %q}]}", r.limit.ID, found[0].Due))}, true
}

// note remembers what the card reaches.
func (r *limitRecord) note(records ...string) {
	c, _ := r.finder.read("cards:\n  - " + strings.Join(append(r.lines(records...), "expect: {findings: none}"), "\n    ") + "\n")
	if ev, err := engine.Evaluate(c.pack, c.period, c.facts); err == nil {
		spots, _ := ev.FindingsReached()
		for _, s := range spots {
			r.finder.reached[s] = true
		}
	}
}

// lines writes the card without what it expects.
func (r *limitRecord) lines(records ...string) []string {
	out := []string{"name: " + plainOrQuoted(r.limit.Name+": "+r.limit.Within.Text().ZH)}
	if len(r.finder.pack.PeerGroups) > 0 {
		out = append(out, "subject: "+r.finder.pack.PeerGroups[0].ID)
	}
	out = append(out, "records:", "  "+plainOrQuoted(r.register.Name)+":")
	for _, rec := range records {
		out = append(out, "    - "+rec)
	}
	return out
}

// run evaluates records and returns what the rules find.
func (r *limitRecord) run(records ...string) ([]engine.Finding, bool) {
	c, ok := r.finder.read("cards:\n  - " + strings.Join(append(r.lines(records...), "expect: {findings: none}"), "\n    ") + "\n")
	if !ok {
		return nil, false
	}
	ev, err := engine.Evaluate(c.pack, c.period, c.facts)
	if err != nil {
		return nil, false
	}
	return ev.Result().Findings, true
}

// record writes a case that came in on the day and was handled at a moment.
func (r *limitRecord) record(key, done string) string {
	parts := []string{"key: " + key, "date: " + dayText(r.day)}
	if r.limit.From != "" {
		parts = append(parts, plainOrQuoted(r.nameOf(r.limit.From))+": "+r.moment(r.limit.From, r.day, "10:00"))
	}
	for i, field := range r.fields {
		parts = append(parts, plainOrQuoted(field.Name)+": "+r.cells[i])
	}
	return "{" + strings.Join(append(parts, plainOrQuoted(r.nameOf(r.limit.To))+": "+done), ", ") + "}"
}

func (r *limitRecord) nameOf(id string) string {
	for _, field := range r.register.Fields {
		if field.ID == id {
			return field.Name
		}
	}
	return id
}

// moment writes a day, with a time where the field has one.
func (r *limitRecord) moment(id string, day engine.Date, clock string) string {
	if r.hasClock(id) {
		return fmt.Sprintf("%q", dayText(day)+" "+clock)
	}
	return dayText(day)
}

func (r *limitRecord) hasClock(id string) bool {
	return slices.ContainsFunc(r.register.Fields, func(field engine.Field) bool { return field.ID == id && field.Clock })
}

// sides returns the last moment that is in time, and the first that is not.
func (r *limitRecord) sides(due string) (before, after string, ok bool) {
	day, clock, _ := strings.Cut(due, " ")
	d, err := engine.ParseDate(day)
	if err != nil {
		return "", "", false
	}
	if !r.hasClock(r.limit.To) {
		return dayText(d), dayText(d.AddDays(1)), true
	}
	if clock == "24:00" || clock == "" {
		return r.moment(r.limit.To, d, "23:59"), r.moment(r.limit.To, d.AddDays(1), "00:00"), true
	}
	hour, minute, _ := strings.Cut(clock, ":")
	h, err1 := exact.Parse(hour)
	m, err2 := exact.Parse(minute)
	if err1 != nil || err2 != nil {
		return "", "", false
	}
	hours, _ := h.Int64()
	minutes, _ := m.Int64()
	next := hours*60 + minutes + 1
	if next == 24*60 {
		return r.moment(r.limit.To, d, clock), r.moment(r.limit.To, d.AddDays(1), "00:00"), true
	}
	return r.moment(r.limit.To, d, clock), r.moment(r.limit.To, d, fmt.Sprintf("%02d:%02d", next/60, next%60)), true
}
