package engine

import (
	"slices"
	"testing"
)

func TestFindCycle(t *testing.T) {
	for _, c := range []struct {
		name string
		deps map[string][]string
		want []string
	}{
		{"a chain is no circle", map[string][]string{"a": {"b"}, "b": {"c"}}, nil},
		{"a diamond is no circle", map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, nil},
		{"a name that needs itself", map[string][]string{"a": {"a"}}, []string{"a", "a"}},
		{"a circle is printed from where it is entered", map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"b"}}, []string{"b", "c", "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := FindCycle(c.deps); !slices.Equal(got, c.want) {
				t.Errorf("circle %v, want %v", got, c.want)
			}
		})
	}
}
