package unit

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"kaoping/engine/exact"
)

func mustUnit(t testing.TB, s string) Unit {
	t.Helper()
	u, err := Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return u
}

func num(t testing.TB, s string) exact.Num {
	t.Helper()
	x, err := exact.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestParseUnits(t *testing.T) {
	for _, c := range []struct{ in, dim, scale string }{
		{"件", "件^1", "1"}, {"万张", "张^1", "10000"}, {"亿元", "元^1", "100000000"}, {"万人次", "人次^1", "10000"},
		{"百件", "件^1", "100"}, {"十万户", "户^1", "100000"}, {"百万辆", "辆^1", "1000000"}, {"千万笔", "笔^1", "10000000"}, {"万亿元", "元^1", "1000000000000"},
		{"人民币", "元^1", "1"}, {"CNY", "元^1", "1"}, {"million yuan", "元^1", "1000000"},
		{"USD million", "USD^1", "1000000"}, {"million USD", "USD^1", "1000000"}, {"百万美元", "USD^1", "1000000"}, {"万USD", "USD^1", "10000"},
		{"USD 100 million", "USD^1", "100000000"}, {"US dollars", "USD^1", "1"}, {"英镑", "GBP^1", "1"}, {"欧元", "EUR^1", "1"}, {"港元", "HKD^1", "1"}, {"日元", "JPY^1", "1"},
		{"%", "", "1/100"}, {"％", "", "1/100"}, {"‰", "", "1/1000"}, {"百分点", "", "1/100"}, {"个百分点", "", "1/100"},
		{"分", "points^1", "1"}, {"points", "points^1", "1"},
		{"工作日", "工作日^1", "1"}, {"小时", "天^1", "1/24"}, {"分钟", "天^1", "1/1440"}, {"个月", "年^1", "1/12"}, {"年", "年^1", "1"},
		{"complaint", "complaint^1", "1"}, {"100,000 exposures", "exposure^1", "100000"}, {"10,000 policies", "policy^1", "10000"}, {"10万张", "张^1", "100000"},
		{"件/亿元", "件^1·元^-1", "1/100000000"}, {"件／万张", "件^1·张^-1", "1/10000"}, {"件÷万人次", "人次^-1·件^1", "1/10000"},
		{"complaints/USD million", "USD^-1·complaint^1", "1/1000000"}, {"complaints/100,000 exposures", "complaint^1·exposure^-1", "1/100000"},
		{"complaints per 10,000 policies", "complaint^1·policy^-1", "1/10000"}, {"per 100,000", "", "1/100000"}, {"/件", "件^-1", "1"}, {"1/件", "件^-1", "1"},
		{"件/亿元/年", "件^1·元^-1·年^-1", "1/100000000"}, {"件×天", "件^1·天^1", "1"}, {"元²/件", "件^-1·元^2", "1"}, {"天^2", "天^2", "1"}, {"件/件", "", "1"},
		{"", "", "1"}, {"1", "", "1"}, {" 亿元 ", "元^1", "100000000"},
	} {
		u, err := Parse(c.in)
		if err != nil || u.Dim() != c.dim || !u.Scale().Equal(num(t, c.scale)) {
			t.Errorf("Parse(%q) = dimension %q, scale %s, %v; want %q, %s", c.in, u.Dim(), u.Scale(), err, c.dim, c.scale)
		}
	}
}

func TestUnitsThatDoNotExist(t *testing.T) {
	for in, hint := range map[string]string{
		"兆元": "元", "亿員": "", "foo": "", "polices": "policies", "complains": "complaint", "亿5000万元": "", "3 亿 5000 万元": "",
		"件/": "", "件//元": "", "*件": "", "件^0": "", "件^99": "", "12,34 件": "", "0 件": "", "元元": "元", "万百千亿十元": "",
		strings.Repeat("件/", 20) + "件": "", strings.Repeat("长", 200): "",
	} {
		_, err := Parse(in)
		var e *Error
		if !errors.As(err, &e) || e.ZH == "" || e.EN == "" {
			t.Errorf("Parse(%q): %v", in, err)
			continue
		}
		if hint != "" && (!strings.Contains(e.HintEN, "did you mean "+hint+"?") || !strings.Contains(e.HintZH, "是不是“"+hint+"”?")) {
			t.Errorf("Parse(%q) suggests %q", in, e.HintEN)
		}
	}
	_, err := Parse("foo")
	if !strings.Contains(err.Error(), "件, 张") {
		t.Errorf("the message lists no units: %v", err)
	}
}

func TestUnitArithmetic(t *testing.T) {
	u := func(s string) Unit { return mustUnit(t, s) }
	for _, c := range []struct {
		got  Unit
		name string
		like string // a unit of the same dimension
	}{
		{u("件").Quo(u("元")), "件/元", "件/亿元"},
		{u("亿元").Mul(u("件/元")), "件", "件"},
		{u("件").Quo(u("件")), "", "%"},
		{u("%").Mul(u("元")), "元", "亿元"},
		{u("元").Pow(2).Quo(u("件")), "元²/件", "元²/件"},
		{u("元").Pow(0), "", ""},
		{u("元").Pow(-1), "1/元", "1/亿元"},
		{u("complaints").Quo(u("USD million")), "complaints/USD million", "complaints/USD"},
		{u("complaints").Quo(u("100,000 exposures")).Mul(u("exposures")), "complaints", "complaint"},
		{Unit{}.Mul(u("张")), "张", "万张"},
		{u("年").Pow(4), "年^4", "年^4"},
	} {
		if c.got.String() != c.name || !c.got.SameDimension(u(c.like)) {
			t.Errorf("%q (%s), want %q like %q", c.got, c.got.Dim(), c.name, c.like)
		}
		if back := u(c.got.String()); !reflect.DeepEqual(back, c.got) {
			t.Errorf("%#v is read back as %#v", c.got, back)
		}
	}
	if u("件").SameDimension(u("张")) || u("元").SameDimension(u("USD")) || u("complaints").SameDimension(u("件")) {
		t.Error("different things have one dimension")
	}
}

func TestWhatAUnitIs(t *testing.T) {
	for _, c := range []struct {
		unit                       string
		bare, count, money, points bool
	}{
		{"", true, false, false, false},
		{"%", false, false, false, false},
		{"万张", false, true, false, false},
		{"policies", false, true, false, false},
		{"亿元", false, false, true, false},
		{"USD million", false, false, true, false},
		{"分", false, false, false, true},
		{"工作日", false, false, false, false},
		{"件/亿元", false, false, false, false},
		{"件²", false, false, false, false},
	} {
		u := mustUnit(t, c.unit)
		if u.IsBare() != c.bare || u.IsCount() != c.count || u.IsMoney() != c.money || u.IsPoints() != c.points {
			t.Errorf("%q: %v %v %v %v", c.unit, u.IsBare(), u.IsCount(), u.IsMoney(), u.IsPoints())
		}
	}
	if !(Unit{}).IsBare() {
		t.Error("the zero unit is not bare")
	}
}

func TestConversionThereAndBack(t *testing.T) {
	u := mustUnit(t, "件/亿元")
	x := num(t, "5/2")
	if base := u.From(x); !base.Equal(num(t, "1/40000000")) || !u.To(base).Equal(x) {
		t.Errorf("2.5 件/亿元 is %s", base)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"件/亿元", "USD 100 million", "per 100,000", "元²/件", "1/元", "百万美元", "10万张", "％", "a/b*c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := Parse(s)
		if err != nil {
			return
		}
		back, err := Parse(u.String())
		if err != nil || !reflect.DeepEqual(u, back) {
			t.Fatalf("%q: %#v is read back as %#v, %v", s, u, back, err)
		}
		if one := u.Quo(u); one.Dim() != "" {
			t.Fatalf("%q / %q has dimension %q", u, u, one.Dim())
		}
		if sq := u.Mul(u); sq.Dim() != u.Pow(2).Dim() {
			t.Fatalf("%q squared has dimension %q", u, sq.Dim())
		}
	})
}
