package web

import (
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/store"
)

// data shows what was loaded: how fresh it is, whether everybody is covered, and
// every batch.
func (q *request) data() error {
	batches, err := q.Desk.DB.Batches(q.ctx(), "")
	if err != nil {
		return err
	}
	p := q.newPage(q.t("数据", "Data"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.tf("%d 批", "batches: %d", len(batches))
	p.Where = q.chosenPlace()
	data := struct {
		Fresh, Batches *table
		Coverage       *table
		Packs          []option
		Pages          []link
		Load           bool
	}{Load: q.may(LoadData)}
	for _, name := range q.packNames() {
		data.Packs = append(data.Packs, option{name, q.packTitle(name), name == q.query("pack")})
	}
	data.Fresh = p.add(q.freshness(batches))
	if data.Coverage, err = q.coverage(p.Where); err != nil {
		return err
	}
	if data.Coverage != nil {
		p.add(data.Coverage)
	}
	data.Batches = p.add(q.batchTable(batches))
	if q.query("export") == "" {
		data.Pages = q.cutPages(data.Batches)
	}
	if data.Load {
		p.Actions = []link{{Text: q.t("导入数据", "Load data"), Href: "/load"}}
		if len(q.Sources) > 0 {
			p.Actions = append(p.Actions, link{Text: q.t("数据来源", "Sources"), Href: "/data/sources"})
		}
	}
	p.Data = data
	return q.render(p, "data")
}

// packNames lists the schemes of the workspace.
func (q *request) packNames() []string {
	var names []string
	for _, p := range q.Desk.Rules().Library.Packs() {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// chosenPlace is the newest result of the scheme that the address names, or the
// one that a reader most likely wants.
func (q *request) chosenPlace() place {
	runs, err := q.runs(q.ctx())
	if err != nil || len(runs) == 0 {
		return place{}
	}
	at := favourite(runs)
	for _, run := range slices.Backward(runs) {
		if run.Pack == q.query("pack") {
			at = run
		}
	}
	return place{Pack: at.Pack, Title: q.packTitle(at.Pack), Period: at.Period}
}

// batchTable lists the loads, the latest first.
func (q *request) batchTable(batches []store.BatchInfo) *table {
	t := &table{ID: "batches", Caption: q.t("批次", "Batches"), Columns: []column{
		{Title: q.t("批次", "Batch"), Key: true}, {Title: q.t("数据", "Data")}, {Title: q.t("办法", "Scheme")}, {Title: q.t("文件", "File")},
		{Title: q.t("读入行", "Rows read"), Right: true}, {Title: q.t("拒绝行", "Refused"), Right: true}, {Title: q.t("新增", "Added"), Right: true},
		{Title: q.t("更新", "Changed"), Right: true}, {Title: q.t("时间", "Time")}, {Title: q.t("经手", "By")}, {Title: q.t("状态", "State")},
	}, Empty: q.t("没有批次。", "There are no batches.")}
	for _, b := range slices.Backward(batches) {
		if want := q.query("pack"); want != "" && b.Pack != want {
			continue
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			linked(b.ID, address("data", b.ID)), txt(q.targetName(b.Pack, b.Target)), txt(q.packTitle(b.Pack)), txt(b.File),
			txt(itoa(b.Rows)), txt(itoa(b.Refused)), txt(itoa(b.Added)), txt(itoa(b.Updated)), txt(q.Desk.Clock(b.At)), txt(b.By), q.batchState(b),
		}})
	}
	return t
}

func (q *request) batchState(b store.BatchInfo) cell {
	switch {
	case b.Undone:
		return cell{Text: q.t("■ 已撤销", "■ undone"), Class: "bad"}
	case b.Refused > 0:
		return cell{Text: q.tf("▲ %d 行未入库", "▲ %d rows refused", b.Refused), Class: "warn"}
	}
	return cell{Text: q.t("● 有效", "● live"), Class: "good"}
}

// coverage says for every assessed subject how much of each kind of data counts in
// the latest run; nil if there is no run.
func (q *request) coverage(at place) (*table, error) {
	if at.Pack == "" {
		return nil, nil
	}
	o, err := q.openRun(at.Pack, at.Period, "")
	if err != nil {
		return nil, err
	}
	t := &table{ID: "coverage", Caption: q.tf("覆盖情况:%s,%s", "Coverage: %s, %s", at.Title, at.Period.Title().In(q.lang)),
		Columns: []column{{Title: q.t("编码", "Code")}, {Title: q.t("机构", "Subject"), Key: true}}, Empty: q.t("没有机构。", "There are no subjects."),
		Notes: []string{q.tf("运行 %s 所用的数据,各机构在本期内的条数;“—”表示没有。", "What run %s rests on: how many of each within the period; “—” means none.", o.Stored.ID)}}
	for _, f := range o.Pack.Feeds {
		t.Columns = append(t.Columns, column{Title: f.Name, Right: true})
	}
	for _, r := range o.Pack.Registers {
		t.Columns = append(t.Columns, column{Title: r.Name, Right: true})
	}
	counts := countFacts(o.Facts, o.Pack, o.Stored.Period)
	for i := range o.Result.Scorecards {
		c := &o.Result.Scorecards[i]
		cells := []cell{txt(c.Subject), linked(c.Name, o.path("s", c.Subject))}
		for _, f := range o.Pack.Feeds {
			cells = append(cells, countCell(counts[[2]string{c.Subject, f.ID}]))
		}
		for _, r := range o.Pack.Registers {
			cells = append(cells, countCell(counts[[2]string{c.Subject, r.ID}]))
		}
		t.Rows = append(t.Rows, row{Cells: cells})
	}
	if len(o.Pack.Feeds)+len(o.Pack.Registers) == 0 {
		return nil, nil
	}
	return t, nil
}

func countCell(n int) cell {
	if n == 0 {
		return cell{Text: dash, Class: "muted"}
	}
	return txt(itoa(n))
}

// countFacts counts the facts of a period by subject and feed or register.
func countFacts(f *engine.Facts, p *engine.Pack, at engine.Period) map[[2]string]int {
	counts := map[[2]string]int{}
	for i := range f.Records {
		if r := &f.Records[i]; at.Contains(r.Date) {
			counts[[2]string{r.Subject, r.Register}]++
		}
	}
	feeds := map[string][]string{} // by statistic
	for _, feed := range p.Feeds {
		for _, c := range feed.Columns {
			feeds[c.Statistic] = append(feeds[c.Statistic], feed.ID)
		}
	}
	for i := range f.Figures {
		g := &f.Figures[i]
		if g.Period != at {
			continue
		}
		for _, feed := range feeds[g.Statistic] {
			counts[[2]string{g.Subject, feed}]++
		}
	}
	return counts
}

// batch is the page of one load.
func (q *request) batch() error {
	b, err := q.findBatch(q.r.PathValue("batch"))
	if err != nil {
		return err
	}
	p := q.newPage(b.ID)
	p.Crumbs = q.crumbs(link{Text: q.t("数据", "Data"), Href: "/data"}, link{Text: b.ID})
	p.Subtitle = strings.Join([]string{q.targetName(b.Pack, b.Target), q.packTitle(b.Pack), b.File}, " · ")
	state := q.batchState(b)
	data := struct {
		Batch store.BatchInfo
		Facts []link
		Undo  bool
		Trail *table
	}{Batch: b, Undo: !b.Undone && q.may(UndoData)}
	data.Facts = []link{
		{Text: q.t("状态", "State"), Title: state.Text},
		{Text: q.t("导入", "Loaded"), Title: q.Desk.Clock(b.At) + " · " + b.By + " · " + b.Via},
		{Text: q.t("读入行", "Rows read"), Title: itoa(b.Rows)},
		{Text: q.t("拒绝行", "Rows refused"), Title: itoa(b.Refused)},
		{Text: q.t("新增、更新、未变", "Added, changed, as before"), Title: itoa(b.Added) + " / " + itoa(b.Updated) + " / " + itoa(b.Unchanged)},
		{Text: q.t("编码", "Encoding"), Title: b.Encoding},
		{Text: "SHA-256", Title: b.Digest},
	}
	if b.Undone {
		data.Facts = append(data.Facts, link{Text: q.t("撤销", "Undone"), Title: strings.Join([]string{q.Desk.Clock(b.UndoneAt), b.UndoneBy, b.Reason}, " · ")})
	}
	if data.Trail, err = q.trail(b.ID); err != nil {
		return err
	}
	p.add(data.Trail)
	p.Data = data
	return q.render(p, "batch")
}

// trail lists what was done to one thing.
func (q *request) trail(id string) (*table, error) {
	entries, err := q.Desk.DB.Audit(q.ctx(), store.AuditQuery{Object: id})
	if err != nil {
		return nil, err
	}
	t := &table{ID: "trail", Caption: q.t("经过", "History"), Columns: []column{{Title: q.t("时间", "Time"), Key: true}, {Title: q.t("谁", "Who")}, {Title: q.t("做了什么", "What")}}, Empty: q.t("没有记录。", "There are no entries.")}
	for _, e := range entries {
		t.Rows = append(t.Rows, row{Cells: []cell{txt(q.Desk.Clock(e.At)), txt(e.Actor.Name + "(" + e.Actor.Via + ")"), txt(store.ActionTitle(e.Action).In(q.lang))}})
	}
	return t, nil
}

func (q *request) findBatch(id string) (store.BatchInfo, error) {
	batches, err := q.Desk.DB.Batches(q.ctx(), "")
	if err != nil {
		return store.BatchInfo{}, err
	}
	i := slices.IndexFunc(batches, func(b store.BatchInfo) bool { return b.ID == id })
	if i < 0 {
		return store.BatchInfo{}, engine.ErrNotFound
	}
	return batches[i], nil
}

// undoBatch takes a batch out of what counts.
func (q *request) undoBatch() error {
	reason := strings.TrimSpace(q.r.FormValue("reason"))
	if reason == "" {
		return badRequest("请写明撤销理由。", "Say why it is undone.")
	}
	id := q.r.PathValue("batch")
	if err := q.Desk.DB.UndoBatch(q.ctx(), id, q.actor(), reason); err != nil {
		return err
	}
	return q.redirect(address("data", id))
}
