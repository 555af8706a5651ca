package web

import (
	"net/url"

	"kaoping/engine"
	"kaoping/internal/playground"
	"kaoping/reports"
)

func playgroundRoutes() []route {
	return []route{onGet("/playground", ReadRules, "试算", "playground", (*request).playground)}
}

// playgroundPage is what the playground shows.
type playgroundPage struct {
	Ask      playground.Question
	Asked    bool
	Problems []playgroundProblem
	Value    string // of the formula
	Points   string
	Filled   []string
	Scale    string
	Result   string
	Policy   string
	Table    *table
	YAML     string
	Examples []link
}

// playgroundProblem is a mistake with the place in the formula, if it has one.
type playgroundProblem struct {
	Where, Before, At, After string
	Message, Hint            string
	Href, Code               string
}

// playground evaluates a formula or a small rule on figures that were typed. The
// question stands in the address: it can be kept and passed on.
func (q *request) playground() error {
	p := q.newPage(q.t("试算", "Playground"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	p.Subtitle = q.t("用几个数试一个公式或一条小规则;不存任何东西。", "Try a formula or a small rule on a few figures; nothing is stored.")
	data := &playgroundPage{Examples: q.playgroundExamples(), Ask: playground.Question{
		Formula: q.query("formula"), Unit: q.query("unit"), Inputs: q.query("inputs"), Full: q.query("full"), FullAt: q.query("full_at"), NoneAt: q.query("none_at"),
	}}
	if data.Ask != (playground.Question{}) {
		data.Asked = true
		var a *playground.Answer
		err := q.inTurn(func() (err error) { a, err = playground.Try(data.Ask); return err })
		if err != nil {
			return err
		}
		q.answered(p, data, a)
	}
	p.Data = data
	return q.render(p, "playground")
}

func (q *request) answered(p *page, data *playgroundPage, a *playground.Answer) {
	for i := range a.Problems {
		data.Problems = append(data.Problems, q.playgroundProblem(data.Ask.Formula, &a.Problems[i]))
	}
	e := a.Explanation
	if e == nil {
		return
	}
	data.YAML, data.Scale, data.Result, data.Policy = a.YAML, e.Scale.In(q.lang), e.Points.In(q.lang), e.Policy.In(q.lang)
	data.Value = q.t("无法计算", "cannot be computed")
	if e.Line.Metric != nil {
		data.Value = reports.MetricText(a.Pack, &e.Line, q.lang)
	}
	if e.Line.Reason != (engine.Text{}) {
		data.Policy = e.Line.Reason.In(q.lang)
	}
	if a.Pack.Total != nil {
		data.Points = reports.PointsText(a.Pack, &e.Line, q.lang) + " / " + reports.FullPointsText(a.Pack, &e.Line)
	}
	for _, s := range e.Filled {
		data.Filled = append(data.Filled, s.In(q.lang))
	}
	if len(e.PeerValues) < 2 {
		return
	}
	t := &table{ID: "subjects", Caption: q.t("各组数", "Every set of figures"), Columns: []column{{Title: q.t("组", "Set"), Key: true}, {Title: q.t("值", "Value"), Right: true, Unit: e.Unit}, {Title: q.t("得分", "Points"), Right: true}}}
	for i, v := range e.PeerValues {
		cells := []cell{txt(q.tf("第 %d 组", "set %d", i+1)), txt(dash), txt(dash)}
		if v.Value != nil {
			cells[1] = txt(reports.MetricText(a.Pack, &engine.Line{Item: e.Line.Item, Metric: v.Value, Status: engine.Scored}, q.lang))
		}
		for c := range a.Cards {
			if l, ok := a.Cards[c].Line(e.Line.Item); ok && a.Cards[c].Subject == v.Subject && a.Pack.Total != nil {
				cells[2] = txt(reports.PointsText(a.Pack, l, q.lang))
			}
		}
		t.Rows = append(t.Rows, row{Cells: cells})
	}
	data.Table = p.add(t)
}

// playgroundProblem cuts the formula where the mistake is.
func (q *request) playgroundProblem(formula string, x *playground.Problem) playgroundProblem {
	out := playgroundProblem{Message: x.Message.In(q.lang), Hint: x.Hint.In(q.lang), Code: x.Code}
	switch x.Field {
	case "inputs":
		out.Where = q.tf("数据第 %d 行", "figures, line %d", x.Line)
	case "unit":
		out.Where = q.t("单位", "unit")
	case "points":
		out.Where = q.t("计分", "points")
	default:
		out.Where = q.t("公式", "formula")
	}
	if x.Code != "" && q.help.Find(x.Code) != nil {
		out.Href = address("help", x.Code)
	}
	if r := []rune(formula); x.Column > 0 && x.Column <= len(r)+1 {
		from := x.Column - 1
		to := min(from+x.Width, len(r))
		out.Before, out.At, out.After = string(r[:from]), string(r[from:to]), string(r[to:])
		if out.At == "" {
			out.At = " "
		}
	}
	return out
}

// playgroundExamples are addresses of questions to begin from.
func (q *request) playgroundExamples() []link {
	ask := func(title string, pairs ...string) link {
		values := url.Values{}
		for i := 0; i+1 < len(pairs); i += 2 {
			values.Set(pairs[i], pairs[i+1])
		}
		return link{Text: title, Href: "/playground?" + values.Encode()}
	}
	return []link{
		ask(q.t("亿元保费投诉量", "Complaints per 100 million yuan of premium"), "formula", "车险投诉件数 / 车险保费收入", "unit", "件/亿元", "inputs", "车险投诉件数 = 12 件\n车险保费收入 = 26800 万元"),
		ask(q.t("处理及时率,按直线计分", "Timely handling, points on a straight line"), "formula", "按时反馈件数 / 转办件数", "unit", "%", "inputs", "按时反馈件数 = 95 件\n转办件数 = 96 件", "full", "10", "full_at", "100%", "none_at", "80%"),
		ask(q.t("与上期相比", "Against the period before"), "formula", "(投诉件数 - 上期(投诉件数)) / 上期(投诉件数)", "unit", "%", "inputs", "投诉件数 = 10 件\n上期(投诉件数) = 11 件"),
		ask(q.t("与同业均值相比", "Against the mean of the peers"), "formula", "投诉件数 / 保费收入", "unit", "件/亿元", "inputs", "投诉件数 = 2; 4; 6 件\n保费收入 = 1; 1.5; 1.2 亿元", "full", "20", "full_at", "0 件/亿元", "none_at", "2 × 同业均值"),
	}
}
