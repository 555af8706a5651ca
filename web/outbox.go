package web

import (
	"kaoping/store"
)

// shownMessages is how many messages the outbox shows.
const shownMessages = 500

// outbox lists what was sent, or waits to be, to whom, and what became of it.
func (q *request) outbox() error {
	messages, err := q.Desk.DB.Messages(q.ctx(), shownMessages)
	if err != nil {
		return err
	}
	p := q.newPage(q.t("发件箱", "Outbox"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.t("通知和邮件;正文在此全部可读,发不出去也不丢", "notices and mail; their text can be read here even if they could not be sent")
	t := &table{ID: "outbox", Caption: q.t("消息", "Messages"), Columns: []column{
		{Title: q.t("编号", "Number"), Key: true}, {Title: q.t("主题", "Subject"), Wide: true}, {Title: q.t("方式", "Channel")}, {Title: q.t("收件", "To")}, {Title: q.t("生成", "Made")},
		{Title: q.t("次数", "Attempts"), Right: true}, {Title: q.t("发出", "Sent")}, {Title: q.t("状态", "State")},
	}, Empty: q.t("没有消息;通知由 config.yaml 的 notify: 和 jobs: 产生。", "There are no messages; notify: and jobs: in config.yaml make them.")}
	for i := range messages {
		m := &messages[i]
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(m.ID()), {Text: m.Subject, Sub: m.Body}, txt(m.Channel), txt(m.Recipient), txt(q.Desk.Clock(m.MadeAt)), txt(itoa(m.Attempts)), txt(q.clockOrDash(m.SentAt)), q.messageState(m),
		}})
	}
	p.Data = struct{ Table *table }{p.add(t)}
	return q.render(p, "outbox")
}

func (q *request) messageState(m *store.Message) cell {
	switch m.State {
	case store.MessageSent:
		return cell{Text: q.t("● 已发出", "● sent"), Class: "good"}
	case store.MessageWaiting:
		return cell{Text: q.t("▲ 待发", "▲ waits"), Class: "warn", Sub: m.Problem.In(q.lang)}
	}
	return cell{Text: q.t("■ 未发出", "■ not sent"), Class: "bad", Sub: m.Problem.In(q.lang)}
}
