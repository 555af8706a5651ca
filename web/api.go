package web

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/internal/desk"
	"kaoping/reports"
	"kaoping/store"
)

// operation describes a route of the interface: the document under
// /api/v1/openapi.json is made from it and from the Go types of Body and Answer.
type operation struct {
	Query  []parameter
	Body   any // zero value of what is sent; nil if nothing is
	Answer any // zero value of what comes back
}

// parameter is a value in the address.
type parameter struct {
	Name     string
	Required bool
	Says     engine.Text
}

// file stands for a file as the body of a request.
type file struct{}

// api is a route of the interface.
func api(method, pattern string, needs Permission, zh, en string, page func(*request) error, op operation) route {
	return route{Method: method, Pattern: "/api/v1" + pattern, Needs: needs, Title: engine.Text{ZH: zh, EN: en}, page: page, API: &op}
}

func apiRoutes() []route {
	run := parameter{Name: "run", Says: engine.Text{ZH: "运行号,如 R-000003;不写为最新", EN: "id of a run such as R-000003; the newest if left out"}}
	pack := parameter{Name: "pack", Says: engine.Text{ZH: "考评办法", EN: "scheme"}}
	needed := func(p parameter) parameter { p.Required = true; return p }
	return []route{
		api("GET", "/openapi.json", ReadResults, "本接口的说明", "this description", (*request).apiDescription, operation{Answer: map[string]any{}}),
		api("GET", "/packs", ReadRules, "考评办法及其版本", "schemes and their editions", (*request).apiPacks, operation{Answer: packsJSON{}}),
		api("GET", "/runs", ReadResults, "各考评办法、各期的运行", "runs of every scheme and period", (*request).apiRuns, operation{Answer: runsJSON{},
			Query: []parameter{pack, {Name: "all", Says: engine.Text{ZH: "写 1 则列出各版,否则只列最新一版", EN: "1 lists every revision, otherwise only the newest"}}}}),
		api("POST", "/runs", RunAssessments, "计算一期", "score a period", (*request).apiScore, operation{Body: scoreJSON{}, Answer: runJSON{}}),
		api("GET", "/rank/{pack}/{period}", ReadResults, "一期的排名", "the ranking of a period", (*request).apiRanking, operation{Answer: reports.JSONDocument{},
			Query: []parameter{run, {Name: "group", Says: engine.Text{ZH: "同业组", EN: "peer group"}}}}),
		api("GET", "/s/{pack}/{period}/{subject}", ReadResults, "一家的评分卡", "the scorecard of a subject", (*request).apiScorecard, operation{Answer: reports.JSONDocument{}, Query: []parameter{run}}),
		api("GET", "/s/{pack}/{period}/{subject}/{item}", ReadResults, "一个得分的解释", "the explanation of a number", (*request).apiExplain, operation{Answer: explanationJSON{}, Query: []parameter{run}}),
		api("GET", "/trend/{pack}/{period}/{subject}", ReadResults, "一家的历期走势", "the trend of a subject", (*request).apiTrend, operation{Answer: trendJSON{}, Query: []parameter{run}}),
		api("GET", "/cases/{pack}/{period}/{subject}/{statistic}/{at}", ReadCases, "一个数背后的案件,个人信息已隐去", "the records behind a number, personal data masked", (*request).apiCases, operation{Answer: casesJSON{}, Query: []parameter{run}}),
		api("GET", "/batches", ReadData, "批次", "loads", (*request).apiBatches, operation{Answer: batchesJSON{}, Query: []parameter{pack}}),
		api("POST", "/batches", LoadData, "导入一个文件", "load a file", (*request).apiLoad, operation{Body: file{}, Answer: loadedJSON{}, Query: []parameter{needed(pack),
			{Name: "target", Required: true, Says: engine.Text{ZH: "数据种类", EN: "feed, register, subjects or judgements"}},
			{Name: "file", Required: true, Says: engine.Text{ZH: "文件名", EN: "name of the file"}},
			{Name: "period", Says: engine.Text{ZH: "文件没有期间列时的统计期间", EN: "period of a file without a column for it"}},
			{Name: "partial", Says: engine.Text{ZH: "写 1 则有误的行不入库、其余入库", EN: "1 leaves bad rows out and loads the rest"}}}}),
		api("GET", "/subjects", ReadData, "机构名录", "the roster", (*request).apiSubjects, operation{Answer: subjectsJSON{}, Query: []parameter{needed(pack)}}),
	}
}

// writeJSON answers with a document.
func (q *request) writeJSON(status int, v any) error {
	q.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	q.w.WriteHeader(status)
	e := json.NewEncoder(q.w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type runsJSON struct {
	Runs []runJSON `json:"runs"`
}

type runJSON struct {
	ID       string        `json:"id"`
	Pack     string        `json:"pack"`
	Edition  string        `json:"edition"`
	Hash     string        `json:"hash"`
	Period   engine.Period `json:"period"`
	Revision int           `json:"revision"`
	Snapshot string        `json:"snapshot"`
	AsOf     string        `json:"data_as_of"`
	MadeAt   time.Time     `json:"made_at"`
	By       string        `json:"by"`
	Status   string        `json:"pack_status"`
	Digest   string        `json:"digest"`
}

func runOf(r store.Run) runJSON {
	return runJSON{r.ID, r.Pack, r.Edition.String(), r.Hash, r.Period, r.Revision, r.Snapshot, r.AsOf, r.MadeAt.UTC(), r.By, r.Status, r.Digest}
}

func (q *request) apiRuns() error {
	runs, err := q.Desk.DB.Runs(q.ctx(), q.query("pack"), engine.Period{})
	if err != nil {
		return err
	}
	if q.query("all") != "1" {
		runs = desk.Latest(runs)
	}
	out := runsJSON{Runs: []runJSON{}}
	for _, r := range runs {
		out.Runs = append(out.Runs, runOf(r))
	}
	return q.writeJSON(200, out)
}

type scoreJSON struct {
	Pack   string        `json:"pack"`
	Period engine.Period `json:"period"`
	AsOf   *time.Time    `json:"as_of,omitempty"` // data count up to then; now if left out
}

func (q *request) apiScore() error {
	var ask scoreJSON
	d := json.NewDecoder(q.r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&ask); err != nil || ask.Period.IsZero() {
		return badRequest("要的是 {\"pack\": …, \"period\": \"2025H1\"}。", "Send {\"pack\": …, \"period\": \"2025H1\"}.")
	}
	var at time.Time // now, unless it is said
	if ask.AsOf != nil {
		at = *ask.AsOf
	}
	library := q.Desk.Rules().Library
	pack, err := library.Pack(ask.Pack, ask.Period)
	if err != nil {
		return err
	}
	by := q.actor()
	by.Via = "api"
	run, _, err := assess.Score(q.ctx(), q.Desk.DB, pack, library.Files(pack), ask.Period, at, by)
	if err != nil {
		return err
	}
	return q.writeJSON(200, runOf(run))
}

type packsJSON struct {
	Packs []packJSON `json:"packs"`
}

type packJSON struct {
	Name      string      `json:"name"`
	Title     engine.Text `json:"title"`
	Regulator string      `json:"regulator,omitempty"`
	Edition   string      `json:"edition"` // its first day
	Status    string      `json:"status"`
	Hash      string      `json:"hash"`
}

func (q *request) apiPacks() error {
	out := packsJSON{Packs: []packJSON{}}
	for _, p := range q.Desk.Rules().Library.Packs() {
		out.Packs = append(out.Packs, packJSON{p.Name, p.Title, p.Regulator, p.Edition.String(), p.Status, p.Hash})
	}
	return q.writeJSON(200, out)
}

func (q *request) apiRanking() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := reports.WriteRanking(&b, o.doc, q.query("group"), reports.JSON); err != nil {
		return err
	}
	return q.sendJSON(b.String())
}

func (q *request) apiScorecard() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := reports.WriteScorecard(&b, o.doc, q.r.PathValue("subject"), reports.JSON); err != nil {
		return err
	}
	return q.sendJSON(b.String())
}

func (q *request) sendJSON(body string) error {
	q.w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err := io.WriteString(q.w, body)
	return err
}

type explanationJSON struct {
	Run         string           `json:"run"`
	Subject     string           `json:"subject"`
	Name        string           `json:"name"`
	Line        engine.Line      `json:"line"`
	Formula     string           `json:"formula,omitempty"`
	Filled      []engine.Text    `json:"filled_in,omitempty"`
	Unit        string           `json:"unit,omitempty"`
	Scale       engine.Text      `json:"scale,omitzero"`
	Points      engine.Text      `json:"points,omitzero"`
	Policy      engine.Text      `json:"policy,omitzero"`
	Peers       engine.Text      `json:"peers,omitzero"`
	PeerValues  []peerJSON       `json:"peer_values,omitempty"`
	Cite        string           `json:"cite,omitempty"`
	Quote       string           `json:"quote,omitempty"`
	Rule        string           `json:"rule,omitempty"` // file:line
	Assumptions []assumptionJSON `json:"assumptions,omitempty"`
	Figures     []figureJSON     `json:"figures,omitempty"`
	Cases       []recordJSON     `json:"cases,omitempty"` // of a deduction; personal data masked
	Rating      []engine.Text    `json:"rating,omitempty"`
}

type peerJSON struct {
	Subject string     `json:"subject"`
	Name    string     `json:"name"`
	Value   *exact.Num `json:"value,omitempty"`
}

type assumptionJSON struct {
	ID    string      `json:"id"`
	Says  engine.Text `json:"says"`
	State string      `json:"state"`
}

type figureJSON struct {
	Name   string        `json:"name"`
	Period string        `json:"period,omitempty"`
	Value  *exact.Num    `json:"value,omitempty"` // in base units; absent if missing
	Shown  engine.Text   `json:"shown"`
	Count  int           `json:"count,omitempty"` // records behind a counted figure
	Origin engine.Origin `json:"origin,omitzero"` // of a reported one
}

func (q *request) apiExplain() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	e, err := q.ownExplanation(o, q.r.PathValue("subject"), q.r.PathValue("item"))
	if err != nil {
		return err
	}
	out := explanationJSON{
		Run: o.Stored.ID, Subject: e.Subject, Name: e.SubjectName, Line: e.Line, Formula: e.Formula, Filled: e.Filled, Unit: e.Unit,
		Scale: e.Scale, Points: e.Points, Policy: e.Policy, Peers: e.Peers, Cite: e.Law.Cite, Quote: e.Law.Quote, Rating: e.Rating,
	}
	if e.Law.File != "" {
		out.Rule = e.Law.File + ":" + itoa(e.Law.Line)
	}
	for _, v := range e.PeerValues {
		out.PeerValues = append(out.PeerValues, peerJSON{v.Subject, v.Name, v.Value})
	}
	for _, a := range e.Assumptions {
		out.Assumptions = append(out.Assumptions, assumptionJSON{a.ID, a.Says, a.State})
	}
	for _, f := range e.Figures {
		g := figureJSON{Name: f.Name, Value: f.Value, Shown: f.Shown, Count: f.Count}
		if !f.Period.IsZero() {
			g.Period = f.Period.String()
		}
		if f.Count == 0 && len(f.Origins) > 0 {
			g.Origin = f.Origins[0]
		}
		out.Figures = append(out.Figures, g)
	}
	for i := range e.Cases {
		out.Cases = append(out.Cases, q.recordOf(o, &e.Cases[i], o.Stored.Period))
	}
	return q.writeJSON(200, out)
}

type trendJSON struct {
	Subject string           `json:"subject"`
	Periods []trendPointJSON `json:"periods"`
}

type trendPointJSON struct {
	Period engine.Period `json:"period"`
	Rank   int           `json:"rank,omitempty"` // absent if not ranked
	Of     int           `json:"of,omitempty"`
	Value  *exact.Num    `json:"value,omitempty"` // ranked by
	Rating string        `json:"rating,omitempty"`
	Status string        `json:"status"`
}

func (q *request) apiTrend() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	out := trendJSON{Subject: q.r.PathValue("subject"), Periods: []trendPointJSON{}}
	for _, r := range o.timeline() {
		if c := cardOf(r, out.Subject); c != nil {
			out.Periods = append(out.Periods, trendPointJSON{r.Period, c.Rank, c.Of, c.RankBy, c.Rating, string(c.Status)})
		}
	}
	if len(out.Periods) == 0 {
		return engine.ErrNotFound
	}
	return q.writeJSON(200, out)
}

type casesJSON struct {
	Run       string        `json:"run"`
	Subject   string        `json:"subject"`
	Statistic string        `json:"statistic"`
	Period    engine.Period `json:"period"`
	Records   []recordJSON  `json:"records"` // personal data masked
}

type recordJSON struct {
	Register string            `json:"register"`
	Key      string            `json:"key,omitempty"`
	Subject  string            `json:"subject"`
	Date     engine.Date       `json:"date"`
	Fields   map[string]string `json:"fields"`
	Origin   engine.Origin     `json:"origin"`
}

// recordOf is a record as it may be handed out.
func (q *request) recordOf(o *opened, r *engine.Record, at engine.Period) recordJSON {
	out := recordJSON{Register: registerName(o.Pack, r.Register), Key: r.Key, Subject: r.Subject, Date: r.Date, Fields: map[string]string{}, Origin: r.Origin}
	if reg := registerOf(o.Pack, r.Register); reg != nil {
		for i := range reg.Fields {
			out.Fields[reg.Fields[i].Name] = q.fieldText(o, r, &reg.Fields[i], at)
		}
	}
	return out
}

func (q *request) apiCases() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	at, err := engine.ParsePeriod(q.r.PathValue("at"))
	if err != nil {
		return engine.ErrNotFound
	}
	out := casesJSON{Run: o.Stored.ID, Subject: q.r.PathValue("subject"), Statistic: q.r.PathValue("statistic"), Period: at, Records: []recordJSON{}}
	records, err := o.Counted(out.Subject, out.Statistic, at)
	if err != nil {
		return err
	}
	for i := range records {
		out.Records = append(out.Records, q.recordOf(o, &records[i], at))
	}
	return q.writeJSON(200, out)
}

type batchesJSON struct {
	Batches []batchJSON `json:"batches"`
}

type batchJSON struct {
	ID         string     `json:"id"`
	Pack       string     `json:"pack"`
	Target     string     `json:"target"`
	File       string     `json:"file"`
	Digest     string     `json:"digest"`
	Rows       int        `json:"rows"`
	Refused    int        `json:"refused"`
	Added      int        `json:"added"`
	Updated    int        `json:"changed"`
	Unchanged  int        `json:"as_before"`
	At         time.Time  `json:"at"`
	By         string     `json:"by"`
	Duplicate  bool       `json:"duplicate,omitempty"` // the file had been loaded, nothing changed
	UndoneAt   *time.Time `json:"undone_at,omitempty"`
	UndoneBy   string     `json:"undone_by,omitempty"`
	UndoReason string     `json:"undo_reason,omitempty"`
}

func batchOf(b store.BatchInfo) batchJSON {
	out := batchJSON{ID: b.ID, Pack: b.Pack, Target: b.Target, File: b.File, Digest: b.Digest, Rows: b.Rows, Refused: b.Refused, Added: b.Added,
		Updated: b.Updated, Unchanged: b.Unchanged, At: b.At.UTC(), By: b.By, Duplicate: b.Duplicate, UndoneBy: b.UndoneBy, UndoReason: b.Reason}
	if b.Undone {
		at := b.UndoneAt.UTC()
		out.UndoneAt = &at
	}
	return out
}

func (q *request) apiBatches() error {
	batches, err := q.Desk.DB.Batches(q.ctx(), q.query("pack"))
	if err != nil {
		return err
	}
	out := batchesJSON{Batches: []batchJSON{}}
	for _, b := range batches {
		out.Batches = append(out.Batches, batchOf(b))
	}
	return q.writeJSON(200, out)
}

type loadedJSON struct {
	Batch    *batchJSON    `json:"batch,omitempty"` // absent if the file was refused
	Rows     int           `json:"rows"`
	Bad      int           `json:"bad"`
	Problems []problemJSON `json:"problems,omitempty"`
	Broken   []brokenJSON  `json:"broken,omitempty"` // cross-checks that do not hold with the file
}

type brokenJSON struct {
	Subject string      `json:"subject"`
	Check   string      `json:"check"`
	Refused bool        `json:"refused"` // the file was not loaded for it
	Says    engine.Text `json:"says"`
}

func brokenOf(broken []engine.Finding) []brokenJSON {
	var out []brokenJSON
	for i := range broken {
		f := &broken[i]
		out = append(out, brokenJSON{f.Subject, f.Rule, f.Refuse, assess.FindingLine(f)})
	}
	return out
}

type problemJSON struct {
	Row     int         `json:"row,omitempty"`
	Sheet   string      `json:"sheet,omitempty"`
	Column  string      `json:"column,omitempty"`
	Heading string      `json:"heading,omitempty"`
	Value   string      `json:"value,omitempty"`
	Code    string      `json:"code"`
	Message engine.Text `json:"message"`
	Warning bool        `json:"warning,omitempty"`
}

// apiLoad stores the file in the body. One with mistakes is answered with 422 and
// what is wrong with it.
func (q *request) apiLoad() error {
	body, err := io.ReadAll(q.r.Body)
	if err != nil {
		return err
	}
	u := &upload{pack: q.query("pack"), target: q.query("target"), source: ingest.Source{Name: q.query("file"), Data: body}, options: ingest.Options{Partial: q.query("partial") == "1"}}
	pack := q.Desk.Rules().Newest(u.pack)
	if pack == nil || !ingest.HasTarget(pack, u.target) || u.source.Name == "" || strings.ContainsAny(u.source.Name, `/\`) {
		return badRequest("pack、target、file 都要写;target 是这个办法的数据种类,file 是不带目录的文件名。", "Write pack, target and file; target is one that the scheme takes, file is a name without a folder.")
	}
	if s := q.query("period"); s != "" {
		if u.options.Period, err = engine.ParsePeriod(s); err != nil {
			return badRequest("统计期间写成 2025H1、2025、2025Q2 或 2025-06。", "Write the period as 2025H1, 2025, 2025Q2 or 2025-06.")
		}
	}
	batch, report, err := q.read(u)
	if err != nil {
		return err
	}
	out := loadedJSON{Rows: report.Rows, Bad: report.Bad}
	for i := range report.Problems {
		p := &report.Problems[i]
		out.Problems = append(out.Problems, problemJSON{p.Row, p.Sheet, p.Column, p.Heading, p.Value, p.Code, p.Message, p.Warning})
	}
	if batch == nil {
		return q.writeJSON(422, out)
	}
	info, broken, err := assess.Load(q.ctx(), q.Desk.DB, pack, batch, store.Actor{Name: q.actor().Name, Via: "api", From: remoteAddress(q.r)})
	out.Broken = brokenOf(broken)
	var no *assess.Contradicted
	if errors.As(err, &no) {
		return q.writeJSON(422, out)
	}
	if err != nil {
		return err
	}
	stored := batchOf(info)
	out.Batch = &stored
	return q.writeJSON(200, out)
}

type subjectsJSON struct {
	Subjects []subjectJSON `json:"subjects"`
}

type subjectJSON struct {
	Code      string   `json:"code"`
	Name      string   `json:"name"`
	ShortName string   `json:"short_name,omitempty"`
	Former    []string `json:"former_names,omitempty"`
	PeerGroup string   `json:"peer_group"`
	Type      string   `json:"type,omitempty"`
	Parent    string   `json:"parent,omitempty"`
	Opened    string   `json:"opened,omitempty"`
}

func (q *request) apiSubjects() error {
	if !slices.Contains(q.packNames(), q.query("pack")) {
		return engine.ErrNotFound
	}
	entries, err := q.Desk.DB.Subjects(q.ctx(), q.query("pack"))
	if err != nil && !errors.Is(err, engine.ErrNotFound) {
		return err
	}
	out := subjectsJSON{Subjects: []subjectJSON{}}
	for _, e := range currentEntries(entries) {
		s := subjectJSON{Code: e.now.Code, Name: e.now.Name, ShortName: e.now.ShortName, Former: e.former, PeerGroup: e.now.PeerGroup, Type: e.now.Type, Parent: e.now.Parent}
		if !e.now.Opened.IsZero() {
			s.Opened = e.now.Opened.String()
		}
		out.Subjects = append(out.Subjects, s)
	}
	return q.writeJSON(200, out)
}
