package formula

// Function is a function that formulas may call.
type Function struct {
	Name, Alias string // Chinese and English
	Args        string // 合计(x)
	ZH, EN      string // what it gives
	op          op
	least, most int // number of arguments; most < 0 means any
	shift       Shift
}

// functions lists everything a formula may call. There is nothing else.
var functions = []Function{
	{Name: "合计", Alias: "sum", Args: "x", ZH: "同业组内各家之和", EN: "sum over the peer group", op: opSum, least: 1, most: 1},
	{Name: "平均", Alias: "mean", Args: "x", ZH: "同业组内各家的算术平均", EN: "arithmetic mean over the peer group", op: opMean, least: 1, most: 1},
	{Name: "中位数", Alias: "median", Args: "x", ZH: "同业中位数,偶数家取中间两家的平均", EN: "median; of an even number the mean of the middle two", op: opMedian, least: 1, most: 1},
	{Name: "百分位", Alias: "percentile", Args: "x, 65%", ZH: "同业百分位,线性内插(同 Excel 的 PERCENTILE.INC)", EN: "percentile by linear interpolation (PERCENTILE.INC in Excel)", op: opPercentile, least: 2, most: 2},
	{Name: "最小值", Alias: "lowest", Args: "x", ZH: "同业最小值", EN: "smallest value of the peer group", op: opLowest, least: 1, most: 1},
	{Name: "最大值", Alias: "highest", Args: "x", ZH: "同业最大值", EN: "largest value of the peer group", op: opHighest, least: 1, most: 1},
	{Name: "方差", Alias: "variance", Args: "x", ZH: "同业方差(除以家数)", EN: "variance over the peer group (divided by the count)", op: opVariance, least: 1, most: 1},
	{Name: "名次", Alias: "rank", Args: "x", ZH: "在同业中从小到大的名次,并列取较前", EN: "rank in the peer group, the smallest first, ties share the better", op: opRank, least: 1, most: 1},
	{Name: "家数", Alias: "count", Args: "x", ZH: "同业中有该值的家数", EN: "how many of the peer group have the value", op: opCount, least: 1, most: 1},
	{Name: "上期", Alias: "previous", Args: "x", ZH: "上期的值,含义由规则包的 periods.previous 规定", EN: "the value of the previous period as the pack defines it", op: opShift, least: 1, most: 1, shift: Previous},
	{Name: "环比", Alias: "preceding", Args: "x", ZH: "紧接的前一期的值", EN: "the value of the period just before", op: opShift, least: 1, most: 1, shift: Preceding},
	{Name: "同比", Alias: "year_ago", Args: "x", ZH: "上年同期的值", EN: "the value of the same period a year earlier", op: opShift, least: 1, most: 1, shift: YearAgo},
	{Name: "绝对值", Alias: "abs", Args: "x", ZH: "绝对值", EN: "absolute value", op: opAbs, least: 1, most: 1},
	{Name: "较小", Alias: "min", Args: "a, b, …", ZH: "几个值中最小的", EN: "the smallest of several values", op: opMin, least: 2, most: -1},
	{Name: "较大", Alias: "max", Args: "a, b, …", ZH: "几个值中最大的", EN: "the largest of several values", op: opMax, least: 2, most: -1},
	{Name: "限制", Alias: "clamp", Args: "x, low, high", ZH: "x,但不低于 low、不高于 high", EN: "x, but not below low and not above high", op: opClamp, least: 3, most: 3},
	{Name: "舍入", Alias: "round", Args: "x, n", ZH: "按 x 的单位四舍五入到 n 位小数(98.956% → 98.96%);第三个参数可写明单位", EN: "rounded half up to n decimals of its unit (98.956% → 98.96%); a third argument may name the unit", op: opRound, least: 2, most: 3},
	{Name: "截断", Alias: "truncate", Args: "x, n", ZH: "按 x 的单位舍去 n 位小数之后的部分;第三个参数可写明单位", EN: "cut off after n decimals of its unit; a third argument may name the unit", op: opTruncate, least: 2, most: 3},
	{Name: "天数", Alias: "days", Args: "a, b", ZH: "从 a 到 b 的天数", EN: "days from a to b", op: opDays, least: 2, most: 2},
	{Name: "完整年度数", Alias: "full_years", Args: "a, b", ZH: "a 至 b 之间完整的公历年度数", EN: "whole calendar years from a to b", op: opFullYears, least: 2, most: 2},
}

// Functions lists the functions, for documentation and completion.
func Functions() []Function { return append([]Function(nil), functions...) }

func functionNamed(name string) *Function {
	for i := range functions {
		if f := &functions[i]; f.Name == name || f.Alias == name {
			return f
		}
	}
	return nil
}
