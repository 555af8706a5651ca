package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"kaoping/engine/exact"
	"kaoping/internal/assess"
	"kaoping/rules/impact"
)

func (a *app) impactCommand() *cobra.Command {
	var packName, periodText string
	cmd := &cobra.Command{
		Use:   "impact DRAFT",
		Short: a.t("用真实的往期数据看一份草稿的影响:各家的分数、名次及变动的原因", "what a draft does to real past results: points, ranks and what caused each move"),
		Long: a.t(`草稿是一个规则文件、一个只有一个版本的目录,或“规则包:版本”。
按所选期间已存运行的数据,用当时的规则和草稿各算一遍,逐家列出分数、名次和等级,并逐项列出变动及其原因;各原因之和恰为总变动。
不写入任何结果。`,
			`DRAFT is a rule file, a folder with one edition, or PACK:EDITION.
The stored run of the period is set against the draft on the data of that run: points, ranks and ratings of every subject, and what caused each move; the causes add up to it exactly.
Nothing is stored.`),
		Args: a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return a.impact(args[0], packName, periodText) },
	}
	a.storedFlags(cmd, &packName, &periodText)
	return cmd
}

func (a *app) impact(draft, packName, periodText string) error {
	after, err := a.edition(draft)
	if err != nil {
		return err
	}
	_, db, period, err := a.begin(periodText)
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := a.reopen(db, packName, period, a.revision)
	if err != nil {
		return err
	}
	x, err := assess.Impact(a.ctx, db, &assess.Assessment{Run: s.run, Pack: s.pack, Result: s.result, Facts: s.facts, Evaluation: s.evaluation}, after)
	if err != nil {
		return err
	}
	switch a.format {
	case "", "text":
		return a.writeImpact(x)
	case "json":
		return a.writeJSON(x)
	}
	return a.unknownFormat("text, json")
}

func (a *app) writeImpact(x *impact.Impact) error {
	fmt.Fprintf(a.stdout, "%s %s: %s (%s) → %s (%s)\n", x.Pack, x.Period, x.Before.Edition, short(x.Before.Hash), x.After.Edition, short(x.After.Hash))
	for i, c := range x.Causes {
		fmt.Fprintf(a.stdout, "[%d] %s\n", i+1, c.Title().In(a.lang))
		for _, change := range c.Changes {
			fmt.Fprintf(a.stdout, "    %s\n", change.Text.In(a.lang))
		}
	}
	for _, l := range x.Lacking {
		fmt.Fprintf(a.stdout, a.t("没有数据:%s“%s”\n", "no data at all: %s “%s”\n"), l.Noun.In(a.lang), l.Name)
	}
	for i := range x.Groups {
		a.writeImpactGroup(x, &x.Groups[i])
	}
	return nil
}

func (a *app) writeImpactGroup(x *impact.Impact, g *impact.Group) {
	fmt.Fprintf(a.stdout, a.t("\n%s:变动 %d 家,名次变动 %d 家,等级变动 %d 家\n", "\n%s: %d moved, %d changed rank, %d changed rating\n"),
		g.Title.In(a.lang), g.Moved, g.Ranks, g.Crossings.Any())
	t := a.newTable(a.t("公司", "subject"), a.t("现行", "before"), a.t("草稿", "after"), a.t("变动", "move"),
		a.t("名次", "rank"), a.t("等级", "rating"), a.t("原因", "because"))
	for i := range x.Subjects {
		s := &x.Subjects[i]
		if s.PeerGroup != g.ID {
			continue
		}
		t.AppendRow(table.Row{
			s.Name, a.standing(s.Before), a.standing(s.After), a.move(s.Move),
			arrow(ordinal(s.Before.Rank), ordinal(s.After.Rank)), arrow(s.Before.Rating, s.After.Rating), a.because(s),
		})
	}
	t.Render()
}

func (a *app) standing(s impact.Standing) string {
	if s.Value == nil {
		return s.Reason.In(a.lang)
	}
	return plainly(*s.Value)
}

func (a *app) move(n *exact.Num) string {
	if n == nil {
		return ""
	}
	return signed(*n)
}

// because lists the lines that moved with the numbers of their causes.
func (a *app) because(s *impact.Subject) string {
	var lines []string
	for _, it := range s.Items {
		for _, share := range it.Because {
			var causes []string
			for _, c := range share.Causes {
				causes = append(causes, strconv.Itoa(c+1))
			}
			lines = append(lines, fmt.Sprintf("%s %s [%s]", it.Name, signed(share.Move), strings.Join(causes, ",")))
		}
	}
	return strings.Join(lines, "\n")
}

func plainly(n exact.Num) string { return n.Shortest(4) }

func signed(n exact.Num) string {
	if n.Sign() > 0 {
		return "+" + plainly(n)
	}
	return plainly(n)
}

func ordinal(rank int) string {
	if rank == 0 {
		return "—"
	}
	return strconv.Itoa(rank)
}

func arrow(before, after string) string {
	if before == after {
		return before
	}
	return before + " → " + after
}
