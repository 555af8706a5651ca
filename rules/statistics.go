package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// statistics reads the figures of a subject and period.
func (r *packReader) statistics(n node) {
	for _, e := range r.entries(n, text("各项统计数据", "the statistics")) {
		r.statistic(e)
	}
}

func (r *packReader) statistic(e named) {
	m := r.open(e, text("一项统计数据", "a statistic"))
	s := engine.Statistic{Name: e.name, ID: r.id(m, e.name), From: m.word("from"), Note: m.word("note")}
	var known bool
	s.Unit, known = r.unit(m.need("unit", text("单位", "its unit")))
	r.noUnit[s.ID] = !known
	s.Stock = r.choice(m.get("kind"), "flow", "stock") == "stock"
	s.Opening = r.choice(m.get("on"), "the day before the period starts", "the last day of the period") == "the day before the period starts"
	s.Scorecard = r.scorecardSource(m.get("scorecard"))
	s.Law = r.law(m, e.key)
	i := len(r.pack.Statistics)
	r.counted(m, &s, i)
	m.done()
	symbol := numberSymbol(s.ID, s.Name, s.Unit)
	if s.Scorecard != nil && s.Scorecard.Take == engine.TakeRating {
		symbol.Kind = formula.Text
	}
	r.declare(r.names, &entry{symbol: symbol, under: "statistics", key: e.key}, m.get("id"))
	r.pack.Statistics = append(r.pack.Statistics, s)
}

// counted reads count:, sum: and where: of the statistic at index i.
func (r *packReader) counted(m *mapping, s *engine.Statistic, i int) {
	count, sum, where := m.get("count"), m.get("sum"), m.get("where")
	last, distinct := m.get("last"), m.get("distinct")
	switch {
	case !last.absent():
		r.lastOf(m, last, s)
	case !count.absent() && !sum.absent():
		r.add(sum.report(CodeWrongType, text("count 和 sum 只能写一个", "write count or sum, not both"), engine.Text{}))
	case !count.absent():
		s.Register = r.register(count, r.word(count))
	case !sum.absent():
		s.Register, s.Sum = r.summed(sum, s)
	case !where.absent():
		r.add(m.keyNode("where").report(CodeMissingKey,
			text("where 要有 count 或 sum", "where needs count or sum"), text("写明从哪个登记计数: count: 登记名", "say what is counted: count: register")))
	}
	register := s.Register
	r.distinctOf(distinct, count, s)
	if register != "" {
		r.condition(where, func() formula.Scope { return r.fieldScope(register) }, formula.Options{}, func(e *formula.Expr) { r.pack.Statistics[i].Where = e })
	}
}

// register finds a register by name or id; "" if it is unknown.
func (r *packReader) register(n node, name string) string {
	if name == "" {
		return ""
	}
	if e := r.registers.find(name); e != nil {
		return e.symbol.ID
	}
	r.unknownReference(n, name, text("登记", "register"), "registers", r.registers.names(""))
	return ""
}

// unknownReference reports a name of a scale, benchmark, register or metric that
// is not defined. under is the key where it would be.
func (r *packReader) unknownReference(n node, name string, what engine.Text, under string, known []string) {
	if r.unsure[under] {
		return
	}
	none := text("还没有定义"+what.ZH, "no "+what.EN+" is defined yet")
	if len(known) > 0 {
		list := enumerated(known, ", ")
		none = text("已有: "+list.ZH, "there is: "+list.EN)
	}
	r.add(n.report(CodeUnknownReference,
		text(fmt.Sprintf("没有%s“%s”", what.ZH, clip(name)), fmt.Sprintf("there is no %s “%s”", what.EN, clip(name))),
		r.suggestion(name, known, none)))
}

// summed reads 登记.字段.
func (r *packReader) summed(n node, s *engine.Statistic) (register, field string) {
	name, fieldName, ok := strings.Cut(r.word(n), ".")
	if !ok {
		if name != "" {
			r.add(n.report(CodeWrongType, text("这里应写成 登记.字段", "this is written register.field"), engine.Text{}))
		}
		return "", ""
	}
	register = r.register(n, strings.TrimSpace(name))
	if register == "" {
		return "", ""
	}
	fields := r.fields[register]
	f := fields.find(strings.TrimSpace(fieldName))
	if f == nil {
		r.add(n.report(CodeUnknownName,
			text(fmt.Sprintf("登记“%s”没有字段“%s”", name, fieldName), fmt.Sprintf("register “%s” has no field “%s”", name, fieldName)),
			r.suggestion(fieldName, fields.names(""), engine.Text{})))
		return register, ""
	}
	id, unitOf := s.ID, s.Unit
	r.formulas = append(r.formulas, func() {
		if !r.noUnit[id] {
			r.summable(n, f, unitOf)
		}
	})
	return register, f.symbol.ID
}

// summable reports a field that cannot be summed in the statistic's unit.
func (r *packReader) summable(n node, f *entry, u unit.Unit) {
	switch {
	case f.symbol.Kind != formula.Number:
		r.add(n.report(CodeWrongType,
			text(fmt.Sprintf("字段“%s”是%s, 不能求和", f.symbol.Name, kindText(f.symbol.Kind).ZH), fmt.Sprintf("field “%s” is %s and cannot be summed", f.symbol.Name, kindText(f.symbol.Kind).EN)), engine.Text{}))
	case !f.symbol.Unit.SameDimension(u):
		r.unitMismatch(n, f.symbol.Unit, u)
	}
}

// unitMismatch reports a value whose unit has another dimension than wanted.
func (r *packReader) unitMismatch(n node, got, want unit.Unit) {
	name := func(u unit.Unit) (zh, en string) {
		if u.Dim() == "" {
			return "没有单位", "no unit"
		}
		return u.String(), u.String()
	}
	gotZH, gotEN := name(got)
	wantZH, wantEN := name(want)
	r.add(n.report(CodeUnit,
		text(fmt.Sprintf("单位不符: 这里是%s, 应为%s", gotZH, wantZH), fmt.Sprintf("units do not agree: this has %s, expected %s", gotEN, wantEN)), engine.Text{}))
}

// attributes reads properties of subjects.
func (r *packReader) attributes(n node) {
	for _, e := range r.entries(n, text("各项属性", "the attributes")) {
		m := r.open(e, text("一项属性", "an attribute"))
		a := engine.Attribute{Name: e.name, ID: r.id(m, e.name)}
		var unitKnown bool
		a.Kind, a.Unit, a.Options, unitKnown = r.valueType(m)
		a.Law = r.law(m, e.key)
		i := len(r.pack.Attributes)
		r.attributeFormula(m.get("formula"), a, unitKnown, i)
		m.done()
		symbol := formula.Symbol{ID: a.ID, Name: a.Name, Kind: a.Kind, Unit: a.Unit, Options: a.Options, Nullable: true}
		r.declare(r.names, &entry{symbol: symbol, under: "attributes", key: e.key}, m.get("id"))
		r.pack.Attributes = append(r.pack.Attributes, a)
	}
}

func (r *packReader) attributeFormula(n node, a engine.Attribute, unitKnown bool, i int) {
	use := func(e *formula.Expr) { r.pack.Attributes[i].Formula = e }
	r.formulaAt(n, r.subjectScope, formula.Options{Shifts: true}, func(e *formula.Expr) {
		if r.sameKind(n, e, a.Kind) && (!unitKnown || r.wants(n, e, a.Unit, r.subjectScope())) {
			use(e)
		}
	})
}

// sameKind reports a formula that gives another kind of value than declared.
func (r *packReader) sameKind(n node, e *formula.Expr, want formula.Kind) bool {
	if e.Kind() == want {
		return true
	}
	got, expected := kindText(e.Kind()), kindText(want)
	r.add(n.report(CodeFormula,
		text(fmt.Sprintf("公式得出%s, 声明的是%s", got.ZH, expected.ZH), fmt.Sprintf("the formula gives %s, declared is %s", got.EN, expected.EN)), engine.Text{}))
	return false
}

// wants reports a formula that gives another unit than declared.
func (r *packReader) wants(n node, e *formula.Expr, u unit.Unit, s formula.Scope) bool {
	if e.Kind() != formula.Number {
		return true
	}
	problems := e.Want(u)
	for _, p := range problems {
		r.problem(n, p, s)
	}
	return len(problems) == 0
}

var kinds = map[string]formula.Kind{
	"text": formula.Text, "number": formula.Number, "date": formula.Date, "yes or no": formula.Bool,
	"文字": formula.Text, "数字": formula.Number, "日期": formula.Date, "是或否": formula.Bool,
	"time": formula.Date, "时间": formula.Date,
}

// valueType reads kind:, one of: and unit: of a field or attribute. Without
// kind: a list of choices or nothing at all means text, a unit means number.
//
// A caller that takes more kinds names them.
func (r *packReader) valueType(m *mapping, more ...string) (kind formula.Kind, u unit.Unit, options []string, unitKnown bool) {
	options = r.options(m.get("one of"))
	unitNode := m.get("unit")
	u, unitKnown = r.unit(unitNode)
	kind = formula.Text
	if unitKnown {
		kind = formula.Number
	}
	n := m.get("kind")
	if k := r.choice(n, append([]string{"text", "number", "date", "yes or no", "文字", "数字", "日期", "是或否"}, more...)...); k != "" {
		kind = kinds[k]
	}
	if len(options) > 0 && kind != formula.Text {
		r.add(n.report(CodeWrongType, text("有 one of 的只能是文字", "one of goes with a text only"), engine.Text{}))
	}
	if unitKnown && kind != formula.Number {
		r.add(unitNode.report(CodeWrongType, text("只有数字有单位", "only numbers have a unit"), engine.Text{}))
	}
	return kind, u, options, unitKnown
}

// options reads the values that a text may have.
func (r *packReader) options(n node) []string {
	if n.isList() {
		for _, c := range r.list(n, text("一个列表", "a list")) {
			if c.isScalar() && !c.isNull() {
				r.freeText(c)
			}
		}
	}
	return r.words(n)
}

// metrics reads the computed values.
func (r *packReader) metrics(n node) {
	for _, e := range r.entries(n, text("各项计算值", "the metrics")) {
		m := r.open(e, text("一项计算值", "a metric"))
		x := engine.Metric{Name: e.name, ID: r.id(m, e.name)}
		var known bool
		x.Unit, known = r.unit(m.need("unit", text("单位", "its unit")))
		r.noUnit[x.ID] = !known
		x.Law = r.law(m, e.key)
		i := len(r.pack.Metrics)
		f := m.need("formula", text("公式", "its formula"))
		r.quantityFormula(f, x.Unit, known, r.packScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { r.pack.Metrics[i].Formula = e })
		m.done()
		r.declare(r.names, &entry{symbol: numberSymbol(x.ID, x.Name, x.Unit), under: "metrics", key: e.key}, m.get("id"))
		r.pack.Metrics = append(r.pack.Metrics, x)
	}
}

// benchmarks reads the figures of a whole group.
func (r *packReader) benchmarks(n node) {
	for _, e := range r.entries(n, text("各项基准", "the benchmarks")) {
		r.benchmark(e)
	}
}

func (r *packReader) benchmark(e named) {
	m := r.open(e, text("一项基准", "a benchmark"))
	b := engine.Benchmark{Name: e.name, ID: r.id(m, e.name)}
	take, f, u := m.get("take"), m.get("formula"), m.get("unit")
	var known bool
	b.Unit, known = r.unit(u)
	r.noUnit[b.ID] = !known && take.absent()
	b.AllAssessed = r.choice(m.get("over"), "peer group", "all assessed") == "all assessed"
	b.Law = r.law(m, e.key)
	switch {
	case !take.absent() && !f.absent():
		r.add(take.report(CodeWrongType, text("take 和 formula 只能写一个", "write take or formula, not both"), engine.Text{}))
	case !take.absent():
		b.Take, b.Percentile, b.Decimals = r.take(take)
	case f.absent():
		r.add(e.key.report(CodeMissingKey, text("基准要有 take 或 formula", "a benchmark has take or formula"),
			text("例如 take: median", "for example take: median")))
	case u.absent():
		m.need("unit", text("单位", "its unit"))
	}
	among := m.get("among")
	m.done()
	i := len(r.pack.Benchmarks)
	r.condition(among, r.packScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { r.pack.Benchmarks[i].Among = e })
	if !among.absent() && !f.absent() {
		r.add(m.keyNode("among").report(CodeWrongType, text("among 与 take 同用; 公式里把条件写成最后一个参数", "among goes with take; in a formula the condition is the last argument"), engine.Text{}))
	}
	r.quantityFormula(f, b.Unit, known, r.packScope, formula.Options{Shifts: true, Groups: true}, func(e *formula.Expr) { r.pack.Benchmarks[i].Formula = e })
	r.declare(r.names, &entry{symbol: numberSymbol(b.ID, b.Name, b.Unit), under: "benchmarks", key: e.key, hidden: f.absent()}, m.get("id"))
	r.pack.Benchmarks = append(r.pack.Benchmarks, b)
}

// percentileForms are the named definitions of a percentile. The one without a
// name interpolates as PERCENTILE.INC of Excel.
var percentileForms = map[string]string{"": "percentile", "(nearest rank)": "percentile nearest rank", "(exclusive)": "percentile exclusive"}

var (
	percentileTake = regexp.MustCompile(`^percentile ([^ (]+) ?(\(.*\))?$`)
	deviationTake  = regexp.MustCompile(`^standard deviation to (\d{1,2}) decimals?$`)
)

// take reads what is taken of the metric: median, percentile 20%, percentile 65%
// (nearest rank), standard deviation to 4 decimals.
func (r *packReader) take(n node) (string, exact.Num, int) {
	w := r.word(n)
	if m := percentileTake.FindStringSubmatch(w); m != nil && percentileForms[m[2]] != "" {
		plain := *n.y
		plain.Value = m[1]
		x, ok := r.number(n.child(&plain))
		if ok && (x.Sign() < 0 || x.Cmp(exact.Int(1)) > 0) {
			r.add(n.report(CodeWrongType, text("百分位应在 0% 到 100% 之间", "a percentile lies between 0% and 100%"), text("例如 percentile 20%", "for example percentile 20%")))
		}
		return percentileForms[m[2]], x, 0
	}
	if m := deviationTake.FindStringSubmatch(w); m != nil {
		places, _ := strconv.Atoi(m[1])
		return "deviation", exact.Num{}, places
	}
	words := map[string]string{"median": "median", "mean": "mean", "minimum": "min", "maximum": "max"}
	if t, ok := words[w]; ok {
		return t, exact.Num{}, 0
	}
	if w != "" {
		r.choice(n, "median", "mean", "minimum", "maximum", "percentile 20%", "percentile 20% (nearest rank)", "percentile 20% (exclusive)", "standard deviation to 4 decimals")
	}
	return "", exact.Num{}, 0
}
