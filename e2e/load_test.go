package e2e

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"kaoping/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// readers is how many people read at once, without a pause between pages.
const readers = 200

// readPages are what they read.
var readPages = []string{
	"/rank/cn-shanghai-complaint-handling/2025H1", "/rank/cn-shanghai-complaint-handling/2025H1?group=life",
	"/rank/us-ny-auto-complaint-ranking/2018", "/rank/cn-shanghai-complaint-handling/2025H1?q=jcx&lang=en",
	"/s/cn-shanghai-complaint-handling/2025H1/PA01", "/s/cn-shanghai-complaint-handling/2025H1/PF06",
	"/s/cn-shanghai-complaint-handling/2025H1/PB02?lang=en", "/s/us-ny-auto-complaint-ranking/2018/10052",
}

// TestReaders is make load: KAOPING_LOAD says for how many seconds. It measures
// the program and the readers on one machine.
func TestReaders(t *testing.T) {
	seconds, err := strconv.Atoi(os.Getenv("KAOPING_LOAD"))
	if err != nil || seconds < 1 {
		t.Skip("only with KAOPING_LOAD=seconds; make load runs it")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "kaoping")
	run(t, "go", "build", "-o", program, "kaoping/cmd/kaoping")
	for _, database := range []string{"SQLite", "PostgreSQL"} {
		t.Run(database, func(t *testing.T) {
			if database == "PostgreSQL" {
				t.Setenv("KAOPING_DATABASE_URL", pgtest.URL(t))
			}
			workspace := filepath.Join(dir, database)
			run(t, program, "demo", workspace)
			config := filepath.Join(workspace, "config.yaml")
			addTester(t, program, config)
			address := serve(t, program, config)
			client := loggedIn(t, address)
			times, failures := readFor(t.Context(), client, address, time.Duration(seconds)*time.Second)
			for _, f := range failures[:min(len(failures), 5)] {
				t.Error(f)
			}
			slices.Sort(times)
			at := func(share float64) time.Duration {
				return times[int(share*float64(len(times)-1))].Round(time.Millisecond)
			}
			fmt.Printf("%s: %d readers, %d s, %d pages, %d a second, %d failures; median %v, p99 %v, slowest %v\n",
				database, readers, seconds, len(times), len(times)/seconds, len(failures), at(0.5), at(0.99), at(1))
		})
	}
}

// loggedIn is a client for all readers, with the session of the administrator.
func loggedIn(t *testing.T, address string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: readers}, Timeout: time.Minute}
	answer, err := client.PostForm(address+"/login", url.Values{"name": {testerName}, "password": {testerPassword}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("login: %s", answer.Status)
	}
	return client
}

// readFor lets the readers read for a time and returns how long each page took.
func readFor(ctx context.Context, client *http.Client, address string, length time.Duration) (times []time.Duration, failures []error) {
	end := time.Now().Add(length)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range readers {
		all.Go(func() {
			for time.Now().Before(end) {
				began := time.Now()
				err := readPage(ctx, client, address+readPages[rand.IntN(len(readPages))])
				mu.Lock()
				times = append(times, time.Since(began))
				if err != nil {
					failures = append(failures, err)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return times, failures
}

func readPage(ctx context.Context, client *http.Client, address string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	if err == nil && (answer.StatusCode != http.StatusOK || n < 1000) {
		err = fmt.Errorf("%s: %s, %d bytes", address, answer.Status, n)
	}
	return err
}
