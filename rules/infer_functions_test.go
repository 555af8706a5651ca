package rules

import (
	"testing"

	"kaoping/engine/formula"
)

func TestFieldsOfDatesAndTextsAreToldFromTheFunctionsTheyStandIn(t *testing.T) {
	kinds := map[string]formula.Kind{}
	for _, f := range guessFields(`工作日(收件日期, 反馈日期) > 3 and 包含(摘要, "理赔") and 人数 >= 2 and 年(结案日期) == 2024`) {
		kinds[f.Name] = f.Kind
	}
	for name, want := range map[string]formula.Kind{"收件日期": formula.Date, "反馈日期": formula.Date, "摘要": formula.Text, "人数": formula.Number, "结案日期": formula.Date} {
		if kinds[name] != want {
			t.Errorf("%s is %d, want %d", name, kinds[name], want)
		}
	}
}
