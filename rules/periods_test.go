package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

func TestPeriodsThatComeAgainAndAgain(t *testing.T) {
	pack := `pack: x
edition: 2022-01-01
title: 每月
status: draft
effective: {from: 2022-01-01, note: x}
peer_groups: {all: 全部}
attributes: {规模: {kind: number, unit: 人}}
metrics: {人数: {formula: 规模, unit: 人, cite: x}}
ranking: {by: 人数, order: descending, within: all assessed, ties: share the better rank, cite: x}
periods:
  month: {every: month, report_due: day 5 of the next month}
  quarter: every quarter
  half_year: {first_day: 01-01, last_day: 06-30}
  year: every year
`
	lib, diags := Load(fstest.MapFS{"x.yaml": {Data: []byte(pack)}}, Options{})
	if HasErrors(diags) {
		t.Fatal(diags)
	}
	p := lib.Packs()[0]
	for period, want := range map[string]string{"2024-01": "month", "2024-12": "month", "2024Q3": "quarter", "2024H1": "half_year", "2024H2": "", "2024": "year"} {
		q, err := engine.ParsePeriod(period)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, k := range p.Periods {
			if k.Matches(q) {
				got = k.ID
			}
		}
		if got != want {
			t.Errorf("%s is of the kind %q, want %q", period, got, want)
		}
	}
	var said strings.Builder
	for _, s := range Sentences(p, engine.English) {
		said.WriteString(s.Text + "\n")
	}
	for _, want := range []string{"month: every month, reported by day 5 of the next month", "quarter: every quarter"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("explain does not say %q:\n%s", want, said.String())
		}
	}
}

func TestPeriodsThatAreNone(t *testing.T) {
	for _, bad := range []string{"month: every week", "month: {every: day}", "month: {every: month, report_due: day 31 of the next month}", "month: {every: month, report_due: 07-20}"} {
		_, diags := Load(fstest.MapFS{"x.yaml": {Data: []byte("pack: x\nedition: 2022-01-01\nperiods:\n  " + bad + "\n")}}, Options{})
		found := false
		for _, d := range diags {
			found = found || d.Line == 4 && d.Code == CodeWrongType
		}
		if !found {
			t.Errorf("%s: %v", bad, diags)
		}
	}
}
