package engine

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"kaoping/engine/exact"
	"kaoping/engine/formula"
)

// drawing makes packs of every form, with English names, and facts with gaps,
// zeros, ties and negative figures.
type drawing struct {
	*rapid.T
	m     *packMaker
	items int
}

func (d *drawing) one(of ...string) string { return rapid.SampledFrom(of).Draw(d.T, "one") }
func (d *drawing) yes() bool               { return rapid.Bool().Draw(d.T, "yes") }
func (d *drawing) below(n int) int         { return rapid.IntRange(0, n-1).Draw(d.T, "n") }

func drawPack(t *testing.T, rt *rapid.T) (*drawing, *Pack) {
	d := &drawing{T: rt, m: newPack(t)}
	p := d.m.p
	p.Title = Text{EN: "test"}
	d.m.reported("a", "complaints")
	d.m.reported("b", "USD")
	fields := d.m.register("cases", Field{ID: "kind", Name: "kind", Kind: formula.Text}, Field{ID: "people", Name: "people", Kind: formula.Number, Nullable: true})
	d.m.counted("n", "complaints", "cases", "", `kind == "x"`, fields)
	d.m.metric("ratio", "complaints/USD million", "a / b")
	d.m.metric("change", "%", "(ratio - previous(ratio)) / previous(ratio)")
	d.m.metric("count", "complaints", "n")
	p.Benchmarks = []Benchmark{
		{ID: "p20", Name: "P20", Take: "percentile", Percentile: num("0.2")},
		{ID: "p70", Name: "P70", Take: "percentile", Percentile: num("0.7")},
		{ID: "mean", Name: "average", Take: "mean", AllAssessed: true},
		{ID: "pooled", Name: "pooled", Unit: d.m.unit("complaints/USD million"), Formula: d.m.expr("sum(a) / sum(b)"), AllAssessed: d.yes()},
	}
	p.Assessed.CountWithParent = []string{"unit"}
	p.Rounding = d.rounding()
	total := exact.Num{}
	for range 1 + d.below(3) {
		s := d.container(SectionItem, 0)
		p.Sections = append(p.Sections, s)
		total = total.Add(s.FullPoints)
	}
	p.Total = &Total{FullPoints: total, DeductionsFromTotal: d.yes(), NotBelow: d.floor()}
	p.Ranking = Ranking{By: RankKey{ID: "total"}, AllAssessed: d.yes(), Ties: TieRule(d.one(string(ShareBetter), string(Dense)))}
	return d, p
}

func (d *drawing) rounding() RoundingRules {
	return RoundingRules{
		Points:      Rounding{Decimals: d.below(3), Mode: exact.Mode(d.below(4))},
		RoundPoints: d.yes(), PointsAtTotal: d.yes(),
		Metrics: Rounding{Decimals: d.below(5), Mode: exact.HalfUp}, MetricsRounded: d.yes(),
	}
}

func (d *drawing) floor() *exact.Num {
	if d.yes() {
		return nil
	}
	return numPtr(d.one("0", "2", "-1"))
}

func (d *drawing) name(word string) string {
	d.items++
	return fmt.Sprintf("%s%d", word, d.items)
}

// container draws a section or group whose full points are those of its parts.
func (d *drawing) container(kind ItemKind, depth int) *Item {
	id := d.name(string(kind))
	it := &Item{Kind: kind, ID: id, Name: id, NotBelow: d.floor()}
	for range 1 + d.below(4) {
		var parts []*Item
		switch n := d.below(6); {
		case n == 0 && depth < 2:
			parts = []*Item{d.container(GroupItem, depth+1)}
		case n == 1:
			parts = []*Item{d.checklist()}
		case n == 2:
			parts = []*Item{d.deduction()}
		case n == 3:
			parts = d.twins()
		default:
			parts = []*Item{d.indicator()}
		}
		it.FullPoints = it.FullPoints.Add(parts[0].FullPoints)
		it.Children = append(it.Children, parts...)
	}
	return it
}

func (d *drawing) checklist() *Item {
	id := d.name("checklist")
	it := &Item{Kind: IndicatorItem, ID: id, Name: id, FullPoints: num("3"), Checklist: &Checklist{
		Lines: []ChecklistLine{{"first", num("2")}, {"second", num("1")}},
	}}
	if d.yes() {
		it.Checklist.Partly = numPtr("1/3")
	}
	return it
}

func (d *drawing) deduction() *Item {
	id := d.name("deduction")
	fields := []formula.Symbol{{ID: "people", Name: "people", Kind: formula.Number, Nullable: true}}
	it := &Item{Kind: DeductionItem, ID: id, Name: id, Cases: &CaseTable{Register: "cases", Lines: []CaseLine{
		{When: d.m.exprOver("people > 10", fields), Points: num("1.255")}, {Otherwise: true, Points: num("0.5")},
	}}}
	if d.yes() {
		it.Cases = &CaseTable{Register: "cases", ClassifiedBy: "kind", Lines: []CaseLine{{Class: "x", Points: num("2")}, {Class: "y", Points: num("1")}}}
	}
	if d.yes() {
		it.AtMost = numPtr(d.one("1", "3", "2.005"))
	}
	return it
}

func (d *drawing) policy() Policy {
	return Policy{Action: PolicyAction(d.one("", "hold", "leave out", "full points", "no points", "points")), Points: num("1.5")}
}

func (d *drawing) indicator() *Item {
	id := d.name("indicator")
	it := &Item{
		Kind: IndicatorItem, ID: id, Name: id, Metric: d.one("ratio", "change", "count"),
		FullPoints: num(d.one("5", "10", "7.5")), Scale: d.scale(), IfMissing: d.policy(), IfZeroDenominator: d.policy(),
	}
	return it
}

// twins draws two indicators with the same full points, one for each peer group.
func (d *drawing) twins() []*Item {
	a, b := d.indicator(), d.indicator()
	a.OnlyFor, b.OnlyFor, b.FullPoints = "property", "life", a.FullPoints
	return []*Item{a, b}
}

func (d *drawing) end() *Bound {
	b := &Bound{Value: num(d.one("0", "1", "-2", "1/3", "1/1000000")), Text: "end"}
	if d.yes() {
		b.Benchmark, b.Text = d.one("p20", "p70", "mean", "pooled"), ""
		b.Value = num(d.one("1", "2", "1/2"))
	}
	return b
}

func (d *drawing) scale() *Scale {
	lower := d.yes()
	s := &Scale{Form: ScaleForm(d.one(string(StraightLine), string(Bands), string(Anchors), string(ByFormula)))}
	if d.below(3) == 0 {
		s.CompareWith = d.one("p20", "mean", "pooled")
	}
	switch s.Form {
	case StraightLine:
		s.FullAt, s.NoneAt = d.end(), d.end()
		if d.yes() {
			s.LowerBetter = &lower
		}
	case Bands:
		s.Bands = []Band{{To: d.end(), ToOpen: d.yes(), Points: num("5")}, {From: d.end(), To: d.end(), FromOpen: d.yes(), Points: num("2")}}
		if d.yes() {
			s.Bands = append(s.Bands, Band{Otherwise: true})
		}
	case Anchors:
		for i := range 1 + d.below(4) {
			s.Anchors = append(s.Anchors, Anchor{*d.end(), exact.Int(int64(5 - i))})
		}
	case ByFormula:
		symbols := append(slices.Clone(d.m.symbols), formula.Symbol{ID: idScaleMetric, Name: "metric"}, formula.Symbol{ID: idScaleFullPoints, Name: "full_points"})
		s.Formula = d.m.exprOver(d.one("full_points * rank(metric) / count(metric)", "full_points / metric", "full_points / 3"), symbols)
	}
	return s
}

func (d *drawing) facts(p *Pack) *Facts {
	m := newFacts("2025H1")
	for i := range d.below(7) {
		code := fmt.Sprintf("S%d", i)
		s := m.subject(code, d.one("property", "life", "property", "nowhere"))
		s.Name = d.one("One", "Other") // names are not unique
		if i > 0 && d.below(4) == 0 {
			s.Type, s.Parent = "unit", fmt.Sprintf("S%d", d.below(i+1))
		}
		for _, at := range []Period{m.at, period("2024H1")} {
			for _, id := range []string{"a", "b"} {
				if d.below(8) > 0 {
					m.figureIn(at, code, id, d.one("0", "1", "3", "3", "1,000,000", "-7", "12,345,678,901,234.56"))
				}
			}
		}
		for _, it := range checklistsIn(p.Sections) {
			for _, line := range it.Checklist.Lines {
				if d.below(10) > 0 {
					m.f.Judgements = append(m.f.Judgements, Judgement{Subject: code, Period: m.at, Indicator: it.ID, Line: line.Name, Answer: Answer(d.one("yes", "no", "partly", "n.a."))})
				}
			}
		}
		for k := range d.below(4) {
			r := m.record("cases", code, fmt.Sprintf("%s-%d", code, k), "2025-03-03", "kind", d.one("x", "y", "x", "x"))
			r.Times = d.below(4)
			if d.yes() {
				r.Fields["people"] = formula.Value{Num: num(d.one("5", "11"))}
			}
		}
	}
	if d.below(5) > 0 {
		m.cover("cases")
	}
	return m.f
}

func checklistsIn(items []*Item) []*Item {
	var out []*Item
	for _, it := range items {
		if it.Checklist != nil {
			out = append(out, it)
		}
		out = append(out, checklistsIn(it.Children)...)
	}
	return out
}

// Whatever the pack and the facts: every line is explained, explanation and
// result agree, the parts of a card add up to it, English has no Chinese, and the
// order of the facts changes nothing.
func TestEveryCardOfAnyPackAddsUpAndIsExplained(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, p := drawPack(t, rt)
		f := d.facts(p)
		e, err := Evaluate(p, period("2025H1"), f)
		if err != nil {
			rt.Fatal(err)
		}
		before := e.Result().Canonical()
		for i := range e.Result().Scorecards {
			card := &e.Result().Scorecards[i]
			checkSums(rt, p, card)
			for j := range card.Lines {
				checkExplained(rt, e, card, &card.Lines[j])
			}
		}
		for _, x := range e.Result().Excluded {
			if _, err := e.Explain(x.Subject, "total"); err != nil || x.Reason.ZH == "" || !plainEnglish(x.Reason.EN) {
				rt.Fatalf("%s: %v, %+v", x.Subject, err, x.Reason)
			}
		}
		checkRanks(rt, p, e.Result().Scorecards)
		if !bytes.Equal(before, e.Result().Canonical()) {
			rt.Fatal("explaining changed the result")
		}
		shuffle(f, rand.New(rand.NewPCG(1, 2)))
		again, err := Evaluate(p, period("2025H1"), f)
		if err != nil || !bytes.Equal(before, again.Result().Canonical()) {
			rt.Fatalf("other bytes after shuffling (%v)", err)
		}
	})
}

func plainEnglish(s string) bool {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			return false
		}
	}
	return s != ""
}

func checkExplained(t *rapid.T, e *Evaluation, card *Scorecard, l *Line) {
	x, err := e.Explain(card.Subject, l.Item)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(&x.Line, l) {
		t.Fatalf("the line is %+v, its explanation %+v", l, x.Line)
	}
	if (l.Status == Scored) != (l.Points != nil) {
		t.Fatalf("%s is %s with points %v", l.Item, l.Status, l.Points)
	}
	said := []Text{x.Title, l.Reason}
	if l.Status == Scored {
		said = append(said, x.Points)
	} else {
		said = append(said, x.Policy)
	}
	for _, s := range append(said, x.Filled...) {
		if s.ZH == "" || !plainEnglish(s.EN) {
			t.Fatalf("%s of %s (%s) says %+v", l.Item, card.Subject, l.Status, s)
		}
	}
	for _, s := range []Text{x.Peers, x.Scale, x.Policy, x.Points} {
		if (s.ZH == "") != (s.EN == "") || s.EN != "" && !plainEnglish(s.EN) {
			t.Fatalf("%s of %s says %+v", l.Item, card.Subject, s)
		}
	}
	if l.Points != nil && !l.Points.IsZero() {
		shown := l.Points.Abs()
		whole, rounded := shown.Shortest(4), shown.Decimal(e.pack.Rounding.Points.Decimals, exact.HalfUp)
		if !strings.Contains(x.Points.ZH, whole) && !strings.Contains(x.Points.ZH, rounded) {
			t.Fatalf("%s has %s points, explained as %s", l.Item, l.Points, x.Points.ZH)
		}
	}
	if l.Kind == DeductionItem && l.Status == Scored {
		checkCases(t, e.pack, l, x)
	}
}

// checkCases adds the explained cases up again.
func checkCases(t *rapid.T, p *Pack, l *Line, x *Explanation) {
	off, times := exact.Num{}, 0
	for i, c := range x.Cases {
		off = off.Add(x.CasePoints[i])
		times += c.times()
	}
	off = p.roundPoints(off)
	if most := itemOf(p.Sections, l.Item).AtMost; most != nil {
		off = exact.Min(off, *most)
	}
	if !off.Neg().Equal(*l.Points) || times != l.Cases {
		t.Fatalf("%s: cases take %s off, the line %s", l.Item, off, l.Points)
	}
}

func itemOf(items []*Item, id string) *Item {
	for _, it := range items {
		if it.ID == id {
			return it
		}
		if found := itemOf(it.Children, id); found != nil {
			return found
		}
	}
	return nil
}

// checkSums adds the lines of a card up again, from what is printed on it.
func checkSums(t *rapid.T, p *Pack, card *Scorecard) {
	for i := range card.Lines {
		switch l := &card.Lines[i]; l.Kind {
		case SectionItem, GroupItem:
			checkContainer(t, p, card, l)
		case TotalItem:
			checkTotal(t, p, card, l)
		case IndicatorItem:
			if l.Points != nil && (l.Points.Sign() < 0 || l.Points.Sub(l.FullPoints).Cmp(exact.Int(1)) >= 0) {
				t.Fatalf("%s has %s of %s points", l.Item, l.Points, l.FullPoints)
			}
		}
	}
}

func checkContainer(t *rapid.T, p *Pack, card *Scorecard, l *Line) {
	sum, full, parts := exact.Num{}, exact.Num{}, 0
	var add func(parent string, onlyDeductions bool)
	add = func(parent string, onlyDeductions bool) {
		for i := range card.Lines {
			c := &card.Lines[i]
			if c.Parent != parent {
				continue
			}
			if c.Kind == DeductionItem {
				if !p.deductsFromTotal() && c.Points != nil {
					sum = sum.Add(*c.Points)
				}
				continue
			}
			if c.Status == LeftOut {
				add(c.Item, true)
			}
			if !onlyDeductions {
				parts++
				full = full.Add(c.FullPoints)
				if c.Points != nil {
					sum = sum.Add(*c.Points)
				}
			}
		}
	}
	add(l.Item, false)
	if l.Status != LeftOut && l.Status != NotComputable && !full.Equal(l.FullPoints) {
		t.Fatalf("%s has %s points, its parts %s", l.Item, l.FullPoints, full)
	}
	if l.Points == nil {
		return
	}
	if least := itemOf(p.Sections, l.Item).NotBelow; least != nil {
		sum = exact.Max(sum, *least)
	}
	if !sum.Equal(*l.Points) {
		t.Fatalf("%s is %s, its parts %s", l.Item, l.Points, sum)
	}
}

func checkTotal(t *rapid.T, p *Pack, card *Scorecard, l *Line) {
	if (l.Points == nil) != (card.Total == nil) || card.Total != nil && !card.Total.Equal(*l.Points) {
		t.Fatalf("the total is %v on the card and %v on its line", card.Total, l.Points)
	}
	if l.Points == nil {
		return
	}
	sum := exact.Num{}
	for i := range card.Lines {
		c := &card.Lines[i]
		counts := c.Kind == SectionItem || c.Kind == DeductionItem && p.deductsFromTotal()
		switch {
		case counts && c.Points == nil:
			t.Fatalf("there is a total although %s is %s", c.Item, c.Status)
		case counts:
			sum = sum.Add(*c.Points)
		}
	}
	if p.Total.NotBelow != nil {
		sum = exact.Max(sum, *p.Total.NotBelow)
	}
	if !p.roundTotal(sum).Equal(*l.Points) {
		t.Fatalf("the total is %s, its parts %s", l.Points, sum)
	}
}

func checkRanks(t *rapid.T, p *Pack, cards []Scorecard) {
	for _, a := range cards {
		if (a.Rank > 0) != (a.Total != nil) {
			t.Fatalf("%s has rank %d and total %v", a.Subject, a.Rank, a.Total)
		}
		for _, b := range cards {
			if a.Total == nil || b.Total == nil || !p.Ranking.AllAssessed && a.PeerGroup != b.PeerGroup {
				continue
			}
			if (a.Total.Cmp(*b.Total) > 0) != (a.Rank < b.Rank) {
				t.Fatalf("%s: %s, rank %d; %s: %s, rank %d", a.Subject, a.Total, a.Rank, b.Subject, b.Total, b.Rank)
			}
		}
	}
}
