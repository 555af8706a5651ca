package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/feeds"
	"kaoping/store"
)

// shortLoad is how long a page waits for a load before it says that it is under way.
const shortLoad = 2 * time.Second

// sourceRoutes are the pages about the sources of the configuration.
func sourceRoutes() []route {
	period := "{\"period\": \"2025H1\"}"
	return []route{
		onGet("/data/sources", LoadData, "数据来源", "sources of data", (*request).sourceList),
		onPost("/data/sources/load", LoadData, "现在从来源导入", "load a source now", (*request).loadSource),
		api("GET", "/sources", LoadData, "数据来源及其最近一次导入", "the sources of data and how each was loaded last", (*request).apiSources, operation{Answer: sourcesJSON{}}),
		api("POST", "/sources/{source}", LoadData, "现在从来源导入;期间可不写:"+period, "load a source now; the period may be left out: "+period, (*request).apiLoadSource,
			operation{Body: loadSourceJSON{}, Answer: sourceJSON{}}),
	}
}

// sourceLoad is what became of a load that was asked for here.
type sourceLoad struct {
	By      string
	Began   time.Time
	Ended   time.Time // zero while it is under way
	Outcome engine.Text
	State   string // running, loaded, nothing, refused or failed
	Batches []string
	done    chan struct{}
}

// sourceLoads are the last loads by source. They are kept in memory; the batches and
// the audit trail tell of those before.
type sourceLoads struct {
	mu   sync.Mutex
	last map[string]*sourceLoad
}

// begin notes that a source is being loaded. It fails with engine.ErrConflict if it
// is already.
func (l *sourceLoads) begin(name, by string) (*sourceLoad, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old := l.last[name]; old != nil && old.Ended.IsZero() {
		return nil, engine.ErrConflict
	}
	if l.last == nil {
		l.last = map[string]*sourceLoad{}
	}
	load := &sourceLoad{By: by, Began: time.Now(), State: "running", done: make(chan struct{})}
	l.last[name] = load
	return load, nil
}

func (l *sourceLoads) end(load *sourceLoad, done []feeds.Loaded, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	load.Ended = time.Now()
	load.State, load.Outcome = outcomeOf(done, err)
	for i := range done {
		if !done[i].Refused() {
			load.Batches = append(load.Batches, done[i].Batch.ID)
		}
	}
	close(load.done)
}

// of returns a copy of the last load of a source; nil if there was none.
func (l *sourceLoads) of(name string) *sourceLoad {
	l.mu.Lock()
	defer l.mu.Unlock()
	if load := l.last[name]; load != nil {
		c := *load
		return &c
	}
	return nil
}

// outcomeOf says in a word and in a sentence for each file what became of a load.
func outcomeOf(done []feeds.Loaded, err error) (string, engine.Text) {
	var zh, en []string
	state := "loaded"
	for i := range done {
		m := done[i].Message()
		zh, en = append(zh, m.ZH), append(en, m.EN)
		if done[i].Refused() {
			state = "refused"
		}
	}
	switch {
	case err != nil:
		_, m := statusOf(err)
		state, zh, en = "failed", append(zh, m.ZH), append(en, m.EN)
	case len(done) == 0:
		state, zh, en = "nothing", []string{"没有可取的文件。"}, []string{"Nothing to take."}
	}
	return state, engine.Text{ZH: strings.Join(zh, "\n"), EN: strings.Join(en, "\n")}
}

// startLoad loads a source and leaves word in the audit trail how it ended. The
// load goes on when the reader leaves the page; the source limits its time.
func (q *request) startLoad(name string, period engine.Period, via string) (*sourceLoad, error) {
	s := feeds.Find(q.Sources, name)
	if s == nil {
		return nil, engine.ErrNotFound
	}
	by := q.actor()
	by.Via = via
	load, err := q.sourceLoads.begin(name, by.Name)
	if err != nil {
		return nil, err
	}
	ctx := context.WithoutCancel(q.ctx())
	go func() {
		done, err := q.loadGuarded(ctx, s, period, by)
		if err != nil {
			q.Log.Error("load of a source", "source", name, "error", err)
		}
		state, text := outcomeOf(done, err)
		details := map[string]string{"state": state, "outcome": text.ZH}
		if !period.IsZero() {
			details["period"] = period.String()
		}
		q.sourceLoads.end(load, done, errors.Join(err, q.Desk.DB.Note(ctx, by, "load source", name, details)))
	}()
	return load, nil
}

// loadGuarded keeps a panic in one load from ending the program.
func (q *request) loadGuarded(ctx context.Context, s *feeds.Source, period engine.Period, by store.Actor) (done []feeds.Loaded, err error) {
	defer func() {
		if r := recover(); r != nil {
			q.Log.Error("load of a source", "source", s.Source, "panic", r)
			err = errors.New("the load broke off; the log says more")
		}
	}()
	loader := &feeds.Loader{
		DB: q.Desk.DB, Lang: q.lang, Pack: q.packOf, Packs: q.Desk.Rules().Library.Packs,
		Now: func() time.Time { return time.Now().In(q.Desk.Location) },
	}
	return loader.Load(ctx, s, period, by)
}

// packOf is the newest edition of the scheme that a source names, or of the only
// one that takes what the source delivers.
func (q *request) packOf(name, target string) (*engine.Pack, error) {
	var found []*engine.Pack
	for _, n := range q.packNames() {
		if p := q.Desk.Rules().Newest(n); p != nil && (n == name || name == "") && ingest.HasTarget(p, target) {
			found = append(found, p)
		}
	}
	if len(found) != 1 {
		return nil, badRequest(fmt.Sprintf("有 %d 个考评办法接收“%s”;在 sources 里用 pack 写明。", len(found), target), fmt.Sprintf("%d schemes take %q; name one with pack in sources.", len(found), target))
	}
	return found[0], nil
}

// sourceList shows where data come from, how each source was loaded last, and the
// button that loads one now.
func (q *request) sourceList() error {
	p := q.newPage(q.t("数据来源", "Sources of data"))
	p.Crumbs = q.crumbs(link{Text: q.t("数据", "Data"), Href: "/data"}, link{Text: p.Title})
	p.Subtitle = q.tf("%d 个来源", "sources: %d", len(q.Sources))
	data := struct {
		Table   *table
		Sources []option
		Running bool
	}{}
	t := &table{ID: "sources", Caption: q.t("来源", "Sources"), Columns: []column{
		{Title: q.t("来源", "Source"), Key: true}, {Title: q.t("数据", "Data")}, {Title: q.t("办法", "Scheme")}, {Title: q.t("方式", "Kind")},
		{Title: q.t("地址", "Where")}, {Title: q.t("状态", "State")}, {Title: q.t("结果", "Outcome"), Wide: true}, {Title: q.t("时间", "Time")}, {Title: q.t("经手", "By")},
	}, Empty: q.t("config.yaml 的 sources 里没有来源。", "There are no sources in config.yaml.")}
	packs := q.Desk.Rules().Library.Packs()
	for _, s := range q.Sources {
		if settled, err := feeds.Settle(s, packs); err == nil {
			s = settled
		}
		last := q.sourceLoads.of(s.Source)
		data.Sources = append(data.Sources, option{s.Source, s.Source, s.Source == q.query("source")})
		data.Running = data.Running || last != nil && last.Ended.IsZero()
		t.Rows = append(t.Rows, row{Cells: q.sourceCells(s, last)})
	}
	data.Table = p.add(t)
	p.Data = data
	return q.render(p, "sources")
}

func (q *request) sourceCells(s *feeds.Source, last *sourceLoad) []cell {
	target, scheme := s.Target, ""
	if s.Pack != "" {
		target, scheme = q.targetName(s.Pack, s.Target), q.packTitle(s.Pack)
	}
	cells := []cell{txt(s.Source), txt(target), txt(scheme), txt(q.sourceKind(s.Kind)), txt(s.Where())}
	if last == nil {
		return append(cells, cell{Text: q.t("— 本次启动后未导入", "— not since the program started"), Class: "muted"}, txt(""), txt(""), txt(""))
	}
	outcome := txt(last.Outcome.In(q.lang))
	for _, id := range last.Batches {
		outcome.More = append(outcome.More, link{Text: id, Href: address("data", id)})
	}
	return append(cells, q.loadState(last.State), outcome, txt(last.Began.In(q.Desk.Location).Format("2006-01-02 15:04:05")), txt(last.By))
}

func (q *request) sourceKind(kind string) string {
	switch kind {
	case feeds.File:
		return q.t("文件", "file")
	case feeds.Folder:
		return q.t("监视的文件夹", "watched folder")
	case feeds.Postgres:
		return "PostgreSQL"
	case feeds.MySQL:
		return "MySQL"
	}
	return "HTTP"
}

func (q *request) loadState(state string) cell {
	switch state {
	case "running":
		return cell{Text: q.t("● 正在导入", "● loading"), Class: "warn"}
	case "loaded":
		return cell{Text: q.t("✓ 已入库", "✓ loaded"), Class: "good"}
	case "nothing":
		return cell{Text: q.t("— 没有文件", "— no file"), Class: "muted"}
	case "refused":
		return cell{Text: q.t("▲ 有文件未入库", "▲ a file was refused"), Class: "bad"}
	}
	return cell{Text: q.t("■ 失败", "■ failed"), Class: "bad"}
}

// loadSource loads a source now. What is quick is done when the page is shown.
func (q *request) loadSource() error {
	period, err := q.periodOf(q.r.FormValue("period"))
	if err != nil {
		return err
	}
	name := q.r.FormValue("source")
	load, err := q.startLoad(name, period, "web")
	if errors.Is(err, engine.ErrConflict) {
		return q.redirect(with("/data/sources", "source", name)) // the page says that it is under way
	}
	if err != nil {
		return err
	}
	select {
	case <-load.done:
	case <-time.After(shortLoad):
	case <-q.ctx().Done():
	}
	return q.redirect(with("/data/sources", "source", name))
}

// periodOf reads a period that may be left out.
func (q *request) periodOf(text string) (engine.Period, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return engine.Period{}, nil
	}
	period, err := engine.ParsePeriod(text)
	if err != nil {
		return period, badRequest("统计期间写成 2025H1、2025、2025Q2 或 2025-06。", "Write the period as 2025H1, 2025, 2025Q2 or 2025-06.")
	}
	return period, nil
}

type loadSourceJSON struct {
	Period string `json:"period,omitempty"`
}

type sourcesJSON struct {
	Sources []sourceJSON `json:"sources"`
}

type sourceJSON struct {
	Source  string       `json:"source"`
	Pack    string       `json:"pack,omitempty"`
	Target  string       `json:"target"`
	Kind    string       `json:"kind"`
	State   string       `json:"state,omitempty"` // running, loaded, nothing, refused or failed; absent: not loaded since the program started
	Outcome *engine.Text `json:"outcome,omitempty"`
	Batches []string     `json:"batches,omitempty"`
	Began   *time.Time   `json:"began,omitempty"`
	Ended   *time.Time   `json:"ended,omitempty"`
	By      string       `json:"by,omitempty"`
}

func sourceOf(s *feeds.Source, last *sourceLoad) sourceJSON {
	out := sourceJSON{Source: s.Source, Pack: s.Pack, Target: s.Target, Kind: s.Kind}
	if last == nil {
		return out
	}
	out.State, out.Batches, out.By = last.State, last.Batches, last.By
	began := last.Began.UTC()
	out.Began = &began
	if !last.Ended.IsZero() {
		ended := last.Ended.UTC()
		out.Ended, out.Outcome = &ended, &last.Outcome
	}
	return out
}

func (q *request) apiSources() error {
	out := sourcesJSON{Sources: []sourceJSON{}}
	for _, s := range q.Sources {
		out.Sources = append(out.Sources, sourceOf(s, q.sourceLoads.of(s.Source)))
	}
	return q.writeJSON(200, out)
}

// statusOfLoad are the answers for how a load ended: refused files are the sender's
// to mend, a source that fails may answer later.
var statusOfLoad = map[string]int{"running": 202, "loaded": 200, "nothing": 200, "refused": 422, "failed": 502}

// apiLoadSource loads a source and answers when it is done, or after a while that
// it is under way.
func (q *request) apiLoadSource() error {
	var ask loadSourceJSON
	d := json.NewDecoder(q.r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&ask); err != nil && q.r.ContentLength != 0 {
		return badRequest("要的是 {\"period\": \"2025H1\"} 或 {}。", "Send {\"period\": \"2025H1\"} or {}.")
	}
	period, err := q.periodOf(ask.Period)
	if err != nil {
		return err
	}
	name := q.r.PathValue("source")
	load, err := q.startLoad(name, period, "api")
	if err != nil {
		return err
	}
	select {
	case <-load.done:
	case <-time.After(apiWait):
	case <-q.ctx().Done():
		return q.ctx().Err()
	}
	last := q.sourceLoads.of(name)
	return q.writeJSON(statusOfLoad[last.State], sourceOf(feeds.Find(q.Sources, name), last))
}

// apiWait is how long a program waits for a load at most.
const apiWait = 30 * time.Second
