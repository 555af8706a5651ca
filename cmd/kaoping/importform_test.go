package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"kaoping/engine"
	"kaoping/reports"
	"kaoping/rules"
	"kaoping/rules/packs"
)

// importWorkbook imports a workbook and returns the draft, with what was said.
func importWorkbook(t *testing.T, book []byte) (draft []byte, said string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "form.xlsx")
	if err := os.WriteFile(file, book, 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errors bytes.Buffer
	a := &app{stdout: &out, stderr: &errors, lang: engine.Chinese}
	if err := a.importForm(file, filepath.Join(dir, "pack"), "form", "2026-01-01"); err != nil {
		t.Fatal(err)
	}
	draft, err := os.ReadFile(filepath.Join(dir, "pack", "2026-01-01.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return draft, strings.ReplaceAll(errors.String(), dir, "DIR")
}

// makeForm makes a workbook of rows; merges are ranges.
func makeForm(t *testing.T, rows [][]any, merges ...string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range merges {
		from, to, _ := strings.Cut(m, ":")
		if err := f.MergeCell("Sheet1", from, to); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestImportForm imports forms as offices make them; the drafts are golden files.
func TestImportForm(t *testing.T) {
	forms := map[string][]byte{
		"merged": makeForm(t, [][]any{
			{"××公司消费者权益保护工作考核评分表(2026年度)"},
			{"单位:分"},
			{"考核类别", "序号", "考核指标", "评分标准", "计算公式", "标准分", "数据来源", "依据"},
			{"定量指标", 1, "投诉处理及时率", "达到 98% 得满分,不超过 80% 得 0 分,其间按直线计算", "投诉处理及时率=按时办结件数/投诉件数×100%", 30, "投诉系统", "办法第八条"},
			{nil, 2, "亿元保费投诉量", "由低到高排序打分", "投诉件数/保费收入(单位:件/亿元)", 20, "投诉系统;统计系统", "办法第九条"},
			{nil, 3, "回访成功率", "达到90%得满分", "回访成功率=回访成功件数÷应回访件数×100%", 10, "客服系统", ""},
			{"定性指标", 4, "制度建设", "逐项评定", "登记制度(10分)\n档案制度(5分)\n考评制度(5分)", 20, "报告", "办法第五条"},
			{nil, 5, "领导重视程度", "根据实际情况酌情打分", "", 20, "", ""},
			{"小计", nil, nil, nil, nil, 100},
			{"扣分项", 6, "迟报(扣分项)", "每迟报一次扣2分,最高扣10分", "", nil, "登记簿", "办法第十条"},
			{nil, 7, "违规(扣分项)", "监管谈话:扣2分;行政处罚:扣8分;最高扣20分", "", nil, "登记簿", ""},
			{nil, 8, "负面舆情(扣分项)", "视情节轻重扣分", "", nil, "", ""},
			{"合计", nil, nil, nil, nil, 100},
		}, "A1:H1", "A4:A6", "A7:A8", "A10:A12"),
		"numbered": makeForm(t, [][]any{
			{"评分办法", "指标名称", "分值(分)", "口径"},
			{"", "一、业务质量(60分)", "", ""},
			{"", "(一)赔付(40分)", "", ""},
			{"= 1+1 酌情", "1. 赔付率", "40分", "赔付率=赔款支出/保费收入"},
			{"不低于10件得20分,不超过2件得0分", "2. 结案量", "20", "结案件数"},
			{"", "二、服务质量", "", ""},
			{"达到 95% 得 40 分", "3. 满意度", "40", "满意件数/评价件数"},
			{"", "总分", "100", ""},
		}),
	}
	for name, book := range forms {
		t.Run(name, func(t *testing.T) {
			draft, said := importWorkbook(t, book)
			golden := filepath.Join("testdata", "forms", name+".yaml")
			got := append(draft, []byte("\n# ── said ──\n# "+strings.ReplaceAll(strings.TrimSpace(said), "\n", "\n# ")+"\n")...)
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s", got)
			}
			if out, diags := rules.Format("draft.yaml", draft); rules.HasErrors(diags) || !bytes.Equal(out, draft) {
				t.Errorf("the draft is not in order:\n%s", out)
			}
		})
	}
}

// TestImportFormRoundTrip writes the form of a shipped pack and imports it: the
// sections, indicators and points are the same, and there are no errors.
func TestImportFormRoundTrip(t *testing.T) {
	library, _ := rules.Load(packs.FS, rules.Options{})
	a := &app{lang: engine.Chinese}
	for _, p := range library.Packs() {
		if p.Name != "cn-shanghai-complaint-handling" {
			continue
		}
		var book bytes.Buffer
		if err := reports.WriteNote(&book, a.note(p), reports.XLSX); err != nil {
			t.Fatal(err)
		}
		draft, said := importWorkbook(t, book.Bytes())
		q, diags := rules.LoadFiles(map[string][]byte{"form.yaml": draft})
		if q == nil {
			t.Fatalf("%v\n%s\n%s", diags, said, draft)
		}
		if got, want := outline(q.Sections, 0), outline(p.Sections, 0); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if !q.Total.FullPoints.Equal(p.Total.FullPoints) || len(q.Metrics) != len(p.Metrics) {
			t.Errorf("total %s, %d metrics", q.Total.FullPoints, len(q.Metrics))
		}
	}
}

// outline lists items with their points.
func outline(items []*engine.Item, depth int) string {
	out := ""
	for _, it := range items {
		out += fmt.Sprintf("%s%s %s %s\n", strings.Repeat("  ", depth), it.Kind, it.Name, it.FullPoints.Shortest(4))
		if it.AtMost != nil {
			out += "  at most " + it.AtMost.Shortest(4) + "\n"
		}
		out += outline(it.Children, depth+1)
	}
	return out
}

func TestImportFormRefuses(t *testing.T) {
	a := &app{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}, lang: engine.Chinese}
	file := filepath.Join(t.TempDir(), "x.xlsx")
	for _, content := range [][]byte{nil, []byte("PK\x03\x04 broken"), makeForm(t, [][]any{{"a", "b"}, {1, 2}})} {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := a.importForm(file, t.TempDir(), "x", "2026-01-01"); err == nil {
			t.Errorf("%.10q was taken for a form", content)
		}
	}
}
