package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
)

// feedLoad reads a table of figures: one row for each subject and period.
type feedLoad struct {
	*load
	feed                               *engine.Feed
	code, name, group, prefix, periods *column
	apart                              *column
	figures                            []figureColumn
	onRecord                           bool // there were subjects before this file
	taken                              []feedRow
}

type figureColumn struct {
	*column
	statistic string
	group     string // that the figures belong to; empty if the row says it
}

// feedRow is one good row.
type feedRow struct {
	line    int
	code    string
	name    string
	group   string
	apart   string // what tells it from another row of the subject
	period  engine.Period
	figures []engine.Figure
}

// ReadFeed reads a table of figures. The batch is nil if the file is refused; the
// report says why. The error is only for a feed the pack does not have.
func ReadFeed(p *engine.Pack, feed string, src Source, opt Options) (*engine.Batch, *Report, error) {
	f, err := findFeed(p, feed)
	if err != nil {
		return nil, nil, err
	}
	l := &feedLoad{load: open(p, f.ID, src, opt), feed: f, onRecord: len(opt.Subjects) > 0}
	l.declare()
	for l.nextTable() {
		if !l.hasPeriod(l.periods) {
			continue
		}
		for l.next() {
			l.take()
		}
	}
	if !l.refused {
		l.finish()
	}
	return l.result()
}

func findFeed(p *engine.Pack, name string) (*engine.Feed, error) {
	for i := range p.Feeds {
		if f := &p.Feeds[i]; f.ID == name || f.Name == name {
			return f, nil
		}
	}
	return nil, fmt.Errorf("pack %s has no feed %q: %w", p.Name, name, engine.ErrNotFound)
}

// declare adds the columns the feed has a place for.
func (l *feedLoad) declare() {
	f := l.feed
	twins := func(heading, zh, en string) []string {
		if l.byDefault() {
			return []string{heading, zh, en}
		}
		return []string{heading}
	}
	l.code = l.want(required, twins(f.Subject, "机构编码", "subject")...)
	if f.SubjectName == f.Subject {
		l.name = l.code // the name is all the code there is
	} else if f.SubjectName != "" {
		l.name = l.want(optional, twins(f.SubjectName, "机构名称", "name")...)
	}
	if f.PeerGroup != "" {
		l.group = l.want(required, f.PeerGroup)
		l.group.options = groupWords(l.pack)
	}
	if f.CodePrefix != "" && f.CodePrefix != f.PeerGroup {
		l.prefix = l.want(required, f.CodePrefix)
	} else if f.CodePrefix != "" {
		l.prefix = l.group
	}
	if f.ApartBy != "" {
		l.apart = l.want(optional, f.ApartBy)
	}
	l.periods = l.want(optional, f.Period, "统计期间", "period")
	l.sheets, l.called = f.Sheets, []string{f.ID, f.Name}
	l.identity = []*column{l.code, l.prefix, l.apart, l.periods}
	l.declareFigures()
	for _, o := range l.pack.Official {
		if o.Feed == f.ID {
			l.quiet = append(l.quiet, strings.Fields(o.Only)...)
			for _, c := range o.Compare {
				l.quiet = append(l.quiet, c.Column)
			}
		}
	}
}

// byDefault reports whether the pack declares no feed, so that this is the one
// every pack then has.
func (l *feedLoad) byDefault() bool { return l.feed.Line == 0 }

// declareFigures adds the declared columns, and those of statistics that no feed
// declares: they may stand in any.
func (l *feedLoad) declareFigures() {
	need := required
	if l.byDefault() {
		need = expected
	}
	elsewhere := map[string]bool{}
	for _, f := range l.pack.Feeds {
		for _, c := range f.Columns {
			elsewhere[c.Statistic] = true
		}
	}
	for _, c := range l.feed.Columns {
		name := ""
		if l.byDefault() {
			name = c.Statistic
		}
		l.figures = append(l.figures, figureColumn{l.wantNumber(need, c.Unit, c.Heading, name), c.Statistic, c.PeerGroup})
	}
	for _, s := range l.pack.Statistics {
		if s.Register == "" && !elsewhere[s.ID] {
			l.figures = append(l.figures, figureColumn{l.wantNumber(optional, s.Unit, s.Name, s.ID), s.ID, ""})
		}
	}
}

// hasPeriod reports whether it is known of which period the rows are.
func (l *load) hasPeriod(periods *column) bool {
	if !periods.there() && l.opt.Period.IsZero() {
		l.refuse(-1, "", noPeriod())
		return false
	}
	return true
}

// makesSubjects reports whether rows of unknown subjects add them.
func (l *feedLoad) makesSubjects() bool {
	return l.name.there() && (l.group.there() || l.feed.PeerGroupFixed != "" || l.feed.ByColumn() || len(l.pack.PeerGroups) <= 1)
}

// take reads one row: all its cells, whatever is wrong with the first.
func (l *feedLoad) take() {
	r := feedRow{line: l.row.line}
	var ok1, ok2, ok3 bool
	r.code, ok1 = l.rowCode()
	r.period, ok2 = l.period(l.periods)
	r.group, ok3 = l.rowGroup()
	r.name = l.rowName()
	if l.apart.there() {
		r.apart = l.text(l.apart)
	}
	rows := l.byGroup(r)
	if ok1 && ok2 && ok3 && !l.bad[r.line] {
		l.taken = append(l.taken, rows...)
	}
}

// byGroup reads the figures of a row. Where the columns say the peer group, the
// row is a subject in each group of which it has a figure.
func (l *feedLoad) byGroup(r feedRow) []feedRow {
	var rows []feedRow
	if !l.feed.ByColumn() {
		rows = []feedRow{r}
	}
	for _, c := range l.figures {
		x, ok := l.figure(c.column)
		if !ok {
			continue
		}
		at := len(rows) - 1
		if c.group != "" {
			if at = slices.IndexFunc(rows, func(x feedRow) bool { return x.group == c.group }); at < 0 {
				s := r
				s.code, s.group = c.group+":"+r.code, c.group
				rows = append(rows, s)
				at = len(rows) - 1
			}
		}
		if at < 0 {
			continue
		}
		rows[at].figures = append(rows[at].figures, engine.Figure{
			Subject: rows[at].code, Statistic: c.statistic, Period: r.period, Value: x, Origin: l.origin(c.column),
		})
	}
	return rows
}

func (l *feedLoad) rowCode() (string, bool) {
	prefix := ""
	if l.prefix != nil {
		s, ok := l.filled(l.prefix)
		if !ok {
			return "", false
		}
		prefix = s + ":"
	}
	if prefix == "" && !l.makesSubjects() {
		return l.subject(l.code)
	}
	s, ok := l.filled(l.code)
	if ok && !l.makesSubjects() && l.directory.checks() && !l.directory.has(prefix+s) {
		l.fault(l.code.at, s, unknownSubject(l.directory.near(prefix+s)))
		return "", false
	}
	return prefix + s, ok
}

func (l *feedLoad) rowGroup() (string, bool) {
	switch {
	case l.group.there():
		return l.peerGroup(l.group)
	case l.feed.PeerGroupFixed != "":
		return l.feed.PeerGroupFixed, true
	case len(l.pack.PeerGroups) == 1:
		return l.pack.PeerGroups[0].ID, true
	}
	return "", true
}

func (l *feedLoad) rowName() string {
	if !l.makesSubjects() {
		return ""
	}
	name, _ := l.filled(l.name)
	return name
}

// finish looks at the rows together: twins, repetitions, contradictions.
func (l *feedLoad) finish() {
	l.mergeTwins()
	l.tellApart()
	seen := map[string]int{}
	periods := map[engine.Period]int{}
	kept := l.taken[:0]
	for _, r := range l.taken {
		key := r.code + "\x00" + r.period.String()
		i, again := seen[key]
		switch {
		case !again:
			seen[key] = len(kept)
			kept = append(kept, r)
		case same(kept[i], r):
			l.add(r.line, l.at(l.code, r.line), r.code, repeatedRow(l.lineText(kept[i].line)), true)
		default:
			l.contradict(kept[i].line, r)
		}
		if _, ok := periods[r.period]; !ok {
			periods[r.period] = r.line
		}
	}
	l.checkPeriods(l.periods, periods)
	l.taken = kept
	for _, r := range kept {
		l.batch.Figures = append(l.batch.Figures, r.figures...)
	}
	l.addSubjects()
}

// tellApart makes subjects of their own of several rows of one subject and
// period, where the pack names the column that says what they are.
func (l *feedLoad) tellApart() {
	if !l.apart.there() {
		return
	}
	kinds := map[string]map[string]bool{}
	key := func(r *feedRow) string { return r.code + "\x00" + r.period.String() }
	for i := range l.taken {
		r := &l.taken[i]
		if kinds[key(r)] == nil {
			kinds[key(r)] = map[string]bool{}
		}
		kinds[key(r)][r.apart] = true
	}
	for i := range l.taken {
		if r := &l.taken[i]; r.apart != "" && len(kinds[key(r)]) > 1 {
			l.add(r.line, l.at(l.apart, r.line), r.apart, toldApart(r.name, r.apart), true)
			r.rename(" (" + r.apart + ")")
		}
	}
}

// rename puts words behind the code and the name.
func (r *feedRow) rename(behind string) {
	r.code += behind
	r.name += behind
	for i := range r.figures {
		r.figures[i].Subject = r.code
	}
}

// contradict reports two rows for one subject and period. Neither is to be
// trusted.
func (l *feedLoad) contradict(first int, r feedRow) {
	l.bad[first], l.bad[r.line] = true, true
	l.add(r.line, l.at(l.code, r.line), r.code, duplicateKey(say("机构", "subject"), r.code+" "+r.period.String(), l.lineText(first), ""), false)
}

// same reports whether two rows deliver the same figures.
func same(a, b feedRow) bool {
	return a.name == b.name && a.group == b.group && slices.EqualFunc(a.figures, b.figures, func(x, y engine.Figure) bool {
		return x.Statistic == y.Statistic && x.Value.Equal(y.Value)
	})
}

// mergeTwins applies what the pack says about subjects that stand in the file
// under several codes: of rows that agree in everything else one is kept.
func (l *feedLoad) mergeTwins() {
	for _, o := range l.pack.Official {
		if o.Feed != l.feed.ID {
			continue
		}
		for _, m := range o.Merge {
			l.mergeRows(m)
		}
	}
}

func (l *feedLoad) mergeRows(m engine.OfficialMerge) {
	var twins, others []int // indexes of rows under the codes
	for i, r := range l.taken {
		if r.period.String() != m.Period || !slices.Contains(m.Codes, r.code) {
			continue
		}
		isTwin := slices.ContainsFunc(l.taken, func(s feedRow) bool {
			return s.line != r.line && s.code != r.code && s.period == r.period && slices.Contains(m.Codes, s.code) && same(s, r)
		})
		if isTwin {
			twins = append(twins, i)
		} else {
			others = append(others, i)
		}
	}
	if len(twins) < 2 {
		return
	}
	kept := l.keptTwin(m, twins, others)
	drop := map[int]bool{}
	for _, i := range twins {
		if i == kept {
			continue
		}
		r := l.taken[i]
		drop[r.line] = true
		l.report.Merged = append(l.report.Merged, Merged{Row: l.rowOf(r.line), Code: r.code, Into: l.taken[kept].code, Period: r.period})
		l.add(r.line, l.at(l.code, r.line), r.code, mergedRow(l.lineText(l.taken[kept].line), m.Codes, l.taken[kept].code, m.Why), true)
	}
	l.taken = slices.DeleteFunc(l.taken, func(r feedRow) bool { return drop[r.line] })
}

// keptTwin picks the twin whose code no other row of the period bears, the first
// of the pack's list if there are several.
func (l *feedLoad) keptTwin(m engine.OfficialMerge, twins, others []int) int {
	for _, code := range m.Codes {
		taken := slices.ContainsFunc(others, func(i int) bool { return l.taken[i].code == code })
		for _, i := range twins {
			if l.taken[i].code == code && !taken {
				return i
			}
		}
	}
	return twins[0]
}

// addSubjects adds a version of a subject for the first period in which it
// stands, and for each in which its name or peer group changes. What is on
// record already stays as it is.
func (l *feedLoad) addSubjects() {
	byCode := map[string][]feedRow{}
	var codes []string
	for _, r := range l.taken {
		if r.name == "" {
			continue // its table makes no subjects
		}
		if byCode[r.code] == nil {
			codes = append(codes, r.code)
		}
		byCode[r.code] = append(byCode[r.code], r)
	}
	for _, code := range codes {
		rows := byCode[code]
		slices.SortStableFunc(rows, func(a, b feedRow) int {
			return cmp.Or(a.period.First.Compare(b.period.First), a.period.Last.Compare(b.period.Last))
		})
		for _, r := range rows {
			l.addVersion(r)
		}
	}
}

func (l *feedLoad) addVersion(r feedRow) {
	s, known := l.directory.inForce(r.code, r.period.Last)
	switch {
	case known && s.Name == r.name && s.PeerGroup == r.group:
		return
	case known && s.ValidFrom == r.period.First:
		l.add(r.line, l.at(l.name, r.line), r.name, otherName(s.Name), true)
		return
	case !known && l.directory.has(r.code):
		return
	case !known && l.onRecord:
		l.add(r.line, l.at(l.code, r.line), r.code, newSubject(r.name, l.directory.byName[fold(r.name)]), true)
	}
	s.Code, s.Name, s.PeerGroup, s.ValidFrom = r.code, r.name, r.group, r.period.First
	s.Origin = engine.Origin{File: l.report.File, Row: r.line}
	l.directory.add(s)
	l.batch.Subjects = append(l.batch.Subjects, s)
}
