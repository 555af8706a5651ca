package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// recordRules reads the rules about single records back.
func (n *narrator) recordRules() {
	rules := &n.pack.Records
	if c := n.pack.Calendar; c != nil && n.pack.CalendarFile != "" {
		n.heading(n.pick("工作日历", "Working days"), engine.Law{})
		years := c.Years()
		text := n.pack.CalendarFile
		if len(years) > 0 {
			text += fmt.Sprintf(n.pick(", 收录 %d 至 %d 年", ", from %d to %d"), years[0], years[len(years)-1])
		}
		n.remark(text)
	}
	if len(rules.TimeLimits) > 0 {
		n.heading(n.pick("时限", "Time limits"), engine.Law{})
	}
	for i := range rules.TimeLimits {
		n.item = rules.TimeLimits[i].ID
		n.say(n.timeLimit(&rules.TimeLimits[i]), rules.TimeLimits[i].Law)
	}
	if len(rules.RedFlags) > 0 {
		n.heading(n.pick("可疑信号", "Red flags"), engine.Law{})
	}
	for i := range rules.RedFlags {
		n.item = rules.RedFlags[i].ID
		n.say(n.redFlag(&rules.RedFlags[i]), rules.RedFlags[i].Law)
	}
	if len(rules.Samples) > 0 {
		n.heading(n.pick("抽查", "Samples"), engine.Law{})
	}
	for i := range rules.Samples {
		n.item = rules.Samples[i].ID
		n.say(n.sample(&rules.Samples[i]), rules.Samples[i].Law)
	}
	n.item = ""
	n.persons()
	for i := range rules.Penalties {
		n.penalty(&rules.Penalties[i])
	}
	n.item = ""
}

// only says which records a rule is about.
func (n *narrator) only(e interface{ Source() string }, r engine.Register) string {
	return n.pick(", 只计 ", ", only where ") + n.condition(e.Source(), r)
}

func (n *narrator) timeLimit(l *engine.TimeLimit) string {
	r := n.register(l.Register)
	from, to := fieldName(r, l.From), fieldName(r, l.To)
	if l.From == "" {
		from = r.Date
	}
	text := fmt.Sprintf(n.pick("%s: “%s”登记从“%s”到“%s”不超过%s", "%s: in the register “%s” from “%s” to “%s” at most %s"),
		l.Name, r.Name, from, to, l.Within.Text().In(n.lang))
	if l.Target != nil {
		text += n.pick(", 目标", ", target ") + l.Target.Text().In(n.lang)
	}
	if l.Where != nil {
		text += n.only(l.Where, r)
	}
	if l.ExceptWhen != nil {
		text += n.pick(", 但不包括 ", ", except where ") + n.condition(l.ExceptWhen.Source(), r)
	}
	if l.AtCutOff {
		return text + n.pick("; 未办结的按数据截止时刻判断", "; open cases are judged at the data cut-off")
	}
	return text + n.pick("; 未办结的按期末判断", "; open cases are judged at the end of the period")
}

// fieldList names fields by their ids.
func (n *narrator) fieldList(r engine.Register, ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = "“" + fieldName(r, id) + "”"
	}
	return strings.Join(names, n.pick("、", ", "))
}

func (n *narrator) redFlag(g *engine.RedFlag) string {
	r := n.register(g.Register)
	text := fmt.Sprintf(n.pick("%s: “%s”登记中, ", "%s: in the register “%s” "), g.Name, r.Name)
	switch {
	case g.When != nil:
		text += n.pick("每条 ", "each record with ") + n.condition(g.When.Source(), r)
	case g.Share != nil:
		bound := figure(g.Bound.Mul(exact.Int(100))) + "%"
		word := n.pick("超过", "above ")
		if g.Reached {
			word = n.pick("达到", "at least ")
		}
		text += n.condition(g.Share.Source(), r) + n.pick(" 的记录占比", ": its share is ") + word + bound
		if len(g.Per) > 0 {
			text += n.pick(", 按", ", for each ") + n.fieldList(r, g.Per) + n.pick("分别计算", "")
		}
	case g.Different != "":
		text += fmt.Sprintf(n.pick("%s相同的记录有 %d 个以上不同的“%s”", "records that agree in %s have %d or more different “%s”"), n.fieldList(r, g.Same), g.AtLeast, fieldName(r, g.Different))
	default:
		text += fmt.Sprintf(n.pick("%s相同的记录有 %d 条以上", "%s is the same in %d or more records"), n.fieldList(r, g.Same), g.AtLeast)
	}
	if g.Where != nil {
		text += n.only(g.Where, r)
	}
	if g.All {
		text += n.pick("; 各机构合在一起看", "; all subjects together")
	}
	return text
}

func (n *narrator) sample(q *engine.Sample) string {
	r := n.register(q.Register)
	least := fmt.Sprintf(n.pick("至少 %d 条, 不足的全查", "at least %d, all if there are fewer"), q.Count)
	if q.Share != nil {
		least = n.pick("至少 ", "at least ") + figure(q.Share.Mul(exact.Int(100))) + "%"
	}
	text := fmt.Sprintf(n.pick("%s: “%s”登记%s, 已查为 %s", "%s: of the register “%s” %s, checked is %s"), q.Name, r.Name, least, n.condition(q.Checked.Source(), r))
	if len(q.Per) > 0 {
		text += n.pick(", 每个", ", for each ") + n.fieldList(r, q.Per)
	}
	if q.Where != nil {
		text += n.only(q.Where, r)
	}
	return text
}

func (n *narrator) persons() {
	p := n.pack.Records.Persons
	if p == nil {
		return
	}
	r := n.register(p.Register)
	n.heading(n.pick("人员名册", "Staff"), p.Law)
	text := fmt.Sprintf(n.pick("“%s”登记, 工号在“%s”, 自“%s”起有效", "the register “%s”, codes in “%s”, each record holds from its “%s”"), r.Name, fieldName(r, p.Code), r.Date)
	if p.Leader != "" {
		text += fmt.Sprintf(n.pick(", 直接领导在“%s”", ", leaders in “%s”"), fieldName(r, p.Leader))
	}
	if p.Role != "" {
		text += fmt.Sprintf(n.pick(", 岗位在“%s”", ", roles in “%s”"), fieldName(r, p.Role))
	}
	n.remark(text)
	if p.Absent != nil {
		text := n.pick("不在岗: ", "away: ") + n.condition(p.Absent.Source(), r)
		if p.Deputy != "" {
			text += fmt.Sprintf(n.pick(", 由“%s”代理", ", “%s” stands in"), fieldName(r, p.Deputy))
		}
		n.remark(text)
	}
}

func (n *narrator) penalty(p *engine.Penalty) {
	r := n.register(p.Register)
	n.item = p.ID
	n.heading(n.pick("处罚   ", "Penalty   ")+p.Name, p.Law)
	text := fmt.Sprintf(n.pick("“%s”登记", "for the register “%s”"), r.Name)
	if p.Where != nil {
		text += n.only(p.Where, r)
	}
	if len(p.Cases) > 1 {
		text += map[engine.SeveralRule]string{
			engine.Highest: n.pick("; 几项都符合时, 同一关系的金额取最高", "; if several lines fit, the highest amount for one relation stands"),
			engine.AddUp:   n.pick("; 几项都符合时累加", "; if several lines fit, they add up"), engine.FirstLine: n.pick("; 只取符合的第一项", "; the first line that fits"),
		}[p.Several]
	}
	n.remark(text)
	for i := range p.Cases {
		c := &p.Cases[i]
		line := n.pick("每件", "every case")
		if c.When != nil {
			line = n.condition(c.When.Source(), r)
		}
		var measures []string
		for _, m := range c.Measures {
			measures = append(measures, n.measure(m, r))
		}
		n.say(line+": "+strings.Join(measures, n.pick("; ", "; ")), c.Law)
	}
}

func (n *narrator) measure(m engine.Measure, r engine.Register) string {
	text := m.Who.Text
	if m.Yuan != nil {
		text += n.pick(" 罚款 ", " is fined ") + n.condition(m.Yuan.Source(), r)
	}
	if m.What != "" {
		text += " " + m.What
	}
	return text
}

// numbered says what a field numbers.
func (n *narrator) numbered(f engine.Field, r engine.Register) string {
	since := map[engine.Since]string{
		engine.SinceEver: n.pick("从第一条记录算起", "from the first record on"), engine.SinceYear: n.pick("当年", "of the calendar year"),
		engine.SincePeriod: n.pick("本期", "of the period"),
	}[f.Number.Since]
	return fmt.Sprintf(n.pick("%s: %s相同的记录中是第几件, %s", "%s: which one it is among the records that agree in %s, %s"), f.Name, n.fieldList(r, f.Number.Same), since)
}

// latest says which record a statistic is taken from.
func (n *narrator) latest(s engine.Statistic, r engine.Register) string {
	day := n.pick("期末", "up to the last day of the period")
	if s.Opening {
		day = n.pick("期初前一日", "up to the day before the period")
	}
	return fmt.Sprintf(n.pick("“%s”登记中截至%s最近一条记录的“%s”", "in the register “%s” what the latest record %s says in “%s”"), r.Name, day, fieldName(r, s.Last))
}
