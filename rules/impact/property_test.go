package impact_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/rules"
	"kaoping/rules/diff"
	"kaoping/rules/impact"
)

// edit replaces one number of a pack by a random one.
type edit struct {
	old string
	new func(*rand.Rand) string
}

func between(format string, low, high int) func(*rand.Rand) string {
	return func(r *rand.Rand) string { return fmt.Sprintf(format, low+r.IntN(high-low+1)) }
}

// shares replaces two weights by two that add up to the same.
func shares(format string, sum int) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		a := 15 + r.IntN(sum-30)
		return fmt.Sprintf(format, a, sum-a)
	}
}

var drafts = map[string][]edit{
	"parts": {
		{"full_points_at: 20件", between("full_points_at: %d件", 5, 40)},
		{"no_points_at: 0%", between("no_points_at: %d%%", 0, 60)},
		{"at_most: 10, cite", between("at_most: %d, cite", 1, 15)},
		{"{otherwise: 8}", between("{otherwise: %d}", 1, 12)},
		{"{otherwise: 12}", between("{otherwise: %d}", 1, 20)},
		{"points: [0, 10, 25]", between("points: [0, %d, 25]", 1, 24)},
		{"not_below: 0\n    cite", func(*rand.Rand) string { return "cite" }},
		{"to: 2, points: 20", between("to: 2, points: %d", 13, 20)},
		{"2 decimals, half up", func(*rand.Rand) string { return "1 decimal, down" }},
	},
	"weights": {
		{"full_points_at: 100件", between("full_points_at: %d件", 50, 200)},
		{"no_points_at: 0件", between("no_points_at: %d件", 0, 40)},
		{"at_least_scored: 1", between("at_least_scored: %d", 1, 2)},
		{"points: never rounded", func(*rand.Rand) string { return `points: "2 decimals, half up, each indicator before adding up"` }},
	},
}

func TestTheCausesOfEveryMoveAddUpOnRandomDrafts(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	moved, each := 0, 60
	if testing.Short() {
		each = 20
	}
	for name, edits := range drafts {
		source, err := os.ReadFile("../testdata/keys/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		for range each {
			draft := string(source)
			for _, e := range edits {
				if random.IntN(3) == 0 {
					draft = strings.ReplaceAll(draft, e.old, e.new(random))
				}
			}
			if name == "weights" && random.IntN(2) == 0 {
				two := strings.Split(shares("%d %d", 100)(random), " ")
				draft = strings.Replace(strings.Replace(draft, "weight: 70%", "weight: "+two[0]+"%", 1), "weight: 30%", "weight: "+two[1]+"%", 1)
			}
			if draft != string(source) {
				moved += addsUp(t, random, name, string(source), draft)
			}
		}
	}
	if moved < each {
		t.Errorf("only %d subjects moved: the drafts change too little", moved)
	}
}

// addsUp sets a draft against the pack on random facts and returns how many
// subjects moved.
func addsUp(t *testing.T, random *rand.Rand, name, source, draft string) int {
	t.Helper()
	period, err := engine.ParsePeriod("2024")
	if err != nil {
		t.Fatal(err)
	}
	var editions [2]diff.Edition
	for i, text := range []string{source, draft} {
		files := map[string][]byte{name + ".yaml": []byte(text)}
		pack, diagnostics := rules.LoadFilesFor(files, period)
		if pack == nil {
			t.Fatalf("%v in\n%s", diagnostics, text)
		}
		editions[i] = diff.Edition{Pack: pack, Files: files}
	}
	facts := randomFacts(random, editions[0].Pack, period)
	evaluation, err := engine.Evaluate(editions[0].Pack, period, facts)
	if err != nil {
		t.Fatal(err)
	}
	x, err := impact.Compute(&impact.Evaluation{Evaluation: evaluation, Pack: editions[0].Pack}, editions, func(*engine.Pack) (*engine.Facts, error) { return facts, nil })
	if err != nil {
		t.Fatalf("%v in\n%s", err, draft)
	}
	moved := 0
	for _, s := range x.Subjects {
		if s.Move == nil {
			continue
		}
		if !s.After.Value.Sub(*s.Before.Value).Equal(*s.Move) {
			t.Errorf("%s: %s to %s is no move of %s", s.Code, s.Before.Value, s.After.Value, s.Move)
		}
		var sum exact.Num
		for _, it := range s.Items {
			sum = sum.Add(it.Move)
			var shares exact.Num
			for _, share := range it.Because {
				shares = shares.Add(share.Move)
				for _, c := range share.Causes {
					if c < 0 || c >= len(x.Causes) {
						t.Errorf("%s %s: there is no cause %d", s.Code, it.ID, c)
					}
				}
			}
			if !shares.Equal(it.Move) || !it.After.Sub(it.Before).Equal(it.Move) {
				t.Errorf("%s %s: %s to %s moves %s, its causes %s\n%s", s.Code, it.ID, it.Before, it.After, it.Move, shares, draft)
			}
		}
		if !sum.Equal(*s.Move) {
			t.Errorf("%s: the items move %s, the subject %s\n%s", s.Code, sum, s.Move, draft)
		}
		if !s.Move.IsZero() {
			moved++
		}
	}
	return moved
}

// randomFacts gives six subjects figures, answers and cases.
func randomFacts(random *rand.Rand, p *engine.Pack, period engine.Period) *engine.Facts {
	f := &engine.Facts{Snapshot: "random"}
	for _, reg := range p.Registers {
		f.Covered = append(f.Covered, engine.Coverage{Register: reg.ID, First: period.First, Last: period.Last})
	}
	for n := range 6 {
		code := fmt.Sprintf("S%d", n)
		s := engine.Subject{Code: code, Name: code, PeerGroup: p.PeerGroups[n%len(p.PeerGroups)].ID, Attributes: map[string]formula.Value{}}
		for _, a := range p.Attributes {
			if a.Formula == nil {
				s.Attributes[a.ID] = formula.Value{Bool: random.IntN(2) == 0}
			}
		}
		f.Subjects = append(f.Subjects, s)
		for _, stat := range p.Statistics {
			if stat.Scorecard == nil && random.IntN(8) > 0 {
				value := exact.Int(int64(random.IntN(60)))
				if stat.ID == "premium" {
					value = exact.Int(int64(random.IntN(200_000_000)))
				}
				f.Figures = append(f.Figures, engine.Figure{Subject: code, Statistic: stat.ID, Period: period, Value: value})
			}
		}
		for _, it := range p.AllItems() {
			if it.Checklist != nil {
				for _, l := range it.Checklist.Lines {
					f.Judgements = append(f.Judgements, engine.Judgement{Subject: code, Indicator: it.ID, Line: l.Name, Period: period, Answer: []engine.Answer{engine.Yes, engine.No, engine.Partly}[random.IntN(3)]})
				}
			}
			if it.Cases == nil {
				continue
			}
			for i := range random.IntN(3) {
				f.Records = append(f.Records, engine.Record{Register: it.Cases.Register, Key: fmt.Sprintf("%s-%s-%d", code, it.ID, i), Subject: code, Date: period.First,
					Fields: map[string]formula.Value{"层级": {Text: "国家"}, "级别": {Text: "省"}, "有效": {Bool: true}}})
			}
		}
	}
	return f
}
