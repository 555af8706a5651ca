package rules

import (
	"os"
	"strings"
	"testing"

	"kaoping/engine"
)

// mistakeCases are the mistakes that officers make, each with the bad file that
// makes it, the code it is reported under, the source it points at and a part of
// what is said about it.
var mistakeCases = []struct {
	mistake, file, code, at, zh string
}{
	{"an indentation that differs from its siblings", "many", CodeYAML, "value: 20 件", "缩进不一致: 本行 5 个空格, 第 5 行同级为 4 个"},
	{"an unknown key", "many", CodeUnknownKey, "weigth: 20%", "没有关键字“weigth”"},
	{"words for a number", "many", CodeWrongType, "二十", "“二十”不是数字"},
	{"points that do not add up", "points-do-not-add-up", CodePoints, "full_points: 20", "总分的各部分合计 10, 应为 20"},
	{"weights that do not add up", "many", CodeWeights, "section: 定量", "合计 90%, 应为 100%"},
	{"units that do not agree", "many", CodeUnit, "车险投诉件数 / 车险保费收入", "公式得到“件/元”,声明为“件”"},
	{"a bracket that is not closed", "many", CodeFormula, "(按时件数 / 转办件数", "这个括号没有右括号"},
	{"a name that is not there", "many", CodeUnknownName, "车险保费 / 亿元", "“车险保费”没有定义"},
	{"editions that overlap", "many", CodeOverlap, "effective: {from: 2024-01-01", "与版本 2023-01-01 的有效期重叠"},
	{"editions that leave a gap", "many", CodeEditionGap, "effective: {from: 2026-01-01", "2025-01-01 至 2025-12-31 没有版本有效"},
	{"> where the words include the bound", "many", CodeStrictBound, "人数 > 50", "条件“> 50”与原文“50人(含)以上”不一致"},
	{">= where the words leave the bound out", "strict-bound", CodeStrictBound, "人数 >= 5", "与原文“超过5人”不一致"},
	{"a scale on which everybody gets full points", "always-full-points", CodeAlwaysFull, "bands:", "都得满分"},
	{"a scale on which nobody gets a point", "always-no-points", CodeAlwaysNone, "bands:", "都得 0 分"},
	{"no policy for a zero denominator", "missing-zero-policy", CodeZeroPolicy, "亿元保费投诉量", "没有写明分母为零时怎么办"},
	{"another number of items than the text announces", "counts-differ", CodeCounts, "设10个指标", "文字称有 10 个指标"},
	{"a condition that never holds", "dead-condition", CodeDead, "金额 > 100 and 金额 < 50", "永远不成立"},
	{"a condition that always holds", "dead-condition", CodeDead, `级别 == "轻" or 级别 == "重"`, "总是成立"},
	{"a line that an earlier one swallows", "dead-condition", CodeDead, `级别 == "重", points: 3`, "永远用不到"},
	{"a number without a clause", "uncited-number", CodeUncited, "直线:", "没有依据"},
	{"a quote that is not in the source", "many", CodeQuote, "评为乙等的予以通报", "引文与原文不符"},
	{"a file saved as GBK", "many", CodeNotUTF8, "remarks:", "文件不是 UTF-8 编码"},
	{"full-width punctuation", "many", CodeFullWidth, "元，", "这里的逗号是全角"},
	{"a tab in the indentation", "many", CodeTab, "用了制表符", "缩进用了制表符"},
	{"a key written twice", "many", CodeDuplicateKey, "id: again", "“件数”已经写在第 12 行"},
	{"YAML's trap 010", "yaml-trap", CodeTrap, "full_points: 010", "“010”"},
	{"YAML's trap no", "yaml-trap", CodeTrap, "title: no", "“no”没有引号"},
	{"YAML's trap 1.10", "yaml-trap", CodeTrap, "cite: 1.10", "“1.10”没有引号"},
	{"YAML's trap 1e3", "yaml-trap", CodeTrap, "1e3]", "“1e3”没有引号"},
	{"bands with a gap", "many", CodeBandsGap, "from: 3件, to: 6件", "没有档"},
	{"bands that overlap", "many", CodeBandsOverlap, "from: 5件", "重叠"},
	{"formulas in a circle", "many", CodeCycle, "甲: {formula: 乙", "引用成环"},
}

func TestEveryMistakeHasItsCode(t *testing.T) {
	loaded := map[string][]Diagnostic{}
	for _, c := range mistakeCases {
		diags, ok := loaded[c.file]
		if !ok {
			data, err := os.ReadFile("testdata/bad/" + c.file + ".txtar")
			if err != nil {
				t.Fatal(err)
			}
			_, diags = Load(filesOf(parseArchive(data)))
			loaded[c.file] = diags
		}
		if !reported(diags, c.code, c.at, c.zh) {
			t.Errorf("%s: %s.txtar does not report %s at %q with %q", c.mistake, c.file, c.code, c.at, c.zh)
		}
	}
	if n := countErrors(loaded["many"]); n < 50 {
		t.Errorf("many.txtar has %d errors, its first line promises more than fifty", n)
	}
}

func reported(diags []Diagnostic, code, at, zh string) bool {
	for _, d := range diags {
		if d.Code == code && strings.Contains(d.Source, at) && strings.Contains(d.Message.In(engine.Chinese), zh) {
			return d.Line > 0 && d.Column > 0 && d.Message.EN != "" && d.Message.EN != d.Message.ZH
		}
	}
	return false
}

func countErrors(diags []Diagnostic) int {
	n := 0
	for _, d := range diags {
		if d.Level == LevelError {
			n++
		}
	}
	return n
}
