package rules

import (
	"os"
	"strings"
	"testing"

	"kaoping/engine"
)

// The pack in testdata/parameters is checked, tested and read back with every
// value that changes.
func TestParameters(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/parameters"), Options{})
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
	for _, want := range []string{"规模线 = 100件; 人身险 50件", "自 2022-01-01 起 80%; 自 2024-01-01 起 90%", "只计 乙 ≥ 规模线", "就近: 至少 50% 不超过的最小值", "标准差(2 位小数)"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not said in\n%s", want, b.String())
		}
	}
}
