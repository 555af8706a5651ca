package rules

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

const coverPack = `pack: p
edition: 2024-01-01
title: 试点
status: draft
periods: {annual: {first_day: 01-01, last_day: 12-31}}
peer_groups: {property: 财产保险公司}
statistics:
  按时: {id: in_time, unit: 件}
  全部: {id: all, unit: 件}
metrics:
  及时率: {id: rate, formula: 按时 / 全部, unit: "%", cite: 第三条}
scales:
  两档:
    bands:
      - {from: 90%, points: 10}
      - {below: 90%, points: 0}
    cite: 第三条
total: {full_points: 30, not_below: 0, cite: 第二条}
sections:
  - section: 定量
    id: quantitative
    full_points: 30
    cite: 第二条
    indicators:
      - indicator: 及时率
        id: straight
        full_points: 10
        cite: 第三条
        score: {full_points_at: 100%, no_points_at: 80%}
        if_denominator_zero: full points
      - indicator: 分档
        id: banded
        metric: 及时率
        full_points: 10
        cite: 第三条
        score: 两档
        if_denominator_zero: no points
        if_missing: no points
      - indicator: 折线
        id: cornered
        metric: 及时率
        full_points: 10
        cite: 第三条
        score: {line: [{at: 50%, points: 0}, {at: 100%, points: 10}]}
        if_denominator_zero: hold
    deductions:
      - deduction: 事件
        id: events
        at_most: 5
        cite: 第四条
        fields: {人数: {kind: number}}
        points_per_case:
          - {when: 人数 >= 50, points: 3}
          - {otherwise: 1}
`

// coverageOf runs tests of coverPack and lists what they miss.
func coverageOf(t *testing.T, tests string) (*Coverage, string) {
	t.Helper()
	lib, diags := Load(fstest.MapFS{
		"p/2024-01-01.yaml":      {Data: []byte(coverPack)},
		"p/2024-01-01_test.yaml": {Data: []byte("pack: p\nedition: 2024-01-01\n" + tests)},
	}, Options{})
	if HasErrors(diags) {
		t.Fatal(diags)
	}
	report := Test(lib, TestOptions{Cover: true})
	if report.Failed() > 0 {
		t.Fatalf("%+v", report.Packs[0].Failures)
	}
	c := report.Packs[0].Coverage
	var lines []string
	for _, m := range c.Missed {
		lines = append(lines, fmt.Sprintf("%d %s %s", m.Line, m.Item, m.What.EN))
	}
	return c, strings.Join(lines, "\n")
}

func TestCoverageCountsOnlyWhatIsLookedAt(t *testing.T) {
	c, missed := coverageOf(t, `tables:
  - indicator: 及时率
    insurer: property
    columns: [按时, 全部, points]
    rows:
      - [9, 10, 5]
      - [8, 10, 0]
`)
	want := `29 及时率 the end with full points
30 及时率 a zero denominator (if_denominator_zero)
15 分档 band 1
16 分档 band 2
38 分档 a missing figure (if_missing)
37 分档 a zero denominator (if_denominator_zero)
44 折线 at the first corner or before it
44 折线 between corners 1 and 2
44 折线 at the last corner or behind it
45 折线 a zero denominator (if_denominator_zero)
53 事件 line 1: 人数 >= 50
54 事件 all other cases (otherwise)
49 事件 the most that is taken off (at_most)
18 总分 the floor (not_below)`
	if missed != want {
		t.Errorf("got:\n%s\nwant:\n%s", missed, want)
	}
	if c.Reached != 2 || c.Of != 16 || c.Percent() != 12 {
		t.Errorf("%d of %d, %d%%", c.Reached, c.Of, c.Percent())
	}
}

func TestCoverageOfRowsOnEverySide(t *testing.T) {
	_, missed := coverageOf(t, `tables:
  - indicator: 及时率
    insurer: property
    columns: [按时, 全部, points]
    rows: [[10, 10, 10], [9, 10, 5], [8, 10, 0], [0, 0, 10]]
  - indicator: 分档
    insurer: property
    columns: [按时, 全部, points]
    rows: [[9, 10, 10], [8, 10, 0], [0, 0, 0], [missing, 10, 0]]
  - indicator: 折线
    insurer: property
    columns: [按时, 全部, points]
    rows: [[5, 10, 0], [6, 10, 2], [10, 10, 10], [0, 0, held]]
  - deduction: 事件
    columns: [人数, points]
    rows: [[50, 3], [49, 1]]
`)
	if want := "49 事件 the most that is taken off (at_most)\n18 总分 the floor (not_below)"; missed != want {
		t.Errorf("got:\n%s\nwant:\n%s", missed, want)
	}
}

func TestCoverageIsPrintedInBothLanguages(t *testing.T) {
	r := &TestReport{Packs: []PackTests{{Pack: "p", Coverage: &Coverage{Reached: 1, Of: 3, Missed: []Uncovered{
		{File: "p.yaml", Line: 7, Item: "及时率", What: text("两端之间", "between the ends")},
	}}}}}
	for lang, want := range map[engine.Lang]string{"zh": "覆盖 33% (1/3)", "en": "33% covered (1 of 3)"} {
		var out bytes.Buffer
		if err := r.WriteCoverage(&out, lang); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "p.yaml:7: 及时率 · ") {
			t.Errorf("%s: %s", lang, out.String())
		}
	}
}

// What is no line of the scorecard is counted too: limits, flags, samples,
// penalties, steps of ratings, consequences, grades, places and cells.
func TestCoverageOfRules(t *testing.T) {
	for dir, want := range map[string][]string{
		"keys":   {"等级 change 1 changes a rating"},
		"judged": {"the grade 一般"},
	} {
		lib, _ := Load(os.DirFS("testdata/"+dir), Options{})
		var missed strings.Builder
		for _, p := range Test(lib, TestOptions{Cover: true}).Packs {
			for _, m := range p.Coverage.Missed {
				fmt.Fprintf(&missed, "%s %s\n", m.Item, m.What.EN)
			}
		}
		for _, w := range want {
			if !strings.Contains(missed.String(), w) {
				t.Errorf("%s: %q is not missed:\n%s", dir, w, missed.String())
			}
		}
	}
}
