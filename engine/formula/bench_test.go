package formula

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"runtime"
	"sort"
	"testing"
	"time"

	"kaoping/engine/exact"
)

// The workload: 13 figures of a subject, 15 expressions. Premium has two
// decimals, everything else is a count.
const workloadRows = 1_000_000

type workload struct {
	premium, priorPremium                 []int64 // cents
	complaints, priorComplaints, policies []int64
	transferred, timely, withdrawn, days  []int64
	minor, major, grave                   []int64
	group                                 []int32
	f                                     [12][]float64 // the same figures, for the float64 loop
}

var workloadNames = []string{"premium", "prior_premium", "complaints", "prior_complaints", "policies", "transferred",
	"timely", "withdrawn", "days", "minor", "major", "grave"}

// workloadFormulas are the 15 expressions: guarded ratios, a change rate, rates,
// a band score, clamped lines, a three-piece score, capped deductions, and a
// weighted sum less the deductions.
var workloadFormulas = []struct{ id, formula string }{
	{"per_premium", "premium == 0 ? 0 : round(complaints * 1000000 / premium, 4)"},
	{"prior_per_premium", "prior_premium == 0 ? 0 : round(prior_complaints * 1000000 / prior_premium, 4)"},
	{"per_policies", "policies == 0 ? 0 : round(complaints * 10000 / policies, 4)"},
	{"timely_rate", "transferred == 0 ? 100 : round(timely * 100 / transferred, 2)"},
	{"change", "prior_per_premium == 0 ? 0 : round((per_premium - prior_per_premium) * 100 / prior_per_premium, 2)"},
	{"withdrawn_rate", "complaints == 0 ? 0 : round(withdrawn * 100 / complaints, 2)"},
	{"mean_days", "complaints == 0 ? 0 : round(days / complaints, 2)"},
	{"band", "per_premium <= 0.5 ? 100 : per_premium <= 1 ? 85 : per_premium <= 2 ? 70 : per_premium <= 4 ? 50 : 20"},
	{"timely_points", "round(clamp((timely_rate - 80) * 100 / 20, 0, 100), 2)"},
	{"withdrawn_points", "round(clamp(withdrawn_rate * 100 / 50, 0, 100), 2)"},
	{"change_points", "change <= -10 ? 100 : change >= 30 ? 0 : round((30 - change) * 100 / 40, 2)"},
	{"minor_deduction", "min(minor * 1.5, 10)"},
	{"major_deduction", "min(major * 5 + grave * 10, 30)"},
	{"days_points", "round(clamp((30 - mean_days) * 100 / 25, 0, 100), 2)"},
	{"total", "round(clamp(band * 0.30 + timely_points * 0.25 + withdrawn_points * 0.15 + change_points * 0.20 + days_points * 0.10 - minor_deduction - major_deduction, 0, 100), 2)"},
}

func makeWorkload(n int) *workload {
	r := rand.New(rand.NewPCG(2025, 1))
	column := func(most int64) []int64 {
		xs := make([]int64, n)
		for i := range xs {
			xs[i] = r.Int64N(most)
		}
		return xs
	}
	part := func(of []int64) []int64 {
		xs := make([]int64, n)
		for i := range xs {
			xs[i] = r.Int64N(of[i] + 1)
		}
		return xs
	}
	w := &workload{
		premium: column(50_000_000_000), priorPremium: column(50_000_000_000),
		complaints: column(2_000), priorComplaints: column(2_000), policies: column(5_000_000),
		minor: column(9), major: column(4), grave: column(2), group: make([]int32, n),
	}
	w.transferred, w.withdrawn = part(w.complaints), part(w.complaints)
	w.timely, w.days = part(w.transferred), make([]int64, n)
	for i := range w.days {
		w.days[i] = w.complaints[i] * r.Int64N(40)
		w.group[i] = int32(r.IntN(36))
		if r.IntN(50) == 0 { // some write no business at all
			w.premium[i], w.policies[i] = 0, 0
		}
	}
	for k, c := range w.columns() {
		w.f[k] = make([]float64, n)
		for i, x := range c {
			w.f[k][i] = float64(x)
			if k < 2 {
				w.f[k][i] /= 100
			}
		}
	}
	return w
}

func (w *workload) columns() [][]int64 {
	return [][]int64{w.premium, w.priorPremium, w.complaints, w.priorComplaints, w.policies, w.transferred,
		w.timely, w.withdrawn, w.days, w.minor, w.major, w.grave}
}

func (w *workload) input() Input {
	inputs := map[string]*Column{}
	for k, c := range w.columns() {
		den := int64(1)
		if k < 2 {
			den = 100
		}
		inputs[workloadNames[k]] = FixedColumn(c, den, nil)
	}
	return Input{Rows: len(w.group), Group: w.group, Column: func(r Ref) (*Column, error) { return inputs[r.ID], nil }}
}

func compileWorkload(tb testing.TB, formulas []struct{ id, formula string }) *Program {
	var symbols []Symbol
	for _, name := range workloadNames {
		symbols = append(symbols, Symbol{ID: name, Name: name})
	}
	var definitions []Definition
	for _, f := range formulas {
		e, problems := Check(f.formula, NewScope(symbols...), Options{Groups: true})
		if problems != nil {
			tb.Fatalf("%s: %+v", f.id, problems)
		}
		definitions = append(definitions, Definition{f.id, e})
		symbols = append(symbols, Symbol{ID: f.id, Name: f.id})
	}
	p, err := Compile(definitions)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// round2 and round4 are what people write by hand.
func round2(x float64) float64 { return math.Round(x*100) / 100 }
func round4(x float64) float64 { return math.Round(x*10000) / 10000 }

func clampFloat(x, low, high float64) float64 { return math.Min(math.Max(x, low), high) }

// floats is the hand-written loop over float64 that the exact program is
// measured against: the same 15 values with the same roundings.
func (w *workload) floats(out *[15][]float64) {
	f := &w.f
	for i := range f[0] {
		premium, prior, complaints, priorComplaints := f[0][i], f[1][i], f[2][i], f[3][i]
		policies, transferred, timely, withdrawn, days := f[4][i], f[5][i], f[6][i], f[7][i], f[8][i]
		perPremium, priorPerPremium, perPolicies, timelyRate := 0.0, 0.0, 0.0, 100.0
		if premium != 0 {
			perPremium = round4(complaints * 1000000 / premium)
		}
		if prior != 0 {
			priorPerPremium = round4(priorComplaints * 1000000 / prior)
		}
		if policies != 0 {
			perPolicies = round4(complaints * 10000 / policies)
		}
		if transferred != 0 {
			timelyRate = round2(timely * 100 / transferred)
		}
		change, withdrawnRate, meanDays := 0.0, 0.0, 0.0
		if priorPerPremium != 0 {
			change = round2((perPremium - priorPerPremium) * 100 / priorPerPremium)
		}
		if complaints != 0 {
			withdrawnRate = round2(withdrawn * 100 / complaints)
			meanDays = round2(days / complaints)
		}
		band := 20.0
		switch {
		case perPremium <= 0.5:
			band = 100
		case perPremium <= 1:
			band = 85
		case perPremium <= 2:
			band = 70
		case perPremium <= 4:
			band = 50
		}
		timelyPoints := round2(clampFloat((timelyRate-80)*100/20, 0, 100))
		withdrawnPoints := round2(clampFloat(withdrawnRate*100/50, 0, 100))
		changePoints := 0.0
		switch {
		case change <= -10:
			changePoints = 100
		case change < 30:
			changePoints = round2((30 - change) * 100 / 40)
		}
		minorDeduction := math.Min(f[9][i]*1.5, 10)
		majorDeduction := math.Min(f[10][i]*5+f[11][i]*10, 30)
		daysPoints := round2(clampFloat((30-meanDays)*100/25, 0, 100))
		total := round2(clampFloat(band*0.30+timelyPoints*0.25+withdrawnPoints*0.15+changePoints*0.20+daysPoints*0.10-minorDeduction-majorDeduction, 0, 100))
		for k, x := range [15]float64{perPremium, priorPerPremium, perPolicies, timelyRate, change, withdrawnRate, meanDays, band,
			timelyPoints, withdrawnPoints, changePoints, minorDeduction, majorDeduction, daysPoints, total} {
			out[k][i] = x
		}
	}
}

// halfUp returns a·m/d rounded half away from zero, through 128 bits.
func halfUp(a, m, d int64) int64 {
	if d < 0 {
		a, d = -a, -d
	}
	hi, lo := bits.Mul64(uint64(abs64(a)), uint64(m))
	q, rest := bits.Div64(hi, lo, uint64(d))
	if rest >= uint64(d)-rest {
		q++
	}
	if a < 0 {
		return -int64(q)
	}
	return int64(q)
}

func ratioTo(a, m, d, otherwise int64) int64 {
	if d == 0 {
		return otherwise
	}
	return halfUp(a, m, d)
}

// reference computes the total of a row in fixed point, in hundredths, as an
// independent check.
func (w *workload) reference(i int) int64 {
	limit := func(x, low, high int64) int64 { return min(max(x, low), high) }
	perPremium := ratioTo(w.complaints[i], 1000000*10000*100, w.premium[i], 0)
	priorPerPremium := ratioTo(w.priorComplaints[i], 1000000*10000*100, w.priorPremium[i], 0)
	timelyRate := ratioTo(w.timely[i], 10000, w.transferred[i], 10000)
	change := ratioTo(perPremium-priorPerPremium, 10000, priorPerPremium, 0)
	withdrawnRate := ratioTo(w.withdrawn[i], 10000, w.complaints[i], 0)
	meanDays := ratioTo(w.days[i], 100, w.complaints[i], 0)
	band := int64(20)
	switch {
	case perPremium <= 5000:
		band = 100
	case perPremium <= 10000:
		band = 85
	case perPremium <= 20000:
		band = 70
	case perPremium <= 40000:
		band = 50
	}
	timelyPoints := limit(halfUp(timelyRate-8000, 100, 20), 0, 10000)
	withdrawnPoints := limit(halfUp(withdrawnRate, 100, 50), 0, 10000)
	changePoints := int64(0)
	switch {
	case change <= -1000:
		changePoints = 10000
	case change < 3000:
		changePoints = halfUp(3000-change, 100, 40)
	}
	daysPoints := limit(halfUp(3000-meanDays, 100, 25), 0, 10000)
	minor := min(w.minor[i]*15, 100)             // tenths
	major := min(w.major[i]*5+w.grave[i]*10, 30) // ones
	sum := band*30*100 + timelyPoints*25 + withdrawnPoints*15 + changePoints*20 + daysPoints*10 - minor*1000 - major*10000
	return halfUp(limit(sum, 0, 1000000), 1, 100) // ten-thousandths to hundredths
}

// checkWorkload compares every total with the reference.
func checkWorkload(tb testing.TB, w *workload, total *Column) {
	for i := range total.Len() {
		want := exact.Frac(w.reference(i), 100)
		if got := total.At(i); got.Status != OK || !got.Num.Equal(want) {
			tb.Fatalf("row %d: total %v (status %d), want %v", i, got.Num, got.Status, want)
		}
	}
}

func TestWorkloadAgreesWithFixedPoint(t *testing.T) {
	w := makeWorkload(20_000)
	results, err := compileWorkload(t, workloadFormulas).Run(w.input())
	if err != nil {
		t.Fatal(err)
	}
	checkWorkload(t, w, results["total"])
}

// BenchmarkScore measures a million subjects × 15 expressions, exact, beside a
// hand-written float64 loop, seven times in turn.
func BenchmarkScore(b *testing.B) {
	w := makeWorkload(workloadRows)
	p, in := compileWorkload(b, workloadFormulas), w.input()
	var out [15][]float64
	for k := range out {
		out[k] = make([]float64, workloadRows)
	}
	var exactTimes, floatTimes []float64
	var last map[string]*Column
	var before, after runtime.MemStats
	b.ResetTimer()
	for range b.N {
		for range 7 {
			last = nil
			runtime.GC()
			runtime.ReadMemStats(&before)
			started := time.Now()
			results, err := p.Run(in)
			exactTimes = append(exactTimes, time.Since(started).Seconds())
			if err != nil {
				b.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			last = results
			started = time.Now()
			w.floats(&out)
			floatTimes = append(floatTimes, time.Since(started).Seconds())
		}
	}
	b.StopTimer()
	checkWorkload(b, w, last["total"])
	wrong := 0
	for i, x := range out[14] {
		if exact.Frac(int64(math.Round(x*100)), 100).Cmp(last["total"].At(i).Num) != 0 {
			wrong++
		}
	}
	e, f := median(exactTimes), median(floatTimes)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(e*1e9/workloadRows/15, "exact-ns/expr")
	b.ReportMetric(f*1e9/workloadRows/15, "float64-ns/expr")
	b.ReportMetric(e/f, "ratio-to-float64")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/workloadRows, "allocs/subject")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/workloadRows, "B/subject")
	b.ReportMetric(float64(after.HeapInuse)/(1<<20), "heap-MiB")
	b.ReportMetric(float64(wrong), "float64-wrong")
}

// BenchmarkPeers measures unrounded ratios and peer percentiles, which need
// whole columns and common denominators that do not exist.
func BenchmarkPeers(b *testing.B) {
	w := makeWorkload(100_000)
	p, in := compileWorkload(b, []struct{ id, formula string }{
		{"ratio", "policies == 0 ? 0 : complaints / policies"},
		{"full", "percentile(ratio, 20%)"},
		{"none", "percentile(ratio, 70%)"},
		{"points", "round(clamp(20 * (none - ratio) / (none - full), 0, 20), 2)"},
	}), w.input()
	for b.Loop() {
		if _, err := p.Run(in); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100_000, "ns/subject")
}

func median(xs []float64) float64 {
	sort.Float64s(xs)
	return xs[len(xs)/2]
}
