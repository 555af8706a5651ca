package reports

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// How ratings, consequences, findings and penalties stand in CSV and JSON.

// csvOutcomeHeader are the columns behind the points; none if the pack has no
// such rules.
func (d *Document) csvOutcomeHeader() []cell {
	var out []cell
	for _, c := range d.outcomeColumns() {
		out = append(out, textCell(c.title))
		if c.title == d.say("计算等级", "computed rating") {
			out = append(out, textCell(d.say("等级调整", "changes of the rating")))
		}
	}
	return out
}

func (d *Document) csvOutcome(c *engine.Scorecard) []cell {
	cells := d.outcomeCells(c)
	if !d.rates() {
		return cells
	}
	behind := 2 // the ratings, and before them whether the subject is on the published list
	if d.Pack.Ranking.Top > 0 {
		behind++
	}
	return slices.Insert(cells, behind, textCell(d.stepsText(c)))
}

// csvOutcomeRows are the rows of a scorecard's table about its rating, what follows,
// and what was found: the kind says which.
func (v *cardView) csvOutcomeRows() [][]cell {
	var out [][]cell
	add := func(kind, item, name, state, value, unit, reason string) {
		out = append(out, append(v.csvFact(kind, item, name, state, value, unit, reason), v.marks()...))
	}
	if v.rates() {
		add(v.say("计算等级", "computed rating"), "computed_rating", v.say("计算等级", "computed rating"), "", orDash(v.card.ComputedRating), "", v.in(v.card.RatingReason))
		for _, s := range v.card.RatingSteps {
			add(v.say("等级调整", "change of the rating"), "rating_step", s.From+"→"+s.To, "", s.To, "", v.in(s.Reason))
		}
		add(v.say("等级", "rating"), "rating", v.say("等级", "rating"), "", orDash(v.card.Rating), "", "")
	}
	for _, q := range v.card.Consequences {
		add(v.say("结果运用", "consequence"), "consequence", q.Name, "", "", "", q.Measure)
	}
	found, fined := v.FindingsAbout(v.card)
	for _, f := range found {
		add(v.kindOfFinding(f), f.Rule, f.Name, StateText(f, v.Lang), v.list(f.Records), "", v.in(f.Reason))
	}
	for _, f := range fined {
		amount, unit := "", ""
		if f.Amount != nil {
			amount, unit = amountCell(f.Amount).number, "元"
		}
		state := ""
		if f.State != "" {
			state = StateText(f, v.Lang)
		}
		add(v.kindOfFinding(f), f.Rule, f.Name, state, amount, unit, v.in(f.Reason))
	}
	return out
}

// csvFact is a row that is no line of the scorecard.
func (v *cardView) csvFact(kind, item, name, state, value, unit, reason string) []cell {
	return texts(v.Result.Period.String(), v.groupTitle(v.card.PeerGroup), v.card.Subject, v.card.Name, kind, item, name, "", "",
		value, unit, "", "", "", state, "", "", reason)
}

type ratingJSON struct {
	Final    string     `json:"final,omitempty"`
	Computed string     `json:"computed,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Steps    []stepJSON `json:"steps,omitempty"`
}

type stepJSON struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Reason string `json:"reason"`
	Cite   string `json:"cite,omitempty"`
}

type findingJSON struct {
	Kind     string     `json:"kind"`
	Rule     string     `json:"rule"`
	Name     string     `json:"name"`
	State    string     `json:"state,omitempty"`
	Subject  string     `json:"subject,omitempty"`
	Records  []string   `json:"records,omitempty"`
	Due      string     `json:"due,omitempty"`
	DaysLate *exact.Num `json:"days_late,omitempty"`
	Relation string     `json:"relation,omitempty"`
	Person   string     `json:"person,omitempty"`
	Named    string     `json:"named,omitempty"`
	Unit     string     `json:"unit,omitempty"`
	Measure  string     `json:"measure,omitempty"`
	Yuan     *exact.Num `json:"amount_yuan,omitempty"`
	Reason   string     `json:"reason"`
	Cite     string     `json:"cite,omitempty"`
}

// jsonRating is nil if the pack gives no ratings.
func (d *Document) jsonRating(c *engine.Scorecard) *ratingJSON {
	if !d.rates() || c.Status == engine.NotAssessed {
		return nil
	}
	out := &ratingJSON{Final: c.Rating, Computed: c.ComputedRating, Reason: d.in(c.RatingReason)}
	for _, s := range c.RatingSteps {
		out.Steps = append(out.Steps, stepJSON{s.From, s.To, d.in(s.Reason), s.Cite})
	}
	return out
}

func (d *Document) jsonFindings(list []*engine.Finding) []findingJSON {
	var out []findingJSON
	for _, f := range list {
		out = append(out, findingJSON{
			Kind: string(f.Kind), Rule: f.Rule, Name: f.Name, State: string(f.State), Subject: f.Subject, Records: f.Records, Due: f.Due, DaysLate: f.Late,
			Relation: f.Relation, Person: f.Person, Named: f.Named, Unit: f.Unit, Measure: f.Measure, Yuan: f.Amount, Reason: d.in(f.Reason), Cite: f.Cite,
		})
	}
	return out
}

// jsonOutcome adds what was found about the cards, and what the result rests on.
func (d *Document) jsonOutcome(j *documentJSON, cards []*engine.Scorecard, shared bool) *documentJSON {
	found, fined := d.findingsOf(cards, shared)
	j.Findings, j.Penalties = d.jsonFindings(found), d.jsonFindings(fined)
	j.Past, j.OutOfDate = d.Result.Past, d.allIn(d.OutOfDate)
	return j
}
