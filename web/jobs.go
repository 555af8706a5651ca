package web

import (
	"strings"
	"time"

	"kaoping/internal/schedule"
	"kaoping/store"
)

// comingRuns is how many runs of a job the page looks ahead, pastRuns how many it
// looks back.
const (
	comingRuns = 5
	pastRuns   = 50
)

// schedules shows the jobs of the configuration: when they come, what is due, how
// they ended.
func (q *request) schedules() error {
	p := q.newPage(q.t("定时任务", "Schedules"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	data := struct{ Jobs, Next, Past *table }{}
	if q.Jobs == nil || len(q.Jobs.Jobs) == 0 {
		p.Data = data
		return q.render(p, "schedules")
	}
	states, err := q.Jobs.Overview(q.ctx(), comingRuns)
	if err != nil {
		return err
	}
	past, err := q.Jobs.History(q.ctx(), "", pastRuns)
	if err != nil {
		return err
	}
	p.Subtitle = q.tf("%d 个任务", "jobs: %d", len(states))
	data.Jobs = p.add(q.jobTable(states))
	data.Next = p.add(q.comingTable(states))
	data.Past = p.add(q.pastTable(past))
	p.Data = data
	return q.render(p, "schedules")
}

func (q *request) jobTable(states []schedule.Status) *table {
	t := &table{ID: "jobs", Caption: q.t("任务", "Jobs"), Columns: []column{
		{Title: q.t("任务", "Job"), Key: true}, {Title: q.t("种类", "Kind")}, {Title: q.t("办法", "Scheme")}, {Title: q.t("计划(分 时 日 月 星期)", "Plan (minute hour day month weekday)")},
		{Title: q.t("时区", "Time zone")}, {Title: q.t("下次", "Next")}, {Title: q.t("状态", "State")}, {Title: q.t("说明", "Note"), Wide: true},
	}}
	for _, s := range states {
		next := dash
		if len(s.Next) > 0 {
			next = s.Next[0].Slot.In(s.Job.Location).Format("2006-01-02 15:04")
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(s.Job.Job), txt(q.kindWord(s.Job.Kind)), txt(q.packTitle(s.Job.Pack)), txt(s.Job.Cron), txt(s.Job.Location.String()), txt(next), q.jobState(&s), txt(q.jobNote(&s)),
		}})
	}
	return t
}

func (q *request) kindWord(kind string) string {
	switch kind {
	case schedule.Ingest:
		return q.t("导入", "load")
	case schedule.Count:
		return q.t("统计", "count")
	case schedule.Run:
		return q.t("计算", "score")
	case schedule.Report:
		return q.t("出表", "report")
	case schedule.Notify:
		return q.t("通知", "notify")
	}
	return kind
}

// jobState is the state of a job in a word with a sign.
func (q *request) jobState(s *schedule.Status) cell {
	switch {
	case !s.Problem.IsZero():
		return cell{Text: q.t("■ 有误", "■ wrong"), Class: "bad"}
	case s.Holder != "":
		return cell{Text: q.t("● 正在执行", "● running"), Class: "good"}
	case len(s.Waits) > 0:
		return cell{Text: q.t("▲ 等待", "▲ waits"), Class: "warn"}
	case s.Last != nil && s.Last.State != store.JobDone:
		return q.runState(s.Last)
	case len(s.Open) > 0:
		return cell{Text: q.t("▲ 到期未做", "▲ due"), Class: "warn"}
	case s.Last != nil:
		return q.runState(s.Last)
	}
	return cell{Text: q.t("— 未到期", "— not due yet"), Class: "muted"}
}

// jobNote says why a job cannot be planned, who does it, what it waits for, or how
// it ended.
func (q *request) jobNote(s *schedule.Status) string {
	switch {
	case !s.Problem.IsZero():
		return s.Problem.In(q.lang)
	case s.Holder != "":
		return s.Holder
	case len(s.Waits) > 0:
		return q.t("等待 ", "for ") + strings.Join(s.Waits, ", ")
	case len(s.Next) == 0 && !s.Unknown.IsZero():
		return s.Unknown.In(q.lang)
	case s.Last != nil:
		return s.Last.Result.In(q.lang)
	}
	return ""
}

func (q *request) runState(r *store.JobRun) cell {
	late := ""
	if r.Late {
		late = q.t("(补做)", " (late)")
	}
	switch r.State {
	case store.JobDone:
		return cell{Text: q.t("● 完成", "● done") + late, Class: "good"}
	case store.JobRunning:
		return cell{Text: q.t("● 正在执行", "● running") + late, Class: "good"}
	case store.JobFailed:
		return cell{Text: q.t("■ 失败", "■ failed") + late, Class: "bad"}
	}
	return cell{Text: q.t("▲ 中断", "▲ interrupted") + late, Class: "warn"}
}

// comingTable lists what comes next of all jobs.
func (q *request) comingTable(states []schedule.Status) *table {
	t := &table{ID: "next", Caption: q.t("接下来", "What comes next"), Columns: []column{
		{Title: q.t("时间", "Time"), Key: true}, {Title: q.t("任务", "Job")}, {Title: q.t("期间", "Period")}, {Title: q.t("数据截止", "Data up to")},
	}, Empty: q.t("没有计划中的任务。", "Nothing is planned.")}
	for _, s := range states {
		for _, item := range s.Next {
			asOf := dash
			if !item.AsOf.IsZero() {
				asOf = item.AsOf.In(s.Job.Location).Format("2006-01-02 15:04")
			}
			t.Rows = append(t.Rows, row{Cells: []cell{txt(item.Slot.In(s.Job.Location).Format("2006-01-02 15:04")), txt(s.Job.Job), txt(periodTitle(item.Period, q.lang)), txt(asOf)}})
		}
	}
	sortRows(t)
	return t
}

// pastTable lists what jobs did.
func (q *request) pastTable(past []store.JobRun) *table {
	t := &table{ID: "past", Caption: q.t("执行记录", "What was done"), Columns: []column{
		{Title: q.t("计划时间", "Planned for"), Key: true}, {Title: q.t("任务", "Job")}, {Title: q.t("期间", "Period")}, {Title: q.t("开始", "Began")}, {Title: q.t("结束", "Ended")},
		{Title: q.t("第几次", "Attempt"), Right: true}, {Title: q.t("状态", "State")}, {Title: q.t("结果", "Result"), Wide: true},
	}, Empty: q.t("还没有执行过。", "Nothing was done yet.")}
	for i := range past {
		r := &past[i]
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(q.clockOrDash(r.Slot)), txt(r.Job), txt(periodTitle(r.Period, q.lang)), txt(q.clockOrDash(r.BeganAt)), txt(q.clockOrDash(r.EndedAt)),
			txt(itoa(r.Attempt)), q.runState(r), txt(r.Result.In(q.lang)),
		}})
	}
	return t
}

func (q *request) clockOrDash(at time.Time) string {
	if at.IsZero() {
		return dash
	}
	return q.Desk.Clock(at)
}
