package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/engine/formula"
	"kaoping/internal/pgtest"
	"kaoping/store"
)

const (
	benchRecords = 100_000
	benchFigures = 20_000
)

// benchBatch is a register of complaints as it comes, and a table of figures.
func benchBatch() *engine.Batch {
	b := complaints("bench.csv", benchRecords)
	kinds := []string{"合同纠纷", "理赔纠纷", "销售误导", "其他"}
	for i := range b.Records {
		b.Records[i].Fields = map[string]formula.Value{
			"类别":  {Text: kinds[i%len(kinds)]},
			"金额":  {Num: exact.Frac(int64(i)*37, 100)},
			"已撤诉": {Bool: i%7 == 0},
			"办结日": {Null: i%5 == 0, Num: exact.Int(int64(20000 + i%90))},
		}
	}
	b.Figures = premiums("bench.csv", benchFigures).Figures
	return b
}

// BenchmarkLoad stores 100,000 records and 20,000 figures in an empty store and
// in the same tables by the plain bulk load of the driver, and reads them back.
func BenchmarkLoad(b *testing.B) {
	batch := benchBatch()
	for _, engineName := range []string{"sqlite", "postgres"} {
		url := func(b *testing.B) string {
			if engineName == "postgres" {
				return pgtest.URL(b)
			}
			return "sqlite:" + filepath.Join(b.TempDir(), "bench.db")
		}
		b.Run(engineName+"/store", func(b *testing.B) {
			measure(b, url, func(db *store.DB, _ string) { mustLoad(b, db, batch) })
		})
		b.Run(engineName+"/driver", func(b *testing.B) {
			rows := plainRows(batch)
			measure(b, url, func(_ *store.DB, url string) { plainLoad(b, url, rows) })
		})
		b.Run(engineName+"/read", func(b *testing.B) { measureReading(b, url(b), batch) })
	}
}

// measure times f on an empty store, the store's opening left out.
func measure(b *testing.B, url func(*testing.B) string, f func(db *store.DB, url string)) {
	for b.Loop() {
		b.StopTimer()
		u := url(b)
		db, err := store.Open(context.Background(), u)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		f(db, u)
		b.StopTimer()
		db.Close()
		b.StartTimer()
	}
	perSecond(b)
}

func measureReading(b *testing.B, url string, batch *engine.Batch) {
	db, err := store.Open(context.Background(), url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	mustLoad(b, db, batch)
	for b.Loop() {
		if n := countRecords(b, db); n != benchRecords {
			b.Fatalf("%d records", n)
		}
	}
	perSecond(b)
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(benchRecords+benchFigures)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// plainTable is what goes into a table by the shortest way.
type plainTable struct {
	name, columns string
	rows          [][]any
}

// plainRows has the same texts as the store writes, made before the clock runs.
func plainRows(batch *engine.Batch) []plainTable {
	records := plainTable{name: "records", columns: "batch, n, file_row, register, record_key, occurrence, subject, date, times, fields, corrects"}
	for i, r := range batch.Records {
		fields := fmt.Sprintf(`{"办结日":{"n":"%d"},"已撤诉":{"b":true},"类别":{"t":"%s"},"金额":{"n":"%s"}}`,
			20000+i%90, r.Fields["类别"].Text, r.Fields["金额"].Num)
		records.rows = append(records.rows, []any{1, i + 1, r.Origin.Row, r.Register, r.Key, 0, r.Subject, r.Date.String(), 0, fields, 0})
	}
	figures := plainTable{name: "figures", columns: "batch, n, file_row, subject, statistic, period, value, heading"}
	for i, f := range batch.Figures {
		figures.rows = append(figures.rows, []any{1, benchRecords + i + 1, f.Origin.Row, f.Subject, f.Statistic, f.Period.String(), f.Value.String(), f.Origin.Column})
	}
	return []plainTable{records, figures}
}

func plainLoad(b *testing.B, url string, tables []plainTable) {
	driver, dsn := "postgres", url
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, dsn = "sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(WAL)"
	}
	db := sqlx.MustOpen(driver, dsn)
	defer db.Close()
	tx := db.MustBegin()
	for _, t := range tables {
		var err error
		if driver == "postgres" {
			err = plainCopy(tx, t)
		} else {
			err = plainInsert(tx, t)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
}

func plainCopy(tx *sqlx.Tx, t plainTable) error {
	stmt, err := tx.Prepare("COPY " + t.name + " (" + t.columns + ") FROM STDIN")
	if err != nil {
		return err
	}
	for _, row := range t.rows {
		if _, err := stmt.Exec(row...); err != nil {
			return err
		}
	}
	if _, err := stmt.Exec(); err != nil {
		return err
	}
	return stmt.Close()
}

// plainInsert writes 100 rows a statement; the rows are a multiple of that.
func plainInsert(tx *sqlx.Tx, t plainTable) error {
	width := len(t.rows[0])
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + ")"
	stmt, err := tx.Prepare("INSERT INTO " + t.name + " (" + t.columns + ") VALUES " + strings.TrimSuffix(strings.Repeat(one+",", 100), ","))
	if err != nil {
		return err
	}
	args := make([]any, 0, 100*width)
	for i, row := range t.rows {
		if args = append(args, row...); i%100 == 99 {
			if _, err := stmt.Exec(args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	return stmt.Close()
}

// BenchmarkRun stores a result of 10,000 scorecards with 15 lines and reads it.
func BenchmarkRun(b *testing.B) {
	const cards = 10_000
	for _, engineName := range []string{"sqlite", "postgres"} {
		b.Run(engineName, func(b *testing.B) {
			url := "sqlite:" + filepath.Join(b.TempDir(), "bench.db")
			if engineName == "postgres" {
				url = pgtest.URL(b)
			}
			db, err := store.Open(context.Background(), url)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			facts, err := db.Facts(context.Background(), store.Query{Pack: "p"})
			if err != nil {
				b.Fatal(err)
			}
			result := benchResult(cards, facts.Snapshot)
			var reading time.Duration
			for i := 0; b.Loop(); i++ {
				result.Notes = []engine.Text{{EN: fmt.Sprint(i)}}
				run, err := db.SaveRun(context.Background(), store.Run{Pack: "p", Hash: "h", Period: result.Period, Snapshot: facts.Snapshot}, result, nil, store.Actor{Name: "b"})
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				start := time.Now()
				if _, _, err := db.FindRun(context.Background(), "p", result.Period, run.Revision); err != nil {
					b.Fatal(err)
				}
				reading += time.Since(start)
				b.StartTimer()
			}
			b.ReportMetric(cards*float64(b.N)/b.Elapsed().Seconds(), "cards/s")
			b.ReportMetric(cards*float64(b.N)/reading.Seconds(), "cards-read/s")
		})
	}
}

func benchResult(cards int, snapshot string) *engine.Result {
	period, _ := engine.ParsePeriod("2025H1")
	r := &engine.Result{Pack: "p", Hash: "h", Period: period, Snapshot: snapshot}
	for i := range cards {
		total := exact.Frac(int64(i%10000), 100)
		card := engine.Scorecard{Subject: fmt.Sprintf("PA%06d", i), Name: "某财产保险公司", PeerGroup: "property", Status: engine.Scored, Total: &total, Rank: i + 1}
		for j := range 15 {
			points := exact.Frac(int64(i+j), 7)
			card.Lines = append(card.Lines, engine.Line{Item: fmt.Sprintf("n%d", j), Name: "投诉件处理及时率", Status: engine.Scored, Metric: &points, Points: &points,
				FullPoints: exact.Int(20), Reason: engine.Text{ZH: "按直线得分", EN: "on the straight line"}})
		}
		r.Scorecards = append(r.Scorecards, card)
	}
	return r
}
