package engine

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestTheOrderOfFactsChangesNothing(t *testing.T) {
	p := shanghaiPack(t)
	want := evaluateIn(t, p, "2025H1", shanghaiFacts(t)).Result()
	rapid.Check(t, func(rt *rapid.T) {
		f := shanghaiFacts(t)
		shuffle(f, rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0)))
		got := evaluateIn(t, p, "2025H1", f).Result()
		if !bytes.Equal(got.Canonical(), want.Canonical()) || got.Digest() != want.Digest() {
			rt.Fatalf("other bytes:\n%s\n%s", got.Canonical(), want.Canonical())
		}
	})
}

func shuffle(f *Facts, r *rand.Rand) {
	r.Shuffle(len(f.Subjects), func(i, j int) { f.Subjects[i], f.Subjects[j] = f.Subjects[j], f.Subjects[i] })
	r.Shuffle(len(f.Figures), func(i, j int) { f.Figures[i], f.Figures[j] = f.Figures[j], f.Figures[i] })
	r.Shuffle(len(f.Records), func(i, j int) { f.Records[i], f.Records[j] = f.Records[j], f.Records[i] })
	r.Shuffle(len(f.Judgements), func(i, j int) { f.Judgements[i], f.Judgements[j] = f.Judgements[j], f.Judgements[i] })
	r.Shuffle(len(f.Covered), func(i, j int) { f.Covered[i], f.Covered[j] = f.Covered[j], f.Covered[i] })
}

func TestAResultSurvivesItsCanonicalForm(t *testing.T) {
	want := evaluateIn(t, shanghaiPack(t), "2025H1", shanghaiFacts(t)).Result()
	got, err := ParseResult(want.Canonical())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Canonical(), want.Canonical()) {
		t.Errorf("bytes changed:\n%s\n%s", got.Canonical(), want.Canonical())
	}
	if a, b := got.Scorecards[3].Lines[2], want.Scorecards[3].Lines[2]; !reflect.DeepEqual(a.Reason, b.Reason) || a.Item != b.Item {
		t.Errorf("line %+v, want %+v", a, b)
	}
}

func TestParseResultRefusesWhatIsNotAResult(t *testing.T) {
	if _, err := ParseResult([]byte("{")); err == nil {
		t.Error("no error")
	}
}
