package unit

import (
	"strings"
	"testing"
)

func TestFittingUnitsHaveTheDimension(t *testing.T) {
	for name, want := range map[string]string{
		"万元":   "元 千元 万元 百万元 亿元",
		"件":    "件 千件 万件 百万件 亿件",
		"%":    "% ‰ 百分点",
		"件/亿元": "件/亿元",
		"":     "",
	} {
		u, err := Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(Fitting(u), " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	usd, err := Parse("USD million")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Fitting(usd) {
		if v, err := Parse(name); err != nil || !v.SameDimension(usd) {
			t.Errorf("%s does not fit USD million", name)
		}
	}
}
