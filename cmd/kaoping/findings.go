package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/reports"
)

// findingsCommand lists what the rules about records found, penalties apart.
func (a *app) findingsCommand() *cobra.Command {
	var packName, periodText, subject string
	cmd := &cobra.Command{
		Use:   "findings",
		Short: a.t("列出一期发现的问题:超时、可疑信号、抽查不足", "list what was found in a period: late cases, red flags, samples too small"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withRun(packName, periodText, func(s *assessment, _ *reports.Document) error {
				return a.writeFindings(s, a.chosen(s, subject, func(f *engine.Finding) bool { return f.Kind != engine.PenaltyFinding }))
			})
		},
	}
	a.storedFlags(cmd, &packName, &periodText)
	cmd.Flags().StringVar(&subject, "subject", "", a.t("只列一个机构的编码", "the code of one subject only"))
	return cmd
}

// penaltyCommand lists the penalties of a period with the sum for each person.
func (a *app) penaltyCommand() *cobra.Command {
	var packName, periodText, subject string
	cmd := &cobra.Command{
		Use:   "penalty",
		Short: a.t("列出一期的处罚及每人合计", "list the penalties of a period and the sum for each person"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withRun(packName, periodText, func(s *assessment, _ *reports.Document) error {
				return a.writePenalties(s, a.chosen(s, subject, func(f *engine.Finding) bool {
					return f.Kind == engine.PenaltyFinding || f.Kind == engine.GapFinding && penaltyRegister(s.pack, f.Register)
				}))
			})
		},
	}
	a.storedFlags(cmd, &packName, &periodText)
	cmd.Flags().StringVar(&subject, "subject", "", a.t("只列一个机构的编码", "the code of one subject only"))
	return cmd
}

// penaltyRegister reports whether penalties look at the register: where it was not
// delivered, nobody knows what there should be.
func penaltyRegister(p *engine.Pack, register string) bool {
	for i := range p.Records.Penalties {
		if p.Records.Penalties[i].Register == register {
			return true
		}
	}
	return false
}

// chosen picks findings of a run.
func (a *app) chosen(s *assessment, subject string, want func(*engine.Finding) bool) []engine.Finding {
	out := []engine.Finding{}
	for i := range s.result.Findings {
		if f := &s.result.Findings[i]; want(f) && (subject == "" || f.Subject == subject) {
			out = append(out, *f)
		}
	}
	return out
}

func (a *app) writeFindings(s *assessment, list []engine.Finding) error {
	headings := []string{a.t("规则", "rule"), a.t("情况", "state"), a.t("机构", "subject"), a.t("记录", "records"), a.t("截止", "due"), a.t("说明", "reason"), a.t("依据", "clause")}
	row := func(f *engine.Finding) []string {
		return []string{f.Name, reports.StateText(f, a.lang), f.Subject, strings.Join(f.Records, ", "), f.Due, f.Reason.In(a.lang), f.Cite}
	}
	return a.writeList(s, headings, row, list)
}

func (a *app) writePenalties(s *assessment, list []engine.Finding) error {
	headings := []string{a.t("规则", "rule"), a.t("机构", "subject"), a.t("记录", "record"), a.t("关系", "relation"), a.t("工号", "person"), a.t("姓名", "name"), a.t("处理", "measure"), a.t("金额(元)", "amount (yuan)"), a.t("说明", "reason"), a.t("依据", "clause")}
	row := func(f *engine.Finding) []string {
		return []string{f.Name, f.Subject, strings.Join(f.Records, ", "), f.Relation, f.Person, f.Named, f.Measure, amountText(f.Amount), f.Reason.In(a.lang), f.Cite}
	}
	if err := a.writeList(s, headings, row, list); err != nil {
		return err
	}
	if a.format == "" || a.format == "table" {
		a.printSums(list)
	}
	return nil
}

// amountText writes an amount with all its decimals, at least as far as the fen.
func amountText(n *exact.Num) string {
	if n == nil {
		return ""
	}
	if n.Round(2, exact.HalfUp).Equal(*n) {
		return n.Decimal(2, exact.HalfUp)
	}
	return n.Shortest(6)
}

// writeList writes findings in the format asked for.
func (a *app) writeList(s *assessment, headings []string, row func(*engine.Finding) []string, list []engine.Finding) error {
	switch a.format {
	case "", "table":
		a.printList(s, headings, row, list)
		return nil
	case "csv":
		return writeRows(a.stdout, headings, row, list)
	case "json":
		w := json.NewEncoder(a.stdout)
		w.SetEscapeHTML(false)
		w.SetIndent("", "  ")
		return w.Encode(list)
	}
	return a.unknownFormat("table, csv, json")
}

func (a *app) printList(s *assessment, headings []string, row func(*engine.Finding) []string, list []engine.Finding) {
	fmt.Fprintf(a.stdout, "%s · %s\n", s.pack.Title.In(a.lang), s.result.Period.Title().In(a.lang))
	if len(list) == 0 {
		fmt.Fprintln(a.stdout, a.t("没有发现。", "nothing was found."))
		return
	}
	heads := make([]any, len(headings))
	for i, h := range headings {
		heads[i] = h
	}
	t := a.newTable(heads...)
	for i := range list {
		cells := table.Row{}
		for _, c := range row(&list[i]) {
			cells = append(cells, c)
		}
		t.AppendRow(cells)
	}
	t.Render()
	fmt.Fprintf(a.stdout, a.t("共 %d 条\n", "%d in all\n"), len(list))
}

// writeRows writes CSV that spreadsheets open as UTF-8. A cell that a spreadsheet
// would take for a formula is written as a text.
func writeRows(w io.Writer, headings []string, row func(*engine.Finding) []string, list []engine.Finding) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(headings); err != nil {
		return err
	}
	for i := range list {
		cells := row(&list[i])
		for at, c := range cells {
			cells[at] = plainCell(c)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// plainCell is a cell that no spreadsheet takes for a formula.
func plainCell(c string) string {
	if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
		return "'" + c
	}
	return c
}

// printSums adds up what each person has to pay, in the order in which they come.
// What is owed by nobody yet is named apart.
func (a *app) printSums(list []engine.Finding) {
	var order []string
	sums, names := map[string]exact.Num{}, map[string]string{}
	open := 0
	for i := range list {
		f := &list[i]
		if f.State == engine.Unknown {
			open++
		}
		if f.Amount == nil || f.Person == "" {
			continue
		}
		if _, seen := sums[f.Person]; !seen {
			order, names[f.Person] = append(order, f.Person), f.Named
		}
		sums[f.Person] = sums[f.Person].Add(*f.Amount)
	}
	for _, person := range order {
		sum := sums[person]
		fmt.Fprintf(a.stdout, a.t("%s %s 合计 %s 元\n", "%s %s %s yuan in all\n"), person, names[person], amountText(&sum))
	}
	if open > 0 {
		fmt.Fprintf(a.stdout, a.t("另有 %d 条不能判断对谁或罚多少,见说明。\n", "of %d it is not known on whom or how much, see the reasons.\n"), open)
	}
}
