package web

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kaoping/store"
)

// shownEntries is how many entries the audit page shows; its files hold as many.
const shownEntries = 1000

// audit lists who did what, narrowed by object, person and action.
func (q *request) audit() error {
	filter := store.AuditQuery{Object: q.query("object"), Actor: q.query("actor"), Action: q.query("action"), Limit: shownEntries}
	var err error
	if filter.From, err = q.dayOf("from"); err != nil {
		return err
	}
	if filter.To, err = q.dayOf("to"); err != nil {
		return err
	}
	if !filter.To.IsZero() {
		filter.To = filter.To.AddDate(0, 0, 1) // the last day counts to its end
	}
	entries, err := q.Desk.DB.Audit(q.ctx(), filter)
	if err != nil {
		return err
	}
	p := q.newPage(q.t("审计", "Audit trail"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.t("只增不改;kaoping audit verify 核对哈希链", "never changed; kaoping audit verify checks its chain of hashes")
	t := &table{ID: "audit", Caption: q.tf("审计记录(最近 %d 条以内)", "Entries (the latest %d at most)", shownEntries), Empty: q.t("没有记录。", "There are no entries."), Columns: []column{
		{Title: q.t("序号", "Number"), Right: true, Key: true}, {Title: q.t("时间", "Time")}, {Title: q.t("谁", "Who")}, {Title: q.t("经由", "By way of")},
		{Title: q.t("做了什么", "What")}, {Title: q.t("对象", "About")}, {Title: q.t("细节", "Details"), Wide: true},
	}}
	for _, e := range entries {
		var details []string
		for _, key := range slices.Sorted(maps.Keys(e.Details)) {
			if e.Details[key] != "" {
				details = append(details, key+"="+e.Details[key])
			}
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(itoa(int(e.Number))), {Text: q.Desk.Clock(e.At), Class: "nb"}, linked(e.Actor.Name, q.here("actor", e.Actor.Name)), txt(e.Actor.Via),
			{Text: store.ActionTitle(e.Action).In(q.lang), Href: q.here("action", e.Action), Class: "nb"}, {Text: e.Object, Href: q.here("object", e.Object), Class: "nb"}, txt(strings.Join(details, " · ")),
		}})
	}
	p.Data = struct {
		Object, Actor, From, To string
		Actions                 []option
		Table                   *table
	}{filter.Object, filter.Actor, q.query("from"), q.query("to"), q.actionOptions(filter.Action), p.add(t)}
	return q.render(p, "audit")
}

// actionOptions are the actions to choose from, in words.
func (q *request) actionOptions(chosen string) []option {
	list := []option{{Value: "", Text: q.t("全部", "all"), Chosen: chosen == ""}}
	for _, action := range store.Actions() {
		list = append(list, option{Value: action, Text: store.ActionTitle(action).In(q.lang), Chosen: action == chosen})
	}
	return list
}

// dayOf reads the beginning of a day from the address; zero if it names none.
func (q *request) dayOf(name string) (time.Time, error) {
	s := q.query(name)
	if s == "" {
		return time.Time{}, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, s, q.Desk.Location)
	if err != nil {
		return day, badRequest("日期写成 2025-07-20。", "Write a day as 2025-07-20.")
	}
	return day, nil
}
