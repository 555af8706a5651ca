package rules

import (
	"fmt"
	"slices"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// judgements reads what a reviewer answered: lines not mentioned are yes.
func (s *setting) judgements(n node) {
	m := s.r.mapping(n, text("定性评分", "judgements"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		it, ok := s.r.names.items[p.name]
		if !ok || it.Checklist == nil {
			s.r.unknownName(p.key, p.name, "有检查表的指标", "an indicator with a checklist", s.r.judgedItems())
			continue
		}
		if !it.Checklist.Plain() {
			s.marks(p.value, it)
			continue
		}
		answers := s.answers(p.value, it)
		for _, l := range it.Checklist.Lines {
			s.judge(it, l.Name, answers[l.Name])
		}
	}
}

// judge answers one line; the last answer counts.
func (s *setting) judge(it *engine.Item, line string, a engine.Answer) {
	if a == "" {
		a = engine.Yes
	}
	for i := range s.judged {
		if s.judged[i].Indicator == it.ID && s.judged[i].Line == line {
			s.judged[i].Answer = a
			return
		}
	}
	s.judged = append(s.judged, engine.Judgement{Period: s.period, Indicator: it.ID, Line: line, Answer: a, Scorer: "1", Reviewer: "2"})
}

// marks reads the grades or marks of an indicator: one, or for each group of
// raters one or several: {上级评价: 90, 同事评价: [80, 90]}.
func (s *setting) marks(n node, it *engine.Item) {
	if n.isScalar() && !n.isNull() {
		s.mark(n, it, it.Checklist.Lines[0].Name)
		return
	}
	m := s.r.mapping(n, text("各组评价人的评定", "what the raters gave"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		if !slices.ContainsFunc(it.Checklist.Lines, func(l engine.ChecklistLine) bool { return l.Name == p.name }) {
			s.r.unknownName(p.key, p.name, "评价人", "a group of raters", lineNames(it))
			continue
		}
		if !p.value.isList() {
			s.mark(p.value, it, p.name)
			continue
		}
		for k, c := range s.r.list(p.value, text("各评价人的评定", "what each of them gave")) {
			s.mark(c, it, fmt.Sprintf("%s/%d", p.name, k+1))
		}
	}
}

func (s *setting) mark(n node, it *engine.Item, line string) {
	w := s.r.word(n)
	if _, ok := it.Checklist.Share(engine.Answer(w), it.FullPoints); !ok && w != "" {
		s.r.wrongType(n, text("允许的等次或评分", "a grade or mark that is allowed"), text(it.Name+" 不接受“"+clip(w)+"”", it.Name+" does not allow “"+clip(w)+"”"))
		return
	}
	s.judge(it, line, engine.Answer(w))
}

func lineNames(it *engine.Item) []string {
	var out []string
	for _, l := range it.Checklist.Lines {
		out = append(out, l.Name)
	}
	return out
}

func (r *testReader) judgedItems() []string {
	var out []string
	for _, it := range r.pack.AllItems() {
		if it.Checklist != nil {
			out = append(out, it.Name)
		}
	}
	return out
}

// answers reads {no: [甲, 乙], partly: [丙]}, {no: all}, or one word for all lines.
func (s *setting) answers(n node, it *engine.Item) map[string]engine.Answer {
	out := map[string]engine.Answer{}
	if n.isScalar() && !n.isNull() {
		a := engine.Answer(s.r.choice(n, "yes", "no", "partly", "n.a."))
		for _, l := range it.Checklist.Lines {
			out[l.Name] = a
		}
		return out
	}
	m := s.r.mapping(n, text("各行的回答", "the answers"))
	for _, a := range []engine.Answer{engine.Yes, engine.No, engine.Partly, engine.NotApplicable} {
		s.answer(m.get(string(a)), it, a, out)
	}
	m.done()
	return out
}

func (s *setting) answer(n node, it *engine.Item, a engine.Answer, out map[string]engine.Answer) {
	if n.isScalar() && n.value() == "all" {
		for _, l := range it.Checklist.Lines {
			out[l.Name] = a
		}
		return
	}
	known := map[string]bool{}
	for _, l := range it.Checklist.Lines {
		known[l.Name] = true
	}
	for _, c := range s.r.list(n, text("一个列表或 all", "a list or all")) {
		w := s.r.word(c)
		if !known[w] && w != "" {
			s.r.unknownName(c, w, "“"+it.Name+"”检查表中的一行", "a line of the checklist of "+it.Name, namesOf(known))
		}
		out[w] = a
	}
}

// cases reads the cases of deductions: [{程度: 一般, times: 2}].
func (s *setting) cases(n node) {
	m := s.r.mapping(n, text("扣分项的案件", "the cases of deductions"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		it, ok := s.r.names.items[p.name]
		if !ok || it.Cases == nil {
			s.r.unknownName(p.key, p.name, "扣分项", "a deduction", s.r.deductions())
			continue
		}
		s.listed(p.value, it.Cases.Register)
	}
}

func (r *testReader) deductions() []string {
	var out []string
	for _, it := range r.pack.AllItems() {
		if it.Cases != nil {
			out = append(out, it.Name)
		}
	}
	return out
}

// registers reads the records of registers, by the register's name.
func (s *setting) registers(n node) {
	m := s.r.mapping(n, text("登记的记录", "the records of registers"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		reg, ok := s.r.names.registers[p.name]
		if !ok {
			s.r.unknownName(p.key, p.name, "登记", "a register", namesOf(s.r.names.registers))
			continue
		}
		s.listed(p.value, reg.ID)
	}
}

// listed reads a list of records of a register.
func (s *setting) listed(n node, register string) {
	s.explicit[register] = true
	for _, c := range s.r.list(n, text("一个列表, 每件一项", "a list with one entry for each case")) {
		s.record(c, register)
	}
}

// record reads one record. Without a date it falls on the last day of the period.
func (s *setting) record(n node, register string) {
	decl := s.r.register(register)
	if decl == nil {
		decl = &engine.Register{ID: register, Name: register}
	}
	rec := engine.Record{Register: register, Date: s.period.Last, Fields: map[string]formula.Value{}}
	m := s.r.mapping(n, text("一件案件", "a case"))
	for i := range m.pairs {
		p := &m.pairs[i]
		p.taken = true
		s.r.recordField(&rec, decl, p.key, p.name, p.value)
	}
	s.records = append(s.records, rec)
}

// recordField reads one value of a record.
func (r *testReader) recordField(rec *engine.Record, decl *engine.Register, key node, name string, value node) {
	switch {
	case fieldOf(decl, name) != nil:
		r.field(rec, fieldOf(decl, name), value)
	case name == "times" || name == decl.Times && name != "":
		rec.Times, _ = r.whole(value, 1, 1_000_000)
	case name == "date" || name == decl.Date && name != "":
		rec.Date, _ = r.date(value)
	case name == "key" || name == decl.Key && name != "":
		rec.Key = r.word(value)
	default:
		r.unknownName(key, name, "“"+decl.Name+"”的字段", "a field of "+decl.Name, fieldNames(decl))
	}
}

func (r *testReader) field(rec *engine.Record, f *engine.Field, n node) {
	if f.Formula != nil || f.Number != nil {
		r.add(n.report(CodeWrongType, text(f.Name+" 由公式得出, 不能给定", f.Name+" is computed and cannot be given"), engine.Text{}))
		return
	}
	if f.Nullable && isNothing(n) {
		return
	}
	if f.Clock {
		if v, ok := r.moment(n); ok {
			rec.Fields[f.ID] = v
		}
		return
	}
	if v, ok := r.value(n, f.Kind, f.Unit, f.Options); ok {
		rec.Fields[f.ID] = v
	}
}

// moment reads a day with a time of day.
func (r *testReader) moment(n node) (formula.Value, bool) {
	w := r.word(n)
	if w == "" {
		return formula.Value{}, false
	}
	x, err := engine.ParseMoment(w)
	if err != nil {
		r.wrongType(n, text("日期和时刻", "a day with a time of day"), text("写成 2024-05-01 09:30", "write 2024-05-01 09:30"))
		return formula.Value{}, false
	}
	return formula.Value{Num: x}, true
}

func fieldOf(decl *engine.Register, name string) *engine.Field {
	for i := range decl.Fields {
		if f := &decl.Fields[i]; f.ID == name || f.Name == name {
			return f
		}
	}
	return nil
}

func fieldNames(decl *engine.Register) []string {
	out := []string{"times", "date", "key"}
	for _, f := range decl.Fields {
		out = append(out, f.Name)
	}
	return out
}
