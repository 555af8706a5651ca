package formula

import "strings"

// refusal says why something that expr reads has no place in a formula.
type refusal struct{ zh, en, hintZH, hintEN string }

// refusedSigns are looked up in this order.
var refusedSigns = []struct {
	sign string
	refusal
}{
	{"//", refusal{"公式里不能写注释", "a formula has no comments", "注释写在 YAML 里,以 # 开头", "write comments in the YAML, after #"}},
	{"/*", refusal{"公式里不能写注释", "a formula has no comments", "注释写在 YAML 里,以 # 开头", "write comments in the YAML, after #"}},
	{"#", refusal{"公式里不能用 #", "a formula has no #", "注释写在 YAML 里", "write comments in the YAML"}},
	{"||", refusal{}}, // allowed, and not two pipes
	{"|", refusal{"公式里不能用管道 |", "a formula has no pipes", "“或”写作 or", "“or” is written or"}},
	{"??", refusal{"公式里不能用 ??", "a formula has no ??", "缺数据时怎么办由 if_missing 规定", "if_missing says what happens when a figure is not there"}},
	{"**", refusal{"公式里没有乘方", "a formula has no powers", "把它写成乘法", "write it as a product"}},
	{"^", refusal{"公式里没有乘方", "a formula has no powers", "把它写成乘法", "write it as a product"}},
	{"<>", refusal{"“不等于”写作 !=", "“not equal” is written !=", "", ""}},
	{"=<", refusal{"“不大于”写作 <=", "“at most” is written <=", "", ""}},
	{"=>", refusal{"“不小于”写作 >=", "“at least” is written >=", "", ""}},
	{"..", refusal{"公式里不能写区间", "a formula has no ranges", "写成 x >= 1 and x <= 5", "write x >= 1 and x <= 5"}},
	{"::", refusal{"公式里不能用 ::", "a formula has no ::", "", ""}},
	{"?.", refusal{"公式里不能取成员", "a formula has no members", "名称里没有句点", "names hold no points"}},
	{".", refusal{"公式里不能取成员", "a formula has no members", "名称里没有句点;小数写作 0.5", "names hold no points; a decimal is written 0.5"}},
	{";", refusal{"一个公式里只能有一个式子", "a formula is one expression", "中间结果另立一个指标", "make a metric of the part"}},
	{"{", refusal{"公式里不能用花括号", "a formula has no braces", "", ""}},
	{"}", refusal{"公式里不能用花括号", "a formula has no braces", "", ""}},
	{"`", refusal{"文字要放在引号里", "texts stand in quotes", `例如 "车险"`, `for example "motor"`}},
	{"%", refusal{"% 只能紧跟在数字后面", "% stands only behind a number", "例如 80%", "for example 80%"}},
	{"$", refusal{"公式里不能用 $", "a formula has no $", "", ""}},
}

const (
	onlyEqualZH = "文字只能用 ==、!= 和 in 比较"
	onlyEqualEN = "texts are compared with ==, != and in"
)

// refusedWords are expr's operators in letters.
var refusedWords = map[string]refusal{
	"let":        {"公式里不能定义变量", "a formula defines no variables", "中间结果另立一个指标", "make a metric of the part"},
	"if":         {"公式里没有 if", "a formula has no if", "写成 条件 ? 甲 : 乙", "write condition ? a : b"},
	"else":       {"公式里没有 else", "a formula has no else", "写成 条件 ? 甲 : 乙", "write condition ? a : b"},
	"matches":    {"公式里没有 matches", "a formula has no matches", onlyEqualZH, onlyEqualEN},
	"contains":   {"公式里没有 contains", "a formula has no contains", onlyEqualZH, onlyEqualEN},
	"startsWith": {"公式里没有 startsWith", "a formula has no startsWith", onlyEqualZH, onlyEqualEN},
	"endsWith":   {"公式里没有 endsWith", "a formula has no endsWith", onlyEqualZH, onlyEqualEN},
}

// refuse reports a sign that formulas do without and returns where it ends; i if
// there is none. What it reports is not shown to expr: a figure behind // must
// not vanish.
func (t *translation) refuse(i int, first string) int {
	ahead := first
	for j := i + 1; j < len(t.source) && j <= i+1; j++ {
		if s, ok := narrow[t.source[j]]; ok {
			ahead += s
		} else {
			ahead += string(t.source[j])
		}
	}
	for _, r := range refusedSigns {
		if !strings.HasPrefix(ahead, r.sign) || r.sign == "?." && i+2 < len(t.source) && isDigit(t.source[i+2]) {
			continue
		}
		if r.zh == "" {
			t.emit(r.sign, i)
			return i + len([]rune(r.sign))
		}
		length := len([]rune(r.sign))
		t.problem(i, length, "formula", r.zh, r.en, r.hintZH, r.hintEN)
		t.emit(" ", i)
		return i + length
	}
	return i
}
