package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/internal/storetest"
	"kaoping/store"
)

func TestAKilledRestoreLeavesTheTargetEmpty(t *testing.T) {
	if url := os.Getenv(childStore); url != "" {
		file, err := os.Open(os.Getenv("KAOPING_TEST_BACKUP"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("ready")
		if _, err := store.Restore(context.Background(), url, file, tester); err != nil {
			t.Fatal(err)
		}
		fmt.Println("done")
		select {}
	}
	source := "sqlite:" + filepath.Join(t.TempDir(), "source.db")
	mustLoad(t, storetest.Open(t, source), complaints("a.csv", killedRows))
	file := filepath.Join(t.TempDir(), "a.backup")
	if err := os.WriteFile(file, backup(t, source), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KAOPING_TEST_BACKUP", file)
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			url, told := kind.fresh(t), 0
			for _, delay := range []time.Duration{20, 100, 250} {
				cmd, said := childOf(t, "TestAKilledRestoreLeavesTheTargetEmpty", url)
				time.Sleep(delay * time.Millisecond)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				rest, _ := said.ReadString('\n') // the end of the pipe, or that it was done
				cmd.Wait()                       // it was killed
				db := storetest.Open(t, url)
				left, err := db.Unfinished(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				told += len(left)
				for _, o := range left {
					if o.Action != "restore" || !strings.Contains(o.Text.ZH, "没有恢复任何内容") || !strings.Contains(o.Text.EN, "nothing was restored") {
						t.Errorf("%+v", o)
					}
				}
				batches, err := db.Batches(t.Context(), "")
				if err != nil {
					t.Fatal(err)
				}
				if len(batches) == 1 {
					if n := countRecords(t, db); n != killedRows {
						t.Errorf("%d records", n)
					}
					url = kind.fresh(t) // it was faster than the kill
					break
				}
				if rest == "done\n" {
					t.Fatal("what was reported as restored is gone")
				}
			}
			if told == 0 {
				t.Error("no restore was cut off in the middle")
			}
			if _, err := store.Restore(t.Context(), url, bytes.NewReader(backup(t, source)), tester); err != nil {
				t.Fatal(err)
			}
		})
	}
}
