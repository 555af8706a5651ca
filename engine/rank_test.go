package engine

import (
	"slices"
	"testing"
)

func TestStandings(t *testing.T) {
	values := []int{9, 8, 8, 7}
	same := func(i int) bool { return values[i] == values[i-1] }
	for _, c := range []struct {
		name string
		ties TieRule
		want []int
	}{
		{"equal entries share the better rank and the next one is skipped", ShareBetter, []int{1, 2, 2, 4}},
		{"dense ranks leave no gap", Dense, []int{1, 2, 2, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := standings(len(values), c.ties, same); !slices.Equal(got, c.want) {
				t.Errorf("ranks %v, want %v", got, c.want)
			}
		})
	}
}

// rankingPack only ranks a ratio, the way New York and California do.
func rankingPack(t *testing.T, then ...RankKey) *Pack {
	m := newPack(t)
	m.p.PeerGroups = m.p.PeerGroups[:1]
	m.reported("complaints", "件")
	m.reported("premium", "元")
	m.metric("ratio", "件/亿元", "complaints / premium")
	m.p.Ranking = Ranking{By: RankKey{ID: "ratio", Ascending: true}, Then: then, Ties: ShareBetter}
	return m.p
}

func TestRankingChain(t *testing.T) {
	facts := func() *Facts {
		m := newFacts("2025")
		for _, s := range []struct{ code, complaints, premium string }{
			{"A", "0", "1亿元"}, {"B", "0", "9亿元"}, {"C", "2", "4亿元"}, {"D", "1", "2亿元"}, {"E", "1", "0元"}, {"F", "0", "9亿元"},
		} {
			m.subject(s.code, "")
			m.figure(s.code, "complaints", s.complaints)
			m.figure(s.code, "premium", s.premium)
		}
		m.subject("G", "")
		return m.f
	}
	for _, c := range []struct {
		name string
		then []RankKey
		want map[string]int
	}{
		{"without a chain equal ratios share a rank", nil, map[string]int{"A": 1, "B": 1, "F": 1, "C": 4, "D": 4, "E": 0, "G": 0}},
		{"larger premium first", []RankKey{{ID: "premium"}}, map[string]int{"B": 1, "F": 1, "A": 3, "C": 4, "D": 5}},
		{"a tie-break only at zero leaves the others tied", []RankKey{{ID: "premium", ZeroOnly: true}}, map[string]int{"B": 1, "F": 1, "A": 3, "C": 4, "D": 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := evaluateIn(t, rankingPack(t, c.then...), "2025", facts())
			for code, rank := range c.want {
				if got := cardOf(t, e, code).Rank; got != rank {
					t.Errorf("%s ranks %d, want %d", code, got, rank)
				}
			}
			card := cardOf(t, e, "B")
			if card.Of != 5 || !card.Tied {
				t.Errorf("B: of %d, tied %t; want of 5, tied", card.Of, card.Tied)
			}
			if l := lineOf(t, e, "E", "ratio"); l.Status != NotComputable || l.Reason.EN != "the denominator premium is zero in the year 2025" {
				t.Errorf("E: %s, %s", l.Status, l.Reason.EN)
			}
			cards := e.Result().Scorecards
			if last := cards[len(cards)-1]; last.Subject != "G" || last.Status != Held {
				t.Errorf("last is %s, %s; want G, held", last.Subject, last.Status)
			}
		})
	}
}

func TestRankComparesExactValuesAndNotShownOnes(t *testing.T) {
	m := newFacts("2025")
	// 1/3 and 0.3333 complaints per yuan look the same with four decimals.
	m.subject("A", "")
	m.figure("A", "complaints", "1")
	m.figure("A", "premium", "3元")
	m.subject("B", "")
	m.figure("B", "complaints", "3333")
	m.figure("B", "premium", "10000元")
	e := evaluateIn(t, rankingPack(t), "2025", m.f)
	if a, b := cardOf(t, e, "A"), cardOf(t, e, "B"); b.Rank != 1 || a.Rank != 2 || a.Tied {
		t.Errorf("A ranks %d (tied %t), B ranks %d; want B before A", a.Rank, a.Tied, b.Rank)
	}
}

func TestARankingOfAllStillRanksMetricsAmongPeers(t *testing.T) {
	p := onePack(t, &Scale{Form: StraightLine, FullAt: bound("100%"), NoneAt: bound("0%")})
	p.Ranking.AllAssessed = true
	f := oneFacts("5%")
	f.Subjects[len(f.Subjects)-1].PeerGroup = "life" // whichever it is
	alone := f.Subjects[len(f.Subjects)-1].Code
	e := evaluateIn(t, p, "2025H1", f)
	if l := lineOf(t, e, alone, "增长率"); l.MetricRank != 1 {
		t.Errorf("the only one of its group ranks %d by its metric", l.MetricRank)
	}
	if card := cardOf(t, e, "X"); card.Of != 4 || card.Rank != 4 {
		t.Errorf("X ranks %d of %d", card.Rank, card.Of)
	}
	x := explained(t, e, "X", "total")
	if len(x.PeerValues) != 4 || x.PeerValues[0].Subject != "C" || x.PeerValues[3].Subject != "X" {
		t.Errorf("peers %+v", x.PeerValues)
	}
}

func TestALineIsFoundByIDBeforeName(t *testing.T) {
	card := Scorecard{Lines: []Line{{Item: "a", Name: "b"}, {Item: "b", Name: "c"}}}
	if l, ok := card.Line("b"); !ok || l.Item != "b" {
		t.Errorf("found %+v", l)
	}
	if l, ok := card.Line("c"); !ok || l.Item != "b" {
		t.Errorf("found %+v", l)
	}
	if _, ok := card.Line("d"); ok {
		t.Error("found a line that is not there")
	}
}

func TestEnglishTitlesOfPeriodsGoBehindThe(t *testing.T) {
	for key, want := range map[string]string{
		"2025": "year 2025", "2025H2": "second half of 2025", "2025Q3": "third quarter of 2025", "2025-06": "month of June 2025",
	} {
		if got := period(key).Title().EN; got != want {
			t.Errorf("%s is the %s, want the %s", key, got, want)
		}
	}
}
