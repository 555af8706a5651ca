package rules

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// Boundaries are tests that are proposed for an edition: rows on both sides of
// each bound, for each line of a case table, each answer, each policy that the
// tests do not reach. What they expect is what the engine gives now: a person
// has to compare it with the text before it means anything.
type Boundaries struct {
	Pack     string
	Edition  engine.Date
	Tables   []BoundaryTable
	Cards    []BoundaryCard
	Unsolved []UnsolvedSpot // what no row was found for
}

// BoundaryTable holds the rows for one line of the scorecard.
type BoundaryTable struct {
	Head    []string // "indicator: 及时率", "subject: property", …: lines of YAML
	Columns []string
	Rows    []BoundaryRow
}

// BoundaryRow is one row with why it is proposed.
type BoundaryRow struct {
	Cells []string
	Why   engine.Text
}

// BoundaryCard is a card for a rule about records, as lines of YAML.
type BoundaryCard struct{ Lines []string }

// UnsolvedSpot is what a person has to write a test for.
type UnsolvedSpot struct {
	Item string
	What engine.Text
}

// ProposeBoundaries looks for rows that reach what the tests of an edition do not
// reach, and both sides of bounds that no test stands on.
func ProposeBoundaries(lib *Library, p *engine.Pack) (*Boundaries, error) {
	e := lib.editionOf(p)
	if e == nil {
		return nil, fmt.Errorf("%w: the pack %s is not of this library", engine.ErrNotFound, p.Name)
	}
	f := &boundaryFinder{edition: e, pack: p, reached: coverage{}, tested: map[string]map[string]bool{}, out: &Boundaries{Pack: p.Name, Edition: p.Edition}}
	if err := f.learn(); err != nil {
		return nil, err
	}
	f.items(p.Sections, assessedIn{})
	f.limits()
	f.unsolved()
	return f.out, nil
}

// boundaryFinder proposes tests for one edition.
type boundaryFinder struct {
	edition *edition
	pack    *engine.Pack
	reached coverage
	tested  map[string]map[string]bool // metric values by item, and values of fields by register and field
	out     *Boundaries
}

// assessedIn is for whom and when the items of a container are assessed.
type assessedIn struct {
	group string
	kinds []string
}

// learn runs the tests that are there, to know what they reach and on which
// values they stand.
func (f *boundaryFinder) learn() error {
	cases, _ := readTests(f.edition)
	for i := range cases {
		c := &cases[i]
		ev, err := engine.Evaluate(c.pack, c.period, c.facts)
		if err != nil {
			continue // the test fails; running it says so
		}
		if err := f.reached.note(ev, c.wants); err != nil {
			return err
		}
		for j := range ev.Result().Scorecards {
			for _, l := range ev.Result().Scorecards[j].Lines {
				if l.Metric != nil {
					f.stand(l.Item, l.Metric.String())
				}
			}
		}
		for _, r := range c.facts.Records {
			for field, v := range r.Fields {
				f.stand(r.Register+" "+field, v.Num.String())
			}
		}
	}
	return nil
}

// stand notes that a test stands on a value.
func (f *boundaryFinder) stand(of, value string) {
	if f.tested[of] == nil {
		f.tested[of] = map[string]bool{}
	}
	f.tested[of][value] = true
}

// items proposes rows for all indicators and deductions below containers.
func (f *boundaryFinder) items(list []*engine.Item, s assessedIn) {
	for _, it := range list {
		own := s
		if it.OnlyFor != "" {
			own.group = it.OnlyFor
		}
		if len(it.OnlyIn) > 0 {
			own.kinds = it.OnlyIn
		}
		switch {
		case it.Cases != nil:
			f.deduction(it, own)
		case it.Checklist != nil:
			f.judged(it, own)
		case it.Kind == engine.IndicatorItem && it.Metric != "" && it.Scale != nil:
			f.indicator(it, own)
		}
		f.items(it.Children, own)
	}
}

// table begins a table for an item.
func (f *boundaryFinder) table(it *engine.Item, s assessedIn) BoundaryTable {
	t := BoundaryTable{Head: []string{string(it.Kind) + ": " + plainOrQuoted(it.Name)}}
	if s.group != "" {
		t.Head = append(t.Head, "subject: "+s.group)
	}
	if period := f.periodOf(s); period != "" {
		t.Head = append(t.Head, "period: "+period)
	}
	return t
}

// periodOf names a period in which items are assessed, "" for the
// first that the edition scores.
func (f *boundaryFinder) periodOf(s assessedIn) string {
	first := firstPeriod(f.pack)
	for _, k := range f.pack.Periods {
		if len(s.kinds) == 0 || slices.Contains(s.kinds, k.ID) && k.Matches(first) {
			return ""
		}
	}
	for _, k := range f.pack.Periods {
		for y := first.First.Year; slices.Contains(s.kinds, k.ID) && y <= first.First.Year+2; y++ {
			if p, ok := periodOfKind(fmt.Sprint(y), k); ok && f.pack.Effective.Covers(p) {
				return p.String()
			}
		}
	}
	return ""
}

// tried is what came of a proposed row.
type tried struct {
	points string // as a test writes it
	metric *exact.Num
	spots  []engine.Spot
}

// try evaluates one row of a table. ok is false if the row is not one that a test
// may have, or its points cannot be written down exactly.
func (f *boundaryFinder) try(it *engine.Item, t BoundaryTable, cells []string) (tried, bool) {
	var b strings.Builder
	writeTable(&b, BoundaryTable{Head: t.Head, Columns: append(slices.Clone(t.Columns), "points"), Rows: []BoundaryRow{{Cells: append(slices.Clone(cells), "held")}}}, engine.English)
	c, ok := f.read("tables:\n" + b.String())
	if !ok {
		return tried{}, false
	}
	ev, err := engine.Evaluate(c.pack, c.period, c.facts)
	if err != nil {
		return tried{}, false
	}
	card, ok := ev.Result().Card(c.wants[0].subject)
	if !ok {
		return tried{}, false
	}
	line, ok := card.Line(it.ID)
	if !ok {
		return tried{}, false
	}
	out := tried{metric: line.Metric, points: string(line.Status)}
	if line.Status == engine.Scored {
		points := *line.Points
		if it.Kind == engine.DeductionItem {
			points = points.Abs()
		}
		if out.points = points.Shortest(12); out.points == "" || !parsesTo(out.points, points) {
			return tried{}, false
		}
	}
	out.spots, err = ev.Reached(c.wants[0].subject, it.ID)
	return out, err == nil
}

func parsesTo(s string, n exact.Num) bool {
	back, err := exact.Parse(s)
	return err == nil && back.Equal(n)
}

// read reads the text of a test file with a single test.
func (f *boundaryFinder) read(tests string) (testCase, bool) {
	src, diags := readSource("proposed_test.yaml", fmt.Appendf(nil, "pack: %s\nedition: %s\n%s", f.pack.Name, f.pack.Edition, tests))
	if HasErrors(diags) || src.root == nil {
		return testCase{}, false
	}
	r := &testReader{pack: f.pack, packFor: f.edition.packFor, names: newTestNames(f.pack)}
	r.file(node{y: src.root, file: src})
	if r.errors() > 0 || len(r.cases) != 1 {
		return testCase{}, false
	}
	return r.cases[0], true
}

// news returns the first spot of a row that neither tests nor earlier proposals
// reach.
func (f *boundaryFinder) news(t tried) (engine.Spot, bool) {
	for _, s := range t.spots {
		if !f.reached[s] {
			return s, true
		}
	}
	return engine.Spot{}, false
}

// take adds a row to a table and remembers what it reaches.
func (f *boundaryFinder) take(table *BoundaryTable, cells []string, t tried, why engine.Text) {
	for _, s := range t.spots {
		f.reached[s] = true
	}
	row := append(slices.Clone(cells), t.points)
	for _, r := range table.Rows {
		if slices.Equal(r.Cells, row) {
			return
		}
	}
	table.Rows = append(table.Rows, BoundaryRow{row, why})
}

// keep adds a table that has rows.
func (f *boundaryFinder) keep(t BoundaryTable) {
	if len(t.Rows) > 0 {
		t.Columns = append(t.Columns, "points")
		f.out.Tables = append(f.out.Tables, t)
	}
}

// unsolved lists what neither tests nor proposals reach.
func (f *boundaryFinder) unsolved() {
	for _, m := range f.reached.report(f.edition, f.pack).Missed {
		f.out.Unsolved = append(f.out.Unsolved, UnsolvedSpot{m.Item, m.What})
	}
}

// spotName says what a spot is.
func (f *boundaryFinder) spotName(s engine.Spot) engine.Text {
	if rule := ruleOf(f.pack, s); rule != nil {
		return rule.what
	}
	return spotWords(f.pack, itemsByID(f.pack)[s.Item], s)
}

// Empty reports whether nothing is proposed.
func (b *Boundaries) Empty() bool { return len(b.Tables)+len(b.Cards) == 0 }

// Write writes the proposals as a test file that can be put beside the pack.
func (b *Boundaries) Write(w io.Writer, lang engine.Lang) error {
	var out strings.Builder
	for _, line := range strings.Split(text(
		"# 由 kaoping test --write-boundaries 建议: 没有测试用到的档次、界限两侧和缺数处理。\n# 得分是引擎现在算出的, 不是依据: 逐行与条款核对后再留用, 不对的改规则。",
		"# Proposed by kaoping test --write-boundaries: bands, both sides of bounds and policies that no test reaches.\n# The points are what the engine gives now, which proves nothing: compare each row with its clause before you keep it.").In(lang), "\n") {
		out.WriteString(line + "\n")
	}
	fmt.Fprintf(&out, "pack: %s\nedition: %s\n", b.Pack, b.Edition)
	if len(b.Tables) > 0 {
		out.WriteString("\ntables:\n")
		for _, t := range b.Tables {
			out.WriteString("\n")
			writeTable(&out, t, lang)
		}
	}
	if len(b.Cards) > 0 {
		out.WriteString("\ncards:\n")
		for _, c := range b.Cards {
			out.WriteString("\n  - " + strings.Join(c.Lines, "\n    ") + "\n")
		}
	}
	for i, u := range b.Unsolved {
		if i == 0 {
			out.WriteString("\n" + text("# 还要由人写测试:", "# Tests that a person has to write:").In(lang) + "\n")
		}
		out.WriteString("#   " + joinDots(u.Item, u.What.In(lang)) + "\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func writeTable(out *strings.Builder, t BoundaryTable, lang engine.Lang) {
	out.WriteString("  - " + strings.Join(t.Head, "\n    ") + "\n")
	quoted := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		quoted[i] = plainOrQuoted(c)
	}
	fmt.Fprintf(out, "    columns: [%s]\n    rows:\n", strings.Join(quoted, ", "))
	for _, r := range t.Rows {
		fmt.Fprintf(out, "      - [%s]", strings.Join(r.Cells, ", "))
		if !r.Why.IsZero() {
			fmt.Fprintf(out, "      # %s", r.Why.In(lang))
		}
		out.WriteString("\n")
	}
}

// plainOrQuoted writes a name so that flow YAML reads it back as it is.
func plainOrQuoted(s string) string {
	if strings.ContainsAny(s, ",[]{}#&*!|>'\"%@`:?\\") || strings.TrimSpace(s) != s || s == "" || s[0] == '-' || otherText.MatchString(s) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return s
}

// shiftWords are the words before a heading that is seen from another period.
var shiftWords = map[formula.Shift]string{formula.Now: "", formula.Previous: "上期 ", formula.Preceding: "环比 ", formula.YearAgo: "同比 "}
