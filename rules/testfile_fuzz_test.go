package rules

import (
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

// seedPack is a pack of one indicator, one checklist and one deduction: what a
// test file of a few lines can be about.
const seedPack = `pack: p
edition: 2024-01-01
title: t
status: draft
periods: {annual: {first_day: 01-01, last_day: 12-31}}
peer_groups: {all: all}
statistics: {a: {unit: 件}, b: {unit: 元}}
benchmarks: {m: {take: median}}
metrics: {r: {formula: a / b, unit: 件/亿元}}
total: {full_points: 20}
sections:
  - section: s
    full_points: 20
    indicators:
      - {indicator: r, full_points: 10, if_denominator_zero: no points, score: {full_points_at: 1 件/亿元, no_points_at: m, better: lower}}
      - {indicator: c, full_points: 10, judged: {checklist: {x: 4, y: 6}}}
    deductions:
      - {deduction: d, classified_by: k, points_per_case: {e: 1, f: 2}}
`

// seedTests are seeds. They are short: the fuzzer tries to shorten whatever finds
// something new, and takes all its time for that if inputs are long.
var seedTests = []string{
	"tables: [{indicator: r, benchmarks: {m: 3 件/亿元}, columns: [a, b, metric, points], rows: [[2, 1亿元, 2 件/亿元, 5]]}]",
	"tables: [{indicator: c, columns: [x, points], rows: [[no, 6]]}]",
	"tables: [{deduction: d, columns: [k, times, points], rows: [[e, 3, 3]]}]",
	"tables: [{metric: r, columns: [a, b, 上期 a, metric], rows: [[1, 0元, missing, none]]}]",
	"cards: [{name: n, period: 2024 annual, given: {a: 1, b: 1亿元}, judged: {c: {no: [x]}}, cases: {d: [{k: f}]}, expect: {total: 4, d: -2}}]",
	"groups: [{name: g, columns: [subject, a, b, metric r, rank], rows: [[u, 1, 1亿元, 1 件/亿元, 1], [v, 2, 1亿元, 2 件/亿元, 2]]}]",
}

func TestSeedTestsAreUnderstood(t *testing.T) {
	for _, test := range seedTests {
		lib := loadSeed([]byte(test))
		if report := Test(lib, TestOptions{}); len(report.Packs) != 1 || report.Packs[0].Tests == 0 || HasErrors(report.Diagnostics) {
			var b strings.Builder
			_ = report.Write(&b, engine.English)
			t.Errorf("%s\n%s", test, b.String())
		}
	}
}

func loadSeed(test []byte) *Library {
	test = append([]byte("pack: p\nedition: 2024-01-01\n"), test...)
	lib, _ := Load(fstest.MapFS{"p/a.yaml": {Data: []byte(seedPack)}, "p/a_test.yaml": {Data: test}}, Options{})
	return lib
}

// Whatever stands in a test file, reading and running it ends with a report.
func FuzzTestFile(f *testing.F) {
	for _, test := range seedTests {
		f.Add([]byte(test))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		report := Test(loadSeed(data), TestOptions{})
		if err := report.Write(io.Discard, engine.Chinese); err != nil {
			t.Fatal(err)
		}
		if err := report.WriteJSON(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
