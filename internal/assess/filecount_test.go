package assess_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/ingest"
)

// casesCSV writes random cases as people write them: most plainly, some not, some
// twice, and, if asked for, some wrong.
func casesCSV(r *rand.Rand, n int, wrong bool) string {
	var b strings.Builder
	eol := []string{"\n", "\r\n"}[r.IntN(2)]
	if r.IntN(3) == 0 {
		b.WriteString("\xEF\xBB\xBF")
	}
	b.WriteString("编号,机构,险种,备注,金额,赔款,日期,转办日,反馈日,已撤回,没人要的列" + eol)
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	day := func() string {
		return fmt.Sprintf("%s-%02d-%02d", pick("2024", "2025"), 1+r.IntN(6), 1+r.IntN(28))
	}
	rare := func(usual string, odd ...string) string {
		if r.IntN(12) == 0 {
			return pick(odd...)
		}
		return usual
	}
	for i := range n {
		row := strings.Join([]string{
			fmt.Sprint("K", i), rare(pick("S1", "S2", "S3"), "公司S1", " S2", "S3\u3000"), rare(pick("车险", "非车险"), "意外&健康", "意外＆健康", " 车险"),
			rare(pick("", "甲", "合同 'x'"), "😀", `"两, 段"`, "\"两\n行\"", " 甲", "\u3000"), rare(pick("0", "0.1", "100", "100.00", "-0.01", "5000.5"), "90071992547409.93", "１２３", `"1,234.50"`, "(3)", "100元", ".5"),
			rare(pick("", "0.1234", "200", "10"), "90071992547409.9312", "２"), rare(day(), strings.ReplaceAll(day(), "-", "/"), "2025年3月1日", "2023-07-01"),
			day(), rare(pick("", day()), "20250301", "2024-02-29"), rare(pick("是", "否"), "Y", "no", " 是 ", "TRUE"), pick("", "x"),
		}, ",")
		if wrong && r.IntN(40) == 0 {
			row = pick("Z,S9,车险,,1,,2025-01-01,2025-01-01,,是,", "Z,S1,什么,,1.234,,2025-02-30,x,,或,", "短,行", ",,车险,,,,,,,,", "a\"b,S1", "Z,S1,车险,,5.,,2025-01-01,2025-01-01,,是,", "Z\uFFFD,S1,车险,,1,,2025-01-01,2025-01-01,,是,", "K1,S1,车险,,7,,2025-01-01,2025-01-01,,是,")
		}
		for range rare2(r) {
			b.WriteString(row + eol)
		}
		b.WriteString(rare("", eol, ",,,,,,,,,,"+eol))
	}
	return b.String()
}

// rare2 is once, seldom twice.
func rare2(r *rand.Rand) int {
	if r.IntN(20) == 0 {
		return 2
	}
	return 1
}

// TestAFileIsCountedAsItsRecordsAre counts files as they are read and by way of
// their records, and compares counts, coverage and reports.
func TestAFileIsCountedAsItsRecordsAre(t *testing.T) {
	streamed, refused, whole := 0, 0, 0
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 11))
		text := countingHead
		for i := range 12 {
			kind := []string{"unit: 件, count: 投诉", "unit: 元, sum: 投诉.金额"}[r.IntN(2)]
			if i == 0 {
				kind = "unit: 件, count: 投诉"
			}
			text += fmt.Sprintf("  S%d: {id: s%d, %s, where: '%s', cite: 一}\n", i, i, kind, strings.ReplaceAll(condition(r, 2), "'", "''"))
		}
		p, _ := pack(t, text+countingTail, "2025H1")
		file := casesCSV(r, 120, seed%3 == 2)
		options := ingest.Options{Partial: seed%6 == 5}
		for _, code := range []string{"S1", "S2", "S3"} {
			options.Subjects = append(options.Subjects, engine.Subject{Code: code, Name: "公司" + code, PeerGroup: "all"})
		}
		batch, report, err := ingest.ReadRegister(p, "cases", ingest.Source{Name: "f.csv", Data: []byte(file)}, options)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Statistics {
			one := *p
			one.Statistics = []engine.Statistic{s}
			periods := []engine.Period{period(t, "2024H1"), period(t, "2025H1")}
			got, said, err := ingest.CountRegister(&one, "cases", "f.csv", strings.NewReader(file), ingest.CountOptions{Options: options, Periods: periods})
			if errors.Is(err, ingest.ErrNotStreamed) {
				whole++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(said.Problems, report.Problems) || said.Rows != report.Rows || said.Bad != report.Bad {
				t.Fatalf("seed %d: %d rows, %d bad, not %d and %d\n%v\n%v\n%s", seed, said.Rows, said.Bad, report.Rows, report.Bad, said.Problems, report.Problems, file)
			}
			if (got == nil) != (batch == nil) {
				t.Fatalf("seed %d: one way refuses the file, the other does not", seed)
			}
			if got == nil {
				refused++
				continue
			}
			streamed++
			if !reflect.DeepEqual(got.Covered, batch.Covered) || got.Records != len(batch.Records) {
				t.Errorf("seed %d: covered %v, not %v; %d records, not %d", seed, got.Covered, batch.Covered, got.Records, len(batch.Records))
			}
			compareFile(t, p, s, periods, options.Subjects, batch, got)
		}
	}
	if streamed < 80 || refused < 10 || whole < 20 {
		t.Errorf("only %d were counted as they were read, %d refused, %d read whole", streamed, refused, whole)
	}
}

func compareFile(t *testing.T, p *engine.Pack, s engine.Statistic, periods []engine.Period, subjects []engine.Subject, batch *engine.Batch, got *ingest.FileCount) {
	t.Helper()
	counted := map[string]exact.Num{}
	for _, c := range got.Counts {
		counted[c.Subject+c.Period.String()] = c.Sum
	}
	facts := &engine.Facts{Subjects: subjects, Records: batch.Records, Covered: batch.Covered}
	for _, at := range periods {
		e, err := engine.Evaluate(p, at, facts)
		if err != nil {
			t.Fatal(err)
		}
		list, err := e.Counts()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range list {
			if want.Statistic != s.ID {
				continue
			}
			n := counted[want.Subject+at.String()]
			if want.Value == nil || !want.Value.Equal(n) {
				t.Errorf("%s of %s in %s: %s from the file, %v from the records (%s)", s.Name, want.Subject, at, n, want.Value, s.Where.Source())
			}
		}
	}
}
