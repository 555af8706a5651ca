package formula

import (
	"testing"
	"time"

	"kaoping/engine/exact"
	"kaoping/engine/unit"
)

// officeScope declares what the examples of the tests use.
func officeScope(t testing.TB) Scope {
	u := func(s string) unit.Unit { return mustUnit(t, s) }
	return NewScope(
		Symbol{ID: "complaints", Name: "投诉件数", Unit: u("件")},
		Symbol{ID: "premium", Name: "保费收入", Unit: u("元")},
		Symbol{ID: "motor_premium", Name: "车险保费收入", Unit: u("万元")},
		Symbol{ID: "policies", Name: "保单件数", Unit: u("万张")},
		Symbol{ID: "rate", Name: "及时率", Unit: u("%")},
		Symbol{ID: "volume", Name: "投诉量", Unit: u("件/亿元")},
		Symbol{ID: "years", Name: "完整会计年度数", Unit: u("年")},
		Symbol{ID: "points", Name: "得分", Unit: u("分")},
		Symbol{ID: "persistency", Name: "13个月继续率", Unit: u("%")},
		Symbol{ID: "staff", Name: "人均(在岗)", Unit: u("人")},
		Symbol{ID: "x", Name: "x"}, Symbol{ID: "y", Name: "y"},
		Symbol{ID: "line", Name: "险种", Kind: Text, Options: []string{"车险", "非车险"}, Nullable: true},
		Symbol{ID: "withdrawn", Name: "撤回", Kind: Bool},
		Symbol{ID: "received", Name: "收件日期", Kind: Date},
		Symbol{ID: "answered", Name: "反馈日期", Kind: Date, Nullable: true},
	)
}

func exactly(t testing.TB, s string) exact.Num {
	t.Helper()
	x, err := exact.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func dayNumber(t testing.TB, s string) exact.Num {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return exact.Int(d.Unix() / 86400)
}

// officeRow has a figure in base units for each symbol; the shifted ones are
// those of another period.
func officeRow(t testing.TB) map[Ref]Value {
	n := func(s string) Value { return Value{Num: exactly(t, s)} }
	return map[Ref]Value{
		{ID: "complaints"}: n("75"), {ID: "premium"}: n("3000000000"), {ID: "motor_premium"}: n("20000"), {ID: "policies"}: n("50000"),
		{ID: "rate"}: n("0.825"), {ID: "volume"}: n("1/40000000"), {ID: "years"}: n("3"), {ID: "points"}: n("13.335"), {ID: "x"}: n("12.345"), {ID: "y"}: n("-2"),
		{ID: "line"}: {Text: "车险"}, {ID: "withdrawn"}: {Bool: true},
		{ID: "received"}: {Num: dayNumber(t, "2024-02-27")}, {ID: "answered"}: {Num: dayNumber(t, "2024-03-01")},
		{"complaints", Previous, 1}: n("100"), {"complaints", Preceding, 1}: n("80"), {"complaints", YearAgo, 1}: n("60"), {"premium", Previous, 1}: n("4000000000"),
	}
}

func officeInput(t testing.TB, row map[Ref]Value) Input {
	return Input{Rows: 1, Column: func(r Ref) (*Column, error) { return Const(row[r], 1), nil }}
}

func mustCheck(t testing.TB, source string, scope Scope) *Expr {
	t.Helper()
	e, problems := Check(source, scope, Options{Shifts: true, Groups: true})
	if problems != nil {
		t.Fatalf("%s: %+v", source, problems)
	}
	return e
}

// evalOne evaluates a formula over the office row.
func evalOne(t testing.TB, source string, row map[Ref]Value) (Value, *Expr) {
	t.Helper()
	e := mustCheck(t, source, officeScope(t))
	c, err := Eval(e, officeInput(t, row))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return c.At(0), e
}
