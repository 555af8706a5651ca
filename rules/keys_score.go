package rules

import "slices"

func asPolicy() Shape {
	return asPhrase("hold", "leave out", "full points", "no points", "peer mean", "take 9999", "5 points")
}

// itemKeys are what all lines of a scorecard have.
func itemKeys(name Key, more ...Key) []Key {
	return slices.Concat([]Key{
		name, idKey(),
		key("only_for", "只用于这个同业组", "only for this peer group", nameOf(spaceGroups)),
		key("only_in", "只在这些统计期间考评", "only in these kinds of period", asText, asList(asText)),
		key("applies_when", "只对符合条件的对象考评;其他对象的分值摊入其余项", "only for subjects for whom this holds; the points of the others go to the rest", asCondition),
	}, more, lawKeys())
}

// weightKeys are what parts of a weighted container may have.
func weightKeys() []Key {
	return []Key{
		key("weight", "权重:一个数,或按对象属性的公式;0 为豁免", "what it counts for: a number, or a formula over the subject; 0 exempts", asQuantity, asFormula),
		key("weight_at_least", "权重的下限", "the least weight that the text allows", asQuantity),
		key("not_worse_than", "低于上期得分的按上期计", "the points never fall below those of", asChoice(notWorseLast)),
	}
}

// combineKeys say how a container's points come from its parts.
func combineKeys() []Key {
	return []Key{
		key("combine", "相加,或按权重平均、加总", "a plain sum, a weighted mean or a weighted sum", asChoice("sum", "weighted mean", "weighted sum")),
		key("at_least_scored", "已评不足这么多项的不计分", "fewer scored indicators give no points", asNumber),
		key("weights_add_up_to", "各项权重之和", "what the weights add up to", asQuantity),
	}
}

func fullPointsKey() Key {
	return required("full_points", "满分;可写 {日期: 分值}", "the full points; {date: points} if they change", asPoints)
}

func notBelowKey() Key {
	return key("not_below", "不低于这个分", "it is never below this", asNumber)
}

func partKeys() []Key {
	return slices.Concat([]Key{fullPointsKey()}, weightKeys(), []Key{notBelowKey()}, combineKeys(), []Key{
		key("indicators", "各指标或指标组,按制度的顺序", "its indicators and groups", asList(asMapping("indicator"), asMapping("group"))),
		key("deductions", "各扣分项", "its deductions", asList(asMapping("deduction"))),
		key("additions", "各加分项", "its additions", asList(asMapping("addition"))),
		key("caps", "几个扣分项(或加分项)的共同上限", "what several deductions or additions come to at most together", asList(asMapping("cap"))),
	})
}

// boundShape is where a scale's end lies.
func boundShape() Shape { return asBound(spaceBenchmarks) }

// scoreKinds are the scorecard and its scales.
var scoreKinds = []Kind{
	{
		ID: "total", Doc: text("总分", "the total"), reader: "the total",
		Keys: withLaw(
			fullPointsKey(), notBelowKey(),
			key("deductions", "扣分从所在部分扣,还是从总分扣", "where deductions come off", asChoice(fromSection, fromTotal)),
			key("combine", "相加,或按权重平均、加总", "a plain sum, a weighted mean or a weighted sum", asChoice("sum", "weighted mean", "weighted sum")),
			key("at_least_scored", "已评不足这么多项的不计分", "fewer scored indicators give no points", asNumber),
			key("weights_add_up_to", "各项权重之和", "what the weights add up to", asQuantity),
			key("better_of", "几种算法,取最高的", "several computations, of which the largest counts", asList(asMapping("computation"))),
		),
	},
	{
		ID: "section", Doc: text("评分卡的一个部分", "a part of the scorecard"), reader: "an item: section: name, and so on", Declares: spaceItems, NameKey: "section",
		Keys: itemKeys(required("section", "名称", "its name", asText), partKeys()...),
	},
	{
		ID: "group", Doc: text("一组指标", "a group of indicators"), reader: "an item: group: name, and so on", Declares: spaceItems, NameKey: "group",
		Keys: itemKeys(required("group", "名称", "its name", asText), partKeys()...),
	},
	{
		ID: "indicator", Doc: text("一项指标", "an indicator"), reader: "an item: indicator: name, and so on", Declares: spaceItems, NameKey: "indicator",
		Keys: itemKeys(required("indicator", "名称", "its name", asText), slices.Concat([]Key{fullPointsKey()}, weightKeys(), []Key{
			key("judged", "由评审人按清单评分", "it is judged by a reviewer", asMapping("judged")),
			key("metric", "按哪个计算值评分;不写则用同名的计算值", "the metric it is scored by; without it the one of the same name", nameOf(spaceMetrics)),
			key("score", "怎样由计算值得分,或 scales 里的名称", "how the metric becomes points, or the name of a scale", nameOf(spaceScales), asMapping("scale")),
			key("if_denominator_zero", "分母为零时怎么办", "what happens where the denominator is zero", asPolicy(), asList(asMapping("policy case"))),
			key("if_no_previous", "只因没有上期数据而算不出时怎么办", "what happens where only an earlier figure is missing", asPolicy(), asList(asMapping("policy case"))),
			key("if_missing", "缺数时怎么办", "what happens where a figure is missing", asPolicy(), asList(asMapping("policy case"))),
		})...),
	},
	{
		ID: "judged", Doc: text("检查清单", "the checklist"), reader: "the checklist",
		Keys: withLaw(
			key("checklist", "各检查项: 分值", "line: points", asMapping("checklist lines")),
			key("partly", "部分符合得几成,如 50%", "the share for what is partly met", asQuantity),
			key("graded", "各等次: 分值,评审人评定其一", "grade: points; the reviewer gives one", asMapping("grades")),
			key("marked", "评审人评分的范围,按比例得分", "the range of marks, points in proportion", asMapping("marks")),
			key("raters", "各组评价人: 权重,组内取平均", "groups of raters with their weights; the mean of a group counts", asMapping("raters")),
			key("missing_raters", "没有评价的组:权重归其余各组,或暂缓", "groups without an answer: their weight goes to the rest, or the line is held", asChoice("renormalise", "hold")),
		),
	},
	{ID: "grades", Doc: text("各等次: 分值", "grade: points"), reader: "grade: points", Names: []Shape{asPoints}},
	{ID: "marks", Doc: text("评分范围", "the range of marks"), reader: "the range of marks", Keys: []Key{
		required("from", "最低分,得零分", "the lowest mark, which earns nothing", asNumber), required("to", "最高分,得满分", "the highest mark, which earns all", asNumber),
	}},
	{ID: "raters", Doc: text("评价人: 权重", "raters: weight"), reader: "raters: weight", Names: []Shape{asQuantity}},
	{ID: "checklist lines", Doc: text("各检查项: 分值", "line: points"), reader: "the lines", Names: []Shape{asPoints}},
	{
		ID: "deduction", Doc: text("一个扣分项", "a deduction"), reader: "an item: deduction: name, and so on", Declares: spaceItems, NameKey: "deduction",
		Keys: itemKeys(required("deduction", "名称", "its name", asText),
			key("at_most", "最多扣几分", "how much it takes off at most", asPoints),
			key("from", "案件由谁提供", "who delivers the cases", asText),
			key("register", "案件所在的登记;不写则有自己的登记", "the register of the cases; without it the deduction has its own", nameOf(spaceRegisters)),
			key("fields", "自己的登记的字段", "the fields of its own register", asMapping("fields")),
			key("where", "只计符合条件的案件", "only cases that meet the condition", asCondition),
			key("classified_by", "案件类别所在的字段", "the field that holds the class of a case", nameOf(spaceFields)),
			required("points_per_case", "每件扣几分:一个数、类别: 分值,或 [{when:, points:}]", "what each case costs", asPoints, asMapping("case classes"), asList(asMapping("case line"))),
		),
	},
	{
		ID: "addition", Doc: text("一个加分项", "an addition"), reader: "an item: addition: name, and so on", Declares: spaceItems, NameKey: "addition",
		Keys: itemKeys(required("addition", "名称", "its name", asText),
			key("at_most", "最多加几分", "how much it adds at most", asPoints),
			key("from", "案件由谁提供", "who delivers the cases", asText),
			key("register", "案件所在的登记;不写则有自己的登记", "the register of the cases; without it the deduction has its own", nameOf(spaceRegisters)),
			key("fields", "自己的登记的字段", "the fields of its own register", asMapping("fields")),
			key("where", "只计符合条件的案件", "only cases that meet the condition", asCondition),
			key("classified_by", "案件类别所在的字段", "the field that holds the class of a case", nameOf(spaceFields)),
			required("points_per_case", "每件加几分:一个数、类别: 分值,或 [{when:, points:}]", "what each case adds", asPoints, asMapping("case classes"), asList(asMapping("case line"))),
		),
	},
	{
		ID: "cap", Doc: text("一个共同上限", "a common cap"), reader: "a common cap: {of: [items], at_most: points}",
		Keys: withLaw(
			required("of", "哪几个扣分项或加分项", "which deductions or additions", asList(nameOf(spaceItems))),
			required("at_most", "合计最多几分", "how many points at most together", asPoints),
		),
	},
	{ID: "case classes", Doc: text("类别: 分值", "class: points"), reader: "class: points", Names: []Shape{asPoints}},
	{
		ID: "case line", Doc: text("条件和扣分", "a condition and its points"), reader: "{when: condition, points: number}",
		Keys: []Key{
			key("when", "条件", "the condition", asCondition),
			key("otherwise", "不符合以上条件的每件扣几分", "the points of all other cases", asPoints),
			key("points", "每件扣几分,或按字段的公式", "the points of each case, or a formula over its fields", asPoints, asFormula),
		},
	},
	{ID: "scales", Doc: text("各个评分办法", "the scales"), reader: "the scales", Declares: spaceScales, Names: []Shape{asMapping("scale")}},
	{
		ID: "scale", Doc: text("评分办法:由计算值得分", "how a metric becomes points"), reader: "a scale",
		Keys: withLaw(
			key("compare_with", "先除以这个基准再评分", "the benchmark the metric is compared with", nameOf(spaceBenchmarks)),
			key("full_points_at", "满分点", "where there are full points", boundShape()),
			key("no_points_at", "零分点", "where there are no points", boundShape()),
			key("between", "两点之间按直线", "a straight line between the two", asChoice("straight line")),
			key("bands", "分档:各档的起止和分值", "bands with their points", asList(asMapping("band"))),
			key("line", "折线:各折点的值和分值", "the corners of a broken line", asList(asMapping("anchor"))),
			key("in_proportion_to", "达到这个值得满分,不足的按比例", "full points there, in proportion below", boundShape()),
			key("by_rank", "按同业名次得分", "points by rank among the peers", asList(asMapping("place"))),
			key("by_percentile", "按同业中前百分之几得分", "points by the share of the best", asList(asMapping("place"))),
			key("table", "查表得分,一维或二维", "points looked up by one or two values", asMapping("table")),
			key("better_of", "几种评分办法取较高的", "the larger of several scales", asList(nameOf(spaceScales), asMapping("scale"))),
			key("formula", "由公式得分;可用 计算值 metric 和 满分 full_points", "a formula over metric and full_points", asFormula),
			key("better", "小的好还是大的好,供检查用", "which end is better", asChoice("lower", "higher")),
		),
	},
	{
		ID: "policy case", Doc: text("一种情形和办法", "a case and what happens then"), reader: "{when: condition, then: policy}",
		Keys: []Key{
			key("when", "条件", "the condition", asCondition),
			key("then", "怎么办", "what happens then", asPolicy()),
			key("otherwise", "不符合以上条件时怎么办", "what happens otherwise", asPolicy()),
		},
	},
	{
		ID: "place", Doc: text("名次或前百分之几的分值", "points of ranks"), reader: "{to: 3, points: 10} or {top: 20%, points: 10}",
		Keys: []Key{
			key("from", "从第几名;不写则接上一行", "from which rank; without it after the line above", asNumber),
			key("to", "到第几名;不写则到最后", "to which rank; without it to the last", asNumber),
			key("top", "前百分之几", "the best so many percent", asQuantity),
			key("points", "分值", "the points", asPoints),
			key("otherwise", "其余的分值", "the points of the rest", asPoints),
		},
	},
	{
		ID: "table", Doc: text("一张评分表", "a table of points"), reader: "a table of points: rows, columns, points",
		Keys: []Key{
			required("rows", "行按哪个值", "what the rows stand for", asMapping("axis")),
			key("columns", "列按哪个值", "what the columns stand for", asMapping("axis")),
			required("points", "各格的分值,每行一个列表", "the points of the cells, a list for each row", asList(asPoints, asList(asPoints))),
		},
	},
	{
		ID: "axis", Doc: text("表的一边", "a side of a table"), reader: "{of: name, is: [values]}",
		Keys: []Key{
			required("of", "统计数据、计算值或属性", "a statistic, metric or attribute", nameOf(spaceStatistics, spaceMetrics, spaceAttributes)),
			required("is", "各值:文字、数或区间", "the values: texts, numbers or intervals", asList(asText, asMapping("span"))),
		},
	},
	{
		ID: "span", Doc: text("一个区间", "an interval"), reader: "{from: …, below: …}",
		Keys: []Key{
			key("otherwise", "其余", "everything else", asYesNo),
			key("from", "起点,含本数", "where it begins, inclusive", boundShape()),
			key("above", "起点,不含本数", "where it begins, exclusive", boundShape()),
			key("to", "终点,含本数", "where it ends, inclusive", boundShape()),
			key("below", "终点,不含本数", "where it ends, exclusive", boundShape()),
		},
	},
	{
		ID: "band", Doc: text("一档", "a band"), reader: "{from: …, to: …, points: …}",
		Keys: []Key{
			key("otherwise", "其余各档得几分", "the points of everything else", asPoints),
			key("from", "起点,含本数", "where it begins, inclusive", boundShape()),
			key("above", "起点,不含本数", "where it begins, exclusive", boundShape()),
			key("to", "终点,含本数", "where it ends, inclusive", boundShape()),
			key("below", "终点,不含本数", "where it ends, exclusive", boundShape()),
			key("points", "这一档的分值", "its points", asPoints),
		},
	},
	{
		ID: "anchor", Doc: text("折线的一个折点", "a corner of a broken line"), reader: "{at: …, points: …}",
		Keys: []Key{
			required("at", "折点的值", "the value of the metric", boundShape()),
			required("points", "折点的分值", "its points", asPoints),
		},
	},
}
