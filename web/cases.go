package web

import (
	"cmp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
)

// cases lists the records behind a counted figure: as many as the figure says.
func (q *request) cases() error {
	o, card, err := q.openCard()
	if err != nil {
		return err
	}
	at, err := engine.ParsePeriod(q.r.PathValue("at"))
	if err != nil {
		return engine.ErrNotFound
	}
	name := q.r.PathValue("statistic")
	records, err := o.Counted(card.Subject, name, at)
	if err != nil {
		return err
	}
	p := q.resultPage(o, name)
	p.Where.Subject = card.Subject
	p.Subtitle = strings.Join([]string{q.t("案件明细", "Cases"), card.Name, at.Title().In(q.lang), q.tf("%d 条", "%d records", len(records))}, " · ")
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: card.Name, Href: o.path("s", card.Subject)}, link{Text: name})
	data := struct {
		Condition string
		Table     *table
		Pages     []link
	}{}
	for i := range o.Pack.Statistics {
		if s := &o.Pack.Statistics[i]; s.Name == name || s.ID == name {
			data.Condition = registerName(o.Pack, s.Register)
			if s.Where != nil {
				data.Condition += q.t(",条件:", ", where ") + s.Where.Source()
			}
		}
	}
	q.offerUnmasking(p)
	data.Table = p.add(q.recordsTable(o, records, at))
	if q.query("export") == "" {
		data.Pages = q.cutPages(data.Table)
	}
	p.Data = data
	return q.render(p, "cases")
}

// pageRows is how many rows a long table shows at once; its files hold all.
const pageRows = 100

// cutPages keeps one page of a long table and returns links to the others.
func (q *request) cutPages(t *table) []link {
	all := len(t.Rows)
	if all <= pageRows {
		return nil
	}
	number, _ := formulaInt(q.query("page"))
	last := (all + pageRows - 1) / pageRows
	number = min(max(number, 1), last)
	from, to := (number-1)*pageRows, min(number*pageRows, all)
	t.Rows = t.Rows[from:to]
	t.Notes = append(t.Notes, q.tf("第 %d–%d 行,共 %d 行;导出的文件含全部。", "Rows %d–%d of %d; the files hold them all.", from+1, to, all))
	var pages []link
	for n := 1; n <= last; n++ {
		if n == 1 || n == last || n >= number-3 && n <= number+3 {
			pages = append(pages, link{Text: itoa(n), Href: q.here("page", itoa(n)), Here: n == number})
		}
	}
	return pages
}

func formulaInt(s string) (int, bool) {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1e6 {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, s != ""
}

// recordsTable shows records with the fields of their register as columns.
func (q *request) recordsTable(o *opened, records []engine.Record, at engine.Period) *table {
	t := &table{ID: "records", Caption: q.tf("案件明细(%d 条)", "Records (%d)", len(records)), Empty: q.t("没有记录。", "There are no records."), made: q.Desk.Clock(o.Stored.MadeAt)}
	if len(records) == 0 {
		t.Columns = []column{{Title: q.t("编号", "Key"), Key: true}}
		return t
	}
	reg := registerOf(o.Pack, records[0].Register)
	t.Columns = []column{{Title: cmp.Or(reg.Key, q.t("编号", "Key")), Key: true}, {Title: cmp.Or(reg.Date, q.t("日期", "Date"))}}
	for _, f := range reg.Fields {
		t.Columns = append(t.Columns, column{Title: f.Name, Right: f.Kind == formula.Number})
	}
	t.Columns = append(t.Columns, column{Title: q.t("来源", "Source")})
	for i := range records {
		r := &records[i]
		cells := []cell{linked(cmp.Or(r.Key, dash), o.path("case", r.Register, r.Key)), txt(r.Date.String())}
		for _, f := range reg.Fields {
			cells = append(cells, txt(q.fieldText(o, r, &f, at)))
		}
		t.Rows = append(t.Rows, row{Cells: append(cells, txt(r.Origin.Batch+" "+q.originText(r.Origin)))})
	}
	return t
}

// fieldText writes a field of a record, personal data masked.
func (q *request) fieldText(o *opened, r *engine.Record, f *engine.Field, at engine.Period) string {
	v, ok := r.Fields[f.ID]
	if f.Formula != nil || f.Number != nil {
		got, computed, err := o.Computed(r, f.ID, at)
		if err != nil || !computed {
			return dash
		}
		v, ok = got, true
	}
	if !ok || v.Status != formula.OK {
		return dash
	}
	if v.Null {
		return q.t("空", "empty")
	}
	return q.mask(f.Name, q.valueText(f.Kind, f.Unit, v))
}

func (q *request) valueText(kind formula.Kind, u unit.Unit, v formula.Value) string {
	switch kind {
	case formula.Text:
		return v.Text
	case formula.Bool:
		if v.Bool {
			return q.t("是", "yes")
		}
		return q.t("否", "no")
	case formula.Date:
		return engine.MomentText(v.Num)
	}
	return unit.Quantity{Value: v.Num, Unit: u}.String()
}

// contents sums a record up in a line, personal data masked.
func (q *request) contents(o *opened, r *engine.Record) string {
	reg := registerOf(o.Pack, r.Register)
	if reg == nil {
		return ""
	}
	var parts []string
	for i := range reg.Fields {
		f := &reg.Fields[i]
		if v, ok := r.Fields[f.ID]; ok && v.Status == formula.OK && !v.Null {
			parts = append(parts, f.Name+" "+q.mask(f.Name, q.valueText(f.Kind, f.Unit, v)))
		}
	}
	return strings.Join(parts, q.t(";", "; "))
}

// oneCase is the page of one record.
func (q *request) oneCase() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	register, key := q.r.PathValue("register"), q.r.PathValue("key")
	at := slices.IndexFunc(o.Facts.Records, func(r engine.Record) bool { return r.Register == register && r.Key == key })
	reg := registerOf(o.Pack, register)
	if at < 0 || reg == nil {
		return engine.ErrNotFound
	}
	r := &o.Facts.Records[at]
	if !q.reaches(o.Pack.Name, o.Result, r.Subject) {
		return ErrForbidden
	}
	p := q.resultPage(o, key)
	p.Subtitle = strings.Join([]string{reg.Name, p.Where.Title, o.Stored.Period.Title().In(q.lang)}, " · ")
	name := r.Subject
	card, known := o.Card(r.Subject)
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")})
	if known {
		name = card.Name
		p.Crumbs = append(p.Crumbs, link{Text: name, Href: o.path("s", r.Subject)})
	}
	p.Crumbs = append(p.Crumbs, link{Text: key})
	data := struct {
		Facts    []link
		Fields   *table
		Timeline *table
		Findings *table
	}{}
	data.Facts = []link{
		{Text: cmp.Or(reg.Subject, q.t("机构", "subject")), Title: r.Subject + " " + name},
		{Text: cmp.Or(reg.Date, q.t("日期", "date")), Title: r.Date.String()},
		{Text: q.t("来源", "source"), Title: r.Origin.Batch + " · " + q.originText(r.Origin), Href: address("data", r.Origin.Batch)},
	}
	period := periodAround(o, r)
	q.offerUnmasking(p)
	data.Fields = p.add(q.caseFields(o, r, reg, period))
	if t := q.caseTimeline(r, reg); len(t.Rows) > 1 {
		data.Timeline = p.add(t)
	}
	if t := q.caseFindings(o, r); len(t.Rows) > 0 {
		data.Findings = p.add(t)
	}
	p.Data = data
	return q.render(p, "case")
}

// periodAround is the period in which a record counts: that of the run, or the
// earlier one that a formula looks at.
func periodAround(o *opened, r *engine.Record) engine.Period {
	for _, p := range engine.PriorPeriods(o.Pack, o.Stored.Period) {
		if p.Contains(r.Date) && !o.Stored.Period.Contains(r.Date) {
			return p
		}
	}
	return o.Stored.Period
}

func (q *request) caseFields(o *opened, r *engine.Record, reg *engine.Register, at engine.Period) *table {
	t := &table{ID: "fields", Caption: q.t("登记内容", "As registered"), Columns: []column{{Title: q.t("字段", "Field"), Key: true}, {Title: q.t("内容", "Value")}, {Title: q.t("说明", "Remark")}}}
	for i := range reg.Fields {
		f := &reg.Fields[i]
		remark := ""
		if f.Formula != nil {
			remark = q.t("计算:", "computed: ") + f.Formula.Source()
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(f.Name), txt(q.fieldText(o, r, f, at)), txt(remark)}})
	}
	return t
}

// caseTimeline lists the dates of a record in their order.
func (q *request) caseTimeline(r *engine.Record, reg *engine.Register) *table {
	t := &table{ID: "timeline", Caption: q.t("经过", "Timeline"), Columns: []column{{Title: q.t("时间", "When"), Key: true}, {Title: q.t("事项", "What")}}}
	type event struct{ when, what string }
	events := []event{{r.Date.String(), cmp.Or(reg.Date, q.t("登记", "registered"))}}
	for _, f := range reg.Fields {
		if v, ok := r.Fields[f.ID]; ok && f.Kind == formula.Date && v.Status == formula.OK && !v.Null && f.Name != reg.Date {
			events = append(events, event{engine.MomentText(v.Num), f.Name})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.when, b.when) })
	for _, e := range events {
		t.Rows = append(t.Rows, row{Cells: []cell{txt(e.when), txt(e.what)}})
	}
	return t
}

func (q *request) caseFindings(o *opened, r *engine.Record) *table {
	t := &table{ID: "found", Caption: q.t("与本案有关的发现", "What was found about it"), Columns: []column{{Title: q.t("规则", "Rule"), Key: true}, {Title: q.t("情况", "State")}, {Title: q.t("说明", "Reason")}, {Title: q.t("依据", "Clause")}}}
	for i := range o.Result.Findings {
		if f := &o.Result.Findings[i]; f.Register == r.Register && slices.Contains(f.Records, r.Key) {
			t.Rows = append(t.Rows, row{Cells: []cell{txt(f.Name), {Text: q.stateText(f), Class: "warn"}, txt(f.Reason.In(q.lang)), txt(f.Cite)}})
		}
	}
	return t
}
