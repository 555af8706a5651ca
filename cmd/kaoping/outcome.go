package main

import (
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"kaoping/engine"
	"kaoping/reports"
)

// printCard prints a scorecard with all that belongs to it: the rating and how it
// came about, what follows, what was found, penalties, and what it rests on.
func (a *app) printCard(s *assessment, d *reports.Document, card *engine.Scorecard) error {
	a.printOutdated(s)
	if err := a.printScorecard(s.pack, card); err != nil || card.Status == engine.NotAssessed {
		return err
	}
	if s.pack.Ratings != nil {
		fmt.Fprintf(a.stdout, a.t("等级 %s\n", "rating %s\n"), reports.RatingText(card, a.lang))
	}
	for _, t := range card.RatingText() {
		fmt.Fprintf(a.stdout, "  %s\n", t.In(a.lang))
	}
	found, fined := d.FindingsAbout(card)
	a.printAbout(a.t("发现问题", "findings"), found, func(f *engine.Finding) string {
		return strings.TrimSpace(reports.StateText(f, a.lang) + " " + f.Due)
	})
	a.printAbout(a.t("处罚", "penalties"), fined, func(f *engine.Finding) string {
		return strings.TrimSpace(strings.Join([]string{f.Person, f.Named, f.Measure, amountText(f.Amount)}, " "))
	})
	for _, use := range s.result.Past {
		fmt.Fprintln(a.stdout, use.Text().In(a.lang))
	}
	return nil
}

// printOutdated says that what a result rests on was computed again since.
func (a *app) printOutdated(s *assessment) {
	for _, t := range s.outdated {
		fmt.Fprintln(a.stdout, t.In(a.lang))
	}
}

// printAbout lists findings about one subject.
func (a *app) printAbout(title string, list []*engine.Finding, what func(*engine.Finding) string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(a.stdout, title)
	t := a.newTable(a.t("规则", "rule"), a.t("记录", "records"), a.t("情况", "state"), a.t("说明", "reason"), a.t("依据", "clause"))
	for _, f := range list {
		t.AppendRow(table.Row{f.Name, strings.Join(f.Records, ", "), what(f), f.Reason.In(a.lang), f.Cite})
	}
	t.Render()
}
