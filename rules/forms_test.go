package rules

import (
	"os"
	"strings"
	"testing"

	"kaoping/engine"
)

// The pack in testdata/forms is checked, tested, explained and read back.
func TestFormsOfScale(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/forms"), Options{})
	var b strings.Builder
	if HasErrors(diags) {
		WriteText(&b, diags, engine.English)
		t.Fatal(b.String())
	}
	if report := Test(lib, TestOptions{}); report.Failed() > 0 || len(report.Packs) == 0 {
		report.Write(&b, engine.English)
		t.Error(b.String())
	}
	for _, s := range Sentences(lib.Packs()[0], engine.Chinese) {
		b.WriteString(strings.Join(strings.Fields(s.Text), " ") + "\n")
	}
	for _, want := range []string{"达到 90% 得 10 分, 不足的按比例得分", "不高于 5件得 10 分, 超过的按反比得分", "第 1 名: 10 分", "前 25%: 10 分", "查表得分, 按 可能性 × 影响", "高: 轻微 3 分, 严重 0 分", "以下办法取较高的"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not said in\n%s", want, b.String())
		}
	}
}

func TestMistakesInFormsOfScale(t *testing.T) {
	data, err := os.ReadFile("testdata/forms/2022-01-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, code, message string }{
		{"{to: 2, points: 6}, {otherwise: 2}]", "{to: 2, points: 6}]", CodeBandsGap, "其余名次没有分值"},
		{"{to: 2, points: 6}", "{from: 3, to: 4, points: 6}", CodeBandsGap, "第 2 名没有分值"},
		{"{to: 2, points: 6}", "{from: 1, to: 2, points: 6}", CodeBandsOverlap, "第 1 名在两行里"},
		{"{top: 50%, points: 5}", "{top: 20%, points: 5}", CodeBandsOverlap, "top 从小到大"},
		{"{otherwise: 2}], better: lower}", "{otherwise: 2}]}", CodeMissingKey, "缺少 better"},
		{"              - [3, 0]\n", "", CodeWrongType, "有 2 行分值, 应有 3 行"},
		{"is: [轻微, 严重]", "is: [轻微, 要命]", CodeUnknownName, "没有这个值"},
		{"{to: 1, points: 10}", "{to: 1, points: 11}", CodePoints, "11"},
		{"{in_proportion_to: 90%}", "{in_proportion_to: 90件}", CodeUnit, ""},
	} {
		_, diags := LoadFiles(map[string][]byte{"x.yaml": []byte(strings.Replace(string(data), c.old, c.new, 1))})
		found := false
		for _, d := range diags {
			found = found || d.Code == c.code && strings.Contains(d.Message.ZH, c.message)
		}
		if !found {
			t.Errorf("%s: %v", c.new, diags)
		}
	}
}
