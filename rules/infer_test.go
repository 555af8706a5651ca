package rules

import (
	"reflect"
	"testing"

	"kaoping/engine"
	"kaoping/engine/formula"
)

func TestGuessFields(t *testing.T) {
	field := func(name string, kind formula.Kind, nullable bool) engine.Field {
		return engine.Field{ID: name, Name: name, Kind: kind, Nullable: nullable}
	}
	tests := []struct {
		condition string
		want      []engine.Field
	}{
		{`形式 == "群体性事件" and 人数 >= 50`, []engine.Field{field("形式", formula.Text, false), field("人数", formula.Number, false)}},
		{`造成恶劣影响`, []engine.Field{field("造成恶劣影响", formula.Bool, false)}},
		{`not late and 50 <= persons`, []engine.Field{field("late", formula.Bool, false), field("persons", formula.Number, false)}},
		{`来源 in ["总公司", "分公司"]`, []engine.Field{field("来源", formula.Text, false)}},
		{`结果 != 空 and 结果 == "属实"`, []engine.Field{field("结果", formula.Text, true)}},
		{`天数(收件, 反馈) > 3`, []engine.Field{field("收件", formula.Date, false), field("反馈", formula.Date, false)}},
		{``, nil},
	}
	for _, tt := range tests {
		if got := guessFields(tt.condition); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s\ngot  %+v\nwant %+v", tt.condition, got, tt.want)
		}
	}
}
