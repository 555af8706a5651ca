package web

import (
	"maps"
	"slices"
	"strings"

	"kaoping/store"
)

// shownEntries is how many entries the audit page shows; its files hold as many.
const shownEntries = 1000

// audit lists who did what, narrowed by object, person and action.
func (q *request) audit() error {
	filter := store.AuditQuery{Object: q.query("object"), Actor: q.query("actor"), Action: q.query("action"), Limit: shownEntries}
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
			txt(itoa(int(e.Number))), txt(q.Desk.Clock(e.At)), linked(e.Actor.Name, q.here("actor", e.Actor.Name)), txt(e.Actor.Via),
			linked(q.actionWord(e.Action), q.here("action", e.Action)), linked(e.Object, q.here("object", e.Object)), txt(strings.Join(details, " · ")),
		}})
	}
	p.Data = struct {
		Object, Actor, Action string
		Table                 *table
	}{filter.Object, filter.Actor, filter.Action, p.add(t)}
	return q.render(p, "audit")
}
