package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// required names the environment variable that, set to 1, makes an absent browser
// a failure instead of a reason to skip.
const required = "KAOPING_REQUIRE_BROWSER"

// tools are the programs that the tests need.
type tools struct{ node, chromium string }

// findTools looks for what the tests need and says what is missing.
func findTools() (tools, string) {
	var t tools
	var missing []string
	if path, err := exec.LookPath("node"); err == nil {
		t.node = path
	} else {
		missing = append(missing, "node")
	}
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && t.chromium == "" {
			t.chromium = path
		}
	}
	if t.chromium == "" {
		missing = append(missing, "chromium")
	}
	for _, name := range []string{"playwright-core", "axe-core"} {
		if _, err := os.Stat(filepath.Join("node_modules", name)); err != nil {
			missing = append(missing, name+" (npm ci in e2e/)")
		}
	}
	return t, strings.Join(missing, ", ")
}

func TestInTheBrowser(t *testing.T) {
	found, missing := findTools()
	switch {
	case missing != "" && os.Getenv(required) == "1":
		t.Fatalf("missing: %s; %s=1 asks for them", missing, required)
	case missing != "":
		t.Skipf("missing: %s; see e2e/README.md", missing)
	case testing.Short():
		t.Skip("-short: the browser is left out")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "kaoping")
	run(t, "go", "build", "-o", program, "kaoping/cmd/kaoping")
	workspace := filepath.Join(dir, "demo")
	run(t, program, "demo", workspace)
	config := filepath.Join(workspace, "config.yaml")
	addTester(t, program, config)
	address := serve(t, program, config)
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute)
	defer cancel()
	files, err := filepath.Glob("*.test.mjs")
	if err != nil || len(files) == 0 {
		t.Fatal("no *.test.mjs", err)
	}
	cmd := exec.CommandContext(ctx, found.node, append([]string{"--test", "--test-concurrency=1", "--test-reporter=spec"}, files...)...)
	cmd.Env = append(os.Environ(), "KAOPING_URL="+address, "KAOPING_PROGRAM="+program, "KAOPING_CONFIG="+config, "CHROMIUM="+found.chromium)
	output, err := cmd.CombinedOutput()
	t.Logf("%s", output)
	if err != nil {
		t.Fatalf("node: %v", err)
	}
}

// The administrator that a test run makes; lib.mjs logs in with the same words.
const (
	testerName     = "tester"
	testerPassword = "correct horse battery"
)

func addTester(t *testing.T, program, config string) {
	t.Helper()
	add := exec.Command(program, "--config", config, "user", "add", testerName, "--role", "admin", "--password-stdin")
	add.Stdin = strings.NewReader(testerPassword + "\n")
	if output, err := add.CombinedOutput(); err != nil {
		t.Fatalf("user add: %v\n%s", err, output)
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if output, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, output)
	}
}

var listening = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// serve starts the program and returns its address. At the end of the test it is
// asked to stop and must do so.
func serve(t *testing.T, program, config string) string {
	t.Helper()
	cmd := exec.Command(program, "--config", config, "serve", "--listen", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	said := make(chan string, 1)
	go func() { said <- read(stderr, address) }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		words := <-said
		if err := cmd.Wait(); err != nil {
			t.Errorf("serve ended with %v\n%.4000s", err, words)
		}
		if strings.Contains(words, "level=ERROR") {
			t.Errorf("serve logged an error:\n%.4000s", words)
		}
	})
	select {
	case at := <-address:
		return at
	case <-time.After(time.Minute):
		t.Fatal("serve did not say where it listens")
		return ""
	}
}

// read passes the address on that the program prints and returns all that it said.
func read(r io.Reader, address chan<- string) string {
	var b strings.Builder
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fmt.Fprintln(&b, lines.Text())
		if at := listening.FindString(lines.Text()); at != "" {
			select {
			case address <- at:
			default:
			}
		}
	}
	return b.String()
}
