package rules

import "slices"

// settingKeys are what every kind of test may begin with.
func settingKeys(more ...Key) []Key {
	return append([]Key{
		key("name", "测试的名称", "what the test is called", asText),
		key("period", "统计期间,如 2023H1;不写则为版本的第一个期间", "the period; the first of the edition if not said", asText),
		key("insurer", "考评对象:同业组,或 {peer_group:, 属性: 值}", "the subject: its peer group, or {peer_group:, property: value}", nameOf(spaceGroups), asMapping("test subject")),
		key("subject", "同 insurer", "the same as insurer", nameOf(spaceGroups), asMapping("test subject")),
		key("given", "本期的统计数据", "the figures of the period", asMapping("test figures"), asChoice("missing")),
		key("previous", "上期的统计数据", "the figures of the previous period", asMapping("test figures"), asChoice("missing")),
		key("benchmarks", "给定的比较基准", "benchmarks that are given", asMapping("test benchmarks")),
		key("judged", "评审人的回答;没有提到的检查项为 yes", "what the reviewer answered; lines not mentioned are yes", asMapping("test judgements")),
		key("cases", "扣分项的案件", "the cases of deductions", asMapping("test cases")),
		key("as_of", "数据截止的时刻,如 2024-07-20 18:00", "the moment at which data were cut off, such as 2024-07-20 18:00", asText),
		key("records", "登记的记录", "the records of registers", asMapping("test records")),
		key("past", "以前的评分卡,或另一制度的", "earlier scorecards, or another scheme's", asMapping("test past")),
	}, more...)
}

func columnKeys() []Key {
	return []Key{
		required("columns", "列名:统计数据、属性、字段,或 metric、points 等应得的结果", "headings: what is given, and what must come out", asList(nameOf(spaceFields, spaceStatistics, spaceAttributes, spaceItems, spaceMetrics))),
		required("rows", "各行的值,一行一个测试", "the values, one list for each row", asList(asList(asAny))),
	}
}

func answerShapes() []Shape { return []Shape{asChoice("all"), asList(asText)} }

// testKinds are the files …_test.yaml.
var testKinds = []Kind{
	{
		ID: KindTest, Doc: text("规则包的一个测试文件", "a test file of a pack"), reader: "a test file",
		Keys: []Key{
			required("pack", "所测规则包的名称", "the pack it tests", asText),
			required("edition", "所测版本的第一天", "the first day of the edition it tests", asDate),
			key("tables", "逐行测试一项指标、扣分项或计算值", "rows of values for one line of the scorecard", asList(asMapping("test table"))),
			key("cards", "一家的整张评分卡", "one subject with its whole scorecard", asList(asMapping("test card"))),
			key("groups", "几家一起比较", "several subjects that are compared", asList(asMapping("test group"))),
		},
	},
	{
		ID: "test table", Doc: text("一张测试表", "a table of tests"), reader: "a table",
		Keys: slices.Concat([]Key{
			key("indicator", "测试哪项指标", "the indicator under test", nameOf(spaceItems)),
			key("deduction", "测试哪个扣分项", "the deduction under test", nameOf(spaceItems)),
			key("metric", "测试哪个计算值", "the metric under test", nameOf(spaceMetrics, spaceItems)),
		}, settingKeys(columnKeys()...)),
	},
	{
		ID: "test card", Doc: text("一张评分卡", "a card"), reader: "a card",
		Keys: settingKeys(required("expect", "应得的结果", "what must come out", asMapping("expect"))),
	},
	{
		ID: "test group", Doc: text("一组考评对象", "a group of subjects"), reader: "a group of subjects",
		Keys: settingKeys(columnKeys()...),
	},
	{
		ID: "test subject", Doc: text("考评对象", "the subject"), reader: "the subject", NamesOf: []string{spaceAttributes}, Names: []Shape{asAny},
		Keys: []Key{
			key("peer_group", "同业组", "its peer group", nameOf(spaceGroups)),
			key("type", "机构类型", "its type", asText),
			key("parent", "上级机构", "its parent", asText),
			key("opened", "开业日期", "the day it opened", asDate),
		},
	},
	{ID: "test figures", Doc: text("统计数据: 值", "statistic: value"), reader: "figures", NamesOf: []string{spaceStatistics}, Names: []Shape{asQuantity, asChoice("missing")}},
	{ID: "test benchmarks", Doc: text("基准: 值", "benchmark: value"), reader: "benchmarks", NamesOf: []string{spaceBenchmarks}, Names: []Shape{asQuantity, asMapping("test benchmark")}},
	{ID: "test benchmark", Doc: text("计算值: 基准值", "a benchmark for each metric"), reader: "a benchmark for each metric", NamesOf: []string{spaceMetrics, spaceItems}, Names: []Shape{asQuantity}},
	{ID: "test judgements", Doc: text("指标: 回答", "indicator: answers"), reader: "judgements", NamesOf: []string{spaceItems}, Names: []Shape{asChoice("yes", "no", "partly", "n.a."), asText, asMapping("test answers"), asMapping("test marks")}},
	{ID: "test marks", Doc: text("评价人: 评定", "raters: what they gave"), reader: "what the raters gave", Names: []Shape{asText, asList(asText)}},
	{
		ID: "test answers", Doc: text("各检查项的回答", "the answers"), reader: "the answers",
		Keys: []Key{
			key("yes", "符合的检查项", "lines that are met", answerShapes()...),
			key("no", "不符合的检查项", "lines that are not met", answerShapes()...),
			key("partly", "部分符合的检查项", "lines that are partly met", answerShapes()...),
			key("n.a.", "不适用的检查项", "lines that do not apply", answerShapes()...),
		},
	},
	{ID: "test cases", Doc: text("扣分项: 案件", "deduction: cases"), reader: "the cases of deductions", NamesOf: []string{spaceItems}, Names: []Shape{asList(asMapping("test record"))}},
	{ID: "test past", Doc: text("期间: 评分卡", "period: scorecard"), reader: "earlier scorecards", Names: []Shape{asMapping("test past card")}},
	{ID: "test past card", Doc: text("项目: 得分", "item: points"), reader: "an earlier scorecard", NamesOf: []string{spaceItems}, Names: []Shape{asNumber, asText}},
	{ID: "test records", Doc: text("登记: 记录", "register: records"), reader: "the records of registers", NamesOf: []string{spaceRegisters}, Names: []Shape{asList(asMapping("test record"))}},
	{
		ID: "test record", Doc: text("一件案件", "a case"), reader: "a case", NamesOf: []string{spaceFields}, Names: []Shape{asAny},
		Keys: []Key{
			key("times", "次数", "how often", asNumber),
			key("date", "日期;不写则为期间的最后一天", "its date; the last day of the period if not said", asDate),
			key("key", "编号", "its key", asText),
		},
	},
	{
		ID: "expect", Doc: text("应得的结果", "what must come out"), reader: "what must come out", NamesOf: []string{spaceItems, spaceMetrics}, Names: []Shape{asQuantity, asText, asMapping("expected line")},
		Keys: []Key{
			key("total", "总分", "the total", asText),
			key("rank", "名次", "the rank", asText),
			key("status", "评分卡的状态", "the status of the card", asText),
			key("rating", "等级;没有则 none", "the final rating, or none", asText),
			key("consequences", "发生的各项结果运用,不多不少;没有则 none", "the consequences that come about, no more and no less, or none", asChoice("none"), asList(asText)),
			key("computed_rating", "只按分数的等级", "the rating by points alone", asText),
			key("findings", "应发现的问题,不多不少", "what must be found, no more and no less", asChoice("none"), asList(asMapping("expected finding"))),
			key("penalties", "应有的处罚,不多不少", "the penalties there must be, no more and no less", asChoice("none"), asList(asMapping("expected finding"))),
		},
	},
	{
		ID: "expected finding", Doc: text("应发现的一个问题", "a finding that must come out"), reader: "a finding",
		Keys: []Key{
			key("rule", "规则的名称或编号", "the name or id of the rule", asText),
			key("state", "怎样了", "what is the matter", asChoice("late", "overdue", "target missed", "unknown")),
			key("record", "其中一条记录的编号", "the key of one of its records", asText),
			key("due", "截止时刻", "when it was due", asText),
			key("person", "工号或姓名;none 表示没有找到人", "code or name; none if nobody was found", asText),
			key("who", "与案件的关系", "how the person stands to the case", asText),
			key("measure", "处理", "the measure", asText),
			key("yuan", "罚款几元", "the fine in yuan", asNumber),
			key("same", "记录相同的值之一", "one of the values that the records share", asText),
			key("because", "理由中的字句", "words of the reason", asText),
		},
	},
	{
		ID: "expected line", Doc: text("一项的期望", "what a line must be"), reader: "what a line must be",
		Keys: []Key{
			key("metric", "计算值", "its metric", asQuantity, asText),
			key("points", "得分", "its points", asQuantity, asText),
			key("full_points", "满分", "its full points", asQuantity, asText),
			key("rank", "名次", "its rank", asQuantity, asText),
			key("cases", "案件数", "how many cases", asQuantity, asText),
			key("status", "状态", "its status", asText),
		},
	},
}
