package unit

import (
	"errors"
	"strings"
	"testing"

	"kaoping/engine/exact"
)

func TestParseQuantities(t *testing.T) {
	for _, c := range []struct{ in, base, unit string }{
		{"10亿元", "1000000000", "亿元"}, {"10 亿元", "1000000000", "亿元"}, {"100000万元", "1000000000", "万元"},
		{"80%", "4/5", "%"}, {"80 %", "4/5", "%"}, {"２０％", "1/5", "%"}, {"5‰", "1/200", "‰"}, {"-9.0909%", "-90909/1000000", "%"},
		{"1,234.5", "2469/2", ""}, {"1,234,567", "1234567", ""}, {"１，２３４．５", "2469/2", ""}, {".5", "1/2", ""}, {"0012", "12", ""},
		{"－３件", "-3", "件"}, {"−3件", "-3", "件"}, {"- 3件", "-3", "件"}, {"＋3件", "3", "件"},
		{"2.5 件/亿元", "1/40000000", "件/亿元"}, {"2.5件/亿元", "1/40000000", "件/亿元"}, {"2.5 complaints/100,000 exposures", "1/40000", "complaints/100,000 exposures"},
		{"USD 1,000,000", "1000000", "USD"}, {"USD 1.5 million", "1500000", "USD million"}, {"-USD 5", "-5", "USD"}, {"USD -5", "-5", "USD"},
		{"1.5 million USD", "1500000", "million USD"}, {"1.5 USD million", "1500000", "USD million"}, {"1百万美元", "1000000", "百万美元"}, {"人民币100万元", "1000000", "万元"},
		{"10亿", "1000000000", ""}, {"5 million", "5000000", ""}, {"3 complaints", "3", "complaints"}, {"36小时", "3/2", "小时"}, {"18个月", "3/2", "个月"},
		{"5个百分点", "1/20", "个百分点"}, {"13.33分", "1333/100", "分"}, {"\u3000７ \u00a0件 ", "7", "件"},
		{"123456789012345678901234567890.5元", "246913578024691357802469135781/2", "元"},
	} {
		q, err := ParseQuantity(c.in)
		if err != nil || !q.Value.Equal(num(t, c.base)) || q.Unit.String() != c.unit {
			t.Errorf("ParseQuantity(%q) = %s %q, %v; want %s %q", c.in, q.Value, q.Unit, err, c.base, c.unit)
		}
	}
}

func TestTextsThatAreNotQuantities(t *testing.T) {
	for in, hint := range map[string]string{
		"": "", "-": "", "件": "", "12,34": "thousands", "1,2345": "thousands", ",123": "thousands", "1,,234": "thousands", "1.234,5": "thousands", "1,0000元": "thousands",
		"1e5": "", "1E+5": "", "1^5": "", "1.": "", "1.2.3": "", "1/3": "", "--1": "", "-USD -5": "", "1-2": "", "3 5 件": "", "3亿5000万元": "", "3亿 5000万元": "",
		"件 5": "", "约5件": "", "5 apples": "", "NaN": "", "5件 左右": "", "(5)": "", "5/": "", "٣": "", "五件": "", strings.Repeat("1", 5000): "",
	} {
		q, err := ParseQuantity(in)
		var e *Error
		if !errors.As(err, &e) || e.ZH == "" || e.EN == "" {
			t.Errorf("ParseQuantity(%q) = %s, %v", in, q, err)
			continue
		}
		if !strings.Contains(e.HintEN, hint) {
			t.Errorf("ParseQuantity(%q): hint %q", in, e.HintEN)
		}
	}
}

func TestQuantitiesAreWrittenToBeRead(t *testing.T) {
	for in, want := range map[string]string{
		"2.5件/亿元": "2.5 件/亿元", "30 亿元": "30亿元", "75 件": "75件", "1234567 元": "1,234,567元", "80 %": "80%", "0.125": "0.125",
		"1.5 USD million": "USD 1.5 million", "1000 USD": "USD 1,000", "3 complaints": "3 complaints", "2.5 complaints/USD million": "2.5 complaints/USD million",
		"1 complaints": "1 complaint", "-1 policies": "-1 policy", "1 complaints/USD million": "1 complaint/USD million", "1.5 complaints": "1.5 complaints", "1 working days": "1 working day",
		"5 百分点": "5个百分点", "-12.5%": "-12.5%", "2.5万USD": "2.5万USD", "36 小时": "36小时", "3 件·天": "3 件·天",
	} {
		q, err := ParseQuantity(in)
		if err != nil || q.String() != want {
			t.Errorf("%q is written %q, %v; want %q", in, q, err, want)
		}
		if back, err := ParseQuantity(want); err != nil || !back.Value.Equal(q.Value) || !back.Unit.SameDimension(q.Unit) {
			t.Errorf("%q is not read back: %s, %v", want, back, err)
		}
	}
	third := Quantity{exact.Frac(1, 3), mustUnit(t, "%")}
	if got := third.String(); got != "33.333333%" {
		t.Errorf("a third is %s", got)
	}
	if got := third.Format(2, exact.Up); got != "33.34%" {
		t.Errorf("a third is %s", got)
	}
}

func TestNatural(t *testing.T) {
	for in, want := range map[string]string{
		"3000000000元": "30亿元", "12345元": "1.2345万元", "9999元": "9,999元", "-250000张": "-25万张", "30亿元": "30亿元", "123456 USD": "USD 123,456", "50000%": "50,000%", "20000工作日": "20,000工作日",
	} {
		q, err := ParseQuantity(in)
		if err != nil || q.Natural().String() != want || !q.Natural().Value.Equal(q.Value) {
			t.Errorf("%s naturally is %s, %v; want %s", in, q.Natural(), err, want)
		}
	}
}

func TestGroup(t *testing.T) {
	for in, want := range map[string]string{"1": "1", "123": "123", "1234": "1,234", "-123": "-123", "-123456.789": "-123,456.789", "1234567": "1,234,567", "0.0001": "0.0001"} {
		if got := Group(in); got != want {
			t.Errorf("Group(%s) = %s, want %s", in, got, want)
		}
	}
}

func FuzzParseQuantity(f *testing.F) {
	for _, s := range []string{"10亿元", "80%", "1,234.5", "２０％", "2.5 件/亿元", "-9.0909%", "USD 1.5 million", "−3件", "人民币100万元", "12,34", "1e5", "5 million", "3亿5000万元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := ParseQuantity(s)
		if err != nil {
			return
		}
		// Enough decimals to be exact whatever the digits of s and the scale of its unit.
		shown := q.with(q.Unit.To(q.Value).Shortest(4096))
		if len(shown) > maxQuantityText {
			return
		}
		back, err := ParseQuantity(shown)
		if err != nil || !back.Value.Equal(q.Value) || !back.Unit.SameDimension(q.Unit) {
			t.Fatalf("%q is written %q and read back as %s %q, %v", s, shown, back.Value, back.Unit, err)
		}
	})
}
