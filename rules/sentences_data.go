package rules

import (
	"fmt"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// attributes lists the properties of a subject that the pack declares.
func (n *narrator) attributes() {
	if len(n.pack.Attributes) == 0 {
		return
	}
	n.heading(n.pick("考评对象的属性", "Properties of a subject"), engine.Law{})
	for _, a := range n.pack.Attributes {
		n.item = a.ID
		text := a.Name + ": " + n.kind(a.Kind, a.Unit.String(), a.Options)
		if a.Formula != nil {
			text += ", = " + n.formula(a.Formula.Source())
		}
		n.say(text, a.Law)
	}
	n.item = ""
}

// kind says what a value may be.
func (n *narrator) kind(k formula.Kind, unit string, options []string) string {
	switch {
	case len(options) > 0:
		return n.pick("其一: ", "one of ") + n.list(options)
	case k == formula.Text:
		return n.pick("文字", "text")
	case k == formula.Bool:
		return n.pick("是或否", "yes or no")
	case k == formula.Date:
		return n.pick("日期", "a date")
	case unit == "" || unit == "1":
		return n.pick("数", "a number")
	}
	return n.pick("数, 单位 ", "a number in ") + unit
}

// feeds says how a delivered table is read.
func (n *narrator) feeds() {
	for _, f := range n.pack.Feeds {
		n.item = f.ID
		n.heading(n.pick("数据表   ", "Feed   ")+titled(f.Name, ""), f.Law)
		if f.Subject != "" {
			n.remark(n.feedKeys(f))
		}
		for _, text := range n.feedColumns(f.Columns) {
			n.remark(text)
		}
	}
	n.item = ""
}

func (n *narrator) feedKeys(f engine.Feed) string {
	text := fmt.Sprintf(n.pick("考评对象在“%s”列", "the subject stands in column “%s”"), f.Subject)
	if f.Period != "" {
		text += fmt.Sprintf(n.pick(", 统计期间在“%s”列", ", the period in “%s”"), f.Period)
	}
	if f.PeerGroup != "" {
		text += fmt.Sprintf(n.pick(", 同业在“%s”列", ", the peer group in “%s”"), f.PeerGroup)
	}
	if f.PeerGroupFixed != "" {
		text += n.pick(", 全部属于同业 ", ", all in peer group ") + n.peerGroup(f.PeerGroupFixed)
	}
	return text
}

// feedColumns says what the columns hold; those named after their statistic are
// told in one sentence.
func (n *narrator) feedColumns(list []engine.FeedColumn) []string {
	var out []string
	plain := 0
	for _, c := range list {
		if c.Heading == n.nameOf(c.Statistic) && c.Unit.String() == n.unitOf(c.Statistic) {
			plain++
			continue
		}
		out = append(out, n.feedColumn(c))
	}
	if plain > 0 {
		out = append(out, n.pick(fmt.Sprintf("%d 列以统计数据的名称为列名", plain), plural(plain, "column")+" named after the statistic"))
	}
	return out
}

// unitOf returns the unit a statistic is declared in.
func (n *narrator) unitOf(statistic string) string {
	for _, s := range n.pack.Statistics {
		if s.ID == statistic {
			return s.Unit.String()
		}
	}
	return ""
}

func (n *narrator) feedColumn(c engine.FeedColumn) string {
	name := n.nameOf(c.Statistic)
	text := n.pick(spaced("“"+c.Heading+"”列是", name), fmt.Sprintf("column “%s” is %s", c.Heading, name))
	if u := c.Unit.String(); u != "" {
		text += n.pick(", 单位 ", ", in ") + u
	}
	return text
}

// registers says what a record is and which of its fields there are.
func (n *narrator) registers() {
	for _, r := range n.pack.Registers {
		if n.impliedBy(r.ID) {
			continue
		}
		n.item = r.ID
		n.heading(n.pick("登记   ", "Register   ")+r.Name, r.Law)
		if r.Key != "" {
			n.remark(fmt.Sprintf(n.pick("一件以“%s”识别, 只计一次; 记入“%s”, 按“%s”归入统计期间",
				"a record is known by its “%s” and counted once; it belongs to “%s” and falls in the period of “%s”"),
				r.Key, r.Subject, r.Date))
		}
		if r.Times != "" {
			n.remark(fmt.Sprintf(n.pick("“%s”是次数", "“%s” says how often it counts"), r.Times))
		}
		for _, f := range r.Fields {
			n.remark(n.field(f, r))
		}
	}
	n.item = ""
}

// impliedBy reports whether a register only holds the cases of a deduction that
// declared no register; its fields are told there.
func (n *narrator) impliedBy(register string) bool {
	for _, item := range n.pack.AllItems() {
		if item.Cases != nil && item.ID == register && item.Cases.Register == register {
			return true
		}
	}
	return false
}

func (n *narrator) field(f engine.Field, r engine.Register) string {
	if f.Formula != nil {
		text := f.Name + " = " + n.condition(f.Formula.Source(), r)
		if u := f.Unit.String(); u != "" && u != "1" {
			text += ", " + u
		}
		return text
	}
	if f.Number != nil {
		return n.numbered(f, r)
	}
	text := f.Name + ": " + n.kind(f.Kind, f.Unit.String(), f.Options)
	if f.Clock {
		text += n.pick("和时刻", " with the time of day")
	}
	if f.Nullable {
		text += n.pick(", 可以为空", ", may be empty")
	}
	return text
}

// statistics says of every figure where it comes from.
func (n *narrator) statistics() {
	if len(n.pack.Statistics) == 0 {
		return
	}
	n.heading(n.pick("统计数据", "Statistics"), engine.Law{})
	for _, s := range n.pack.Statistics {
		n.item = s.ID
		n.say(n.statistic(s), s.Law)
	}
	n.item = ""
}

func (n *narrator) statistic(s engine.Statistic) string {
	text := s.Name
	if u := s.Unit.String(); u != "" && u != "1" {
		text += ", " + u
	}
	text += ": " + n.origin(s)
	if s.Note != "" {
		text += n.pick(" (", " (") + s.Note + ")"
	}
	return text
}

// origin says whether a statistic is reported, counted or summed.
func (n *narrator) origin(s engine.Statistic) string {
	if s.Register == "" {
		text := n.pick("期间发生数", "what happened during the period")
		if s.Stock {
			text = n.pick("时点数", "what stands on one day")
		}
		if s.From != "" {
			text += n.pick(", "+spaced("来自", s.From), ", from "+s.From)
		}
		return text
	}
	register, text := n.register(s.Register), ""
	switch {
	case s.Last != "":
		text = n.latest(s, register)
	case s.Distinct != "":
		text = n.pick("“"+register.Name+"”登记中“"+fieldName(register, s.Distinct)+"”有多少个不同的值",
			"how many different “"+fieldName(register, s.Distinct)+"” there are in the register “"+register.Name+"”")
	case s.Sum == "":
		text = n.pick("“"+register.Name+"”登记中的件数", "the number of records in the register “"+register.Name+"”")
	default:
		text = n.pick("“"+register.Name+"”登记中“"+fieldName(register, s.Sum)+"”的合计",
			"the sum of “"+fieldName(register, s.Sum)+"” over the register “"+register.Name+"”")
	}
	if s.Where != nil {
		text += n.pick(", 只计 ", ", only where ") + n.condition(s.Where.Source(), register)
	}
	return text
}

// register finds a register by id.
func (n *narrator) register(id string) engine.Register {
	for _, r := range n.pack.Registers {
		if r.ID == id {
			return r
		}
	}
	return engine.Register{ID: id, Name: id}
}

// fieldName finds the heading of a field by its id.
func fieldName(r engine.Register, id string) string {
	for _, f := range r.Fields {
		if f.ID == id {
			return f.Name
		}
	}
	return id
}

// benchmarks says what metrics are compared with.
func (n *narrator) benchmarks() {
	if len(n.pack.Benchmarks) == 0 {
		return
	}
	n.heading(n.pick("比较基准", "Benchmarks"), engine.Law{})
	for _, b := range n.pack.Benchmarks {
		n.item = b.ID
		n.say(n.benchmark(b), b.Law)
	}
	n.item = ""
}

func (n *narrator) benchmark(b engine.Benchmark) string {
	over := n.pick("在同业内取值", "taken over the peer group")
	if b.AllAssessed {
		over = n.pick("在全部参评对象中取值", "taken over all who are assessed")
	}
	if b.Formula != nil {
		text := b.Name + " = " + n.formula(b.Formula.Source())
		if u := b.Unit.String(); u != "" && u != "1" {
			text += ", " + u
		}
		return text + "; " + over
	}
	if b.Among != nil {
		over += n.pick(", 只计 ", ", only where ") + n.formula(b.Among.Source())
	}
	return b.Name + ": " + n.pick("所评指标计算值的"+n.taken(b), "the "+n.taken(b)+" of the metric being scored") + ", " + over
}

// taken names the group statistic of a benchmark.
func (n *narrator) taken(b engine.Benchmark) string {
	switch b.Take {
	case "median":
		return n.pick("中位数", "median")
	case "mean":
		return n.pick("平均数", "mean")
	case "min", "minimum":
		return n.pick("最小值", "lowest value")
	case "max", "maximum":
		return n.pick("最大值", "highest value")
	case "percentile":
		p := figure(b.Percentile.Mul(hundred))
		return n.pick("第 "+p+" 百分位数(线性插值)", p+"% percentile (linear interpolation)")
	}
	p := figure(b.Percentile.Mul(hundred))
	switch b.Take {
	case "percentile nearest rank":
		return n.pick("第 "+p+" 百分位数(就近: 至少 "+p+"% 不超过的最小值)", p+"% percentile (nearest rank: the smallest value that at least "+p+"% do not exceed)")
	case "percentile exclusive":
		return n.pick("第 "+p+" 百分位数(不含端点的内插)", p+"% percentile (exclusive interpolation)")
	case "deviation":
		return fmt.Sprintf(n.pick("标准差(%d 位小数)", "standard deviation (%d decimals)"), b.Decimals)
	}
	return b.Take
}

// metrics says how every computed value is computed.
func (n *narrator) metrics() {
	if len(n.pack.Metrics) == 0 {
		return
	}
	n.heading(n.pick("计算值", "Metrics"), engine.Law{})
	for _, m := range n.pack.Metrics {
		n.item = m.ID
		n.say(m.Name+" = "+n.metricFormula(m), m.Law)
	}
	n.item = ""
}

// metricFormula writes a formula with its unit: 甲 ÷ 乙, 件/亿元.
func (n *narrator) metricFormula(m engine.Metric) string {
	text := n.formula(m.Formula.Source())
	if u := m.Unit.String(); u != "" && u != "1" {
		text += ", " + u
	}
	return text
}

// nameOf finds the name of a statistic, metric or benchmark by its id.
func (n *narrator) nameOf(id string) string {
	for _, s := range n.pack.Statistics {
		if s.ID == id {
			return s.Name
		}
	}
	for _, m := range n.pack.Metrics {
		if m.ID == id {
			return m.Name
		}
	}
	for _, b := range n.pack.Benchmarks {
		if b.ID == id {
			return b.Name
		}
	}
	for _, p := range n.pack.Parameters {
		if p.ID == id {
			return p.Name
		}
	}
	return id
}

// peerGroup names a peer group by its id.
func (n *narrator) peerGroup(id string) string {
	for _, g := range n.pack.PeerGroups {
		if g.ID == id && !g.Title.IsZero() {
			return g.Title.In(n.lang)
		}
	}
	return id
}
