package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// ruleHead is what every rule about records begins with.
type ruleHead struct {
	m        *mapping
	id, name string
	register string // "" if it is unknown
	key      node   // of the name, to complain about
	where    node
	law      engine.Law
	nameKey  string // limit, flag, sample or penalty
}

// ruleHeads opens the rules of a list: each has a name, an id and a register.
func (r *packReader) ruleHeads(n node, nameKey string, want engine.Text, each func(*ruleHead)) {
	for _, c := range r.list(n, text("一个列表", "a list")) {
		h := &ruleHead{m: r.mapping(c, want), nameKey: nameKey}
		nameNode := h.m.need(nameKey, text("名称", "its name"))
		h.name, h.key = r.word(nameNode), nameNode
		if h.key.absent() {
			h.key = c
		}
		h.id = r.id(h.m, h.name)
		h.law = r.law(h.m, h.key)
		each(h)
		h.m.done()
		r.citedRule(h)
		if h.name != "" {
			r.declare(r.recordRules, &entry{symbol: formula.Symbol{ID: h.id, Name: h.name}, under: nameKey, key: h.key}, h.m.get("id"))
		}
	}
}

// citedRule warns about a rule that comes from nowhere. The lines of a penalty may
// say it each for itself.
func (r *packReader) citedRule(h *ruleHead) {
	if h.name == "" || h.law.Cite != "" || h.law.Assumption != "" || h.nameKey == "penalty" {
		return
	}
	r.add(h.key.report(CodeUncited, text("“"+h.name+"”没有依据", h.name+" has no source"),
		text("加上 cite: 条款, 或 assumption: A1", "add cite: clause, or assumption: A1")))
}

// ofRegister reads which records of which register a rule is about.
func (r *packReader) ofRegister(h *ruleHead, m *mapping) {
	n := m.need("register", text("登记的名称", "the name of a register"))
	h.register, h.where = r.register(n, r.word(n)), m.get("where")
}

// readTimeLimits reads the times within which something must be done.
func (r *packReader) readTimeLimits(n node) {
	r.ruleHeads(n, "limit", text("一个时限", "a time limit"), func(h *ruleHead) {
		r.ofRegister(h, h.m)
		l := engine.TimeLimit{ID: h.id, Name: h.name, Register: h.register, Law: h.law}
		from, to := h.m.need("from", text("从哪个时间起算", "the field where the clock starts")), h.m.need("to", text("到哪个时间为止", "the field where it stops"))
		within, target, except := h.m.need("within", text("多长时间", "how long")), h.m.get("target"), h.m.get("except_when")
		l.AtCutOff = r.choice(h.m.get("open_at"), "the end of the period", "the data cut-off") == "the data cut-off"
		l.Within, _ = r.span(within)
		if s, ok := r.span(target); ok {
			l.Target = &s
		}
		i := len(r.pack.Records.TimeLimits)
		if h.register != "" {
			l.From, l.To = r.clockField(from, h.register), r.clockField(to, h.register)
			if to.value() != "" && l.To == "" && r.word(to) == r.registerByID(h.register).Date {
				r.add(to.report(CodeWrongType, text("时限不能到登记的日期为止", "a limit cannot end on the date of the record"), text("写一个时间字段, 未办结时为空", "name a time field that is empty while the case is open")))
			}
			r.exactEnough(within, l.Within, from, to, &l)
			r.exactEnough(target, spanOf(l.Target), from, to, &l)
			own := func() formula.Scope { return r.ownScope(l.Register) }
			r.condition(h.where, own, formula.Options{}, func(e *formula.Expr) { r.pack.Records.TimeLimits[i].Where = e })
			r.condition(except, own, formula.Options{}, func(e *formula.Expr) { r.pack.Records.TimeLimits[i].ExceptWhen = e })
			r.declareLimit(h)
		}
		r.pack.Records.TimeLimits = append(r.pack.Records.TimeLimits, l)
	})
}

// declareLimit gives the register the yes/no names of a limit.
func (r *packReader) declareLimit(h *ruleHead) {
	if h.name == "" {
		return
	}
	for _, s := range []struct{ suffix, name string }{
		{"", ""}, {engine.SuffixLate, "超时"}, {engine.SuffixOverdue, "逾期"}, {engine.SuffixOpen, "未到期"}, {engine.SuffixTarget, "达标"},
	} {
		symbol := formula.Symbol{ID: h.id + s.suffix, Name: h.name + s.name, Kind: formula.Bool}
		r.declare(r.fields[h.register], &entry{symbol: symbol, under: "time_limits", key: h.key}, node{})
	}
}

// clockField reads a field of times or days; "" stands for the date of the record.
func (r *packReader) clockField(n node, register string) string {
	w := r.word(n)
	if w != "" && w == r.registerByID(register).Date && r.fields[register].findUnder(w, "fields") == nil {
		return ""
	}
	return r.momentField(n, register)
}

func spanOf(s *engine.Span) engine.Span {
	if s == nil {
		return engine.Span{}
	}
	return *s
}

// exactEnough reports hours that are counted between fields without a time of day,
// and working days without a calendar.
func (r *packReader) exactEnough(n node, s engine.Span, from, to node, l *engine.TimeLimit) {
	switch s.Unit {
	case engine.WorkingDays:
		r.needCalendar(n)
		return
	case engine.OfficeHours:
		r.needCalendar(n)
		if r.office == nil && !r.unsure["office_hours"] {
			r.add(n.report(CodeMissingKey, text("工作小时需要上班时间", "working hours need office hours"), text(`加一行 office_hours: "09:00-12:00, 13:00-17:30"`, `add a line office_hours: "09:00-12:00, 13:00-17:30"`)))
		}
	case engine.ClockHours, engine.ClockMinutes:
	default:
		return
	}
	for _, c := range []struct {
		at node
		id string
	}{{from, l.From}, {to, l.To}} {
		f := r.fieldOf(l.Register, c.id)
		if c.id == "" && !c.at.absent() && r.word(c.at) != "" && r.word(c.at) == r.registerByID(l.Register).Date || f != nil && !f.Clock && f.Formula == nil {
			r.add(c.at.report(CodeWrongType,
				text(fmt.Sprintf("“%s”只有日期, 不能按%s计算", c.at.value(), s.Text().ZH), fmt.Sprintf("“%s” is a day without a time: %s cannot be counted", c.at.value(), s.Text().EN)),
				text("声明为 kind: time", "declare it as kind: time")))
		}
	}
}

func (r *packReader) needCalendar(n node) {
	if r.calendarAt.absent() && !r.unsure["calendar"] {
		r.add(n.report(CodeMissingKey, text("工作日需要日历", "working days need a calendar"), text("在顶层加一行 calendar: cn", "add a line calendar: cn at the top level")))
	}
}

var (
	spanForm = regexp.MustCompile(`^([0-9]{1,5})\s*(?:个)?\s*([\p{L} ]+)$`)
	spanUnit = map[string]engine.SpanUnit{
		"working day": engine.WorkingDays, "工作日": engine.WorkingDays,
		"working hour": engine.OfficeHours, "工作小时": engine.OfficeHours,
		"day": engine.CalendarDays, "天": engine.CalendarDays, "日": engine.CalendarDays, "自然日": engine.CalendarDays,
		"hour": engine.ClockHours, "小时": engine.ClockHours,
		"minute": engine.ClockMinutes, "分钟": engine.ClockMinutes,
	}
)

// span reads 3 working days, 24 hours, same day, 3个工作日, 24小时, 当日.
func (r *packReader) span(n node) (engine.Span, bool) {
	w := r.word(n)
	switch w {
	case "":
		return engine.Span{}, false
	case "same day", "the same day", "当日", "当天", "同日":
		return engine.Span{Unit: engine.SameDay}, true
	}
	if m := spanForm.FindStringSubmatch(w); m != nil {
		unit, ok := spanUnit[strings.TrimSuffix(strings.TrimSpace(m[2]), "s")]
		count, _ := strconv.ParseInt(m[1], 10, 64)
		if ok && count > 0 {
			return engine.Span{N: count, Unit: unit}, true
		}
	}
	r.add(n.report(CodeWrongType, text(fmt.Sprintf("“%s”不是时限", clip(w)), fmt.Sprintf("“%s” is no length of time", clip(w))),
		text("写成 3 working days (3个工作日), 24 hours (24小时), 8 working hours (8个工作小时), 30 days (30天), 90 minutes (90分钟) 或 same day (当日)",
			"write 3 working days, 24 hours, 8 working hours, 30 days, 90 minutes or same day")))
	return engine.Span{}, false
}

// readRedFlags reads the signs that something is wrong.
func (r *packReader) readRedFlags(n node) {
	r.ruleHeads(n, "flag", text("一个可疑信号", "a red flag"), func(h *ruleHead) {
		r.ofRegister(h, h.m)
		g := engine.RedFlag{ID: h.id, Name: h.name, Register: h.register, Law: h.law}
		when, same, share := h.m.get("when"), h.m.get("same"), h.m.get("share")
		different, least, above, per := h.m.get("different"), h.m.get("at_least"), h.m.get("above"), h.m.get("per")
		g.All = r.choice(h.m.get("over"), "each subject", "all subjects") == "all subjects"
		i := len(r.pack.Records.RedFlags)
		g.Same, g.Per = r.anyFields(same, h.register), r.anyFields(per, h.register)
		if f := r.fieldNamed(different, h.register); f != nil {
			g.Different = f.ID
		}
		sc := func() formula.Scope { return r.fieldScope(h.register) }
		if h.register == "" {
			sc = nil
		}
		switch {
		case !same.absent() && when.absent() && share.absent():
			g.AtLeast = r.countOf(least, h.m, 2)
		case !share.absent() && when.absent():
			g.Bound, g.Reached = r.shareBound(above, least, h)
		case when.absent():
			r.add(h.key.report(CodeMissingKey, text("没有写明什么情况算可疑", "nothing says what is suspicious"),
				text("写 when: 条件, 或 same: 字段 和 at_least, 或 share: 条件 和 above", "write when: condition, or same: field with at_least, or share: condition with above")))
		case !same.absent() || !share.absent():
			r.add(when.report(CodeWrongType, text("when、same、share 只能写一个", "write one of when, same and share"), engine.Text{}))
		}
		r.condition(h.where, sc, formula.Options{}, func(e *formula.Expr) { r.pack.Records.RedFlags[i].Where = e })
		r.condition(when, sc, formula.Options{}, func(e *formula.Expr) { r.pack.Records.RedFlags[i].When = e })
		r.condition(share, sc, formula.Options{}, func(e *formula.Expr) { r.pack.Records.RedFlags[i].Share = e })
		r.pack.Records.RedFlags = append(r.pack.Records.RedFlags, g)
	})
}

// anyFields reads names of fields, computed ones too.
func (r *packReader) anyFields(n node, register string) []string {
	if n.absent() {
		return nil
	}
	var ids []string
	for _, c := range listOrOne(r, n) {
		if f := r.fieldNamed(c, register); f != nil {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// countOf reads how many: 3, or 3 records.
func (r *packReader) countOf(n node, m *mapping, least int) int64 {
	if n.absent() {
		n = m.need("at_least", text("至少几个", "how many at least"))
	}
	if n.absent() {
		return 0
	}
	w := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(n.value(), "records"), "条"))
	plain := n
	if w != n.value() && n.isScalar() {
		y := *n.y
		y.Value = w
		plain = n.child(&y)
	}
	x, _ := r.whole(plain, least, 1_000_000)
	return int64(x)
}

// shareBound reads above: 20% or at_least: 20%.
func (r *packReader) shareBound(above, least node, h *ruleHead) (bound exact.Num, reached bool) {
	n := above
	if above.absent() {
		n, reached = least, true
	}
	if n.absent() {
		n = h.m.need("above", text("超过多大比例", "above which share"))
	}
	return r.shareOf(n), reached
}

// readSamples reads how much must have been checked.
func (r *packReader) readSamples(n node) {
	r.ruleHeads(n, "sample", text("一项抽查要求", "a sampling quota"), func(h *ruleHead) {
		of := r.mapping(h.m.need("of", text("从哪些记录中抽查: {register: 登记}", "what is sampled: {register: name}")), text("从哪些记录中抽查", "what is sampled"))
		r.ofRegister(h, of)
		of.done()
		q := engine.Sample{ID: h.id, Name: h.name, Register: h.register, Law: h.law}
		checked, least := h.m.need("checked", text("已抽查的条件", "which records were checked")), h.m.need("at_least", text("至少抽查多少", "how many at least"))
		q.Per = r.anyFields(h.m.get("per"), h.register)
		if strings.HasSuffix(least.value(), "%") {
			x := r.shareOf(least)
			q.Share = &x
		} else if !least.absent() {
			q.Count = r.countOf(least, h.m, 1)
		}
		i := len(r.pack.Records.Samples)
		sc := func() formula.Scope { return r.fieldScope(h.register) }
		if h.register == "" {
			sc = nil
		}
		r.condition(h.where, sc, formula.Options{}, func(e *formula.Expr) { r.pack.Records.Samples[i].Where = e })
		r.condition(checked, sc, formula.Options{}, func(e *formula.Expr) { r.pack.Records.Samples[i].Checked = e })
		r.pack.Records.Samples = append(r.pack.Records.Samples, q)
	})
}
