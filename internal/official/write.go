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
	Tie:           {ZH: "并列,比较名次集合", EN: "tied, the set of ranks compared"},
	Merged:        {ZH: "合并的编码", EN: "merged codes"},
	Order:         {ZH: "只比较次序", EN: "order compared"},
	RoundedInput:  {ZH: "公布的输入已舍入", EN: "printed input is rounded"},
	RoundedTwice:  {ZH: "公布的输入舍入了两次", EN: "printed input was rounded twice"},
	OtherDecimals: {ZH: "小数位数不同", EN: "printed with other decimals"},
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

// column prints: rank 1,668 of 1,668 (8 tied, …).
func (b *writer) column(c *Column) {
	by := map[Kind]int{}
	for _, row := range append(append([]Row(nil), c.ByRule...), c.Differ...) {
		by[row.Kind]++
	}
	var parts []string
	for _, k := range kinds {
		if by[k] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", kindTexts[k].In(b.lang), by[k]))
		}
	}
	detail := ""
	if parts != nil {
		detail = " (" + strings.Join(parts, engine.Text{ZH: "、", EN: "; "}.In(b.lang)) + ")"
	}
	b.line("  %-28s %s / %s 行一致%s", "  %-28s %s of %s rows agree%s", c.Heading, count(c.Agree), count(c.Of), detail)
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
