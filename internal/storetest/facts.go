package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/store"
)

// everything is a batch with each kind of fact and each kind of value.
func everything() *engine.Batch {
	return batch("全部.csv", func(b *engine.Batch) {
		b.Refused = 2
		b.Subjects = []engine.Subject{
			{Code: "PA01", Name: "甲财险上海分公司", ShortName: "甲财险", PeerGroup: "property", Opened: date("1998-02-28"),
				Attributes: map[string]formula.Value{
					"设立满三年":   {Bool: true},
					"等级":      {Text: `A"级\`},
					"资本金":     {Num: num("1000000000000000000000.01")},
					"full_id": {Num: exact.Int(0)},
				}, Origin: engine.Origin{Row: 3}},
			{Code: "PA01", Name: "甲财险(更名)", PeerGroup: "property", ValidFrom: date("2025-01-01"), Origin: engine.Origin{Row: 4}},
			{Code: "T'1; drop table subjects --", Name: "䶮𬭊 ①㎡", Type: "电销中心", Parent: "PA01"},
		}
		b.Figures = []engine.Figure{
			{Subject: "PA01", Statistic: "保费收入", Period: period("2025H1"), Value: num("3000000000.005"), Origin: engine.Origin{Row: 2, Column: "保费收入(万元)"}},
			{Subject: "PA01", Statistic: "保费收入", Period: period("2024"), Value: num("-1/3")},
			{Subject: "PA01", Statistic: "ratio", Period: period("2025Q2"), Value: num("12345678901234567.1234567891")},
			{Subject: "PA02", Statistic: "ratio", Period: period("2025-06"), Value: num("0")},
		}
		b.Records = []engine.Record{
			{Register: "投诉", Subject: "PA01", Key: "T-1", Date: date("2025-06-30"), Times: 3, Origin: engine.Origin{Row: 2},
				Fields: map[string]formula.Value{
					"类别": {Text: "合同纠纷,\n\"理赔\""}, "已撤诉": {Bool: false}, "属实": {Bool: true},
					"金额": {Num: num("-0.01")}, "办结日": {Null: true}, "坏": {Status: formula.Missing},
					`键"\`: {Text: "反斜杠\\"},
				}},
			{Register: "投诉", Subject: "PA01", Key: "T-2", Date: date("2024-01-01")},
		}
		b.Judgements = []engine.Judgement{
			{Subject: "PA01", Period: period("2025H1"), Indicator: "qualitative", Line: "制度健全", Answer: engine.Partly,
				Reason: "缺一项", Evidence: "e/1.pdf", Scorer: "张", Reviewer: "李", Origin: engine.Origin{Row: 9, Column: "回答"}},
			{Subject: "PA02", Period: period("2025H1"), Indicator: "qualitative", Line: "制度健全", Answer: engine.NotApplicable},
		}
		b.Covered = []engine.Coverage{
			{Register: "投诉", First: date("2025-01-01"), Last: date("2025-06-30")},
			{Register: "调解", Subject: "PA01", First: date("2024-01-01"), Last: date("2024-12-31")},
		}
	})
}

func roundTrip(t *testing.T, url string) {
	db := Open(t, url)
	b := everything()
	info := load(t, db, b)
	if info.ID != "B-000001" || info.Added != 11 || info.Updated != 0 || info.Unchanged != 0 || info.Refused != 2 || info.By != "刘" {
		t.Errorf("batch info: %+v", info)
	}
	same(t, lines(facts(t, db, store.Query{}), true), given(b, info.ID))

	again := Open(t, url)
	same(t, lines(facts(t, again, store.Query{}), true), given(b, info.ID))
	subjects, err := again.Subjects(t.Context(), b.Pack)
	if err != nil || len(subjects) != 3 {
		t.Errorf("subjects: %d, %v", len(subjects), err)
	}
	f := facts(t, again, store.Query{Periods: []engine.Period{period("2025H1")}, First: date("2025-01-01"), Last: date("2025-06-30")})
	if len(f.Figures) != 1 || len(f.Judgements) != 2 || len(f.Records) != 1 || len(f.Subjects) != 3 || len(f.Covered) != 2 {
		t.Errorf("restricted: %s", strings.Join(lines(f, false), "\n"))
	}
}

func hugeNumbers(t *testing.T, url string) {
	db := Open(t, url)
	huge := "-" + strings.Repeat("7", 1000) + "/" + strings.Repeat("3", 998) + "1"
	load(t, db, figures("大.csv", "PA01 x 2025 = "+huge, "PA01 y 2025 = 9223372036854775808", "PA01 z 2025 = -9223372036854775808"))
	for _, f := range facts(t, db, store.Query{}).Figures {
		want := map[string]string{"x": huge, "y": "9223372036854775808", "z": "-9223372036854775808"}[f.Statistic]
		if !f.Value.Equal(num(want)) {
			t.Errorf("%s = %s", f.Statistic, f.Value)
		}
	}
}

func endlessNumbers(t *testing.T, url string) {
	db := Open(t, url)
	endless := num(strings.Repeat("7", 4000)).Mul(num("1" + strings.Repeat("0", 200)))
	for _, b := range []*engine.Batch{
		batch("a.csv", func(b *engine.Batch) { b.Figures = []engine.Figure{{Period: period("2025"), Value: endless}} }),
		batch("b.csv", func(b *engine.Batch) {
			b.Records = []engine.Record{{Date: date("2025-01-01"), Fields: map[string]formula.Value{"x": {Num: endless}}}}
		}),
		batch("c.csv", func(b *engine.Batch) {
			b.Subjects = []engine.Subject{{Attributes: map[string]formula.Value{"x": {Num: endless}}}}
		}),
	} {
		if _, err := db.CreateBatch(t.Context(), b, liu); !errors.Is(err, engine.ErrConflict) {
			t.Errorf("%s: %v", b.File, err)
		}
	}
	facts(t, db, store.Query{})
}

func sameFileTwice(t *testing.T, url string) {
	db := Open(t, url)
	first := load(t, db, everything())
	before := facts(t, db, store.Query{})
	second := load(t, db, everything())
	if !second.Duplicate || second.ID != first.ID || second.Added != first.Added {
		t.Errorf("second load: %+v", second)
	}
	// A feed makes only subjects it does not know yet.
	fewer := everything()
	fewer.Subjects = nil
	if third := load(t, db, fewer); !third.Duplicate {
		t.Errorf("third load: %+v", third)
	}
	after := facts(t, db, store.Query{})
	same(t, lines(after, true), lines(before, true))
	if after.Snapshot != before.Snapshot {
		t.Errorf("snapshot %s became %s", before.Snapshot, after.Snapshot)
	}
	if next := load(t, db, figures("b.csv", "PA01 x 2025 = 1")); next.ID != "B-000002" {
		t.Errorf("next batch is %s", next.ID)
	}
}

func sameFileOtherFacts(t *testing.T, url string) {
	db := Open(t, url)
	load(t, db, figures("a.csv", "PA01 x 2024H1 = 1"))
	// The same bytes, but now for another period.
	if info := load(t, db, figures("a.csv", "PA01 x 2025H1 = 1")); info.Duplicate || info.Added != 1 {
		t.Errorf("%+v", info)
	}
	same(t, lines(facts(t, db, store.Query{}), false), []string{"PA01 x 2024H1 = 1", "PA01 x 2025H1 = 1"})
}

func undoneFileAgain(t *testing.T, url string) {
	db := Open(t, url)
	undo(t, db, load(t, db, figures("a.csv", "PA01 x 2025 = 1")).ID)
	same(t, lines(facts(t, db, store.Query{}), false), nil)
	if info := load(t, db, figures("a.csv", "PA01 x 2025 = 1")); info.Duplicate || info.ID != "B-000002" || info.Added != 1 {
		t.Errorf("%+v", info)
	}
	same(t, lines(facts(t, db, store.Query{}), true), []string{"PA01 x 2025 = 1 @B-000002 a.csv:2 x"})
	list, err := db.Batches(t.Context(), "甲办法")
	if err != nil || len(list) != 2 || !list[0].Undone || list[0].Reason != "重报" || list[1].Undone {
		t.Errorf("%+v, %v", list, err)
	}
}

func corrections(t *testing.T, url string) {
	db := Open(t, url)
	load(t, db, figures("a.csv", "PA01 x 2025 = 1", "PA02 x 2025 = 2", "PA03 x 2025 = 3"))
	info := load(t, db, figures("b.csv", "PA02 x 2025 = 22", "PA03 x 2025 = 3", "PA04 x 2025 = 4"))
	if info.Added != 1 || info.Updated != 1 || info.Unchanged != 1 {
		t.Errorf("%+v", info)
	}
	same(t, lines(facts(t, db, store.Query{}), true), []string{
		"PA01 x 2025 = 1 @B-000001 a.csv:2 x",
		"PA02 x 2025 = 22 @B-000002 b.csv:2 x",
		"PA03 x 2025 = 3 @B-000001 a.csv:4 x",
		"PA04 x 2025 = 4 @B-000002 b.csv:4 x",
	})
	undo(t, db, info.ID)
	same(t, lines(facts(t, db, store.Query{}), false), []string{"PA01 x 2025 = 1", "PA02 x 2025 = 2", "PA03 x 2025 = 3"})
}

func complaint(key, day string) engine.Record {
	return engine.Record{Register: "投诉", Subject: "PA01", Key: key, Date: date(day)}
}

func movedRecord(t *testing.T, url string) {
	db := Open(t, url)
	load(t, db, batch("a.csv", func(b *engine.Batch) {
		b.Records = []engine.Record{complaint("T-1", "2025-03-01"), complaint("T-2", "2025-03-01")}
	}))
	load(t, db, batch("b.csv", func(b *engine.Batch) {
		b.Records = []engine.Record{complaint("T-1", "2024-12-31"), complaint("T-3", "2024-12-30")}
	}))
	first := store.Query{First: date("2025-01-01"), Last: date("2025-06-30")}
	same(t, lines(facts(t, db, first), false), []string{"record 投诉|PA01|T-2|2025-03-01|0|"})
	earlier := store.Query{First: date("2024-07-01"), Last: date("2024-12-31")}
	same(t, lines(facts(t, db, earlier), false), []string{"record 投诉|PA01|T-1|2024-12-31|0|", "record 投诉|PA01|T-3|2024-12-30|0|"})
}

func recordsWithoutKey(t *testing.T, url string) {
	db := Open(t, url)
	rows := func(days ...string) func(*engine.Batch) {
		return func(b *engine.Batch) {
			for _, day := range days {
				b.Records = append(b.Records, complaint("", day))
			}
		}
	}
	first := load(t, db, batch("a.csv", rows("2025-01-01", "2025-01-01", "2025-01-02")))
	second := load(t, db, batch("b.csv", rows("2025-01-02", "2025-01-03", "2025-01-01")))
	if first.Added != 3 || second.Added != 1 || second.Unchanged != 2 {
		t.Errorf("%+v\n%+v", first, second)
	}
	undo(t, db, first.ID)
	same(t, lines(facts(t, db, store.Query{}), false), []string{
		"record 投诉|PA01||2025-01-01|0|", "record 投诉|PA01||2025-01-02|0|", "record 投诉|PA01||2025-01-03|0|",
	})
}

func undoOfEither(t *testing.T, url string) {
	db := Open(t, url)
	a := load(t, db, figures("a.csv", "PA01 x 2025 = 1", "PA02 x 2025 = 2"))
	load(t, db, figures("b.csv", "PA00 x 2025 = 0", "PA01 x 2025 = 1", "PA02 x 2025 = 22"))
	undo(t, db, a.ID)
	same(t, lines(facts(t, db, store.Query{}), true), []string{
		"PA00 x 2025 = 0 @B-000002 b.csv:2 x", "PA01 x 2025 = 1 @B-000002 b.csv:3 x", "PA02 x 2025 = 22 @B-000002 b.csv:4 x",
	})
	// What a batch confirmed twice over is still there when the middle one goes.
	c := load(t, db, figures("c.csv", "PA01 x 2025 = 1"))
	undo(t, db, "B-000002")
	same(t, lines(facts(t, db, store.Query{}), true), []string{"PA01 x 2025 = 1 @B-000003 c.csv:2 x"})
	undo(t, db, c.ID)
	same(t, lines(facts(t, db, store.Query{}), true), nil)
}

func confirmedInAnyOrder(t *testing.T, url string) {
	db := Open(t, url)
	all := []string{"PA01 x 2025 = 1", "PA02 x 2025 = 2", "PA03 x 2025 = 3", "PA04 x 2025 = 4", "PA05 x 2025 = 5"}
	a := load(t, db, figures("a.csv", all...))
	shuffled := []string{all[3], all[0], all[1], all[4], all[2]}
	if b := load(t, db, figures("b.csv", shuffled...)); b.Unchanged != 5 {
		t.Errorf("%+v", b)
	}
	undo(t, db, a.ID)
	same(t, lines(facts(t, db, store.Query{}), true), given(figures("b.csv", shuffled...), "B-000002"))
}

func contradiction(t *testing.T, url string) {
	db := Open(t, url)
	_, err := db.CreateBatch(t.Context(), figures("a.csv", "PA01 x 2025 = 1", "PA02 x 2025 = 1", "PA01 x 2025 = 2"), liu)
	var problem *store.Problem
	if !errors.Is(err, engine.ErrConflict) || !errors.As(err, &problem) || !strings.Contains(problem.Text.ZH, "第 2 行与第 4 行") {
		t.Errorf("error: %v", err)
	}
	if info := load(t, db, figures("b.csv", "PA01 x 2025 = 1", "PA01 x 2025 = 1")); info.Added != 1 || info.Unchanged != 1 {
		t.Errorf("%+v", info)
	}
}

func badText(t *testing.T, url string) {
	db := Open(t, url)
	for _, bad := range []string{"a\x00b", "\xff\xfe", "a\x1fb"} {
		_, err := db.CreateBatch(t.Context(), batch("a.csv", func(b *engine.Batch) {
			b.Subjects = []engine.Subject{{Code: "PA01", Name: bad}}
			if !utf8.ValidString(bad) {
				b.Subjects[0].Name = ""
				b.Subjects[0].Attributes = map[string]formula.Value{"x": {Text: bad + `"`}}
			}
		}), liu)
		if !errors.Is(err, engine.ErrConflict) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	same(t, lines(facts(t, db, store.Query{}), false), nil)
}

func twoPacks(t *testing.T, url string) {
	db := Open(t, url)
	other := figures("a.csv", "PA01 x 2025 = 2")
	other.Pack = "乙办法"
	load(t, db, figures("a.csv", "PA01 x 2025 = 1"))
	if info := load(t, db, other); info.Duplicate || info.Added != 1 {
		t.Errorf("%+v", info)
	}
	same(t, lines(facts(t, db, store.Query{}), false), []string{"PA01 x 2025 = 1"})
	same(t, lines(facts(t, db, store.Query{Pack: "乙办法"}), false), []string{"PA01 x 2025 = 2"})
	of, err := db.FactsOf(t.Context(), facts(t, db, store.Query{}).Snapshot, store.Query{Pack: "乙办法"})
	if err != nil {
		t.Fatal(err)
	}
	same(t, lines(of, false), nil)
	list, err := db.Batches(t.Context(), "")
	if err != nil || len(list) != 2 || !slices.ContainsFunc(list, func(b store.BatchInfo) bool { return b.Pack == "乙办法" }) {
		t.Errorf("%+v, %v", list, err)
	}
}
