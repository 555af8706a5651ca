package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/notify"
	"kaoping/internal/schedule"
	"kaoping/store"
)

// NotifyConfig is the section notify: of config.yaml. What is secret comes from
// the environment: KAOPING_WEBHOOK_URL, KAOPING_WEBHOOK_TOKEN, KAOPING_SMTP_USER
// and KAOPING_SMTP_PASSWORD.
type NotifyConfig struct {
	Webhook struct {
		Form string `yaml:"form"` // json, or text message for the robots of 企业微信 and 钉钉
	} `yaml:"webhook"`
	Mail struct {
		Host string `yaml:"host"`
		Port int    `yaml:"port"` // 465 begins with TLS, any other turns to it
		TLS  string `yaml:"tls"`  // required or none
		From string `yaml:"from"`
	} `yaml:"mail"`
}

func defaultNotify() NotifyConfig {
	var n NotifyConfig
	n.Webhook.Form, n.Mail.Port, n.Mail.TLS = notify.FormJSON, 587, "required"
	return n
}

// problems says what is wrong with the section, and which jobs it lacks something
// for.
func (n *NotifyConfig) problems(jobs []*schedule.Job) []string {
	var wrong []string
	if n.Webhook.Form != notify.FormJSON && n.Webhook.Form != notify.FormText {
		wrong = append(wrong, fmt.Sprintf("notify.webhook.form: %q (%s | %s)", n.Webhook.Form, notify.FormJSON, notify.FormText))
	}
	if n.Mail.TLS != "required" && n.Mail.TLS != "none" {
		wrong = append(wrong, fmt.Sprintf("notify.mail.tls: %q (required | none)", n.Mail.TLS))
	}
	if n.Mail.Port < 1 || n.Mail.Port > 65535 {
		wrong = append(wrong, fmt.Sprintf("notify.mail.port: %d", n.Mail.Port))
	}
	if n.Mail.From != "" && !plainAddress(n.Mail.From) {
		wrong = append(wrong, fmt.Sprintf("notify.mail.from: %q", n.Mail.From))
	}
	for _, j := range jobs {
		for _, to := range j.To {
			switch {
			case to == notify.Webhook:
			case !plainAddress(to):
				wrong = append(wrong, fmt.Sprintf("%s: to: %q", j.Job, to))
			case n.Mail.Host == "" || n.Mail.From == "":
				wrong = append(wrong, fmt.Sprintf("%s: to: %q: notify.mail.host, notify.mail.from: ?", j.Job, to))
			}
		}
	}
	return wrong
}

// plainAddress reports whether s is a mail address and nothing else.
func plainAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// sender sends what stands in the outbox.
func (a *app) sender(config Config, db *store.DB, log *slog.Logger) *notify.Sender {
	return &notify.Sender{
		DB: db, Now: db.Now, Log: log, By: store.Actor{Name: actor().Name, Via: "schedule"},
		Channels: map[string]notify.Channel{
			notify.Webhook: &notify.Hook{
				URL: os.Getenv("KAOPING_WEBHOOK_URL"), Token: os.Getenv("KAOPING_WEBHOOK_TOKEN"), Form: config.Notify.Webhook.Form,
			},
			notify.Mail: &notify.Server{
				Host: config.Notify.Mail.Host, Port: config.Notify.Mail.Port, Plain: config.Notify.Mail.TLS == "none", From: config.Notify.Mail.From,
				User: os.Getenv("KAOPING_SMTP_USER"), Password: os.Getenv("KAOPING_SMTP_PASSWORD"),
			},
		},
	}
}

// notify puts what happened since the job was first seen into the outbox: each
// recipient is told of each event once.
func (w *workshop) notify(ctx context.Context, task schedule.Task) (engine.Text, error) {
	states, err := w.desk.DB.Jobs(ctx)
	if err != nil {
		return engine.Text{}, err
	}
	events, err := w.events(ctx, task.Job, states[task.Job.Job].Since)
	if err != nil {
		return engine.Text{}, err
	}
	var messages []store.Message
	for _, e := range events {
		for _, to := range task.Job.To {
			m := store.Message{Event: e.id, Channel: notify.Mail, Recipient: to, Subject: e.subject.In(w.app.lang), Body: e.text.In(w.app.lang)}
			if to == notify.Webhook {
				m.Channel = notify.Webhook
			}
			messages = append(messages, m)
		}
	}
	added, err := w.desk.DB.Post(ctx, messages, doer(task), task.Run.BeganAt)
	return engine.Text{ZH: fmt.Sprintf("新通知 %d 条", added), EN: fmt.Sprintf("%d new messages", added)}, err
}

// event is something that people are told of.
type event struct {
	id            string
	subject, text engine.Text
}

// events lists what a job tells of, the oldest first.
func (w *workshop) events(ctx context.Context, job *schedule.Job, since time.Time) ([]event, error) {
	var list []event
	if slices.Contains(job.Events, "result") {
		runs, err := w.desk.DB.Runs(ctx, job.Pack, engine.Period{})
		if err != nil {
			return nil, err
		}
		for _, run := range runs {
			if run.MadeAt.After(since) {
				list = append(list, w.resultEvent(run))
			}
		}
	}
	runs, err := w.desk.DB.NotableJobRuns(ctx, since)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		switch {
		case r.Kind == schedule.Notify || w.otherPack(job, r.Job):
		case r.State == store.JobFailed && slices.Contains(job.Events, "failure"):
			list = append(list, w.jobEvent("failure", r, engine.Text{ZH: "任务失败", EN: "job failed"}))
		case r.Late && r.State == store.JobDone && slices.Contains(job.Events, "late"):
			list = append(list, w.jobEvent("late", r, engine.Text{ZH: "任务补做", EN: "job done late"}))
		}
	}
	return list, nil
}

// otherPack reports whether a notice about one pack leaves a job out because it
// belongs to another.
func (w *workshop) otherPack(about *schedule.Job, name string) bool {
	if about.Pack == "" {
		return false
	}
	for _, j := range w.config.jobs {
		if j.Job == name {
			return j.Pack != "" && j.Pack != about.Pack
		}
	}
	return true
}

func (w *workshop) resultEvent(run store.Run) event {
	title := engine.Text{ZH: run.Pack, EN: run.Pack}
	if pack := w.desk.Rules().Newest(run.Pack); pack != nil && !pack.Title.IsZero() {
		title = pack.Title
	}
	period, asOf, made := run.Period.Title(), w.desk.Instant(run.AsOf), w.desk.Clock(run.MadeAt)
	return event{
		id: "run " + run.ID,
		subject: engine.Text{
			ZH: fmt.Sprintf("考评结果:%s %s 第 %d 版", title.ZH, period.ZH, run.Revision),
			EN: fmt.Sprintf("Result: %s, %s, revision %d", title.EN, period.EN, run.Revision),
		},
		text: engine.Text{
			ZH: fmt.Sprintf("运行 %s · 规则版本 %s · 快照 %s\n数据截止 %s · 算于 %s\n查看:kaoping rank --pack %s --period %s\n", run.ID, run.Edition, run.Snapshot, asOf, made, run.Pack, run.Period),
			EN: fmt.Sprintf("run %s · edition %s · snapshot %s\ndata as of %s · made %s\nto see it: kaoping rank --pack %s --period %s\n", run.ID, run.Edition, run.Snapshot, asOf, made, run.Pack, run.Period),
		},
	}
}

func (w *workshop) jobEvent(what string, r store.JobRun, title engine.Text) event {
	item := itemText(&r, w.config)
	return event{
		id:      fmt.Sprintf("%s %d", what, r.Number),
		subject: engine.Text{ZH: title.ZH + ":" + r.Job + " " + item, EN: title.EN + ": " + r.Job + " " + item},
		text:    engine.Text{ZH: r.Result.ZH + "\n", EN: r.Result.EN + "\n"},
	}
}

func (a *app) notifyCommand() *cobra.Command {
	cmd := a.family("notify", a.t("通知:列出、发送、试发", "messages: list, send, test"))
	cmd.AddCommand(
		&cobra.Command{
			Use:   "list",
			Short: a.t("列出发件箱", "list the outbox"),
			Args:  a.args(cobra.NoArgs),
			RunE:  func(*cobra.Command, []string) error { return a.withOutbox(a.listMessages) },
		},
		&cobra.Command{
			Use:   "send",
			Short: a.t("发送待发的通知", "send what waits"),
			Args:  a.args(cobra.NoArgs),
			RunE: func(*cobra.Command, []string) error {
				return a.withOutbox(func(s *notify.Sender, config Config) error {
					if err := s.Flush(a.ctx); err != nil {
						return err
					}
					return a.listMessages(s, config)
				})
			},
		},
		&cobra.Command{
			Use:   a.t("test 收件人", "test RECIPIENT"),
			Short: a.t("向 webhook 或一个邮箱试发一条", "send a trial message to webhook or a mail address"),
			Args:  a.args(cobra.ExactArgs(1)),
			RunE: func(_ *cobra.Command, args []string) error {
				return a.withOutbox(func(s *notify.Sender, _ Config) error { return a.tryMessage(s, args[0]) })
			},
		},
	)
	return cmd
}

func (a *app) withOutbox(use func(*notify.Sender, Config) error) error {
	config, err := a.config()
	if err != nil {
		return err
	}
	db, err := a.open(config)
	if err != nil {
		return err
	}
	defer db.Close()
	return use(a.sender(config, db, slog.New(slog.DiscardHandler)), config)
}

// outboxRows is how much of the outbox is listed.
const outboxRows = 100

func (a *app) listMessages(s *notify.Sender, config Config) error {
	list, err := s.DB.Messages(a.ctx, outboxRows)
	if err != nil {
		return err
	}
	states := map[string]string{
		store.MessageWaiting: a.t("待发", "waiting"), store.MessageSent: a.t("已发", "sent"), store.MessageFailed: a.t("失败", "failed"),
	}
	t := a.newTable(a.t("编号", "message"), a.t("时间", "at"), a.t("收件人", "to"), a.t("标题", "subject"), a.t("状态", "state"), a.t("次", "tries"), a.t("说明", "note"))
	alignRight(t, 6)
	for _, m := range list {
		t.AppendRow([]any{
			m.ID(), m.MadeAt.In(config.location).Format("2006-01-02 15:04:05"), m.Recipient, m.Subject, states[m.State], m.Attempts, m.Problem.In(a.lang),
		})
	}
	t.Render()
	return nil
}

// tryMessage sends at once and does not use the outbox.
func (a *app) tryMessage(s *notify.Sender, to string) error {
	channel := notify.Mail
	if to == notify.Webhook {
		channel = notify.Webhook
	} else if !plainAddress(to) {
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("收件人 %q 写法有误,写成 webhook 或 name@example.com。", to),
			EN: fmt.Sprintf("%q is no recipient; write webhook or name@example.com.", to),
		})
	}
	now := time.Now().UTC()
	ctx, cancel := context.WithTimeout(a.ctx, 30*time.Second)
	defer cancel()
	err := s.Channels[channel].Send(ctx, store.Message{
		Event: "test " + now.Format(time.RFC3339Nano), Channel: channel, Recipient: to, MadeAt: now,
		Subject: a.t("kaoping 试发", "a trial of kaoping"), Body: strings.TrimSpace(a.t("收到这条即说明发送正常。", "sending works.")) + "\n",
	})
	if err != nil {
		return err
	}
	a.say("已发给 %s。", "sent to %s.", to)
	return nil
}
