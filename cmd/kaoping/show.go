package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/reports"
)

func (a *app) rankCommand() *cobra.Command {
	var packName, periodText, group string
	cmd := &cobra.Command{
		Use:   "rank",
		Short: a.t("列出一期的排名", "list the ranking of a period"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withRun(packName, periodText, func(s *assessment, d *reports.Document) error {
				return a.writeRanking(s, d, group)
			})
		},
	}
	a.storedFlags(cmd, &packName, &periodText)
	cmd.Flags().StringVar(&group, "group", "", a.t("只列一个同业组", "one peer group only"))
	return cmd
}

func (a *app) showCommand() *cobra.Command {
	var packName, periodText, subject string
	cmd := &cobra.Command{
		Use:   "show",
		Short: a.t("显示一家公司的评分卡", "show the scorecard of one subject"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withRun(packName, periodText, func(s *assessment, d *reports.Document) error {
				card, err := s.findCard(subject)
				if err != nil {
					return err
				}
				switch a.format {
				case "", "table":
					return a.printCard(s, d, card)
				case "csv", "json", "html":
					return reports.WriteScorecard(a.stdout, d, card.Subject, a.format)
				}
				return a.unknownFormat("table, csv, json, html")
			})
		},
	}
	a.storedFlags(cmd, &packName, &periodText)
	cmd.Flags().StringVar(&subject, "subject", "", a.t("公司编码或名称", "code or name of the subject"))
	cmd.MarkFlagRequired("subject")
	return cmd
}

// withRun opens a stored run for a command that reads it.
func (a *app) withRun(packName, periodText string, use func(*assessment, *reports.Document) error) error {
	config, db, period, err := a.begin(periodText)
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := a.reopen(db, packName, period, a.revision)
	if err != nil {
		return err
	}
	d, err := a.document(db, s, config)
	if err != nil {
		return err
	}
	return use(s, d)
}

func (a *app) writeRanking(s *assessment, d *reports.Document, group string) error {
	if err := a.needGroup(s, group); err != nil {
		return err
	}
	switch a.format {
	case "", "table":
		a.printOutdated(s)
		return a.printRanking(s.pack, s.result, group)
	case "csv", "json":
		for _, g := range groupsOf(s.pack, s.result) {
			if group != "" && g.ID != group {
				continue
			}
			if err := reports.WriteRanking(a.stdout, d, g.ID, a.format); err != nil {
				return err
			}
		}
		return nil
	}
	return a.unknownFormat("table, csv, json")
}

// needGroup refuses a peer group that nobody of this period is in.
func (a *app) needGroup(s *assessment, group string) error {
	var known []string
	for _, g := range groupsOf(s.pack, s.result) {
		if group == "" || g.ID == group {
			return nil
		}
		known = append(known, fmt.Sprintf("%s (%s)", g.ID, g.Title.In(a.lang)))
	}
	if group == "" {
		return nil
	}
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("这一期没有同业组“%s”;有:%s。", group, strings.Join(known, "、")),
		EN: fmt.Sprintf("there is no peer group %q in this period; there are: %s.", group, strings.Join(known, ", ")),
	})
}

func (a *app) unknownFormat(known string) error {
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("--format %q 不支持;可用:%s。", a.format, known),
		EN: fmt.Sprintf("--format %q is not known here; there are: %s.", a.format, known),
	})
}

// groupsOf lists the peer groups that have scorecards, in the pack's order.
func groupsOf(pack *engine.Pack, result *engine.Result) []engine.PeerGroup {
	present := map[string]bool{}
	for _, card := range result.Scorecards {
		present[card.PeerGroup] = true
	}
	var groups []engine.PeerGroup
	for _, g := range pack.PeerGroups {
		if present[g.ID] {
			groups = append(groups, g)
		}
	}
	return groups
}

// shownGaps is how many reasons are printed for one subject.
const shownGaps = 3

// gaps says what keeps a subject from a total: the reasons of the lines where
// it began, not of the sums above them.
func (a *app) gaps(card *engine.Scorecard) string {
	var reasons []string
	for i := range card.Lines {
		l := &card.Lines[i]
		began := l.Kind != engine.TotalItem && l.Kind != engine.SectionItem && l.Kind != engine.GroupItem
		stuck := l.Status == engine.Held || l.Status == engine.NotComputable
		if reason := l.Reason.In(a.lang); began && stuck && !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	switch {
	case len(reasons) == 0:
		return card.Reason.In(a.lang)
	case len(reasons) > shownGaps:
		more := fmt.Sprintf(a.t("等 %d 处", "%d in all"), len(reasons))
		reasons = append(reasons[:shownGaps], more)
	}
	return strings.Join(reasons, a.t(";", "; "))
}

// findCard finds a scorecard by code, name or short name, among those left out
// too, so that the answer to "why is it not there" is its reason.
func (s *assessment) findCard(subject string) (*engine.Scorecard, error) {
	for _, entry := range s.facts.Subjects {
		if entry.ShortName == subject {
			subject = entry.Code
		}
	}
	for _, cards := range [][]engine.Scorecard{s.result.Scorecards, s.result.Excluded} {
		for i := range cards {
			if cards[i].Subject == subject || cards[i].Name == subject {
				return &cards[i], nil
			}
		}
	}
	return nil, fail(exitConflict, engine.Text{
		ZH: fmt.Sprintf("这一期没有“%s”;kaoping rank 列出全部公司。", subject),
		EN: fmt.Sprintf("there is no %q in this period; kaoping rank lists all subjects.", subject),
	})
}

// newTable is a plain table whose Chinese columns line up.
func (a *app) newTable(headings ...any) table.Writer {
	t := table.NewWriter()
	t.SetOutputMirror(a.stdout)
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	t.AppendHeader(table.Row(headings))
	return t
}

func alignRight(t table.Writer, columns ...int) {
	configs := make([]table.ColumnConfig, len(columns))
	for i, n := range columns {
		configs[i] = table.ColumnConfig{Number: n, Align: text.AlignRight, AlignHeader: text.AlignRight}
	}
	t.SetColumnConfigs(configs)
}

// printRanking prints one table for each peer group.
func (a *app) printRanking(pack *engine.Pack, result *engine.Result, group string) error {
	return a.printRankings(pack, result, group, 0)
}

// printRankings prints the first rows of each peer group's table; 0 prints all.
func (a *app) printRankings(pack *engine.Pack, result *engine.Result, group string, top int) error {
	for _, g := range groupsOf(pack, result) {
		if group != "" && g.ID != group {
			continue
		}
		fmt.Fprintf(a.stdout, "\n%s · %s · %s\n", pack.Title.In(a.lang), g.Title.In(a.lang), result.Period.Title().In(a.lang))
		rows, left := a.rankingTable(pack, result, g.ID, top)
		rows.Render()
		if left > 0 {
			fmt.Fprintf(a.stdout, a.t("… 还有 %d 家\n", "… and %d more\n"), left)
		}
		a.printGaps(result, g.ID)
	}
	return nil
}

// printGaps says why subjects have no rank, a line for each reason.
func (a *app) printGaps(result *engine.Result, group string) {
	var reasons []string
	codes := map[string][]string{}
	for i := range result.Scorecards {
		card := &result.Scorecards[i]
		if card.PeerGroup != group || card.Rank > 0 {
			continue
		}
		reason := a.gaps(card)
		if codes[reason] == nil {
			reasons = append(reasons, reason)
		}
		codes[reason] = append(codes[reason], card.Subject)
	}
	for _, reason := range reasons {
		fmt.Fprintf(a.stdout, "— %s: %s\n", strings.Join(codes[reason], a.t("、", ", ")), reason)
	}
}

// rankingTable makes the table of a peer group, and says how many rows it left
// out.
func (a *app) rankingTable(pack *engine.Pack, result *engine.Result, group string, top int) (t table.Writer, left int) {
	headings := []any{a.t("名次", "rank"), a.t("编码", "code"), a.t("公司", "subject")}
	if pack.Total != nil {
		headings = append(headings, a.t("总分", "total"))
		for _, s := range pack.Sections {
			headings = append(headings, s.Name)
		}
		headings = append(headings, a.t("扣分", "deductions"))
	} else {
		headings = append(headings, pack.Ranking.By.Name)
	}
	outcome := reports.OutcomeColumns(pack, a.lang)
	for _, heading := range outcome {
		headings = append(headings, heading)
	}
	t = a.newTable(headings...)
	right := []int{1}
	for i := 4; i <= len(headings)-len(outcome); i++ {
		right = append(right, i)
	}
	alignRight(t, right...)
	for i := range result.Scorecards {
		card := &result.Scorecards[i]
		if card.PeerGroup != group {
			continue
		}
		if top > 0 && t.Length() >= top {
			left++
			continue
		}
		tableRow := a.rankingRow(pack, card)
		for _, text := range reports.OutcomeTexts(pack, result, card, a.lang) {
			tableRow = append(tableRow, text)
		}
		t.AppendRow(tableRow)
	}
	return t, left
}

func (a *app) rankingRow(pack *engine.Pack, card *engine.Scorecard) table.Row {
	row := table.Row{reports.RankText(card, a.lang), card.Subject, card.Name}
	if pack.Total == nil {
		return append(row, reports.RankValue(pack, card, a.lang))
	}
	row = append(row, a.lineText(pack, card, "total"))
	for _, s := range pack.Sections {
		row = append(row, a.lineText(pack, card, s.ID))
	}
	return append(row, reports.DeductionsText(pack, card))
}

func (a *app) lineText(pack *engine.Pack, card *engine.Scorecard, item string) string {
	line, ok := card.Line(item)
	if !ok {
		return ""
	}
	return reports.PointsText(pack, line, a.lang)
}

// printScorecard prints every line with its value, points and reason.
func (a *app) printScorecard(pack *engine.Pack, card *engine.Scorecard) error {
	fmt.Fprintf(a.stdout, "%s · %s(%s)\n", pack.Title.In(a.lang), card.Name, card.Subject)
	if card.Status == engine.NotAssessed {
		fmt.Fprintln(a.stdout, card.Reason.In(a.lang))
		return nil
	}
	t := a.newTable(a.t("指标", "item"), a.t("分值", "full"), a.t("指标值", "value"), a.t("得分", "points"), a.t("说明", "reason"))
	alignRight(t, 2, 3, 4)
	for i := range card.Lines {
		line := &card.Lines[i]
		t.AppendRow(table.Row{
			strings.Repeat("  ", min(card.Depth(line), 8)) + a.lineName(line),
			reports.FullPointsText(pack, line), reports.MetricText(pack, line, a.lang),
			reports.PointsText(pack, line, a.lang), line.Reason.In(a.lang),
		})
	}
	t.Render()
	if card.Rank > 0 {
		fmt.Fprintf(a.stdout, a.t("名次 %s / %d\n", "rank %s of %d\n"), reports.RankText(card, a.lang), card.Of)
	}
	for _, note := range card.Notes {
		fmt.Fprintln(a.stdout, note.In(a.lang))
	}
	return nil
}

// lineName names a line; the total is the one line that no pack names.
func (a *app) lineName(line *engine.Line) string {
	if line.Kind == engine.TotalItem {
		return a.t("总分", "total")
	}
	return line.Name
}
