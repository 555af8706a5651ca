package engine

import (
	"sort"

	"kaoping/engine/formula"
)

// notes says for each member what a reader should know about its figures: units
// counted in, units that delivered nothing, and where records and reported
// figures of the period differ.
func (t *table) notes(subjects map[string]Subject) ([][]Text, error) {
	differences := make([][]Text, len(t.members))
	for i := range t.pack.Statistics {
		s := &t.pack.Statistics[i]
		if s.Register == "" {
			continue
		}
		counts, err := t.counted(s, t.period)
		if err != nil {
			return nil, err
		}
		for row, c := range counts {
			differences[row] = append(differences[row], t.reconcile(s, row, c)...)
		}
	}
	periods := PriorPeriods(t.pack, t.period)
	notes := make([][]Text, len(t.members))
	for row := range t.members {
		notes[row] = append(t.mergeNotes(row, periods, subjects), differences[row]...)
	}
	return notes, nil
}

// reconcile compares what was counted with what was reported.
func (t *table) reconcile(s *Statistic, row int, c tally) []Text {
	reported, ok := t.reported(s, &t.members[row], t.period)
	switch {
	case !ok:
		return nil
	case t.fallsBack(s, row, t.period, c):
		return []Text{noteReportedInstead(s.Name, t.registerName(s.Register))}
	case c.status == formula.OK && !c.sum.Equal(reported):
		return []Text{noteDifference(s.Name, plain(s.Unit, c.sum), plain(s.Unit, reported))}
	}
	return nil
}

// mergeNotes names the units counted with a member, and what they did not
// deliver in the periods that its scorecard looks at.
func (t *table) mergeNotes(row int, periods []Period, subjects map[string]Subject) []Text {
	m := &t.members[row]
	if len(m.merged) == 0 {
		return nil
	}
	var names []string
	var silent []Text
	for _, code := range m.merged {
		unit := subjects[code].Name + "(" + code + ")"
		names = append(names, unit)
		for _, at := range periods {
			if missing := t.unreported(row, code, at); len(missing) > 0 {
				silent = append(silent, noteUnitReportsNothing(unit, missing, t.period, at))
			}
			if missing := t.uncovered(row, code, at); len(missing) > 0 {
				silent = append(silent, noteUnitHasNoRegister(unit, missing, at))
			}
		}
	}
	return append([]Text{noteMerged(names)}, silent...)
}

// unreported names the reported statistics that a member has in a period and a
// unit counted with it has not.
func (t *table) unreported(row int, unit string, at Period) []string {
	var names []string
	for i := range t.pack.Statistics {
		s := &t.pack.Statistics[i]
		_, has := t.indexAt(at).figures[figureKey{t.members[row].Code, s.ID, at}]
		_, also := t.indexAt(at).figures[figureKey{unit, s.ID, at}]
		if has && !also && t.fromReport(s, row, at) {
			names = append(names, s.Name)
		}
	}
	return names
}

// fromReport reports whether a statistic is taken from reported figures, not
// from records.
func (t *table) fromReport(s *Statistic, row int, at Period) bool {
	if s.Register == "" {
		return true
	}
	counts, used := t.counts[columnKey{s.ID, at}]
	return used && t.fallsBack(s, row, at, counts[row])
}

// uncovered names the registers that were used in a period and delivered for a
// member, but not for a unit counted with it.
func (t *table) uncovered(row int, unit string, at Period) []string {
	var names []string
	for i := range t.pack.Registers {
		r := &t.pack.Registers[i]
		index := t.indexAt(at)
		_, used := t.cases[caseKey{index, r.ID, at}]
		if used && index.covers(r.ID, t.members[row].Code, at) && !index.covers(r.ID, unit, at) {
			names = append(names, r.Name)
		}
	}
	return names
}

// unknownSubjects lists the codes that have figures, records or judgements in the
// period and stand nowhere on the roster.
func unknownSubjects(f *Facts, period Period) []Text {
	known := make(map[string]bool, len(f.Subjects))
	for i := range f.Subjects {
		known[f.Subjects[i].Code] = true
	}
	unknown := map[string]bool{}
	for i := range f.Figures {
		if x := &f.Figures[i]; x.Period == period && !known[x.Subject] {
			unknown[x.Subject] = true
		}
	}
	for i := range f.Records {
		if x := &f.Records[i]; period.Contains(x.Date) && !known[x.Subject] {
			unknown[x.Subject] = true
		}
	}
	for i := range f.Judgements {
		if x := &f.Judgements[i]; x.Period == period && !known[x.Subject] {
			unknown[x.Subject] = true
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	codes := make([]string, 0, len(unknown))
	for code := range unknown {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	return []Text{noteUnknownSubjects(codes)}
}
