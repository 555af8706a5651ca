//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/store"
)

// TestAKilledRunIsThereWholeOrNotAtAll kills runs at many moments. Afterwards
// every stored run can be read and is what its digest says, and the next run works.
func TestAKilledRunIsThereWholeOrNotAtAll(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	demo, err := demoWorkspace()
	if err != nil {
		t.Fatal(err)
	}
	ws := filepath.Join(t.TempDir(), "ws")
	if err := os.CopyFS(ws, os.DirFS(demo)); err != nil {
		t.Fatal(err)
	}
	kaoping := func(args ...string) *exec.Cmd {
		return exec.Command("kaoping", append([]string{"--config", filepath.Join(ws, "config.yaml")}, args...)...)
	}
	if out, err := kaoping("batch", "undo", "B-000004").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	scoring := []string{"run", "--pack", "cn-shanghai-complaint-handling", "--period", "2025H1"}
	stored, cut := 1, 0
	for delay := 20 * time.Millisecond; stored == 1 && delay < 10*time.Second; delay += delay/8 + time.Millisecond {
		cmd := kaoping(scoring...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(delay)
		cmd.Process.Kill() // it may have ended
		if cmd.Wait() != nil {
			cut++
		}
		stored = wholeRuns(t, ws)
	}
	if cut == 0 {
		t.Error("no run was cut off")
	}
	if out, err := kaoping(scoring...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if n := wholeRuns(t, ws); n != 2 {
		t.Errorf("%d revisions, want the old one and the new one", n)
	}
}

// TestAnInterruptedLoadSaysSo sends Ctrl-C in the middle of a load.
func TestAnInterruptedLoadSaysSo(t *testing.T) {
	if testing.Short() {
		t.Skip("loads a large file")
	}
	dir := t.TempDir()
	ws, big := filepath.Join(dir, "ws"), filepath.Join(dir, "big.csv")
	a := &app{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard}
	if err := a.makeWorkspace(ws); err != nil {
		t.Fatal(err)
	}
	if err := writeCases(big, 100_000); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(ws, "config.yaml")
	roster := filepath.Join(ws, "packs", "cn-shanghai-complaint-handling", "data", "机构.csv")
	out, err := exec.Command("kaoping", "--config", config, "ingest", "subjects", roster, "--pack", "cn-shanghai-complaint-handling").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var said strings.Builder
	cmd := exec.Command("kaoping", "--lang", "en", "--config", config, "ingest", "投诉案件", big)
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := begun(filepath.Join(ws, "kaoping.db")); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(said.String(), "interrupted; nothing half done was kept") {
		t.Errorf("exit code %d: %s", code, said.String())
	}
}

// wholeRuns reads every stored run of the period and returns how many there are.
func wholeRuns(t *testing.T, ws string) int {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(ws, "kaoping.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	period, err := engine.ParsePeriod("2025H1")
	if err != nil {
		t.Fatal(err)
	}
	runs, err := db.Runs(t.Context(), "cn-shanghai-complaint-handling", period)
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range runs {
		_, result, err := db.FindRun(t.Context(), run.Pack, period, run.Revision)
		if err != nil {
			t.Fatal(err)
		}
		if result.Digest() != run.Digest || len(result.Scorecards) == 0 {
			t.Errorf("run %s is not what was stored", run.ID)
		}
	}
	return len(runs)
}
