package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var update = flag.Bool("update", false, "rewrite the expected output of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){
		"kaoping": func() { main() },
	})
}

// tidy removes what the tests share once all of them have run.
type tidy struct{ *testing.M }

func (m tidy) Run() int {
	code := m.M.Run()
	os.RemoveAll(demoFolder)
	return code
}

// TestScripts runs the commands as a person would; each script has a fresh
// folder and knows nothing of the others.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("KAOPING_USER", "tester")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCode, "workspace": copyWorkspace, "gb18030": toGB18030, "bom": addBOM, "replace": replace,
			"cases": makeCases, "begun": waitUntilBegun, "lock": lockDatabase,
			"append": appendFile, "knownsince": knownSince, "recell": changeCell,
		},
	})
}

// exitCode runs a command and checks its exit code: exitcode 3 kaoping ingest …
func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE COMMAND [ARGS…]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("%v: exit code %s, want %s", args[1:], code, args[0])
	}
}

// demoFolder is what demoWorkspace made, if it was called.
var demoFolder string

// demoWorkspace makes the workspace of the demonstration once for all tests.
var demoWorkspace = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kaoping-demo-*")
	if err != nil {
		return "", err
	}
	demoFolder = dir
	ws := filepath.Join(dir, "ws")
	a := &app{ctx: context.Background(), stdout: io.Discard, stderr: io.Discard, lang: "zh"}
	return ws, a.demo(ws)
})

// copyWorkspace gives a script a copy of the demonstration's workspace:
// workspace DIR.
func copyWorkspace(ts *testscript.TestScript, _ bool, args []string) {
	ws, err := demoWorkspace()
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(ws)))
}

// toGB18030 writes a file in another encoding: gb18030 FROM TO.
func toGB18030(ts *testscript.TestScript, _ bool, args []string) {
	encoded, err := simplifiedchinese.GB18030.NewEncoder().String(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(encoded), 0o644))
}

// addBOM puts a byte order mark before a file, as Excel does: bom FROM TO.
func addBOM(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte("\ufeff"+ts.ReadFile(args[0])), 0o644))
}

// replace changes a text that must be there once: replace FILE OLD NEW.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, args[1]); n != 1 {
		ts.Fatalf("%s holds %q %d times", args[0], args[1], n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, args[1], args[2], 1)), 0o644))
}
