package ingest

import (
	"slices"

	"kaoping/engine"
)

// judgementLoad reads reviewers' answers to checklists.
type judgementLoad struct {
	*load
	code, periods, indicator, line, answer, reason, evidence, scorer, reviewer *column
	checklists                                                                 map[string]*engine.Item // by folded id and name
	words                                                                      []string
	seen                                                                       map[judged]int // → index in the batch
	periodsSeen                                                                map[engine.Period]int
}

// judged is what is answered once.
type judged struct {
	subject   string
	period    engine.Period
	indicator string
	line      string
}

// ReadJudgements reads reviewers' answers, a row for each line of a checklist. The
// batch is nil if the file is refused; the report says why. The error is always
// nil.
func ReadJudgements(p *engine.Pack, src Source, opt Options) (*engine.Batch, *Report, error) {
	l := &judgementLoad{
		load:       open(p, TargetJudgements, src, opt),
		checklists: map[string]*engine.Item{}, seen: map[judged]int{}, periodsSeen: map[engine.Period]int{},
	}
	for _, it := range judgedItems(p.Sections) {
		l.checklists[fold(it.ID)], l.checklists[fold(it.Name)] = it, it
		l.words = append(l.words, it.Name, it.ID)
	}
	l.declare()
	for l.nextTable() {
		if !l.hasPeriod(l.periods) {
			continue
		}
		for l.next() {
			l.take()
		}
	}
	l.checkPeriods(l.periods, l.periodsSeen)
	return l.result()
}

// judgedItems lists the indicators that have a checklist.
func judgedItems(items []*engine.Item) []*engine.Item {
	var out []*engine.Item
	for _, it := range items {
		if it.Checklist != nil {
			out = append(out, it)
		}
		out = append(out, judgedItems(it.Children)...)
	}
	return out
}

func (l *judgementLoad) declare() {
	l.code = l.want(required, "机构编码", "subject", "code")
	l.periods = l.want(optional, "统计期间", "period")
	l.indicator = l.want(required, "指标", "indicator")
	l.line = l.want(required, "检查项", "line", "checklist line")
	l.answer = l.want(required, "结论", "answer")
	for _, it := range judgedItems(l.pack.Sections) {
		l.indicator.options = append(l.indicator.options, it.Name)
		for _, line := range it.Checklist.Lines {
			l.line.options = append(l.line.options, line.Name)
		}
	}
	l.answer.options = answerOptions(l.pack)
	l.reason = l.want(optional, "理由", "reason")
	l.evidence = l.want(optional, "佐证", "evidence")
	l.scorer = l.want(required, "评分人", "scorer")
	l.reviewer = l.want(required, "复核人", "reviewer")
}

// take reads one row: all its cells, whatever is wrong with the first.
func (l *judgementLoad) take() {
	j := engine.Judgement{Reason: l.text(l.reason), Evidence: l.text(l.evidence), Origin: l.origin(nil)}
	j.Subject, _ = l.subject(l.code)
	j.Period, _ = l.period(l.periods)
	if it := l.item(); it != nil {
		j.Indicator = it.ID
		j.Line = l.checklistLine(it)
		j.Answer = l.verdict(it)
	}
	j.Scorer, _ = l.filled(l.scorer)
	j.Reviewer, _ = l.filled(l.reviewer)
	if j.Scorer != "" && fold(j.Scorer) == fold(j.Reviewer) {
		l.fault(l.reviewer.at, j.Reviewer, samePerson())
	}
	if !l.bad[l.row.line] {
		l.keep(j)
	}
}

func (l *judgementLoad) item() *engine.Item {
	s, ok := l.filled(l.indicator)
	if !ok {
		return nil
	}
	it := l.checklists[fold(s)]
	if it == nil {
		l.fault(l.indicator.at, s, unknownWord(say("有检查项的指标", "indicator with a checklist"), nearest(s, l.words)))
	}
	return it
}

func (l *judgementLoad) checklistLine(it *engine.Item) string {
	s, ok := l.filled(l.line)
	if !ok {
		return ""
	}
	var lines []string
	for _, line := range it.Checklist.Lines {
		lines = append(lines, line.Name)
	}
	if it.Checklist.Raters && it.Checklist.RaterLine(s) != s {
		return s // 同事评价/03: one of several raters
	}
	name, ok := oneOf(s, lines)
	if !ok {
		l.fault(l.line.at, s, unknownWord(say("检查项", "checklist line"), nearest(s, lines)))
	}
	return name
}

var answers = map[string]engine.Answer{
	"是": engine.Yes, "yes": engine.Yes, "y": engine.Yes, "true": engine.Yes, "1": engine.Yes, "√": engine.Yes,
	"否": engine.No, "no": engine.No, "n": engine.No, "false": engine.No, "0": engine.No, "×": engine.No,
	"部分": engine.Partly, "partly": engine.Partly, "partial": engine.Partly,
	"不适用": engine.NotApplicable, "n.a.": engine.NotApplicable, "n/a": engine.NotApplicable, "na": engine.NotApplicable,
}

func (l *judgementLoad) verdict(it *engine.Item) engine.Answer {
	s, ok := l.filled(l.answer)
	if !ok {
		return ""
	}
	if !it.Checklist.Plain() {
		if _, ok := it.Checklist.Share(engine.Answer(s), it.FullPoints); !ok {
			l.fault(l.answer.at, s, notOneOf(allowedAnswers(it.Checklist), ""))
		}
		return engine.Answer(s)
	}
	a, ok := answers[fold(s)]
	switch {
	case !ok:
		l.fault(l.answer.at, s, notOneOf([]string{"是 yes", "否 no", "部分 partly", "不适用 n.a."}, ""))
	case a == engine.Partly && it.Checklist.Partly == nil:
		l.fault(l.answer.at, s, answerNotAllowed())
	}
	return a
}

// answerOptions lists what may be answered, for the drop-down of the template. Where
// marks are given there is none: any number in the range will do.
func answerOptions(p *engine.Pack) []string {
	var out []string
	add := func(words ...string) {
		for _, w := range words {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	for _, it := range judgedItems(p.Sections) {
		switch c := it.Checklist; {
		case c.Marks != nil:
			return nil
		case len(c.Grades) > 0:
			add(allowedAnswers(c)...)
		default:
			add("是", "否", "部分", "不适用")
		}
	}
	return out
}

// allowedAnswers lists the grades, or says which marks may be given.
func allowedAnswers(c *engine.Checklist) []string {
	if c.Marks != nil {
		return []string{c.Marks.From.Shortest(4) + " – " + c.Marks.To.Shortest(4)}
	}
	var out []string
	for _, g := range c.Grades {
		out = append(out, g.Name)
	}
	return out
}

// keep adds an answer. The same answer twice counts once, two different ones
// contradict each other.
func (l *judgementLoad) keep(j engine.Judgement) {
	key := judged{j.Subject, j.Period, j.Indicator, j.Line}
	if _, ok := l.periodsSeen[j.Period]; !ok {
		l.periodsSeen[j.Period] = l.row.line
	}
	i, again := l.seen[key]
	if !again {
		l.seen[key] = len(l.batch.Judgements)
		l.batch.Judgements = append(l.batch.Judgements, j)
		return
	}
	first := l.batch.Judgements[i]
	row := first.Origin.Row
	first.Origin = j.Origin
	if first == j {
		l.note(l.line.at, j.Line, repeatedRow(l.lineText(row)))
		return
	}
	l.bad[row] = true
	l.fault(l.line.at, j.Line, duplicateKey(say("检查项", "line"), j.Subject+" "+j.Line, l.lineText(row), ""))
}

// hasChecklists reports whether the pack judges anything.
func hasChecklists(p *engine.Pack) bool {
	return slices.ContainsFunc(p.Sections, func(it *engine.Item) bool { return len(judgedItems([]*engine.Item{it})) > 0 })
}
