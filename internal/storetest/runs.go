package storetest

import (
	"bytes"
	"errors"
	"maps"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/store"
)

// result is an evaluation with every part filled, some lists empty and others
// absent.
func result(snapshot, total string) *engine.Result {
	n, third := num(total), exact.Frac(1, 3)
	return &engine.Result{
		Pack: "甲办法", Edition: date("2022-10-01"), Hash: "0f", Status: "draft", Period: period("2025H1"), Snapshot: snapshot,
		Scorecards: []engine.Scorecard{
			{Subject: "PA01", Name: "甲<财险>&", PeerGroup: "property", Status: engine.Scored, Total: &n, Rank: 1, Of: 2, RankBy: &third,
				Lines: []engine.Line{{Kind: "indicator", Item: "n1", Name: "投诉", Status: engine.Scored, Metric: &third, Points: &n, FullPoints: exact.Int(20),
					Reason: engine.Text{ZH: "得分", EN: "scored"}}}},
			{Subject: "PA02", PeerGroup: "property", Status: engine.Held, Lines: []engine.Line{}},
			{Subject: "PA03", PeerGroup: "property", Status: engine.NotComputable},
		},
		Excluded:   []engine.Scorecard{},
		Benchmarks: []engine.BenchmarkValue{{Benchmark: "mean", Metric: "m", Value: &third, Count: 2}},
		Notes:      []engine.Text{{ZH: "样本少", EN: "small sample"}},
	}
}

func run(f *engine.Facts) store.Run {
	return store.Run{Pack: "甲办法", Edition: date("2022-10-01"), Hash: "0f", Period: period("2025H1"),
		Snapshot: f.Snapshot, AsOf: f.AsOf, Status: "draft"}
}

var packFiles = map[string][]byte{"2022-10-01.yaml": []byte("名称: 办法\n\x00\xff"), "data/空.csv": {}}

func save(t *testing.T, db *store.DB, r store.Run, result *engine.Result) store.Run {
	t.Helper()
	saved, err := db.SaveRun(t.Context(), r, result, packFiles, liu)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func runRoundTrip(t *testing.T, url string) {
	db := Open(t, url)
	f := facts(t, db, store.Query{})
	for _, total := range []string{"85.5", "1/3", "123456789012345678901234567890"} {
		want := result(f.Snapshot, total)
		if total == "1/3" {
			want.Excluded = []engine.Scorecard{{Subject: "PA09", Status: engine.NotAssessed, Reason: engine.Text{ZH: "新机构"}}}
			want.Notes = nil
		}
		saved := save(t, db, run(f), want)
		found, got, err := Open(t, url).FindRun(t.Context(), "甲办法", period("2025H1"), saved.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if found != saved || found.Digest != want.Digest() || found.Snapshot != f.Snapshot || found.AsOf != f.AsOf || found.MadeAt.Location() != time.UTC {
			t.Errorf("saved %+v\nfound %+v", saved, found)
		}
		if !bytes.Equal(got.Canonical(), want.Canonical()) {
			t.Errorf("got  %s\nwant %s", got.Canonical(), want.Canonical())
		}
	}
	files, err := db.PackFiles(t.Context(), "0f")
	if err != nil || !maps.EqualFunc(files, packFiles, bytes.Equal) {
		t.Errorf("files %q, %v", files, err)
	}
	if _, err := db.PackFiles(t.Context(), "ff"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("unknown rules: %v", err)
	}
}

func revisions(t *testing.T, url string) {
	db := Open(t, url)
	f := facts(t, db, store.Query{})
	first := save(t, db, run(f), result(f.Snapshot, "80"))
	if again := save(t, db, run(f), result(f.Snapshot, "80")); again != first {
		t.Errorf("the same result: %+v, then %+v", first, again)
	}
	second := save(t, db, run(f), result(f.Snapshot, "81"))
	third := save(t, db, run(f), result(f.Snapshot, "80"))
	if first.ID != "R-000001" || first.Revision != 1 || second.Revision != 2 || third.Revision != 3 || third.ID == second.ID {
		t.Errorf("%+v\n%+v\n%+v", first, second, third)
	}
	for revision, total := range map[int]string{0: "80", 1: "80", 2: "81", 3: "80"} {
		_, got, err := db.FindRun(t.Context(), "甲办法", period("2025H1"), revision)
		if err != nil || !got.Scorecards[0].Total.Equal(num(total)) {
			t.Errorf("revision %d: %v", revision, err)
		}
	}
	for _, missing := range []struct {
		pack, period string
		revision     int
	}{{"甲办法", "2025H1", 4}, {"甲办法", "2025", 0}, {"乙办法", "2025H1", 0}} {
		if _, _, err := db.FindRun(t.Context(), missing.pack, period(missing.period), missing.revision); !errors.Is(err, engine.ErrNotFound) {
			t.Errorf("%v: %v", missing, err)
		}
	}
	for _, test := range []struct {
		pack   string
		period engine.Period
		want   int
	}{{"甲办法", period("2025H1"), 3}, {"甲办法", engine.Period{}, 3}, {"", engine.Period{}, 3}, {"甲办法", period("2024"), 0}, {"乙办法", engine.Period{}, 0}} {
		if runs, err := db.Runs(t.Context(), test.pack, test.period); err != nil || len(runs) != test.want {
			t.Errorf("runs of %s %s: %d, %v", test.pack, test.period, len(runs), err)
		}
	}
}

func runWithoutSnapshot(t *testing.T, url string) {
	db := Open(t, url)
	_, err := db.SaveRun(t.Context(), run(&engine.Facts{Snapshot: "S-0"}), result("S-0", "80"), packFiles, liu)
	if !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("error: %v", err)
	}
	if _, err := db.PackFiles(t.Context(), "0f"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("the rules were stored all the same: %v", err)
	}
}
