package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
)

// Every sentence of a scorecard is written here, in both languages.

func joinTexts(texts []Text) Text {
	zh, en := make([]string, len(texts)), make([]string, len(texts))
	for i, t := range texts {
		zh[i], en[i] = t.ZH, t.EN
	}
	return Text{strings.Join(zh, ";"), strings.Join(en, "; ")}
}

func withClause(t Text, l Law) Text {
	if l.Cite == "" {
		return t
	}
	return Text{t.ZH + "(" + l.Cite + ")", t.EN + " (" + l.Cite + ")"}
}

// Who takes part.

func reasonTypeLeftOut(kind string) Text {
	return Text{kind + "不在考评范围", fmt.Sprintf("%s is left out of the assessment", kind)}
}

func reasonCountedWith(kind string, head Subject) Text {
	return Text{
		fmt.Sprintf("%s并入%s(%s)考评", kind, head.Name, head.Code),
		fmt.Sprintf("%s is counted with %s (%s)", kind, head.Name, head.Code),
	}
}

func reasonParentUnknown(kind, parent string) Text {
	return Text{
		fmt.Sprintf("%s应并入上级机构%s考评,但名录中没有该机构", kind, parent),
		fmt.Sprintf("%s is counted with its parent %s, which is not on the roster", kind, parent),
	}
}

func reasonParentUnnamed(kind string, unit Subject) Text {
	return Text{
		fmt.Sprintf("%s应并入上级机构考评,但名录中没有写明%s(%s)的上级机构", kind, unit.Name, unit.Code),
		fmt.Sprintf("%s is counted with its parent, but the roster names no parent of %s (%s)", kind, unit.Name, unit.Code),
	}
}

func reasonParentsInCircle(kind string, unit Subject) Text {
	return Text{
		fmt.Sprintf("%s应并入上级机构考评,但名录中%s(%s)的上级机构又归到自身", kind, unit.Name, unit.Code),
		fmt.Sprintf("%s is counted with its parent, but the parents of %s (%s) lead back to itself", kind, unit.Name, unit.Code),
	}
}

func reasonParentNotAssessed(kind string, head Subject) Text {
	return Text{
		fmt.Sprintf("%s应并入%s(%s)考评,但该机构不参加考评", kind, head.Name, head.Code),
		fmt.Sprintf("%s is counted with %s (%s), which takes no part", kind, head.Name, head.Code),
	}
}

func reasonUnknownGroup(group string) Text {
	if group == "" {
		return Text{"名录中没有写明类别", "the roster names no peer group"}
	}
	return Text{fmt.Sprintf("类别%q不在规则包中", group), fmt.Sprintf("the pack has no peer group %q", group)}
}

func reasonNotYetListed(from Date) Text {
	return Text{fmt.Sprintf("名录自%s起才列入", from), fmt.Sprintf("on the roster only from %s", from)}
}

func reasonRequirementNotMet(condition string, filled Text) Text {
	return Text{
		fmt.Sprintf("不符合参加考评的条件 %s:%s", condition, filled.ZH),
		fmt.Sprintf("does not meet the requirement %s: %s", condition, filled.EN),
	}
}

func reasonRequirementUnknown(condition string, gap Text) Text {
	return Text{
		fmt.Sprintf("不能判断是否符合参加考评的条件 %s:%s", condition, gap.ZH),
		fmt.Sprintf("cannot tell whether it meets the requirement %s: %s", condition, gap.EN),
	}
}

// Figures that are not there.

func reasonMissing(name string, period Period) Text {
	if period.IsZero() {
		return Text{"缺少" + name, name + " is missing"}
	}
	title := period.Title()
	return Text{fmt.Sprintf("缺少%s的%s", title.ZH, name), fmt.Sprintf("%s of the %s is missing", name, title.EN)}
}

func reasonNotCovered(register string, period Period) Text {
	title := period.Title()
	return Text{
		fmt.Sprintf("%s登记没有报全%s", register, title.ZH),
		fmt.Sprintf("the register %s was not delivered for the whole %s", register, title.EN),
	}
}

// reasonCrossCheck writes a broken condition with the figures it looked at.
func reasonCrossCheck(c *CrossCheck, figures []FigureUsed) Text {
	shown := make([]Text, len(figures))
	for i := range figures {
		shown[i] = wordFigure(&figures[i])
	}
	values := joinTexts(shown)
	return Text{
		fmt.Sprintf("应有 %s,不符:%s", c.Holds.Source(), values.ZH),
		fmt.Sprintf("%s should hold and does not: %s", c.Holds.Source(), values.EN),
	}
}

func reasonRecord(r *Record, fields []string) Text {
	what, en := strings.Join(fields, "、"), strings.Join(fields, ", ")
	if what == "" {
		what, en = "所需字段", "a field"
	}
	return Text{fmt.Sprintf("%s缺少%s", recordName(r).ZH, what), fmt.Sprintf("%s lacks %s", recordName(r).EN, en)}
}

// reasonRecordWords says in words what a record lacks.
func reasonRecordWords(r *Record, what Text) Text {
	return Text{recordName(r).ZH + ":" + what.ZH, recordName(r).EN + ": " + what.EN}
}

// reasonZeroWithin is about a formula that divides without a division sign, such as
// a weighted mean.
func reasonZeroWithin(source string, period Period) Text {
	title := period.Title()
	return Text{
		fmt.Sprintf("%s公式 %s 的除数为零(合计或权数之和为零,或只有一家)", title.ZH, source),
		fmt.Sprintf("%s divides by zero in the %s (the sum or the weights add up to zero, or there is only one)", source, title.EN),
	}
}

func recordName(r *Record) Text {
	if r.Key == "" {
		return Text{fmt.Sprintf("%s的一条记录", r.Date), fmt.Sprintf("a record of %s", r.Date)}
	}
	return Text{fmt.Sprintf("记录%s(%s)", r.Key, r.Date), fmt.Sprintf("record %s (%s)", r.Key, r.Date)}
}

func reasonNoCaseLine(r *Record) Text {
	return Text{
		fmt.Sprintf("扣分表中没有适用于%s的一行", recordName(r).ZH),
		fmt.Sprintf("no line of the deduction table fits %s", recordName(r).EN),
	}
}

func reasonNoClass(r *Record, field, class string) Text {
	return Text{
		fmt.Sprintf("%s的%s为%q,扣分表中没有这一类", recordName(r).ZH, field, class),
		fmt.Sprintf("%s has %s %q, which the deduction table does not know", recordName(r).EN, field, class),
	}
}

func reasonZero(denominators []string, period Period) Text {
	title := period.Title()
	return Text{
		fmt.Sprintf("%s分母 %s 为零", title.ZH, strings.Join(denominators, "、")),
		fmt.Sprintf("the denominator %s is zero in the %s", strings.Join(denominators, ", "), title.EN),
	}
}

func reasonBenchmarkZero(name string) Text {
	return Text{name + "为零,不能相比", name + " is zero; nothing can be compared with it"}
}

func reasonBenchmarkDivides(name string) Text {
	return Text{name + "的分母为零,没有数值", name + " has no value: its denominator is zero"}
}

func reasonNoBenchmark(name string) Text {
	return Text{name + "没有数值,暂不计分", name + " has no value; held"}
}

func reasonTooLarge(name string) Text {
	return Text{name + "的位数超出限度,不能计算", name + " has too many digits to compute"}
}

// What the pack says to do then.

func reasonPolicy(p Policy, why Text) Text {
	zh, en := ";规则没有规定如何处理,不能计分", "; the pack does not say what to do then"
	switch p.Action {
	case Hold:
		zh, en = ",暂不计分", "; held"
	case LeaveOutIt:
		zh, en = ",不计此项,分值摊入同组其余指标", "; left out, its points go to the rest of its group"
	case FullMarks:
		zh, en = ",按规则得满分", "; full points by the rule"
	case NoMarks:
		zh, en = ",按规则不得分", "; no points by the rule"
	case PeerMean:
		zh, en = ",按规则取同业得分的平均", "; the mean of the peers' points by the rule"
	case TakeValue:
		zh, en = ",按规则以规定的值评分", "; scored at the value that the rule gives"
	case GivePoints:
		zh, en = ",按规则得"+p.Points.Shortest(4)+"分", "; "+p.Points.Shortest(4)+" points by the rule"
	}
	return Text{why.ZH + zh, why.EN + en}
}

// reasonGrown adds what points by a policy came to with spread points or rounded.
func reasonGrown(t Text, points exact.Num) Text {
	got := points.Shortest(4)
	return Text{t.ZH + ",计" + got + "分", t.EN + ": " + got + " points"}
}

// Scales that do not give points.

func reasonNoScale(name string) Text {
	return Text{name + "没有评分办法", name + " has no scale"}
}

func reasonNoLength(name string) Text {
	return Text{
		name + "的满分线与零分线重合,规则没有写明高低哪个为好",
		"the two ends of the scale of " + name + " coincide and the pack does not say which way is better",
	}
}

func reasonInverted(name string) Text {
	return Text{
		name + "的满分线与零分线次序颠倒,与规则写明的高低好坏相反",
		"the two ends of the scale of " + name + " have changed places; the pack says the other way is better",
	}
}

func reasonNoBand(name string) Text {
	return Text{name + "的数值不在任何一档", "no band of " + name + " holds the value"}
}

// Checklists and deductions.

func reasonUnanswered(lines []string, all int) Text {
	return Text{
		fmt.Sprintf("%d项中有%d项未评定:%s", all, len(lines), strings.Join(lines, "、")),
		fmt.Sprintf("%d of %d lines not judged: %s", len(lines), all, strings.Join(lines, ", ")),
	}
}

func reasonPartlyRefused(lines []string) Text {
	return Text{
		"规则不接受这样的评定:" + strings.Join(lines, "、"),
		"the pack does not allow this answer: " + strings.Join(lines, ", "),
	}
}

func reasonChecklist(met, all int) Text {
	return Text{fmt.Sprintf("%d项中%d项符合", all, met), fmt.Sprintf("%d of %d lines met", met, all)}
}

// reasonJudged names the grades or marks that were given, the first few of many.
func reasonJudged(answers []string) Text {
	shown := strings.Join(answers[:min(len(answers), 8)], "、")
	if len(answers) > 8 {
		shown += "…"
	}
	return Text{"评定:" + shown, "judged: " + strings.ReplaceAll(shown, "、", ", ")}
}

func reasonDeduction(cases int, taken exact.Num, atMost *exact.Num, capped bool) Text {
	if cases == 0 {
		return Text{"没有案件,不扣分", "no cases, nothing is taken off"}
	}
	off := taken.Shortest(4)
	if capped {
		most := atMost.Shortest(4)
		return Text{fmt.Sprintf("%d件,按最高扣%s分扣分", cases, most), fmt.Sprintf("%s; the cap of %s applies", countOf(cases, "case"), most)}
	}
	return Text{fmt.Sprintf("%d件,扣%s分", cases, off), fmt.Sprintf("%s, %s points off", countOf(cases, "case"), off)}
}

// reasonCases says how many cases there are and what they come to.
func reasonCases(o *outcome) Text {
	if !o.item.Adds {
		return reasonDeduction(o.cases, o.points.Neg(), o.item.AtMost, o.uncapped != nil)
	}
	if o.cases == 0 {
		return Text{"没有案件,不加分", "no cases, nothing is added"}
	}
	got := o.points.Shortest(4)
	if o.uncapped != nil {
		return Text{fmt.Sprintf("%d件,按最高加%s分加分", o.cases, got), fmt.Sprintf("%s; the cap of %s applies", countOf(o.cases, "case"), got)}
	}
	return Text{fmt.Sprintf("%d件,加%s分", o.cases, got), fmt.Sprintf("%s, %s points added", countOf(o.cases, "case"), got)}
}

func reasonTogether(c Cap, o *outcome) Text {
	most, got := c.AtMost.Shortest(4), o.points.Abs().Shortest(4)
	return Text{fmt.Sprintf("%d件,与同组各项合计不超过%s分,计%s分", o.cases, most, got), fmt.Sprintf("%s; together with its group at most %s: %s points", countOf(o.cases, "case"), most, got)}
}

func countOf(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Sections and the total.

func reasonAllLeftOut(name string) Text {
	return Text{name + "各项都不计,分值摊入其余部分", "nothing in " + name + " is scored; its points go to the rest"}
}

func reasonSectionEmpty(name string) Text {
	return Text{name + "没有可以计分的指标", "nothing in " + name + " can be scored"}
}

func reasonSum(parts int, lifted bool, least *exact.Num) Text {
	t := Text{fmt.Sprintf("%d部分之和", parts), "sum of " + countOf(parts, "part")}
	if parts == 0 {
		t = Text{"没有计分的部分", "no part is scored"}
	}
	if lifted {
		n := minus(least.Shortest(4))
		t.ZH += ",不低于" + n + "分"
		t.EN += ", not below " + n
	}
	return t
}

func reasonParts(s Status, names []string) Text {
	zh, en := "尚不能计分", "held"
	if s == NotComputable {
		zh, en = "不能计算", "not computable"
	}
	return Text{strings.Join(names, "、") + zh, strings.Join(names, ", ") + ": " + en}
}

// Notes on a scorecard.

func noteMerged(names []string) Text {
	return Text{"含并入的" + strings.Join(names, "、"), "includes " + strings.Join(names, ", ")}
}

// noteUnitReportsNothing names the period only where it is not the one that is
// assessed.
func noteUnitReportsNothing(unit string, statistics []string, assessed, at Period) Text {
	zh, en := "", ""
	if at != assessed {
		title := at.Title()
		zh, en = title.ZH+"的", " for the "+title.EN
	}
	return Text{
		fmt.Sprintf("%s没有单独报送%s%s,未计入", unit, zh, strings.Join(statistics, "、")),
		fmt.Sprintf("%s delivered no %s of its own%s; nothing was added", unit, strings.Join(statistics, ", "), en),
	}
}

func noteUnitHasNoRegister(unit string, registers []string, at Period) Text {
	title := at.Title()
	return Text{
		fmt.Sprintf("%s没有报全%s的%s登记,可能漏计", unit, title.ZH, strings.Join(registers, "、")),
		fmt.Sprintf("the register %s of %s was not delivered for the whole %s; cases may be missing", strings.Join(registers, ", "), unit, title.EN),
	}
}

func noteDifference(name, counted, reported string) Text {
	return Text{
		fmt.Sprintf("%s:明细 %s ≠ 汇总 %s,按明细", name, counted, reported),
		fmt.Sprintf("%s: records %s ≠ reported %s; records count", name, counted, reported),
	}
}

func noteReportedInstead(name, register string) Text {
	return Text{
		fmt.Sprintf("%s按汇总数:%s登记没有报全本期", name, register),
		fmt.Sprintf("%s as reported: the register %s was not delivered for the whole period", name, register),
	}
}

func noteUnknownSubjects(codes []string) Text {
	return Text{
		"名录中没有的机构编码,其数据未使用:" + strings.Join(codes, "、"),
		"codes that are not on the roster, their figures were not used: " + strings.Join(codes, ", "),
	}
}

// Lines that are simply scored.

func reasonScored(metric Text, points, full exact.Num) Text {
	got, of := points.Shortest(4), full.Shortest(4)
	return Text{
		fmt.Sprintf("计算值%s,满分%s分,得%s分", metric.ZH, of, got),
		fmt.Sprintf("%s earns %s of %s points", metric.EN, got, of),
	}
}

func reasonValue(metric Text) Text {
	return Text{"计算值" + metric.ZH, "value " + metric.EN}
}

// Why an evaluation does not begin.

func refusalEdition(p *Pack, period Period) Text {
	title, e := period.Title(), p.Effective
	if e.Until.IsZero() {
		return Text{
			fmt.Sprintf("%s的%s版自%s起施行,不适用于%s", p.Name, p.Edition, e.From, title.ZH),
			fmt.Sprintf("edition %s of %s holds from %s; it does not score the %s", p.Edition, p.Name, e.From, title.EN),
		}
	}
	return Text{
		fmt.Sprintf("%s的%s版自%s施行至%s,不适用于%s", p.Name, p.Edition, e.From, e.Until, title.ZH),
		fmt.Sprintf("edition %s of %s holds from %s to %s; it does not score the %s", p.Edition, p.Name, e.From, e.Until, title.EN),
	}
}

func refusalKind(p *Pack, period Period) Text {
	var kinds []string
	for _, k := range p.Periods {
		if k.Months > 0 {
			kinds = append(kinds, k.ID)
			continue
		}
		kinds = append(kinds, fmt.Sprintf("%s (%02d-%02d – %02d-%02d)", k.ID, k.FirstDay.Month, k.FirstDay.Day, k.LastDay.Month, k.LastDay.Day))
	}
	list, title := strings.Join(kinds, ", "), period.Title()
	return Text{
		fmt.Sprintf("%s不考评%s;统计期间只有 %s", p.Name, title.ZH, list),
		fmt.Sprintf("%s does not assess the %s; its periods are %s", p.Name, title.EN, list),
	}
}
