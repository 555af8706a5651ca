package assess_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/internal/assess"
	"kaoping/store"
)

const countingHead = `pack: counting
edition: 2020-01-01
title: {zh: 计数办法, en: Counting}
status: in force
periods:
  half_year: {first_day: 01-01, last_day: 06-30}
  previous: same period one year earlier
peer_groups: {all: 全部}
rounding: {points: "2 decimals, half up, each indicator before adding up", cite: 一}
ranking: {by: total, within: peer group, ties: share the better rank, cite: 一}
registers:
  投诉:
    id: cases
    key: 编号
    subject: 机构
    date: 日期
    cite: 一
    fields:
      险种: {id: line, one of: [车险, 非车险, "意外&健康"]}
      备注: {id: note, kind: text, may be empty: true}
      金额: {id: amount, kind: number, unit: 元, decimals: 2}
      赔款: {id: paid, kind: number, unit: 元, decimals: 4, may be empty: true}
      转办日: {id: sent, kind: date}
      反馈日: {id: answered, kind: date, may be empty: true}
      已撤回: {id: withdrawn, kind: yes or no}
    derived:
      超赔: {id: over, formula: "赔款 > 金额 * 2"}
statistics:
`

const countingTail = `metrics:
  件数: {id: all, formula: S0 - 上期(S0), unit: 件, cite: 一}
total: {full_points: 100, cite: 一}
sections:
  - section: 全部
    id: only
    full_points: 100
    cite: 一
    indicators:
      - {indicator: 件数, id: one, metric: all, full_points: 100, cite: 一, score: {full_points_at: 0件, no_points_at: 100件, cite: 一}, if_missing: hold}
`

// condition makes a random condition that is well formed.
func condition(r *rand.Rand, depth int) string {
	if depth > 0 && r.IntN(3) > 0 {
		a, b := condition(r, depth-1), condition(r, depth-1)
		switch r.IntN(5) {
		case 0:
			return "not (" + a + ")"
		case 1, 2:
			return "(" + a + ") or (" + b + ")"
		}
		return "(" + a + ") and (" + b + ")"
	}
	op := []string{"==", "!=", "<", "<=", ">", ">="}[r.IntN(6)]
	equal := []string{"==", "!="}[r.IntN(2)]
	return []string{
		`险种 ` + equal + ` "` + []string{"车险", "非车险"}[r.IntN(2)] + `"`,
		`险种 in ["车险", "非车险"]`,
		`备注 ` + equal + ` "` + []string{"", "甲", "合同 'x'", "😀"}[r.IntN(4)] + `"`,
		`备注 ` + equal + ` 空`,
		`反馈日 ` + equal + ` 空`,
		`赔款 ` + equal + ` 空`,
		`反馈日 ` + op + ` 转办日`,
		`转办日 ` + op + ` 期末日`,
		`反馈日 ` + op + ` 期初日`,
		`金额 ` + op + ` ` + []string{"0元", "0.1元", "100元", "90071992547409.93元", "-0.01元"}[r.IntN(5)],
		`赔款 ` + op + ` 金额`,
		`赔款 + 金额 ` + op + ` 100.3元`,
		`金额 - 赔款 * 3 ` + op + ` 0元`,
		`已撤回`, `not 已撤回`, `已撤回 == 是`, `超赔`,
	}[r.IntN(17)]
}

// casesOf makes random records of two half-years; some lack what they must have.
func casesOf(t *testing.T, r *rand.Rand, n int, broken bool) []engine.Record {
	money := []exact.Num{{}, exact.Frac(1, 10), exact.Int(100), exact.Frac(9007199254740993, 100), exact.Frac(-1, 100), exact.Frac(1003, 10), exact.Frac(2, 10)}
	days := []int64{20089, 20270, 20255, 0, 19800, -3, 20300}
	null := formula.Value{Null: true}
	list := make([]engine.Record, n)
	for i := range list {
		year := []string{"2024", "2025"}[r.IntN(2)]
		list[i] = record(t, fmt.Sprint("K", i), fmt.Sprintf("%s-%02d-%02d", year, 1+r.IntN(6), 1+r.IntN(28)))
		list[i].Subject = []string{"S1", "S2", "S3"}[r.IntN(3)]
		list[i].Times = r.IntN(4)
		list[i].Origin.Row = i + 2
		f := map[string]formula.Value{
			"line":      {Text: []string{"车险", "非车险", "意外&健康"}[r.IntN(3)]},
			"note":      {Text: []string{"", "甲", "合同 'x'", "😀", "甲\"乙", `\`, `","t":"甲"}`, "\n"}[r.IntN(8)]},
			"amount":    {Num: money[r.IntN(len(money))]},
			"paid":      {Num: money[r.IntN(len(money))]},
			"sent":      {Num: exact.Int(days[r.IntN(3)])},
			"answered":  {Num: exact.Int(days[r.IntN(3)])},
			"withdrawn": {Bool: r.IntN(2) == 0},
		}
		for _, id := range []string{"note", "paid", "answered"} {
			if r.IntN(4) == 0 {
				f[id] = null
			}
		}
		if broken && r.IntN(30) == 0 {
			id := []string{"line", "amount", "sent", "withdrawn"}[r.IntN(4)]
			switch r.IntN(3) {
			case 0:
				delete(f, id)
			case 1:
				f[id] = null
			case 2:
				f[id] = formula.Value{Status: formula.ZeroDenominator}
			}
		}
		list[i].Fields = f
	}
	return list
}

// TestTheDatabaseCountsWhatTheRulesSay asks for random statistics in all three
// ways: the rules over the records, SQLite, PostgreSQL.
func TestTheDatabaseCountsWhatTheRulesSay(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB) {
		told, untold := 0, 0
		for seed := range uint64(4) {
			r := rand.New(rand.NewPCG(seed, 7))
			text := strings.Replace(countingHead, "pack: counting", fmt.Sprint("pack: counting", seed), 1)
			for i := range 40 {
				kind := []string{"unit: 件, count: 投诉", "unit: 元, sum: 投诉.金额", "unit: 元, sum: 投诉.赔款"}[max(0, r.IntN(5)-2)]
				if i == 0 {
					kind = "unit: 件, count: 投诉"
				}
				text += fmt.Sprintf("  S%d: {id: s%d, %s, where: '%s', cite: 一}\n", i, i, kind, strings.ReplaceAll(condition(r, 3), "'", "''"))
			}
			p, _ := pack(t, text+countingTail, "2025H1")
			name := fmt.Sprint("counting", seed)
			loadCases(t, db, name, casesOf(t, r, 150, seed%2 == 1))
			a, b := compareCounts(t, db, p)
			told, untold = told+a, untold+b
		}
		if told < 100 || untold < 20 {
			t.Errorf("only %d statistics could be told and %d not: the data are too simple", told, untold)
		}
	})
}

// loadCases stores a roster, the cases and a correction of some of them.
func loadCases(t *testing.T, db *store.DB, name string, cases []engine.Record) {
	t.Helper()
	load(t, db, name, "roster", func(b *engine.Batch) {
		for _, code := range []string{"S1", "S2", "S3", "S4"} {
			b.Subjects = append(b.Subjects, engine.Subject{Code: code, Name: "公司" + code, PeerGroup: "all"})
		}
		b.Subjects[2].Parent = "S1"
	})
	load(t, db, name, "cases", func(b *engine.Batch) {
		b.Records = cases
		b.Covered = []engine.Coverage{halfYear(t, "2024H1"), halfYear(t, "2025H1")}
	})
	load(t, db, name, "correction", func(b *engine.Batch) {
		b.Records = append(b.Records, cases[10:20]...)
		for i := range b.Records[:5] {
			fresh := b.Records[i]
			fresh.Subject, fresh.Date = "S2", record(t, "", "2023-05-01").Date
			if i%2 == 0 {
				fresh.Date = cases[50+i].Date
			}
			b.Records[i] = fresh
		}
		b.Records[7].Times = 9
	})
}

// compareCounts counts each statistic in the database and from the records.
func compareCounts(t *testing.T, db *store.DB, p *engine.Pack) (told, untold int) {
	t.Helper()
	at := period(t, "2025H1")
	facts, err := assess.Facts(t.Context(), db, p, at, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	plan := engine.PlanCounts(p, at, db.Dialect())
	if len(plan.Registers) != 1 || len(plan.Left) != 0 {
		t.Fatalf("left to the records: %+v", plan.Left)
	}
	for _, cell := range plan.Registers[0].Cells {
		one := plan.Registers[0]
		one.Cells = []engine.CountCell{cell}
		counts, ok, err := db.CountRecords(t.Context(), facts.Snapshot, p.Name, one)
		if err != nil {
			t.Fatal(err)
		}
		want, missing := fromRecords(t, p, facts, cell)
		if !ok {
			untold++
			if !missing && !strings.Contains("counting1counting3", p.Name) {
				t.Errorf("%s: the database cannot tell %s of %s, the records can", p.Name, source(p, cell), cell.Period)
			}
			continue
		}
		told++
		if missing {
			t.Errorf("%s: %s of %s: a record lacks something, and the database did not notice", p.Name, source(p, cell), cell.Period)
		}
		got := map[string]exact.Num{}
		for _, c := range counts {
			got[c.Subject] = c.Sum
		}
		for subject, n := range want {
			if !got[subject].Equal(n) {
				t.Errorf("%s: %s of %s in %s: the database says %s, the records %s\n%+v", p.Name, source(p, cell), subject, cell.Period, got[subject], n, cell)
			}
		}
	}
	return told, untold
}

func source(p *engine.Pack, cell engine.CountCell) string {
	for _, s := range p.Statistics {
		if s.ID == cell.Statistic {
			return s.Name + " " + s.Sum + " where " + s.Where.Source()
		}
	}
	return ""
}

// fromRecords evaluates one statistic over the records, unit by unit.
func fromRecords(t *testing.T, p *engine.Pack, facts *engine.Facts, cell engine.CountCell) (map[string]exact.Num, bool) {
	t.Helper()
	alone := *facts
	alone.Subjects = append([]engine.Subject(nil), facts.Subjects...)
	for i := range alone.Subjects {
		alone.Subjects[i].Parent = ""
	}
	e, err := engine.Evaluate(p, cell.Period, &alone)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := e.Counts()
	if err != nil {
		t.Fatal(err)
	}
	want, missing := map[string]exact.Num{}, false
	for _, c := range counts {
		switch {
		case c.Statistic != cell.Statistic:
		case c.Value == nil:
			missing = true
		default:
			want[c.Subject] = *c.Value
		}
	}
	return want, missing
}

// TestAScoreIsTheSameWhoeverCounts compares whole results.
func TestAScoreIsTheSameWhoeverCounts(t *testing.T) {
	text := countingHead + `  S0: {id: s0, unit: 件, count: 投诉, where: '险种 == "车险" and 反馈日 != 空 and 反馈日 <= 期末日', cite: 一}
  S1: {id: s1, unit: 元, sum: 投诉.金额, where: not 已撤回, cite: 一}
` + countingTail
	onBoth(t, func(t *testing.T, db *store.DB) {
		for seed, broken := range []bool{false, true} {
			name := fmt.Sprint("counting", seed)
			p, files := pack(t, strings.Replace(text, "pack: counting", "pack: "+name, 1), "2025H1")
			cases := casesOf(t, rand.New(rand.NewPCG(3, 3)), 200, broken)
			loadCases(t, db, name, cases)
			full, err := assess.Facts(t.Context(), db, p, period(t, "2025H1"), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			counted, left, err := assess.CountedFacts(t.Context(), db, p, period(t, "2025H1"), time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			if broken != (len(left) == 1) || broken == (len(counted.Records) == 0) {
				t.Errorf("broken %v: left %v, %d records read", broken, left, len(counted.Records))
			}
			e, err := engine.Evaluate(p, period(t, "2025H1"), full)
			if err != nil {
				t.Fatal(err)
			}
			run, _, err := assess.Score(t.Context(), db, p, files, period(t, "2025H1"), time.Time{}, store.Actor{Name: "刘", Via: "cli"})
			if err != nil || run.Digest != e.Result().Digest() {
				t.Errorf("broken %v: %v: another result than from the records", broken, err)
			}
			if _, err := assess.Open(t.Context(), db, name, period(t, "2025H1"), 0); err != nil {
				t.Error(err)
			}
		}
	})
}
