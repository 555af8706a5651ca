package web

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/formula"
)

// organisation shows the roster of a scheme: who belongs to whom, under which
// names, since when, and who takes part in the chosen period.
func (q *request) organisation() error {
	at := q.chosenPlace()
	if name := q.query("pack"); name != "" && name != at.Pack {
		at = place{Pack: name, Title: q.packTitle(name)} // nothing was scored yet
	}
	entries, err := q.Desk.DB.Subjects(q.ctx(), at.Pack)
	if err != nil {
		return err
	}
	p := q.newPage(q.t("机构", "Organisation"))
	p.Where = at
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = strings.Join(slices.DeleteFunc([]string{at.Title, periodTitle(at.Period, q.lang)}, func(s string) bool { return s == "" }), " · ")
	data := struct {
		Packs []option
		Table *table
	}{}
	for _, name := range q.packNames() {
		data.Packs = append(data.Packs, option{name, q.packTitle(name), name == at.Pack})
	}
	part, err := q.takesPart(at)
	if err != nil {
		return err
	}
	data.Table = p.add(q.roster(at, entries, part))
	p.Data = data
	return q.render(p, "org")
}

func periodTitle(p engine.Period, lang engine.Lang) string {
	if p.IsZero() {
		return ""
	}
	return p.Title().In(lang)
}

// takesPart says of everybody in the latest result whether they are assessed.
func (q *request) takesPart(at place) (map[string]cell, error) {
	part := map[string]cell{}
	if at.Pack == "" || at.Period.IsZero() {
		return part, nil
	}
	run, err := q.Desk.FindRun(q.ctx(), at.Pack, at.Period, "")
	if err != nil {
		return nil, err
	}
	result, err := q.Desk.Result(q.ctx(), run)
	if err != nil {
		return nil, err
	}
	for i := range result.Scorecards {
		c := &result.Scorecards[i]
		part[c.Subject] = cell{Text: q.t("● 参评", "● assessed"), Class: "good", Href: address("s", at.Pack, at.Period.String(), c.Subject)}
	}
	for i := range result.Excluded {
		part[result.Excluded[i].Subject] = cell{Text: q.t("— 未参评:", "— not assessed: ") + result.Excluded[i].Reason.In(q.lang), Class: "muted"}
	}
	return part, nil
}

// roster lists subjects as a tree: what is counted with another stands below it.
func (q *request) roster(at place, entries []engine.Subject, part map[string]cell) *table {
	pack := q.Desk.Rules().Newest(at.Pack)
	t := &table{ID: "roster", Caption: q.t("机构名录", "Roster"), Columns: []column{
		{Title: q.t("编码", "Code")}, {Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("简称", "Short name")}, {Title: q.t("曾用名", "Former names")},
		{Title: q.t("类别", "Peer group")}, {Title: q.t("类型", "Type")}, {Title: q.t("开业日期", "Opened")},
	}, Empty: q.t("名录中没有机构。", "There is nobody on the roster."), Next: link{Text: q.t("导入名录", "Load the roster"), Href: with("/load", "pack", at.Pack, "target", "subjects")}}
	if pack != nil {
		for _, a := range pack.Attributes {
			if a.Formula == nil {
				t.Columns = append(t.Columns, column{Title: a.Name})
			}
		}
	}
	t.Columns = append(t.Columns, column{Title: q.t("参评情况", "Takes part"), Wide: true})
	for _, s := range currentEntries(entries) {
		name := cell{Text: s.now.Name, Indent: s.depth}
		cells := []cell{txt(s.now.Code), name, txt(s.now.ShortName), txt(strings.Join(s.former, "、")), txt(q.peerGroup(pack, s.now.PeerGroup)), txt(s.now.Type), txt(dateOrDash(s.now.Opened))}
		if pack != nil {
			for _, a := range pack.Attributes {
				if a.Formula == nil {
					cells = append(cells, txt(q.attributeText(&a, s.now.Attributes[a.ID])))
				}
			}
		}
		t.Rows = append(t.Rows, row{Cells: append(cells, part[s.now.Code])})
	}
	return t
}

func (q *request) peerGroup(pack *engine.Pack, id string) string {
	if pack != nil {
		for _, g := range pack.PeerGroups {
			if g.ID == id && !g.Title.IsZero() {
				return g.Title.In(q.lang)
			}
		}
	}
	return id
}

func dateOrDash(d engine.Date) string {
	if d.IsZero() {
		return dash
	}
	return d.String()
}

func (q *request) attributeText(a *engine.Attribute, v formula.Value) string {
	switch {
	case v.Status != formula.OK:
		return dash
	case v.Null:
		return q.t("空", "empty")
	}
	return mask(a.Name, q.valueText(a.Kind, a.Unit, v))
}

// rosterEntry is a subject as it stands now, with the names it had before.
type rosterEntry struct {
	now    engine.Subject
	former []string
	depth  int
}

// currentEntries keeps the latest version of each entry, those below another
// behind it.
func currentEntries(entries []engine.Subject) []rosterEntry {
	byCode := map[string]*rosterEntry{}
	var order []string
	for _, s := range entries {
		e := byCode[s.Code]
		switch {
		case e == nil:
			byCode[s.Code] = &rosterEntry{now: s}
			order = append(order, s.Code)
		case s.ValidFrom.Compare(e.now.ValidFrom) >= 0:
			e.remember(e.now.Name, s.Name)
			e.now = s
		default:
			e.remember(s.Name, e.now.Name)
		}
	}
	var out []rosterEntry
	var add func(code string, depth int)
	placed := map[string]bool{}
	add = func(code string, depth int) {
		if placed[code] {
			return
		}
		placed[code] = true
		e := byCode[code]
		e.depth = depth
		out = append(out, *e)
		for _, other := range order {
			if byCode[other].now.Parent == code {
				add(other, depth+1)
			}
		}
	}
	for _, code := range order {
		if byCode[byCode[code].now.Parent] == nil {
			add(code, 0)
		}
	}
	for _, code := range order { // whoever belongs to a circle
		add(code, 0)
	}
	return out
}

func (e *rosterEntry) remember(old, now string) {
	if old != now && !slices.Contains(e.former, old) {
		e.former = append(e.former, old)
	}
}
