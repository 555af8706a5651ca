package assess_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// TestAFileIsStoredRowByRowAsWhole loads random files in both ways into two stores
// and compares the stores, row by row.
func TestAFileIsStoredRowByRowAsWhole(t *testing.T) {
	for _, kind := range []struct {
		name  string
		seeds uint64
		url   func(t *testing.T) string
	}{
		{"SQLite", 20, func(t *testing.T) string { return "sqlite:" + t.TempDir() + "/a.db" }},
		{"PostgreSQL", 4, func(t *testing.T) string { return pgtest.URL(t) }},
	} {
		t.Run(kind.name, func(t *testing.T) {
			streamed, refused := 0, 0
			for seed := range kind.seeds {
				a, b := kind.url(t), kind.url(t)
				ok := loadBothWays(t, a, b, casesCSV(rand.New(rand.NewPCG(seed, 12)), 150, seed%4 == 3))
				if !ok {
					refused++
					continue
				}
				streamed++
				if x, y := tables(t, a), tables(t, b); x != y {
					for i, line := range strings.Split(x, "\n") {
						if other := strings.Split(y, "\n"); i >= len(other) || other[i] != line {
							t.Fatalf("seed %d: the stores differ at %s", seed, line)
						}
					}
					t.Fatalf("seed %d: the store that was filled row by row has more", seed)
				}
			}
			if streamed < int(kind.seeds)/2 || refused == 0 {
				t.Errorf("%d stored, %d refused", streamed, refused)
			}
		})
	}
}

// loadBothWays loads a file, loads it again, and then a file that corrects a row;
// false if the file is refused, in both ways.
func loadBothWays(t *testing.T, whole, streamed, text string) bool {
	t.Helper()
	p, _ := pack(t, countingHead+shardedStatistics+countingTail, "2025H1")
	options := ingest.Options{}
	for _, code := range []string{"S1", "S2", "S3"} {
		options.Subjects = append(options.Subjects, engine.Subject{Code: code, Name: "公司" + code, PeerGroup: "all"})
	}
	a, b := storetest.Open(t, whole), storetest.Open(t, streamed)
	by := store.Actor{Name: "刘", Via: "cli"}
	batch, report, err := ingest.ReadRegister(p, "cases", ingest.Source{Name: "f.csv", Data: []byte(text)}, options)
	if err != nil {
		t.Fatal(err)
	}
	stream, said, err := ingest.StreamRegister(p, "cases", "f.csv", strings.NewReader(text), options)
	if errors.Is(err, ingest.ErrNotStreamed) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(said.Problems, report.Problems) || (stream == nil) != (batch == nil) {
		t.Fatalf("%v\n%v", said.Problems, report.Problems)
	}
	if stream == nil {
		return false
	}
	for i := range 2 {
		x, err := a.CreateBatch(t.Context(), batch, by)
		if err != nil {
			t.Fatal(err)
		}
		y, err := b.CreateStreamed(t.Context(), stream.Batch, stream.Records, by)
		if err != nil {
			t.Fatal(err)
		}
		if x.At = y.At; x != y || x.Duplicate != (i == 1) {
			t.Fatalf("%+v\n%+v", x, y)
		}
	}
	// Another file with a case that is live.
	again, _, err := ingest.StreamRegister(p, "cases", "g.csv", strings.NewReader(text+"Knew,S1,车险,,1,,2025-01-01,2025-01-01,,是,\n"), options)
	if err != nil {
		return true // the last line of the first file was not ended
	}
	if _, err := b.CreateStreamed(t.Context(), again.Batch, again.Records, by); !errors.Is(err, store.ErrNotStreamed) {
		t.Fatalf("live cases again: %v", err)
	}
	return true
}

// tables is all records and batches of a store, as a backup has them.
func tables(t *testing.T, url string) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := store.Backup(context.Background(), url, &out); err != nil {
		t.Fatal(err)
	}
	return relevant(t, out.Bytes())
}

// TestAFileThatChangesBetweenThePasses is not stored.
func TestAFileThatChangesBetweenThePasses(t *testing.T) {
	p, _ := pack(t, countingHead+shardedStatistics+countingTail, "2025H1")
	text := casesCSV(rand.New(rand.NewPCG(1, 12)), 150, false)
	file := &shifting{Reader: strings.NewReader(text), after: strings.Replace(text, "K7,", "K7000,", 1)}
	stream, report, err := ingest.StreamRegister(p, "cases", "f.csv", file, ingest.Options{})
	if err != nil || stream == nil {
		t.Fatal(report.Problems, err)
	}
	file.Reader = strings.NewReader(file.after)
	db := storetest.Open(t, "sqlite:"+t.TempDir()+"/a.db")
	if _, err := db.CreateStreamed(t.Context(), stream.Batch, stream.Records, store.Actor{Name: "刘", Via: "cli"}); !errors.Is(err, ingest.ErrChanged) {
		t.Errorf("%v", err)
	}
	if list, err := db.Batches(t.Context(), ""); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

type shifting struct {
	*strings.Reader
	after string
}

// relevant is what a backup says of registers and batches, the times left out.
func relevant(t *testing.T, file []byte) string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	table := ""
	for lines := bufio.NewScanner(zip); lines.Scan(); {
		line := lines.Text()
		if line[0] == '{' {
			var heading struct{ Table string }
			if err := json.Unmarshal([]byte(line), &heading); err != nil {
				t.Fatal(err)
			}
			table = heading.Table
		}
		switch table {
		case "batches":
			line = regexp.MustCompile(`"20\d\d-\d\d-\d\dT[^"]*"`).ReplaceAllString(line, "")
			fallthrough
		case "records", "coverage", "confirmations", "subjects":
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}
