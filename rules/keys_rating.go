package rules

// stepKeys say how a rating is changed.
func stepKeys() []Key {
	return withLaw(
		key("when", "什么时候;可用各项得分、总分、等级和上期的值", "the condition, over points, total, rating and earlier scorecards", asCondition),
		key("at_best", "最高评为", "the rating is at best this", asText),
		key("at_worst", "最低评为", "the rating is at worst this", asText),
		key("set", "评为", "the rating is this", asText),
		key("notches", "调几级:-1 下调一级", "how many ratings up or down: -1 is one down", asNumber),
		key("from_register", "由这个登记里的决定调整", "the register of decisions that change ratings", nameOf(spaceRegisters)),
		key("rating", "决定的等级在哪个字段", "the field that holds the decided rating", nameOf(spaceFields)),
		key("reason", "理由在哪个字段", "the field that holds the reason", nameOf(spaceFields)),
	)
}

// ratingKinds are ratings and what follows from results.
var ratingKinds = []Kind{
	{
		ID: "ratings", Doc: text("等级", "the ratings"), reader: "the ratings",
		Keys: withLaw(
			key("by", "按总分、某一项的得分或某个计算值评级", "the total, an item or a metric", asChoice(reservedTotal), nameOf(spaceItems, spaceMetrics)),
			key("only_for", "只评这些同业组", "only these peer groups are rated", nameOf(spaceGroups), asList(nameOf(spaceGroups))),
			required("bands", "各等级的分数线,好的在前", "the bands, the best first", asList(asMapping("rating band"))),
			key("unless", "不按分数评级的情形", "cases that are not rated by points", asList(asMapping("rating exception"))),
		),
	},
	{
		ID: "rating band", Doc: text("一个等级", "a rating"), reader: "{rating: …, from: …, below: …}",
		Keys: []Key{
			required("rating", "等级的名称", "its name", asText),
			key("otherwise", "其余的都评为这一等级", "everything else", asYesNo),
			key("from", "起点,含本数", "where it begins, inclusive", boundShape()),
			key("above", "起点,不含本数", "where it begins, exclusive", boundShape()),
			key("to", "终点,含本数", "where it ends, inclusive", boundShape()),
			key("below", "终点,不含本数", "where it ends, exclusive", boundShape()),
		},
	},
	{ID: "rating step", Doc: text("对等级的一项调整", "a change of the rating"), reader: "a change: {when: condition, at_best: rating}", Keys: stepKeys()},
	{ID: "rating exception", Doc: text("不按分数评级的一种情形", "a case that is not rated by points"), reader: "a case: {when: condition, set: rating}",
		Keys: withLaw(required("when", "什么时候", "the condition", asCondition), required("set", "评为", "the rating is this", asText))},
	{
		ID: "consequence", Doc: text("结果的一项运用", "what a result leads to"), reader: "a consequence: {consequence: name, when: condition, measure: what is done}",
		Keys: withLaw(
			required("consequence", "名称", "its name", asText),
			key("only_for", "只用于这个同业组", "only for this peer group", nameOf(spaceGroups)),
			required("when", "什么时候", "when", asCondition),
			required("measure", "做什么", "what is done", asText),
		),
	},
	{
		ID: "computation", Doc: text("总分的一种算法", "a computation of the total"), reader: "a computation: {without: [item]} or {with: all}",
		Keys: []Key{
			key("without", "不计入的项目", "the items left out", asList(nameOf(spaceItems))),
			key("with", "全部计入", "everything counts", asChoice("all")),
		},
	},
	{
		ID: "scorecard source", Doc: text("取自另一制度的评分卡", "another scheme's scorecard"), reader: "another scheme's scorecard",
		Keys: []Key{
			required("pack", "规则包的名称", "the name of the pack", asText),
			key("item", "项目的 id;不写则取总分", "the id of the item; without it the total", asText),
			key("take", "取得分、总分、计算值、名次或等级", "what is taken", asChoice("points", "total", "metric", "rank", "rating")),
			key("period", "同一期间,或上期", "of the same period or the previous one", asChoice("same", "previous")),
		},
	},
}
