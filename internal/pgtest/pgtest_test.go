package pgtest_test

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/internal/pgtest"
)

// asChild makes this binary start a server, say where, and wait to be killed.
const asChild = "PGTEST_CHILD"

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestEachDatabaseIsEmptyAndItsOwn(t *testing.T) {
	first, second := pgtest.URL(t), pgtest.URL(t)
	if first == second {
		t.Fatalf("both are %s", first)
	}
	for _, url := range []string{first, second} {
		db, err := sql.Open("postgres", url)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.Exec("CREATE TABLE t (a int)"); err != nil {
			t.Error(err)
		}
	}
}

func TestServerDiesWithAKilledTestBinary(t *testing.T) {
	if os.Getenv(asChild) != "" {
		url := pgtest.URL(t)
		_, folder, _ := strings.Cut(url, "host=")
		folder, _, _ = strings.Cut(strings.ReplaceAll(folder, "%2F", "/"), "&")
		if err := os.WriteFile(os.Getenv(asChild), []byte(folder), 0o644); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	pgtest.URL(t) // skips if there is no server to start
	told := filepath.Join(t.TempDir(), "folder")
	child := exec.Command(os.Args[0], "-test.run=^TestServerDiesWithAKilledTestBinary$")
	child.Env = append(os.Environ(), asChild+"="+told)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	folder := ""
	await(t, "the child's server", func() bool {
		content, err := os.ReadFile(told)
		folder = string(content)
		return err == nil && folder != ""
	})
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait() // killed
	await(t, "the end of "+folder, func() bool {
		_, err := os.Stat(folder)
		return os.IsNotExist(err)
	})
}

func await(t *testing.T, what string, there func() bool) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); !there(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestAServerStopsAndStartsAgain(t *testing.T) {
	s := pgtest.Start(t)
	url := s.URL(t)
	s.Stop()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if db.Ping() == nil {
		t.Error("a stopped server answers")
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(); err != nil {
		t.Error(err)
	}
}
