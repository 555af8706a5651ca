package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

var hundred = exact.Int(100)

// scoring reads the scorecard back, line by line.
func (n *narrator) scoring() {
	if t := n.pack.Total; t != nil {
		n.item = "total"
		n.heading(apart(n.pick("总分", "Total"), n.points(t.FullPoints)), t.Law)
		n.floor(t.NotBelow)
		if t.DeductionsFromTotal {
			n.remark(n.pick("各扣分项从总分中扣除", "deductions come off the total"))
		}
		n.combination(t.Combine, t.AtLeastScored)
		n.betterOf(t)
		n.missing()
	}
	for _, s := range n.pack.Sections {
		n.container(s)
	}
	n.item = ""
}

// missing says once what a missing figure does, where it does the same to all.
func (n *narrator) missing() {
	law, held := engine.Law{}, false
	for _, it := range n.pack.AllItems() {
		if it.Kind == engine.IndicatorItem && it.Metric != "" && it.IfMissing.Action == engine.Hold {
			held, law.Assumption = true, it.IfMissing.Assumption
		}
	}
	if held {
		n.say(n.pick("缺少数据时暂缓出分, 不当作零, 除非该项另有规定", "a missing figure holds the scorecard and is never read as zero, unless a line says otherwise"), law)
	}
}

// container reads a section or a group back, then what is in it.
func (n *narrator) container(c *engine.Item) {
	n.item = c.ID
	n.heading(apart(c.Name, n.points(c.FullPoints), n.onlyFor(c), n.weight(c)), c.Law)
	n.floor(c.NotBelow)
	n.combination(c.Combine, c.AtLeastScored)
	n.notWorse(c)
	for _, child := range c.Children {
		switch child.Kind {
		case engine.GroupItem, engine.SectionItem:
			n.container(child)
		case engine.DeductionItem:
			n.deduction(child)
		default:
			n.indicator(child, c)
		}
	}
	for _, limit := range c.Caps {
		var names []string
		for _, id := range limit.Of {
			names = append(names, n.itemName(id))
		}
		list := enumerated(names, "、")
		n.item = c.ID
		n.say(n.pick(list.ZH+"合计最高 "+n.points(limit.AtMost), list.EN+" together at most "+n.points(limit.AtMost)), limit.Law)
	}
}

func (n *narrator) floor(x *exact.Num) {
	if x != nil {
		n.remark(n.pick("得分不低于 "+n.points(*x), "never below "+n.points(*x)))
	}
}

// onlyFor names the peer group of an item that is not for all.
func (n *narrator) onlyFor(i *engine.Item) string {
	var parts []string
	if i.OnlyFor != "" {
		parts = append(parts, n.peerGroup(i.OnlyFor))
	}
	if len(i.OnlyIn) > 0 {
		parts = append(parts, n.pick("只在 ", "only in ")+strings.Join(i.OnlyIn, ", "))
	}
	if i.When != nil {
		parts = append(parts, n.pick("适用于 ", "where ")+n.formula(i.WhenText))
	}
	return strings.Join(parts, "; ")
}

// indicator reads one indicator back: formula, scale and what happens in a gap.
func (n *narrator) indicator(i, parent *engine.Item) {
	n.item = i.ID
	n.heading(apart(i.Name, n.points(i.FullPoints), n.onlyFor(i), n.weight(i)), i.Law)
	n.notWorse(i)
	if i.Checklist != nil {
		n.checklist(i.Checklist, beyond(i.Checklist.Law, i.Law))
		return
	}
	m, ok := n.metric(i.Metric)
	if ok {
		text := n.metricFormula(m)
		if m.Name != i.Name {
			text = m.Name + " = " + text
		}
		n.remark(text)
	}
	if i.Scale != nil {
		law := beyond(i.Scale.Law, i.Law)
		for _, text := range n.scale(i.Scale, i.FullPoints) {
			n.say(text, law)
			law = engine.Law{}
		}
	}
	if ok && m.Formula != nil {
		n.zeroPolicy(i, parent, denominators(m.Formula.Source()))
	}
	if i.IfMissing.Action != engine.Undeclared && i.IfMissing.Action != engine.Hold {
		n.say(n.pick("缺少数据: ", "a figure is missing: ")+n.policy(i.IfMissing, i, parent), engine.Law{Assumption: i.IfMissing.Assumption})
	}
	if i.IfNoPrevious.Action != engine.Undeclared {
		n.say(n.pick("没有上期数据: ", "there is no earlier figure: ")+n.policy(i.IfNoPrevious, i, parent), engine.Law{Assumption: i.IfNoPrevious.Assumption})
	}
}

func (n *narrator) metric(id string) (engine.Metric, bool) {
	for _, m := range n.pack.Metrics {
		if m.ID == id {
			return m, true
		}
	}
	return engine.Metric{}, false
}

// zeroPolicy says what happens when the formula divides by zero.
func (n *narrator) zeroPolicy(i, parent *engine.Item, by []string) {
	p := i.IfZeroDenominator
	switch {
	case p.Action == engine.Undeclared && len(by) == 0:
		return
	case p.Action == engine.Undeclared:
		n.remark(n.pick("分母为零: 未作规定, 此项无法计算", "the denominator is zero: nothing is declared, the line cannot be computed"))
		return
	}
	zh, en := "分母为零: ", "the denominator is zero: "
	if len(by) == 1 {
		name := n.formula(by[0])
		if strings.Contains(name, " ") {
			name = "(" + name + ")"
		}
		zh, en = spaced(name, "为零: "), name+" is zero: "
	}
	n.say(n.pick(zh, en)+n.policy(p, i, parent), engine.Law{Assumption: p.Assumption})
}

// metricValue writes a value in the unit of a metric.
func (n *narrator) metricValue(id string, x exact.Num) string {
	if m, ok := n.metric(id); ok {
		return unit.Quantity{Value: x, Unit: m.Unit}.String()
	}
	return figure(x)
}

// policy says what a line gets when it cannot be computed.
func (n *narrator) policy(p engine.Policy, i, parent *engine.Item) string {
	switch p.Action {
	case engine.ByCase:
		var cases []string
		for _, c := range p.Cases {
			when := n.pick("其余", "otherwise")
			if c.When != nil {
				when = n.formula(c.WhenText)
			}
			cases = append(cases, when+": "+n.policy(c.Then, i, parent))
		}
		return strings.Join(cases, "; ")
	case engine.PeerMean:
		return n.pick("取同业得分的平均", "the mean of the peers' points")
	case engine.TakeValue:
		return n.pick("以 ", "scored at ") + n.metricValue(i.Metric, p.Value) + n.pick(" 评分", "")
	case engine.Hold:
		return n.pick("暂缓出分", "the scorecard is held")
	case engine.LeaveOutIt:
		if parent.Kind == engine.GroupItem {
			return n.pick("不计此项, 分值摊入“"+parent.Name+"”其余指标", "left out, its points are spread over the rest of “"+parent.Name+"”")
		}
		return n.pick("不计此项, 分值摊入本部分其余指标", "left out, its points are spread over the rest of the section")
	case engine.FullMarks:
		return n.pick("得满分 ", "full points, ") + n.points(i.FullPoints)
	case engine.NoMarks:
		return n.pick("得 ", "") + n.points(exact.Int(0))
	case engine.GivePoints:
		return n.pick("得 ", "") + n.points(p.Points)
	}
	return string(p.Action)
}

// checklist says what a reviewer looks for and what each line is worth.
func (n *narrator) checklist(c *engine.Checklist, law engine.Law) {
	if !c.Plain() {
		n.judging(c, law)
		return
	}
	text := n.pick("评审人逐项回答是或否", "a reviewer answers yes or no to each line")
	if c.Partly != nil {
		share := figure(c.Partly.Mul(hundred)) + "%"
		text += n.pick("; 部分符合得 "+share, "; “partly” earns "+share)
	}
	lines := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = l.Name + ": " + n.points(l.Points)
	}
	n.sayList(text, lines, law)
}

// judging says how grades or marks become points, and who gives them.
func (n *narrator) judging(c *engine.Checklist, law engine.Law) {
	if m := c.Marks; m != nil {
		n.say(fmt.Sprintf(n.pick("评审人评分, %s 分得零分, %s 分得满分, 其间按比例", "a reviewer gives a mark: %s earns nothing, %s all, in proportion between"), figure(m.From), figure(m.To)), law)
	} else {
		lines := make([]string, len(c.Grades))
		for i, g := range c.Grades {
			lines[i] = g.Name + ": " + n.points(g.Points)
		}
		n.sayList(n.pick("评审人评定等次", "a reviewer gives a grade"), lines, law)
	}
	if !c.Raters {
		return
	}
	lines := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = l.Name + ": " + n.points(l.Points)
	}
	n.sayList(n.pick("各组评价人取平均, 按权重计", "the mean of each group of raters counts"), lines, engine.Law{})
	if c.Renormalise {
		n.remark(n.pick("没有评价的组, 权重归其余各组", "groups without an answer leave their weight to the rest"))
	}
}

// sayList adds a sentence with a list below it, a line each.
func (n *narrator) sayList(text string, lines []string, law engine.Law) {
	n.say(text+":", law)
	for _, l := range lines {
		n.remark("- " + l)
	}
}

// deduction reads a deduction back: its cap and the points per case.
func (n *narrator) deduction(d *engine.Item) {
	n.item = d.ID
	limit := ""
	if d.AtMost != nil {
		limit = n.pick("最高扣 ", "at most ") + n.points(*d.AtMost)
	}
	c, kind := d.Cases, n.pick("扣分项", "deduction")
	if d.Adds {
		kind, limit = n.pick("加分项", "addition"), strings.Replace(limit, "扣", "加", 1)
	}
	n.heading(apart(d.Name, kind, limit, n.onlyFor(d)), engine.Law{Cite: d.Cite, Quote: d.Quote})
	if c == nil {
		return
	}
	n.remark(n.caseSource(d, c))
	law := beyond(c.Law, engine.Law{Cite: d.Cite})
	if len(c.Lines) == 1 && c.Lines[0].Otherwise {
		n.say(n.pick(map[bool]string{true: "每件加 ", false: "每件扣 "}[d.Adds], "each case: ")+n.caseWorth(c.Lines[0], c.Register), law)
		return
	}
	text := n.pick("每件取第一条符合的", "each case takes the first line that fits")
	if c.ClassifiedBy != "" {
		field := fieldName(n.register(c.Register), c.ClassifiedBy)
		text = n.pick(spaced("每件按", field, map[bool]string{true: "加分", false: "扣分"}[d.Adds]), map[bool]string{true: "each case adds, by its ", false: "each case costs, by its "}[d.Adds]+field)
	}
	lines := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = n.caseLine(l, n.register(c.Register), d.Adds)
	}
	n.sayList(text, lines, law)
}

// beyond is what a law adds to that of the line it belongs to.
func beyond(law, of engine.Law) engine.Law {
	if law.Cite == of.Cite {
		law.Cite = ""
	}
	if law.Assumption == of.Assumption {
		law.Assumption = ""
	}
	return law
}

// caseSource says where the cases of a deduction come from.
func (n *narrator) caseSource(d *engine.Item, c *engine.CaseTable) string {
	from := c.From
	if from == "" || c.Register != d.ID {
		from = n.pick("“", "the register “") + n.register(c.Register).Name + n.pick("”登记", "”")
	}
	text := n.pick(spaced("案件来自", from), "cases come from "+from)
	if c.Where != nil {
		text += n.pick(", 只计 ", ", only where ") + n.condition(c.Where.Source(), n.register(c.Register))
	}
	return text
}

func (n *narrator) caseLine(l engine.CaseLine, r engine.Register, adds bool) string {
	when := n.caseWords(l, r)
	if l.Points.IsZero() && l.Formula == nil {
		return fmt.Sprintf(n.pick(map[bool]string{true: "%s: 不加分", false: "%s: 不扣分"}[adds], "%s: nothing"), when)
	}
	return fmt.Sprintf(n.pick(map[bool]string{true: "%s: 加 %s", false: "%s: 扣 %s"}[adds], "%s: %s"), when, n.caseWorth(l, r.ID))
}

// caseWorth writes the points of a case, or the formula that gives them.
func (n *narrator) caseWorth(l engine.CaseLine, register string) string {
	if l.Formula != nil {
		return n.condition(l.Formula.Source(), n.register(register)) + n.pick(" 分", " points")
	}
	return n.points(l.Points)
}

// caseWords says which cases a line is about.
func (n *narrator) caseWords(l engine.CaseLine, r engine.Register) string {
	switch {
	case l.Otherwise:
		return n.pick("其余", "any other")
	case l.When != nil:
		return n.condition(l.When.Source(), r)
	case l.WhenText != "":
		return n.condition(l.WhenText, r)
	}
	return l.Class
}
