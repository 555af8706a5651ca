package feeds

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// bomb is a workbook of 300 kB that unpacks to 300 MiB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/workbook.xml")
	for block := strings.Repeat("<row/>", 10_000); err == nil && b.Len() < 300<<10; {
		_, err = io.WriteString(w, block)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A folder of files that were made to do harm, and a good one: the good one is
// loaded, the others go to the rejected with the reason beside them, in bounded
// time and memory.
func TestAFolderOfFaults(t *testing.T) {
	l, dir := testLoader(t), t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("bomb.xlsx", bomb(t))
	write("endless.csv", append([]byte("subject,premium\n"), bytes.Repeat([]byte("9"), 32<<20)...))
	var bad bytes.Buffer
	bad.WriteString("subject,premium\n")
	for i := range 300_000 {
		fmt.Fprintf(&bad, "S%d,abc\n", i)
	}
	write("bad.csv", bad.Bytes())
	write("good.csv", []byte("subject,premium\nA,1.5\n"))
	write("huge.csv", nil)
	if err := os.Truncate(filepath.Join(dir, "huge.csv"), 10<<30); err != nil { // sparse: it takes no room
		t.Fatal(err)
	}
	stop, ended, peak := make(chan struct{}), make(chan struct{}), uint64(0)
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
	}()
	began := time.Now()
	done, err := l.Load(t.Context(), watched(t, dir), engine.Period{}, store.Actor{Name: "x"})
	took := time.Since(began)
	close(stop)
	<-ended
	if err != nil {
		t.Fatal(err)
	}
	if took > time.Minute || peak > 300<<20 {
		t.Errorf("took %s and %d MiB", took, peak>>20)
	}
	said := map[string]string{}
	for _, d := range done {
		said[d.File] = d.Message().EN
		if !d.Refused() {
			said[d.File] = "loaded"
		}
		if d.Report != nil && len(d.Report.Problems) > 0 {
			said[d.File] += " " + d.Report.Problems[0].Code
		}
		if want := map[bool]string{true: "rejected", false: "archive"}[d.Refused()]; !strings.Contains(d.MovedTo, want) {
			t.Errorf("%s went to %q", d.File, d.MovedTo)
		}
	}
	for name, want := range map[string]string{
		"bomb.xlsx": "workbook-bomb", "endless.csv": "line-too-long", "bad.csv": "300000 rows are bad", "good.csv": "loaded", "huge.csv": "larger than 1 GiB",
	} {
		if !strings.Contains(said[name], want) {
			t.Errorf("%s: %q, want %q", name, said[name], want)
		}
	}
}

// A file that others write over and cut without a pause is read whole or not at all.
func TestAFileThatIsNeverAtRest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	long, short := bytes.Repeat([]byte("1,2\n"), 50_000), bytes.Repeat([]byte("3,4\n"), 20_000)
	if err := os.WriteFile(path, long, 0o600); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var writers sync.WaitGroup
	writers.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			switch i % 3 {
			case 0:
				os.Truncate(path, 12_345)
			case 1:
				os.WriteFile(path+".new", short, 0o600)
				os.Rename(path+".new", path)
			case 2:
				os.WriteFile(path+".new", long, 0o600)
				os.Rename(path+".new", path)
			}
			time.Sleep(time.Duration(i%5) * 100 * time.Microsecond)
		}
	})
	whole, refused := 0, 0
	for end := time.Now().Add(time.Second); time.Now().Before(end); {
		data, err := ReadFile(path, MaxBytes)
		switch {
		case err != nil:
			explains(t, err, "被改写或替换", "written or replaced")
			refused++
		case bytes.Equal(data, long), bytes.Equal(data, short), len(data) == 12_345 && bytes.HasPrefix(long, data):
			whole++ // the last was cut before it was opened and stayed so
		default:
			t.Fatalf("%d bytes of a mixture", len(data))
		}
	}
	close(stop)
	writers.Wait()
	if whole == 0 || refused == 0 {
		t.Errorf("%d read, %d refused: the race did not happen", whole, refused)
	}
}

// A pipe that nobody writes to must not keep a schedule waiting.
func TestASourceThatIsAPipeIsNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_, err := Fetch(t.Context(), compiled(t, Config{Source: "s", Target: "f", Kind: File, Path: path}), engine.Period{})
	explains(t, err, "不是普通文件", "no regular file")
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("took %s", d)
	}
}

// The same file loaded at once by two programs is one batch, on both databases.
func TestTheSameFileTwiceAtOnce(t *testing.T) {
	for name, url := range map[string]string{"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "a.db"), "postgres": pgtest.URL(t)} {
		t.Run(name, func(t *testing.T) { twiceAtOnce(t, url) })
	}
}

func twiceAtOnce(t *testing.T, url string) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("subject,premium\nA,1.5\nB,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := compiled(t, Config{Source: "s", Target: "f", Kind: File, Path: path, Period: "2025H1"})
	first, second := testLoader(t), testLoader(t)
	first.DB, second.DB = storetest.Open(t, url), storetest.Open(t, url)
	var together sync.WaitGroup
	results := make([]Loaded, 2)
	for i, l := range []*Loader{first, second} {
		together.Go(func() {
			done, err := l.Load(t.Context(), s, engine.Period{}, store.Actor{Name: "x"})
			if err != nil || len(done) != 1 {
				t.Errorf("%v, %v", done, err)
				return
			}
			results[i] = done[0]
		})
	}
	together.Wait()
	if results[0].Batch.ID != results[1].Batch.ID || results[0].Batch.Duplicate == results[1].Batch.Duplicate {
		t.Errorf("%+v\n%+v", results[0].Batch, results[1].Batch)
	}
}
