package rules

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

// The pack in testdata/judged is checked and tested.
func TestGradesMarksAndRaters(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/judged"), Options{})
	var b strings.Builder
	if HasErrors(diags) {
		WriteText(&b, diags, engine.English)
		t.Fatal(b.String())
	}
	if report := Test(lib, TestOptions{}); report.Failed() > 0 || len(report.Packs) == 0 {
		report.Write(&b, engine.English)
		t.Error(b.String())
	}
}

func TestJudgedMistakes(t *testing.T) {
	data, err := os.ReadFile("testdata/judged/2022-01-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, code, message string }{
		{"优秀: 5", "优秀: 4", CodePoints, "最好的等次得 4 分, 满分是 5"},
		{"{from: 60, to: 100}", "{from: 100, to: 60}", CodeNoLength, "最高分不高于最低分"},
		{"自评: 20%", "自评: 10%", CodeWeights, "评价人的权重合计 90%, 应为 100%"},
		{"marked: {from: 60, to: 100}", "marked: {from: 60, to: 100}, checklist: {甲: 10}", CodeWrongType, "checklist、graded、marked 只能写一个"},
		{"较差: 0}", "较差: 0}, partly: 50%", CodeWrongType, "partly 只用于检查清单"},
	} {
		text := strings.Replace(string(data), c.old, c.new, 1)
		_, diags := Load(fstest.MapFS{"x.yaml": {Data: []byte(text)}}, Options{})
		found := false
		for _, d := range diags {
			found = found || d.Code == c.code && strings.Contains(d.Message.ZH, c.message)
		}
		if !found {
			t.Errorf("%s: %v", c.new, diags)
		}
	}
}
