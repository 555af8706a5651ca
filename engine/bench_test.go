package engine

import (
	"fmt"
	"testing"
)

// A half-year run for 200 companies is to take well under a second, eight
// periods included.
func BenchmarkEvaluate200(b *testing.B) {
	p, f := shanghaiPack(b), facts200(b)
	b.ReportAllocs()
	for b.Loop() {
		for range 8 {
			e, err := Evaluate(p, period("2025H1"), f)
			if err != nil {
				b.Fatal(err)
			}
			if n := len(e.Result().Scorecards); n != 200 {
				b.Fatal(n)
			}
		}
	}
}

// facts200 repeats the eight companies of the worked example 25 times.
func facts200(b *testing.B) *Facts {
	one := shanghaiFacts(b)
	f := &Facts{Covered: one.Covered}
	for i := range 25 {
		suffix := fmt.Sprintf("-%02d", i)
		for _, s := range one.Subjects {
			s.Code += suffix
			f.Subjects = append(f.Subjects, s)
		}
		for _, x := range one.Figures {
			x.Subject += suffix
			f.Figures = append(f.Figures, x)
		}
		for _, r := range one.Records {
			r.Subject += suffix
			f.Records = append(f.Records, r)
		}
		for _, j := range one.Judgements {
			j.Subject += suffix
			f.Judgements = append(f.Judgements, j)
		}
	}
	return f
}

// Any line is to be explained in less than 50 ms.
func BenchmarkExplain(b *testing.B) {
	e := evaluateIn(b, shanghaiPack(b), "2025H1", facts200(b))
	for b.Loop() {
		if _, err := e.Explain("PA01-07", "变化率"); err != nil {
			b.Fatal(err)
		}
	}
}
