package rules

// kindWords are the kinds of value of fields and attributes.
func kindWords() Shape {
	return asChoice("text", "number", "date", "yes or no", "文字", "数字", "日期", "是或否")
}

// dataKinds are figures, cases and what is computed from them.
var dataKinds = []Kind{
	{ID: "attributes", Doc: text("各项属性", "the attributes"), reader: "the attributes", Declares: spaceAttributes, Names: []Shape{asMapping("attribute")}},
	{
		ID: "attribute", Doc: text("考评对象的一项属性", "a property of the subjects"), reader: "an attribute",
		Keys: withLaw(
			idKey(),
			key("kind", "文字、数字、日期或是否;不写时有 unit 为数字,否则为文字", "text, number, date or yes or no", kindWords()),
			key("unit", "单位", "its unit", asUnit),
			key("one of", "可取的值", "the values it may have", asText, asList(asText)),
			key("formula", "由其他属性计算", "computed from other properties", asFormula),
		),
	},
	{ID: "registers", Doc: text("各个登记", "the registers"), reader: "the registers", Declares: spaceRegisters, Names: []Shape{asMapping("register")}},
	{
		ID: "register", Doc: text("一个登记:案件明细,一件一行", "a register of cases"), reader: "a register",
		Keys: withLaw(
			idKey(),
			required("key", "案件编号的列名;同号的几行是一件", "the heading of the case's key; rows with one key are one case", asText),
			required("subject", "机构编码的列名", "the heading of the subject's code", asText),
			required("date", "日期的列名;案件由它归入期间", "the heading of the date that puts a case into a period", asText),
			key("times", "次数的列名", "the heading of how often it happened", asText),
			key("from", "由 config.yaml 的 sources 里的哪个来源提供", "the entry of sources in config.yaml that delivers it", asText),
			key("fields", "报送的字段", "the delivered fields", asMapping("fields")),
			key("derived", "由其他字段计算的字段", "fields computed from others", asMapping("derived fields")),
		),
	},
	{ID: "fields", Doc: text("各字段", "the fields"), reader: "the fields", Declares: spaceFields, Names: []Shape{asMapping("field")}},
	{
		ID: "field", Doc: text("登记的一个字段", "a field of a register"), reader: "a field",
		Keys: []Key{
			idKey(),
			key("kind", "文字、数字、日期、时间或是否;不写时有 unit 为数字,否则为文字", "text, number, date, time or yes or no", asChoice(append(kindWords().Options, "time", "时间")...)),
			key("unit", "单位", "its unit", asUnit),
			key("decimals", "最多几位小数", "how many decimals at most", asNumber),
			key("one of", "可取的值", "the values it may have", asText, asList(asText)),
			key("may be empty", "可以不填", "it may be left empty", asYesNo),
			key("formula", "由其他字段计算", "computed from other fields", asFormula),
		},
	},
	{ID: "derived fields", Doc: text("各计算字段", "the derived fields"), reader: "the derived fields", Declares: spaceFields, Names: []Shape{asMapping("derived field")}},
	{
		ID: "derived field", Doc: text("一个计算字段", "a derived field"), reader: "a derived field",
		Keys: []Key{
			idKey(),
			key("unit", "单位", "its unit", asUnit),
			key("formula", "公式,用同一登记的字段", "its formula over the fields of the register", asFormula),
			key("number_in", "这些字段都相同的记录里,这一件是第几件", "its place among the records that agree in these fields", nameOf(spaceFields), asList(nameOf(spaceFields))),
			key("by", "同一天的几件按哪个时间先后", "the time that orders the records of a day", nameOf(spaceFields)),
			key("since", "从何时起算第几件", "from when records are counted", asChoice("the first record", "the start of the year", "the start of the period")),
		},
	},
	{ID: "statistics", Doc: text("各项统计数据", "the statistics"), reader: "the statistics", Declares: spaceStatistics, Names: []Shape{asMapping("statistic")}},
	{
		ID: "statistic", Doc: text("一项统计数据:每家每期一个数", "a figure of a subject and period"), reader: "a statistic",
		Keys: withLaw(
			idKey(),
			required("unit", "单位,如 件、万元、%", "its unit", asUnit),
			key("kind", "期间的流量,或一天的存量", "a flow of the period or a stock of a day", asChoice("flow", "stock")),
			key("on", "存量是哪一天的", "the day of a stock", asChoice("the day before the period starts", "the last day of the period")),
			key("from", "由谁提供、从哪里取", "who delivers it", asText),
			key("count", "数这个登记的案件", "counts the cases of a register", nameOf(spaceRegisters)),
			key("sum", "对 登记.字段 求和", "adds up register.field", Shape{Form: FormName, Of: []string{spaceRegisters, spaceFields}}),
			key("distinct", "数这个字段有多少个不同的值", "counts the different values of this field", nameOf(spaceFields)),
			key("last", "取 登记.字段 最近一条记录的值", "takes what the latest record says in register.field", Shape{Form: FormName, Of: []string{spaceRegisters, spaceFields}}),
			key("where", "只计符合条件的案件", "counts only cases that meet the condition", asCondition),
			key("scorecard", "取自另一制度的评分卡", "taken from another scheme's scorecard", asMapping("scorecard source")),
		),
	},
	{ID: "feeds", Doc: text("各个数据来源", "the feeds"), reader: "the feeds", Declares: spaceFeeds, Names: []Shape{asMapping("feed")}},
	{
		ID: "feed", Doc: text("报送统计数据的一张表", "a table in which figures are delivered"), reader: "a feed",
		Keys: withLaw(
			idKey(),
			required("subject", "机构编码的列名", "the heading of the subject's code", asText),
			key("subject_name", "机构名称的列名", "the heading of the subject's name", asText),
			key("peer_group", "同业组的列名,或 {all: 组}", "the heading of the peer group, or {all: group}", asText, asMapping("feed group")),
			key("code_prefix", "加在机构编码前面的字", "what is put before the code", asText),
			key("period", "期间的列名", "the heading of the period", asText),
			key("apart_by", "同一机构同一期有几行时,用这一列区分", "the heading that tells several rows of one subject and period apart", asText),
			key("from", "由 config.yaml 的 sources 里的哪个来源提供", "the entry of sources in config.yaml that delivers it", asText),
			key("sheet", "工作簿中的工作表,可写几种名称", "the sheet of the workbook, by any of several names", asText, asList(asText)),
			required("columns", "列名: 统计数据", "heading: statistic", asMapping("feed columns")),
		),
	},
	{
		ID: "feed group", Doc: text("所有行的同业组", "the peer group of all rows"), reader: "the peer group",
		Keys: []Key{required("all", "所有行的同业组", "the peer group of all rows", nameOf(spaceGroups))},
	},
	{ID: "feed columns", Doc: text("列名: 统计数据", "heading: statistic"), reader: "the columns", Names: []Shape{nameOf(spaceStatistics), asMapping("feed column")}},
	{
		ID: "feed column", Doc: text("一列", "a column"), reader: "a column",
		Keys: []Key{
			required("statistic", "统计数据的名称", "the statistic", nameOf(spaceStatistics)),
			key("unit", "这一列的单位", "the unit of the column", asUnit),
			key("peer_group", "这一列的数属于哪个同业组", "the peer group of the column's figures", nameOf(spaceGroups)),
		},
	},
	{ID: "parameters", Doc: text("各个参数", "the parameters"), reader: "the parameters", Declares: "parameters", Names: []Shape{asMapping("parameter")}},
	{
		ID: "parameter", Doc: text("制度规定的一个数:门槛、比率", "a number that the method lays down: a threshold, a rate"), reader: "a parameter",
		Keys: withLaw(
			idKey(),
			required("value", "值和单位;随日期改变的写 {日期: 值}", "its value with the unit; {date: value} if it changes", asQuantity, asAny),
			key("by_group", "各同业自己的值", "the values of peer groups that have their own", asMapping("parameter groups")),
		),
	},
	{ID: "parameter groups", Doc: text("同业: 值", "peer group: value"), reader: "peer group: value", NamesOf: []string{spaceGroups}, Names: []Shape{asQuantity, asAny}},
	{ID: "benchmarks", Doc: text("各项基准", "the benchmarks"), reader: "the benchmarks", Declares: spaceBenchmarks, Names: []Shape{asMapping("benchmark")}},
	{
		ID: "benchmark", Doc: text("比较基准:整个同业的一个数", "a figure of the whole group"), reader: "a benchmark",
		Keys: withLaw(
			idKey(),
			key("take", "对被评的计算值取中位数、平均数、最小、最大或百分位", "what is taken of the metric being scored", asPhrase("median", "mean", "minimum", "maximum", "percentile 20%", "percentile 65% (nearest rank)", "percentile 65% (exclusive)", "standard deviation to 4 decimals")),
			key("among", "只计符合条件的对象", "only subjects for whom this holds", asCondition),
			key("formula", "公式", "its formula", asFormula),
			key("unit", "公式的单位", "the unit of the formula", asUnit),
			key("over", "在同业组内还是在全部对象中", "over the peer group or all", asChoice("peer group", "all assessed")),
		),
	},
	{ID: "metrics", Doc: text("各项计算值", "the metrics"), reader: "the metrics", Declares: spaceMetrics, Names: []Shape{asMapping("metric")}},
	{
		ID: "metric", Doc: text("一项计算值", "a computed value"), reader: "a metric",
		Keys: withLaw(
			idKey(),
			required("formula", "公式", "its formula", asFormula),
			required("unit", "单位", "its unit", asUnit),
		),
	},
}
