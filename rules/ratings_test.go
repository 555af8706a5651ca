package rules

import (
	"os"
	"strings"
	"testing"

	"kaoping/engine"
)

// The pack in testdata/ratings is checked, tested and read back.
func TestRatingsAndWeights(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/ratings"), Options{})
	if HasErrors(diags) {
		var b strings.Builder
		WriteText(&b, diags, engine.English)
		t.Fatal(b.String())
	}
	report := Test(lib, TestOptions{})
	if report.Failed() > 0 {
		var b strings.Builder
		report.Write(&b, engine.English)
		t.Error(b.String())
	}
}

// Every sentence about ratings and weights is said in both languages.
func TestRatingsAreReadBack(t *testing.T) {
	lib, _ := Load(os.DirFS("testdata/ratings"), Options{})
	for lang, wants := range map[engine.Lang][]string{
		engine.Chinese: {"加权部分 100 分 权重 60%", "各项按权重取加权平均", "已评不足 2 项的不计分", "低于上期得分的, 按上期得分计", "A: 不低于 80", "D: 低于 50", "得分(甲) < 60的, 最高评为 B", "下调 1 级",
			"总分四舍五入, 以 0.5 为单位", "各部分合计截断至 1 位小数", "表彰: 总行, 连续(等级 = “A”, 3)的, 优先晋升", "不计丙"},
		engine.English: {"weight 60%", "the weighted mean of its parts", "no points with fewer than 2 scored indicators", "A: from 80", "at best B", "1 down", "to steps of 0.5, half up", "without 丙"},
	} {
		var all strings.Builder
		for _, s := range Sentences(lib.Packs()[0], lang) {
			all.WriteString(strings.Join(strings.Fields(s.Text), " ") + "\n")
		}
		for _, want := range wants {
			if !strings.Contains(all.String(), want) {
				t.Errorf("%s: %q is not said in\n%s", lang, want, all.String())
			}
		}
	}
}

// Points that depend on themselves are refused, and the circle is printed.
func TestACircleThroughPointsIsPrinted(t *testing.T) {
	data, err := os.ReadFile("testdata/ratings/2022-01-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for old, circle := range map[string]string{
		"{formula: 甲, unit: 件, cite: 三}":              "甲值 → 得分(甲) → 加权部分 → 甲值",
		"{formula: 得分均值(加权部分), unit: \"1\", cite: 四}": "均值 → 总分 → 其余部分 → 均值",
	} {
		new := map[string]string{
			"{formula: 甲, unit: 件, cite: 三}":              "{formula: 甲 + 0件 × 得分(甲), unit: 件, cite: 三}",
			"{formula: 得分均值(加权部分), unit: \"1\", cite: 四}": "{formula: 总分, unit: \"1\", cite: 四}",
		}[old]
		text := strings.Replace(string(data), old, new, 1)
		if text == string(data) {
			t.Fatal("nothing replaced")
		}
		_, diags := LoadFiles(map[string][]byte{"x.yaml": []byte(text)})
		found := false
		for _, d := range diags {
			found = found || d.Code == CodeCycle && strings.Contains(d.Message.ZH, circle)
		}
		if !found {
			t.Errorf("%s: %v", circle, diags)
		}
	}
}
