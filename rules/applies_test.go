package rules

import (
	"os"
	"strings"
	"testing"

	"kaoping/engine"
)

// The pack in testdata/applies is checked and tested.
func TestItemsThatApplySometimes(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/applies"), Options{})
	var b strings.Builder
	if HasErrors(diags) {
		WriteText(&b, diags, engine.English)
		t.Fatal(b.String())
	}
	if report := Test(lib, TestOptions{}); report.Failed() > 0 || len(report.Packs) == 0 {
		report.Write(&b, engine.English)
		t.Error(b.String())
	}
	data, err := os.ReadFile("testdata/applies/2022-01-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for old, want := range map[string]string{
		"only_in: month, full_points: 100": "对员工(month), “业绩”的指标合计 90, 应为 100",
		"only_in: month,":                  "统计期间",
	} {
		new := strings.NewReplacer("full_points: 100", "full_points: 90", "only_in: month,", "only_in: monthly,").Replace(old)
		if strings.Contains(old, "100") {
			new = strings.Replace(old, "100", "90", 1)
		}
		_, diags := LoadFiles(map[string][]byte{"x.yaml": []byte(strings.Replace(string(data), old, new, 1))})
		found := false
		for _, d := range diags {
			found = found || strings.Contains(d.Message.ZH, want)
		}
		if !found {
			t.Errorf("%s: %v", new, diags)
		}
	}
}
