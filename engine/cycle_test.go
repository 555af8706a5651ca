package engine

import (
	"reflect"
	"testing"
)

func TestCycles(t *testing.T) {
	for _, c := range []struct {
		name string
		deps map[string][]string
		want [][]string
	}{
		{"a chain is no circle", map[string][]string{"a": {"b"}, "b": {"c"}}, nil},
		{"a diamond is no circle", map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}, nil},
		{"a name that needs itself", map[string][]string{"a": {"a"}}, [][]string{{"a"}}},
		{"a circle begins where it is entered", map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"b"}}, [][]string{{"b", "c"}}},
		{"every circle is found", map[string][]string{"a": {"b"}, "b": {"a"}, "c": {"c"}}, [][]string{{"a", "b"}, {"c"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Cycles([]string{"a", "b", "c", "d"}, func(name string) []string { return c.deps[name] })
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("circles %v, want %v", got, c.want)
			}
		})
	}
}
