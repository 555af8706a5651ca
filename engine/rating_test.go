package engine

import (
	"testing"

	"kaoping/engine/formula"
)

// twoSections has a section s of 10 points by 增长率 and a section g of 10 points
// by the same metric, which is for those with 规模 above zero.
func twoSections(t *testing.T) (*packMaker, *Pack) {
	p := onePack(t, &Scale{Form: StraightLine, FullAt: bound("10%"), NoneAt: bound("0%")})
	m := &packMaker{t: t, p: p, symbols: []formula.Symbol{{ID: "增长", Name: "增长", Kind: formula.Number, Unit: (&packMaker{t: t}).unit("%")}}}
	m.reported("规模", "件")
	second := indicator("增长率", "10", "10%", "0%")
	second.ID = "second"
	m.section(&Item{ID: "g", Name: "治理", FullPoints: num("10"), When: m.expr("规模 > 0"), Children: []*Item{second}})
	p.Total.FullPoints = num("20")
	return m, p
}

func TestNothingIsRatedWherePointsAreNotForTheSubject(t *testing.T) {
	_, p := twoSections(t)
	p.Ratings = &Ratings{By: refPoints + "g", ByName: "治理", Bands: []RatingBand{
		{Rating: "A", From: bound("5")}, {Rating: "D", To: bound("5"), ToOpen: true},
	}}
	f := oneFacts("8%")
	figures := &factsMaker{f: f, at: period("2025H1")}
	for code, size := range map[string]string{"A": "1", "B": "1", "C": "1", "X": "0"} {
		figures.figure(code, "规模", size)
	}
	e := evaluateIn(t, p, "2025H1", f)
	if c := cardOf(t, e, "X"); c.Rating != "" || c.ComputedRating != "" || c.RatingReason.IsZero() {
		t.Errorf("rated %q by points that are not for it: %s", c.Rating, c.RatingReason.EN)
	}
	if c := cardOf(t, e, "A"); c.Rating != "A" {
		t.Errorf("rated %q, want A: %s", c.Rating, c.RatingReason.EN)
	}
}

func TestAPartWithoutWeightHidesNoOtherPart(t *testing.T) {
	m, p := twoSections(t)
	section := p.Sections[0]
	behind := indicator("增长率", "10", "10%", "0%")
	behind.ID = "behind"
	section.Children = append(section.Children, behind)
	section.Combine, section.Children[0].Weight = WeightedMean, m.expr("规模")
	e := evaluateIn(t, p, "2025H1", oneFacts("8%")) // nobody has said its 规模
	l := lineOf(t, e, "X", "s")
	if l.Status != Held || l.Reason != reasonNoWeight("增长率") {
		t.Errorf("the section is %s: %s", l.Status, l.Reason.EN)
	}
	if got := pointsText(lineOf(t, e, "X", "behind")); got != "8.00" {
		t.Errorf("the part behind has %s, want 8.00", got)
	}
}
