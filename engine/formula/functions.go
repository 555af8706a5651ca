package formula

// Function is a function that formulas may call.
type Function struct {
	Name, Alias string // Chinese and English
	Args        string // 合计(x)
	ZH, EN      string // what it gives
	op          op
	least, most int // number of arguments; most < 0 means any
	shift       Shift
	cond        bool   // may take a yes or no as a further, last argument
	item        string // of opItem: how the id of its symbol begins
}

// functions lists everything a formula may call. There is nothing else.
var functions = []Function{
	{Name: "合计", Alias: "sum", Args: "x", ZH: "同业组内各家之和", EN: "sum over the peer group", op: opSum, least: 1, most: 1, cond: true},
	{Name: "平均", Alias: "mean", Args: "x", ZH: "同业组内各家的算术平均", EN: "arithmetic mean over the peer group", op: opMean, least: 1, most: 1, cond: true},
	{Name: "加权平均", Alias: "weighted_mean", Args: "x, w", ZH: "同业组内以 w 为权数的平均", EN: "mean over the peer group weighted by w", op: opWeightedMean, least: 2, most: 2, cond: true},
	{Name: "中位数", Alias: "median", Args: "x", ZH: "同业中位数,偶数家取中间两家的平均", EN: "median; of an even number the mean of the middle two", op: opMedian, least: 1, most: 1, cond: true},
	{Name: "百分位", Alias: "percentile", Args: "x, 65%", ZH: "同业百分位,线性内插(同 Excel 的 PERCENTILE.INC)", EN: "percentile by linear interpolation (PERCENTILE.INC in Excel)", op: opPercentile, least: 2, most: 2, cond: true},
	{Name: "百分位就近", Alias: "percentile_nearest_rank", Args: "x, 65%", ZH: "同业百分位:不超过它的家数占比达到 65% 的最小值", EN: "percentile: the smallest value that at least 65% do not exceed", op: opNearestRank, least: 2, most: 2, cond: true},
	{Name: "百分位不含端点", Alias: "percentile_exclusive", Args: "x, 65%", ZH: "同业百分位,线性内插,位置 (n+1)p(同 Excel 的 PERCENTILE.EXC)", EN: "percentile by linear interpolation at (n+1)p (PERCENTILE.EXC in Excel)", op: opExclusive, least: 2, most: 2, cond: true},
	{Name: "最小值", Alias: "lowest", Args: "x", ZH: "同业最小值", EN: "smallest value of the peer group", op: opLowest, least: 1, most: 1, cond: true},
	{Name: "最大值", Alias: "highest", Args: "x", ZH: "同业最大值", EN: "largest value of the peer group", op: opHighest, least: 1, most: 1, cond: true},
	{Name: "方差", Alias: "variance", Args: "x", ZH: "同业方差(除以家数)", EN: "variance over the peer group (divided by the count)", op: opVariance, least: 1, most: 1, cond: true},
	{Name: "样本方差", Alias: "sample_variance", Args: "x", ZH: "同业方差(除以家数减一)", EN: "variance over the peer group (divided by the count less one)", op: opSampleVariance, least: 1, most: 1, cond: true},
	{Name: "加权方差", Alias: "weighted_variance", Args: "x, w", ZH: "同业组内以 w 为权数的方差(除以权数之和)", EN: "variance over the peer group weighted by w (divided by the sum of weights)", op: opWeightedVariance, least: 2, most: 2, cond: true},
	{Name: "加权样本方差", Alias: "weighted_sample_variance", Args: "x, w", ZH: "加权方差乘以 n/(n-1),n 为权数不为零的家数", EN: "weighted variance times n/(n-1), n being how many have a weight other than zero", op: opWeightedSampleVariance, least: 2, most: 2, cond: true},
	{Name: "标准差", Alias: "deviation", Args: "x, n", ZH: "同业标准差(方差除以家数),按 x 的单位四舍五入到 n 位小数;第三个参数可写明单位", EN: "standard deviation over the peer group (divided by the count), rounded half up to n decimals of its unit; a third argument may name the unit", op: opDeviation, least: 2, most: 3, cond: true},
	{Name: "名次", Alias: "rank", Args: "x", ZH: "在同业中从小到大的名次,并列取较前", EN: "rank in the peer group, the smallest first, ties share the better", op: opRank, least: 1, most: 1, cond: true},
	{Name: "名次降序", Alias: "rank_descending", Args: "x", ZH: "在同业中从大到小的名次,并列取较前", EN: "rank in the peer group, the largest first, ties share the better", op: opRankDescending, least: 1, most: 1, cond: true},
	{Name: "百分位次", Alias: "percent_rank", Args: "x", ZH: "比它小的家数 ÷ (家数 - 1)(同 Excel 的 PERCENTRANK.INC);只有一家时为 1", EN: "how many are smaller, divided by the count less one (PERCENTRANK.INC in Excel); 1 for one alone", op: opPercentRank, least: 1, most: 1, cond: true},
	{Name: "占比", Alias: "share", Args: "x", ZH: "占同业合计的比例", EN: "share of the sum over the peer group", op: opShare, least: 1, most: 1, cond: true},
	{Name: "家数", Alias: "count", Args: "x", ZH: "同业中有该值的家数;写条件时为符合条件的家数", EN: "how many of the peer group have the value; of a condition, for how many it holds", op: opCount, least: 1, most: 1, cond: true},
	{Name: "下级合计", Alias: "units_sum", Args: "x", ZH: "直接下级机构之和;有一家缺数据即缺数据", EN: "sum over the units directly below; missing if it is missing for one of them", op: opUnitsSum, least: 1, most: 1, cond: true},
	{Name: "下级平均", Alias: "units_mean", Args: "x", ZH: "直接下级机构中有该值的平均", EN: "mean over the units directly below that have the value", op: opUnitsMean, least: 1, most: 1, cond: true},
	{Name: "下级加权平均", Alias: "units_weighted_mean", Args: "x, w", ZH: "直接下级机构中有该值的、以 w 为权数的平均", EN: "mean, weighted by w, over the units directly below that have the value", op: opUnitsWeightedMean, least: 2, most: 2, cond: true},
	{Name: "下级最小", Alias: "units_min", Args: "x", ZH: "直接下级机构的最小值", EN: "smallest value of the units directly below", op: opUnitsLowest, least: 1, most: 1, cond: true},
	{Name: "下级最大", Alias: "units_max", Args: "x", ZH: "直接下级机构的最大值", EN: "largest value of the units directly below", op: opUnitsHighest, least: 1, most: 1, cond: true},
	{Name: "下级家数", Alias: "units_count", Args: "x", ZH: "有该值的直接下级机构家数;写条件时为符合条件的家数", EN: "how many units directly below have the value; of a condition, for how many it holds", op: opUnitsCount, least: 1, most: 1, cond: true},
	{Name: "上期", Alias: "previous", Args: "x", ZH: "上期的值,含义由规则包的 periods.previous 规定", EN: "the value of the previous period as the pack defines it", op: opShift, least: 1, most: 1, shift: Previous},
	{Name: "环比", Alias: "preceding", Args: "x", ZH: "紧接的前一期的值", EN: "the value of the period just before", op: opShift, least: 1, most: 1, shift: Preceding},
	{Name: "同比", Alias: "year_ago", Args: "x", ZH: "上年同期的值", EN: "the value of the same period a year earlier", op: opShift, least: 1, most: 1, shift: YearAgo},
	{Name: "上半年", Alias: "first_half", Args: "x", ZH: "期末所在年度的上半年的值", EN: "the value of the first half of the year in which the period ends", op: opShift, least: 1, most: 1, shift: FirstHalf},
	{Name: "最近年度", Alias: "latest_year", Args: "x", ZH: "期末已结束的最近一个完整年度的值", EN: "the value of the last full calendar year that is over when the period ends", op: opShift, least: 1, most: 1, shift: LatestYear},
	{Name: "近期合计", Alias: "window_sum", Args: "x, n", ZH: "本期与之前 n-1 个上期之和", EN: "sum over this period and the n-1 previous ones", op: opWindowSum, least: 2, most: 2},
	{Name: "近期平均", Alias: "window_mean", Args: "x, n", ZH: "本期与之前 n-1 个上期的平均", EN: "mean over this period and the n-1 previous ones", op: opWindowMean, least: 2, most: 2},
	{Name: "本年累计", Alias: "year_to_date", Args: "x", ZH: "本年自第一期至本期之和", EN: "sum over the periods of the year up to this one", op: opYearToDate, least: 1, most: 1},
	{Name: "连续", Alias: "streak", Args: "c, n", ZH: "条件在本期与之前 n-1 个上期都成立;某一上期无从得知即中断", EN: "the condition holds in this period and the n-1 previous ones; an earlier period of which nothing is known breaks it", op: opStreak, least: 2, most: 2},
	{Name: "缺则", Alias: "or_else", Args: "x, y", ZH: "x;x 缺数据或分母为零时取 y", EN: "x, or y where x is missing or has a zero denominator", op: opOrElse, least: 2, most: 2},
	{Name: "得分", Alias: "points", Args: "x", ZH: "某一项目的得分", EN: "the points of an item", op: opItem, least: 1, most: 1, item: "points"},
	{Name: "满分", Alias: "full_points", Args: "x", ZH: "某一项目的满分", EN: "the full points of an item", op: opItem, least: 1, most: 1, item: "full"},
	{Name: "已评项数", Alias: "scored", Args: "x", ZH: "某一部分中已得分的项数", EN: "how many items of a section have been scored", op: opItem, least: 1, most: 1, item: "scored"},
	{Name: "得分均值", Alias: "points_mean", Args: "x", ZH: "某一部分各项得分的加权平均", EN: "weighted mean of the points of the items of a section", op: opItem, least: 1, most: 1, item: "mean"},
	{Name: "得分方差", Alias: "points_variance", Args: "x", ZH: "某一部分各项得分的加权方差,乘以 n/(n-1)", EN: "weighted variance of the points of the items of a section, times n/(n-1)", op: opItem, least: 1, most: 1, item: "variance"},
	{Name: "绝对值", Alias: "abs", Args: "x", ZH: "绝对值", EN: "absolute value", op: opAbs, least: 1, most: 1},
	{Name: "较小", Alias: "min", Args: "a, b, …", ZH: "几个值中最小的", EN: "the smallest of several values", op: opMin, least: 2, most: -1},
	{Name: "较大", Alias: "max", Args: "a, b, …", ZH: "几个值中最大的", EN: "the largest of several values", op: opMax, least: 2, most: -1},
	{Name: "限制", Alias: "clamp", Args: "x, low, high", ZH: "x,但不低于 low、不高于 high", EN: "x, but not below low and not above high", op: opClamp, least: 3, most: 3},
	{Name: "舍入", Alias: "round", Args: "x, n", ZH: "按 x 的单位四舍五入到 n 位小数(98.956% → 98.96%);第三个参数可写明单位", EN: "rounded half up to n decimals of its unit (98.956% → 98.96%); a third argument may name the unit", op: opRound, least: 2, most: 3},
	{Name: "截断", Alias: "truncate", Args: "x, n", ZH: "按 x 的单位舍去 n 位小数之后的部分;第三个参数可写明单位", EN: "cut off after n decimals of its unit; a third argument may name the unit", op: opTruncate, least: 2, most: 3},
	{Name: "平方根", Alias: "sqrt", Args: "x, n", ZH: "平方根,按其单位四舍五入到 n 位小数;第三个参数可写明单位", EN: "square root, rounded half up to n decimals of its unit; a third argument may name the unit", op: opSquareRoot, least: 2, most: 3},
	{Name: "天数", Alias: "days", Args: "a, b", ZH: "从 a 到 b 的天数", EN: "days from a to b", op: opDays, least: 2, most: 2},
	{Name: "完整年度数", Alias: "full_years", Args: "a, b", ZH: "a 至 b 之间完整的公历年度数", EN: "whole calendar years from a to b", op: opFullYears, least: 2, most: 2},
	{Name: "工作日", Alias: "working_days", Args: "a, b", ZH: "a 之后至 b(含)的工作日数:周一收到、周四办结为 3", EN: "working days after a up to and including b: received on Monday, closed on Thursday is 3", op: opWorkingDays, least: 2, most: 2},
	{Name: "加工作日", Alias: "add_working_days", Args: "a, n", ZH: "a 之后第 n 个工作日", EN: "the n-th working day after a", op: opAddWorkingDays, least: 2, most: 2},
	{Name: "工时", Alias: "working_hours", Args: "a, b", ZH: "从 a 到 b 的办公小时数", EN: "office hours from a to b", op: opWorkingHours, least: 2, most: 2},
	{Name: "小时", Alias: "hours", Args: "a, b", ZH: "从 a 到 b 的小时数", EN: "hours from a to b", op: opHours, least: 2, most: 2},
	{Name: "分钟", Alias: "minutes", Args: "a, b", ZH: "从 a 到 b 的分钟数", EN: "minutes from a to b", op: opMinutes, least: 2, most: 2},
	{Name: "同日", Alias: "same_day", Args: "a, b", ZH: "a 与 b 是否同一天", EN: "whether a and b are on one day", op: opSameDay, least: 2, most: 2},
	{Name: "年", Alias: "year", Args: "a", ZH: "年份", EN: "the year of a day", op: opYear, least: 1, most: 1},
	{Name: "月", Alias: "month", Args: "a", ZH: "月份,1 至 12", EN: "the month of a day, 1 to 12", op: opMonth, least: 1, most: 1},
	{Name: "包含", Alias: "contains", Args: `a, "x"`, ZH: "文字 a 是否含有 x", EN: "whether the text a holds x", op: opContains, least: 2, most: 2},
	{Name: "开头", Alias: "starts_with", Args: `a, "x"`, ZH: "文字 a 是否以 x 开头", EN: "whether the text a begins with x", op: opStartsWith, least: 2, most: 2},
}

// Functions lists the functions, for documentation and completion.
func Functions() []Function { return append([]Function(nil), functions...) }

// looksBack reports whether the function sees other periods.
func (f *Function) looksBack() bool {
	switch f.op {
	case opShift, opWindowSum, opWindowMean, opYearToDate, opStreak:
		return true
	}
	return false
}

// byName finds functions by both of their names, and by what stands for contains
// in what expr reads.
var byName = func() map[string]*Function {
	m := map[string]*Function{}
	for i := range functions {
		m[functions[i].Name], m[functions[i].Alias] = &functions[i], &functions[i]
	}
	m[containsForExpr] = m["contains"]
	return m
}()

func functionNamed(name string) *Function { return byName[name] }
