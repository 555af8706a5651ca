package rules

import "kaoping/engine"

// The codes of diagnostics. Each has a page in docs/diagnostics and a bad file
// in testdata/bad.
const (
	CodeYAML             = "yaml"
	CodeNotUTF8          = "not-utf8"
	CodeTab              = "tab-indentation"
	CodeFullWidth        = "full-width-punctuation"
	CodeDuplicateKey     = "duplicate-key"
	CodeUnknownKey       = "unknown-key"
	CodeMissingKey       = "missing-key"
	CodeWrongType        = "wrong-type"
	CodeTrap             = "yaml-trap"
	CodeUnknownName      = "unknown-name"
	CodeDuplicateName    = "duplicate-name"
	CodeUnknownReference = "unknown-section-reference"
	CodeFormula          = "formula"
	CodeUnit             = "unit-mismatch"
	CodeCycle            = "cycle"
	CodePoints           = "points-do-not-add-up"
	CodeWeights          = "weights-do-not-add-up"
	CodeNoLength         = "scale-has-no-length"
	CodeBandsGap         = "bands-gap"
	CodeBandsOverlap     = "bands-overlap"
	CodeCasePoints       = "case-without-points"
	CodeUncited          = "uncited-number"
	CodeQuote            = "quote-not-in-source"
	CodeMissingFile      = "missing-file"
	CodeUnknownAssumed   = "unknown-assumption"
	CodeUnusedAssumed    = "unused-assumption"
	CodeOpenAssumption   = "open-assumption"
	CodeZeroPolicy       = "missing-zero-policy"
	CodeFormulaScale     = "formula-scale"
	CodeStrictBound      = "strict-bound"
	CodeDead             = "dead-condition"
	CodeAlwaysFull       = "always-full-points"
	CodeAlwaysNone       = "always-no-points"
	CodeCounts           = "counts-differ"
	CodeStraddling       = "straddling-period"
	CodeOverlap          = "editions-overlap"
	CodeEditionGap       = "editions-gap"
	CodeEditionDates     = "edition-dates"
	CodeUntested         = "untested-indicator"
	CodePeriod           = "period-not-covered"
	CodeCalendar         = "calendar"
)

// CodeInfo is one line about a code.
type CodeInfo struct {
	Code    string
	Level   string // of most diagnostics with that code
	Summary engine.Text
}

// Codes lists all codes of diagnostics, for documentation and machine formats.
func Codes() []CodeInfo { return append([]CodeInfo(nil), codeTable...) }

var codeTable = []CodeInfo{
	{CodeYAML, LevelError, text("不是可读的 YAML, 或用了本语言不允许的写法", "not readable as YAML, or YAML this language does not allow")},
	{CodeNotUTF8, LevelError, text("文件不是 UTF-8 编码", "the file is not UTF-8")},
	{CodeTab, LevelError, text("缩进用了制表符", "a tab is used for indentation")},
	{CodeFullWidth, LevelError, text("全角标点代替了 YAML 标点", "full-width punctuation where YAML needs its own")},
	{CodeDuplicateKey, LevelError, text("同一项写了两次", "a key is written twice")},
	{CodeUnknownKey, LevelError, text("没有这个关键字", "there is no such key")},
	{CodeMissingKey, LevelError, text("缺少必须写的内容", "something required is missing")},
	{CodeWrongType, LevelError, text("值的种类不对", "a value of the wrong kind")},
	{CodeTrap, LevelError, text("YAML 会读成别的数或别的东西", "YAML reads another number, or something else than words, here")},
	{CodeUnknownName, LevelError, text("名称没有定义", "a name is not defined")},
	{CodeDuplicateName, LevelError, text("名称重复", "a name is defined twice")},
	{CodeUnknownReference, LevelError, text("引用的评分办法、基准、登记或计算值没有定义", "a scale, benchmark, register or metric is not defined")},
	{CodeFormula, LevelError, text("公式有误", "a mistake in a formula")},
	{CodeUnit, LevelError, text("单位不符", "units do not agree")},
	{CodeCycle, LevelError, text("公式互相引用成环", "formulas use each other in a circle")},
	{CodePoints, LevelError, text("分值合计不符", "points do not add up")},
	{CodeWeights, LevelError, text("权重不符", "weights do not add up, or count for nothing")},
	{CodeNoLength, LevelError, text("满分点与零分点相同", "full points and no points at the same value")},
	{CodeBandsGap, LevelError, text("分档之间有空档", "a value lies in no band")},
	{CodeBandsOverlap, LevelError, text("分档重叠", "a value lies in two bands")},
	{CodeCasePoints, LevelError, text("某类案件没有扣分值", "a kind of case has no points")},
	{CodeUncited, LevelWarning, text("数字没有依据也没有假设", "a number has neither clause nor assumption")},
	{CodeQuote, LevelError, text("原文中找不到引文", "a quote is not in the source text")},
	{CodeMissingFile, LevelWarning, text("找不到文件", "a file is not there")},
	{CodeUnknownAssumed, LevelError, text("假设没有登记", "an assumption is not registered")},
	{CodeUnusedAssumed, LevelWarning, text("假设没有被使用", "an assumption is not used")},
	{CodeOpenAssumption, LevelInfo, text("还有待确认的假设", "assumptions are still open")},
	{CodeZeroPolicy, LevelWarning, text("没有写明分母为零时怎么办", "nothing says what a zero denominator means")},
	{CodeFormulaScale, LevelWarning, text("用公式评分, 无法检查", "points by formula cannot be checked")},
	{CodeStrictBound, LevelWarning, text("界限含与不含, 与原文不一致", "a bound is included where the words leave it out, or the other way round")},
	{CodeDead, LevelWarning, text("条件永远不成立、总是成立, 或被前面的行包括", "a condition that never holds, always holds, or comes too late")},
	{CodeAlwaysFull, LevelWarning, text("谁都得满分", "everybody gets full points")},
	{CodeAlwaysNone, LevelWarning, text("谁都不得分, 或从不扣分", "nobody gets a point, or nothing is ever taken off")},
	{CodeCounts, LevelInfo, text("列出的项数与文字所说不同", "the text announces another number than is listed")},
	{CodeStraddling, LevelWarning, text("有期间跨过有效期的首日或末日", "a period straddles the first or last day of the edition")},
	{CodeOverlap, LevelError, text("两个版本的有效期重叠", "two editions are in force at the same time")},
	{CodeEditionGap, LevelWarning, text("两个版本之间有空档", "no edition is in force for a while")},
	{CodeEditionDates, LevelError, text("版本日期有误", "the dates of an edition are wrong")},
	{CodeUntested, LevelWarning, text("没有测试", "nothing tests this")},
	{CodePeriod, LevelError, text("期间不在版本有效期内", "a period outside the edition's dates")},
	{CodeCalendar, LevelError, text("工作日历有误", "a mistake in a calendar of working days")},
}

// levelOf returns the level that diagnostics with the code usually have.
func levelOf(code string) string {
	for _, c := range codeTable {
		if c.Code == code {
			return c.Level
		}
	}
	return LevelError
}
