package web

import (
	"cmp"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/store"
)

// maxHits bounds each kind of what a search finds.
const maxHits = 50

// find looks for subjects, indicators and cases in the latest results.
func (q *request) find() error {
	query := strings.TrimSpace(q.query("q"))
	p := q.newPage(q.t("查找", "Search"))
	p.Query = query
	p.Crumbs = q.crumbs(link{Text: q.t("查找", "Search")})
	data := struct {
		Query                  string
		Subjects, Items, Cases *table
	}{Query: query}
	if query != "" {
		runs, err := q.runs(q.ctx())
		if err != nil {
			return err
		}
		latest := latestOfEach(runs)
		if data.Subjects, err = q.findSubjects(latest, query); err != nil {
			return err
		}
		data.Items = q.findItems(latest, query)
		if data.Cases, err = q.findCases(latest, query); err != nil {
			return err
		}
		p.add(data.Subjects)
		p.add(data.Items)
		p.add(data.Cases)
	}
	p.Data = data
	return q.render(p, "find")
}

// latestOfEach keeps the latest period of each scheme.
func latestOfEach(runs []store.Run) []store.Run {
	var out []store.Run
	for _, run := range runs { // the latest period of a pack comes first
		if len(out) == 0 || out[len(out)-1].Pack != run.Pack {
			out = append(out, run)
		}
	}
	return out
}

func (q *request) findSubjects(runs []store.Run, query string) (*table, error) {
	t := &table{ID: "subjects", Caption: q.t("机构", "Subjects"), Empty: q.t("没有找到。", "Nothing was found."), Columns: []column{
		{Title: q.t("编码", "Code")}, {Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("办法", "Scheme")}, {Title: q.t("期间", "Period")},
	}}
	for _, run := range runs {
		result, err := q.Desk.Result(q.ctx(), run)
		if err != nil {
			return nil, err
		}
		entries, err := q.Desk.DB.Subjects(q.ctx(), run.Pack)
		if err != nil {
			return nil, err
		}
		names := map[string][]string{}
		for _, s := range entries {
			names[s.Code] = append(names[s.Code], s.Code, s.Name, s.ShortName)
		}
		for _, cards := range [][]engine.Scorecard{result.Scorecards, result.Excluded} {
			for i := range cards {
				c := &cards[i]
				if len(t.Rows) < maxHits && matches(query, append(names[c.Subject], c.Subject, c.Name)...) {
					t.Rows = append(t.Rows, row{Cells: []cell{
						txt(c.Subject), linked(c.Name, address("s", run.Pack, run.Period.String(), c.Subject)), txt(q.packTitle(run.Pack)), txt(run.Period.Title().In(q.lang)),
					}})
				}
			}
		}
	}
	return t, nil
}

func (q *request) findItems(runs []store.Run, query string) *table {
	t := &table{ID: "items", Caption: q.t("指标", "Items"), Empty: q.t("没有找到。", "Nothing was found."), Columns: []column{
		{Title: q.t("指标", "Item"), Key: true}, {Title: q.t("办法", "Scheme")}, {Title: q.t("依据", "Clause")},
	}}
	for _, run := range runs {
		pack := q.Desk.Rules().Newest(run.Pack)
		if pack == nil {
			continue
		}
		eachItem(pack.Sections, func(it *engine.Item) {
			if len(t.Rows) < maxHits && matches(query, it.Name, it.ID) {
				t.Rows = append(t.Rows, row{Cells: []cell{linked(it.Name, address("heat", run.Pack, run.Period.String())+"#"+"col-"+it.ID), txt(q.packTitle(run.Pack)), txt(it.Cite)}})
			}
		})
	}
	return t
}

func eachItem(items []*engine.Item, visit func(*engine.Item)) {
	for _, it := range items {
		visit(it)
		eachItem(it.Children, visit)
	}
}

// shortestCase is how much of a case number must be written to look for it.
const shortestCase = 4

func (q *request) findCases(runs []store.Run, query string) (*table, error) {
	t := &table{ID: "cases", Caption: q.t("案件", "Cases"), Empty: q.t("没有找到;案件按编号查找,至少写四个字符。", "Nothing was found; cases are found by four characters or more of their number."), Columns: []column{
		{Title: q.t("编号", "Key"), Key: true}, {Title: q.t("登记", "Register")}, {Title: q.t("日期", "Date")}, {Title: q.t("办法", "Scheme")},
	}}
	if len([]rune(query)) < shortestCase || !strings.ContainsAny(query, "0123456789") {
		return t, nil
	}
	for _, run := range runs {
		o, err := q.openRun(run.Pack, run.Period, "")
		if err != nil {
			return nil, err
		}
		for i := range o.Facts.Records {
			r := &o.Facts.Records[i]
			if len(t.Rows) < maxHits && r.Key != "" && strings.Contains(strings.ToLower(r.Key), strings.ToLower(query)) {
				t.Rows = append(t.Rows, row{Cells: []cell{linked(r.Key, o.path("case", r.Register, r.Key)), txt(registerName(o.Pack, r.Register)), txt(r.Date.String()), txt(q.packTitle(run.Pack))}})
			}
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b row) int { return cmp.Compare(a.Cells[0].Text, b.Cells[0].Text) })
	return t, nil
}
