package rules

// spanExamples are lengths of time as limits state them.
var spanExamples = []string{"3 working days", "24 hours", "8 working hours", "30 days", "same day", "3个工作日", "24小时", "当日"}

// recordKinds are the rules about single records.
var recordKinds = []Kind{
	{
		ID: "time limit", Doc: text("一个时限", "a time limit"), reader: "a time limit",
		Keys: withLaw(
			required("limit", "时限的名称", "its name", asText),
			idKey(),
			required("register", "哪个登记", "which register", nameOf(spaceRegisters)),
			key("where", "只对哪些案件", "which cases it holds for", asCondition),
			required("from", "从哪个时间起算", "the field where the clock starts", nameOf(spaceFields)),
			required("to", "到哪个时间为止;为空表示未办结", "the field where it stops; empty while the case is open", nameOf(spaceFields)),
			required("within", "多长时间", "how long", asPhrase(spanExamples...)),
			key("target", "更严的目标", "a stricter target", asPhrase(spanExamples...)),
			key("except_when", "符合时不受此限", "when it does not apply after all", asCondition),
			key("open_at", "未办结的案件按哪一刻判断", "when open cases are judged", asChoice("the end of the period", "the data cut-off")),
		),
	},
	{
		ID: "red flag", Doc: text("一个可疑信号", "a red flag"), reader: "a red flag",
		Keys: withLaw(
			required("flag", "信号的名称", "its name", asText),
			idKey(),
			required("register", "哪个登记", "which register", nameOf(spaceRegisters)),
			key("where", "只看哪些记录", "which records are looked at", asCondition),
			key("when", "每条记录符合即可疑", "each record that meets it is one", asCondition),
			key("same", "这些字段相同的记录放在一起", "records that agree in these fields belong together", nameOf(spaceFields), asList(nameOf(spaceFields))),
			key("different", "数这个字段有多少个不同的值", "counts the different values of this field", nameOf(spaceFields)),
			key("share", "符合条件的记录占多大比例", "the share of records that meet it", asCondition),
			key("at_least", "达到几条、几个或多大比例", "how many, or which share, is enough", asPhrase("2", "3 records", "20%")),
			key("above", "超过多大比例", "above which share", asPhrase("20%")),
			key("per", "按这些字段分别计算比例", "the share is taken for each value of these fields", nameOf(spaceFields), asList(nameOf(spaceFields))),
			key("over", "各机构分别看,还是合在一起看", "each subject by itself, or all together", asChoice("each subject", "all subjects")),
		),
	},
	{
		ID: "cross-check", Doc: text("一项数据核对", "a cross-check"), reader: "a cross-check",
		Keys: withLaw(
			required("check", "核对的名称", "its name", asText),
			idKey(),
			key("applies_when", "只核对符合条件的机构和期间", "for which subjects and periods", asCondition),
			required("holds", "应成立的条件", "the condition that must hold", asCondition),
			key("if_broken", "不符时提示,还是不予入库", "load with a warning, or refuse the load", asChoice("warn", "refuse")),
		),
	},
	{
		ID: "sample", Doc: text("一项抽查要求", "a sampling quota"), reader: "a sampling quota",
		Keys: withLaw(
			required("sample", "抽查的名称", "its name", asText),
			idKey(),
			required("of", "从哪些记录中抽查", "what is sampled", asMapping("sampled")),
			required("checked", "已抽查的条件", "which records were checked", asCondition),
			required("at_least", "至少抽查多少条或多大比例", "how many, or which share, at least", asPhrase("10%", "20")),
			key("per", "按这些字段分别要求", "for each value of these fields", nameOf(spaceFields), asList(nameOf(spaceFields))),
		),
	},
	{
		ID: "sampled", Doc: text("从哪些记录中抽查", "what is sampled"), reader: "what is sampled",
		Keys: []Key{
			required("register", "哪个登记", "which register", nameOf(spaceRegisters)),
			key("where", "只算哪些记录", "which records", asCondition),
		},
	},
	{
		ID: "persons", Doc: text("人员名册", "the staff register"), reader: "the staff register",
		Keys: withLaw(
			required("register", "哪个登记;一条记录从其日期起有效", "which register; a record holds from its date", nameOf(spaceRegisters)),
			required("code", "工号的字段", "the field with the person's code", nameOf(spaceFields)),
			key("name", "姓名的字段", "the field with the name", nameOf(spaceFields)),
			key("leader", "直接领导工号的字段", "the field with the code of the direct leader", nameOf(spaceFields)),
			key("unit", "所在机构编码的字段;不写时为记录的机构", "the field with the unit; otherwise the subject of the record", nameOf(spaceFields)),
			key("role", "岗位的字段", "the field with the role", nameOf(spaceFields)),
			key("deputy", "代理人工号的字段", "the field with the code of who stands in", nameOf(spaceFields)),
			key("until", "有效至哪一天的字段", "the field with the last day", nameOf(spaceFields)),
			key("roles", "处罚中可以用到的岗位", "the roles that penalties name", asText, asList(asText)),
			key("absent_when", "不在岗的条件", "when somebody is away", asCondition),
		),
	},
	{
		ID: "penalty", Doc: text("一项处罚规定", "a penalty"), reader: "a penalty",
		Keys: withLaw(
			required("penalty", "处罚的名称", "its name", asText),
			idKey(),
			required("register", "哪个登记", "which register", nameOf(spaceRegisters)),
			key("where", "只对哪些案件", "which cases it is about", asCondition),
			key("when_several", "几项都符合时怎么办", "what happens if several lines fit", asChoice("highest", "add up", "first line", "取最高", "累加", "只取第一项")),
			required("cases", "各种情形", "the cases", asList(asMapping("penalty case"))),
		),
	},
	{
		ID: "penalty case", Doc: text("一种情形", "a case of a penalty"), reader: "a case of a penalty",
		Keys: withLaw(
			key("when", "什么情形;不写则每件都符合", "when it fits; without it always", asCondition),
			required("measures", "对谁怎样处理", "who gets what", asList(asMapping("measure"))),
		),
	},
	{
		ID: "measure", Doc: text("一项处理", "a measure"), reader: "a measure",
		Keys: []Key{
			required("who", "对谁: 字段、某字段的直接领导, 或岗位", "whom: a field, the leader of one, or a role", Shape{Form: FormPhrase, Options: []string{"责任人", "责任人的直接领导", "leader of 责任人", "理赔负责人"}, Of: []string{spaceFields}}),
			key("yuan", "罚款几元, 或公式", "a fine in yuan, or a formula", asFormula),
			key("measure", "其他处理, 如 提醒", "another measure, such as a reminder", asText),
		},
	},
}
