package assess_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/assess"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// shards are servers that hold the records of a store on another one.
type shards struct {
	url     string
	db      *store.DB
	servers []*pgtest.Server
	urls    []string
}

// newShards sets up a coordinator and three shards as docs/scale.md says.
func newShards(t *testing.T) *shards {
	t.Helper()
	s := &shards{url: pgtest.Start(t).URL(t)}
	s.db = storetest.Open(t, s.url)
	setUp := readSQL(t, "coordinator.sql")
	for i := range 3 {
		server := pgtest.Start(t)
		address := server.URL(t)
		s.servers, s.urls = append(s.servers, server), append(s.urls, address)
		execute(t, address, readSQL(t, "shard.sql"))
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		setUp = strings.NewReplacer(fmt.Sprint("HOST_", i), u.Query().Get("host"), fmt.Sprint("DATABASE_", i), strings.Trim(u.Path, "/")).Replace(setUp)
	}
	execute(t, s.url, setUp)
	return s
}

func readSQL(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/scale/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func execute(t *testing.T, address, statements string) []string {
	t.Helper()
	db, err := sql.Open("postgres", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(statements)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for more := true; more; more = rows.NextResultSet() {
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			list = append(list, line)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

const shardedStatistics = `  S0: {id: s0, unit: 件, count: 投诉, where: '险种 == "车险" and 反馈日 != 空 and 反馈日 <= 期末日', cite: 一}
  S1: {id: s1, unit: 件, count: 投诉, where: '已撤回 or 备注 == "甲"', cite: 一}
  S2: {id: s2, unit: 元, sum: 投诉.金额, where: not 已撤回, cite: 一}
  S3: {id: s3, unit: 件, count: 投诉, where: '赔款 > 金额 * 2', cite: 一}
`

func TestShardsCountTheSame(t *testing.T) {
	s := newShards(t)
	plain := storetest.Open(t, pgtest.URL(t))
	p, _ := pack(t, countingHead+shardedStatistics+countingTail, "2025H1")
	cases := casesOf(t, rand.New(rand.NewPCG(5, 5)), 300, false)
	for _, db := range []*store.DB{s.db, plain} {
		loadCases(t, db, "counting", cases)
	}
	// As the rules say, statistic by statistic, and as a store on one server says.
	if told, _ := compareCounts(t, s.db, p); told < 8 {
		t.Errorf("only %d statistics were counted", told)
	}
	if a, b := countsText(t, s.db, p), countsText(t, plain, p); a != b {
		t.Errorf("shards:\n%s\none server:\n%s", a, b)
	}
	for i, address := range s.urls {
		if n := execute(t, address, "SELECT count(*) FROM records")[0]; n == "0" || n == "300" {
			t.Errorf("shard %d has %s records", i, n)
		}
	}
	t.Run("explained", func(t *testing.T) { s.explain(t, p) })
	t.Run("one is lost and comes back", func(t *testing.T) { s.loss(t, p) })
	t.Run("one is lost in the middle of a load", func(t *testing.T) { s.lossWhileLoading(t, p) })
	t.Run("left over", func(t *testing.T) { s.leftOver(t, p) })
}

// countsText is everything that the database counts, in one statement.
func countsText(t *testing.T, db *store.DB, p *engine.Pack) string {
	t.Helper()
	facts, left, err := assess.CountedFacts(t.Context(), db, p, period(t, "2025H1"), time.Time{})
	if err != nil || len(left) > 0 {
		t.Fatal(left, err)
	}
	lines := map[string]bool{}
	for _, c := range facts.Counts {
		lines[fmt.Sprint(c.Statistic, " ", c.Period, " ", c.Subject, " ", c.Sum)] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(lines)), "\n")
}

// explain looks at what is handed on to the shards: whole aggregates where conditions
// are about texts, days and yes or no; where numbers are reckoned with, the rows of
// the period, filtered.
func (s *shards) explain(t *testing.T, p *engine.Pack) {
	facts, err := s.db.Facts(t.Context(), assess.Query(p, period(t, "2025H1"), time.Time{}))
	if err != nil {
		t.Fatal(err)
	}
	all := engine.PlanCounts(p, period(t, "2025H1"), s.db.Dialect()).Registers[0]
	texts := all
	texts.Cells = nil
	for _, c := range all.Cells {
		if c.Statistic == "s0" || c.Statistic == "s1" {
			texts.Cells = append(texts.Cells, c)
		}
	}
	for r, want := range map[*engine.CountedRegister]string{&texts: "Relations: Aggregate on ", &all: "Remote SQL: SELECT subject, date, times, fields FROM public.records WHERE ((date >= '2024-01-01'))"} {
		explained, err := s.db.ExplainCount(t.Context(), facts.Snapshot, p.Name, *r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(explained, want) != 3 {
			t.Errorf("not three times %q:\n%s", want, explained)
		}
	}
}

func (s *shards) loss(t *testing.T, p *engine.Pack) {
	before := countsText(t, s.db, p)
	s.servers[1].Stop()
	_, _, err := assess.CountedFacts(t.Context(), s.db, p, period(t, "2025H1"), time.Time{})
	lost(t, err)
	b := &engine.Batch{Pack: "counting", Target: "cases", File: "more", Digest: "more", Records: casesOf(t, rand.New(rand.NewPCG(6, 6)), 400, false)[300:]}
	_, err = s.db.CreateBatch(t.Context(), b, store.Actor{Name: "刘", Via: "cli"})
	lost(t, err)
	if list, err := s.db.Batches(t.Context(), ""); err != nil || len(list) != 3 {
		t.Errorf("%d batches: %v", len(list), err)
	}
	if err := s.servers[1].Start(); err != nil {
		t.Fatal(err)
	}
	if after := countsText(t, s.db, p); after != before {
		t.Errorf("before:\n%s\nafter the shard came back:\n%s", before, after)
	}
	if _, err = s.db.CreateBatch(t.Context(), b, store.Actor{Name: "刘", Via: "cli"}); err != nil {
		t.Fatal(err)
	}
	if after := countsText(t, s.db, p); after == before {
		t.Error("a load after the return counts nothing")
	}
	if told, _ := compareCounts(t, s.db, p); told < 8 {
		t.Errorf("only %d statistics were counted", told)
	}
}

func (s *shards) lossWhileLoading(t *testing.T, p *engine.Pack) {
	before := countsText(t, s.db, p)
	b := &engine.Batch{Pack: "counting", Target: "cases", File: "long", Digest: "long", Records: casesOf(t, rand.New(rand.NewPCG(8, 8)), 20_000, false)}
	for i := range b.Records {
		b.Records[i].Key += "long"
	}
	failed := make(chan error)
	go func() {
		_, err := s.db.CreateBatch(t.Context(), b, store.Actor{Name: "刘", Via: "cli"})
		failed <- err
	}()
	for until := time.Now().Add(30 * time.Second); execute(t, s.urls[2], "SELECT EXISTS (SELECT FROM pg_locks WHERE mode = 'RowExclusiveLock' AND granted)")[0] != "true"; {
		if time.Now().After(until) {
			t.Fatal("nothing is written to the shard")
		}
	}
	s.servers[2].Stop()
	err := <-failed
	if !errors.Is(err, store.ErrLost) {
		t.Fatalf("%v", err)
	}
	if err := s.servers[2].Start(); err != nil {
		t.Fatal(err)
	}
	if after := countsText(t, s.db, p); after != before {
		t.Errorf("before:\n%s\nafter half a load:\n%s", before, after)
	}
	if _, err := s.db.CreateBatch(t.Context(), b, store.Actor{Name: "刘", Via: "cli"}); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, address := range s.urls {
		var n int
		fmt.Sscan(execute(t, address, "SELECT count(*) FROM records WHERE record_key LIKE '%long'")[0], &n)
		total += n
	}
	if total != len(b.Records) {
		t.Errorf("%d of %d records are on the shards", total, len(b.Records))
	}
}

// lost checks that the message names the shard in both languages.
func lost(t *testing.T, err error) {
	t.Helper()
	var problem *store.Problem
	if !errors.Is(err, store.ErrLost) || !errors.As(err, &problem) {
		t.Fatalf("%v", err)
	}
	if text := problem.Message(); !strings.Contains(text.ZH, "分片") || !strings.Contains(text.ZH, "shard_1") || !strings.Contains(text.EN, "shard_1") {
		t.Errorf("%+v", text)
	}
}

// leftOver: a shard has committed rows of a load that the coordinator did not.
func (s *shards) leftOver(t *testing.T, p *engine.Pack) {
	batches, err := s.db.Batches(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	before := countsText(t, s.db, p)
	execute(t, s.urls[0], fmt.Sprintf("INSERT INTO records SELECT %d, n, file_row, register, record_key || 'x', occurrence, subject, date, times, fields, corrects FROM records", len(batches)+1))
	if now := countsText(t, s.db, p); now != before {
		t.Error("rows without a batch count")
	}
	load(t, s.db, "counting", "last", func(b *engine.Batch) {
		b.Records = casesOf(t, rand.New(rand.NewPCG(7, 7)), 401, false)[400:]
	})
	if told, _ := compareCounts(t, s.db, p); told < 8 {
		t.Errorf("only %d statistics were counted", told)
	}
	if n := execute(t, s.urls[0], "SELECT count(*) FROM records WHERE record_key LIKE '%x'")[0]; n != "0" {
		t.Errorf("%s rows that never counted are still there", n)
	}
}
