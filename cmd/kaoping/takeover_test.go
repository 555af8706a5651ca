//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/pgtest"
	"kaoping/store"
)

const shanghaiPack = "cn-shanghai-complaint-handling"

// takeoverPeriods are the periods that the jobs of the test score, one each.
var takeoverPeriods = []string{"2023H1", "2023", "2024H1", "2024", "2025H1"}

// TestAKilledSchedulerIsTakenOver lets two processes of kaoping serve share the
// jobs of one store, and kills the one that performs a job in the middle of it,
// again and again. Every period is scored once, whole, by whoever was left.
func TestAKilledSchedulerIsTakenOver(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several processes")
	}
	t.Run("SQLite", func(t *testing.T) { takeover(t, "") })
	t.Run("PostgreSQL", func(t *testing.T) { takeover(t, pgtest.Start(t).URL(t)) })
}

func takeover(t *testing.T, url string) {
	w := newTakeover(t, url)
	a, b := w.serve(t), w.serve(t)
	kills := 0
	for until := time.Now().Add(time.Minute); !w.finished(t); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("not done: %+v", w.runs(t))
		}
		holder := w.holder(t)
		for _, p := range []**exec.Cmd{&a, &b} {
			if kills == 3 || (*p).Process.Pid != holder {
				continue
			}
			time.Sleep(time.Duration(kills) * 60 * time.Millisecond) // another moment each time
			if err := (*p).Process.Kill(); err != nil {
				t.Fatal(err)
			}
			(*p).Wait()
			kills++
			*p = w.serve(t)
		}
	}
	w.check(t)
	for _, p := range []*exec.Cmd{a, b} {
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		// The one that was started last may still have been opening the store.
		if err := p.Wait(); err != nil && p.ProcessState.ExitCode() != exitInterrupted {
			t.Errorf("serve ends with %v\n%s", err, p.Stderr)
		}
	}
	w.check(t)
}

// shared is a workspace whose jobs are due, and a look into its store.
type shared struct {
	config, url string
	db          *store.DB
}

func newTakeover(t *testing.T, url string) *shared {
	t.Helper()
	ws := filepath.Join(t.TempDir(), "ws")
	a := &app{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}
	if err := a.makeWorkspace(ws); err != nil {
		t.Fatal(err)
	}
	w := &shared{config: filepath.Join(ws, "config.yaml"), url: url}
	if w.url == "" {
		w.url = "sqlite:" + filepath.Join(ws, "kaoping.db")
	}
	data := filepath.Join(ws, "packs", shanghaiPack, "data")
	for _, load := range []string{"subjects 机构", "业务统计 业务统计", "投诉案件 投诉案件", "日常工作记录 日常工作记录", "舆情监测 舆情监测", "调解案件 调解案件", "judgements 定性评分"} {
		target, file, _ := strings.Cut(load, " ")
		if out, err := w.kaoping("ingest", target, filepath.Join(data, file+".csv"), "--pack", shanghaiPack).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	w.makeDue(t)
	return w
}

// makeDue writes the jobs and lets the store know them since yesterday.
func (w *shared) makeDue(t *testing.T) {
	t.Helper()
	f, err := os.OpenFile(w.config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	fmt.Fprintln(f, "jobs:")
	for _, p := range takeoverPeriods {
		fmt.Fprintf(f, "  - {job: 考评 %s, kind: run, cron: 0 3 * * *, pack: %s, period: \"%s\"}\n", p, shanghaiPack, p)
		names = append(names, "考评 "+p)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if w.db, err = store.Open(t.Context(), w.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.db.Close() })
	if err := w.db.KnowJobs(t.Context(), names, time.Now().AddDate(0, 0, -2)); err != nil {
		t.Fatal(err)
	}
}

func (w *shared) kaoping(args ...string) *exec.Cmd {
	cmd := exec.Command("kaoping", append([]string{"--config", w.config}, args...)...)
	cmd.Env = append(os.Environ(), "KAOPING_DATABASE_URL="+w.url)
	return cmd
}

func (w *shared) serve(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := w.kaoping("serve", "--listen", "127.0.0.1:0")
	cmd.Stderr = new(bytes.Buffer)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() }) // it may have ended
	return cmd
}

func (w *shared) runs(t *testing.T) []store.JobRun {
	t.Helper()
	runs, err := w.db.JobRuns(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func (w *shared) finished(t *testing.T) bool {
	done := 0
	for _, r := range w.runs(t) {
		if r.State == store.JobDone {
			done++
		}
	}
	return done == len(takeoverPeriods)
}

// holder is the process that is in the middle of a job; 0 if nobody is.
func (w *shared) holder(t *testing.T) int {
	for _, r := range w.runs(t) {
		if r.State == store.JobRunning {
			return r.PID
		}
	}
	return 0
}

// check finds one whole run of each period, and that somebody was taken over.
func (w *shared) check(t *testing.T) {
	t.Helper()
	again := false
	for _, r := range w.runs(t) {
		again = again || r.Attempt > 1
		if r.State != store.JobDone || !r.Late {
			t.Errorf("%+v", r)
		}
	}
	if !again {
		t.Error("nobody was taken over")
	}
	w.wholeOnce(t)
}

// wholeOnce finds one run of each period, as it was computed.
func (w *shared) wholeOnce(t *testing.T) {
	t.Helper()
	for _, text := range takeoverPeriods {
		p, err := engine.ParsePeriod(text)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := w.db.Runs(t.Context(), shanghaiPack, p)
		if err != nil || len(stored) != 1 {
			t.Errorf("%s: %d runs, %v", text, len(stored), err)
			continue
		}
		// Reading it compares it with its digest.
		if _, result, err := w.db.FindRun(t.Context(), shanghaiPack, p, 1); err != nil || len(result.Scorecards) == 0 {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestAKilledBackfillGoesOn kills a backfill in the middle of its third period.
// The same command does the rest, and no period twice.
func TestAKilledBackfillGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("starts several processes")
	}
	w := newTakeover(t, "")
	backfill := func() *exec.Cmd {
		return w.kaoping("backfill", "--pack", shanghaiPack, "--from", takeoverPeriods[0], "--to", takeoverPeriods[len(takeoverPeriods)-1])
	}
	cmd := backfill()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(time.Minute); len(w.runs(t)) < 3 && time.Now().Before(until); {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if out, err := backfill().CombinedOutput(); err != nil || !strings.Contains(string(out), "[5/5] 2025H1") {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, r := range w.runs(t) {
		if r.Period.String() == takeoverPeriods[0] && r.Attempt != 1 || r.State != store.JobDone {
			t.Errorf("%+v", r)
		}
	}
	w.wholeOnce(t)
}
