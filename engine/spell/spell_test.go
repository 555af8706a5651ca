package spell

import "testing"

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"weigth", "weight", 2}, {"kitten", "sitting", 3},
		{"车险保费", "车险保费收入", 2}, {"群体上访", "群体来访", 1},
	} {
		if got := Distance([]rune(test.a), []rune(test.b)); got != test.want {
			t.Errorf("%s to %s: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
