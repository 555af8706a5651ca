package formula

import (
	"slices"
	"testing"
)

// someNames is a scope of a few names.
type someNames map[string]Symbol

func (s someNames) Lookup(name string) (Symbol, bool) { x, ok := s[name]; return x, ok }
func (s someNames) Names() []string                   { return nil }

func TestOutcomes(t *testing.T) {
	s := someNames{
		"人数": {ID: "n", Name: "人数", Kind: Number},
		"赔款": {ID: "m", Name: "赔款", Kind: Number},
		"批次": {ID: "k", Name: "批次", Kind: Number, Nullable: true},
		"类别": {ID: "c", Name: "类别", Kind: Text, Options: []string{"甲", "乙"}},
		"说明": {ID: "s", Name: "说明", Kind: Text},
		"撤回": {ID: "w", Name: "撤回", Kind: Bool},
	}
	for _, c := range []struct {
		condition     string
		never, always bool
	}{
		{"人数 >= 50", false, false},
		{"人数 > 50 and 人数 < 50", true, false},
		{"人数 > 50 and 人数 <= 50", true, false},
		{"人数 >= 50 and 人数 <= 50", false, false},
		{"人数 > 5 and 人数 < 6", false, false}, // whole or not is not known
		{"人数 > 5 or 人数 < 10", false, true},
		{"人数 > 10 or 人数 < 5", false, false},
		{"人数 > 5 or 人数 <= 5", false, true},
		{"批次 > 5 or 批次 <= 5", false, false}, // empty is neither
		{"批次 == none and 批次 > 1", true, false},
		{"类别 != \"甲\" and 类别 != \"乙\"", true, false},
		{"类别 == \"甲\" or 类别 == \"乙\"", false, true},
		{"类别 in [\"甲\", \"乙\"]", false, true},
		{"类别 == \"甲\" and 类别 == \"乙\"", true, false},
		{"not (类别 in [\"甲\"])", false, false},
		{"包含(类别, \"丁\")", true, false},
		{"包含(说明, \"丁\")", false, false},
		{"说明 == \"甲\" and 说明 != \"甲\"", true, false},
		{"说明 == \"丙\"", false, false},
		{"撤回 or not 撤回", false, true},
		{"撤回 and not 撤回", true, false},
		{"1 > 2", true, false},
		{"1 + 1 == 2", false, true},
		{"人数 + 赔款 > 5 and 人数 + 赔款 < 3", true, false},
		{"人数 > 赔款 and 人数 < 赔款", false, false}, // not worked out
		{"人数 == 赔款 and not (人数 == 赔款)", true, false},
	} {
		e, problems := Check(c.condition, s, Options{})
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.condition, problems)
			continue
		}
		rows, ok := Outcomes(s, []*Expr{e})
		if !ok {
			t.Errorf("%s: too much", c.condition)
			continue
		}
		holds := func(want bool) bool {
			return slices.ContainsFunc(rows, func(r []bool) bool { return r[0] == want })
		}
		if never, always := !holds(true), !holds(false); never != c.never || always != c.always {
			t.Errorf("%s: never %v, always %v", c.condition, never, always)
		}
	}
}
