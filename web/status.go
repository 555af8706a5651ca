package web

import (
	"time"

	"kaoping/engine"
	"kaoping/internal/desk"
)

// statusRoutes are the pages about what has been delivered.
func statusRoutes() []route {
	return []route{
		onGet("/status", ReadData, "到齐情况", "what has arrived", (*request).status),
		api("GET", "/status/{pack}/{period}", ReadData, "到齐情况:谁还缺什么", "what has arrived and what is missing", (*request).apiStatus, operation{Answer: desk.StatusDocument{}}),
	}
}

// status says for each subject, feed or register and period what is there, how
// fresh it is, what is missing and who should send it.
func (q *request) status() error {
	at := q.chosenPlace()
	if s := q.query("pack"); s != "" {
		at.Pack = s
	}
	if s := q.query("period"); s != "" {
		var err error
		if at.Period, err = engine.ParsePeriod(s); err != nil {
			return badRequest("统计期间写成 2025H1、2025、2025Q2 或 2025-06。", "Write the period as 2025H1, 2025, 2025Q2 or 2025-06.")
		}
	}
	p := q.newPage(q.t("到齐情况", "What has arrived"))
	p.Crumbs = q.crumbs(link{Text: q.t("数据", "Data"), Href: "/data"}, link{Text: p.Title})
	data := struct {
		Packs  []option
		Period string
		All    bool
		Table  *table
	}{All: q.query("all") == "1"}
	for _, name := range q.packNames() {
		data.Packs = append(data.Packs, option{name, q.packTitle(name), name == at.Pack})
	}
	if at.Pack != "" && !at.Period.IsZero() {
		data.Period = at.Period.String()
		s, err := q.statusOf(at.Pack, at.Period)
		if err != nil {
			return err
		}
		p.Subtitle = q.packTitle(at.Pack) + " · " + at.Period.Title().In(q.lang)
		data.Table = p.add(q.statusTable(s, data.All))
	}
	p.Data = data
	return q.render(p, "status")
}

func (q *request) statusOf(packName string, period engine.Period) (*desk.Status, error) {
	pack, err := q.Desk.Rules().Library.Pack(packName, period)
	if err != nil {
		return nil, err
	}
	return q.Desk.Status(q.ctx(), pack, period, time.Time{}, q.Sources)
}

func (q *request) apiStatus() error {
	period, err := engine.ParsePeriod(q.r.PathValue("period"))
	if err != nil {
		return engine.ErrNotFound
	}
	s, err := q.statusOf(q.r.PathValue("pack"), period)
	if err != nil {
		return err
	}
	return q.writeJSON(200, q.Desk.StatusDocument(s))
}

func (q *request) statusTable(s *desk.Status, all bool) *table {
	t := &table{ID: "status", Caption: q.tf("应报 %d 份,%d 份不齐", "%d deliveries, %d of them incomplete", len(s.Deliveries), s.Missing),
		Columns: []column{{Title: q.t("编码", "Code")}, {Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("数据", "Data")}, {Title: q.t("期间", "Period")},
			{Title: q.t("已报/应报", "There/wanted"), Right: true}, {Title: q.t("缺项", "Missing"), Wide: true}, {Title: q.t("报送方", "Sender")}, {Title: q.t("最近一批", "Latest batch")}, {Title: q.t("时间", "Time")}},
		Empty: q.t("没有缺项。", "Nothing is missing.")}
	if len(s.Deliveries) == 0 {
		t.Empty = q.t("名录中没有参评的机构;先导入名录。", "The roster has no assessed subject; load it first.")
	}
	for i := range s.Deliveries {
		d := &s.Deliveries[i]
		if d.Complete() && !all {
			continue
		}
		state := cell{Text: "● " + d.State().In(q.lang), Class: "good"}
		if !d.Complete() {
			state = cell{Text: "▲ " + d.State().In(q.lang), Class: "warn"}
		}
		batch, loaded := txt(dash), txt(dash)
		if !d.At.IsZero() {
			batch, loaded = linked(d.Latest, address("data", d.Latest)), txt(q.Desk.Clock(d.At))
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(d.Subject), txt(d.SubjectName), txt(d.What().In(q.lang)), txt(d.Period.String()),
			txt(itoa(d.There) + "/" + itoa(d.Wanted)), state, txt(d.Sender.In(q.lang)), batch, loaded}})
	}
	return t
}
