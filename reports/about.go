package reports

import (
	"fmt"
	"strings"

	"kaoping/engine"
)

// aboutSheet is 说明: what the numbers rest on and how the file is verified.
func aboutSheet(d *Document, title string, head []headLine, merged []row) *sheet {
	t := &table{columns: []column{
		{title: d.say("项目", "subject"), width: 22, key: true},
		{title: d.say("内容", "content"), width: 100},
	}}
	t.add(d.say("规则", "Rules"), d.aboutRules())
	t.add(d.say("数据与运行", "Data and run"), d.aboutRun())
	t.add(d.say("引用的结果", "Results this one rests on"), d.aboutPast())
	t.add(d.say("计分与排名", "Scoring and ranking"), d.aboutMethod())
	t.add(d.say("待确认与已确认的假设", "Assumptions"), d.aboutAssumptions())
	t.add(d.say("合并考评", "Counted together"), merged)
	t.add(d.say("来源文件", "Source texts"), d.aboutSources())
	t.add(d.say("规则包备注", "Remarks of the pack"), d.aboutRemarks())
	t.add(d.say("本期提示", "Notes on this period"), d.aboutNotes())
	t.add(d.say("标记", "Marks"), d.aboutMarks())
	return &sheet{name: d.say("说明", "About"), title: title, head: head, tables: []*table{t}, freeze: 1, notes: []string{d.made()}}
}

// add appends rows under a heading; without rows there is no heading.
func (t *table) add(heading string, rows []row) {
	if len(rows) > 0 {
		t.rows = append(t.rows, row{kind: sectionRow, cells: []cell{textCell(heading), {}}})
		t.rows = append(t.rows, rows...)
	}
}

// fact is a row of the sheet; empty facts are not shown.
func fact(rows []row, name, content string) []row {
	if content == "" {
		return rows
	}
	return append(rows, row{cells: []cell{{text: name, indent: 1}, textCell(content)}})
}

func (d *Document) aboutRules() []row {
	var r []row
	r = fact(r, d.say("名称", "title"), d.in(d.Pack.Title))
	r = fact(r, d.say("规则包", "pack"), d.Result.Pack)
	r = fact(r, d.say("版本", "edition"), d.Result.Edition.String())
	r = fact(r, d.say("规则哈希(sha256)", "hash (sha256)"), d.Result.Hash)
	r = fact(r, d.say("状态", "status"), d.packStatus())
	return fact(r, d.say("主管机关", "regulator"), d.Pack.Regulator)
}

func (d *Document) aboutRun() []row {
	var r []row
	r = fact(r, d.say("统计期间", "period"), d.in(d.Result.Period.Title())+d.say("(", " (")+d.Result.Period.String()+d.say(","+d.days()+")", ", "+d.days()+")"))
	r = fact(r, d.say("数据截止", "data as of"), d.asOf())
	r = fact(r, d.say("数据快照", "snapshot"), d.Result.Snapshot)
	r = fact(r, d.say("运行", "run"), d.Run.ID)
	r = fact(r, d.say("结果版本", "revision"), d.revision())
	r = fact(r, d.say("生成时间", "made at"), d.Run.MadeAt)
	r = fact(r, d.say("操作人", "by"), d.Run.By)
	r = fact(r, d.say("程序版本", "program version"), d.Version)
	r = fact(r, d.say("结果摘要(sha256)", "digest of the result (sha256)"), d.Result.Digest())
	return fact(r, d.say("校验码", "check code"), CheckCode(d))
}

func (d *Document) aboutMethod() []row {
	var r []row
	if d.Pack.Total != nil {
		r = fact(r, d.say("满分", "full points"), d.Pack.Total.FullPoints.Shortest(2))
		r = fact(r, d.say("得分取舍", "rounding of points"), d.roundingText())
	}
	m := d.Pack.Rounding.Metrics
	decimals := d.Pack.MetricRounding(metricUnit(d.Pack, "")).Decimals
	if d.Pack.Rounding.MetricsRounded {
		r = fact(r, d.say("指标值取舍", "rounding of metrics"), fmt.Sprintf(d.say("保留%d位小数,%s,先取舍后评分", "%d decimals, %s, before scoring"), m.Decimals, d.modeText(m)))
	} else {
		r = fact(r, d.say("指标值显示", "display of metrics"), fmt.Sprintf(d.say("显示%d位小数(百分数少两位),评分前不取舍", "%d decimals shown (two less of a percentage), never rounded before scoring"), decimals))
	}
	r = fact(r, d.say("排名", "ranking"), d.rankingText())
	return fact(r, d.say("依据", "clause"), strings.TrimSpace(d.Pack.Ranking.Cite+" "+d.Pack.Ranking.Quote))
}

func (d *Document) modeText(r engine.Rounding) string {
	zh, en := r.Mode.Text()
	return d.say(zh, en)
}

func (d *Document) roundingText() string {
	rule := d.Pack.Rounding
	if !rule.RoundPoints {
		return d.say("从不取舍;表中显示两位小数", "never rounded; shown with two decimals")
	}
	where := d.say("各指标先取舍后相加", "each indicator before adding up")
	if rule.PointsAtTotal {
		where = d.say("只取舍总分", "only the total")
	}
	return fmt.Sprintf(d.say("%d位小数,%s,%s", "%d decimals, %s, %s"), rule.Points.Decimals, d.modeText(rule.Points), where)
}

func (d *Document) rankingText() string {
	parts := []string{direction(d)}
	for _, k := range d.Pack.Ranking.Then {
		order := d.say("大者在前", "largest first")
		if k.Ascending {
			order = d.say("小者在前", "smallest first")
		}
		if k.ZeroOnly {
			order += d.say(",仅用于排名值为零者", ", only among those whose value is zero")
		}
		parts = append(parts, d.say("相同时按", "then by ")+d.bracket(k.Name, order))
	}
	within := d.say("类别内排名", "within each peer group")
	if d.Pack.Ranking.AllAssessed {
		within = d.say("全部参评对象一起排名", "all assessed together")
	}
	ties := d.say("并列者同名次,其后名次顺延(1、1、3)", "equals share the better rank (1, 1, 3)")
	if d.Pack.Ranking.Ties == engine.Dense {
		ties = d.say("并列者同名次,其后名次不跳号(1、1、2)", "equals share a rank, no gaps (1, 1, 2)")
	}
	return strings.Join(append(parts, within, ties), d.say(";", "; "))
}

func (d *Document) aboutAssumptions() []row {
	var r []row
	for _, a := range d.Pack.Assumptions {
		state := d.say("待确认", "open")
		if a.State == "settled" {
			state = d.say("已确认", "settled")
		}
		text := d.in(a.Says)
		if !a.Because.IsZero() {
			text += d.say("\n理由:", "\nbecause: ") + d.in(a.Because)
		}
		if a.Ask != "" {
			text += d.say("\n向谁确认:", "\nto be confirmed by: ") + a.Ask
		}
		r = fact(r, d.bracket(a.ID, state), text)
	}
	return r
}

func (d *Document) aboutSources() []row {
	var r []row
	for _, s := range d.Pack.Sources {
		text := s.Title + d.say(";尚未核对", "; not compared yet")
		if _, err := engine.ParseDate(s.LastCompared); err == nil {
			text = s.Title + d.say(";最近核对 ", "; last compared ") + s.LastCompared
		}
		r = fact(r, s.ID, text)
	}
	return r
}

func (d *Document) aboutRemarks() []row {
	var r []row
	for i, remark := range d.Pack.Remarks {
		r = fact(r, fmt.Sprint(i+1), d.in(remark))
	}
	return r
}

func (d *Document) aboutNotes() []row {
	var r []row
	for i, n := range d.Result.Notes {
		r = fact(r, fmt.Sprint(i+1), d.in(n))
	}
	return r
}

func (d *Document) aboutMarks() []row {
	var r []row
	r = fact(r, dash, d.say("没有数值或不能计算,不是零;原因见备注", "no value, not zero; the remarks say why"))
	r = fact(r, d.say("不适用", "n/a"), d.say("本项不计分,分值已按规则处理", "the line does not count; its points went where the rules say"))
	r = fact(r, "▲ ▼", d.say("较上期名次上升、下降;不变写“持平”", "rank up or down against last period; “same” if it did not move"))
	return fact(r, d.say("核对方法", "verification"),
		fmt.Sprintf(d.say("以运行号 %s 和校验码 %s 在系统中重算,结果摘要应完全相同", "compute run %s again: the digest of the result begins with the check code %s"), orDash(d.Run.ID), CheckCode(d)))
}

// mergedRows lists the units that are counted with a subject.
func (d *Document) mergedRows(cards []*engine.Scorecard) []row {
	var r []row
	for _, c := range cards {
		if len(c.Merged) > 0 {
			r = fact(r, d.bracket(c.Name, c.Subject), d.say("含 ", "includes ")+d.list(c.Merged))
		}
	}
	return r
}

func (v *cardView) about() *sheet {
	return aboutSheet(v.Document, v.heading("说明", "about"), v.plain(), v.mergedRows([]*engine.Scorecard{v.card}))
}
