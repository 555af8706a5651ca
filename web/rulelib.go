package web

import (
	"cmp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/rules"
)

// ruleRoutes are the pages about rule packs.
func ruleRoutes() []route {
	return []route{
		onGet("/rules", ReadRules, "规则库", "rule packs", (*request).ruleLibrary),
		onGet("/rules/{pack}", ReadRules, "规则包", "a rule pack", (*request).rulePack),
		onGet("/rules/{pack}/{edition}", ReadRules, "规则包的一个版本", "an edition of a rule pack", (*request).rulePack),
		onGet("/rules/{pack}/{edition}/file", ReadRules, "规则文件", "a rule file", (*request).ruleFile),
	}
}

// rulesMenu is the part of the menu about rules.
func (q *request) rulesMenu(entry func(zh, en, href string) link) menuGroup {
	return menuGroup{Title: q.t("规则", "Rules"), Links: []link{
		entry("规则库", "Rule packs", "/rules"), entry("试算", "Playground", "/playground"), entry("帮助", "Help", "/help"),
	}}
}

// States of an edition's tests.
const (
	testsPass    = "pass"
	testsFail    = "fail"
	testsNone    = "none"
	testsMistake = "mistakes" // in the rules: nothing can be tested
)

// testsOf is what came of an edition's tests.
func (q *request) testsOf(e *rules.Edition) (state string, tests *rules.PackTests) {
	if e.Pack == nil {
		return testsMistake, nil
	}
	report := q.Desk.Rules().Tests()
	for i := range report.Packs {
		t := &report.Packs[i]
		if t.Pack != e.Name || t.Edition != e.Date {
			continue
		}
		switch {
		case t.Failed > 0 || t.Mistakes > 0:
			return testsFail, t
		case t.Tests == 0:
			return testsNone, t
		}
		return testsPass, t
	}
	return testsNone, nil
}

func (q *request) testWord(state string) string {
	switch state {
	case testsPass:
		return q.t("● 通过", "● pass")
	case testsFail:
		return q.t("▲ 未通过", "▲ fail")
	case testsMistake:
		return q.t("■ 规则有错误", "■ mistakes in the rules")
	}
	return q.t("— 没有测试", "— no tests")
}

var testClass = map[string]string{testsPass: "good", testsFail: "bad", testsMistake: "bad", testsNone: "muted"}

// testCell is the state of an edition's tests with their number.
func (q *request) testCell(e *rules.Edition, href string) cell {
	state, tests := q.testsOf(e)
	c := cell{Text: q.testWord(state), Class: testClass[state], Href: href}
	if tests != nil && tests.Tests > 0 {
		c.Sub = itoa(tests.Tests-tests.Failed) + "/" + itoa(tests.Tests)
	}
	if e.Pack == nil && e.Errors > 0 {
		c.Sub = q.tf("%d 处错误", "errors: %d", e.Errors)
	}
	return c
}

// coverCell is the share of the edition that its tests reach.
func (q *request) coverCell(e *rules.Edition) cell {
	_, tests := q.testsOf(e)
	if tests == nil || tests.Coverage == nil {
		return txt(dash)
	}
	c := tests.Coverage
	return cell{Text: itoa(c.Percent()) + "%", Sub: itoa(c.Reached) + "/" + itoa(c.Of)}
}

// titleOf is what an edition is called; one with mistakes by its folder's name.
func (q *request) titleOf(e *rules.Edition) string {
	if e.Pack != nil {
		return e.Pack.Title.In(q.lang)
	}
	return cmp.Or(e.Name, q.t("(没有名称)", "(no name)"))
}

// validity writes from when until when an edition scores.
func (q *request) validity(e *rules.Edition) string {
	switch {
	case e.Effective.From.IsZero():
		return dash
	case e.Effective.Until.IsZero():
		return q.tf("%s 起", "from %s", e.Effective.From)
	}
	return q.tf("%s 至 %s", "%s to %s", e.Effective.From, e.Effective.Until)
}

// openAssumptions counts what somebody still has to confirm.
func openAssumptions(p *engine.Pack) int {
	n := 0
	for i := range p.Assumptions {
		if p.Assumptions[i].State == "open" {
			n++
		}
	}
	return n
}

// ruleFilter is what the address of the library asks for.
type ruleFilter struct{ words, regulator, status, tests string }

func (q *request) ruleFilter() ruleFilter {
	return ruleFilter{strings.TrimSpace(q.query("q")), q.query("regulator"), q.query("status"), q.query("tests")}
}

// keeps reports whether an edition is asked for. Words are looked for in names,
// titles, regulators and the lines of the scorecard.
func (q *request) keeps(f ruleFilter, e *rules.Edition) bool {
	state, _ := q.testsOf(e)
	if f.tests != "" && f.tests != state {
		return false
	}
	if e.Pack == nil {
		return f.regulator == "" && f.status == "" && (f.words == "" || matches(f.words, e.Name))
	}
	p := e.Pack
	if f.regulator != "" && f.regulator != p.Regulator || f.status != "" && f.status != p.Status {
		return false
	}
	if f.words == "" || matches(f.words, p.Name, p.Title.ZH, p.Title.EN, p.Regulator) {
		return true
	}
	return slices.ContainsFunc(p.AllItems(), func(it *engine.Item) bool { return matches(f.words, it.Name, it.ID) }) ||
		slices.ContainsFunc(p.Metrics, func(m engine.Metric) bool { return matches(f.words, m.Name, m.ID) })
}

// ruleLibrary lists every edition of every pack.
func (q *request) ruleLibrary() error {
	all := q.Desk.Rules().Library.Editions()
	runs, err := q.Desk.DB.Runs(q.ctx(), "", engine.Period{})
	if err != nil {
		return err
	}
	counts := map[[2]string]int{}
	for _, r := range runs {
		counts[[2]string{r.Pack, r.Edition.String()}]++
	}
	p := q.newPage(q.t("规则库", "Rule packs"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	data := struct {
		Words                        string
		Regulators, Statuses, States []option
		Table                        *table
	}{Words: q.ruleFilter().words}
	filter := q.ruleFilter()
	data.Regulators, data.Statuses = q.ruleChoices(all, filter)
	for _, s := range []string{testsPass, testsFail, testsNone, testsMistake} {
		data.States = append(data.States, option{s, q.testWord(s), s == filter.tests})
	}
	t := &table{ID: "packs", Caption: q.t("规则包及其版本", "Packs and their editions"), Columns: []column{
		{Title: q.t("办法", "Scheme"), Key: true}, {Title: q.t("制定机关", "Issued by")}, {Title: q.t("版本", "Edition"), Center: true}, {Title: q.t("适用期间", "Periods scored")}, {Title: q.t("状态", "Status"), Center: true},
		{Title: q.t("指标", "Lines"), Right: true}, {Title: q.t("待确认假设", "Open assumptions"), Right: true}, {Title: q.t("测试", "Tests")}, {Title: q.t("覆盖", "Coverage"), Right: true}, {Title: q.t("运行", "Runs"), Right: true},
	}, Empty: q.t("没有符合条件的规则包。", "No pack matches."), Next: link{Text: q.t("看全部", "Show all"), Href: "/rules"}}
	for i := range all {
		e := &all[i]
		if !q.keeps(filter, e) {
			continue
		}
		t.Rows = append(t.Rows, q.ruleRow(e, counts[[2]string{e.Name, e.Date.String()}]))
	}
	p.Subtitle = q.tf("%d 个版本,显示 %d 个", "editions: %d, shown: %d", len(all), len(t.Rows))
	data.Table = p.add(t)
	p.Data = data
	return q.render(p, "rules")
}

func (q *request) ruleRow(e *rules.Edition, runs int) row {
	href := address("rules", e.Name, e.Date.String())
	first := cell{Text: q.titleOf(e), Href: href, Sub: e.Name}
	used := txt(itoa(runs))
	if runs > 0 {
		used.Href = with(href, "view", "editions")
	}
	regulator, status, lines, open := dash, dash, dash, dash
	if p := e.Pack; p != nil {
		regulator, status = cmp.Or(p.Regulator, dash), q.statusWord(p.Status)
		lines, open = itoa(leaves(p)), itoa(openAssumptions(p))
	}
	return row{Cells: []cell{first, txt(regulator), txt(e.Date.String()), txt(q.validity(e)), txt(status), txt(lines), txt(open),
		q.testCell(e, with(href, "view", "tests")), q.coverCell(e), used}}
}

// leaves counts the lines of a scorecard that are scored themselves.
func leaves(p *engine.Pack) int {
	n := 0
	for _, it := range p.AllItems() {
		if len(it.Children) == 0 {
			n++
		}
	}
	if n == 0 {
		return len(p.Metrics)
	}
	return n
}

// ruleChoices are the regulators and statuses that there are.
func (q *request) ruleChoices(all []rules.Edition, f ruleFilter) (regulators, statuses []option) {
	for i := range all {
		p := all[i].Pack
		if p == nil {
			continue
		}
		if p.Regulator != "" && !slices.ContainsFunc(regulators, func(o option) bool { return o.Value == p.Regulator }) {
			regulators = append(regulators, option{p.Regulator, p.Regulator, p.Regulator == f.regulator})
		}
		if !slices.ContainsFunc(statuses, func(o option) bool { return o.Value == p.Status }) {
			statuses = append(statuses, option{p.Status, q.statusWord(p.Status), p.Status == f.status})
		}
	}
	slices.SortFunc(regulators, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
	return regulators, statuses
}
