package web

import (
	"cmp"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/unit"
	"kaoping/internal/lineage"
	"kaoping/rules"
)

// The views of a rule pack.
const (
	viewSentences  = ""
	viewLineage    = "lineage"
	viewParameters = "parameters"
	viewTests      = "tests"
	viewEditions   = "editions"
	viewText       = "text"
)

// part is a heading of a pack read back, with the sentences below it.
type part struct {
	ID, Title, Cite, Quote string
	Line                   link
	Says                   []said
}

type said struct {
	Text, Cite string
	Line       link
}

// packData is what the page of an edition shows.
type packData struct {
	Tabs   []link
	Facts  []link
	Parts  []part
	Tables []*table
	Trees  []tree
	Nodes  []option
	Chosen string
	Steps  []tree
	Text   []sourceText
	Found  *table
}

// tree is one way through the lineage.
type tree struct {
	Title string
	Lines []treeLine
}

type treeLine struct {
	Depth      int
	Kind, Name string
	Href       string
	Cite       string
	Line       link
	Seen       bool
}

// sourceText is a rule file with numbered lines.
type sourceText struct {
	Name  string
	Href  string // where the file is downloaded
	Lines []sourceLine
}

type sourceLine struct {
	ID, Text string // ID is empty in files after the first: addresses name its lines
	Number   int
	Mark     bool
}

// findEdition finds the edition of the address; without one, the newest.
func (q *request) findEdition() (*rules.Edition, []rules.Edition, error) {
	var own []rules.Edition
	for _, e := range q.Desk.Rules().Library.Editions() {
		if e.Name == q.r.PathValue("pack") {
			own = append(own, e)
		}
	}
	wanted := q.r.PathValue("edition")
	for i := range slices.Backward(own) {
		if wanted == "" && (own[i].Pack != nil || i == 0) || own[i].Date.String() == wanted && wanted != "" {
			return &own[i], own, nil
		}
	}
	return nil, nil, notFound("没有这个规则包,或没有这个版本。", "There is no such rule pack, or no such edition of it.")
}

// rulePack is the page of an edition.
func (q *request) rulePack() error {
	e, own, err := q.findEdition()
	if err != nil {
		return err
	}
	view := q.query("view")
	if q.query("line") != "" {
		view = viewText
	}
	if e.Pack == nil && view != viewEditions {
		view = viewText // there is nothing to read but the text and its mistakes
	}
	p := q.newPage(q.titleOf(e))
	p.Crumbs = q.crumbs(link{Text: q.t("规则库", "Rule packs"), Href: "/rules"}, link{Text: p.Title})
	p.Subtitle = strings.Join([]string{e.Name, q.t("版本 ", "edition ") + e.Date.String(), q.validity(e)}, " · ")
	data := &packData{Tabs: q.packTabs(e, view)}
	if e.Pack != nil && e.Pack.Status != "in force" {
		p.Banner = q.tf("本规则包的状态是“%s”,结果不作正式依据。", "This pack's status is “%s”: its results are no formal basis.", q.statusWord(e.Pack.Status))
	}
	p.Actions = q.packActions(e)
	switch view {
	case viewSentences:
		q.readBack(e, data)
	case viewLineage:
		q.lineage(p, e, data)
	case viewParameters:
		q.parameters(p, e, own, data)
	case viewTests:
		q.testPage(p, e, data)
	case viewEditions:
		if err := q.editions(p, e, own, data); err != nil {
			return err
		}
	case viewText:
		q.sources(p, e, data)
	default:
		return notFound("规则包没有这个页签。", "A rule pack has no such view.")
	}
	p.Data = data
	return q.render(p, "rulepack")
}

func (q *request) packAddress(e *rules.Edition) string {
	return address("rules", e.Name, e.Date.String())
}

func (q *request) packTabs(e *rules.Edition, view string) []link {
	var tabs []link
	for _, t := range []struct{ view, zh, en string }{
		{viewSentences, "条文", "Rules in words"}, {viewLineage, "来龙去脉", "Lineage"}, {viewParameters, "参数", "Parameters"},
		{viewTests, "测试", "Tests"}, {viewEditions, "版本与运行", "Editions and runs"}, {viewText, "规则文件", "Rule file"},
	} {
		if e.Pack == nil && t.view != viewEditions && t.view != viewText {
			continue
		}
		tabs = append(tabs, link{Text: q.t(t.zh, t.en), Href: with(q.packAddress(e), "view", t.view), Here: t.view == view})
	}
	return tabs
}

func (q *request) packActions(e *rules.Edition) []link {
	var list []link
	if q.may(EditRules) {
		list = append(list, link{Text: q.t("编辑", "Edit"), Href: with(address("rules", e.Name, "edit"), "edition", e.Date.String())})
	}
	for _, name := range slices.Sorted(maps.Keys(e.Files)) {
		list = append(list, link{Text: q.t("下载 ", "Download ") + path.Base(name), Href: with(q.packAddress(e)+"/file", "name", name), Download: true})
	}
	return list
}

// lineLink leads to a line of a rule file.
func (q *request) lineLink(e *rules.Edition, file string, line int) link {
	if line == 0 {
		return link{}
	}
	where := with(q.packAddress(e), "line", itoa(line))
	if names := slices.Sorted(maps.Keys(e.Files)); len(names) > 0 && file != "" && file != names[0] {
		where = with(q.packAddress(e), "line", itoa(line), "file", file)
	}
	return link{Text: q.tf("第 %d 行", "line %d", line), Href: where + "#L" + itoa(line)}
}

// readBack shows the pack in sentences, in the order of the regulation.
func (q *request) readBack(e *rules.Edition, data *packData) {
	for i, s := range rules.Sentences(e.Pack, q.lang) {
		if i == 0 {
			continue // the title stands above
		}
		if s.Heading || len(data.Parts) == 0 {
			data.Parts = append(data.Parts, part{ID: "part-" + itoa(len(data.Parts)+1), Title: s.Text, Cite: s.Cite, Quote: s.Quote, Line: q.lineLink(e, s.File, s.Line)})
			if s.Heading {
				continue
			}
			data.Parts[0].Title, data.Parts[0].Cite = q.t("概要", "Outline"), ""
		}
		own := &data.Parts[len(data.Parts)-1]
		own.Says = append(own.Says, said{Text: s.Text, Cite: s.Cite, Line: q.lineLink(e, s.File, s.Line)})
	}
}

// nodeWord names the kinds of the lineage.
func (q *request) nodeWord(k lineage.Kind) string {
	words := map[lineage.Kind]engine.Text{
		lineage.Rating: {ZH: "等级", EN: "rating"}, lineage.Rank: {ZH: "名次", EN: "rank"}, lineage.Total: {ZH: "总分", EN: "total"},
		lineage.Section: {ZH: "大项", EN: "section"}, lineage.Group: {ZH: "分组", EN: "group"}, lineage.Indicator: {ZH: "指标", EN: "indicator"},
		lineage.Deduction: {ZH: "扣分项", EN: "deduction"}, lineage.Addition: {ZH: "加分项", EN: "addition"}, lineage.Metric: {ZH: "计算值", EN: "metric"},
		lineage.Benchmark: {ZH: "基准", EN: "benchmark"}, lineage.Parameter: {ZH: "参数", EN: "parameter"}, lineage.Attribute: {ZH: "属性", EN: "attribute"},
		lineage.Statistic: {ZH: "统计数据", EN: "statistic"}, lineage.Judgement: {ZH: "复核评分", EN: "judgement"}, lineage.Scorecard: {ZH: "其他评分卡", EN: "other scorecard"},
		lineage.Field: {ZH: "登记字段", EN: "field"}, lineage.Register: {ZH: "登记", EN: "register"}, lineage.Column: {ZH: "数据列", EN: "column"}, lineage.BuiltIn: {ZH: "内置名称", EN: "built in"},
	}
	return words[k].In(q.lang)
}

// nodeName is how a node is shown: what the language names has a name in both.
func (q *request) nodeName(n *lineage.Node) string {
	switch n.Kind {
	case lineage.Rating, lineage.Rank, lineage.Total:
		return q.nodeWord(n.Kind)
	}
	return n.Name
}

// lineage shows what everything is made from and what is made from it: one name
// both ways, and all of them in a table.
func (q *request) lineage(p *page, e *rules.Edition, data *packData) {
	g := lineage.Of(e.Pack)
	at := g.Find(q.query("of"))
	if at < 0 {
		at = max(g.Find("total:total"), 0)
	}
	href := func(i int) string {
		return with(q.packAddress(e), "view", viewLineage, "of", g.Nodes[i].Key()) + "#ways"
	}
	data.Chosen = q.nodeName(&g.Nodes[at])
	if word := q.nodeWord(g.Nodes[at].Kind); word != data.Chosen {
		data.Chosen = word + " " + data.Chosen
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		data.Nodes = append(data.Nodes, option{n.Key(), q.nodeWord(n.Kind) + " · " + q.nodeName(n), i == at})
	}
	data.Trees = []tree{
		{q.t("由什么得来", "Made from"), q.treeLines(e, g, g.Down(at), href)},
		{q.t("用在哪里", "Used for"), q.treeLines(e, g, g.Up(at), href)},
	}
	t := &table{ID: "lineage", Caption: q.t("全部名称", "Every name"), Columns: []column{
		{Title: q.t("种类", "Kind")}, {Title: q.t("名称", "Name"), Key: true}, {Title: q.t("直接得自", "Made directly from"), Wide: true}, {Title: q.t("直接用于", "Used directly for"), Wide: true}, {Title: q.t("依据", "Clause")}, {Title: q.t("规则行", "Rule line"), Right: true},
	}}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		where := q.lineLink(e, n.File, n.Line)
		t.Rows = append(t.Rows, row{Cells: []cell{txt(q.nodeWord(n.Kind)), linked(q.nodeName(n), href(i)), q.nodeList(g, n.Uses, href), q.nodeList(g, n.UsedBy, href), txt(cmp.Or(n.Cite, n.Assumption, dash)), linked(where.Text, where.Href)}})
	}
	data.Tables = append(data.Tables, p.add(t))
}

// nodeList names nodes in a cell.
func (q *request) nodeList(g *lineage.Graph, list []int, href func(int) string) cell {
	if len(list) == 0 {
		return txt(dash)
	}
	var names []string
	for _, i := range list {
		names = append(names, q.nodeName(&g.Nodes[i]))
	}
	return txt(strings.Join(names, q.t("、", ", ")))
}

func (q *request) treeLines(e *rules.Edition, g *lineage.Graph, steps []lineage.Step, href func(int) string) []treeLine {
	var out []treeLine
	for _, s := range steps {
		n := &g.Nodes[s.Node]
		out = append(out, treeLine{Depth: min(s.Depth, 9), Kind: q.nodeWord(n.Kind), Name: q.nodeName(n), Href: href(s.Node), Cite: n.Cite, Line: q.lineLink(e, n.File, n.Line), Seen: s.Seen})
	}
	return out
}

// parameters shows the numbers that the method lays down under a name, and what
// they were in other editions and on other days.
func (q *request) parameters(p *page, e *rules.Edition, own []rules.Edition, data *packData) {
	pack := e.Pack
	t := &table{ID: "parameters", Caption: q.t("参数", "Parameters"), Columns: []column{
		{Title: q.t("名称", "Name"), Key: true}, {Title: q.t("值", "Value"), Right: true}, {Title: q.t("另有规定的同业", "Peer groups with their own"), Wide: true}, {Title: q.t("依据", "Clause")}, {Title: q.t("规则行", "Rule line"), Right: true},
	}, Empty: q.t("本规则包没有命名的参数。", "This pack names no parameters.")}
	for _, x := range pack.Parameters {
		var groups []string
		for _, g := range pack.PeerGroups {
			if v, ok := x.ByGroup[g.ID]; ok {
				groups = append(groups, g.Title.In(q.lang)+" "+unit.Quantity{Value: v, Unit: x.Unit}.String())
			}
		}
		where := q.lineLink(e, x.File, x.Line)
		t.Rows = append(t.Rows, row{Cells: []cell{txt(x.Name), txt(unit.Quantity{Value: x.Value, Unit: x.Unit}.String()), txt(cmp.Or(strings.Join(groups, q.t(";", "; ")), dash)), txt(cmp.Or(x.Cite, x.Assumption, dash)), linked(where.Text, where.Href)}})
	}
	data.Tables = append(data.Tables, p.add(t), p.add(q.history(own)), p.add(q.assumptionTable(e)))
}

// history lists every dated value of every edition.
func (q *request) history(own []rules.Edition) *table {
	t := &table{ID: "history", Caption: q.t("值的历史", "History of values"), Columns: []column{
		{Title: q.t("值", "Value of"), Key: true}, {Title: q.t("自", "From")}, {Title: q.t("为", "Is"), Right: true}, {Title: q.t("版本", "Edition")}, {Title: q.t("规则行", "Rule line"), Right: true},
	}, Empty: q.t("没有命名的参数,也没有版本内改变的值。", "There are no named parameters, and no value changes inside an edition.")}
	for i := range own {
		e := &own[i]
		if e.Pack == nil {
			continue
		}
		for _, x := range e.Pack.Parameters {
			where := q.lineLink(e, x.File, x.Line)
			t.Rows = append(t.Rows, row{Cells: []cell{txt(x.Name), txt(e.Effective.From.String()), txt(unit.Quantity{Value: x.Value, Unit: x.Unit}.String()), linked(e.Date.String(), q.packAddress(e)), linked(where.Text, where.Href)}})
		}
		for _, c := range e.Pack.Changes {
			where := q.lineLink(e, c.File, c.Line)
			for _, v := range c.Values {
				t.Rows = append(t.Rows, row{Cells: []cell{txt(c.Of), txt(v.From.String()), txt(v.Value), linked(e.Date.String(), q.packAddress(e)), linked(where.Text, where.Href)}})
			}
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b row) int {
		return cmp.Or(strings.Compare(a.Cells[0].Text, b.Cells[0].Text), strings.Compare(a.Cells[1].Text, b.Cells[1].Text))
	})
	return t
}

// assumptionTable lists what the text of the method leaves open.
func (q *request) assumptionTable(e *rules.Edition) *table {
	t := &table{ID: "assumptions", Caption: q.t("假设", "Assumptions"), Columns: []column{
		{Title: q.t("编号", "No.")}, {Title: q.t("内容", "What is assumed"), Key: true, Wide: true}, {Title: q.t("理由", "Because"), Wide: true}, {Title: q.t("由谁确认", "Who confirms it")}, {Title: q.t("状态", "State")},
	}, Empty: q.t("没有假设:原文说定了一切。", "There are none: the text settles everything.")}
	for _, a := range e.Pack.Assumptions {
		state := q.t("▲ 待确认", "▲ open")
		if a.State == "settled" {
			state = q.t("● 已确认", "● settled")
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(a.ID), txt(a.Says.In(q.lang)), txt(cmp.Or(a.Because.In(q.lang), dash)), txt(cmp.Or(a.Ask, dash)), txt(state)}})
	}
	return t
}

// testPage shows what came of the tests, and what no test reaches.
func (q *request) testPage(p *page, e *rules.Edition, data *packData) {
	state, tests := q.testsOf(e)
	data.Facts = []link{{Text: q.t("测试", "Tests"), Title: q.testWord(state)}}
	if tests == nil {
		return
	}
	data.Facts = append(data.Facts, link{Text: q.t("通过", "Passed"), Title: itoa(tests.Tests-tests.Failed) + "/" + itoa(tests.Tests)})
	data.Tables = append(data.Tables, p.add(q.failureTable(tests.Failures)))
	if c := tests.Coverage; c != nil {
		data.Facts = append(data.Facts, link{Text: q.t("覆盖", "Coverage"), Title: q.tf("%d%%:%d 处中测到 %d 处", "%d%%: of %d places %d are reached", c.Percent(), c.Of, c.Reached)})
		t := &table{ID: "untested", Caption: q.t("没有测试到的地方", "Places that no test reaches"), Columns: []column{{Title: q.t("项目", "Line"), Key: true}, {Title: q.t("什么", "What")}, {Title: q.t("规则行", "Rule line"), Right: true}},
			Empty: q.t("处处都有测试。", "Tests reach everything.")}
		for _, m := range c.Missed {
			where := q.lineLink(e, m.File, m.Line)
			t.Rows = append(t.Rows, row{Cells: []cell{txt(m.Item), txt(m.What.In(q.lang)), linked(where.Text, where.Href)}})
		}
		data.Tables = append(data.Tables, p.add(t))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Tests)) {
		data.Facts = append(data.Facts, link{Text: q.t("测试文件", "Test file"), Title: path.Base(name), Href: with(q.packAddress(e)+"/file", "name", name)})
	}
}

// failureTable lists values that came out otherwise than a test expects.
func (q *request) failureTable(failures []rules.TestFailure) *table {
	t := &table{ID: "failures", Caption: q.t("未通过的测试", "Tests that failed"), Columns: []column{
		{Title: q.t("测试", "Test"), Key: true}, {Title: q.t("项目", "Line")}, {Title: q.t("什么", "What")}, {Title: q.t("期望", "Expected"), Right: true}, {Title: q.t("实际", "Got"), Right: true}, {Title: q.t("计算", "Calculation"), Wide: true}, {Title: q.t("位置", "Place")},
	}, Empty: q.t("没有未通过的测试。", "No test failed.")}
	for _, f := range failures {
		var steps []string
		for _, s := range f.Steps {
			steps = append(steps, s.In(q.lang))
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(f.Test.In(q.lang)), txt(cmp.Or(f.Item, dash)), txt(f.What.In(q.lang)), txt(cmp.Or(f.Want.In(q.lang), dash)), txt(f.Got.In(q.lang)), txt(strings.Join(steps, "; ")), txt(path.Base(f.File) + ":" + itoa(f.Line))}})
	}
	return t
}

// editions lists the editions of the pack and the runs that used them.
func (q *request) editions(p *page, e *rules.Edition, own []rules.Edition, data *packData) error {
	t := &table{ID: "editions", Caption: q.t("版本", "Editions"), Columns: []column{
		{Title: q.t("版本", "Edition"), Key: true, Center: true}, {Title: q.t("适用期间", "Periods scored")}, {Title: q.t("状态", "Status")}, {Title: q.t("测试", "Tests")}, {Title: q.t("覆盖", "Coverage"), Right: true}, {Title: "SHA-256"},
	}}
	for i := range own {
		o := &own[i]
		status, hash := dash, dash
		if o.Pack != nil {
			status, hash = q.statusWord(o.Pack.Status), o.Pack.Hash
		}
		t.Rows = append(t.Rows, row{Cells: []cell{linked(o.Date.String(), q.packAddress(o)), txt(q.validity(o)), txt(status), q.testCell(o, ""), q.coverCell(o), {Text: hash, Class: "hash"}}})
	}
	all, err := q.Desk.DB.Runs(q.ctx(), e.Name, engine.Period{})
	if err != nil {
		return err
	}
	runs := &table{ID: "used", Caption: q.t("用过这个规则包的运行", "Runs that used this pack"), Columns: []column{
		{Title: q.t("运行", "Run"), Key: true}, {Title: q.t("期间", "Period")}, {Title: q.t("版次", "Revision"), Right: true}, {Title: q.t("规则版本", "Edition")}, {Title: q.t("与现在的规则", "Against today's rules")}, {Title: q.t("计算时间", "Made")}, {Title: q.t("经手", "By")},
	}, Empty: q.t("还没有运行用过它。", "No run has used it yet.")}
	for _, r := range slices.Backward(all) {
		same := q.t("▲ 规则此后改过", "▲ the rules were changed since")
		for i := range own {
			if own[i].Pack != nil && own[i].Pack.Hash == r.Hash {
				same = q.t("● 相同", "● the same")
			}
		}
		runs.Rows = append(runs.Rows, row{Cells: []cell{linked(r.ID, address("runs", r.ID)), txt(r.Period.Title().In(q.lang)), txt(itoa(r.Revision)), txt(r.Edition.String() + "(" + short(r.Hash) + ")"), txt(same), txt(q.Desk.Clock(r.MadeAt)), txt(r.By)}})
	}
	data.Tables = append(data.Tables, p.add(t), p.add(runs))
	if before := editionBefore(e, own); before != nil && e.Pack != nil {
		data.Tables = append(data.Tables, p.add(q.changesOf(q.Desk.Between(before, e), q.tf("版本 %s 与上一版本 %s 相比", "Edition %s against %s before it", e.Date, before.Date))))
	}
	if !q.may(ReadDrafts) {
		return nil
	}
	drafts, err := q.draftTable(e.Name)
	if err != nil {
		return err
	}
	data.Tables = append(data.Tables, p.add(drafts))
	return nil
}

// editionBefore is the last edition without mistakes before another, nil if there
// is none.
func editionBefore(e *rules.Edition, own []rules.Edition) *rules.Edition {
	var before *rules.Edition
	for i := range own {
		if own[i].Pack != nil && own[i].Date.Compare(e.Date) < 0 {
			before = &own[i]
		}
	}
	return before
}

// sources shows the rule files with numbered lines, and their mistakes.
func (q *request) sources(p *page, e *rules.Edition, data *packData) {
	marked, _ := formulaInt(q.query("line"))
	names := slices.Sorted(maps.Keys(e.Files))
	if own := q.query("file"); e.Files[own] != nil {
		slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(b2i(a != own), b2i(b != own)) })
	}
	for i, name := range names {
		s := sourceText{Name: path.Base(name), Href: with(q.packAddress(e)+"/file", "name", name)}
		for n, line := range strings.Split(strings.TrimSuffix(string(e.Files[name]), "\n"), "\n") {
			l := sourceLine{Text: strings.TrimSuffix(line, "\r"), Number: n + 1, Mark: i == 0 && n+1 == marked}
			if i == 0 {
				l.ID = "L" + itoa(n+1)
			}
			s.Lines = append(s.Lines, l)
		}
		data.Text = append(data.Text, s)
	}
	var found []rules.Diagnostic
	for _, d := range q.Desk.Rules().Diagnostics {
		if e.Files[d.File] != nil || e.Tests[d.File] != nil {
			found = append(found, d)
		}
	}
	data.Found = p.add(q.findings(e, found))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// levelWord names a level with its mark.
func (q *request) levelWord(level string) (word, class string) {
	switch level {
	case rules.LevelError:
		return q.t("■ 错误", "■ error"), "bad"
	case rules.LevelWarning:
		return q.t("▲ 警告", "▲ warning"), "warn"
	}
	return q.t("● 提示", "● note"), "muted"
}

// findings lists what the checker says.
func (q *request) findings(e *rules.Edition, found []rules.Diagnostic) *table {
	t := &table{ID: "found", Caption: q.t("检查结果", "What check says"), Columns: []column{
		{Title: q.t("级别", "Level")}, {Title: q.t("位置", "Place"), Right: true}, {Title: q.t("问题", "Message"), Key: true, Wide: true}, {Title: q.t("怎么改", "What to do"), Wide: true}, {Title: q.t("依据", "Clause")}, {Title: q.t("说明", "Help")},
	}, Empty: q.t("● 没有发现问题。", "● Nothing was found.")}
	for _, d := range found {
		word, class := q.levelWord(d.Level)
		at := txt(path.Base(d.File) + ":" + itoa(d.Line))
		if e != nil && e.Files[d.File] != nil && d.Line > 0 {
			at.Href = q.lineLink(e, d.File, d.Line).Href
		}
		t.Rows = append(t.Rows, row{Cells: []cell{{Text: word, Class: class}, at, txt(d.Message.In(q.lang)), txt(cmp.Or(d.Hint.In(q.lang), dash)), txt(cmp.Or(d.Cite, dash)), linked(d.Code, address("help", d.Code))}})
	}
	return t
}

// ruleFile sends a rule file or a test file as it is.
func (q *request) ruleFile() error {
	e, _, err := q.findEdition()
	if err != nil {
		return err
	}
	name := q.query("name")
	body, ok := e.Files[name]
	if !ok {
		body, ok = e.Tests[name]
	}
	if !ok {
		return notFound("这个版本没有这个文件。", "This edition has no such file.")
	}
	return q.sendText(path.Base(name), body)
}

// sendText sends a text as a file to keep.
func (q *request) sendText(name string, body []byte) error {
	h := q.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	q.w.WriteHeader(http.StatusOK)
	_, err := q.w.Write(body)
	return err
}
