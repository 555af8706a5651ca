package movement

import (
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
)

func num(s string) exact.Num {
	n, err := exact.Parse(s)
	if err != nil {
		panic(err)
	}
	return n
}

func ref(s string) *exact.Num {
	n := num(s)
	return &n
}

// pack is a scheme of a section with two indicators, and a deduction that comes
// off the total, which is never below 0.
func pack() *engine.Pack {
	rate := &engine.Item{Kind: engine.IndicatorItem, ID: "rate", Name: "及时率", FullPoints: num("10"), Metric: "rate", Scale: &engine.Scale{
		Form: engine.StraightLine, FullAt: &engine.Bound{Value: num("1")}, NoneAt: &engine.Bound{Value: num("0.8")},
	}}
	volume := &engine.Item{Kind: engine.IndicatorItem, ID: "volume", Name: "投诉量", FullPoints: num("20"), Metric: "volume"}
	off := &engine.Item{Kind: engine.DeductionItem, ID: "off", Name: "扣分"}
	return &engine.Pack{
		Total:    &engine.Total{FullPoints: num("30"), NotBelow: ref("0"), DeductionsFromTotal: true},
		Sections: []*engine.Item{{Kind: engine.SectionItem, ID: "s", Name: "定量", Children: []*engine.Item{rate, volume, off}}},
		Ranking:  engine.Ranking{By: engine.RankKey{ID: "total"}},
	}
}

func card(code, rank, rate, metric, volume, off, total string) *engine.Scorecard {
	line := func(kind engine.ItemKind, id, points, full string) engine.Line {
		l := engine.Line{Kind: kind, Item: id, Name: id, Parent: "s", Status: engine.Scored, FullPoints: num(full)}
		if points == "" {
			l.Status, l.Reason = engine.LeftOut, engine.Text{ZH: "不计分", EN: "left out"}
			return l
		}
		l.Points = ref(points)
		return l
	}
	c := &engine.Scorecard{Subject: code, Name: code, PeerGroup: "p", Total: ref(total), RankBy: ref(total), Status: engine.Scored}
	r, _ := num(rank).Int64()
	c.Rank = int(r)
	section := engine.Line{Kind: engine.SectionItem, Item: "s", Name: "s", Status: engine.Scored, Points: ref("0"), FullPoints: num("30")}
	timely := line(engine.IndicatorItem, "rate", rate, "10")
	timely.Metric = ref(metric)
	c.Lines = []engine.Line{section, timely, line(engine.IndicatorItem, "volume", volume, "20"), line(engine.DeductionItem, "off", off, "0"),
		{Kind: engine.TotalItem, Item: "total", Name: "total", Status: engine.Scored, Points: ref(total), FullPoints: num("30")}}
	return c
}

func TestTheChangesOfTheLinesAddUpToTheChangeOfTheTotal(t *testing.T) {
	for name, c := range map[string]struct {
		before, after *engine.Scorecard
		change, rest  string
	}{
		"every line moved":                  {card("A", "1", "8.53", "0.9706", "12.34", "-1", "19.87"), card("A", "1", "9.48", "0.9896", "20", "0", "29.48"), "9.61", "0"},
		"the total was at its floor":        {card("A", "1", "1", "0.82", "2", "-10", "0"), card("A", "1", "2", "0.84", "2", "0", "4"), "4", "-7"},
		"a line was left out on one side":   {card("A", "1", "8", "0.96", "", "0", "8"), card("A", "1", "8", "0.96", "20", "0", "28"), "20", "0"},
		"two subjects of the same period":   {card("A", "2", "8", "0.96", "10", "0", "18"), card("B", "1", "9", "0.98", "10", "0", "19"), "1", "0"},
		"nothing moved":                     {card("A", "1", "8", "0.96", "10", "0", "18"), card("A", "1", "8", "0.96", "10", "0", "18"), "0", "0"},
		"rounding of the total leaves rest": {card("A", "1", "8.005", "0.96", "10", "0", "18.01"), card("A", "1", "8.004", "0.96", "10", "0", "18"), "-0.01", "-0.009"},
	} {
		got, ok := Between(pack(), c.before, c.after)
		if !ok {
			t.Fatalf("%s: nothing to compare", name)
		}
		sum := got.Rest
		for _, p := range got.Parts {
			sum = sum.Add(p.Change)
		}
		if !sum.Equal(got.Total) || !got.Total.Equal(num(c.change)) || !got.Rest.Equal(num(c.rest)) {
			t.Errorf("%s: parts and rest come to %s, total moved %s (want %s), rest %s (want %s)", name, sum, got.Total, c.change, got.Rest, c.rest)
		}
		if got.Rest.IsZero() != got.RestWhy.IsZero() {
			t.Errorf("%s: a rest must be explained", name)
		}
		if len(got.Parts) != 3 {
			t.Errorf("%s: %d parts, want the three leaves", name, len(got.Parts))
		}
	}
}

func TestWeightedContainersCountAsAWhole(t *testing.T) {
	p := pack()
	p.Sections[0].Combine = engine.WeightedMean
	a, b := card("A", "1", "8", "0.96", "10", "-1", "8"), card("A", "1", "9", "0.98", "10", "0", "9.5")
	a.Lines[0].Points, b.Lines[0].Points = ref("9"), ref("9.5")
	got, ok := Between(p, a, b)
	if !ok || len(got.Parts) != 2 || got.Parts[0].Item != "s" || !got.Parts[0].Change.Equal(num("0.5")) || got.Parts[1].Item != "off" {
		t.Errorf("parts: %+v", got)
	}
}

func TestNoTotalNoDecomposition(t *testing.T) {
	held := card("A", "0", "8", "0.96", "10", "0", "18")
	held.Total = nil
	if _, ok := Between(pack(), held, card("A", "1", "8", "0.96", "10", "0", "18")); ok {
		t.Error("a card without a total cannot be taken apart")
	}
}

func TestWhatWouldRaiseIt(t *testing.T) {
	first := card("B", "1", "10", "1", "12", "0", "22")
	own := card("A", "2", "8", "0.96", "13", "-1", "20")
	result := &engine.Result{Scorecards: []engine.Scorecard{*first, *own, *card("C", "3", "1", "0.82", "1", "0", "2")}}
	r, ok := RaiseOf(pack(), result, own)
	if !ok || r.Next == nil || r.Next.Subject != "B" || !r.Need.Equal(num("2")) || !r.Sum.Equal(num("10")) {
		t.Fatalf("raise: %+v", r)
	}
	want := []struct {
		item, points string
		enough       bool
	}{{"volume", "7", true}, {"rate", "2", true}, {"off", "1", false}}
	for i, w := range want {
		if g := r.Gains[i]; g.Item != w.item || !g.Points.Equal(num(w.points)) || g.Enough != w.enough {
			t.Errorf("gain %d: %+v, want %+v", i, g, w)
		}
	}
	if target := r.Gains[1].Target; target == nil || !target.Equal(num("1")) {
		t.Errorf("the timely rate has to reach 100%%, got %v", target)
	}
	if r, _ := RaiseOf(pack(), result, first); r.Next != nil {
		t.Error("nobody stands before the first")
	}
}

func TestACurveIsReadBothWays(t *testing.T) {
	p := pack()
	curve := CurveOf(&engine.Result{}, p.Sections[0].Children[0], "p", num("15")) // left-out points make it 15
	if got := curve.Points(num("0.9")); !got.Equal(num("7.5")) {
		t.Errorf("points at 90%%: %s", got)
	}
	if v, ok := curve.Value(num("7.5"), num("0.85")); !ok || !v.Equal(num("0.9")) {
		t.Errorf("value for 7.5 points: %s %t", v, ok)
	}
	if _, ok := curve.Value(num("16"), num("0.85")); ok {
		t.Error("no value earns more than the full points")
	}
	benchmark := &engine.Item{FullPoints: num("20"), Metric: "m", Scale: &engine.Scale{Form: engine.StraightLine, FullAt: &engine.Bound{Benchmark: "p20", Value: num("1")}, NoneAt: &engine.Bound{Benchmark: "p70", Value: num("2")}}}
	result := &engine.Result{Benchmarks: []engine.BenchmarkValue{{Benchmark: "p20", Metric: "m", PeerGroup: "p", Value: ref("3")}, {Benchmark: "p70", Metric: "m", PeerGroup: "p", Value: ref("4")}}}
	if got := CurveOf(result, benchmark, "p", num("20")); len(got) != 2 || !got[1].At.Equal(num("8")) {
		t.Errorf("curve between benchmarks: %+v", got)
	}
	if CurveOf(result, benchmark, "other", num("20")) != nil {
		t.Error("a benchmark that is not known gives no curve")
	}
}
