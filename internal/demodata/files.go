package demodata

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// File is one file of the data folder.
type File struct {
	Name string
	Data []byte
}

// Files makes all files: what is loaded, by feed or register, and the expected
// results. They are UTF-8 with line feeds, the same bytes every time.
func Files() ([]File, error) {
	tables := []struct {
		name string
		rows [][]string
	}{
		{"机构.csv", subjectTable()},
		{"业务统计.csv", figureTable()},
		{"投诉案件.csv", complaintTable()},
		{"调解案件.csv", mediationTable()},
		{"日常工作记录.csv", table("记录编号 机构编码 日期 次数 类别 评分项目 程度 监管措施 形式 人数 造成恶劣影响 摘要", incidents)},
		{"舆情监测.csv", table("舆情编号 机构编码 报道日期 主流媒体 造成恶劣影响 程度 摘要", reports)},
		{"定性评分.csv", table("机构编码 统计期间 指标 检查项 结论 理由 佐证 评分人 复核人", judgementRows())},
		{"expected_property.csv", expectedProperty()},
		{"expected_life.csv", expectedLife()},
	}
	var files []File
	for _, t := range tables {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		if err := w.WriteAll(t.rows); err != nil {
			return nil, fmt.Errorf("write %s: %w", t.name, err)
		}
		files = append(files, File{t.name, b.Bytes()})
	}
	return files, nil
}

// table puts headings, one word each, above rows.
func table(headings string, rows [][]string) [][]string {
	return append([][]string{strings.Fields(headings)}, rows...)
}

func subjectTable() [][]string {
	var rows [][]string
	for i := range insurers {
		u := &insurers[i]
		rows = append(rows, []string{u.code, u.name, u.short, groupTitles[u.group], u.kind, u.parent, u.opened})
	}
	return table("机构编码 机构名称 简称 类别 机构类型 上级机构 开业日期", rows)
}

// figureTable lists what the statistics system reports for the spans that are
// assessed, first half-years and whole years, each unit for itself.
func figureTable() [][]string {
	var rows [][]string
	for i := range insurers {
		u := &insurers[i]
		for _, h := range halves {
			f, ok := u.own(h)
			if !ok {
				continue
			}
			if h[5] == '1' {
				rows = append(rows, figureRow(u, string(h), f))
				continue
			}
			if first, ok := u.own(h[:4] + "H1"); ok {
				f = first.then(f)
			}
			rows = append(rows, figureRow(u, string(h[:4]), f))
		}
	}
	return table("机构编码 统计期间 保费收入 车险保费收入 非车险保费收入 非车险保单件数 上期期末有效保单件数 本期累计新增承保保单件数 上期期末有效承保人次 本期累计新增承保人次", rows)
}

// figureRow leaves empty what the statistics of the other kind of insurer hold.
func figureRow(u *insurer, period string, f figures) []string {
	row := []string{u.code, period, strconv.Itoa(f.MotorPremium + f.OtherPremium)}
	if u.group == "life" {
		return append(row, "", "", "", strconv.Itoa(f.PoliciesAtOpening), strconv.Itoa(f.PoliciesAdded),
			strconv.Itoa(f.InsuredAtOpening), strconv.Itoa(f.InsuredAdded))
	}
	return append(row, strconv.Itoa(f.MotorPremium), strconv.Itoa(f.OtherPremium), strconv.Itoa(f.OtherPolicies), "", "", "", "")
}

func complaintTable() [][]string {
	var rows [][]string
	for _, c := range complaints() {
		rows = append(rows, []string{
			c.number, c.unit, date(c.received), c.line, c.source, date(c.passedOn), date(c.due), date(c.reply), yesNo(c.withdrawn),
		})
	}
	return table("案件编号 被投诉机构 收件日期 险种 来源 转办日期 应反馈日期 反馈日期 转办前撤回", rows)
}

func mediationTable() [][]string {
	var rows [][]string
	for _, m := range mediations() {
		result := "未成功"
		if m.settled {
			result = "成功"
		}
		rows = append(rows, []string{m.number, m.unit, date(m.sent), result})
	}
	return table("调解编号 机构编码 移送日期 调解结果", rows)
}

// date writes a day, and nothing for none.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}
