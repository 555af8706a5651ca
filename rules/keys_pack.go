package rules

// packKinds are the top level of a pack and what it says about itself.
var packKinds = []Kind{
	{
		ID: KindPack, Doc: text("规则包的一个文件", "a file of a rule pack"), reader: "a rule file",
		Keys: []Key{
			required("pack", "规则包的名称,小写英文字母、数字和 -", "the name of the pack: small letters, digits and -", asText),
			required("edition", "版本的第一天;同名同版本的文件合为一个版本", "the first day of the edition; files with the same pack and edition are one", asDate),
			key("title", "制度的名称", "what the scheme is called", asTitle),
			key("regulator", "发布制度的机关", "who issued it", asText),
			key("status", "草案、试行或正式施行;只有 in force 的结果可以发布", "only results of packs in force are published", asChoice("draft", "trial", "in force")),
			key("sources", "制度原文及其文件", "the documents and their files", asMapping("sources")),
			key("assumptions", "原文没有写明、需要有人确认的地方", "what the text leaves open and somebody must confirm", asMapping("assumptions")),
			key("effective", "有效期", "from when until when it is in force", asMapping("effective")),
			key("assessed", "谁参加考评", "who is assessed", asMapping("assessed")),
			key("peer_groups", "同业组:谁和谁比较", "who is compared with whom", asMapping("peer_groups")),
			key("periods", "考评哪些期间,上期指什么", "which periods are assessed and what the previous one is", asMapping("periods")),
			key("calendar", "工作日历的名称,如 cn", "the calendar of working days, such as cn", asText),
			key("office_hours", "上班时间,如 09:00-12:00, 13:00-17:30", "when offices are open, such as 09:00-12:00, 13:00-17:30", asText),
			key("time_limits", "每件应在多长时间内办完", "the times within which cases must be handled", asList(asMapping("time limit"))),
			key("cross_checks", "数据核对:报来的数之间应成立的关系", "conditions that delivered figures must meet", asList(asMapping("cross-check"))),
			key("red_flags", "可疑信号", "signs that something is wrong", asList(asMapping("red flag"))),
			key("samples", "抽查要求", "how much must be checked", asList(asMapping("sample"))),
			key("persons", "人员名册: 谁在何处、直接领导是谁", "the staff register: who works where and for whom", asMapping("persons")),
			key("penalties", "对责任人的处罚", "what follows for persons", asList(asMapping("penalty"))),
			key("rounding", "在哪里舍入、怎样舍入", "where and how numbers are rounded", asMapping("rounding")),
			key("ranking", "按什么排名,并列怎么办", "who stands before whom", asMapping("ranking")),
			key("defaults", "没有另写办法的指标缺数时怎么办", "policies of indicators that say nothing else", asMapping("defaults")),
			key("attributes", "考评对象的属性", "properties of the subjects", asMapping("attributes")),
			key("registers", "案件登记:一件一行的明细", "registers of cases, one row each", asMapping("registers")),
			key("statistics", "统计数据:每家每期一个数", "figures, one for each subject and period", asMapping("statistics")),
			key("feeds", "统计数据由哪张表报送", "the tables in which figures are delivered", asMapping("feeds")),
			key("parameters", "制度规定的数:门槛、比率,可随日期和同业不同", "numbers that the method lays down; they may differ by date and peer group", asMapping("parameters")),
			key("benchmarks", "比较基准:同业的中位数、平均数等", "figures of the whole group such as the median", asMapping("benchmarks")),
			key("metrics", "计算值:由统计数据按公式得出", "values computed by formulas", asMapping("metrics")),
			key("scales", "几项指标共用的评分办法", "ways of scoring that several indicators share", asMapping("scales")),
			key("total", "总分", "the total", asMapping("total")),
			key("sections", "评分卡的各部分,按制度的顺序", "the parts of the scorecard in the order of the text", asList(asMapping("section"))),
			key("ratings", "等级:各等级的分数线", "the bands of the rating", asMapping("ratings"), asList(asMapping("rating band"))),
			key("then", "评级之后依次作的调整", "what changes a rating afterwards, in order", asList(asMapping("rating step"))),
			key("consequences", "结果的运用:奖惩、提醒等", "what results lead to", asList(asMapping("consequence"))),
			key("official_results", "已公布的结果,本规则包应算出同样的数", "published tables that the pack must reproduce", asList(asMapping("official result"))),
			key("remarks", "印在结果上的说明", "remarks printed on results", asTitle, asList(asTitle)),
		},
	},
	{
		ID: "title", Doc: text("中英文", "words in both languages"), reader: "a text",
		Keys: []Key{key("zh", "中文", "Chinese", asText), key("en", "英文", "English", asText)},
	},
	{ID: "sources", Doc: text("各份原文", "the documents"), reader: "the documents", Declares: spaceSources, Names: []Shape{asMapping("source")}},
	{
		ID: "source", Doc: text("一份原文", "a document"), reader: "a document",
		Keys: []Key{
			required("title", "标题", "its title", asTitle),
			key("file", "文件名,在 --sources 的目录里", "its file in the folder given by --sources", asText),
			key("last_compared", "有人逐字比对的日期,或 not yet", "the day somebody compared both side by side, or not yet", asDate, asChoice("not yet")),
		},
	},
	{ID: "assumptions", Doc: text("各条假设", "the assumptions"), reader: "the assumptions", Declares: spaceAssumptions, Names: []Shape{asMapping("assumption")}},
	{
		ID: "assumption", Doc: text("一条假设", "an assumption"), reader: "an assumption",
		Keys: withLaw(
			required("says", "假设的内容", "what is assumed", asTitle),
			key("because", "为什么这样假设", "why", asTitle),
			required("ask", "由谁确认", "who can settle it", asText),
			required("state", "未确认或已确认", "open or settled", asChoice("open", "settled")),
		),
	},
	{
		ID: "effective", Doc: text("有效期", "the dates"), reader: "the dates",
		Keys: withLaw(
			required("from", "第一天", "the first day", asDate),
			key("until", "最后一天;不写表示一直有效", "the last day; without it there is no end", asDate),
			key("applies_when", "期间的哪一天决定适用哪个版本", "which day of a period decides the edition", asChoice(byLastDay, byFirstDay)),
		),
	},
	{
		ID: "assessed", Doc: text("考评对象", "who is assessed"), reader: "who is assessed",
		Keys: withLaw(
			key("require", "参加考评的条件", "the condition for taking part", asCondition),
			key("leave_out", "不参加考评的机构类型", "kinds of subject that take no part", asText, asList(asText)),
			key("count_with_branch", "数据并入上级的机构类型", "kinds whose figures count with their parent", asText, asList(asText)),
		),
	},
	{ID: "peer_groups", Doc: text("各同业组", "the peer groups"), reader: "the peer groups", Declares: spaceGroups, Names: []Shape{asTitle}},
	{
		ID: "periods", Doc: text("各种期间", "the kinds of period"), reader: "the kinds of period",
		Keys: []Key{
			key("previous", "上期指什么", "what the previous period is", asChoice("same period one year earlier", "period just before", "上年同期", "上一期间")),
			key("prior_figures", "以前各期的数在公布后更正过的,用最新的还是公布时的", "which figures of earlier periods count where they were corrected since: the newest, or those of the published result", asChoice("latest", asPublished, "最新", "公布时")),
		},
		Names: []Shape{asMapping("period"), asChoice(everyMonth, everyQuarter, everyHalfYear, everyYear)},
	},
	{
		ID: "period", Doc: text("一种期间", "a kind of period"), reader: "a kind of period",
		Keys: []Key{
			key("every", "每月、每季、每半年或每年一期", "it comes every month, quarter, half-year or year", asChoice("month", "quarter", "half-year", "year")),
			key("first_day", "第一天,月-日", "its first day, month-day", asText),
			key("last_day", "最后一天,月-日", "its last day, month-day", asText),
			key("report_due", "上报期限,如 07-20、01-25 next year 或 day 5 of the next month", "when reports are due", asText),
		},
	},
	{
		ID: "rounding", Doc: text("舍入规则", "the rounding"), reader: "the rounding",
		Keys: withLaw(
			key("metrics", "计算值怎样显示或舍入", "how metrics are shown or rounded", asPhrase(metricsShown, metricsRounded)),
			required("points", "得分怎样舍入", "how points are rounded", asPhrase(pointsEach, pointsTotal, neverRounded)),
			key("sections", "各部分的合计怎样舍入", "how the sum of each section is rounded", asPhrase(stageDecimals, stageSteps)),
			key("total", "总分怎样舍入", "how the total is rounded", asPhrase(stageDecimals, stageSteps)),
			key("rank", "按总分舍入之前还是之后的值排名", "whether the total is ranked before its own rounding", asChoice(rankUnrounded, rankRounded)),
		),
	},
	{
		ID: "ranking", Doc: text("排名规则", "the ranking"), reader: "the ranking",
		Keys: withLaw(
			required("by", "按总分 total 或某个计算值", "the total or a metric", asChoice(reservedTotal), nameOf(spaceMetrics)),
			key("order", "哪一头在前", "which end is best", asChoice(bestFirst, ascending, descending)),
			key("then", "并列时再比什么", "what breaks ties", asList(asMapping("tie-break"), asText)),
			key("within", "在同业组内还是在全部对象中排名", "among the peer group or all", asChoice("peer group", "all assessed")),
			key("ties", "并列者的名次", "the rank of those who tie", asChoice("share the better rank", "dense")),
			key("top", "只公布前几名;末位并列的都列出", "how many are listed; a tie at the end is listed whole", asNumber),
		),
	},
	{
		ID: "tie-break", Doc: text("并列时再比的一项", "a tie-break"), reader: "a tie-break",
		Keys: []Key{
			required("by", "按什么", "what is compared", asChoice(reservedTotal), nameOf(spaceMetrics, spaceStatistics)),
			required("order", "小的在前或大的在前", "the smallest or the largest first", asChoice(ascending, descending)),
			key("only", "只在都为零时比", "only among those at zero", asChoice("zero")),
		},
	},
	{
		ID: "defaults", Doc: text("默认办法", "the defaults"), reader: "the defaults",
		Keys: []Key{
			key("if_missing", "缺数时怎么办", "what happens where a figure is missing", asPolicy()),
			key("if_denominator_zero", "分母为零时怎么办", "what happens where a denominator is zero", asPolicy()),
		},
	},
	{
		ID: "official result", Doc: text("一份官方结果", "an official result"), reader: "an official result",
		Keys: []Key{
			required("title", "标题", "its title", asTitle),
			required("file", "规则包目录里的数据文件", "the data file in the pack's folder", asText),
			key("origin", "数据的来处", "where the data come from", asText),
			key("feed", "用哪张表读它", "the feed that reads it", nameOf(spaceFeeds)),
			key("beside", "同一文件中还要读的表", "other feeds that read the same file", nameOf(spaceFeeds), asList(nameOf(spaceFeeds))),
			key("period", "全部数据的期间", "the period of all rows", asText),
			key("only", "只用哪些行,如 year = study_year - 1", "which rows are used", asText),
			key("why", "为什么", "why", asText),
			required("compare", "比较哪些列", "what is compared", asList(asMapping("official column"))),
			key("merge", "合并的机构", "subjects that were merged", asList(asMapping("official merge"))),
		},
	},
	{
		ID: "official column", Doc: text("比较的一列", "a column to compare"), reader: "{column: …, with: …}",
		Keys: []Key{
			required("column", "列名", "its heading", asText),
			required("with", "与名次、总分或某个计算值比较", "rank, total or a metric", asChoice("rank", reservedTotal), nameOf(spaceMetrics)),
			key("peer_group", "比较哪个同业组", "the peer group compared", nameOf(spaceGroups)),
			key("decimals", "印了几位小数,或 {年份: 位数}", "the decimals printed, or {year: decimals}", asNumber, asMapping("printed decimals")),
			key("rounding", "印出的数怎样舍入", "how the printed number was rounded", asChoice("half up", "half even", "down", "up")),
		},
	},
	{ID: "printed decimals", Doc: text("年份: 小数位数", "year: decimals"), reader: "year: decimals", Names: []Shape{asNumber}},
	{
		ID: "official merge", Doc: text("合并", "a merger"), reader: "{period: …, codes: [...]}",
		Keys: []Key{
			required("period", "期间", "the period", asText),
			required("codes", "机构编码", "the codes", asText, asList(asText)),
			required("why", "理由", "the reason", asText),
		},
	},
}
