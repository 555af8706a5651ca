package official

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
	"kaoping/rules/packs"
)

// published is what must be reproduced, pack by pack and column by column: how
// many rows agree, of how many, and how many are listed for each reason.
func TestPublishedResultsAreReproduced(t *testing.T) {
	for pack, want := range map[string][]string{
		"us-ny-auto-complaint-ranking": {
			"rows 1668 of 1668",
			"rank 1668/1668 merged:3 tie:8",
			"ratio 1534/1668 other-decimals:1 rounded-input:131 rounded-twice:2",
		},
		"us-mi-complaint-ratio": {
			"rows 679 of 679",
			"complaint_ratio_per_million 679/679",
		},
		"us-ca-justified-ratio": {
			"rows 250 of 951",
			"rank_in_study 250/250 order:50",
			"justified_ratio 250/250",
		},
	} {
		t.Run(pack, func(t *testing.T) {
			r, err := Verify(context.Background(), packs.FS, pack)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Tables) != 1 || r.Unexplained() != 0 {
				t.Fatalf("%d tables, %d rows unexplained", len(r.Tables), r.Unexplained())
			}
			if got := summary(&r.Tables[0]); !slices.Equal(got, want) {
				var b bytes.Buffer
				_ = r.Write(&b, engine.English, true)
				t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), b.String())
			}
		})
	}
}

// The shares of the FCA's workbooks, nine tables of five product groups.
func TestSharesInPublishedWorkbooksAreReproduced(t *testing.T) {
	r, err := Verify(context.Background(), packs.FS, "uk-fca-complaints")
	if err != nil {
		t.Fatal(err)
	}
	agree, of, rows := 0, 0, 0
	for _, table := range r.Tables {
		rows += table.Compared
		for _, c := range table.Columns {
			agree, of = agree+c.Agree, of+c.Of
		}
	}
	if len(r.Tables) != 9 || rows != 2076 || agree != 3544 || of != 3544 {
		t.Errorf("%d tables of %d rows, %d of %d shares agree", len(r.Tables), rows, agree, of)
	}
}

// A share that no whole number of complaints gives is found.
func TestAShareThatNoNumberGivesIsUnexplained(t *testing.T) {
	header := "Firm Name,Reporting period,Banking and credit cards,Decumulation & pensions,Home finance,Insurance & pure protection,Investments\n"
	f := fstest.MapFS{}
	data, err := fs.ReadFile(packs.FS, "uk-fca-complaints/2023-01-01.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	at := strings.Index(text, "official_results:")
	text = text[:at] + `official_results:
  - title: t
    file: data/t.csv
    feed: three_days
    beside: closed
    period: 2023H1
    compare: [{column: Home finance, with: share_within_3_days, peer_group: home_finance, decimals: 2, rounding: half up}]
`
	// The feed beside reads its own headings from the same file, so closed is the
	// same number of complaints: 50 of 50 is no 50 %.
	f["uk-fca-complaints/2023-01-01.yaml"] = &fstest.MapFile{Data: []byte(text)}
	f["uk-fca-complaints/data/t.csv"] = &fstest.MapFile{Data: []byte(header + "A,x,,,50.50,,\nB,x,,,100,,\n")}
	r, err := Verify(context.Background(), f, "uk-fca-complaints")
	if err != nil {
		t.Fatal(err)
	}
	c := r.Tables[0].Columns[0]
	if c.Of != 2 || c.Agree != 1 || len(c.Differ) != 1 || c.Differ[0].Subject != "home_finance:A" {
		t.Errorf("%+v", c)
	}
}

// summary writes a table's numbers.
func summary(t *Table) []string {
	out := []string{fmt.Sprintf("rows %d of %d", t.Compared, t.Rows)}
	for _, c := range t.Columns {
		by := map[Kind]int{}
		for _, r := range append(slices.Clone(c.ByRule), c.Differ...) {
			by[r.Kind]++
		}
		var kinds []string
		for k, n := range by {
			kinds = append(kinds, fmt.Sprintf(" %s:%d", k, n))
		}
		slices.Sort(kinds)
		out = append(out, fmt.Sprintf("%s %d/%d%s", c.Heading, c.Agree, c.Of, strings.Join(kinds, "")))
	}
	return out
}

// The pairs that nothing tells apart, the twin of 2014 and the ratios that only
// two roundings account for are known by line.
func TestRowsThatNeedAWordAreListed(t *testing.T) {
	r, err := Verify(context.Background(), packs.FS, "us-ny-auto-complaint-ranking")
	if err != nil {
		t.Fatal(err)
	}
	got := map[Kind][]string{}
	for _, c := range r.Tables[0].Columns {
		for _, row := range append(slices.Clone(c.ByRule), c.Differ...) {
			got[row.Kind] = append(got[row.Kind], fmt.Sprintf("%s %s=%s", row.Period, row.Subject, row.Published))
			if row.Reason.ZH == "" || row.Reason.EN == "" || row.Line == 0 || row.Name == "" {
				t.Errorf("row without a reason or a place: %+v", row)
			}
		}
	}
	for kind, want := range map[Kind]string{
		Tie:           "2013 19615=77, 2013 42889=78, 2017 23728=46, 2017 23469=47, 2017 11738=155, 2017 23760=156, 2018 23647=70, 2018 38628=71",
		Merged:        "2014 34479=26, 2014 34479=26, 2014 34460=130",
		RoundedTwice:  "2017 23760=12.91, 2017 24198=23.54",
		OtherDecimals: "2018 22055=0.003",
	} {
		if s := strings.Join(got[kind], ", "); s != want {
			t.Errorf("%s:\n got %s\nwant %s", kind, s, want)
		}
	}
}

// A table that was tampered with must not pass.
func TestWhatDoesNotAgreeIsFound(t *testing.T) {
	const dir = "us-ny-auto-complaint-ranking"
	for name, change := range map[string][2]string{
		"a rank that is not its own": {"94.6,2,2009", "94.6,3,2009"},
		"a ratio changed":            {"0.0719,5,8,15,28,69.495", "0.0729,5,8,15,28,69.495"},
		"a rank beyond its tie":      {"1.556,77,2013", "1.556,76,2013"},
		"something not a number":     {"0.0719,5,8,15,28,69.495", "n.a.,5,8,15,28,69.495"},
		"a premium left out":         {"0.0719,5,8,15,28,69.495", "0.0719,5,8,15,28,"},
	} {
		t.Run(name, func(t *testing.T) {
			files := copyOf(t, dir)
			f := files[dir+"/data/ny_auto_2009_2018.csv"]
			changed := strings.Replace(string(f.Data), change[0], change[1], 1)
			if changed == string(f.Data) {
				t.Fatal("the line to change is not there")
			}
			f.Data = []byte(changed)
			r, err := Verify(context.Background(), files, "")
			if err != nil {
				t.Fatal(err)
			}
			if r.Unexplained() == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

func copyOf(t *testing.T, dir string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(packs.FS, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(packs.FS, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWhatCannotBeCompared(t *testing.T) {
	ctx := context.Background()
	if _, err := Verify(ctx, packs.FS, "us-nowhere"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("an unknown pack: %v", err)
	}
	if _, err := Verify(ctx, packs.FS, "cn-shanghai-complaint-handling"); !errors.Is(err, engine.ErrNotFound) {
		t.Errorf("a pack without official results: %v", err)
	}
	const dir = "us-mi-complaint-ratio"
	files := copyOf(t, dir)
	f := files[dir+"/data/mi_ratio_2022_2023.csv"]
	f.Data = []byte(strings.Replace(string(f.Data), "2787969", "2.8 million", 1))
	if _, err := Verify(ctx, files, ""); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a bad cell: %v", err)
	}
	delete(files, dir+"/data/mi_ratio_2022_2023.csv")
	if _, err := Verify(ctx, files, ""); err == nil {
		t.Error("a table that is not there was compared")
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Verify(cancelled, packs.FS, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("after a cancel: %v", err)
	}
}

func TestTheReportSaysHowManyOfHowMany(t *testing.T) {
	r, err := Verify(context.Background(), packs.FS, "us-ca-justified-ratio")
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[engine.Lang]string{engine.Chinese: "250 / 250 行一致", engine.English: "250 of 250 rows agree"} {
		var short, long bytes.Buffer
		if err := r.Write(&short, lang, false); err != nil {
			t.Fatal(err)
		}
		if err := r.Write(&long, lang, true); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(short.String(), want) || strings.Contains(short.String(), "%!") {
			t.Errorf("%s:\n%s", lang, short.String())
		}
		if n := strings.Count(long.String(), "\n") - strings.Count(short.String(), "\n"); n != 50 {
			t.Errorf("%s: %d rows are listed, want 50", lang, n)
		}
	}
}
