package rules

import (
	"io/fs"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"kaoping/rules/packs"
)

// TestTheKeyTableIsWhatTheReadersRead holds the key table and the readers
// together: every key that a reader asks for is in the table, and every key of
// the table is asked for.
func TestTheKeyTableIsWhatTheReadersRead(t *testing.T) {
	asked := recordKeys(t, func() {
		for _, folder := range []fs.FS{packs.FS, os.DirFS("testdata"), everyKind} {
			lib, _ := Load(folder, Options{})
			for _, e := range lib.editions {
				if len(e.packs) > 0 {
					readTests(e)
				}
			}
		}
	})
	byReader := map[string]*Kind{}
	for i := range kindTable {
		k := &kindTable[i]
		if other := byReader[k.reader]; other != nil {
			t.Errorf("%s and %s have the same reader %q: tell them apart in what is passed to mapping", k.ID, other.ID, k.reader)
		}
		byReader[k.reader] = k
	}
	for reader, keys := range asked {
		k := byReader[reader]
		switch {
		case reader == "":
		case k == nil:
			t.Errorf("the key table has no kind whose reader is %q (asked for %v): add it to keys_*.go", reader, keys)
		default:
			for _, name := range keys {
				if _, ok := k.Key(name); !ok {
					t.Errorf("the readers ask %q for %s, which the key table does not have: add it to keys_*.go", k.ID, name)
				}
			}
		}
	}
	for _, k := range kindTable {
		for _, own := range k.Keys {
			if k.Names == nil && !slices.Contains(asked[k.reader], own.Name) {
				t.Errorf("the key table has %s in %q, which no reader asks for", own.Name, k.ID)
			}
		}
	}
}

// everyKind is a pack with the mappings that neither the shipped packs nor the
// test data write out.
var everyKind = fstest.MapFS{"pack.yaml": {Data: []byte(`
pack: every-kind
edition: 2025-01-01
periods: {monthly: {every: month}}
calendar: cn
office_hours: "09:00-12:00, 13:00-17:30"
registers: {g: {key: k, subject: s, date: d, fields: {c: {}, t: {kind: time}}, derived: {n: {number_in: [c], by: t, since: the first record}}}}
time_limits: [{limit: a, register: g, from: t, to: t, within: same day}]
red_flags: [{flag: b, register: g, same: c, at_least: 2}]
samples: [{sample: e, of: {register: g}, checked: c == "", at_least: 1}]
persons: {register: g, code: c}
penalties: [{penalty: f, register: g, cases: [{measures: [{who: c, yuan: 1}]}]}]
official_results: [{title: t, file: f, compare: [{column: a, with: rank, decimals: {2020: 1}}], merge: [{period: 2025, codes: [1], why: w}]}]
feeds: {f: {subject: s, peer_group: {all: x}, columns: {a: {statistic: b, unit: 件}}}}
statistics: {w: {unit: 分, scorecard: {pack: q, item: total}}}
ratings: {by: total, bands: [{rating: A, from: 1}], unless: [{when: x, set: S}]}
then: [{when: x, set: A}]
consequences: [{consequence: c, when: x, measure: m}]
total: {full_points: 1, better_of: [{with: all}]}
`)}, "pack_test.yaml": {Data: []byte(`
pack: every-kind
edition: 2025-01-01
cards: [{as_of: 2025-02-01 09:00, expect: {findings: [{rule: a}], penalties: none}}]
`)}}

// recordKeys returns the keys that readers ask for while do runs, by reader.
func recordKeys(t *testing.T, do func()) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	onAsked = func(kind, key string) {
		if !slices.Contains(out[kind], key) {
			out[kind] = append(out[kind], key)
		}
	}
	defer func() { onAsked = nil }()
	do()
	return out
}

func TestTheKeyTableIsWhole(t *testing.T) {
	used := map[string]bool{KindPack: true, KindTest: true, KindCalendar: true, "title": true}
	var visit func(kind string, shapes []Shape)
	visit = func(kind string, shapes []Shape) {
		for _, s := range shapes {
			if s.Form == FormMapping {
				if KindOf(s.Of[0]) == nil {
					t.Errorf("%s: there is no kind %q", kind, s.Of[0])
				}
				used[s.Of[0]] = true
			}
			visit(kind, s.Items)
		}
	}
	for _, k := range kindTable {
		if k.Doc.ZH == "" || k.Doc.EN == "" {
			t.Errorf("%s is not explained in both languages", k.ID)
		}
		var names []string
		for _, own := range k.Keys {
			if own.Doc.ZH == "" || own.Doc.EN == "" || len(own.Shapes) == 0 || slices.Contains(names, own.Name) {
				t.Errorf("%s: %s is not explained, has no value or stands twice", k.ID, own.Name)
			}
			names = append(names, own.Name)
			visit(k.ID, own.Shapes)
		}
		visit(k.ID, k.Names)
	}
	for _, k := range kindTable {
		if !used[k.ID] {
			t.Errorf("nothing leads to the kind %q", k.ID)
		}
	}
}
