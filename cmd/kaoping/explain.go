package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/reports"
	"kaoping/rules"
)

func (a *app) explainCommand() *cobra.Command {
	var packName, periodText, subject, item, as, output string
	cmd := &cobra.Command{
		Use:   a.t("explain [路径…]", "explain [PATH…]"),
		Short: a.t("把规则逐行读成句子;给出公司和指标时,解释那个得分", "read rules back as sentences, or explain one stored number"),
		Long: a.t("不带 --subject:把规则包逐行读成句子;再给 --as,写成口径说明(评分表、口径、扣分标准、假设)。\n带 --pack --period --subject --item:展开一个已存的得分,直到算式、同业、条款和案件。",
			"Without --subject: reads the packs back as sentences; with --as it writes the technical note (form, definitions, points off, assumptions).\nWith --pack --period --subject --item: unfolds a stored number down to figures, peers, clause and cases."),
		RunE: func(_ *cobra.Command, args []string) error {
			if as != "" || output != "" {
				return a.writeNote(args, noteRequest{packName, periodText, as, output}, subject+item != "")
			}
			if subject == "" && item == "" {
				return a.explainRules(args, packName, periodText)
			}
			if packName == "" || periodText == "" || subject == "" || item == "" {
				return fail(exitUsage, engine.Text{
					ZH: "解释一个得分要同时给出 --pack、--period、--subject、--item。",
					EN: "to explain a number give --pack, --period, --subject and --item together.",
				})
			}
			return a.explainNumber(packName, periodText, subject, item)
		},
	}
	cmd.Flags().StringVar(&packName, "pack", "", a.t("规则包", "rule pack"))
	cmd.Flags().StringVar(&periodText, "period", "", a.t("统计期间", "period"))
	a.revisionFlag(cmd)
	cmd.Flags().StringVar(&subject, "subject", "", a.t("公司编码或名称", "code or name of the subject"))
	cmd.Flags().StringVar(&as, "as", "", a.t("把整个规则包写成口径说明:xlsx、html 或 md", "write the whole pack as a technical note: xlsx, html or md"))
	cmd.Flags().StringVarP(&output, "output", "o", "", a.t("写到这个文件(-为标准输出);不写则以规则包命名", "the file to write, - for standard output; named after the pack if left out"))
	cmd.Flags().StringVar(&item, "item", "", a.t("指标(名称或代号);总分写 total", "item by name or id; total for the total"))
	return cmd
}

// explainRules reads packs back as sentences.
func (a *app) explainRules(args []string, packName, periodText string) error {
	folder, err := a.ruleFiles(args)
	if err != nil {
		return err
	}
	library, diagnostics := rules.Load(folder, rules.Options{})
	if rules.HasErrors(diagnostics) {
		rules.WriteText(a.stderr, onlyErrors(diagnostics), a.lang)
	}
	chosen := library.Packs()
	if periodText != "" {
		period, err := a.period(periodText)
		if err != nil {
			return err
		}
		p, err := findPack(library, packName, period)
		if err != nil {
			return err
		}
		chosen = []*engine.Pack{p}
	}
	printed := 0
	for _, p := range chosen {
		if packName == "" || p.Name == packName {
			if err := rules.WriteSentences(a.stdout, rules.Sentences(p, a.lang)); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout)
			printed++
		}
	}
	if printed == 0 && packName != "" {
		_, err := findPack(library, packName, engine.Period{})
		return err
	}
	return nil
}

// explainNumber unfolds one line of a stored scorecard.
func (a *app) explainNumber(packName, periodText, subject, item string) error {
	return a.withRun(packName, periodText, func(s *assessment, _ *reports.Document) error {
		card, err := s.findCard(subject)
		if err != nil {
			return err
		}
		if card.Status == engine.NotAssessed {
			fmt.Fprintf(a.stdout, "%s: %s\n", card.Name, card.Reason.In(a.lang))
			return nil
		}
		e, err := s.evaluation.Explain(card.Subject, item)
		if err != nil {
			return a.noSuchItem(card, item, err)
		}
		switch a.format {
		case "", "text":
			a.printExplanation(s, e)
			return nil
		case "json":
			encoder := json.NewEncoder(a.stdout)
			encoder.SetIndent("", "  ")
			encoder.SetEscapeHTML(false)
			return encoder.Encode(e)
		}
		return a.unknownFormat("text, json")
	})
}

func (a *app) noSuchItem(card *engine.Scorecard, item string, err error) error {
	var names []string
	for _, line := range card.Lines {
		names = append(names, line.Name)
	}
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("这张评分卡没有“%s”这一行;有:%s。", item, strings.Join(names, "、")),
		EN: fmt.Sprintf("this scorecard has no line %q (%v); it has: %s.", item, err, strings.Join(names, ", ")),
	})
}

func (a *app) printExplanation(s *assessment, e *engine.Explanation) {
	fmt.Fprintln(a.stdout, e.Title.In(a.lang)+"    "+reports.PointsText(s.pack, &e.Line, a.lang)+" / "+reports.FullPointsText(s.pack, &e.Line))
	a.part("公式", "formula", e.Formula)
	for _, step := range e.Filled {
		a.part("代入", "filled", step.In(a.lang))
	}
	a.part("同业", "peers", e.Peers.In(a.lang))
	a.part("评分", "scale", e.Scale.In(a.lang))
	a.part("得分", "points", e.Points.In(a.lang))
	a.part("处理", "policy", e.Policy.In(a.lang))
	a.part("结果", "outcome", e.Line.Reason.In(a.lang))
	for _, step := range e.Rating {
		a.part("等级", "rating", step.In(a.lang))
	}
	a.printCases(s, e)
	for _, f := range e.Figures {
		a.part("数据", "data", a.figureText(f))
	}
	if e.Law.Cite != "" {
		a.part("依据", "clause", strings.TrimSpace(e.Law.Cite+" "+quoted(e.Law.Quote)))
	}
	for _, assumption := range e.Assumptions {
		a.part("假设", "assumption", fmt.Sprintf("%s %s(%s)", assumption.ID, assumption.Says.In(a.lang), assumption.Ask))
	}
	if e.Line.Kind == engine.TotalItem {
		for _, use := range s.result.Past {
			a.part("引用", "rests on", use.Text().In(a.lang))
		}
	}
	for _, t := range s.outdated {
		a.part("状态", "state", t.In(a.lang))
	}
	a.part("规则", "rules", fmt.Sprintf("%s %s (sha256 %s) %s:%d", s.pack.Name, s.pack.Edition, short(s.pack.Hash), e.Law.File, e.Law.Line))
	a.part("运行", "run", fmt.Sprintf("%s · %s", s.run.ID, s.run.Snapshot))
}

func (a *app) part(zh, en, body string) {
	if body != "" {
		fmt.Fprintf(a.stdout, "  %s  %s\n", a.t(zh, fmt.Sprintf("%-10s", en)), body)
	}
}

func quoted(quote string) string {
	if quote == "" {
		return ""
	}
	return "“" + quote + "”"
}

func (a *app) printCases(s *assessment, e *engine.Explanation) {
	for i, c := range e.Cases {
		a.part("案件", "case", fmt.Sprintf("%s %s %s −%s  (%s)", c.Date, c.Key, reports.FieldsText(s.pack, c, a.lang),
			e.CasePoints[i].Shortest(2), originText(c.Origin, a)))
	}
	for _, j := range e.Judgements {
		if j.Answer != engine.Yes {
			a.part("检查", "judged", fmt.Sprintf("%s: %s %s (%s / %s)", j.Line, reports.AnswerText(j.Answer, a.lang), j.Reason, j.Scorer, j.Reviewer))
		}
	}
}

func (a *app) figureText(f engine.FigureUsed) string {
	text := fmt.Sprintf("%s(%s)= %s", f.Name, f.Period, f.Shown.In(a.lang))
	if !f.Note.IsZero() {
		text += a.t("(", " (") + f.Note.In(a.lang) + ")"
	}
	switch {
	case f.Count > 1:
		return text + fmt.Sprintf(a.t(" ← %d 条记录,首条 %s", " ← %d records, the first %s"), f.Count, originText(f.Origins[0], a))
	case len(f.Origins) == 1:
		return text + " ← " + originText(f.Origins[0], a)
	}
	return text
}

func originText(o engine.Origin, a *app) string {
	text := fmt.Sprintf(a.t("批次 %s %s 第%d行", "batch %s %s row %d"), o.Batch, o.File, o.Row)
	if o.Column != "" {
		text += fmt.Sprintf(a.t(" “%s”列", " column %q"), o.Column)
	}
	return text
}
