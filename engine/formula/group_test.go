package formula

import (
	"math"
	"testing"

	"kaoping/engine/exact"
)

func TestStatisticsOfOddArguments(t *testing.T) {
	values := []exact.Num{exact.Int(3), exact.Int(1), exact.Int(2)}
	for _, share := range []exact.Num{exact.Int(-1), exact.Frac(11, 10), exact.Int(3)} {
		if x, ok := Statistic("percentile", values, share); ok {
			t.Errorf("the percentile %s is %s", share, x)
		}
	}
	for _, name := range []string{"mean", "median", "percentile", "min", "max", "variance", "mode", ""} {
		if x, ok := Statistic(name, nil, exact.Num{}); ok {
			t.Errorf("the %s of nothing is %s", name, x)
		}
	}
	if !values[0].Equal(exact.Int(3)) {
		t.Error("the values were sorted in place")
	}
}

func TestStatistics(t *testing.T) {
	var values []exact.Num
	for _, n := range []int64{7, 1, 4, 2} {
		values = append(values, exact.Int(n))
	}
	for _, c := range []struct{ name, share, want string }{
		{"sum", "0", "14"}, {"mean", "0", "7/2"}, {"median", "0", "3"}, {"percentile", "0", "1"}, {"percentile", "1", "7"}, {"percentile", "0.65", "3.9"},
		{"min", "0", "1"}, {"max", "0", "7"}, {"variance", "0", "21/4"}, {"count", "0", "4"},
	} {
		if got, ok := Statistic(c.name, values, exactly(t, c.share)); !ok || !got.Equal(exactly(t, c.want)) {
			t.Errorf("%s %s = %s, want %s", c.name, c.share, got, c.want)
		}
	}
}

// The smallest machine integer has no opposite; a column may hold it all the same.
func TestTheSmallestIntegerIsANumber(t *testing.T) {
	column := FixedColumn([]int64{math.MinInt64, math.MaxInt64, 0}, 1, nil)
	in := Input{Rows: 3, Column: func(Ref) (*Column, error) { return column, nil }}
	for formula, want := range map[string][]string{
		"-x": {"9223372036854775808", "-9223372036854775807", "0"}, "abs(x)": {"9223372036854775808", "9223372036854775807", "0"},
		"x - 1": {"-9223372036854775809", "9223372036854775806", "-1"}, "round(x / 3, 1)": {"-3074457345618258602.7", "3074457345618258602.3", "0"}, "rank(x)": {"1", "3", "2"},
	} {
		c, err := Eval(mustCheck(t, formula, NewScope(Symbol{ID: "x"})), in)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range want {
			if v := c.At(i); v.Status != OK || !v.Num.Equal(exactly(t, w)) {
				t.Errorf("%s in row %d is %s (status %d), want %s", formula, i, v.Num, v.Status, w)
			}
		}
	}
}
