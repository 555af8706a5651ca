package reports

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLinesBreakWhereReadersExpectIt(t *testing.T) {
	f, err := openFaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"投诉件处理及时率", 4, []string{"投诉件处", "理及时率"}},
		{"投诉件处理,及时率", 5, []string{"投诉件处", "理,及时率"}}, // no comma begins a line
		{"甲(乙)", 2, []string{"甲", "(乙)"}},           // no bracket ends one
		{"two words here", 5, []string{"two words", "here"}},
		{"abcdefghijklmnop", 3, []string{"abcde", "fghijkl", "mnop"}},
		{"a\n\nb", 9, []string{"a", "", "b"}},
		{"", 9, []string{""}},
	} {
		if got := f.regular.breakLines(c.text, c.width); !slices.Equal(got, c.want) {
			t.Errorf("%q in %v: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestNoCharacterIsLostInBreaking(t *testing.T) {
	f, err := openFaces()
	if err != nil {
		t.Fatal(err)
	}
	squeeze := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("投诉件,。(《”ab cd-1.5%\n"))).Draw(t, "text")
		width := rapid.Float64Range(0.1, 12).Draw(t, "width")
		got := f.regular.breakLines(text, width)
		if squeeze(strings.Join(got, "")) != squeeze(text) {
			t.Fatalf("%q became %q", text, got)
		}
		for _, line := range got {
			if f.regular.width(strings.TrimRight(line, " ")) > width && len([]rune(line)) > 1 {
				t.Fatalf("%q is wider than %v", line, width)
			}
		}
	})
}

func TestCharactersThatTheFontLacks(t *testing.T) {
	f, err := openFaces()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"−×÷≤≥≠√①▲▼●■—…·%℃㎡", "䶮𬭊㛃〇", "▁▂▃▄▅▆▇█"} {
		if _, got := f.pick(s, false); got != s {
			t.Errorf("%s became %s", s, got)
		}
	}
	if face, got := f.pick("龘", true); face != f.regular || got != "龘" {
		t.Errorf("a character that only the regular weight has: %s %s", face.family, got)
	}
	if _, got := f.pick("a\U0001F600b", true); got != "a〓b" {
		t.Errorf("an emoji: %q", got)
	}
}
