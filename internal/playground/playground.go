// Package playground evaluates one formula, or a small rule, on figures that
// somebody typed: with the checker and the engine that score real assessments, on
// a pack that is made for the purpose and forgotten afterwards.
package playground

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/engine/unit"
	"kaoping/rules"
)

// What can be asked at most.
const (
	maxFormula = 2000 // characters
	maxInputs  = 40   // names
	maxValues  = 100  // of one name: subjects that are compared
	maxField   = 200  // characters of every other field
)

// Question is what somebody typed.
type Question struct {
	Formula string // 车险投诉件数 / 车险保费收入
	Unit    string // of the result; empty: what follows from the formula
	Inputs  string // a line each: 车险投诉件数 = 5 件; several subjects: 5; 7; 9 件; before: 上期(车险投诉件数) = 3 件
	Full    string // full points; empty: the formula alone
	FullAt  string // where the full points begin: 0 件/亿元, 0.5 × 同业均值
	NoneAt  string // where there are none
}

// Problem is something that is wrong with the question.
type Problem struct {
	Field   string // formula, inputs, points, unit
	Line    int    // of the inputs, 1-based; 0 otherwise
	Column  int    // of the formula, 1-based, in characters; 0 if no place is meant
	Width   int
	Code    string // of the checker; empty if it is not one of its messages
	Message engine.Text
	Hint    engine.Text
}

// Answer is what came of it, or what is wrong.
type Answer struct {
	Problems    []Problem
	Explanation *engine.Explanation // of the first subject; nil if there are problems
	Pack        *engine.Pack
	Cards       []engine.Scorecard // of all subjects
	YAML        string             // the rule as a pack, to begin one from
}

// Names that the made pack uses.
const (
	packName   = "playground"
	metricName = "计算结果"
	metricID   = "result"
	itemName   = "试算得分"
	itemID     = "scored"
	groupID    = "all"
)

// benchmarks may be named in bounds.
var benchmarks = []struct{ name, id, take string }{
	{"同业均值", "peer_mean", "mean"}, {"同业中位数", "peer_median", "median"}, {"同业最小值", "peer_min", "minimum"}, {"同业最大值", "peer_max", "maximum"},
}

// Try answers a question. Only what is wrong with the program is an error.
func Try(q Question) (*Answer, error) {
	a := &Answer{}
	if a.tooLong(&q) {
		return a, nil
	}
	in := readInputs(q.Inputs)
	if a.Problems = in.problems; len(a.Problems) > 0 {
		return a, nil
	}
	e, problems := formula.Check(q.Formula, in, formula.Options{Shifts: true, Groups: true})
	if len(problems) == 0 && e.Kind() != formula.Number {
		a.wrong("formula", "公式的结果应是数字。", "The formula should give a number.")
		return a, nil
	}
	shown := q.Unit
	if e != nil && shown == "" {
		shown = e.Unit().String()
	}
	if e != nil && q.Unit != "" {
		u, err := unit.Parse(q.Unit)
		if err != nil {
			a.wrong("unit", "单位“"+q.Unit+"”不认识。", "The unit “"+q.Unit+"” is not known.")
			return a, nil
		}
		problems = e.Want(u)
	}
	for _, p := range problems {
		a.Problems = append(a.Problems, Problem{Field: "formula", Column: p.Offset + 1, Width: max(p.Length, 1), Code: p.Code, Message: engine.Text{ZH: p.ZH, EN: p.EN}, Hint: engine.Text{ZH: p.HintZH, EN: p.HintEN}})
	}
	if len(a.Problems) > 0 {
		return a, nil
	}
	return a, a.evaluate(q, in, shown)
}

// tooLong refuses what nobody types by hand.
func (a *Answer) tooLong(q *Question) bool {
	q.Formula, q.Unit = strings.TrimSpace(q.Formula), strings.TrimSpace(q.Unit)
	if len([]rune(q.Formula)) > maxFormula {
		a.wrong("formula", fmt.Sprintf("试算的公式最长 %d 字。", maxFormula), fmt.Sprintf("A formula has %d characters at most here.", maxFormula))
	}
	for _, s := range []*string{&q.Unit, &q.Full, &q.FullAt, &q.NoneAt} {
		if *s = strings.TrimSpace(*s); len([]rune(*s)) > maxField {
			a.wrong("points", fmt.Sprintf("每一栏最长 %d 字。", maxField), fmt.Sprintf("A field has %d characters at most.", maxField))
		}
	}
	if q.Full == "" && (q.FullAt != "" || q.NoneAt != "") || q.Full != "" && (q.FullAt == "" || q.NoneAt == "") {
		a.wrong("points", "要计分,请把分值、满分点、零分点三栏都填上;只算公式则都不填。", "To give points fill in all three: full points, where they begin and where there are none; leave all empty for the formula alone.")
	}
	return len(a.Problems) > 0
}

func (a *Answer) wrong(field, zh, en string) {
	a.Problems = append(a.Problems, Problem{Field: field, Message: engine.Text{ZH: zh, EN: en}})
}

// evaluate makes the pack and the facts and asks the engine.
func (a *Answer) evaluate(q Question, in *inputs, shown string) error {
	text, err := packText(q, in, shown)
	if err != nil {
		return fmt.Errorf("write the rule: %w", err)
	}
	a.YAML = text
	pack, found := rules.LoadFiles(map[string][]byte{packName + ".yaml": []byte(text)})
	if pack == nil {
		for _, d := range found {
			if d.Level == rules.LevelError {
				a.Problems = append(a.Problems, Problem{Field: "points", Code: d.Code, Message: d.Message, Hint: d.Hint})
			}
		}
		return nil
	}
	ev, err := engine.Evaluate(pack, in.period(), in.facts(pack))
	if err != nil {
		a.wrong("formula", "不能计算:"+err.Error(), "It cannot be computed: "+err.Error())
		return nil
	}
	a.Pack, a.Cards = pack, ev.Result().Scorecards
	if q.Full == "" {
		a.Explanation, err = ev.ExplainMetric(code(0), metricID)
	} else {
		a.Explanation, err = ev.Explain(code(0), itemID)
	}
	if err != nil {
		return fmt.Errorf("explain the playground: %w", err)
	}
	return nil
}

func code(i int) string { return fmt.Sprintf("S%03d", i+1) }

// packText writes the rule as a pack.
func packText(q Question, in *inputs, shown string) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "pack: %s\nedition: 2025-01-01\ntitle: {zh: 试算, en: playground}\nstatus: draft\nsources: {试算: {title: 试算}}\npeer_groups: {%s: {zh: 试算, en: playground}}\n", packName, groupID)
	b.WriteString("effective: {from: 2020-01-01, cite: 试算, applies_when: the last day of the period falls in this range}\nperiods: {annual: {first_day: 01-01, last_day: 12-31}, previous: period just before}\n")
	b.WriteString("rounding: {metrics: \"shown with 4 decimals, half up, never rounded before scoring\", points: \"2 decimals, half up, each indicator before adding up\", cite: 试算}\n")
	statistics := map[string]any{}
	for _, s := range in.symbols {
		statistics[s.Name] = map[string]string{"id": s.ID, "unit": unitWord(s.Unit), "from": "试算"}
	}
	marks := map[string]any{}
	for _, m := range benchmarks {
		marks[m.name] = map[string]string{"id": m.id, "take": m.take, "cite": "试算"}
	}
	parts := []struct {
		key   string
		value any
	}{
		{"statistics", statistics}, {"benchmarks", marks},
		{"metrics", map[string]any{metricName: map[string]string{"id": metricID, "formula": q.Formula, "unit": unitWordOf(shown), "cite": "试算"}}},
	}
	if q.Full == "" {
		parts = append(parts, struct {
			key   string
			value any
		}{"ranking", map[string]any{"by": metricName, "order": "descending", "within": "peer group", "ties": "share the better rank", "cite": "试算"}})
	} else {
		parts = append(parts, struct {
			key   string
			value any
		}{"total", map[string]any{"full_points": plainNumber(q.Full), "cite": "试算"}}, struct {
			key   string
			value any
		}{"sections", scored(q)})
	}
	for _, p := range parts {
		out, err := yaml.Marshal(map[string]any{p.key: p.value})
		if err != nil {
			return "", err
		}
		b.Write(out)
	}
	return b.String(), nil
}

// scored is the only section of the made pack.
func scored(q Question) any {
	return []any{map[string]any{"section": "试算", "id": "section", "full_points": plainNumber(q.Full), "cite": "试算", "indicators": []any{map[string]any{
		"indicator": itemName, "id": itemID, "full_points": plainNumber(q.Full), "metric": metricName, "cite": "试算",
		"score":               map[string]any{"full_points_at": plainNumber(q.FullAt), "no_points_at": plainNumber(q.NoneAt), "better": better(q)},
		"if_denominator_zero": "leave out", "if_missing": "hold",
	}}}}
}

// better says which end is the good one where the ends are figures; a pack must
// say so where they come from the data.
func better(q Question) string {
	full, errFull := unit.ParseQuantity(q.FullAt)
	none, errNone := unit.ParseQuantity(q.NoneAt)
	if errFull == nil && errNone == nil && full.Value.Cmp(none.Value) > 0 {
		return "higher"
	}
	if errFull != nil && errNone == nil { // full points at a multiple of a benchmark: judged by the plain end
		return betterThan(none.Value)
	}
	return "lower"
}

// betterThan: where no points are given at zero or below, more is better.
func betterThan(none exact.Num) string {
	if none.Sign() <= 0 {
		return "higher"
	}
	return "lower"
}

// plainNumber writes a number so that YAML takes it for one, everything else as it is.
func plainNumber(s string) any {
	var n yaml.Node
	if yaml.Unmarshal([]byte(s), &n) == nil && len(n.Content) == 1 && (n.Content[0].Tag == "!!int" || n.Content[0].Tag == "!!float") {
		return n.Content[0]
	}
	return s
}

// unitWord is how a pack writes a unit; a bare number is "1".
func unitWord(u unit.Unit) string { return unitWordOf(u.String()) }

func unitWordOf(s string) string {
	if s == "" {
		return "1"
	}
	return s
}
