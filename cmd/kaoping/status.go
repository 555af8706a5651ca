package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/internal/desk"
)

// statusCommand says how fresh and how complete the data of a period are.
func (a *app) statusCommand() *cobra.Command {
	var packName, periodText, asOf, subject string
	var all bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: a.t("数据到齐没有:各机构、各数据、各期间的时效和缺项,由谁报送", "what has arrived: freshness and gaps by subject, feed and period, and who should send what is missing"),
		Args:  a.args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return a.withDesk(packName, periodText, func(c Config, d *desk.Desk, pack *engine.Pack, period engine.Period) error {
				at, err := a.asOf(asOf, c)
				if err != nil {
					return err
				}
				s, err := d.Status(a.ctx, pack, period, at, c.sources)
				if err != nil {
					return err
				}
				return a.writeStatus(d, s, subject, all)
			})
		},
	}
	a.packFlag(cmd, &packName)
	a.periodFlag(cmd, &periodText)
	cmd.Flags().StringVar(&asOf, "as-of", "", a.t("截至何时的数据,默认现在", "data up to this instant (default now)"))
	cmd.Flags().StringVar(&subject, "subject", "", a.t("只列一个机构的编码", "the code of one subject only"))
	cmd.Flags().BoolVar(&all, "all", false, a.t("也列出已到齐的", "also what is complete"))
	return cmd
}

// withDesk opens the workspace for a pack and a period.
func (a *app) withDesk(packName, periodText string, f func(Config, *desk.Desk, *engine.Pack, engine.Period) error) error {
	period, err := a.period(periodText)
	if err != nil {
		return err
	}
	c, err := a.config()
	if err != nil {
		return err
	}
	_, pack, err := a.pack(c, packName, period)
	if err != nil {
		return err
	}
	db, err := a.open(c)
	if err != nil {
		return err
	}
	defer db.Close()
	return f(c, a.desk(c, db), pack, period)
}

func (a *app) writeStatus(d *desk.Desk, s *desk.Status, subject string, all bool) error {
	if subject != "" {
		if s = s.Of(subject); s.Deliveries == nil {
			return fail(exitConflict, engine.Text{
				ZH: fmt.Sprintf("%s 的参评名录中没有 %s。", s.Period.Title().ZH, subject),
				EN: fmt.Sprintf("%s is not among the assessed subjects of the %s.", subject, s.Period.Title().EN),
			})
		}
	}
	if a.format == "json" { // what programs read is always all of it
		w := json.NewEncoder(a.stdout)
		w.SetEscapeHTML(false)
		w.SetIndent("", "  ")
		return w.Encode(d.StatusDocument(s))
	}
	heads := []string{a.t("编码", "code"), a.t("机构", "subject"), a.t("数据", "data"), a.t("期间", "period"), a.t("已报/应报", "there/wanted"), a.t("缺项", "missing"), a.t("报送方", "sender"), a.t("最近一批", "latest batch")}
	cells := a.statusCells(d, s, all)
	switch a.format {
	case "", "table":
		return a.printStatus(s, heads, cells)
	case "csv":
		return writeCells(a.stdout, heads, cells)
	}
	return a.unknownFormat("table, csv, json")
}

// statusCells are the rows of the table; what is complete only if all is asked for.
func (a *app) statusCells(d *desk.Desk, s *desk.Status, all bool) [][]string {
	var rows [][]string
	for i := range s.Deliveries {
		one := &s.Deliveries[i]
		if one.Complete() && !all {
			continue
		}
		state := "● "
		if !one.Complete() {
			state = "▲ "
		}
		loaded := "—"
		if !one.At.IsZero() {
			loaded = d.Clock(one.At) + " " + one.Latest
		}
		rows = append(rows, []string{one.Subject, one.SubjectName, one.What().In(a.lang), one.Period.String(), fmt.Sprintf("%d/%d", one.There, one.Wanted), state + one.State().In(a.lang), one.Sender.In(a.lang), loaded})
	}
	return rows
}

func (a *app) printStatus(s *desk.Status, heads []string, cells [][]string) error {
	fmt.Fprintf(a.stdout, "%s · %s\n", s.Pack.Title.In(a.lang), s.Period.Title().In(a.lang))
	if len(s.Deliveries) == 0 {
		fmt.Fprintln(a.stdout, a.t("名录中没有参评的机构;先用 kaoping ingest subjects 导入名录。", "the roster has no assessed subject; load it with kaoping ingest subjects."))
		return nil
	}
	if len(cells) > 0 {
		first := make([]any, len(heads))
		for i, h := range heads {
			first[i] = h
		}
		t := a.newTable(first...)
		for _, row := range cells {
			values := make([]any, len(row))
			for i, c := range row {
				values[i] = c
			}
			t.AppendRow(values)
		}
		t.Render()
	}
	if s.Missing == 0 {
		_, err := fmt.Fprintf(a.stdout, a.t("应报 %d 份,全部到齐。\n", "%d deliveries, all complete.\n"), len(s.Deliveries))
		return err
	}
	_, err := fmt.Fprintf(a.stdout, a.t("应报 %d 份,%d 份不齐。\n", "%d deliveries, %d of them incomplete.\n"), len(s.Deliveries), s.Missing)
	return err
}

// writeCells writes CSV that spreadsheets open as UTF-8.
func writeCells(w io.Writer, heads []string, rows [][]string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(heads); err != nil {
		return err
	}
	for _, row := range rows {
		for i := range row {
			row[i] = plainCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
