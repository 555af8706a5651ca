package reports

import (
	"fmt"
	"strings"

	"kaoping/engine"
)

// outcomeColumns are the columns of the published list, of ratings and what
// follows, for lists of subjects; none if the pack has none of them.
func (d *Document) outcomeColumns() []column {
	var out []column
	if d.Pack.Ranking.Top > 0 {
		out = append(out, column{title: fmt.Sprintf(d.say("公布名单(前%d名)", "published (first %d)"), d.Pack.Ranking.Top), width: 9, center: true})
	}
	if d.rates() {
		out = append(out,
			column{title: d.say("等级", "rating"), width: 10, center: true},
			column{title: d.say("计算等级", "computed rating"), width: 10, center: true})
	}
	if d.draws() {
		out = append(out, column{title: d.say("结果运用", "consequences"), width: 16})
	}
	if d.finds() {
		out = append(out, column{title: d.say("发现问题(条)", "findings"), width: 9, right: true})
	}
	if d.fines() {
		out = append(out, column{title: d.say("处罚(条)", "penalties"), width: 8, right: true}, column{title: d.say("处罚金额(元)", "fined (yuan)"), width: 11, right: true})
	}
	return out
}

func (d *Document) outcomeCells(c *engine.Scorecard) []cell {
	var out []cell
	if d.Pack.Ranking.Top > 0 {
		listed := ""
		if d.Pack.Ranking.Lists(c) {
			listed = d.say("是", "yes")
		}
		out = append(out, textCell(listed))
	}
	if d.rates() {
		out = append(out, textCell(orDash(c.Rating)), textCell(orDash(c.ComputedRating)))
	}
	if d.draws() {
		out = append(out, textCell(ConsequencesText(c, d.Lang)))
	}
	found, fined := d.FindingsAbout(c)
	if d.finds() {
		out = append(out, countCell(len(found)))
	}
	if d.fines() {
		out = append(out, countCell(len(fined)), amountCell(sumOf(fined)))
	}
	return out
}

// ratingPart is the rating in the line that sums a card up; empty if the pack
// gives none.
func (d *Document) ratingPart(c *engine.Scorecard) []string {
	if !d.rates() {
		return nil
	}
	return []string{d.say("等级 ", "rating ") + RatingText(c, d.Lang)}
}

// ratingNotes say on the form how the rating came about, what follows, and how
// much was found.
func (d *Document) ratingNotes(c *engine.Scorecard) []string {
	var out []string
	if d.rates() || d.draws() {
		for _, t := range c.RatingText() {
			out = append(out, d.say("等级与运用:", "Rating: ")+d.in(t))
		}
	}
	found, fined := d.FindingsAbout(c)
	if d.finds() && len(found) > 0 {
		out = append(out, fmt.Sprintf(d.say("发现问题%d条,见“发现问题”。", "Findings: %d, see “Findings”."), len(found)))
	}
	if d.fines() && len(fined) > 0 {
		out = append(out, fmt.Sprintf(d.say("处罚%d条,见“处罚”。", "Penalties: %d, see “Penalties”."), len(fined)))
	}
	return out
}

// staleLines warn above a form that what it rests on was computed again since.
func (d *Document) staleLines() []headLine {
	var out []headLine
	for _, t := range d.OutOfDate {
		out = append(out, headLine{text: d.in(t), banner: true})
	}
	return out
}

// aboutPast lists the stored results that this one rests on.
func (d *Document) aboutPast() []row {
	var r []row
	for _, use := range d.Result.Past {
		name := d.bracket(use.Pack, use.Period.String())
		text := d.in(use.Text())
		if !use.Missing() {
			text += d.say(";摘要 ", "; digest ") + use.Digest
		}
		r = fact(r, name, text)
	}
	for _, t := range d.OutOfDate {
		r = fact(r, d.say("状态", "state"), d.in(t))
	}
	return r
}

// stepsText is every change of a rating in one cell.
func (d *Document) stepsText(c *engine.Scorecard) string {
	var out []string
	for _, s := range c.RatingSteps {
		out = append(out, s.From+"→"+s.To+d.say(":", ": ")+d.in(s.Reason))
	}
	return strings.Join(out, d.say(";", "; "))
}

// FindingsAbout lists what rules about single cases found about the subject of a
// card and the units counted with it: findings, and penalties. Findings about
// several subjects at once are not among them.
func (d *Document) FindingsAbout(c *engine.Scorecard) (found, fined []*engine.Finding) {
	return d.findingsOf([]*engine.Scorecard{c}, false)
}

// OutcomeColumns are the headings of what a ranking shows beside points: ratings,
// consequences, findings, penalties; none if the pack has none of them.
func OutcomeColumns(p *engine.Pack, lang engine.Lang) []string {
	d := &Document{Pack: p, Lang: lang}
	var out []string
	for _, c := range d.outcomeColumns() {
		out = append(out, c.title)
	}
	return out
}

// OutcomeTexts are the texts under OutcomeColumns for one scorecard.
func OutcomeTexts(p *engine.Pack, result *engine.Result, c *engine.Scorecard, lang engine.Lang) []string {
	d := &Document{Pack: p, Result: result, Lang: lang}
	var out []string
	for _, c := range d.outcomeCells(c) {
		out = append(out, c.text)
	}
	return out
}
