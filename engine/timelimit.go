package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kaoping/engine/calendar"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// limitState is what a time limit says of one record.
type limitState struct {
	applies, done        bool
	inTime, inTarget     bool
	from, to, due, until exact.Num // until: when it was done, or when it was looked at
	target               exact.Num
	gap                  Text // why it cannot be told; zero if it can
}

func (s *limitState) late() bool    { return s.applies && !s.inTime && (s.done || s.until.Cmp(s.due) > 0) }
func (s *limitState) overdue() bool { return s.late() && !s.done }
func (s *limitState) open() bool    { return s.applies && !s.done && !s.late() }

// limitOf finds the time limit that gives a register the name id, and what is
// behind the limit's own id.
func (p *Pack) limitOf(register, id string) (*TimeLimit, string) {
	for i := range p.Records.TimeLimits {
		l := &p.Records.TimeLimits[i]
		suffix, ok := strings.CutPrefix(id, l.ID)
		if ok && l.Register == register && slices.Contains([]string{"", SuffixLate, SuffixOverdue, SuffixOpen, SuffixTarget}, suffix) {
			return l, suffix
		}
	}
	return nil, ""
}

// limitColumn answers one of a limit's names for every record.
func (s *caseSet) limitColumn(l *TimeLimit, suffix string) (*formula.Column, error) {
	states, err := s.limit(l)
	if err != nil {
		return nil, err
	}
	values := make([]formula.Value, len(states))
	for i := range states {
		st := &states[i]
		if !st.gap.IsZero() {
			values[i].Status = formula.Missing
			continue
		}
		switch suffix {
		case SuffixLate:
			values[i].Bool = st.late()
		case SuffixOverdue:
			values[i].Bool = st.overdue()
		case SuffixOpen:
			values[i].Bool = st.open()
		case SuffixTarget:
			values[i].Bool = st.applies && st.done && st.inTarget
		default:
			values[i].Bool = st.applies && st.done && st.inTime
		}
	}
	return formula.NewColumn(values), nil
}

// limit judges every record by a time limit, once.
func (s *caseSet) limit(l *TimeLimit) ([]limitState, error) {
	if states, ok := s.limits[l.ID]; ok {
		return states, nil
	}
	where, err := s.eval(l.Where)
	if err != nil {
		return nil, err
	}
	except, err := s.eval(l.ExceptWhen)
	if err != nil {
		return nil, err
	}
	from, err := s.clock(l.From)
	if err != nil {
		return nil, err
	}
	to, err := s.clock(l.To)
	if err != nil {
		return nil, err
	}
	states := make([]limitState, len(s.records))
	for i := range states {
		st := &states[i]
		if st.applies, st.gap = s.subjectTo(l, where, except, i); st.applies {
			s.judge(l, st, from.At(i), to.At(i), i)
		}
	}
	s.limits[l.ID] = states
	return states, nil
}

// subjectTo reports whether the limit holds for a record, or why it cannot be told.
func (s *caseSet) subjectTo(l *TimeLimit, where, except *formula.Column, row int) (bool, Text) {
	for _, c := range []struct {
		column *formula.Column
		e      *formula.Expr
		want   bool
	}{{where, l.Where, true}, {except, l.ExceptWhen, false}} {
		if c.column == nil {
			continue
		}
		v := c.column.At(row)
		if v.Status != formula.OK || v.Null {
			return false, s.recordGap(c.e, row)
		}
		if v.Bool != c.want {
			return false, Text{}
		}
	}
	return true, Text{}
}

// clock returns the moments a limit counts from or to; without a field those are
// the days that put records into the period.
func (s *caseSet) clock(id string) (*formula.Column, error) {
	if id != "" {
		return s.column(id)
	}
	values := make([]formula.Value, len(s.records))
	for i, r := range s.records {
		values[i] = dateValue(r.Date)
	}
	return formula.NewColumn(values), nil
}

// judge compares the moments of a record with the limit. Nothing in the field
// where the clock stops means that the record is still open.
func (s *caseSet) judge(l *TimeLimit, st *limitState, from, to formula.Value, row int) {
	r := s.records[row]
	switch {
	case from.Status != formula.OK || from.Null:
		st.gap = reasonRecord(r, []string{s.clockName(l.From)})
	case to.Status != formula.OK:
		st.gap = reasonRecord(r, []string{s.clockName(l.To)})
	case !to.Null && s.before(l, to.Num, from.Num):
		st.gap = reasonDoneBefore(r, s.clockName(l.From), from.Num, s.clockName(l.To), to.Num)
	}
	if !st.gap.IsZero() {
		st.applies = false
		return
	}
	st.from, st.to, st.done, st.until = from.Num, to.Num, !to.Null, to.Num
	if !st.done {
		st.until = s.lookedAt(l)
	}
	var err error
	if st.due, err = l.Within.end(s.table.pack, st.from); err == nil && l.Target != nil {
		st.target, err = l.Target.end(s.table.pack, st.from)
	}
	if err != nil {
		st.applies, st.gap = false, reasonCalendar(s.table.pack, err)
		return
	}
	st.inTime = st.done && !l.Within.passed(st.to, st.due)
	st.inTarget = st.done && (l.Target == nil || !l.Target.passed(st.to, st.target))
}

// before reports whether a record was done before it began. Where one of the two
// is a day without a time only the days are compared.
func (s *caseSet) before(l *TimeLimit, done, begun exact.Num) bool {
	if s.wholeDay(l.To, done) || s.wholeDay(l.From, begun) {
		return startOfDay(done).Cmp(startOfDay(begun)) < 0
	}
	return done.Cmp(begun) < 0
}

// wholeDay reports whether what a field says is a day without a time. Midnight in a
// field with times is a moment like any other.
func (s *caseSet) wholeDay(id string, moment exact.Num) bool {
	f := s.field(id)
	return moment.IsInt() && (f == nil || !f.Clock)
}

// passed reports whether something done at a moment came after a due one. Where
// days are counted the due moment is the beginning of the day after, and that is
// too late; where hours are, the last minute still counts.
func (s Span) passed(done, due exact.Num) bool {
	if s.countsDays() {
		return done.Cmp(due) >= 0
	}
	return done.Cmp(due) > 0
}

func (s Span) countsDays() bool {
	return s.Unit == SameDay || s.Unit == CalendarDays || s.Unit == WorkingDays
}

// lookedAt is the moment at which an open record is judged.
func (s *caseSet) lookedAt(l *TimeLimit) exact.Num {
	end := exact.Int(s.period.Last.AddDays(1).DayNumber())
	if !l.AtCutOff {
		return end
	}
	if at, ok := momentOf(s.table.index.asOf, s.table.pack.Records.ClockAhead); ok {
		return at
	}
	return end
}

func (s *caseSet) clockName(id string) string {
	if id != "" {
		return s.fieldName(id)
	}
	if s.decl != nil {
		return s.decl.Date
	}
	return id
}

// end returns the last moment of a span that begins at a moment; the end of a day
// is the beginning of the next. Days are counted from the day after.
func (s Span) end(p *Pack, from exact.Num) (exact.Num, error) {
	day, one := startOfDay(from), exact.Int(1)
	switch s.Unit {
	case SameDay:
		return day.Add(one), nil
	case CalendarDays:
		return day.Add(exact.Int(s.N + 1)), nil
	case WorkingDays:
		last, err := p.Calendar.AddWorkingDays(from, s.N)
		return exact.Int(last + 1), err
	case OfficeHours:
		return p.Calendar.AddWorkingHours(from, exact.Int(s.N))
	case ClockMinutes:
		return from.Add(exact.Frac(s.N, minutesOfDay)), nil
	}
	return from.Add(exact.Frac(s.N, 24)), nil
}

// Text writes a span: 3个工作日, 3 working days.
func (s Span) Text() Text {
	plural := "s"
	if s.N == 1 {
		plural = ""
	}
	switch s.Unit {
	case SameDay:
		return Text{"当日", "the same day"}
	case CalendarDays:
		return Text{fmt.Sprintf("%d天", s.N), fmt.Sprintf("%d day%s", s.N, plural)}
	case WorkingDays:
		return Text{fmt.Sprintf("%d个工作日", s.N), fmt.Sprintf("%d working day%s", s.N, plural)}
	case OfficeHours:
		return Text{fmt.Sprintf("%d个工作小时", s.N), fmt.Sprintf("%d working hour%s", s.N, plural)}
	case ClockMinutes:
		return Text{fmt.Sprintf("%d分钟", s.N), fmt.Sprintf("%d minute%s", s.N, plural)}
	}
	return Text{fmt.Sprintf("%d小时", s.N), fmt.Sprintf("%d hour%s", s.N, plural)}
}

// reasonCalendar says what the calendar lacks, and which file to edit.
func reasonCalendar(p *Pack, err error) Text {
	var year *calendar.MissingYear
	if errors.As(err, &year) {
		return Text{
			fmt.Sprintf("工作日历没有%d年:请在 %s 中补上这一年的放假调休安排", year.Year, p.CalendarFile),
			fmt.Sprintf("the calendar has no year %d: add its days off and adjusted workdays to %s", year.Year, p.CalendarFile),
		}
	}
	return Text{"工作日历没有写明上班时间:请在规则包中写 office_hours", "the calendar has no office hours: write office_hours in the pack"}
}

func reasonDoneBefore(r *Record, from string, begun exact.Num, to string, done exact.Num) Text {
	return Text{
		fmt.Sprintf("%s的%s(%s)早于%s(%s)", recordName(r).ZH, to, MomentText(done), from, MomentText(begun)),
		fmt.Sprintf("%s has %s (%s) before %s (%s)", recordName(r).EN, to, MomentText(done), from, MomentText(begun)),
	}
}

// timeLimit finds the records that were late, that are overdue, that missed the
// target, and those of which it cannot be told.
func (f *finder) timeLimit(l *TimeLimit) error {
	set := f.table.caseSet(l.Register, f.period)
	states, err := set.limit(l)
	if err != nil {
		return err
	}
	all, err := set.choose(nil)
	if err != nil {
		return err
	}
	for _, row := range all.rows {
		st, r := &states[row], set.records[row]
		switch {
		case !st.gap.IsZero():
			f.unknown(TimeLimitFinding, l.ID, l.Name, l.Law, r, st.gap)
		case st.late():
			f.out = append(f.out, set.lateFinding(l, st, r))
		case st.done && !st.inTarget, st.open() && l.Target != nil && st.until.Cmp(st.target) > 0:
			f.out = append(f.out, set.targetFinding(l, st, r))
		}
	}
	return nil
}

func (s *caseSet) lateFinding(l *TimeLimit, st *limitState, r *Record) Finding {
	f := s.limitFinding(l, st, r, Late, st.due, l.Within)
	if !st.done {
		f.State = Overdue
	}
	return f
}

func (s *caseSet) targetFinding(l *TimeLimit, st *limitState, r *Record) Finding {
	return s.limitFinding(l, st, r, TargetMissed, st.target, *l.Target)
}

// limitFinding says by when a record should have been handled and when it was.
func (s *caseSet) limitFinding(l *TimeLimit, st *limitState, r *Record, state FindingState, due exact.Num, within Span) Finding {
	over := st.until.Sub(due)
	how := lengthText(over)
	end := Text{fmt.Sprintf("%s %s", s.clockName(l.To), MomentText(st.until)), fmt.Sprintf("%s %s", s.clockName(l.To), MomentText(st.until))}
	switch {
	case st.done && s.wholeDay(l.To, st.until) && within.countsDays(): // a day counts as a whole
		over = over.Add(exact.Int(1))
		how = lengthText(over)
	case !st.done:
		end = Text{"至" + endText(st.until) + "未结", "still open at " + endText(st.until)}
	}
	sum := Text{
		fmt.Sprintf("%s %s 起%s,截止 %s;%s,超过%s", s.clockName(l.From), MomentText(st.from), within.Text().ZH, endText(due), end.ZH, how.ZH),
		fmt.Sprintf("%s %s, %s: due %s; %s, %s over", s.clockName(l.From), MomentText(st.from), within.Text().EN, endText(due), end.EN, how.EN),
	}
	return Finding{
		Kind: TimeLimitFinding, Rule: l.ID, Name: l.Name, State: state, Subject: r.Subject, Register: r.Register,
		Records: keysOf([]*Record{r}), Due: endText(due), Late: &over, Cite: l.Cite,
		Reason: Text{recordName(r).ZH + ":" + sum.ZH, recordName(r).EN + ": " + sum.EN},
	}
}
