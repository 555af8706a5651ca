package engine

import (
	"strings"
	"testing"
)

// A batch is laid over what is there: what it says again is replaced, the rest stays.
func TestFactsWithABatch(t *testing.T) {
	h1 := period("2025H1")
	f := &Facts{
		Figures: []Figure{{Subject: "A", Statistic: "x", Period: h1, Value: num("1")}, {Subject: "B", Statistic: "x", Period: h1, Value: num("2")}},
		Records: []Record{{Register: "r", Subject: "A", Key: "1"}, {Register: "r", Subject: "A"}},
	}
	with := f.With(&Batch{
		Figures: []Figure{{Subject: "A", Statistic: "x", Period: h1, Value: num("9")}},
		Records: []Record{{Register: "r", Subject: "A", Key: "1", Times: 3}, {Register: "r", Subject: "A"}},
	})
	if len(f.Figures) != 2 || !f.Figures[0].Value.Equal(num("1")) || len(f.Records) != 2 {
		t.Fatal("the facts themselves were changed")
	}
	if len(with.Figures) != 2 || !with.Figures[1].Value.Equal(num("9")) {
		t.Errorf("figures: %+v", with.Figures)
	}
	if len(with.Records) != 3 || with.Records[1].Times != 3 {
		t.Errorf("records: %+v", with.Records)
	}
}

// The figures of a broken check carry the place that each came from; a check that
// lacks a figure, or does not apply, finds nothing.
func TestCrossChecksNameTheirFigures(t *testing.T) {
	m := newPack(t)
	for _, s := range []string{"part", "whole"} {
		m.reported(s, "件")
	}
	m.metric("shown", "件", "whole")
	m.p.CrossChecks = []CrossCheck{
		{ID: "parts", Name: "parts", Holds: m.expr("part <= whole"), Refuse: true, Law: Law{Cite: "三"}},
		{ID: "halves", Name: "halves", Holds: m.expr("上半年(whole) <= whole")},
	}
	year := period("2025")
	value := func(subject, statistic, at, v string) Figure {
		return Figure{Subject: subject, Statistic: statistic, Period: period(at), Value: num(v), Origin: Origin{Batch: "B-1", File: "a.csv", Row: 7, Column: statistic}}
	}
	facts := &Facts{
		Subjects: []Subject{{Code: "A", Name: "A", PeerGroup: "property"}, {Code: "B", Name: "B", PeerGroup: "property"}},
		Figures: []Figure{
			value("A", "part", "2025", "5"), value("A", "whole", "2025", "4"), value("A", "whole", "2025H1", "4"),
			value("B", "part", "2025", "9"), value("B", "whole", "2025H1", "3"),
		},
	}
	found, err := CheckFigures(m.p, year, facts)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 1 || found[0].Subject != "A" || found[0].Rule != "parts" || !found[0].Refuse || found[0].Cite != "三" {
		t.Fatalf("found %+v", found)
	}
	if s := found[0].Steps; len(s) != 2 || !strings.Contains(s[0].ZH, "批次 B-1 a.csv 第 7 行“part”列") {
		t.Errorf("steps %+v", s)
	}
	facts.Figures = append(facts.Figures, value("B", "whole", "2025", "2"))
	if found, err = CheckFigures(m.p, year, facts); err != nil || len(found) != 3 {
		t.Errorf("%v, %d found: %+v", err, len(found), found)
	}
}
