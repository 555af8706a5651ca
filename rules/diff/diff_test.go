package diff_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"gopkg.in/yaml.v3"

	"kaoping/rules"
	"kaoping/rules/diff"
	"kaoping/rules/packs"
)

const shanghai = "cn-shanghai-complaint-handling/2022-10-01.yaml"

// source reads a shipped pack.
func source(t *testing.T, name string) string {
	t.Helper()
	data, err := fs.ReadFile(packs.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// edition loads one rule file; the pack is nil if it has mistakes.
func edition(name, text string) diff.Edition {
	library, _ := rules.Load(fstest.MapFS{name: {Data: []byte(text)}}, rules.Options{})
	all := library.Packs()
	if len(all) != 1 {
		return diff.Edition{Files: map[string][]byte{name: []byte(text)}}
	}
	return diff.Edition{Pack: all[0], Files: library.Files(all[0])}
}

// compare applies replacements to the Shanghai pack and compares.
func compare(t *testing.T, oldNew ...string) []diff.Change {
	t.Helper()
	text := source(t, shanghai)
	changed := text
	for i := 0; i < len(oldNew); i += 2 {
		if strings.Count(changed, oldNew[i]) != 1 {
			t.Fatalf("%q stands %d times in the pack", oldNew[i], strings.Count(changed, oldNew[i]))
		}
		changed = strings.Replace(changed, oldNew[i], oldNew[i+1], 1)
	}
	after := edition(shanghai, changed)
	if after.Pack == nil {
		t.Fatal("the changed pack has mistakes")
	}
	return diff.Compare(edition(shanghai, text), after)
}

func TestTheSameIsTheSame(t *testing.T) {
	if got := compare(t); len(got) != 0 {
		t.Errorf("an edition differs from itself: %+v", got)
	}
}

func TestOneChange(t *testing.T) {
	for name, c := range map[string]struct {
		edit   []string
		effect diff.Effect
		part   diff.Part
		action diff.Action
		owner  string
		zh, en string
	}{
		"a scale end": {
			[]string{"full_points_at: 50%\n          no_points_at: 0%", "full_points_at: 50%\n          no_points_at: 5%"},
			diff.Scores, diff.PartBound, diff.Changed, "indicator 转办前撤诉率",
			"评分办法 › 零分点 (score › no_points_at) 由 0% 改为 5%", "score › no_points_at changes from 0% to 5%",
		},
		"a formula": {
			[]string{"formula: 车险投诉件数 / 车险保费收入", "formula: 投诉件数 / 车险保费收入"},
			diff.Scores, diff.PartFormula, diff.Changed, "metric 车险亿元保费投诉量",
			"公式 (formula) 由 车险投诉件数 / 车险保费收入 改为 投诉件数 / 车险保费收入", "formula changes from 车险投诉件数 / 车险保费收入 to 投诉件数 / 车险保费收入",
		},
		"a formula written otherwise": {
			[]string{"formula: 车险投诉件数 / 车险保费收入", "formula: (车险投诉件数/车险保费收入)"},
			diff.Neutral, diff.PartFormula, diff.Changed, "metric 车险亿元保费投诉量", "", "",
		},
		"a number written otherwise": {
			[]string{"no_points_at: 80%", "no_points_at: 0.8"},
			diff.Neutral, diff.PartBound, diff.Changed, "indicator 投诉件处理及时率", "", "",
		},
		"a condition": {
			[]string{"where: 主流媒体 and 造成恶劣影响 ", "where: 主流媒体 "},
			diff.Scores, diff.PartCondition, diff.Changed, "deduction 负面舆情",
			"计入条件 (where) 由 主流媒体 and 造成恶劣影响 改为 主流媒体", "where changes from 主流媒体 and 造成恶劣影响 to 主流媒体",
		},
		"a policy": {
			[]string{"if_denominator_zero: full points          # A14: no complaint at all", "if_denominator_zero: no points          # A14: no complaint at all"},
			diff.Scores, diff.PartPolicy, diff.Changed, "indicator 转办前撤诉率",
			"分母为零时 (if_denominator_zero) 由 full points 改为 no points", "if_denominator_zero changes from full points to no points",
		},
		"rounding": {
			[]string{"points: 2 decimals, half up, each indicator", "points: 1 decimal, half up, each indicator"},
			diff.Scores, diff.PartRounding, diff.Changed, "rounding", "", "",
		},
		"ranking":   {[]string{"ties: share the better rank", "ties: share, no gaps"}, diff.Scores, diff.PartRanking, diff.Changed, "ranking", "", ""},
		"a penalty": {[]string{"{监管谈话: 2, 监管函: 3,", "{监管谈话: 2, 监管函: 4,"}, diff.Scores, diff.PartCases, diff.Changed, "deduction 违法违规案件", "", ""},
		"a cap": {
			[]string{"id: negative_press\n        at_most: 30", "id: negative_press\n        at_most: 20"},
			diff.Scores, diff.PartCap, diff.Changed, "deduction 负面舆情", "上限 (at_most) 由 30 改为 20", "at_most changes from 30 to 20",
		},
		"a clause":      {[]string{"cite: 细则 四(二)9\n", "cite: 细则 四(二)9(1)\n"}, diff.Wording, diff.PartCitation, diff.Changed, "deduction 负面舆情", "", ""},
		"a consequence": {[]string{"投诉件总量 > 25件", "投诉件总量 >= 25件"}, diff.Findings, diff.PartConsequence, diff.Changed, "consequence 半年度重点分析", "", ""},
		"a comment":     {[]string{"# M-N5", "# M-N5 revised"}, diff.Neutral, diff.PartLayout, diff.Changed, "rule file", "", ""},
		"an assumption in a comment": {
			[]string{"if_denominator_zero: full points          # A14: no complaint at all", "if_denominator_zero: full points          # A6: no complaint at all"},
			diff.Wording, diff.PartCitation, diff.Changed, "indicator 转办前撤诉率", "", "",
		},
		"an empty line": {[]string{"\nremarks:", "\n\nremarks:"}, diff.Neutral, diff.PartLayout, diff.Changed, "rule file", "", ""},
		"quotes":        {[]string{`unit: "%"` + "\n    over", `unit: '%'` + "\n    over"}, diff.Neutral, diff.PartLayout, diff.Changed, "benchmark 行业平均调解成功率", "", ""},
		"order of keys": {
			[]string{"id: negative_press\n        at_most: 30", "at_most: 30\n        id: negative_press"},
			diff.Neutral, diff.PartLayout, diff.Moved, "deduction 负面舆情", "", "",
		},
		"an assumption": {[]string{"zh: 上期指上年同期。", "zh: 上期指上一年同期。"}, diff.Wording, diff.PartCitation, diff.Changed, "assumption A4", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := compare(t, c.edit...)
			i := find(got, c.effect, c.part, c.action, c.owner)
			if i < 0 {
				t.Fatalf("no such change in %s", list(got))
			}
			if x := got[i]; c.zh != "" && (x.Text.ZH != c.zh || x.Text.EN != c.en) {
				t.Errorf("said %q and %q", x.Text.ZH, x.Text.EN)
			}
			if strongest := diff.Strongest(got); strongest != c.effect {
				t.Errorf("the strongest effect is %s in %s", strongest, list(got))
			}
		})
	}
}

func find(changes []diff.Change, e diff.Effect, p diff.Part, a diff.Action, owner string) int {
	for i, x := range changes {
		if x.Effect == e && x.Part == p && x.Action == a && x.Owner.Title().EN == owner {
			return i
		}
	}
	return -1
}

func list(changes []diff.Change) string {
	var b strings.Builder
	for _, x := range changes {
		b.WriteString("\n" + string(x.Effect) + " | " + string(x.Part) + " | " + string(x.Action) + " | " + x.Owner.Title().EN + " | " + x.Path + " | " + x.Text.EN)
	}
	return b.String()
}

// A change of any scalar of a shipped pack or of its tests is reported.
func TestNoScalarIsMissed(t *testing.T) {
	err := fs.WalkDir(packs.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".yaml") {
			return err
		}
		text := source(t, name)
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			return err
		}
		scalars := scalarsOf(&doc)
		most := 12 // of a file; all of them take minutes
		if name == shanghai {
			most = 250
		}
		scalars = everyNth(scalars, 1+len(scalars)/most)
		for _, n := range scalars {
			old := n.Value
			n.Value = old + "x"
			changed, err := yaml.Marshal(&doc)
			n.Value = old
			if err != nil {
				return err
			}
			files := [2]map[string][]byte{{name: []byte(text)}, {name: changed}}
			b, a := diff.Edition{Files: files[0]}, diff.Edition{Files: files[1]}
			if strings.HasSuffix(name, "_test.yaml") {
				b, a = diff.Edition{Tests: files[0]}, diff.Edition{Tests: files[1]}
			}
			if diff.Strongest(diff.Compare(b, a)) == diff.Neutral {
				t.Errorf("%s:%d: a change of %q is not reported", name, n.Line, old)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func scalarsOf(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n}
	}
	var out []*yaml.Node
	for _, c := range n.Content {
		out = append(out, scalarsOf(c)...)
	}
	return out
}

func everyNth(list []*yaml.Node, step int) []*yaml.Node {
	var out []*yaml.Node
	for i := 0; i < len(list); i += step {
		out = append(out, list[i])
	}
	return out
}

// A change of a number that the loader accepts and that gives another compiled
// pack is never called wording.
func TestWhatMovesScoresIsNotWording(t *testing.T) {
	text := source(t, shanghai)
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	before := edition(shanghai, text)
	tried := 0
	for _, n := range scalarsOf(&doc) {
		old := n.Value
		if n.Tag != "!!int" || n.Style == yaml.DoubleQuotedStyle {
			continue
		}
		n.Value = old + "1"
		changed, err := yaml.Marshal(&doc)
		n.Value = old
		if err != nil {
			t.Fatal(err)
		}
		after := edition(shanghai, string(changed))
		if after.Pack == nil {
			continue
		}
		tried++
		if got := diff.Compare(before, after); diff.Strongest(got) != diff.Scores {
			t.Errorf("line %d: %s → %s1 is called %s:%s", n.Line, old, old, diff.Strongest(got), list(got))
		}
	}
	if tried < 20 {
		t.Errorf("only %d numbers could be changed", tried)
	}
}
