package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kaoping/engine"
	"kaoping/store"
)

// appendFile puts a file behind another one: append TO FROM.
func appendFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+ts.ReadFile(args[1])), 0o644))
}

// knownSince makes a store know jobs since a day, as if the program had run then
// and been down ever since: knownsince DATABASE DAY JOB….
func knownSince(ts *testscript.TestScript, _ bool, args []string) {
	day, err := time.Parse(time.DateOnly, args[1])
	ts.Check(err)
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	ts.Check(db.KnowJobs(ctx, args[2:], day))
}

// TestNotices makes up for a run and a load that fails: the webhook hears of each
// once, however often the jobs run afterwards, and the audit trail has it.
func TestNotices(t *testing.T) {
	demo, err := demoWorkspace()
	if err != nil {
		t.Fatal(err)
	}
	ws := filepath.Join(t.TempDir(), "ws")
	if err := os.CopyFS(ws, os.DirFS(demo)); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var heard []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var message struct{ Event, Subject string }
		if err := json.NewDecoder(r.Body).Decode(&message); err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, message.Event+": "+message.Subject)
	}))
	defer server.Close()
	config := filepath.Join(ws, "config.yaml")
	f, err := os.OpenFile(config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `
jobs:
  - {job: 载入, kind: ingest, cron: 0 1 * * *, pack: cn-shanghai-complaint-handling, target: 业务统计, file: nowhere.csv}
  - {job: 考评, kind: run, cron: 0 1 * * *, pack: cn-shanghai-complaint-handling, period: 2024H1}
  - {job: 通知, kind: notify, cron: 0 2 * * *, pack: cn-shanghai-complaint-handling, to: [webhook], after: [考评], events: [result, failure, late]}
`)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(ws, "kaoping.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.KnowJobs(t.Context(), []string{"载入", "考评"}, time.Now().AddDate(0, 0, -2)); err != nil {
		t.Fatal(err)
	}
	before, err := db.Runs(t.Context(), "", engine.Period{})
	if err != nil {
		t.Fatal(err)
	}
	// What was there before the job is not told of.
	if err := db.KnowJobs(t.Context(), []string{"通知"}, before[len(before)-1].MadeAt); err != nil {
		t.Fatal(err)
	}
	kaoping := func(args ...string) string {
		cmd := exec.Command("kaoping", append([]string{"--config", config}, args...)...)
		cmd.Env = append(os.Environ(), "KAOPING_WEBHOOK_URL="+server.URL)
		out, err := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitData {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	kaoping("schedule", "run") // the demonstration has a run of 2024H1: the same result makes no new one
	// Without the business figures the next run has another result.
	if err := db.UndoBatch(t.Context(), "B-000003", store.Actor{Name: "tester", Via: "cli"}, "test"); err != nil {
		t.Fatal(err)
	}
	kaoping("schedule", "run", "考评")
	kaoping("schedule", "run", "通知")
	kaoping("schedule", "run", "通知")
	kaoping("notify", "send")
	list := kaoping("notify", "list")
	slices.Sort(heard)
	want := []string{"failure", "late", "run"}
	if len(heard) != len(want) || strings.Count(list, "已发") != len(want) {
		t.Fatalf("%s\n%s", strings.Join(heard, "\n"), list)
	}
	for i := range want {
		if !strings.HasPrefix(heard[i], want[i]+" ") {
			t.Errorf("%s", strings.Join(heard, "\n"))
		}
	}
	if trail, err := db.Audit(t.Context(), store.AuditQuery{Object: "M-000001"}); err != nil || len(trail) != 2 || trail[0].Action != "sent" || trail[1].Action != "notify" {
		t.Errorf("%+v, %v", trail, err)
	}
	if out := kaoping("notify", "test", "webhook"); !strings.Contains(out, "已发给 webhook") || len(heard) != 4 {
		t.Errorf("%s", out)
	}
}
