package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kaoping/engine"
	"kaoping/internal/storetest"
	"kaoping/store"
)

// A test that runs as a child of itself finds the store's URL in this variable.
const childStore = "KAOPING_TEST_CHILD_STORE"

// child starts this test again in another process and returns once it has said
// that it is ready.
func child(t *testing.T, url string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	return childOf(t, t.Name(), url)
}

// childOf starts the test of that name.
func childOf(t *testing.T, name, url string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+name+"$")
	cmd.Env = append(os.Environ(), childStore+"="+url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(out)
	if line, err := said.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	return cmd, said
}

const killedRows = 20_000

func TestAKilledLoadLeavesTheOldOrTheNewState(t *testing.T) {
	if url := os.Getenv(childStore); url != "" {
		db, err := store.Open(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("ready")
		mustLoad(t, db, complaints("b.csv", killedRows))
		fmt.Println("done")
		select {}
	}
	url := "sqlite:" + filepath.Join(t.TempDir(), "k.db")
	db := storetest.Open(t, url)
	mustLoad(t, db, complaints("a.csv", 100))
	cutOff := 0
	for _, delay := range []time.Duration{0, 5, 15, 30, 60, 100, 150, 220, 300, 400} {
		cmd, said := child(t, url)
		time.Sleep(delay * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		rest, _ := said.ReadString('\n') // the end of the pipe, or that it was done
		cmd.Wait()                       // it was killed
		stored, told := checkAfterKill(t, url, rest == "done\n")
		cutOff += told
		if stored {
			break
		}
	}
	if cutOff == 0 {
		t.Error("no load was cut off in the middle")
	}
	mustLoad(t, db, complaints("b.csv", killedRows))
	if n := countRecords(t, db); n != 100+killedRows {
		t.Errorf("%d records at the end", n)
	}
}

// checkAfterKill opens the store as the next process would, and returns whether
// the load is there and how many loads were said to be unfinished.
func checkAfterKill(t *testing.T, url string, done bool) (stored bool, told int) {
	t.Helper()
	db := storetest.Open(t, url)
	left, err := db.Unfinished(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	switch n := countRecords(t, db); n {
	case 100:
	case 100 + killedRows:
		stored = true
	default:
		t.Fatalf("%d records: neither the old state nor the new one", n)
	}
	if done && !stored {
		t.Error("what was reported as stored is gone")
	}
	if stored && len(left) > 0 || len(left) > 1 {
		t.Errorf("stored: %t, said to be unfinished: %+v", stored, left)
	}
	for _, o := range left {
		text := o.Text
		if o.Action != "load" || o.Object != "b.csv" || !strings.Contains(text.ZH, "b.csv") || !strings.Contains(text.EN, "nothing of it was stored") {
			t.Errorf("%+v", o)
		}
	}
	again := storetest.Open(t, url)
	if twice, err := again.Unfinished(t.Context()); err != nil || len(twice) != 0 {
		t.Errorf("told twice: %+v, %v", twice, err)
	}
	entries, err := again.Audit(t.Context(), store.AuditQuery{Object: "b.csv", Limit: 1})
	if err != nil || len(left) > 0 && (len(entries) == 0 || entries[0].Action != "abandoned") {
		t.Errorf("audit: %+v, %v", entries, err)
	}
	return stored, len(left)
}

func TestALoadThatRunsIsNotTakenForUnfinished(t *testing.T) {
	if url := os.Getenv(childStore); url != "" {
		db, err := store.Open(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("ready")
		for i := 0; ; i++ {
			mustLoad(t, db, complaints(fmt.Sprint(i), 2000))
		}
	}
	url := "sqlite:" + filepath.Join(t.TempDir(), "k.db")
	storetest.Open(t, url)
	cmd, _ := child(t, url)
	for range 10 {
		db, err := store.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if left, err := db.Unfinished(t.Context()); err != nil || len(left) != 0 {
			t.Errorf("said to be unfinished: %+v, %v", left, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // it was killed
}

func TestALimitOnFileSizesIsAFullDisk(t *testing.T) {
	if url := os.Getenv(childStore); url != "" {
		fmt.Println("ready")
		fmt.Println(loadUnderLimit(url))
		os.Exit(0)
	}
	url := "sqlite:" + filepath.Join(t.TempDir(), "limit.db")
	cmd, said := child(t, url)
	line, err := said.ReadString('\n')
	if err != nil || line != "full\n" {
		t.Errorf("the child said %q, %v", line, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if n := countRecords(t, storetest.Open(t, url)); n != 100 {
		t.Errorf("%d records", n)
	}
}

// loadUnderLimit loads a small file, then a large one under a limit of 1 MiB for
// each file of the process.
func loadUnderLimit(url string) string {
	ctx := context.Background()
	db, err := store.Open(ctx, url)
	if err != nil {
		return err.Error()
	}
	if _, err := db.CreateBatch(ctx, complaints("a", 100), tester); err != nil {
		return err.Error()
	}
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err.Error()
	}
	_, err = db.CreateBatch(ctx, complaints("b", 50_000), tester)
	var problem *store.Problem
	if errors.As(err, &problem) && errors.Is(err, store.ErrFull) && problem.Text != (engine.Text{}) {
		return "full"
	}
	return fmt.Sprint(err)
}
