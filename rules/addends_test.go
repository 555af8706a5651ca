package rules

import (
	"os"
	"strings"
	"testing"

	"kaoping/engine"
)

// The pack in testdata/addends is checked, tested and read back.
func TestAdditionsAndCommonCaps(t *testing.T) {
	lib, diags := Load(os.DirFS("testdata/addends"), Options{})
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
	for _, want := range []string{"创新 加分项 最高加 10 分", "国家级: 加 8 分", "每件扣 2 × 人数 分", "违规、投诉合计最高 25 分"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not said in\n%s", want, b.String())
		}
	}
}
