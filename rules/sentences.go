package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Sentence is one line of a pack read back in words, so that an officer sees
// that she wrote what she meant.
type Sentence struct {
	Heading bool   // names a part of the pack; the sentences after it belong to it
	Text    string // without a line break
	Cite    string // the clause, or the assumption and who can settle it; may be empty
	Quote   string // the regulation's own words, if the pack quotes them
	Item    string // id of the indicator, metric, statistic … it speaks of; may be empty
	File    string // where the rule is written; empty if no one line says it
	Line    int    // 1-based; 0 likewise
	Part    string // the key of the top level that the rule stands under
}

// Sentences reads every line of a pack back in a language, in the order of the
// regulation.
func Sentences(p *engine.Pack, lang engine.Lang) []Sentence {
	n := newNarrator(p, lang)
	n.tell()
	return n.out
}

// tell reads the whole pack back.
func (n *narrator) tell() {
	for _, p := range []struct {
		key  string
		tell func()
	}{
		{"pack", n.introduction}, {"periods", n.periods}, {"assessed", n.assessed}, {"attributes", n.attributes}, {"feeds", n.feeds},
		{"registers", n.registers}, {"statistics", n.statistics}, {"cross_checks", n.crossChecks}, {"time_limits", n.recordRules}, {"parameters", n.parameters}, {"benchmarks", n.benchmarks},
		{"metrics", n.metrics}, {"sections", n.scoringPart}, {"rounding", n.rounding}, {"ranking", n.ranking}, {"ratings", n.ratings},
		{"consequences", n.consequences}, {"official_results", n.officialResults}, {"assumptions", n.assumptions}, {"remarks", n.remarks},
	} {
		n.part = p.key
		p.tell()
	}
}

// scoringPart notes where the sentences about the scorecard stand.
func (n *narrator) scoringPart() {
	n.scored[0] = len(n.out)
	n.scoring()
	n.scored[1] = len(n.out)
}

// narrator collects the sentences about one pack in one language.
type narrator struct {
	pack *engine.Pack
	lang engine.Lang
	item string // what the sentences speak of now
	part string // the key of the top level that they stand under
	out  []Sentence
	said map[string]string // how names in formulas are spoken, by name as written

	scored   [2]int   // where the sentences about the scorecard begin and end
	leanedOn []string // assumptions that were named, each once
}

func newNarrator(p *engine.Pack, lang engine.Lang) *narrator {
	n := &narrator{pack: p, lang: lang}
	n.said = n.spokenNames()
	return n
}

// pick returns the wording in the narrator's language.
func (n *narrator) pick(zh, en string) string {
	if n.lang == engine.English {
		return en
	}
	return zh
}

// heading starts a part of the pack.
func (n *narrator) heading(text string, law engine.Law) {
	n.out = append(n.out, Sentence{Heading: true, Text: text, Cite: n.source(law), Quote: law.Quote, Item: n.item, File: law.File, Line: law.Line, Part: n.part})
}

// say adds a sentence below the last heading.
func (n *narrator) say(text string, law engine.Law) {
	n.out = append(n.out, Sentence{Text: text, Cite: n.source(law), Quote: law.Quote, Item: n.item, File: law.File, Line: law.Line, Part: n.part})
}

// remark adds a sentence that needs no source.
func (n *narrator) remark(text string) { n.say(text, engine.Law{}) }

// source says where a rule comes from: its clause, its assumption and whom to ask.
func (n *narrator) source(law engine.Law) string {
	var parts []string
	if law.Cite != "" {
		parts = append(parts, law.Cite)
	}
	for _, id := range strings.FieldsFunc(law.Assumption, func(r rune) bool { return r == ',' || r == ' ' || r == '、' }) {
		parts = append(parts, n.assumption(id))
		if !slices.Contains(n.leanedOn, id) {
			n.leanedOn = append(n.leanedOn, id)
		}
	}
	return strings.Join(parts, "; ")
}

// assumption names an assumption and whether somebody still has to confirm it.
func (n *narrator) assumption(id string) string {
	i := slices.IndexFunc(n.pack.Assumptions, func(a engine.Assumption) bool { return a.ID == id })
	if i < 0 {
		return n.pick("假设 "+id, "assumption "+id)
	}
	a := n.pack.Assumptions[i]
	return n.pick("假设 "+id+", ", "assumption "+id+", ") + n.standing(a)
}

// standing says whether an assumption is settled, and if not who can settle it.
func (n *narrator) standing(a engine.Assumption) string {
	switch {
	case a.State != "open":
		return n.pick("已确认", "settled")
	case a.Ask == "":
		return n.pick("待确认", "to be confirmed")
	}
	return n.pick("待"+a.Ask+"确认", "to be confirmed by "+a.Ask)
}

// introduction names the pack, its edition and the periods it scores.
func (n *narrator) introduction() {
	p := n.pack
	n.heading(apart(p.Title.In(n.lang), p.Name, p.Edition.String(), n.status(p.Status)), engine.Law{})
	if p.Regulator != "" {
		n.remark(n.pick("制定机关: ", "made by ") + p.Regulator)
	}
	if !p.Effective.From.IsZero() {
		n.say(n.effective(p.Effective), p.Effective.Law)
	}
	for _, s := range p.Sources {
		n.remark(n.document(s))
	}
}

// status says in words whether a pack is a draft.
func (n *narrator) status(s string) string {
	zh := map[string]string{"draft": "草案", "trial": "试行", "in force": "正式施行"}[s]
	return n.pick(zh, s)
}

// effective says which periods an edition scores.
func (n *narrator) effective(e engine.Effective) string {
	zhDay, enDay := "最后一天", "last"
	if e.ByFirstDay {
		zhDay, enDay = "第一天", "first"
	}
	if e.Until.IsZero() {
		return n.pick(fmt.Sprintf("适用于%s在 %s 及以后的统计期间", zhDay, e.From),
			fmt.Sprintf("scores periods whose %s day is %s or later", enDay, e.From))
	}
	return n.pick(fmt.Sprintf("适用于%s在 %s 至 %s 之间的统计期间, 含首尾两日", zhDay, e.From, e.Until),
		fmt.Sprintf("scores periods whose %s day falls in %s to %s, both days included", enDay, e.From, e.Until))
}

// document names a source and when somebody last laid it beside the pack.
func (n *narrator) document(s engine.Source) string {
	text := s.ID + ": " + s.Title
	switch s.LastCompared {
	case "":
	case "not yet":
		text += n.pick("; 尚未与原文逐条核对", "; not yet compared with the text by a person")
	default:
		text += n.pick("; "+s.LastCompared+" 与原文逐条核对", "; last compared with the text on "+s.LastCompared)
	}
	return text
}

// periods says which spans are assessed and what the previous period is.
func (n *narrator) periods() {
	if len(n.pack.Periods) == 0 {
		return
	}
	n.heading(n.pick("统计期间", "Periods"), engine.Law{})
	for _, k := range n.pack.Periods {
		n.remark(n.periodKind(k))
	}
	n.remark(n.previous(n.pack.Previous))
	if n.pack.PriorFigures == engine.FiguresAsPublished {
		n.remark(n.pick("以前各期的数用其结果公布时的数, 公布后的更正不计", "figures of earlier periods are those their published result was computed from; later corrections do not count"))
	}
}

// everyWords says how often a period comes, by its months.
var everyWords = map[int][2]string{1: {"每月", "every month"}, 3: {"每季度", "every quarter"}, 6: {"每半年", "every half-year"}, 12: {"每年", "every year"}}

func (n *narrator) periodKind(k engine.PeriodKind) string {
	if words, ok := everyWords[k.Months]; ok {
		zh, en := k.ID+": "+words[0], k.ID+": "+words[1]
		if k.DueDay > 0 {
			zh, en = fmt.Sprintf("%s, 次月%d日前上报", zh, k.DueDay), fmt.Sprintf("%s, reported by day %d of the next month", en, k.DueDay)
		}
		return n.pick(zh, en)
	}
	zh := fmt.Sprintf("%s: %s至%s", k.ID, zhDay(k.FirstDay), zhDay(k.LastDay))
	en := fmt.Sprintf("%s: %s to %s", k.ID, enDay(k.FirstDay), enDay(k.LastDay))
	switch due := k.ReportDue; {
	case due == engine.MonthDay{}:
	case k.DueNextYear:
		zh, en = zh+", 次年"+zhDay(due)+"前上报", en+", reported by "+enDay(due)+" of the next year"
	default:
		zh, en = zh+", "+zhDay(due)+"前上报", en+", reported by "+enDay(due)
	}
	return n.pick(zh, en)
}

// previous says what the previous period means in this pack.
func (n *narrator) previous(r engine.PreviousRule) string {
	if r == engine.PeriodJustBefore {
		return n.pick("“上期”指紧接在前的一个统计期间", "“previous” is the period just before")
	}
	return n.pick("“上期”指上年同期", "“previous” is the same period one year earlier")
}

// assessed says who takes part and who is compared with whom.
func (n *narrator) assessed() {
	a := n.pack.Assessed
	n.heading(n.pick("考评对象", "Who is assessed"), a.Law)
	if a.Require == nil {
		n.remark(n.pick("没有参评条件", "nobody has to meet a condition"))
	} else {
		n.remark(n.pick("参评条件: ", "takes part: who meets ") + n.formula(a.Require.Source()))
	}
	if len(a.LeaveOut) > 0 {
		n.remark(n.pick("不参加考评: ", "takes no part: ") + n.list(a.LeaveOut))
	}
	if len(a.CountWithParent) > 0 {
		n.remark(n.pick("并入所属分公司: ", "counted with the branch it belongs to: ") + n.list(a.CountWithParent))
	}
	for _, g := range n.pack.PeerGroups {
		n.remark(n.pick("同业 ", "peer group ") + titled(g.ID, g.Title.In(n.lang)))
	}
}

// assumptions lists what the text leaves open.
func (n *narrator) assumptions() {
	if len(n.pack.Assumptions) == 0 {
		return
	}
	n.heading(n.pick("假设", "Assumptions"), engine.Law{})
	for _, a := range n.pack.Assumptions {
		n.item = a.ID
		text := a.ID + ": " + a.Says.In(n.lang)
		if !a.Because.IsZero() {
			text += n.pick("; 理由: ", "; because ") + a.Because.In(n.lang)
		}
		n.out = append(n.out, Sentence{Text: text, Cite: n.standing(a), Item: a.ID, Part: n.part})
	}
	n.item = ""
}

// remarks repeats what the officer wrote down about the text.
func (n *narrator) remarks() {
	if len(n.pack.Remarks) == 0 {
		return
	}
	n.heading(n.pick("备注", "Remarks"), engine.Law{})
	for _, r := range n.pack.Remarks {
		n.remark(r.In(n.lang))
	}
}

// list joins names: 甲, 乙, 丙.
func (n *narrator) list(names []string) string { return strings.Join(names, n.pick("、", ", ")) }

// points writes a number of points with its word: 20 分, 1 point.
func (n *narrator) points(x exact.Num) string {
	s := figure(x)
	if s == "1" {
		return n.pick("1 分", "1 point")
	}
	return n.pick(s+" 分", s+" points")
}

// figure writes an exact number as people do.
func figure(x exact.Num) string { return x.Shortest(6) }

func zhDay(d engine.MonthDay) string { return fmt.Sprintf("%d月%d日", d.Month, d.Day) }

func enDay(d engine.MonthDay) string {
	return fmt.Sprintf("%d %s", d.Day, [...]string{"", "January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"}[d.Month])
}

// apart sets the parts of a heading apart.
func apart(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "   ")
}

// titled joins an id with its title unless they are the same.
func titled(id, title string) string {
	if title == "" || title == id {
		return id
	}
	return id + ": " + title
}
