package assess_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/internal/assess"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/rules"
	"kaoping/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Run("SQLite", func(t *testing.T) {
		test(t, storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db")))
	})
	t.Run("PostgreSQL", func(t *testing.T) { test(t, storetest.Open(t, pgtest.URL(t))) })
}

const changes = `pack: changes
edition: 2020-01-01
title: {zh: 同比办法, en: Changes}
status: in force
periods:
  half_year: {first_day: 01-01, last_day: 06-30}
  previous: same period one year earlier
  prior_figures: PRIOR
peer_groups: {all: 全部}
rounding: {points: "2 decimals, half up, each indicator before adding up", cite: 一}
ranking: {by: total, within: peer group, ties: share the better rank, cite: 一}
registers:
  投诉: {id: cases, key: 编号, subject: 机构, date: 日期, cite: 一}
statistics:
  投诉件数: {id: complaints, unit: 件, count: 投诉, cite: 一}
  保费: {id: premium, unit: 件, cite: 一}
metrics:
  件数增加: {id: more, formula: 投诉件数 - 上期(投诉件数), unit: 件, cite: 一}
  保费增加: {id: richer, formula: 保费 - 上期(保费), unit: 件, cite: 一}
total: {full_points: 100, cite: 一}
sections:
  - section: 变化
    id: change
    full_points: 100
    cite: 一
    indicators:
      - {indicator: 件数增加, id: one, metric: more, full_points: 50, cite: 一, score: {full_points_at: 0件, no_points_at: 10件, cite: 一}, if_missing: hold}
      - {indicator: 保费增加, id: two, metric: richer, full_points: 50, cite: 一, score: {full_points_at: 1000件, no_points_at: 0件, cite: 一}, if_missing: hold}
`

// pack reads a pack from its text.
func pack(t *testing.T, text, at string) (*engine.Pack, map[string][]byte) {
	t.Helper()
	files := map[string][]byte{"p/2020-01-01.yaml": []byte(text)}
	p, diagnostics := rules.LoadFilesFor(files, period(t, at))
	if p == nil {
		t.Fatal(diagnostics)
	}
	return p, files
}

func period(t *testing.T, s string) engine.Period {
	t.Helper()
	p, err := engine.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func num(n int64) exact.Num { return exact.Int(n) }

// load stores a batch of a file with that name.
func load(t *testing.T, db *store.DB, pack, file string, fill func(*engine.Batch)) {
	t.Helper()
	b := &engine.Batch{Pack: pack, Target: "statistics", File: file, Encoding: "UTF-8", Rows: 1}
	fill(b)
	sum := sha256.Sum256([]byte(pack + file))
	b.Digest = hex.EncodeToString(sum[:])
	if _, err := db.CreateBatch(t.Context(), b, store.Actor{Name: "刘", Via: "cli"}); err != nil {
		t.Fatal(err)
	}
}

func figure(t *testing.T, statistic, at string, n int64) engine.Figure {
	return engine.Figure{Subject: "S1", Statistic: statistic, Period: period(t, at), Value: num(n), Origin: engine.Origin{Row: 2}}
}

func record(t *testing.T, key, day string) engine.Record {
	t.Helper()
	d, err := engine.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Record{Register: "cases", Subject: "S1", Key: key, Date: d}
}

// halfYear covers the register for a half-year.
func halfYear(t *testing.T, at string) engine.Coverage {
	p := period(t, at)
	return engine.Coverage{Register: "cases", First: p.First, Last: p.Last}
}

// metric is a value on the scorecard of S1.
func metric(t *testing.T, result *engine.Result, item string) string {
	t.Helper()
	line, ok := result.Scorecards[0].Line(item)
	if !ok || line.Metric == nil {
		t.Fatalf("%s: no value: %+v", item, line)
	}
	return line.Metric.String()
}

func score(t *testing.T, db *store.DB, text, at string) (store.Run, *engine.Result) {
	t.Helper()
	p, files := pack(t, text, at)
	run, result, err := assess.Score(t.Context(), db, p, files, period(t, at), time.Time{}, store.Actor{Name: "刘", Via: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	return run, result
}

func TestPriorFiguresAfterACorrection(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB) {
		published, latest := strings.Replace(changes, "PRIOR", "as published", 1), strings.Replace(changes, "PRIOR", "latest", 1)
		load(t, db, "changes", "roster", func(b *engine.Batch) {
			b.Subjects = []engine.Subject{{Code: "S1", Name: "甲", PeerGroup: "all"}}
		})
		load(t, db, "changes", "2024", func(b *engine.Batch) {
			b.Figures = []engine.Figure{figure(t, "premium", "2024H1", 100)}
			b.Records = []engine.Record{record(t, "A", "2024-02-01"), record(t, "B", "2024-03-01")}
			b.Covered = []engine.Coverage{halfYear(t, "2024H1")}
		})
		load(t, db, "changes", "2025", func(b *engine.Batch) {
			b.Figures = []engine.Figure{figure(t, "premium", "2025H1", 300)}
			b.Records = []engine.Record{record(t, "C", "2025-02-01"), record(t, "D", "2025-02-02"), record(t, "E", "2025-02-03"), record(t, "F", "2025-02-04")}
			b.Covered = []engine.Coverage{halfYear(t, "2025H1")}
		})

		// Nothing was published yet: the newest figures, and a sentence that says so.
		_, before := score(t, db, published, "2025H1")
		if metric(t, before, "one") != "2" || len(before.Past) != 1 || !before.Past[0].Missing() {
			t.Errorf("before publication: %s, %+v", metric(t, before, "one"), before.Past)
		}
		if text := before.Past[0].Text(); !strings.Contains(text.ZH, "先执行 kaoping run --pack changes --period 2024H1") {
			t.Errorf("%s", text.ZH)
		}
		first, _ := score(t, db, published, "2024H1")

		// Then a figure is corrected and a late case of the past half-year comes in.
		load(t, db, "changes", "correction", func(b *engine.Batch) {
			b.Figures = []engine.Figure{figure(t, "premium", "2024H1", 250)}
			b.Records = []engine.Record{record(t, "G", "2024-05-05")}
			b.Covered = []engine.Coverage{halfYear(t, "2024H1")}
		})
		run, result := score(t, db, published, "2025H1")
		if one, two := metric(t, result, "one"), metric(t, result, "two"); one != "2" || two != "200" {
			t.Errorf("as published: %s more cases, %s more premium", one, two)
		}
		if want := (engine.PastUse{Use: engine.UseFigures, Pack: "changes", Period: period(t, "2024H1"), Digest: first.Digest}); len(result.Past) != 1 || result.Past[0] != want {
			t.Errorf("rests on %+v, want %+v", result.Past, want)
		}
		explained(t, db, run)

		// The corrected half-year is computed again: what rests on it is out of date but
		// opens as it was.
		score(t, db, published, "2024H1")
		opened, err := assess.Open(t.Context(), db, "changes", period(t, "2025H1"), 0)
		if err != nil || opened.Run != run {
			t.Fatalf("open: %+v, %v", opened, err)
		}
		stale, err := assess.OutOfDate(t.Context(), db, opened.Result)
		if err != nil || len(stale) != 1 || !strings.Contains(stale[0].ZH, "已过期") || !strings.Contains(stale[0].EN, "kaoping run --pack changes --period 2025H1") {
			t.Errorf("out of date: %v, %v", stale, err)
		}
		if _, again := score(t, db, published, "2025H1"); metric(t, again, "two") != "50" || metric(t, again, "one") != "1" {
			t.Errorf("after the second publication: %s", metric(t, again, "two"))
		}
		if _, newest := score(t, db, latest, "2025H1"); metric(t, newest, "two") != "50" || len(newest.Past) != 0 {
			t.Errorf("latest: %s, %+v", metric(t, newest, "two"), newest.Past)
		}
	})
}

// explained opens a run and looks for the word about the correction.
func explained(t *testing.T, db *store.DB, run store.Run) {
	t.Helper()
	s, err := assess.Open(t.Context(), db, run.Pack, run.Period, run.Revision)
	if err != nil {
		t.Fatal(err)
	}
	for item, want := range map[string]string{"one": "后更正为 3件", "two": "后更正为 250件"} {
		e, err := s.Evaluation.Explain("S1", item)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, f := range e.Figures {
			found = found || f.Period == period(t, "2024H1") && strings.Contains(f.Note.ZH, want)
		}
		if !found {
			t.Errorf("%s: nothing says %s: %+v", item, want, e.Figures)
		}
	}
}

const streak = `pack: streak
edition: 2020-01-01
title: {zh: 连续办法, en: Streak}
status: in force
periods: {annual: every year, previous: period just before}
peer_groups: {all: 全部}
rounding: {points: "2 decimals, half up, each indicator before adding up", cite: 一}
ranking: {by: total, within: peer group, ties: share the better rank, cite: 一}
statistics:
  培训: {id: trained, unit: 人次, cite: 一}
  同比得分: {id: fed, unit: 分, scorecard: {pack: changes, item: total, take: points, period: same}, cite: 一}
metrics:
  培训量: {id: training, formula: 培训, unit: 人次, cite: 一}
  上年总分: {id: before, formula: 上期(总分), unit: "1", cite: 一}
  来自他处: {id: from_there, formula: 同比得分, unit: 分, cite: 一}
total: {full_points: 100, cite: 一}
sections:
  - section: 全部
    id: only
    full_points: 100
    cite: 一
    indicators:
      - {indicator: 培训量, id: one, metric: training, full_points: 100, cite: 一, score: {full_points_at: 100人次, no_points_at: 0人次, cite: 一}, if_missing: hold}
consequences:
  - {consequence: 晋升, when: "连续(总分 >= 60, 3)", measure: 优先晋升, cite: 二}
`

func TestScorecardsOfEarlierPeriods(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB) {
		load(t, db, "streak", "roster", func(b *engine.Batch) {
			b.Subjects = []engine.Subject{{Code: "S1", Name: "甲", PeerGroup: "all"}}
		})
		load(t, db, "streak", "figures", func(b *engine.Batch) {
			for _, year := range []string{"2022", "2023", "2024"} {
				b.Figures = append(b.Figures, figure(t, "trained", year, 70))
			}
		})
		_, first := score(t, db, streak, "2024")
		missing := map[string]bool{}
		for _, use := range first.Past {
			missing[use.Pack+" "+use.Period.String()] = use.Missing()
		}
		if !missing["streak 2023"] || !missing["streak 2022"] || len(first.Scorecards[0].Consequences) != 0 {
			t.Errorf("nothing stored: %+v, %v", first.Past, first.Scorecards[0].Consequences)
		}
		score(t, db, streak, "2022")
		score(t, db, streak, "2023")
		run, result := score(t, db, streak, "2024")
		if drawn := result.Scorecards[0].Consequences; len(drawn) != 1 || drawn[0].Name != "晋升" {
			t.Errorf("three good years: %+v", drawn)
		}
		opened, err := assess.Open(t.Context(), db, "streak", period(t, "2024"), 1)
		if err != nil || len(opened.Result.Scorecards[0].Consequences) != 0 {
			t.Errorf("the first revision has nothing behind it: %v", err)
		}
		if stale, err := assess.OutOfDate(t.Context(), db, opened.Result); err != nil || len(stale) == 0 || !strings.Contains(stale[0].EN, "there was no result") {
			t.Errorf("%v, %v", stale, err)
		}
		if stale, err := assess.OutOfDate(t.Context(), db, result); err != nil || len(stale) != 0 {
			t.Errorf("up to date: %v, %v", stale, err)
		}
		if again, err := assess.Open(t.Context(), db, "streak", period(t, "2024"), 0); err != nil || again.Run != run {
			t.Errorf("open: %v", err)
		}
	})
}

func TestNobodyIsKnown(t *testing.T) {
	db := storetest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"))
	p, files := pack(t, streak, "2024")
	_, _, err := assess.Score(t.Context(), db, p, files, period(t, "2024"), time.Time{}, store.Actor{Name: "刘", Via: "cli"})
	var trouble *assess.Trouble
	if !errors.As(err, &trouble) || !errors.Is(err, engine.ErrConflict) || !strings.Contains(trouble.Text.EN, "no subjects") {
		t.Errorf("%v", err)
	}
}
