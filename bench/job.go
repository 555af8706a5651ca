package bench

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// asJob makes this binary do one measurement and end.
const asJob = "KAOPING_BENCH_JOB"

// job is one measurement, done in a process of its own.
type job struct {
	Name  string
	Files []string
	URL   string // of a store
	// GOMAXPROCS; 0 leaves it.
	Procs int
}

// measured is what a job found.
type measured struct {
	Seconds map[string]float64 // by step
	PeakMiB int                // most memory the process had, resident
	Counts  string             // digest of what was counted; equal for all that counted the same
	Error   string
}

func (m *measured) step(name string, f func() error) error {
	start := time.Now()
	err := f()
	m.Seconds[name] = time.Since(start).Seconds()
	return err
}

func (m *measured) counted(c *counts) {
	sum := sha256.Sum256([]byte(c.String()))
	m.Counts = hex.EncodeToString(sum[:8])
}

// run does the job in a process of its own.
func (j job) run(ctx context.Context) (measured, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return measured{}, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), asJob+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var m measured
	if err == nil {
		err = json.Unmarshal(out, &m)
	}
	if err == nil && m.Error != "" {
		err = errors.New(m.Error)
	}
	if err != nil {
		return m, fmt.Errorf("%s: %w", j.Name, err)
	}
	return m, nil
}

// perform does the job that the environment names and prints what it found.
func perform(text string) {
	var j job
	m := measured{Seconds: map[string]float64{}}
	err := json.Unmarshal([]byte(text), &j)
	if err == nil {
		if j.Procs > 0 {
			runtime.GOMAXPROCS(j.Procs)
		}
		err = jobs[j.Name](j, &m)
	}
	if err != nil {
		m.Error = err.Error()
	}
	m.PeakMiB = peakMiB()
	if err := json.NewEncoder(os.Stdout).Encode(m); err != nil {
		panic(err)
	}
}

// peakMiB is the most memory this process has had; 0 where the system does not say.
func peakMiB() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	var kib int
	fmt.Sscan(rest, &kib) // 0 if it is not there
	return kib / 1024
}

var jobs = map[string]func(j job, m *measured) error{
	"hand scan":          func(j job, m *measured) error { return m.scan(j, handOf(false)) },
	"hand scan distinct": func(j job, m *measured) error { return m.scan(j, handOf(true)) },
	"kaoping scan":       func(j job, m *measured) error { return m.scan(j, productOf(true)) },
	"kaoping distinct":   func(j job, m *measured) error { return m.scan(j, productOf(false)) },
	"DuckDB scan":        func(j job, m *measured) error { return m.scan(j, duckScan) },
	"prepare":            prepareJob,
	"driver store":       driverJob,
	"kaoping store":      productJob,
	"undo":               undoJob,
}

func handOf(distinct bool) func(string) (*counts, error) {
	return func(path string) (*counts, error) { return handScan(path, distinct) }
}

func productOf(oneRowPerKey bool) func(string) (*counts, error) {
	return func(path string) (*counts, error) { return productFile(path, oneRowPerKey) }
}

func (m *measured) scan(j job, scan func(path string) (*counts, error)) error {
	return m.step("scan", func() error {
		c, err := scan(j.Files[0])
		if err == nil {
			m.counted(c)
		}
		return err
	})
}

// prepareJob makes a store with the roster.
func prepareJob(j job, _ *measured) error {
	db, err := productOpen(j.URL)
	if err != nil {
		return err
	}
	return db.Close()
}

// driverJob loads the file into a store's table and counts.
func driverJob(j job, m *measured) error {
	driver, dsn := "postgres", j.URL
	if path, ok := strings.CutPrefix(j.URL, "sqlite:"); ok {
		driver, dsn = "sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(WAL)"
	}
	if err := m.step("load", func() error { return driverLoad(driver, dsn, j.Files[0]) }); err != nil {
		return err
	}
	return m.step("count", func() error {
		c, err := driverGroup(driver, dsn)
		if err == nil {
			m.counted(c)
		}
		return err
	})
}

// productJob loads the files as the program does and lets it count.
func productJob(j job, m *measured) error {
	db, err := store.Open(context.Background(), j.URL)
	if err != nil {
		return err
	}
	defer db.Close()
	p, period, err := method()
	if err != nil {
		return err
	}
	if err := m.step("load", func() error {
		for _, file := range j.Files {
			if _, err := productLoad(db, p, file); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return m.count(db, p, period)
}

func (m *measured) count(db *store.DB, p *engine.Pack, period engine.Period) error {
	return m.step("count", func() error {
		c, err := productCount(db, p, period)
		if err == nil {
			m.counted(c)
		}
		return err
	})
}

// undoJob undoes the batch that came from the file, loads it again, and looks
// whether any other row was written to.
func undoJob(j job, m *measured) error {
	db, err := store.Open(context.Background(), j.URL)
	if err != nil {
		return err
	}
	defer db.Close()
	p, period, err := method()
	if err != nil {
		return err
	}
	list, err := db.Batches(context.Background(), "bench")
	if err != nil {
		return err
	}
	middle := list[1+len(list)/2] // the first is the roster
	before, err := untouched(j.URL, middle.ID)
	if err != nil {
		return err
	}
	if err := m.step("undo", func() error { return db.UndoBatch(context.Background(), middle.ID, somebody, "bench") }); err != nil {
		return err
	}
	var again store.BatchInfo
	if err := m.step("load", func() error {
		again, err = productLoad(db, p, j.Files[len(list)/2])
		return err
	}); err != nil {
		return err
	}
	after, err := untouched(j.URL, again.ID)
	if err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("undoing %s and loading it again touched other rows: %s, then %s", middle.ID, before, after)
	}
	return m.count(db, p, period)
}

// untouched describes the rows of all live batches but one: how many there are,
// and on PostgreSQL where they are kept and who wrote them last.
func untouched(url, batch string) (string, error) {
	driver, dsn, place := "postgres", url, "xmin::text || ctid::text"
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		driver, dsn, place = "sqlite", "file:"+path, "fields"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return "", err
	}
	defer db.Close()
	rows, err := db.Query("SELECT batch, count(*), min("+place+"), max("+place+") FROM records WHERE batch IN (SELECT batch FROM batches WHERE undone_at = '') AND batch <> cast($1 AS integer) GROUP BY batch ORDER BY batch", strings.TrimPrefix(batch, "B-"))
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var b, n int64
		var first, last string
		if err := rows.Scan(&b, &n, &first, &last); err != nil {
			return "", err
		}
		fmt.Fprintln(&all, b, n, first, last)
	}
	return all.String(), rows.Err()
}
