package official

import (
	"fmt"
	"io"
	"strings"

	"kaoping/engine"
	"kaoping/engine/unit"
)

// kindTexts names the reasons for listing a row.
var kindTexts = map[Kind]engine.Text{
	Tie:           {ZH: "并列(比较名次集合)", EN: "by the set of ranks of a tie"},
	Merged:        {ZH: "合并的编码", EN: "under merged codes"},
	Order:         {ZH: "只比较次序", EN: "by their order only"},
	RoundedInput:  {ZH: "因公布的输入已舍入", EN: "because the printed input is rounded"},
	RoundedTwice:  {ZH: "因公布的输入舍入了两次", EN: "because it was rounded twice"},
	OtherDecimals: {ZH: "印了更多小数", EN: "printed with more decimals"},
	Unexplained:   {ZH: "原因不明", EN: "unexplained"},
}

// kinds is the order in which they are printed.
var kinds = []Kind{Tie, Merged, Order, RoundedInput, RoundedTwice, OtherDecimals, Unexplained}

// Write prints N of M for each table and column; with verbose also each row that
// differs and each that agrees under a stated rule only.
func (r *Report) Write(w io.Writer, lang engine.Lang, verbose bool) error {
	b := &writer{lang: lang}
	for _, t := range r.Tables {
		b.table(&t, verbose)
	}
	b.line("各行先打乱再计算(种子 %d)。", "rows are shuffled before anything is computed (seed %d).", r.Seed)
	if n := r.Unexplained(); n > 0 {
		b.line("%d 行与公布的结果不同,原因不明。", "%d rows differ from what was published, unexplained.", n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type writer struct {
	strings.Builder
	lang engine.Lang
}

func (b *writer) line(zh, en string, args ...any) {
	fmt.Fprintf(b, engine.Text{ZH: zh, EN: en}.In(b.lang)+"\n", args...)
}

func (b *writer) table(t *Table, verbose bool) {
	fmt.Fprintf(b, "%s: %s\n  %s  %s\n", t.Pack, t.Title, t.File, t.Origin)
	if left := t.Rows - t.Compared; left > 0 {
		b.line("  %s 行中的 %s 行可复算;其余: %s", "  %s rows, %s can be recomputed; the rest: %s", count(t.Rows), count(t.Compared), t.Why)
	}
	for _, c := range t.Columns {
		b.column(&c)
	}
	if !verbose {
		return
	}
	for _, c := range t.Columns {
		for _, row := range c.Differ {
			b.row(&c, &row)
		}
		for _, row := range c.ByRule {
			b.row(&c, &row)
		}
	}
}

// column prints how many rows agree, how many of them by a stated rule, and why
// the others differ.
func (b *writer) column(c *Column) {
	s := fmt.Sprintf(engine.Text{ZH: "  %-28s %s / %s 行一致", EN: "  %-28s %s of %s rows agree"}.In(b.lang), c.Heading, count(c.Agree), count(c.Of))
	if len(c.ByRule) > 0 {
		s += engine.Text{ZH: ",其中 ", EN: ", of them "}.In(b.lang) + b.byKind(c.ByRule)
	}
	if n := len(c.Differ); n > 0 {
		s += fmt.Sprintf(engine.Text{ZH: ";%s 行不同: ", EN: "; %s differ: "}.In(b.lang), count(n)) + b.byKind(c.Differ)
	}
	b.WriteString(s + "\n")
}

// byKind counts rows by the reason they are listed for.
func (b *writer) byKind(rows []Row) string {
	by := map[Kind]int{}
	for _, row := range rows {
		by[row.Kind]++
	}
	var parts []string
	for _, k := range kinds {
		if by[k] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", by[k], kindTexts[k].In(b.lang)))
		}
	}
	return strings.Join(parts, engine.Text{ZH: "、", EN: ", "}.In(b.lang))
}

func (b *writer) row(c *Column, r *Row) {
	b.line("    第 %d 行 %s %s %s  %s: 公布 %s 算得 %s  %s: %s", "    line %d %s %s %s  %s: published %s computed %s  %s: %s",
		r.Line, r.Period, r.Subject, r.Name, c.Heading, or(r.Published), or(r.Computed), kindTexts[r.Kind].In(b.lang), r.Reason.In(b.lang))
}

func or(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func count(n int) string { return unit.Group(fmt.Sprint(n)) }
