package rules

import (
	"fmt"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

func (r *packReader) deductions(d *itemDraft, n node) {
	for _, c := range r.list(n, text("扣分项的列表", "the list of deductions")) {
		if !c.isMap() {
			r.mapping(c, text("一个扣分项", "a deduction"))
			continue
		}
		d.append(r.deduction(c, engine.DeductionItem))
	}
}

// additions reads items whose cases add points. But for the sign they are
// deductions.
func (r *packReader) additions(d *itemDraft, n node) {
	for _, c := range r.list(n, text("加分项的列表", "the list of additions")) {
		if !c.isMap() {
			r.mapping(c, text("一个加分项", "an addition"))
			continue
		}
		d.append(r.deduction(c, engine.AdditionItem))
	}
}

// caps reads what several deductions or additions come to at most together.
func (r *packReader) caps(d *itemDraft, n node) {
	for _, c := range r.list(n, text("共同上限", "the common caps")) {
		m := r.mapping(c, text("一个共同上限: {of: [项目], at_most: 分}", "a common cap: {of: [items], at_most: points}"))
		cap := engine.Cap{}
		cap.AtMost, _ = r.points(r.dated(m.need("at_most", text("最多几分", "how many points at most"))))
		of := m.need("of", text("哪几项", "which items"))
		cap.Law = r.law(m, c)
		m.done()
		i := len(d.Caps)
		d.Caps = append(d.Caps, cap)
		for _, n := range r.list(of, text("扣分项或加分项的名称", "names of deductions or additions")) {
			r.later(func() {
				e := r.items.find(r.word(n))
				if e == nil || e.under != "deductions" {
					r.unknownReference(n, r.word(n), text("扣分项", "deduction"), "deductions", r.items.names("deductions"))
					return
				}
				d.Caps[i].Of = append(d.Caps[i].Of, e.symbol.ID)
			})
		}
	}
}

// deduction reads one deduction, or addition: which cases it counts and what each
// is worth.
func (r *packReader) deduction(n node, kind engine.ItemKind) *itemDraft {
	d := r.item(n, kind)
	if kind == engine.AdditionItem {
		d.Kind, d.Adds = engine.DeductionItem, true
	}
	if x, ok := r.points(r.dated(d.m.get("at_most"))); ok {
		d.AtMost = &x
	}
	t := &engine.CaseTable{From: d.m.word("from"), Law: d.Law}
	d.Cases = t
	fields, points := d.m.get("fields"), d.m.need("points_per_case", text("每件扣几分", "the points of each case"))
	own := r.caseRegister(d, t)
	where, class := d.m.get("where"), d.m.get("classified_by")
	if own {
		r.readFields(fields, t.Register)
		r.inferFields(t.Register, where, class, points)
	} else if !fields.absent() {
		r.add(d.m.keyNode("fields").report(CodeWrongType,
			text("字段已由登记声明", "the register declares the fields"), text("写到 registers 里", "put them under registers")))
	}
	sc := func() formula.Scope { return r.fieldScope(t.Register) }
	if t.Register == "" {
		sc = nil
	}
	r.condition(where, sc, formula.Options{}, func(e *formula.Expr) { t.Where = e })
	r.classes(t, class)
	r.caseLines(t, d.m.keyNode("points_per_case"), points, sc)
	d.m.done()
	return d
}

// caseRegister names the register the cases come from. A deduction without one
// has a register of its own, under the deduction's name.
func (r *packReader) caseRegister(d *itemDraft, t *engine.CaseTable) (own bool) {
	n := d.m.get("register")
	if !n.absent() {
		t.Register = r.register(n, r.word(n))
		return false
	}
	if d.Name == "" {
		return false
	}
	if e := r.registers.find(d.Name); e != nil {
		r.add(d.key.report(CodeDuplicateName,
			text(fmt.Sprintf("已经有登记“%s” (%s)", d.Name, whereIs(e).ZH), fmt.Sprintf("there is a register “%s” already (%s)", d.Name, whereIs(e).EN)),
			text("案件取自它时加一行 register: "+d.Name, "if the cases come from it, add a line register: "+d.Name)))
		t.Register = e.symbol.ID
		return false
	}
	reg := engine.Register{ID: d.ID, Name: d.Name, Key: "编号", Subject: "机构编码", Date: "日期", Times: "次数", Law: d.Law}
	r.declareRegister(&reg, d.key, d.m.get("id"))
	t.Register = d.ID
	return true
}

// classes reads the field that classifies a case.
func (r *packReader) classes(t *engine.CaseTable, n node) {
	w := r.word(n)
	if w == "" || t.Register == "" {
		return
	}
	f := r.fields[t.Register].find(w)
	if f == nil || f.under == "" {
		r.add(n.report(CodeUnknownName,
			text(fmt.Sprintf("登记没有字段“%s”", clip(w)), fmt.Sprintf("the register has no field “%s”", clip(w))),
			r.suggestion(w, r.fields[t.Register].names("fields"), engine.Text{})))
		return
	}
	t.ClassifiedBy = f.symbol.ID
	if f.symbol.Kind != formula.Text {
		r.add(n.report(CodeWrongType, text("classified_by 要用文字字段", "classified_by needs a text field"), engine.Text{}))
	}
}

// caseLines reads points_per_case: a table of classes, or a list of conditions.
func (r *packReader) caseLines(t *engine.CaseTable, key, n node, sc func() formula.Scope) {
	switch {
	case n.absent():
	case n.isList():
		r.conditionLines(t, key, n, sc)
	case n.isMap():
		r.classLines(t, key, n, sc)
	default:
		t.Lines = []engine.CaseLine{{Otherwise: true}}
		r.caseWorth(n, &t.Lines[0], sc)
	}
}

// caseWorth reads what a case is worth: points, or a formula over its fields such
// as "2 × 人数".
func (r *packReader) caseWorth(n node, line *engine.CaseLine, sc func() formula.Scope) {
	if _, plain := r.plainNumber(n); plain || n.isMap() || sc == nil || !startsFormula(n.value()) {
		line.Points, _ = r.datedPoints(n)
		return
	}
	r.formulaAt(n, sc, formula.Options{}, func(e *formula.Expr) {
		if r.sameKind(n, e, formula.Number) {
			line.Formula = e
		}
	})
}

// laterWorth is caseWorth for a line of a list that still grows.
func (r *packReader) laterWorth(n node, t *engine.CaseTable, i int, sc func() formula.Scope) {
	line := engine.CaseLine{}
	r.caseWorth(n, &line, sc)
	t.Lines[i].Points = line.Points
	r.formulas = append(r.formulas, func() { t.Lines[i].Formula = line.Formula })
}

// startsFormula tells a formula from a number that is written wrongly.
func startsFormula(s string) bool { return strings.ContainsAny(s, "×*÷/+(") }

func (r *packReader) classLines(t *engine.CaseTable, key, n node, sc func() formula.Scope) {
	var known []string
	if f := r.fieldOf(t.Register, t.ClassifiedBy); f != nil {
		known = f.Options
	} else if t.Register != "" && t.ClassifiedBy == "" {
		r.add(n.report(CodeMissingKey, text("按类别扣分要写明类别在哪个字段", "points by class need the field that holds the class"),
			text("加一行 classified_by: 字段", "add a line classified_by: field")))
	}
	seen := map[string]bool{}
	for _, e := range r.entries(n, text("类别: 分值", "class: points")) {
		seen[e.name] = true
		if len(known) > 0 && !slices.Contains(known, e.name) {
			r.add(e.key.report(CodeUnknownName,
				text(fmt.Sprintf("字段没有类别“%s”", clip(e.name)), fmt.Sprintf("the field has no class “%s”", clip(e.name))), r.suggestion(e.name, known, engine.Text{})))
		}
		if e.value.isNull() {
			r.add(e.key.report(CodeCasePoints, text(fmt.Sprintf("“%s”没有扣分值", e.name), fmt.Sprintf("“%s” has no points", e.name)), text("写上每件扣几分, 不扣写 0", "write its points, 0 for none")))
			continue
		}
		i := len(t.Lines)
		t.Lines = append(t.Lines, engine.CaseLine{Class: e.name})
		r.laterWorth(e.value, t, i, sc)
	}
	for _, class := range known {
		if !seen[class] {
			r.add(key.report(CodeCasePoints, text(fmt.Sprintf("类别“%s”没有扣分值", class), fmt.Sprintf("class “%s” has no points", class)), text("加上它, 不扣写 0", "add it, with 0 for none")))
		}
	}
}

// fieldOf finds a field of a register by id.
func (r *packReader) fieldOf(register, id string) *engine.Field {
	reg := r.registerByID(register)
	for i := range reg.Fields {
		if reg.Fields[i].ID == id && id != "" {
			return &reg.Fields[i]
		}
	}
	return nil
}

func (r *packReader) conditionLines(t *engine.CaseTable, key, n node, sc func() formula.Scope) {
	t.Lines = make([]engine.CaseLine, len(n.y.Content))
	covered := false
	for i, c := range r.list(n, engine.Text{}) {
		m := r.mapping(c, text("{when: 条件, points: 分值}", "{when: condition, points: number}"))
		line := &t.Lines[i]
		otherwise, when := m.get("otherwise"), m.get("when")
		if !otherwise.absent() {
			line.Otherwise, covered = true, true
			line.Points, _ = r.datedPoints(otherwise)
			m.done()
			continue
		}
		if m.node.isMap() && when.absent() {
			m.need("when", text("条件", "a condition"))
		}
		line.WhenText = when.value()
		r.condition(when, sc, formula.Options{}, func(e *formula.Expr) { line.When = e })
		if points := m.get("points"); !points.absent() && !points.isNull() {
			r.caseWorth(points, line, sc)
		} else if m.node.isMap() {
			r.add(m.node.report(CodeCasePoints, text("这一行没有扣分值", "this line has no points"), text("加上 points: 分值, 不扣写 0", "add points: number, 0 for none")))
		}
		m.done()
	}
	if !covered {
		r.add(key.report(CodeCasePoints, text("不符合任何条件的案件没有扣分值", "a case that meets no condition has no points"),
			text("最后加一行 - {otherwise: 0}", "add a last line - {otherwise: 0}")))
	}
}
