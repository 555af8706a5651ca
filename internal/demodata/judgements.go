package demodata

// checklists are the lines of the two judged indicators, as the pack writes them.
var checklists = []struct {
	indicator string
	section   string // of the insurer's report, where the evidence is
	lines     []string
}{
	{"制度建设", "(1)", []string{
		"投诉处理工作制度", "登记制度", "档案管理制度", "重大及群体性保险消费投诉处理应急预案", "投诉考评制度",
		"投诉处理责任追究制度", "总经理接待日制度", "总经理消费投诉案件审阅制度", "监管要求建立的其它制度",
	}},
	{"机制建立", "(2)至(7)", []string{
		"投诉处理工作责任制", "管理部门和岗位", "内部沟通协调机制", "投诉处理痕迹管理机制", "投诉核查机制",
		"投诉处理信息化系统", "公布投诉受理渠道和投诉程序", "投诉处理内部培训机制", "监管要求建立的其它工作机制",
	}},
}

// assessedPeriods are those the judgements are for.
var assessedPeriods = []string{"2024H1", "2024", "2025H1"}

// answer is a line that was not answered with yes.
type answer struct{ line, says, reason string }

// shortcomings are the answers other than yes, by period and insurer.
var shortcomings = map[string]map[string][]answer{
	"2024H1": {
		"PC03": {{"投诉处理责任追究制度", "否", "制度未涵盖外包机构"}, {"投诉核查机制", "否", "没有核查记录"}},
		"PD04": {{"监管要求建立的其它工作机制", "否", "未建立"}},
		"PE05": {{"投诉处理内部培训机制", "否", "半年内无培训记录"}},
		"PF06": {{"总经理接待日制度", "否", "制度未印发"}, {"公布投诉受理渠道和投诉程序", "否", "网点未张贴"}},
		"PG07": {{"总经理消费投诉案件审阅制度", "否", "制度未印发"}},
		"PH08": {{"监管要求建立的其它制度", "否", "未建立"}, {"投诉处理内部培训机制", "否", "半年内无培训记录"}},
		"LB02": {{"投诉考评制度", "部分", "未覆盖代理渠道"}, {"投诉处理内部培训机制", "否", "半年内无培训记录"}},
		"LC03": {{"登记制度", "否", "营业部未执行统一登记"}, {"投诉处理信息化系统", "部分", "营业部未接入"}},
		"LF06": {{"监管要求建立的其它制度", "否", "未建立"}, {"投诉核查机制", "否", "没有核查记录"}},
	},
	"2024": {
		"PC03": {{"投诉核查机制", "部分", "核查记录不全"}},
		"PD04": {{"投诉处理责任追究制度", "部分", "未明确标准"}, {"监管要求建立的其它工作机制", "否", "未建立"}},
		"PF06": {{"总经理接待日制度", "否", "制度未印发"}, {"投诉处理信息化系统", "部分", "无到期提醒"}},
		"PG07": {{"总经理消费投诉案件审阅制度", "否", "制度未印发"}},
		"PH08": {{"投诉处理内部培训机制", "否", "无培训记录"}},
		"LB02": {{"投诉考评制度", "部分", "未覆盖代理渠道"}},
		"LC03": {{"投诉处理信息化系统", "部分", "营业部未接入"}},
		"LD04": {{"总经理接待日制度", "否", "全年未公布接待日"}},
		"LF06": {{"投诉考评制度", "否", "未建立"}, {"投诉核查机制", "部分", "核查记录不全"}},
	},
	"2025H1": {
		"PB02": {{"投诉处理内部培训机制", "否", "半年内无培训记录"}},
		"PD04": {{"投诉处理责任追究制度", "否", "制度已废止,新制度未印发"}, {"投诉核查机制", "否", "没有核查记录"}},
		"PF06": {
			{"档案管理制度", "否", "未建立"}, {"总经理接待日制度", "否", "制度未印发"},
			{"投诉核查机制", "否", "没有核查记录"}, {"投诉处理信息化系统", "否", "系统停用"},
		},
		"PG07": {{"总经理消费投诉案件审阅制度", "否", "制度未印发"}},
		"LB02": {{"重大及群体性保险消费投诉处理应急预案", "部分", "未按年演练"}},
		"LD04": {
			{"总经理接待日制度", "否", "半年内未公布接待日"},
			{"内部沟通协调机制", "部分", "与银行渠道没有书面约定"}, {"公布投诉受理渠道和投诉程序", "否", "网站未公布"},
		},
		"LE05": {{"监管要求建立的其它工作机制", "否", "未建立"}},
		"LF06": {
			{"投诉考评制度", "否", "未建立"},
			{"投诉处理信息化系统", "否", "用表格登记"}, {"投诉处理内部培训机制", "否", "半年内无培训记录"},
		},
	},
}

// judgementRows lists every answer: yes to each line without a shortcoming.
func judgementRows() [][]string {
	var rows [][]string
	for _, period := range assessedPeriods {
		for i := range insurers {
			u := &insurers[i]
			if u.kind != branch {
				continue
			}
			if _, open := u.by[half("2023H1")]; !open {
				continue
			}
			rows = append(rows, judgementsOf(u, period)...)
		}
	}
	return rows
}

func judgementsOf(u *insurer, period string) [][]string {
	var rows [][]string
	scorer, reviewer := "评分员01", "复核员01"
	if u.group == "life" {
		scorer, reviewer = "评分员02", "复核员02"
	}
	for _, list := range checklists {
		for _, line := range list.lines {
			says, reason := "是", ""
			for _, a := range shortcomings[period][u.code] {
				if a.line == line {
					says, reason = a.says, a.reason
				}
			}
			rows = append(rows, []string{
				u.code, period, list.indicator, line, says, reason, period + "工作情况报告" + list.section, scorer, reviewer,
			})
		}
	}
	return rows
}
