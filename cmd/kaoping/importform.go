package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/rules"
)

func (a *app) importFormCommand() *cobra.Command {
	var output, name, edition string
	cmd := &cobra.Command{
		Use:   a.t("import-form 评分表.xlsx", "import-form FILE.xlsx"),
		Short: a.t("把 Excel 评分表变成规则包草稿,没有写明的地方列为假设", "turn a scoring form in Excel into a draft pack, every gap as an assumption"),
		Long: a.t("表头至少要有“指标”和“分值”,可再有 计算口径、数据来源、评分办法、依据、适用,次序不限。\n看得懂的写成清单、公式、扣分;看不懂的保留原文,列为假设,由评审人评定,绝不猜分。",
			"A heading needs at least an item and its points (指标, 分值); definition, source, scoring, clause may follow in any order.\nWhat is plain becomes checklists, formulas and deductions; the rest keeps its words, is listed as an assumption and left to a reviewer."),
		Args: a.args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.importForm(args[0], output, name, edition)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", a.t("写到这个目录;不写则以规则包名称为目录", "folder to write to; named after the pack if left out"))
	cmd.Flags().StringVar(&name, "pack", "", a.t("规则包名称(小写英文、数字、-)", "name of the pack (small letters, digits, -)"))
	cmd.Flags().StringVar(&edition, "edition", "", a.t("版本的第一天,默认今年1月1日", "first day of the edition, 1 January of this year if left out"))
	return cmd
}

var notInPackName = regexp.MustCompile(`[^a-z0-9]+`)

func (a *app) importForm(file, output, name, edition string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("读不到 %s:%v。", file, cause(err)),
			EN: fmt.Sprintf("cannot read %s: %v.", file, cause(err)),
		})
	}
	form, err := ingest.ReadForm(data)
	if err != nil {
		return fail(exitData, engine.Text{ZH: fmt.Sprintf("%s:%s", file, ingest.NoFormText.ZH), EN: fmt.Sprintf("%s: %s", file, ingest.NoFormText.EN)})
	}
	options, err := a.draftOptions(file, name, edition, form)
	if err != nil {
		return err
	}
	if output == "" {
		output = options.Pack
	}
	target := filepath.Join(output, options.Edition.String()+".yaml")
	if exists(target) {
		return fail(exitConflict, engine.Text{
			ZH: fmt.Sprintf("%s 已经存在,不覆盖。\n  提示:用 -o 写到别的目录。", target),
			EN: fmt.Sprintf("%s is there already and is not overwritten.\n  hint: write to another folder with -o.", target),
		})
	}
	draft := rules.Draft(draftRows(form), options)
	err = createFile(target, func(w io.Writer) error { _, err := w.Write(draft); return err })
	if err != nil {
		return err
	}
	fmt.Fprintln(a.stdout, target)
	return a.checkDraft(output)
}

// draftOptions names the pack after the file, unless a name was given.
func (a *app) draftOptions(file, name, edition string, form *ingest.Form) (rules.DraftOptions, error) {
	base := filepath.Base(file)
	if name == "" {
		name = strings.Trim(notInPackName.ReplaceAllString(strings.ToLower(strings.TrimSuffix(base, filepath.Ext(base))), "-"), "-")
	}
	if name == "" {
		name = "draft"
	}
	if notInPackName.MatchString(strings.ReplaceAll(name, "-", "")) {
		return rules.DraftOptions{}, fail(exitUsage, engine.Text{
			ZH: "规则包的名称只能用小写英文字母、数字和 -。",
			EN: "the name of a pack holds small letters, digits and - only.",
		})
	}
	if edition == "" {
		edition = fmt.Sprintf("%04d-01-01", time.Now().Year())
	}
	day, err := engine.ParseDate(edition)
	if err != nil {
		return rules.DraftOptions{}, fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("--edition %q 不是日期,写成 2026-01-01。", edition),
			EN: fmt.Sprintf("--edition %q is no date; write 2026-01-01.", edition),
		})
	}
	title := form.Title
	if title == "" {
		title = form.Sheet
	}
	return rules.DraftOptions{Pack: name, Edition: day, Title: title, File: base}, nil
}

func draftRows(form *ingest.Form) []rules.DraftRow {
	var rows []rules.DraftRow
	for _, r := range form.Rows {
		rows = append(rows, rules.DraftRow{
			Row: r.Row, Section: r.Section, Name: r.Name, Points: r.Points, Definition: r.Definition, Source: r.Source,
			Scoring: r.Scoring, Clause: r.Clause, OnlyFor: r.OnlyFor, Indent: r.Indent, Numbered: r.Numbered,
		})
	}
	return rows
}

// checkDraft says what is left to do with a draft.
func (a *app) checkDraft(folder string) error {
	library, diagnostics := rules.Load(rules.Folder(folder), rules.Options{})
	open := 0
	for _, p := range library.Packs() {
		open += len(p.Assumptions)
	}
	if rules.HasErrors(diagnostics) {
		rules.WriteText(a.stderr, onlyErrors(diagnostics), a.lang)
		a.say("草稿已写出;上面各处表中没有写明,补上后再执行 kaoping check。", "the draft is written; what is listed above is not in the form: add it, then run kaoping check.")
		return nil
	}
	a.say("草稿已写出,含 %d 条待确认的假设;下一步:kaoping check %s,逐条改写。", "the draft is written with %d assumptions to confirm; next: kaoping check %s, then go through them.", open, folder)
	return nil
}
