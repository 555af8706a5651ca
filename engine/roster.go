package engine

import (
	"cmp"
	"slices"
	"sort"

	"kaoping/engine/formula"
)

// member is one assessed subject: a row of the evaluation.
type member struct {
	Subject
	group  int32    // index of its peer group in the pack
	merged []string // codes of units counted with it, sorted
}

// codes returns the subject's own code and then those counted with it.
func (m *member) codes() []string {
	return append([]string{m.Code}, m.merged...)
}

// roster sorts the subjects of a period into those that may be assessed and
// those that are not, with the reason.
type roster struct {
	pack     *Pack
	period   Period
	subjects map[string]Subject // the version in force on the period's last day
	members  []member
	units    []Subject // that count with another subject
	excluded []Scorecard
}

// newRoster applies everything about taking part except the requirement, which
// needs figures.
func newRoster(p *Pack, period Period, subjects []Subject) *roster {
	r := &roster{pack: p, period: period, subjects: inForce(subjects, period.Last)}
	codes := make([]string, 0, len(r.subjects))
	for code := range r.subjects {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		r.place(r.subjects[code])
	}
	r.merge()
	r.later(subjects)
	slices.SortStableFunc(r.members, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.Code, b.Code))
	})
	return r
}

// inForce picks the version of each subject that holds on the day: the one with
// the latest first day not after it. Versions of one day are told apart by
// their origin, so that the choice does not depend on the order of delivery.
func inForce(subjects []Subject, day Date) map[string]Subject {
	m := make(map[string]Subject, len(subjects))
	for _, s := range subjects {
		if !s.ValidFrom.IsZero() && s.ValidFrom.Compare(day) > 0 {
			continue
		}
		old, ok := m[s.Code]
		if !ok || laterVersion(s, old) {
			m[s.Code] = s
		}
	}
	return m
}

func laterVersion(s, old Subject) bool {
	if s.ValidFrom != old.ValidFrom {
		return old.ValidFrom.IsZero() || !s.ValidFrom.IsZero() && s.ValidFrom.Compare(old.ValidFrom) > 0
	}
	if c := originOrder(s.Origin, old.Origin); c != 0 {
		return c > 0
	}
	return subjectText(s) > subjectText(old)
}

func subjectText(s Subject) string {
	return s.Name + "\x00" + s.PeerGroup + "\x00" + s.Type + "\x00" + s.Parent + "\x00" + s.Opened.String() + "\x00" + fieldsText(s.Attributes)
}

// place puts one subject among the members, or among the excluded.
func (r *roster) place(s Subject) {
	rule := r.pack.Assessed
	switch group := r.groupOf(s); {
	case slices.Contains(rule.LeaveOut, s.Type):
		r.exclude(s, reasonTypeLeftOut(s.Type), rule.Law)
	case r.counted(s):
		r.units = append(r.units, s)
	case group < 0:
		r.exclude(s, reasonUnknownGroup(s.PeerGroup), Law{})
	default:
		r.members = append(r.members, member{Subject: s, group: int32(group)})
	}
}

// groupOf returns the index of the subject's peer group, or -1. Where a pack has
// only one group a subject need not name it; where it has none all are in one.
func (r *roster) groupOf(s Subject) int {
	groups := r.pack.PeerGroups
	if len(groups) == 0 || s.PeerGroup == "" && len(groups) == 1 {
		return 0
	}
	return slices.IndexFunc(groups, func(g PeerGroup) bool { return g.ID == s.PeerGroup })
}

// counted reports whether the subject's figures count with its parent.
func (r *roster) counted(s Subject) bool {
	return slices.Contains(r.pack.Assessed.CountWithParent, s.Type)
}

// head follows the parents of a counted subject to the unit that is assessed
// itself. Where there is none on the roster it says why.
func (r *roster) head(s Subject) (Subject, Text) {
	kind, seen := s.Type, map[string]bool{}
	for {
		seen[s.Code] = true
		parent, ok := r.subjects[s.Parent]
		switch {
		case s.Parent == "":
			return Subject{}, reasonParentUnnamed(kind, s)
		case !ok:
			return Subject{}, reasonParentUnknown(kind, s.Parent)
		case seen[parent.Code]:
			return Subject{}, reasonParentsInCircle(kind, parent)
		case !r.counted(parent):
			return parent, Text{}
		}
		s = parent
	}
}

// merge gives each member the codes of the units counted with it.
func (r *roster) merge() {
	rows := make(map[string]int, len(r.members))
	for i, m := range r.members {
		rows[m.Code] = i
	}
	for _, unit := range r.units {
		head, _ := r.head(unit)
		if i, assessed := rows[head.Code]; assessed {
			r.members[i].merged = append(r.members[i].merged, unit.Code)
		}
	}
}

// excludeUnits says with whom each unit is counted, once it is known who takes
// part.
func (r *roster) excludeUnits() {
	assessed := make(map[string]bool, len(r.members))
	for i := range r.members {
		assessed[r.members[i].Code] = true
	}
	for _, unit := range r.units {
		head, reason := r.head(unit)
		switch {
		case assessed[head.Code]:
			reason = reasonCountedWith(unit.Type, head)
		case reason.IsZero():
			reason = reasonParentNotAssessed(unit.Type, head)
		}
		r.exclude(unit, reason, r.pack.Assessed.Law)
	}
}

// later lists subjects whose only entries begin after the period.
func (r *roster) later(subjects []Subject) {
	first := map[string]Subject{}
	for _, s := range subjects {
		if _, known := r.subjects[s.Code]; known {
			continue
		}
		old, ok := first[s.Code]
		if !ok || laterVersion(old, s) {
			first[s.Code] = s
		}
	}
	for _, s := range first {
		r.exclude(s, reasonNotYetListed(s.ValidFrom), Law{})
	}
}

func (r *roster) exclude(s Subject, reason Text, law Law) {
	r.excluded = append(r.excluded, Scorecard{
		Subject:   s.Code,
		Name:      s.Name,
		PeerGroup: s.PeerGroup,
		Status:    NotAssessed,
		Reason:    withClause(reason, law),
		Lines:     []Line{},
	})
}

// sortedExcluded returns the excluded by code.
func (r *roster) sortedExcluded() []Scorecard {
	out := append([]Scorecard{}, r.excluded...)
	slices.SortFunc(out, func(a, b Scorecard) int { return cmp.Compare(a.Subject, b.Subject) })
	return out
}

// close decides who takes part: the members that meet the pack's requirement,
// with the units counted with them.
func (r *roster) close(x *factIndex) error {
	if err := r.require(x); err != nil {
		return err
	}
	r.excludeUnits()
	return nil
}

// require drops the members that do not meet the pack's requirement.
func (r *roster) require(x *factIndex) error {
	e := r.pack.Assessed.Require
	if e == nil {
		return nil
	}
	t := newTable(r.pack, r.period, r.members, x)
	answers, err := t.eval(e, r.period)
	if err != nil {
		return err
	}
	kept := make([]member, 0, len(r.members))
	for i, m := range r.members {
		v := answers.At(i)
		switch {
		case v.Status != formula.OK:
			r.exclude(m.Subject, reasonRequirementUnknown(e.Source(), t.why(e, v.Status, i)), r.pack.Assessed.Law)
		case !v.Bool:
			r.exclude(m.Subject, reasonRequirementNotMet(e.Source(), t.filled(e, i)), r.pack.Assessed.Law)
		default:
			kept = append(kept, m)
		}
	}
	r.members = kept
	return nil
}
