package diff

import (
	"strings"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/rules"
)

func noun(zh, en string) engine.Text { return engine.Text{ZH: zh, EN: en} }

// fileNouns name the sorts of files.
var fileNouns = map[string]engine.Text{
	rules.KindPack:     noun("规则文件", "rule file"),
	rules.KindCalendar: noun("工作日历", "calendar"),
	rules.KindTest:     noun("测试", "tests"),
}

// nouns name the kinds of things that own what is written below them.
var nouns = map[string]engine.Text{
	"section": noun("部分", "section"), "group": noun("指标组", "group"), "indicator": noun("指标", "indicator"),
	"deduction": noun("扣分项", "deduction"), "addition": noun("加分项", "addition"),
	"attribute": noun("属性", "attribute"), "register": noun("登记", "register"), "statistic": noun("统计数据", "statistic"),
	"feed": noun("数据表", "feed"), "parameter": noun("参数", "parameter"), "benchmark": noun("比较基准", "benchmark"),
	"metric": noun("计算值", "metric"), "scale": noun("评分办法", "scale"), "source": noun("原文", "document"),
	"assumption": noun("假设", "assumption"), "period": noun("统计期间", "period"), "peer_groups": noun("同业组", "peer group"),
	"time limit": noun("时限", "time limit"), "red flag": noun("可疑信号", "red flag"), "cross-check": noun("数据核对", "cross-check"), "sample": noun("抽查", "sample"),
	"penalty": noun("处罚", "penalty"), "consequence": noun("结果运用", "consequence"), "official result": noun("官方结果", "official result"),
	"rating band": noun("等级", "rating"), "calendar year": noun("年", "year"),
}

// topNouns name keys of the top level more shortly than the table of keys does.
var topNouns = map[string]engine.Text{
	"pack": noun("规则包", "pack"), "edition": noun("版本", "edition"), "title": noun("名称", "title"), "regulator": noun("制定机关", "regulator"),
	"status": noun("状态", "status"), "effective": noun("有效期", "dates of the edition"), "assessed": noun("考评对象", "who is assessed"),
	"peer_groups": noun("同业组", "peer groups"), "periods": noun("统计期间", "periods"), "calendar": noun("工作日历", "calendar"),
	"office_hours": noun("办公时间", "office hours"), "rounding": noun("舍入", "rounding"), "ranking": noun("排名", "ranking"),
	"defaults": noun("默认办法", "defaults"), "total": noun("总分", "total"), "ratings": noun("等级", "ratings"), "then": noun("评级后的调整", "changes of ratings"),
	"remarks": noun("备注", "remarks"), "persons": noun("人员名册", "staff"), "sections": noun("评分卡", "scorecard"), "years": noun("各年", "years"),
	"tables": noun("测试表", "tables of tests"), "cards": noun("测试卡", "cards"), "groups": noun("测试组", "groups of tests"),
}

func topNoun(k *rules.Key) engine.Text {
	if n, ok := topNouns[k.Name]; ok {
		return n
	}
	return labelOf(k)
}

// labels of keys whose explanation in the table of keys is long.
var labels = map[string]engine.Text{
	"score": noun("评分办法", ""), "where": noun("计入条件", ""), "when": noun("条件", ""), "count": noun("计数的登记", ""), "sum": noun("求和的字段", ""),
	"points_per_case": noun("每件分值", ""), "if_missing": noun("缺数时", ""), "if_denominator_zero": noun("分母为零时", ""), "if_no_previous": noun("没有上期数据时", ""),
	"metric": noun("计算值", ""), "cite": noun("依据", ""), "quote": noun("引文", ""), "only_for": noun("适用同业组", ""), "only_in": noun("适用期间", ""),
	"applies_when": noun("适用条件", ""), "weight": noun("权重", ""), "assumption": noun("假设", ""), "id": noun("英文编号", ""), "kind": noun("种类", ""),
	"at_most": noun("上限", ""), "not_below": noun("下限", ""), "fields": noun("字段", ""), "columns": noun("各列", ""), "checklist": noun("检查清单", ""),
	"full_points": noun("满分", ""), "judged": noun("评审", ""), "one of": noun("可取的值", ""), "classified_by": noun("分类字段", ""), "measure": noun("做什么", ""),
	"take": noun("取值", ""), "over": noun("取值范围", ""), "between": noun("两点之间", ""), "ties": noun("并列", ""), "within": noun("排名范围", ""), "points": noun("分值", ""),
}

// labelOf says what a key means in a few words.
func labelOf(k *rules.Key) engine.Text {
	zh, en := k.Doc.ZH, k.Doc.EN
	if l, ok := labels[k.Name]; ok {
		zh = l.ZH
	}
	if i := strings.IndexAny(zh, ";,:;,:、("); i > 0 {
		zh = zh[:i]
	}
	if i := strings.IndexAny(en, ";,:("); i > 0 {
		en = en[:i]
	}
	return engine.Text{ZH: zh, EN: strings.TrimSpace(en)}
}

// clip is how much of a value a sentence shows; the change holds all of it.
const clip = 120

func clipped(s string) string {
	if r := []rune(s); len(r) > clip {
		return string(r[:clip]) + "…"
	}
	return s
}

// spoken writes a value in a sentence.
func spoken(n *yaml.Node) engine.Text {
	if !datedNode(n) {
		s := clipped(written(n))
		return engine.Text{ZH: s, EN: s}
	}
	var zh, en []string
	for _, day := range keysOf(n) {
		v := clipped(written(valueOf(n, day)))
		zh, en = append(zh, "自 "+day+" 起 "+v), append(en, v+" from "+day+" on")
	}
	return engine.Text{ZH: strings.Join(zh, ", "), EN: strings.Join(en, ", ")}
}

// place names the key of a change: 满分点(score › full_points_at).
func placeWords(f frame) engine.Text {
	if len(f.path) == 0 {
		return engine.Text{}
	}
	keys := strings.Join(f.path, " › ")
	var zh []string
	for _, l := range f.labels {
		zh = append(zh, l.ZH)
	}
	words := strings.Join(zh, " › ")
	if words == keys {
		return engine.Text{ZH: words, EN: keys}
	}
	return engine.Text{ZH: words + " (" + keys + ")", EN: keys}
}

// sentence says what was done.
func sentence(f frame, action Action, b, a *yaml.Node) engine.Text {
	where, was, is := placeWords(f), spoken(b), spoken(a)
	if where.ZH == "" {
		return wholeOwner(f, action, was, is)
	}
	switch action {
	case Added:
		return engine.Text{ZH: "新增 " + where.ZH + ": " + is.ZH, EN: where.EN + " is added: " + is.EN}
	case Removed:
		return engine.Text{ZH: "删去 " + where.ZH + ", 原为 " + was.ZH, EN: where.EN + " is removed; it was " + was.EN}
	}
	return engine.Text{
		ZH: where.ZH + " 由 " + was.ZH + " 改为 " + is.ZH,
		EN: where.EN + " changes from " + was.EN + " to " + is.EN,
	}
}

// wholeOwner says that a thing with a name came, went or was replaced.
func wholeOwner(f frame, action Action, was, is engine.Text) engine.Text {
	title := f.owner.Title()
	switch action {
	case Added:
		return engine.Text{ZH: "新增" + title.ZH, EN: "the " + title.EN + " is added"}
	case Removed:
		return engine.Text{ZH: "删去" + title.ZH, EN: "the " + title.EN + " is removed"}
	}
	return engine.Text{
		ZH: "由 " + was.ZH + " 改为 " + is.ZH,
		EN: "changes from " + was.EN + " to " + is.EN,
	}
}
