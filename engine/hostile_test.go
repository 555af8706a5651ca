package engine

import (
	"bytes"
	"strings"
	"testing"
)

func TestParseResultOfHostileBytes(t *testing.T) {
	deep := `{"scorecards":` + strings.Repeat("[", 20000)
	for _, c := range []struct {
		name, in string
		ok       bool
	}{
		{"nothing", "", false},
		{"null", "null", true},
		{"a list", "[]", false},
		{"more behind it", "{} {}", false},
		{"nested without end", deep, false},
		{"a zero denominator", `{"scorecards":[{"total":"1/0"}]}`, false},
		{"a number that is no text", `{"scorecards":[{"total":0.1}]}`, false},
		{"a number without end", `{"scorecards":[{"total":"` + strings.Repeat("9", 1<<20) + `"}]}`, false},
		{"a day that does not exist", `{"edition":"2025-02-30"}`, false},
		{"a period that does not exist", `{"period":"2025H3"}`, false},
		{"bytes that are no text", "{\"pack\":\"\xff\xfe\"}", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := ParseResult([]byte(c.in))
			if (err == nil) != c.ok {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				return
			}
			again, err := ParseResult(r.Canonical())
			if err != nil || !bytes.Equal(again.Canonical(), r.Canonical()) {
				t.Errorf("not one canonical form: %v", err)
			}
		})
	}
}

func TestVeryLargeFiguresStayExact(t *testing.T) {
	m := newPack(t)
	m.reported("a", "元")
	m.reported("b", "元")
	m.metric("x", "%", "a / b")
	m.section(&Item{ID: "s", FullPoints: num("10"), Children: []*Item{indicator("x", "10", "100%", "0%")}})
	m.p.Total = &Total{FullPoints: num("10")}
	m.p.Rounding.RoundPoints = false
	f := newFacts("2025H1")
	huge := strings.Repeat("9", 60)
	for code, figures := range map[string][2]string{"A": {huge[:59] + "8", huge}, "B": {huge, huge}, "C": {"1", huge}} {
		f.subject(code, "property")
		f.figure(code, "a", figures[0])
		f.figure(code, "b", figures[1])
	}
	e := evaluateIn(t, m.p, "2025H1", f.f)
	for code, rank := range map[string]int{"B": 1, "A": 2, "C": 3} {
		if card := cardOf(t, e, code); card.Rank != rank || card.Tied {
			t.Errorf("%s ranks %d, want %d", code, card.Rank, rank)
		}
		explained(t, e, code, "x")
	}
	if total := cardOf(t, e, "C").Total; total.IsZero() {
		t.Error("a small share became zero")
	}
}

func TestPeersOfOneTwoAndEqualFigures(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []string
		want   string // points of the first
	}{
		{"one subject is its own benchmark", []string{"5%"}, "10.00"},
		{"two: the better has full points", []string{"5%", "10%"}, "10.00"},
		{"two: the worse has none", []string{"10%", "5%"}, "0.00"},
		{"all equal are full", []string{"7%", "7%", "7%"}, "10.00"},
		{"nobody has a value", []string{""}, "held"},
		{"ties at the lower end", []string{"5%", "5%", "5%", "9%"}, "10.00"},
		{"ties at the upper end", []string{"9%", "9%", "9%", "5%"}, "0.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := onePack(t, &Scale{Form: StraightLine, FullAt: bound("1"), NoneAt: bound("2")})
			p.Benchmarks = []Benchmark{
				{ID: "p20", Name: "P20", Take: "percentile", Percentile: num("0.2")}, {ID: "p70", Name: "P70", Take: "percentile", Percentile: num("0.7")},
			}
			it := against("增长率", "10", "p20", "p70")
			p.Sections[0].Children[0] = it
			f := newFacts("2025H1")
			for i, v := range c.values {
				code := string(rune('A' + i))
				f.subject(code, "property")
				if v != "" {
					f.figure(code, "增长", v)
				}
			}
			e := evaluateIn(t, p, "2025H1", f.f)
			if got := pointsText(lineOf(t, e, "A", "增长率")); got != c.want {
				t.Errorf("points %s, want %s", got, c.want)
			}
			explained(t, e, "A", "增长率")
		})
	}
}

func TestNobodyOnTheRoster(t *testing.T) {
	r := evaluateIn(t, shanghaiPack(t), "2025H1", &Facts{}).Result()
	if len(r.Scorecards) != 0 || !bytes.Contains(r.Canonical(), []byte(`"scorecards":[],"excluded":[],"benchmarks":[]`)) {
		t.Errorf("%s", r.Canonical())
	}
}
