package rules

import (
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// maxDecimals is how many decimals a number in a register may declare.
const maxDecimals = 9

// readRegisters reads the case registers.
func (r *packReader) readRegisters(n node) {
	for _, e := range r.entries(n, text("各个登记", "the registers")) {
		m := r.open(e, text("一个登记", "a register"))
		reg := engine.Register{Name: e.name, ID: r.id(m, e.name)}
		reg.Key = r.word(m.need("key", text("案件编号的列名", "the heading of the key")))
		reg.Subject = r.word(m.need("subject", text("机构编码的列名", "the heading of the subject's code")))
		reg.Date = r.word(m.need("date", text("日期的列名", "the heading of the date")))
		reg.Times, reg.Source = m.word("times"), m.word("from")
		reg.Law = r.law(m, e.key)
		r.declareRegister(&reg, e.key, m.get("id"))
		r.readFields(m.get("fields"), reg.ID)
		r.derivedFields(m.get("derived"), reg.ID)
		m.done()
	}
}

// declareRegister adds a register with no fields yet, except its date, which
// conditions may use under its heading.
func (r *packReader) declareRegister(reg *engine.Register, key, id node) {
	r.declare(r.registers, &entry{symbol: formula.Symbol{ID: reg.ID, Name: reg.Name}, under: "registers", key: key}, id)
	fields := newNamespace()
	for _, e := range periodSymbols() {
		r.declare(fields, e, node{})
	}
	r.fields[reg.ID] = fields
	r.pack.Registers = append(r.pack.Registers, *reg)
}

// registerByID finds a register that has been declared.
func (r *packReader) registerByID(id string) *engine.Register {
	for i := range r.pack.Registers {
		if r.pack.Registers[i].ID == id {
			return &r.pack.Registers[i]
		}
	}
	return &engine.Register{}
}

// readFields reads the delivered fields of a register, and those computed
// from others.
func (r *packReader) readFields(n node, register string) {
	for _, e := range r.entries(n, text("各字段", "the fields")) {
		m := r.open(e, text("一个字段", "a field"))
		f := engine.Field{Name: e.name, ID: r.id(m, e.name)}
		var known bool
		f.Kind, f.Unit, f.Options, known = r.valueType(m, "time", "时间")
		kind := strings.ToLower(m.get("kind").value())
		f.Clock = kind == "time" || kind == "时间"
		if d := m.get("decimals"); !d.absent() {
			f.Decimals, _ = r.whole(d, 0, maxDecimals)
		}
		f.Nullable = r.yesNo(m.get("may be empty"))
		i := r.declareField(register, f, e.key, m.get("id"))
		if formulaNode := m.get("formula"); !formulaNode.absent() {
			r.derive(formulaNode, register, i, known)
		}
		m.done()
	}
}

// declareField adds a field and returns its index.
func (r *packReader) declareField(register string, f engine.Field, key, id node) int {
	symbol := formula.Symbol{ID: f.ID, Name: f.Name, Kind: f.Kind, Unit: f.Unit, Options: f.Options, Nullable: f.Nullable}
	r.declare(r.fields[register], &entry{symbol: symbol, under: "fields", key: key}, id)
	reg := r.registerByID(register)
	reg.Fields = append(reg.Fields, f)
	return len(reg.Fields) - 1
}

// derivedFields reads fields that are computed from the delivered ones and from
// derived ones above them. Their kind is what their formula gives.
func (r *packReader) derivedFields(n node, register string) {
	for _, e := range r.entries(n, text("各计算字段", "the derived fields")) {
		m := r.open(e, text("一个计算字段", "a derived field"))
		f := engine.Field{Name: e.name, ID: r.id(m, e.name), Nullable: true}
		var known bool
		f.Unit, known = r.unit(m.get("unit"))
		id := m.get("id")
		if number := m.get("number_in"); !number.absent() {
			r.numberedField(m, number, f, register, e.key, id)
			m.done()
			continue
		}
		formulaNode := m.need("formula", text("公式", "its formula"))
		m.done()
		i := r.deriveNow(formulaNode, &f, register, known)
		at := r.declareField(register, f, e.key, id)
		if i != nil {
			r.registerByID(register).Fields[at].Formula = i
		}
	}
}

// deriveNow checks the formula of a derived field at once: the next fields need
// to know its kind.
func (r *packReader) deriveNow(n node, f *engine.Field, register string, unitKnown bool) *formula.Expr {
	later := r.formulas
	r.formulas = nil
	var out *formula.Expr
	r.formulaAt(n, func() formula.Scope { return r.fieldScope(register) }, formula.Options{}, func(e *formula.Expr) {
		f.Kind = e.Kind()
		if !unitKnown {
			f.Unit = e.Unit()
		} else if !r.wants(n, e, f.Unit, r.fieldScope(register)) {
			return
		}
		out = e
	})
	for _, check := range r.formulas {
		check()
	}
	r.formulas = later
	return out
}

// derive checks the formula of a field whose kind is declared.
func (r *packReader) derive(n node, register string, i int, unitKnown bool) {
	sc := func() formula.Scope { return r.ownScope(register) }
	r.formulaAt(n, sc, formula.Options{}, func(e *formula.Expr) {
		f := &r.registerByID(register).Fields[i]
		if r.sameKind(n, e, f.Kind) && (!unitKnown || r.wants(n, e, f.Unit, sc())) {
			f.Formula = e
		}
	})
}

// readFeeds reads the tables in which figures are delivered.
func (r *packReader) readFeeds(n node) {
	for _, e := range r.entries(n, text("各个数据来源", "the feeds")) {
		m := r.open(e, text("一个数据来源", "a feed"))
		f := engine.Feed{Name: e.name, ID: r.id(m, e.name)}
		f.Subject = r.word(m.need("subject", text("机构编码的列名", "the heading of the subject's code")))
		f.SubjectName, f.CodePrefix, f.Period = m.word("subject_name"), m.word("code_prefix"), m.word("period")
		f.PeerGroup, f.PeerGroupFixed = r.feedGroup(m.get("peer_group"))
		f.ApartBy, f.Source = m.word("apart_by"), m.word("from")
		f.Sheets = r.words(m.get("sheet"))
		f.Law = r.law(m, e.key)
		columns := m.need("columns", text("列名: 统计数据", "heading: statistic"))
		m.done()
		r.declare(r.feeds, &entry{symbol: formula.Symbol{ID: f.ID, Name: f.Name}, under: "feeds", key: e.key}, m.get("id"))
		f.Columns = r.feedColumns(columns)
		r.pack.Feeds = append(r.pack.Feeds, f)
	}
}

// feedGroup reads the heading of the peer group, or {all: group}.
func (r *packReader) feedGroup(n node) (heading, fixed string) {
	if !n.isMap() {
		return r.word(n), ""
	}
	m := r.mapping(n, text("同业组", "the peer group"))
	fixed = r.peerGroup(m.need("all", text("所有行的同业组", "the peer group of all rows")))
	m.done()
	return "", fixed
}

func (r *packReader) feedColumns(n node) []engine.FeedColumn {
	var out []engine.FeedColumn
	for _, e := range r.entries(n, text("各列", "the columns")) {
		c := engine.FeedColumn{Heading: e.name}
		nameNode, unitNode := e.value, node{}
		if e.value.isMap() {
			m := r.open(e, text("一列", "a column"))
			nameNode, unitNode = m.need("statistic", text("统计数据的名称", "the name of the statistic")), m.get("unit")
			c.PeerGroup = r.peerGroup(m.get("peer_group"))
			m.done()
		}
		s := r.reported(nameNode)
		if s == nil {
			continue
		}
		c.Statistic, c.Unit = s.ID, s.Unit
		if u, ok := r.unit(unitNode); ok {
			c.Unit = u
			if !u.SameDimension(s.Unit) {
				r.unitMismatch(unitNode, u, s.Unit)
			}
		}
		out = append(out, c)
	}
	return out
}

// reported finds a statistic that can be delivered in a feed.
func (r *packReader) reported(n node) *engine.Statistic {
	w := r.word(n)
	if w == "" {
		return nil
	}
	e := r.names.findUnder(w, "statistics")
	if e == nil {
		r.add(n.report(CodeUnknownName,
			text(fmt.Sprintf("没有统计数据“%s”", clip(w)), fmt.Sprintf("there is no statistic “%s”", clip(w))),
			r.suggestion(w, r.names.names("statistics"), text("先在 statistics 里声明", "declare it under statistics first"))))
		return nil
	}
	for i := range r.pack.Statistics {
		if r.pack.Statistics[i].ID == e.symbol.ID {
			return &r.pack.Statistics[i]
		}
	}
	return nil
}

// defaultFeed is what a pack without feeds delivers: one table with every
// reported statistic under its name.
func (r *packReader) defaultFeed() {
	f := engine.Feed{ID: "statistics", Name: "统计数据", Subject: "机构编码", SubjectName: "机构名称", Period: "统计期间"}
	if len(r.pack.PeerGroups) == 1 {
		f.PeerGroupFixed = r.pack.PeerGroups[0].ID
	}
	for _, s := range r.pack.Statistics {
		if s.Register == "" {
			f.Columns = append(f.Columns, engine.FeedColumn{Heading: s.Name, Statistic: s.ID, Unit: s.Unit})
		}
	}
	r.pack.Feeds = append(r.pack.Feeds, f)
}
