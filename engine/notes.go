package engine

import (
	"sort"

	"kaoping/engine/formula"
)

// notes says for each member what a reader should know about its figures of the
// period: units counted in, units that delivered nothing, and where records and
// reported figures differ.
func (t *table) notes(subjects map[string]Subject) ([][]Text, error) {
	notes := make([][]Text, len(t.members))
	for row := range t.members {
		notes[row] = t.mergeNotes(&t.members[row], subjects)
	}
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
			notes[row] = append(notes[row], t.reconcile(s, row, c)...)
		}
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

func (t *table) mergeNotes(m *member, subjects map[string]Subject) []Text {
	if len(m.merged) == 0 {
		return nil
	}
	var names []string
	var silent []Text
	for _, code := range m.merged {
		unit := subjects[code].Name + "(" + code + ")"
		names = append(names, unit)
		if missing := t.unreported(m.Code, code); len(missing) > 0 {
			silent = append(silent, noteUnitReportsNothing(unit, missing))
		}
	}
	return append([]Text{noteMerged(names)}, silent...)
}

// unreported names the reported statistics that a subject has and a unit counted
// with it has not.
func (t *table) unreported(head, unit string) []string {
	var names []string
	for _, s := range t.pack.Statistics {
		if s.Register != "" {
			continue
		}
		_, has := t.index.figures[figureKey{head, s.ID, t.period}]
		_, also := t.index.figures[figureKey{unit, s.ID, t.period}]
		if has && !also {
			names = append(names, s.Name)
		}
	}
	return names
}

// unknownSubjects lists the codes that have figures or records in the period
// and stand nowhere on the roster.
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
