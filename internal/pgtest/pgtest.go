// Package pgtest starts a temporary PostgreSQL server for tests, from whatever
// binaries are installed, as a user that is not root.
//
// The server belongs to the test binary: it is stopped and its folder removed
// when the binary ends, in whatever way it ends.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver that asks whether the server answers
)

// Required names the environment variable that, set to 1, makes absent binaries
// a failure instead of a reason to skip.
const Required = "KAOPING_REQUIRE_POSTGRES"

var shared struct {
	once   sync.Once
	server *Server
	err    error
}

// Main runs the tests of a package and stops the shared server before it exits.
// A TestMain that does not call it leaves that to the end of the process.
func Main(m *testing.M) {
	code := m.Run()
	if shared.server != nil {
		shared.server.Stop()
		os.RemoveAll(shared.server.dir)
	}
	os.Exit(code)
}

// URL makes an empty database on the shared server and returns its address. The
// test is skipped if PostgreSQL is not installed.
func URL(t testing.TB) string {
	t.Helper()
	bin := need(t)
	shared.once.Do(func() { shared.server, shared.err = start(bin) })
	if shared.err != nil {
		t.Fatalf("start PostgreSQL: %v", shared.err)
	}
	return shared.server.URL(t)
}

// Start starts a server of the test's own, for tests that stop it.
func Start(t testing.TB) *Server {
	t.Helper()
	s, err := start(need(t))
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(s.Remove)
	return s
}

// need returns the folder of the binaries, or ends the test.
func need(t testing.TB) string {
	t.Helper()
	if bin, ok := binaries(); ok {
		return bin
	}
	const message = "PostgreSQL is not installed (no initdb in /usr/lib/postgresql/*/bin or PATH)"
	if os.Getenv(Required) == "1" {
		t.Fatal(message + ", and " + Required + "=1 demands it")
	}
	t.Skip(message + "; this is tested on SQLite only")
	return ""
}

func binaries() (string, bool) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
	if len(found) > 0 {
		return filepath.Dir(slices.Max(found)), true
	}
	path, err := exec.LookPath("initdb")
	return filepath.Dir(path), err == nil
}

// Server is a running server with a folder of its own. It listens on a Unix
// socket in that folder only.
type Server struct {
	bin, dir string
	stop     func()
	made     atomic.Int32 // databases
}

func start(bin string) (*Server, error) {
	dir, err := temporaryFolder()
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir}
	if err = s.create(); err == nil {
		err = s.Start()
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	return s, nil
}

// longestSocket is what fits into the address of a Unix socket.
const longestSocket = 100

func temporaryFolder() (string, error) {
	dir, err := os.MkdirTemp("", "kaoping-pg-")
	if err == nil && len(dir) > longestSocket-len("/.s.PGSQL.5432") {
		os.Remove(dir)
		dir, err = os.MkdirTemp("/tmp", "kaoping-pg-")
	}
	if err != nil {
		return "", err
	}
	return dir, giveAway(dir)
}

func (s *Server) create() error {
	cmd := exec.Command(filepath.Join(s.bin, "initdb"), "-D", filepath.Join(s.dir, "data"),
		"-U", "kaoping", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
	cmd.Dir = s.dir
	if err := asOrdinaryUser(cmd); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// Start starts the server and waits until it answers; it may have been stopped
// before.
func (s *Server) Start() error {
	stop, err := s.launch()
	if err != nil {
		return err
	}
	s.stop = stop
	if err := s.awaitAnswer(); err != nil {
		s.Stop()
		return err
	}
	return nil
}

// Stop stops the server at once, as a crash would, and waits for its end.
func (s *Server) Stop() {
	if s.stop != nil {
		s.stop()
		s.stop = nil
	}
}

// Remove stops the server and removes its folder; afterwards it is of no use.
func (s *Server) Remove() {
	s.Stop()
	os.RemoveAll(s.dir)
}

// awaitAnswer asks until the server answers: a socket that is open is not yet a
// server that is ready.
func (s *Server) awaitAnswer() error {
	db, err := sql.Open("postgres", s.address("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			log, _ := os.ReadFile(s.logFile())
			return fmt.Errorf("the server does not answer: %w\n%s", err, log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// URL makes an empty database and returns its address.
func (s *Server) URL(t testing.TB) string {
	t.Helper()
	db, err := sql.Open("postgres", s.address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	name := fmt.Sprintf("test%d", s.made.Add(1))
	if _, err := db.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return s.address(name)
}

func (s *Server) address(database string) string {
	return fmt.Sprintf("postgres://kaoping@/%s?host=%s&sslmode=disable", database, url.QueryEscape(s.dir))
}

func (s *Server) logFile() string { return filepath.Join(s.dir, "log") }
