package reports

import (
	"fmt"
	"io"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Note is the technical note (口径说明) of a pack: what is scored, how, on which
// clause, and what is assumed. The words come from the caller, in Lang.
type Note struct {
	Pack    *engine.Pack
	Lang    engine.Lang
	Version string // of the program
	Lines   []NoteLine
	Cases   []NoteCase
	Parts   []NotePart
}

// NoteLine is a line of the form that officers know.
type NoteLine struct {
	Item                                     *engine.Item
	Depth                                    int // 0 for a section
	OnlyFor                                  string
	Definition, Sources, Scoring, Assumption []string
}

// NoteCase is one kind of case of a deduction, with its points.
type NoteCase struct {
	Item   *engine.Item
	When   string
	Points exact.Num
}

// NotePart is a sentence about the pack, or the heading of those that follow.
type NotePart struct {
	Heading           bool
	Text, Cite, Quote string
}

// Markdown is the format of a note that none of the other reports has.
const Markdown = "md"

// WriteNote writes the note as "xlsx", "html" or "md".
func WriteNote(w io.Writer, n *Note, format string) error {
	switch format {
	case XLSX, HTML, PDF:
		return n.book().write(w, format)
	case Markdown:
		return writeMarkdown(w, n.book())
	}
	return fmt.Errorf("unknown format of a note %q (xlsx, html or md)", format)
}

// NoteName is the file name of a note: PACK_2022-10-01_口径说明.xlsx.
func NoteName(n *Note, ext string) string {
	return fileName(ext, n.Pack.Name, n.Pack.Edition.String(), n.say("口径说明", "technical note"))
}

func (n *Note) say(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(n.Lang) }

func (n *Note) book() *book {
	b := &book{
		lang: n.Lang, title: strings.TrimSuffix(NoteName(n, "x"), ".x"),
		footer: n.say("规则 ", "rules ") + short(n.Pack.Hash),
	}
	if len(n.Lines) > 0 {
		b.sheets = append(b.sheets, n.form())
	}
	b.sheets = append(b.sheets, n.words())
	if len(n.Cases) > 0 {
		b.sheets = append(b.sheets, n.tariff())
	}
	if len(n.Pack.Assumptions) > 0 {
		b.sheets = append(b.sheets, n.assumptions())
	}
	return b
}

// document is what notes share with the reports on results.
func (n *Note) document() *Document {
	return &Document{Pack: n.Pack, Lang: n.Lang, Version: n.Version, Result: &engine.Result{Status: n.Pack.Status}}
}

// head names the pack, its edition and hash, its status and its sources.
func (n *Note) head() []headLine {
	d := n.document()
	head := []headLine{{text: strings.Join([]string{
		n.say("规则包 ", "pack ") + n.Pack.Name, n.say("版本 ", "edition ") + n.Pack.Edition.String(),
		n.say("状态 ", "status ") + d.packStatus(), "sha256 " + orDash(n.Pack.Hash),
	}, " · ")}}
	if n.Pack.Regulator != "" {
		head = append(head, headLine{text: n.say("制定机关:", "made by: ") + n.Pack.Regulator})
	}
	for _, s := range n.Pack.Sources {
		head = append(head, headLine{text: n.say("来源 ", "source ") + s.ID + n.say(":", ": ") + s.Title})
	}
	if open := d.openAssumptions(); len(open) > 0 {
		head = append(head, headLine{banner: true, text: fmt.Sprintf(n.say("含待确认的假设(%s),见“假设”", "contains assumptions that are not confirmed (%s)"), d.list(runs(open)))})
	}
	return head
}

// title is the pack's title with the name of the sheet.
func (n *Note) title(zh, en string) string { return n.document().heading(zh, en) }

// form is the whole pack as the table officers know.
func (n *Note) form() *sheet {
	t := &table{columns: []column{
		{title: n.say("序号", "no."), width: 5, center: true},
		{title: n.say("指标", "item"), width: 24, key: true},
		{title: n.say("适用", "for"), width: 12},
		{title: n.say("分值", "full points"), width: 8, right: true},
		{title: n.say("计算口径", "definition"), width: 36},
		{title: n.say("数据来源", "source"), width: 16},
		{title: n.say("评分办法", "scoring"), width: 40},
		{title: n.say("依据", "clause"), width: 30},
		{title: n.say("假设", "assumptions"), width: 18},
	}}
	number := 0
	for _, l := range n.Lines {
		first, kind := cell{}, sectionRow
		if l.Item.Kind == engine.IndicatorItem || l.Item.Kind == engine.DeductionItem {
			number++
			first, kind = countCell(number), dataRow
		}
		t.rows = append(t.rows, row{kind: kind, cells: append([]cell{first}, n.line(l)...)})
	}
	if total := n.Pack.Total; total != nil {
		t.rows = append(t.rows, row{kind: totalRow, cells: []cell{
			{}, textCell(n.say("总分", "total")), {}, shortCell(total.FullPoints), {}, {}, {}, textCell(clause(total.Cite, total.Quote)), textCell(total.Assumption),
		}})
	}
	return &sheet{name: n.say("评分表", "Form"), title: n.title("评分表", "scoring form"), head: n.head(), tables: []*table{t}, freeze: 2, notes: []string{n.document().made()}}
}

func (n *Note) line(l NoteLine) []cell {
	name, points := textCell(l.Item.Name), shortCell(l.Item.FullPoints)
	name.indent = l.Depth
	if l.Item.Kind == engine.DeductionItem {
		name.text, points = n.document().bracket(name.text, n.say("扣分项", "deduction")), textCell(dash)
	}
	scoring := l.Scoring
	if l.Item.AtMost != nil {
		scoring = append([]string{fmt.Sprintf(n.say("最高扣%s分", "at most %s points off"), l.Item.AtMost.Shortest(6))}, scoring...)
	}
	return []cell{
		name, textCell(l.OnlyFor), points, lines(l.Definition), lines(l.Sources), lines(scoring),
		textCell(clause(l.Item.Cite, l.Item.Quote)), lines(l.Assumption),
	}
}

// clause writes a clause with its words.
func clause(cite, quote string) string {
	if quote == "" {
		return cite
	}
	return strings.TrimSpace(cite + "\n“" + quote + "”")
}

// shortCell is a number with no more decimals than it has.
func shortCell(x exact.Num) cell { return decimalOf(x) }

// words is everything that the form has no column for.
func (n *Note) words() *sheet {
	t := &table{columns: []column{
		{title: n.say("口径", "what is said"), width: 90, key: true},
		{title: n.say("依据与假设", "clause and assumption"), width: 34},
		{title: n.say("原文", "words of the text"), width: 50},
	}}
	for _, p := range n.Parts {
		kind := dataRow
		text := cell{text: p.Text, indent: 1}
		if p.Heading {
			kind, text.indent = sectionRow, 0
		}
		t.rows = append(t.rows, row{kind: kind, cells: []cell{text, textCell(p.Cite), textCell(p.Quote)}})
	}
	return &sheet{name: n.say("口径说明", "Definitions"), title: n.title("口径说明", "definitions"), head: n.head(), tables: []*table{t}, notes: []string{n.document().made()}}
}

// tariff is every kind of case with its points.
func (n *Note) tariff() *sheet {
	t := &table{columns: []column{
		{title: n.say("序号", "no."), width: 5, center: true},
		{title: n.say("扣分项", "deduction"), width: 28, key: true},
		{title: n.say("情形", "case"), width: 70},
		{title: n.say("每次扣分", "points off"), width: 12, right: true},
		{title: n.say("最高扣", "at most"), width: 12, right: true},
		{title: n.say("依据", "clause"), width: 24},
		{title: n.say("假设", "assumptions"), width: 14},
	}}
	for i, c := range n.Cases {
		most := textCell(dash)
		if c.Item.AtMost != nil {
			most = shortCell(*c.Item.AtMost)
		}
		assumed := c.Item.Assumption
		if c.Item.Cases.Assumption != "" {
			assumed = c.Item.Cases.Assumption
		}
		t.rows = append(t.rows, row{cells: []cell{
			countCell(i + 1), textCell(c.Item.Name), textCell(c.When), shortCell(c.Points), most, textCell(c.Item.Cite), textCell(assumed),
		}})
	}
	return &sheet{name: n.say("扣分标准", "Points off"), title: n.title("扣分标准", "points for each case"), head: n.head(), tables: []*table{t}, freeze: 2}
}

// assumptions is what the text leaves open, with who can say.
func (n *Note) assumptions() *sheet {
	t := &table{columns: []column{
		{title: n.say("编号", "id"), width: 8, key: true},
		{title: n.say("假设", "assumption"), width: 70},
		{title: n.say("理由", "because"), width: 50},
		{title: n.say("向谁确认", "who can say"), width: 18},
		{title: n.say("状态", "state"), width: 10, center: true},
	}}
	for _, a := range n.Pack.Assumptions {
		state := n.say("待确认", "open")
		if a.State == "settled" {
			state = n.say("已确认", "settled")
		}
		t.rows = append(t.rows, row{cells: []cell{textCell(a.ID), textCell(a.Says.In(n.Lang)), textCell(a.Because.In(n.Lang)), textCell(a.Ask), textCell(state)}})
	}
	return &sheet{name: n.say("假设", "Assumptions"), title: n.title("假设", "assumptions"), head: n.head(), tables: []*table{t}, sign: n.say("确认人:____________ 日期:____________", "Confirmed by: ____________ Date: ____________")}
}
