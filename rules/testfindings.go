package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// What of a result's findings a test looks at.
const (
	findingsOf  aspect = "findings"  // all but penalties
	penaltiesOf aspect = "penalties" // penalties only
)

// wantedFinding is one finding that a test expects, as far as it says.
type wantedFinding struct {
	text                   string
	rule, state, record    string
	due, person, relation  string
	measure, shared, about string
	yuan                   *exact.Num
	keys                   int
}

// expectFindings reads the findings that must come out: these and no others; none
// for none.
func (t *trial) expectFindings(n node, what aspect) {
	w := expectation{what: what, item: totalID}
	if n.isScalar() && n.value() == "none" {
		t.expect(w, n)
		return
	}
	for _, c := range t.r.list(n, text("一个列表, 或 none", "a list, or none")) {
		w.findings = append(w.findings, t.r.wantedFinding(c))
	}
	w.text = fmt.Sprint(len(w.findings))
	t.expect(w, n)
}

func (r *testReader) wantedFinding(n node) wantedFinding {
	m := r.mapping(n, text("一个发现的问题", "a finding"))
	w := wantedFinding{
		rule: m.word("rule"), state: r.choice(m.get("state"), string(engine.Late), string(engine.Overdue), string(engine.TargetMissed), string(engine.Unknown)),
		record: m.word("record"), due: m.word("due"), person: m.word("person"), relation: m.word("who"),
		measure: m.word("measure"), shared: m.word("same"), about: m.word("because"),
	}
	if y := m.get("yuan"); !y.absent() {
		if x, ok := r.number(y); ok {
			w.yuan = &x
		}
	}
	m.done()
	var parts []string
	for _, p := range m.pairs {
		parts = append(parts, p.name+" "+p.value.value())
	}
	w.text, w.keys = strings.Join(parts, ", "), len(parts)
	return w
}

// matches reports whether a finding is the one that is meant. A record is one of
// those it names, a person is known by code or name.
func (w *wantedFinding) matches(f *engine.Finding) bool {
	same := func(want string, got ...string) bool { return want == "" || slices.Contains(got, want) }
	switch {
	case !same(w.rule, f.Rule, f.Name), !same(w.state, string(f.State)), !same(w.record, f.Records...), !same(w.due, f.Due),
		!same(w.person, orNone(f.Person), f.Named), !same(w.relation, f.Relation), !same(w.measure, f.Measure), !same(w.shared, f.Shared...):
		return false
	case w.yuan != nil && (f.Amount == nil || !f.Amount.Equal(*w.yuan)):
		return false
	}
	return strings.Contains(f.Reason.ZH, w.about) || strings.Contains(f.Reason.EN, w.about)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// compareFindings lays what is expected beside what was found: each expected one
// must be there, and nothing else. Those that say most look first.
func (w expectation) compareFindings(r *engine.Result) actual {
	var left []*engine.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if (f.Kind == engine.PenaltyFinding) == (w.what == penaltiesOf) && (f.Subject == w.subject || f.Subject == "") {
			left = append(left, f)
		}
	}
	wanted := slices.Clone(w.findings)
	slices.SortStableFunc(wanted, func(a, b wantedFinding) int { return b.keys - a.keys })
	var zh, en []string
	for i := range wanted {
		at := slices.IndexFunc(left, wanted[i].matches)
		if at < 0 {
			zh, en = append(zh, "没有: "+wanted[i].text), append(en, "there is none with "+wanted[i].text)
			continue
		}
		left = slices.Delete(left, at, at+1)
	}
	for _, f := range left {
		zh, en = append(zh, "多出: "+f.Name+" "+f.Reason.ZH), append(en, "there is also "+f.Name+" "+f.Reason.EN)
	}
	return actual{ok: len(zh) == 0, got: text(strings.Join(zh, "; "), strings.Join(en, "; "))}
}

// cutOff reads the moment at which data were cut off, on the clock of the pack's
// calendar: 2024-07-20 18:00.
func (s *setting) cutOff(n node) {
	if n.absent() {
		return
	}
	if v, ok := s.r.moment(n); ok {
		seconds, _ := v.Num.Mul(exact.Int(86400)).Int64()
		ahead := int64(s.r.pack.Records.ClockAhead) * 60
		s.asOf = time.Unix(seconds-ahead, 0).UTC().Format(time.RFC3339)
	}
}
