package web

import (
	"encoding/json"
	"strings"

	"kaoping/engine"
	"kaoping/reports"
)

// operation describes a route of the interface for its users.
type operation struct {
	Summary engine.Text
	Query   []parameter
	Body    string // schema of what is sent; empty if nothing is
	Answer  string // what comes back, in words
}

// parameter is a value in the address.
type parameter struct {
	Name string
	Says engine.Text
}

func apiRoutes() []route {
	run := parameter{"run", engine.Text{ZH: "运行号,如 R-000003;不写为最新", EN: "id of a run such as R-000003; the newest if left out"}}
	get := func(pattern string, needs Permission, zh, en string, page func(*request) error, query ...parameter) route {
		title := engine.Text{ZH: zh, EN: en}
		return route{Method: "GET", Pattern: "/api/v1" + pattern, Needs: needs, Title: title, page: page, API: &operation{Summary: title, Query: query}}
	}
	return []route{
		get("/runs", ReadResults, "各考评办法、各期的最新运行", "the newest run of every scheme and period", (*request).apiRuns),
		get("/rank/{pack}/{period}", ReadResults, "一期的排名", "the ranking of a period", (*request).apiRanking, run, parameter{"group", engine.Text{ZH: "同业组", EN: "peer group"}}),
		get("/s/{pack}/{period}/{subject}", ReadResults, "一家的评分卡", "the scorecard of a subject", (*request).apiScorecard, run),
		get("/s/{pack}/{period}/{subject}/{item}", ReadResults, "一个得分的解释", "the explanation of a number", (*request).apiExplain, run),
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

type runJSON struct {
	ID       string        `json:"id"`
	Pack     string        `json:"pack"`
	Edition  string        `json:"edition"`
	Hash     string        `json:"hash"`
	Period   engine.Period `json:"period"`
	Revision int           `json:"revision"`
	Snapshot string        `json:"snapshot"`
	AsOf     string        `json:"data_as_of"`
	MadeAt   string        `json:"made_at"`
	By       string        `json:"by"`
	Status   string        `json:"pack_status"`
	Digest   string        `json:"digest"`
}

func (q *request) apiRuns() error {
	runs, err := q.runs(q.ctx())
	if err != nil {
		return err
	}
	out := []runJSON{}
	for _, r := range runs {
		out = append(out, runJSON{r.ID, r.Pack, r.Edition.String(), r.Hash, r.Period, r.Revision, r.Snapshot, r.AsOf, r.MadeAt.UTC().Format("2006-01-02T15:04:05Z"), r.By, r.Status, r.Digest})
	}
	return q.writeJSON(200, map[string]any{"runs": out})
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
	_, err := q.w.Write([]byte(body))
	return err
}

func (q *request) apiExplain() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	e, err := o.Explain(q.r.PathValue("subject"), q.r.PathValue("item"))
	if err != nil {
		return err
	}
	return q.writeJSON(200, e)
}
